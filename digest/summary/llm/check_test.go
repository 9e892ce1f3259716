package llm

import (
	"errors"
	"strings"
	"testing"

	"newsdigest/digest"
)

// harbour is the material of a story in English, all of it invented.
var harbour = material{
	Language: "en",
	Headlines: []string{
		"Harbour fire in Northport injures six, closes ferry line",
		"Six hurt as warehouse burns in Northport harbour",
	},
	Sentences: []string{
		"A fire in a warehouse in Northport harbour injured six people on Tuesday and closed the ferry line to Skerry for 12 hours.",
		"Fire chief Lena Hartmann said the blaze had started in a battery store on pier 4.",
		"Ferry operator Bay Lines put the damage at 2.3 million crowns.",
		"\"We were lucky with the wind,\" Hartmann told reporters on the quay.",
		"Mayor Tom Okafor, who had opposed the battery store, asked the council for an inquiry.",
		"About 140 firefighters from three towns fought the flames until dawn on Wednesday.",
	},
}

// say makes a rewrite of one sentence, with a headline that is in order.
func say(sentence string) digest.Rewrite {
	return digest.Rewrite{Headline: "Fire in Northport harbour injures six", Standard: []string{sentence}, Full: []string{sentence}}
}

// TestCheckAccepts: what an honest model writes passes.
func TestCheckAccepts(t *testing.T) {
	for _, sentence := range []string{
		"A warehouse fire in Northport harbour injured six people on Tuesday.",
		"A warehouse fire in Northport harbour injured 6 people on Tuesday.",
		"On Tuesday a fire in a warehouse in Northport harbour hurt six people.",
		"The ferry line to Skerry was closed for 12 hours.",
		"The ferry line to Skerry stayed closed for twelve hours.",
		"The blaze started in a battery store on pier 4, fire chief Lena Hartmann said.",
		"Hartmann said the fire had started in a battery store.",
		"“We were lucky with the wind,” Hartmann told reporters.",
		"Hartmann said they were \"lucky with the wind\".",
		"Bay Lines put the damage at 2.3 million crowns.",
		"The damage is 2.3 million crowns, according to ferry operator Bay Lines.",
		"Mayor Tom Okafor asked the council for an inquiry into the fire.",
		"Okafor had opposed the battery store and asked for an inquiry.",
		"About 140 firefighters fought the flames until Wednesday's dawn.",
		"Firefighters from three towns fought the blaze until dawn.",
		"Northport's harbour fire injured six people.",
	} {
		if err := check(say(sentence), harbour); err != nil {
			t.Errorf("%q: %v", sentence, err)
		}
	}
}

