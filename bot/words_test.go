package bot

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"newsdigest/digest"
)

func TestNearest(t *testing.T) {
	for typed, want := range map[string]string{
		"degist": "digest", "DIGEST": "digest", "hlep": "help", "sorces": "sources", "subscribtions": "subscriptions",
		"": "", "x": "", "frobnicate": "", "setting": "settings", "ünsubscribe": "unsubscribe",
	} {
		if got := nearest(typed); got != want {
			t.Errorf("%q: %q, want %q", typed, got, want)
		}
	}
	for _, c := range []struct {
		a, b string
		n    int
	}{{"", "", 0}, {"abc", "abc", 0}, {"", "abc", 3}, {"abc", "", 3}, {"kitten", "sitting", 3}, {"ab", "ba", 2}} {
		if got := edits(c.a, c.b); got != c.n {
			t.Errorf("edits(%q, %q) = %d, want %d", c.a, c.b, got, c.n)
		}
	}
}

func TestSettingIn(t *testing.T) {
	for typed, want := range map[string][2]string{
		"time zone Berlin": {"zone", "Berlin"}, "TimeZone: New  York": {"zone", "New York"}, "zone": {"zone", ""},
		"length = full": {"length", "full"}, "languages en, de": {"news", "en, de"}, "language de": {"language", "de"}, "quiet hours 22-7": {"quiet", "22-7"},
		"sprache Deutsch": {"language", "Deutsch"}, "язык русский": {"language", "русский"}, "语言 中文": {"language", "中文"},
		"": {}, "colors red": {},
	} {
		if what, value := settingIn(typed, "en"); what != want[0] || value != want[1] {
			t.Errorf("%q: %q %q, want %q", typed, what, value, want)
		}
	}
}

func TestInWords(t *testing.T) {
	at := func(days digest.Weekdays, times ...int) digest.Schedule {
		return digest.Schedule{Days: days, Times: times}
	}
	for _, c := range []struct {
		s         digest.Schedule
		want, mid string
	}{
		{at(digest.EveryDay, 480), "Every day at 08:00 (Berlin)", "every day at 08:00 (Berlin)"},
		{at(digest.EveryDay, 480, 1080), "Twice a day, 08:00 and 18:00 (Berlin)", "twice a day, 08:00 and 18:00 (Berlin)"},
		{at(digest.EveryDay, 0, 480, 1080), "Three times a day, 00:00, 08:00 and 18:00 (Berlin)", "three times a day, 00:00, 08:00 and 18:00 (Berlin)"},
		{at(digest.EveryDay, 0, 1, 2, 3), "Four times a day, 00:00, 00:01, 00:02 and 00:03 (Berlin)", "four times a day, 00:00, 00:01, 00:02 and 00:03 (Berlin)"},
		{at(digest.Workdays, 450), "Monday to Friday at 07:30 (Berlin)", "Monday to Friday at 07:30 (Berlin)"},
		{at(digest.On(time.Monday)|digest.On(time.Sunday), 450), "Every Monday and Sunday at 07:30 (Berlin)", "every Monday and Sunday at 07:30 (Berlin)"},
		{digest.Schedule{Days: digest.EveryDay, Times: []int{60}, Zone: "America/New_York"}, "Every day at 01:00 (New York)", "every day at 01:00 (New York)"},
	} {
		chat := digest.Chat{Settings: digest.Settings{Zone: "Europe/Berlin"}}
		sub := digest.Subscription{Schedule: c.s}
		if got := withPlace("en", sub, chat); got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
		if got := midSentence("en", sub, chat); got != c.mid {
			t.Errorf("%q, want %q", got, c.mid)
		}
	}
}

// A schedule begins with a small letter in the middle of a sentence, in every language,
// unless it begins with a name.
func TestMidSentence(t *testing.T) {
	sub := digest.Subscription{Schedule: digest.Schedule{Days: digest.Workdays, Times: []int{450}}}
	for lang, want := range map[string]string{
		"en": "Monday to Friday at 07:30 (UTC)", "ru": "по будням в 07:30 (UTC)", "uk": "у будні о 07:30 (UTC)", "zh": "周一至周五 07:30 (UTC)",
	} {
		if got := midSentence(lang, sub, digest.Chat{}); got != want {
			t.Errorf("%s: %q, want %q", lang, got, want)
		}
	}
}

