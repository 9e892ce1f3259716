package desk

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"newsdigest/digest"
	"newsdigest/store"
)

// minute is what chats have in common whose digests are composed at the same minute from
// the same stories: whatever two of them want alike is found, chosen and written once.
// Nothing in it comes from a chat alone, unless its key says all of that.
type minute struct {
	at      time.Time        // the minute
	version uint64           // of the newsroom
	starter *[]digest.Source // as Desk.starter was

	mu      sync.Mutex
	live    map[time.Time][]digest.Story // stories with news since
	views   map[string]*digest.Story     // as those see them who see these articles
	wants   map[string]*want
	picks   map[string]*pick
	posts   map[string]*post
	sources map[digest.SourceID]digest.Source
	failing map[*want][]digest.Source
}

// Bounds of what is kept for one minute; what is beyond them is made for each chat anew.
const (
	mostWants = 2048
	mostPicks = 4096
	mostPosts = 2048
)

// minutesAtHand is how many minutes are kept: the present one, and those rehearsed.
const minutesAtHand = 4

// newMinute is a minute that nobody else uses.
func (d *Desk) newMinute(at time.Time) *minute {
	return &minute{
		at: at, version: d.room.now(), starter: d.starter.Load(),
		live: map[time.Time][]digest.Story{}, views: map[string]*digest.Story{}, wants: map[string]*want{},
		picks: map[string]*pick{}, posts: map[string]*post{}, sources: map[digest.SourceID]digest.Source{}, failing: map[*want][]digest.Source{},
	}
}

// minutes are those at hand.
type minutes struct {
	mu sync.Mutex
	at map[int64]*minute
}

// minuteOf is what digests at the minute of a time have in common. It is made anew when a
// story or the starter set has changed.
func (d *Desk) minuteOf(at time.Time) *minute {
	at = at.Truncate(time.Minute)
	d.minutes.mu.Lock()
	defer d.minutes.mu.Unlock()
	in := d.minutes.at[at.Unix()]
	if in != nil && in.version == d.room.now() && in.starter == d.starter.Load() {
		return in
	}
	if d.minutes.at == nil || len(d.minutes.at) >= minutesAtHand {
		d.minutes.at = map[int64]*minute{}
	}
	in = d.newMinute(at)
	d.minutes.at[at.Unix()] = in
	return in
}

// begin drops the minutes that have passed, and what is known of polls: they go on without
// a word, while stories and the starter set tell of changes.
func (m *minutes) begin(now time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for at, in := range m.at {
		if at < now.Add(-time.Minute).Unix() {
			delete(m.at, at)
		}
		in.mu.Lock()
		clear(in.sources)
		clear(in.failing)
		in.mu.Unlock()
	}
}

// want is what chats get that follow the same sources with the same choices, before it is
// asked what each has seen.
type want struct {
	key     string // all of the chat that it depends on
	follows []digest.SourceID
	// stories are as the sources tell them. All says that they go back as far as any digest
	// does, not just the time in which a story may still come.
	stories []*digest.Story
	all     bool
}

// wantKey names all that a want depends on, and the own sources and topics that move its
// stories up.
func wantKey(c digest.Chat, topic string, all bool, now time.Time) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%v %v %q", c.AllTopics, all, topic)
	for _, list := range [][]string{c.Topics, c.Settings.Reads} {
		fmt.Fprintf(&b, " %q", list)
	}
	for _, list := range [][]digest.SourceID{c.Own, c.Dropped} {
		b.WriteByte(' ')
		for _, id := range list {
			b.WriteString(string(id))
			b.WriteByte(',')
		}
	}
	for _, m := range c.Mutes {
		if m.Kind == digest.OfSource && m.Active(now) {
			fmt.Fprintf(&b, " %q", m.What)
		}
	}
	return b.String()
}

