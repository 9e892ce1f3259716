package main

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/joho/godotenv"
)

// settings is a .env file that is being changed: its lines, remarks included, stay in
// their order.
type settings struct {
	file    string
	old     bool // it was there before
	lines   []string
	values  map[string]string
	changes []string // names that got another value, for people: without values
}

// readSettings reads the file, an empty one if there is none.
func readSettings(file string) (*settings, error) {
	s := &settings{file: file, values: map[string]string{}}
	body, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		s.lines = []string{"# Settings of newsdigest. .env.example has all of them."}
		return s, nil
	}
	if err != nil {
		return nil, unreadable(file, err)
	}
	if s.values, err = godotenv.UnmarshalBytes(body); err != nil {
		return nil, unreadable(file, err)
	}
	s.old = true
	if text := strings.TrimRight(string(body), "\n"); text != "" {
		s.lines = strings.Split(text, "\n")
	}
	return s, nil
}

func (s *settings) has(name string) bool { return s.values[name] != "" }

// set gives a setting a value, in its line if it has one.
func (s *settings) set(name, value string) {
	if s.values[name] == value {
		return
	}
	line := name + "=" + quoted(value)
	if i := s.line(name); i >= 0 {
		s.lines[i] = line
	} else {
		s.lines = append(s.lines, line)
	}
	s.values[name] = value
	s.changes = append(s.changes, name)
}

// unset takes a setting out.
func (s *settings) unset(name string) {
	i := s.line(name)
	if i < 0 {
		return
	}
	s.lines = slices.Delete(s.lines, i, i+1)
	delete(s.values, name)
	s.changes = append(s.changes, name+" (taken out)")
}

// line is where a setting stands, -1 if it does not.
func (s *settings) line(name string) int {
	return slices.IndexFunc(s.lines, func(l string) bool {
		l = strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(l), "export "))
		before, _, ok := strings.Cut(l, "=")
		return ok && strings.TrimSpace(before) == name
	})
}

// quoted is a value as a .env file has it.
func quoted(value string) string {
	if !strings.ContainsAny(value, " #'\"$\\") {
		return value
	}
	return "'" + strings.ReplaceAll(value, "'", `'"'"'`) + "'"
}

// write replaces the file by a new one that only its owner may read.
func (s *settings) write() error {
	temp, err := os.CreateTemp(filepath.Dir(s.file), ".env.new-*") // mode 0600
	if err != nil {
		return err
	}
	defer os.Remove(temp.Name()) //nolint:errcheck // it has another name when all went well
	_, err = temp.WriteString(strings.Join(s.lines, "\n") + "\n")
	if err = errors.Join(err, temp.Sync(), temp.Close()); err != nil {
		return err
	}
	return os.Rename(temp.Name(), s.file)
}
