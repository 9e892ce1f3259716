// Package language knows the languages of the news: which one a text is written in,
// where its sentences end and which words carry its meaning.
//
// Languages are BCP 47 base languages ("en", "pt", "zh"); "" means unknown and is
// accepted everywhere: what a language has no rules for is treated by its script.
package language

import (
	"strings"
	"unicode/utf8"

	"github.com/abadojack/whatlanggo"
)

// Span is a part of a text: text[From:To], in bytes.
type Span struct{ From, To int }

// Of is the part of the text that the span names.
func (s Span) Of(text string) string { return text[s.From:s.To] }

// aliases are codes that feeds and pages use for another base language.
var aliases = map[string]string{
	"iw": "he", "in": "id", "ji": "yi", "nb": "no", "nn": "no", "cmn": "zh", "arb": "ar", "pes": "fa",
	"eng": "en", "deu": "de", "ger": "de", "fra": "fr", "fre": "fr", "spa": "es", "por": "pt", "ita": "it",
	"nld": "nl", "dut": "nl", "rus": "ru", "ukr": "uk", "tur": "tr", "ara": "ar", "hin": "hi", "vie": "vi",
	"zho": "zh", "chi": "zh", "jpn": "ja", "kor": "ko", "pol": "pl", "swe": "sv", "dan": "da", "nor": "no",
}

// Base is the base language of a tag as feeds and pages write it ("en-US", "pt_BR",
// "DE"), "" if it is none.
func Base(tag string) string {
	tag = strings.ToLower(strings.TrimSpace(tag))
	if i := strings.IndexAny(tag, "-_, ;"); i >= 0 {
		tag = tag[:i]
	}
	if len(tag) < 2 || len(tag) > 3 || strings.Trim(tag, "abcdefghijklmnopqrstuvwxyz") != "" {
		return ""
	}
	if to, ok := aliases[tag]; ok {
		return to
	}
	if tag == "und" || tag == "mul" || tag == "zxx" {
		return ""
	}
	return tag
}

const (
	// detectEnough is how many characters make a guess reliable; a headline alone is
	// too short to tell Italian from English.
	detectEnough = 100
	// detectBytes is how much of a text is looked at.
	detectBytes = 2000
)

// Detect is the base language of a text, or "" where the text does not tell: it wants
// about 100 characters of a language with spaces, fewer of one with its own script.
func Detect(text string) string {
	text = strings.ToValidUTF8(cut(text, detectBytes), "")
	if lang, ok := byStopWords(text); ok {
		return lang
	}
	info := whatlanggo.Detect(text)
	if info.Script == nil || !info.IsReliable() {
		return ""
	}
	if info.Confidence < 1 && utf8.RuneCountInString(text) < detectEnough {
		return ""
	}
	if info.Lang == whatlanggo.Pes {
		return "fa"
	}
	return Base(info.Lang.Iso6391())
}

// cut is the beginning of the text, at most n bytes, cut between characters.
func cut(text string, n int) string {
	if len(text) <= n {
		return text
	}
	for n > 0 && !utf8.RuneStart(text[n]) {
		n--
	}
	return text[:n]
}
