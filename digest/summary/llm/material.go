package llm

import (
	"regexp"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"newsdigest/digest"
	"newsdigest/digest/language"
	"newsdigest/digest/summary"
)

// material is all that the model is given of a story, and all that its words may be made
// of: the headlines, and the sentences of the built-in summary. So the model can say
// nothing that a reader would not be shown without it, and a page that wants something of
// the model first has to get past the summarizer.
type material struct {
	Language  string   `json:"language"`
	Headlines []string `json:"headlines"`
	Sentences []string `json:"sentences"`
}

// How much the model is given.
const (
	maxHeadlines     = 6
	maxSentenceRunes = 600 // more is no sentence
)

// newMaterial makes the material of a story's articles, in the language of the first.
// Articles that speak to a machine are left out.
func newMaterial(docs []summary.Document) material {
	var m material
	if len(docs) == 0 {
		return m
	}
	if m.Language = language.Base(docs[0].Lang); m.Language == "" {
		m.Language = language.Detect(docs[0].Title + "\n" + docs[0].Text)
	}
	docs = slices.DeleteFunc(slices.Clone(docs), func(d summary.Document) bool { return hostile(d, m.Language) })
	if len(docs) == 0 {
		return m
	}
	for _, s := range summary.Story(docs).Full {
		m.Sentences = take(m.Sentences, s.Text)
	}
	for _, d := range docs[:min(len(docs), maxHeadlines)] {
		m.Headlines = take(m.Headlines, d.Title)
	}
	return m
}

// take appends a line unless it is there already, or cannot be repeated.
func take(lines []string, line string) []string {
	line = digest.Clean(norm.NFC.String(line))
	if line == "" || len([]rune(line)) > maxSentenceRunes || slices.Contains(lines, line) || addressLike.MatchString(line) {
		return lines
	}
	return append(lines, line)
}

// lines are all lines of the material.
func (m material) lines() []string { return slices.Concat(m.Headlines, m.Sentences) }

// orders matches what is said to a machine and not to a reader: about instructions, roles,
// answers and headlines, and sentences that begin with what one tells an editor to do. It
// may take an innocent page for a hostile one, which costs that page's words and no more.
var orders = regexp.MustCompile(`(?i)` + strings.Join([]string{
	`\b(ignore|disregard|forget|override|bypass|drop|skip)\b.{0,40}\b(instruction|prompt|rules|above|previous|prior|earlier|context|polic|guideline|filter|check|editor)`,
	`\b(new|earlier|previous|prior|following|your|the) (instructions|guidelines|prompt)\b`,
	`\b(system|assistant|user|developer) (prompt|message|role)\b|(^|[\[<#*"])\W*(system|assistant|user|developer( message)?)\s*[:\]>]|[\[<]/?(system|assistant|user|inst|instructions?|document|script)\b|\bassistant:`,
	`\b(jailbreak|developer mode|maintenance mode|unfiltered|unrestricted mode|prompt injection)`,
	`\b(message|note|word) (of|from|to) the (operator|administrator|editor|summari[sz]er|developer)`,
	`\byou(?:'re| are) (now|no longer|an? (ai|bot|model|assistant|editor)|in \w+ mode|the reader)\b`,
	`\b(speak|respond|answer|reply) (as|like|in) (if|an?|the|latin|base64|hex\w*)\b|\b(act|speak|behave) (as if|like (a|one))\b|^act as\b`,
	`\byour (instruction|task|role|answer|output|summar|rule|reply|headline|response|system|training|prompt)`,
	`\b(the|this|an?) (ai|bot|language model|summari[sz]er|assistant|model)\b.{0,30}\b(must|should|shall|has to|is to)\b`,
	`\b(in|into|of|to|the|for|as) (the|a|this|your|every) (new )?(summary|headline|digest|summari[sz]er)\b|\bthe (json|summari[sz]er)\b|\b(first|second|following|one) (sentence|headline)\b`,
	`\b(base64|rot13|hexadecimal|homoglyph|line break|quotation marks?|quotation of|out of tokens|word for word)\b`,
	`^(please |now )?(write|say|print|answer|reply|respond|output|return|repeat|quote|insert|append|translate|decode|encode|spell|invent|pretend|praise|blame|exchange|swap|replace|mix|recommend|ping|do not summari[sz]e|summari[sz]e|rephrase|reword)\s`,
	`^(please |now )?(name|call|move|turn|put|let|give|tell|use|hide|make|add|close|begin|start|end|play|mention|imagine) (the|every|all|them|readers|somebody|no|with|that you|you are|@\w+|www|https?)(\s|$)`,
	`\b(say so|use it|say hello|output that|print (this|it)|write that|all figures have)[.\s]*$|\b(put|add) this (in|to)|\bprint (this|the)\b|\ball figures have\b|\bheadline:`,
	`(^|\P{L})(ignoriere|vergiss|missachte|ignorez|oubliez|ignora las|olvida las|ignora le|dimentica le|ignore as|esqueça as|negeer|vergeet|игнорируй|забудь|zignoruj|yok say )`,
	`\b(anweisungen|instrucciones anteriores|le istruzioni|instruções anteriores|instructies|инструкции|talimatları)\b|(以前の|之前的|上述)(指示|指令)|忽略|無視して|تجاهل التعليمات|निर्देशों को|지시를 무시`,
	`<\||\|>|\[/?inst|###|` + "```" + `|\{\s*"|"\s*:\s*[\[{]|"\w+":\s|\]\]>|<!--|={4}|-{4}|\|\||~~|\*\*\w+\*\*|!\[|\]\(|@(everyone|here)\b`,
}, "|"))

// addressLike matches what a line of the material must not have: the model would repeat it.
var addressLike = regexp.MustCompile(`(?i)https?:|hxxp|www\.|mailto:|javascript:|data:\S|://|\S@\S`)

// keyLength is from how many letters on a word is no word but a key or an encoded text.
const keyLength = 40

// hostile tells whether an article speaks to a machine, in its title or in a sentence.
func hostile(d summary.Document, lang string) bool {
	if commands(d.Title) {
		return true
	}
	return slices.ContainsFunc(language.Sentences(d.Text, lang), func(s language.Span) bool { return commands(s.Of(d.Text)) })
}

// commands tells whether a line speaks to a machine, or hides something from readers.
func commands(line string) bool {
	hidden := false
	plain := strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Cf, r) {
			hidden = hidden || r >= 0xe0000 || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069
			return -1
		}
		return r
	}, norm.NFKC.String(line))
	return hidden || orders.MatchString(strings.TrimSpace(plain)) || slices.ContainsFunc(strings.Fields(plain), func(w string) bool {
		return len(w) >= keyLength && strings.IndexFunc(w, func(r rune) bool { return r > unicode.MaxASCII }) < 0
	})
}
