package fakediscord

import (
	"fmt"
	"net/url"
	"strings"
	"unicode/utf16"
)

// Message flags (resources/message, "Message Flags").
const (
	flagNoEmbeds   = 1 << 2
	flagEphemeral  = 1 << 6
	flagComponents = 1 << 15 // IS_COMPONENTS_V2
)

// Limits of a message (resources/message, "Create Message" and "Embed Limits").
const (
	maxContent     = 2000
	maxEmbeds      = 10
	maxEmbedText   = 6000
	maxTitle       = 256
	maxDescription = 4096
	maxFields      = 25
	maxFieldName   = 256
	maxFieldValue  = 1024
	maxFooter      = 2048
	maxAuthor      = 256
	maxNonce       = 25
	maxPicture     = 2048
)

// length counts as a client does, in UTF-16 units, after trimming: the strictest of the
// ways that Discord may count.
func length(s string) int { return len(utf16.Encode([]rune(strings.TrimSpace(s)))) }

func (b Body) empty() bool {
	return strings.TrimSpace(b.Content) == "" && len(b.Embeds) == 0 && len(b.Components) == 0 && len(b.Files) == 0
}

// problems are the rules that a message breaks.
func (b Body) problems() []string {
	var out []string
	note := over(&out)
	note("content", length(b.Content), maxContent)
	note("embeds", len(b.Embeds), maxEmbeds)
	if n, ok := b.Nonce.(string); ok {
		note("nonce", len(n), maxNonce)
	}
	total := 0
	for _, e := range b.Embeds {
		total += e.check(&out)
	}
	note("embeds: total size", total, maxEmbedText)
	if b.Flags&flagComponents == 0 {
		return append(out, rowProblems(b.Components)...)
	}
	if b.Content != "" || len(b.Embeds) > 0 {
		out = append(out, "content and embeds: cannot be used with IS_COMPONENTS_V2")
	}
	return append(out, layoutProblems(b.Components, b.Files)...)
}

// over gives a function that notes a figure above its limit.
func over(out *[]string) func(what string, got, limit int) {
	return func(what string, got, limit int) {
		if got > limit {
			*out = append(*out, fmt.Sprintf("%s: must be %d or fewer, is %d", what, limit, got))
		}
	}
}

// check notes what is wrong with an embed; it gives the size that counts for the total.
func (e Embed) check(out *[]string) int {
	note := over(out)
	total := 0
	sized := func(what, s string, limit int) {
		note(what, length(s), limit)
		total += length(s)
	}
	sized("embed title", e.Title, maxTitle)
	sized("embed description", e.Description, maxDescription)
	if e.Footer != nil {
		sized("embed footer", e.Footer.Text, maxFooter)
	}
	if e.Author != nil {
		sized("embed author", e.Author.Name, maxAuthor)
	}
	if e.Thumbnail != nil {
		u, err := url.Parse(e.Thumbnail.URL)
		if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" || len(e.Thumbnail.URL) > maxPicture {
			*out = append(*out, "embed thumbnail: not a well formed URL")
		}
	}
	note("embed fields", len(e.Fields), maxFields)
	for _, f := range e.Fields {
		sized("field name", f.Name, maxFieldName)
		sized("field value", f.Value, maxFieldValue)
	}
	if total == 0 {
		*out = append(*out, "embed: nothing to show")
	}
	return total
}
