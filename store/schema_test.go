package store

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"newsdigest/store/kv"
)

func setSchema(t *testing.T, e kv.Engine, value string) {
	t.Helper()
	check(t, e.Update(t.Context(), func(tx kv.Tx) error { return tx.Put(schemaKey, []byte(value)) }))
}

func TestOpenRefusesNewerSchemaUntouched(t *testing.T) {
	e := openEngine(t)
	newer := strconv.Itoa(Schema + 1)
	setSchema(t, e, newer)
	before := dump(t, e)
	_, err := Open(t.Context(), e)
	if !errors.Is(err, ErrNewerSchema) || !strings.Contains(err.Error(), "schema is "+newer) {
		t.Errorf("open: %v; want ErrNewerSchema with the number", err)
	}
	if d := cmp.Diff(before, dump(t, e)); d != "" {
		t.Errorf("the store was changed:\n%s", d)
	}
}

func TestOpenRefusesSchemaThatIsNoNumber(t *testing.T) {
	e := openEngine(t)
	setSchema(t, e, "one")
	if _, err := Open(t.Context(), e); err == nil {
		t.Error("open: no error")
	}
}

// TestMigrate: each step runs once, in order, and one that fails runs again next time.
func TestMigrate(t *testing.T) {
	e := openEngine(t)
	setSchema(t, e, "1")
	var ran []string
	fail := true
	steps := []migration{
		func(context.Context, kv.Engine) error { ran = append(ran, "1 to 2"); return nil },
		func(context.Context, kv.Engine) error {
			ran = append(ran, "2 to 3")
			if fail {
				return errCut
			}
			return nil
		},
	}
	if err := migrate(t.Context(), e, 3, steps); !errors.Is(err, errCut) {
		t.Errorf("first try: %v", err)
	}
	fail = false
	for range 2 {
		check(t, migrate(t.Context(), e, 3, steps))
	}
	if d := cmp.Diff([]string{"1 to 2", "2 to 3", "2 to 3"}, ran); d != "" {
		t.Errorf("steps (-want +got):\n%s", d)
	}
	if len(migrations) != Schema-1 {
		t.Errorf("%d migrations lead to schema %d", len(migrations), Schema)
	}
}
