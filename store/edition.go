package store

import (
	"context"
	"errors"

	"newsdigest/digest"
	"newsdigest/store/kv"
)

// Edition is the edition with this id.
func (s *Store) Edition(ctx context.Context, id digest.EditionID) (digest.Edition, error) {
	e, err := load[digest.Edition](ctx, s.kv, editionKey(id))
	if err != nil || e.Content == "" {
		return e, err
	}
	e.Stories, err = content[[]digest.EditionStory](ctx, s, e.Content)
	return e, err
}

// PutEdition stores an edition, unless one with its id is there: an edition is frozen. It
// returns the one that is there then.
func (s *Store) PutEdition(ctx context.Context, e digest.Edition) (digest.Edition, error) {
	stored := true
	err := s.kv.Update(ctx, func(tx kv.Tx) error {
		var err error
		stored, err = putEdition(tx, e, Content{ID: e.Content})
		return err
	})
	if err != nil || stored {
		return e, err
	}
	return s.Edition(ctx, e.ID)
}

// putEdition stores an edition, false if one with its id is there. Stories that are stored
// for many are kept as long as it; where they have gone, it takes its own.
func putEdition(tx kv.Tx, e digest.Edition, stories Content) (stored bool, err error) {
	if _, found, err := get[digest.Edition](tx, editionKey(e.ID)); err != nil || found {
		return false, err
	}
	if e.Chat != "" {
		if err := tx.Put(ownKey(e.Chat, ownEdition, string(e.ID)), nil); err != nil {
			return false, err
		}
	}
	if err := expire(tx, e.At.Add(newsLife), expireEdition, string(e.ID)); err != nil {
		return false, err
	}
	if e.Public != "" {
		if err := publish(tx, PublicEdition, e.Public, string(e.ID), e.At); err != nil {
			return false, err
		}
	}
	if e.Content != "" {
		switch err := keep(tx, stories, e.At.Add(newsLife)); {
		case errors.Is(err, errUnkept):
			e.Content = ""
		case err != nil:
			return false, err
		default:
			e.Stories = nil
		}
	}
	return true, put(tx, editionKey(e.ID), e)
}

func removeEdition(tx kv.Tx, chat digest.ChatID, id digest.EditionID) error {
	if err := tx.Delete(ownKey(chat, ownEdition, string(id))); err != nil {
		return err
	}
	return tx.Delete(editionKey(id))
}
