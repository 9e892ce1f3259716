package desk

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"newsdigest/digest"
)

// announcements are who an announcement arrived at.
func announcements(m []message) map[string]int {
	got := map[string]int{}
	for _, x := range m {
		if strings.Contains(x.text, "announcement") {
			got[x.to.Channel]++
		}
	}
	return got
}

// crowded has n chats with a digest and one of each kind that gets no announcement.
func (w *world) crowded(n int) {
	w.t.Helper()
	at := func(i int) digest.Address {
		return digest.Address{Platform: digest.Telegram, Channel: fmt.Sprint(1000 + i)}
	}
	for i := range n + 4 {
		c := w.meet(at(i))
		if i == n {
			continue // without a digest
		}
		w.daily(c, 8)
		_, err := w.Change(w.t.Context(), c.ID, func(c *digest.Chat) error {
			switch i {
			case n + 1:
				c.Gone = "left"
			case n + 2:
				c.Paused = true
			case n + 3:
				c.Blocked = w.now
			}
			return nil
		})
		if err != nil {
			w.t.Fatal(err)
		}
	}
}

// An announcement reaches every chat with a digest once, silently, whenever the program is
// killed on the way.
func TestAnnounce(t *testing.T) {
	const chats = announceBatch + 20
	for _, kill := range []int64{-1, 30, 130} {
		w := newWorld(t)
		w.crowded(chats)
		if busy, err := w.Draft(t.Context(), "a", "Hello all.", w.now); busy || err != nil {
			t.Fatal(busy, err)
		}
		if begun, err := w.Announce(t.Context(), "other"); begun || err != nil {
			t.Fatalf("another draft: %v, %v", begun, err)
		}
		w.walk(time.Minute)
		if got := announcements(w.telegram.messages()); len(got) > 0 {
			t.Fatalf("a draft was sent: %v", got)
		}
		if begun, err := w.Announce(t.Context(), "a"); !begun || err != nil {
			t.Fatal(begun, err)
		}
		w.engine.left.Store(kill)
		w.walk(10 * time.Minute)
		w.live()
		w.walk(10 * time.Minute)
		got := announcements(w.telegram.messages())
		if len(got) != chats {
			t.Errorf("killed after %d writes: %d chats got it, want %d", kill, len(got), chats)
		}
		repeats := 0
		for _, m := range w.telegram.messages() {
			if got[m.to.Channel] > 1 && m.repeat {
				repeats++
			}
			if !m.silent {
				t.Errorf("%s: not silent", m.to)
			}
		}
		for chat, n := range got {
			if n > 1 && repeats == 0 {
				t.Errorf("killed after %d writes: %s got it %d times", kill, chat, n)
			}
		}
		if a, err := w.Announcement(t.Context()); err != nil || a.State != digest.Told || a.Filed != chats {
			t.Errorf("killed after %d writes: %+v, %v", kill, a, err)
		}
	}
}

// What is stopped reaches nobody further, and what is on its way is not replaced.
func TestAnnounceStopped(t *testing.T) {
	w := newWorld(t)
	w.crowded(2 * announceBatch)
	if _, err := w.Draft(t.Context(), "a", "Hello all.", w.now); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Announce(t.Context(), "a"); err != nil {
		t.Fatal(err)
	}
	w.walk(time.Second)
	if busy, err := w.Draft(t.Context(), "b", "Something else.", w.now); !busy || err != nil {
		t.Errorf("a second one: %v, %v", busy, err)
	}
	a, stopped, err := w.StopAnnouncing(t.Context())
	if err != nil || !stopped || a.Filed != announceBatch {
		t.Errorf("%+v, %v, %v", a, stopped, err)
	}
	w.walk(time.Hour - time.Minute)
	if got := announcements(w.telegram.messages()); len(got) != announceBatch {
		t.Errorf("%d chats got it", len(got))
	}
	if _, stopped, err := w.StopAnnouncing(t.Context()); stopped || err != nil {
		t.Errorf("stopped twice: %v", err)
	}
	if begun, err := w.Announce(t.Context(), "a"); begun || err != nil {
		t.Errorf("begun again: %v", err)
	}
}

// A chat that is shut out is told once, gets and costs nothing, and goes on with its next
// digest when it is let in again.
func TestBlock(t *testing.T) {
	w := newWorld(t)
	w.sites["a.example"].add(tale("quake", start))
	c := w.meet(private)
	w.daily(c, 8)
	for _, name := range []string{"telegram:7", string(c.ID)} {
		if found, ok, err := w.ChatCalled(t.Context(), name); !ok || err != nil || found.ID != c.ID {
			t.Errorf("%s: %v, %v", name, ok, err)
		}
	}
	for _, name := range []string{"", "telegram:8", "discord:7", "nobody", ":", "telegram:"} {
		if _, ok, err := w.ChatCalled(t.Context(), name); ok || err != nil {
			t.Errorf("%q: %v, %v", name, ok, err)
		}
	}
	for range 2 {
		if err := w.Block(t.Context(), w.chat(c), w.now); err != nil {
			t.Fatal(err)
		}
	}
	w.walk(25 * time.Hour)
	if got := w.telegram.messages(); len(got) != 1 || !strings.Contains(got[0].text, "blocked") {
		t.Fatalf("%+v", got)
	}
	if hits := w.sites["a.example"].count(); hits > 1 {
		t.Errorf("its sources were polled %d times", hits)
	}
	w.sites["a.example"].add(tale("storm", w.now))
	if err := w.Unblock(t.Context(), c.ID, w.now); err != nil {
		t.Fatal(err)
	}
	w.walk(24 * time.Hour)
	if got := w.telegram.messages(); len(got) != 2 || !strings.Contains(got[1].text, "storm") {
		t.Errorf("%+v", got)
	}
}
