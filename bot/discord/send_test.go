package discord

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"newsdigest/bot/bottest/fakediscord"
	"newsdigest/digest"
)

// What the platform says, and what is made of it.
func TestSendFaults(t *testing.T) {
	t.Parallel()
	const send = fakediscord.RouteSend
	status := func(status, code int) fakediscord.Fault {
		return fakediscord.Fault{Route: send, Status: status, Body: fmt.Sprintf(`{"code":%d,"message":"no"}`, code)}
	}
	for _, c := range []struct {
		name   string
		fault  fakediscord.Fault
		want   digest.Fault // empty: sent
		wait   time.Duration
		global bool
	}{
		{"nothing", fakediscord.Fault{Route: "none"}, "", 0, false},
		{"accepted, answer lost", fakediscord.Fault{Route: send, Accept: true, Drop: true}, digest.Unknown, 0, false},
		{"accepted, answer cut off", fakediscord.Fault{Route: send, Accept: true, Cut: 30}, "", 0, false},
		{"accepted, then 502", fakediscord.Fault{Route: send, Accept: true, Status: 502, Body: "<html>"}, digest.Unknown, 0, false},
		{"500", status(500, 0), digest.Unknown, 0, false},
		{"504", fakediscord.Fault{Route: send, Status: 504}, digest.Unknown, 0, false},
		{"no answer", fakediscord.Fault{Route: send, Silent: true}, digest.Unknown, 0, false},
		{"limit", fakediscord.TooManyRequests(send, "user", 1500*time.Millisecond), digest.NotSent, 1500 * time.Millisecond, false},
		{"shared limit", fakediscord.TooManyRequests(send, "shared", time.Minute), digest.NotSent, time.Minute, false},
		{"global limit", fakediscord.TooManyRequests(send, "global", 300*time.Millisecond), digest.NotSent, 300 * time.Millisecond, true},
		{"cloudflare", fakediscord.Cloudflare(send, time.Hour), digest.NotSent, time.Hour, true},
		{"cloudflare that names no time", fakediscord.Fault{Route: send, Status: 429, Body: "<html>"}, digest.NotSent, proxyPause, true},
		{"limit without end", fakediscord.Fault{Route: send, Status: 429, Body: `{"retry_after":1e300}`}, digest.NotSent, longestWait, true},
		{"unknown channel", status(404, 10003), digest.Gone, 0, false},
		{"refuses direct messages", status(403, 50007), digest.Gone, 0, false},
		{"no access", status(403, 50001), digest.NotSent, askAgain, false},
		{"no permission", status(403, 50013), digest.NotSent, askAgain, false},
		{"invalid form", status(400, 50035), digest.Rejected, 0, false},
		{"automod", status(400, 200000), digest.Rejected, 0, false},
		{"token revoked", status(401, 0), digest.Shut, 0, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, fakediscord.Options{})
			if c.fault.Silent {
				w.p.rest.Client.Timeout = 500 * time.Millisecond
			}
			w.Fail(c.fault)
			to := digest.Address{Platform: digest.Discord, User: anna.ID, Channel: w.DM(anna.ID)}
			page := w.p.Pages(*say("Good morning.").Post)[0]
			_, err := w.p.Send(t.Context(), to, page, digest.Attempt{Key: "key1"})
			var got *digest.SendError
			if c.want == "" {
				if err != nil {
					t.Fatal(err)
				}
				return
			}
			if !errors.As(err, &got) || got.Fault != c.want || got.Global != c.global || got.RetryAfter.Round(time.Millisecond) != c.wait {
				t.Fatalf("got %+v (%v), want %s after %s, global %v", got, err, c.want, c.wait, c.global)
			}
			if strings.Contains(fmt.Sprintf("%v %+v %#v", err, err, errors.Unwrap(err)), "canary") {
				t.Errorf("the error shows the token: %+v", err)
			}
		})
	}
}

// Nothing was written: it is surely not sent.
func TestSendNoConnection(t *testing.T) {
	t.Parallel()
	p, err := New(Options{Token: canary, API: "http://127.0.0.1:1"})
	if err != nil {
		t.Fatal(err)
	}
	_, err = p.Send(t.Context(), digest.Address{Channel: "1"}, p.Pages(*say("Hello.").Post)[0], digest.Attempt{Key: "k"})
	var got *digest.SendError
	if !errors.As(err, &got) || got.Fault != digest.NotSent || strings.Contains(err.Error(), "canary") {
		t.Errorf("%v", err)
	}
}

// The same key twice is one message, and one that was deleted meanwhile was sent.
func TestSendTwice(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fakediscord.Options{})
	to := digest.Address{Platform: digest.Discord, User: anna.ID, Channel: w.DM(anna.ID)}
	page := w.p.Pages(*say("Good morning.").Post)[0]
	w.Fail(fakediscord.Fault{Route: fakediscord.RouteSend, Accept: true, Drop: true})
	a := digest.Attempt{Key: "abcdefghijklmnop", Silent: true}
	if _, err := w.p.Send(t.Context(), to, page, a); err == nil {
		t.Fatal("the answer was lost")
	}
	first, err := w.p.Send(t.Context(), to, page, a)
	if err != nil {
		t.Fatal(err)
	}
	got := w.FromBot(to.Channel)
	if len(got) != 1 || got[0].ID != first.Message || got[0].Flags != flagSilent {
		t.Errorf("%+v", got)
	}
	w.DeleteMessage(first.Message)
	if r, err := w.p.Send(t.Context(), to, page, a); err != nil || r.Message != "" {
		t.Errorf("%+v, %v", r, err)
	}
}

