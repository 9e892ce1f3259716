package digest

import (
	"hash/fnv"
	"strconv"
	"time"
)

// DeliveryID names a delivery by its slot, so that a restart or a second process files
// the same one and never a second.
type DeliveryID string

// NewDeliveryID is the id of the delivery for the slot of a chat's subscription.
func NewDeliveryID(chat ChatID, s SubscriptionID, slot Slot) DeliveryID {
	return DeliveryID(made("delivery", chat, slot, string(s)))
}

// State is where a delivery or one of its pages stands.
type State string

// The states. Ready, Sending and Waiting go on; the others are final.
const (
	Ready     State = "ready"     // to be sent at NextAt
	Sending   State = "sending"   // an attempt was begun; its outcome is not written yet
	Waiting   State = "waiting"   // an attempt failed, or its outcome is unknown; again at NextAt
	Sent      State = "sent"      // the platform said so, or its history did
	Unsure    State = "unsure"    // it may have arrived and was not sent again
	Failed    State = "failed"    // every variant was refused, or every attempt
	Expired   State = "expired"   // too late to be worth sending
	Cancelled State = "cancelled" // the chat is gone or stopped the subscription
	Empty     State = "empty"     // nothing new, and nothing to say
	Missed    State = "missed"    // the program did not run when it was due
	// Suppressed: it was due before the store was restored from a backup, and whether it
	// was sent is not known.
	Suppressed State = "suppressed"
)

// FinalStates are those after which nothing more happens.
var FinalStates = []State{Sent, Unsure, Failed, Expired, Cancelled, Empty, Missed, Suppressed}

// Final tells whether nothing more will happen.
func (s State) Final() bool { return s != Ready && s != Sending && s != Waiting }

// How sends are repeated.
const (
	MaxAttempts  = 8                // a page, all variants together
	FirstDelay   = 2 * time.Second  // doubles with each attempt
	LongestDelay = 10 * time.Minute // but not above this
	// RepeatDelay is the least wait before a page whose outcome is unknown is repeated.
	RepeatDelay = 5 * time.Second
)

// Delivery is what became of an edition's pages. One value: each step is one write.
type Delivery struct {
	ID           DeliveryID     `json:"id"`
	Chat         ChatID         `json:"chat"`
	Platform     Platform       `json:"platform,omitempty"` // the chat's; it never changes
	Subscription SubscriptionID `json:"subscription"`
	Ordinal      int            `json:"ordinal"`
	Slot         Slot           `json:"slot"`
	Edition      EditionID      `json:"edition,omitempty"`
	State        State          `json:"state"`
	Reason       string         `json:"reason,omitempty"` // for operators, no secrets
	Pages        []PageDelivery `json:"pages,omitempty"`
	// Shown are the stories on the pages; the chat has seen them once the pages are sent.
	Shown []Shown `json:"shown,omitempty"`
	// ShownIn names Shown where it is stored once for many; empty where it is the
	// delivery's own.
	ShownIn  ContentID `json:"shown_in,omitempty"`
	Silent   bool      `json:"silent,omitempty"`
	NoRepeat bool      `json:"no_repeat,omitempty"` // a page that may have arrived is not sent again
	Deadline time.Time `json:"deadline"`            // later than this it is not sent
	NextAt   time.Time `json:"next_at,omitzero"`    // when to look at it again
	Settled  time.Time `json:"settled,omitzero"`    // when it became final
}

// Shown is a story on a delivery's pages and what they tell of it.
type Shown struct {
	Story StoryID `json:"story"`
	Facts Facts   `json:"facts,omitempty"`
}

// PageDelivery is what became of one page.
type PageDelivery struct {
	Page     Page      `json:"page,omitzero"`
	State    State     `json:"state"`
	Variant  int       `json:"variant,omitempty"`
	Attempts int       `json:"attempts,omitempty"`
	FirstAt  time.Time `json:"first_at,omitzero"` // when the first attempt of this variant was begun
	// Unclear says that an attempt of this page may have arrived.
	Unclear bool    `json:"unclear,omitempty"`
	Receipt Receipt `json:"receipt,omitzero"`
	Reason  string  `json:"reason,omitempty"`
}

// Outcome is how an attempt ended. Fault is empty if it arrived.
type Outcome struct {
	Fault      Fault
	Receipt    Receipt
	RetryAfter time.Duration // stated by the platform, 0 if not
	// Finds says that the platform can be asked whether the page arrived, or refuses the
	// same key twice: repeating is safe there.
	Finds bool
	// Absent says that the platform was asked and that the page did not arrive.
	Absent bool
	Reason string // for operators
}

// Current is the index of the page to send next, -1 if all are through.
func (d Delivery) Current() int {
	for i, p := range d.Pages {
		if !p.State.Final() {
			return i
		}
	}
	return -1
}

// Attempt is what the platform has to be told about sending the current page.
func (d Delivery) Attempt(finds bool) Attempt {
	n := d.Current()
	p := d.Pages[n]
	return Attempt{
		Key:     hash("page", string(d.ID), strconv.Itoa(n), strconv.Itoa(p.Variant)),
		Variant: p.Variant,
		Repeat:  p.Unclear && !finds,
		Silent:  d.Silent || n > 0,
	}
}

