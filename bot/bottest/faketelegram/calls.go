package faketelegram

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"unicode/utf8"
)

// maxBody is the most bytes of a request the server reads.
const maxBody = 16 << 20

// apiError is an error as the Bot API answers it.
type apiError struct {
	code        int
	description string
	retryAfter  int
	migrateTo   int64
}

func (e *apiError) encode() []byte {
	v := map[string]any{"ok": false, "error_code": e.code, "description": e.description}
	parameters := map[string]any{}
	if e.retryAfter != 0 {
		parameters["retry_after"] = e.retryAfter
	}
	if e.migrateTo != 0 {
		parameters["migrate_to_chat_id"] = e.migrateTo
	}
	if len(parameters) > 0 {
		v["parameters"] = parameters
	}
	body, _ := json.Marshal(v) // strings and numbers only
	return body
}

func badRequest(format string, args ...any) *apiError {
	return &apiError{code: http.StatusBadRequest, description: "Bad Request: " + fmt.Sprintf(format, args...)}
}

func forbidden(why string) *apiError {
	return &apiError{code: http.StatusForbidden, description: "Forbidden: " + why}
}

func tooMany(seconds int) *apiError {
	return &apiError{
		code: http.StatusTooManyRequests, retryAfter: seconds,
		description: fmt.Sprintf("Too Many Requests: retry after %d", seconds),
	}
}

// params are the parameters of a call: plain text for scalars, JSON for the rest, as in
// a form.
type params map[string]string

func (p params) int(name string) int64 {
	n, _ := strconv.ParseInt(p[name], 10, 64) // a wrong number counts as 0, as on the real server
	return n
}

func (p params) bool(name string) bool {
	return p[name] == "true" || p[name] == "True" || p[name] == "1"
}

// ServeHTTP implements http.Handler.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.write(w, r, s.handle(r))
}

// handle carries out a request and tells what to answer.
func (s *Server) handle(r *http.Request) answer {
	method, authorized, found := s.route(r.URL.Path)
	switch {
	case !found:
		return jsonAnswer(nil, &apiError{code: http.StatusNotFound, description: "Not Found"})
	case !authorized:
		s.record(method, nil, http.StatusUnauthorized)
		return jsonAnswer(nil, &apiError{code: http.StatusUnauthorized, description: "Unauthorized"})
	}
	p, err := decode(r)
	if err != nil {
		return jsonAnswer(nil, badRequest("%v", err))
	}
	path, isFile := strings.CutPrefix(method, filePrefix)
	if isFile {
		method = DownloadMethod
	}
	s.mu.Lock()
	fault := s.takeFault(method)
	s.mu.Unlock()
	carryOut := func() answer {
		if isFile {
			return s.download(path)
		}
		return s.carryOut(r.Context(), method, p)
	}
	if fault == nil {
		return carryOut()
	}
	if fault.Delay > 0 && !s.pause(r.Context(), fault.Delay) {
		return answer{action: Drop}
	}
	var a answer
	if fault.Accept || fault.Action == Answer && fault.Status == 0 {
		a = carryOut()
	} else {
		s.record(method, p, 0)
	}
	return fault.spoil(a)
}

// carryOut does what the call asks for.
func (s *Server) carryOut(ctx context.Context, method string, p params) answer {
	name := strings.ToLower(method)
	if name == "getupdates" {
		result, e := s.getUpdates(ctx, p)
		return jsonAnswer(result, e)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	call := s.enter(method, p)
	do := methods[name]
	if do == nil {
		call.Status = http.StatusNotFound
		return jsonAnswer(nil, &apiError{code: http.StatusNotFound, description: "Not Found: method not found"})
	}
	result, e := do(s, p)
	call.Status = http.StatusOK
	if e != nil {
		call.Status, call.Problem = e.code, e.description
	}
	s.notify()
	return jsonAnswer(result, e)
}

// record puts a call that is not carried out into the ledger.
func (s *Server) record(method string, p params, status int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.enter(method, p).Status = status
	s.notify()
}

// enter checks a call against the rules and puts it into the ledger; the parameters of one
// that was turned away are nil and not checked. The caller holds the lock.
func (s *Server) enter(method string, p params) *Call {
	if p != nil {
		s.ledger.violations = append(s.ledger.violations, s.check(method, p)...)
	}
	c := &Call{N: len(s.ledger.calls) + 1, At: s.opts.Now(), Method: method, Params: p}
	s.ledger.calls = append(s.ledger.calls, c)
	return c
}

// decode reads the parameters from the query and from a body in any of the forms that
// the Bot API takes.
func decode(r *http.Request) (params, error) {
	p := params{}
	p.add(r.URL.Query())
	body := http.MaxBytesReader(nil, r.Body, maxBody)
	if r.Body == nil {
		return p, nil
	}
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	switch kind {
	case "application/json":
		return p, p.addJSON(body)
	case "multipart/form-data":
		r.Body = body
		if err := r.ParseMultipartForm(maxBody); err != nil {
			return nil, err
		}
		p.add(r.MultipartForm.Value)
		if err := p.valid(); err != nil {
			return nil, err
		}
		return p, p.addFiles(r.MultipartForm.File)
	}
	raw, err := io.ReadAll(body)
	if err != nil {
		return nil, err
	}
	form, err := url.ParseQuery(string(raw))
	if err != nil {
		return nil, err
	}
	p.add(form)
	return p, p.valid()
}

func (p params) add(values url.Values) {
	for k := range values {
		p[k] = values.Get(k)
	}
}

func (p params) addJSON(body io.Reader) error {
	var fields map[string]json.RawMessage
	if err := json.NewDecoder(body).Decode(&fields); err != nil && err != io.EOF {
		return fmt.Errorf("can't parse JSON object")
	}
	for k, raw := range fields {
		var text string
		if json.Unmarshal(raw, &text) == nil && string(raw) != "null" {
			p[k] = text
		} else if string(raw) != "null" {
			p[k] = string(raw)
		}
	}
	return p.valid()
}

func (p params) valid() error {
	for _, v := range p {
		if !utf8.ValidString(v) {
			return fmt.Errorf("strings must be encoded in UTF-8")
		}
	}
	return nil
}
