package console

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode"

	"newsdigest/bot"
	"newsdigest/bot/bottest"
	"newsdigest/digest"
)

func TestSuite(t *testing.T) {
	bottest.Run(t, func(t *testing.T) bottest.Subject {
		var out bytes.Buffer
		now := func() time.Time { return time.Date(2026, 11, 22, 8, 0, 0, 0, time.UTC) }
		c := New(Options{Out: &out, Settle: func() {}, Style: Style{Width: 80}, Now: now, Zone: time.UTC})
		return bottest.Subject{
			Platform: c, To: Address,
			Manager: c.request, Fits: withinLimits,
			Shown: func(bot.Request) []string {
				return []string{out.String()[strings.LastIndex(strings.TrimSpace(out.String()), "\n")+1:]}
			},
			// What comes unasked begins with the time of day.
			Sent: func() int { return strings.Count(out.String(), "(08:00) ") },
			Dialogue: &bottest.Dialogue{
				Ask: c.request,
				Choose: func(_ bot.Request, label string) bot.Request {
					i := slices.IndexFunc(c.choices(), func(ch choice) bool { return ch.Label == label })
					l := &listener{c: c}
					if err := c.take(t.Context(), l, strconv.Itoa(i+1)); err != nil || len(l.got) != 1 {
						t.Fatalf("%d requests, %v", len(l.got), err)
					}
					return l.got[0]
				},
			},
		}
	})
}

// withinLimits holds a variant against what a terminal of 80 columns shows: no line is
// wider, except for a single word, and nothing controls the terminal.
func withinLimits(v digest.Variant) string {
	var p digest.Post
	if err := json.Unmarshal(v.Payload, &p); err != nil {
		return err.Error()
	}
	for line := range strings.Lines(Style{Width: maxWidth}.Render(p)) {
		line = strings.TrimSuffix(line, "\n")
		if n := columns(line); n > maxWidth && len(strings.Fields(line)) > 2 {
			return fmt.Sprintf("a line of %d columns: %q", n, line)
		}
		if i := strings.IndexFunc(line, unicode.IsControl); i >= 0 {
			return fmt.Sprintf("a control character in %q", line)
		}
	}
	return ""
}
