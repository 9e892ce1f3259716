package bot

import (
	"context"
	"errors"
	"strconv"
	"strings"

	"newsdigest/bot/desk"
	"newsdigest/bot/texts"
	"newsdigest/digest"
)

// told is a story as it was shown to somebody, for what can be done with it.
type told struct {
	digest.EditionStory
	edition digest.Edition // without an id if the story was opened by itself
	number  int            // in the edition
}

// byItself stands for the edition in the reference of a story that was opened by itself.
const byItself = "s"

// ref is what names the story in an action: "EDITION:3", or "s:STORY".
func (s told) ref() string {
	if s.edition.ID == "" {
		return byItself + ":" + string(s.Story)
	}
	return string(s.edition.ID) + ":" + strconv.Itoa(s.number)
}

// storyVerb is something that can be done with a story.
type storyVerb func(c *conversation, ctx context.Context, s told) (Reply, error)

// storyVerbs are what can be done with a story, by the name in actions.
func storyVerbs() map[string]storyVerb {
	return map[string]storyVerb{
		"card": (*conversation).card, "who": (*conversation).whoElse, "why": (*conversation).whyOf,
		"follow": (*conversation).followOf, "hide": (*conversation).hideOf,
		"like": (*conversation).like, "dislike": (*conversation).dislike,
	}
}

// pressStory is a button or a choice about a story: "card:EDITION:3", "card:s:STORY". With
// an edition alone it asks for the number, which a menu brings as its value.
func pressStory(verb string) command {
	return func(c *conversation, ctx context.Context, args string) (Reply, error) {
		id, rest, _ := strings.Cut(args, ":")
		if len(c.r.Values) > 0 {
			rest = c.r.Values[0]
		}
		if rest == "" {
			e, no, err := c.edition(ctx, digest.EditionID(id))
			if no != nil || err != nil {
				return *or(no, &Reply{}), err
			}
			return c.pick(e, verb), nil
		}
		s, no, err := c.storyAt(ctx, id+":"+rest)
		if no != nil || err != nil {
			return *or(no, &Reply{}), err
		}
		r, err := storyVerbs()[verb](c, ctx, s)
		// What was picked replaces the question; a card does not replace its digest.
		r.Edit = r.Post != nil && len(c.r.Values) > 0 && verb != "card"
		return r, err
	}
}

// storyAt is the story that a reference names, or the reply to one that is not kept any
// more.
func (c *conversation) storyAt(ctx context.Context, ref string) (told, *Reply, error) {
	id, rest, _ := strings.Cut(ref, ":")
	if id == byItself {
		st, err := c.b.desk.Card(ctx, c.chat, digest.StoryID(rest), c.now)
		return told{EditionStory: st}, nil, err
	}
	e, no, err := c.edition(ctx, digest.EditionID(id))
	if no != nil || err != nil {
		return told{}, no, err
	}
	n, err := strconv.Atoi(rest)
	if err != nil || n < 1 || n > len(e.Stories) {
		no := c.oldDigest()
		return told{}, &no, nil
	}
	return told{e.Stories[n-1], e, n}, nil, nil
}

// askStory is a command about a story of the chat's last digest; typed is its number, or
// words of its headline. Without one it asks which.
func (c *conversation) askStory(ctx context.Context, verb, typed string) (Reply, error) {
	e, no, err := c.lastEdition(ctx)
	if no != nil || err != nil {
		return *or(no, &Reply{}), err
	}
	return c.aboutStory(ctx, e, verb, typed)
}

// aboutStory does something with the story of an edition that somebody named.
func (c *conversation) aboutStory(ctx context.Context, e digest.Edition, verb, typed string) (Reply, error) {
	typed = strings.TrimSpace(typed)
	if typed == "" {
		return c.pick(e, verb), nil
	}
	n, err := strconv.Atoi(digest.Digits(strings.TrimPrefix(typed, "#")))
	if err != nil {
		n = headlined(e, typed)
	}
	if n < 1 || n > len(e.Stories) {
		return c.say(texts.NoSuchStoryNumber, texts.Args{"Number": quote(typed), "Max": len(e.Stories)}), nil
	}
	return storyVerbs()[verb](c, ctx, told{e.Stories[n-1], e, n})
}

// headlined is the number of the first story whose headline has these words, 0 if none.
func headlined(e digest.Edition, words string) int {
	words = strings.ToLower(digest.Clean(words))
	for i, s := range e.Stories {
		if strings.Contains(strings.ToLower(s.Headline), words) {
			return i + 1
		}
	}
	return 0
}

// pick asks which story of an edition is meant.
func (c *conversation) pick(e digest.Edition, verb string) Reply {
	return c.pickAfter(e, verb, texts.WhichStory)
}

// pickAfter is pick in other words.
func (c *conversation) pickAfter(e digest.Edition, verb string, question texts.ID) Reply {
	r := c.say(question)
	r.Post.Menus = []digest.Menu{storyMenu(c.action(verb+":"+string(e.ID)), c.t(texts.WhichStory), e.Stories, 1)}
	return r
}

// storyMenu offers stories, numbered from first on.
func storyMenu(action, placeholder string, stories []digest.EditionStory, first int) digest.Menu {
	m := digest.Menu{Action: action, Placeholder: placeholder}
	for i, s := range stories[:min(len(stories), digest.MaxOptions)] {
		n := strconv.Itoa(first + i)
		m.Options = append(m.Options, digest.Option{Value: n, Label: n + ". " + quote(s.Headline)})
	}
	return m
}

// edition is an edition that a button names, or the reply to one that is too old or
// somebody else's.
func (c *conversation) edition(ctx context.Context, id digest.EditionID) (digest.Edition, *Reply, error) {
	e, err := c.b.desk.Edition(ctx, id)
	var gone *desk.Refusal
	if errors.As(err, &gone) || err == nil && !c.mayRead(e) {
		no := c.oldDigest()
		return e, &no, nil
	}
	return e, nil, err
}

// oldDigest is the reply to a button under a digest that is not kept any more.
func (c *conversation) oldDigest() Reply {
	return c.say(texts.OldDigest).with(digest.Button{Label: c.t(texts.ButtonToday), Action: "digest:"})
}

// lastEdition is the digest in which the chat's numbers count, or the reply where there is
// none.
func (c *conversation) lastEdition(ctx context.Context) (digest.Edition, *Reply, error) {
	if c.chat.LastEdition != "" {
		e, err := c.b.desk.Edition(ctx, c.chat.LastEdition)
		var gone *desk.Refusal
		if err == nil && len(e.Stories) > 0 || err != nil && !errors.As(err, &gone) {
			return e, nil, err
		}
	}
	no := c.say(texts.NoDigestYet).with(digest.Button{Label: c.t(texts.ButtonShow), Action: "digest:"})
	return digest.Edition{}, &no, nil
}
