package bot

import (
	"cmp"
	"context"
	"slices"
	"strconv"

	"newsdigest/bot/texts"
	"newsdigest/digest"
)

// why is /why: why a story of the last digest was shown, "why 3".
func (c *conversation) why(ctx context.Context, args string) (Reply, error) {
	return c.askStory(ctx, "why", cmp.Or(c.option("story"), args))
}

// whyOf says what decided a story's place, the weightiest first, and why its articles are
// one story.
func (c *conversation) whyOf(_ context.Context, s told) (Reply, error) {
	r := c.post()
	r.Post.Title = digest.Line{{Text: s.Headline, Bold: true}}
	if s.number > 0 {
		r.Post.Title = append(digest.Line{{Text: strconv.Itoa(s.number) + ". ", Bold: true}}, r.Post.Title...)
	}
	add := func(text string) { r.Post.Lines = append(r.Post.Lines, digest.Plain(text)) }
	if s.number > 0 {
		add(c.t(texts.WhyPlace, texts.Args{"Number": s.number, "Stories": c.t(texts.CountStories, texts.Args{"Count": len(s.edition.Stories)})}))
	}
	for _, reason := range s.Reasons {
		if !reason.Kind.Joins() && !(s.edition.Elsewhere && reason.Kind.Personal()) {
			add("• " + c.reason(reason))
		}
	}
	if s.edition.Elsewhere {
		add("• " + c.t(texts.WhyElsewhere))
	}
	if len(s.Members) == 1 {
		add(c.t(texts.WhyAlone))
	}
	for _, reason := range s.Reasons {
		if reason.Kind.Joins() {
			add(c.reason(reason))
		}
	}
	return r, nil
}

// reasons are what the kinds of reason say.
var reasons = map[digest.ReasonKind]texts.ID{
	digest.ByVoices: texts.WhyVoices, digest.ByFreshness: texts.WhyFresh, digest.ByVelocity: texts.WhyVelocity,
	digest.ByUpdate: texts.WhyUpdate, digest.ByOwnSource: texts.WhyOwnSource, digest.ByTopic: texts.WhyTopic,
	digest.ByTaste: texts.WhyMore, digest.ByVariety: texts.WhyVariety, digest.ByWords: texts.WhyWords,
	digest.ByCopies: texts.WhyCopies,
}

// reason is a reason in words.
func (c *conversation) reason(r digest.Reason) string {
	id := reasons[r.Kind]
	switch {
	case r.Kind == digest.ByFreshness && r.Count == 0:
		id = texts.WhyJustNow
	case r.Kind == digest.ByTaste && r.Share < 0:
		id = texts.WhyLess
	}
	return c.t(id, texts.Args{"What": c.subject(r.What), "Count": r.Count})
}

// subject is what a reason or a leaning is about: the name of a topic, or the words
// themselves.
func (c *conversation) subject(what string) string {
	if slices.Contains(c.b.desk.Topics(), what) {
		return c.topicName(what)
	}
	return quote(what)
}
