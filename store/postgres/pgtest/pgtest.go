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

// Found tells whether there is a PostgreSQL here.
func Found() bool {
	_, err := find("postgres")
	return err == nil
}

// Start gives the address of an empty database on a server that all tests of the binary
// share. Where there is no PostgreSQL the test is skipped.
func Start(t testing.TB) (url string) {
	t.Helper()
	url, drop, err := Database(t.Context())
	skipOrFail(t, err)
	t.Cleanup(func() {
		if err := drop(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return url
}

// Database is Start without a test: drop removes the database.
func Database(ctx context.Context) (url string, drop func(context.Context) error, err error) {
	s, err := shared()
	if err != nil {
		return "", nil, err
	}
	schema := fmt.Sprintf("test%d", schemas.Add(1))
	if err := s.Exec(ctx, "create schema "+schema); err != nil {
		return "", nil, err
	}
	drop = func(ctx context.Context) error { return s.Exec(ctx, "drop schema "+schema+" cascade") }
	return s.URL() + "&search_path=" + schema, drop, nil
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
