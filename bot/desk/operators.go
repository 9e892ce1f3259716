package desk

import (
	"context"
	"errors"
	"strings"
	"time"

	"newsdigest/digest"
)

// operatorAddresses are where operators are told of problems. One that is about a platform
// goes to the others, where there are any.
func (d *Desk) operatorAddresses(about digest.Platform) []digest.Address {
	var here, elsewhere []digest.Address
	for _, o := range d.operators {
		platform, id, _ := strings.Cut(o, ":")
		at := digest.Address{Platform: digest.Platform(platform), Channel: id}
		if at.Platform == digest.Discord {
			at = digest.Address{Platform: at.Platform, User: id}
		}
		switch {
		case d.messengers[at.Platform] == nil:
		case at.Platform == about:
			here = append(here, at)
		default:
			elsewhere = append(elsewhere, at)
		}
	}
	if len(elsewhere) > 0 {
		return elsewhere
	}
	return here
}

// tellOperators files a notice about a problem for each operator.
func (d *Desk) tellOperators(ctx context.Context, p digest.Problem, now time.Time) error {
	for _, at := range d.operatorAddresses(p.Platform) {
		c, err := d.operatorChat(ctx, at, now)
		if err != nil {
			return err
		}
		err = d.notify(ctx, c, digest.Notice{Key: p.Event(), Kind: digest.ProblemNotice, At: now, Problem: &p})
		if err != nil {
			return err
		}
	}
	return nil
}

// operatorChat is the chat with an operator, who need not have spoken to the bot before.
// Whether they asked for a pause of their digests does not matter.
func (d *Desk) operatorChat(ctx context.Context, at digest.Address, now time.Time) (digest.Chat, error) {
	c, ok, err := d.store.ChatAt(ctx, at)
	if err == nil && !ok {
		c, err = d.store.CreateChat(ctx, digest.NewChat(at, "en", []string{"en"}, now))
	}
	c.Paused, c.Blocked = false, time.Time{}
	return c, err
}

// Distress tells the operators of a problem at once and without the store, which takes no
// writes any more: once for each, and only if it gets through.
func (d *Desk) Distress(ctx context.Context, p digest.Problem, now time.Time) error {
	var errs []error
	for _, at := range d.operatorAddresses(p.Platform) {
		if c, ok, err := d.store.ChatAt(ctx, at); err == nil && ok {
			at = c.Address
		}
		n := digest.Notice{Key: p.Event(), Kind: digest.ProblemNotice, Chat: digest.NewChatID(at), At: now, Language: "en", Problem: &p}
		m := d.messengers[at.Platform]
		var err error
		if at.Channel == "" {
			at, err = m.Open(ctx, at.User)
		}
		for i, page := range m.Pages(d.editor.Notice(n, at)) {
			if err == nil && i == 0 {
				_, err = m.Send(ctx, at, page, digest.Attempt{Key: string(n.Delivery())})
			}
		}
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}
