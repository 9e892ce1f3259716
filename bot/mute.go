package bot

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"newsdigest/bot/texts"
	"newsdigest/digest"
)

// muteTimes are how long something may be hidden, as offered.
var muteTimes = []struct {
	value  string
	label  texts.ID
	months int
	days   int
}{
	{"1d", texts.ForDay, 0, 1}, {"1w", texts.ForWeek, 0, 7}, {"1m", texts.ForMonth, 1, 0}, {"always", texts.ForEver, 0, 0},
}

// storyNumber is a number by itself: no word, but a story of the last digest.
var storyNumber = regexp.MustCompile(`^#?(\d{1,2})\.?$`)

// mute is /mute: hide stories about something, "mute football 1 week", or about what a
// story of the last digest is about, "mute 3"; nothing lists what is hidden.
func (c *conversation) mute(ctx context.Context, args string) (Reply, error) {
	if what := c.option("what"); what != "" {
		args = what + " " + c.option("for")
	}
	what, until := c.muteTime(digest.Clean(args))
	if what == "" {
		return c.mutes(ctx)
	}
	if number := storyNumber.FindStringSubmatch(digest.Digits(what)); number != nil {
		return c.hideNumbered(ctx, number[1], until)
	}
	m, err := c.muteOf(ctx, what)
	if err != nil {
		return Reply{}, err
	}
	m.Until = until
	return c.hide(ctx, m)
}

// muteTime takes how long out of what somebody typed, "football for 2 weeks"; the zero time
// is until it is undone.
func (c *conversation) muteTime(typed string) (what string, until time.Time) {
	typed = strings.TrimSpace(typed)
	for _, t := range muteTimes {
		for _, words := range []string{t.value, c.t(t.label)} {
			if rest := len(typed) - len(words); rest >= 0 && strings.EqualFold(typed[rest:], words) &&
				(rest == 0 || typed[rest-1] == ' ') {
				return c.withoutFor(typed[:rest]), c.after(t.months, t.days)
			}
		}
	}
	unit, rest, ok := texts.CutTypedEnd(c.lang, typed, texts.TypedDays, texts.TypedWeeks, texts.TypedMonths)
	if !ok {
		return typed, time.Time{}
	}
	n, rest, ok := c.howMany(rest)
	switch {
	case !ok:
		return typed, time.Time{}
	case unit == texts.TypedDays:
		until = c.after(0, n)
	case unit == texts.TypedWeeks:
		until = c.after(0, 7*n)
	default:
		until = c.after(n, 0)
	}
	return c.withoutFor(rest), until
}

// howMany takes a number off the end of what somebody typed: "2", "a", and one where there
// is only "for": "на неделю".
func (c *conversation) howMany(typed string) (n int, rest string, ok bool) {
	const digits = 3
	typed = strings.TrimRight(typed, " ")
	rest = strings.TrimRightFunc(typed, unicode.IsDigit)
	number := digest.Digits(typed[len(rest):])
	last, _ := utf8.DecodeLastRuneInString(rest)
	if n, err := strconv.Atoi(number); err == nil && len(number) <= digits && (!unicode.IsLetter(last) || unicode.Is(unicode.Han, last)) {
		return n, rest, true
	}
	if _, rest, ok := texts.CutTypedEnd(c.lang, typed, texts.TypedOne); ok {
		return 1, rest, true
	}
	_, _, ok = texts.CutTypedEnd(c.lang, typed, texts.TypedFor)
	return 1, typed, ok
}

// withoutFor is what somebody typed before a time, without "for".
func (c *conversation) withoutFor(typed string) string {
	typed = strings.TrimSpace(typed)
	_, rest, _ := texts.CutTypedEnd(c.lang, typed, texts.TypedFor)
	return strings.TrimSpace(rest)
}

// after is so long from now, the zero time if that is no time at all.
func (c *conversation) after(months, days int) time.Time {
	if months == 0 && days == 0 {
		return time.Time{}
	}
	return c.now.AddDate(0, months, days)
}

