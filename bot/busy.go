package bot

import (
	"context"

	"newsdigest/bot/texts"
	"newsdigest/digest"
)

// mostWaiting is how many requests of one person may wait for their turn in one place.
// Whoever presses on gets no more of the same, only later.
const mostWaiting = 5

// queue is what one person asked for in one place and has not been answered yet.
type queue struct {
	waiting []request
	told    bool // to wait, since the queue was empty last
}

// putOff does not do what somebody asked for who is too fast. Aloud, it asks them to wait:
// once, or their own flood would be answered by one of ours.
func (b *Bot) putOff(ctx context.Context, r request, aloud bool) {
	bounded, cancel := context.WithTimeout(ctx, answerTime)
	defer cancel()
	if err := b.moment(bounded, r.Request, aloud); err != nil {
		b.log.Warn("not told to wait", "platform", r.Platform, "request", r.ID, "error", err)
	}
	b.handled(ctx, r)
}

// moment asks for a moment, or says nothing: no press and no command is left to show that
// it is being worked on.
func (b *Bot) moment(ctx context.Context, r Request, aloud bool) error {
	a, ok := b.answerers[r.Platform]
	if !ok || !b.access.Allows(r) {
		return nil
	}
	c := &conversation{b: b, a: a, r: r, now: r.At, lang: texts.Supported(r.Language)}
	switch {
	case !aloud || r.Kind == Text && !r.Private:
		return a.Answer(ctx, r, Reply{})
	case r.Kind == Press && r.Platform != digest.Discord:
		return c.answer(ctx, Reply{Toast: c.t(texts.OneMoment)})
	}
	return c.answer(ctx, c.say(texts.OneMoment))
}
