package fakediscord

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"time"
)

// Interaction is something a person did: a command, a press, typing in an option. A test
// waits on it for what the bot answers.
type Interaction struct {
	ID, Token string
	Type      int // 2 command, 3 component, 4 autocomplete, 5 form

	s       *Server
	at      time.Time
	by      User
	place   Place
	source  *Message // the message whose button was pressed
	answers []Answer
	message *Message // @original
	acked   bool
}

// Answer is one thing that the bot did with an interaction.
type Answer struct {
	Route string
	Type  int // of a callback: 4 message, 5 and 6 deferred, 7 update, 8 choices, 9 form
	Flags int
	Body  Body
	// Message is the id of the message that it made or changed, where it did.
	Message string
	// Choices are those of an autocomplete answer, Form is a modal.
	Choices []Choice
	Form    *Form
	After   time.Duration // since the person acted, on the server's clock
}

// Ephemeral tells whether only the person sees it.
func (a Answer) Ephemeral() bool { return a.Flags&flagEphemeral != 0 }

// Choice is one suggestion.
type Choice struct {
	Name  string `json:"name"`
	Value any    `json:"value"`
}

// Times that an interaction has (interactions/receiving-and-responding).
const (
	answerWithin = 3 * time.Second
	tokenLife    = 15 * time.Minute
)

// Kinds of callback.
const (
	callbackMessage  = 4
	callbackDeferred = 5
	callbackSilent   = 6
	callbackUpdate   = 7
	callbackChoices  = 8
	callbackForm     = 9
)

// Answers are all answers so far.
func (i *Interaction) Answers() []Answer {
	i.s.mu.Lock()
	defer i.s.mu.Unlock()
	return append([]Answer(nil), i.answers...)
}

// Answer waits for the nth answer, counted from 1.
func (i *Interaction) Answer(ctx context.Context, n int) (Answer, error) {
	if err := i.s.Wait(ctx, func() bool { return len(i.Answers()) >= n }); err != nil {
		return Answer{}, fmt.Errorf("%d of %d answers: %w", len(i.Answers()), n, err)
	}
	return i.Answers()[n-1], nil
}

// Message waits until the answer is a message that shows something, and gives it as it
// is then.
func (i *Interaction) Message(ctx context.Context) (Message, error) {
	var m Message
	err := i.s.Wait(ctx, func() bool {
		i.s.mu.Lock()
		defer i.s.mu.Unlock()
		if i.message == nil || i.message.Loading || i.Type == kindPress && len(i.answers) < 2 && i.answers[0].Type == callbackSilent {
			return false
		}
		m = *i.message
		return true
	})
	return m, err
}

func (s *Server) callback(r *http.Request, body []byte) (any, *apiError) {
	s.mu.Lock()
	defer s.mu.Unlock()
	defer s.touch()
	i := s.interactions[r.PathValue("token")]
	switch {
	case i == nil || i.ID != r.PathValue("interaction"):
		return nil, failed(404, 10062, "Unknown interaction")
	case i.acked:
		return nil, failed(400, 40060, "Interaction has already been acknowledged.")
	case s.now().Sub(i.at) > answerWithin:
		delete(s.interactions, i.Token)
		return nil, failed(404, 10062, "Unknown interaction")
	}
	var in struct {
		Type int             `json:"type"`
		Data json.RawMessage `json:"data"`
	}
	if json.Unmarshal(body, &in) != nil {
		return nil, failed(400, 50109, "The request body contains invalid JSON.")
	}
	a := Answer{Route: RouteCallback, Type: in.Type, After: s.now().Sub(i.at)}
	if fail := s.take(i, &a, in.Data); fail != nil {
		return nil, fail
	}
	i.acked = true
	if i.message != nil {
		a.Message = i.message.ID
	}
	i.answers = append(i.answers, a)
	return nil, nil
}

// take carries out a callback.
func (s *Server) take(i *Interaction, a *Answer, data json.RawMessage) *apiError {
	if i.Type == kindAutocomplete != (a.Type == callbackChoices) {
		return invalidForm([]string{fmt.Sprintf("type: %d does not answer an interaction of type %d", a.Type, i.Type)})
	}
	switch a.Type {
	case callbackDeferred:
		var in struct{ Flags int }
		if len(data) > 0 && json.Unmarshal(data, &in) != nil {
			return invalidForm([]string{"data"})
		}
		a.Flags = in.Flags
		i.message = s.post(i.place.Channel, Body{Flags: in.Flags})
		i.message.Loading = true
		return nil
	case callbackSilent:
		if i.source == nil {
			return invalidForm([]string{"type: 6 answers components only"})
		}
		i.message = i.source
		return nil
	case callbackMessage:
		var fail *apiError
		if a.Body, fail = s.decode(data, nil, nil); fail != nil {
			return fail
		}
		a.Flags = a.Body.Flags
		i.message = s.post(i.place.Channel, a.Body)
		return nil
	case callbackUpdate:
		if i.source == nil {
			return invalidForm([]string{"type: 7 answers components only"})
		}
		i.message = i.source
		fail := s.change(i.source, data, nil)
		a.Body, a.Flags = i.source.Body, i.source.Flags
		return fail
	case callbackChoices:
		return a.takeChoices(data)
	case callbackForm:
		return a.takeForm(data)
	}
	return invalidForm([]string{fmt.Sprintf("type: %d", a.Type)})
}

