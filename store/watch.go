package store

import (
	"context"
	"slices"
	"strings"

	"newsdigest/digest"
	"newsdigest/store/kv"
)

// rewatch brings the index of who follows a story from one state of a chat's list to
// another.
func rewatch(tx kv.Tx, chat digest.ChatID, before, now []digest.StoryID) error {
	for _, id := range before {
		if !slices.Contains(now, id) {
			if err := tx.Delete(watchKey(id, chat)); err != nil {
				return err
			}
		}
	}
	for _, id := range now {
		if !slices.Contains(before, id) {
			if err := tx.Put(watchKey(id, chat), nil); err != nil {
				return err
			}
		}
	}
	return nil
}

// watched are the stories that a chat follows; one that is Gone follows none.
func watched(c digest.Chat) []digest.StoryID {
	var out []digest.StoryID
	for _, f := range c.Followed {
		if c.Gone == "" {
			out = append(out, f.Story)
		}
	}
	return out
}

// WatchersOf are the chats that follow a story under this id.
func (s *Store) WatchersOf(ctx context.Context, id digest.StoryID) ([]digest.ChatID, error) {
	prefix := "watch/" + string(id) + "/"
	var out []digest.ChatID
	for p, err := range s.kv.Scan(ctx, []byte(prefix), after(prefix)) {
		if err != nil {
			return nil, err
		}
		out = append(out, digest.ChatID(p.Key[len(prefix):]))
	}
	return out, nil
}

// Watched are the ids of all stories that chats follow.
func (s *Store) Watched(ctx context.Context) ([]digest.StoryID, error) {
	const prefix = "watch/"
	var out []digest.StoryID
	for p, err := range s.kv.Scan(ctx, []byte(prefix), after(prefix)) {
		if err != nil {
			return nil, err
		}
		story, _, _ := strings.Cut(string(p.Key[len(prefix):]), "/")
		if id := digest.StoryID(story); len(out) == 0 || out[len(out)-1] != id {
			out = append(out, id)
		}
	}
	return out, nil
}
