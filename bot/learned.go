package bot

import (
	"context"
	"slices"

	"newsdigest/bot/texts"
	"newsdigest/digest"
)

// like is "More like this".
func (c *conversation) like(ctx context.Context, s told) (Reply, error) {
	return c.learn(ctx, s.EditionStory, s.ref(), true)
}

// dislike is "Less like this".
func (c *conversation) dislike(ctx context.Context, s told) (Reply, error) {
	return c.learn(ctx, s.EditionStory, s.ref(), false)
}

// learn takes more or less of what a story is about from now on, and says what that is.
func (c *conversation) learn(ctx context.Context, s digest.EditionStory, ref string, more bool) (Reply, error) {
	moved, err := c.lean(ctx, s, more)
	if err != nil {
		return Reply{}, err
	}
	if len(moved) == 0 {
		return c.say(texts.Noted), nil
	}
	id, back := texts.LearnedMore, "dislike:"
	if !more {
		id, back = texts.LearnedLess, "like:"
	}
	r := c.say(id, texts.Args{"Names": c.leaningNames(moved)})
	return r.with(digest.Button{Label: c.t(texts.ButtonUndo), Action: c.action(back + ref)},
		digest.Button{Label: c.t(texts.ButtonLearned), Action: c.action("learned:")}), nil
}

// lean moves the chat's leanings by a press about a story.
func (c *conversation) lean(ctx context.Context, s digest.EditionStory, more bool) (moved []digest.Leaning, err error) {
	c.chat, err = c.b.desk.Change(ctx, c.chat.ID, func(chat *digest.Chat) error {
		moved = chat.Learn(s, more, c.now)
		return nil
	})
	return moved, err
}

// namedLeanings is how many leanings a sentence names.
const namedLeanings = 12

func (c *conversation) leaningNames(all []digest.Leaning) string {
	var names []string
	for _, l := range all {
		names = append(names, c.subject(l.What))
	}
	n := min(len(names), namedLeanings)
	return texts.List(c.lang, names[:n], len(names)-n)
}

// learned is the panel "What I have learned"; "forget" forgets it.
func (c *conversation) learned(ctx context.Context, what string) (Reply, error) {
	if what == "forget" {
		chat, err := c.b.desk.Change(ctx, c.chat.ID, func(chat *digest.Chat) error {
			chat.Forget()
			return nil
		})
		if err != nil {
			return Reply{}, err
		}
		c.chat = chat
		r := c.say(texts.Forgotten)
		r.Edit = true
		return r, nil
	}
	r, err := c.learnedPanel(ctx)
	r.Edit = true
	return r, err
}

// learnedPanel lists the chat's leanings, the strongest first, and what it has hidden.
func (c *conversation) learnedPanel(ctx context.Context) (Reply, error) {
	var more, less []digest.Leaning
	for _, l := range c.chat.Leanings {
		if l.Weight > 0 {
			more = append(more, l)
		} else {
			less = append(less, l)
		}
	}
	slices.SortStableFunc(more, func(a, b digest.Leaning) int { return b.Weight - a.Weight })
	slices.SortStableFunc(less, func(a, b digest.Leaning) int { return a.Weight - b.Weight })
	var hidden []string
	for _, m := range slices.Backward(c.chat.Mutes) {
		if m.Active(c.now) {
			name, err := c.mutedName(ctx, m)
			if err != nil {
				return Reply{}, err
			}
			hidden = append(hidden, name)
		}
	}
	if len(more)+len(less)+len(hidden) == 0 {
		return c.say(texts.LearnedNothing), nil
	}
	r := c.say(texts.LearnedHead)
	add := func(id texts.ID, names string) {
		if names != "" {
			r.Post.Lines = append(r.Post.Lines, digest.Plain(c.t(id, texts.Args{"Names": names})))
		}
	}
	add(texts.LearnedLineMore, c.leaningNames(more))
	add(texts.LearnedLineLess, c.leaningNames(less))
	n := min(len(hidden), namedLeanings)
	add(texts.LearnedLineHidden, texts.List(c.lang, hidden[:n], len(hidden)-n))
	if len(more)+len(less) > 0 {
		r = r.with(digest.Button{Label: c.t(texts.ButtonForget), Action: c.action("learned:forget")})
	}
	if len(hidden) > 0 {
		r = r.with(digest.Button{Label: c.t(texts.ButtonHidden), Action: c.action("mutes:")})
	}
	return r, nil
}

// pressMutes is the button that lists what is hidden.
func (c *conversation) pressMutes(ctx context.Context, _ string) (Reply, error) {
	r, err := c.mutes(ctx)
	r.Edit = true
	return r, err
}

// useful is the button under a digest: more of what it was about. What one press teaches,
// a second one does not.
func (c *conversation) useful(ctx context.Context, id string) (Reply, error) {
	e, no, err := c.rate(ctx, id, true)
	if no != nil || err != nil {
		return *or(no, &Reply{}), err
	}
	return c.pickAfter(e, "like", texts.UsefulWhich), nil
}

// useless is "Not useful": it asks why.
func (c *conversation) useless(ctx context.Context, id string) (Reply, error) {
	e, no, err := c.edition(ctx, digest.EditionID(id))
	if no != nil || err != nil {
		return *or(no, &Reply{}), err
	}
	button := func(label texts.ID, action string) digest.Button {
		return digest.Button{Label: c.t(label), Action: c.action(action + string(e.ID))}
	}
	return c.say(texts.UselessWhy).
		with(button(texts.ButtonIsWrong, AskPrefix+"mistake:"), button(texts.ButtonNotRelevant, "irrelevant:")).
		with(button(texts.ButtonTooLong, "toolong:"), button(texts.ButtonDuplicate, "duplicate:")), nil
}

// rate learns from a press about a whole digest.
func (c *conversation) rate(ctx context.Context, id string, more bool) (digest.Edition, *Reply, error) {
	e, no, err := c.edition(ctx, digest.EditionID(id))
	if no != nil || err != nil {
		return e, no, err
	}
	rating := id
	if !more {
		rating = "-" + id
	}
	chat, err := c.b.desk.Change(ctx, c.chat.ID, func(chat *digest.Chat) error {
		if chat.Rated != rating {
			chat.Rated = rating
			chat.Learn(gist(e), more, c.now)
		}
		return nil
	})
	c.chat = chat
	return e, nil, err
}

// gist is what a whole digest was about, as one story: one press moves nothing twice.
func gist(e digest.Edition) digest.EditionStory {
	var all digest.EditionStory
	stories, _ := e.OnPage(1)
	for _, s := range stories {
		all.Members = append(all.Members, s.Members...)
		for _, subject := range s.Subjects[:min(1, len(s.Subjects))] {
			if !slices.ContainsFunc(all.Subjects, func(o digest.Subject) bool { return o.Key == subject.Key }) {
				all.Subjects = append(all.Subjects, subject)
			}
		}
	}
	return all
}
