package console

import (
	"bufio"
	"io"
	"strings"

	"github.com/peterh/liner"
)

// Lines gives what is typed, line by line; io.EOF at the end.
type Lines interface {
	Line(prompt string) (string, error)
}

// Piped reads lines from a file or a pipe.
type Piped struct{ r *bufio.Reader }

// NewPiped reads lines from r.
func NewPiped(r io.Reader) *Piped { return &Piped{bufio.NewReader(r)} }

// maxLine is how much of a line is read, in bytes; no command is longer.
const maxLine = 64 << 10

// Line implements Lines. What a line has beyond maxLine is passed over.
func (p *Piped) Line(string) (string, error) {
	var line []byte
	for {
		part, more, err := p.r.ReadLine()
		if err != nil {
			return "", err
		}
		line = append(line, part[:min(len(part), maxLine-len(line))]...)
		if !more {
			return strings.ToValidUTF8(string(line), ""), nil
		}
	}
}

// Typed reads lines from a terminal, with history and completion.
type Typed struct{ state *liner.State }

// NewTyped takes over the terminal until Close. Tab completes the given words.
func NewTyped(words []string) *Typed {
	s := liner.NewLiner()
	s.SetCtrlCAborts(true)
	s.SetCompleter(func(line string) (out []string) {
		for _, w := range words {
			if strings.HasPrefix(w, line) {
				out = append(out, w)
			}
		}
		return out
	})
	return &Typed{s}
}

// Line implements Lines.
func (t *Typed) Line(prompt string) (string, error) {
	line, err := t.state.Prompt(prompt)
	if err == nil {
		t.state.AppendHistory(line)
	}
	return line, err
}

// Close gives the terminal back.
func (t *Typed) Close() error { return t.state.Close() }
