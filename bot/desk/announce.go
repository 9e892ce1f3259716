package desk

import (
	"context"
	"time"

	"newsdigest/digest"
)

// How an announcement goes out: about as fast as a platform takes it, so that stopping it
// stops it, and digests that are due in between do not wait behind all of it.
const (
	announceBatch = 50  // chats in one step
	announceLook  = 500 // chats that are read for them
	announceEvery = 2 * time.Second
)

// Draft keeps what an operator wants to announce until they confirm it; busy says that
// another announcement is on its way, and that nothing was kept.
func (d *Desk) Draft(ctx context.Context, id, text string, now time.Time) (busy bool, err error) {
	_, err = d.store.ChangeAnnouncement(ctx, func(a *digest.Announcement) bool {
		if busy = a.State == digest.Running; busy || a.ID == id {
			return false
		}
		*a = digest.Announcement{ID: id, Text: text, At: now, State: digest.Drafted}
		return true
	})
	return busy, err
}

// Announce begins to send a draft to every chat with an active subscription; false if the
// last draft is another one.
func (d *Desk) Announce(ctx context.Context, id string) (begun bool, err error) {
	_, err = d.store.ChangeAnnouncement(ctx, func(a *digest.Announcement) bool {
		if begun = a.ID == id && (a.State == digest.Drafted || a.State == digest.Running); !begun || a.State == digest.Running {
			return false
		}
		a.State = digest.Running
		return true
	})
	d.rouseGrouping()
	d.rouse(announcing)
	return begun, err
}

// StopAnnouncing ends the announcement that is on its way, or forgets the draft; false if
// there is neither.
func (d *Desk) StopAnnouncing(ctx context.Context) (a digest.Announcement, stopped bool, err error) {
	a, err = d.store.ChangeAnnouncement(ctx, func(a *digest.Announcement) bool {
		if stopped = a.State == digest.Running || a.State == digest.Drafted; stopped {
			a.State = digest.Stopped
		}
		return stopped
	})
	return a, stopped, err
}

// Announcement is the last announcement; its state tells how far it is.
func (d *Desk) Announcement(ctx context.Context) (digest.Announcement, error) {
	a, _, err := d.store.Announcement(ctx)
	return a, err
}

// Spread files the announcement that is on its way for the next chats. Cut off, the same
// chats come again, and none of them gets it twice: it has one key.
func (d *Desk) Spread(ctx context.Context, now time.Time) (time.Time, error) {
	a, ok, err := d.store.Announcement(ctx)
	if _, alone := d.grouping(); err != nil || !ok || a.State != digest.Running || !alone {
		return now.Add(idleLook), err // one process does it
	}
	cursor, filed, looked := a.Cursor, 0, 0
	for c, err := range d.store.ChatsAfter(ctx, a.Cursor) {
		if err != nil {
			return now, err
		}
		if looked++; wantsDigests(c) {
			n := digest.Notice{Key: "announcement " + a.ID, Kind: digest.AnnouncementNotice, At: now, Text: a.Text}
			if err := d.notify(ctx, c, n); err != nil {
				return now, err
			}
			filed++
		}
		if cursor = c.ID; filed == announceBatch || looked == announceLook {
			break
		}
	}
	_, err = d.store.ChangeAnnouncement(ctx, func(stored *digest.Announcement) bool {
		if stored.ID != a.ID || stored.State != digest.Running {
			return false
		}
		if stored.Cursor, stored.Filed = cursor, a.Filed+filed; looked == 0 {
			stored.State = digest.Told
		}
		return true
	})
	return now.Add(announceEvery), err
}

// wantsDigests tells whether a chat has a subscription that is not stopped, and is there
// to get something.
func wantsDigests(c digest.Chat) bool {
	return c.Gone == "" && !c.Paused && c.Blocked.IsZero() && len(c.Active()) > 0
}
