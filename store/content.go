package store

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"newsdigest/digest"
	"newsdigest/store/kv"
)

// Content is a value that is stored once for all that refer to it by its hash. It says
// nothing about a chat, so it stays when one of them is deleted, until the last row that may
// refer to it has gone.
type Content struct {
	ID  digest.ContentID
	raw []byte
}

// NewContent is a value as content: what equals it has the same id.
func NewContent(v any) (Content, error) {
	raw, err := json.Marshal(v)
	if err != nil {
		return Content{}, fmt.Errorf("encode a content: %w", err)
	}
	sum := sha256.Sum256(raw)
	return Content{digest.ContentID(lowerBase32.EncodeToString(sum[:15])), raw}, nil
}

// NewPage is a page as content, and the page that names it.
func NewPage(p digest.Page) (Content, digest.Page, error) {
	c, err := NewContent(p.Variants)
	p.Content = c.ID
	return c, p, err
}

// pageLife is how long after its delivery's deadline a page and what it shows are kept:
// longer than anybody asks what became of it.
const pageLife = 7 * 24 * time.Hour

// keptLonger is how much longer a content is kept than it was asked for, so that it is not
// prolonged with each use.
const keptLonger = 24 * time.Hour

var errUnkept = errors.New("it is not kept any more")

// keep makes sure that a content is there until a time. One that is given by its id only is
// not made again: the error is errUnkept then.
func keep(tx kv.Tx, c Content, until time.Time) error {
	raw, err := tx.Get(keptKey(c.ID))
	if err != nil && !errors.Is(err, kv.ErrNotFound) {
		return err
	}
	if err == nil && string(raw) >= stamp(until) {
		return nil
	}
	until = until.Add(keptLonger)
	if errors.Is(err, kv.ErrNotFound) {
		if c.raw == nil {
			return fmt.Errorf("content %s: %w", c.ID, errUnkept)
		}
		if err := tx.Put(contentKey(c.ID), c.raw); err != nil {
			return err
		}
		if err := expire(tx, until, expireContent, string(c.ID)); err != nil {
			return err
		}
	}
	return tx.Put(keptKey(c.ID), []byte(stamp(until)))
}

// expiredContent: a content goes when nothing refers to it any more.
func expiredContent(tx kv.Tx, id string, now time.Time) (time.Time, error) {
	raw, err := tx.Get(keptKey(digest.ContentID(id)))
	if err != nil && !errors.Is(err, kv.ErrNotFound) {
		return time.Time{}, err
	}
	if err == nil {
		if until, err := unstamp(string(raw)); err != nil || until.After(now) {
			return until, err
		}
	}
	if err := tx.Delete(contentKey(digest.ContentID(id))); err != nil {
		return time.Time{}, err
	}
	return time.Time{}, tx.Delete(keptKey(digest.ContentID(id)))
}

// contents are those read last, since many rows read in a row refer to the same.
type contents struct {
	mu     sync.Mutex
	values map[digest.ContentID]any
}

// contentsAtHand is how many contents are kept in memory.
const contentsAtHand = 256

// content reads what rows refer to. The value is shared: nobody changes it. A content that
// has gone is the zero value.
func content[T any](ctx context.Context, s *Store, id digest.ContentID) (T, error) {
	s.contents.mu.Lock()
	v, ok := s.contents.values[id].(T)
	s.contents.mu.Unlock()
	if ok {
		return v, nil
	}
	v, err := load[T](ctx, s.kv, contentKey(id))
	if errors.Is(err, ErrNotFound) {
		return v, nil
	}
	if err != nil {
		return v, err
	}
	s.contents.mu.Lock()
	defer s.contents.mu.Unlock()
	if s.contents.values == nil || len(s.contents.values) >= contentsAtHand {
		s.contents.values = map[digest.ContentID]any{}
	}
	s.contents.values[id] = v
	return v, nil
}

// Blank is what stands for an edition's id and its public id on a page that is stored for
// many. The secret in them keeps everybody else from writing them.
func (s *Store) Blank() (id digest.EditionID, public string) {
	return digest.EditionID(s.PublicID(PublicEdition, "a blank for the id")), s.PublicID(PublicEdition, "a blank for the public id")
}

// whole reads what a delivery refers to, as far as it is still needed.
func (s *Store) whole(ctx context.Context, d *digest.Delivery) (err error) {
	if d.ShownIn != "" {
		if d.Shown, err = content[[]digest.Shown](ctx, s, d.ShownIn); err != nil {
			return err
		}
	}
	for i := range d.Pages {
		p := &d.Pages[i].Page
		if p.Content == "" {
			continue
		}
		variants, err := content[[]digest.Variant](ctx, s, p.Content)
		if err != nil {
			return err
		}
		p.Variants = s.filled(variants, d.Edition)
	}
	return nil
}

// filled are the variants with the ids of an edition in the place of the blanks.
func (s *Store) filled(variants []digest.Variant, edition digest.EditionID) []digest.Variant {
	id, public := s.Blank()
	out := make([]digest.Variant, len(variants))
	for i, v := range variants {
		out[i] = v
		out[i].Payload = bytes.ReplaceAll(v.Payload, []byte(id), []byte(edition))
		if bytes.Contains(out[i].Payload, []byte(public)) {
			out[i].Payload = bytes.ReplaceAll(out[i].Payload, []byte(public), []byte(s.PublicID(PublicEdition, string(edition))))
		}
	}
	return out
}

// slim is a delivery as it is stored: without what it refers to.
func slim(d digest.Delivery) digest.Delivery {
	if d.ShownIn != "" {
		d.Shown = nil
	}
	d.Pages = slices.Clone(d.Pages)
	for i := range d.Pages {
		if p := &d.Pages[i].Page; p.Content != "" {
			p.Variants = nil
		}
	}
	return d
}
