package digest

import (
	"slices"
	"strings"
	"time"
)

// ChatID names a chat for good, whatever happens to its address.
type ChatID string

// NewChatID is the id of the chat first met at this address.
func NewChatID(a Address) ChatID { return ChatID(hash("chat", a.Key())) }

// Limits per chat. Each has a text of its own that says so.
const (
	MaxSources    = 100 // own sources
	MaxDigestsDay = 4   // due times on one day of the week
)

// Chat is somebody or some place we talk to: one value, so that all its limits hold in
// one write.
type Chat struct {
	ID      ChatID  `json:"id"`
	Address Address `json:"address"`
	// Name is what people call a group or channel, empty for one person.
	Name     string    `json:"name,omitempty"`
	Created  time.Time `json:"created"`
	Settings Settings  `json:"settings"`
	// AllTopics says that the chat has not narrowed its topics; else Topics are the
	// chosen ones, and none means own sources only. See Covers.
	AllTopics bool     `json:"all_topics"`
	Topics    []string `json:"topics,omitempty"`
	// Own are the sources the chat added, Dropped the starter sources it removed.
	Own     SourceIDs `json:"own,omitempty"`
	Dropped SourceIDs `json:"dropped,omitempty"`
	// Counted are the sources in whose number of followers this chat is counted; the
	// store keeps it.
	Counted SourceIDs `json:"counted,omitempty"`

	// LastOrdinal is the highest ordinal a subscription of this chat ever had.
	LastOrdinal   int            `json:"last_ordinal,omitempty"`
	Subscriptions []Subscription `json:"subscriptions,omitempty"` // stopped ones too, for Undo

	// Paused says that the chat wants nothing unasked but what it has ordered since.
	Paused bool `json:"paused,omitempty"`

	// Seen is what the chat was shown, by story. Only pages of scheduled digests that were
	// sent, and stories opened with "Show more", mark it.
	Seen        map[StoryID]Seen `json:"seen,omitempty"`
	LastSent    time.Time        `json:"last_sent,omitzero"`     // when the last scheduled digest went out
	LastEdition EditionID        `json:"last_edition,omitempty"` // what "story 3" counts in
	// Rated is the edition that was last called useful, after a "-" if it was called the
	// contrary: pressed twice, it teaches once.
	Rated string `json:"rated,omitempty"`

	// Restored is when the store was last brought back from a backup: older news may have
	// been told.
	Restored time.Time `json:"restored,omitzero"`

	// Pending are the deliveries that were filed and have not ended: what they show is
	// not new to the chat any more.
	Pending []DeliveryID `json:"pending,omitempty"`

	// Mutes hide stories, Leanings move them up or down, Followed are told as they change.
	Mutes    []Mute          `json:"mutes,omitempty"`
	Leanings []Leaning       `json:"leanings,omitempty"`
	Followed []FollowedStory `json:"followed,omitempty"`
	// Notices is how many messages about followed stories went out on NoticeDay, a day on
	// the chat's clock ("2026-10-25").
	Notices   int    `json:"notices,omitempty"`
	NoticeDay string `json:"notice_day,omitempty"`

	// QuietDays is on how many days in a row the chat's digests had nothing to tell,
	// QuietDay the last of them on the chat's clock ("2026-10-25").
	QuietDays int    `json:"quiet_days,omitempty"`
	QuietDay  string `json:"quiet_day,omitempty"`

	// Feeds is how often the chat was given addresses of feeds of its digests; only the
	// last ones are good. 0 = it has none.
	Feeds int `json:"feeds,omitempty"`

	// Question is what the chat was asked and may answer with its next message.
	Question *Question `json:"question,omitempty"`
	// Gone says why nothing is sent here any more (blocked, removed) until somebody
	// speaks here again; empty while all is well. A chat that stays away is forgotten.
	// GoneSince is when that was noticed.
	Gone      string    `json:"gone,omitempty"`
	GoneSince time.Time `json:"gone_since,omitzero"`
	// Blocked is when an operator shut the chat out: it gets and asks nothing; zero if none
	// did.
	Blocked time.Time `json:"blocked,omitzero"`
}

