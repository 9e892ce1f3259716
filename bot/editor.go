package bot

import (
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"newsdigest/bot/texts"
	"newsdigest/digest"
)

// Editor turns editions into posts. It is the desk's Editor.
type Editor struct {
	// Web is the address under which editions have pages, without a slash at its end;
	// empty where they have none.
	Web string
}

// Post implements desk.Editor.
func (ed Editor) Post(e digest.Edition, page int, to digest.Address) digest.Post {
	w := writer{e: e, lang: e.Language, zone: zoneOf(e.Zone), page: ed.pageOf(e)}
	p := digest.Post{Language: e.Language, Time: e.At, Page: page, Pages: e.PageCount()}
	if page == 1 {
		p.Lead = w.lead()
	}
	p.Title = digest.Line{{Text: w.name(), Bold: true}, {Text: " · " + texts.Day(w.lang, e.At.In(w.zone))}}
	if len(e.Stories) == 0 {
		p.Title, p.Lines = nil, []digest.Line{w.nothing()}
		p.Preview = p.Lines[0].String()
		if !e.AllSilent() && to.Private() {
			p.Buttons = [][]digest.Button{{{Label: w.say(texts.ButtonTopStories), Action: "top:"}}}
		}
		return p
	}
	stories, first := e.OnPage(page)
	for i, s := range stories {
		p.Stories = append(p.Stories, w.story(s, first+i))
	}
	p.Lines = []digest.Line{headLine(p)}
	p.Preview = w.preview(p.Stories)
	p.End = w.end(page)
	p.Note = note(w.lang, stories, first)
	if page == 1 {
		p.Picture = stories[0].Picture
	}
	w.controls(&p, to)
	return p
}

// zoneOf is the zone by name, UTC where there is none or it is unknown.
func zoneOf(name string) *time.Location {
	if z, err := digest.LoadZone(name); err == nil {
		return z
	}
	return time.UTC
}

// writer writes the parts of one edition's post.
type writer struct {
	e    digest.Edition
	lang string
	zone *time.Location
	page string // the address of the edition's page on the web, empty if it has none
}

func (w writer) say(id texts.ID, args ...texts.Args) string { return texts.Say(w.lang, id, args...) }

// name is what the digest is called at its time of day.
func (w writer) name() string {
	at := w.e.At
	if !w.e.Slot.IsZero() {
		at = w.e.Slot.At
	}
	switch h := at.In(w.zone).Hour(); {
	case h >= 4 && h < 11:
		return w.say(texts.NameMorning)
	case h >= 11 && h < 15:
		return w.say(texts.NameMidday)
	case h >= 15 && h < 22:
		return w.say(texts.NameEvening)
	}
	return w.say(texts.NameDigest)
}

// lead is what has to be known before the stories: that the digest is late, or that most
// sources are missing from it, or all.
func (w writer) lead() []digest.Line {
	var out []digest.Line
	if w.e.Late {
		out = append(out, digest.Plain(w.say(texts.Late, texts.Args{"Time": texts.Clock(w.lang, w.e.Slot.At.In(w.zone))})))
	}
	if w.e.Restored {
		out = append(out, digest.Plain(w.say(texts.Restored)))
	}
	switch answered := w.e.Sources - len(w.e.Silent); {
	case w.e.AllSilent() && len(w.e.Stories) > 0: // that came before
		out = append(out, digest.Plain(w.allSilent()))
	case w.mostSilent():
		out = append(out, digest.Plain(w.say(texts.MostSilent, texts.Args{"Count": answered, "Sources": w.e.Sources})))
	}
	return out
}

// allSilent says since when no source has answered.
func (w writer) allSilent() string {
	since := w.e.Silent[0].Since
	for _, s := range w.e.Silent {
		if s.Since.After(since) {
			since = s.Since
		}
	}
	if since.IsZero() {
		return w.say(texts.AllSilentEver, texts.Args{"Count": w.e.Sources})
	}
	return w.say(texts.AllSilent, texts.Args{
		"Count": w.e.Sources, "Since": texts.Moment(w.lang, since.In(w.zone), w.e.At.In(w.zone))})
}

func (w writer) mostSilent() bool { return 2*len(w.e.Silent) > w.e.Sources && !w.e.AllSilent() }

// nothing is the whole text of an edition without stories.
func (w writer) nothing() digest.Line {
	if w.e.AllSilent() {
		return digest.Plain(w.allSilent())
	}
	text := w.say(texts.NothingNew)
	if !w.e.Previous.IsZero() {
		text = w.say(texts.NothingNewSince, texts.Args{
			"Since": texts.Moment(w.lang, w.e.Previous.In(w.zone), w.e.At.In(w.zone))})
	}
	line := digest.Plain(text)
	return w.thenNext(line)
}

