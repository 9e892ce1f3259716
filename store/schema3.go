package store

import (
	"bytes"
	"context"

	"newsdigest/digest"
	"newsdigest/store/kv"
)

// compactRows leads from schema 2 to 3: what is read and written most takes less.
func compactRows(ctx context.Context, e kv.Engine) error {
	return compactSources(ctx, e)
}

// compactSources writes sources as fields, and puts before their seen entries those that the
// feed has now: nobody knows which these are, so there are none yet.
func compactSources(ctx context.Context, e kv.Engine) error {
	err := migrateRows(ctx, e, []byte("source/"), after("source/"), func(tx kv.Tx, key []byte) error {
		raw, err := tx.Get(key)
		if err != nil || !bytes.HasPrefix(raw, []byte("{")) {
			return err
		}
		var src digest.Source
		if err := decode(key, raw, &src); err != nil {
			return err
		}
		return tx.Put(key, encodeSource(src))
	})
	if err != nil {
		return err
	}
	return migrateRows(ctx, e, []byte("seen/"), after("seen/"), func(tx kv.Tx, key []byte) error {
		raw, err := tx.Get(key)
		if err != nil || len(raw)%seenBlock != 0 {
			return err // the head makes it no whole blocks
		}
		return tx.Put(key, append(make([]byte, seenHead), raw...))
	})
}
