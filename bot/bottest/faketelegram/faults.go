package faketelegram

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"strings"
	"syscall"
	"time"
)

// Action is what becomes of a call's answer.
type Action int

// The actions.
const (
	Answer Action = iota // the fault's status and body, or the true answer if it names none
	Drop                 // the connection is reset without an answer
	Silent               // no answer until the client gives up
	Cut                  // the head and half of the body, then a reset
)

// Fault is something that goes wrong with calls of one method.
type Fault struct {
	Method string // empty means every method
	Skip   int    // calls that still go well
	Times  int    // calls it hits after those; 0 means one, a negative number all
	// Accept carries the call out before the fault shows: the ledger has the message, the
	// bot does not know.
	Accept bool
	Delay  time.Duration // before anything happens
	Action Action
	Status int
	Header http.Header
	Body   string
}

// Flood is the answer to too many calls: 429 with the seconds to wait.
func Flood(method string, retryAfter int) Fault {
	e := tooMany(retryAfter)
	return Fault{Method: method, Status: e.code, Body: string(e.encode())}
}

// Refusal is an error as Telegram answers it, code and description.
func Refusal(method string, code int, description string) Fault {
	e := &apiError{code: code, description: description}
	return Fault{Method: method, Status: code, Body: string(e.encode())}
}

// BadGateway is the HTML page of a proxy in front of Telegram.
func BadGateway(method string) Fault {
	return Fault{
		Method: method, Status: http.StatusBadGateway,
		Header: http.Header{"Content-Type": {"text/html"}},
		Body:   "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body><center><h1>502 Bad Gateway</h1></center></body>\r\n</html>\r\n",
	}
}

// Fail arranges a fault. Where several fit a call, the one arranged first hits.
func (s *Server) Fail(f Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if f.Times == 0 {
		f.Times = 1
	}
	s.faults = append(s.faults, &f)
}

// Heal removes all faults.
func (s *Server) Heal() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = nil
}

// takeFault counts a call and tells which fault hits it, if any. The caller holds the
// lock.
func (s *Server) takeFault(method string) *Fault {
	for _, f := range s.faults {
		if f.Times == 0 || f.Method != "" && !strings.EqualFold(f.Method, method) {
			continue
		}
		if f.Skip > 0 {
			f.Skip--
			continue
		}
		if f.Times > 0 {
			f.Times--
		}
		return f
	}
	return nil
}

// answer is what goes back to the client.
type answer struct {
	status int
	header http.Header
	body   []byte
	action Action
}

// jsonAnswer is a result as the Bot API wraps it.
func jsonAnswer(result any, e *apiError) answer {
	if e != nil {
		return answer{status: e.code, body: e.encode()}
	}
	body, err := json.Marshal(map[string]any{"ok": true, "result": result})
	if err != nil {
		return jsonAnswer(nil, &apiError{code: http.StatusInternalServerError, description: err.Error()})
	}
	return answer{status: http.StatusOK, body: body}
}

// spoil is the answer with the fault in it.
func (f *Fault) spoil(a answer) answer {
	a.action = f.Action
	if f.Status != 0 {
		a.status, a.header, a.body = f.Status, f.Header, []byte(f.Body)
	}
	return a
}

// pause waits; false means that the client has gone or the server was closed.
func (s *Server) pause(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
	case <-s.closed:
	}
	return false
}

// write puts the answer on the wire, or does not.
func (s *Server) write(w http.ResponseWriter, r *http.Request, a answer) {
	switch a.action {
	case Silent:
		select {
		case <-r.Context().Done():
		case <-s.closed:
		}
		reset(w)
		return
	case Drop:
		reset(w)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	for k, v := range a.header {
		w.Header()[k] = v
	}
	w.Header().Set("Content-Length", fmt.Sprint(len(a.body)))
	w.WriteHeader(a.status)
	if a.action == Cut {
		w.Write(a.body[:len(a.body)/2])
		http.NewResponseController(w).Flush()
		reset(w)
		return
	}
	w.Write(a.body)
}

// reset breaks the connection with a TCP reset where it can.
func reset(w http.ResponseWriter) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	if tcp, ok := conn.(*net.TCPConn); ok {
		tcp.SetLinger(0)
	}
	conn.Close()
}

// Transport reaches the server without a network, for tests in virtual time. It reports
// to httptrace that the request was written, as a connection would.
func (s *Server) Transport() http.RoundTripper { return memory{s} }

type memory struct{ s *Server }

// RoundTrip implements http.RoundTripper.
func (m memory) RoundTrip(r *http.Request) (*http.Response, error) {
	if trace := httptrace.ContextClientTrace(r.Context()); trace != nil && trace.WroteHeaders != nil {
		trace.WroteHeaders()
	}
	a := m.s.handle(r)
	switch a.action {
	case Silent:
		<-r.Context().Done()
		return nil, r.Context().Err()
	case Drop:
		return nil, &net.OpError{Op: "read", Net: "tcp", Err: syscall.ECONNRESET}
	}
	var body io.Reader = bytes.NewReader(a.body)
	if a.action == Cut {
		body = io.MultiReader(bytes.NewReader(a.body[:len(a.body)/2]), broken{})
	}
	header := a.header.Clone()
	if header == nil {
		header = http.Header{"Content-Type": {"application/json"}}
	}
	return &http.Response{
		StatusCode: a.status, Status: http.StatusText(a.status), Header: header,
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Body: io.NopCloser(body), ContentLength: int64(len(a.body)), Request: r,
	}, nil
}

type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, errors.New("connection reset by peer") }