// story is one story of the edition. The outlets whose sentences are quoted come first,
// then the others, the earliest first.
func (w writer) story(s digest.EditionStory, number int) digest.PostStory {
	p := digest.PostStory{Story: s.Story, Number: number, Headline: s.Headline, Articles: len(s.Members),
		Updated: s.Updated, Differ: Differ(w.lang, s)}
	for _, sentence := range s.Detail {
		p.Detail = append(p.Detail, digest.Clean(sentence.Text))
	}
	if s.Reworded {
		p.Summary = s.Wording
	}
	members := digest.Story{Members: s.Members}
	var quoted []digest.Member
	for _, sentence := range s.Summary {
		if !s.Reworded {
			p.Summary = append(p.Summary, digest.Clean(sentence.Text))
		}
		i := slices.IndexFunc(s.Members, func(m digest.Member) bool { return m.Article == sentence.Article })
		if i >= 0 {
			quoted = append(quoted, s.Members[i])
		}
	}
	members.Members = append(quoted, s.Members...)
	for _, m := range members.Outlets() {
		p.Links = append(p.Links, digest.Link{Name: digest.Clean(m.Outlet), URL: m.Link, Paywall: m.Paywall})
	}
	return p
}

// Differ says in a language what two outlets of a story say differently: "Atlas Wire says
// 15%, Harbour Times says 18%."; "" where none do.
func Differ(lang string, s digest.EditionStory) string {
	if s.Differ == nil {
		return ""
	}
	outlet := func(id digest.ArticleID) string {
		i := slices.IndexFunc(s.Members, func(m digest.Member) bool { return m.Article == id })
		if i < 0 {
			return ""
		}
		return digest.Clean(s.Members[i].Outlet)
	}
	first, second := outlet(s.Differ.A.Article), outlet(s.Differ.B.Article)
	if first == "" || second == "" {
		return ""
	}
	return texts.Say(lang, texts.Differ, texts.Args{
		"First": first, "FirstFigure": figure(s.Differ.A), "Second": second, "SecondFigure": figure(s.Differ.B)})
}

// figure is a number for the middle of a sentence, also where it began one: "At least 11".
func figure(f digest.Figure) string {
	text := digest.Clean(f.Text)
	if !f.Opens {
		return text
	}
	first, n := utf8.DecodeRuneInString(text)
	return string(unicode.ToLower(first)) + text[n:]
}

// preview is the line that a push notification shows.
func (w writer) preview(stories []digest.PostStory) string {
	head := w.say(texts.Preview, texts.Args{
		"Name": w.name(), "Day": texts.Day(w.lang, w.e.At.In(w.zone)), "Headline": stories[0].Headline})
	if n := len(stories) - 1; n > 0 {
		return w.say(texts.PreviewMore, texts.Args{"Head": head, "Count": n})
	}
	return head
}

// end says that a page is over, when the next digest comes, after the last page how much
// was left out, and which sources did not answer.
func (w writer) end(page int) []digest.Line {
	out := []digest.Line{w.thenNext(digest.Plain(w.say(texts.ThatsAll)))}
	if w.e.Left > 0 && page == w.e.PageCount() {
		out = append(out, digest.Plain(w.say(texts.LeftOut, texts.Args{"Count": w.e.Left})))
	}
	if w.e.ModelDown && !slices.ContainsFunc(w.e.Stories, func(s digest.EditionStory) bool { return s.Reworded }) {
		out = append(out, digest.Plain(w.say(texts.ModelDown)))
	}
	if n := len(w.e.Silent); n > 0 {
		var names []string
		for _, s := range w.e.Silent {
			names = append(names, digest.Clean(s.Name))
		}
		const named = 3
		list := texts.List(w.lang, names[:min(n, named)], n-min(n, named))
		out = append(out, digest.Plain(w.say(texts.SilentSources, texts.Args{"Count": n, "Names": list})))
	}
	if w.page != "" {
		out = append(out, digest.Line{{Text: w.say(texts.OnWeb), URL: w.page}})
	}
	return out
}

// note says that summaries are automatic, and which of the stories, numbered from first, a
// model has worded.
func note(lang string, stories []digest.EditionStory, first int) string {
	var numbers []string
	for i, s := range stories {
		if s.Reworded {
			numbers = append(numbers, strconv.Itoa(first+i))
		}
	}
	if len(numbers) == 0 {
		return texts.Say(lang, texts.Note)
	}
	return texts.Say(lang, texts.NoteReworded, texts.Args{"Count": len(numbers), "Stories": texts.List(lang, numbers, 0)})
}

// thenNext is a line of one sentence, and when the next digest comes.
func (w writer) thenNext(line digest.Line) digest.Line {
	if w.e.Next.IsZero() {
		return line
	}
	return append(append(line, digest.Run{Text: digest.Gap(line.String())}), w.next()...)
}

// next is when the next digest comes.
func (w writer) next() digest.Line {
	zone := zoneOf(w.e.NextZone)
	at := w.e.Next.At.In(zone)
	when := texts.Weekday(w.lang, at) + " " + texts.Clock(w.lang, at)
	if at.Sub(w.e.At) > 6*24*time.Hour {
		when = texts.Day(w.lang, at) + " " + texts.Clock(w.lang, at)
	}
	when += " (" + placeName(w.e.NextPlace, w.e.NextZone) + ")"
	before, after, _ := strings.Cut(w.say(texts.NextDigest, texts.Args{"When": when}), when)
	return digest.Line{{Text: before}, {Text: when, At: w.e.Next.At}, {Text: after}}
}
