package fakediscord

import (
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/gorilla/websocket"
)

// Gateway opcodes (topics/opcodes-and-status-codes, "Gateway Opcodes").
const (
	opDispatch       = 0
	opHeartbeat      = 1
	opIdentify       = 2
	opResume         = 6
	opReconnect      = 7
	opInvalidSession = 9
	opHello          = 10
	opAck            = 11
)

// Close codes that end a bot's session ("Gateway Close Event Codes").
const (
	CloseAuthFailed        = 4004
	CloseInvalidShard      = 4010
	CloseInvalidIntents    = 4013
	CloseDisallowedIntents = 4014
)

// Intents (events/gateway, "List of Intents").
const (
	intentGuilds         = 1 << 0
	intentGuildMessages  = 1 << 9
	intentDirectMessages = 1 << 12
	privilegedIntents    = 1<<1 | 1<<8 | 1<<15
	knownIntents         = 1<<26 - 1
)

// Behavior is how the gateway misbehaves; the zero value does not.
type Behavior struct {
	NoHello bool
	NoReady bool // HELLO, then silence
	NoAck   bool // heartbeats are not acknowledged
	// BeforeReady sends this opcode (7 or 9) in answer to IDENTIFY and RESUME.
	BeforeReady int
	// CloseCode closes in answer to IDENTIFY and RESUME.
	CloseCode int
}

type gateway struct {
	behavior   Behavior
	conns      map[*conn]bool
	sessions   map[string]*session
	opened     int
	identifies []time.Time
	resumes    int
	beats      int
}

// session is what a bot resumes.
type session struct {
	id      string
	intents int
	shard   shard
	events  []event
	conn    *conn // nil while away
}

// shard is which of a bot's sessions this is: its number, and of how many.
type shard [2]int

// tells whether a session is told what happens in a guild; what happens in none, the first
// is (events/gateway, "Sharding").
func (sh shard) tells(guild string) bool {
	n, err := strconv.ParseUint(guild, 10, 64)
	if err != nil {
		n = 0
	}
	return sh[1] < 2 || int(n>>22%uint64(sh[1])) == sh[0]
}

type event struct {
	Op   int    `json:"op"`
	Seq  int    `json:"s,omitempty"`
	Type string `json:"t,omitempty"`
	Data any    `json:"d"`
}

// conn is one websocket connection.
type conn struct {
	ws      *websocket.Conn
	session *session
	write   sync.Mutex
}

func (c *conn) send(e event) {
	c.write.Lock()
	defer c.write.Unlock()
	c.ws.SetWriteDeadline(time.Now().Add(5 * time.Second)) //nolint:errcheck // the write tells
	c.ws.WriteJSON(e)                                      //nolint:errcheck // a reader that left resumes
}

func (c *conn) close(code int) {
	c.write.Lock()
	defer c.write.Unlock()
	c.ws.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(code, ""), time.Now().Add(time.Second)) //nolint:errcheck
	c.ws.Close()
}

var upgrader = websocket.Upgrader{CheckOrigin: func(*http.Request) bool { return true }}

func (s *Server) serveGateway(w http.ResponseWriter, r *http.Request) {
	ws, err := upgrader.Upgrade(w, r, nil)
	if err != nil {
		return
	}
	c := &conn{ws: ws}
	s.mu.Lock()
	if s.gateway.conns == nil {
		s.gateway.conns = map[*conn]bool{}
	}
	s.gateway.conns[c] = true
	s.gateway.opened++
	hello := !s.gateway.behavior.NoHello
	s.touch()
	s.mu.Unlock()
	if hello {
		c.send(event{Op: opHello, Data: map[string]any{"heartbeat_interval": s.opt.Heartbeat.Milliseconds()}})
	}
	s.converse(c)
}

// converse reads until the connection ends.
func (s *Server) converse(c *conn) {
	for {
		var in struct {
			Op   int             `json:"op"`
			Data json.RawMessage `json:"d"`
		}
		if err := c.ws.ReadJSON(&in); err != nil {
			s.leave(c, websocket.IsCloseError(err, websocket.CloseNormalClosure, websocket.CloseGoingAway))
			return
		}
		s.mu.Lock()
		switch in.Op {
		case opHeartbeat:
			s.gateway.beats++
			if !s.gateway.behavior.NoAck {
				c.send(event{Op: opAck})
			}
		case opIdentify:
			s.identify(c, in.Data)
		case opResume:
			s.resume(c, in.Data)
		}
		s.touch()
		s.mu.Unlock()
	}
}

// leave forgets a connection; one that closed with 1000 or 1001 ends its session.
func (s *Server) leave(c *conn, forGood bool) {
	c.ws.Close()
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.gateway.conns, c)
	if c.session != nil && c.session.conn == c {
		c.session.conn = nil
		if forGood {
			delete(s.gateway.sessions, c.session.id)
		}
	}
	s.touch()
}

// misbehave does what the behavior asks for in answer to IDENTIFY or RESUME.
func (s *Server) misbehave(c *conn) bool {
	switch b := s.gateway.behavior; {
	case b.CloseCode != 0:
		c.close(b.CloseCode)
	case b.BeforeReady == opReconnect:
		c.send(event{Op: opReconnect})
	case b.BeforeReady == opInvalidSession:
		c.send(event{Op: opInvalidSession, Data: false})
	case !b.NoReady:
		return false
	}
	return true
}

