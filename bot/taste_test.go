package bot

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"newsdigest/digest"
)

// hidden: words, topics and sources are hidden for a time, listed and shown again.
func (w *world) hidden(t *testing.T) {
	lea := private("36")
	d := w.digestOf(t, lea)
	times := "1 day | 1 week | 1 month | Until I undo it"
	w.converse(t, []exchange{
		{say: typed(lea, "mute"), want: "Nothing is hidden."},
		{say: typed(lea, "mute football 1 week"), want: "I hide stories about football until Sun 29 Nov.", buttons: "Undo"},
		{say: typed(lea, "mute sport"), want: "I hide stories about Sport until you undo it.", buttons: "Undo"},
		{say: typed(lea, "mute The Ledger for 3 days"), want: "I hide what The Ledger publishes until Wed 25 Nov.", buttons: "Undo"},
		{say: options(lea, "mute", "what", "harbour times", "for", "always"), want: "I hide what Harbour Times publishes until you undo it.", buttons: "Undo"},
		{say: options(lea, "mute", "what", "cod quota", "for", "1m"), want: "I hide stories about cod quota until Tue 22 Dec.", buttons: "Undo"},
		{say: typed(lea, "mute a day at the races for a day"), want: "I hide stories about a day at the races until Mon 23 Nov.", buttons: "Undo"},
		{say: lea, press: "Undo", want: "No longer hidden: a day at the races."},
		{say: typed(lea, "mute !?"), want: "There is nothing in that to hide."},
		{say: typed(lea, "mute 1 week"), want: "Hidden from your digests:\ncod quota (word), until Tue 22 Dec\nHarbour Times (source), until you undo it\nThe Ledger (source), until Wed 25 Nov\nSport (topic), until you undo it\nfootball (word), until Sun 29 Nov",
			menu: "Unmute cod quota | Unmute Harbour Times | Unmute The Ledger | Unmute Sport | Unmute football"},
		{say: lea, choose: "Unmute Sport", want: "No longer hidden: Sport."},
		{say: press(lea, "unmute:nosuch"), want: "That is undone already."},
		{say: replying(lea, d, "mute 1"), want: "For how long should I hide stories about Business?", menu: times},
		{say: lea, choose: "1 week", want: "I hide stories about Business until Sun 29 Nov.", buttons: "Undo"},
		{say: press(lea, "hush:"+string(w.keptChat(t, lea).LastEdition)+":1"), want: "This button belongs to an older digest.", buttons: "Today’s digest"},
		{say: typed(lea, "mute "+long), want: "I hide stories about xxx", buttons: "Undo"},
	})
	for _, s := range w.digestOf(t, lea).Post.Stories {
		if s.Headline == d.Post.Stories[0].Headline {
			t.Errorf("%q is hidden and shown", s.Headline)
		}
	}
	w.limits(t, lea)
}

