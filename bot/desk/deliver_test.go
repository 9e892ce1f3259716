package desk

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"newsdigest/digest"
)

// TestFaults follows what platforms answer to what arrives and what is recorded.
func TestFaults(t *testing.T) {
	type fate struct {
		arrives bool
		err     error
	}
	ok := fate{true, nil}
	notSent := fate{false, sendError(digest.NotSent)}
	lost := fate{true, sendError(digest.Unknown)}      // arrived, and nobody says so
	vanished := fate{false, sendError(digest.Unknown)} // the other way round
	rejected := fate{false, sendError(digest.Rejected)}
	tests := []struct {
		name      string
		at        digest.Address
		fates     []fate // then ok
		state     digest.State
		arrived   int
		text      string // of the last that arrived, its beginning
		repeat    bool   // whether it is marked
		sends     int
		wait      time.Duration // at least, from the slot to the last arrival
		lastWait  time.Duration // at most
		gone      bool
		unmarked  bool // the stories are still new to the chat
		closed    bool // Discord's history cannot be read
		addressed string
	}{
		{name: "arrives", at: private, state: digest.Sent, arrived: 1, sends: 1},
		{name: "not sent twice", at: private, fates: []fate{notSent, notSent}, state: digest.Sent, arrived: 1, sends: 3, wait: 6 * time.Second, lastWait: 9 * time.Second},
		{name: "an error that says nothing is unknown", at: private, fates: []fate{{true, errors.New("eh")}}, state: digest.Sent, arrived: 2, repeat: true, sends: 2, wait: digest.RepeatDelay, lastWait: time.Minute},
		{name: "limit", at: private, fates: []fate{{false, &digest.SendError{Fault: digest.NotSent, RetryAfter: 37 * time.Second}}}, state: digest.Sent, arrived: 1, sends: 2, wait: 37 * time.Second, lastWait: 38 * time.Second},
		{name: "lost answer, Telegram", at: private, fates: []fate{lost}, state: digest.Sent, arrived: 2, repeat: true, sends: 2, wait: digest.RepeatDelay, lastWait: time.Minute},
		{name: "vanished, Telegram", at: private, fates: []fate{vanished}, state: digest.Sent, arrived: 1, repeat: true, sends: 2, wait: digest.RepeatDelay, lastWait: time.Minute},
		{name: "lost twice, Telegram", at: private, fates: []fate{lost, lost}, state: digest.Unsure, arrived: 2, repeat: true, sends: 2, lastWait: time.Minute},
		{name: "lost answer, Discord", at: person, fates: []fate{lost}, state: digest.Sent, arrived: 1, sends: 2},
		{name: "vanished, Discord", at: person, fates: []fate{vanished, vanished}, state: digest.Sent, arrived: 1, sends: 3, wait: 2 * digest.RepeatDelay, lastWait: time.Minute},
		{name: "lost for ever, Discord", at: person, fates: []fate{lost, vanished, vanished, vanished, vanished, vanished, vanished, vanished}, state: digest.Sent, arrived: 1, sends: 6},
		{name: "unknown, history closed", at: person, closed: true, fates: []fate{vanished, vanished, vanished, vanished, vanished, vanished, vanished}, state: digest.Unsure, sends: 7},
		{name: "rejected twice", at: private, fates: []fate{rejected, rejected}, state: digest.Sent, arrived: 1, text: "links", sends: 3},
		{name: "rejected in all forms", at: private, fates: []fate{rejected, rejected, rejected}, state: digest.Failed, sends: 3, unmarked: true},
		{name: "unknown, then rejected", at: private, fates: []fate{lost, rejected}, state: digest.Unsure, arrived: 1, sends: 2},
		{name: "gone", at: private, fates: []fate{{false, sendError(digest.Gone)}}, state: digest.Cancelled, sends: 1, gone: true, unmarked: true},
		{name: "moved", at: crowd, fates: []fate{{false, &digest.SendError{Fault: digest.Moved, To: digest.Address{Platform: digest.Telegram, Channel: "-100"}}}}, state: digest.Sent, arrived: 1, sends: 2, addressed: "-100"},
		{name: "always refused", at: private, fates: []fate{notSent, notSent, notSent, notSent, notSent, notSent, notSent, notSent}, state: digest.Failed, sends: 8, unmarked: true},
		{name: "platform shut for an hour", at: private, fates: []fate{{false, sendError(digest.Shut)}, {false, sendError(digest.Shut)}}, state: digest.Sent, arrived: 1, sends: 3, wait: 2 * digest.LongestDelay, lastWait: 21 * time.Minute},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := newWorld(t)
			wire := w.telegram
			if tt.at.Platform == digest.Discord {
				wire = w.discord.wire
				w.discord.closed = tt.closed
				w.messengers[digest.Discord] = w.discord
			}
			wire.fate = func(n int, _ digest.Address, _ digest.Attempt) (bool, error) {
				if n <= len(tt.fates) {
					return tt.fates[n-1].arrives, tt.fates[n-1].err
				}
				return ok.arrives, ok.err
			}
			w.sites["a.example"].add(tale("quake", start.Add(-time.Hour)))
			c := w.meet(tt.at)
			w.daily(c, 8)
			w.walk(10 * time.Hour)
			for slot, d := range w.deliveries() {
				if d.State != tt.state {
					t.Errorf("%s is %s (%s), want %s", slot, d.State, d.Reason, tt.state)
				}
			}
			got := wire.messages()
			if len(got) != tt.arrived || wire.sends != tt.sends {
				t.Fatalf("%d arrived by %d sends, want %d by %d: %v", len(got), wire.sends, tt.arrived, tt.sends, got)
			}
			if len(got) > 0 {
				last := got[len(got)-1]
				wait := last.at.Sub(start.Add(time.Hour))
				if last.repeat != tt.repeat || !strings.HasPrefix(last.text, tt.text) || wait < tt.wait || tt.lastWait > 0 && wait > tt.lastWait {
					t.Errorf("last %+v after %v", last, wait)
				}
			}
			c = w.chat(c)
			if (c.Gone != "") != tt.gone || (len(c.Seen) == 0) != tt.unmarked || len(c.Pending) != 0 {
				t.Errorf("gone %q, seen %v, pending %v", c.Gone, c.Seen, c.Pending)
			}
			if tt.addressed != "" && (c.Address.Channel != tt.addressed || got[0].to.Channel != tt.addressed) {
				t.Errorf("address %v, sent to %v", c.Address, got[0].to)
			}
		})
	}
}

