package store

import (
	"context"
	"errors"
	"iter"

	"newsdigest/digest"
	"newsdigest/store/kv"
)

// announcementKey holds the last announcement.
var announcementKey = key("meta", "announcement")

// Announcement is the last announcement, false if there never was one.
func (s *Store) Announcement(ctx context.Context) (digest.Announcement, bool, error) {
	a, err := load[digest.Announcement](ctx, s.kv, announcementKey)
	if errors.Is(err, ErrNotFound) {
		return a, false, nil
	}
	return a, err == nil, err
}

// ChangeAnnouncement changes the last announcement, or makes the first one, in one update;
// change tells whether there is anything to write.
func (s *Store) ChangeAnnouncement(ctx context.Context, change func(*digest.Announcement) bool) (a digest.Announcement, err error) {
	err = s.kv.Update(ctx, func(tx kv.Tx) error {
		if a, _, err = get[digest.Announcement](tx, announcementKey); err != nil || !change(&a) {
			return err
		}
		return put(tx, announcementKey, a)
	})
	return a, err
}

// ChatsAfter yields the chats behind one in order of their ids, all of them if it is empty.
func (s *Store) ChatsAfter(ctx context.Context, id digest.ChatID) iter.Seq2[digest.Chat, error] {
	return func(yield func(digest.Chat, error) bool) {
		from := chatKey(id)
		if id != "" {
			from = append(from, 0) // the least key behind it
		}
		for p, err := range s.kv.Scan(ctx, from, after("chat/")) {
			var c digest.Chat
			if err == nil {
				err = decode(p.Key, p.Value, &c)
			}
			if !yield(c, err) || err != nil {
				return
			}
		}
	}
}
