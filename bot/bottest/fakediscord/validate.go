package fakediscord

import (
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"unicode/utf16"
)

// Message flags (resources/message, "Message Flags").
const flagEphemeral = 1 << 6

// Limits of a message (resources/message, "Create Message" and "Embed Limits";
// components/reference).
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
	maxRows        = 5
	maxInRow       = 5
	maxCustomID    = 100
	maxLabel       = 80
	maxLinkURL     = 512
	maxOptions     = 25
	maxOption      = 100
)

// length counts as a client does, in UTF-16 units, after trimming: the strictest of the
// ways that Discord may count.
func length(s string) int { return len(utf16.Encode([]rune(strings.TrimSpace(s)))) }

func (b Body) empty() bool {
	return strings.TrimSpace(b.Content) == "" && len(b.Embeds) == 0 && len(b.Components) == 0
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
	return append(out, componentProblems(b.Components)...)
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

// component is an action row or what stands in one.
type component struct {
	Type       int         `json:"type"`
	Style      int         `json:"style"`
	Label      string      `json:"label"`
	CustomID   string      `json:"custom_id"`
	URL        string      `json:"url"`
	Components []component `json:"components"`
	Options    []struct {
		Label, Value string
	} `json:"options"`
}

func componentProblems(rows []json.RawMessage) []string {
	var out []string
	over(&out)("components", len(rows), maxRows)
	seen := map[string]bool{}
	for _, raw := range rows {
		var row component
		if err := json.Unmarshal(raw, &row); err != nil || row.Type != 1 {
			out = append(out, "components: only action rows are allowed")
			continue
		}
		if n := len(row.Components); n < 1 || n > maxInRow {
			out = append(out, fmt.Sprintf("components: a row has 1 to %d, not %d", maxInRow, n))
		}
		for _, c := range row.Components {
			out = append(out, c.problems(seen)...)
			if c.Type != 2 && len(row.Components) > 1 {
				out = append(out, "components: a select stands alone in its row")
			}
		}
	}
	return out
}

func (c component) problems(seen map[string]bool) []string {
	var out []string
	note := over(&out)
	note("label", length(c.Label), maxLabel)
	switch {
	case c.Type == 2 && c.Style == 5:
		u, err := url.Parse(c.URL)
		if err != nil || u.Host == "" && u.Scheme != "discord" || c.CustomID != "" || len(c.URL) > maxLinkURL {
			out = append(out, "button: a link has a url and no custom_id")
		}
	case c.Type == 2, c.Type == 3:
		if n := length(c.CustomID); n < 1 || n > maxCustomID || seen[c.CustomID] {
			out = append(out, fmt.Sprintf("custom_id: %q is empty, too long or there twice", c.CustomID))
		}
		seen[c.CustomID] = true
	default:
		out = append(out, fmt.Sprintf("components: type %d is not allowed here", c.Type))
	}
	if c.Type == 2 && (c.Style < 1 || c.Style > 5 || c.Label == "") {
		out = append(out, "button: style or label missing")
	}
	if c.Type == 3 && (len(c.Options) < 1 || len(c.Options) > maxOptions) {
		out = append(out, "select: 1 to 25 options")
	}
	for _, o := range c.Options {
		note("option label", length(o.Label), maxOption)
		note("option value", length(o.Value), maxOption)
	}
	return out
}
