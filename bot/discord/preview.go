package discord

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"

	"newsdigest/digest"
)

// What Discord publishes as the most of a message (resources/message, "Create Message" and
// "Embed Limits"; components/reference).
const (
	mostContent     = 2000
	mostDescription = 4096
	mostPanelText   = 4000
)

// Preview is a post as it goes to Discord, for people to read: the messages in JSON, and
// how much of Discord's limits they take.
func Preview(p digest.Post) string {
	var b strings.Builder
	messages := shown(p, false, false)
	for i, m := range messages {
		if len(messages) > 1 {
			fmt.Fprintf(&b, "Message %d of %d\n", i+1, len(messages))
		}
		var body bytes.Buffer
		e := json.NewEncoder(&body)
		e.SetEscapeHTML(false)
		e.SetIndent("", "  ")
		if err := e.Encode(m); err != nil {
			return err.Error() // a message is made of strings and numbers: it always encodes
		}
		fmt.Fprintf(&b, "%s\n%s\n", body.String(), m.sizes())
	}
	return b.String()
}

// sizes tell how much of each limit a message takes.
func (m message) sizes() string {
	out := []string{fmt.Sprintf("%d/%d characters of content", units(m.Content), mostContent)}
	if m.Flags&flagPanel != 0 {
		out[0] = fmt.Sprintf("%d/%d characters of text", textOf(m.Components), mostPanelText)
	}
	for _, e := range m.Embeds {
		total := units(e.Title) + units(e.Description)
		if e.Author != nil {
			total += units(e.Author.Name)
		}
		if e.Footer != nil {
			total += units(e.Footer.Text)
		}
		out = append(out, fmt.Sprintf("embed: %d/%d of title, %d/%d of description, %d/%d in all",
			units(e.Title), maxTitle, units(e.Description), mostDescription, total, maxEmbedText))
	}
	return strings.Join(append(out, fmt.Sprintf("%d/%d components", count(m.Components), maxComponents)), "\n")
}
