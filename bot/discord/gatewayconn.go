package discord

import (
	"bytes"
	"errors"
	"net"
	"sync"
	"time"
)

// errUnasked ends a connection on which discordgo identifies although nobody asked it to:
// its answer to an invalid session, at once and without end. Discord allows one IDENTIFY
// in five seconds and a thousand a day, then it resets the token.
var errUnasked = errors.New("the session is not valid any more")

// gatewayConn is the connection under a websocket. It ends when nothing was heard for
// too long, lets one IDENTIFY through, and keeps back the close frames that discordgo
// sends at every lost connection: their codes would end the session, which then could
// not be resumed.
type gatewayConn struct {
	net.Conn
	idle time.Duration

	mu       sync.Mutex
	identify bool // one IDENTIFY may pass
	unasked  bool // one was kept back
}

// Read implements net.Conn.
func (c *gatewayConn) Read(b []byte) (int, error) {
	if err := c.SetReadDeadline(time.Now().Add(c.idle)); err != nil {
		return 0, err
	}
	return c.Conn.Read(b)
}

// First bytes of a frame that is whole (RFC 6455, section 5.2).
const (
	textFrame  = 0x81
	closeFrame = 0x88
)

// Write implements net.Conn. The websocket writes a frame at a time.
func (c *gatewayConn) Write(b []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case len(b) == 0:
	case b[0] == closeFrame:
		return len(b), nil
	case b[0] == textFrame && isIdentify(b):
		if !c.identify {
			c.unasked = true
			c.Conn.Close()
			return 0, errUnasked
		}
		c.identify = false
	}
	return c.Conn.Write(b)
}

// identifyStart is how discordgo's IDENTIFY begins.
var identifyStart = []byte(`{"op":2,`)

// isIdentify looks under the mask of a client's frame.
func isIdentify(frame []byte) bool {
	head := 2
	switch frame[1] & 0x7f {
	case 126:
		head += 2
	case 127:
		head += 8
	}
	if len(frame) < head+4+len(identifyStart) {
		return false
	}
	mask, payload := frame[head:head+4], frame[head+4:]
	start := make([]byte, len(identifyStart))
	for i := range start {
		start[i] = payload[i] ^ mask[i%4]
	}
	return bytes.Equal(start, identifyStart)
}

// goodbye closes with code 1000, which ends the session: the bot is shown offline at once.
func (c *gatewayConn) goodbye() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.SetWriteDeadline(time.Now().Add(time.Second)) //nolint:errcheck // the write tells
	// A final frame of two bytes under a mask of zeros: 1000 is 0x03E8.
	c.Conn.Write([]byte{closeFrame, 0x80 | 2, 0, 0, 0, 0, 0x03, 0xE8}) //nolint:errcheck // it is over either way
	c.Conn.Close()
}

// invalid tells whether the session behind the connection has ended.
func (c *gatewayConn) invalid() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.unasked
}
