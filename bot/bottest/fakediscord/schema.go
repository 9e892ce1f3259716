package fakediscord

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"
)

// schema is Discord's own description of its API (OpenAPI 3.1, for v10), as far as the
// bodies of requests go.
type schema struct {
	paths      map[string]map[string]any // path template -> method -> schema
	components map[string]any
}

// loadSchema reads discord-openapi.json in a folder, once for all servers: it is large.
func loadSchema(dir string) (*schema, error) {
	loading.Lock()
	defer loading.Unlock()
	if loaded[dir] == nil {
		s, err := readSchema(dir)
		if err != nil {
			return nil, err
		}
		loaded[dir] = s
	}
	return loaded[dir], nil
}

var (
	loading sync.Mutex
	loaded  = map[string]*schema{}
)

func readSchema(dir string) (*schema, error) {
	data, err := os.ReadFile(filepath.Join(dir, "discord-openapi.json"))
	if err != nil {
		return nil, err
	}
	var doc struct {
		Paths map[string]map[string]json.RawMessage
		// The schemas stay generic: the checker walks them.
		Components struct{ Schemas map[string]any }
	}
	if err := json.Unmarshal(data, &doc); err != nil {
		return nil, fmt.Errorf("discord-openapi.json: %w", err)
	}
	s := &schema{paths: map[string]map[string]any{}, components: doc.Components.Schemas}
	for path, methods := range doc.Paths {
		s.paths[path] = map[string]any{}
		for method, raw := range methods {
			var op struct {
				RequestBody struct {
					Content map[string]struct{ Schema any }
				}
			}
			if json.Unmarshal(raw, &op) == nil {
				s.paths[path][strings.ToUpper(method)] = op.RequestBody.Content["application/json"].Schema
			}
		}
	}
	return s, nil
}

// checkSchema notes where a body departs from the description; the caller holds the
// lock.
func (s *Server) checkSchema(method, path string, body []byte) {
	if s.schema == nil || len(body) == 0 {
		return
	}
	want := s.schema.find(method, path)
	if want == nil {
		s.violate(fmt.Sprintf("schema: %s %s takes no body", method, path))
		return
	}
	var v any
	if err := json.Unmarshal(body, &v); err != nil {
		s.violate("schema: " + err.Error())
		return
	}
	for _, p := range s.schema.check(want, v, "") {
		s.violate(fmt.Sprintf("schema: %s %s: %s", method, path, p))
	}
}

// find is the schema for a path: the template with the fewest names that fits.
func (s *schema) find(method, path string) any {
	parts := strings.Split(path, "/")
	var best any
	names := len(parts) + 1
	for template, methods := range s.paths {
		if n := fit(strings.Split(template, "/"), parts); n >= 0 && n < names && methods[method] != nil {
			best, names = methods[method], n
		}
	}
	return best
}

func fit(template, parts []string) int {
	if len(template) != len(parts) {
		return -1
	}
	names := 0
	for i, t := range template {
		switch {
		case strings.HasPrefix(t, "{"):
			names++
		case t != parts[i]:
			return -1
		}
	}
	return names
}

// check gives what is wrong with v, each with its place.
func (s *schema) check(want, v any, at string) []string {
	w, ok := want.(map[string]any)
	if !ok {
		return nil
	}
	if ref, ok := w["$ref"].(string); ok {
		return s.check(s.components[ref[strings.LastIndex(ref, "/")+1:]], v, at)
	}
	var out []string
	for _, sub := range list(w["allOf"]) {
		out = append(out, s.check(sub, v, at)...)
	}
	if choice := append(list(w["oneOf"]), list(w["anyOf"])...); len(choice) > 0 {
		out = append(out, s.checkChoice(choice, v, at)...)
	}
	if !ofType(w["type"], v) {
		return append(out, fmt.Sprintf("%s: is %T, want %v", at, v, w["type"]))
	}
	if c, ok := w["const"]; ok && !reflect.DeepEqual(c, v) {
		out = append(out, fmt.Sprintf("%s: is %v, want %v", at, v, c))
	}
	if e := list(w["enum"]); len(e) > 0 && !slices.ContainsFunc(e, func(x any) bool { return reflect.DeepEqual(x, v) }) {
		out = append(out, fmt.Sprintf("%s: %v is none of %v", at, v, e))
	}
	return append(out, s.checkValue(w, v, at)...)
}

// checkChoice takes the alternative with the fewest problems: its problems are the
// likeliest to be meant.
func (s *schema) checkChoice(choice []any, v any, at string) []string {
	var best []string
	for i, c := range choice {
		if p := s.check(c, v, at); i == 0 || len(p) < len(best) {
			best = p
		}
	}
	return best
}

func (s *schema) checkValue(w map[string]any, v any, at string) []string {
	switch v := v.(type) {
	case string:
		out := bounds(w, "minLength", "maxLength", float64(utf8.RuneCountInString(v)), at)
		if p, ok := w["pattern"].(string); ok && !regexp.MustCompile(p).MatchString(v) {
			out = append(out, fmt.Sprintf("%s: %q is not like %s", at, v, p))
		}
		return out
	case float64:
		return bounds(w, "minimum", "maximum", v, at)
	case []any:
		out := bounds(w, "minItems", "maxItems", float64(len(v)), at)
		for i, x := range v {
			out = append(out, s.check(w["items"], x, fmt.Sprintf("%s[%d]", at, i))...)
		}
		return out
	case map[string]any:
		return s.checkObject(w, v, at)
	}
	return nil
}

func (s *schema) checkObject(w map[string]any, v map[string]any, at string) []string {
	out := bounds(w, "minProperties", "maxProperties", float64(len(v)), at)
	for _, name := range list(w["required"]) {
		if _, ok := v[name.(string)]; !ok {
			out = append(out, fmt.Sprintf("%s.%s: required", at, name))
		}
	}
	properties, described := w["properties"].(map[string]any)
	for name, x := range v {
		switch p, known := properties[name]; {
		case known:
			out = append(out, s.check(p, x, at+"."+name)...)
		case w["additionalProperties"] == false:
			out = append(out, fmt.Sprintf("%s.%s: unknown property", at, name))
		case w["additionalProperties"] != nil:
			out = append(out, s.check(w["additionalProperties"], x, at+"."+name)...)
		case described:
			out = append(out, fmt.Sprintf("%s.%s: unknown property", at, name))
		}
	}
	return out
}

func bounds(w map[string]any, low, high string, got float64, at string) []string {
	var out []string
	if l, ok := w[low].(float64); ok && got < l {
		out = append(out, fmt.Sprintf("%s: %s %v, is %v", at, low, l, got))
	}
	if h, ok := w[high].(float64); ok && got > h {
		out = append(out, fmt.Sprintf("%s: %s %v, is %v", at, high, h, got))
	}
	return out
}

func list(v any) []any {
	l, _ := v.([]any)
	return l
}

// ofType tells whether v is of the type or of one of the types.
func ofType(want, v any) bool {
	switch t := want.(type) {
	case string:
		return isA(t, v)
	case []any:
		return slices.ContainsFunc(t, func(x any) bool { return ofType(x, v) })
	}
	return true
}

func isA(name string, v any) bool {
	switch v := v.(type) {
	case nil:
		return name == "null"
	case bool:
		return name == "boolean"
	case string:
		return name == "string"
	case float64:
		return name == "number" || name == "integer" && v == float64(int64(v))
	case []any:
		return name == "array"
	}
	return name == "object"
}