// Settings are what a chat may set.
type Settings struct {
	// Zone is an IANA name or a fixed offset ("UTC+02:00"); empty while not asked.
	// Place is how the chat calls it: "Berlin".
	Zone  string `json:"zone,omitempty"`
	Place string `json:"place,omitempty"`
	// Language is that of the bot's own texts, BCP 47, with the region where the client
	// told one: it says how the clock looks. Reads are the languages of the news, BCP 47
	// base languages.
	Language string   `json:"language,omitempty"`
	Reads    []string `json:"reads,omitempty"`
	Length   Length   `json:"length,omitempty"` // empty = Standard
	Quiet    Quiet    `json:"quiet,omitzero"`
}

// BaseLanguage is the language of a BCP 47 tag without its region: "en" for "en-US".
func BaseLanguage(tag string) string {
	base, _, _ := strings.Cut(strings.ReplaceAll(tag, "_", "-"), "-")
	return strings.ToLower(base)
}

// Seen is when a story was last shown to a chat, and what it was told of it. The facts
// are kept while the story may have news.
type Seen struct {
	At    time.Time `json:"at"`
	Facts Facts     `json:"facts,omitempty"`
}

// QuestionLife is how long a question waits for its answer.
const QuestionLife = 10 * time.Minute

// Question is a question that waits for a typed answer: Action is carried out with the
// answer's text.
type Question struct {
	User   string    `json:"user"` // who may answer
	Action string    `json:"action"`
	Asked  time.Time `json:"asked"`
}

// Open tells whether the question still waits at now for this user's answer.
func (q *Question) Open(user string, now time.Time) bool {
	return q != nil && q.User == user && now.Before(q.Asked.Add(QuestionLife))
}

// Length is the length the chat set, Standard if none.
func (s Settings) DigestLength() Length {
	if s.Length == "" {
		return Standard
	}
	return s.Length
}

// NewChat is a chat as it is before anybody changed anything: all topics, news in the
// given languages.
func NewChat(a Address, language string, reads []string, now time.Time) Chat {
	return Chat{
		ID: NewChatID(a), Address: a, Created: now, AllTopics: true,
		Settings: Settings{Language: language, Reads: reads},
	}
}

// Follows are the sources whose news the chat gets: starter sources of its topics in
// the languages it reads, plus its own.
//
// A starter source of unknown language counts for every chat; one without a topic
// belongs to every chat that has not narrowed its topics. Where the languages leave no
// starter source they are disregarded, also for a chat with sources of its own: adding
// one must remove nothing.
func (c Chat) Follows(starter []Source) []SourceID {
	var in, all []SourceID
	for _, s := range starter {
		if slices.Contains(c.Dropped, s.ID) || !c.wantsTopics(s.Topics) {
			continue
		}
		all = append(all, s.ID)
		if s.Language == "" || slices.Contains(c.Settings.Reads, s.Language) {
			in = append(in, s.ID)
		}
	}
	if len(in) == 0 {
		in = all
	}
	for _, id := range c.Own {
		if !slices.Contains(in, id) {
			in = append(in, id)
		}
	}
	return in
}

func (c Chat) wantsTopics(topics []string) bool {
	if c.AllTopics {
		return true
	}
	return slices.ContainsFunc(topics, func(t string) bool { return slices.Contains(c.Topics, t) })
}

// Covers tells whether news that the chat follows is for its digest: where it has narrowed
// its topics, what is about one of them, and all that its own sources bring. A starter
// source of many topics brings more than that.
func (c Chat) Covers(s Story) bool {
	return c.AllTopics || c.wantsTopics(s.Topics()) || slices.ContainsFunc(s.Members, c.owns)
}

// Active are the subscriptions that are not stopped, in order of their ordinals.
func (c Chat) Active() []Subscription {
	var out []Subscription
	for _, s := range c.Subscriptions {
		if s.Stopped.IsZero() {
			out = append(out, s)
		}
	}
	return out
}

// Subscription finds a subscription of the chat by its ordinal, stopped or not.
func (c *Chat) Subscription(ordinal int) *Subscription {
	for i := range c.Subscriptions {
		if c.Subscriptions[i].Ordinal == ordinal {
			return &c.Subscriptions[i]
		}
	}
	return nil
}
