package desk

import (
	"cmp"
	"context"
	"slices"
	"time"

	"newsdigest/digest"
)

// Which stories an edition may bring.
const (
	eligible = 48 * time.Hour // how long a story not shown may still come
	topUp    = 24 * time.Hour // how old a story may be that a request is topped up with
)

// edition composes what a chat gets at now. A request may repeat what the chat has seen
// today, behind what is new; a scheduled digest never does.
func (d *Desk) edition(ctx context.Context, c digest.Chat, topic string, length digest.Length, now time.Time, request bool) (digest.Edition, error) {
	if length == "" {
		length = c.Settings.DigestLength()
	}
	follows := c.Follows(d.starters())
	e := digest.Edition{
		Chat: c.ID, At: now, Zone: c.Settings.Zone, Place: c.Settings.Place, Topic: topic, Length: length,
		Language: c.Settings.Language, Sources: len(follows), Previous: c.LastSent,
		Restored: !request && c.Restored.After(c.LastSent),
	}
	e.Next, e.NextZone, e.NextPlace = nextSlot(c, now)
	e.ModelDown = d.model != nil && d.model.Down()
	var err error
	if e.Silent, err = d.silent(ctx, follows, c.LastSent, now); err != nil {
		return e, err
	}
	found, err := d.find(ctx, c, setOf(follows), topic, now)
	if err != nil {
		return e, err
	}
	chosen := found.ranked(found.fresh, c, now)
	if request {
		chosen = append(chosen, found.ranked(found.again, c, now)...)
	}
	const most = digest.EditionPages * digest.PageStories
	var offered []digest.EditionStory
	for _, s := range chosen[:min(len(chosen), most)] {
		offered = append(offered, s.edition(length))
	}
	e.Left = max(0, len(found.fresh)-e.Fill(offered))
	return e, nil
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
	fresh   []digest.Story // not seen, or with something new
	again   []digest.Story // seen today
	updates map[digest.StoryID]news
}

// ranked are stories in order, with what is new of each.
func (f found) ranked(stories []digest.Story, c digest.Chat, now time.Time) []choice {
	var out []choice
	for _, r := range digest.Rank(stories, c, now) {
		out = append(out, choice{r, f.updates[r.ID]})
	}
	return out
}

// find finds the stories for a chat: those that it has not seen and those that tell it
// something new, as far as it has muted neither them nor the outlets.
func (d *Desk) find(ctx context.Context, c digest.Chat, follows map[digest.SourceID]bool, topic string, now time.Time) (found, error) {
	since := now.Add(-eligible)
	if !c.LastSent.IsZero() && c.LastSent.Before(since) {
		since = c.LastSent
	}
	sees := func(m digest.Member) bool {
		_, silent := c.Silences(m, now)
		return !silent && m.From(follows)
	}
	f := found{updates: map[digest.StoryID]news{}}
	for _, s := range d.live(since) {
		v, ok, err := d.viewBy(ctx, s, sees)
		if err != nil {
			return f, err
		}
		if !ok || topic != "" && !v.About(topic) || !v.Last().After(since) || v.Last().After(now) {
			continue
		}
		if _, hidden := c.Hides(v, now); hidden {
			continue
		}
		if err := d.sort(ctx, &f, c, v, now); err != nil {
			return f, err
		}
	}
	return f, nil
}

// sort puts a story where it belongs by what the chat has seen of it. What came before the
// store was restored from a backup may have been told.
func (d *Desk) sort(ctx context.Context, f *found, c digest.Chat, v digest.Story, now time.Time) error {
	seen, was := seenOf(c.Seen, v)
	if !was && v.Last().After(c.Restored) {
		f.fresh = append(f.fresh, v)
		return nil
	}
	if seen.At.Before(c.Restored) {
		seen.At = c.Restored
	}
	update, err := d.news(ctx, v, seen)
	if err != nil {
		return err
	}
	switch {
	case len(update.sentences) > 0:
		if toldOf(seen.Facts, v.Differ) {
			v.Differ = nil
		}
		f.updates[v.ID] = update
		f.fresh = append(f.fresh, v)
	case v.Last().After(now.Add(-topUp)):
		f.again = append(f.again, v)
	}
	return nil
}
