package fetch

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/http2"
	"golang.org/x/net/http2/hpack"
)

// header encodes header fields, names and values in turn.
func header(fields ...string) []byte {
	var b bytes.Buffer
	e := hpack.NewEncoder(&b)
	for i := 0; i < len(fields); i += 2 {
		_ = e.WriteField(hpack.HeaderField{Name: fields[i], Value: fields[i+1]}) // into memory: cannot fail
	}
	return b.Bytes()
}

// again writes frames until the connection is closed.
func again(write func() error) {
	for write() == nil {
	}
}

// TestHostileHTTP2: whatever frames a server sends, a request ends in good time with an
// error, without much memory, and the client goes on to serve others.
func TestHostileHTTP2(t *testing.T) {
	fine := header(":status", "200", "content-type", "text/plain")
	for name, answer := range map[string]func(f *http2.Framer, stream uint32, raw net.Conn){
		"headers that never end": func(f *http2.Framer, stream uint32, _ net.Conn) {
			_ = f.WriteHeaders(http2.HeadersFrameParam{StreamID: stream, BlockFragment: fine})
			n := 0
			again(func() error {
				n++
				return f.WriteContinuation(stream, false, header("x-"+strconv.Itoa(n), strings.Repeat("a", 8<<10)))
			})
		},
		"empty continuations": func(f *http2.Framer, stream uint32, _ net.Conn) {
			_ = f.WriteHeaders(http2.HeadersFrameParam{StreamID: stream, BlockFragment: fine})
			again(func() error { return f.WriteContinuation(stream, false, nil) })
		},
		"headers larger than allowed": func(f *http2.Framer, stream uint32, _ net.Conn) {
			block := header(":status", "200", "x", strings.Repeat("a", 1<<20))
			for first := true; len(block) > 0; first = false {
				n := min(len(block), 16<<10)
				if first {
					_ = f.WriteHeaders(http2.HeadersFrameParam{StreamID: stream, BlockFragment: block[:n], EndHeaders: n == len(block)})
				} else if f.WriteContinuation(stream, n == len(block), block[:n]) != nil {
					return
				}
				block = block[n:]
			}
		},
		"empty data for ever": func(f *http2.Framer, stream uint32, _ net.Conn) {
			_ = f.WriteHeaders(http2.HeadersFrameParam{StreamID: stream, BlockFragment: fine, EndHeaders: true})
			again(func() error { return f.WriteData(stream, false, nil) })
		},
		"more data than there is room": func(f *http2.Framer, stream uint32, _ net.Conn) {
			_ = f.WriteHeaders(http2.HeadersFrameParam{StreamID: stream, BlockFragment: fine, EndHeaders: true})
			again(func() error { return f.WriteData(stream, false, make([]byte, 16<<10)) })
		},
		"settings for ever": func(f *http2.Framer, _ uint32, _ net.Conn) { again(func() error { return f.WriteSettings() }) },
		"pings for ever": func(f *http2.Framer, _ uint32, _ net.Conn) {
			again(func() error { return f.WritePing(false, [8]byte{}) })
		},
		"a push": func(f *http2.Framer, stream uint32, _ net.Conn) {
			_ = f.WritePushPromise(http2.PushPromiseParam{StreamID: stream, PromiseID: 2, BlockFragment: fine, EndHeaders: true})
		},
		"a stream that nobody opened": func(f *http2.Framer, _ uint32, _ net.Conn) { _ = f.WriteData(99, true, []byte("x")) },
		"reset": func(f *http2.Framer, stream uint32, _ net.Conn) {
			_ = f.WriteRSTStream(stream, http2.ErrCodeRefusedStream)
		},
		"told to go away": func(f *http2.Framer, _ uint32, raw net.Conn) {
			_ = f.WriteGoAway(0, http2.ErrCodeEnhanceYourCalm, nil)
			raw.Close()
		},
		"less data than announced": func(f *http2.Framer, stream uint32, _ net.Conn) {
			_ = f.WriteHeaders(http2.HeadersFrameParam{StreamID: stream, EndHeaders: true,
				BlockFragment: header(":status", "200", "content-type", "text/plain", "content-length", "100")})
			_ = f.WriteData(stream, true, []byte("short"))
		},
		"a frame of 16 MB": func(_ *http2.Framer, _ uint32, raw net.Conn) {
			_, _ = raw.Write([]byte{255, 255, 255, 0, 0, 0, 0, 0, 1})
		},
		"no frames": func(_ *http2.Framer, _ uint32, raw net.Conn) {
			_, _ = io.WriteString(raw, "HTTP/1.1 200 OK\r\n\r\nhello")
		},
		"a broken dictionary": func(f *http2.Framer, stream uint32, _ net.Conn) {
			_ = f.WriteHeaders(http2.HeadersFrameParam{StreamID: stream, BlockFragment: []byte{0xff, 0xff, 0xff, 0xff, 0x7f}, EndHeaders: true})
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			certificate, c := trusting(t)
			address := http2Server(t, certificate, answer)
			ctx, cancel := context.WithTimeout(t.Context(), 4*time.Second)
			defer cancel()
			_, err := c.Get(ctx, Request{URL: "https://" + address + "/feed?token=s3cret", MaxBytes: 1 << 20})
			var e *Error
			if !errors.As(err, &e) && !errors.Is(err, context.DeadlineExceeded) || strings.Contains(err.Error(), "s3cret") {
				t.Errorf("%v", err)
			}
			good := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "fine") }))
			defer good.Close()
			if r, err := c.Get(t.Context(), Request{URL: good.URL}); err != nil || string(r.Body) != "fine" {
				t.Errorf("another server afterwards: %v", err)
			}
		})
	}
	t.Cleanup(func() { // after all of them
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		if m.HeapSys > 512<<20 {
			t.Errorf("the heap grew to %d MB", m.HeapSys>>20)
		}
	})
}

// trusting is a client that trusts the certificate that comes with it.
func trusting(t *testing.T) (tls.Certificate, *Client) {
	t.Helper()
	s := httptest.NewUnstartedServer(nil)
	s.StartTLS()
	defer s.Close()
	c := New(Options{Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}})
	t.Cleanup(c.Close)
	c.transport.TLSClientConfig = &tls.Config{RootCAs: s.Client().Transport.(*http.Transport).TLSClientConfig.RootCAs}
	c.transport.ResponseHeaderTimeout = 2 * time.Second
	return s.TLS.Certificates[0], c
}

// http2Server answers the first request of every connection with the frames that answer
// writes, and reads on until the client leaves.
func http2Server(t *testing.T, certificate tls.Certificate, answer func(*http2.Framer, uint32, net.Conn)) string {
	t.Helper()
	l, err := tls.Listen("tcp", "127.0.0.1:0", &tls.Config{Certificates: []tls.Certificate{certificate}, NextProtos: []string{"h2"}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer conn.Close()
				preface := make([]byte, len(http2.ClientPreface))
				if _, err := io.ReadFull(conn, preface); err != nil {
					return
				}
				f := http2.NewFramer(conn, conn)
				_ = f.WriteSettings()
				for answered := false; ; {
					frame, err := f.ReadFrame()
					if err != nil {
						return
					}
					if h, ok := frame.(*http2.HeadersFrame); ok && !answered {
						answered = true
						go answer(http2.NewFramer(conn, nil), h.StreamID, conn)
					}
				}
			}()
		}
	}()
	return l.Addr().String()
}
