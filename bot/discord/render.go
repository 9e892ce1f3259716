package discord

import (
	"encoding/json"
	"fmt"
	"strings"

	"newsdigest/bot"
	"newsdigest/bot/texts"
	"newsdigest/digest"
)

// houseColor is the stripe beside a digest; it means nothing.
const houseColor = 0x2F6F8F

// botName stands over a digest.
const botName = "Newsdigest"

// payload is a variant of a page, frozen: the message, and the language of what may have
// to be put in front of it.
type payload struct {
	Language string  `json:"language"`
	Message  message `json:"message"`
}

// Pages puts a post into Discord's form. A digest is one line of text, for the
// notification and for people who hide embeds, and an embed; it falls back to text alone,
// and then to headlines with their first links.
func (p *Platform) Pages(post digest.Post) []digest.Page {
	var out []digest.Page
	for _, fit := range bot.Fit(asLines(post), fits) {
		page := digest.Page{Variants: []digest.Variant{variant(digest.Rich, fit.Language, rich(fit))}}
		if len(fit.Stories) > 0 {
			page.Variants = append(page.Variants,
				variant(digest.PlainText, fit.Language, plainText(fit)),
				variant(digest.LinksOnly, fit.Language, linksOnly(fit)))
		}
		out = append(out, page)
	}
	return out
}

func variant(kind, language string, m message) digest.Variant {
	// Marshal cannot fail: strings, numbers and slices only.
	data, _ := json.Marshal(payload{Language: language, Message: m})
	return digest.Variant{Kind: kind, Payload: data}
}

// shown are the messages that show a post to whoever asked for it. asPanel says that they
// take the place of panels, one that there may only be one: it counts what finds no room.
func shown(post digest.Post, asPanel, one bool) []message {
	form, fits := rich, fits
	if asPanel || len(post.Rows) > 0 {
		form, fits = panel, func(q digest.Post) bool { return panel(q).fits() }
	}
	pages := bot.Fit(post, fits)
	if one && len(pages) > 1 {
		pages = []digest.Post{counted(post, pages[0])}
	}
	var out []message
	for _, p := range pages {
		out = append(out, form(p))
	}
	return out
}

// counted is the first page of a post that says how much more there would be.
func counted(post, first digest.Post) digest.Post {
	items := func(p digest.Post) int {
		if len(p.Stories) > 0 {
			return len(p.Stories)
		}
		return len(p.Lines) + len(p.Rows)
	}
	left := items(post) - items(first)
	first.End = []digest.Line{digest.Plain(texts.Say(post.Language, texts.AndMore, texts.Args{"Count": left}))}
	first.Note, first.Menus, first.Buttons = post.Note, post.Menus, post.Buttons
	return first
}

// rich is the post in its best form for everybody: an embed for a digest or for much
// text, else text alone.
func rich(p digest.Post) message {
	m := worded(p)
	m.Components = newMaker().rows(p, maxRows)
	return m.with(p.File)
}

// fits tells whether a post fits into one message. What stands under its text always does.
func fits(p digest.Post) bool { return worded(p).fits() }

// worded is a post's text as rich shows it.
func worded(p digest.Post) message {
	m := newMessage(preview(p), card(p))
	if len(p.Stories) == 0 {
		if text := newMessage(inContent.message(p)); text.fits() {
			m = text
		}
	}
	return m
}

// preview is the line over an embed.
func preview(p digest.Post) string {
	return escape(shorten(digest.CleanOwn(p.Preview), maxTitle), true)
}

func card(p digest.Post) embed {
	e := embed{
		Author: &author{Name: botName}, Color: houseColor, Timestamp: iso(p.Time),
		Title: shorten(escape(digest.CleanOwn(p.Title.String()), true), maxTitle),
	}
	if p.Note != "" {
		e.Footer = &footer{Text: shorten(digest.CleanOwn(p.Note), maxFooter/2)}
	}
	if to := address(p.Picture); strings.HasPrefix(to, "https://") && len(to) <= maxPicture {
		e.Thumbnail = &media{URL: to}
	}
	var parts []string
	add := func(lines []digest.Line) {
		if s := inEmbed.lines(lines); s != "" {
			parts = append(parts, s)
		}
	}
	add(p.Lead)
	add(p.Lines)
	for _, s := range p.Stories {
		parts = append(parts, inEmbed.story(p, s))
	}
	add(p.End)
	e.Description = strings.Join(parts, "\n\n")
	return e
}

