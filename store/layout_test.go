package store

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"newsdigest/digest"
)

// layout is every key that fillEveryKind leaves behind.
const layout = `addr/telegram/c/1/
article/5s5aozfd3bohyypi
article/jr4pqfejhoe63j7d
article/o6b5ubnbivn5ntgo
chat/zoybvvw7j6toujjv
delivery/2gbpor42mynvcmie
delivery/bl7qowugb6dpntkg
due/delivery/telegram/2f/019cad8fac00/bl7qowugb6dpntkg
due/source/0c/019cadc69a80/zxfwgsi6ykbqavus
due/sub/2f/019cad8fac00/zoybvvw7j6toujjv/0001
edition/q2j5lk3rpj4eqnel
edition/zinnzed2xmgrah6w
expire/019cb7dc6400/marker/telegram/7
expire/019cc74f7800/article/5s5aozfd3bohyypi
expire/019cc74f7800/article/jr4pqfejhoe63j7d
expire/019cc74f7800/article/o6b5ubnbivn5ntgo
expire/019d480d89a0/story/ssqxh6x5xqnktk6u
expire/019d480e7400/edition/q2j5lk3rpj4eqnel
expire/019d480e7400/edition/zinnzed2xmgrah6w
expire/019d480e7400/public/edition/lbc3g4frivmu2ody
expire/019d480e7400/public/edition/wlt7nweg6avkiwnx
expire/019f178acc00/delivery/bl7qowugb6dpntkg
expire/019f178acc00/feedback/019cad8fac00/yqakat6raffr65nq
expire/019f1cb12800/delivery/2gbpor42mynvcmie
feedback/019cad8fac00/yqakat6raffr65nq
followers/zxfwgsi6ykbqavus
inbox/body/telegram/8
inbox/cursor/telegram
inbox/done/telegram/7
live/019cad8ec1a0/ssqxh6x5xqnktk6u
meta/news
meta/schema
meta/secret
news/0000000000000001/ssqxh6x5xqnktk6u
own/zoybvvw7j6toujjv/delivery/2gbpor42mynvcmie
own/zoybvvw7j6toujjv/delivery/bl7qowugb6dpntkg
own/zoybvvw7j6toujjv/edition/q2j5lk3rpj4eqnel
own/zoybvvw7j6toujjv/edition/zinnzed2xmgrah6w
own/zoybvvw7j6toujjv/feedback/019cad8fac00/yqakat6raffr65nq
public/edition/lbc3g4frivmu2ody
public/edition/wlt7nweg6avkiwnx
queue/place/fe635273131f/5s5aozfd3bohyypi
queue/read/03/fe63527228bf/o6b5ubnbivn5ntgo
seen/zxfwgsi6ykbqavus
sending/2gbpor42mynvcmie
source/zxfwgsi6ykbqavus
story/ssqxh6x5xqnktk6u
watch/ssqxh6x5xqnktk6u/zoybvvw7j6toujjv`

// TestKeyLayout pins the layout of all keys and the ids in them: whoever changes it owes
// the stores out there a migration.
func TestKeyLayout(t *testing.T) {
	e := openEngine(t)
	fillEveryKind(t, openStore(t, e))
	got := slices.Sorted(maps.Keys(dump(t, e)))
	if d := cmp.Diff(strings.Split(layout, "\n"), got); d != "" {
		t.Errorf("keys (-want +got):\n%s", d)
	}
}

// fillEveryKind writes at least one row of every kind of key.
func fillEveryKind(t *testing.T, s *Store) {
	t.Helper()
	ctx := t.Context()
	src := testSource(1)
	check(t, s.PutSource(ctx, src))
	c := testChat(1)
	c.Counted = []digest.SourceID{src.ID}
	c.Followed = []digest.FollowedStory{{Story: "ssqxh6x5xqnktk6u"}}
	s.secret = []byte("fixed, for the keys made with it")
	c.Subscriptions = []digest.Subscription{subscription(c, 1, start)}
	must[digest.Chat](t)(s.CreateChat(ctx, c))
	src.Fetch = digest.Fetch{LastTry: start, Next: start.Add(time.Hour)}
	check(t, s.SavePoll(ctx, Poll{Source: src, Articles: []digest.Article{testArticle(1, start), testArticle(2, start)}, Seen: marks("1", "2")}))
	a := testArticle(1, start)
	a.Story = digest.NewStoryID(a.ID)
	place(t, s, Placed{Articles: []digest.Article{a}, Story: digest.Story{ID: a.Story, Members: []digest.Member{{Article: a.ID, Published: a.Published}}}})
	check(t, s.SavePoll(ctx, Poll{Source: src, Articles: []digest.Article{testArticle(3, start)}})) // not in schema 1
	for i, state := range []digest.State{digest.Ready, digest.Sending} {
		d := testDelivery(c, start.AddDate(0, 0, i))
		d.ID = []digest.DeliveryID{"bl7qowugb6dpntkg", "2gbpor42mynvcmie"}[i] // as they were made when the first schema was released
		d.State = state
		e := digest.Edition{ID: digest.NewEditionID(c.ID, d.Slot.Local), Chat: c.ID, At: start}
		e.Public = s.PublicID(PublicEdition, string(e.ID))
		must[bool](t)(s.FileDelivery(ctx, d, e, func(*digest.Chat) {}))
	}
	must[[]Incoming](t)(s.Accept(ctx, digest.Telegram, []Incoming{{ID: "7", Body: []byte("{}"), At: start}, {ID: "8", Body: []byte("{}"), At: start}}, "9"))
	check(t, s.Handled(ctx, digest.Telegram, "7"))
	check(t, s.PutFeedback(ctx, digest.Feedback{ID: digest.NewFeedbackID(c.ID, "r"), Chat: c.ID, At: start}))
}

func testDelivery(c digest.Chat, at time.Time) digest.Delivery {
	sub := digest.NewSubscriptionID(c.ID, 1)
	return digest.Delivery{
		ID: digest.NewDeliveryID(c.ID, sub, slotAt(at)), Chat: c.ID, Platform: c.Address.Platform, Subscription: sub, Ordinal: 1,
		Slot: slotAt(at), State: digest.Ready, NextAt: at, Deadline: at.Add(6 * time.Hour),
	}
}

func TestStampKeepsOrder(t *testing.T) {
	times := []time.Time{
		time.UnixMilli(0), time.UnixMilli(1), time.Unix(1, 0), start, start.Add(time.Millisecond),
		time.Date(2106, 2, 8, 0, 0, 0, 0, time.UTC), time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC),
	}
	for i, at := range times {
		back, err := unstamp(stamp(at))
		if err != nil || !back.Equal(at) {
			t.Errorf("%v became %v, %v", at, back, err)
		}
		if i > 0 && stamp(times[i-1]) >= stamp(at) {
			t.Errorf("%v is not before %v", times[i-1], at)
		}
	}
	for _, early := range []time.Time{{}, time.Unix(-1, 0)} {
		if stamp(early) != stamp(time.Unix(0, 0)) {
			t.Errorf("%v is stamped %s", early, stamp(early))
		}
	}
}

func TestDueKeyBeginsWithPartition(t *testing.T) {
	for _, owner := range []string{"a", "b", "some chat"} {
		want := fmt.Sprintf("due/sub/%02x/", digest.Partition(owner))
		if k := string(dueSubscriptions.key(owner, start, "rest")); !strings.HasPrefix(k, want) {
			t.Errorf("key %s; want prefix %s", k, want)
		}
	}
}
