package faketelegram

import (
	"cmp"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// Entity is a styled part of a message's text; offset and length count UTF-16 code
// units (Bot API, MessageEntity).
type Entity struct {
	Type     string `json:"type"`
	Offset   int    `json:"offset"`
	Length   int    `json:"length"`
	URL      string `json:"url,omitempty"`
	Language string `json:"language,omitempty"`
	UnixTime int64  `json:"unix_time,omitempty"`
	Format   string `json:"date_time_format,omitempty"`
}

// entityTypes names the entity that each tag makes. Where the type depends on the
// attributes the tag has no entry here but in tags only.
var entityTypes = map[string]string{
	"b": "bold", "strong": "bold", "i": "italic", "em": "italic",
	"u": "underline", "ins": "underline",
	"s": "strikethrough", "strike": "strikethrough", "del": "strikethrough",
	"tg-spoiler": "spoiler", "span": "spoiler", "code": "code", "pre": "pre",
	"blockquote": "blockquote", "a": "text_link", "tg-time": "date_time",
	"tg-emoji": "custom_emoji",
}

// timeFormat is what the format of a tg-time may be (Bot API, date-time entity
// formatting).
var timeFormat = regexp.MustCompile(`^(r|w?[dD]?[tT]?)$`)

// openTag is a start tag that waits for its end tag.
type openTag struct {
	name   string
	attrs  map[string]string
	offset int // UTF-16 units
	begin  int // bytes of the parsed text
}

// parseError is Telegram's own sentence, capital letter included.
type parseError string

func (e parseError) Error() string { return string(e) }

func refuse(format string, args ...any) error { return parseError(fmt.Sprintf(format, args...)) }

// htmlParser walks over a text with parse_mode HTML as Telegram's server does: by bytes,
// refusing what a browser would forgive.
type htmlParser struct {
	in       string
	at       int
	text     []byte
	units    int // UTF-16 units of text
	open     []openTag
	entities []Entity
}

// ParseHTML is Telegram's reading of a text with parse_mode HTML: the text without its
// markup and the entities in it. The error is what Telegram says after "can't parse
// entities: ".
func ParseHTML(html string) (string, []Entity, error) {
	p := &htmlParser{in: html}
	for p.at < len(p.in) {
		if err := p.step(); err != nil {
			return "", nil, err
		}
	}
	if n := len(p.open); n > 0 {
		return "", nil, refuse("Can't find end tag corresponding to start tag %q", p.open[n-1].name)
	}
	slices.SortStableFunc(p.entities, func(a, b Entity) int {
		return cmp.Or(a.Offset-b.Offset, b.Length-a.Length)
	})
	return string(p.text), p.entities, nil
}

func (p *htmlParser) step() error {
	switch {
	case p.in[p.at] == '&':
		if r, size := reference(p.in[p.at:]); size > 0 {
			p.put(r)
			p.at += size
			return nil
		}
	case strings.HasPrefix(p.in[p.at:], "</"):
		return p.endTag()
	case p.in[p.at] == '<':
		return p.startTag()
	}
	r, size := utf8.DecodeRuneInString(p.in[p.at:])
	p.put(r)
	p.at += size
	return nil
}

func (p *htmlParser) put(r rune) {
	p.text = utf8.AppendRune(p.text, r)
	p.units += utf16.RuneLen(r)
}

var named = map[string]rune{"lt": '<', "gt": '>', "amp": '&', "quot": '"'}

// reference reads a character reference at the start of s: the four named ones Telegram
// knows and every numeric one, the semicolon being optional. A size of 0 means that the
// ampersand stands for itself.
func reference(s string) (r rune, size int) {
	end := 1
	for end < len(s) && end < 12 && (isAlnum(s[end]) || end == 1 && s[end] == '#') {
		end++
	}
	name := s[1:end]
	if digits, ok := strings.CutPrefix(name, "#"); ok {
		base := 10
		if hex, ok := strings.CutPrefix(strings.ToLower(digits), "x"); ok {
			base, digits = 16, hex
		}
		n, err := strconv.ParseUint(digits, base, 32)
		if err != nil || n == 0 || n >= 0x10ffff || !utf8.ValidRune(rune(n)) {
			return 0, 0
		}
		r = rune(n)
	} else if r = named[name]; r == 0 {
		return 0, 0
	}
	if end < len(s) && s[end] == ';' {
		end++
	}
	return r, end
}

// startTag reads "<name attribute=value ...>".
func (p *htmlParser) startTag() error {
	begin := p.at
	p.at++
	name := strings.ToLower(p.until(func(c byte) bool { return isSpace(c) || c == '>' }))
	if p.at == len(p.in) {
		return refuse("Unclosed start tag at byte offset %d", begin)
	}
	if entityTypes[name] == "" {
		return refuse("Unsupported start tag %q at byte offset %d", name, begin)
	}
	attrs, err := p.attributes(name, begin)
	if err != nil {
		return err
	}
	if err := checkAttributes(name, attrs, begin); err != nil {
		return err
	}
	p.open = append(p.open, openTag{name, attrs, p.units, len(p.text)})
	return nil
}

func (p *htmlParser) attributes(tag string, begin int) (map[string]string, error) {
	attrs := map[string]string{}
	for {
		p.space()
		if p.at == len(p.in) {
			return nil, refuse("Unclosed start tag %q at byte offset %d", tag, begin)
		}
		if p.in[p.at] == '>' {
			p.at++
			return attrs, nil
		}
		name := p.until(func(c byte) bool { return isSpace(c) || c == '=' || c == '>' })
		if name == "" {
			return nil, refuse("Empty attribute name in the tag %q at byte offset %d", tag, begin)
		}
		p.space()
		if p.at == len(p.in) || p.in[p.at] != '=' {
			if tag == "blockquote" && name == "expandable" {
				attrs[name] = "1"
				continue
			}
			return nil, refuse("Expected equal sign in declaration of an attribute of the tag %q at byte offset %d", tag, begin)
		}
		p.at++
		p.space()
		value, err := p.value(begin)
		if err != nil {
			return nil, err
		}
		attrs[name] = value
	}
}

// value reads an attribute's value: a quoted string, or letters, digits, dots and
// hyphens.
func (p *htmlParser) value(begin int) (string, error) {
	if p.at == len(p.in) {
		return "", refuse("Unclosed start tag at byte offset %d", begin)
	}
	quote := p.in[p.at]
	if quote != '"' && quote != '\'' {
		token := p.at
		v := p.until(func(c byte) bool { return !isAlnum(c) && c != '.' && c != '-' })
		if p.at < len(p.in) && !isSpace(p.in[p.at]) && p.in[p.at] != '>' {
			return "", refuse("Unexpected end of name token at byte offset %d", token)
		}
		return strings.ToLower(v), nil
	}
	p.at++
	raw := p.until(func(c byte) bool { return c == quote })
	if p.at == len(p.in) {
		return "", refuse("Unclosed start tag at byte offset %d", begin)
	}
	p.at++
	return unescape(raw), nil
}

func unescape(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); {
		if s[i] == '&' {
			if r, size := reference(s[i:]); size > 0 {
				b.WriteRune(r)
				i += size
				continue
			}
		}
		b.WriteByte(s[i])
		i++
	}
	return b.String()
}

