package bot

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"pgregory.net/rapid"

	"newsdigest/bot/texts"
	"newsdigest/digest"
)

// What the bot says of a schedule is understood when it is typed back, in every language,
// and names the clock where it has one.
func TestScheduleRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		lang := rapid.SampledFrom(append(texts.Languages, "en-US", "de-AT", "zh-TW")).Draw(t, "language")
		times := rapid.SliceOfNDistinct(rapid.IntRange(0, 24*60-1), 1, digest.MaxDigestsDay, rapid.ID).Draw(t, "times")
		slices.Sort(times)
		s := digest.Schedule{Days: digest.Weekdays(rapid.IntRange(1, int(digest.EveryDay)).Draw(t, "days")), Times: times}
		place := rapid.SampledFrom([]string{"", "Berlin", "New York", "Port-au-Prince", "São Paulo", "Санкт-Петербург", "القاهرة", "東京", "La Habana"}).Draw(t, "place")
		said := inWords(lang, s)
		if place != "" {
			said = withPlace(lang, digest.Subscription{Schedule: digest.Schedule{Days: s.Days, Times: s.Times, Zone: "UTC", Place: place}}, digest.Chat{})
		}
		r, err := digest.ParseScheduleIn(lang, said)
		if err != nil || r.Schedule.Code() != s.Code() || r.Place != place {
			t.Fatalf("%s: %q is read as %s %q, %v; want %s %q", lang, said, r.Schedule.Code(), r.Place, err, s.Code(), place)
		}
	})
}

var (
	// exampleOfSchedule finds the English texts that have examples of schedules.
	exampleOfSchedule = regexp.MustCompile(`(?i)\b(daily|weekdays|mondays?)\b.*\d`)
	// endOfExample is what stands behind an example in a list or a sentence.
	endOfExample = regexp.MustCompile(`(, |، |、|[.。]$| channel:|\. )`)
	// introduction ends before the examples of a sentence.
	introduction = regexp.MustCompile(`^.*(: |：)`)
)

// examplesIn are the examples of schedules in a text.
func examplesIn(text string) []string {
	text = strings.NewReplacer(string(digest.Isolate), "", string(digest.EndIsolate), "").Replace(text)
	if _, rest, ok := strings.Cut(text, "subscribe "); ok {
		rest = strings.TrimPrefix(rest, "when: ")
		return endOfExample.Split(rest, -1)[:1]
	}
	list := endOfExample.Split(introduction.ReplaceAllString(text, ""), -1)
	return slices.DeleteFunc(list, func(s string) bool { return s == "" })
}

// Every example of a schedule that the bot gives is in the language of the text that it
// stands in, and means what the English one does.
func TestScheduleExamples(t *testing.T) {
	found := 0
	catalogs := map[string]map[texts.ID][]string{}
	for _, lang := range texts.Languages {
		catalogs[lang] = catalogOf(lang)
	}
	for id, forms := range catalogs[texts.English] {
		if !exampleOfSchedule.MatchString(forms[0]) || strings.HasPrefix(string(id), "date.") {
			continue
		}
		want := examplesIn(forms[0])
		for _, lang := range texts.Languages {
			got := examplesIn(catalogs[lang][id][0])
			if len(got) != len(want) {
				t.Errorf("%s: %s has the examples %q, want as many as %q", lang, id, got, want)
				continue
			}
			for i, example := range got {
				found++
				r, err := digest.ParseScheduleIn(lang, example)
				e, err2 := digest.ParseScheduleIn(texts.English, want[i])
				if err != nil || err2 != nil || r.Place != "" || r.Schedule.Code() != e.Schedule.Code() {
					t.Errorf("%s: %s: %q is read as %s %q, %v; want %s, %v", lang, id, example, r.Schedule.Code(), r.Place, err, e.Schedule.Code(), err2)
				}
				if lang != texts.English && example == want[i] {
					t.Errorf("%s: %s: %q is English", lang, id, example)
				}
			}
		}
	}
	if want := 20 * len(texts.Languages); found < want {
		t.Errorf("%d examples, fewer than %d", found, want)
	}
}