// TestHistoryClosed: an unclear page that is old and cannot be looked for is repeated once,
// marked.
func TestHistoryClosed(t *testing.T) {
	w := newWorld(t)
	w.discord.closed = true
	w.messengers[digest.Discord] = w.discord
	w.daily(w.meet(person), 8)
	w.discord.fate = func(n int, _ digest.Address, _ digest.Attempt) (bool, error) {
		if n == 1 {
			w.engine.left.Store(0) // dies with the message on its way
			return false, sendError(digest.Unknown)
		}
		return true, nil
	}
	w.walk(61 * time.Minute)
	w.now = start.Add(90 * time.Minute)
	w.live()
	w.walk(time.Hour)
	if got := w.discord.messages(); len(got) != 1 || !got[0].repeat {
		t.Errorf("arrived %v", got)
	}
}

// TestOpens: the way to a person is opened once, and kept.
func TestOpens(t *testing.T) {
	w := newWorld(t)
	c := w.meet(person)
	w.daily(c, 8, 9)
	w.walk(3 * time.Hour)
	if got := w.discord.messages(); len(got) != 2 || w.discord.opened != 1 || got[1].to.Channel != "dm5" {
		t.Errorf("opened %d times, %v", w.discord.opened, got)
	}
}

// TestDeadline: what could not be sent in time is not sent.
func TestDeadline(t *testing.T) {
	for _, unclear := range []bool{false, true} {
		w := newWorld(t)
		w.telegram.fate = func(int, digest.Address, digest.Attempt) (bool, error) {
			if unclear {
				w.engine.left.Store(0)
				return true, nil
			}
			return false, sendError(digest.Shut)
		}
		c := w.meet(private)
		w.daily(c, 8)
		w.walk(2 * time.Hour)
		w.telegram.fate = nil
		sends := w.telegram.sends
		w.now = start.Add(12 * time.Hour)
		w.live()
		w.walk(time.Hour)
		want := map[bool]digest.State{false: digest.Expired, true: digest.Unsure}[unclear]
		if got := w.states()["2026-03-02T08:00 telegram:7 1"]; got != want || w.telegram.sends != sends {
			t.Errorf("unclear %v: %s after %d more sends", unclear, got, w.telegram.sends-sends)
		}
	}
}

