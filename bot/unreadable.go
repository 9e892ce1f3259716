package bot

import (
	"context"
	"errors"

	"newsdigest/bot/desk"
	"newsdigest/bot/texts"
	"newsdigest/digest"
)

// unreadable says why there is no summary of a page, and what can be done instead.
func (c *conversation) unreadable(ctx context.Context, address string, err error) (Reply, error) {
	var no *desk.Refusal
	if !errors.As(err, &no) {
		return Reply{}, err
	}
	r := c.refuse(err)
	var button digest.Button
	switch {
	case no.Reason == desk.Paywalled:
		r = c.say(texts.PaywallAll)
		r.Post.Lines = append(r.Post.Lines, c.alsoBy(texts.PaywallOthers, no.Others)...)
		return r, nil
	case !c.chat.Address.Private():
		return r, nil
	case no.Reason == desk.NoArticle && no.HasFeed:
		button = digest.Button{Label: c.t(texts.ButtonAddSite), Action: c.action(linkAction("add", address))}
	case no.Reason == desk.NotAnswering, no.Reason == desk.PageRefused:
		button = digest.Button{Label: c.t(texts.ButtonTryAgain), Action: c.action(linkAction("read", address))}
	default:
		return r, nil
	}
	return r.with(button), c.remember(ctx, "link:"+address)
}