// commandExample is an example of a command in a text.
var commandExample = regexp.MustCompile(`(?:/|^)(settings|mute|topics|feedback|digest) ([^/\n.。،，,]+)`)

// Every other example that the bot gives is understood in its language, and means what the
// English one does.
func TestCommandExamples(t *testing.T) {
	found := 0
	english := catalogOf(texts.English)
	w := newWorld(t, Access{})
	for _, lang := range texts.Languages {
		own := catalogOf(lang)
		for id := range english {
			want := (&conversation{b: w.Bot, lang: texts.English, now: now}).meanings(id, english[id][0])
			got := (&conversation{b: w.Bot, lang: lang, now: now}).meanings(id, own[id][0])
			if found += len(got); !slices.Equal(got, want) {
				t.Errorf("%s: the examples in %s are %q, want %q", lang, id, got, want)
			}
		}
	}
	if want := 16 * len(texts.Languages); found < want {
		t.Errorf("%d examples, fewer than %d", found, want)
	}
}

// meanings are what the examples of commands in a text are about, in a word or two.
func (c *conversation) meanings(id texts.ID, text string) (out []string) {
	text = strings.NewReplacer("\u2068", "", "\u2069", "").Replace(text)
	for _, m := range commandExample.FindAllStringSubmatch(text, -1) {
		about := ""
		switch args := strings.TrimSpace(m[2]); {
		case m[1] == "settings":
			about, _ = settingIn(args, c.lang)
		case m[1] == "mute":
			if what, until := c.muteTime(args); what != "" && !until.IsZero() {
				about = until.Sub(now).String()
			}
		case m[1] == "feedback":
			about = strings.Repeat("#", c.storyMeant(args))
		case m[1] == "digest" && strings.HasPrefix(string(id), "sample."):
			topic, rest := c.topicIn(args)
			length, rest := c.lengthIn(rest)
			about = topic + " " + string(length) + rest
		case m[1] == "topics":
			fields := strings.Fields(args)
			if _, no := c.topicChange(fields[:1]); no == nil { // behind it the sentence may go on
				about = fields[0][:1]
				if about != "+" {
					about = "exactly"
				}
			}
		}
		if about != "" {
			out = append(out, m[1]+" "+about)
		}
	}
	return out
}

// typedGroups are the texts for what people type that are told apart from each other.
var typedGroups = [][]texts.ID{
	slices.Sorted(maps.Keys(typedVerbs)), slices.Sorted(maps.Keys(typedLengths)), slices.Sorted(maps.Keys(typedSettings)),
	{texts.TypedList, texts.TypedExport, texts.TypedAdd, texts.TypedRemove}, {texts.TypedAll, texts.TypedNone},
	{texts.TypedDays, texts.TypedWeeks, texts.TypedMonths}, {texts.TypedOne}, {texts.TypedFor}, {texts.TypedTo}, {texts.TypedStory},
}

// Every word that people may type is understood in its language, as are those of English,
// and means one thing.
func TestTypedWords(t *testing.T) {
	covered := 0
	english := catalogOf(texts.English)
	for _, lang := range texts.Languages {
		own := catalogOf(lang)
		for _, group := range typedGroups {
			covered += len(group)
			for _, id := range group {
				for w := range strings.SplitSeq(own[id][0], ",") {
					w = strings.TrimSpace(w)
					for _, typed := range []string{w, strings.ToUpper(w), " " + w + " "} {
						if got, ok := texts.Typed(lang, typed, group...); !ok || got != id {
							t.Errorf("%s: %q is %q, want %s", lang, typed, got, id)
						}
					}
				}
			}
			for _, id := range group { // unless the language has the word for something else
				first, _, _ := strings.Cut(english[id][0], ",")
				if got, ok := texts.Typed(lang, first, group...); !ok || got != id && !strings.Contains(own[got][0], first) {
					t.Errorf("%s: the English %q is %q, want %s", lang, first, got, id)
				}
			}
		}
	}
	all := 0
	for id := range english {
		if strings.HasPrefix(string(id), "typed.") {
			all++
		}
	}
	if covered != all*len(texts.Languages) {
		t.Errorf("%d words in groups, %d in all", covered/len(texts.Languages), all)
	}
}

