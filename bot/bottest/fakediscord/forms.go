package fakediscord

import (
	"encoding/json"
	"fmt"
)

// Form is a modal with text inputs.
type Form struct {
	CustomID string
	Title    string
	Fields   []FormField
}

// FormField is a text input with its label.
type FormField struct {
	CustomID    string `json:"custom_id"`
	Label       string `json:"label"`
	Style       int    `json:"style"`
	Placeholder string `json:"placeholder"`
	Value       string `json:"value"`
	Required    *bool  `json:"required"`
	MaxLength   int    `json:"max_length"`
}

// Limits of a form (receiving-and-responding; components/reference, "Label", "Text Input").
const (
	maxFormFields = 5
	maxFormTitle  = 45
	maxFieldLabel = 45
	maxHint       = 100
	maxInput      = 4000
	typeTextInput = 4
	typeLabel     = 18
)

func (a *Answer) takeForm(data json.RawMessage) *apiError {
	var in struct {
		CustomID   string `json:"custom_id"`
		Title      string `json:"title"`
		Components []struct {
			Type      int    `json:"type"`
			Label     string `json:"label"`
			Component struct {
				Type int `json:"type"`
				FormField
			} `json:"component"`
		} `json:"components"`
	}
	if json.Unmarshal(data, &in) != nil {
		return invalidForm([]string{"data"})
	}
	f := Form{CustomID: in.CustomID, Title: in.Title}
	var problems []string
	if n, t, c := length(f.CustomID), length(f.Title), len(in.Components); n < 1 || n > maxCustomID || t < 1 || t > maxFormTitle || c < 1 || c > maxFormFields {
		problems = append(problems, "form: custom_id 1-100, title 1-45, 1-5 fields")
	}
	seen := map[string]bool{}
	for _, c := range in.Components {
		if c.Type != typeLabel || c.Component.Type != typeTextInput {
			problems = append(problems, fmt.Sprintf("form: a component of type %d is not a label with a text input", c.Type))
		}
		field := c.Component.FormField
		problems = append(problems, field.problems(c.Label)...)
		if seen[field.CustomID] {
			problems = append(problems, "text input: custom_id there twice")
		}
		seen[field.CustomID] = true
		field.Label = c.Label
		f.Fields = append(f.Fields, field)
	}
	if len(problems) > 0 {
		return invalidForm(problems)
	}
	a.Form = &f
	return nil
}

func (f FormField) problems(label string) []string {
	var out []string
	if l := length(label); l < 1 || l > maxFieldLabel {
		out = append(out, "label: 1-45")
	}
	if f.Label != "" {
		out = append(out, "text input: in a label it has none of its own")
	}
	if n := length(f.CustomID); n < 1 || n > maxCustomID || f.Style < 1 || f.Style > 2 || f.MaxLength > maxInput {
		out = append(out, "text input: custom_id 1-100, style 1 or 2, max_length to 4000")
	}
	note := over(&out)
	note("placeholder", length(f.Placeholder), maxHint)
	note("value", length(f.Value), maxInput)
	return out
}

// SubmitForm sends off a form that answered an interaction, with a text for each of its
// fields; those without one stay as they are.
func (s *Server) SubmitForm(opened *Interaction, texts ...string) *Interaction {
	s.mu.Lock()
	defer s.mu.Unlock()
	var form *Form
	for _, a := range opened.answers {
		if a.Form != nil {
			form = a.Form
		}
	}
	if form == nil {
		s.violate("sent off a form that was never shown")
		form = &Form{}
	}
	filled := []any{}
	for i, f := range form.Fields {
		value := f.Value
		if i < len(texts) {
			value = texts[i]
		}
		if f.MaxLength > 0 && length(value) > f.MaxLength || value == "" && (f.Required == nil || *f.Required) {
			s.violate(fmt.Sprintf("%q cannot be typed into %q", value, f.Label))
		}
		filled = append(filled, map[string]any{"type": typeLabel, "id": 2*i + 1, "component": map[string]any{
			"type": typeTextInput, "id": 2*i + 2, "custom_id": f.CustomID, "value": value}})
	}
	return s.interact(kindForm, opened.place, opened.by, opened.source, map[string]any{"custom_id": form.CustomID, "components": filled})
}
