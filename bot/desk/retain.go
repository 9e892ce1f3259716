package desk

import (
	"context"
	"time"
)

// Retain drops what is older than it is kept.
func (d *Desk) Retain(ctx context.Context, now time.Time) (time.Time, error) {
	if err := d.forget(ctx, now); err != nil {
		return now, err
	}
	own, ours := d.grouping()
	if !ours {
		return now.Add(time.Hour), nil
	}
	looked, err := own.Retain(ctx, now, retainBatch)
	if err != nil || looked == retainBatch {
		return now, err
	}
	return now.Add(time.Hour), nil
}

// retainBatch is how many rows one step looks at.
const retainBatch = 500