// TestAskedLate: where the platform can be asked, a page that may have arrived is asked for
// after its time too, and not sent.
func TestAskedLate(t *testing.T) {
	for _, arrives := range []bool{false, true} {
		w := newWorld(t)
		w.discord.fate = func(int, digest.Address, digest.Attempt) (bool, error) {
			w.engine.left.Store(0)
			return arrives, nil
		}
		c := w.meet(person)
		w.daily(c, 8)
		w.walk(2 * time.Hour)
		w.discord.fate = nil
		sends := w.discord.sends
		w.now = start.Add(12 * time.Hour)
		w.live()
		w.walk(time.Hour)
		want := map[bool]digest.State{false: digest.Expired, true: digest.Sent}[arrives]
		if got := w.states()["2026-03-02T08:00 discord:5 1"]; got != want || w.discord.sends != sends {
			t.Errorf("arrives %v: %s after %d more sends; %v", arrives, got, w.discord.sends-sends, w.states())
		}
	}
}

// TestNotRunning: the slots of a platform that does not run are recorded; a delivery that
// was under way waits for it.
func TestNotRunning(t *testing.T) {
	w := newWorld(t)
	w.telegram.fate = func(int, digest.Address, digest.Attempt) (bool, error) { return false, sendError(digest.NotSent) }
	w.daily(w.meet(private), 8, 9)
	w.walk(60 * time.Minute)
	w.telegram.fate = nil
	delete(w.messengers, digest.Telegram)
	w.walk(2 * time.Hour)
	states := w.states()
	if states["2026-03-02T08:00 telegram:7 1"] != digest.Expired && states["2026-03-02T08:00 telegram:7 1"] != digest.Waiting ||
		states["2026-03-02T09:00 telegram:7 1"] != digest.Missed {
		t.Errorf("states %v", states)
	}
	if len(w.telegram.messages()) != 0 {
		t.Error("sent through a platform that does not run")
	}
}

// TestStopped: what waits for a chat that stopped the digest is cancelled.
func TestStopped(t *testing.T) {
	w := newWorld(t)
	w.telegram.fate = func(int, digest.Address, digest.Attempt) (bool, error) { return false, sendError(digest.Shut) }
	c := w.meet(private)
	sub := w.daily(c, 8)
	w.walk(61 * time.Minute)
	if _, err := w.Unsubscribe(t.Context(), c.ID, sub.Ordinal, w.now); err != nil {
		t.Fatal(err)
	}
	w.telegram.fate = nil
	w.walk(time.Hour)
	if got := w.states()["2026-03-02T08:00 telegram:7 1"]; got != digest.Cancelled || len(w.telegram.messages()) != 0 {
		t.Errorf("%s, arrived %v", got, w.telegram.messages())
	}
}

