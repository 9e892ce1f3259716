package main

import (
	"context"
	"errors"
	"fmt"

	"newsdigest/store"
	"newsdigest/store/bolt"
	"newsdigest/store/kv"
	"newsdigest/store/postgres"
)

// engine is where the store is kept: a file, or a database that several processes share.
type engine struct {
	kv.Engine
	file  *bolt.Engine // nil in a database
	where string       // for people: the file, or server and database without the password
}

// openEngine opens the store that NEWSDIGEST_STORE names.
func openEngine(ctx context.Context, name string) (engine, error) {
	if postgres.IsAddress(name) {
		e, err := postgres.Open(ctx, name)
		if err != nil {
			return engine{}, storeError("in PostgreSQL", err)
		}
		return engine{Engine: e, where: e.Where()}, nil
	}
	e, err := bolt.Open(name)
	if err != nil {
		return engine{}, storeError(name, err)
	}
	return engine{Engine: e, file: e, where: name}, nil
}

// Lost is closed when the engine takes no more updates until the program is started anew.
// A database is never lost: every update asks for it again.
func (e engine) Lost() <-chan struct{} {
	if e.file == nil {
		return nil
	}
	return e.file.Lost()
}

// errServer says that a command is for a file.
var errServer = errors.New("the store is in PostgreSQL, which has its own tools for this: pg_dump and pg_restore for copies, " +
	"pg_basebackup for copies of the whole server, autovacuum for its size, pg_amcheck for its health")

// onFile is the file, errServer if the store is in a database.
func (e engine) onFile() (*bolt.Engine, error) {
	if e.file == nil {
		return nil, errServer
	}
	return e.file, nil
}

// storeError says what to do about a store that does not open.
func storeError(where string, err error) error {
	switch {
	case errors.Is(err, bolt.ErrLocked):
		return &exitError{code: exitConfig, err: fmt.Errorf("%s is in use by another process that does not answer; stop it first", where)}
	case errors.Is(err, store.ErrNewerSchema), errors.Is(err, postgres.ErrNewer):
		return &exitError{code: exitConfig, err: fmt.Errorf("the store %s was written by a newer newsdigest (%w); use that version", where, err)}
	case errors.Is(err, bolt.ErrCorrupt):
		return &exitError{code: exitConfig, err: fmt.Errorf(
			"the store %s does not open: %w; nothing was changed. Bring back a backup with newsdigest restore FILE", where, err)}
	}
	return &exitError{code: exitConfig, err: fmt.Errorf("the store %s does not open: %w", where, err)}
}