// What people type after commands, in their language.
func TestTypedInLanguages(t *testing.T) {
	inAWeek := now.AddDate(0, 0, 7).Format(time.DateOnly)
	for lang, c := range map[string]struct{ muteWeek, muteDays, to, zone, quiet, feedback string }{
		"de": {"Fußball für eine Woche", "Fußball 7 Tage", "täglich um 8 in @news_channel", "Zeitzone: Berlin", "RUHEZEIT 22-7", "die Zahl in Meldung 2 ist falsch"},
		"fr": {"Fußball pendant une semaine", "Fußball pour 7 jours", "tous les jours à 8h dans @news_channel", "fuseau horaire Berlin", "heures calmes 22-7", "l’actualité 2 est fausse"},
		"es": {"Fußball por una semana", "Fußball durante 7 dias", "cada día a las 8 en @news_channel", "zona horaria = Berlin", "silencio 22-7", "la noticia #2 está mal"},
		"pt": {"Fußball por uma semana", "Fußball 7 dias", "todo dia às 8 em @news_channel", "fuso horario Berlin", "silencio 22-7", "a noticia 2 está errada"},
		"ru": {"Fußball на неделю", "Fußball на 7 дней", "каждый день в 8 в @news_channel", "часовой пояс Berlin", "тихие часы 22-7", "в новости 2 ошибка"},
		"uk": {"Fußball на тиждень", "Fußball на 7 днів", "щодня о 8 у @news_channel", "часовий пояс Berlin", "тихі години 22-7", "у новині 2 помилка"},
		"ar": {"Fußball لمدة أسبوع", "Fußball ٧ أيام", "كل يوم الساعة 8 في @news_channel", "المنطقة الزمنية Berlin", "ساعات الهدوء 22-7", "الخبر ٢ خطأ"},
		"zh": {"Fußball 一周", "Fußball 7天", "每天8点 到 @news_channel", "时区Berlin", "安静时段：22-7", "第2条数字不对"},
		"en": {"Fußball for a week", "Fußball 7 days", "daily at 8 to @news_channel", "Time Zone Berlin", "quiet hours: 22-7", "the date of story 2 is wrong"},
	} {
		me := &conversation{lang: lang, now: now}
		for _, typed := range []string{c.muteWeek, c.muteDays, "Fußball 1 week", "Fußball 1w"} {
			what, until := me.muteTime(typed)
			if day := until.Format(time.DateOnly); what != "Fußball" && what != "Fußball " || day != inAWeek {
				t.Errorf("%s: %q hides %q until %s", lang, typed, what, day)
			}
		}
		name, rest, ok := me.toChannel(c.to)
		r, err := digest.ParseScheduleIn(lang, rest)
		if !ok || name != "@news_channel" || err != nil || r.Schedule.Code() != "*@0800" || r.Place != "" {
			t.Errorf("%s: %q is for %q: %q, %v %q", lang, c.to, name, rest, err, r.Place)
		}
		for typed, want := range map[string][2]string{c.zone: {"zone", "Berlin"}, c.quiet: {"quiet", "22-7"}, "time zone Berlin": {"zone", "Berlin"}, "quiet 22-7": {"quiet", "22-7"}} {
			if what, value := settingIn(typed, lang); what != want[0] || value != want[1] {
				t.Errorf("%s: %q sets %s to %q", lang, typed, what, value)
			}
		}
		for typed, want := range map[string]int{c.feedback: 2, "2 is old": 2, "#2": 2, "1984 is old": 0, "": 0, "x 2": 0, "2nd": 0} {
			if got := me.storyNamed(typed); got != want {
				t.Errorf("%s: %q is about story %d, want %d", lang, typed, got, want)
			}
		}
	}
}

