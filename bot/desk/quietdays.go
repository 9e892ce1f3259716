package desk

import (
	"context"
	"strings"

	"newsdigest/digest"
)

// quietDays is how many days in a row without news are worth a word: the chat's sources or
// topics may be too few.
const quietDays = 3

// countQuiet counts the days on which a chat's digests had nothing to tell, by what was
// filed for a slot. That no source answered says nothing about the news.
func countQuiet(c *digest.Chat, e digest.Edition) {
	day, _, _ := strings.Cut(e.Slot.Local, "T")
	switch {
	case len(e.Stories) > 0:
		c.QuietDays, c.QuietDay = 0, ""
	case day != "" && day != c.QuietDay && !e.AllSilent():
		c.QuietDays, c.QuietDay = c.QuietDays+1, day
	}
}

// tellQuiet tells a person about the third quiet day in a row. Groups are not told: nobody
// there asked.
func (d *Desk) tellQuiet(ctx context.Context, c digest.Chat, e digest.Edition) error {
	countQuiet(&c, e)
	if c.QuietDays != quietDays || !c.Address.Private() {
		return nil
	}
	return d.notify(ctx, c, digest.Notice{Key: "quiet " + c.QuietDay, Kind: digest.QuietNotice, At: e.At})
}
