package main

import (
	"context"
	"flag"
	"fmt"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"newsdigest/bot"
	"newsdigest/bot/bottest/faketelegram"
	"newsdigest/bot/desk"
	"newsdigest/bot/telegram"
	"newsdigest/digest"
	"newsdigest/digest/fetch"
	"newsdigest/store"
	"newsdigest/store/bolt"
)

var rushChats = flag.Int("rush", 300, "how many chats TestRush has, all due in the same minute")

// TestRush has many chats due in the same minute on a Telegram that enforces its limits,
// in virtual time: none is refused, the last is reached nearly as soon as the limit
// allows, and who asks something meanwhile does not wait for them.
func TestRush(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRush(t, *rushChats)
		began := r.due
		waits := r.ask(t)
		took := r.finished(t).Sub(began)
		floor := time.Duration(*rushChats) * time.Second / time.Duration(faketelegram.Published.All.N)
		slices.Sort(waits)
		p99 := waits[len(waits)*99/100]
		t.Logf("%d chats in %s, %.2f a second, %.3f of the floor of %s; %d questions meanwhile, answered after %s, p99 %s",
			*rushChats, took.Round(time.Millisecond), float64(*rushChats)/took.Seconds(), took.Seconds()/floor.Seconds(), floor, len(waits), waits[len(waits)/2], p99)
		if took > floor*11/10+time.Second {
			t.Errorf("took %s, the limit allows %s", took, floor)
		}
		if p99 >= time.Second {
			t.Errorf("an answer took %s", p99)
		}
		for _, c := range r.fake.Calls("") {
			if c.Status == 429 {
				t.Fatalf("refused: %+v", c)
			}
		}
	})
}

// TestManyGroups adds the bot to hundreds of groups within a second: each is greeted once,
// at the pace that Telegram allows, and none is refused.
func TestManyGroups(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const groups = 300
		r := newRush(t, 0)
		for i := range int64(groups) {
			r.fake.AddChat(faketelegram.Chat{ID: -firstGroup - i, Type: "group", Title: "Harbor"})
			r.fake.Join(-firstGroup-i, asker)
		}
		time.Sleep(time.Minute)
		for i := range int64(groups) {
			if got := r.fake.Messages(-firstGroup - i); len(got) != 1 {
				t.Fatalf("group %d got %d messages", i, len(got))
			}
		}
		for _, c := range r.fake.Calls("") {
			if c.Status == 429 {
				t.Fatalf("refused: %+v", c)
			}
		}
	})
}

// firstGroup is the first of the groups that come at once.
const firstGroup = 5_000_000

// rush is a bot on a Telegram in memory.
type rush struct {
	fake  *faketelegram.Server
	chats int
	due   time.Time
}

func newRush(t *testing.T, chats int) *rush {
	t.Helper()
	r := &rush{chats: chats, due: time.Now().Add(time.Minute).Truncate(time.Minute)}
	var err error
	if r.fake, err = faketelegram.NewHandler(faketelegram.Options{Limits: faketelegram.Published}); err != nil {
		t.Fatal(err)
	}
	engine, err := bolt.Open(filepath.Join(t.TempDir(), "db"))
	if err != nil {
		t.Fatal(err)
	}
	s, err := store.Open(t.Context(), engine)
	if err != nil {
		t.Fatal(err)
	}
	r.fill(t, s)
	// Nobody answers for the source; names are not looked up in virtual time.
	nobody := fetch.New(fetch.Options{Dial: map[string]string{"drill.example": "127.0.0.1:1"}})
	d, err := desk.New(t.Context(), desk.Options{Store: s, Fetch: nobody, Editor: bot.Editor{},
		PollEvery: 24 * time.Hour, Starter: []digest.Source{drillSource()}})
	if err != nil {
		t.Fatal(err)
	}
	tg, err := telegram.New(telegram.Options{Token: r.fake.Token(), URL: "http://telegram.example", Commands: bot.Commands, Transport: r.fake.Transport()})
	if err != nil {
		t.Fatal(err)
	}
	b := bot.New(bot.Options{Desk: d})
	b.Add(digest.Telegram, tg)
	d.SetMessenger(digest.Telegram, tg, desk.DefaultRates[digest.Telegram])
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 2)
	go func() { d.Run(ctx); done <- nil }()
	go func() { done <- tg.Listen(ctx, b) }()
	t.Cleanup(func() {
		stop()
		r.fake.Close()
		<-done
		<-done
		b.Wait()
		s.Close()
	})
	return r
}