// message is a post without stories as text.
func (f form) message(p digest.Post) string {
	return paragraphs([]string{
		f.lines(p.Lead), styled(escape(p.Title.String(), true), "**"), f.lines(p.Lines), f.lines(p.End), smallPrint(p.Note),
	}, "\n")
}

func (f form) lines(ls []digest.Line) string {
	var out []string
	for _, l := range ls {
		out = append(out, f.line(l))
	}
	return strings.Join(out, "\n")
}

// story is one story: headline, sentences, where outlets differ, outlets.
func (f form) story(p digest.Post, s digest.PostStory) string {
	out := []string{f.headline(s)}
	if text := digest.Clean(digest.Prose(s.Summary)); text != "" {
		text = escape(text, true)
		if s.Updated {
			text = styled(texts.Say(p.Language, texts.Updated)+":", "*") + " " + text
		}
		out = append(out, text)
	}
	if s.Differ != "" {
		out = append(out, styled(texts.Say(p.Language, texts.SourcesDiffer)+":", "**")+" "+escape(digest.CleanOwn(s.Differ), true))
	}
	if l := f.outlets(p, s); l != "" {
		out = append(out, l)
	}
	return strings.Join(out, "\n")
}

func (f form) headline(s digest.PostStory) string {
	return fmt.Sprintf("**%d. %s**", s.Number, escape(digest.Clean(s.Headline), false))
}

// outlets is the line of links: "One source: Open Bench", "Atlas Wire · The Ledger
// (paywall) · +3 more".
func (f form) outlets(p digest.Post, s digest.PostStory) string {
	links, more := p.Shown(s)
	var out []string
	for _, l := range links {
		text := f.link(digest.Clean(l.Name), l.URL)
		if l.Paywall {
			text += " (" + texts.Say(p.Language, texts.Paywall) + ")"
		}
		out = append(out, text)
	}
	if more > 0 {
		out = append(out, texts.Say(p.Language, texts.MoreLinks, texts.Args{"Count": more}))
	}
	line := strings.Join(out, " · ")
	if s.Single() {
		line = texts.Say(p.Language, texts.OneSource) + ": " + line
	}
	return line
}

// plainText is a digest without embed, for places that refuse those: as much of each
// story as leaves room for all.
func plainText(p digest.Post) message {
	whole := func(s digest.PostStory) string { return inContent.story(p, s) }
	brief := func(s digest.PostStory) string {
		s.Summary, s.Differ = nil, ""
		return inContent.story(p, s)
	}
	m := newMessage(digestText(p, "\n\n", whole, brief, inContent.headline))
	m.Components = newMaker().rows(p, maxRows)
	return m
}

// linksOnly is a digest with nothing that Discord could object to but the words
// themselves: no embed, no buttons, one link a story.
func linksOnly(p digest.Post) message {
	first := func(s digest.PostStory) string {
		to := ""
		if len(s.Links) > 0 {
			to = address(s.Links[0].URL)
		}
		if to == "" {
			return inContent.headline(s)
		}
		return inContent.headline(s) + "\n<" + to + ">"
	}
	return newMessage(digestText(p, "\n", first, inContent.headline))
}

// digestText is a digest in the first of the forms that fits; if none does, the last
// stories are counted instead.
func digestText(p digest.Post, gap string, forms ...func(digest.PostStory) string) string {
	head, foot := inContent.lines(append(append([]digest.Line{}, p.Lead...), p.Title)), inContent.lines(p.End)
	text := func(form func(digest.PostStory) string, n int) string {
		parts := []string{head}
		for _, s := range p.Stories[:n] {
			parts = append(parts, form(s))
		}
		if left := len(p.Stories) - n; left > 0 {
			parts = append(parts, texts.Say(p.Language, texts.AndMore, texts.Args{"Count": left}))
		}
		if foot != "" {
			parts = append(parts, foot)
		}
		return strings.Trim(strings.Join(parts, gap), "\n")
	}
	for _, form := range forms {
		if s := text(form, len(p.Stories)); units(s) <= contentRoom {
			return s
		}
	}
	last := forms[len(forms)-1]
	for n := len(p.Stories) - 1; n > 0; n-- {
		if s := text(last, n); units(s) <= contentRoom {
			return s
		}
	}
	return shorten(head, contentRoom)
}
