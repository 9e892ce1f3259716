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
// of: headlines, and the sentences that the summarizer finds the best. A page that wants
// something of the model first has to get past the summarizer.
type material struct {
	Language  string   `json:"language"`
	Headlines []string `json:"headlines"`
	Sentences []string `json:"sentences"`
}

// How much the model is given.
const (
	maxSentences     = 8
	maxHeadlines     = 6
	maxSentenceRunes = 600 // more is no sentence
)

// newMaterial chooses the material from a story's articles, in the language of the first.
// What speaks to a machine is left out.
func newMaterial(docs []summary.Document) material {
	var m material
	if len(docs) == 0 {
		return m
	}
	if m.Language = language.Base(docs[0].Lang); m.Language == "" {
		m.Language = language.Detect(docs[0].Title + "\n" + docs[0].Text)
	}
	for _, s := range summary.Summarize(docs, summary.Limit{Sentences: maxSentences}) {
		m.Sentences = take(m.Sentences, docs[s.Doc].Text[s.From:s.To], maxSentences)
	}
	for _, d := range docs {
		m.Headlines = take(m.Headlines, d.Title, maxHeadlines)
	}
	return m
}

// take appends a line unless there are enough, it is there already, or it is none.
func take(lines []string, line string, most int) []string {
	line = digest.Clean(norm.NFC.String(line))
	if line == "" || len(lines) == most || len([]rune(line)) > maxSentenceRunes || slices.Contains(lines, line) || commands(line) {
		return lines
	}
	return append(lines, line)
}

// lines are all lines of the material.
func (m material) lines() []string { return slices.Concat(m.Headlines, m.Sentences) }

// commanding matches what is said to a machine and not to a reader: orders about
// instructions, roles and answers, marks of prompts, addresses, and keys. It is a first
// sieve; what may be used is up to check.
var commanding = regexp.MustCompile(`(?i)` + strings.Join([]string{
	`\b(ignore|disregard|forget|override|bypass|drop|skip)\b.{0,40}\b(instruction|prompt|rule|above|previous|prior|earlier|context|polic|guideline|filter|check)`,
	`\b(system|assistant|user|developer|tool)\s*(prompt|message|instruction|role|:)`,
	`\b(jailbreak|developer mode|unrestricted mode|prompt injection)`,
	`\b(you are|you're) (now|no longer|an? (ai|bot|model|assistant|editor|unfiltered))\b`,
	`\b(act|behave|speak|respond|answer|reply|write) (as|like) (if|an?|the)\b`,
	`\b(pretend|role-?play|imagine) (to be|that you|you are|as)\b`,
	`\byour (instruction|task|role|answer|output|summar|rule|reply|headline|response|system|training|prompt|new)`,
	`\b(the|this|a) (ai|bot|language model|summari[sz]er|assistant|model)\b.{0,30}\b(must|should|shall|has to|is to|will)\b`,
	`\b(write|print|output|return|repeat|translate|say|append|include|insert|mention|end|begin|start|replace|answer|reply|respond)\b.{0,60}\b(summary|headline|digest|instead|verbatim|exactly|following|above|json|base64|only)\b`,
	`\b(in|to|of|for) (the|your|every|each) (summary|digest|headline field)\b`,
	`\b(ignorier|vergiss|missachte|ignorez|oubliez|ignora|olvida|dimentica|ignore as|esqueça|negeer|vergeet|игнорируй|забудь|zignoruj|yok say)`,
	`(anweisung|instrucci[oó]n|istruzion|instruções|instructies|инструкци|talimat|指示|指令|忽略|無視|تجاهل|التعليمات|निर्देश|지시)`,
	`<\||\|>|\[/?inst|###|` + "```" + `|</?\w+[^>]*>|\{\s*"|"\s*:\s*["\[{]|<<|>>|={4}|-{4}`,
	`https?:|hxxp|www\.|mailto:|javascript:|@(everyone|here|all)\b|!\[|\]\(`,
}, "|"))

// keyLength is from how many letters on a word is no word but a key or an encoded text.
const keyLength = 40

// commands tells whether a line speaks to a machine.
func commands(line string) bool {
	plain := strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Cf, r) {
			return -1
		}
		return r
	}, norm.NFKC.String(line))
	return commanding.MatchString(plain) || slices.ContainsFunc(strings.Fields(plain), func(w string) bool {
		return len(w) >= keyLength && strings.IndexFunc(w, func(r rune) bool { return r > unicode.MaxASCII }) < 0
	})
}
