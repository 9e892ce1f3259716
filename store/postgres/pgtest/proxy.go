package pgtest

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"sync"
	"testing"
	"time"
)

// Fault is what a Proxy does to a message of the client.
type Fault int

// Faults. After all but Pass and Conflict the client's connection is gone or silent.
const (
	Pass     Fault = iota
	Cut            // the server never gets the message
	CutAfter       // the server gets it, the client no answer
	Late           // the client is cut off; the server gets this and all up to the next Sync LateBy later
	Hang           // the server gets it and all that follows, the client no answer and no end
	Conflict       // the client is told 40001 instead of an answer, the server never gets the message
)

// LateBy is how late messages are.
const LateBy = 150 * time.Millisecond

// Message is one message that a client sends once it has logged in.
type Message struct {
	N    int  // counted from 1 over all connections since the last Plan
	Type byte // of the protocol: P(arse), D(escribe), B(ind), E(xecute), S(ync), Q(uery)
}

// Proxy stands between clients and a server and does to messages what it is told to.
type Proxy struct {
	upstream string
	url      string
	listener net.Listener

	mu    sync.Mutex
	plan  func(Message) Fault
	n     int
	conns map[net.Conn]bool
}

// StartProxy starts a proxy before the server of this address, for one test.
func StartProxy(t testing.TB, address string) *Proxy {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &Proxy{upstream: u.Host, listener: l, conns: map[net.Conn]bool{}}
	p.Plan(nil)
	u.Host = l.Addr().String()
	p.url = u.String()
	go p.accept()
	t.Cleanup(p.Close)
	return p
}

// URL is the address of the database by way of the proxy.
func (p *Proxy) URL() string { return p.url }

// Plan sets what is done to messages from now on, nil for nothing, and counts them anew.
func (p *Proxy) Plan(plan func(Message) Fault) {
	if plan == nil {
		plan = func(Message) Fault { return Pass }
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.plan, p.n = plan, 0
}

// Close ends all connections and takes no more.
func (p *Proxy) Close() {
	_ = p.listener.Close()
	p.mu.Lock()
	defer p.mu.Unlock()
	for c := range p.conns {
		_ = c.Close()
	}
	p.conns = nil
}

func (p *Proxy) accept() {
	for {
		client, err := p.listener.Accept()
		if err != nil {
			return
		}
		server, err := net.Dial("tcp", p.upstream)
		if err != nil {
			_ = client.Close()
			continue
		}
		if p.keep(client, server) {
			r := &relay{proxy: p, client: client, server: server}
			go r.answers()
			go r.requests()
		}
	}
}

// keep notes connections for Close; false if it was closed already.
func (p *Proxy) keep(conns ...net.Conn) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, c := range conns {
		if p.conns == nil {
			_ = c.Close()
			continue
		}
		p.conns[c] = true
	}
	return p.conns != nil
}

// judge is what the plan wants done to a message.
func (p *Proxy) judge(kind byte) Fault {
	switch kind {
	case 'P', 'D', 'B', 'E', 'S', 'Q':
	default:
		return Pass // logging in and leaving
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.n++
	return p.plan(Message{N: p.n, Type: kind})
}

// relay is one client's connection and its way to the server.
type relay struct {
	proxy          *Proxy
	client, server net.Conn

	mu       sync.Mutex
	silent   bool // the client gets no more answers
	conflict bool // the next ReadyForQuery comes with 40001
}

func (r *relay) end() {
	_ = r.client.Close()
	_ = r.server.Close()
}

// requests relays what the client sends.
func (r *relay) requests() {
	in := bufio.NewReader(r.client)
	if err := r.startup(in); err != nil {
		r.end()
		return
	}
	for {
		m, err := message(in)
		if err == nil {
			err = r.request(m, in)
		}
		if err != nil {
			r.end()
			return
		}
	}
}

// startup relays the first message, which has no type.
func (r *relay) startup(in io.Reader) error {
	head := make([]byte, 4)
	if _, err := io.ReadFull(in, head); err != nil {
		return err
	}
	body := make([]byte, binary.BigEndian.Uint32(head)-4)
	if _, err := io.ReadFull(in, body); err != nil {
		return err
	}
	_, err := r.server.Write(append(head, body...))
	return err
}

var errCut = errors.New("cut")

// request does to one message what the plan wants.
func (r *relay) request(m []byte, in *bufio.Reader) error {
	switch r.proxy.judge(m[0]) {
	case Cut:
		return errCut
	case CutAfter:
		r.mute()
		_, err := r.server.Write(m)
		return errors.Join(err, errCut)
	case Late:
		return r.late(m, in)
	case Hang:
		r.mute()
	case Conflict:
		if m[0] != 'S' { // a Sync cannot fail in a transaction
			return r.refuse(m, in)
		}
	}
	_, err := r.server.Write(m)
	return err
}

func (r *relay) mute() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.silent = true
}

// late cuts the client off and lets the server have what it sent later.
func (r *relay) late(m []byte, in *bufio.Reader) error {
	r.mute()
	held := m
	for m[0] != 'S' && m[0] != 'Q' {
		var err error
		if m, err = message(in); err != nil {
			return err
		}
		held = append(held, m...)
	}
	_ = r.client.Close()
	time.Sleep(LateBy)
	_, err := r.server.Write(held)
	return errors.Join(err, errCut)
}

// refuse answers a message, and all up to the next Sync, with 40001.
func (r *relay) refuse(m []byte, in *bufio.Reader) error {
	simple := m[0] == 'Q'
	for m[0] != 'S' && m[0] != 'Q' {
		var err error
		if m, err = message(in); err != nil {
			return err
		}
	}
	if simple {
		_, err := r.client.Write(append(conflictError(), 'Z', 0, 0, 0, 5, 'E'))
		return err
	}
	r.mu.Lock()
	r.conflict = true
	r.mu.Unlock()
	_, err := r.server.Write([]byte{'S', 0, 0, 0, 4}) // for the answers to what came before
	return err
}

// conflictError is an ErrorResponse as the server sends it when updates are in each
// other's way.
func conflictError() []byte {
	body := fmt.Appendf(nil, "SERROR\x00VERROR\x00C40001\x00Mcould not serialize access, says the test\x00\x00")
	return append(binary.BigEndian.AppendUint32([]byte{'E'}, uint32(len(body)+4)), body...)
}

// answers relays what the server sends.
func (r *relay) answers() {
	in := bufio.NewReader(r.server)
	for {
		m, err := message(in)
		if err == nil {
			err = r.answer(m)
		}
		if err != nil {
			r.end()
			return
		}
	}
}

func (r *relay) answer(m []byte) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.silent {
		return nil
	}
	if m[0] == 'Z' && r.conflict {
		r.conflict = false
		m = append(conflictError(), 'Z', 0, 0, 0, 5, 'E')
	}
	_, err := r.client.Write(m)
	return err
}

// message reads one message with its type and length.
func message(in io.Reader) ([]byte, error) {
	m := make([]byte, 5)
	if _, err := io.ReadFull(in, m); err != nil {
		return nil, err
	}
	body := make([]byte, binary.BigEndian.Uint32(m[1:])-4)
	_, err := io.ReadFull(in, body)
	return append(m, body...), err
}
