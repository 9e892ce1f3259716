package main

import (
	"encoding/xml"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/text/width"
)

// drawing is a picture that grows downward, in SVG.
type drawing struct {
	width float64
	y     float64 // the lower end of what is drawn
	parts []string
}

// ink is how letters look.
type ink struct {
	color        string
	size         float64
	bold, italic bool
	mono         bool
}

// run is text in one ink.
type run struct {
	text string
	ink
}

const (
	sansFamily = "Helvetica, Arial, 'Liberation Sans', sans-serif"
	monoFamily = "Menlo, Consolas, 'DejaVu Sans Mono', monospace"
	monoWidth  = 0.6 // of a letter, in its size
)

// advance are the widths of the letters from space to tilde in Helvetica, in thousandths
// of their size (the font's published metrics).
var advance = [...]int{
	278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278,
	556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556,
	1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778,
	667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556,
	333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556,
	556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
}

// measure is how wide a text is.
func (i ink) measure(text string) float64 {
	n := 0.0
	for _, r := range text {
		switch at := int(r) - ' '; {
		case i.mono && width.LookupRune(r).Kind() == width.EastAsianWide:
			n += 2 * monoWidth
		case i.mono:
			n += monoWidth
		case at >= 0 && at < len(advance):
			n += float64(advance[at]) / 1000
		case r == '’' || r == '·':
			n += 0.25
		default:
			n += 0.556
		}
	}
	if i.bold && !i.mono {
		n *= 1.06
	}
	return n * i.size
}

// box draws a rectangle.
func (d *drawing) box(x, y, w, h, round float64, fill string) {
	d.parts = append(d.parts, boxOf(x, y, w, h, round, fill))
}

func boxOf(x, y, w, h, round float64, fill string) string {
	return fmt.Sprintf(`<rect x="%g" y="%.1f" width="%g" height="%.1f" rx="%g" fill="%s"/>`, x, y, w, h, round, fill)
}

// behind draws a rectangle under everything that was drawn since the mark.
func (d *drawing) behind(mark int, x, y, w, h, round float64, fill string) {
	d.parts = slices.Insert(d.parts, mark, boxOf(x, y, w, h, round, fill))
}

// line draws runs beside each other, y being the line they stand on. The length is given,
// so that every font takes as much room as was measured.
func (d *drawing) line(x, y float64, runs []run) {
	var b strings.Builder
	length := 0.0
	for _, r := range runs {
		length += r.measure(r.text)
		attributes := fmt.Sprintf(` fill="%s" font-size="%g"`, r.color, r.size)
		if r.mono {
			attributes += ` font-family="` + monoFamily + `"`
		}
		if r.bold {
			attributes += ` font-weight="bold"`
		}
		if r.italic {
			attributes += ` font-style="italic"`
		}
		b.WriteString("<tspan" + attributes + ">")
		xml.EscapeText(&b, []byte(r.text)) //nolint:errcheck // a builder takes everything
		b.WriteString("</tspan>")
	}
	if length > 0 {
		d.parts = append(d.parts, fmt.Sprintf(`<text x="%g" y="%.1f" textLength="%.1f" lengthAdjust="spacingAndGlyphs" xml:space="preserve">%s</text>`, x, y, length, b.String()))
	}
}

// centered draws one run around x.
func (d *drawing) centered(x, y float64, r run) { d.line(x-r.measure(r.text)/2, y, []run{r}) }

// leading is the height of a line in the size of its letters.
const leading = 1.36

// prose draws runs in as many lines as they need, most at most if that is not 0, and tells
// whether there were more.
func (d *drawing) prose(x, width float64, runs []run, most int) (more bool) {
	if len(runs) == 0 {
		return false
	}
	lines := wrapped(runs, width)
	if most > 0 && len(lines) > most {
		lines, more = lines[:most], true
	}
	for _, l := range lines {
		d.y += runs[0].size * leading
		d.line(x, d.y-runs[0].size*(leading-1), l)
	}
	return more
}

// wrapped breaks runs at spaces, and at runs that are line breaks.
func wrapped(runs []run, width float64) [][]run {
	var lines [][]run
	var line []run
	room := width
	for _, r := range runs {
		if r.text == "\n" {
			lines, line, room = append(lines, line), nil, width
			continue
		}
		for _, word := range strings.SplitAfter(r.text, " ") {
			if need := r.measure(strings.TrimRight(word, " ")); need > room && room < width {
				lines, line, room = append(lines, line), nil, width
			}
			room -= r.measure(word)
			if n := len(line); n > 0 && line[n-1].ink == r.ink {
				line[n-1].text += word
			} else {
				line = append(line, run{word, r.ink})
			}
		}
	}
	return append(lines, line)
}

// svg is the whole picture with what it shows in words.
func (d *drawing) svg(title, background string) string {
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" role="img" width="%g" height="%.0f" viewBox="0 0 %g %.0f" font-family="%s">`+"\n",
		d.width, d.y, d.width, d.y, sansFamily)
	fmt.Fprintf(&b, "<title>%s</title>\n%s\n", title, boxOf(0, 0, d.width, d.y, 10, background))
	return b.String() + strings.Join(d.parts, "\n") + "\n</svg>\n"
}
