package llm

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"newsdigest/digest"
	"newsdigest/digest/language"
)

// Rule names what a model's words have to keep to.
type Rule string

// The rules. A text that breaks several is refused by the first.
const (
	RuleLength   Rule = "length"    // more characters, words or sentences than were asked for
	RuleForm     Rule = "form"      // markup, control characters, marks that deceive the eye
	RuleAddress  Rule = "address"   // an address of any kind, or a mention
	RuleLanguage Rule = "language"  // another language or script than the story's
	RuleReader   Rule = "reader"    // speaks to the reader, or of itself
	RuleQuote    Rule = "quotation" // quotes what the articles do not quote
	RuleNumber   Rule = "number"    // a number that the articles do not state, or not of this
	RuleName     Rule = "name"      // a name that the articles do not have, or not so
	RuleWords    Rule = "words"     // too many words of its own
)

// Refusal says which rule a model's words break, and where. It is no fault of the network:
// the built-in summary stands.
type Refusal struct {
	Rule  Rule
	Where string // the part of the text, for the log
}

// Error implements error.
func (r *Refusal) Error() string {
	return fmt.Sprintf("the model's words break the rule %q at %q", r.Rule, r.Where)
}

// How long a model's words may be. A full summary is twice the standard one.
const (
	maxHeadline      = 80 // characters
	standardSentence = 2
	standardWords    = digest.StandardWords
	fullWords        = 2 * digest.StandardWords
)

// check is whether a model's words may stand for the story that the material is of; the
// error is a *Refusal. It is a pure function, and it refuses where it is not sure.
func check(r digest.Rewrite, m material) error {
	if err := checkLength(r); err != nil {
		return err
	}
	e := newEvidence(m)
	for _, text := range slices.Concat([]string{r.Headline}, r.Standard, r.Full) {
		if err := e.check(text); err != nil {
			return err
		}
	}
	if strings.ContainsAny(r.Headline, "?!؟？！") {
		return &Refusal{RuleForm, r.Headline}
	}
	return e.checkLanguage(strings.Join(slices.Concat([]string{r.Headline}, r.Full), " "))
}

func checkLength(r digest.Rewrite) error {
	standard, full := strings.Join(r.Standard, " "), strings.Join(r.Full, " ")
	switch {
	case r.Headline == "" || utf8.RuneCountInString(r.Headline) > maxHeadline:
		return &Refusal{RuleLength, "the headline"}
	case len(r.Standard) == 0 || len(r.Standard) > standardSentence || digest.Words(standard) > standardWords || len(standard) > 12*standardWords*utf8.UTFMax:
		return &Refusal{RuleLength, "the summary"}
	case len(r.Full) == 0 || len(r.Full) > digest.FullSentences || digest.Words(full) > fullWords || len(full) > 12*fullWords*utf8.UTFMax:
		return &Refusal{RuleLength, "the full summary"}
	}
	return nil
}

// check checks one sentence, or the headline.
func (e evidence) check(text string) error {
	for _, rule := range []struct {
		rule  Rule
		broke func(string) string
	}{
		{RuleForm, badForm},
		{RuleAddress, badAddress},
		{RuleLanguage, e.foreign},
		{RuleReader, e.addressed},
		{RuleQuote, e.misquoted},
	} {
		if where := rule.broke(text); where != "" {
			return &Refusal{rule.rule, where}
		}
	}
	tokens := language.Tokens(nil, text, e.lang)
	for _, rule := range []struct {
		rule  Rule
		broke func(string, []language.Token) string
	}{
		{RuleNumber, e.misnumbered},
		{RuleName, e.misnamed},
		{RuleWords, e.unsupported},
	} {
		if where := rule.broke(text, tokens); where != "" {
			return &Refusal{rule.rule, where}
		}
	}
	return nil
}

// markup are the characters that platforms read as markup, mentions or tags, and that
// sentences of news do without.
const markup = "<>[]{}|\\`*_~#^=@"

// entity is a character as HTML writes it.
var entity = regexp.MustCompile(`&#?\w+;`)

// badForm is what of a text is no plain prose: markup, control and formatting characters,
// symbols, characters that only look like letters, piled accents. The text has to be one
// line in NFC.
func badForm(text string) string {
	if !utf8.ValidString(text) || !norm.NFC.IsNormalString(text) || entity.MatchString(text) || strings.TrimSpace(text) == "" {
		return text
	}
	var before rune
	for _, r := range text {
		switch {
		case unicode.Is(unicode.M, r) && (unicode.Is(unicode.M, before) && unicode.Is(unicode.Inherited, r) || unicode.In(before, unicode.Latin, unicode.Greek, unicode.Cyrillic)):
			return text
		case strings.ContainsRune(markup, r), unicode.In(r, unicode.C, unicode.Zl, unicode.Zp, unicode.Sk, unicode.Co),
			unicode.Is(unicode.So, r) && r != '°', unicode.Is(unicode.Sm, r) && r != '+',
			unicode.IsSpace(r) && r != ' ' && r != '\u00a0' && r != '\u202f',
			(unicode.IsLetter(r) || unicode.IsNumber(r)) && norm.NFKC.String(string(r)) != norm.NFC.String(string(r)):
			return string(r)
		}
		before = r
	}
	return ""
}

// address matches whatever a platform or a person could take for an address: schemes,
// names of hosts also where they are spelled out, numbers of hosts, paths.
var address = regexp.MustCompile(`(?i)` + strings.Join([]string{
	`//|\b(https?|hxxps?|ftps?|mailto|tg|javascript|file|ipfs|magnet|bitcoin)\s*:`,
	`\bwww\b`,
	`[\p{L}\p{N}][\p{L}\p{N}-]+\s?[.․。．]\s?(com|net|org|info|biz|xyz|top|io|ru|cn|me|app|dev|shop|site|online|link|zip|example|onion|test)\b`,
	`[\p{L}\p{N}][\p{L}\p{N}-]+\.\p{L}{2,}`,
	`\b(dot|punkt|punto|point|ponto|точка)\s+(com|net|org|info|io|ru|example|onion)\b`,
	`\d+\.\d+\.\d+\.\d+|\bt\s?\.\s?me\b`,
	`\p{L}\s?\(at\)\s?\p{L}`,
}, "|"))

func badAddress(text string) string { return address.FindString(norm.NFKC.String(text)) }
