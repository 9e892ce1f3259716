package desk

import (
	"context"
	"slices"
	"time"

	"newsdigest/digest"
)

// noticeLife is how long after it was filed a notice is still worth sending.
const noticeLife = 24 * time.Hour

// notify tells a chat something unasked: silently, by the same way as its digests, and
// once for each key, however often it is called and whenever the program stops.
func (d *Desk) notify(ctx context.Context, c digest.Chat, n digest.Notice) error {
	return d.fileNotice(ctx, c, n, nil, func(*digest.Chat) {})
}

// fileNotice is notify for a notice that tells of stories; change is made to the chat in
// the same write.
func (d *Desk) fileNotice(ctx context.Context, c digest.Chat, n digest.Notice, shown []digest.Shown, change func(*digest.Chat)) error {
	m, ok := d.messengers[c.Address.Platform]
	if !ok || c.Gone != "" || c.Paused || !c.Blocked.IsZero() {
		return nil
	}
	n.Chat, n.Language, n.Zone = c.ID, c.Settings.Language, c.Settings.Zone
	del := digest.Delivery{
		ID: n.Delivery(), Chat: c.ID, Platform: c.Address.Platform, State: digest.Ready, Shown: shown,
		Silent: true, NextAt: n.At, Deadline: n.At.Add(noticeLife),
	}
	for _, p := range m.Pages(d.editor.Notice(n, c.Address)) {
		del.Pages = append(del.Pages, digest.PageDelivery{Page: p, State: digest.Ready})
	}
	filed, err := d.asked(string(c.ID)).FileDelivery(ctx, del, digest.Edition{}, func(c *digest.Chat) {
		change(c)
		if len(shown) > 0 && !slices.Contains(c.Pending, del.ID) {
			c.Pending = append(c.Pending, del.ID)
		}
	})
	if filed {
		d.rouseOwner(string(c.ID), delivering)
	}
	return err
}
