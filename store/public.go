package store

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"time"

	"newsdigest/digest"
	"newsdigest/store/kv"
)

// Public is what a public id names. Public ids stand in links that anybody may hold: who
// has none cannot guess one, and they tell nothing of the ids behind them.
type Public string

// What may be public.
const (
	PublicEdition Public = "edition"
	PublicStory   Public = "story"
	PublicFeed    Public = "feed" // the feeds of a chat's digests
)

var lowerBase32 = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)

// PublicID is the public id of something: 16 base32 characters of an HMAC of its id under
// the secret of this store, the one random value in it.
func (s *Store) PublicID(what Public, id string) string {
	mac := hmac.New(sha256.New, s.secret)
	fmt.Fprintf(mac, "%s/%s", what, id)
	return lowerBase32.EncodeToString(mac.Sum(nil)[:10])
}

// Publish makes Published find something by its public id, for as long as it is kept.
// Editions with a public id are published when they are stored.
func (s *Store) Publish(ctx context.Context, what Public, id string, now time.Time) (string, error) {
	public := s.PublicID(what, id)
	return public, s.kv.Update(ctx, func(tx kv.Tx) error { return publish(tx, what, public, id, now) })
}

func publish(tx kv.Tx, what Public, public, id string, now time.Time) error {
	_, known, err := get[string](tx, publicKey(what, public))
	if err != nil || known {
		return err
	}
	if err := expire(tx, now.Add(newsLife), expirePublic, string(what)+"/"+public); err != nil {
		return err
	}
	return put(tx, publicKey(what, public), id)
}

// Published is the id behind a public id, ErrNotFound if it names nothing (any more).
func (s *Store) Published(ctx context.Context, what Public, public string) (string, error) {
	return load[string](ctx, s.kv, publicKey(what, public))
}

// expiredPublic: a public id goes with what it names.
func expiredPublic(tx kv.Tx, row string, now time.Time) (time.Time, error) {
	what, public, _ := strings.Cut(row, "/")
	id, found, err := get[string](tx, publicKey(Public(what), public))
	if err != nil || !found {
		return time.Time{}, err
	}
	named := editionKey(digest.EditionID(id))
	switch Public(what) {
	case PublicStory:
		named = storyKey(digest.StoryID(id))
	case PublicFeed:
		named = chatKey(digest.ChatID(id))
	}
	if _, err := tx.Get(named); err == nil {
		return now.Add(24 * time.Hour), nil
	}
	return time.Time{}, tx.Delete(publicKey(Public(what), public))
}

// readSecret is the store's secret, made if there is none.
func readSecret(ctx context.Context, e kv.Engine) (secret []byte, err error) {
	text, err := load[string](ctx, e, secretKey)
	if err == nil {
		return hex.DecodeString(text)
	}
	if !errors.Is(err, ErrNotFound) {
		return nil, err
	}
	fresh := make([]byte, 32)
	rand.Read(fresh) // never fails
	err = e.Update(ctx, func(tx kv.Tx) error {
		text, found, err := get[string](tx, secretKey)
		if err != nil {
			return err
		}
		if found {
			secret, err = hex.DecodeString(text)
			return err
		}
		secret = fresh
		return put(tx, secretKey, hex.EncodeToString(fresh))
	})
	return secret, err
}
