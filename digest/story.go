package digest

import (
	"cmp"
	"slices"
	"time"
)

// StoryID names a story by the first article that told it.
type StoryID string

// NewStoryID is the id of the story that this article opens.
func NewStoryID(first ArticleID) StoryID { return StoryID(hash("story", string(first))) }

// StoryLife is how long after its newest article a story stays open: it takes new
// articles, keeps their texts and may be in a digest.
const StoryLife = 5 * 24 * time.Hour

// Story is what articles of any number of outlets tell of the same event.
type Story struct {
	ID StoryID `json:"id"`
	// Absorbed are the ids of stories that turned out to be this one; chats may know
	// it by any of them.
	Absorbed []StoryID `json:"absorbed,omitempty"`
	// MergedInto is set on a story that was absorbed: a forwarding note.
	MergedInto StoryID `json:"merged_into,omitempty"`
	// Rev counts the changes of all stories: it is the number of this one's last, 0 before
	// it is stored.
	Rev      uint64   `json:"rev,omitempty"`
	Members  []Member `json:"members"` // oldest first
	Headline string   `json:"headline"`
	Language string   `json:"language,omitempty"`
	Summary  Summary  `json:"summary"`
	// Rewrite is the story in a model's words, nil where there is none; see Reworded.
	Rewrite *Rewrite `json:"rewrite,omitempty"`
	// Differ are two numbers that outlets give for the same thing, nil where none differ.
	Differ *Difference `json:"differ,omitempty"`
	// Subjects are the words that say what the story is about, the weightiest first.
	Subjects []Subject `json:"subjects,omitempty"`
}

// Difference is what two outlets say differently, the older article's first.
type Difference struct {
	A Figure `json:"a"`
	B Figure `json:"b"`
}

// Figure is a number as published, with what it counts ("at least 11 people") or with the
// clause that it stands in: Text is article.Text[From:To].
type Figure struct {
	Article ArticleID `json:"article"`
	From    int       `json:"from"`
	To      int       `json:"to"`
	Text    string    `json:"text"`
	// Opens says that it begins its sentence with a word that is written small elsewhere.
	Opens bool `json:"opens,omitempty"`
}

// Member is what a story keeps of each of its articles.
type Member struct {
	Article   ArticleID  `json:"article"`
	Source    SourceID   `json:"source"`
	Also      []SourceID `json:"also,omitempty"` // other sources that brought it
	Outlet    string     `json:"outlet"`
	Title     string     `json:"title"`
	Link      string     `json:"link"`
	Published time.Time  `json:"published"`
	Language  string     `json:"language,omitempty"`
	Paywall   bool       `json:"paywall,omitempty"`
	Picture   string     `json:"picture,omitempty"`
	Topics    []string   `json:"topics,omitempty"`
	// CopyOf is the article whose text this one repeats nearly word for word, empty if
	// it is a text of its own: both are one voice.
	CopyOf ArticleID `json:"copy_of,omitempty"`
}

// From tells whether one of these sources brought the article.
func (m Member) From(sources map[SourceID]bool) bool {
	return sources[m.Source] || slices.ContainsFunc(m.Also, func(id SourceID) bool { return sources[id] })
}

// First is the date of the story's oldest article, Last that of its newest.
func (s Story) First() time.Time {
	if len(s.Members) == 0 {
		return time.Time{}
	}
	return s.Members[0].Published
}

// Last is the date of the story's newest article.
func (s Story) Last() time.Time {
	var last time.Time
	for _, m := range s.Members {
		if m.Published.After(last) {
			last = m.Published
		}
	}
	return last
}

// Outlets are the outlets that tell the story, one member each: the oldest article of that
// outlet, one in its own words before a copy. Those that have such an article come first,
// the earliest first.
func (s Story) Outlets() []Member {
	var out []Member
	for _, copies := range []bool{false, true} {
		for _, m := range s.Members {
			if (m.CopyOf != "") == copies && !slices.ContainsFunc(out, func(o Member) bool { return o.Outlet == m.Outlet }) {
				out = append(out, m)
			}
		}
	}
	return out
}

// Voices is how many outlets tell the story in words of their own. Outlets that brought
// one text are one voice, and an outlet is one however many texts it brought.
func (s Story) Voices() int {
	voices := map[string]bool{}
	for _, m := range s.Members {
		if m.CopyOf == "" {
			voices[m.Outlet] = true
		}
	}
	own := len(voices)
	// A copy's original may be one that is not here: in the story as a chat sees it that
	// does not follow the original's source.
	missing := map[ArticleID]bool{}
	for _, m := range s.Members {
		if original, found := s.original(m); !found && !voices[m.Outlet] {
			missing[original] = true
		}
	}
	return own + len(missing)
}

// original is the article that a member repeats in the end, itself if its text is its
// own, and whether the story has it.
func (s Story) original(m Member) (id ArticleID, found bool) {
	for range s.Members { // each step leads to an older member
		if m.CopyOf == "" {
			return m.Article, true
		}
		i := slices.IndexFunc(s.Members, func(o Member) bool { return o.Article == m.CopyOf })
		if i < 0 {
			break
		}
		m = s.Members[i]
	}
	return m.CopyOf, false
}

// Add puts an article's member into the story in order of date, then id; one that is
// there already is replaced, keeps its sources and topics and stays the copy it was.
// Copies of the story from before keep their members.
func (s *Story) Add(m Member) {
	members := make([]Member, 0, len(s.Members)+1)
	for _, o := range s.Members {
		if o.Article != m.Article {
			members = append(members, o)
		} else {
			m = m.after(o)
		}
	}
	s.Members = append(members, m)
	slices.SortFunc(s.Members, func(a, b Member) int {
		return cmp.Or(a.Published.Compare(b.Published), cmp.Compare(a.Article, b.Article))
	})
}

// after is the member with what was known of it before.
func (m Member) after(o Member) Member {
	m.CopyOf = cmp.Or(m.CopyOf, o.CopyOf)
	m.Topics = union(o.Topics, m.Topics)
	m.Also = union(o.Also, m.Also)
	if o.Source != m.Source {
		m.Also = union(m.Also, []SourceID{o.Source})
	}
	m.Also = slices.DeleteFunc(m.Also, func(id SourceID) bool { return id == m.Source || id == "" })
	return m
}

// union is a with what only b has.
func union[T comparable](a, b []T) []T {
	out := slices.Clone(a)
	for _, v := range b {
		if !slices.Contains(out, v) {
			out = append(out, v)
		}
	}
	return out
}
