package bot

import (
	"context"
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"

	"newsdigest/bot/texts"
	"newsdigest/digest"
)

// settings is /settings: the panel, or one change ("time zone Berlin", "length brief",
// "language German", "news en, de", "quiet 22-7").
func (c *conversation) settings(ctx context.Context, args string) (Reply, error) {
	if r, given, err := c.setOptions(ctx); given || err != nil {
		return r, err
	}
	what, value := settingIn(args, c.lang)
	switch what {
	case "zone":
		if value == "" {
			return c.ask(ctx, "zone")
		}
		return c.typedZone(ctx, value, "")
	case "pause", "resume":
		return c.pauseAll(ctx, what == "pause")
	case "":
		if strings.TrimSpace(args) != "" {
			return c.say(texts.SettingsUsage), nil
		}
		return c.panel(ctx)
	case "quiet":
		if value == "" {
			return c.ask(ctx, "quiet")
		}
	case "language", "length":
		if value == "" {
			return c.askSetting(what, *c.settingMenu(what)), nil
		}
	}
	return c.panelUnless(ctx)(c.setOne(ctx, what, value))
}

// typedSettings are the words that people type for a setting.
var typedSettings = map[texts.ID]string{
	texts.TypedZone: "zone", texts.TypedLength: "length", texts.TypedNews: "news", texts.TypedLanguage: "language",
	texts.TypedQuiet: "quiet", texts.TypedPause: "pause", texts.TypedResume: "resume",
}

// settingIn finds out which setting is meant, and the value given for it: in the chat's
// language, in English, and in all others, for who wants another language may say so in it.
func settingIn(args, lang string) (what, value string) {
	args = strings.Join(strings.Fields(args), " ")
	for _, lang := range append([]string{lang}, texts.Languages...) {
		if id, rest, ok := texts.CutTyped(lang, args, slices.Collect(maps.Keys(typedSettings))...); ok {
			return typedSettings[id], strings.TrimLeft(rest, " :=：")
		}
	}
	return "", ""
}

// settingOptions are the options of the command that set one thing each.
var settingOptions = []struct{ option, what string }{
	{"length", "length"}, {"news", "news"}, {"language", "language"}, {"quiet_hours", "quiet"},
}

// setOptions sets what the options of the request say, until one is refused; the time
// zone last, for its reply may be a question.
func (c *conversation) setOptions(ctx context.Context) (r Reply, given bool, err error) {
	for _, o := range settingOptions {
		value := c.option(o.option)
		if value == "" {
			continue
		}
		given = true
		if no, err := c.setOne(ctx, o.what, value); no != nil || err != nil {
			return *or(no, &Reply{}), true, err
		}
	}
	if zone := c.option("time_zone"); zone != "" {
		r, err = c.typedZone(ctx, zone, "")
		return r, true, err
	}
	if given {
		r, err = c.panel(ctx)
	}
	return r, given, err
}

// setOne sets one thing; the reply says what is wrong with the value.
func (c *conversation) setOne(ctx context.Context, what, value string) (*Reply, error) {
	switch what {
	case "length":
		return c.setLength(ctx, value)
	case "language":
		return c.setLanguage(ctx, value)
	case "news":
		return c.setNews(ctx, value)
	}
	return c.setQuiet(ctx, value)
}

// panelUnless shows the settings unless a change was refused.
func (c *conversation) panelUnless(ctx context.Context) func(no *Reply, err error) (Reply, error) {
	return func(no *Reply, err error) (Reply, error) {
		if no != nil || err != nil {
			return *or(no, &Reply{}), err
		}
		return c.panel(ctx)
	}
}

