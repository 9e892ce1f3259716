package main

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"newsdigest/bot"
	"newsdigest/bot/bottest/faketelegram"
	"newsdigest/bot/console"
	"newsdigest/bot/discord"
	"newsdigest/bot/telegram"
	"newsdigest/digest"
)

// pictureFolder has the pictures of README.md.
const pictureFolder = "../../.github/pictures"

// TestReadmePictures draws the sample digest as each platform shows it, from what would be
// sent there. With -update it writes the pictures; else it makes sure that they are there,
// and in README.md, since their words change whenever grouping or summaries get better.
func TestReadmePictures(t *testing.T) {
	e := sampleEdition(t)
	private := digest.Address{Platform: digest.Telegram, Channel: "1"}
	channel := digest.Address{Platform: digest.Discord, Channel: "1", Server: "1"}
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	for name, picture := range map[string]string{
		"telegram.svg": drawTelegram(t, telegram.Preview(bot.Editor{}.Post(e, 1, private), exampleBot)),
		"discord.svg":  drawDiscord(t, discord.Preview(bot.Editor{}.Post(e, 1, channel))),
		"terminal.svg": drawTerminal(bot.Editor{}.Post(e, 1, console.Address)),
	} {
		file := filepath.Join(pictureFolder, name)
		if *update {
			if err := os.WriteFile(file, []byte(picture), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		for _, p := range []string{picture, readPicture(t, file)} {
			checkPicture(t, name, p)
		}
		if !bytes.Contains(readme, []byte("(.github/pictures/"+name+")")) {
			t.Errorf("README.md does not show %s", name)
		}
	}
}

func readPicture(t *testing.T, file string) string {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatalf("%v; go test ./cmd/newsdigest -run TestReadmePictures -update draws it", err)
	}
	return string(b)
}

// checkPicture: a picture is XML and shows a digest from its head to its end.
func checkPicture(t *testing.T, name, picture string) {
	t.Helper()
	decoder := xml.NewDecoder(strings.NewReader(picture))
	var text strings.Builder
	for {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if words, ok := token.(xml.CharData); ok {
			text.Write(words)
		}
	}
	for _, want := range []string{"Midday digest", "5 stories", "Sources differ:", "That’s all. Next digest ", "Summaries are automatic. Check the sources."} {
		if !strings.Contains(text.String(), want) {
			t.Errorf("%s does not show %q", name, want)
		}
	}
}

// sampleEdition is the digest that a trial gives to somebody who gets one every day.
func sampleEdition(t *testing.T) digest.Edition {
	t.Helper()
	t.Setenv("TZ", "Europe/Berlin")
	file := filepath.Join(t.TempDir(), "db")
	p := &program{in: strings.NewReader("/subscribe daily at 8\n/digest\n"), out: io.Discard, errs: io.Discard}
	if code := p.run(t.Context(), []string{"try", "--db", file}); code != exitDone {
		t.Fatalf("exit code %d", code)
	}
	h, err := build(t.Context(), config{}, slog.New(slog.DiscardHandler), plan{file: file})
	if err != nil {
		t.Fatal(err)
	}
	defer h.close()
	chat, _, err := h.desk.Chat(t.Context(), console.Address)
	if err != nil {
		t.Fatal(err)
	}
	e, err := lastEdition(t.Context(), h.desk, chat)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// drawTelegram draws a message in a private chat, and the keyboard under it.
func drawTelegram(t *testing.T, preview string) string {
	html, rest, ok := strings.Cut(preview, "\n\n{\"inline_keyboard\"")
	if !ok {
		t.Fatalf("no keyboard in %s", preview)
	}
	text, entities, err := faketelegram.ParseHTML(html)
	if err != nil {
		t.Fatal(err)
	}
	const bubble, margin, pad = 456, 12, 14
	d := &drawing{width: bubble + 2*margin, y: margin + pad/2}
	for lines := telegramLines(text, entities); len(lines) > 0; lines = lines[1:] {
		switch l := lines[0]; {
		case len(l.runs) == 0:
			d.y += 10
		case l.folded:
			for len(lines) > 1 && lines[1].folded {
				lines = lines[1:]
				l.runs = append(append(l.runs, run{"\n", l.runs[0].ink}), lines[0].runs...)
			}
			d.quote(margin+pad, bubble-2*pad, l.runs)
		default:
			d.prose(margin+pad, bubble-2*pad, l.runs, 0)
		}
	}
	d.line(margin+bubble-pad-32, d.y+6, []run{{"14:05", ink{color: "#8a96a0", size: 12}}})
	d.y += 14
	d.behind(0, margin, margin, bubble, d.y-margin, 14, "#ffffff")
	d.keyboard(t, `{"inline_keyboard"`+strings.SplitN(rest, "\n", 2)[0], margin, bubble)
	d.y += margin
	return d.svg("A digest on Telegram", "#c8d6df")
}

// quote draws what is folded away: its first lines, and that there is more.
func (d *drawing) quote(x, width float64, runs []run) {
	d.y += 4
	top := d.y
	more := d.prose(x+12, width-40, runs, 3)
	d.box(x, top, 3, d.y-top+4, 1.5, "#4a90c4")
	if more {
		d.line(x+width-14, d.y-2, []run{{"⌄", ink{color: "#4a90c4", size: 15, bold: true}}})
	}
	d.y += 6
}

// keyboard draws an inline keyboard.
func (d *drawing) keyboard(t *testing.T, markup string, x, width float64) {
	var k struct {
		Rows [][]struct{ Text string } `json:"inline_keyboard"`
	}
	if err := json.Unmarshal([]byte(markup), &k); err != nil {
		t.Fatal(err)
	}
	const gap, height = 4, 34
	for _, row := range k.Rows {
		d.y += gap
		w := (width - gap*float64(len(row)-1)) / float64(len(row))
		for i, b := range row {
			left := x + float64(i)*(w+gap)
			d.box(left, d.y, w, height, 8, "#7f93a1")
			d.centered(left+w/2, d.y+22, run{b.Text, ink{color: "#ffffff", size: 14, bold: true}})
		}
		d.y += height
	}
}

// telegramLine is a line of a message, in the looks that its entities give it.
type telegramLine struct {
	runs   []run
	folded bool // in a quotation that is folded away
}

func telegramLines(text string, entities []faketelegram.Entity) []telegramLine {
	var out []telegramLine
	at := 0
	for _, line := range strings.Split(text, "\n") {
		var l telegramLine
		for _, r := range line {
			in := ink{color: "#17212b", size: 15}
			for _, e := range entities {
				if at < e.Offset || at >= e.Offset+e.Length {
					continue
				}
				switch e.Type {
				case "bold":
					in.bold = true
				case "italic":
					in.italic = true
				case "text_link", "date_time":
					in.color = "#2a7ab8"
				case "expandable_blockquote":
					l.folded = true
				}
			}
			at += utf16.RuneLen(r)
			if n := len(l.runs); n > 0 && l.runs[n-1].ink == in {
				l.runs[n-1].text += string(r)
			} else {
				l.runs = append(l.runs, run{string(r), in})
			}
		}
		at++
		out = append(out, l)
	}
	return out
}

// discordMessage is what a picture needs of a message.
type discordMessage struct {
	Content    string
	Embeds     []discordEmbed
	Components []discordRow
}

type discordEmbed struct {
	Title, Description string
	Color              int
	Author             struct{ Name string }
	Footer             struct{ Text string }
}

type discordRow struct {
	Components []struct {
		Type               int
		Label, Placeholder string
	}
}

const (
	discordText, discordFaint = "#dbdee1", "#a3a6aa"
	discordMenu               = 3 // a component of type "String Select"
)

// Where a message on Discord stands.
const discordLeft, discordWidth = 72.0, 520.0

// drawDiscord draws a message in a channel: the line, the embed, the menu and the buttons.
func drawDiscord(t *testing.T, preview string) string {
	var m discordMessage
	if err := json.NewDecoder(strings.NewReader(preview)).Decode(&m); err != nil {
		t.Fatal(err)
	}
	d := &drawing{width: discordLeft + discordWidth + 20, y: 34}
	d.parts = append(d.parts, `<circle cx="38" cy="38" r="20" fill="#2f6f8f"/>`)
	d.centered(38, 44, run{"N", ink{color: "#ffffff", size: 18, bold: true}})
	d.line(discordLeft, 30, []run{{"Newsdigest", ink{color: "#f2f3f5", size: 15, bold: true}}})
	d.box(discordLeft+88, 18, 30, 15, 3, "#5865f2")
	d.centered(discordLeft+103, 29.5, run{"APP", ink{color: "#ffffff", size: 10, bold: true}})
	d.line(discordLeft+126, 30, []run{{"Today at 14:05", ink{color: discordFaint, size: 12}}})
	d.prose(discordLeft, discordWidth, marked(m.Content, 15), 0)
	for _, e := range m.Embeds {
		d.embed(e)
	}
	for _, row := range m.Components {
		d.components(row)
	}
	d.y += 16
	return d.svg("A digest on Discord", "#313338")
}

// embed draws an embed with its stripe.
func (d *drawing) embed(e discordEmbed) {
	const pad = 14
	d.y += 8
	top, mark := d.y, len(d.parts)
	text := func(runs []run) { d.prose(discordLeft+pad, discordWidth-2*pad, runs, 0) }
	d.y += pad / 2
	text([]run{{e.Author.Name, ink{color: "#f2f3f5", size: 12, bold: true}}})
	d.y += 2
	text([]run{{e.Title, ink{color: "#f2f3f5", size: 15, bold: true}}})
	d.y += 4
	for line := range strings.SplitSeq(e.Description, "\n") {
		if line == "" {
			d.y += 10
		}
		text(marked(line, 14))
	}
	d.y += 8
	text([]run{{e.Footer.Text + " • Today at 14:05", ink{color: discordText, size: 11.5}}})
	d.y += pad
	d.behind(mark, discordLeft, top, discordWidth, d.y-top, 4, "#2b2d31")
	d.box(discordLeft, top, 4, d.y-top, 2, fmt.Sprintf("#%06x", e.Color))
}

// components draws a menu, or a row of buttons.
func (d *drawing) components(row discordRow) {
	d.y += 8
	x := discordLeft
	for _, c := range row.Components {
		if c.Type == discordMenu {
			d.box(x, d.y, 400, 38, 6, "#1e1f22")
			d.line(x+12, d.y+24, []run{{c.Placeholder, ink{color: discordFaint, size: 14}}})
			d.line(x+376, d.y+24, []run{{"⌄", ink{color: discordFaint, size: 14}}})
			continue
		}
		label := run{c.Label, ink{color: "#ffffff", size: 13.5, bold: true}}
		w := label.measure(c.Label) + 30
		d.box(x, d.y, w, 34, 6, "#4e5058")
		d.centered(x+w/2, d.y+22, label)
		x += w + 8
	}
	d.y += 36
}

// markdown is what digests use of Discord's: bold, italic, links, times and escapes.
var markdown = regexp.MustCompile(`\*\*(.+?)\*\*|\*(.+?)\*|\[((?:[^\]\\]|\\.)+)\]\([^)]+\)|<t:(\d+):F>|\\(.)`)

// marked is a line as Discord shows it.
func marked(line string, size float64) []run {
	plain := ink{color: discordText, size: size}
	var out []run
	add := func(text string, in ink) {
		if text != "" {
			out = append(out, run{text, in})
		}
	}
	unescape := func(s string) string { return regexp.MustCompile(`\\(.)`).ReplaceAllString(s, "$1") }
	for line != "" {
		m := markdown.FindStringSubmatchIndex(line)
		if m == nil {
			add(line, plain)
			break
		}
		add(line[:m[0]], plain)
		group := func(n int) string {
			if m[2*n] < 0 {
				return ""
			}
			return unescape(line[m[2*n]:m[2*n+1]])
		}
		strong, slanted, link := plain, plain, plain
		strong.bold, strong.color, slanted.italic, link.color = true, "#f2f3f5", true, "#00a8fc"
		add(group(1), strong)
		add(group(2), slanted)
		add(group(3), link)
		if unix, err := strconv.ParseInt(group(4), 10, 64); err == nil {
			berlin, _ := digest.LoadZone("Europe/Berlin")
			add(time.Unix(unix, 0).In(berlin).Format("Monday, 2 January 2006 15:04"), plain)
		}
		add(group(5), plain)
		line = line[m[1]:]
	}
	return out
}

// drawTerminal draws what a terminal of 80 columns shows.
func drawTerminal(p digest.Post) string {
	style := console.Style{Width: 80, Color: true, Story: func(n int) string { return fmt.Sprintf("newsdigest story %d", n) }}
	plain := ink{color: "#d8dee6", size: 13, mono: true}
	strong := plain
	strong.bold, strong.color = true, "#ffffff"
	d := &drawing{width: 80*plain.size*monoWidth + 40, y: 14}
	d.prose(20, d.width, []run{{"$ ", ink{color: "#7fb069", size: 13, mono: true}}, {"newsdigest digest", plain}}, 0)
	d.y += 8
	for line := range strings.SplitSeq(strings.TrimSuffix(style.Render(p), "\n"), "\n") {
		var runs []run
		for i, part := range strings.Split(strings.ReplaceAll(line, "\x1b[0m", "\x1b[1m"), "\x1b[1m") {
			in := plain
			if i%2 == 1 {
				in = strong
			}
			if part != "" {
				runs = append(runs, run{part, in})
			}
		}
		d.y += plain.size * leading
		d.line(20, d.y-plain.size*(leading-1), runs)
	}
	d.y += 18
	return d.svg("A digest in a terminal", "#1d232b")
}
