package desk

import (
	"context"

	"newsdigest/digest"
	"newsdigest/store"
)

// Incoming is a request as it is recorded: its id on the platform, and the bot's own
// words for it.
type Incoming = store.Incoming

// Accept records requests and the platform's cursor in one write and returns those that
// were not known before. Where a lease is named, it fails once another process has that.
func (d *Desk) Accept(ctx context.Context, lease string, p digest.Platform, in []Incoming, cursor string) ([]Incoming, error) {
	own := d.store
	if lease != "" {
		own = d.under(lease)
	}
	return own.Accept(ctx, p, in, cursor)
}

// Cursor is the platform's cursor of the last Accept.
func (d *Desk) Cursor(ctx context.Context, p digest.Platform) (string, error) {
	return d.store.Cursor(ctx, p)
}

// Waiting are the requests that were recorded and not handled: they are being answered, or
// an earlier life of the program ended on them.
func (d *Desk) Waiting(ctx context.Context) ([]Incoming, error) { return d.store.Waiting(ctx) }

// Handled forgets what a request said; that it was there is remembered for a while.
func (d *Desk) Handled(ctx context.Context, p digest.Platform, id string) error {
	return d.store.Handled(context.WithoutCancel(ctx), p, id)
}
