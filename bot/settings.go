package bot

import (
	"context"
	"slices"
	"strings"

	"newsdigest/bot/texts"
	"newsdigest/digest"
)

// settings is /settings: the list, or one change ("time zone Berlin", "length brief",
// "languages en, de").
func (c *conversation) settings(ctx context.Context, args string) (Reply, error) {
	if r, given, err := c.setOptions(ctx); given || err != nil {
		return r, err
	}
	what, value := settingIn(args)
	switch what {
	case "zone":
		if value == "" {
			return c.ask(ctx, "zone")
		}
		return c.typedZone(ctx, value, "")
	case "length":
		return c.listUnless(c.setLength(ctx, value))
	case "languages":
		return c.listUnless(c.setLanguages(ctx, value))
	}
	if strings.TrimSpace(args) != "" {
		return c.say(texts.SettingsUsage), nil
	}
	return c.settingsList(), nil
}

// setOptions sets what the options of the request say, until one is refused; the time
// zone last, for its reply may be a question.
func (c *conversation) setOptions(ctx context.Context) (r Reply, given bool, err error) {
	length, languages, zone := c.option("length"), c.option("languages"), c.option("time_zone")
	var no *Reply
	if length != "" {
		no, err = c.setLength(ctx, length)
	}
	if languages != "" && no == nil && err == nil {
		no, err = c.setLanguages(ctx, languages)
	}
	if zone != "" && no == nil && err == nil {
		r, err = c.typedZone(ctx, zone, "")
		return r, true, err
	}
	r, err = c.listUnless(no, err)
	return r, length+languages != "", err
}

// listUnless shows the settings unless a change was refused.
func (c *conversation) listUnless(no *Reply, err error) (Reply, error) {
	if no != nil || err != nil {
		return *or(no, &Reply{}), err
	}
	return c.settingsList(), nil
}

// settingWords are the words that a setting is called by, longer ones first.
var settingWords = []struct{ words, what string }{
	{"time zone", "zone"}, {"timezone", "zone"}, {"time_zone", "zone"}, {"zone", "zone"}, {"city", "zone"},
	{"length", "length"}, {"languages", "languages"}, {"language", "languages"}, {"news", "languages"},
}

// settingIn finds out which setting is meant, and the value given for it.
func settingIn(args string) (what, value string) {
	args = strings.Join(strings.Fields(args), " ")
	for _, s := range settingWords {
		if len(args) >= len(s.words) && strings.EqualFold(args[:len(s.words)], s.words) {
			return s.what, strings.TrimLeft(args[len(s.words):], " :=")
		}
	}
	return "", ""
}

func (c *conversation) settingsList() Reply {
	s := c.chat.Settings
	zone := c.t(texts.ZoneUnknown)
	if s.Zone != "" {
		zone = c.t(texts.ZoneKnown, texts.Args{"Place": placeName(s.Place, s.Zone), "Now": c.nowIn(s.Zone)})
	}
	return c.say(texts.SettingsList, texts.Args{
		"Zone": zone, "Languages": c.languageNames(s.Reads), "Length": c.lengthName(s.DigestLength())})
}

func (c *conversation) lengthName(l digest.Length) string {
	return c.t(map[digest.Length]texts.ID{
		digest.Brief: texts.LengthBrief, digest.Standard: texts.LengthStandard, digest.Full: texts.LengthFull}[l])
}

func (c *conversation) languageNames(codes []string) string {
	var names []string
	for _, l := range codes {
		names = append(names, texts.LanguageName(c.lang, l))
	}
	return texts.List(c.lang, names, 0)
}

// change changes the chat's settings.
func (c *conversation) change(ctx context.Context, set func(*digest.Settings)) error {
	chat, err := c.b.desk.Change(ctx, c.chat.ID, func(chat *digest.Chat) error {
		set(&chat.Settings)
		return nil
	})
	if err == nil {
		c.chat = chat
	}
	return err
}

// setLength sets the length; the reply says what is wrong with the value.
func (c *conversation) setLength(ctx context.Context, value string) (*Reply, error) {
	l := digest.Length(strings.ToLower(value))
	if !slices.Contains(digest.Lengths, l) {
		no := c.say(texts.NoSuchLength, texts.Args{"Length": quote(value)})
		return &no, nil
	}
	return nil, c.change(ctx, func(s *digest.Settings) { s.Length = l })
}

// setLanguages sets the languages of the news: codes or names, of those that the starter
// sources have. The reply says what is wrong with the value.
func (c *conversation) setLanguages(ctx context.Context, value string) (*Reply, error) {
	have := c.b.desk.Languages()
	var codes []string
	for _, w := range strings.FieldsFunc(strings.ToLower(value), func(r rune) bool { return r == ',' || r == ' ' }) {
		code := w
		for _, l := range have {
			if w == strings.ToLower(texts.LanguageName(c.lang, l)) || w == strings.ToLower(texts.LanguageName(l, l)) {
				code = l
			}
		}
		if !slices.Contains(have, code) {
			no := c.say(texts.NoSuchLanguage, texts.Args{"Language": quote(w), "Languages": c.languageNames(have)})
			return &no, nil
		}
		if !slices.Contains(codes, code) {
			codes = append(codes, code)
		}
	}
	if len(codes) == 0 {
		no := c.say(texts.LanguagesUsage, texts.Args{"Languages": c.languageNames(have)})
		return &no, nil
	}
	return nil, c.change(ctx, func(s *digest.Settings) { s.Reads = codes })
}
