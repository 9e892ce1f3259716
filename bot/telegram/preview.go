package telegram

import (
	"fmt"
	"strconv"
	"strings"

	"newsdigest/digest"
)

// Preview is a post as it goes to Telegram, for people to read: the text with its markup,
// the keyboard, and how much of Telegram's limits they take. username is the bot's.
func Preview(p digest.Post, username string) string {
	var b strings.Builder
	posts := fit(p)
	for i, post := range posts {
		v := variants(post, username)[0]
		if len(posts) > 1 {
			fmt.Fprintf(&b, "Message %d of %d\n", i+1, len(posts))
		}
		b.WriteString(v.payload.Text + "\n")
		if len(v.payload.Buttons) > 0 {
			b.WriteString("\n" + encode(map[string]any{"inline_keyboard": v.payload.Buttons}) + "\n")
		}
		fmt.Fprintf(&b, "\n%s\n", sizes(post, v))
	}
	return b.String()
}

// sizes tell how much of each limit a message takes.
func sizes(p digest.Post, v variant) string {
	_, tags := rich(p)
	keys, data := 0, 0
	for _, row := range v.payload.Buttons {
		for _, b := range row {
			keys, data = keys+1, max(data, len(b.Data))
		}
	}
	return fmt.Sprintf("%s/%s characters, %s/%s bytes, %d/%d entities, %d/%d buttons, %d/%d bytes of callback data",
		grouped(units(v.visible)), grouped(maxText), grouped(len(v.payload.Text)), grouped(maxSource),
		tags, maxEntities, keys, maxButtons, data, maxData)
}

// grouped is a number with a comma between thousands.
func grouped(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
