package desk

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"time"

	"newsdigest/digest"
	"newsdigest/digest/group"
	"newsdigest/digest/summary"
	"newsdigest/store"
)

// kept is how long after its newest article a story is kept at hand, closed or not: a
// weekly digest goes back to the one before it.
const kept = 8 * 24 * time.Hour

// newsroom is what is being told right now, in memory: the stories of the last days, and,
// where articles are placed, the index that finds the open one that an article tells. It is
// filled from the store when it is first needed and whenever a write failed, and follows
// what other processes write by the revisions of stories.
type newsroom struct {
	// index belongs to whoever holds Desk.reads. It is nil until an article is placed, and
	// made anew once another process has placed some.
	index *group.Index

	catching turnstile // held by who reads what others wrote

	mu      sync.RWMutex // guards what follows; held for no I/O but opening
	version uint64       // counts the changes that this process has seen
	open    bool
	rev     uint64 // all that was written up to this revision is here
	saving  bool   // this process is writing the revisions that follow
	others  bool   // another process has placed articles that the index does not know

	stories map[digest.StoryID]digest.Story
	// twins are the articles that have the id of another address, by the id that their own
	// one would give them.
	twins map[digest.ArticleID]digest.ArticleID
	// views are stories as chats see them that do not follow all of their sources.
	views map[string]digest.Story
	// news is what stories tell chats that have seen them, by what those were shown.
	news map[string]news
}

// opened makes sure that the newsroom is filled, with all that any process had placed
// and reworded before the call.
func (d *Desk) opened(ctx context.Context, now time.Time) error {
	last, err := d.store.LastNews(ctx)
	if err != nil {
		return err
	}
	r := &d.room
	r.mu.RLock()
	open, current := r.open, r.saving || r.rev >= last
	r.mu.RUnlock()
	switch {
	case !open:
		return d.fill(ctx, last, now)
	case !current:
		return d.catchUp(ctx, last, now)
	}
	return nil
}

// fill fills the newsroom from the store, which has at least the revisions up to rev.
func (d *Desk) fill(ctx context.Context, rev uint64, now time.Time) error {
	r := &d.room
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.open {
		return nil
	}
	r.stories, r.twins = map[digest.StoryID]digest.Story{}, map[digest.ArticleID]digest.ArticleID{}
	r.views, r.news = map[string]digest.Story{}, map[string]news{}
	for s, err := range d.store.LiveStories(ctx, now.Add(-kept)) {
		if err != nil {
			return err
		}
		r.stories[s.ID] = s
		for _, m := range s.Members {
			r.know(m)
		}
	}
	r.open, r.rev, r.saving = true, rev, false
	r.version++
	return nil
}

// catchUp reads the stories that other processes wrote, up to the revision last. Those
// that tell something else are looked at for who follows them.
func (d *Desk) catchUp(ctx context.Context, last uint64, now time.Time) error {
	r := &d.room
	if err := r.catching.enter(ctx); err != nil {
		return err
	}
	defer r.catching.leave()
	r.mu.RLock()
	from := r.rev
	r.mu.RUnlock()
	if from >= last {
		return nil
	}
	for s, err := range d.store.News(ctx, from) {
		if err != nil {
			return err
		}
		if r.learn(s, now) {
			d.watch.note(s.ID, now)
			d.rouse(updating)
		}
	}
	r.mu.Lock()
	r.rev = max(r.rev, last)
	r.mu.Unlock()
	return nil
}

// learn takes a story or a note as it is in the store, and tells whether it tells
// something else than the one that was here.
func (r *newsroom) learn(s digest.Story, now time.Time) (news bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	old, known := r.stories[s.ID]
	switch {
	case s.MergedInto != "":
		delete(r.stories, s.ID)
		r.version++
		r.others = r.others || known
		return false
	case known && old.Rev >= s.Rev, s.Last().Before(now.Add(-kept)):
		return false
	}
	r.set(s)
	news = !known || len(old.Members) != len(s.Members)
	r.others = r.others || news
	return news
}

