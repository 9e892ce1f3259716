package faketelegram

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// retired are parameters that Telegram still takes but no longer describes; a bot of
// today does not send them.
var retired = []string{"disable_web_page_preview", "reply_to_message_id", "allow_sending_without_reply"}

// spec is the machine-readable description of the Bot API.
type spec struct {
	Methods map[string]entry `json:"methods"`
	Types   map[string]entry `json:"types"`
}

type entry struct {
	Name     string   `json:"name"`
	Fields   []field  `json:"fields"`
	Subtypes []string `json:"subtypes"`
}

type field struct {
	Name     string   `json:"name"`
	Types    []string `json:"types"`
	Required bool     `json:"required"`
}

// loadSpec reads telegram-bot-api.json in the folder; no folder means no description.
func loadSpec(folder string) (*spec, error) {
	if folder == "" {
		return nil, nil
	}
	raw, err := os.ReadFile(filepath.Join(folder, "telegram-bot-api.json"))
	if err != nil {
		return nil, fmt.Errorf("faketelegram: reading the API description: %w", err)
	}
	var s spec
	if err := json.Unmarshal(raw, &s); err != nil {
		return nil, fmt.Errorf("faketelegram: reading the API description: %w", err)
	}
	return &s, nil
}

// check tells what is wrong with a call, apart from what the answer says.
func (s *Server) check(method string, p params) []string {
	var wrong []string
	for _, name := range retired {
		if _, ok := p[name]; ok {
			wrong = append(wrong, fmt.Sprintf("%s: parameter %s is retired", method, name))
		}
	}
	if s.spec == nil || method == DownloadMethod {
		return wrong
	}
	m, ok := s.spec.Methods[method]
	if !ok {
		return append(wrong, fmt.Sprintf("%s: no such method", method))
	}
	values := map[string]any{}
	for name, text := range p {
		values[name] = text
		if i := slices.IndexFunc(m.Fields, func(f field) bool { return f.Name == name }); i >= 0 {
			values[name] = fromForm(text, m.Fields[i].Types)
		}
	}
	return append(wrong, s.spec.object(method, m, values)...)
}

// fromForm reads a form value as one of the types; what cannot be read stays text.
func fromForm(text string, types []string) any {
	if slices.Contains(types, "String") {
		return text
	}
	var v any
	if json.Unmarshal([]byte(text), &v) != nil {
		return text
	}
	return v
}

// object checks the fields of a call or of a type.
func (s *spec) object(path string, d entry, values map[string]any) []string {
	var wrong []string
	for _, f := range d.Fields {
		v, ok := values[f.Name]
		switch {
		case !ok && f.Required:
			wrong = append(wrong, fmt.Sprintf("%s: %s is missing", path, f.Name))
		case ok:
			wrong = append(wrong, s.oneOf(path+"."+f.Name, f.Types, v)...)
		}
	}
	for name := range values {
		if !slices.ContainsFunc(d.Fields, func(f field) bool { return f.Name == name }) {
			wrong = append(wrong, fmt.Sprintf("%s: %s is unknown", path, name))
		}
	}
	slices.Sort(wrong)
	return wrong
}

// oneOf checks a value against alternatives; the complaints are those of the alternative
// that fits best.
func (s *spec) oneOf(path string, types []string, v any) []string {
	var best []string
	for i, t := range types {
		wrong := s.value(path, t, v)
		if len(wrong) == 0 {
			return nil
		}
		if i == 0 || len(wrong) < len(best) {
			best = wrong
		}
	}
	return best
}

func (s *spec) value(path, kind string, v any) []string {
	if element, ok := strings.CutPrefix(kind, "Array of "); ok {
		list, ok := v.([]any)
		if !ok {
			return []string{fmt.Sprintf("%s: want %s", path, kind)}
		}
		var wrong []string
		for i, e := range list {
			wrong = append(wrong, s.value(path+"["+strconv.Itoa(i)+"]", element, e)...)
		}
		return wrong
	}
	ok := true
	switch kind {
	case "Integer":
		n, number := v.(float64)
		ok = number && n == float64(int64(n))
	case "Float":
		_, ok = v.(float64)
	case "Boolean":
		_, ok = v.(bool)
	case "String", "InputFile":
		_, ok = v.(string)
	default:
		return s.typed(path, kind, v)
	}
	if !ok {
		return []string{fmt.Sprintf("%s: want %s", path, kind)}
	}
	return nil
}

// typed checks a value against a named type.
func (s *spec) typed(path, kind string, v any) []string {
	d, known := s.Types[kind]
	values, object := v.(map[string]any)
	switch {
	case !known:
		return []string{fmt.Sprintf("%s: type %s is not described", path, kind)}
	case !object:
		return []string{fmt.Sprintf("%s: want %s", path, kind)}
	case len(d.Subtypes) > 0:
		return s.oneOf(path, d.Subtypes, v)
	}
	return s.object(path, d, values)
}
