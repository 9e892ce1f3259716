package desk

import (
	"fmt"
	"testing"
	"time"

	"newsdigest/digest"
	"newsdigest/store"
	"newsdigest/store/bolt"
)

// TestTurns: who has five hundred chats does not keep the others waiting.
func TestTurns(t *testing.T) {
	w := newWorld(t)
	w.rates[digest.Telegram] = Rate{PerSecond: 29}
	w.live()
	const many, others = 100, 20
	crowded := map[string]bool{}
	for i := range many + others {
		c := w.meet(digest.Address{Platform: digest.Telegram, Channel: fmt.Sprint(i + 1)})
		by := fmt.Sprint("owner ", i)
		if i < many {
			by, crowded[c.Address.Channel] = "owner of many", true
		}
		if _, _, err := w.Subscribe(t.Context(), c.ID, digest.Subscription{Schedule: everyDay(8), By: by}, w.now); err != nil {
			t.Fatal(err)
		}
	}
	w.walk(time.Hour + time.Minute)
	sent := w.telegram.messages()
	if len(sent) != many+others {
		t.Fatalf("%d arrived", len(sent))
	}
	for i, m := range sent {
		if !crowded[m.to.Channel] && i > 2*others {
			t.Errorf("%s came as number %d", m.to.Channel, i)
		}
	}
}

// TestRestored: after a restore nothing that may have been told is told again, and what
// comes later is, once.
func TestRestored(t *testing.T) {
	w := newWorld(t)
	c := w.meet(private)
	w.daily(c, 8)
	w.sites["a.example"].add(tale("quake", start.Add(-time.Hour)))
	w.walk(30 * time.Minute)
	backup := w.file + ".backup"
	if _, err := w.engine.Engine.(*bolt.Engine).Backup(t.Context(), backup); err != nil {
		t.Fatal(err)
	}
	w.sites["a.example"].add(tale("flood", w.now))
	w.walk(31 * time.Minute)
	if got := w.telegram.messages(); len(got) != 1 {
		t.Fatalf("before the restore %v", got)
	}
	w.engine.Engine.Close()
	w.file, w.engine = backup, nil
	e, err := bolt.Open(backup)
	if err != nil {
		t.Fatal(err)
	}
	s, err := store.Open(t.Context(), e)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Restored(t.Context(), w.now); err != nil {
		t.Fatal(err)
	}
	s.Close()
	w.live()
	w.walk(2 * time.Hour)
	if got := w.telegram.messages(); len(got) != 1 {
		t.Fatalf("after the restore %v", got)
	}
	w.sites["a.example"].add(tale("storm", w.now))
	w.walk(22 * time.Hour)
	got := w.telegram.messages()
	if len(got) != 2 {
		t.Fatalf("a day later %v", got)
	}
	if d := w.chat(c); len(d.Seen) != 1 {
		t.Errorf("the next digest brought %d stories: %s", len(d.Seen), got[1].text)
	}
}