// panel shows all settings, each with a button that changes it. The lines come before
// them instead of a heading.
func (c *conversation) panel(ctx context.Context, lines ...string) (Reply, error) {
	sources, err := c.b.desk.Sources(ctx, c.chat)
	if err != nil {
		return Reply{}, err
	}
	if len(lines) == 0 {
		lines = []string{c.t(texts.SettingsHead)}
		if !c.chat.Address.Private() {
			lines = []string{c.t(texts.SettingsHeadOf, texts.Args{"Chat": c.chatName(texts.ThatChat)})}
		}
	}
	r := c.post(lines...)
	s := c.chat.Settings
	row := func(line string, label texts.ID, action string) {
		r.Post.Rows = append(r.Post.Rows, digest.Row{Line: digest.Plain(line), Button: digest.Button{
			Label: c.t(label), Action: c.action(action)}})
	}
	row(c.t(texts.SettingsZone, texts.Args{"Zone": c.zoneSetting()}), texts.ButtonChange, AskPrefix+"zone")
	row(c.t(texts.SettingsLanguage, texts.Args{"Language": c.languageNames([]string{digest.BaseLanguage(c.lang)})}), texts.ButtonChange, "settings:language")
	row(c.t(texts.SettingsNews, texts.Args{"Languages": c.languageNames(s.Reads)}), texts.ButtonChange, "settings:news")
	row(c.t(texts.SettingsLength, texts.Args{"Length": c.lengthName(s.DigestLength())}), texts.ButtonChange, "settings:length")
	row(c.t(texts.SettingsQuiet, texts.Args{"Quiet": c.quietHours()}), texts.ButtonChange, AskPrefix+"quiet")
	row(c.sourcesSetting(sources), texts.ButtonShowSources, "sources:")
	r = r.with(c.pauseAllButton())
	last := []digest.Button{{Label: c.t(texts.ButtonLearned), Action: c.action("learned:")}}
	if c.chat.Address.Private() {
		last = slices.Insert(last, 0, digest.Button{Label: c.t(texts.ButtonPrivacy), Action: c.action("privacy:")})
	}
	if c.b.editor.Web != "" && !c.overheard() {
		last = append(last, digest.Button{Label: c.t(texts.ButtonFeeds), Action: c.action("web:")})
	}
	return r.with(last...), nil
}

func (c *conversation) zoneSetting() string {
	s := c.chat.Settings
	if s.Zone == "" {
		return c.t(texts.ZoneUnknown)
	}
	return c.clockIn(placeName(s.Place, s.Zone), s.Zone)
}

func (c *conversation) quietHours() string {
	q := c.chat.Settings.Quiet
	if q.IsZero() {
		return c.t(texts.QuietNever)
	}
	return c.t(texts.QuietFromTo, texts.Args{"From": c.clockAs(q.From), "To": c.clockAs(q.To)})
}

// clockAs is a time of day, "22:00", as the reader's clock shows it.
func (c *conversation) clockAs(clock string) string {
	at, err := time.Parse("15:04", clock)
	if err != nil {
		return clock
	}
	return texts.Clock(c.lang, at)
}

func (c *conversation) sourcesSetting(all []digest.Source) string {
	failing := 0
	for _, s := range all {
		if s.Fetch.Failures > 0 {
			failing++
		}
	}
	if failing == 0 {
		return c.t(texts.SettingsSources, texts.Args{"Count": len(all)})
	}
	return c.t(texts.SettingsSourcesFailing, texts.Args{"Sources": len(all), "Count": failing})
}

func (c *conversation) pauseAllButton() digest.Button {
	if c.chat.Paused {
		return digest.Button{Label: c.t(texts.ButtonResumeAll), Action: c.action("settings:resume")}
	}
	return digest.Button{Label: c.t(texts.ButtonPauseAll), Action: c.action("settings:pause")}
}

// pauseAll lets all rest, or go on.
func (c *conversation) pauseAll(ctx context.Context, rest bool) (r Reply, err error) {
	if c.chat, err = c.b.desk.PauseAll(ctx, c.chat.ID, rest, c.now); err != nil {
		return r, err
	}
	id := texts.AllResumed
	if rest {
		id = texts.AllPaused
	}
	return c.panel(ctx, c.t(id))
}

// pressSettings is a button or choice of the panel: "settings:", "settings:length".
func (c *conversation) pressSettings(ctx context.Context, what string) (r Reply, err error) {
	switch menu := c.settingMenu(what); {
	case what == "":
		r, err = c.panel(ctx)
	case what == "pause" || what == "resume":
		r, err = c.pauseAll(ctx, what == "pause")
	case menu == nil:
		return c.say(texts.OldButton), nil
	case len(c.r.Values) > 0:
		r, err = c.panelUnless(ctx)(c.setOne(ctx, what, c.chosenOf(*menu)))
	default:
		r = c.askSetting(what, *menu)
	}
	r.Edit = true
	return r, err
}

// askSetting asks for a setting by the menu of its values.
func (c *conversation) askSetting(what string, menu digest.Menu) Reply {
	r := c.say(settingQuestions[what])
	r.Post.Menus = []digest.Menu{menu}
	return r.with(digest.Button{Label: c.t(texts.ButtonBack), Action: c.action("settings:")})
}

// settingQuestions are what the menus of settings ask.
var settingQuestions = map[string]texts.ID{
	"language": texts.WhichLanguage, "news": texts.WhichNews, "length": texts.WhichLength,
}

