package bot

import (
	"context"
	"strings"

	"newsdigest/bot/texts"
	"newsdigest/digest"
)

// text is any message that is no command: the answer to a question, a file, a link, or
// something else.
func (c *conversation) text(ctx context.Context, typed string) (Reply, error) {
	if c.r.File != nil {
		if !c.r.Private {
			return Reply{}, nil
		}
		return c.offerImport(ctx)
	}
	answer, free := c.answerTo()
	if answer != nil && free {
		return answer(c, ctx, typed)
	}
	if c.r.Private {
		if r, err := c.act(ctx, typed); r != nil || err != nil {
			return *or(r, &Reply{}), err
		}
		if link := linkIn(typed); link != "" {
			return c.offerLink(ctx, link)
		}
	}
	if answer != nil {
		return answer(c, ctx, typed)
	}
	if !c.r.Private {
		return Reply{}, nil
	}
	if address := strings.TrimSpace(typed); bareLink.MatchString(address) {
		return c.offerLink(ctx, address)
	}
	return c.say(texts.FreeText).with(
		digest.Button{Label: c.t(texts.ButtonNow), Action: "digest:"},
		digest.Button{Label: c.t(texts.ButtonSubscribe), Action: "do:subscribe"},
		digest.Button{Label: c.t(texts.ButtonHelp), Action: "do:help"}), nil
}

// answerTo is what to do with a typed answer, nil if nothing was asked that is answered by
// typing, and whether it may say anything. An order that waits, waits for the city.
func (c *conversation) answerTo() (answer command, free bool) {
	q := c.question()
	if !q.Open(c.r.User, c.now) {
		return nil, false
	}
	what, about := "zone", ""
	if action, asked := strings.CutPrefix(q.Action, AskPrefix); asked {
		what, about, _ = strings.Cut(action, ":")
	} else if before, _, _ := strings.Cut(q.Action, ":"); before != "sub" && before != "own" {
		return nil, false
	}
	return questions[what].command(about), questions[what].free
}

// do is a button that stands for a command: "do:help".
func (c *conversation) do(ctx context.Context, name string) (Reply, error) {
	run := handlers()[name]
	if run == nil || manages[name] && !c.chat.Address.Private() {
		return c.say(texts.OldButton), nil
	}
	return run(c, ctx, "")
}

// cancel is /cancel.
func (c *conversation) cancel(ctx context.Context, _ string) (Reply, error) {
	if !c.question().Open(c.r.User, c.now) {
		return c.say(texts.NothingToCancel), nil
	}
	return c.say(texts.Cancelled), c.forgetQuestion(ctx)
}
