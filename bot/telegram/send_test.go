package telegram

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"newsdigest/bot/bottest/faketelegram"
	"newsdigest/digest"
)

// TestSendFaults goes through every way in which a send can end.
func TestSendFaults(t *testing.T) {
	type want struct {
		fault      digest.Fault // empty for success
		retryAfter time.Duration
		arrived    bool // the server has the message
	}
	html := func(status int) faketelegram.Fault {
		f := faketelegram.BadGateway("sendMessage")
		f.Status = status
		return f
	}
	with := func(f faketelegram.Fault, change func(*faketelegram.Fault)) faketelegram.Fault {
		change(&f)
		return f
	}
	accept := func(f *faketelegram.Fault) { f.Accept = true }
	refusal := func(code int, description string) faketelegram.Fault {
		return faketelegram.Refusal("sendMessage", code, description)
	}
	tests := []struct {
		name  string
		fault faketelegram.Fault
		want  want
	}{
		{"reset before", faketelegram.Fault{Action: faketelegram.Drop}, want{fault: digest.Unknown}},
		{"reset after acceptance", faketelegram.Fault{Action: faketelegram.Drop, Accept: true}, want{fault: digest.Unknown, arrived: true}},
		{"cut off", faketelegram.Fault{Action: faketelegram.Cut, Accept: true}, want{arrived: true}},
		{"200 that is no JSON", faketelegram.Fault{Status: 200, Body: "<html>", Accept: true}, want{arrived: true}},
		{"502 of a proxy", html(502), want{fault: digest.Unknown}},
		{"502 of a proxy after acceptance", with(html(502), accept), want{fault: digest.Unknown, arrived: true}},
		{"504 of a proxy", html(504), want{fault: digest.Unknown}},
		{"500 of Telegram", refusal(500, "Internal Server Error"), want{fault: digest.Unknown}},
		{"429", faketelegram.Flood("sendMessage", 7), want{fault: digest.NotSent, retryAfter: 7 * time.Second}},
		{"429 of a proxy", with(html(429), func(f *faketelegram.Fault) { f.Header = http.Header{"Retry-After": {"30"}} }),
			want{fault: digest.NotSent, retryAfter: 30 * time.Second}},
		{"403 of a proxy", html(403), want{fault: digest.NotSent}},
		{"redirect", with(html(302), func(f *faketelegram.Fault) { f.Header = http.Header{"Location": {"/elsewhere"}} }),
			want{fault: digest.NotSent}},
		{"401", refusal(401, "Unauthorized"), want{fault: digest.Shut}},
		{"404", refusal(404, "Not Found"), want{fault: digest.Shut}},
		{"blocked", refusal(403, "Forbidden: bot was blocked by the user"), want{fault: digest.Gone}},
		{"no such chat", refusal(400, "Bad Request: chat not found"), want{fault: digest.Gone}},
		{"no such topic", refusal(400, "Bad Request: message thread not found"), want{fault: digest.Gone}},
		{"closed topic", refusal(400, "Bad Request: TOPIC_CLOSED"), want{fault: digest.Gone}},
		{"may not write", refusal(400, "Bad Request: not enough rights to send text messages to the chat"), want{fault: digest.Gone}},
		{"markup", refusal(400, "Bad Request: can't parse entities: Unsupported start tag \"x\" at byte offset 3"), want{fault: digest.Rejected}},
		{"too long", refusal(400, "Bad Request: message is too long"), want{fault: digest.Rejected}},
		{"all is well", faketelegram.Fault{}, want{arrived: true}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r := newRig(t, faketelegram.Options{})
			r.fake.Say(7, 7, "/start")
			test.fault.Method = "sendMessage"
			r.fake.Fail(test.fault)
			_, err := r.Send(t.Context(), privateChat("7"), r.page(says("hello")), digest.Attempt{})
			checkFault(t, r, err, test.want.fault, test.want.retryAfter)
			if got := len(r.fake.Messages(7)) == 1; got != test.want.arrived {
				t.Errorf("arrived: %v", got)
			}
			if n := len(r.fake.Calls("sendMessage")); n != 1 {
				t.Errorf("%d calls, want 1", n)
			}
		})
	}
}

func checkFault(t *testing.T, r *rig, err error, want digest.Fault, retryAfter time.Duration) {
	t.Helper()
	if want == "" {
		if err != nil {
			t.Errorf("error: %v", err)
		}
		return
	}
	var e *digest.SendError
	if !errors.As(err, &e) {
		t.Fatalf("error %v is no SendError, want %s", err, want)
	}
	if e.Fault != want || e.RetryAfter != retryAfter {
		t.Errorf("%s after %s, want %s after %s (%v)", e.Fault, e.RetryAfter, want, retryAfter, err)
	}
	for inner := err; inner != nil; inner = errors.Unwrap(inner) {
		noToken(t, r.fake.Token(), "error", fmt.Sprintf("%v %+v", inner, inner))
	}
}

func TestSendWithoutConnection(t *testing.T) {
	r := newRig(t, faketelegram.Options{})
	r.fake.Say(7, 7, "/start")
	r.fake.Down()
	_, err := r.Send(t.Context(), privateChat("7"), r.page(says("hello")), digest.Attempt{})
	checkFault(t, r, err, digest.NotSent, 0)
}

