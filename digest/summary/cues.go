package summary

import (
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"newsdigest/digest/language"
)

// cues are what the wording of a sentence says about it.
type cues struct {
	leans     bool // says what only the sentence before explains: "she" at the beginning, "but", "two of them"
	connects  bool // begins with a conjunction or connective
	first     bool // first or second person
	says      bool // reports speech
	question  bool
	colon     bool
	year      bool
	quoteHead bool    // begins with a quotation mark
	quoted    float32 // share of it between quotation marks
	unpaired  bool    // a quotation is cut in two
}

// wordList are cue words, in lower case.
type wordList struct{ leans, connects, first, says string }

var wordLists = map[string]wordList{
	"en": {
		`he she they it this that these those him them such both his her their its
			and but so or yet however nevertheless moreover instead then also thus therefore besides furthermore otherwise`,
		`and but so or yet however meanwhile nevertheless moreover instead then also still thus therefore because although though besides furthermore otherwise`,
		`i we my our me us you your i'm we're i've we've`,
		`said says told tells added adds according asked replied argued insisted claimed wrote`,
	},
	"de": {
		`er sie es dies dieser dieses ihm ihn dabei damit dazu davon daran darauf danach
			und aber doch denn jedoch außerdem zudem deshalb deswegen trotzdem dennoch sondern oder`,
		`und aber doch denn jedoch auch allerdings außerdem zudem dann deshalb deswegen trotzdem dennoch sondern oder`,
		`ich wir mein meine unser unsere mir uns mich du ihr`,
		`sagte sagt erklärte teilte betonte berichtete hieß fügte meinte`,
	},
	"fr": {
		`il elle ils elles lui cet cette ces cela ceci celui-ci celle-ci ceux-ci celles-ci
			et mais ou donc or car pourtant cependant toutefois ensuite puis néanmoins`,
		`et mais ou donc or car pourtant cependant toutefois ensuite puis ainsi aussi enfin néanmoins`,
		`je nous mon ma mes notre nos moi vous votre j'ai on j`,
		`dit déclaré expliqué ajouté affirmé indiqué souligné assuré précisé estime selon confié`,
	},
	"es": {
		`él ella ellos ellas esto eso aquello y pero además también entonces pues luego`,
		`y pero o sin además también entonces así aunque pues luego embargo`,
		`yo nosotros mi mis nuestro nuestra me nos`,
		`dijo dice afirmó añadió explicó señaló aseguró según declaró`,
	},
	"pt": {
		`ele ela eles elas isto isso e mas ou porém contudo também então entretanto`,
		`e mas ou porém contudo também então assim além embora depois entretanto`,
		`eu nós meu minha nosso nossa me nos`,
		`disse diz afirmou acrescentou explicou segundo declarou contou`,
	},
	"it": {
		`lui lei loro egli ella esso ciò e ma però tuttavia inoltre quindi poi infatti dunque`,
		`e ma o però tuttavia inoltre anche così quindi poi infatti dunque`,
		`io noi mio mia nostro nostra mi ci`,
		`detto dice ha spiegato aggiunto affermato secondo dichiarato`,
	},
	"nl": {
		`hij zij ze dit dat hem en maar want echter ook toch dus daarom daarnaast bovendien`,
		`en maar of want echter ook toch dus daarom daarnaast bovendien toen`,
		`ik wij we mijn ons onze me mij`,
		`zei zegt aldus volgens vertelde liet verklaarde`,
	},
	"ru": {
		`он она они оно это ему им и а но однако также поэтому затем потом`,
		`и а но или однако также кроме поэтому при тем затем потом`,
		`я мы мой моя наш наша мне нам нас`,
		`сказал сказала заявил заявила сообщил сообщила сообщили отметил отметила добавил рассказал словам подчеркнул`,
	},
	"uk": {
		`він вона вони воно це йому їм і й але однак також потім`,
		`і й та а але або однак також крім тому потім`,
		`я ми мій моя наш наша мені нам нас`,
		`сказав сказала заявив заявила повідомив повідомила повідомили зазначив зазначила додав розповів словами`,
	},
	"tr": {
		`o onlar bunlar onun bunun onu bunu ve ama ancak fakat ayrıca çünkü`,
		`ve ama ancak fakat ayrıca ise veya da de çünkü öte`,
		`ben biz benim bizim bana bize`,
		`dedi söyledi belirtti açıkladı ifade konuştu kaydetti vurguladı diyen`,
	},
	"ar": {
		`هو هي هم ذلك وهو وهي وهم لكن ولكن كما أيضا ثم`,
		`لكن ولكن كما أيضا بينما وقد ثم`,
		`أنا نحن`,
		`قال قالت وقال وقالت أضاف وأضاف أكد وأكد صرح أوضح`,
	},
	"hi": {
		`वह वे यह ये उन्होंने इससे और लेकिन मगर या`,
		`और लेकिन मगर या हालांकि वहीं इसलिए`,
		`मैं हम मेरा हमारा मुझे हमें`,
		`कहा बताया कहते`,
	},
	"vi": {
		`họ nó đây đó và nhưng`,
		`và nhưng tuy song ngoài đồng vì do còn`,
		`tôi chúng mình ta`,
		`nói cho theo biết khẳng`,
	},
}

// What a cue word tells.
const (
	leans = 1 << iota
	connects
	first
	says
)