// What says when a digest comes is not taken for the start of a topic's name.
func TestTopicOrSchedule(t *testing.T) {
	w := newWorld(t, Access{})
	for _, c := range []struct{ lang, typed, topic, rest string }{
		{"fr", "mon 9", "", "mon 9"}, {"fr", "monde lundi 9h", "world", "lundi 9h"}, {"fr", "tech lundi 9h", "technology", "lundi 9h"},
		{"ru", "по будням в 7:30", "", "по будням в 7:30"}, {"ru", "пол восьмого", "", "пол восьмого"}, {"ru", "политика по будням в 7", "politics", "по будням в 7"},
		{"zh", "科技 每天8点", "technology", "每天8点"}, {"en", "tech mon 9", "technology", "mon 9"},
	} {
		me := &conversation{b: w.Bot, lang: c.lang, now: now}
		if topic, rest := me.topicIn(c.typed); topic != c.topic || rest != c.rest {
			t.Errorf("%s: %q is about %q, leaves %q", c.lang, c.typed, topic, rest)
		}
	}
}

// A whole conversation in which nothing but the commands is English.
func TestConversationInTheirWords(t *testing.T) {
	for lang, lines := range map[string][][2]string{
		"de": {
			{"/settings Sprache deutsch", "Sprache: Deutsch"}, {"/subscribe jeden Tag um 8", "In welcher Stadt bist du?"}, {"Berlin", "Jeden Tag um 08:00 (Berlin). Zum ersten Mal: morgen, Mo 23. Nov"},
			{"/subscribe werktags um 7:30 und 18 Uhr technik knapp", "Montag bis Freitag um 07:30 und 18:00 (Berlin), Thema Technik."}, {"/subscribe montags und freitags um 9", "Jeden Montag und Freitag um 09:00 (Berlin)."},
			{"/subscribe stündlich", "Versuch: täglich um 8 und 18 Uhr."}, {"/subscribe wenn der Mond blau ist", "Versuch: täglich um 8, werktags 7:30, jeden Montag um 9."},
			{"/settings Länge kurz", "Länge: Knapp"}, {"/settings Ruhezeit von 22 bis 7", "Ruhezeit: 22:00–07:00"}, {"/settings Ruhezeit aus", "Ruhezeit: keine"},
			{"/settings Länge breit", "Es gibt knapp, normal und ausführlich."}, {"/settings alles anhalten", "Alles ruht."}, {"/settings fortsetzen", "Alles geht weiter."},
			{"/topics +technik", "Technik"}, {"/topics keine", "nur deine eigenen Quellen"}, {"/topics alle", "alle Themen"}, {"/sources Liste", "Grundausstattung"},
			{"/mute fußball für 2 Wochen", "zu fußball aus, bis"}, {"/digest kurz", "Überblick"}, {"warum 1", "1. "}, {"1 ausblenden", "Wie lange"}, {"2 ganz", ""}, {"why 1", "1. "},
		},
		"zh": {
			{"/settings 语言 中文", "语言：中文"}, {"/subscribe 每天8点", "你在哪个城市？"}, {"Shanghai", "每天 08:00 (Shanghai)"},
			{"/subscribe 工作日早上7点半 科技 简短", "周一至周五 07:30 (Shanghai)"}, {"/subscribe 每周一、三、五 18:00", "每周一、周三和周五 18:00 (Shanghai)"},
			{"/subscribe 每小时", "例如：每天8点和18点。"}, {"/subscribe 蓝月亮", "例如：每天8点、工作日7:30、每周一9点。"},
			{"/settings 篇幅 详细", "篇幅：详细"}, {"/settings 安静时段 晚上10点到早上7点", "22:00–07:00"}, {"/settings 安静时段 关闭", "无"}, {"/settings 暂停", "暂停"}, {"/settings 恢复", ""},
			{"/topics +科技", "科技"}, {"/topics 全部", "所有主题"}, {"/mute 足球 1周", "足球"}, {"/digest 简短", ""}, {"为什么 1", "1. "}, {"隐藏1", "多久"}, {"２ 全文", ""},
		},
	} {
		w := newWorld(t, Access{})
		me := private("in their words " + lang)
		me.Language = lang
		for _, line := range lines {
			r := text(me, line[0])
			if command, ok := strings.CutPrefix(line[0], "/"); ok {
				r = typed(me, command)
			}
			got := strings.Join(words(w.last(t, r)), "\n")
			got = strings.NewReplacer("\u2068", "", "\u2069", "").Replace(got)
			if !strings.Contains(got, line[1]) {
				t.Errorf("%s: %q: %q, want %q", lang, line[0], got, line[1])
			}
		}
	}
}