// muteOf is what somebody wants hidden: a topic or a source where it is called so, else a
// word.
func (c *conversation) muteOf(ctx context.Context, what string) (digest.Mute, error) {
	for _, t := range c.b.desk.Topics() {
		if strings.EqualFold(what, t) || strings.EqualFold(what, c.topicName(t)) {
			return digest.Mute{Kind: digest.OfTopic, What: t}, nil
		}
	}
	sources, err := c.b.desk.Sources(ctx, c.chat)
	for _, s := range sources {
		if strings.EqualFold(what, digest.Clean(s.Label())) || what == string(s.ID) {
			return digest.Mute{Kind: digest.OfSource, What: string(s.ID)}, err
		}
	}
	return digest.Mute{Kind: digest.OfWord, What: what}, err
}

// hide mutes something and says so.
func (c *conversation) hide(ctx context.Context, m digest.Mute) (Reply, error) {
	chat, err := c.b.desk.Change(ctx, c.chat.ID, func(chat *digest.Chat) error { return chat.Mute(m, c.now) })
	switch {
	case errors.Is(err, digest.ErrTooManyMutes):
		return c.say(texts.TooManyMutes, texts.Args{"Max": digest.MaxMutes}), nil
	case errors.Is(err, digest.ErrNoMute):
		return c.say(texts.NothingToMute), nil
	case err != nil:
		return Reply{}, err
	}
	c.chat = chat
	id := map[bool]texts.ID{true: texts.Muted, false: texts.MutedUntil}[m.Until.IsZero()]
	if m.Kind == digest.OfSource {
		id = map[bool]texts.ID{true: texts.MutedSource, false: texts.MutedSourceUntil}[m.Until.IsZero()]
	}
	name, err := c.mutedName(ctx, m)
	return c.say(id, texts.Args{"What": name, "Until": c.untilDay(m)}).
		with(digest.Button{Label: c.t(texts.ButtonUndo), Action: c.action("unmute:" + muteKey(m))}), err
}

func (c *conversation) untilDay(m digest.Mute) string {
	return texts.Day(c.lang, m.Until.In(zoneOf(c.chat.Settings.Zone)))
}

// mutedName is what people call what is hidden.
func (c *conversation) mutedName(ctx context.Context, m digest.Mute) (string, error) {
	if m.Kind != digest.OfSource {
		return c.subject(m.What), nil
	}
	sources, err := c.b.desk.Sources(ctx, c.chat)
	for _, s := range sources {
		if m.What == string(s.ID) {
			return quote(s.Label()), err
		}
	}
	return quote(m.What), err
}

// muteKey names a mute in a button.
func muteKey(m digest.Mute) string {
	h := fnv.New64a()
	fmt.Fprintf(h, "%s/%s", m.Kind, m.What)
	return strconv.FormatUint(h.Sum64(), 36)
}

// kindNames are what kinds of mute are called.
var kindNames = map[digest.Kind]texts.ID{
	digest.OfWord: texts.KindWord, digest.OfTopic: texts.KindTopic, digest.OfSource: texts.KindSource,
}

// mutes lists what is hidden, the latest first, to be shown again by a press.
func (c *conversation) mutes(ctx context.Context) (Reply, error) {
	r := c.say(texts.MutesHead)
	menu := digest.Menu{Action: c.action("unmute:"), Placeholder: c.t(texts.MenuUnmute)}
	for _, m := range slices.Backward(c.chat.Mutes) {
		if !m.Active(c.now) {
			continue
		}
		name, err := c.mutedName(ctx, m)
		if err != nil {
			return r, err
		}
		id := map[bool]texts.ID{true: texts.MuteLine, false: texts.MuteLineUntil}[m.Until.IsZero()]
		r.Post.Lines = append(r.Post.Lines, digest.Plain(c.t(id,
			texts.Args{"What": name, "Kind": c.t(kindNames[m.Kind]), "Until": c.untilDay(m)})))
		if len(menu.Options) < digest.MaxOptions {
			menu.Options = append(menu.Options, digest.Option{Value: muteKey(m), Label: c.t(texts.ButtonUnmute, texts.Args{"What": name})})
		}
	}
	if len(menu.Options) == 0 {
		return c.say(texts.MutesNone), nil
	}
	r.Post.Menus = []digest.Menu{menu}
	return r, nil
}

