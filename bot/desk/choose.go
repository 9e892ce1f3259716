package desk

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"newsdigest/digest"
	"newsdigest/store"
)

// Which stories an edition may bring.
const (
	eligible = 48 * time.Hour // how long a story not shown may still come
	topUp    = 24 * time.Hour // how old a story may be that a request is topped up with
)

// edition composes what a chat gets at a minute. A request may repeat what the chat
// has seen today, behind what is new; a scheduled digest never does.
func (d *Desk) edition(ctx context.Context, in *minute, c digest.Chat, topic string, length digest.Length, request bool) (digest.Edition, *pick, error) {
	if length == "" {
		length = c.Settings.DigestLength()
	}
	e := digest.Edition{
		Chat: c.ID, At: in.at, Zone: c.Settings.Zone, Place: c.Settings.Place, Topic: topic, Length: length,
		Language: c.Settings.Language, Previous: c.LastSent,
		Restored: !request && c.Restored.After(c.LastSent),
	}
	e.Next, e.NextZone, e.NextPlace = nextSlot(c, in.at)
	e.ModelDown = d.model != nil && d.model.Down()
	since := in.at.Add(-eligible)
	if !c.LastSent.IsZero() && c.LastSent.Before(since) {
		since = c.LastSent
	}
	w, err := d.want(ctx, in, c, topic, since)
	if err != nil {
		return e, nil, err
	}
	e.Sources = len(w.follows)
	if e.Silent, err = d.silent(ctx, in, w, c.LastSent); err != nil {
		return e, nil, err
	}
	p, err := d.pick(ctx, in, w, c, since, length, request)
	if err != nil {
		return e, nil, err
	}
	e.Stories, e.Left, e.Content = p.stories, p.left, p.content.ID
	return e, p, nil
}

// choose puts what was found in order for a chat and takes what fits its reading time.
func choose(f found, c digest.Chat, length digest.Length, request bool, now time.Time) (*pick, error) {
	chosen := f.ranked(f.fresh, c, now)
	if request {
		chosen = append(chosen, f.ranked(f.again, c, now)...)
	}
	const most = digest.EditionPages * digest.PageStories
	var offered []digest.EditionStory
	for _, s := range chosen[:min(len(chosen), most)] {
		offered = append(offered, s.edition(length))
	}
	e := digest.Edition{Length: length}
	p := &pick{left: max(0, len(f.fresh)-e.Fill(offered)), stories: e.Stories, shared: len(c.Leanings) == 0}
	onPage, _ := e.OnPage(1)
	for _, st := range onPage {
		p.shown = append(p.shown, digest.Shown{Story: st.Story, Facts: told(st)})
	}
	if !p.shared || len(p.stories) == 0 {
		return p, nil
	}
	var err error
	if p.content, err = store.NewContent(p.stories); err != nil {
		return nil, err
	}
	p.shownIn, err = store.NewContent(p.shown)
	return p, err
}

// choice is a story chosen for a chat, and what is new of it if the chat has seen it.
type choice struct {
	digest.Ranked
	news
}

// edition is the story in an edition of a length. News of a known story comes with a
// sentence in every length.
func (c choice) edition(length digest.Length) digest.EditionStory {
	st := digest.EditionStory{
		Story: c.ID, Headline: c.Headline, Language: c.Language, Summary: c.Summary.At(length), Differ: c.Differ,
		Members: c.Members, Subjects: c.Subjects, Reasons: c.Reasons, Picture: picture(c.Story)}
	if len(c.news.sentences) > 0 {
		st.Headline, st.Summary, st.Updated = cmp.Or(c.news.headline, c.Headline), c.news.sentences, true
		st.Reasons = append(slices.Clip(st.Reasons), digest.Reason{Kind: digest.ByUpdate})
	}
	if length == digest.Brief {
		st.Summary, st.Differ = st.Summary[:min(1, len(st.Summary))], nil
	}
	switch {
	case st.Updated:
	case c.Reworded():
		st.Headline, st.Reworded, st.Wording = c.Rewrite.Headline, true, c.Rewrite.At(length)
		st.Detail = c.Summary.Full
	default:
		st.Detail = beyond(c.Summary.Full, st.Summary)
	}
	return st
}