// The first digest is told in the chat's own days, whatever the clock does there.
func TestFirstOne(t *testing.T) {
	for _, c := range []struct{ zone, now, typed, want string }{
		{"Europe/Berlin", "2026-11-22T05:00:00Z", "daily at 8", "today, Sun 22 Nov"},
		{"Europe/Berlin", "2026-11-22T08:00:00Z", "daily at 8", "tomorrow, Mon 23 Nov"},
		{"Pacific/Auckland", "2026-11-22T13:00:00Z", "daily at 8", "today, Mon 23 Nov"},
		{"America/Los_Angeles", "2026-11-22T05:00:00Z", "daily at 8", "tomorrow, Sun 22 Nov"},
		{"Europe/Berlin", "2026-10-24T21:30:00Z", "daily at 2:30", "tomorrow, Sun 25 Oct"},
		{"Europe/Berlin", "2026-10-25T00:31:00Z", "daily at 2:30", "tomorrow, Mon 26 Oct"},
		{"Europe/Berlin", "2026-03-28T22:30:00Z", "daily at 2:30", "tomorrow, Sun 29 Mar"},
		{"Europe/Berlin", "2026-11-22T08:00:00Z", "fridays 8", "Fri 27 Nov"},
		{"Asia/Kolkata", "2026-11-22T18:31:00Z", "daily at 8", "today, Mon 23 Nov"},
	} {
		at, err := time.Parse(time.RFC3339, c.now)
		if err != nil {
			t.Fatal(err)
		}
		reading, err := digest.ParseSchedule(c.typed)
		if err != nil {
			t.Fatal(err)
		}
		zone, err := digest.LoadZone(c.zone)
		if err != nil {
			t.Fatal(err)
		}
		sub := digest.Subscription{Schedule: reading.Schedule, Next: reading.Schedule.Next(at, zone)}
		if got := firstOne("en", sub, digest.Chat{Settings: digest.Settings{Zone: c.zone}}, at); got != c.want {
			t.Errorf("%s at %s, %s: %q, want %q", c.zone, c.now, c.typed, got, c.want)
		}
	}
}

func TestTopicKey(t *testing.T) {
	for _, topic := range []string{"world", "technology", "", "local news", "Ä:~b", strings.Repeat("x", 200)} {
		key := topicKey(topic)
		if len(key) > 10 || strings.ContainsAny(key, ":~ ") || key != topicKey(topic) {
			t.Errorf("%q: key %q", topic, key)
		}
	}
	if topicKey("technology") != "technology" || topicKey("local news") == topicKey("local sport") {
		t.Error("keys do not tell topics apart")
	}
}

// The longest order fits a button that names its chat.
func TestOrderFits(t *testing.T) {
	o := order{topic: strings.Repeat("long ", 20), length: digest.Standard,
		schedule: digest.Schedule{Days: digest.EveryDay &^ digest.On(time.Sunday), Times: []int{1, 2, 3, 1439}}}
	c := conversation{r: server("1"), chat: digest.Chat{ID: digest.NewChatID(server("1").Place), Address: server("1").Place}}
	for _, what := range []string{"sub:" + o.code(), AskPrefix + "when:" + o.about(), "when:1000:" + o.schedule.Code(),
		"zone:America/Argentina/ComodRivadavia", "undo:removed:abcdefghijklmnop"} {
		if n := len(c.action(what)); n > digest.MaxAction {
			t.Errorf("%s: %d bytes", c.action(what), n)
		}
	}
}