func checkAttributes(tag string, attrs map[string]string, begin int) error {
	switch tag {
	case "span":
		if attrs["class"] != "tg-spoiler" {
			return refuse("Tag \"span\" must have class \"tg-spoiler\" at byte offset %d", begin)
		}
	case "tg-time":
		if _, err := strconv.ParseInt(attrs["unix"], 10, 64); err != nil {
			return refuse("Invalid Unix time in the tag \"tg-time\" at byte offset %d", begin)
		}
		if !timeFormat.MatchString(attrs["format"]) {
			return refuse("Invalid format in the tag \"tg-time\" at byte offset %d", begin)
		}
	case "tg-emoji":
		if id, err := strconv.ParseInt(attrs["emoji-id"], 10, 64); err != nil || id == 0 {
			return refuse("Invalid custom emoji identifier specified")
		}
	}
	return nil
}

// endTag reads "</name>" and makes the entity of the tag it closes.
func (p *htmlParser) endTag() error {
	begin := p.at
	if len(p.open) == 0 {
		return refuse("Unexpected end tag at byte offset %d", begin)
	}
	p.at += 2
	name := strings.ToLower(p.until(func(c byte) bool { return isSpace(c) || c == '>' }))
	p.space()
	if p.at == len(p.in) || p.in[p.at] != '>' {
		return refuse("Unclosed end tag at byte offset %d", begin)
	}
	p.at++
	tag := p.open[len(p.open)-1]
	if name != "" && name != tag.name {
		return refuse("Unmatched end tag at byte offset %d, expected \"</%s>\", found \"</%s>\"", begin, tag.name, name)
	}
	p.open = p.open[:len(p.open)-1]
	quote := func(t openTag) bool { return t.name == "blockquote" }
	if quote(tag) && slices.ContainsFunc(p.open, quote) {
		return nil // quotations are not nested: the inner one vanishes without an error
	}
	if e, ok := p.entity(tag); ok {
		p.entities = append(p.entities, e)
	}
	return nil
}

// entity is what a closed tag becomes. An empty one and a link that leads nowhere vanish
// without an error.
func (p *htmlParser) entity(tag openTag) (Entity, bool) {
	e := Entity{Type: entityTypes[tag.name], Offset: tag.offset, Length: p.units - tag.offset}
	if e.Length == 0 {
		return e, false
	}
	switch tag.name {
	case "a":
		link := tag.attrs["href"]
		if link == "" {
			link = string(p.text[tag.begin:])
		}
		e.URL = checkedLink(link)
		return e, e.URL != ""
	case "code":
		e.Language = strings.TrimPrefix(tag.attrs["class"], "language-")
	case "blockquote":
		if tag.attrs["expandable"] != "" {
			e.Type = "expandable_blockquote"
		}
	case "tg-time":
		e.UnixTime, _ = strconv.ParseInt(tag.attrs["unix"], 10, 64) // checked at the start tag
		e.Format = tag.attrs["format"]
	}
	return e, true
}

// checkedLink is the address that Telegram keeps of a link, empty for one it drops: it
// has to be http, https, ton or tg, and a web address needs a dot in its host.
func checkedLink(link string) string {
	if !strings.Contains(link, "://") {
		link = "http://" + link
	}
	u, err := url.Parse(link)
	if err != nil || strings.ContainsAny(link, " \n\t") {
		return ""
	}
	switch strings.ToLower(u.Scheme) {
	case "tg", "ton":
		return link
	case "http", "https":
		if strings.ContainsAny(u.Hostname(), ".:") {
			return link
		}
	}
	return ""
}

// until reads up to the first byte that stops.
func (p *htmlParser) until(stop func(byte) bool) string {
	begin := p.at
	for p.at < len(p.in) && !stop(p.in[p.at]) {
		p.at++
	}
	return p.in[begin:p.at]
}

func (p *htmlParser) space() { p.until(func(c byte) bool { return !isSpace(c) }) }

func isSpace(c byte) bool { return c == ' ' || c >= '\t' && c <= '\r' }

func isAlnum(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}
