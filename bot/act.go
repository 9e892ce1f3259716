package bot

import (
	"context"
	"maps"
	"regexp"
	"slices"
	"strings"

	"newsdigest/bot/texts"
	"newsdigest/digest"
)

// typedVerbs are what somebody may reply to a digest, with a story's number before or
// after it.
var typedVerbs = map[texts.ID]string{
	texts.TypedMute: "hide", texts.TypedMore: "like", texts.TypedLess: "dislike", texts.TypedWhy: "why", texts.TypedOpen: "card",
	texts.TypedWhoElse: "who", texts.TypedFollow: "follow",
}

// typedAct is words with a number before or after them.
var typedAct = regexp.MustCompile(`^(?:#?(\d{1,2})\s*)?(\D*?)(?:\s*#?(\d{1,2}))?$`)

// act does what a reply to a digest says, "why 3" or "3 why"; nil if it says something
// else. Without a number it has to be a reply, and is asked for it.
func (c *conversation) act(ctx context.Context, typed string) (*Reply, error) {
	m := typedAct.FindStringSubmatch(digest.TypedKey(strings.Trim(typed, " .?!¿¡؟。？！")))
	if m == nil || !c.r.Private || m[1] != "" && m[3] != "" {
		return nil, nil
	}
	number, replied := m[1]+m[3], len(c.r.Under) > 0
	said, ok := texts.Typed(c.lang, m[2], slices.Collect(maps.Keys(typedVerbs))...)
	if !ok || number == "" && !replied {
		return nil, nil
	}
	e, no, err := c.repliedTo(ctx)
	if no != nil || err != nil {
		return no, err
	}
	r, err := c.aboutStory(ctx, e, typedVerbs[said], number)
	return &r, err
}

// repliedTo is the digest that a message replies to, by the actions of its buttons; else
// the chat's last.
func (c *conversation) repliedTo(ctx context.Context) (digest.Edition, *Reply, error) {
	for _, action := range c.r.Under {
		action, _ = cutChat(action)
		verb, rest, _ := strings.Cut(action, ":")
		id, _, _ := strings.Cut(rest, ":")
		if verb == "more" || verb == "useful" || storyVerbs()[verb] != nil && id != byItself {
			return c.edition(ctx, digest.EditionID(id))
		}
	}
	return c.lastEdition(ctx)
}
