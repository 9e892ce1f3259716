package bot

import (
	"cmp"
	"context"
	"errors"
	"slices"

	"newsdigest/bot/desk"
	"newsdigest/bot/texts"
	"newsdigest/digest"
)

// follow is /follow: be told as a story of the last digest changes, "follow 2".
func (c *conversation) follow(ctx context.Context, args string) (Reply, error) {
	return c.askStory(ctx, "follow", cmp.Or(c.option("story"), args))
}

// followOf makes the chat follow a story as it was shown to it.
func (c *conversation) followOf(ctx context.Context, s told) (Reply, error) {
	chat, made, err := c.b.desk.Follow(ctx, c.chat.ID, s.EditionStory, c.now)
	var no *desk.Refusal
	if errors.As(err, &no) && no.Reason == desk.TooManyFollowed {
		return c.say(texts.TooManyFollowed, texts.Args{"Max": digest.MaxFollowed}), nil
	}
	if err != nil {
		return Reply{}, err
	}
	c.chat = chat
	id := texts.Following
	switch {
	case !made:
		id = texts.FollowingAlready
	case !c.chat.Address.Private():
		id = texts.FollowingHere
	}
	r := c.say(id, texts.Args{"Headline": quote(s.Headline), "Max": digest.MaxNotices, "Chat": c.chatName(texts.ThisChat)})
	if i := len(c.chat.Followed) - 1; made && i >= 0 {
		r = r.with(digest.Button{Label: c.t(texts.ButtonUnfollow), Action: c.action("leave:" + string(c.chat.Followed[i].Story))})
	}
	return r, nil
}

// refollow is Undo for the end of following a story: it is followed as it is today.
func (c *conversation) refollow(ctx context.Context, id digest.StoryID) (Reply, error) {
	st, err := c.b.desk.Card(ctx, c.chat, id, c.now)
	if err != nil {
		return Reply{}, err
	}
	return c.followOf(ctx, told{EditionStory: st})
}

// follows tells whether the chat follows a story.
func (c *conversation) follows(id digest.StoryID) bool {
	return slices.ContainsFunc(c.chat.Followed, func(f digest.FollowedStory) bool { return f.Story == id })
}

// completeStories suggests the stories of the last digest.
func (c *conversation) completeStories(ctx context.Context, typed string) []Choice {
	e, no, err := c.lastEdition(ctx)
	if no != nil || err != nil {
		return nil
	}
	var out []Choice
	for _, o := range storyMenu("", "", e.Stories, 1).Options {
		out = append(out, Choice{Label: o.Label, Value: o.Value})
	}
	return c.matching(typed, out)
}