// FuzzTyped: whatever is typed, what is cut off it leaves the rest as it was.
func FuzzTyped(f *testing.F) {
	for _, typed := range []string{"Fußball für eine Woche", "футбол на неделю", "足球7天", "كرة ٧ أيام", "time zone: Berlin", "语言中文", "2 why", "x\u0301 1 día"} {
		for i := range texts.Languages {
			f.Add(i, typed)
		}
	}
	f.Fuzz(func(t *testing.T, i int, typed string) {
		c := &conversation{lang: texts.Languages[(i%len(texts.Languages)+len(texts.Languages))%len(texts.Languages)], now: now}
		typed = digest.Clean(typed)
		what, until := c.muteTime(typed)
		if !strings.HasPrefix(typed, what) || !utf8.ValidString(what) || !until.IsZero() && until.Before(now) {
			t.Errorf("%s: %q: %q until %v", c.lang, typed, what, until)
		}
		if what, value := settingIn(typed, c.lang); !strings.HasSuffix(strings.Join(strings.Fields(typed), " "), value) || !utf8.ValidString(value) || what == "" && value != "" {
			t.Errorf("%s: %q sets %q to %q", c.lang, typed, what, value)
		}
		if n := c.storyNamed(typed); n < 0 || n > 99 {
			t.Errorf("%s: %q is about story %d", c.lang, typed, n)
		}
	})
}

// What the bot calls something on its panels and buttons, people may type.
func TestTypedAsShown(t *testing.T) {
	for _, lang := range texts.Languages {
		catalog := catalogOf(lang)
		own := func(id texts.ID) string { return catalog[id][0] }
		for id, want := range map[texts.ID]string{texts.SettingsZone: "zone", texts.SettingsLanguage: "language", texts.SettingsNews: "news",
			texts.SettingsLength: "length", texts.SettingsQuiet: "quiet", texts.ButtonPauseAll: "pause", texts.ButtonResumeAll: "resume"} {
			name, _, _ := strings.Cut(strings.ReplaceAll(own(id), "：", ":"), ":")
			if what, value := settingIn(name+" x", lang); what != want || value != "x" {
				t.Errorf("%s: %q sets %q to %q", lang, name, what, value)
			}
		}
		c := &conversation{lang: lang}
		for id, want := range map[texts.ID]digest.Length{texts.LengthBrief: digest.Brief, texts.LengthStandard: digest.Standard, texts.LengthFull: digest.Full} {
			name := strings.FieldsFunc(own(id), func(r rune) bool { return strings.ContainsRune(" ::：(", r) })[0]
			if l, ok := c.lengthLike(name); !ok || l != want {
				t.Errorf("%s: %q is the length %q", lang, name, l)
			}
		}
		for id, want := range map[texts.ID]texts.ID{texts.ButtonWhy: texts.TypedWhy, texts.ButtonFollow: texts.TypedFollow, texts.ButtonMoreLike: texts.TypedMore, texts.ButtonLessLike: texts.TypedLess} {
			if got, ok := texts.Typed(lang, strings.Trim(own(id), " ¿?？؟"), slices.Collect(maps.Keys(typedVerbs))...); !ok || got != want {
				t.Errorf("%s: %q is %q", lang, own(id), got)
			}
		}
		for id, want := range map[texts.ID]texts.ID{texts.ButtonAdd: texts.TypedAdd, texts.ButtonRemove: texts.TypedRemove, texts.ButtonShowSources: texts.TypedList} {
			if got, ok := texts.Typed(lang, own(id), typedGroups[3]...); !ok || got != want {
				t.Errorf("%s: %q is %q", lang, own(id), got)
			}
		}
	}
}
