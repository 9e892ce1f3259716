package desk

import (
	"context"
	"slices"
	"time"

	"newsdigest/digest"
)

// Subscribe makes the chat get a digest. If it gets that one already, made is false and
// nothing is changed. The chat's zone must be set, or the schedule's.
func (d *Desk) Subscribe(ctx context.Context, id digest.ChatID, s digest.Subscription, now time.Time) (sub digest.Subscription, made bool, err error) {
	_, err = d.Change(ctx, id, func(c *digest.Chat) error {
		made = false
		if same := find(*c, s); same != nil {
			sub = *same
			return nil
		}
		if busiestDay(c.Active(), s) > digest.MaxDigestsDay {
			return &Refusal{Reason: TooManyDigests}
		}
		sub = s
		sub.Ordinal = c.LastOrdinal + 1
		sub.ID = digest.NewSubscriptionID(c.ID, sub.Ordinal)
		sub.Created = now
		if err := sub.Plan(*c, now); err != nil {
			return err
		}
		c.LastOrdinal = sub.Ordinal
		c.Subscriptions = append(c.Subscriptions, sub)
		c.Paused = false // who orders a digest wants it to come; what rests goes on resting
		made = true
		return nil
	})
	return sub, made, err
}

// find is another running subscription of the chat that brings the same at the same times.
func find(c digest.Chat, s digest.Subscription) *digest.Subscription {
	for i, o := range c.Subscriptions {
		if o.Ordinal != s.Ordinal && o.Stopped.IsZero() && o.Schedule.Code() == s.Schedule.Code() && o.Topic == s.Topic {
			return &c.Subscriptions[i]
		}
	}
	return nil
}

// busiestDay is the most digests that fall on one day of the week.
func busiestDay(subs []digest.Subscription, more digest.Subscription) int {
	var most int
	for day := time.Sunday; day <= time.Saturday; day++ {
		n := 0
		for _, s := range append(slices.Clip(subs), more) {
			if s.Schedule.Days&(1<<day) != 0 {
				n += len(s.Schedule.Times)
			}
		}
		most = max(most, n)
	}
	return most
}

// Amend changes a running subscription of the chat otherwise than in when it comes. It must
// not become the same as another one.
func (d *Desk) Amend(ctx context.Context, id digest.ChatID, ordinal int, amend func(*digest.Subscription)) (sub digest.Subscription, err error) {
	_, err = d.Change(ctx, id, func(c *digest.Chat) error {
		s := c.Subscription(ordinal)
		if s == nil || !s.Stopped.IsZero() {
			return &Refusal{Reason: NoSuchDigest}
		}
		topic := s.Topic
		amend(s)
		sub = *s
		if s.Topic != topic && find(*c, sub) != nil {
			return &Refusal{Reason: SameDigest}
		}
		return nil
	})
	return sub, err
}

// Reschedule changes when a subscription comes; its first slot is the next one strictly
// later than now.
func (d *Desk) Reschedule(ctx context.Context, id digest.ChatID, ordinal int, to digest.Schedule, now time.Time) (sub digest.Subscription, err error) {
	_, err = d.Change(ctx, id, func(c *digest.Chat) error {
		s := c.Subscription(ordinal)
		if s == nil || !s.Stopped.IsZero() {
			return &Refusal{Reason: NoSuchDigest}
		}
		others := slices.DeleteFunc(c.Active(), func(o digest.Subscription) bool { return o.Ordinal == ordinal })
		if busiestDay(others, digest.Subscription{Schedule: to}) > digest.MaxDigestsDay {
			return &Refusal{Reason: TooManyDigests}
		}
		s.Schedule = to
		sub = *s
		if find(*c, sub) != nil {
			return &Refusal{Reason: SameDigest}
		}
		err := s.Plan(*c, now)
		sub = *s
		return err
	})
	return sub, err
}

// Pause lets a subscription rest until a time, digest.Forever for a pause without end; a
// time that is past ends its pause.
func (d *Desk) Pause(ctx context.Context, id digest.ChatID, ordinal int, until, now time.Time) (sub digest.Subscription, err error) {
	_, err = d.Change(ctx, id, func(c *digest.Chat) error {
		s := c.Subscription(ordinal)
		if s == nil || !s.Stopped.IsZero() {
			return &Refusal{Reason: NoSuchDigest}
		}
		err := pause(s, *c, until, now)
		c.Paused = c.Paused && until.After(now)
		sub = *s
		return err
	})
	return sub, err
}

// PauseAll lets all of a chat rest until somebody ends it, or ends every pause there is.
func (d *Desk) PauseAll(ctx context.Context, id digest.ChatID, rest bool, now time.Time) (digest.Chat, error) {
	var until time.Time
	if rest {
		until = digest.Forever
	}
	return d.Change(ctx, id, func(c *digest.Chat) error {
		c.Paused = rest
		for i := range c.Subscriptions {
			if s := &c.Subscriptions[i]; s.Stopped.IsZero() {
				if err := pause(s, *c, until, now); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

func pause(s *digest.Subscription, c digest.Chat, until, now time.Time) error {
	s.Paused = until
	if !s.Resting(now) {
		s.Paused = time.Time{}
	}
	return s.Plan(c, now)
}

// Unsubscribe stops a digest of the chat; it is kept for Resubscribe.
func (d *Desk) Unsubscribe(ctx context.Context, id digest.ChatID, ordinal int, now time.Time) (digest.Subscription, error) {
	return d.Amend(ctx, id, ordinal, func(s *digest.Subscription) { s.Stopped = now })
}

// Resubscribe brings a stopped digest back under its own id. One that runs is left alone.
func (d *Desk) Resubscribe(ctx context.Context, id digest.ChatID, ordinal int, now time.Time) (sub digest.Subscription, err error) {
	_, err = d.Change(ctx, id, func(c *digest.Chat) error {
		s := c.Subscription(ordinal)
		if s == nil {
			return &Refusal{Reason: NoSuchDigest}
		}
		sub = *s
		if !s.Stopped.IsZero() {
			if busiestDay(c.Active(), *s) > digest.MaxDigestsDay {
				return &Refusal{Reason: TooManyDigests}
			}
			if find(*c, *s) != nil {
				return &Refusal{Reason: SameDigest}
			}
			s.Stopped, c.Paused = time.Time{}, false
			if err := s.Plan(*c, now); err != nil {
				return err
			}
		}
		sub = *s
		return nil
	})
	return sub, err
}
