package digest

import (
	"strings"
	"unicode"
)

// Length is how much of each story a digest brings.
type Length string

// The lengths: headlines only, two sentences, up to four sentences.
const (
	Brief    Length = "brief"
	Standard Length = "standard"
	Full     Length = "full"
)

// Lengths are all lengths, shortest first.
var Lengths = []Length{Brief, Standard, Full}

// StandardWords is the most that the two sentences of a standard summary may have
// together; above it the summary is one sentence. FullSentences is the most sentences
// of a full one.
const (
	StandardWords = 45
	FullSentences = 4
)

// Sentence is a sentence of an article exactly as published: Text is
// article.Text[From:To].
type Sentence struct {
	Article ArticleID `json:"article"`
	From    int       `json:"from"`
	To      int       `json:"to"`
	Text    string    `json:"text"`
}

// Summary is the sentences chosen from a story's articles, in reading order.
type Summary struct {
	Standard []Sentence `json:"standard,omitempty"`
	Full     []Sentence `json:"full,omitempty"`
}

// At is the summary in one of the lengths; nil for Brief.
func (s Summary) At(l Length) []Sentence {
	switch l {
	case Brief:
		return nil
	case Full:
		return s.Full
	}
	return s.Standard
}

// firstIdeograph is where Unicode's blocks of Han, Hiragana and Katakana begin.
const firstIdeograph = 0x2e80

// Words counts the words of a text: runs of letters and digits between spaces, and each
// Han, Hiragana or Katakana character as half a word (rounded up over the text).
func Words(text string) int {
	words, ideographs := 0, 0
	for f := range strings.FieldsSeq(text) {
		letters := false
		for _, r := range f {
			switch {
			case r < unicode.MaxASCII:
				letters = letters || '0' <= r && r <= '9' || 'a' <= r|0x20 && r|0x20 <= 'z'
			case r >= firstIdeograph && unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana):
				ideographs++
			case unicode.IsLetter(r) || unicode.IsDigit(r):
				letters = true
			}
		}
		if letters {
			words++
		}
	}
	return words + (ideographs+1)/2
}
