package summary

import (
	"strings"
	"sync"
	"unicode/utf8"

	"newsdigest/digest/language"
)

// cues are what the wording of a sentence says about it.
type cues struct {
	leans     bool // begins with a pronoun that only the sentence before explains
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
		`he she they it this that these those him them such both`,
		`and but so or yet however meanwhile nevertheless moreover instead then also still thus therefore because although though besides furthermore otherwise`,
		`i we my our me us you your i'm we're i've we've`,
		`said says told tells added adds according asked replied argued insisted claimed wrote`,
	},
	"de": {
		`er sie es dies dieser dieses ihm ihn dabei damit dazu davon daran darauf danach`,
		`und aber doch denn jedoch auch allerdings außerdem zudem dann deshalb deswegen trotzdem dennoch sondern oder`,
		`ich wir mein meine unser unsere mir uns mich du ihr`,
		`sagte sagt erklärte teilte betonte berichtete hieß fügte meinte`,
	},
	"fr": {
		`il elle ils elles cela ceci celui-ci celle-ci ceux-ci celles-ci`,
		`et mais ou donc or car pourtant cependant toutefois ensuite puis ainsi aussi enfin néanmoins`,
		`je nous mon ma mes notre nos moi vous votre j'ai on j`,
		`dit déclaré expliqué ajouté affirmé indiqué souligné assuré précisé estime selon confié`,
	},
	"es": {
		`él ella ellos ellas esto eso aquello`,
		`y pero o sin además también entonces así aunque pues luego embargo`,
		`yo nosotros mi mis nuestro nuestra me nos`,
		`dijo dice afirmó añadió explicó señaló aseguró según declaró`,
	},
	"pt": {
		`ele ela eles elas isto isso`,
		`e mas ou porém contudo também então assim além embora depois entretanto`,
		`eu nós meu minha nosso nossa me nos`,
		`disse diz afirmou acrescentou explicou segundo declarou contou`,
	},
	"it": {
		`lui lei loro egli ella esso ciò`,
		`e ma o però tuttavia inoltre anche così quindi poi infatti dunque`,
		`io noi mio mia nostro nostra mi ci`,
		`detto dice ha spiegato aggiunto affermato secondo dichiarato`,
	},
	"nl": {
		`hij zij ze dit dat hem`,
		`en maar of want echter ook toch dus daarom daarnaast bovendien toen`,
		`ik wij we mijn ons onze me mij`,
		`zei zegt aldus volgens vertelde liet verklaarde`,
	},
	"ru": {
		`он она они оно это ему им`,
		`и а но или однако также кроме поэтому при тем затем потом`,
		`я мы мой моя наш наша мне нам нас`,
		`сказал сказала заявил заявила сообщил сообщила сообщили отметил отметила добавил рассказал словам подчеркнул`,
	},
	"uk": {
		`він вона вони воно це йому їм`,
		`і й та а але або однак також крім тому потім`,
		`я ми мій моя наш наша мені нам нас`,
		`сказав сказала заявив заявила повідомив повідомила повідомили зазначив зазначила додав розповів словами`,
	},
	"tr": {
		`o onlar bunlar onun bunun onu bunu`,
		`ve ama ancak fakat ayrıca ise veya da de çünkü öte`,
		`ben biz benim bizim bana bize`,
		`dedi söyledi belirtti açıkladı ifade konuştu kaydetti vurguladı diyen`,
	},
	"ar": {
		`هو هي هم ذلك وهو وهي وهم`,
		`لكن ولكن كما أيضا بينما وقد ثم`,
		`أنا نحن`,
		`قال قالت وقال وقالت أضاف وأضاف أكد وأكد صرح أوضح`,
	},
	"hi": {
		`वह वे यह ये उन्होंने इससे`,
		`और लेकिन मगर या हालांकि वहीं इसलिए`,
		`मैं हम मेरा हमारा मुझे हमें`,
		`कहा बताया कहते`,
	},
	"vi": {
		`họ nó đây đó`,
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
	for i, t := range tokens {
		if t.Number && t.To-t.From == 4 && (s[t.From] == '1' || s[t.From] == '2') {
			c.year = true
		}
		if t.To-t.From > len(buf) {
			continue
		}
		tells := set[string(lower(buf[:0], t.Of(s), lang))]
		if i == 0 {
			c.leans, c.connects = tells&leans != 0, tells&connects != 0
		}
		c.first = c.first || tells&first != 0
		c.says = c.says || tells&says != 0
	}
	c.question = strings.HasSuffix(strings.TrimRight(s, "\"'”’» "), "?") || strings.HasSuffix(s, "？") || strings.HasSuffix(s, "؟")
	c.colon = strings.HasSuffix(s, ":")
	c.quoteMarks(s)
	return c
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
	straight, open, inside := 0, 0, 0
	for i, r := range s {
		switch r {
		case '"':
			straight++
			c.quoteHead = c.quoteHead || i == 0
		case '“', '«', '「', '『', '„':
			open++
			c.quoteHead = c.quoteHead || i == 0
		case '”', '»', '」', '』':
			open--
		case '\'', '‘', '`':
			c.quoteHead = c.quoteHead || i == 0
		}
		if straight%2 != 0 || open > 0 {
			inside++
		}
	}
	c.quoted = float32(inside) / float32(max(1, len(s)))
	c.unpaired = straight%2 != 0 || open != 0
}