// cueWords tell for each language what its cue words tell.
var cueWords = sync.OnceValue(func() map[string]map[string]uint8 {
	words := map[string]map[string]uint8{}
	for lang, l := range wordLists {
		set := map[string]uint8{}
		for bit, list := range []string{l.leans, l.connects, l.first, l.says} {
			for w := range strings.FieldsSeq(list) {
				set[w] |= 1 << bit
			}
		}
		words[lang] = set
	}
	return words
})

// cuesOf reads the cues of a sentence with these tokens.
func cuesOf(s string, tokens []language.Token, lang string) cues {
	set := cueWords()[lang]
	var c cues
	var buf [24]byte
	c.leans = refersBack(s, tokens[:min(len(tokens), refersWithin)], lang) || concludes(s, tokens, lang)
	who := afterTime(s, tokens, lang)
	for i, t := range tokens {
		if t.Number && t.To-t.From == 4 && (s[t.From] == '1' || s[t.From] == '2') {
			c.year = true
		}
		if t.To-t.From > len(buf) {
			continue
		}
		tells := set[string(lower(buf[:0], t.Of(s), lang))]
		if i == 0 {
			c.connects = tells&connects != 0
		}
		c.leans = c.leans || tells&leans != 0 && (i == 0 || i == who && tells&connects == 0)
		c.first = c.first || tells&first != 0
		c.says = c.says || tells&says != 0
	}
	c.question = strings.HasSuffix(strings.TrimRight(s, "\"'”’» "), "?") || strings.HasSuffix(s, "？") || strings.HasSuffix(s, "؟")
	c.colon = strings.HasSuffix(s, ":")
	c.quoteMarks(s)
	return c
}

// refersWithin is among how many first words a sentence refers to the one before it.
const refersWithin = 4

// references are, by language, pairs of words at the beginning of a sentence of which the
// second is understood only from the sentence before: "half of that", "the pair".
var references = map[string]map[string]string{
	"en": {"of": "those these them that it", "the": "incident latter pair duo trio"},
	"de": {"von": "ihnen denen diesen"},
	"fr": {"d'entre": "eux elles", "d’entre": "eux elles"},
	"es": {"de": "ellos ellas esos"},
	"it": {"di": "loro questi quelli"},
	"nl": {"van": "hen deze die"},
}

// refersBack tells whether such a pair is among the first tokens of a sentence; "the" must
// be its first.
func refersBack(s string, tokens []language.Token, lang string) bool {
	pairs := references[lang]
	for i := 1; i < len(tokens) && pairs != nil; i++ {
		var a, b [24]byte
		if max(tokens[i-1].To-tokens[i-1].From, tokens[i].To-tokens[i].From) > len(a) {
			continue
		}
		first := string(lower(a[:0], tokens[i-1].Of(s), lang))
		if first == "the" && i > 1 {
			continue
		}
		for w := range strings.FieldsSeq(pairs[first]) {
			if w == string(lower(b[:0], tokens[i].Of(s), lang)) {
				return true
			}
		}
	}
	return false
}

// timeWords are the words with which an English sentence says when before it says who: "By
// Tuesday afternoon she ...".
var timeWords = sync.OnceValue(func() map[string]bool {
	set := map[string]bool{}
	for w := range strings.FieldsSeq(`by on in at from since until after before during last next the a few same later
		earlier early late monday tuesday wednesday thursday friday saturday sunday january february march april may
		june july august september october november december morning noon afternoon evening night midnight
		day days week weeks weekend month months year years hour hours minutes spring summer autumn fall winter`) {
		set[w] = true
	}
	return set
})

// afterTime is the place of the first token behind those that say when at the beginning of
// an English sentence, -1 in other languages.
func afterTime(s string, tokens []language.Token, lang string) int {
	if lang != "en" {
		return -1
	}
	return slices.IndexFunc(tokens, func(t language.Token) bool {
		var buf [24]byte
		return !t.Number && (t.To-t.From > len(buf) || !timeWords()[string(lower(buf[:0], t.Of(s), lang))])
	})
}

// concludes tells whether an English sentence draws on what was said before wherever it says
// so: "therefore", "both" without a word after it, "There, ...".
func concludes(s string, tokens []language.Token, lang string) bool {
	if lang != "en" || len(tokens) < 2 {
		return false
	}
	is := func(t language.Token, word string) bool { return strings.EqualFold(t.Of(s), word) }
	return is(tokens[len(tokens)-1], "both") || is(tokens[0], "there") && s[tokens[0].To] == ',' ||
		slices.ContainsFunc(tokens, func(t language.Token) bool { return is(t, "therefore") })
}

// lower appends the word in lower case to dst.
func lower(dst []byte, word, lang string) []byte {
	for i := range len(word) {
		if word[i] >= utf8.RuneSelf {
			return append(dst[:0], language.Lower(word, lang)...)
		}
	}
	for i := range len(word) {
		c := word[i]
		if 'A' <= c && c <= 'Z' {
			c |= 0x20
		}
		dst = append(dst, c)
	}
	return dst
}

// quoteMarks looks for quotations and whether the sentence cuts one in two.
func (c *cues) quoteMarks(s string) {
	var q quoteMarks
	q.read(s)
	c.quoteHead, c.unpaired = q.head, q.cut()
	c.quoted = float32(q.inside) / float32(max(1, len(s)))
}
