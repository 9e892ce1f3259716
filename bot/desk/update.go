package desk

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"newsdigest/digest"
	"newsdigest/digest/summary"
	"newsdigest/store"
)

const (
	// updateSlack is how long before a story was shown an article may be dated that
	// arrived after it. What is older tells no news, whenever it was found.
	updateSlack = 6 * time.Hour
	// freshArticles is how many articles, the newest, an update is made of.
	freshArticles = 6
)

// told is what a chat knows that was shown a story: what its headline and its sentences
// state, and which articles were there.
func told(st digest.EditionStory) digest.Facts {
	facts := summary.Facts(st.Headline, st.Language)
	if st.Reworded {
		facts, st.Summary = facts.And(summary.Facts(strings.Join(st.Wording, " "), st.Language)), nil
	}
	for _, s := range st.Summary {
		lang := st.Language
		if i := slices.IndexFunc(st.Members, func(m digest.Member) bool { return m.Article == s.Article }); i >= 0 {
			lang = st.Members[i].Language
		}
		facts = facts.And(summary.Facts(s.Text, lang))
	}
	var articles digest.Facts
	for _, m := range newestOf(st.Members, summarized) {
		articles = append(articles, summary.ArticleFact(m.Article))
	}
	slices.Sort(articles)
	return facts.And(articles)
}

// toldOf tells whether what was shown was told with both articles of a difference there.
func toldOf(facts digest.Facts, d *digest.Difference) bool {
	return d != nil && facts.Has(summary.ArticleFact(d.A.Article)) && facts.Has(summary.ArticleFact(d.B.Article))
}

func newestOf(members []digest.Member, n int) []digest.Member {
	return members[max(0, len(members)-n):]
}

// mark notes that the chat was shown a story, and forgets what will not be asked again:
// facts of stories that have closed, and stories shown long ago.
func mark(c *digest.Chat, shown digest.Shown, now time.Time) {
	if c.Seen == nil {
		c.Seen = map[digest.StoryID]digest.Seen{}
	}
	c.Seen[shown.Story] = digest.Seen{At: now, Facts: c.Seen[shown.Story].Facts.And(shown.Facts)}
	for id, s := range c.Seen {
		switch age := now.Sub(s.At); {
		case age > seenFor:
			delete(c.Seen, id)
		case age > digest.StoryLife && s.Facts != nil:
			c.Seen[id] = digest.Seen{At: s.At}
		}
	}
}

// seenFor is how long a chat's memory of a story is kept: a story that goes on lives on.
const seenFor = 30 * 24 * time.Hour

// seenOf is what a chat was shown of a story, by its id or one that it absorbed; false if
// it has not seen it.
func seenOf(seen map[digest.StoryID]digest.Seen, s digest.Story) (all digest.Seen, ok bool) {
	for _, id := range append([]digest.StoryID{s.ID}, s.Absorbed...) {
		one, found := seen[id]
		if !found {
			continue
		}
		ok = true
		all.Facts = all.Facts.And(one.Facts)
		if one.At.After(all.At) {
			all.At = one.At
		}
	}
	return all, ok
}

// news is what a story tells a chat that has seen it and was not told before. No
// sentences mean that nothing is new.
type news struct {
	headline  string // of the articles that tell it
	sentences []digest.Sentence
}

// news finds what a story tells a chat that was not told before: sentences of articles
// that came since, in the story's language.
func (d *Desk) news(ctx context.Context, v digest.Story, seen digest.Seen) (news, error) {
	var fresh, before []digest.Member
	for _, m := range v.Members {
		switch {
		case seen.Facts.Has(summary.ArticleFact(m.Article)) || m.Published.Before(seen.At.Add(-updateSlack)):
			before = append(before, m)
		case m.Language == v.Language:
			fresh = append(fresh, m)
		}
	}
	if len(fresh) == 0 {
		return news{}, nil
	}
	fresh, before = newestOf(fresh, freshArticles), newestOf(before, summarized)
	key := newsKey(fresh, before, seen.Facts)
	d.room.mu.RLock()
	out, ok := d.room.news[key]
	d.room.mu.RUnlock()
	if ok {
		return out, nil
	}
	newer, err := d.documents(ctx, fresh)
	if err != nil {
		return news{}, err
	}
	older, err := d.documents(ctx, before)
	if err != nil {
		return news{}, err
	}
	out = newsIn(newer, summary.Update(newer, older, seen.Facts))
	d.room.mu.Lock()
	defer d.room.mu.Unlock()
	if d.room.news != nil {
		d.room.news[key] = out
	}
	return out, nil
}

func newsIn(docs []summary.Document, chosen []summary.Sentence) news {
	var n news
	var telling []summary.Document
	for i, s := range chosen {
		doc := docs[s.Doc]
		n.sentences = append(n.sentences, digest.Sentence{Article: doc.ID, From: s.From, To: s.To, Text: doc.Text[s.From:s.To]})
		if i == 0 || s.Doc != chosen[i-1].Doc {
			telling = append(telling, doc)
		}
	}
	if len(telling) > 0 {
		n.headline = summary.Headline(telling)
	}
	return n
}

// newsKey names what news is made of: chats that were shown the same share it.
func newsKey(fresh, before []digest.Member, facts digest.Facts) string {
	var b strings.Builder
	for _, list := range [][]digest.Member{fresh, before} {
		for _, m := range list {
			b.WriteString(string(m.Article))
		}
		b.WriteByte('/')
	}
	text, _ := facts.MarshalText() // never fails
	b.Write(text)
	return b.String()
}

// documents are the articles of these members that the store still has, as the summarizer
// reads them; those that came with it are taken as they are.
func (d *Desk) documents(ctx context.Context, members []digest.Member, placed ...digest.Article) ([]summary.Document, error) {
	var docs []summary.Document
	for _, m := range members {
		var a digest.Article
		if k := slices.IndexFunc(placed, func(p digest.Article) bool { return p.ID == m.Article }); k >= 0 {
			a = placed[k]
		} else {
			var err error
			a, err = d.store.Article(ctx, m.Article)
			if errors.Is(err, store.ErrNotFound) {
				continue
			}
			if err != nil {
				return nil, err
			}
		}
		docs = append(docs, summary.Document{ID: a.ID, Outlet: a.Outlet, Title: a.Title, Text: a.Text, Lang: a.Language, Published: a.Published})
	}
	return docs, nil
}
