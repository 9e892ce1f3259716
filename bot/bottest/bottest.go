// Package bottest is the suite that every platform passes: what the bot and the desk rely
// on, whatever people chat on.
package bottest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"newsdigest/bot"
	"newsdigest/digest"
)

// Platform is what the suite tries out.
type Platform interface {
	bot.Answerer
	// What the desk calls a messenger.
	Pages(p digest.Post) []digest.Page
	Send(ctx context.Context, to digest.Address, p digest.Page, a digest.Attempt) (digest.Receipt, error)
	Open(ctx context.Context, user string) (digest.Address, error)
}

// Subject is a platform with something to talk to.
type Subject struct {
	Platform Platform
	// To is a chat that the bot may write to.
	To digest.Address
	// Manager is a fresh request of somebody who may change the chat that it is for, Other
	// one of somebody who may not; nil where everybody may.
	Manager func() bot.Request
	Other   func() bot.Request
	// Shown are the texts of the bot's messages to whoever sent the request, oldest first,
	// as a reader sees them now.
	Shown func(r bot.Request) []string
	// Sent is how many messages arrived at To.
	Sent func() int
	// Fits tells what is wrong with a page's variant by the platform's published limits,
	// empty if nothing is; nil where there are none.
	Fits func(v digest.Variant) string
	// Down makes the platform unreachable for good; nil where it cannot be.
	Down func()
	// Secret must not be in any error.
	Secret string
	// Dialogue is somebody to talk to in private; nil leaves out what needs one.
	Dialogue *Dialogue
}

// Factory makes a subject that lives as long as the test.
type Factory func(t *testing.T) Subject

// patience is how long the suite waits for one call.
const patience = 10 * time.Second

// Run runs the suite.
func Run(t *testing.T, make Factory) {
	for _, c := range []struct {
		name string
		run  func(*testing.T, context.Context, Subject)
	}{
		{"pages", pages}, {"send", send}, {"variants", variants}, {"answer", answer}, {"rights", rights}, {"lost", lost},
		{"choices", choices}, {"replies", replies}, {"files", files},
	} {
		t.Run(c.name, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), patience)
			defer cancel()
			c.run(t, ctx, make(t))
		})
	}
}

// pages: the same pages for the same post, whole and within the limits.
func pages(t *testing.T, _ context.Context, s Subject) {
	stories, messages, wrong := 0, 0, 0
	defer func() {
		t.Logf("%d digests, %d stories, %d messages: %d refused or over a limit", *generated, stories, messages, wrong)
	}()
	for i := range *generated {
		p := Digest(i)
		got := s.Platform.Pages(p)
		if len(got) == 0 {
			t.Fatalf("digest %d: no page", i)
		}
		if i < repeated && !slices.EqualFunc(got, s.Platform.Pages(p), same) {
			t.Fatalf("digest %d: other pages the second time", i)
		}
		stories += len(p.Stories)
		for n, page := range got {
			messages += len(page.Variants)
			wrong += checkPage(t, s, i, n, page)
		}
	}
}

func same(a, b digest.Page) bool {
	return slices.EqualFunc(a.Variants, b.Variants, func(a, b digest.Variant) bool {
		return a.Kind == b.Kind && bytes.Equal(a.Payload, b.Payload)
	})
}

// checkPage returns how many of the page's variants are wrong.
func checkPage(t *testing.T, s Subject, i, n int, page digest.Page) (bad int) {
	t.Helper()
	if len(page.Variants) < 1 || len(page.Variants) > 3 {
		t.Errorf("digest %d, page %d: %d variants, want 1 to 3", i, n, len(page.Variants))
	}
	for _, v := range page.Variants {
		if !json.Valid(v.Payload) {
			t.Errorf("digest %d, page %d, %s: no JSON", i, n, v.Kind)
		}
		if s.Fits == nil {
			continue
		}
		if wrong := s.Fits(v); wrong != "" {
			bad++
			t.Errorf("digest %d, page %d, %s: %s", i, n, v.Kind, wrong)
		}
	}
	return bad
}

