package bot

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"

	"newsdigest/bot/texts"
	"newsdigest/digest"
)

// unsubscribe is /unsubscribe: a number of the list of subscriptions and followed
// stories, or nothing if there is only one thing to stop.
func (c *conversation) unsubscribe(ctx context.Context, args string) (Reply, error) {
	active, followed := c.chat.Active(), c.chat.Followed
	what := strings.TrimSpace(args)
	if o := c.option("what"); o != "" {
		what = o
	}
	all := len(active) + len(followed)
	if all == 0 {
		return c.say(texts.NoSubscriptions), nil
	}
	n, err := strconv.Atoi(digest.Digits(strings.TrimPrefix(what, "#")))
	switch {
	case what == "" && all == 1:
		n = 1
	case what == "":
		return c.unsubscribeList(), nil
	case err != nil || n < 1 || n > all:
		return c.say(texts.NoSuchNumber, texts.Args{"Number": quote(what), "Max": all}), nil
	}
	if n > len(active) {
		return c.unfollowStory(ctx, followed[n-len(active)-1].Story)
	}
	return c.stop(ctx, active[n-1].Ordinal)
}

// unsubscribeList is all that can be stopped.
func (c *conversation) unsubscribeList() Reply {
	r := c.say(texts.WhichToStop)
	var buttons []digest.Button
	add := func(line, action string) {
		r.Post.Lines = append(r.Post.Lines, digest.Plain(line))
		buttons = append(buttons, digest.Button{
			Label: c.t(texts.ButtonStopNumber, texts.Args{"Number": len(buttons) + 1}), Action: c.action(action)})
	}
	for i, s := range c.chat.Active() {
		add(c.subscriptionLine(i+1, s), about(s, "stop"))
	}
	for _, f := range c.chat.Followed {
		add(c.followedLine(len(buttons)+1, f), "leave:"+string(f.Story))
	}
	return r.numbered(buttons)
}

func (c *conversation) followedLine(number int, f digest.FollowedStory) string {
	return c.t(texts.FollowedLine, texts.Args{"Number": number, "Headline": quote(f.Headline),
		"Since": texts.Day(c.lang, f.Since.In(zoneOf(c.chat.Settings.Zone)))})
}

// pressLeave is the button that stops following a story: "leave:STORY".
func (c *conversation) pressLeave(ctx context.Context, story string) (Reply, error) {
	r, err := c.unfollowStory(ctx, digest.StoryID(story))
	r.Edit = true
	return r, err
}

// unfollowStory stops following a story.
func (c *conversation) unfollowStory(ctx context.Context, story digest.StoryID) (Reply, error) {
	i := slices.IndexFunc(c.chat.Followed, func(f digest.FollowedStory) bool { return f.Story == story })
	if i < 0 {
		return c.say(texts.AlreadyUndone), nil
	}
	headline := c.chat.Followed[i].Headline
	chat, err := c.b.desk.Change(ctx, c.chat.ID, func(chat *digest.Chat) error {
		chat.Followed = slices.DeleteFunc(chat.Followed, func(f digest.FollowedStory) bool { return f.Story == story })
		return nil
	})
	if err != nil {
		return Reply{}, err
	}
	c.chat = chat
	return c.say(texts.StoryLeft, texts.Args{"Headline": quote(headline)}).with(c.undoButton("left:" + string(story))), nil
}

func (c *conversation) undoButton(what string) digest.Button {
	return digest.Button{Label: c.t(texts.ButtonUndo), Action: c.action("undo:" + what)}
}

// undo takes back what the button says: "undo:sub:1" a subscription, "undo:stop:1" its
// end, "undo:added:ID" and "undo:removed:ID" a source, "undo:left:ID" the end of following
// a story. Undoing twice changes nothing.
func (c *conversation) undo(ctx context.Context, args string) (r Reply, err error) {
	what, id, _ := strings.Cut(args, ":")
	ordinal, _ := strconv.Atoi(id)
	switch what {
	case "sub":
		if s := c.chat.Subscription(ordinal); s != nil && !s.Stopped.IsZero() {
			r = c.say(texts.AlreadyUndone)
			break
		}
		r, err = c.stop(ctx, ordinal)
	case "stop":
		r, err = c.resubscribe(ctx, ordinal)
	case "added":
		return c.dropSource(ctx, digest.SourceID(id), true)
	case "removed":
		return c.followSource(ctx, digest.SourceID(id), true)
	case "left":
		r, err = c.refollow(ctx, digest.StoryID(id))
	default:
		return c.say(texts.OldButton), nil
	}
	r.Edit = true
	return r, err
}

func (c *conversation) resubscribe(ctx context.Context, ordinal int) (Reply, error) {
	s, err := c.b.desk.Resubscribe(ctx, c.chat.ID, ordinal, c.now)
	if no := cmp.Or(c.tooMany(err), c.same(err, s)); no != nil {
		return *no, nil
	}
	if err != nil {
		return Reply{}, err
	}
	return c.subscribed(s).with(c.afterwards(s)...), nil
}
