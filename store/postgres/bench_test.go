package postgres_test

import (
	"path/filepath"
	"testing"

	"newsdigest/store/bolt"
	"newsdigest/store/kv/kvtest"
	"newsdigest/store/postgres/pgtest"
)

// BenchmarkEngines measures both engines side by side, PostgreSQL on this machine with
// every commit flushed, as the file's are.
func BenchmarkEngines(b *testing.B) {
	b.Run("bolt", func(b *testing.B) {
		e, err := bolt.Open(filepath.Join(b.TempDir(), "db"))
		if err != nil {
			b.Fatal(err)
		}
		b.Cleanup(func() { _ = e.Close() })
		kvtest.Benchmark(b, e)
	})
	b.Run("postgres", func(b *testing.B) {
		s := pgtest.StartServer(b, "fsync=on")
		kvtest.Benchmark(b, open(b, s.URL()))
	})
}
