package fakediscord

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
)

// The routes, as Call.Route and Fault.Route name them.
const (
	RouteGateway      = "GET /gateway"
	RouteGatewayBot   = "GET /gateway/bot"
	RouteMe           = "GET /users/@me"
	RouteApplication  = "GET /applications/@me"
	RouteGetCommands  = "GET /applications/{application}/commands"
	RoutePutCommands  = "PUT /applications/{application}/commands"
	RouteChannel      = "GET /channels/{channel}"
	RouteGuild        = "GET /guilds/{guild}"
	RouteMember       = "GET /guilds/{guild}/members/{user}"
	RouteSend         = "POST /channels/{channel}/messages"
	RouteHistory      = "GET /channels/{channel}/messages"
	RouteEdit         = "PATCH /channels/{channel}/messages/{message}"
	RouteOpenDM       = "POST /users/@me/channels"
	RouteCallback     = "POST /interactions/{interaction}/{token}/callback"
	RouteFollowup     = "POST /webhooks/{application}/{token}"
	RouteGetOriginal  = "GET /webhooks/{application}/{token}/messages/@original"
	RouteEditOriginal = "PATCH /webhooks/{application}/{token}/messages/@original"
	RouteDropOriginal = "DELETE /webhooks/{application}/{token}/messages/@original"
	RouteEditFollowup = "PATCH /webhooks/{application}/{token}/messages/{message}"
	RouteDropFollowup = "DELETE /webhooks/{application}/{token}/messages/{message}"
	RouteDrop         = "DELETE /channels/{channel}/messages/{message}"
)

// handler answers one call: a value for the body (nil: 204), or an error.
type handler func(r *http.Request, body []byte) (any, *apiError)

// apiError is an error as Discord words it.
type apiError struct {
	Status  int
	Code    int
	Message string
	Errors  any
}

func failed(status, code int, message string) *apiError {
	return &apiError{Status: status, Code: code, Message: message}
}

// Errors by the names of topics/opcodes-and-status-codes.
func unknownChannel() *apiError { return failed(404, 10003, "Unknown Channel") }
func unknownMessage() *apiError { return failed(404, 10008, "Unknown Message") }
func missingAccess() *apiError  { return failed(403, 50001, "Missing Access") }

// invalidForm is the answer to a body that breaks the rules.
func invalidForm(problems []string) *apiError {
	e := failed(400, 50035, "Invalid Form Body")
	var list []any
	for _, p := range problems {
		list = append(list, map[string]string{"code": "INVALID", "message": p})
	}
	e.Errors = map[string]any{"_errors": list}
	return e
}

func (s *Server) routes() {
	s.mux = http.NewServeMux()
	for route, h := range map[string]handler{
		RouteGateway:      s.getGateway,
		RouteGatewayBot:   s.getGateway,
		RouteMe:           func(*http.Request, []byte) (any, *apiError) { return s.botUser(), nil },
		RouteApplication:  s.getApplication,
		RouteGetCommands:  s.getCommands,
		RoutePutCommands:  s.putCommands,
		RouteChannel:      s.getChannel,
		RouteGuild:        s.getGuild,
		RouteMember:       s.getMember,
		RouteSend:         s.send,
		RouteHistory:      s.history,
		RouteEdit:         s.edit,
		RouteOpenDM:       s.openDM,
		RouteCallback:     s.callback,
		RouteFollowup:     s.followup,
		RouteGetOriginal:  s.getOriginal,
		RouteEditOriginal: s.editOriginal,
		RouteDropOriginal: s.dropOriginal,
		RouteEditFollowup: s.editFollowup,
		RouteDropFollowup: s.dropFollowup,
		RouteDrop:         s.drop,
	} {
		s.mux.Handle(route, answering(h))
	}
}

func answering(h handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return
		}
		v, fail := h(r, body)
		switch {
		case fail != nil:
			writeError(w, fail)
		case v == nil:
			w.WriteHeader(http.StatusNoContent)
		default:
			writeJSON(w, http.StatusOK, v)
		}
	})
}

func writeJSON(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	json.NewEncoder(w).Encode(v) //nolint:errcheck // a client that left
}

func writeError(w http.ResponseWriter, e *apiError) {
	body := map[string]any{"message": e.Message, "code": e.Code}
	if e.Errors != nil {
		body["errors"] = e.Errors
	}
	writeJSON(w, e.Status, body)
}

