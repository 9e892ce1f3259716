package desk

import (
	"flag"
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"newsdigest/digest"
)

// TestEverySlot does what people, platforms and crashes do, in any order: every slot that
// came ends in exactly one recorded state, no digest comes twice where the platform can be
// asked, and elsewhere at most once more, saying so.
func TestEverySlot(t *testing.T) {
	if f := flag.Lookup("rapid.checks"); f.Value.String() == f.DefValue {
		t.Cleanup(func() { f.Value.Set(f.DefValue) })
		f.Value.Set("15") // each is many lives on a file; more by the flag
	}
	rapid.Check(t, func(rt *rapid.T) {
		w := newWorld(t)
		w.starter = nil // no news: every digest is the short one
		w.live()
		w.t = t
		w.telegram.fate, w.discord.fate = drawFate(rt, "telegram"), drawFate(rt, "discord")
		chats := []digest.Chat{w.meet(private), w.meet(person)}
		hours := rapid.SampledFrom([]int{6, 8, 9, 12, 18})
		life := func() { // the present one may have ended
			if w.engine.left.Load() != -1 {
				w.live()
			}
		}
		rt.Repeat(map[string]func(*rapid.T){
			"subscribe": func(rt *rapid.T) {
				life()
				c := rapid.SampledFrom(chats).Draw(rt, "chat")
				w.Subscribe(t.Context(), c.ID, digest.Subscription{Schedule: everyDay(hours.Draw(rt, "hour"))}, w.now)
			},
			"reschedule": func(rt *rapid.T) {
				life()
				c := rapid.SampledFrom(chats).Draw(rt, "chat")
				w.Reschedule(t.Context(), c.ID, rapid.IntRange(1, 4).Draw(rt, "ordinal"), everyDay(hours.Draw(rt, "hour")), w.now)
			},
			"unsubscribe": func(rt *rapid.T) {
				life()
				c := rapid.SampledFrom(chats).Draw(rt, "chat")
				w.Unsubscribe(t.Context(), c.ID, rapid.IntRange(1, 4).Draw(rt, "ordinal"), w.now)
			},
			"undo": func(rt *rapid.T) {
				life()
				c := rapid.SampledFrom(chats).Draw(rt, "chat")
				w.Resubscribe(t.Context(), c.ID, rapid.IntRange(1, 4).Draw(rt, "ordinal"), w.now)
			},
			"walk": func(rt *rapid.T) {
				life()
				w.walk(time.Duration(rapid.IntRange(1, 40).Draw(rt, "half hours")) * 30 * time.Minute)
			},
			"die": func(rt *rapid.T) {
				life()
				w.engine.left.Store(int64(rapid.IntRange(0, 12).Draw(rt, "writes left")))
				w.walk(12 * time.Hour)
			},
			"sleep": func(rt *rapid.T) {
				w.now = w.now.Add(time.Duration(rapid.IntRange(1, 60).Draw(rt, "hours")) * time.Hour)
				w.live()
			},
		})
		w.telegram.fate, w.discord.fate = nil, nil
		life()
		w.walk(25 * time.Hour)
		checkSlots(rt, w)
	})
}

// drawFate draws what becomes of sends before any is made: they come from goroutines.
func drawFate(t *rapid.T, platform string) func(int, digest.Address, digest.Attempt) (bool, error) {
	type fate struct {
		fault   digest.Fault
		arrives bool // although nobody says so
	}
	fates := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) fate {
		f := rapid.SampledFrom([]digest.Fault{"", "", "", digest.NotSent, digest.Unknown, digest.Unknown, digest.Rejected, digest.Shut}).Draw(t, "fault")
		return fate{f, f == "" || f == digest.Unknown && rapid.Bool().Draw(t, "arrives")}
	}), 1, 40).Draw(t, platform)
	return func(n int, _ digest.Address, _ digest.Attempt) (bool, error) {
		f := fates[n%len(fates)]
		if f.fault == "" {
			return true, nil
		}
		return f.arrives, sendError(f.fault)
	}
}

// checkSlots compares what was recorded with what arrived, 25 quiet hours later.
func checkSlots(t *rapid.T, w *world) {
	sent := map[digest.Platform]int{}
	open := 0
	for slot, d := range w.deliveries() {
		switch {
		case !d.State.Final() && w.now.After(d.Deadline):
			t.Errorf("%s is still %s at %v", slot, d.State, w.now)
		case !d.State.Final():
			open++
		}
		if d.State == digest.Sent {
			sent[d.Platform]++
		}
		if d.State == digest.Sending {
			t.Errorf("%s was left in %s", slot, d.State)
		}
	}
	for c, err := range w.store.Chats(w.t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		if len(c.Pending) > open {
			t.Errorf("chat %v waits for %v", c.Address, c.Pending)
		}
		for _, s := range c.Active() {
			if !s.Next.At.After(w.now) {
				t.Errorf("subscription %d of %v still waits for %s at %v", s.Ordinal, c.Address, s.Next.Local, w.now)
			}
		}
	}
	checkCopies(t, w.telegram, sent[digest.Telegram])
	checkCopies(t, w.discord.wire, sent[digest.Discord])
}

// checkCopies counts what arrived by the key of its page: each form of a page has one.
func checkCopies(t *rapid.T, w *wire, sent int) {
	copies := map[string]int{}
	for _, m := range w.messages() {
		copies[m.key]++
		switch {
		case copies[m.key] == 2 && !m.repeat:
			t.Errorf("a copy at %v to %v is not marked", m.at, m.to)
		case copies[m.key] > 2:
			t.Errorf("copy %d at %v to %v", copies[m.key], m.at, m.to)
		}
		if m.to.Platform == digest.Discord && copies[m.key] > 1 {
			t.Errorf("%s came twice to %v", m.text, m.to)
		}
	}
	if len(copies) < sent {
		t.Errorf("%d slots recorded as sent, %d arrived: %s", sent, len(copies), fmt.Sprint(w.messages()))
	}
}
