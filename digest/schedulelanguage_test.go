package digest

import (
	"errors"
	"strings"
	"testing"
	"unicode"
)

// What people type in their language, with the code of the schedule and then the place
// after "|"; or why it is refused.
var spokenSchedules = map[string]map[string]string{
	"de": {
		"jeden Tag um 8": "*@0800", "täglich um 8 Uhr": "*@0800", "taeglich 8:15": "*@0815", "Täglich: 8 Uhr": "*@0800",
		"werktags um 7:30 und 18 Uhr": "12345@0730,1800", "werktags 7.30 Uhr": "12345@0730", "Mo-Fr 7:30": "12345@0730",
		"von Montag bis Freitag um halb acht": "12345@0730", "montags und freitags um 9": "15@0900", "jeden Montag 9 Uhr": "1@0900",
		"mo, mi und fr um 18 Uhr": "135@1800", "samstags um 10 Uhr 30": "6@1030", "am Wochenende um 10": "67@1000",
		"um 8 am Wochenende": "67@0800", "um 12 am Wochenende": "67@1200", "jeden Morgen um 7": "*@0700", "am Morgen": "*@0800",
		"Montag Morgen um 7": "1@0700", "morgens um 7 und abends um 8": "*@0700,2000", "8 Uhr abends": "*@2000", "mittags": "*@1200",
		"mittags um 1": "*@1300", "Mitternacht": "*@0000", "Viertel nach 8": "*@0815", "viertel vor neun": "*@0845", "halb 8 abends": "*@1930",
		"zwanzig Uhr": "*@2000", "um acht Uhr dreißig": "*@0830", "zweimal täglich": "*@0800,1800", "2x am Tag": "*@0800,1800",
		"dreimal am Tag um 7, 12 und 19 Uhr": "*@0700,1200,1900", "einmal pro Woche": "1@0900", "wöchentlich am Freitag": "5@0900",
		"jeden Tag außer sonntags um 8": "123456@0800", "alle Tage 8 Uhr": "*@0800", "8 Uhr in Tokio": "*@0800|Tokio", "8 Uhr (Berlin)": "*@0800|Berlin",
		"daily at 8": "*@0800", "8 am": "*@0800", "Sa+So 10 Uhr": "67@1000", "Montagmorgen um 7": "1@0700", "jeden Freitagabend um 8": "5@2000", "sonntagabends": "7@1800", "nur am Wochenende": "67@0800",
		"12 am": "*@0000", "8 pm": "*@2000", "8pm Tokyo": "*@2000|Tokyo", "täglich at 8": "*@0800",
		"weekdays um 18 Uhr": "12345@1800", "every Montag 9": "1@0900", "JEDEN TAG UM 8": "*@0800",
		"stündlich": "too often", "alle 3 Stunden": "too often", "alle halbe Stunde": "unreadable", "fünfmal am Tag": "unreadable", "um 7, 8, 9, 10 und 11": "too often",
		"monatlich": "too seldom", "jeden zweiten Montag": "too seldom", "alle 2 Wochen": "too seldom", "jeden zweiten Tag um 8": "too seldom",
		"morgen um 8": "only once", "morgen früh um 8": "only once", "heute Abend": "only once", "nächsten Montag um 9": "only once",
		"am 3. Mai um 8": "unreadable", "8 Uhr 3. Mai": "unreadable", "25 Uhr": "unreadable", "24:00 Uhr": "unreadable", "8:75 Uhr": "unreadable",
		"viertel acht": "unreadable", "half 8": "unreadable", "8 bis 18 Uhr": "unreadable", "8 18 Uhr": "unreadable", "8 Uhr 18 Uhr": "unreadable",
		"jeden": "unreadable", "montags 8, dienstags 9": "unreadable", "um": "unreadable", "irgendwann": "unreadable", "zweimal die Woche": "unreadable",
	},
	"fr": {
		"tous les jours à 8h": "*@0800", "chaque jour à 8 heures": "*@0800", "tous les jours à 8h30": "*@0830", "8 heures 30": "*@0830",
		"du lundi au vendredi à 7h30": "12345@0730", "lundi à vendredi 7:30": "12345@0730", "le lundi à 9h": "1@0900", "les lundis et vendredis à 9h": "15@0900",
		"tous les lundis à 9 heures": "1@0900", "en semaine à 7h30 et à 18h": "12345@0730,1800", "les jours ouvrés à 7h": "12345@0700", "le week-end à 10h": "67@1000",
		"chaque matin": "*@0800", "tous les matins à 7h": "*@0700", "matin et soir": "*@0800,1800", "8h du matin": "*@0800", "7 heures du soir": "*@1900",
		"3h de l’après-midi": "*@1500", "midi": "*@1200", "midi et demi": "*@1230", "minuit": "*@0000", "8 heures et demie": "*@0830",
		"9 heures moins le quart": "*@0845", "huit heures et quart": "*@0815", "deux fois par jour": "*@0800,1800", "une fois par semaine": "1@0900",
		"toutes les semaines": "1@0900", "tous les jours sauf le dimanche à 8h": "123456@0800", "8h à Paris": "*@0800|Paris", "8h (heure de Tokyo)": "*@0800|Tokyo",
		"tous les jours à 8h, la Rochelle": "*@0800|la Rochelle", "à vingt heures": "*@2000", "daily at 8": "*@0800", "mon-fri 7:30": "12345@0730", "chaque day à 8": "*@0800",
		"8h30 min": "*@0830", "lun, mer, ven 18h": "135@1800", "TOUS LES JOURS A 8H": "*@0800",
		"toutes les heures": "too often", "toutes les 3 heures": "too often", "un jour sur deux": "too seldom", "tous les deux jours": "too seldom",
		"chaque deuxième lundi": "too seldom", "tous les mois": "too seldom", "le 1er janvier": "unreadable", "demain à 8h": "only once", "ce soir": "only once", "lundi prochain": "only once",
		"le 3 mai à 8h": "unreadable", "8 mars": "unreadable", "25h": "unreadable", "8h75": "unreadable", "de 8h à 18h": "unreadable", "bientôt": "unreadable",
		"chaque lune bleue": "unreadable",
	},
	"es": {
		"todos los días a las 8": "*@0800", "cada día a las 8:30": "*@0830", "a diario a las 8": "*@0800", "de lunes a viernes a las 7:30": "12345@0730",
		"lunes a viernes 7:30": "12345@0730", "los lunes y viernes a las 9": "15@0900", "cada lunes a las 9 de la mañana": "1@0900", "lun, mié, vie 18h": "135@1800",
		"entre semana a las 7:30 y a las 18:00": "12345@0730,1800", "días laborables 7:30": "12345@0730", "fines de semana a las 10": "67@1000",
		"cada mañana": "*@0800", "por la mañana y por la noche": "*@0800,2100", "a las 8 de la tarde": "*@2000", "9 de la noche": "*@2100", "3 de la madrugada": "*@0300",
		"a las ocho y media": "*@0830", "a las 8 y media de la tarde": "*@2030", "a las nueve menos cuarto": "*@0845", "a las once": "*@1100", "mediodía": "*@1200",
		"medianoche": "*@0000", "dos veces al día": "*@0800,1800", "una vez a la semana": "1@0900", "todas las semanas": "1@0900", "todos los días menos el domingo a las 8": "123456@0800",
		"a las 8 en La Habana": "*@0800|La Habana", "a las 8 en Madrid": "*@0800|Madrid", "once a day": "*@0800", "daily at 8": "*@0800", "sabados a las 10": "6@1000", "MIÉRCOLES 8": "3@0800",
		"a las 8 horas": "*@0800", "cada hora": "too often", "cada 3 horas": "too often", "cada dos días": "too seldom", "cada segundo lunes": "too seldom", "una vez al mes": "too seldom",
		"mañana a las 8": "only once", "el próximo lunes": "only once", "esta noche": "only once", "8 de mayo": "unreadable", "a las 25": "unreadable", "8:75": "unreadable",
		"de 8 a 18": "unreadable", "a las": "unreadable", "algún día": "unreadable",
	},
	"pt": {
		"todo dia às 8": "*@0800", "todos os dias às 8h": "*@0800", "diariamente às 8h30": "*@0830", "de segunda a sexta às 7h30": "12345@0730",
		"segunda a sexta 7:30": "12345@0730", "segundas e sextas às 9": "15@0900", "toda segunda-feira às 9h": "1@0900", "toda segunda às 9": "1@0900", "seg-sex 7:30": "12345@0730",
		"dias úteis às 7h30 e às 18h": "12345@0730,1800", "fim de semana às 10h": "67@1000", "toda manhã": "*@0800", "de manhã e à noite": "*@0800,2100",
		"8 da noite": "*@2000", "3 da tarde": "*@1500", "5 da madrugada": "*@0500", "8 e meia": "*@0830", "às oito e quinze": "*@0815", "meio-dia": "*@1200", "meio-dia e meia": "*@1230",
		"meia-noite": "*@0000", "duas vezes por dia": "*@0800,1800", "uma vez por semana": "1@0900", "toda semana": "1@0900", "todo dia exceto domingo às 8": "123456@0800",
		"às 8 em Lisboa": "*@0800|Lisboa", "8h no Rio de Janeiro": "*@0800|Rio de Janeiro", "daily at 8": "*@0800", "sabado as 10": "6@1000", "TERÇA 8": "2@0800", "8h30min": "*@0830",
		"a cada hora": "too often", "a cada 3 horas": "too often", "a cada dois dias": "too seldom", "todo mês": "too seldom", "amanhã às 8": "only once", "hoje à noite": "only once",
		"3 de maio": "unreadable", "às 25h": "unreadable", "8h75": "unreadable", "das 8 às 18": "unreadable", "um dia qualquer": "unreadable",
	},
	"ru": {
		"каждый день в 8": "*@0800", "ежедневно в 8:30": "*@0830", "по будням в 7:30": "12345@0730", "по будням в 7:30 и в 18:00": "12345@0730,1800",
		"с понедельника по пятницу в 8": "12345@0800", "пн-пт 7:30": "12345@0730", "пн, ср, пт в 18:00": "135@1800", "по понедельникам и пятницам в 9": "15@0900",
		"каждый понедельник в 9 утра": "1@0900", "каждую среду в 9": "3@0900", "по выходным в 10": "67@1000", "каждое утро в 7": "*@0700", "утром и вечером": "*@0800,1800",
		"в 8 вечера": "*@2000", "в 3 часа дня": "*@1500", "в час дня": "*@1300", "в 3 часа ночи": "*@0300", "в восемь вечера": "*@2000", "в 8 часов 30 минут": "*@0830", "8ч30": "*@0830",
		"в половине восьмого": "*@0730", "в полвосьмого": "*@0730", "без четверти девять": "*@0845", "в полдень": "*@1200", "в полночь": "*@0000", "в восемнадцать часов": "*@1800",
		"два раза в день": "*@0800,1800", "2 раза в день: 9:00 и 21:00": "*@0900,2100", "раз в день": "*@0800", "раз в неделю": "1@0900", "еженедельно по пятницам": "5@0900",
		"каждый день кроме воскресенья в 8": "123456@0800", "в 8 Москва": "*@0800|Москва", "daily at 8": "*@0800", "daily в 8": "*@0800", "КАЖДЫЙ ДЕНЬ В 8": "*@0800",
		"каждый час": "too often", "каждые 3 часа": "too often", "каждые полчаса": "too often", "через день": "too seldom", "каждый второй понедельник": "too seldom", "каждые 2 дня": "too seldom",
		"раз в две недели": "too seldom", "ежемесячно": "too seldom", "завтра в 8": "only once", "сегодня вечером": "only once", "3 мая в 8": "unreadable", "8 марта": "unreadable", "в 25": "unreadable",
		"с 8 до 18": "unreadable", "8:75": "unreadable", "когда-нибудь": "unreadable", "щодня о 8": "*@0800",
	},
	"uk": {
		"щодня о 8": "*@0800", "кожен день о 8:30": "*@0830", "у будні о 7:30": "12345@0730", "у будні о 7:30 і о 18:00": "12345@0730,1800", "з понеділка по п'ятницю о 8": "12345@0800",
		"пн-пт 7:30": "12345@0730", "пн, ср, пт о 18:00": "135@1800", "по понеділках і п’ятницях о 9": "15@0900", "щопонеділка о 9 ранку": "1@0900", "кожну середу о 9": "3@0900",
		"щосуботи та щонеділі о 10": "67@1000", "у вихідні о 10": "67@1000", "щоранку о 7": "*@0700", "вранці та ввечері": "*@0800,1800", "о 8 вечора": "*@2000", "о восьмій вечора": "*@2000",
		"о восьмій годині ранку": "*@0800", "о пів на восьму": "*@0730", "о пів на другу": "*@0130", "за чверть дев’ята": "*@0845", "опівдні": "*@1200", "опівночі": "*@0000", "двічі на день": "*@0800,1800",
		"2 рази на день: 9:00 і 21:00": "*@0900,2100", "раз на тиждень": "1@0900", "щодня крім неділі о 8": "123456@0800", "о 8 Київ": "*@0800|Київ", "daily at 8": "*@0800",
		"щогодини": "too often", "кожні 3 години": "too often", "через день": "too seldom", "кожну другу середу": "too seldom", "щомісяця": "too seldom", "завтра о 8": "only once", "3 травня о 8": "unreadable",
		"о 25": "unreadable", "з 8 до 18": "unreadable", "колись": "unreadable", "каждый день в 8": "*@0800",
	},
	"ar": {
		"كل يوم الساعة 8": "*@0800", "كل يوم الساعة ٨": "*@0800", "كل يوم في الساعة ٨:٣٠": "*@0830", "يوميًا الساعة 8": "*@0800", "كل يوم الساعة الثامنة صباحًا": "*@0800",
		"8 صباحا و6 مساء": "*@0800,1800", "الساعة ٨ و١٨": "*@0800,1800", "8 ص": "*@0800", "8:30 م": "*@2030", "من الاثنين إلى الجمعة الساعة 7:30": "12345@0730", "كل اثنين الساعة 9": "1@0900",
		"كل يوم اثنين الساعة 9": "1@0900", "يوم الاثنين الساعة 9": "1@0900", "السبت والأحد الساعة 10": "67@1000", "أيام السبت والأحد 10": "67@1000", "من الأحد إلى الخميس 7:30": "12347@0730",
		"كل صباح": "*@0800", "صباحا ومساء": "*@0800,1800", "الساعة الثامنة والنصف": "*@0830", "التاسعة إلا ربع": "*@0845", "ظهرا": "*@1200", "منتصف الليل": "*@0000", "3 بعد الظهر": "*@1500",
		"مرتان في اليوم": "*@0800,1800", "3 مرات في اليوم: 8 و12 و19": "*@0800,1200,1900", "مرة في الأسبوع": "1@0900", "كل أسبوع": "1@0900", "كل يوم ما عدا الأحد الساعة 8": "123456@0800",
		"كل يوم الساعة 8 في القاهرة": "*@0800|القاهرة", "8 صباحا بتوقيت الرياض": "*@0800|الرياض", "daily at 8": "*@0800", "daily at ٨": "*@0800", "كل يوم الساعة ۸": "*@0800",
		"كل ساعة": "too often", "كل 3 ساعات": "too often", "كل شهر": "too seldom", "كل يومين": "too seldom", "غدا الساعة 8": "only once", "اليوم": "only once", "3 مايو": "unreadable",
		"الساعة 25": "unreadable", "من 8 إلى 18": "unreadable", "قريبا": "unreadable",
	},
	"zh": {
		"每天8点": "*@0800", "每天8點": "*@0800", "每天早上8点": "*@0800", "每天早上八点半": "*@0830", "每日上午8:30": "*@0830", "工作日早上7点半": "12345@0730", "工作日7:30和18:00": "12345@0730,1800",
		"周一到周五7点30分": "12345@0730", "周一至周五 7：30": "12345@0730", "每周一9点": "1@0900", "每周一、周三和周五18点": "135@1800", "每星期一上午九点": "1@0900", "禮拜一早上9點": "1@0900",
		"周末10点": "67@1000", "每周末上午10点": "67@1000", "每天早上8点和晚上6点": "*@0800,1800", "早上和晚上": "*@0800,2000", "晚上八点": "*@2000", "每晚9点": "*@2100", "晚上12点": "*@0000", "下午3点一刻": "*@1515",
		"中午": "*@1200", "中午1点": "*@1300", "午夜": "*@0000", "凌晨五点": "*@0500", "每天两次": "*@0800,1800", "一天三次": "*@0800,1300,1800", "每天 2 次：9:00和21:00": "*@0900,2100", "每周": "1@0900", "每周一次": "1@0900",
		"每周五晚上8点": "5@2000", "除了周日每天8点": "123456@0800", "每天８点": "*@0800", "每天8点 北京": "*@0800|北京", "每天8点（东京时间）": "*@0800|东京", "每天晚上7点五分": "*@1905", "daily at 8": "*@0800", "daily 8点": "*@0800",
		"二十点三十分": "*@2030", "周一~周五 8:00": "12345@0800", "周六日10点": "67@1000", "每周一、三、五 18:00": "135@1800", "周一三五晚上8点": "135@2000", "周一至五三点": "12345@0300", "每周一和四": "14@0800",
		"每小时": "too often", "每3小时": "too often", "每隔3小时": "too often", "隔天8点": "too seldom", "每隔一天8点": "too seldom", "每两天": "too seldom", "每月": "too seldom", "明天8点": "only once", "今晚": "only once", "3月8日": "unreadable", "3月8日8点": "unreadable",
		"25点": "unreadable", "8点75分": "unreadable", "8点到18点": "unreadable", "随便什么": "unreadable", "五月三日": "unreadable",
	},
	// Whoever writes another language than the chat's is understood if there is one way to.
	"en": {
		"jeden Tag um 8": "*@0800", "8 Uhr": "*@0800", "täglich um 8 in Tokio": "*@0800|Tokio", "каждый день в 8": "*@0800", "每天8点": "*@0800", "stündlich": "too often",
		"8:00 Mar del Plata": "*@0800|Mar del Plata", "8:00 Las Vegas": "*@0800|Las Vegas", "8:00 Pará": "*@0800|Pará", "8 Uhr bitte": "*@0800", "18:00 東京": "*@1800|東京", "mar 8": "unreadable", "8 jan": "unreadable",
		"sexta": "5@0800", "mer 8": "3@0800", "8 h 30 min": "*@0830", "twice a day: 8 and 18": "*@0800,1800", "8:": "unreadable", ": 8": "unreadable", "8: 9": "unreadable",
	},
}

