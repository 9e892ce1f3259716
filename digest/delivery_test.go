package digest

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

var sendTime = time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC)

// underWay is a delivery of pages in three variants each, with an attempt begun.
func underWay(pages int) Delivery {
	d := Delivery{ID: "d", State: Ready, Slot: Slot{Local: "2026-03-02T08:00", At: sendTime},
		NextAt: sendTime, Deadline: sendTime.Add(6 * time.Hour)}
	for range pages {
		d.Pages = append(d.Pages, PageDelivery{State: Ready, Page: Page{Variants: []Variant{{Kind: Rich}, {Kind: PlainText}, {Kind: LinksOnly}}}})
	}
	return d.Begin(sendTime)
}

// TestDeliveryNext leads every fault to where it has to go.
func TestDeliveryNext(t *testing.T) {
	change := func(f func(*Delivery)) Delivery { d := underWay(1); f(&d); return d }
	page := func(f func(*PageDelivery)) Delivery { return change(func(d *Delivery) { f(&d.Pages[0]) }) }
	unclear := func(p *PageDelivery) { p.Unclear = true }
	last := func(p *PageDelivery) { p.Attempts = MaxAttempts }
	late := func(d *Delivery) { d.Deadline = sendTime }
	noRepeat := func(d *Delivery) { d.NoRepeat = true }
	const spread = 5 // delays grow by up to a quarter: at most 5/4 of what is stated
	tests := []struct {
		name    string
		d       Delivery
		o       Outcome
		state   State
		page    State
		after   time.Duration // of the next look; 0: none, or at once
		variant int
		counted int // attempts
		unclear bool
	}{
		{"arrived", underWay(1), Outcome{}, Sent, Sent, 0, 0, 1, false},
		{"arrived after all", page(unclear), Outcome{}, Sent, Sent, 0, 0, 1, true},
		{"not sent", underWay(1), Outcome{Fault: NotSent}, Waiting, Waiting, 2 * time.Second, 0, 1, false},
		{"not sent twice", page(func(p *PageDelivery) { p.Attempts = 2 }), Outcome{Fault: NotSent}, Waiting, Waiting, 4 * time.Second, 0, 2, false},
		{"not sent seven times", page(func(p *PageDelivery) { p.Attempts = 7 }), Outcome{Fault: NotSent}, Waiting, Waiting, 128 * time.Second, 0, 7, false},
		{"not sent eight times", page(last), Outcome{Fault: NotSent}, Failed, Failed, 0, 0, 8, false},
		{"not sent, past the deadline", change(late), Outcome{Fault: NotSent}, Expired, Expired, 0, 0, 1, false},
		{"unclear, then not sent past the deadline", change(func(d *Delivery) { late(d); unclear(&d.Pages[0]) }), Outcome{Fault: NotSent}, Unsure, Unsure, 0, 0, 1, true},
		{"limit obeyed", underWay(1), Outcome{Fault: NotSent, RetryAfter: 37 * time.Second}, Waiting, Waiting, 37 * time.Second, 0, 0, false},
		{"limit obeyed at the last attempt", page(last), Outcome{Fault: NotSent, RetryAfter: time.Second}, Waiting, Waiting, time.Second, 0, 7, false},
		{"unknown", underWay(1), Outcome{Fault: Unknown}, Waiting, Waiting, RepeatDelay, 0, 1, true},
		{"unknown twice", page(unclear), Outcome{Fault: Unknown}, Unsure, Unsure, 0, 0, 1, true},
		{"unknown where it can be found", underWay(1), Outcome{Fault: Unknown, Finds: true}, Waiting, Waiting, RepeatDelay, 0, 1, true},
		{"unknown where repeats are not wanted", change(noRepeat), Outcome{Fault: Unknown}, Unsure, Unsure, 0, 0, 1, true},
		{"unknown where it can be found and repeats are not wanted", change(noRepeat), Outcome{Fault: Unknown, Finds: true}, Waiting, Waiting, RepeatDelay, 0, 1, true},
		{"unknown twice where it can be found", page(unclear), Outcome{Fault: Unknown, Finds: true}, Waiting, Waiting, RepeatDelay, 0, 1, true},
		{"unknown eight times", page(func(p *PageDelivery) { last(p); unclear(p) }), Outcome{Fault: Unknown, Finds: true}, Unsure, Unsure, 0, 0, 8, true},
		{"unknown past the deadline", change(late), Outcome{Fault: Unknown}, Unsure, Unsure, 0, 0, 1, true},
		{"unknown past the deadline where it can be found", change(late), Outcome{Fault: Unknown, Finds: true}, Waiting, Waiting, RepeatDelay, 0, 1, true},
		{"not there past the deadline", change(func(d *Delivery) { late(d); unclear(&d.Pages[0]) }), Outcome{Fault: NotSent, Absent: true}, Expired, Expired, 0, 0, 1, false},
		{"rejected", underWay(1), Outcome{Fault: Rejected}, Waiting, Waiting, 0, 1, 1, false},
		{"rejected plain", page(func(p *PageDelivery) { p.Variant = 1 }), Outcome{Fault: Rejected}, Waiting, Waiting, 0, 2, 1, false},
		{"rejected links", page(func(p *PageDelivery) { p.Variant = 2 }), Outcome{Fault: Rejected}, Failed, Failed, 0, 2, 1, false},
		{"unclear, then rejected", page(unclear), Outcome{Fault: Rejected}, Unsure, Unsure, 0, 0, 1, true},
		{"unclear, then rejected where it can be found", page(unclear), Outcome{Fault: Rejected, Finds: true}, Unsure, Unsure, 0, 0, 1, true},
		{"moved", underWay(1), Outcome{Fault: Moved}, Waiting, Waiting, 0, 0, 1, false},
		{"moved for the eighth time", page(last), Outcome{Fault: Moved}, Failed, Failed, 0, 0, 8, false},
		{"gone", underWay(1), Outcome{Fault: Gone}, Cancelled, Cancelled, 0, 0, 1, false},
		{"platform shut", underWay(1), Outcome{Fault: Shut}, Waiting, Waiting, LongestDelay, 0, 0, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			before := tt.d.Pages[0]
			got := tt.d.Next(tt.o, sendTime)
			p := got.Pages[0]
			if got.State != tt.state || p.State != tt.page || p.Variant != tt.variant || p.Attempts != tt.counted || p.Unclear != tt.unclear {
				t.Errorf("delivery %s, page %s, variant %d, %d attempts, unclear %v; want %s, %s, %d, %d, %v",
					got.State, p.State, p.Variant, p.Attempts, p.Unclear, tt.state, tt.page, tt.variant, tt.counted, tt.unclear)
			}
			wait := got.NextAt.Sub(sendTime)
			exact := tt.o.RetryAfter > 0 || tt.after == 0 || tt.o.Fault == Shut
			switch {
			case got.State.Final() != got.NextAt.IsZero():
				t.Errorf("%s, next look %v", got.State, got.NextAt)
			case got.State.Final():
			case exact && wait != tt.after, wait < tt.after, wait > tt.after*spread/4:
				t.Errorf("waits %v, want %v", wait, tt.after)
			}
			if diff := cmp.Diff(before, tt.d.Pages[0]); diff != "" {
				t.Errorf("the delivery it was called on has changed: %s", diff)
			}
		})
	}
}

