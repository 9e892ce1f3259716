package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"newsdigest/digest"
	"newsdigest/store"
)

// repeatMark is what the bot puts in front of a page that may have come before.
const repeatMark = "This may be a repeat."

// tally counts what became of the pages.
type tally struct {
	deliveries, pages map[string]int // by platform and state
	repeats           int            // copies on Telegram, each marked, of a page whose fate was unknown
	missing           int            // pages recorded as unsure of which none arrived
	unclear           int            // pages with an attempt whose fate was unknown
	broken            []string       // promises that were not kept
}

func (t *tally) breaks(format string, args ...any) {
	t.broken = append(t.broken, fmt.Sprintf(format, args...))
}

// audit holds the ledgers against the store.
func (r *rig) audit(ctx context.Context) (string, error) {
	t := &tally{deliveries: map[string]int{}, pages: map[string]int{}}
	err := r.withStore(ctx, func(s *store.Store) error {
		for _, c := range r.chats {
			sub := c.Subscriptions[0]
			d, err := s.Delivery(ctx, digest.NewDeliveryID(c.ID, sub.ID, sub.Next))
			if errors.Is(err, store.ErrNotFound) {
				t.breaks("%s: the digest of %s was never filed", c.Address, sub.Next.Local)
				continue
			}
			if err != nil {
				return err
			}
			r.check(t, c, d)
		}
		return nil
	})
	if err != nil {
		return "", err
	}
	for _, v := range append(r.tg.Violations(), r.dc.Violations()...) {
		t.breaks("a call was wrong: %s", v)
	}
	if len(t.broken) > 0 {
		err = fmt.Errorf("%d promises broken:\n%s", len(t.broken), strings.Join(t.broken[:min(len(t.broken), 20)], "\n"))
	}
	return r.report(t), err
}

// check holds one chat's messages against its delivery.
func (r *rig) check(t *tally, c digest.Chat, d digest.Delivery) {
	platform := string(c.Address.Platform)
	t.deliveries[platform+" "+string(d.State)]++
	arrived, marked := r.arrived(c.Address)
	expected := 0
	for _, p := range d.Pages {
		t.pages[platform+" "+string(p.State)]++
		if p.Unclear {
			t.unclear++
		}
		if p.State == digest.Sent {
			expected++
		}
	}
	copies := 0
	for text, n := range arrived {
		copies += n - 1
		switch {
		case n > 2, n == 2 && (platform == string(digest.Discord) || marked[text] != 1):
			t.breaks("%s: a page came %d times, %d of them marked", c.Address, n, marked[text])
		}
	}
	t.repeats += copies
	unsure := countPages(d, func(p digest.PageDelivery) bool { return p.State == digest.Unsure })
	t.missing += max(0, expected+unsure-len(arrived))
	switch {
	case !d.State.Final():
		t.breaks("%s: the delivery is still %s", c.Address, d.State)
	case len(arrived) < expected || len(arrived) > expected+unsure:
		t.breaks("%s: %d pages are sent and %d unsure, %d arrived", c.Address, expected, unsure, len(arrived))
	case copies > countPages(d, func(p digest.PageDelivery) bool { return p.Unclear }):
		t.breaks("%s: %d copies of pages whose fate was known", c.Address, copies)
	}
	if n := countPages(d, func(p digest.PageDelivery) bool { return true }); expected+unsure < n {
		t.breaks("%s: the delivery ended %s with %d of %d pages: %s", c.Address, d.State, expected, n, d.Reason)
	}
}

func countPages(d digest.Delivery, like func(digest.PageDelivery) bool) int {
	n := 0
	for _, p := range d.Pages {
		if like(p) {
			n++
		}
	}
	return n
}

// arrived counts a chat's messages by text, and how many of them say that they may be
// repeats.
func (r *rig) arrived(at digest.Address) (all, marked map[string]int) {
	all, marked = map[string]int{}, map[string]int{}
	note := func(text string) {
		plain := strings.TrimSpace(strings.TrimPrefix(text, repeatMark))
		all[plain]++
		if plain != strings.TrimSpace(text) {
			marked[plain]++
		}
	}
	if at.Platform == digest.Discord {
		for _, m := range r.dc.FromBot(r.dc.DM(at.User)) {
			note(m.Text())
		}
		return all, marked
	}
	var chat int64
	fmt.Sscan(at.Channel, &chat)
	for _, m := range r.tg.Messages(chat) {
		note(m.Text)
	}
	return all, marked
}

func (r *rig) report(t *tally) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d lives, stopped for a moment in %d of them, %d digests due, seed %d\n", r.lives, r.frozen, len(r.chats), r.seed)
	for name, counts := range map[string]map[string]int{"deliveries": t.deliveries, "pages": t.pages} {
		for _, k := range slices.Sorted(maps.Keys(counts)) {
			fmt.Fprintf(&b, "%-12s %-20s %6d\n", name, k, counts[k])
		}
	}
	fmt.Fprintf(&b, "%d pages had an attempt of unknown fate; %d came once more on Telegram, marked\n", t.unclear, t.repeats)
	fmt.Fprintf(&b, "%d pages are recorded as unsure and did not arrive: the bot died twice between record and call\n", t.missing)
	fmt.Fprintf(&b, "%d promises broken, at %s\n", len(t.broken), time.Now().UTC().Format(time.RFC3339))
	return b.String()
}
