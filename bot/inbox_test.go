package bot

import (
	"context"
	"encoding/json"
	"errors"
	"testing"

	"newsdigest/bot/desk"
	"newsdigest/digest"
	"newsdigest/digest/fetch"
	"newsdigest/store"
	"newsdigest/store/kv"
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

// TestListenTakesNothingAnswered: what was listed as waiting and has been answered since is
// not answered again.
func TestListenTakesNothingAnswered(t *testing.T) {
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
	waiting, err := w.desk.Waiting(t.Context())
	if err != nil || len(waiting) != 1 {
		t.Fatal(len(waiting), err)
	}
	close(held)
	w.Wait()
	if err := (&inbox{Bot: w.Bot, lease: "telegram"}).take(t.Context(), waiting, true); err != nil {
		t.Fatal(err)
	}
	w.Wait()
	if got := len(w.replies("slow")); got != 1 {
		t.Errorf("%d answers, want 1", got)
	}
}

// TestListenTakesAgain: a request that is left to whoever has the lease next is answered, if
// that is this process again and finds it in hand still.
func TestListenTakesAgain(t *testing.T) {
	w := newWorld(t, Access{})
	r := typed(private("9"), "help")
	r.ID, r.At = "left", now
	body, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	in := []desk.Incoming{{ID: r.ID, Body: body, At: now, By: "telegram"}}
	if _, err := w.desk.Accept(t.Context(), "", r.Platform, in, ""); err != nil {
		t.Fatal(err)
	}
	first := request{Request: r, in: &inbox{Bot: w.Bot, lease: "telegram"}}
	if !w.begin(t.Context(), first) {
		t.Fatal("it is in hand already")
	}
	e := Ear{Platform: r.Platform, Lease: "telegram", First: true, Listen: func(context.Context, Inbox) error {
		w.end(first, true)
		return nil
	}}
	if err := w.Listen(t.Context(), e); err != nil {
		t.Fatal(err)
	}
	w.Wait()
	if got := len(w.replies("left")); got != 1 {
		t.Errorf("%d answers, want 1", got)
	}
}

// doubtful is an engine that makes one update and says that it does not know.
type doubtful struct {
	kv.Engine
	doubts bool
}

var errUnknown = errors.New("nobody knows whether it was written")

func (e *doubtful) Update(ctx context.Context, fn func(kv.Tx) error) error {
	err := e.Engine.Update(ctx, fn)
	if err == nil && e.doubts {
		e.doubts = false
		return errUnknown
	}
	return err
}

// TestAcceptInDoubt: a request that was recorded though Accept failed is answered when the
// platform tells of it again.
func TestAcceptInDoubt(t *testing.T) {
	w := newWorld(t, Access{})
	e := &doubtful{Engine: w.engine}
	st, err := store.Open(t.Context(), e)
	if err != nil {
		t.Fatal(err)
	}
	client := fetch.New(fetch.Options{})
	t.Cleanup(client.Close)
	w.desk, err = desk.New(t.Context(), desk.Options{Store: st, Fetch: client, Editor: Editor{}})
	if err != nil {
		t.Fatal(err)
	}
	r := typed(private("9"), "help")
	r.ID, r.At = "twice", now
	ear := Ear{Platform: r.Platform, Lease: "telegram", First: true, Listen: func(ctx context.Context, in Inbox) error {
		e.doubts = true
		if err := in.Accept(ctx, digest.Telegram, []Request{r}, "5"); !errors.Is(err, errUnknown) {
			t.Errorf("Accept: %v", err)
		}
		return in.Accept(ctx, digest.Telegram, []Request{r}, "5")
	}}
	if err := w.Listen(t.Context(), ear); err != nil {
		t.Fatal(err)
	}
	w.Wait()
	if got := len(w.replies("twice")); got != 1 {
		t.Errorf("%d answers, want 1", got)
	}
}