// settingMenu is the choice for a setting, nil if it has none.
func (c *conversation) settingMenu(what string) *digest.Menu {
	m := digest.Menu{Action: c.action("settings:" + what)}
	var codes []string
	switch what {
	case "length":
		m = c.lengthMenu(m.Action, c.chat.Settings.DigestLength())
	case "language":
		codes = texts.Languages
	case "news":
		codes, m.Many = c.b.desk.Languages(), true
	default:
		return nil
	}
	for _, l := range codes[:min(len(codes), digest.MaxOptions)] {
		chosen := l == digest.BaseLanguage(c.lang)
		if m.Many {
			chosen = slices.Contains(c.chat.Settings.Reads, l)
		}
		m.Options = append(m.Options, digest.Option{Value: l, Label: texts.LanguageName(l, l), Chosen: chosen})
	}
	return &m
}

// chosenOf is what is chosen in a menu after the press: where one value was toggled, the
// others stay as they are.
func (c *conversation) chosenOf(m digest.Menu) string {
	if !c.r.Toggled || !m.Many {
		return strings.Join(c.r.Values, " ")
	}
	var out []string
	for _, o := range m.Options {
		if o.Chosen != slices.Contains(c.r.Values, o.Value) {
			out = append(out, o.Value)
		}
	}
	return strings.Join(out, " ")
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
	l, ok := c.lengthLike(value)
	if !ok {
		no := c.say(texts.NoSuchLength, texts.Args{"Length": quote(value)})
		return &no, nil
	}
	return nil, c.change(ctx, func(s *digest.Settings) { s.Length = l })
}

// setQuiet sets the quiet hours; the reply says what is wrong with the value.
func (c *conversation) setQuiet(ctx context.Context, value string) (*Reply, error) {
	q, err := digest.ParseQuietIn(c.lang, value)
	if err != nil {
		no := c.say(texts.NoSuchQuiet, texts.Args{"Quiet": quote(value)})
		return &no, nil
	}
	return nil, c.change(ctx, func(s *digest.Settings) { s.Quiet = q })
}

// typedQuiet is the answer to the question for the quiet hours.
func (c *conversation) typedQuiet(ctx context.Context, typed, _ string) (Reply, error) {
	no, err := c.setQuiet(ctx, typed)
	if no != nil {
		no.Ask = true
		return *no, err // the question stays open
	}
	if err == nil {
		err = c.forgetQuestion(ctx)
	}
	r, err := c.panelUnless(ctx)(nil, err)
	r.Edit = c.r.Kind == FormAnswer
	return r, err
}

// setLanguage sets the language of the texts, by code or name; the reply says what is
// wrong with the value.
func (c *conversation) setLanguage(ctx context.Context, value string) (*Reply, error) {
	code, ok := c.languageLike(value, texts.Languages)
	if !ok {
		no := c.say(texts.NoSuchTexts, texts.Args{"Language": quote(value), "Languages": c.languageNames(texts.Languages)})
		return &no, nil
	}
	tag := c.r.Language
	if withRegion.MatchString(value) {
		tag = strings.TrimSpace(value)
	}
	if s := texts.Supported(tag); digest.BaseLanguage(tag) == code && digest.BaseLanguage(s) == code {
		code = s // its region tells how the clock looks
	}
	c.lang = code
	return nil, c.change(ctx, func(s *digest.Settings) { s.Language = code })
}

// withRegion is a language's tag with a region: "en-US".
var withRegion = regexp.MustCompile(`^\s*[A-Za-z]{2,3}[-_][A-Za-z]{2}\s*$`)

// languageLike is the language of the list that somebody means: by its code, with a region
// or without, or by its name in any language that the bot speaks, or in its own.
func (c *conversation) languageLike(typed string, of []string) (code string, ok bool) {
	key := digest.TypedKey(typed)
	if withRegion.MatchString(typed) {
		key = digest.BaseLanguage(strings.TrimSpace(typed))
	}
	for _, l := range of {
		named := func(in string) bool { return key == digest.TypedKey(texts.LanguageName(in, l)) }
		if key == l || named(l) || slices.ContainsFunc(texts.Languages, named) {
			return l, true
		}
	}
	return strings.ToLower(strings.TrimSpace(typed)), false
}

// setNews sets the languages of the news: codes or names, of those that the starter
// sources have. The reply says what is wrong with the value.
func (c *conversation) setNews(ctx context.Context, value string) (*Reply, error) {
	have := c.b.desk.Languages()
	var codes []string
	if all, ok := texts.Typed(c.lang, value, texts.TypedAll); ok && all == texts.TypedAll {
		codes, value = have, ""
	}
	for _, w := range strings.FieldsFunc(value, func(r rune) bool { return r == ',' || r == ' ' }) {
		code, ok := c.languageLike(w, have)
		if !ok {
			no := c.say(texts.NoSuchLanguage, texts.Args{"Language": quote(code), "Languages": c.languageNames(have)})
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
