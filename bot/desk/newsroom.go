package desk

import (
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"newsdigest/digest"
	"newsdigest/digest/group"
	"newsdigest/digest/summary"
)

// newsroom is what is being told right now, in memory: the stories that are open, and
// the index that finds an article's story. It is rebuilt from the store when it is first
// needed and whenever a write failed.
type newsroom struct {
	mu      sync.RWMutex
	open    bool
	index   *group.Index
	stories map[digest.StoryID]digest.Story
	// views are stories as chats see them that do not follow all of their sources.
	views map[string]digest.Story
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
	d.room.views = map[string]digest.Story{}
	for s, err := range d.store.LiveStories(ctx, now.Add(-digest.StoryLife)) {
		if err != nil {
			return err
		}
		articles, err := d.articles(ctx, s)
		if err != nil {
			return err
		}
		for _, a := range articles {
			d.room.index.Restore(document(a), s.ID)
		}
		d.room.stories[s.ID] = s
	}
	d.room.open = true
	return nil
}

// shut empties the newsroom; the next who needs it fills it from the store.
func (d *Desk) shut() {
	d.room.mu.Lock()
	d.room.open = false
	d.room.mu.Unlock()
}

// articles are the articles of a story that still have their text, in the story's order.
func (d *Desk) articles(ctx context.Context, s digest.Story) ([]digest.Article, error) {
	var ids []digest.ArticleID
	for _, m := range s.Members {
		ids = append(ids, m.Article)
	}
	return d.store.Articles(ctx, ids)
}

func document(a digest.Article) group.Doc {
	return group.Doc{ID: a.ID, Title: a.Title, Text: a.Text, Lang: a.Language, Date: a.Published}
}

// live are the open stories with news since the given time, in no order.
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
	var members []digest.Member
	for _, m := range s.Members {
		if follows[m.Source] {
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
		v.ID, v.Absorbed = s.ID, s.Absorbed
		return v, true, nil
	}
	v = s
	v.Members = members
	articles, err := d.articles(ctx, v)
	if err != nil {
		return v, false, err
	}
	tell(&v, articles)
	d.room.mu.Lock()
	defer d.room.mu.Unlock()
	if d.room.views != nil {
		d.room.views[key.String()] = v
	}
	return v, true, nil
}

// tell writes a story's headline and summary from its articles.
func tell(s *digest.Story, articles []digest.Article) {
	docs := make([]summary.Document, len(articles))
	for i, a := range articles {
		docs[i] = summary.Document{ID: a.ID, Outlet: a.Outlet, Title: a.Title, Text: a.Text, Lang: a.Language}
	}
	s.Headline, s.Summary = summary.Headline(docs), summary.Story(docs)
	if len(articles) > 0 {
		s.Language = articles[0].Language
	}
}

// forget drops what has closed.
func (d *Desk) forget(before time.Time) {
	d.room.mu.Lock()
	defer d.room.mu.Unlock()
	if !d.room.open {
		return
	}
	d.room.index.Forget(before)
	for id, s := range d.room.stories {
		if s.Last().Before(before) {
			delete(d.room.stories, id)
		}
	}
	clear(d.room.views)
}

// known tells whether a chat has seen the story, by this id or one that it absorbed.
func known(seen map[digest.StoryID]digest.Seen, s digest.Story) bool {
	_, ok := seen[s.ID]
	return ok || slices.ContainsFunc(s.Absorbed, func(id digest.StoryID) bool { _, ok := seen[id]; return ok })
}
