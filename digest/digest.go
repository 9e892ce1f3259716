// Package digest holds the words of newsdigest and the rules that need nothing but
// them: sources, articles, stories, chats, subscriptions, editions, posts and
// deliveries. It imports the standard library only, reads no clock and does no I/O;
// rules take the time as an argument.
package digest

import (
	"crypto/sha256"
	"encoding/base32"
	"encoding/binary"
	"strings"
	"unicode"
	"unicode/utf8"
)

// base32Lower is RFC 4648 base32 in lower case without padding: ids stay readable in
// logs, fit into buttons and sort as bytes.
var base32Lower = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)

// hash names something by what it is: 16 base32 characters (80 bits) of SHA-256 over
// the kind and the parts, each with its length in front so that no two lists of parts
// read the same.
func hash(kind string, parts ...string) string {
	h := sha256.New()
	var n [8]byte
	for _, p := range append([]string{kind}, parts...) {
		binary.BigEndian.PutUint64(n[:], uint64(len(p)))
		h.Write(n[:])
		h.Write([]byte(p))
	}
	return base32Lower.EncodeToString(h.Sum(nil)[:10])
}

// Partitions is how many shares the due indexes are cut into, so that several
// processes can each own some of them.
const Partitions = 64

// Partition is the share that the owner with this id belongs to.
func Partition(owner string) int {
	sum := sha256.Sum256([]byte(owner))
	return int(sum[0]) % Partitions
}

// Clean makes outside text fit for one line of a message: valid UTF-8, control and
// bidirectional formatting characters removed, heaps of marks cut down, runs of white
// space folded into one space.
func Clean(s string) string { return oneLine(s, func(rune) bool { return false }) }

// Isolate and EndIsolate enclose outside words in a text that is written from right to
// left, so that they keep their own direction (UAX #9: FSI, PDI).
const (
	Isolate    = '\u2068'
	EndIsolate = '\u2069'
)

// CleanOwn is Clean for a text of the bot's own with outside words in it: pairs of
// isolates stay.
func CleanOwn(s string) string {
	open := 0
	s = oneLine(s, func(r rune) bool {
		switch {
		case r == Isolate:
			open++
			return true
		case r == EndIsolate && open > 0:
			open--
			return true
		}
		return false
	})
	return s + strings.Repeat(string(EndIsolate), open)
}

// maxMarks is how many marks one character keeps. Languages need four at most; text that
// climbs over its neighbors has dozens.
const maxMarks = 5

// oneLine is s without what has no place in a line, except the characters to keep.
func oneLine(s string, keep func(rune) bool) string {
	if isLine(s) {
		return s
	}
	marks := 0
	s = strings.Map(func(r rune) rune {
		if r < 0x300 || !unicode.In(r, unicode.Mn, unicode.Me) {
			marks = 0
		} else if marks++; marks > maxMarks {
			return -1
		}
		switch {
		case keep(r):
			return r
		case r == '\n' || r == '\t' || r == '\r' || r == 0x2028 || r == 0x2029 || r == 0x85:
			return ' '
		case r < 0x20 || r >= 0x7f && r < 0xa0: // C0, DEL, C1
			return -1
		case r >= 0x202a && r <= 0x202e, r >= 0x2066 && r <= 0x2069: // bidi embedding, override, isolate
			return -1
		case r == 0x200e || r == 0x200f || r == 0x061c: // bidi marks
			return -1
		case r == 0x200b || r == 0xfeff || r == 0x2060 || r == 0xad: // zero width, BOM, soft hyphen
			return -1
		case r >= 0xe0000 && r <= 0xe007f: // tag characters
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
	return strings.Join(strings.Fields(s), " ")
}

// Prose is sentences one after another.
func Prose(sentences []string) string {
	var b strings.Builder
	for i, s := range sentences {
		if i > 0 {
			b.WriteString(Gap(sentences[i-1]))
		}
		b.WriteString(s)
	}
	return b.String()
}

// Gap is what stands between a sentence and the next one: nothing after the full-width
// marks of Chinese and Japanese, else a space.
func Gap(sentence string) string {
	last, _ := utf8.DecodeLastRuneInString(strings.TrimRight(sentence, "”’"))
	if strings.ContainsRune("。！？」』", last) {
		return ""
	}
	return " "
}

// isLine tells quickly of most lines that they are as oneLine would leave them.
func isLine(s string) bool {
	space := true
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' || space && s[i] == ' ' {
			return false
		}
		space = s[i] == ' '
	}
	return s == "" || !space
}
