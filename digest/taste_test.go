package digest

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// TestHides: words whole and in any spelling, topics that most articles have, outlets that
// are alone with the story.
func TestHides(t *testing.T) {
	now := time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC)
	story := Story{Headline: "Zoë’s café wins Fußball cup final — again", Members: []Member{
		{Outlet: "Atlas Wire", Source: "s1", Title: "Zoë’s café wins Fußball cup final — again", Topics: []string{"sport", "world"}},
		{Outlet: "Harbour Times", Source: "s2", Title: "A final for the ages", Topics: []string{"sport"}},
		{Outlet: "The Ledger", Source: "s3", Title: "Café owner lifts cup", Topics: []string{"business", "sport"}},
	}}
	alone := Story{Headline: "Rates", Members: story.Members[:1]}
	elsewhere := map[string]Story{
		"zh": {Headline: "国足世界杯预选赛失利"}, "ja": {Headline: "サッカー日本代表が勝利"}, "th": {Headline: "ทีมฟุตบอลไทยชนะ"},
		"ko": {Headline: "축구가 시작됐다"}, "ar": {Headline: "مَبَاراة كرة القدم"}, "ru": {Headline: "Елки в Ереване зажгли рано"},
		"tr": {Headline: "İstanbul’da DIŞ ticaret"}, "hi": {Headline: "कल मैच होगा"}, "el": {Headline: "Νέα από την Αθήνα"},
	}
	tests := []struct {
		kind Kind
		what string
		in   Story
		want bool
	}{
		{OfWord, "football", story, false},
		{OfWord, "fussball", story, true},
		{OfWord, "FUSSBALL", story, true},
		{OfWord, "Fußball", story, true},
		{OfWord, "zoe", story, true},
		{OfWord, "cafe\u0301", story, true},
		{OfWord, "cup final", story, true},
		{OfWord, "Cup-Final", story, true},
		{OfWord, "final cup", story, false},
		{OfWord, "again a final", story, false}, // not across titles
		{OfWord, "caf", story, false},
		{OfWord, "ages", story, true},
		{OfTopic, "sport", story, true},
		{OfTopic, "Sport", story, true},
		{OfTopic, "business", story, false}, // one of three files it there
		{OfTopic, "world", alone, true},
		{OfSource, "Atlas Wire", story, false},
		{OfSource, "atlas wire", alone, true},
		{OfSource, "s1", alone, true},
		{OfSource, "s2", alone, false},
		{OfWord, "世界杯", elsewhere["zh"], true},
		{OfWord, "杯世界", elsewhere["zh"], false},
		{OfWord, "サッカー", elsewhere["ja"], true},
		{OfWord, "ฟุตบอล", elsewhere["th"], true},
		{OfWord, "축구", elsewhere["ko"], true},
		{OfWord, "مباراة", elsewhere["ar"], true},
		{OfWord, "ёлки", elsewhere["ru"], true},
		{OfWord, "istanbul", elsewhere["tr"], true},
		{OfWord, "dış", elsewhere["tr"], true},
		{OfWord, "मैच", elsewhere["hi"], true},
		{OfWord, "मैचा", elsewhere["hi"], false},
		{OfWord, "αθηνα", elsewhere["el"], true},
	}
	for _, tt := range tests {
		m := Mute{Kind: tt.kind, What: tt.what, Since: now.Add(-time.Hour)}
		got, hides := Chat{Mutes: []Mute{m}}.Hides(tt.in, now)
		if hides != tt.want || hides && got != m {
			t.Errorf("mute of %s %q on %q: %v", tt.kind, tt.what, tt.in.Headline, hides)
		}
	}
	both := Chat{Mutes: []Mute{{Kind: OfSource, What: "s1"}, {Kind: OfSource, What: "The Ledger"}, {Kind: OfSource, What: "s2"}}}
	if _, hides := both.Hides(story, now); !hides {
		t.Error("a story that only muted outlets tell is shown")
	}
	if _, ok := both.Silences(Member{Outlet: "Meridian", Source: "s9"}, now); ok {
		t.Error("an outlet that is not muted is silent")
	}
	if _, hides := both.Hides(Story{}, now); hides {
		t.Error("a story without articles is hidden")
	}
}

