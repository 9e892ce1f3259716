package summary

import (
	"strings"
	"sync"

	"newsdigest/digest/language"
)

// role is what a word may do beside a number, a set of bits.
type role uint32

const (
	numberWord    role = 1 << iota // "eleven"
	scaleWord                      // "million"
	percentWord                    // "percent"
	pointsWord                     // "percentage points"
	aboutWord                      // "about"
	leastWord                      // "more than"
	mostWord                       // "up to"
	rangeWord                      // "between", and "to" between two numbers
	ratioWord                      // "in" of "nine in ten"
	partWord                       // "of" after a number: a part of something named before
	furtherWord                    // "more", "others": beside those counted elsewhere
	pastWord                       // "last", "previous": the number is not today's
	monthWord                      // "December"
	dayWord                        // "Friday"
	clockWord                      // "o'clock"
	fromWord                       // "from": what follows is the number as it was
	attackerWord                   // "gunman": counted among the dead or not
	personWord                     // "people": whoever is counted
	upWord                         // "rises"
	downWord                       // "falls"
	killedWord                     // "dead"
	injuredWord                    // "injured"
	missingWord                    // "missing"
	arrestedWord                   // "arrested"
	evacuatedWord                  // "evacuated"
)

// wordRole is a word's roles and, where it is a number or a scale, its value.
type wordRole struct {
	role  role
	value float64
}

// numerals are a language's words for 2 to 20, then for 30, 40 ... 90. One is left out:
// it is an article or a pronoun as often as a number.
var numerals = map[string]string{
	"en": `two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty
		thirty forty fifty sixty seventy eighty ninety`,
	"de": `zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn fünfzehn sechzehn siebzehn achtzehn neunzehn zwanzig
		dreißig vierzig fünfzig sechzig siebzig achtzig neunzig`,
	"fr": `deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize dix-sept dix-huit dix-neuf vingt
		trente quarante cinquante soixante`,
	"es": `dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciséis diecisiete dieciocho diecinueve veinte
		treinta cuarenta cincuenta sesenta setenta ochenta noventa`,
	"pt": `dois três quatro cinco seis sete oito nove dez onze doze treze catorze quinze dezesseis dezessete dezoito dezenove vinte
		trinta quarenta cinquenta sessenta setenta oitenta noventa`,
	"it": `due tre quattro cinque sei sette otto nove dieci undici dodici tredici quattordici quindici sedici diciassette diciotto diciannove venti
		trenta quaranta cinquanta sessanta settanta ottanta novanta`,
	"nl": `twee drie vier vijf zes zeven acht negen tien elf twaalf dertien veertien vijftien zestien zeventien achttien negentien twintig
		dertig veertig vijftig zestig zeventig tachtig negentig`,
}

// scales are the words and signs that multiply the number before them, in all languages.
var scales = map[float64]string{
	1e2:  `hundred hundert`,
	1e3:  `thousand tausend mille mil mila duizend k tsd тысяч тысячи тыс тисяч тис bin nghìn ngàn हजार`,
	1e5:  `lakh लाख`,
	1e6:  `million millions mn m millionen mio millones millón milhões milhão milioni milione miljoen миллион миллиона миллионов млн мільйон мільйонів milyon triệu`,
	1e7:  `crore करोड़`,
	1e9:  `billion billions bn milliarde milliarden mrd milliard milliards miliardi miliardo miljard миллиард миллиарда миллиардов млрд мільярд мільярдів milyar tỷ tỉ`,
	1e12: `trillion trillions tn billionen`,
}