func TestSpokenSchedules(t *testing.T) {
	for lang, phrases := range spokenSchedules {
		if len(phrases) < 12 {
			t.Errorf("%s: %d phrases", lang, len(phrases))
		}
		for text, want := range phrases {
			if got := readingOf(t, lang, text); got != want {
				t.Errorf("%s: %q is %s, want %s", lang, text, got, want)
			}
		}
	}
}

// readingOf is what a text is read as: code and place, or what is wrong with it.
func readingOf(t *testing.T, lang, text string) string {
	t.Helper()
	r, err := ParseScheduleIn(lang, text)
	var refused *ScheduleError
	switch {
	case errors.As(err, &refused):
		return string(refused.Problem)
	case r.Schedule.Valid() != nil:
		t.Errorf("%s: %q: %v", lang, text, r.Schedule.Valid())
	case r.Place != "":
		return r.Schedule.Code() + "|" + r.Place
	}
	return r.Schedule.Code()
}

// Every table has words for all that the bot says of schedules, and each is read as itself.
func TestWordTables(t *testing.T) {
	for lang, table := range tables() {
		has := map[word]bool{}
		for key, w := range table.words {
			has[w] = true
			if key == "" || keyOf(key) != key {
				t.Errorf("%s: the key %q", lang, key)
			}
			v := vocabulary{table}
			if tokens := v.tokens(key); len(tokens) != 1 || tokens[0].word != w || tokens[0].size != len(key) {
				t.Errorf("%s: %q is read as %+v", lang, key, tokens)
			}
		}
		for _, name := range []string{"and", "every", "except", "day", "week", "weekly", "hour", "minute", "seldom", "other", "month", "times",
			"today", "tonight", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "workdays", "weekend",
			"morning", "midnight", "through"} {
			if !has[meanings[name]] {
				t.Errorf("%s: no word for %s", lang, name)
			}
		}
		if len(table.off) == 0 {
			t.Errorf("%s: no word for no quiet hours", lang)
		}
	}
}

