package digest

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// TestFollows: starter sources of the chat's topics in the languages it reads, plus its
// own.
func TestFollows(t *testing.T) {
	starter := []Source{
		{ID: "world-en", Language: "en", Topics: []string{"World"}},
		{ID: "tech-en", Language: "en", Topics: []string{"Technology"}},
		{ID: "both-en", Language: "en", Topics: []string{"World", "Technology"}},
		{ID: "world-de", Language: "de", Topics: []string{"World"}},
		{ID: "tech-unknown", Topics: []string{"Technology"}},
		{ID: "topicless-en", Language: "en"},
	}
	english := []string{"en"}
	tests := []struct {
		name string
		chat Chat
		want []SourceID
	}{
		{"a new chat: all topics", Chat{AllTopics: true, Settings: Settings{Reads: english}},
			[]SourceID{"world-en", "tech-en", "both-en", "tech-unknown", "topicless-en"}},
		{"two languages", Chat{AllTopics: true, Settings: Settings{Reads: []string{"de", "en"}}},
			[]SourceID{"world-en", "tech-en", "both-en", "world-de", "tech-unknown", "topicless-en"}},
		{"one topic: nothing without a topic", Chat{Topics: []string{"World"}, Settings: Settings{Reads: english}},
			[]SourceID{"world-en", "both-en"}},
		{"unknown language counts for every chat", Chat{Topics: []string{"Technology"}, Settings: Settings{Reads: []string{"de"}}},
			[]SourceID{"tech-unknown"}},
		{"languages leave nothing: all", Chat{Topics: []string{"World"}, Settings: Settings{Reads: []string{"ja"}}},
			[]SourceID{"world-en", "both-en", "world-de"}},
		{"adding a source removes nothing", Chat{Topics: []string{"World"}, Own: []SourceID{"own"}, Settings: Settings{Reads: []string{"ja"}}},
			[]SourceID{"world-en", "both-en", "world-de", "own"}},
		{"no topic: own sources only", Chat{Own: []SourceID{"own"}, Settings: Settings{Reads: english}},
			[]SourceID{"own"}},
		{"no topic, no own source", Chat{Settings: Settings{Reads: english}}, nil},
		{"removed starter sources", Chat{AllTopics: true, Dropped: []SourceID{"world-en", "tech-unknown"}, Settings: Settings{Reads: english}},
			[]SourceID{"tech-en", "both-en", "topicless-en"}},
		{"a starter source of one's own counts once", Chat{Topics: []string{"World"}, Own: []SourceID{"world-en", "tech-en"}, Settings: Settings{Reads: english}},
			[]SourceID{"world-en", "both-en", "tech-en"}},
		{"a language of a starter source kept although unread", Chat{Topics: []string{"World"}, Own: []SourceID{"world-de"}, Settings: Settings{Reads: english}},
			[]SourceID{"world-en", "both-en", "world-de"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, tt.chat.Follows(starter)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestChat(t *testing.T) {
	now := time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC)
	at := Address{Platform: Telegram, Channel: "-7", Thread: "3"}
	c := NewChat(at, "de", []string{"en"}, now)
	if c.ID != NewChatID(at) || !c.AllTopics || c.Settings.DigestLength() != Standard {
		t.Errorf("new chat %+v", c)
	}
	c.Subscriptions = []Subscription{{Ordinal: 1, Stopped: now}, {Ordinal: 2}}
	if a := c.Active(); len(a) != 1 || a[0].Ordinal != 2 {
		t.Errorf("active %+v", a)
	}
	if c.Subscription(1) == nil || c.Subscription(3) != nil {
		t.Error("a subscription is found by its ordinal, stopped or not")
	}
	c.Subscription(2).Topic = "World"
	if c.Subscriptions[1].Topic != "World" {
		t.Error("what Subscription finds is not the chat's own")
	}
	var q *Question
	if q.Open("7", now) {
		t.Error("no question is open")
	}
	q = &Question{User: "7", Asked: now}
	if !q.Open("7", now.Add(QuestionLife-1)) || q.Open("7", now.Add(QuestionLife)) || q.Open("8", now) {
		t.Error("a question waits for its user, for ten minutes")
	}
}

func TestAddress(t *testing.T) {
	tests := []struct {
		at      Address
		key     string
		text    string
		private bool
	}{
		{Address{Platform: Discord, User: "5"}, "discord/u/5", "discord:5", true},
		{Address{Platform: Discord, User: "5", Channel: "9"}, "discord/u/5", "discord:5", true},
		{Address{Platform: Discord, Channel: "9", Server: "1"}, "discord/c/9/", "discord:9", false},
		{Address{Platform: Telegram, Channel: "12"}, "telegram/c/12/", "telegram:12", true},
		{Address{Platform: Telegram, Channel: "-12", Thread: "4"}, "telegram/c/-12/4", "telegram:-12/4", false},
		{Address{Platform: Console, Channel: "me"}, "console/c/me/", "console:me", true},
	}
	for _, tt := range tests {
		if tt.at.Key() != tt.key || tt.at.String() != tt.text || tt.at.Private() != tt.private {
			t.Errorf("%+v: key %q, text %q, private %v", tt.at, tt.at.Key(), tt.at, tt.at.Private())
		}
	}
}

func TestCovers(t *testing.T) {
	story := func(source SourceID, topics ...string) Story {
		return Story{Members: []Member{{Article: "1", Source: source, Topics: topics}}}
	}
	for _, c := range []struct {
		name string
		chat Chat
		s    Story
		want bool
	}{
		{"all topics", Chat{AllTopics: true}, story("paper", "politics"), true},
		{"its topic", Chat{Topics: []string{"sport"}}, story("paper", "sport", "business"), true},
		{"another topic of a paper that has sport, too", Chat{Topics: []string{"sport"}}, story("paper", "politics"), false},
		{"no topic at all", Chat{Topics: []string{"sport"}}, story("paper"), false},
		{"whatever its own source brings", Chat{Topics: []string{"sport"}, Own: SourceIDs{"blog"}}, story("blog", "politics"), true},
		{"own sources only", Chat{Own: SourceIDs{"blog"}}, story("paper", "politics"), false},
	} {
		if got := c.chat.Covers(c.s); got != c.want {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}