// A limit that is known is not run into, in its channel only, and the call does not wait.
func TestSendHeldBack(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fakediscord.Options{PerChannel: 2, PerChannelWindow: time.Hour})
	page := w.p.Pages(*say("Good morning.").Post)[0]
	one := digest.Address{User: "1", Channel: w.DM("1")}
	for i := range 2 {
		if _, err := w.p.Send(t.Context(), one, page, digest.Attempt{Key: fmt.Sprint("a", i)}); err != nil {
			t.Fatal(err)
		}
	}
	var got *digest.SendError
	if _, err := w.p.Send(t.Context(), one, page, digest.Attempt{Key: "a3"}); !errors.As(err, &got) || got.Fault != digest.NotSent || got.RetryAfter < 50*time.Minute {
		t.Errorf("%v", err)
	}
	if _, err := w.p.Send(t.Context(), digest.Address{User: "2", Channel: w.DM("2")}, page, digest.Attempt{Key: "b"}); err != nil {
		t.Error(err)
	}
	if n := len(w.Calls(fakediscord.RouteSend)); n != 3 {
		t.Errorf("%d calls, want 3", n)
	}
}

func TestOpenAndGone(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fakediscord.Options{})
	w.RefuseDMs("55")
	a, err := w.p.Open(t.Context(), "55")
	if err != nil || a != (digest.Address{Platform: digest.Discord, User: "55", Channel: w.DM("55")}) {
		t.Fatalf("%+v, %v", a, err)
	}
	var got *digest.SendError
	if _, err := w.p.Send(t.Context(), a, w.p.Pages(*say("Hello.").Post)[0], digest.Attempt{Key: "k"}); !errors.As(err, &got) || got.Fault != digest.Gone {
		t.Errorf("%v", err)
	}
}

// The history tells what arrived, also when the nonce has been forgotten.
func TestFind(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fakediscord.Options{})
	if _, err := w.p.Check(t.Context()); err != nil {
		t.Fatal(err)
	}
	to := digest.Address{User: "1", Channel: w.DM("1")}
	since := time.Now()
	for i := range 130 {
		page := w.p.Pages(morning())[0]
		if _, err := w.p.Send(t.Context(), to, page, digest.Attempt{Key: fmt.Sprintf("key%013d", i*7919)}); err != nil {
			t.Fatal(err)
		}
	}
	for key, want := range map[string]bool{"key0000000000000": true, fmt.Sprintf("key%013d", 129*7919): true, "never-sent": false} {
		r, ok, err := w.p.Find(t.Context(), to, key, since)
		if ok != want || err != nil || ok && r.Message == "" {
			t.Errorf("%s: %+v %v, %v", key, r, ok, err)
		}
	}
	var m past
	m.Embeds = []embed{{Footer: &footer{Text: "Check the sources. " + mark("abcdefghij")}}}
	if !m.carries("abcdefghij") || m.carries("bbcdefghij") {
		t.Error("the mark in the footer does not tell")
	}
}

// Refused too often, the bot keeps still by itself, but for those who wait for an answer;
// refusals that concern all bots do not count.
func TestRefusals(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fakediscord.Options{})
	w.ready(t)
	w.Fail(fakediscord.Fault{Route: fakediscord.RouteSend, Status: 403, Body: `{"code":50001,"message":"Missing Access"}`, Times: -1})
	page := w.p.Pages(*say("Good morning.").Post)[0]
	send := func(n int) error {
		user := fmt.Sprint(n)
		_, err := w.p.Send(t.Context(), digest.Address{User: user, Channel: w.DM(user)}, page, digest.Attempt{Key: user})
		return err
	}
	for n := range maxRefusals {
		send(n + 1)
	}
	var got *digest.SendError
	if err := send(9999); !errors.As(err, &got) || got.Fault != digest.NotSent || !got.Global || got.RetryAfter < refusalSpan-time.Minute || got.RetryAfter > refusalSpan {
		t.Errorf("%+v", err)
	}
	if n := len(w.Calls(fakediscord.RouteSend)); n != maxRefusals {
		t.Errorf("%d calls, want %d", n, maxRefusals)
	}
	i := w.Slash(fakediscord.Place{}, anna, "help")
	if err := w.p.Answer(t.Context(), w.next(t), say("Here.")); err != nil || message1(t, i).Content != "Here." {
		t.Errorf("an answer is held back: %v", err)
	}
}

// TestRefusalsLapse: only the refusals of the last ten minutes count, and none of a limit
// that is shared.
func TestRefusalsLapse(t *testing.T) {
	var l limits
	start := time.Now()
	shared := &evidence{status: 429, header: http.Header{"X-Ratelimit-Scope": {"shared"}, "X-Ratelimit-Bucket": {"b"}}}
	for i := range 2 * maxRefusals {
		l.note("k", shared, start)
		l.note("k", &evidence{status: 403, header: http.Header{}}, start.Add(time.Duration(i)*2*time.Second))
	}
	last := start.Add((2*maxRefusals - 1) * 2 * time.Second) // 300 in ten minutes
	if wait, _ := l.wait("other", last); wait != 0 {
		t.Errorf("held back for %s", wait)
	}
	for range maxRefusals {
		l.note("k", &evidence{status: 401, header: http.Header{}}, last)
	}
	if wait, global := l.wait("other", last.Add(time.Minute)); wait != refusalSpan-time.Minute || !global {
		t.Errorf("held back for %s, global %v", wait, global)
	}
	if wait, _ := l.wait("other", last.Add(refusalSpan)); wait != 0 {
		t.Errorf("held back for %s after all", wait)
	}
}