// TestDelays: 2 s that double, spread by delivery and attempt, the same each time.
func TestDelays(t *testing.T) {
	apart := map[time.Duration]bool{}
	for _, id := range []DeliveryID{"a", "b", "c", "d"} {
		for n := 1; n <= 20; n++ {
			least := min(LongestDelay, FirstDelay<<min(n-1, 10))
			got := Delivery{ID: id}.delay(n)
			if got < least || got > least*5/4 {
				t.Errorf("%s: delay after %d attempts is %v, want %v and up to a quarter more", id, n, got, least)
			}
			if got != (Delivery{ID: id}).delay(n) {
				t.Errorf("%s: delay after %d attempts differs from call to call", id, n)
			}
		}
		apart[Delivery{ID: id}.delay(3)] = true
	}
	if len(apart) < 3 {
		t.Errorf("four deliveries come back at %d different times", len(apart))
	}
}

// TestPages: pages go one after the other, the second without a sound, a refused one does
// not hold up the next, and the delivery is as good as its worst page.
func TestPages(t *testing.T) {
	d := underWay(2)
	first := d.Attempt(false)
	d = d.Next(Outcome{}, sendTime)
	if d.State != Ready || d.Current() != 1 || !d.NextAt.Equal(sendTime) {
		t.Fatalf("after the first page: %s, page %d", d.State, d.Current())
	}
	d = d.Begin(sendTime)
	second := d.Attempt(false)
	if first.Silent || !second.Silent || first.Key == second.Key {
		t.Errorf("attempts %+v and %+v", first, second)
	}
	if got := d.Next(Outcome{}, sendTime); got.State != Sent || !got.Arrived() {
		t.Errorf("both arrived: %s", got.State)
	}

	d = underWay(2)
	d.Pages[0].Variant = 2
	d = d.Next(Outcome{Fault: Rejected, Reason: "too odd"}, sendTime)
	if d.State != Ready || d.Current() != 1 {
		t.Fatalf("after a refused page: %s, page %d", d.State, d.Current())
	}
	d = d.Begin(sendTime).Next(Outcome{}, sendTime)
	if d.State != Failed || d.Reason != "too odd" || d.Arrived() {
		t.Errorf("one refused, one arrived: %s, %q", d.State, d.Reason)
	}
	if d.Next(Outcome{}, sendTime).State != Failed {
		t.Error("a delivery that is through has changed")
	}
}

