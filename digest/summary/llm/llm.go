// Package llm lets a language model reword a story, where the operator names one. The
// model is not trusted: it sees a few sentences that the summarizer has chosen, it has no
// tools, and what it writes is used only where every number, name and quotation of it
// stands in those sentences (check.go). Whoever publishes a page can therefore not make
// the model say what no article says. Where the model is slow, down or wrong, the
// built-in summary stands.
package llm

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"

	openai "github.com/sashabaranov/go-openai"

	"newsdigest/digest"
	"newsdigest/digest/summary"
)

// DefaultBudget is how long a call may take where the operator says nothing: a model of
// some billion parameters on one processor writes a hundred words in that time.
const DefaultBudget = 30 * time.Second

// Options say which model is asked.
type Options struct {
	// URL is the base address of an OpenAI-compatible server, with its version:
	// "http://localhost:11434/v1".
	URL string
	// Name is the model's name there; Key may be empty.
	Name, Key string
	Budget    time.Duration // for one call; 0 = DefaultBudget
}

// Model rewords stories. It is safe for concurrent use.
type Model struct {
	client  *openai.Client
	name    string
	budget  time.Duration
	breaker breaker
}

// ErrOptions says that there is no such address, or no name.
var ErrOptions = errors.New("the model needs an address that starts with http:// or https://, and a name")

// New makes a model. It makes no call.
func New(o Options) (*Model, error) {
	u, err := url.Parse(o.URL)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" || o.Name == "" {
		return nil, ErrOptions
	}
	config := openai.DefaultConfig(o.Key)
	config.BaseURL = strings.TrimSuffix(o.URL, "/")
	config.HTTPClient = &http.Client{
		Transport: capped{http.DefaultTransport.(*http.Transport).Clone()},
		// The key and the articles are for this address only.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	if o.Budget == 0 {
		o.Budget = DefaultBudget
	}
	return &Model{client: openai.NewClientWithConfig(config), name: o.Name, budget: o.Budget}, nil
}

// ErrOpen says that the model was not asked because it failed too often of late.
var ErrOpen = errors.New("the model is left alone for a while because it failed too often")

// ErrNothing says that the articles have nothing that the model could be given.
var ErrNothing = errors.New("the articles have nothing to reword")

// Rewrite asks the model once for a story's headline and its summary in both lengths.
// Rewrite.Of is left empty. The error is a *Refusal where the model wrote what may not be
// used, a *CallError where it did not answer, ErrOpen or ErrNothing where it was not asked.
func (m *Model) Rewrite(ctx context.Context, docs []summary.Document) (digest.Rewrite, error) {
	material := newMaterial(docs)
	if len(material.Sentences) == 0 {
		return digest.Rewrite{}, ErrNothing
	}
	answer, err := m.ask(ctx, material.messages())
	if err != nil {
		return digest.Rewrite{}, err
	}
	r := answer.rewrite(material.Language)
	return r, check(r, material)
}

// Ping asks the model for a word, to show that address, name and key are right. It does
// not pass the breaker.
func (m *Model) Ping(ctx context.Context) error {
	_, err := m.call(ctx, []openai.ChatCompletionMessage{{Role: openai.ChatMessageRoleUser, Content: "Answer with the word ready."}})
	return err
}

// Wait is how long the model is left alone yet, 0 if it may be asked.
func (m *Model) Wait() time.Duration { return m.breaker.wait(time.Now()) }

// Down tells whether the model did not answer when it was asked last.
func (m *Model) Down() bool { return m.breaker.failed() }

// ask asks the model, unless it is left alone. An answer that has not the form that was
// asked for counts as none.
func (m *Model) ask(ctx context.Context, messages []openai.ChatCompletionMessage) (answer, error) {
	if !m.breaker.allow(time.Now()) {
		return answer{}, ErrOpen
	}
	text, err := m.call(ctx, messages)
	var a answer
	if err == nil {
		a, err = readAnswer(text)
	}
	if ctx.Err() != nil { // who asked went away; that says nothing of the model
		m.breaker.release()
		return answer{}, context.Cause(ctx)
	}
	m.breaker.done(time.Now(), err == nil)
	return a, err
}

// maxTokens is what the longest answer takes, and as much again for languages whose words
// are cut into many tokens.
const maxTokens = 1200

// call makes one call within the budget.
func (m *Model) call(ctx context.Context, messages []openai.ChatCompletionMessage) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, m.budget)
	defer cancel()
	request := openai.ChatCompletionRequest{Model: m.name, Messages: messages}
	//lint:ignore SA1019 servers that are not OpenAI's know this name only
	request.MaxTokens = maxTokens
	response, err := m.client.CreateChatCompletion(ctx, request)
	if errors.Is(err, openai.ErrReasoningModelMaxTokensDeprecated) { // the client's own check, before it sends
		//lint:ignore SA1019 as above
		request.MaxTokens = 0
		request.MaxCompletionTokens = maxTokens
		response, err = m.client.CreateChatCompletion(ctx, request)
	}
	if err != nil {
		return "", callError(err, m.budget)
	}
	if len(response.Choices) == 0 {
		return "", &CallError{Reason: "it answered without a text"}
	}
	return response.Choices[0].Message.Content, nil
}