func TestAccess(t *testing.T) {
	listed := Access{Listed: true, Allow: []string{"telegram:1", "discord:9"}, Operators: []string{"telegram:5"}}
	for _, c := range []struct {
		access Access
		r      Request
		want   bool
	}{
		{Access{}, private("2"), true}, {listed, private("1"), true}, {listed, private("2"), false}, {listed, private("5"), true},
		{listed, server("77"), true}, {listed, group("2"), false}, {listed, group("1"), true},
		{listed, Request{Platform: digest.Console, User: "1"}, true}, {listed, Request{Platform: digest.Discord, User: "1"}, false},
	} {
		if got := c.access.Allows(c.r); got != c.want {
			t.Errorf("%s %s in %q: %v", c.r.Platform, c.r.User, c.r.Server, got)
		}
	}
	w := newWorld(t, listed)
	if got := w.last(t, typed(private("2"), "digest")); got.Post != nil {
		t.Errorf("a stranger gets %q", words(got))
	}
	r := options(private("2"), "digest", "topic", "")
	r.Kind, r.Focused = Completion, "topic"
	if got := w.Immediate(t.Context(), r); len(got.Choices) > 0 {
		t.Errorf("a stranger gets %d suggestions", len(got.Choices))
	}
}

// Undoing twice changes nothing, and says so.
func TestUndoTwice(t *testing.T) {
	w := newWorld(t, Access{})
	made := w.last(t, typed(private("1"), "subscribe 8:00 Berlin"))
	undo := button(t, made, "Undo")
	for _, want := range []string{"Stopped: every day at 08:00 (Berlin).", "That is undone already."} {
		if got := words(w.last(t, press(private("1"), undo))); got[0] != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	for range 2 {
		if got := words(w.last(t, press(private("1"), "undo:stop:1"))); !strings.HasPrefix(got[0], "Every day at 08:00 (Berlin).") {
			t.Errorf("%q", got)
		}
	}
	chat, _, err := w.desk.Chat(t.Context(), private("1").Chat)
	if err != nil || len(chat.Subscriptions) != 1 {
		t.Errorf("%d subscriptions, %v", len(chat.Subscriptions), err)
	}
}

// Nothing that goes wrong inside is shown: a short reference is, and stands in the log.
func TestFaults(t *testing.T) {
	w := newWorld(t, Access{})
	w.platform.panics = true
	got := words(w.last(t, typed(group("boss"), "topics none")))
	if len(got) != 1 || !strings.HasPrefix(got[0], "Something went wrong on my side. I have noted it (ref ") {
		t.Fatalf("%q", got)
	}
	ref := strings.TrimSuffix(got[0][strings.Index(got[0], "ref ")+4:], ").")
	if len(ref) != 5 || !strings.Contains(w.log.String(), ref) || !strings.Contains(w.log.String(), "secret-canary") {
		t.Errorf("ref %q, log %s", ref, w.log)
	}
	r := typed(private("1"), "help")
	r.Platform = "carrier pigeon"
	if got := w.do(t, r); len(got) > 0 || !strings.Contains(w.log.String(), "carrier pigeon is not running") {
		t.Errorf("%d replies, log %s", len(got), w.log)
	}
	if waiting, err := w.desk.Waiting(context.Background()); err != nil || len(waiting) > 0 {
		t.Errorf("%d requests stay recorded, %v", len(waiting), err)
	}
}

// A platform that asks for patience gets the answer once more, one that cannot be reached a
// few times, others do not.
func TestAnswerOnceMore(t *testing.T) {
	w := newWorld(t, Access{})
	w.unreached = []time.Duration{time.Millisecond, time.Millisecond}
	for _, c := range []struct {
		err  error
		want int
	}{
		{nil, 1}, {errors.New("no"), 1}, {&digest.SendError{Fault: digest.NotSent, RetryAfter: time.Millisecond}, 2},
		{&digest.SendError{Fault: digest.NotSent, RetryAfter: time.Hour}, 1}, {&digest.SendError{Fault: digest.Unknown, RetryAfter: time.Millisecond}, 1},
		{&digest.SendError{Fault: digest.NotSent}, 3}, {&digest.SendError{Fault: digest.Unknown}, 1},
	} {
		w.platform.fail = func(Request) error { return c.err }
		if got := w.do(t, typed(private("1"), "help")); len(got) != c.want {
			t.Errorf("%v: %d answers, want %d", c.err, len(got), c.want)
		}
	}
}