// send: a page arrives once, with a receipt.
func send(t *testing.T, ctx context.Context, s Subject) {
	before := s.Sent()
	got := s.Platform.Pages(Digest(0))
	for n, page := range got {
		receipt, err := s.Platform.Send(ctx, s.To, page, digest.Attempt{Key: "send-" + string(rune('a'+n))})
		if err != nil {
			t.Fatalf("page %d: %v", n, err)
		}
		if receipt.Message == "" || receipt.At.IsZero() {
			t.Errorf("page %d: receipt %+v, want the message's id and time", n, receipt)
		}
	}
	if sent := s.Sent() - before; sent != len(got) {
		t.Errorf("%d messages arrived, want %d", sent, len(got))
	}
}

// variants: whatever is in a digest, the platform takes every form of it.
func variants(t *testing.T, ctx context.Context, s Subject) {
	for i := range 2 * len(scripts) {
		for n, page := range s.Platform.Pages(Digest(i)) {
			for v := range page.Variants {
				a := digest.Attempt{Key: strings.Join([]string{"v", string(rune('a' + i)), string(rune('a' + n)), string(rune('a' + v))}, "-"), Variant: v, Repeat: true}
				if _, err := s.Platform.Send(ctx, s.To, page, a); err != nil {
					t.Errorf("digest %d, page %d, variant %s: %v", i, n, page.Variants[v].Kind, err)
				}
			}
		}
	}
}

// answer: the first reply answers, the next one for the same request takes its place
// where the platform can edit; both are seen at least once and nothing is said thrice.
func answer(t *testing.T, ctx context.Context, s Subject) {
	r := s.Manager()
	if err := s.Platform.Answer(ctx, r, bot.Reply{Working: true}); err != nil {
		t.Fatalf("working: %v", err)
	}
	for _, text := range []string{"First words.", "Second words, <b>&amp; @everyone."} {
		if err := s.Platform.Answer(ctx, r, bot.Reply{Post: plain(text)}); err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		if shown := s.Shown(r); len(shown) == 0 || !strings.Contains(shown[len(shown)-1], text[:12]) {
			t.Fatalf("shown %q, want %q last", shown, text)
		}
	}
	quiet := s.Manager()
	if err := s.Platform.Answer(ctx, quiet, bot.Reply{}); err != nil {
		t.Errorf("nothing to say: %v", err)
	}
}

func plain(text string) *digest.Post {
	return &digest.Post{Language: "en", Lines: []digest.Line{digest.Plain(text)}, Time: start}
}

func rights(t *testing.T, ctx context.Context, s Subject) {
	got, err := s.Platform.Rights(ctx, s.Manager())
	if err != nil || !got.Manage {
		t.Errorf("manager: %+v, %v; want the right to manage", got, err)
	}
	if s.Other == nil {
		return
	}
	if got, err = s.Platform.Rights(ctx, s.Other()); err != nil || got.Manage {
		t.Errorf("other: %+v, %v; want no right to manage", got, err)
	}
}

// lost: with the server gone every error is one the desk can act on, and none tells the
// secret.
func lost(t *testing.T, ctx context.Context, s Subject) {
	if s.Down == nil {
		t.Skip("this platform is always there")
	}
	page := s.Platform.Pages(Digest(1))[0]
	r := s.Manager()
	s.Down()
	_, err := s.Platform.Send(ctx, s.To, page, digest.Attempt{Key: "lost"})
	var se *digest.SendError
	if !errors.As(err, &se) || se.Fault != digest.NotSent && se.Fault != digest.Unknown {
		t.Errorf("Send: %v, want a SendError %q or %q", err, digest.NotSent, digest.Unknown)
	}
	answered := s.Platform.Answer(ctx, r, bot.Reply{Post: plain("Nobody hears this.")})
	if answered == nil {
		t.Error("Answer: no error")
	}
	for _, e := range []error{err, answered} {
		if e != nil && s.Secret != "" && strings.Contains(e.Error(), s.Secret) {
			t.Errorf("the secret is in the error: %v", e)
		}
	}
}
