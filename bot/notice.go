package bot

import (
	"slices"
	"strings"

	"newsdigest/bot/texts"
	"newsdigest/digest"
)

// Notice implements desk.Editor.
func (Editor) Notice(n digest.Notice, to digest.Address) digest.Post {
	w := notice{Notice: n, to: to}
	p := digest.Post{Language: n.Language, Time: n.At}
	switch {
	case n.Kind == digest.StoryNotice && n.Story != nil:
		p.Title = digest.Line{{Text: n.Story.Headline, Bold: true}}
		p.Lines = w.update(*n.Story)
		p.Buttons = [][]digest.Button{{w.button(texts.ButtonUnfollow, "leave:"+string(n.Story.Story))}}
		if n.Public != "" && to.Platform != digest.Discord {
			p.Buttons = [][]digest.Button{{{Label: w.say(texts.ButtonReadInPrivate), Start: startStory + n.Public}}}
		}
	case n.Kind == digest.SourceNotice:
		days := int(n.At.Sub(n.Since).Hours() / 24)
		p.Lines = []digest.Line{digest.Plain(w.say(texts.SourcePaused, texts.Args{"Name": quote(n.SourceName), "Count": days}))}
		p.Buttons = [][]digest.Button{{
			w.button(texts.ButtonTryAgain, "retry:"+string(n.Source)), w.button(texts.ButtonRemove, "drop:"+string(n.Source))}}
	case n.Kind == digest.QuietNotice:
		p.Lines = []digest.Line{digest.Plain(w.say(texts.QuietDays))}
		p.Buttons = [][]digest.Button{{w.button(texts.ButtonTopics, "topics:"), w.button(texts.ButtonAddSources, AskPrefix+"source")}}
	}
	w.operators(n, &p)
	p.Preview = p.Title.String()
	return p
}

// operators writes the notices that have to do with those who run the bot.
func (w notice) operators(n digest.Notice, p *digest.Post) {
	switch {
	case n.Kind == digest.ProblemNotice && n.Problem != nil:
		p.Lines = w.problem()
	case n.Kind == digest.AnnouncementNotice:
		p.Lines = w.announcement()
	case n.Kind == digest.BlockedNotice:
		p.Lines = plainLines([]string{w.say(texts.ChatBlocked)})
	}
}

// notice writes the parts of a notice's post.
type notice struct {
	digest.Notice
	to digest.Address
}

func (w notice) say(id texts.ID, args ...texts.Args) string {
	return texts.Say(w.Language, id, args...)
}

// update is what is new of a story, with its links.
func (w notice) update(s digest.EditionStory) []digest.Line {
	story := writer{lang: w.Language}.story(s, 0)
	lines := []digest.Line{digest.Plain(w.say(texts.StoryUpdated, texts.Args{"Text": strings.TrimSpace(join(story.Summary))}))}
	if story.Differ != "" {
		lines = append(lines, differLine(w.Language, story.Differ))
	}
	return append(lines, linkLine(w.Language, tellers(s, story.Links), digest.LinksShown))
}

// tellers are the links of those outlets whose sentences are quoted: the others told it
// before.
func tellers(s digest.EditionStory, links []digest.Link) []digest.Link {
	quoted := map[string]bool{}
	for _, m := range s.Members {
		if slices.ContainsFunc(s.Summary, func(q digest.Sentence) bool { return q.Article == m.Article }) {
			quoted[digest.Clean(m.Outlet)] = true
		}
	}
	return slices.DeleteFunc(links, func(l digest.Link) bool { return !quoted[l.Name] })
}

// button is a button for the chat that the notice goes to.
func (w notice) button(label texts.ID, action string) digest.Button {
	return digest.Button{Label: w.say(label), Action: actionFor(action, w.Chat, w.to)}
}

// differLine says where a story's sources differ.
func differLine(lang, differ string) digest.Line {
	return digest.Line{{Text: texts.Say(lang, texts.SourcesDiffer) + ":", Bold: true}, {Text: " " + differ}}
}

// linkLine names a story's outlets, the first of them linked and the others counted:
// "Atlas Wire · The Ledger (paywall) · +2 more".
func linkLine(lang string, links []digest.Link, most int) digest.Line {
	var line digest.Line
	for i, l := range links[:min(len(links), most)] {
		if i > 0 {
			line = append(line, digest.Run{Text: " · "})
		}
		line = append(line, digest.Run{Text: l.Name, URL: l.URL})
		if l.Paywall {
			line = append(line, digest.Run{Text: " (" + texts.Say(lang, texts.Paywall) + ")"})
		}
	}
	if more := len(links) - most; more > 0 {
		line = append(line, digest.Run{Text: " · " + texts.Say(lang, texts.MoreLinks, texts.Args{"Count": more})})
	}
	return line
}
