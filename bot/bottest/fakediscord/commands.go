package fakediscord

import (
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"strings"
)

// Command is a registered slash command or message command.
type Command struct {
	ID   string `json:"id"`
	Type int    `json:"type"` // 1 slash, 2 user, 3 message; 0 counts as 1
	commandText
	Options       []CommandOption `json:"options,omitempty"`
	Installations []int           `json:"integration_types"`
	Contexts      []int           `json:"contexts"`
	// Raw is the command as it was registered.
	Raw json.RawMessage `json:"-"`
}

type commandText struct {
	Name         string            `json:"name"`
	Description  string            `json:"description"`
	Names        map[string]string `json:"name_localizations,omitempty"`
	Descriptions map[string]string `json:"description_localizations,omitempty"`
}

// CommandOption is an option, or a subcommand with options of its own.
type CommandOption struct {
	commandText
	Type         int             `json:"type"`
	Required     bool            `json:"required"`
	Autocomplete bool            `json:"autocomplete"`
	ChannelTypes []int           `json:"channel_types,omitempty"`
	Options      []CommandOption `json:"options,omitempty"`
	Choices      []struct {
		Name  string            `json:"name"`
		Names map[string]string `json:"name_localizations"`
		Value any               `json:"value"`
	} `json:"choices,omitempty"`
}

// Kinds of command ("Application Command Types").
const (
	slashCommand   = 1
	messageCommand = 3
)

// Limits of commands (interactions/application-commands).
const (
	maxMenu        = 15
	maxCommands    = 130
	maxChatInput   = 100
	maxChoices     = 25
	maxChoice      = 100
	maxCommandSize = 8000
)

// commandName is the pattern for the names of slash commands and options. Deva and Thai
// marks are part of it, which Go writes as scripts.
var commandName = regexp.MustCompile(`^[-_'\p{L}\p{N}\p{Devanagari}\p{Thai}]{1,32}$`)

func (s *Server) getCommands(*http.Request, []byte) (any, *apiError) {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := []any{}
	for _, c := range s.commands {
		var v map[string]any
		if json.Unmarshal(c.Raw, &v) != nil {
			continue
		}
		v["id"], v["application_id"], v["version"], v["type"] = c.ID, s.opt.Application, c.ID, c.Type
		out = append(out, v)
	}
	return out, nil
}

func (s *Server) putCommands(r *http.Request, body []byte) (any, *apiError) {
	if r.PathValue("application") != s.opt.Application {
		return nil, failed(403, 20012, "You are not authorized to perform this action on this application")
	}
	var raws []json.RawMessage
	if err := json.Unmarshal(body, &raws); err != nil {
		return nil, failed(400, 50109, "The request body contains invalid JSON.")
	}
	commands, problems := readCommands(raws)
	if len(problems) > 0 {
		return nil, invalidForm(problems)
	}
	s.mu.Lock()
	for i := range commands {
		commands[i].ID = s.newID()
		for _, old := range s.commands {
			if old.Name == commands[i].Name && old.Type == commands[i].Type {
				commands[i].ID = old.ID
			}
		}
	}
	s.commands = commands
	s.touch()
	s.mu.Unlock()
	return s.getCommands(r, nil)
}

func readCommands(raws []json.RawMessage) ([]Command, []string) {
	var problems []string
	note := over(&problems)
	note("commands", len(raws), maxCommands)
	var out []Command
	seen, kinds := map[string]bool{}, map[int]int{}
	for _, raw := range raws {
		c := Command{Raw: raw}
		if err := json.Unmarshal(raw, &c); err != nil {
			problems = append(problems, err.Error())
			continue
		}
		if c.Type == 0 {
			c.Type = slashCommand
		}
		kinds[c.Type]++
		if key := fmt.Sprint(c.Type, c.Name); seen[key] {
			problems = append(problems, "application command names must be unique: "+c.Name)
		} else {
			seen[key] = true
		}
		problems = append(problems, c.problems()...)
		out = append(out, c)
	}
	note("slash commands", kinds[slashCommand], maxChatInput)
	note("message commands", kinds[messageCommand], maxMenu)
	return out, problems
}

func (c Command) problems() []string {
	if c.Type != slashCommand {
		var out []string
		for _, name := range append(values(c.Names), c.Name) {
			if n := length(name); n < 1 || n > 32 || c.Description != "" || len(c.Options) > 0 {
				out = append(out, name+": a menu command has a name of 1-32 and nothing else")
			}
		}
		return out
	}
	out := c.text("/" + c.Name)
	over(&out)("/"+c.Name+": whole command", size(c.commandText, c.Options), maxCommandSize)
	return append(out, optionProblems("/"+c.Name, c.Options, 0)...)
}

// text checks names and descriptions in all languages.
func (t commandText) text(where string) []string {
	var out []string
	for _, n := range append(values(t.Names), t.Name) {
		if !commandName.MatchString(n) || n != strings.ToLower(n) {
			out = append(out, fmt.Sprintf("%s: %q is no name", where, n))
		}
	}
	for _, d := range append(values(t.Descriptions), t.Description) {
		if n := length(d); n < 1 || n > 100 {
			out = append(out, fmt.Sprintf("%s: a description has 1-100 characters, not %d", where, n))
		}
	}
	return out
}

func values(m map[string]string) []string {
	var out []string
	for _, v := range m {
		out = append(out, v)
	}
	return out
}

// Option types (interactions/application-commands, "Application Command Option Type").
const (
	optionSubcommand = 1
	optionGroup      = 2
	optionString     = 3
	optionInteger    = 4
	optionBoolean    = 5
	optionChannel    = 7
)

func optionProblems(where string, options []CommandOption, depth int) []string {
	var out []string
	over(&out)(where+": options", len(options), maxOptions)
	optional, seen := false, map[string]bool{}
	for _, o := range options {
		at := where + " " + o.Name
		out = append(out, o.text(at)...)
		if seen[o.Name] {
			out = append(out, at+": there twice")
		}
		seen[o.Name] = true
		if o.Required && optional {
			out = append(out, at+": required options come first")
		}
		optional = optional || !o.Required
		out = append(out, o.problems(at, depth)...)
	}
	return out
}

func (o CommandOption) problems(at string, depth int) []string {
	var out []string
	note := over(&out)
	note(at+": choices", len(o.Choices), maxChoices)
	if o.Autocomplete && len(o.Choices) > 0 {
		out = append(out, at+": autocomplete excludes choices")
	}
	for _, c := range o.Choices {
		note(at+": choice name", longest(c.Name, c.Names), maxChoice)
		note(at+": choice value", length(fmt.Sprint(c.Value)), maxChoice)
	}
	switch {
	case o.Type < 1 || o.Type > 11:
		out = append(out, fmt.Sprintf("%s: no option type %d", at, o.Type))
	case o.Type <= optionGroup && depth >= 2, o.Type > optionGroup && len(o.Options) > 0:
		out = append(out, at+": nested too deep")
	case o.Type <= optionGroup:
		out = append(out, optionProblems(at, o.Options, depth+1)...)
	}
	return out
}

// size is the number of characters that count for the limit of a whole command, the
// longest language of each text.
func size(t commandText, options []CommandOption) int {
	n := longest(t.Name, t.Names) + longest(t.Description, t.Descriptions)
	for _, o := range options {
		n += size(o.commandText, o.Options)
		for _, c := range o.Choices {
			n += longest(c.Name, c.Names) + length(fmt.Sprint(c.Value))
		}
	}
	return n
}

func longest(s string, others map[string]string) int {
	n := length(s)
	for _, o := range others {
		n = max(n, length(o))
	}
	return n
}
