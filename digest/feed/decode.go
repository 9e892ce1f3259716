package feed

import (
	"bytes"
	"fmt"
	"mime"
	"regexp"
	"strconv"
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
	if label == "" && countUTF8(body) < surelyUTF8 {
		label = declared(body, contentType)
	}
	switch strings.ToLower(label) {
	case "", "utf-8", "utf8", "us-ascii", "ascii":
		if !utf8.Valid(body) && countUTF8(body) <= 0 {
			label = "windows-1252"
		} else {
			label = "utf-8"
		}
	}
	text, err := convertCharset(body, label)
	if err != nil {
		return nil, err
	}
	text = bytes.TrimPrefix(text, []byte("\uFEFF"))
	return dropForbiddenRefs(dropForbidden(text)), nil
}

// surelyUTF8 is the number of characters beyond ASCII that make it certain that bytes
// which are valid UTF-8 throughout are UTF-8.
const surelyUTF8 = 4

// countUTF8 counts the characters beyond ASCII; the count is negative if the bytes are
// not valid UTF-8 throughout, and 0 if none of them is.
func countUTF8(b []byte) int {
	n, valid := 0, true
	for len(b) > 0 {
		if b[0] < utf8.RuneSelf {
			b = b[1:]
			continue
		}
		r, size := utf8.DecodeRune(b)
		if r == utf8.RuneError && size == 1 {
			valid = false
		} else {
			n++
		}
		b = b[size:]
	}
	if !valid {
		return -n
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

var encodingDecl = regexp.MustCompile(`^[^<]{0,64}<\?xml[^>]{0,128}?\bencoding\s*=\s*["']\s*([^"'\s]+)`)

// declared is the charset of the HTTP header, else of the XML declaration. UTF-16 is not
// believed: what reads as "<?xml" is not in UTF-16.
func declared(body []byte, contentType string) string {
	label := ""
	if _, params, err := mime.ParseMediaType(contentType); err == nil {
		label = params["charset"]
	}
	if m := encodingDecl.FindSubmatch(body[:min(len(body), 256)]); label == "" && m != nil {
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
	if bytes.IndexFunc(text, forbidden) < 0 {
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
	return r < 0x20 && r != '\t' && r != '\n' && r != '\r' || r == 0xFFFE || r == 0xFFFF || r >= 0xD800 && r < 0xE000
}

// dropForbiddenRefs takes out references to such characters, "&#x1b;": the XML parser
// would stop there.
func dropForbiddenRefs(text []byte) []byte {
	if !bytes.Contains(text, []byte("&#")) {
		return text
	}
	return numericRef.ReplaceAllFunc(text, func(ref []byte) []byte {
		digits, base := string(ref[2:len(ref)-1]), 10
		if digits[0] == 'x' || digits[0] == 'X' {
			digits, base = digits[1:], 16
		}
		n, err := strconv.ParseInt(digits, base, 32)
		if err != nil || n > utf8.MaxRune || forbidden(rune(n)) {
			return nil
		}
		return ref
	})
}

var numericRef = regexp.MustCompile(`&#(?:[0-9]{1,12}|[xX][0-9a-fA-F]{1,12});`)

// startsJSON tells whether a document is JSON.
func startsJSON(doc []byte) bool {
	return bytes.HasPrefix(bytes.TrimLeft(doc, " \t\r\n"), []byte("{"))
}
