package fakediscord

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"
)

func start(t *testing.T, o Options) *Server {
	t.Helper()
	s, err := Start(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s
}

// call makes a REST call with the right token; it gives status, error code and body.
func call(t *testing.T, s *Server, method, path, body string) (status, code int, answer map[string]any) {
	t.Helper()
	req, err := http.NewRequest(method, s.URL()+"/api/v9"+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bot "+s.Token())
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0, 0, nil
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(resp.Body)
	if err != nil {
		return resp.StatusCode, -1, nil
	}
	if json.Unmarshal(data, &answer) == nil {
		if c, ok := answer["code"].(float64); ok {
			code = int(c)
		}
	}
	return resp.StatusCode, code, answer
}

// plain is a message's body with what every message has to have.
func plain(rest string) string { return `{"allowed_mentions":{"parse":[]},` + rest + `}` }

func TestMessageRules(t *testing.T) {
	s := start(t, Options{})
	g := s.AddGuild(Guild{Channels: []Channel{{}, {Permissions: ViewChannel}, {Permissions: SendMessages}, {Type: Forum}}})
	s.RefuseDMs("9")
	row := func(buttons string) string {
		return `"content":"x","components":[{"type":1,"components":[` + buttons + `]}]`
	}
	const button = `{"type":2,"style":2,"label":"a","custom_id":"%s"}`
	long := func(n int) string { return strings.Repeat("a", n) }
	for _, c := range []struct {
		name, channel, body string
		status, code        int
	}{
		{"text", g.Channels[0].ID, `"content":"` + long(2000) + `"`, 200, 0},
		{"text too long", g.Channels[0].ID, `"content":"` + long(2001) + `"`, 400, 50035},
		{"empty", g.Channels[0].ID, `"content":" "`, 400, 50006},
		{"embed", g.Channels[0].ID, `"embeds":[{"description":"` + long(4096) + `"}]`, 200, 0},
		{"embed too long", g.Channels[0].ID, `"embeds":[{"description":"` + long(4097) + `"}]`, 400, 50035},
		{"embeds too long together", g.Channels[0].ID, `"embeds":[{"description":"` + long(4000) + `"},{"description":"` + long(2001) + `"}]`, 400, 50035},
		{"title too long", g.Channels[0].ID, `"embeds":[{"title":"` + long(257) + `"}]`, 400, 50035},
		{"button", g.Channels[0].ID, row(fmt.Sprintf(button, "1")), 200, 0},
		{"button twice", g.Channels[0].ID, row(fmt.Sprintf(button+","+button, "1", "1")), 400, 50035},
		{"custom id too long", g.Channels[0].ID, row(fmt.Sprintf(button, long(101))), 400, 50035},
		{"empty row", g.Channels[0].ID, row(""), 400, 50035},
		{"nonce too long", g.Channels[0].ID, `"content":"x","nonce":"` + long(26) + `"`, 400, 50035},
		{"no such channel", "1", `"content":"x"`, 404, 10003},
		{"may not send", g.Channels[1].ID, `"content":"x"`, 403, 50013},
		{"may not see", g.Channels[2].ID, `"content":"x"`, 403, 50001},
		{"forum", g.Channels[3].ID, `"content":"x"`, 400, 50008},
		{"refuses", s.DM("9"), `"content":"x"`, 403, 50007},
	} {
		if status, code, _ := call(t, s, "POST", "/channels/"+c.channel+"/messages", plain(c.body)); status != c.status || code != c.code {
			t.Errorf("%s: %d %d, want %d %d", c.name, status, code, c.status, c.code)
		}
	}
	if v := slices.DeleteFunc(s.Violations(), func(v string) bool { return strings.HasPrefix(v, "schema:") }); len(v) > 0 {
		t.Errorf("%v", v)
	}
	call(t, s, "POST", "/channels/"+g.Channels[0].ID+"/messages", `{"content":"x"}`)
	if len(s.Violations()) == 0 {
		t.Error("a message that may ping everybody is no violation")
	}
}

func TestNonce(t *testing.T) {
	s := start(t, Options{NonceWindow: time.Minute})
	dm := "/channels/" + s.DM("1") + "/messages"
	body := plain(`"content":"x","nonce":"n","enforce_nonce":true`)
	_, _, first := call(t, s, "POST", dm, body)
	if _, _, again := call(t, s, "POST", dm, body); again["id"] != first["id"] {
		t.Error("the same nonce made a second message")
	}
	s.DeleteMessage(first["id"].(string))
	if status, code, _ := call(t, s, "POST", dm, body); status != 404 || code != 10008 {
		t.Errorf("%d %d, want 404 10008", status, code)
	}
	s.Advance(2 * time.Minute)
	if status, _, later := call(t, s, "POST", dm, body); status != 200 || later["id"] == first["id"] {
		t.Error("the window does not end")
	}
}

func TestInteractionTimes(t *testing.T) {
	s := start(t, Options{})
	press := func() (*Interaction, string) {
		i := s.Slash(Place{}, User{ID: "1"}, "help")
		return i, "/interactions/" + i.ID + "/" + i.Token + "/callback"
	}
	const deferred = `{"type":5,"data":{"flags":64}}`
	i, path := press()
	original := "/webhooks/" + DefaultApplication + "/" + i.Token + "/messages/@original"
	for _, c := range []struct {
		name               string
		method, path, body string
		advance            time.Duration
		status, code       int
	}{
		{"edit before", "PATCH", original, plain(`"content":"x"`), 0, 404, 10015},
		{"choices for a command", "POST", path, `{"type":8,"data":{"choices":[]}}`, 0, 400, 50035},
		{"first", "POST", path, deferred, 0, 204, 0},
		{"second", "POST", path, deferred, 0, 400, 40060},
		{"edit", "PATCH", original, plain(`"content":"x"`), 0, 200, 0},
		{"edit too late", "PATCH", original, plain(`"content":"y"`), 16 * time.Minute, 401, 50027},
		{"unknown", "POST", "/interactions/1/x/callback", deferred, 0, 404, 10062},
	} {
		s.Advance(c.advance)
		if status, code, _ := call(t, s, c.method, c.path, c.body); status != c.status || code != c.code {
			t.Errorf("%s: %d %d, want %d %d", c.name, status, code, c.status, c.code)
		}
	}
	if a := i.Answers(); len(a) != 2 || !a[0].Ephemeral() || a[1].Body.Content != "x" {
		t.Errorf("%+v", a)
	}
	_, late := press()
	s.Advance(4 * time.Second)
	if status, code, _ := call(t, s, "POST", late, deferred); status != 404 || code != 10062 {
		t.Errorf("late: %d %d", status, code)
	}
}

func TestCommandRules(t *testing.T) {
	s := start(t, Options{})
	const path = "/applications/" + DefaultApplication + "/commands"
	one := func(rest string) string { return `[{"name":"digest","description":"Get it",` + rest + `}]` }
	option := func(name, rest string) string {
		return `{"type":3,"name":"` + name + `","description":"d"` + rest + `}`
	}
	for _, c := range []struct {
		name, body string
		status     int
	}{
		{"good", one(`"options":[` + option("a", `,"required":true`) + "," + option("b", "") + `]`), 200},
		{"upper case", `[{"name":"Digest","description":"d"}]`, 400},
		{"no description", `[{"name":"digest","description":""}]`, 400},
		{"twice", `[{"name":"a","description":"d"},{"name":"a","description":"d"}]`, 400},
		{"required last", one(`"options":[` + option("a", "") + "," + option("b", `,"required":true`) + `]`), 400},
		{"choices and autocomplete", one(`"options":[` + option("a", `,"autocomplete":true,"choices":[{"name":"x","value":"y"}]`) + `]`), 400},
		{"26 options", one(`"options":[` + strings.TrimSuffix(strings.Repeat(option("a", "")+",", 26), ",") + `]`), 400},
	} {
		if status, _, _ := call(t, s, "PUT", path, c.body); status != c.status {
			t.Errorf("%s: %d, want %d", c.name, status, c.status)
		}
	}
	if c := s.Commands(); len(c) != 1 || len(c[0].Options) != 2 {
		t.Errorf("%+v", c)
	}
}

func TestFaultsAndLimits(t *testing.T) {
	s := start(t, Options{PerChannel: 2, PerChannelWindow: time.Hour})
	dm := s.DM("1")
	send := func() (int, map[string]any) {
		status, _, answer := call(t, s, "POST", "/channels/"+dm+"/messages", plain(`"content":"x"`))
		return status, answer
	}
	s.Fail(Fault{Route: RouteSend, Nth: 2, Accept: true, Drop: true})
	s.Fail(Fault{Route: RouteSend, Nth: 2, Status: 503})
	for i, want := range []int{200, 0, 503, 429} {
		if got, answer := send(); got != want || want == 429 && answer["retry_after"].(float64) < 3000 {
			t.Errorf("call %d: %d %v, want %d", i, got, answer, want)
		}
	}
	if n := len(s.FromBot(dm)); n != 2 {
		t.Errorf("%d messages, want the first and the one whose answer was lost", n)
	}
	s.Fail(Fault{Route: RouteMe, Cut: 5})
	if _, code, _ := call(t, s, "GET", "/users/@me", ""); code != -1 {
		t.Error("the answer was not cut")
	}
	if got := s.Calls(RouteSend); len(got) != 4 || got[2].Status != 503 {
		t.Errorf("%+v", got)
	}
}

// gate is a raw client of the gateway.
type gate struct {
	*websocket.Conn
	t   *testing.T
	seq int
}

func dial(t *testing.T, s *Server) *gate {
	t.Helper()
	c, resp, err := websocket.DefaultDialer.Dial("ws://"+s.addr+"/?v=9", nil)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	t.Cleanup(func() { c.Close() })
	g := &gate{Conn: c, t: t}
	if e := g.next(); e.Op != opHello {
		t.Fatalf("%+v", e)
	}
	return g
}

func (g *gate) next() event {
	g.t.Helper()
	g.SetReadDeadline(time.Now().Add(5 * time.Second))
	var e event
	if err := g.ReadJSON(&e); err != nil {
		g.t.Fatal(err)
	}
	g.seq = max(g.seq, e.Seq)
	return e
}

func (g *gate) send(op int, data any) {
	g.t.Helper()
	if err := g.WriteJSON(map[string]any{"op": op, "d": data}); err != nil {
		g.t.Fatal(err)
	}
}

func identity(s *Server, intents int) map[string]any {
	return map[string]any{"token": "Bot " + s.Token(), "intents": intents}
}

func TestGatewayResume(t *testing.T) {
	s := start(t, Options{IdentifyEvery: time.Hour})
	g := dial(t, s)
	g.send(opIdentify, identity(s, intentGuilds|intentDirectMessages))
	ready := g.next()
	if ready.Type != "READY" {
		t.Fatalf("%+v", ready)
	}
	id := ready.Data.(map[string]any)["session_id"]
	g.send(opHeartbeat, g.seq)
	if e := g.next(); e.Op != opAck {
		t.Errorf("%+v", e)
	}
	s.Drop()
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	if err := s.Wait(ctx, func() bool { return s.Gateway().Connected == 0 }); err != nil {
		t.Fatal(err)
	}
	s.Say(User{ID: "1"}, "hello", nil)
	again := dial(t, s)
	again.send(opResume, map[string]any{"token": s.Token(), "session_id": id, "seq": g.seq})
	if a, b := again.next(), again.next(); a.Type != "MESSAGE_CREATE" || b.Type != "RESUMED" {
		t.Errorf("%+v, %+v", a, b)
	}
	early := dial(t, s)
	early.send(opIdentify, identity(s, intentGuilds))
	if e := early.next(); e.Op != opInvalidSession {
		t.Errorf("%+v", e)
	}
}

func TestGatewayRefuses(t *testing.T) {
	s := start(t, Options{IdentifyEvery: time.Nanosecond})
	for _, c := range []struct {
		data map[string]any
		code int
	}{
		{map[string]any{"token": "wrong", "intents": 1}, CloseAuthFailed},
		{identity(s, 1<<40), CloseInvalidIntents},
		{identity(s, 1<<15), CloseDisallowedIntents},
	} {
		g := dial(t, s)
		g.send(opIdentify, c.data)
		g.SetReadDeadline(time.Now().Add(5 * time.Second))
		if _, _, err := g.ReadMessage(); !websocket.IsCloseError(err, c.code) {
			t.Errorf("%v, want %d", err, c.code)
		}
	}
}

// The checker, on a description small enough to read.
func TestSchema(t *testing.T) {
	dir := t.TempDir()
	const doc = `{"paths":{
		"/channels/{id}/messages":{"post":{"requestBody":{"content":{"application/json":{"schema":{"$ref":"#/components/schemas/M"}}}}}},
		"/channels/@me/messages":{"post":{"requestBody":{"content":{"application/json":{"schema":{"type":"array"}}}}}}},
		"components":{"schemas":{
			"M":{"type":"object","required":["content"],"properties":{
				"content":{"type":["string","null"],"maxLength":3},
				"flags":{"oneOf":[{"type":"null"},{"type":"integer","enum":[1,2]}]},
				"rows":{"type":"array","maxItems":1,"items":{"$ref":"#/components/schemas/R"}}}},
			"R":{"type":"object","additionalProperties":{"type":"string","pattern":"^x"}}}}}`
	if err := os.WriteFile(filepath.Join(dir, "discord-openapi.json"), []byte(doc), 0o644); err != nil {
		t.Fatal(err)
	}
	sch, err := loadSchema(dir)
	if err != nil {
		t.Fatal(err)
	}
	for body, want := range map[string]int{
		`{"content":"abc"}`:                       0,
		`{"content":null,"flags":2}`:              0,
		`{"content":"abcd"}`:                      1,
		`{}`:                                      1,
		`{"content":1}`:                           1,
		`{"content":"a","flags":3}`:               1,
		`{"content":"a","other":3}`:               1,
		`{"content":"a","rows":[{"k":"x1"}]}`:     0,
		`{"content":"a","rows":[{"k":"y"},{}]}`:   2,
		`{"content":"a","rows":{"k":"not list"}}`: 1,
	} {
		var v any
		if err := json.Unmarshal([]byte(body), &v); err != nil {
			t.Fatal(err)
		}
		if got := sch.check(sch.find("POST", "/channels/7/messages"), v, ""); len(got) != want {
			t.Errorf("%s: %v, want %d", body, got, want)
		}
	}
	if s := sch.find("POST", "/channels/@me/messages"); s.(map[string]any)["type"] != "array" {
		t.Error("the more exact path does not win")
	}
}