func TestSendToSilentServer(t *testing.T) {
	r := newRig(t, faketelegram.Options{})
	r.fake.Say(7, 7, "/start")
	r.fake.Fail(faketelegram.Fault{Method: "sendMessage", Action: faketelegram.Silent})
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		r.fake.Wait(ctx, func(l *faketelegram.Ledger) bool { return len(l.Calls("sendMessage")) == 1 })
		cancel()
	}()
	_, err := r.Send(ctx, privateChat("7"), r.page(says("hello")), digest.Attempt{})
	checkFault(t, r, err, digest.Unknown, 0)
	if !errors.Is(err, context.Canceled) {
		t.Errorf("%v does not say that the context ended", err)
	}
}

// TestSendTimesOut runs in virtual time: nothing waits for a silent server for ever.
func TestSendTimesOut(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		fake, err := faketelegram.NewHandler(faketelegram.Options{})
		if err != nil {
			t.Fatal(err)
		}
		fake.Say(7, 7, "/start")
		fake.Fail(faketelegram.Fault{Method: "sendMessage", Action: faketelegram.Silent, Accept: true})
		tg, err := New(Options{Token: fake.Token(), URL: fake.URL(), Transport: fake.Transport()})
		if err != nil {
			t.Fatal(err)
		}
		began := time.Now()
		_, err = tg.Send(t.Context(), privateChat("7"), tg.Pages(says("hello"))[0], digest.Attempt{})
		checkFault(t, &rig{Telegram: tg, fake: fake}, err, digest.Unknown, 0)
		if took := time.Since(began); took != callTimeout {
			t.Errorf("took %s", took)
		}
	})
}

func TestSendAfterMigration(t *testing.T) {
	r := newRig(t, faketelegram.Options{})
	r.fake.Say(-42, 7, "/digest")
	to := r.fake.Migrate(-42)
	_, err := r.Send(t.Context(), group(-42, 0), r.page(says("hello")), digest.Attempt{})
	var e *digest.SendError
	if !errors.As(err, &e) || e.Fault != digest.Moved || e.To != group(to, 0) {
		t.Errorf("%+v", err)
	}
	if _, err := r.Send(t.Context(), e.To, r.page(says("hello")), digest.Attempt{}); err != nil {
		t.Error(err)
	}
}

func TestSecondFloodIsGlobal(t *testing.T) {
	r := newRig(t, faketelegram.Options{})
	r.fake.Fail(faketelegram.Fault{Method: "sendMessage", Times: -1, Status: 429,
		Body: `{"ok":false,"error_code":429,"description":"Too Many Requests: retry after 3","parameters":{"retry_after":3}}`})
	for i, chat := range []string{"7", "7", "8"} {
		_, err := r.Send(t.Context(), privateChat(chat), r.page(says("hello")), digest.Attempt{})
		var e *digest.SendError
		if !errors.As(err, &e) || e.Global != (i == 2) {
			t.Errorf("send %d: %+v", i, e)
		}
	}
}

func TestSend(t *testing.T) {
	r := newRig(t, faketelegram.Options{})
	const forum = -1000000000042
	r.fake.AddThread(forum, 5)
	post := says("hello")
	post.Buttons = [][]digest.Button{{{Label: "More", Action: "more:x:2"}, {Label: "Site", URL: "https://a.example/"}}}
	receipt, err := r.Send(t.Context(), group(forum, 5), r.page(post), digest.Attempt{Repeat: true, Silent: true})
	if err != nil {
		t.Fatal(err)
	}
	m := r.fake.Messages(forum)[0]
	if receipt.Message != fmt.Sprint(m.ID) || m.Thread != 5 || !m.Silent || m.Preview || !m.HTML {
		t.Errorf("%+v, receipt %+v", m, receipt)
	}
	if m.Text != "This may be a repeat.\n\nhello" {
		t.Errorf("text %q", m.Text)
	}
	if b, ok := m.Find("More"); !ok || b.Data != "more:x:2" {
		t.Errorf("buttons %+v", m.Buttons)
	}
	if b, ok := m.Find("Site"); !ok || b.URL != "https://a.example/" {
		t.Errorf("buttons %+v", m.Buttons)
	}
	for _, a := range []digest.Attempt{{Variant: 9}, {Variant: -1}} {
		_, err := r.Send(t.Context(), group(forum, 5), r.page(post), a)
		checkFault(t, r, err, digest.Rejected, 0)
	}
	_, err = r.Send(t.Context(), group(forum, 5), digest.Page{Variants: []digest.Variant{{Payload: []byte("{")}}}, digest.Attempt{})
	checkFault(t, r, err, digest.Rejected, 0)
}

// TestEveryVariantArrives sends a digest in each of its forms.
func TestEveryVariantArrives(t *testing.T) {
	r := newRig(t, faketelegram.Options{})
	r.fake.Say(7, 7, "/start")
	page := r.page(goldenPost())
	for i := range page.Variants {
		if _, err := r.Send(t.Context(), privateChat("7"), page, digest.Attempt{Variant: i}); err != nil {
			t.Errorf("%s: %v", page.Variants[i].Kind, err)
		}
	}
	for i, m := range r.fake.Messages(7) {
		if !strings.Contains(m.Text, "1. Coastal states agree") || m.HTML != (i == 0) {
			t.Errorf("%+v", m)
		}
	}
}