// TestCheckRefuses has a case or more for each way in which words can be wrong.
func TestCheckRefuses(t *testing.T) {
	for _, tt := range []struct {
		sentence string
		rule     Rule
	}{
		// Numbers.
		{"The fire in Northport harbour injured nine people on Tuesday.", RuleNumber},
		{"The fire in Northport harbour injured 16 people on Tuesday.", RuleNumber},
		{"The fire in Northport harbour injured sixty people on Tuesday.", RuleNumber},
		{"The fire in Northport harbour injured dozens of people on Tuesday.", RuleNumber},
		{"The fire in Northport harbour injured 140 people on Tuesday.", RuleNumber},
		{"The ferry line to Skerry was closed for 4 hours.", RuleNumber},
		{"Ferry operator Bay Lines put the damage at 2.3 billion crowns.", RuleNumber},
		{"Ferry operator Bay Lines put the damage at 23 million crowns.", RuleNumber},
		{"Ferry operator Bay Lines put the damage at 2.3m crowns.", RuleNumber},
		{"The fire injured six people and closed ½ of the ferry line.", RuleForm},
		{"The fire injured six people on Tuesday the 3rd.", RuleNumber},
		{"The blaze started in a battery store on pier five.", RuleNumber},
		// Names.
		{"A fire in Southport harbour injured six people on Tuesday.", RuleName},
		{"Fire chief Lena Okafor said the blaze had started in a battery store.", RuleName},
		{"Fire chief Tom Hartmann said the blaze had started in a battery store.", RuleName},
		{"Fire chief Marta Brand said the blaze had started in a battery store.", RuleName},
		{"Hartmann, who had opposed the battery store, asked Okafor for an inquiry.", RuleName},
		{"Acme said the blaze had started in a battery store on pier 4.", RuleName},
		{"Mayor Tom Okafor told Lena Hartmann the blaze had started in a battery store.", RuleName},
		{"Bay Lines said Okafor asked the council for an inquiry.", RuleName},
		{"The FIRE injured six people in Northport harbour, police of ACME said.", RuleName},
		// Quotations.
		{"Hartmann said the fire \"had started in a battery store\".", RuleQuote},
		{"“The wind was lucky,” Hartmann told reporters.", RuleQuote},
		{"Okafor asked the council for a ‘battery store’ inquiry.", RuleQuote},
		{"Hartmann told reporters \"They were lucky with the wind.", RuleQuote},
		{"Hartmann said: «We were lucky with the mayor».", RuleQuote},
		{"Hartmann said 'we were lucky with the fire'.", RuleReader},
		// Addresses.
		{"The fire closed the ferry line, see http://fire.example/more for it.", RuleAddress},
		{"The fire closed the ferry line, see www fire for it.", RuleAddress},
		{"The fire closed the ferry line of bay-lines.com on Tuesday.", RuleAddress},
		{"The fire closed the ferry line of baylines dot com on Tuesday.", RuleAddress},
		{"The fire closed the ferry line of baylines .com on Tuesday.", RuleAddress},
		{"The fire closed the ferry line at 10.0.0.1 on Tuesday.", RuleAddress},
		{"The fire closed the ferry line, t.me/bay on Tuesday.", RuleAddress},
		{"The fire closed the ferry line, ask fire(at)bay for it.", RuleAddress},
		{"The fire closed the ferry line, javascript:fire was hurt.", RuleAddress},
		{"The fire closed the ferry line of northport．harbour on Tuesday.", RuleAddress},
		// Form.
		{"The fire closed the [ferry line](on Tuesday).", RuleForm},
		{"The fire closed the **ferry line** on Tuesday.", RuleForm},
		{"The fire closed the <b>ferry line</b> on Tuesday.", RuleForm},
		{"The fire closed the &lt;ferry line on Tuesday.", RuleForm},
		{"@everyone The fire closed the ferry line on Tuesday.", RuleForm},
		{"The fire closed the #ferry line on Tuesday.", RuleForm},
		{"The fire closed the ||ferry line|| on Tuesday.", RuleForm},
		{"The fire closed the `ferry line` on Tuesday.", RuleForm},
		{"The fire closed the ferry\u202e line on Tuesday.", RuleForm},
		{"The fire closed the fer\u200bry line on Tuesday.", RuleForm},
		{"The fire closed the ferry\nline on Tuesday.", RuleForm},
		{"The fire closed the ferry line on Tuesday \U0001F525.", RuleForm},
		{"The \U0001D41F\U0001D422\U0001D42B\U0001D41E closed the ferry line on Tuesday.", RuleForm},
		{"The f\u0336i\u0336re closed the ferry line on Tuesday.", RuleForm},
		{"The fire closed the ferry line\U000E0041 on Tuesday.", RuleForm},
		{"The fire \xff closed the ferry line on Tuesday.", RuleForm},
		{"Das Feuer im Hafen verletzte 6 Menschen.", RuleNumber},
		// Language and script.
		{"The fire closed the fеrry line on Tuesday.", RuleLanguage}, // a Cyrillic е
		{"The fire closed the ferry line 火事 on Tuesday.", RuleLanguage},
		// The reader.
		{"You should know that the fire closed the ferry line.", RuleReader},
		{"I am sorry, but the fire closed the ferry line.", RuleReader},
		{"The fire closed your ferry line on Tuesday.", RuleReader},
		{"We're told the fire closed the ferry line.", RuleReader},
		// Words of its own.
		{"The fire was started by smugglers who hid cheap cigarettes from customs.", RuleWords},
		{"The best casino bonus is waiting for those who sign up today.", RuleWords},
		{"Hurt.", RuleWords},
	} {
		var refused *Refusal
		err := check(say(tt.sentence), harbour)
		if !errors.As(err, &refused) || refused.Rule != tt.rule {
			t.Errorf("%q: %v, want %q", tt.sentence, err, tt.rule)
		}
	}
}