// Begin is the delivery as it must be written before the current page is sent.
func (d Delivery) Begin(now time.Time) Delivery {
	d.Pages = append([]PageDelivery(nil), d.Pages...)
	p := &d.Pages[d.Current()]
	p.State, d.State = Sending, Sending
	p.Attempts++
	if p.FirstAt.IsZero() {
		p.FirstAt = now
	}
	return d
}

// Next is the delivery after an attempt on its current page ended like this. It is the
// one rule of what is sent again, when, and what is given up. The delivery it is called
// on is not changed.
func (d Delivery) Next(o Outcome, now time.Time) Delivery {
	n := d.Current()
	if n < 0 {
		return d
	}
	d.Pages = append([]PageDelivery(nil), d.Pages...)
	p := &d.Pages[n]
	p.Reason = o.Reason
	p.Unclear = p.Unclear && !o.Absent
	switch o.Fault {
	case "":
		p.State, p.Receipt = Sent, o.Receipt
		return d.fold(now)
	case Gone:
		return d.End(Cancelled, o.Reason, now)
	case Rejected:
		switch {
		case p.Unclear:
			p.State = Unsure // its bytes may have passed the first time
		case p.Variant+1 < len(p.Page.Variants):
			p.Variant, p.FirstAt = p.Variant+1, time.Time{}
			return d.again(p, now, now)
		default:
			p.State = Failed
		}
		return d.fold(now)
	case Moved:
		return d.again(p, now, now)
	case Unknown:
		known := p.Unclear
		p.Unclear = true
		if (known || d.NoRepeat) && !o.Finds {
			p.State = Unsure
			return d.fold(now)
		}
		at := now.Add(max(RepeatDelay, d.delay(p.Attempts)))
		if o.Finds && p.Attempts < MaxAttempts {
			return d.wait(p, at) // however late: it is too late for sending only, not for asking
		}
		return d.again(p, at, now)
	case Shut:
		// Nothing is wrong with the page; it waits for the platform.
		p.Attempts--
		return d.again(p, now.Add(LongestDelay), now)
	}
	if o.RetryAfter > 0 {
		// An obeyed limit is no failed attempt.
		p.Attempts--
		return d.again(p, now.Add(o.RetryAfter), now)
	}
	return d.again(p, now.Add(d.delay(p.Attempts)), now)
}

// Postpone is the delivery when its platform is not there to be tried: it waits, and no
// attempt is counted.
func (d Delivery) Postpone(reason string, now time.Time) Delivery {
	d.Pages = append([]PageDelivery(nil), d.Pages...)
	p := &d.Pages[d.Current()]
	p.Reason = reason
	return d.again(p, now.Add(LongestDelay), now)
}

// again lets the page wait until at, unless its attempts or its time are used up.
func (d Delivery) again(p *PageDelivery, at, now time.Time) Delivery {
	switch {
	case p.Attempts >= MaxAttempts:
		p.State = Failed
		if p.Unclear {
			p.State = Unsure
		}
		return d.fold(now)
	case at.After(d.Deadline):
		if p.Unclear {
			p.State = Unsure
			return d.fold(now)
		}
		return d.End(Expired, p.Reason, now)
	}
	return d.wait(p, at)
}

func (d Delivery) wait(p *PageDelivery, at time.Time) Delivery {
	p.State, d.State, d.NextAt = Waiting, Waiting, at
	return d
}

// fold makes the delivery's state from its pages'.
func (d Delivery) fold(now time.Time) Delivery {
	if d.Current() >= 0 {
		d.State, d.NextAt = Ready, now
		return d
	}
	state := Sent
	for _, p := range d.Pages {
		switch {
		case p.State == Failed:
			return d.End(Failed, p.Reason, now)
		case p.State == Unsure:
			state = Unsure
		}
	}
	return d.End(state, "", now)
}

// End is the delivery in a final state; pages that were still to go share it, and
// payloads are dropped.
func (d Delivery) End(s State, reason string, now time.Time) Delivery {
	pages := make([]PageDelivery, len(d.Pages))
	for i, p := range d.Pages {
		if !p.State.Final() {
			p.State = s
		}
		p.Page = Page{}
		pages[i] = p
	}
	d.Pages, d.State, d.Reason, d.Settled, d.NextAt = pages, s, reason, now, time.Time{}
	return d
}

// Arrived tells whether the chat has, or may have, the delivery's stories.
func (d Delivery) Arrived() bool { return d.State == Sent || d.State == Unsure }

// delay is the wait after so many attempts: FirstDelay doubled each time up to
// LongestDelay, plus up to a quarter more that depends on the delivery and the attempt
// only, so that many that failed together do not come back together.
func (d Delivery) delay(attempts int) time.Duration {
	w := LongestDelay
	if shift := attempts - 1; shift < 9 {
		w = min(w, FirstDelay<<max(0, shift))
	}
	h := fnv.New32a()
	h.Write([]byte(string(d.ID) + strconv.Itoa(attempts)))
	return w + time.Duration(h.Sum32()%1000)*w/4000
}
