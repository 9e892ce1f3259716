package bot

import (
	"slices"

	"newsdigest/bot/texts"
	"newsdigest/digest"
)

// wordsAMinute is how fast people read, for the read time in a digest's head.
const wordsAMinute = 230

// Fit makes posts that a platform can take, in order; fits tells whether a post is
// within its limits. It is the one rule of what gives way when room is short: first the
// details, the last story's first, then two links a story instead of three, then where
// sources differ, then the last sentences of the longest summaries, then the last stories
// go to a page of their own, and the head line counts anew. A message without stories is
// spread over as many as its lines need. Nothing is cut inside a word, a link or a
// sentence.
func Fit(p digest.Post, fits func(digest.Post) bool) []digest.Post {
	if fits(p) {
		return []digest.Post{p}
	}
	if len(p.Stories) == 0 {
		return fitLines(p, fits)
	}
	p.Stories = slices.Clone(p.Stories)
	for i, story := range slices.Backward(p.Stories) {
		if p.Stories[i].Detail = nil; len(story.Detail) > 0 && fits(p) {
			return []digest.Post{p}
		}
	}
	p.MaxLinks = 2
	if !fits(p) {
		p.Stories = agreed(p.Stories)
	}
	for !fits(p) && dropSentence(&p) {
	}
	if fits(p) {
		return []digest.Post{withHead(p)}
	}
	return fitStories(p, fits)
}

// agreed are the stories without where their sources differ.
func agreed(stories []digest.PostStory) []digest.PostStory {
	out := slices.Clone(stories)
	for i := range out {
		out[i].Differ = ""
	}
	return out
}

// dropSentence drops the last sentence of the longest summary that has more than one; false
// if none is left.
func dropSentence(p *digest.Post) bool {
	longest, length := -1, 0
	for i, s := range p.Stories {
		if n := len(s.Summary); n > 1 && len(join(s.Summary)) > length {
			longest, length = i, len(join(s.Summary))
		}
	}
	if longest < 0 {
		return false
	}
	stories := append([]digest.PostStory(nil), p.Stories...)
	s := &stories[longest]
	s.Summary = s.Summary[:len(s.Summary)-1]
	p.Stories = stories
	return true
}

func join(sentences []string) string {
	var all string
	for _, s := range sentences {
		all += s + " "
	}
	return all
}

// fitStories spreads the stories over as few pages as they need. A story that is too
// long even alone keeps its headline and first link only.
func fitStories(p digest.Post, fits func(digest.Post) bool) []digest.Post {
	var pages []digest.Post
	for rest := p.Stories; len(rest) > 0; {
		n := len(rest)
		for n > 1 && !fits(cut(p, rest[:n])) {
			n--
		}
		page := cut(p, rest[:n])
		if !fits(page) {
			page = bare(page)
		}
		if len(pages) > 0 {
			page.Lead, page.Picture, page.File = nil, "", nil
		}
		pages = append(pages, page)
		rest = rest[n:]
	}
	for i := range pages[:len(pages)-1] {
		// What ends the digest ends its last page.
		pages[i].End, pages[i].Note, pages[i].Menus, pages[i].Buttons = nil, "", nil, nil
	}
	return pages
}

// bare is a page of one story without its summary and with its first link only; the other
// outlets are still counted.
func bare(p digest.Post) digest.Post {
	s := p.Stories[0]
	s.Summary = nil
	p.MaxLinks = 1
	return cut(p, []digest.PostStory{s})
}

func cut(p digest.Post, stories []digest.PostStory) digest.Post {
	p.Stories = stories
	return withHead(p)
}

// withHead puts the head line that the post's stories add up to in its place.
func withHead(p digest.Post) digest.Post {
	p.Lines = []digest.Line{headLine(p)}
	return p
}

// headLine counts what the page shows: "5 stories · 1 min read · 38 articles, 14 sources".
func headLine(p digest.Post) digest.Line {
	words, articles := 0, 0
	outlets := map[string]bool{}
	for _, s := range p.Stories {
		words += digest.Words(s.Headline) + digest.Words(join(s.Summary)) + digest.Words(s.Differ)
		articles += s.Articles
		for _, l := range s.Links {
			outlets[l.Name] = true
		}
	}
	minutes := max(1, (words+wordsAMinute/2)/wordsAMinute)
	say := func(id texts.ID, n int) string { return texts.Say(p.Language, id, texts.Args{"Count": n}) }
	stories := say(texts.CountStories, len(p.Stories))
	if p.Page > 1 {
		return digest.Plain(texts.Say(p.Language, texts.HeadPage, texts.Args{
			"Page": p.Page, "Pages": p.Pages, "Stories": stories}))
	}
	return digest.Plain(texts.Say(p.Language, texts.Head, texts.Args{
		"Stories": stories, "Minutes": say(texts.CountMinutes, minutes),
		"Articles": say(texts.CountArticles, articles), "Sources": say(texts.CountSources, len(outlets))}))
}

// fitLines spreads lines, then rows, over as few posts as they need: what comes before
// them opens the first one, what ends them ends the last. A line that is too long even
// alone is counted instead.
func fitLines(p digest.Post, fits func(digest.Post) bool) []digest.Post {
	var pages []digest.Post
	rest := p
	for !fits(rest) && items(rest) > 0 {
		n := max(1, items(rest)-1) // the last line stays with what ends the post
		for n > 1 && !fits(firstItems(rest, n)) {
			n--
		}
		page := firstItems(rest, n)
		if !fits(page) {
			page.Lines, page.Rows = []digest.Line{digest.Plain(texts.Say(p.Language, texts.AndMore, texts.Args{"Count": n}))}, nil
		}
		pages, rest = append(pages, page), itemsFrom(rest, n)
	}
	if len(pages) > 0 && items(rest) == 0 && len(rest.End)+len(rest.Menus)+len(rest.Buttons) == 0 && rest.Note == "" {
		return pages
	}
	return append(pages, rest)
}

// items is how many lines and rows a post has.
func items(p digest.Post) int { return len(p.Lines) + len(p.Rows) }

// firstItems is a post with its first n lines and rows, and nothing after them.
func firstItems(p digest.Post, n int) digest.Post {
	lines := min(n, len(p.Lines))
	p.Lines, p.Rows = p.Lines[:lines], p.Rows[:n-lines]
	p.End, p.Note, p.Menus, p.Buttons = nil, "", nil, nil
	return p
}

// itemsFrom is a post without its first n lines and rows, and nothing before them.
func itemsFrom(p digest.Post, n int) digest.Post {
	lines := min(n, len(p.Lines))
	p.Lines, p.Rows = p.Lines[lines:], p.Rows[n-lines:]
	p.Lead, p.Title, p.Picture, p.File = nil, nil, "", nil
	return p
}