func (a *Answer) takeChoices(data json.RawMessage) *apiError {
	var in struct{ Choices []Choice }
	if json.Unmarshal(data, &in) != nil || in.Choices == nil {
		return invalidForm([]string{"choices: required"})
	}
	var problems []string
	note := over(&problems)
	note("choices", len(in.Choices), maxChoices)
	for _, c := range in.Choices {
		note("choice name", length(c.Name), maxChoice)
		note("choice value", length(fmt.Sprint(c.Value)), maxChoice)
		if c.Name == "" || c.Value == nil {
			problems = append(problems, "choice: name and value are required")
		}
	}
	if len(problems) > 0 {
		return invalidForm(problems)
	}
	a.Choices = in.Choices
	return nil
}

// live finds the interaction of a webhook path, if its token still holds.
func (s *Server) live(r *http.Request) (*Interaction, *apiError) {
	i := s.interactions[r.PathValue("token")]
	switch {
	case i == nil || r.PathValue("application") != s.opt.Application:
		return nil, failed(404, 10015, "Unknown Webhook")
	case s.now().Sub(i.at) > tokenLife:
		return nil, failed(401, 50027, "Invalid Webhook Token")
	case !i.acked:
		return nil, failed(404, 10015, "Unknown Webhook")
	}
	return i, nil
}

// original is live where the interaction has a first answer that still stands.
func (s *Server) original(r *http.Request) (*Interaction, *apiError) {
	i, fail := s.live(r)
	if fail == nil && (i.message == nil || i.message.Deleted) {
		fail = unknownMessage()
	}
	return i, fail
}

func (s *Server) getOriginal(r *http.Request, _ []byte) (any, *apiError) {
	s.mu.Lock()
	defer s.mu.Unlock()
	i, fail := s.original(r)
	if fail != nil {
		return nil, fail
	}
	return i.message.json(s), nil
}

func (s *Server) editOriginal(r *http.Request, body []byte) (any, *apiError) {
	s.mu.Lock()
	defer s.mu.Unlock()
	i, fail := s.original(r)
	if fail != nil {
		return nil, fail
	}
	if fail := s.change(i.message, body, filesOf(r)); fail != nil {
		return nil, fail
	}
	i.answers = append(i.answers, Answer{Route: RouteEditOriginal, Flags: i.message.Flags, Body: i.message.Body, Message: i.message.ID, After: s.now().Sub(i.at)})
	s.touch()
	return i.message.json(s), nil
}

func (s *Server) dropOriginal(r *http.Request, _ []byte) (any, *apiError) {
	s.mu.Lock()
	defer s.mu.Unlock()
	i, fail := s.original(r)
	if fail != nil {
		return nil, fail
	}
	i.message.Deleted = true
	i.answers = append(i.answers, Answer{Route: RouteDropOriginal, After: s.now().Sub(i.at)})
	s.touch()
	return nil, nil
}

func (s *Server) editFollowup(r *http.Request, body []byte) (any, *apiError) {
	s.mu.Lock()
	defer s.mu.Unlock()
	i, fail := s.live(r)
	if fail != nil {
		return nil, fail
	}
	m := s.message(r.PathValue("message"))
	if m == nil || m.interaction != i {
		return nil, unknownMessage()
	}
	if fail := s.change(m, body, filesOf(r)); fail != nil {
		return nil, fail
	}
	i.answers = append(i.answers, Answer{Route: RouteEditFollowup, Flags: m.Flags, Body: m.Body, Message: m.ID, After: s.now().Sub(i.at)})
	s.touch()
	return m.json(s), nil
}

func (s *Server) dropFollowup(r *http.Request, _ []byte) (any, *apiError) {
	s.mu.Lock()
	defer s.mu.Unlock()
	i, fail := s.live(r)
	if fail != nil {
		return nil, fail
	}
	m := s.message(r.PathValue("message"))
	if m == nil || m.interaction != i {
		return nil, unknownMessage()
	}
	m.Deleted = true
	i.answers = append(i.answers, Answer{Route: RouteDropFollowup, Message: m.ID, After: s.now().Sub(i.at)})
	s.touch()
	return nil, nil
}

func (s *Server) followup(r *http.Request, body []byte) (any, *apiError) {
	s.mu.Lock()
	defer s.mu.Unlock()
	i, fail := s.live(r)
	if fail != nil {
		return nil, fail
	}
	b, fail := s.decode(body, filesOf(r), nil)
	if fail != nil {
		return nil, fail
	}
	m := s.post(i.place.Channel, b)
	m.interaction = i
	i.answers = append(i.answers, Answer{Route: RouteFollowup, Flags: b.Flags, Body: b, Message: m.ID, After: s.now().Sub(i.at)})
	s.touch()
	return m.json(s), nil
}
