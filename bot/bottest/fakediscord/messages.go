package fakediscord

import (
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
)

// decode reads a message's body and checks it against the limits of a message. earlier is
// the message that it changes, nil for a new one.
func (s *Server) decode(body []byte, files []File, earlier *Message) (Body, *apiError) {
	var b Body
	if err := json.Unmarshal(body, &b); err != nil {
		return b, failed(400, 50109, "The request body contains invalid JSON.")
	}
	b.Files = files
	if earlier != nil { // the flag is never taken away
		b.Flags |= earlier.Flags & flagComponents
	}
	if problems := append(b.problems(), b.fileProblems()...); len(problems) > 0 {
		return b, invalidForm(problems)
	}
	if earlier == nil && b.empty() {
		return b, failed(400, 50006, "Cannot send an empty message")
	}
	if b.AllowedMentions == nil || b.AllowedMentions.Parse == nil || len(b.AllowedMentions.Parse) > 0 {
		s.violate("a message without allowed_mentions {parse: []}: " + short(body))
	}
	return b, nil
}

// Problems are what Discord would find wrong with the body of a message, by its rules and,
// where it is known, by the description of its API.
func (s *Server) Problems(body []byte) []string {
	var out []string
	if s.schema != nil {
		var v any
		if err := json.Unmarshal(body, &v); err != nil {
			return []string{err.Error()}
		}
		out = s.schema.check(s.schema.find(http.MethodPost, "/channels/1/messages"), v, "")
	}
	var b Body
	if err := json.Unmarshal(body, &b); err != nil {
		return append(out, err.Error())
	}
	return append(out, b.problems()...)
}

func short(body []byte) string { return string(body[:min(len(body), 200)]) }

func (s *Server) send(r *http.Request, body []byte) (any, *apiError) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.channels[r.PathValue("channel")]
	if fail := s.maySend(c); fail != nil {
		return nil, fail
	}
	b, fail := s.decode(body, filesOf(r), nil)
	if fail != nil {
		return nil, fail
	}
	if len(b.Embeds) > 0 && c.Permissions&EmbedLinks == 0 {
		return nil, failed(403, 50013, "Missing Permissions")
	}
	if b.Nonce != nil && b.EnforceNonce {
		if old := s.sameNonce(c.ID, b.Nonce); old != nil && old.Deleted {
			return nil, unknownMessage()
		} else if old != nil {
			return old.json(s), nil
		}
	}
	m := s.post(c.ID, b)
	return m.json(s), nil
}

func (s *Server) maySend(c *Channel) *apiError {
	switch {
	case c == nil:
		return unknownChannel()
	case c.Type == DMChannel && s.refusing[c.User]:
		return failed(403, 50007, "Cannot send messages to this user")
	case c.Permissions&ViewChannel == 0:
		return missingAccess()
	case c.Type >= 10 && c.Type <= 12 && c.Permissions&SendInThreads == 0, c.Permissions&SendMessages == 0:
		return failed(403, 50013, "Missing Permissions")
	case c.Type == Forum:
		return failed(400, 50008, "Cannot send messages in a non-text channel")
	}
	return nil
}

// post adds a message of the bot; the caller holds the lock.
func (s *Server) post(channel string, b Body) *Message {
	m := &Message{ID: s.newID(), Channel: channel, Body: b, At: s.now(), Ephemeral: b.Flags&flagEphemeral != 0}
	if b.Reference != nil {
		m.Reply = b.Reference.MessageID
	}
	s.messages = append(s.messages, m)
	if !m.Ephemeral {
		s.dispatchMessage(m)
	}
	s.touch()
	return m
}

// sameNonce finds the bot's message with this nonce inside the window, deleted ones too.
func (s *Server) sameNonce(channel string, nonce any) *Message {
	for _, m := range s.messages {
		if m.Channel == channel && m.author == nil && m.Nonce == nonce && s.now().Sub(m.At) < s.opt.NonceWindow {
			return m
		}
	}
	return nil
}

func (s *Server) history(r *http.Request, _ []byte) (any, *apiError) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c, fail := s.visible(r)
	switch {
	case fail != nil:
		return nil, fail
	case c.Permissions&ReadMessageHistory == 0:
		return []any{}, nil // not an error: the list is empty
	}
	limit, after := 50, int64(0)
	if v, err := strconv.Atoi(r.FormValue("limit")); err == nil {
		limit = min(v, 100)
	}
	if v, err := strconv.ParseInt(r.FormValue("after"), 10, 64); err == nil {
		after = v
	}
	return s.page(c.ID, after, limit), nil
}

// page is up to limit messages after an id, the newest first as Discord lists them: with
// "after" the oldest of them that follow the id.
func (s *Server) page(channel string, after int64, limit int) []any {
	var in []*Message
	for _, m := range s.messages {
		if id, _ := strconv.ParseInt(m.ID, 10, 64); m.Channel == channel && !m.Deleted && !m.Ephemeral && id > after {
			in = append(in, m)
		}
	}
	if after == 0 {
		in = in[max(0, len(in)-limit):]
	}
	in = in[:min(limit, len(in))]
	out := []any{}
	for _, m := range slices.Backward(in) {
		out = append(out, m.json(s))
	}
	return out
}

func (s *Server) edit(r *http.Request, body []byte) (any, *apiError) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.channels[r.PathValue("channel")] == nil {
		return nil, unknownChannel()
	}
	m := s.message(r.PathValue("message"))
	switch {
	case m == nil || m.Ephemeral || m.Channel != r.PathValue("channel"):
		return nil, unknownMessage()
	case m.author != nil:
		return nil, failed(403, 50005, "Cannot edit a message authored by another user")
	}
	if fail := s.change(m, body, filesOf(r)); fail != nil {
		return nil, fail
	}
	return m.json(s), nil
}

func (s *Server) drop(r *http.Request, _ []byte) (any, *apiError) {
	s.mu.Lock()
	defer s.mu.Unlock()
	m := s.message(r.PathValue("message"))
	switch {
	case m == nil || m.Ephemeral || m.Channel != r.PathValue("channel"):
		return nil, unknownMessage()
	case m.author != nil:
		return nil, failed(403, 50013, "Missing Permissions")
	}
	m.Deleted = true
	s.touch()
	return nil, nil
}

// change edits a message: fields that are absent stay as they are.
func (s *Server) change(m *Message, body []byte, files []File) *apiError {
	b, fail := s.decode(body, files, m)
	if fail != nil {
		return fail
	}
	var given map[string]json.RawMessage
	if json.Unmarshal(body, &given) != nil {
		return failed(400, 50109, "The request body contains invalid JSON.")
	}
	next := m.Body
	next.Flags |= b.Flags & (flagComponents | flagNoEmbeds)
	if _, ok := given["content"]; ok {
		next.Content = b.Content
	}
	if _, ok := given["embeds"]; ok {
		next.Embeds = b.Embeds
	}
	if _, ok := given["components"]; ok {
		next.Components = b.Components
	}
	if _, ok := given["attachments"]; ok || len(files) > 0 {
		next.Files = files
	}
	if problems := next.problems(); len(problems) > 0 {
		return invalidForm(problems)
	}
	if next.empty() {
		return failed(400, 50006, "Cannot send an empty message")
	}
	m.Body, m.Loading = next, false
	m.Edits++
	s.touch()
	return nil
}