// want finds what a chat wants on a topic, "" for all its news, that came since.
func (d *Desk) want(ctx context.Context, in *minute, c digest.Chat, topic string, since time.Time) (*want, error) {
	all := since.Before(in.at.Add(-eligible))
	key := wantKey(c, topic, all, in.at)
	in.mu.Lock()
	w := in.wants[key]
	in.mu.Unlock()
	if w != nil {
		return w, nil
	}
	w = &want{key: key, all: all, follows: c.Follows(*in.starter)}
	oldest := in.at.Add(-eligible)
	if all {
		oldest = in.at.Add(-kept)
	}
	follows := setOf(w.follows)
	sees := func(m digest.Member) bool {
		_, silent := c.Silences(m, in.at)
		return !silent && m.From(follows)
	}
	for _, s := range d.liveIn(in, oldest) {
		v, err := d.viewIn(ctx, in, s, sees)
		if err != nil {
			return nil, err
		}
		if v != nil && asked(*v, c, topic) && v.Last().After(oldest) && !v.Last().After(in.at) {
			w.stories = append(w.stories, v)
		}
	}
	in.mu.Lock()
	defer in.mu.Unlock()
	if len(in.wants) < mostWants {
		in.wants[key] = w
	}
	return w, nil
}

// asked tells whether a story is on the topic that a digest is asked for, or else on those
// of the chat.
func asked(s digest.Story, c digest.Chat, topic string) bool {
	if topic != "" {
		return s.About(topic)
	}
	return c.Covers(s)
}

// liveIn are the stories with news since the given time, listed once.
func (d *Desk) liveIn(in *minute, since time.Time) []digest.Story {
	in.mu.Lock()
	defer in.mu.Unlock()
	out, ok := in.live[since]
	if !ok {
		out = d.live(since)
		in.live[since] = out
	}
	return out
}

// viewIn is the story as all see it who see these articles, nil if there is none of them.
func (d *Desk) viewIn(ctx context.Context, in *minute, s digest.Story, sees func(digest.Member) bool) (*digest.Story, error) {
	var key []byte
	n := 0
	for _, m := range s.Members {
		seen := sees(m)
		if seen {
			n++
		}
		key = append(key, map[bool]byte{true: '1', false: '0'}[seen])
	}
	if n == 0 {
		return nil, nil
	}
	name := string(s.ID) + string(key)
	in.mu.Lock()
	v := in.views[name]
	in.mu.Unlock()
	if v != nil {
		return v, nil
	}
	view, ok, err := d.viewBy(ctx, s, sees)
	if err != nil || !ok {
		return nil, err
	}
	in.mu.Lock()
	defer in.mu.Unlock()
	in.views[name] = &view
	return &view, nil
}

// failing are the sources of a want whose last poll failed, read once for all.
func (d *Desk) failing(ctx context.Context, in *minute, w *want) ([]digest.Source, error) {
	in.mu.Lock()
	defer in.mu.Unlock()
	out, ok := in.failing[w]
	if ok {
		return out, nil
	}
	for _, id := range w.follows {
		s, ok := in.sources[id]
		if !ok {
			var err error
			if s, err = d.store.Source(ctx, id); err != nil && !errors.Is(err, store.ErrNotFound) {
				return nil, err
			}
			in.sources[id] = s
		}
		if s.Fetch.Failures > 0 {
			out = append(out, s)
		}
	}
	in.failing[w] = out
	return out, nil
}

// pick is what an edition brings: the same for all chats that want the same and have seen
// the same of it. Nobody changes it.
type pick struct {
	stories []digest.EditionStory
	left    int
	shown   []digest.Shown // on the first page
	// shared says that nothing in it is one chat's taste, so that it may be stored for many.
	shared  bool
	content store.Content // the stories, where they are shared
	shownIn store.Content
}

// pick chooses what a chat gets of what it wants.
func (d *Desk) pick(ctx context.Context, in *minute, w *want, c digest.Chat, since time.Time, length digest.Length, request bool) (*pick, error) {
	f, err := d.find(ctx, w, c, since, in.at)
	if err != nil {
		return nil, err
	}
	if len(c.Leanings) > 0 {
		return choose(f, c, length, request, in.at)
	}
	key := fmt.Sprintf("%s %v %s %s", length, request, f.key, w.key)
	in.mu.Lock()
	p := in.picks[key]
	in.mu.Unlock()
	if p != nil {
		return p, nil
	}
	if p, err = choose(f, c, length, request, in.at); err != nil {
		return nil, err
	}
	in.mu.Lock()
	defer in.mu.Unlock()
	if len(in.picks) < mostPicks {
		in.picks[key] = p
	}
	return p, nil
}