// TestMute: a mute ends with its time, is found by any spelling, and has a limit to which
// ended ones do not count.
func TestMute(t *testing.T) {
	now := time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC)
	story := Story{Headline: "Football tonight"}
	var c Chat
	if err := c.Mute(Mute{Kind: OfWord, What: " Football\n", Until: now.Add(time.Hour)}, now); err != nil {
		t.Fatal(err)
	}
	want := []Mute{{Kind: OfWord, What: "Football", Since: now, Until: now.Add(time.Hour)}}
	if diff := cmp.Diff(want, c.Mutes); diff != "" {
		t.Error(diff)
	}
	for after, want := range map[time.Duration]bool{0: true, time.Hour - 1: true, time.Hour: false} {
		if _, got := c.Hides(story, now.Add(after)); got != want {
			t.Errorf("after %v: %v", after, got)
		}
	}
	if err := c.Mute(Mute{Kind: OfWord, What: "FOOTBALL"}, now); err != nil || len(c.Mutes) != 1 || !c.Mutes[0].Until.IsZero() {
		t.Errorf("muted anew: %v, %v", c.Mutes, err)
	}
	before := c
	if c.Unmute(OfTopic, "football") || !c.Unmute(OfWord, "football") || c.Unmute(OfWord, "football") {
		t.Error("unmute tells whether there was such a mute")
	}
	if len(before.Mutes) != 1 || before.Mutes[0].What != "FOOTBALL" {
		t.Error("a copy of the chat from before has changed")
	}
	for _, nothing := range []string{"", " ", "?!", "\u0301"} {
		if err := c.Mute(Mute{Kind: OfWord, What: nothing}, now); !errors.Is(err, ErrNoMute) {
			t.Errorf("%q: %v", nothing, err)
		}
	}
	for i := range MaxMutes {
		if err := c.Mute(Mute{Kind: OfWord, What: fmt.Sprint("word ", i), Until: now.Add(time.Minute)}, now); err != nil {
			t.Fatal(err)
		}
	}
	if err := c.Mute(Mute{Kind: OfWord, What: "one more"}, now); !errors.Is(err, ErrTooManyMutes) {
		t.Errorf("mute %d: %v", MaxMutes+1, err)
	}
	if err := c.Mute(Mute{Kind: OfWord, What: "word 7"}, now); err != nil {
		t.Errorf("muting again what is muted: %v", err)
	}
	if err := c.Mute(Mute{Kind: OfWord, What: strings.Repeat("long ", 100)}, now.Add(time.Minute)); err != nil || len(c.Mutes) != 2 {
		t.Errorf("ended mutes make room: %d, %v", len(c.Mutes), err)
	}
}

// TestLearn: a press moves what the story is about by one, up to a bound, and back to
// nothing.
func TestLearn(t *testing.T) {
	now := time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC)
	story := EditionStory{
		Subjects: []Subject{{"quota", 1, 2}, {"cod", 2, 2}, {"Talu", 3, 1}, {"boats", 4, 1}},
		Members: []Member{{Outlet: "Atlas Wire", Topics: []string{"world", "business", "politics"}},
			{Outlet: "Harbour Times", Topics: []string{"world", "business"}}},
	}
	var c Chat
	got := c.Learn(story, true, now)
	want := []Leaning{
		{OfTopic, "world", 0, 1, now},
		{OfWord, "quota", 1, 1, now}, {OfWord, "cod", 2, 1, now}, {OfWord, "Talu", 3, 1, now},
		{OfSource, "Atlas Wire", 0, 1, now}, {OfSource, "Harbour Times", 0, 1, now},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(want, c.Leanings); diff != "" {
		t.Error(diff)
	}
	for range 9 {
		got = c.Learn(story, true, now)
	}
	if got[0].Weight != MaxLeaning {
		t.Errorf("ten presses: %d", got[0].Weight)
	}
	for range MaxLeaning {
		got = c.Learn(story, false, now)
	}
	if got[0].Weight != 0 || len(c.Leanings) != 0 {
		t.Errorf("pressed back: %v, %v", got[0], c.Leanings)
	}
	if got = c.Learn(story, false, now); got[0].Weight != -1 {
		t.Errorf("less: %v", got)
	}
	c.Forget()
	if c.Leanings != nil {
		t.Error("not forgotten")
	}

	crowd := EditionStory{Members: []Member{{Outlet: "A"}, {Outlet: "B"}, {Outlet: "C"}}}
	if got := c.Learn(crowd, true, now); got != nil {
		t.Errorf("of a story that many tell, no outlet is liked: %v", got)
	}
	inflected := EditionStory{Subjects: []Subject{{Word: "quotas", Key: 1}}}
	c.Learn(story, true, now)
	c.Learn(inflected, true, now)
	if l := c.Leanings[1]; l.Weight != 2 || l.What != "quota" {
		t.Errorf("two forms of a word are two leanings: %v", c.Leanings)
	}
}

// TestLearnBound: the least recent leanings make room.
func TestLearnBound(t *testing.T) {
	now := time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC)
	var c Chat
	for i := range MaxLeanings + 20 {
		now = now.Add(time.Minute)
		c.Learn(EditionStory{Subjects: []Subject{{Word: fmt.Sprint("word", i), Key: uint32(i + 1)}}}, true, now)
	}
	if len(c.Leanings) != MaxLeanings || c.Leanings[0].What != "word119" || c.Leanings[MaxLeanings-1].What != "word20" {
		t.Errorf("%d leanings, from %v to %v", len(c.Leanings), c.Leanings[0], c.Leanings[len(c.Leanings)-1])
	}
}

func TestTopics(t *testing.T) {
	filed := func(topics ...[]string) Story {
		var s Story
		for _, list := range topics {
			s.Members = append(s.Members, Member{Topics: list})
		}
		return s
	}
	w, b, s := "world", "business", "sport"
	tests := []struct {
		name string
		in   Story
		want []string
	}{
		{"none", filed(nil, nil), nil},
		{"one article", filed([]string{w, b}), []string{w, b}},
		{"half of those that say", filed([]string{w}, []string{w, b}, nil, nil, []string{b}, []string{s, b}), []string{b, w}},
		{"none has half", filed([]string{w}, []string{b}, []string{s}), []string{w, b, s}},
		{"one of three is elsewhere", filed([]string{w}, []string{w}, []string{s}), []string{w}},
	}
	for _, tt := range tests {
		if diff := cmp.Diff(tt.want, tt.in.Topics()); diff != "" {
			t.Errorf("%s: %s", tt.name, diff)
		}
	}
	if !filed([]string{w}).About(w) || filed([]string{w}).About(b) {
		t.Error("a story is about its topics")
	}
}