// set puts a story in its place. The caller holds r.mu.
func (r *newsroom) set(s digest.Story) {
	r.stories[s.ID] = s
	r.version++
	for _, m := range s.Members {
		r.know(m)
	}
}

// indexed makes sure that the index finds all open stories. The caller holds Desk.reads.
func (d *Desk) indexed(ctx context.Context, now time.Time) error {
	if err := d.opened(ctx, now); err != nil {
		return err
	}
	d.room.mu.Lock()
	if d.room.others {
		d.room.index, d.room.others = nil, false
	}
	d.room.mu.Unlock()
	if d.room.index != nil {
		return nil
	}
	index := group.New()
	open := d.live(now.Add(-digest.StoryLife))
	slices.SortFunc(open, func(a, b digest.Story) int { return cmp.Or(a.Last().Compare(b.Last()), cmp.Compare(a.ID, b.ID)) })
	for _, s := range open {
		for _, m := range s.Members {
			a, err := d.store.Article(ctx, m.Article)
			if errors.Is(err, store.ErrNotFound) {
				continue
			}
			if err != nil {
				return err
			}
			index.Restore(document(a), s.ID)
		}
	}
	d.room.index = index
	return nil
}

// shut empties the newsroom; the next who needs it fills it from the store. The caller
// holds Desk.reads.
func (r *newsroom) shut() {
	r.index = nil
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

// begin says that this process is about to write stories: what has a later revision than
// the newsroom knows is its own, until end.
func (r *newsroom) begin() {
	r.mu.Lock()
	r.saving = true
	r.mu.Unlock()
}

// end puts the stories that were written in the place of those that they absorbed.
func (r *newsroom) end(placed []store.Placed) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.saving = false
	revisions := uint64(0)
	for _, p := range placed {
		for _, id := range p.Absorbed {
			delete(r.stories, id)
		}
		r.set(p.Story)
		revisions += uint64(1 + len(p.Absorbed))
	}
	if len(placed) > 0 {
		r.wrote(placed[len(placed)-1].Story.Rev, revisions)
	}
}

// wrote notes that this process has written so many revisions, the last of them rev. If
// others wrote in between, all of them are read again. The caller holds r.mu.
func (r *newsroom) wrote(rev, revisions uint64) {
	if rev == r.rev+revisions {
		r.rev = rev
	}
}

// now is the version of the stories as they are now.
func (r *newsroom) now() uint64 {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return r.version
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
// from its newest articles.
func (d *Desk) tell(ctx context.Context, s *digest.Story) error {
	docs, err := d.documents(ctx, newestOf(s.Members, summarized))
	if err == nil {
		tellFrom(s, docs)
	}
	return err
}

// tellFrom is tell with the articles at hand.
func tellFrom(s *digest.Story, docs []summary.Document) {
	s.Headline, s.Summary, s.Differ = summary.Headline(docs), summary.Story(docs), difference(docs)
	s.Subjects = summary.Subjects(docs)
	if len(docs) > 0 {
		s.Language = docs[0].Lang
	}
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
func (d *Desk) forget(ctx context.Context, now time.Time) error {
	if err := d.reads.enter(ctx); err != nil {
		return err
	}
	defer d.reads.leave()
	d.room.mu.Lock()
	defer d.room.mu.Unlock()
	if !d.room.open {
		return nil
	}
	if d.room.index != nil {
		d.room.index.Forget(now.Add(-digest.StoryLife))
	}
	for id, s := range d.room.stories {
		if s.Last().Before(now.Add(-kept)) {
			delete(d.room.stories, id)
			d.room.version++
			d.refused.Delete(id)
			for _, m := range s.Members {
				delete(d.room.twins, idOf(m))
			}
		}
	}
	clear(d.room.views)
	clear(d.room.news)
	return nil
}
