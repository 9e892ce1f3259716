package desk

import (
	"context"
	"strings"
	"sync"
	"time"

	"newsdigest/digest"
	"newsdigest/digest/group"
	"newsdigest/digest/summary"
)

// kept is how long after its newest article a story is kept at hand, closed or not: a
// weekly digest goes back to the one before it.
const kept = 8 * 24 * time.Hour

// newsroom is what is being told right now, in memory: the stories of the last days, and
// the index that finds the open one that an article tells. It is rebuilt from the store when it is first
// needed and whenever a write failed.
type newsroom struct {
	// index belongs to whoever holds Desk.reads; while the newsroom is not open, to
	// whoever opens it.
	index *group.Index

	mu      sync.RWMutex // guards what follows; held for no I/O but opening
	open    bool
	stories map[digest.StoryID]digest.Story
	// twins are the articles that have the id of another address, by the id that their own
	// one would give them.
	twins map[digest.ArticleID]digest.ArticleID
	// views are stories as chats see them that do not follow all of their sources.
	views map[string]digest.Story
	// news is what stories tell chats that have seen them, by what those were shown.
	news map[string]news
}

// opened makes sure that the newsroom is filled.
func (d *Desk) opened(ctx context.Context, now time.Time) error {
	d.room.mu.RLock()
	open := d.room.open
	d.room.mu.RUnlock()
	if open {
		return nil
	}
	d.room.mu.Lock()
	defer d.room.mu.Unlock()
	if d.room.open {
		return nil
	}
	d.room.index, d.room.stories = group.New(), map[digest.StoryID]digest.Story{}
	d.room.twins = map[digest.ArticleID]digest.ArticleID{}
	d.room.views, d.room.news = map[string]digest.Story{}, map[string]news{}
	for s, err := range d.store.LiveStories(ctx, now.Add(-kept)) {
		if err != nil {
			return err
		}
		d.room.stories[s.ID] = s
		for _, m := range s.Members {
			d.room.know(m)
		}
		if s.Last().After(now.Add(-digest.StoryLife)) {
			err = d.restore(ctx, s)
		}
		if err != nil {
			return err
		}
	}
	d.room.open = true
	return nil
}

// restore lets the index find an open story.
func (d *Desk) restore(ctx context.Context, s digest.Story) error {
	var ids []digest.ArticleID
	for _, m := range s.Members {
		ids = append(ids, m.Article)
	}
	articles, err := d.store.Articles(ctx, ids)
	for _, a := range articles {
		d.room.index.Restore(document(a), s.ID)
	}
	return err
}

// shut empties the newsroom; the next who needs it fills it from the store.
func (r *newsroom) shut() {
	r.mu.Lock()
	r.open = false
	r.mu.Unlock()
}

// story is a story of the last days, one without members if there is none with this id.
func (r *newsroom) story(id digest.StoryID) (s digest.Story, ok bool) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	if s, ok = r.stories[id]; !ok {
		s.ID = id
	}
	return s, ok
}

// put puts a story in the place of those that it absorbed.
func (r *newsroom) put(s digest.Story, absorbed []digest.Story) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, o := range absorbed {
		delete(r.stories, o.ID)
	}
	r.stories[s.ID] = s
	for _, m := range s.Members {
		r.know(m)
	}
}

func document(a digest.Article) group.Doc {
	return group.Doc{ID: a.ID, Title: a.Title, Text: a.Text, Lang: a.Language, Date: a.Published}
}

// live are the stories with news since the given time, in no order.
func (d *Desk) live(since time.Time) []digest.Story {
	d.room.mu.RLock()
	defer d.room.mu.RUnlock()
	var out []digest.Story
	for _, s := range d.room.stories {
		if s.Last().After(since) {
			out = append(out, s)
		}
	}
	return out
}

// view is a story as somebody sees it who follows these sources only, false if none of
// them tells it. Headline and summary come from what they tell; a source that others
// added is nobody else's business.
func (d *Desk) view(ctx context.Context, s digest.Story, follows map[digest.SourceID]bool) (digest.Story, bool, error) {
	return d.viewBy(ctx, s, func(m digest.Member) bool { return m.From(follows) })
}

// viewBy is the story as somebody sees it who sees these articles only.
func (d *Desk) viewBy(ctx context.Context, s digest.Story, sees func(digest.Member) bool) (digest.Story, bool, error) {
	var members []digest.Member
	for _, m := range s.Members {
		if sees(m) {
			members = append(members, m)
		}
	}
	if len(members) == 0 || len(members) == len(s.Members) {
		return s, len(members) > 0, nil
	}
	var key strings.Builder
	for _, m := range members {
		key.WriteString(string(m.Article))
	}
	d.room.mu.RLock()
	v, ok := d.room.views[key.String()]
	d.room.mu.RUnlock()
	if ok {
		v.ID, v.Absorbed, v.Members = s.ID, s.Absorbed, members
		return v, true, nil
	}
	v = s
	v.Members = members
	if err := d.tell(ctx, &v); err != nil {
		return v, false, err
	}
	d.room.mu.Lock()
	defer d.room.mu.Unlock()
	if d.room.views != nil {
		d.room.views[key.String()] = v
	}
	return v, true, nil
}

// summarized is how many articles of a story, the newest, make its summary.
const summarized = 12

// tell writes a story's headline, its summary, its subjects and where its outlets differ
// from its newest articles; one that is just being placed is taken as it is, since the store has
// it without its page.
func (d *Desk) tell(ctx context.Context, s *digest.Story, placed ...digest.Article) error {
	docs, err := d.documents(ctx, newestOf(s.Members, summarized), placed...)
	if err != nil {
		return err
	}
	s.Headline, s.Summary, s.Differ = summary.Headline(docs), summary.Story(docs), difference(docs)
	s.Subjects = summary.Subjects(docs)
	if len(docs) > 0 {
		s.Language = docs[0].Lang
	}
	return nil
}

// difference is where the outlets differ, nil if they do not.
func difference(docs []summary.Document) *digest.Difference {
	found, ok := summary.Differ(docs)
	if !ok {
		return nil
	}
	figure := func(c summary.Claim) digest.Figure {
		doc := docs[c.Doc]
		return digest.Figure{Article: doc.ID, From: c.From, To: c.To, Text: doc.Text[c.From:c.To], Opens: c.Opens}
	}
	return &digest.Difference{A: figure(found.A), B: figure(found.B)}
}

// forget closes stories and drops those that closed long ago.
func (d *Desk) forget(now time.Time) {
	d.reads.Lock()
	defer d.reads.Unlock()
	d.room.mu.Lock()
	defer d.room.mu.Unlock()
	if !d.room.open {
		return
	}
	d.room.index.Forget(now.Add(-digest.StoryLife))
	for id, s := range d.room.stories {
		if s.Last().Before(now.Add(-kept)) {
			delete(d.room.stories, id)
			d.refused.Delete(id)
			for _, m := range s.Members {
				delete(d.room.twins, idOf(m))
			}
		}
	}
	clear(d.room.views)
	clear(d.room.news)
}