// limits: what is too many says so.
func (w *world) limits(t *testing.T, r Request) {
	_, err := w.desk.Change(t.Context(), w.keptChat(t, r).ID, func(c *digest.Chat) error {
		c.Mutes, c.Followed = nil, nil
		for i := range digest.MaxMutes {
			c.Mutes = append(c.Mutes, digest.Mute{Kind: digest.OfWord, What: fmt.Sprint("word", i)})
		}
		for i := range digest.MaxFollowed {
			c.Followed = append(c.Followed, digest.FollowedStory{Story: digest.StoryID(fmt.Sprint(i))})
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	w.converse(t, []exchange{
		{say: typed(r, "mute one more"), want: "You have hidden 200 things, the most there can be. Undo one first: /mute lists them."},
		{say: typed(r, "follow 1"), want: "You follow 20 stories, the most there can be. Stop one first: /unsubscribe lists them."},
	})
	if got := w.last(t, typed(r, "mute")); len(got.Post.Lines) != digest.MaxMutes+1 || len(got.Post.Menus[0].Options) != digest.MaxOptions {
		t.Errorf("%d lines, %d options", len(got.Post.Lines), len(got.Post.Menus[0].Options))
	}
}

// taste: what is pressed under a digest is learned once, shown, and forgotten on request.
func (w *world) taste(t *testing.T) {
	mia := private("37")
	w.converse(t, []exchange{{say: press(mia, "learned:"), want: "I have learned nothing yet."}})
	d := w.digestOf(t, mia)
	w.converse(t, []exchange{
		{say: press(mia, button(t, d, "Useful")), want: "Good. Would you like more of one of these?"},
		{say: press(mia, button(t, d, "Useful")), want: "Good. Would you like more of one of these?"},
	})
	for _, l := range w.keptChat(t, mia).Leanings {
		if l.Weight != 1 {
			t.Errorf("pressed twice, learned %+v", l)
		}
	}
	const again = "Undo | What I have learned"
	w.converse(t, []exchange{
		{say: text(mia, "more 5"), want: "I will bring more of: Sport, ", buttons: again},
		{say: mia, press: "Undo", want: "I will bring less of: Sport, ", buttons: again},
		{say: text(mia, "5 less"), want: "I will bring less of: Sport, ", buttons: again},
		{say: mia, press: "What I have learned", want: "What I have learned from what you pressed moves stories up or down. What is hidden does not come.\nMore of: ", buttons: "Forget all"},
		{say: typed(mia, "mute football"), want: "I hide stories about football", buttons: "Undo"},
		{say: press(mia, "learned:"), want: "What I have learned", buttons: "Forget all | What is hidden"},
		{say: mia, press: "What is hidden", want: "Hidden from your digests:\nfootball", menu: "Unmute football"},
		{say: press(mia, "learned:forget"), want: "Forgotten. What you have hidden stays hidden: /mute lists it."},
		{say: press(mia, "learned:"), want: "What I have learned from what you pressed moves stories up or down. What is hidden does not come.\nHidden: football", buttons: "What is hidden"},
		{say: press(mia, button(t, d, "Not useful")), want: "What was not good about it?", buttons: "Wrong | Not relevant | Too long | Duplicate"},
		{say: mia, press: "Not relevant", want: "I will bring less of that. Was one of these the reason?"},
		{say: mia, choose: "5. " + quote(d.Post.Stories[4].Headline), want: "I will bring less of: Sport, ", buttons: again},
		{say: press(mia, button(t, d, "Not useful")), want: "What was not good about it?", buttons: "Wrong | Not relevant | Too long | Duplicate"},
		{say: mia, press: "Too long", want: "Thank you. I have noted it for those who run this bot.", buttons: "Brief: headlines only"},
		{say: mia, press: "Brief: headlines only", want: "Your digests are now: Brief: headlines only."},
		{say: press(mia, "shorter:tiny"), want: "There is no length “tiny”."},
		{say: press(mia, button(t, d, "Not useful")), want: "What was not good about it?", buttons: "Wrong | Not relevant | Too long | Duplicate"},
		{say: mia, press: "Duplicate", want: "Thank you."},
	})
}

// reports: what people report is kept, with the story that they mean.
func (w *world) reports(t *testing.T) {
	before := w.reported(t)
	nic := private("38")
	d := w.digestOf(t, nic)
	id := string(w.keptChat(t, nic).LastEdition)
	card := w.last(t, text(nic, "full 2"))
	w.converse(t, []exchange{
		{say: typed(nic, "feedback story 3 is old"), want: "Thank you. I have noted it for those who run this bot."},
		{say: typed(nic, "feedback"), want: "What is wrong, or what would be better?"},
		{say: text(nic, "a weather report"), want: "Thank you."},
		{say: press(nic, button(t, card, "Wrong?")), want: "What is wrong with it?"},
		{say: text(nic, "the number is wrong"), want: "Thank you."},
		{say: press(nic, button(t, d, "Not useful")), want: "What was not good", buttons: "Wrong | Not relevant | Too long | Duplicate"},
		{say: nic, press: "Wrong", want: "What is wrong, and in which story?"},
		{say: text(nic, "4: two people, not three"), want: "Thank you."},
		{say: typed(group("6"), "feedback"), want: "Write it behind the command, for example: /feedback story 2 has the wrong number"},
		{say: typed(group("6"), "feedback too many ads "+long), want: "Thank you."},
	})
	filled := form(server("39"), "feedback", "where is the sport?")
	filled.Fields = map[string]string{"text": filled.Text, "story": "#9"}
	w.last(t, filled)
	forged := form(private("40"), "wrong:"+id+":1", "not mine")
	w.last(t, forged)
	var got []string
	for _, f := range w.reported(t) {
		if slices.Contains(before, f) {
			continue
		}
		got = append(got, fmt.Sprintf("%s %s: %s (%.12s)", f.Platform, f.Kind, shorten(f.Text, 26), f.Headline))
	}
	at := func(n int) string { return fmt.Sprintf("(%.12s)", d.Post.Stories[n-1].Headline) }
	want := []string{
		"telegram idea: story 3 is old " + at(3), "telegram idea: a weather report ()", "telegram wrong: the number is wrong " + at(2),
		"telegram wrong: 4: two people, not three " + at(4), "telegram idea: too many ads xxxxxxxxxxxx… ()",
		"discord idea: where is the sport? ()", "telegram wrong: not mine ()"}
	for _, line := range want {
		if !strings.Contains("\n"+strings.Join(got, "\n")+"\n", "\n"+line+"\n") {
			t.Errorf("not reported: %s", line)
		}
	}
	if len(got) != len(want) {
		t.Errorf("%d reported", len(got))
	}
	if t.Failed() {
		t.Logf("reported: %q", got)
	}
	asked := options(server("39"), "feedback")
	asked.At = now
	f := w.Immediate(t.Context(), asked)
	w.note(t, f)
	if f.Form == nil || f.Form.Action != "feedback" || len(f.Form.Fields) != 2 || !f.Form.Fields[1].Optional {
		t.Errorf("the form: %+v", f.Form)
	}
}

func (w *world) reported(t *testing.T) (out []digest.Feedback) {
	t.Helper()
	for f, err := range w.desk.Feedback(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, f)
	}
	return out
}

func TestMuteTime(t *testing.T) {
	c := &conversation{lang: "en", now: time.Date(2026, 1, 31, 12, 0, 0, 0, time.UTC)}
	for typed, want := range map[string]string{
		"football": "football|", "football 1 week": "football|2026-02-07", "football for 2 weeks": "football|2026-02-14",
		"football for a day": "football|2026-02-01", "football 3d": "football|2026-02-03", "football 1m": "football|2026-03-03",
		"football until i undo it": "football|", "football always": "football|", "for 1 week": "|2026-02-07", "1 week": "|2026-02-07",
		"day of the dead": "day of the dead|", "Model T": "Model T|", "G20 2 days": "G20|2026-02-02", "": "|", "boeing 737": "boeing 737|",
		"class of 1 day": "class of|2026-02-01", "holiday": "holiday|",
	} {
		what, until := c.muteTime(typed)
		got := what + "|"
		if !until.IsZero() {
			got += until.Format(time.DateOnly)
		}
		if got != want {
			t.Errorf("%q: %s, want %s", typed, got, want)
		}
	}
}

// FuzzMuteTime: whatever is typed, what is left of it was in it, and a time is not past.
func FuzzMuteTime(f *testing.F) {
	for _, typed := range []string{"football for 1 week", "für 1 Woche", "\u212a 1 day", "99 days", "x 999 months", "for"} {
		f.Add(typed)
	}
	c := &conversation{lang: "en", now: now}
	f.Fuzz(func(t *testing.T, typed string) {
		typed = digest.Clean(typed)
		what, until := c.muteTime(typed)
		if !strings.HasPrefix(typed, what) || !utf8.ValidString(what) || !until.IsZero() && until.Before(now) {
			t.Errorf("%q: %q until %v", typed, what, until)
		}
	})
}
