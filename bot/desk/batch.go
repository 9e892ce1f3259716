package desk

import (
	"cmp"
	"context"
	"slices"

	"newsdigest/digest"
	"newsdigest/digest/group"
	"newsdigest/digest/summary"
	"newsdigest/store"
)

// batch is articles on their way into stories. What they change is in memory until save:
// each story is told anew and written once, however many of them join it.
type batch struct {
	d        *Desk
	articles []digest.Article
	in       map[digest.ArticleID]*change          // where those are that were added
	twins    map[digest.ArticleID]digest.ArticleID // as newsroom.twins, of these
	changed  map[digest.StoryID]*change
	order    []digest.StoryID                  // in which they were first changed
	gone     map[digest.StoryID]digest.StoryID // absorbed in this batch, by which
}

// change is a story that a batch changes; retell says that it has something new to tell.
type change struct {
	store.Placed
	retell bool
}

func newBatch(d *Desk, articles []digest.Article) *batch {
	return &batch{
		d: d, articles: articles, in: map[digest.ArticleID]*change{}, twins: map[digest.ArticleID]digest.ArticleID{},
		changed: map[digest.StoryID]*change{}, gone: map[digest.StoryID]digest.StoryID{},
	}
}

// place finds the articles' stories and tells these anew. Stories must not depend on the
// order in which sources answered, so the oldest article comes first.
func (b *batch) place(ctx context.Context) error {
	errs := each(len(b.articles), b.d.workers(), func(i int) error {
		complete(&b.articles[i])
		return nil
	})
	for i, err := range errs {
		if err != nil {
			return &unplaceable{[]digest.ArticleID{b.articles[i].ID}, err}
		}
	}
	slices.SortFunc(b.articles, func(a, b digest.Article) int { return group.Compare(document(a), document(b)) })
	for _, a := range b.articles {
		if err := b.add(ctx, a); err != nil {
			return err
		}
	}
	return b.tell(ctx)
}

// add finds an article's story.
func (b *batch) add(ctx context.Context, a digest.Article) error {
	if noted, err := b.noteTwin(ctx, a); noted || err != nil {
		return err
	}
	var found group.Assignment
	err := contained(func() error {
		found = b.d.room.index.Add(document(a))
		return nil
	})
	if err != nil {
		return &unplaceable{[]digest.ArticleID{a.ID}, err}
	}
	c, ok := b.changed[found.Story]
	if !ok {
		s, _ := b.d.room.story(found.Story)
		c = b.change(s)
	}
	for _, id := range found.Absorbed {
		b.absorb(c, id)
	}
	c.retell = c.retell || !has(c.Story.Members, a.ID)
	b.take(c, a, member(a))
	return nil
}

// change begins to change a story.
func (b *batch) change(s digest.Story) *change {
	c := &change{Placed: store.Placed{Story: s}}
	b.changed[s.ID] = c
	b.order = append(b.order, s.ID)
	return c
}

// take puts an article, or what it adds to another one, into a story.
func (b *batch) take(c *change, a digest.Article, m digest.Member) {
	c.Story.Add(m)
	c.Articles = append(c.Articles, a)
	b.in[a.ID] = c
	if id := idOf(m); id != m.Article {
		if _, known := b.twins[id]; !known {
			b.twins[id] = m.Article
		}
	}
}

// absorb moves the articles of another story into one that turned out to be the same.
func (b *batch) absorb(c *change, id digest.StoryID) {
	other, known := b.d.room.story(id)
	if changed, ok := b.changed[id]; ok {
		delete(b.changed, id)
		for _, a := range changed.Articles {
			b.in[a.ID] = c
		}
		c.Articles, c.Absorbed = append(c.Articles, changed.Articles...), append(c.Absorbed, changed.Absorbed...)
		other, known = changed.Story, true
	}
	if !known {
		return
	}
	merge(&c.Story, other)
	c.Absorbed, c.retell, b.gone[id] = append(c.Absorbed, id), true, c.Story.ID
}

