package desk

import (
	"context"
	"errors"

	"newsdigest/digest"
	"newsdigest/store"
)

// Incoming is a request as it is recorded: its id on the platform, and the bot's own
// words for it.
type Incoming = store.Incoming

// Accept records requests and the platform's cursor in one write and returns those that
// were not known before. Where a lease is named, it fails once another process has that.
func (d *Desk) Accept(ctx context.Context, lease string, p digest.Platform, in []Incoming, cursor string) ([]Incoming, error) {
	return d.inbox(lease).Accept(ctx, p, in, cursor)
}

// inbox is the store for requests that came in under a lease, or where only one process can
// take them in.
func (d *Desk) inbox(lease string) *store.Store {
	if lease == "" {
		return d.store
	}
	return d.under(lease)
}

// Cursor is the platform's cursor of the last Accept.
func (d *Desk) Cursor(ctx context.Context, p digest.Platform) (string, error) {
	return d.store.Cursor(ctx, p)
}

// Waiting are the requests that were recorded and not handled: they are being answered, or
// an earlier life of the program ended on them.
func (d *Desk) Waiting(ctx context.Context) ([]Incoming, error) { return d.store.Waiting(ctx) }

// Waits tells whether a request is recorded and was not handled yet.
func (d *Desk) Waits(ctx context.Context, p digest.Platform, id string) (bool, error) {
	return d.store.Waits(ctx, p, id)
}

// Handled forgets what a request said; that it was there is remembered for a while. Once
// another process has the lease, the request is left to that.
func (d *Desk) Handled(ctx context.Context, lease string, p digest.Platform, id string) error {
	err := d.inbox(lease).Handled(context.WithoutCancel(ctx), p, id)
	if errors.Is(err, store.ErrLeaseLost) {
		return nil
	}
	return err
}