func drillSource() digest.Source {
	const address = "http://drill.example/feed"
	return digest.Source{ID: digest.NewSourceID(address), URL: address, Name: "Drill", Language: "en", Topics: []string{"world"}, Starter: true}
}

// fill puts news and the chats into the store.
func (r *rush) fill(t *testing.T, s *store.Store) {
	t.Helper()
	src := drillSource()
	if err := s.PutSource(t.Context(), src); err != nil {
		t.Fatal(err)
	}
	src.Fetch.Next, src.Fetch.LastSuccess = time.Now().Add(24*time.Hour), time.Now()
	var articles []digest.Article
	for i, word := range strings.Fields("copper harbor violin glacier pepper lantern orchard saddle") {
		title := fmt.Sprintf("Minister opens the %s museum in town %d", word, i)
		articles = append(articles, digest.Article{ID: digest.NewArticleID("", title, src.ID, title), Source: src.ID, Outlet: "Drill",
			Title: title, Link: "http://drill.example/" + word, Text: title + " on Monday. It has " + word + " from " + strconv.Itoa(i+20) + " countries.",
			Published: time.Now().Add(-time.Hour), Found: time.Now(), Language: "en", Topics: src.Topics})
	}
	if err := s.SavePoll(t.Context(), store.Poll{Source: src, Articles: articles}); err != nil {
		t.Fatal(err)
	}
	minutes := r.due.UTC().Hour()*60 + r.due.UTC().Minute()
	for i := range r.chats {
		channel := strconv.Itoa(1000 + i)
		if i%20 == 0 {
			channel = "-" + channel
		}
		id, _ := strconv.ParseInt(channel, 10, 64)
		r.fake.AddChat(faketelegram.Chat{ID: id, Type: map[bool]string{true: "private", false: "group"}[id > 0]})
		c := digest.NewChat(digest.Address{Platform: digest.Telegram, Channel: channel}, "en", []string{"en"}, time.Now())
		c.LastOrdinal = 1
		c.Subscriptions = []digest.Subscription{{ID: digest.NewSubscriptionID(c.ID, 1), Ordinal: 1, Created: time.Now(),
			Schedule: digest.Schedule{Days: digest.EveryDay, Times: []int{minutes}, Zone: "UTC", Place: "UTC"},
			Next:     digest.Slot{Local: r.due.UTC().Format("2006-01-02T15:04"), At: r.due}}}
		if _, err := s.CreateChat(t.Context(), c); err != nil {
			t.Fatal(err)
		}
	}
}

// asker is the first of those who ask something; they take turns, so that none is held
// back by the pace of one chat.
const asker, askers = 900_000, 50

// ask asks something every second until the chats are through, and returns how long each
// answer took.
func (r *rush) ask(t *testing.T) []time.Duration {
	t.Helper()
	time.Sleep(time.Until(r.due))
	var asked []time.Time
	for n := 0; r.reached() < r.chats && n < 2*r.chats; n++ {
		who := int64(asker + n%askers)
		asked = append(asked, time.Now())
		r.fake.Say(who, who, "/help")
		time.Sleep(time.Second)
	}
	time.Sleep(10 * time.Second)
	var waits []time.Duration
	for n, at := range asked {
		answers := r.fake.Messages(int64(asker + n%askers))
		if len(answers) <= n/askers {
			t.Fatalf("question %d was not answered", n)
		}
		waits = append(waits, answers[n/askers].At.Sub(at))
	}
	return waits
}

// digests are the calls that brought a digest to one of the chats.
func (r *rush) digests() []faketelegram.Call {
	return slices.DeleteFunc(r.fake.Calls("sendMessage"), func(c faketelegram.Call) bool {
		return c.Status != 200 || strings.HasPrefix(c.Params["chat_id"], strconv.Itoa(asker)[:3]) && len(c.Params["chat_id"]) == len(strconv.Itoa(asker))
	})
}

func (r *rush) reached() int { return len(r.digests()) }

// finished is when the last chat got its digest; each got one.
func (r *rush) finished(t *testing.T) time.Time {
	t.Helper()
	all := r.digests()
	got := map[string]int{}
	for _, c := range all {
		got[c.Params["chat_id"]]++
	}
	if len(got) != r.chats || len(all) != r.chats {
		t.Errorf("%d digests to %d of %d chats", len(all), len(got), r.chats)
	}
	return all[len(all)-1].At
}
