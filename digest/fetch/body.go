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
	br := bufio.NewReader(r)
	if !isGzip(br) {
		return readAll(br, max)
	}
	zr, err := gzip.NewReader(br)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errDamaged, err)
	}
	inner := bufio.NewReader(zr)
	if isGzip(inner) {
		return nil, errEncoding
	}
	body, err := readAll(inner, max)
	if errors.Is(err, gzip.ErrHeader) || errors.Is(err, gzip.ErrChecksum) {
		err = fmt.Errorf("%w: %w", errDamaged, err)
	}
	return body, err
}

func isGzip(r *bufio.Reader) bool {
	magic, _ := r.Peek(2)
	return bytes.Equal(magic, []byte{0x1f, 0x8b})
}

func readAll(r io.Reader, max int64) ([]byte, error) {
	body, err := io.ReadAll(&capped{r, max})
	if err != nil {
		return nil, err
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

// paced counts what a body brings.
type paced struct {
	r io.Reader
	n atomic.Int64
}

func (p *paced) Read(b []byte) (int, error) {
	n, err := p.r.Read(b)
	p.n.Add(int64(n))
	return n, err
}

// watch cancels a request whose body brings less than MinRate over a RateWindow, until
// ctx, the request's, is over. A read that waits for bytes cannot look at the clock.
func watch(ctx context.Context, body io.Reader, cancel context.CancelCauseFunc) io.Reader {
	p := &paced{r: body}
	go func() {
		t := time.NewTicker(RateWindow)
		defer t.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-t.C:
				if p.n.Swap(0) < MinRate*int64(RateWindow/time.Second) {
					cancel(errTooSlow)
					return
				}
			}
		}
	}()
	return p
}
