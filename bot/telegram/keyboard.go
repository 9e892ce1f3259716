package telegram

import (
	"net/url"
	"regexp"
	"strings"
	"unicode/utf8"

	"newsdigest/digest"
)

// Limits of an inline keyboard (Bot API, InlineKeyboardButton).
const (
	maxButtons = 100
	maxLabel   = 64 // characters; clients show fewer
	maxData    = 64 // bytes
)

// Columns of a grid. Clients cut labels that do not fit.
const (
	gridColumns = 2
	maxInGrid   = 22 // characters; a longer label takes the whole width
)

// chosenMark stands before the label of an option that is chosen.
const chosenMark = "✓ "

// What joins the action of a menu with a value in callback data: the one value that was
// chosen, or the one that changes.
const (
	choose = "="
	toggle = "^"
)

// keys collects an inline keyboard. What Telegram would refuse is left out, as it would
// take the message with it.
type keys struct {
	username string // of the bot, for links to itself; empty if not known
	rows     [][]button
	n        int
}

// keyboard is the inline keyboard of a post.
func keyboard(p digest.Post, username string) [][]button {
	k := &keys{username: username}
	k.grid(rowButtons(p.Rows))
	for _, m := range p.Menus {
		k.grid(menuButtons(m))
	}
	for _, row := range p.Buttons {
		k.row(row)
	}
	return k.rows
}

// row adds a row of buttons.
func (k *keys) row(buttons []digest.Button) {
	var row []button
	for _, b := range buttons {
		if key, ok := k.key(b); ok && k.n < maxButtons {
			k.n++
			row = append(row, key)
		}
	}
	if len(row) > 0 {
		k.rows = append(k.rows, row)
	}
}

// grid adds buttons in columns, in one column where a label is long.
func (k *keys) grid(buttons []digest.Button) {
	columns := gridColumns
	for _, b := range buttons {
		if utf8.RuneCountInString(b.Label) > maxInGrid {
			columns = 1
		}
	}
	for len(buttons) > 0 {
		n := min(columns, len(buttons))
		k.row(buttons[:n])
		buttons = buttons[n:]
	}
}

// startPayload is what a link to a bot may carry (Telegram, deep links).
var startPayload = regexp.MustCompile(`^[A-Za-z0-9_-]{1,64}$`)

func (k *keys) key(b digest.Button) (button, bool) {
	label := []rune(digest.Clean(b.Label))
	key := button{Text: string(label[:min(maxLabel, len(label))])}
	switch {
	case key.Text == "":
		return key, false
	case b.URL != "":
		key.URL = b.URL
		return key, webAddress(b.URL)
	case b.Start != "":
		key.URL = "https://t.me/" + url.PathEscape(k.username) + "?start=" + b.Start
		return key, k.username != "" && startPayload.MatchString(b.Start)
	}
	key.Data = b.Action
	return key, b.Action != "" && len(b.Action) <= maxData
}

// rowButtons are the buttons of rows. Away from their lines they need names of their own:
// where labels repeat, all are called by how their lines start.
func rowButtons(rows []digest.Row) []digest.Button {
	labels, repeat := map[string]int{}, false
	for _, r := range rows {
		labels[r.Button.Label]++
		repeat = repeat || labels[r.Button.Label] > 1
	}
	var out []digest.Button
	for _, r := range rows {
		b := r.Button
		if b.Label != "" && repeat && len(r.Line) > 0 {
			if name := strings.TrimRight(strings.TrimSpace(r.Line[0].Text), ": "); name != "" {
				b.Label = name
			}
		}
		out = append(out, b)
	}
	return out
}

// menuButtons are the options of a menu. There is no menu of all the places that somebody
// runs.
func menuButtons(m digest.Menu) []digest.Button {
	if m.Channels {
		return nil
	}
	join := choose
	if m.Many {
		join = toggle
	}
	var out []digest.Button
	for _, o := range m.Options {
		b := digest.Button{Label: o.Label, Action: m.Action + join + o.Value}
		if o.Chosen {
			b.Label = chosenMark + o.Label
		}
		out = append(out, b)
	}
	return out
}

// pressed reads callback data: the action, and the value that was chosen or changes.
func pressed(data string) (action string, values []string, toggled bool) {
	i := strings.IndexAny(data, choose+toggle)
	if i < 0 {
		return data, nil, false
	}
	return data[:i], []string{data[i+1:]}, data[i:i+1] == toggle
}
