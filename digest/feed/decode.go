package feed

import (
	"bytes"
	"fmt"
	"mime"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html/charset"
)

// decode makes a document valid UTF-8 without characters that XML forbids.
//
// The charset is that of the byte order mark; then UTF-8 if the bytes clearly are, for
// servers and declarations are wrong more often than that is a coincidence; then that of
// the HTTP header, then that of the XML declaration. Bytes that are no UTF-8 in a
// document that claims to be, or claims nothing, are Windows-1252 if not one character
// beyond ASCII is UTF-8, else they are replaced one by one.
func decode(body []byte, contentType string) ([]byte, error) {
	label := byteOrder(body)
	if label == "" {
		label = strings.ToLower(declared(body, contentType))
		valid := utf8.Valid(body)
		switch claimsUTF8 := slices.Contains(utf8Labels, label); {
		case valid && (claimsUTF8 || countUTF8(body, surelyUTF8) == surelyUTF8):
			label = "utf-8"
		case claimsUTF8 && countUTF8(body, 1) == 0:
			label = "windows-1252"
		}
	}
	text, err := convertCharset(body, label)
	if err != nil {
		return nil, err
	}
	text = bytes.TrimPrefix(text, []byte("\uFEFF"))
	return dropForbiddenRefs(dropForbidden(text)), nil
}

var utf8Labels = []string{"", "utf-8", "utf8", "us-ascii", "ascii"}

// surelyUTF8 is the number of characters beyond ASCII that make it certain that bytes
// which are valid UTF-8 throughout are UTF-8.
const surelyUTF8 = 4

// countUTF8 counts characters beyond ASCII that are valid UTF-8, up to max.
func countUTF8(b []byte, max int) (n int) {
	for len(b) > 0 && n < max {
		if b[0] < utf8.RuneSelf {
			b = b[1:]
			continue
		}
		_, size := utf8.DecodeRune(b)
		if size > 1 {
			n++
		}
		b = b[size:]
	}
	return n
}

// byteOrder is the charset that the first bytes give away.
func byteOrder(b []byte) string {
	switch {
	case bytes.HasPrefix(b, []byte("\xEF\xBB\xBF")):
		return "utf-8"
	case bytes.HasPrefix(b, []byte("\xFE\xFF")), bytes.HasPrefix(b, []byte("\x00<\x00")):
		return "utf-16be"
	case bytes.HasPrefix(b, []byte("\xFF\xFE")), bytes.HasPrefix(b, []byte("<\x00")):
		return "utf-16le"
	}
	return ""
}

var encodingDecl = regexp.MustCompile(`<\?xml\s[^>]*?\bencoding\s*=\s*["']\s*([^"'\s]+)`)

// declared is the charset of the HTTP header, else of the XML declaration. UTF-16 is not
// believed: what reads as "<?xml" is not in UTF-16.
func declared(body []byte, contentType string) string {
	label := ""
	if _, params, err := mime.ParseMediaType(contentType); err == nil {
		label = params["charset"]
	}
	if m := encodingDecl.FindSubmatch(body[:min(len(body), 1024)]); label == "" && m != nil {
		label = string(m[1])
	}
	if l := strings.ToLower(label); strings.HasPrefix(l, "utf-16") || strings.HasPrefix(l, "ucs-2") {
		return ""
	}
	return label
}

// convertCharset decodes from the charset a label names. Labels that nobody knows are
// read as UTF-8; the ones that the encoding standard gives up on as unsafe are refused.
func convertCharset(body []byte, label string) ([]byte, error) {
	if strings.EqualFold(label, "utf-7") {
		return nil, fmt.Errorf("%w: charset UTF-7", ErrHostile)
	}
	enc, name := charset.Lookup(label)
	switch {
	case name == "replacement":
		return nil, fmt.Errorf("%w: charset %.20q", ErrHostile, label)
	case (enc == nil || name == "utf-8") && utf8.Valid(body):
		return body, nil
	case enc == nil, name == "utf-8":
		return bytes.ToValidUTF8(body, []byte("\uFFFD")), nil
	}
	text, err := enc.NewDecoder().Bytes(body)
	if err != nil {
		return bytes.ToValidUTF8(body, []byte("\uFFFD")), nil
	}
	return text, nil
}

// dropForbidden takes out the characters that XML 1.0 does not allow.
func dropForbidden(text []byte) []byte {
	if !mayBeForbidden(text) {
		return text
	}
	return bytes.Map(func(r rune) rune {
		if forbidden(r) {
			return -1
		}
		return r
	}, text)
}

func forbidden(r rune) bool {
	return r < 0x20 && r != '\t' && r != '\n' && r != '\r' || r == 0xFFFE || r == 0xFFFF
}

// mayBeForbidden looks at bytes, which is quicker than at characters: U+FFFE and U+FFFF
// begin with 0xEF 0xBF, and little else does.
func mayBeForbidden(text []byte) bool {
	for _, b := range text {
		if b < 0x20 && forbidden(rune(b)) {
			return true
		}
	}
	return bytes.Contains(text, []byte("\xEF\xBF"))
}

// dropForbiddenRefs takes out references to such characters, "&#x1b;": the XML parser
// would stop there.
func dropForbiddenRefs(text []byte) []byte {
	var out []byte
	done := 0
	for at := 0; ; {
		n := bytes.Index(text[at:], []byte("&#"))
		if n < 0 {
			break
		}
		at += n
		end := at + len(numericRef.Find(text[at:min(len(text), at+32)]))
		if end > at {
			out = append(out, text[done:at]...)
			done = end
		}
		at = max(end, at+2)
	}
	if done == 0 {
		return text
	}
	return append(out, text[done:]...)
}

// numericRef is a reference to a forbidden character.
var numericRef = regexp.MustCompile(`^&#(?:0*(?:[0-8]|1[124-9]|2[0-9]|3[01]|6553[45])|x0*(?:[0-8bBcCeEfF]|1[0-9a-fA-F]|[fF]{3}[eEfF]));`)

// startsJSON tells whether a document is JSON.
func startsJSON(doc []byte) bool {
	return bytes.HasPrefix(bytes.TrimLeft(doc, " \t\r\n"), []byte("{"))
}

// checkJSON bounds nesting and the number of objects and arrays of a JSON document
// before anything is built from it. Whether it is well-formed is the parser's business.
func checkJSON(doc []byte) error {
	depth, elements := 0, 0
	for i := 0; i < len(doc); i++ {
		switch doc[i] {
		case '"':
			for i++; i < len(doc) && doc[i] != '"'; i++ {
				if doc[i] == '\\' {
					i++
				}
			}
		case '{', '[':
			depth++
			elements++
		case '}', ']':
			depth--
		}
		if depth > MaxDepth || elements > MaxElements/4 { // they cost more than XML's
			return fmt.Errorf("%w: too deep or too many objects", ErrHostile)
		}
	}
	return nil
}
