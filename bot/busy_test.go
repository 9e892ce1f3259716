package bot

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// TestTooFast: somebody who asks faster than they are answered is told so once, and
// nothing of that is done later, while others are answered at once.
func TestTooFast(t *testing.T) {
	const tooMany = 100
	w := newWorld(t, Access{})
	held := make(chan struct{})
	w.platform.fail = func(r Request) error {
		if r.ID == "fast0" {
			<-held
		}
		return nil
	}
	all := flood(typed(private("9"), "help"), 1+mostWaiting+tooMany)
	if err := w.Accept(t.Context(), all[0].Platform, all[:1], ""); err != nil {
		t.Fatal(err)
	}
	w.until(t, "fast0")
	if err := w.Accept(t.Context(), all[0].Platform, all[1:], ""); err != nil {
		t.Fatal(err)
	}
	other := typed(private("10"), "help")
	other.ID, other.At = "other", now
	asked := time.Now()
	if err := w.Accept(t.Context(), other.Platform, []Request{other}, ""); err != nil {
		t.Fatal(err)
	}
	w.until(t, "other")
	if took := time.Since(asked); took > 5*time.Second {
		t.Errorf("somebody else waited %s", took)
	}
	close(held)
	w.Wait()
	told := 0
	for i, r := range all[1:] {
		got := w.replies(r.ID)
		if len(got) != 1 {
			t.Fatalf("%s: %d answers", r.ID, len(got))
		}
		said := got[0].Toast + strings.Join(words(got[0]), "")
		shown = append(shown, said)
		switch late := i >= mostWaiting; {
		case strings.HasPrefix(said, "One moment, I am still on your last request."):
			told++
		case late && said != "", !late && said == "":
			t.Errorf("request %d: %q", i+1, said)
		}
	}
	if told != 1 {
		t.Errorf("told %d times to wait", told)
	}
	if waiting, err := w.desk.Waiting(t.Context()); err != nil || len(waiting) > 0 {
		t.Errorf("%d requests stay recorded, %v", len(waiting), err)
	}
}

// TestTooFastAgain: who was told to wait is told again after a calm.
func TestTooFastAgain(t *testing.T) {
	w := newWorld(t, Access{})
	for _, flooding := range []Request{press(private("9"), "digest:"), typed(private("9"), "help")} {
		w.n++
		held, first := make(chan struct{}), fmt.Sprint("wait", w.n)
		w.platform.fail = func(r Request) error {
			if r.ID == first {
				<-held
			}
			return nil
		}
		lead := flooding
		lead.ID, lead.At = first, now
		if err := w.Accept(t.Context(), lead.Platform, []Request{lead}, ""); err != nil {
			t.Fatal(err)
		}
		w.until(t, first)
		all := flood(flooding, mostWaiting+1)
		for i := range all {
			all[i].ID = fmt.Sprint(w.n, "-", i)
		}
		if err := w.Accept(t.Context(), lead.Platform, all, ""); err != nil {
			t.Fatal(err)
		}
		close(held)
		w.Wait()
		last := w.replies(all[mostWaiting].ID)
		if len(last) != 1 || last[0].Toast+strings.Join(words(last[0]), "") == "" {
			t.Errorf("not told to wait: %+v", last)
		}
	}
}

// flood is the same request n times.
func flood(r Request, n int) []Request {
	var all []Request
	for i := range n {
		r.ID, r.At = fmt.Sprint("fast", i), now
		all = append(all, r)
	}
	return all
}

// replies are the answers to a request so far.
func (w *world) replies(id string) []Reply {
	w.platform.mu.Lock()
	defer w.platform.mu.Unlock()
	return w.platform.replies[id]
}

// until waits for the first answer to a request.
func (w *world) until(t *testing.T, id string) {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); len(w.replies(id)) == 0; time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("%s is not answered", id)
		}
	}
}
