package main

import (
	"context"
	"fmt"
	"net/url"
	"os"

	"github.com/rogpeppe/go-internal/testscript"

	"newsdigest/store/postgres/pgtest"
)

// scriptConditions are the conditions that scripts may ask: [postgres] tells whether
// there is a PostgreSQL here.
func scriptConditions(name string) (bool, error) {
	if name == "postgres" {
		return pgtest.Found(), nil
	}
	return false, fmt.Errorf("there is no condition %q", name)
}

// usePostgres is the script command "postgres [FILE]": it sets NEWSDIGEST_STORE to an empty
// database, or writes its address to the file, and sets PGPORT.
func usePostgres(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) > 1 {
		ts.Fatalf("usage: postgres [FILE]")
	}
	address, drop, err := pgtest.Database(context.Background())
	ts.Check(err)
	ts.Defer(func() { ts.Check(drop(context.Background())) })
	u, err := url.Parse(address)
	ts.Check(err)
	ts.Setenv("PGPORT", u.Port())
	if len(args) == 0 {
		ts.Setenv("NEWSDIGEST_STORE", address)
		return
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(address+"\n"), 0o600))
}
