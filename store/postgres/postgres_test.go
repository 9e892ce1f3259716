package postgres_test

import (
	"sync"
	"testing"

	"newsdigest/store/kv"
	"newsdigest/store/kv/kvtest"
	"newsdigest/store/postgres"
	"newsdigest/store/postgres/pgtest"
)

func open(t testing.TB, url string) *postgres.Engine {
	t.Helper()
	e, err := postgres.Open(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := e.Close(); err != nil {
			t.Error(err)
		}
	})
	return e
}

func TestEngine(t *testing.T) {
	var urls sync.Map // by test
	kvtest.Run(t, kvtest.Engines{
		Open: func(t *testing.T) kv.Engine {
			url := pgtest.Start(t)
			urls.Store(t.Name(), url)
			return open(t, url)
		},
		Reopen: func(t *testing.T, e kv.Engine) kv.Engine {
			if err := e.Close(); err != nil {
				t.Fatal(err)
			}
			url, _ := urls.Load(t.Name())
			return open(t, url.(string))
		},
	})
}
