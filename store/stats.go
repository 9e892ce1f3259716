package store

import (
	"context"

	"newsdigest/digest"
)

// Stats are counts for the operator.
type Stats struct {
	Chats         int `json:"chats"`
	Subscriptions int `json:"subscriptions"` // those that wait for a slot
	Sources       int `json:"sources"`       // those that somebody follows
	Queued        int `json:"queued"`        // articles not yet grouped
	Stories       int `json:"stories"`
	Waiting       int `json:"waiting"` // deliveries that wait for a send
	Sending       int `json:"sending"` // deliveries with a send under way
	Inbox         int `json:"inbox"`   // messages not handled yet
}

// Stats counts. It reads indexes, whose rows are small, and no value in full.
func (s *Store) Stats(ctx context.Context) (Stats, error) {
	var st Stats
	chats, err := s.countChats(ctx)
	if err != nil {
		return st, err
	}
	st.Chats = chats
	for prefix, n := range map[string]*int{
		string(dueSubscriptions): &st.Subscriptions,
		"followers/":             &st.Sources,
		"queue/":                 &st.Queued,
		"live/":                  &st.Stories,
		string(dueDeliveries):    &st.Waiting,
		"sending/":               &st.Sending,
		"inbox/body/":            &st.Inbox,
	} {
		if *n, err = count(ctx, s.kv, prefix); err != nil {
			return st, err
		}
	}
	return st, nil
}

// countChats counts the chats that addresses lead to; a chat may have several.
func (s *Store) countChats(ctx context.Context) (int, error) {
	chats := map[digest.ChatID]struct{}{}
	for id, err := range all[digest.ChatID](ctx, s.kv, "addr/") {
		if err != nil {
			return 0, err
		}
		chats[id] = struct{}{}
	}
	return len(chats), nil
}
