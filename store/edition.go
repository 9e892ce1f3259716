package store

import (
	"context"

	"newsdigest/digest"
	"newsdigest/store/kv"
)

// Edition is the edition with this id.
func (s *Store) Edition(ctx context.Context, id digest.EditionID) (digest.Edition, error) {
	return load[digest.Edition](ctx, s.kv, editionKey(id))
}

// PutEdition stores an edition, unless one with its id is there: an edition is frozen. It
// returns the one that is there then.
func (s *Store) PutEdition(ctx context.Context, e digest.Edition) (digest.Edition, error) {
	var out digest.Edition
	err := s.kv.Update(ctx, func(tx kv.Tx) error {
		var err error
		out, err = putEdition(tx, e)
		return err
	})
	return out, err
}

func putEdition(tx kv.Tx, e digest.Edition) (digest.Edition, error) {
	old, found, err := get[digest.Edition](tx, editionKey(e.ID))
	if err != nil || found {
		return old, err
	}
	if e.Chat != "" {
		if err := tx.Put(ownKey(e.Chat, ownEdition, string(e.ID)), nil); err != nil {
			return e, err
		}
	}
	if err := expire(tx, e.At.Add(newsLife), expireEdition, string(e.ID)); err != nil {
		return e, err
	}
	if e.Public != "" {
		if err := publish(tx, PublicEdition, e.Public, string(e.ID), e.At); err != nil {
			return e, err
		}
	}
	return e, put(tx, editionKey(e.ID), e)
}

func removeEdition(tx kv.Tx, chat digest.ChatID, id digest.EditionID) error {
	if err := tx.Delete(ownKey(chat, ownEdition, string(id))); err != nil {
		return err
	}
	return tx.Delete(editionKey(id))
}
