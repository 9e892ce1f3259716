package bot

import (
	"cmp"
	"context"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"newsdigest/bot/texts"
	"newsdigest/digest"
)

// maxFeedback is how much of what somebody reports is kept, in characters.
const maxFeedback = 2000

// feedback is /feedback: report a mistake or send an idea, "feedback story 2 is old".
func (c *conversation) feedback(ctx context.Context, args string) (Reply, error) {
	switch {
	case strings.TrimSpace(args) != "":
		return c.report(ctx, digest.Feedback{Kind: digest.AnIdea, Text: args}, c.storyMeant(args))
	case c.r.Private:
		return c.ask(ctx, "feedback")
	}
	return c.say(texts.FeedbackUsage), nil
}

// typedFeedback is the answer to what is wrong, or what would be better.
func (c *conversation) typedFeedback(ctx context.Context, typed, _ string) (Reply, error) {
	return c.answered(ctx, digest.Feedback{Kind: digest.AnIdea, Text: typed}, c.storyMeant(typed))
}

// typedWrong is the answer to what is wrong with a story, "wrong:E:3", or in a
// digest, "mistake:E".
func (c *conversation) typedWrong(ctx context.Context, typed, ref string) (Reply, error) {
	id, number, _ := strings.Cut(ref, ":")
	f := digest.Feedback{Kind: digest.IsWrong, Text: typed}
	if id == byItself {
		f.Story = digest.StoryID(number)
		return c.answered(ctx, f, 0)
	}
	f.Edition = digest.EditionID(id)
	n, err := strconv.Atoi(number)
	if err != nil {
		n = c.storyMeant(typed)
	}
	return c.answered(ctx, f, n)
}

// aNumber is how people write the number of a story: "2", "#2".
var aNumber = regexp.MustCompile(`\s*#?(\d{1,2})(?:[^\d\p{Latin}]|$)`)

// storyMeant is the number of the story that feedback is about, 0 if it names none.
func (c *conversation) storyMeant(typed string) int {
	return cmp.Or(c.storyNamed(c.r.Fields[fieldStory]), c.storyNamed(typed))
}

// storyNamed is the number that a text starts with, or that stands behind the word for a
// story: "2 is old", "the date of story 2".
func (c *conversation) storyNamed(text string) int {
	const looked = 10 // numbers
	text = digest.Digits(text)
	for _, m := range aNumber.FindAllStringSubmatchIndex(text, looked) {
		before := text[:m[0]]
		_, _, named := texts.CutTypedEnd(c.lang, before, texts.TypedStory)
		if named || strings.TrimSpace(before) == "" {
			n, _ := strconv.Atoi(text[m[2]:m[3]])
			return n
		}
	}
	return 0
}

// answered is report for the answer to a question.
func (c *conversation) answered(ctx context.Context, f digest.Feedback, story int) (Reply, error) {
	if c.question().Open(c.r.User, c.now) {
		if err := c.forgetQuestion(ctx); err != nil {
			return Reply{}, err
		}
	}
	return c.report(ctx, f, story)
}

// report keeps what somebody had to say, about the story with this number of the digest
// where there is one.
func (c *conversation) report(ctx context.Context, f digest.Feedback, story int) (Reply, error) {
	f.ID, f.Chat, f.Platform, f.At = digest.NewFeedbackID(c.chat.ID, c.r.ID), c.chat.ID, c.r.Platform, c.now
	f.Text = shorten(strings.TrimSpace(f.Text), maxFeedback)
	if f.Edition == "" {
		f.Edition = c.chat.LastEdition
	}
	e, err := c.b.desk.Edition(ctx, f.Edition)
	switch {
	case err != nil || !c.mayRead(e):
		f.Edition = ""
	case story >= 1 && story <= len(e.Stories):
		f.Story, f.Headline = e.Stories[story-1].Story, e.Stories[story-1].Headline
	}
	if err := c.b.desk.Report(ctx, f); err != nil {
		return Reply{}, err
	}
	return c.say(texts.Noted), nil
}

// fieldStory is the field of a form for a story's number.
const fieldStory = "story"

// feedbackForm is the form for feedback, about a story where the reference has a number.
func (c *conversation) feedbackForm(action, ref string) Reply {
	f := Form{Title: c.t(texts.LabelFeedback), Action: action, Fields: []Field{
		{Key: "text", Label: c.t(texts.LabelFeedback), Placeholder: c.t(texts.ExampleFeedback), Long: true}}}
	if _, number, _ := strings.Cut(ref, ":"); number == "" {
		f.Fields = append(f.Fields, Field{Key: fieldStory, Label: c.t(texts.LabelFeedbackStory), Optional: true})
	}
	return Reply{Form: &f}
}

// irrelevant, tooLong and duplicate are why a digest was not useful.
func (c *conversation) irrelevant(ctx context.Context, id string) (Reply, error) {
	e, no, err := c.rate(ctx, id, false)
	if no != nil || err != nil {
		return *or(no, &Reply{}), err
	}
	if _, err := c.report(ctx, digest.Feedback{Kind: digest.NotRelevant, Edition: e.ID}, 0); err != nil {
		return Reply{}, err
	}
	r := c.pickAfter(e, "dislike", texts.UselessWhich)
	r.Edit = true
	return r, nil
}

func (c *conversation) tooLong(ctx context.Context, id string) (Reply, error) {
	r, err := c.rated(ctx, id, digest.TooLong)
	i := slices.Index(digest.Lengths, c.chat.Settings.DigestLength())
	if err != nil || i < 1 {
		return r, err
	}
	shorter := c.lengthName(digest.Lengths[i-1])
	return r.with(digest.Button{Label: shorter, Action: c.action("shorter:" + string(digest.Lengths[i-1]))}), nil
}

func (c *conversation) duplicate(ctx context.Context, id string) (Reply, error) {
	return c.rated(ctx, id, digest.Duplicate)
}

// rated keeps why a digest was not useful.
func (c *conversation) rated(ctx context.Context, id string, kind digest.FeedbackKind) (Reply, error) {
	e, no, err := c.edition(ctx, digest.EditionID(id))
	if no != nil || err != nil {
		return *or(no, &Reply{}), err
	}
	r, err := c.report(ctx, digest.Feedback{Kind: kind, Edition: e.ID}, 0)
	r.Edit = true
	return r, err
}

// shorter is the button that shortens the chat's digests.
func (c *conversation) shorter(ctx context.Context, length string) (Reply, error) {
	if no, err := c.setLength(ctx, length); no != nil || err != nil {
		return *or(no, &Reply{}), err
	}
	r := c.say(texts.LengthSet, texts.Args{"Length": c.lengthName(c.chat.Settings.DigestLength())})
	r.Edit = true
	return r, nil
}
