package digest

import (
	"strconv"
	"time"
)

// SubscriptionID names a subscription by its chat and ordinal.
type SubscriptionID string

// NewSubscriptionID is the id of a chat's subscription with this ordinal. Ordinals are
// never used again, so neither are ids.
func NewSubscriptionID(chat ChatID, ordinal int) SubscriptionID {
	return SubscriptionID(hash("subscription", string(chat), strconv.Itoa(ordinal)))
}

// Subscription is a standing order of a chat for a digest.
type Subscription struct {
	ID       SubscriptionID `json:"id"`
	Ordinal  int            `json:"ordinal"`
	Schedule Schedule       `json:"schedule"`
	Topic    string         `json:"topic,omitempty"`  // empty = the chat's news
	Length   Length         `json:"length,omitempty"` // empty = the chat's
	By       string         `json:"by,omitempty"`     // the user who ordered it
	Created  time.Time      `json:"created"`
	Stopped  time.Time      `json:"stopped,omitzero"` // Undo brings it back
	// Paused is until when it rests; Next is later than that, and none at all while it
	// is Forever.
	Paused time.Time `json:"paused,omitzero"`
	// NoRepeat asks that a message which may have arrived is never sent again, even if
	// that loses a digest.
	NoRepeat bool `json:"no_repeat,omitempty"`
	// Next is the slot it waits for.
	Next Slot `json:"next,omitzero"`
}

// Forever is a pause that ends when somebody ends it.
var Forever = time.Date(9999, time.December, 31, 0, 0, 0, 0, time.UTC)

// Resting tells whether the subscription is paused at now.
func (s Subscription) Resting(now time.Time) bool { return s.Paused.After(now) }

// Plan sets Next to the first slot strictly later than now, and than the pause.
func (s *Subscription) Plan(c Chat, now time.Time) error {
	zone, err := s.Zone(c)
	switch {
	case err != nil:
		return err
	case s.Paused.Equal(Forever):
		s.Next = Slot{}
	case s.Resting(now):
		s.Next = s.Schedule.Next(s.Paused, zone)
	default:
		s.Next = s.Schedule.Next(now, zone)
	}
	return nil
}

// Slot is one due time of a subscription. Local names it: the civil date and time on the
// chat's clock, "2026-10-25T08:00", so that a clock step or the hour that comes twice in
// autumn cannot make a second one. At is when that is.
type Slot struct {
	Local string    `json:"local"`
	At    time.Time `json:"at"`
}

// IsZero tells whether there is no slot.
func (s Slot) IsZero() bool { return s.Local == "" }

// Zone is the clock that the subscription goes by: its schedule's own, else the chat's,
// else UTC.
func (s Subscription) Zone(c Chat) (*time.Location, error) {
	name := s.Schedule.Zone
	if name == "" {
		name = c.Settings.Zone
	}
	if name == "" {
		return time.UTC, nil
	}
	return LoadZone(name)
}