// TestCheckLength refuses what is longer than asked for, and what is empty.
func TestCheckLength(t *testing.T) {
	const fine = "A fire in a warehouse in Northport harbour injured six people on Tuesday."
	long := strings.TrimSuffix(strings.Repeat("The fire in a warehouse in Northport harbour injured six people on Tuesday and ", 4), " and ") + "."
	for name, r := range map[string]digest.Rewrite{
		"no headline":        {Standard: []string{fine}, Full: []string{fine}},
		"long headline":      {Headline: strings.Repeat("fire in Northport harbour ", 4), Standard: []string{fine}, Full: []string{fine}},
		"question":           {Headline: "Fire in Northport harbour injures six?", Standard: []string{fine}, Full: []string{fine}},
		"no summary":         {Headline: "Fire in Northport harbour injures six", Full: []string{fine}},
		"three sentences":    {Headline: "Fire in Northport harbour injures six", Standard: []string{fine, fine, fine}, Full: []string{fine}},
		"long summary":       {Headline: "Fire in Northport harbour injures six", Standard: []string{long}, Full: []string{fine}},
		"five sentences":     {Headline: "Fire in Northport harbour injures six", Standard: []string{fine}, Full: []string{fine, fine, fine, fine, fine}},
		"long full":          {Headline: "Fire in Northport harbour injures six", Standard: []string{fine}, Full: []string{long, long}},
		"bad words in full":  {Headline: "Fire in Northport harbour injures six", Standard: []string{fine}, Full: []string{"The fire killed nine."}},
		"bad words in title": {Headline: "Fire in Northport harbour injures nine", Standard: []string{fine}, Full: []string{fine}},
	} {
		var refused *Refusal
		if err := check(r, harbour); !errors.As(err, &refused) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestCheckLanguages has a right and a wrong sentence in other languages and scripts.
func TestCheckLanguages(t *testing.T) {
	for _, tt := range []struct {
		lang, source, headline, right string
		wrong                         []string
	}{
		{"de", "Bei einem Brand im Hafen von Nordhafen sind am Dienstag sechs Menschen verletzt worden, sagte Feuerwehrchefin Lena Hartmann.",
			"Sechs Menschen bei Brand im Hafen verletzt",
			"Bei einem Brand im Hafen von Nordhafen sind am Dienstag 6 Menschen verletzt worden.",
			[]string{"Bei einem Brand im Hafen von Südhafen sind am Dienstag sechs Menschen verletzt worden.",
				"Bei einem Brand im Hafen von Nordhafen sind am Dienstag neun Menschen verletzt worden.",
				"At a fire in the harbour of Nordhafen on Dienstag six people were hurt."}},
		{"fr", "Un incendie dans le port de Port-Nord a blessé six personnes mardi, a déclaré la cheffe des pompiers Léna Martel.",
			"Un incendie blesse six personnes",
			"Un incendie dans le port de Port-Nord a blessé six personnes mardi.",
			[]string{"Un incendie dans le port de Port-Sud a blessé six personnes mardi.",
				"Un incendie dans le port de Port-Nord a blessé sept personnes mardi.",
				"La cheffe des pompiers Léna Dupont a déclaré un incendie dans le port."}},
		{"ru", "При пожаре в порту Северска во вторник пострадали шесть человек, сообщила глава пожарной службы Елена Громова.",
			"При пожаре в порту пострадали шесть человек",
			"При пожаре в порту Северска во вторник пострадали шесть человек.",
			[]string{"При пожаре в порту Южска во вторник пострадали шесть человек.",
				"При пожаре в порту Северска во вторник пострадали семь человек."}},
		{"ja", "北港の倉庫で火曜日に火災があり、6人が負傷したと消防署が発表した。", "北港の倉庫で火災、6人が負傷",
			"北港の倉庫で火曜日に火災があり、6人が負傷した。",
			[]string{"南港の倉庫で火曜日に火災があり、6人が負傷した。", "北港の倉庫で火曜日に火災があり、9人が負傷した。"}},
		{"zh", "北港一座仓库周二发生火灾,造成6人受伤,消防队长说火势已得到控制。", "北港仓库火灾造成6人受伤",
			"北港一座仓库周二发生火灾,造成6人受伤。",
			[]string{"北港一座仓库周二发生爆炸,造成6人死亡。", "北港一座仓库周二发生火灾,造成8人受伤。"}},
		{"ar", "أصيب 6 أشخاص في حريق اندلع في مستودع بميناء الشمال يوم الثلاثاء، بحسب قائدة الإطفاء.", "إصابة 6 أشخاص في حريق",
			"أصيب 6 أشخاص في حريق اندلع في مستودع بميناء الشمال يوم الثلاثاء.",
			[]string{"أصيب 9 أشخاص في حريق اندلع في مستودع بميناء الشمال يوم الثلاثاء.",
				"قتل 6 أشخاص في هجوم مسلح بميناء الشمال يوم الثلاثاء."}},
	} {
		m := material{Language: tt.lang, Headlines: []string{tt.headline}, Sentences: []string{tt.source}}
		rewrite := func(s string) digest.Rewrite {
			return digest.Rewrite{Headline: tt.headline, Standard: []string{s}, Full: []string{s}}
		}
		if err := check(rewrite(tt.right), m); err != nil {
			t.Errorf("%s: %q: %v", tt.lang, tt.right, err)
		}
		for _, s := range tt.wrong {
			if err := check(rewrite(s), m); err == nil {
				t.Errorf("%s: %q passed", tt.lang, s)
			}
		}
	}
}

// FuzzCheck: whatever a model writes, what passes has no markup, no address and no number
// that the material does not have.
func FuzzCheck(f *testing.F) {
	for _, seed := range harbour.lines() {
		f.Add(seed)
	}
	f.Add("A fire [in](http://x.example) injured 9 people.")
	e := newEvidence(harbour)
	f.Fuzz(func(t *testing.T, text string) {
		if check(say(text), harbour) != nil {
			return
		}
		if strings.ContainsAny(text, markup+"\n\t\u200b\u202e") || strings.Contains(text, "//") || strings.Contains(text, "www") {
			t.Errorf("%q passed", text)
		}
		for _, n := range strings.FieldsFunc(text, func(r rune) bool { return r < '0' || r > '9' }) {
			if e.beside[n] == nil && !strings.Contains(strings.Join(harbour.lines(), " "), n) {
				t.Errorf("%q passed with the number %s", text, n)
			}
		}
	})
}
