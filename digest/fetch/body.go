package fetch

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// errDamaged wraps what gzip says of a stream it cannot decode.
var errDamaged = errors.New("damaged gzip stream")

// readBody reads and decodes the body of an answer, at most max bytes before and after
// decoding.
func readBody(h *http.Response, r io.Reader, max int64) ([]byte, error) {
	if h.ContentLength > max {
		return nil, errTooLarge
	}
	if !readable(h.Header.Get("Content-Type")) {
		return nil, errBinary
	}
	switch strings.ToLower(strings.TrimSpace(strings.Join(h.Header.Values("Content-Encoding"), ","))) {
	case "", "identity", "gzip", "x-gzip":
	default:
		return nil, errEncoding
	}
	body, err := decode(&capped{r, max}, max)
	if err == nil && !readable(http.DetectContentType(body)) {
		err = errBinary
	}
	return body, err
}

// readable tells whether a declared or detected type may be a feed, a page or OPML.
// Servers declare those as nearly anything, so only what surely is none is refused.
func readable(contentType string) bool {
	t, _, _ := strings.Cut(strings.ToLower(contentType), ";")
	major, minor, _ := strings.Cut(strings.TrimSpace(t), "/")
	switch major {
	case "image", "audio", "video", "font":
		return false
	case "application":
		switch minor {
		case "pdf", "zip", "x-rar-compressed", "wasm", "postscript", "vnd.ms-fontobject", "ogg":
			return false
		}
	}
	return true
}

// decode reads r through one layer of gzip if it starts as one. What the header says of
// that is not asked: servers send compressed files without a word, and the other way
// round.
func decode(r io.Reader, max int64) ([]byte, error) {
	br := buffered(r)
	defer buffers.Put(br)
	if !isGzip(br) {
		return readAll(br, max)
	}
	zr := unzippers.Get().(*gzip.Reader)
	defer unzippers.Put(zr)
	if err := zr.Reset(br); err != nil {
		return nil, fmt.Errorf("%w: %w", errDamaged, err)
	}
	inner := buffered(zr)
	defer buffers.Put(inner)
	if isGzip(inner) {
		return nil, errEncoding
	}
	body, err := readAll(inner, max)
	if errors.Is(err, gzip.ErrHeader) || errors.Is(err, gzip.ErrChecksum) {
		err = fmt.Errorf("%w: %w", errDamaged, err)
	}
	return body, err
}

// usualBody is the most that a buffer for bodies may have grown to, in bytes, to be kept.
const usualBody = 256 << 10

// What decoding needs is as large as many a feed, so it is used again.
var (
	buffers   = sync.Pool{New: func() any { return bufio.NewReader(nil) }}
	unzippers = sync.Pool{New: func() any { return new(gzip.Reader) }}
	bodies    = make(chan *bytes.Buffer, 4) // no more: where many are read at once they are large together
)

func buffered(r io.Reader) *bufio.Reader {
	br := buffers.Get().(*bufio.Reader)
	br.Reset(r)
	return br
}

func isGzip(r *bufio.Reader) bool {
	magic, _ := r.Peek(2)
	return bytes.Equal(magic, []byte{0x1f, 0x8b})
}

// readAll reads into a buffer that is used again, so that the body takes no more than it is
// long.
func readAll(r io.Reader, max int64) ([]byte, error) {
	var b *bytes.Buffer
	select {
	case b = <-bodies:
		b.Reset()
	default:
		b = new(bytes.Buffer)
	}
	if _, err := b.ReadFrom(&capped{r, max}); err != nil {
		return nil, err
	}
	body := bytes.Clone(b.Bytes())
	if b.Cap() <= usualBody {
		select {
		case bodies <- b:
		default:
		}
	}
	return body, nil
}

// capped fails with errTooLarge when more than left bytes come.
type capped struct {
	r    io.Reader
	left int64
}

func (c *capped) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	if c.left -= int64(n); c.left < 0 {
		return 0, errTooLarge
	}
	return n, err
}

// What a large body is, in bytes as they come, and how many may be read at once: ten
// servers that send without end shall not fill the memory.
const (
	largeBody   = 1 << 20
	largeAtOnce = 4
)

// roomy makes a body that turns out to be large wait for room. Its turn ends with the
// context of the request, for the bytes are held until then.
type roomy struct {
	r     io.Reader
	n     int64
	room  chan struct{}
	rests func(rest bool) // told while it waits: that is not the server's fault
	ctx   context.Context
}

func (b *roomy) Read(p []byte) (int, error) {
	n, err := b.r.Read(p)
	before := b.n
	if b.n += int64(n); before >= largeBody || b.n < largeBody {
		return n, err
	}
	b.rests(true)
	defer b.rests(false)
	select {
	case b.room <- struct{}{}:
		context.AfterFunc(b.ctx, func() { <-b.room })
		return n, err
	case <-b.ctx.Done():
		return 0, context.Cause(b.ctx)
	}
}

// paced cancels a request whose body brings less than MinRate over a RateWindow. A read
// that waits for bytes cannot look at the clock.
type paced struct {
	r       io.Reader
	n       atomic.Int64
	resting atomic.Bool
	alarm   *time.Timer
}

func watch(body io.Reader, cancel context.CancelCauseFunc) *paced {
	p := &paced{r: body}
	p.alarm = time.AfterFunc(TotalTimeout, func() {
		if p.n.Swap(0) < MinRate*int64(RateWindow/time.Second) && !p.resting.Load() {
			cancel(errTooSlow)
			return
		}
		p.alarm.Reset(RateWindow)
	})
	p.alarm.Reset(RateWindow)
	return p
}

// Read implements io.Reader.
func (p *paced) Read(b []byte) (int, error) {
	n, err := p.r.Read(b)
	p.n.Add(int64(n))
	return n, err
}

// rest says that nobody reads, or that somebody does again.
func (p *paced) rest(rest bool) {
	p.n.Add(MinRate * int64(RateWindow/time.Second))
	p.resting.Store(rest)
}

// stop ends the watch.
func (p *paced) stop() { p.alarm.Stop() }
