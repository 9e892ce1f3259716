package store

import (
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"newsdigest/store/kv"
)

var updateSchema = flag.Bool("update", false, "write testdata's store of the present schema anew; not after that schema was released")

// TestReleasedSchemas opens a store as each schema left it, with every kind of row, and
// finds what the program would write today. A value that is written in another way now
// fails here: it owes the stores out there a migration and a new schema.
func TestReleasedSchemas(t *testing.T) {
	today := everyKind(t)
	name := filepath.Join("testdata", fmt.Sprintf("schema%d.json", Schema))
	if *updateSchema {
		values := map[string][]byte{} // not all of them are text
		for k, v := range today {
			values[k] = []byte(v)
		}
		raw, err := json.MarshalIndent(values, "", " ")
		check(t, err)
		check(t, os.MkdirAll("testdata", 0o755))
		check(t, os.WriteFile(name, append(raw, '\n'), 0o644))
	}
	files, err := filepath.Glob("testdata/schema*.json")
	check(t, err)
	if !slices.Contains(files, name) {
		t.Errorf("there is no %s", name)
	}
	for _, file := range files {
		e := openEngine(t)
		released := map[string][]byte{}
		raw, err := os.ReadFile(file)
		check(t, err)
		check(t, json.Unmarshal(raw, &released))
		check(t, e.Update(t.Context(), func(tx kv.Tx) error {
			for k, v := range released {
				if err := tx.Put([]byte(k), v); err != nil {
					return err
				}
			}
			return nil
		}))
		s := openStore(t, e)
		if d := cmp.Diff(asOf(t, file, today), plain(dump(t, e))); d != "" {
			t.Errorf("%s (-today +opened):\n%s", file, d)
		}
		readEveryKind(t, s)
	}
}

// later are ids of rows that fillEveryKind did not write yet for a schema's file.
var later = map[string][]string{
	"testdata/schema1.json": {string(testArticle(3, start).ID)}, // waits to be placed
}

// asOf are the rows of today that a file of an older schema becomes.
func asOf(t *testing.T, file string, today map[string]string) map[string]string {
	t.Helper()
	rows := maps.Clone(today)
	maps.DeleteFunc(rows, func(k, _ string) bool {
		return slices.ContainsFunc(later[file], func(id string) bool { return strings.HasSuffix(k, "/"+id) })
	})
	if file < "testdata/schema3.json" { // had no prints
		for k, v := range rows {
			if strings.HasPrefix(k, "seen/") {
				seen, err := readSeen("", []byte(v), nil)
				check(t, err)
				rows[k] = string(SeenEntries{days: seen.days}.add(nil, 0))
			}
		}
	}
	return rows
}

// everyKind is a store with every kind of row, as it is written today.
func everyKind(t *testing.T) map[string]string {
	t.Helper()
	e := openEngine(t)
	fillEveryKind(t, openStore(t, e))
	return plain(dump(t, e))
}

// plain fixes the one value that is random.
func plain(rows map[string]string) map[string]string {
	rows[string(secretKey)] = `"00"`
	return rows
}

// readEveryKind reads every row through the store's own methods.
func readEveryKind(t *testing.T, s *Store) {
	t.Helper()
	ctx := t.Context()
	for c, err := range s.Chats(ctx) {
		check(t, err)
		if len(c.Subscriptions) != 1 {
			t.Errorf("chat %s has %d subscriptions", c.ID, len(c.Subscriptions))
		}
	}
	for _, err := range s.Sources(ctx) {
		check(t, err)
	}
	for _, err := range s.LiveStories(ctx, start.AddDate(-1, 0, 0)) {
		check(t, err)
	}
	n := 0
	for d, err := range s.Deliveries(ctx) {
		check(t, err)
		if d.Edition != "" {
			_, err := s.Edition(ctx, d.Edition)
			check(t, err)
		}
		n++
	}
	if n == 0 {
		t.Error("no delivery is left")
	}
}