// TestAttempt: the key is that of the page and the variant, whatever the attempt; a
// repeat is marked only where nobody refuses the second one.
func TestAttempt(t *testing.T) {
	d := underWay(1)
	first := d.Attempt(false)
	again := d.Next(Outcome{Fault: Unknown}, sendTime).Begin(sendTime)
	if a := again.Attempt(false); a.Key != first.Key || !a.Repeat {
		t.Errorf("repeat %+v of %+v", a, first)
	}
	if a := again.Attempt(true); a.Repeat {
		t.Error("a repeat is marked although the platform refuses the second one")
	}
	if a := d.Next(Outcome{Fault: Rejected}, sendTime).Begin(sendTime).Attempt(false); a.Key == first.Key || a.Variant != 1 || a.Repeat {
		t.Errorf("next variant %+v after %+v", a, first)
	}
}

// TestEnd: payloads leave with the end, and Postpone counts no attempt.
func TestEnd(t *testing.T) {
	d := underWay(2).End(Cancelled, "stopped", sendTime)
	for _, p := range d.Pages {
		if p.State != Cancelled || p.Page.Variants != nil {
			t.Errorf("page %+v", p)
		}
	}
	if d.Settled != sendTime || !d.NextAt.IsZero() || d.Reason != "stopped" {
		t.Errorf("delivery %+v", d)
	}
	w := underWay(1).Postpone("away", sendTime)
	if w.State != Waiting || w.NextAt.Sub(sendTime) != LongestDelay || w.Pages[0].Attempts != 1 {
		t.Errorf("postponed %+v", w)
	}
	if got := underWay(1).Postpone("away", sendTime.Add(6*time.Hour)); got.State != Expired {
		t.Errorf("postponed past the deadline: %s", got.State)
	}
}

// TestDeliveryEnds: whatever comes back, a delivery ends, with at most 8 counted attempts
// a page, and only a page that never was unclear changes its form.
func TestDeliveryEnds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d, now := underWay(rapid.IntRange(1, 3).Draw(t, "pages")), sendTime
		d.Pages[0].State, d.State, d.Pages[0].Attempts = Ready, Ready, 0
		faults := rapid.SampledFrom([]Fault{"", NotSent, Rejected, Unknown, Moved, Shut})
		finds := rapid.Bool().Draw(t, "finds")
		for steps := 0; !d.State.Final(); steps++ {
			if steps > 500 {
				t.Fatalf("no end: %+v", d)
			}
			if d.NextAt.After(now) {
				now = d.NextAt
			}
			n, before := d.Current(), d
			d = d.Begin(now)
			o := Outcome{Fault: faults.Draw(t, "fault"), Finds: finds}
			if o.Fault == NotSent && rapid.Bool().Draw(t, "stated") {
				o.RetryAfter = time.Minute
			}
			d = d.Next(o, now)
			p := d.Pages[n]
			if p.Attempts > MaxAttempts || p.Attempts < 0 {
				t.Fatalf("%d attempts", p.Attempts)
			}
			if before.Pages[n].Unclear && p.Variant != before.Pages[n].Variant {
				t.Fatal("an unclear page was sent in another form")
			}
		}
		if d.Settled.After(d.Deadline) && d.State != Sent && d.State != Unsure && d.State != Expired && d.State != Failed {
			t.Fatalf("ended at %v as %s", d.Settled, d.State)
		}
	})
}