func TestReadTableRefuses(t *testing.T) {
	for _, file := range []string{"monday", "blue moon = x", "monday = x\ntuesday = X.", "2y = x", "+ = x", "3 after = x", "25:00 = x"} {
		if table, err := readTable(file); err == nil {
			t.Errorf("%q is read as %v", file, table.words)
		}
	}
}

func TestNamesSchedule(t *testing.T) {
	for word, want := range map[string]bool{"Montags": true, "mondays": true, "täglich": true, "lundi": false, "Berlin": false, "": false, "8": false} {
		if got := NamesSchedule("de-AT", word); got != want {
			t.Errorf("%q: %v", word, got)
		}
	}
}

// The digits of every script are digits.
func TestDigits(t *testing.T) {
	for text, want := range map[string]string{"٨:٣٠": "8:30", "۱۲": "12", "８": "8", "८": "8", "Ⅷ ⑧ ⁸ 八": "Ⅷ ⑧ ⁸ 八", "a\xff8": "a\xff8", "𝟠": "8"} {
		if got := Digits(strings.ToValidUTF8(text, "\ufffd")); got != strings.ToValidUTF8(want, "\ufffd") {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
	for r := range rune(unicode.MaxRune) {
		if got := Digits(string(r)); unicode.Is(unicode.Nd, r) && (len(got) != 1 || got[0] < '0' || got[0] > '9') {
			t.Errorf("%U: %q", r, got)
		}
	}
}

func TestParseQuietIn(t *testing.T) {
	night := Quiet{From: "22:00", To: "07:00"}
	for lang, list := range map[string][]string{
		"de": {"22-7", "von 22 bis 7", "22 Uhr bis 7 Uhr", "zwischen 10 Uhr abends und 7 Uhr morgens", "10pm to 7am", "22:00 bis 07:00"},
		"fr": {"de 22h à 7h", "22:00 à 07:00", "entre 22 heures et 7 heures", "de 10 heures du soir jusqu’à 7 heures du matin"},
		"es": {"de 22 a 7", "22:00 a 07:00", "desde las 22 hasta las 7", "entre las 10 de la noche y las 7 de la mañana"},
		"pt": {"das 22 às 7", "22:00 às 07:00", "das 22h até as 7h", "entre 10 da noite e 7 da manhã"},
		"ru": {"с 22 до 7", "с десяти вечера до семи утра", "22:00 до 07:00"},
		"uk": {"з 22 до 7", "від 22:00 до 07:00", "з десятої вечора до сьомої ранку"},
		"ar": {"من 22 إلى 7", "من ٢٢ إلى ٧", "من 10 مساء إلى 7 صباحا", "22:00 إلى 07:00"},
		"zh": {"22点到7点", "晚上10点到早上7点", "22:00至07:00", "从22点至7点", "22~7"},
		"en": {"von 22 bis 7", "晚上10点到早上7点", "٢٢-٧"},
	} {
		for _, text := range list {
			if got, err := ParseQuietIn(lang, text); err != nil || got != night {
				t.Errorf("%s: %q: %v, %v", lang, text, got, err)
			}
		}
	}
	for lang, word := range map[string]string{"de": "aus", "fr": "aucune", "es": "ninguna", "pt": "não", "ru": "нет", "uk": "ні", "ar": "إيقاف", "zh": "关", "en": "Ninguna"} {
		for _, word := range []string{word, "off"} {
			if got, err := ParseQuietIn(lang, word); err != nil || !got.IsZero() {
				t.Errorf("%s: %q: %v, %v", lang, word, got, err)
			}
		}
		for _, bad := range []string{"", "22", "22-25", "montag bis freitag", "周一到周五", "22 bis 7 bis 9"} {
			if got, err := ParseQuietIn(lang, bad); !errors.Is(err, ErrQuiet) {
				t.Errorf("%s: %q: %v, %v", lang, bad, got, err)
			}
		}
	}
}

// Texts made to keep a reader busy are refused like others.
func TestHostileSchedules(t *testing.T) {
	for _, text := range []string{
		strings.Repeat("و", maxPhrase), strings.Repeat("一", maxPhrase), strings.Repeat("周", maxPhrase), strings.Repeat("por la ", maxPhrase/7),
		strings.Repeat("'", maxPhrase-1) + "8", strings.Repeat("8 ", maxPhrase), strings.Repeat("8点和", maxPhrase),
		"8" + strings.Repeat("\u0301", maxPhrase-1), strings.Repeat("８", maxPhrase), strings.Repeat("\u2068", maxPhrase-1) + "x", "de " + strings.Repeat("(", maxPhrase-3),
	} {
		for lang := range tables() {
			if r, err := ParseScheduleIn(lang, text); err == nil {
				t.Errorf("%s: %.40q is read as %s %q", lang, text, r.Schedule.Code(), r.Place)
			}
		}
	}
}

func FuzzParseScheduleIn(f *testing.F) {
	for lang, phrases := range spokenSchedules {
		for text := range phrases {
			f.Add(lang, text)
		}
	}
	f.Add("xx", "8 (time")
	f.Fuzz(func(t *testing.T, lang, text string) {
		q, err := ParseQuietIn(lang, text)
		if err == nil && !q.IsZero() && (q.From == q.To || len(q.From) != 5) {
			t.Fatalf("%s: %q is quiet %v", lang, text, q)
		}
		r, err := ParseScheduleIn(lang, text)
		var refused *ScheduleError
		switch {
		case err == nil:
			if err := r.Schedule.Valid(); err != nil {
				t.Fatalf("%s: %q: %v", lang, text, err)
			}
			if len(r.Place) > maxPlace {
				t.Fatalf("%s: %q: place %q", lang, text, r.Place)
			}
		case !errors.As(err, &refused) || (refused.Problem == OnlyOnce) != (refused.Instead != nil):
			t.Fatalf("%s: %q: %#v", lang, text, err)
		}
	})
}