func (s *Server) identify(c *conn, data json.RawMessage) {
	var in struct {
		Token   string `json:"token"`
		Intents int    `json:"intents"`
		Shard   shard  `json:"shard"`
	}
	now := time.Now()
	early := len(s.gateway.identifies) > 0 && now.Sub(s.gateway.identifies[len(s.gateway.identifies)-1]) < s.opt.IdentifyEvery
	s.gateway.identifies = append(s.gateway.identifies, now)
	switch {
	case json.Unmarshal(data, &in) != nil:
		c.close(4002)
	case strings.TrimPrefix(in.Token, "Bot ") != s.opt.Token:
		c.close(CloseAuthFailed)
	case in.Intents&^knownIntents != 0:
		c.close(CloseInvalidIntents)
	case in.Intents&privilegedIntents != 0:
		c.close(CloseDisallowedIntents)
	case in.Shard[0] < 0 || in.Shard[0] > 0 && in.Shard[0] >= in.Shard[1]:
		c.close(CloseInvalidShard)
	case s.misbehave(c):
	case early: // the connection stays, as the documents say
		c.send(event{Op: opInvalidSession, Data: false})
	default:
		s.ready(c, in.Intents, in.Shard)
	}
}

func (s *Server) ready(c *conn, intents int, sh shard) {
	ss := &session{id: "session" + s.newID(), intents: intents, shard: sh, conn: c}
	c.session = ss
	s.gateway.sessions[ss.id] = ss
	guilds := []any{}
	for id := range s.guilds {
		if sh.tells(id) {
			guilds = append(guilds, map[string]any{"id": id, "unavailable": true})
		}
	}
	s.tell(ss, "READY", map[string]any{
		"v": 9, "user": s.botUser(), "guilds": guilds, "session_id": ss.id,
		"resume_gateway_url": "ws://" + s.addr, "application": map[string]any{"id": s.opt.Application, "flags": 0},
		"private_channels": []any{}, "relationships": []any{},
	})
	for id, g := range s.guilds {
		if !sh.tells(id) {
			continue
		}
		s.tell(ss, "GUILD_CREATE", s.guildCreate(g))
	}
}

func (s *Server) resume(c *conn, data json.RawMessage) {
	var in struct {
		Token   string `json:"token"`
		Session string `json:"session_id"`
		Seq     int    `json:"seq"`
	}
	s.gateway.resumes++
	if json.Unmarshal(data, &in) != nil || strings.TrimPrefix(in.Token, "Bot ") != s.opt.Token {
		c.close(CloseAuthFailed)
		return
	}
	if s.misbehave(c) {
		return
	}
	ss := s.gateway.sessions[in.Session]
	if ss == nil {
		c.send(event{Op: opInvalidSession, Data: false})
		return
	}
	ss.conn, c.session = c, ss
	for _, e := range ss.events {
		if e.Seq > in.Seq {
			c.send(e)
		}
	}
	s.tell(ss, "RESUMED", map[string]any{})
}

// tell adds an event to a session and sends it where somebody listens.
func (s *Server) tell(ss *session, kind string, data any) {
	e := event{Op: opDispatch, Type: kind, Data: data, Seq: len(ss.events) + 1}
	ss.events = append(ss.events, e)
	if ss.conn != nil {
		ss.conn.send(e)
	}
}

// dispatch sends an event of a guild, or of none, to all sessions that asked for its intent
// (0: to all) and whose shard it belongs to. The caller holds the lock.
func (s *Server) dispatch(kind string, intent int, guild string, data any) {
	for _, ss := range s.gateway.sessions {
		if ss.shard.tells(guild) && (intent == 0 || ss.intents&intent != 0) {
			s.tell(ss, kind, data)
		}
	}
	s.touch()
}

func (s *Server) dispatchMessage(m *Message) {
	data, intent, guild := m.json(s), intentDirectMessages, ""
	if c := s.channels[m.Channel]; c != nil && c.Guild != "" {
		data["guild_id"], intent, guild = c.Guild, intentGuildMessages, c.Guild
	}
	s.dispatch("MESSAGE_CREATE", intent, guild, data)
}

// Misbehave sets how the gateway treats connections from now on.
func (s *Server) Misbehave(b Behavior) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.gateway.behavior = b
}

// each does something with every connection; with a copy, so that closing may wait.
func (s *Server) each(do func(*conn)) {
	s.mu.Lock()
	var all []*conn
	for c := range s.gateway.conns {
		all = append(all, c)
	}
	s.mu.Unlock()
	for _, c := range all {
		do(c)
	}
}

// Drop cuts all gateway connections without a word.
func (s *Server) Drop() { s.each(func(c *conn) { c.ws.NetConn().Close() }) }

// CloseGateway closes all gateway connections with a code.
func (s *Server) CloseGateway(code int) { s.each(func(c *conn) { c.close(code) }) }

// Reconnect asks all connections to come again (op 7).
func (s *Server) Reconnect() { s.each(func(c *conn) { c.send(event{Op: opReconnect}) }) }

// InvalidateSessions forgets all sessions and says so (op 9).
func (s *Server) InvalidateSessions() {
	s.mu.Lock()
	s.gateway.sessions = map[string]*session{}
	s.mu.Unlock()
	s.each(func(c *conn) { c.send(event{Op: opInvalidSession, Data: false}) })
}

// GatewayStats are what happened at the gateway so far.
type GatewayStats struct {
	Opened     int // connections
	Identifies []time.Time
	Resumes    int
	Heartbeats int
	Connected  int      // sessions with a living connection
	Shards     [][2]int // of these: number, and of how many; 0 of 0 without shards
}

// Gateway tells what happened at the gateway so far.
func (s *Server) Gateway() GatewayStats {
	s.mu.Lock()
	defer s.mu.Unlock()
	g := &s.gateway
	out := GatewayStats{Opened: g.opened, Identifies: slices.Clone(g.identifies), Resumes: g.resumes, Heartbeats: g.beats}
	for _, ss := range g.sessions {
		if ss.conn != nil {
			out.Connected++
			out.Shards = append(out.Shards, ss.shard)
		}
	}
	return out
}