// unmute is a button or a choice that shows something again: "unmute:KEY".
func (c *conversation) unmute(ctx context.Context, key string) (Reply, error) {
	if len(c.r.Values) > 0 {
		key = c.r.Values[0]
	}
	i := slices.IndexFunc(c.chat.Mutes, func(m digest.Mute) bool { return muteKey(m) == key })
	if i < 0 {
		return c.say(texts.AlreadyUndone), nil
	}
	m := c.chat.Mutes[i]
	name, err := c.mutedName(ctx, m)
	if err != nil {
		return Reply{}, err
	}
	chat, err := c.b.desk.Change(ctx, c.chat.ID, func(chat *digest.Chat) error {
		chat.Unmute(m.Kind, m.What)
		return nil
	})
	if err != nil {
		return Reply{}, err
	}
	c.chat = chat
	r := c.say(texts.Unmuted, texts.Args{"What": name})
	r.Edit = true
	return r, nil
}

// hideOf asks for how long to hide what a story is about.
func (c *conversation) hideOf(ctx context.Context, s told) (Reply, error) {
	m, ok := muteAbout(s)
	if !ok {
		return c.say(texts.NothingToMute), nil
	}
	name, err := c.mutedName(ctx, m)
	r := c.say(texts.MuteHowLong, texts.Args{"What": name})
	menu := digest.Menu{Action: c.action("hush:" + s.ref()), Placeholder: r.Post.Lines[0].String()}
	for _, t := range muteTimes {
		menu.Options = append(menu.Options, digest.Option{Value: t.value, Label: c.t(t.label)})
	}
	r.Post.Menus = []digest.Menu{menu}
	return r, err
}

// hideNumbered hides what a story of the last digest is about, if it is said for how long.
func (c *conversation) hideNumbered(ctx context.Context, number string, until time.Time) (Reply, error) {
	e, no, err := c.lastEdition(ctx)
	if no != nil || err != nil {
		return *or(no, &Reply{}), err
	}
	if n, err := strconv.Atoi(number); err == nil && !until.IsZero() && n >= 1 && n <= len(e.Stories) {
		if m, ok := muteAbout(told{e.Stories[n-1], e, n}); ok {
			m.Until = until
			return c.hide(ctx, m)
		}
	}
	return c.aboutStory(ctx, e, "hide", number)
}

// muteAbout is what a story is about: its first topic, or else its first subject.
func muteAbout(s told) (digest.Mute, bool) {
	if topics := topicsOf(s.EditionStory); len(topics) > 0 {
		return digest.Mute{Kind: digest.OfTopic, What: topics[0]}, true
	}
	if len(s.Subjects) > 0 {
		return digest.Mute{Kind: digest.OfWord, What: s.Subjects[0].Word}, true
	}
	return digest.Mute{}, false
}

// hush is the choice of how long: "hush:EDITION:3" with "1w".
func (c *conversation) hush(ctx context.Context, ref string) (Reply, error) {
	s, no, err := c.storyAt(ctx, ref)
	if no != nil || err != nil {
		return *or(no, &Reply{}), err
	}
	m, ok := muteAbout(s)
	if !ok || len(c.r.Values) == 0 {
		return c.oldDigest(), nil
	}
	_, m.Until = c.muteTime(c.r.Values[0])
	r, err := c.hide(ctx, m)
	r.Edit = true
	return r, err
}

// completeMutes suggests what may be hidden: topics and sources by what was typed, and the
// words themselves.
func (c *conversation) completeMutes(ctx context.Context, typed string) []Choice {
	out := c.matching(typed, append(c.topicChoices(), c.sourceChoices(ctx)...))
	if typed != "" {
		out = append([]Choice{{Label: typed, Value: typed}}, out...)
	}
	return out
}
