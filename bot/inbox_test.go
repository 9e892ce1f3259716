package bot

import (
	"context"
	"encoding/json"
	"testing"

	"newsdigest/bot/desk"
	"newsdigest/digest"
)

// TestListenResumes: whoever begins to listen answers what was recorded under the same lease
// and not handled; the first ear of a platform also what was recorded by none that there is.
func TestListenResumes(t *testing.T) {
	w := newWorld(t, Access{})
	for id, by := range map[string]string{"own": "discord/0", "other": "discord/1", "no more": "discord/7", "nobody": ""} {
		r := typed(private("9"), "help")
		r.ID, r.At, r.Platform, r.User = id, now, digest.Discord, id
		body, err := json.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		in := []desk.Incoming{{ID: id, Body: body, At: now, By: by}}
		if _, err := w.desk.Accept(t.Context(), by, digest.Discord, in, ""); err != nil {
			t.Fatal(err)
		}
	}
	leases := []string{"discord/0", "discord/1"}
	listen := func(e Ear, during func(Inbox)) {
		e.Platform, e.Others = digest.Discord, leases
		e.Listen = func(ctx context.Context, in Inbox) error {
			during(in)
			return nil
		}
		if err := w.Listen(t.Context(), e); err != nil {
			t.Fatal(err)
		}
	}
	answered := func(want map[string]int) {
		t.Helper()
		w.Wait()
		for id, n := range want {
			if got := len(w.replies(id)); got != n {
				t.Errorf("%s: %d answers, want %d", id, got, n)
			}
		}
	}
	listen(Ear{Lease: "discord/0", First: true}, func(Inbox) {})
	answered(map[string]int{"own": 1, "no more": 1, "nobody": 1, "other": 0})
	listen(Ear{Lease: "discord/1"}, func(in Inbox) {
		r := typed(private("10"), "help")
		r.ID, r.At, r.Platform = "new", now, digest.Discord
		if err := in.Accept(t.Context(), digest.Discord, []Request{r, r}, ""); err != nil {
			t.Error(err)
		}
	})
	answered(map[string]int{"own": 1, "no more": 1, "nobody": 1, "other": 1, "new": 1})
	if waiting, err := w.desk.Waiting(t.Context()); err != nil || len(waiting) > 0 {
		t.Errorf("%d requests stay recorded, %v", len(waiting), err)
	}
}

// TestListenTakesOnce: a request that is being answered is not taken up again by who resumes.
func TestListenTakesOnce(t *testing.T) {
	w := newWorld(t, Access{})
	held, begun := make(chan struct{}), make(chan struct{})
	w.platform.fail = func(Request) error {
		close(begun)
		<-held
		return nil
	}
	r := typed(private("9"), "help")
	r.ID, r.At = "slow", now
	if err := w.Accept(t.Context(), r.Platform, []Request{r}, ""); err != nil {
		t.Fatal(err)
	}
	<-begun
	e := Ear{Platform: r.Platform, Lease: "telegram", First: true, Others: []string{"telegram"}, Listen: func(context.Context, Inbox) error { return nil }}
	if err := w.Listen(t.Context(), e); err != nil {
		t.Fatal(err)
	}
	close(held)
	w.Wait()
	if got := len(w.replies("slow")); got != 1 {
		t.Errorf("%d answers, want 1", got)
	}
}
