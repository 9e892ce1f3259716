package llm

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	openai "github.com/sashabaranov/go-openai"
)

// CallError says why the model gave no answer, in words for the operator. It has nothing
// of what the server said: servers quote keys and requests in their errors.
type CallError struct {
	Status int // of HTTP, 0 where there was none
	Reason string
}

// Error implements error.
func (e *CallError) Error() string { return "the model: " + e.Reason }

// callError tells an error of the client in our words.
func callError(err error, budget time.Duration) error {
	var api *openai.APIError
	var request *openai.RequestError
	status := 0
	switch {
	case errors.As(err, &api):
		status = api.HTTPStatusCode
	case errors.As(err, &request):
		status = request.HTTPStatusCode
	}
	e := &CallError{Status: status}
	switch {
	case status == http.StatusUnauthorized || status == http.StatusForbidden:
		e.Reason = fmt.Sprintf("it refused the key (HTTP %d)", status)
	case status == http.StatusNotFound:
		e.Reason = "there is no such model, or the address is not the base of an OpenAI-compatible server (HTTP 404)"
	case status != 0:
		e.Reason = fmt.Sprintf("it answered HTTP %d", status)
	case errors.Is(err, context.DeadlineExceeded):
		e.Reason = fmt.Sprintf("it did not answer within %s", budget)
	case errors.Is(err, errTooLong):
		e.Reason = fmt.Sprintf("its answer is longer than %d bytes", maxAnswer)
	case errors.Is(err, context.Canceled):
		return err
	default:
		e.Reason = "it cannot be reached, or its answer is no chat completion"
	}
	return e
}

// maxAnswer is how many bytes of an answer are read: a hundred times of what is wanted.
const maxAnswer = 256 << 10

var errTooLong = errors.New("the answer is too long")

// capped ends answers that are too long with errTooLong.
type capped struct{ *http.Transport }

// RoundTrip implements http.RoundTripper.
func (c capped) RoundTrip(r *http.Request) (*http.Response, error) {
	response, err := c.Transport.RoundTrip(r)
	if err == nil {
		response.Body = &cappedBody{ReadCloser: response.Body, left: maxAnswer}
	}
	return response, err
}

type cappedBody struct {
	io.ReadCloser
	left int
}

// Read implements io.Reader.
func (b *cappedBody) Read(p []byte) (int, error) {
	if b.left <= 0 {
		return 0, errTooLong
	}
	n, err := b.ReadCloser.Read(p[:min(len(p), b.left)])
	b.left -= n
	return n, err
}