// serve takes the gateway's connections and all REST calls.
func (s *Server) serve(w http.ResponseWriter, r *http.Request) {
	if r.Header.Get("Upgrade") != "" {
		s.serveGateway(w, r)
		return
	}
	if strings.HasPrefix(r.URL.Path, cdnPath) {
		s.serveFile(w, r)
		return
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, 2*maxUpload))
	if err != nil {
		return
	}
	r, body, err = parts(r, body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	path, ok := strings.CutPrefix(r.URL.Path, s.opt.Prefix+"/api/v9")
	if !ok {
		http.NotFound(w, r)
		return
	}
	r.URL.Path, r.Body = path, io.NopCloser(bytes.NewReader(body))
	_, route := s.mux.Handler(r)
	s.record(w, r, route, body)
}

// record enters a call into the ledger and answers it, faultily where a fault is in
// force.
func (s *Server) record(w http.ResponseWriter, r *http.Request, route string, body []byte) {
	s.mu.Lock()
	s.calls = append(s.calls, Call{Route: route, Path: r.URL.Path, Body: body, At: s.now()})
	n := len(s.calls) - 1
	fault := s.strike(route)
	s.checkSchema(r.Method, r.URL.Path, body)
	s.touch()
	s.mu.Unlock()

	status, refused := 0, ""
	handle := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { s.handle(w, r, route) })
	if fault != nil {
		status = s.suffer(fault, w, r, handle)
	} else {
		rec := httptest.NewRecorder()
		handle(rec, r)
		status = rec.Code
		if status >= http.StatusBadRequest {
			refused = rec.Body.String()
		}
		copyAnswer(w, rec)
	}
	s.mu.Lock()
	s.calls[n].Status, s.calls[n].Refused = status, refused
	s.touch()
	s.mu.Unlock()
}

func (s *Server) handle(w http.ResponseWriter, r *http.Request, route string) {
	rec := httptest.NewRecorder()
	switch {
	case route == "":
		writeError(rec, failed(404, 0, "404: Not Found"))
	case !tokenless(route) && r.Header.Get("Authorization") != "Bot "+s.opt.Token:
		writeError(rec, failed(401, 0, "401: Unauthorized"))
	case !s.limited(rec, r, route):
		s.mux.ServeHTTP(rec, r)
	}
	copyAnswer(w, rec)
}

// tokenless tells the routes whose path carries their own token.
func tokenless(route string) bool { return exempt(route) || route == RouteGateway }

func (s *Server) getGateway(*http.Request, []byte) (any, *apiError) {
	return map[string]any{
		"url": "ws://" + s.addr, "shards": 1,
		"session_start_limit": map[string]any{"total": 1000, "remaining": 1000, "reset_after": 0, "max_concurrency": 1},
	}, nil
}

func (s *Server) getApplication(*http.Request, []byte) (any, *apiError) {
	return map[string]any{"id": s.opt.Application, "name": "newsdigest", "description": "", "bot_public": true,
		"bot_require_code_grant": false, "flags": 0, "verify_key": strings.Repeat("0", 64)}, nil
}

func (s *Server) getChannel(r *http.Request, _ []byte) (any, *apiError) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c, fail := s.visible(r)
	if fail != nil {
		return nil, fail
	}
	return c.json(), nil
}

func (s *Server) getGuild(r *http.Request, _ []byte) (any, *apiError) {
	s.mu.Lock()
	defer s.mu.Unlock()
	g := s.guilds[r.PathValue("guild")]
	if g == nil {
		return nil, failed(404, 10004, "Unknown Guild")
	}
	return map[string]any{"id": g.ID, "name": g.Name, "owner_id": "1",
		"roles": []any{map[string]any{"id": g.ID, "name": "@everyone", "permissions": "0"}}}, nil
}

func (s *Server) getMember(r *http.Request, _ []byte) (any, *apiError) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.guilds[r.PathValue("guild")] == nil || r.PathValue("user") != s.opt.Application {
		return nil, failed(404, 10007, "Unknown Member")
	}
	return map[string]any{"user": s.botUser(), "roles": []string{}}, nil
}

// visible is the channel of a path, if the bot may see it.
func (s *Server) visible(r *http.Request) (*Channel, *apiError) {
	c := s.channels[r.PathValue("channel")]
	switch {
	case c == nil:
		return nil, unknownChannel()
	case c.Permissions&ViewChannel == 0:
		return nil, missingAccess()
	}
	return c, nil
}

func (s *Server) openDM(_ *http.Request, body []byte) (any, *apiError) {
	var in struct {
		RecipientID string `json:"recipient_id"`
	}
	if json.Unmarshal(body, &in) != nil || in.RecipientID == "" {
		return nil, invalidForm([]string{"recipient_id: required"})
	}
	if _, err := strconv.ParseUint(in.RecipientID, 10, 64); err != nil {
		return nil, invalidForm([]string{fmt.Sprintf("recipient_id: %q is not snowflake", in.RecipientID)})
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.dm(in.RecipientID).json(), nil
}