// merge moves another story's articles into s.
func merge(s *digest.Story, other digest.Story) {
	for _, m := range other.Members {
		s.Add(m)
	}
	s.Absorbed = slices.Concat(s.Absorbed, []digest.StoryID{other.ID}, other.Absorbed)
}

// changes are the stories that articles joined, in the order in which they were first
// changed.
func (b *batch) changes() []*change {
	var out []*change
	for _, id := range b.order {
		if c := b.changed[id]; c != nil && len(c.Articles) > 0 && !slices.Contains(out, c) {
			out = append(out, c)
		}
	}
	return out
}

// tell writes what the changed stories tell.
func (b *batch) tell(ctx context.Context) error {
	all := b.changes()
	return cmp.Or(each(len(all), b.d.workers(), func(i int) error {
		if !all[i].retell {
			return nil
		}
		return b.retell(ctx, all[i])
	})...)
}

// retell writes what one story tells.
func (b *batch) retell(ctx context.Context, c *change) error {
	docs, err := b.d.documents(ctx, newestOf(c.Story.Members, summarized), c.Articles...)
	if err != nil {
		return err
	}
	err = contained(func() error {
		noteCopies(c.Story.Members, b.d.room.index.Copies(c.Story.ID))
		tellFrom(&c.Story, docs)
		return nil
	})
	if err != nil {
		return &unplaceable{culprits(docs, c.Articles), err}
	}
	return nil
}

// culprits are the articles of a story's new ones without which it can be told: those that
// fail without the other new ones, or else the last.
func culprits(docs []summary.Document, fresh []digest.Article) (out []digest.ArticleID) {
	for _, a := range fresh {
		alone := slices.DeleteFunc(slices.Clone(docs), func(doc summary.Document) bool {
			return doc.ID != a.ID && slices.ContainsFunc(fresh, func(o digest.Article) bool { return o.ID == doc.ID })
		})
		err := contained(func() error {
			tellFrom(new(digest.Story), alone)
			return nil
		})
		if err != nil {
			out = append(out, a.ID)
		}
	}
	if len(out) == 0 {
		out = append(out, fresh[len(fresh)-1].ID)
	}
	return out
}

// save stores what has changed; what was stored the newsroom knows from then on.
func (b *batch) save(ctx context.Context, st *store.Store) error {
	var placed []store.Placed
	for _, c := range b.changes() {
		for i := range c.Articles {
			c.Articles[i].Story = c.Story.ID
		}
		placed = append(placed, c.Placed)
	}
	b.d.room.begin()
	n, err := st.SaveStories(ctx, placed)
	b.d.room.end(placed[:n])
	for _, p := range placed[:n] {
		found := slices.MinFunc(p.Articles, func(a, b digest.Article) int { return a.Found.Compare(b.Found) }).Found
		b.d.watch.note(p.Story.ID, found)
	}
	b.d.rouse(updating)
	b.d.rouse(rewriting)
	b.d.rouseReaders()
	return err
}

// noteCopies notes which members repeat others. What was noted before stays: the index
// forgets articles, and with them that others repeat them.
func noteCopies(members []digest.Member, copies map[digest.ArticleID]digest.ArticleID) {
	for i, m := range members {
		if original, ok := copies[m.Article]; ok {
			members[i].CopyOf = original
		}
	}
}

func has(members []digest.Member, id digest.ArticleID) bool {
	return slices.ContainsFunc(members, func(m digest.Member) bool { return m.Article == id })
}

func member(a digest.Article) digest.Member {
	return digest.Member{
		Article: a.ID, Source: a.Source, Also: a.Also, Outlet: a.Outlet, Title: a.Title, Link: a.Link,
		Published: a.Published, Language: a.Language, Paywall: a.Paywall, Topics: a.Topics,
		Picture: a.Picture,
	}
}
