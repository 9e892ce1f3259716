package desk

import (
	"context"
	"encoding/json"

	"newsdigest/digest"
)

// ExportUser is everything that is kept about a user of a platform, as JSON.
func (d *Desk) ExportUser(ctx context.Context, p digest.Platform, user string) ([]byte, error) {
	person, err := d.store.Person(ctx, p, user)
	if err != nil {
		return nil, err
	}
	return json.MarshalIndent(person, "", "  ")
}

// EraseUser deletes everything that is kept about a user of a platform.
func (d *Desk) EraseUser(ctx context.Context, p digest.Platform, user string) error {
	return d.store.ErasePerson(ctx, p, user)
}
