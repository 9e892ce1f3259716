package bot

import (
	"context"

	"newsdigest/bot/texts"
	"newsdigest/digest"
)

// mostWaiting is how many requests of one person may wait for their turn in one place.
// Whoever presses on gets no more of the same, only later.
const mostWaiting = 5

// waiting counts the requests of a user in a queue.
func waiting(queue []Request, user string) int {
	n := 0
	for _, r := range queue {
		if r.User == user {
			n++
		}
	}
	return n
}

// putOff asks somebody who is too fast to wait, and does not do what they asked for.
func (b *Bot) putOff(ctx context.Context, r Request) {
	bounded, cancel := context.WithTimeout(ctx, answerTime)
	defer cancel()
	if err := b.moment(bounded, r); err != nil {
		b.log.Warn("not told to wait", "platform", r.Platform, "request", r.ID, "error", err)
	}
	if err := b.desk.Handled(ctx, r.Platform, r.ID); err != nil {
		b.log.Error("request stays recorded", "platform", r.Platform, "request", r.ID, "error", err)
	}
}

func (b *Bot) moment(ctx context.Context, r Request) error {
	a, ok := b.answerers[r.Platform]
	if !ok || !b.access.Allows(r) {
		return nil
	}
	c := &conversation{b: b, a: a, r: r, now: r.At, lang: texts.Supported(r.Language)}
	reply := c.say(texts.OneMoment)
	switch {
	case r.Kind == Press && r.Platform != digest.Discord:
		reply = Reply{Toast: c.t(texts.OneMoment)}
	case r.Kind == Text && !r.Private:
		reply = Reply{}
	}
	return c.answer(ctx, reply)
}
