package bot

import (
	"context"
	"errors"
	"slices"
	"strings"

	"newsdigest/bot/desk"
	"newsdigest/bot/texts"
	"newsdigest/digest"
)

// cardWords is the most words of a story card's text; its first sentence stands whatever
// its length.
const cardWords = 70

// card is all that is known of a story: what happened, what its sources say differently,
// and who tells it.
func (c *conversation) card(_ context.Context, s told) (Reply, error) {
	r := c.post()
	p := r.Post
	p.Title = digest.Line{{Text: s.Headline, Bold: true}}
	if s.Reworded {
		s.Summary = nil // Detail has its sentences, too
	}
	text := digest.Prose(upTo(cardWords, append(slices.Clip(s.Summary), s.Detail...)))
	if s.Updated {
		text = c.t(texts.StoryUpdated, texts.Args{"Text": text})
	}
	if text != "" {
		p.Lines = append(p.Lines, digest.Plain(text))
	}
	if differ := Differ(c.lang, s.EditionStory); differ != "" {
		p.Lines = append(p.Lines, differLine(c.lang, differ))
	}
	p.Lines = append(p.Lines, c.sourceLines(s.EditionStory)...)
	p.Note = note(c.lang, []digest.EditionStory{s.EditionStory}, max(1, s.number))
	p.Buttons = c.cardButtons(s)
	return r, nil
}

// whoElse is who tells a story.
func (c *conversation) whoElse(_ context.Context, s told) (Reply, error) {
	r := c.post()
	r.Post.Title = digest.Line{{Text: s.Headline, Bold: true}}
	r.Post.Lines = c.sourceLines(s.EditionStory)
	return r, nil
}

// upTo are the first sentences that together have so many words, at least one.
func upTo(words int, sentences []digest.Sentence) []string {
	var out []string
	for _, s := range sentences {
		text := digest.Clean(s.Text)
		if words -= digest.Words(text); words < 0 && len(out) > 0 {
			break
		}
		out = append(out, text)
	}
	return out
}

// sourceLines name every outlet of a story, the earliest first, and when it told it.
func (c *conversation) sourceLines(s digest.EditionStory) []digest.Line {
	outlets := digest.Story{Members: s.Members}.Outlets()
	lines := []digest.Line{digest.Plain(c.t(texts.CardSources, texts.Args{"Count": len(outlets)}))}
	zone := zoneOf(c.chat.Settings.Zone)
	for _, m := range outlets {
		line := digest.Line{{Text: digest.Clean(m.Outlet), URL: m.Link}}
		if m.Paywall {
			line = append(line, digest.Run{Text: " (" + c.t(texts.Paywall) + ")"})
		}
		at := texts.Moment(c.lang, m.Published.In(zone), c.now.In(zone))
		lines = append(lines, append(line, digest.Run{Text: " · "}, digest.Run{Text: at, At: m.Published, Ago: true}))
	}
	return lines
}

// cardButtons are what can be done with a story. In a group nobody does it for all.
func (c *conversation) cardButtons(s told) [][]digest.Button {
	if !c.chat.Address.Private() {
		return nil
	}
	button := func(label texts.ID, action string) digest.Button {
		return digest.Button{Label: c.t(label), Action: c.action(action)}
	}
	first := []digest.Button{button(texts.ButtonFollow, "follow:"+s.ref())}
	if c.follows(s.Story) {
		first[0] = button(texts.ButtonUnfollow, "leave:"+string(s.Story))
	}
	if len(topicsOf(s.EditionStory)) > 0 {
		first = append(first, button(texts.ButtonMuteTopic, "hide:"+s.ref()))
	}
	first = append(first, button(texts.ButtonWrong, AskPrefix+"wrong:"+s.ref()))
	return [][]digest.Button{first, {
		button(texts.ButtonMoreLike, "like:"+s.ref()), button(texts.ButtonLessLike, "dislike:"+s.ref()),
		button(texts.ButtonWhy, "why:"+s.ref())}}
}

// topicsOf are the topics of a story as it was shown.
func topicsOf(s digest.EditionStory) []string { return digest.Story{Members: s.Members}.Topics() }

// The beginnings of what a link into the private chat says there.
const (
	startDigest = "d_"
	startStory  = "s_"
)

// startAt opens what a link into the private chat names, a digest or a story; nil if it
// names nothing that is still there.
func (c *conversation) startAt(ctx context.Context, payload string) (*Reply, error) {
	if !c.chat.Address.Private() {
		return nil, nil
	}
	var r Reply
	var err error
	if id, ok := strings.CutPrefix(payload, startDigest); ok {
		r, err = c.openDigest(ctx, id)
	} else if id, ok := strings.CutPrefix(payload, startStory); ok {
		var st digest.EditionStory
		if st, err = c.b.desk.PublicCard(ctx, c.chat, id, c.now); err == nil {
			r, err = c.card(ctx, told{EditionStory: st})
		}
	} else {
		return nil, nil
	}
	var gone *desk.Refusal
	if errors.As(err, &gone) {
		return nil, nil
	}
	return &r, err
}

// openDigest shows a digest that was posted elsewhere.
func (c *conversation) openDigest(ctx context.Context, public string) (Reply, error) {
	e, err := c.b.desk.PublicEdition(ctx, c.chat, public, c.now)
	if err != nil {
		return Reply{}, err
	}
	p := c.b.editor.Post(e, 1, c.chat.Address)
	return Reply{Post: &p}, nil
}