// beyond are the sentences of a full summary that are not among those shown.
func beyond(full, shown []digest.Sentence) []digest.Sentence {
	var out []digest.Sentence
	for _, s := range full {
		if !slices.Contains(shown, s) {
			out = append(out, s)
		}
	}
	return out
}

// picture is the picture of the first article that has one, of those in their own words
// before copies.
func picture(s digest.Story) string {
	for _, m := range s.Outlets() {
		if m.Picture != "" {
			return m.Picture
		}
	}
	return ""
}

// found are the stories that a chat may get.
type found struct {
	fresh   []*digest.Story // not seen, or with something new
	again   []*digest.Story // seen today
	updates map[digest.StoryID]news
	// key names the choice among what the chat wants: two that want the same and found the
	// same have the same key.
	key string
}

// ranked are stories in order, with what is new of each.
func (f found) ranked(stories []*digest.Story, c digest.Chat, now time.Time) []choice {
	values := make([]digest.Story, len(stories))
	for i, s := range stories {
		values[i] = *s
	}
	var out []choice
	for _, r := range digest.Rank(values, c, now) {
		out = append(out, choice{r, f.updates[r.ID]})
	}
	return out
}

// find finds the stories for a chat among those that it wants: those that it has not seen
// and those that tell it something new, as far as it has not muted them.
func (d *Desk) find(ctx context.Context, w *want, c digest.Chat, since, now time.Time) (found, error) {
	if len(c.Seen)+len(c.Mutes) == 0 && c.Restored.IsZero() && !w.all {
		return found{fresh: w.stories, key: "all"}, nil
	}
	var f found
	key := make([]byte, 0, len(w.stories))
	for _, v := range w.stories {
		as := byte(hidden)
		if !w.all || v.Last().After(since) {
			var err error
			if as, err = d.sort(ctx, &f, &c, v, now); err != nil {
				return f, err
			}
		}
		key = append(key, as)
		if as == updated || as == updatedOnly {
			sentences := f.updates[v.ID].sentences
			key = fmt.Appendf(key, "%d", len(sentences))
			for _, s := range sentences {
				key = fmt.Appendf(key, " %s %d %d", s.Article, s.From, s.To)
			}
			key = append(key, ';')
		}
	}
	f.key = string(key)
	return f, nil
}

// What became of a story that a chat wants, for found.key.
const (
	unseen      = 'n'
	updated     = 'u'
	updatedOnly = 'v' // its difference was told before
	seenToday   = 't'
	hidden      = '-' // or seen before
)

// sort puts a story where it belongs by what the chat has seen of it. What came before the
// store was restored from a backup may have been told.
func (d *Desk) sort(ctx context.Context, f *found, c *digest.Chat, v *digest.Story, now time.Time) (byte, error) {
	if len(c.Mutes) > 0 {
		if _, muted := c.Hides(*v, now); muted {
			return hidden, nil
		}
	}
	seen, was := seenOf(c.Seen, *v)
	if !was && v.Last().After(c.Restored) {
		f.fresh = append(f.fresh, v)
		return unseen, nil
	}
	if seen.At.Before(c.Restored) {
		seen.At = c.Restored
	}
	update, err := d.news(ctx, *v, seen)
	if err != nil {
		return hidden, err
	}
	switch {
	case len(update.sentences) > 0:
		as := byte(updated)
		if toldOf(seen.Facts, v.Differ) {
			agreed := *v
			agreed.Differ = nil
			v, as = &agreed, updatedOnly
		}
		if f.updates == nil {
			f.updates = map[digest.StoryID]news{}
		}
		f.updates[v.ID] = update
		f.fresh = append(f.fresh, v)
		return as, nil
	case v.Last().After(now.Add(-topUp)):
		f.again = append(f.again, v)
		return seenToday, nil
	}
	return hidden, nil
}
