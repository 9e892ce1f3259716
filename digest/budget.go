package digest

import "slices"

// How much of an edition there is to read.
const (
	PageStories  = 5 // on a page, at most
	EditionPages = 2 // in an edition, at most
)

// pageWords is the most words that the stories of a page have, by length: at 230 words a
// minute a standard page takes a little over one.
var pageWords = map[Length]int{Brief: 100, Standard: 260, Full: 450}

func (e Edition) pageWords() int {
	if n, ok := pageWords[e.Length]; ok {
		return n
	}
	return pageWords[Standard]
}

// Fill gives the edition the stories that fit its reading time, of those that are offered
// in their order, and tells how many it took. A page holds PageStories of them where their
// words allow: for room, the lowest ones first give up sentences beyond the one they need,
// which become details; then the page ends earlier. So no story comes before a better one
// because it is shorter.
func (e *Edition) Fill(offered []EditionStory) int {
	e.Stories = nil
	for range EditionPages {
		rest := offered[len(e.Stories):]
		n := min(len(rest), PageStories)
		page := e.fitted(rest[:n])
		for page == nil && n > 1 {
			n--
			page = e.fitted(rest[:n])
		}
		if page == nil {
			page = slices.Clone(rest[:n]) // too long even alone
		}
		e.Stories = append(e.Stories, page...)
	}
	return len(e.Stories)
}

// fitted are the stories cut to the words of a page, nil if they have too many even so.
func (e *Edition) fitted(stories []EditionStory) []EditionStory {
	page := slices.Clone(stories)
	over := -e.pageWords()
	for _, s := range page {
		over += s.Words()
	}
	for i := len(page) - 1; i >= 0 && over > 0; i-- {
		before := page[i].Words()
		for over > 0 && len(page[i].shown()) > 1 {
			page[i] = page[i].shortened()
			over += page[i].Words() - before
			before = page[i].Words()
		}
	}
	if over > 0 {
		return nil
	}
	return page
}

// Words is how many words the story has to read, details aside.
func (s EditionStory) Words() int {
	n := Words(s.Headline)
	for _, sentence := range s.shown() {
		n += Words(sentence)
	}
	if s.Differ != nil { // "Atlas Wire says 15%, Harbour Times says 18%."
		const saying = 6
		n += Words(s.Differ.A.Text) + Words(s.Differ.B.Text) + saying
	}
	return n
}

// shown are the sentences that the story shows: a model's or its articles'.
func (s EditionStory) shown() []string {
	if s.Reworded {
		return s.Wording
	}
	out := make([]string, len(s.Summary))
	for i, sentence := range s.Summary {
		out[i] = sentence.Text
	}
	return out
}

// shortened is the story without its last sentence, which becomes a detail where its
// articles' own are none.
func (s EditionStory) shortened() EditionStory {
	if s.Reworded {
		s.Wording = s.Wording[:len(s.Wording)-1]
		return s
	}
	last := len(s.Summary) - 1
	s.Detail = slices.Concat(s.Summary[last:], s.Detail)
	s.Summary = s.Summary[:last]
	return s
}

// PageCount is how many pages the edition has, at least 1.
func (e Edition) PageCount() int {
	n := 0
	for from := 0; from < len(e.Stories); n++ {
		from = e.pageEnd(from)
	}
	return max(1, n)
}

// OnPage are the stories of a page, counted from 1, and the number of the first of them.
func (e Edition) OnPage(page int) (stories []EditionStory, first int) {
	from := 0
	for range page - 1 {
		from = e.pageEnd(from)
	}
	return e.Stories[from:e.pageEnd(from)], from + 1
}

// pageEnd is where the page ends that begins with this story: after PageStories, and
// before the one with which it would have too many words, but not before its second.
func (e Edition) pageEnd(from int) int {
	words := 0
	for i := from; i < len(e.Stories); i++ {
		words += e.Stories[i].Words()
		if i == from+PageStories || i > from && words > e.pageWords() {
			return i
		}
	}
	return len(e.Stories)
}
