package digest

import (
	"errors"
	"slices"
	"strings"
	"time"
)

// Mute hides stories about something from a chat.
type Mute struct {
	Kind Kind `json:"kind"`
	// What is the word as typed, the topic, or the outlet's name or its source's id.
	What  string    `json:"what"`
	Since time.Time `json:"since"`
	Until time.Time `json:"until,omitzero"` // zero: until it is undone
}

// MaxMutes is the most mutes of a chat.
const MaxMutes = 200

// maxMuted is the most characters of what is muted; no name of a thing is longer.
const maxMuted = 100

var (
	// ErrTooManyMutes means that the chat has MaxMutes mutes.
	ErrTooManyMutes = errors.New("too many mutes")
	// ErrNoMute means that what is to be muted has no letter and no digit: it would hide
	// nothing, or everything.
	ErrNoMute = errors.New("nothing to mute")
)

// Active tells whether the mute holds at now.
func (m Mute) Active(now time.Time) bool { return m.Until.IsZero() || now.Before(m.Until) }

// is tells whether the mute is about this.
func (m Mute) is(kind Kind, what string) bool { return m.Kind == kind && same(m.What, what) }

// Mute hides stories from the chat from now on; a mute of the same takes the new time.
// Mutes that have ended make room. The error is ErrTooManyMutes or ErrNoMute.
func (c *Chat) Mute(m Mute, now time.Time) error {
	m.What = shorten(m.What, maxMuted)
	if m.Since.IsZero() {
		m.Since = now
	}
	if fold(m.What) == "" {
		return ErrNoMute
	}
	mutes := make([]Mute, 0, len(c.Mutes)+1)
	for _, o := range c.Mutes {
		if o.Active(now) && !o.is(m.Kind, m.What) {
			mutes = append(mutes, o)
		}
	}
	if len(mutes) >= MaxMutes {
		return ErrTooManyMutes
	}
	c.Mutes = append(mutes, m)
	return nil
}

// Unmute lets stories about something through again; false if they were not muted.
func (c *Chat) Unmute(kind Kind, what string) bool {
	before := len(c.Mutes)
	c.Mutes = slices.DeleteFunc(slices.Clone(c.Mutes), func(m Mute) bool { return m.is(kind, what) })
	return len(c.Mutes) < before
}

// Hides tells whether one of the chat's mutes hides a story at now, and which: a word that
// stands whole in the headline or a title, case and accents aside; one of the story's
// topics; or the outlets, where no other tells the story.
func (c Chat) Hides(s Story, now time.Time) (Mute, bool) {
	var words string
	var topics []string
	for _, m := range c.Mutes {
		if !m.Active(now) {
			continue
		}
		hides := false
		switch m.Kind {
		case OfWord:
			if words == "" {
				words = titleWords(s)
			}
			hides = strings.Contains(words, fold(m.What))
		case OfTopic:
			if topics == nil {
				topics = s.Topics()
			}
			hides = slices.ContainsFunc(topics, func(t string) bool { return same(t, m.What) })
		}
		if hides {
			return m, true
		}
	}
	return c.silencesAll(s.Members, now)
}

// titleWords are the words of the headline and the titles, each text by itself.
func titleWords(s Story) string {
	var b strings.Builder
	b.WriteString(fold(s.Headline))
	for _, m := range s.Members {
		b.WriteByte('\n')
		b.WriteString(fold(m.Title))
	}
	return b.String()
}

// Silences tells whether one of the chat's mutes keeps an outlet's articles from it at
// now, and which. What other outlets tell of the story still comes.
func (c Chat) Silences(m Member, now time.Time) (Mute, bool) {
	for _, mute := range c.Mutes {
		if mute.Kind == OfSource && mute.Active(now) && (mute.What == string(m.Source) || same(mute.What, m.Outlet)) {
			return mute, true
		}
	}
	return Mute{}, false
}

// silencesAll tells whether the mutes keep all of the articles from the chat.
func (c Chat) silencesAll(members []Member, now time.Time) (last Mute, all bool) {
	for _, m := range members {
		if last, all = c.Silences(m, now); !all {
			return Mute{}, false
		}
	}
	return last, all
}