// roleLists are the words of each role by language; "" is for all languages.
var roleLists = map[string]map[role]string{
	"": {percentWord: `percent pct prozent процент процента процентов відсотків yüzde`},
	"en": {
		percentWord: `cent percentage`, pointsWord: `points point pp`,
		aboutWord: `about around roughly approximately some nearly almost estimated estimates`,
		leastWord: `least more over above exceed exceeded exceeding excess`,
		mostWord:  `up most under below fewer less`,
		rangeWord: `between`, ratioWord: `in of out every each`, partWord: `of`,
		furtherWord: `more another other others additional further`,
		pastWord:    `last previous previously earlier ago former initially originally before record average forecast forecasts expect expects expected expecting target since until if could may might would`,
		monthWord:   `january february march april may june july august september october november december jan feb mar apr jun jul aug sep sept oct nov dec`,
		dayWord:     `monday tuesday wednesday thursday friday saturday sunday`,
		clockWord:   `o'clock am pm a.m p.m`,
		fromWord:    `from compared versus`, attackerWord: `gunman gunmen shooter attacker attackers assailant suspect bomber himself herself`,
		personWord:  `people persons person others victims`,
		upWord:      `up rise rises rose risen rising increase increases increased gain gains gained grow grows grew grown growth jump jumped climb climbed higher more raise raises raised`,
		downWord:    `down fall falls fell fallen falling cut cuts cutting reduce reduces reduced reduction decline declined declines drop drops dropped lower less fewer decrease decreased shrink shrank slump slumped`,
		killedWord:  `dead killed kills killing kill die dies died death deaths fatalities fatally toll`,
		injuredWord: `injured injures injuring injure injuries wounded wounding wounds hurt hospitalized`,
		missingWord: `missing unaccounted`, arrestedWord: `arrested arrests arresting detained detains detaining custody`,
		evacuatedWord: `evacuated evacuates evacuate evacuating evacuation`,
	},
	"de": {
		pointsWord: `prozentpunkte prozentpunkten punkte`, aboutWord: `rund etwa ca circa ungefähr knapp fast gut`,
		leastWord: `mindestens mehr über wenigstens`, mostWord: `bis höchstens weniger maximal unter`,
		rangeWord: `zwischen`, ratioWord: `von`, partWord: `von der`,
		furtherWord: `weitere weiteren weiterer andere anderen`,
		pastWord:    `zuvor früher vorher vorigen letzten vergangenen zunächst ursprünglich vorjahr seit durchschnitt erwartet prognose könnte könnten würde`,
		monthWord:   `januar februar märz april mai juni juli august september oktober november dezember`,
		dayWord:     `montag dienstag mittwoch donnerstag freitag samstag sonnabend sonntag`,
		clockWord:   `uhr`, attackerWord: `täter attentäter angreifer schütze`, personWord: `menschen personen leute opfer`,
		upWord:      `mehr steigt steigen stieg stiegen gestiegen anstieg plus höher erhöht erhöhen teurer zunahme wächst wuchs`,
		downWord:    `weniger sinkt sinken sank sanken gesunken rückgang minus niedriger senkt senken gesenkt kürzt kürzen gekürzt kürzung fällt fallen fiel abnahme`,
		killedWord:  `tote toten toter tot getötet getöteten starben starb sterben gestorben todesopfer todesopfern leben`,
		injuredWord: `verletzt verletzte verletzten verletzter schwerverletzte leichtverletzte verletzten`,
		missingWord: `vermisst vermisste vermissten`, arrestedWord: `festgenommen festnahmen verhaftet festgesetzt`,
		evacuatedWord: `evakuiert evakuierte evakuierung`,
	},
	"fr": {
		percentWord: `cent`, aboutWord: `environ près presque quelque quelques autour`, leastWord: `moins plus dépasse`,
		mostWord: `jusqu'à maximum`, rangeWord: `entre`, ratioWord: `sur`, partWord: `de des d'entre`,
		furtherWord: `autres autre supplémentaires`, pastWord: `dernier dernière précédent précédente auparavant avant depuis moyenne pourrait`,
		monthWord:  `janvier février mars avril mai juin juillet août septembre octobre novembre décembre`,
		dayWord:    `lundi mardi mercredi jeudi vendredi samedi dimanche`,
		clockWord:  `heures heure`,
		personWord: `personnes personne gens victimes`, upWord: `hausse augmente augmenté augmentation progresse supérieur`,
		downWord:   `baisse baissé baissera baisser réduction réduit réduire recul diminue diminution inférieur`,
		killedWord: `morts mort mortes tués tué tuées décès décédées décédés mourir`, injuredWord: `blessés blessé blessées blesse`,
		missingWord: `disparus disparues`, arrestedWord: `arrêtées arrêtés arrestations interpellées interpellés interpellations`,
		evacuatedWord: `évacués évacuées évacuation`,
	},
	"es": {
		percentWord: `ciento`, aboutWord: `unos unas cerca alrededor casi aproximadamente`, leastWord: `menos más`,
		mostWord: `hasta máximo`, rangeWord: `entre`, ratioWord: `cada`, partWord: `de`,
		furtherWord: `otros otras otro adicionales`, pastWord: `pasado pasada anterior anteriores antes desde promedio podría`,
		monthWord:  `enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre`,
		dayWord:    `lunes martes miércoles jueves viernes sábado domingo`,
		clockWord:  `horas hora`,
		personWord: `personas persona víctimas`, upWord: `sube subió subirá aumenta aumentó aumento alza crece creció`,
		downWord:   `baja bajó bajará reduce redujo reducirá reducción cae cayó caída recorte recorta recortará desciende`,
		killedWord: `muertos muertas muerto mueren murieron fallecidos fallecieron fallecidas víctimas`, injuredWord: `heridos heridas herido lesionados`,
		missingWord: `desaparecidos desaparecidas`, arrestedWord: `detuvo detienen detenidos detenidas arrestados detenciones`,
		evacuatedWord: `evacuados evacuadas evacuación`,
	},
}

// wordRoles are the roles of the words of each language, in lower case.
var wordRoles = sync.OnceValue(func() map[string]map[string]wordRole {
	all := map[string]map[string]wordRole{}
	for lang := range roleLists {
		all[lang] = map[string]wordRole{}
	}
	for lang := range numerals {
		if all[lang] == nil {
			all[lang] = map[string]wordRole{}
		}
	}
	for lang, words := range all {
		for _, lists := range []map[role]string{roleLists[""], roleLists[lang]} {
			for r, list := range lists {
				for w := range strings.FieldsSeq(list) {
					words[w] = wordRole{role: words[w].role | r}
				}
			}
		}
		for value, list := range scales {
			for w := range strings.FieldsSeq(list) {
				words[w] = wordRole{words[w].role | scaleWord, value}
			}
		}
		addNumerals(words, lang)
	}
	return all
})

func addNumerals(words map[string]wordRole, lang string) {
	list := strings.Fields(numerals[lang])
	add := func(w string, value int) { words[w] = wordRole{words[w].role | numberWord, float64(value)} }
	for i, w := range list {
		if i < 19 {
			add(w, i+2)
		} else {
			add(w, 30+10*(i-19))
		}
	}
	if lang != "de" {
		return
	}
	for i, ten := range list[18:] { // einundzwanzig ... neunundneunzig
		add("einund"+ten, 21+10*i)
		for k, unit := range list[:8] {
			add(unit+"und"+ten, 20+10*i+k+2)
		}
	}
}

// rolesOf are the roles of a language's words; those of all languages where it has none.
func rolesOf(lang string) map[string]wordRole {
	if words, ok := wordRoles()[lang]; ok {
		return words
	}
	return wordRoles()[""]
}

// roleOf is the role of a token of s.
func roleOf(words map[string]wordRole, s string, t language.Token, lang string) wordRole {
	var buf [24]byte
	if t.To-t.From > len(buf) {
		return wordRole{}
	}
	return words[string(lower(buf[:0], t.Of(s), lang))]
}
