package bot

import (
	"context"

	"newsdigest/bot/texts"
	"newsdigest/digest"
)

// feeds is /web: the addresses of the chat's digests as feeds. They are made when somebody
// asks for the first time.
func (c *conversation) feeds(ctx context.Context, _ string) (Reply, error) {
	if no := c.noFeeds(); no != nil {
		return *no, nil
	}
	if c.b.desk.FeedID(c.chat) == "" {
		return c.renewFeeds(ctx, texts.Feeds)
	}
	return c.feedAddresses(texts.Feeds), nil
}

// pressFeeds is a button about feeds: "web:", "web:renew".
func (c *conversation) pressFeeds(ctx context.Context, what string) (r Reply, err error) {
	if no := c.noFeeds(); no != nil {
		return *no, nil
	}
	switch what {
	case "":
		r, err = c.feeds(ctx, "")
	case "renew":
		r, err = c.renewFeeds(ctx, texts.FeedsRenewed)
	default:
		return c.say(texts.OldButton), nil
	}
	r.Edit = true
	return r, err
}

// noFeeds is the reply where no addresses can be told, nil where they can.
func (c *conversation) noFeeds() *Reply {
	var no Reply
	switch {
	case c.b.editor.Web == "":
		no = c.say(texts.FeedsOff)
	case c.overheard():
		no = c.say(texts.PrivacyInPrivate).with(digest.Button{Label: c.t(texts.ButtonOpenPrivate), Start: startFeeds})
	default:
		return nil
	}
	return &no
}

// overheard tells whether others than the user read the answer. Discord shows answers to
// nobody else.
func (c *conversation) overheard() bool {
	return !c.r.Private && c.r.Platform != digest.Discord && !c.r.Chat.Private()
}

func (c *conversation) renewFeeds(ctx context.Context, head texts.ID) (r Reply, err error) {
	if c.chat, err = c.b.desk.RenewFeed(ctx, c.chat.ID, c.now); err != nil {
		return r, err
	}
	return c.feedAddresses(head), nil
}

// feedAddresses tells the addresses. They are text, not links: somebody copies them into
// a program that reads feeds.
func (c *conversation) feedAddresses(head texts.ID) Reply {
	at := c.b.editor.Web + FeedPath + c.b.desk.FeedID(c.chat)
	r := c.say(head)
	r.Post.Lines = append(r.Post.Lines,
		digest.Plain("RSS: "+at+"/"+FeedRSS), digest.Plain("JSON Feed: "+at+"/"+FeedJSON))
	return r.with(
		digest.Button{Label: c.t(texts.ButtonRenewFeeds), Action: c.action("web:renew")},
		digest.Button{Label: c.t(texts.ButtonBack), Action: c.action("settings:")})
}