// TestNothingUnwritten: without the record of the attempt nothing is sent, and what was
// sent without a record of its outcome is unclear.
func TestNothingUnwritten(t *testing.T) {
	w := newWorld(t)
	w.daily(w.meet(private), 8)
	w.walk(59 * time.Minute)
	w.now = start.Add(time.Hour)
	if _, err := w.Compose(t.Context(), w.now); err != nil {
		t.Fatal(err)
	}
	w.engine.left.Store(0)
	if _, err := w.Deliver(t.Context(), w.now); err == nil {
		t.Error("a store that refuses is no error")
	}
	w.engine.left.Store(1) // the record of the attempt, not of its outcome
	if _, err := w.Deliver(t.Context(), w.now); err == nil {
		t.Log("the store refused after the step")
	}
	w.idle.Wait()
	if w.telegram.sends != 1 {
		t.Fatalf("%d sends", w.telegram.sends)
	}
	w.engine.left.Store(-1)
	w.walk(time.Minute) // the same life: it must not stay as it is
	got := w.telegram.messages()
	if len(got) != 2 || !got[1].repeat || w.states()["2026-03-02T08:00 telegram:7 1"] != digest.Sent {
		t.Errorf("%v, arrived %v", w.states(), got)
	}
}

// TestDeleted: a delivery of a chat that was deleted meanwhile holds up nobody.
func TestDeleted(t *testing.T) {
	w := newWorld(t)
	gone := w.meet(private)
	w.daily(gone, 8)
	w.daily(w.meet(crowd), 9)
	for _, s := range w.sites {
		s.add(tale("quake", start.Add(-time.Hour)))
	}
	w.telegram.fate = func(n int, to digest.Address, _ digest.Attempt) (bool, error) {
		if to == private {
			return false, sendError(digest.Shut)
		}
		return true, nil
	}
	w.walk(61 * time.Minute)
	if err := w.store.DeleteChat(t.Context(), gone.ID); err != nil {
		t.Fatal(err)
	}
	w.walk(2 * time.Hour)
	if got := w.telegram.messages(); len(got) != 1 || got[0].to != crowd {
		t.Errorf("arrived %v", got)
	}
}

// TestInFlight: at most so many messages are on their way at once, and one to a chat.
func TestInFlight(t *testing.T) {
	w := newWorld(t)
	w.telegram.pages = 2
	for i := range 20 {
		w.daily(w.meet(digest.Address{Platform: digest.Telegram, Channel: fmt.Sprint(i + 1)}), 8)
	}
	w.walk(2 * time.Hour)
	got := w.telegram.messages()
	if len(got) != 40 || w.telegram.most.Load() > leastAtOnce {
		t.Errorf("%d arrived, %d at once", len(got), w.telegram.most.Load())
	}
	last := map[digest.Address]string{}
	for _, m := range got {
		if m.text <= last[m.to] {
			t.Errorf("%s: %q after %q", m.to, m.text, last[m.to])
		}
		last[m.to] = m.text
		if !m.at.Equal(start.Add(time.Hour)) {
			t.Errorf("%s at %v", m.to, m.at)
		}
	}
}

// TestBudget: 29 a second, evenly, one a second to a chat.
func TestBudget(t *testing.T) {
	w := newWorld(t)
	w.rates[digest.Telegram] = DefaultRates[digest.Telegram]
	w.live()
	w.telegram.pages = 2
	for i := range 60 {
		w.daily(w.meet(digest.Address{Platform: digest.Telegram, Channel: fmt.Sprint(i + 1)}), 8)
	}
	w.walk(2 * time.Hour)
	got := w.telegram.messages()
	if len(got) != 120 {
		t.Fatalf("%d arrived", len(got))
	}
	chats := map[digest.Address]time.Time{}
	for i, m := range got {
		if i >= 29 && m.at.Sub(got[i-29].at) < time.Second-time.Microsecond {
			t.Fatalf("30 messages in %v", m.at.Sub(got[i-29].at))
		}
		if before, ok := chats[m.to]; ok && m.at.Sub(before) < time.Second {
			t.Errorf("%s: two messages in %v", m.to, m.at.Sub(before))
		}
		chats[m.to] = m.at
	}
	if took := got[119].at.Sub(got[0].at); took > 120*time.Second/29*11/10 {
		t.Errorf("120 messages took %v", took)
	}
}

