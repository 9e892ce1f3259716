package digest

import (
	"bytes"
	"encoding/json"
)

// SourceIDs is a list of sources. Chats have long ones, and are read and written whenever a
// digest comes, so their JSON is made without reflection.
type SourceIDs []SourceID

// MarshalJSON implements json.Marshaler. An id has nothing that would have to be escaped.
func (ids SourceIDs) MarshalJSON() ([]byte, error) {
	if ids == nil {
		return []byte("null"), nil
	}
	out := make([]byte, 0, 2+20*len(ids))
	out = append(out, '[')
	for i, id := range ids {
		if !plainID(string(id)) {
			return json.Marshal([]SourceID(ids))
		}
		if i > 0 {
			out = append(out, ',')
		}
		out = append(append(append(out, '"'), id...), '"')
	}
	return append(out, ']'), nil
}

// UnmarshalJSON implements json.Unmarshaler.
func (ids *SourceIDs) UnmarshalJSON(raw []byte) error {
	if len(raw) == 0 || raw[0] != '[' || bytes.IndexByte(raw, '\\') >= 0 {
		return json.Unmarshal(raw, (*[]SourceID)(ids))
	}
	text := string(raw) // one copy for all of them
	out := make(SourceIDs, 0, bytes.Count(raw, []byte{','})+1)
	for i := 1; i < len(text); i++ {
		if text[i] != '"' {
			if text[i] != ',' && text[i] != ']' && text[i] > ' ' {
				return json.Unmarshal(raw, (*[]SourceID)(ids))
			}
			continue
		}
		from := i + 1
		for i = from; text[i] != '"'; i++ {
		}
		out = append(out, SourceID(text[from:i]))
	}
	*ids = out
	return nil
}

// plainID tells whether an id is made of what ids are made of.
func plainID(id string) bool {
	for i := range len(id) {
		if c := id[i]; c <= ' ' || c >= 0x7f || c == '"' || c == '\\' || c == '<' || c == '>' || c == '&' {
			return false
		}
	}
	return true
}
