package pgtest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
)

// shared is the server that all tests of one binary have together; it ends with the
// process.
var shared = sync.OnceValues(func() (*Server, error) { return Run(context.Background()) })

var schemas atomic.Int64

// Start gives the address of an empty database on a server that all tests of the binary
// share. Where there is no PostgreSQL the test is skipped.
func Start(t testing.TB) (url string) {
	t.Helper()
	s, err := shared()
	skipOrFail(t, err)
	schema := fmt.Sprintf("test%d", schemas.Add(1))
	if err := s.Exec(t.Context(), "create schema "+schema); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Exec(context.Background(), "drop schema "+schema+" cascade"); err != nil {
			t.Error(err)
		}
	})
	return s.URL() + "&search_path=" + schema
}

// StartServer starts a server for this test alone, with these settings (name=value)
// besides the usual ones. Where there is no PostgreSQL the test is skipped.
func StartServer(t testing.TB, more ...string) *Server {
	t.Helper()
	s, err := Run(t.Context(), more...)
	skipOrFail(t, err)
	t.Cleanup(func() { _ = s.Stop() })
	return s
}

// StartStandby starts a standby of a server for this test alone.
func StartStandby(t testing.TB, of *Server, name string, more ...string) *Server {
	t.Helper()
	s, err := of.Standby(t.Context(), name, more...)
	skipOrFail(t, err)
	t.Cleanup(func() { _ = s.Stop() })
	return s
}

func skipOrFail(t testing.TB, err error) {
	t.Helper()
	if errors.Is(err, ErrNoServer) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
}