func TestPace(t *testing.T) {
	p := newPace(Rate{PerSecond: 10, Chat: time.Second, Group: 3})
	now := start
	take := func(chat string, group bool) (bool, bool, time.Duration) {
		ok, full, again := p.take(now, chat, group)
		return ok, full, again.Sub(now)
	}
	if ok, _, _ := take("a", false); !ok {
		t.Error("the first has to wait")
	}
	if ok, full, again := take("b", false); ok || !full || again != 100*time.Millisecond {
		t.Errorf("at once after another: %v, %v, again in %v", ok, full, again)
	}
	now = now.Add(100 * time.Millisecond)
	if ok, full, again := take("a", false); ok || full || again != 900*time.Millisecond {
		t.Errorf("the same chat: %v, %v, again in %v", ok, full, again)
	}
	// An answer takes the next place, and what comes later is pushed back.
	if wait := p.answer(now, "c", false); wait != 0 {
		t.Errorf("an answer waits %v", wait)
	}
	if wait := p.answer(now, "d", false); wait != 100*time.Millisecond {
		t.Errorf("the second answer waits %v", wait)
	}
	if ok, _, again := take("b", false); ok || again != 200*time.Millisecond {
		t.Errorf("a delivery behind two answers: %v, again in %v", ok, again)
	}
	// A group's minute, answers counted.
	for i := range 3 {
		now = now.Add(2 * time.Second)
		if i == 0 {
			p.answer(now, "g", true)
		} else if ok, _, again := take("g", true); !ok {
			t.Errorf("message %d to the group has to wait %v", i, again)
		}
	}
	now = now.Add(2 * time.Second)
	if ok, full, again := take("g", true); ok || full || again != 54*time.Second {
		t.Errorf("the fourth: %v, again in %v", ok, again)
	}
	now = now.Add(54 * time.Second)
	if ok, _, _ := take("g", true); !ok {
		t.Error("a minute after the first there is no room")
	}
	p.pause(now.Add(time.Hour))
	if ok, full, again := take("x", false); ok || !full || again != time.Hour {
		t.Errorf("in a pause: %v, again in %v", ok, again)
	}
	free := newPace(Rate{})
	for range 10 {
		if ok, _, _ := free.take(now, "a", true); !ok || free.answer(now, "a", true) != 0 {
			t.Error("without a rate there is a wait")
		}
	}
}

// TestGlobalLimit: a limit of the whole platform holds for the others too.
func TestGlobalLimit(t *testing.T) {
	w := newWorld(t)
	w.telegram.fate = func(n int, _ digest.Address, _ digest.Attempt) (bool, error) {
		if n == 1 {
			return false, &digest.SendError{Fault: digest.NotSent, RetryAfter: time.Minute, Global: true}
		}
		return true, nil
	}
	w.daily(w.meet(private), 8)
	w.now = w.now.Add(time.Second)
	second, _, err := w.Subscribe(t.Context(), w.meet(crowd).ID, digest.Subscription{Schedule: digest.Schedule{Days: digest.EveryDay, Times: []int{8*60 + 1}}}, w.now)
	if err != nil {
		t.Fatal(err)
	}
	w.sites["a.example"].add(tale("quake", start.Add(-time.Hour)))
	w.walk(90 * time.Minute)
	got := w.telegram.messages()
	if len(got) != 2 || got[0].at.Before(start.Add(61*time.Minute)) {
		t.Errorf("arrived %v of %v", got, second.Next)
	}
}

// TestTurn: who waits for a turn is let go when the context ends.
func TestTurn(t *testing.T) {
	w := newWorld(t)
	if err := w.Turn(t.Context(), digest.Address{Platform: digest.Console}, w.now); err != nil {
		t.Error(err)
	}
	w.paces[digest.Telegram].pause(w.now.Add(time.Hour))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := w.Turn(ctx, private, w.now); err == nil {
		t.Error("a turn in an hour came at once")
	}
}
