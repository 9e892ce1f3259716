package fetch

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"
)

func zipped(b []byte) []byte {
	var out bytes.Buffer
	w, _ := gzip.NewWriterLevel(&out, gzip.BestSpeed)
	w.Write(b)
	w.Close()
	return out.Bytes()
}

func TestBodies(t *testing.T) {
	feed := []byte("<rss>" + strings.Repeat("news ", 1000) + "</rss>")
	badSum := zipped(feed)
	badSum[len(badSum)-6] ^= 1
	for name, c := range map[string]struct {
		encoding, contentType string
		body                  []byte
		want                  Kind // empty: the feed is read
	}{
		"plain":               {"", "application/rss+xml", feed, ""},
		"gzip":                {"gzip", "application/rss+xml", zipped(feed), ""},
		"x-gzip":              {"X-GZIP", "text/html", zipped(feed), ""},
		"gzip unsaid":         {"", "application/gzip", zipped(feed), ""},
		"gzip said, plain":    {"gzip", "text/xml", feed, ""},
		"octet-stream":        {"", "application/octet-stream", feed, ""},
		"no type":             {"", "", feed, ""},
		"two members":         {"gzip", "", append(zipped(feed[:100]), zipped(feed[100:])...), ""},
		"gzip of gzip":        {"gzip", "", zipped(zipped(feed)), WrongType},
		"gzip, gzip":          {"gzip, gzip", "", zipped(zipped(feed)), WrongType},
		"br":                  {"br", "", feed, WrongType},
		"deflate":             {"deflate", "", feed, WrongType},
		"zstd":                {"zstd", "", feed, WrongType},
		"truncated gzip":      {"gzip", "", zipped(feed)[:40], Broken},
		"gzip with a bad sum": {"gzip", "", badSum, Broken},
		"gzip header only":    {"gzip", "", []byte{0x1f, 0x8b, 9, 9, 9, 9, 9, 9, 9, 9, 9}, Broken},
		"picture":             {"", "image/png", feed, WrongType},
		"picture unsaid":      {"", "text/xml", []byte("\x89PNG\x0D\x0A\x1A\x0A...."), WrongType},
		"pdf unsaid":          {"", "text/xml", []byte("%PDF-1.7"), WrongType},
		"radio":               {"", "audio/mpeg", feed, WrongType},
	} {
		t.Run(name, func(t *testing.T) {
			client, url := site(t, func(w http.ResponseWriter, _ *http.Request) {
				w.Header()["Content-Encoding"] = []string{c.encoding}
				w.Header()["Content-Type"] = []string{c.contentType}
				w.Write(c.body)
			})
			r, err := client.Get(t.Context(), Request{URL: url})
			if c.want != "" {
				wantKind(t, err, c.want)
			} else if err != nil || !bytes.Equal(r.Body, feed) {
				t.Errorf("%v", err)
			}
		})
	}
}

func TestTooLarge(t *testing.T) {
	endless := func(w http.ResponseWriter, _ *http.Request) {
		for chunk := bytes.Repeat([]byte("x"), 1<<16); ; {
			if _, err := w.Write(chunk); err != nil {
				return
			}
		}
	}
	bomb := zipped(make([]byte, 32<<20))
	for name, h := range map[string]http.HandlerFunc{
		"endless": endless,
		"announced": func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Length", strconv.Itoa(10<<30))
			w.WriteHeader(http.StatusOK)
			http.NewResponseController(w).Flush()
			<-r.Context().Done() // refused before a byte of the body
		},
		"gzip bomb": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			w.Write(bomb)
		},
	} {
		t.Run(name, func(t *testing.T) {
			c, url := site(t, h)
			start := time.Now()
			_, err := c.Get(t.Context(), Request{URL: url, MaxBytes: MaxPage})
			wantKind(t, err, TooLarge)
			if d := time.Since(start); d > 2*time.Second {
				t.Errorf("took %v", d)
			}
		})
	}
	c, url := site(t, func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, strings.Repeat("x", 1000)) })
	if r, err := c.Get(t.Context(), Request{URL: url, MaxBytes: 1000}); err != nil || len(r.Body) != 1000 {
		t.Errorf("exactly the cap: %v", err)
	}
	_, err := c.Get(t.Context(), Request{URL: url, MaxBytes: 999})
	wantKind(t, err, TooLarge)
}

func TestEmptyMembers(t *testing.T) {
	body := bytes.Repeat(zipped(nil), 100_000)
	start := time.Now()
	if _, err := decode(&capped{bytes.NewReader(body), MaxFeed}, MaxFeed); err != nil {
		t.Log(err)
	}
	if d := time.Since(start); d > 5*time.Second {
		t.Errorf("%d bytes of empty gzip members took %v", len(body), d)
	}
}

// raw serves bytes as they are, whatever is asked.
func raw(t *testing.T, answer string) (*Client, string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
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
			conn.Read(make([]byte, 4096))
			io.WriteString(conn, answer)
			conn.Close()
		}
	}()
	c, _ := site(t, nil)
	return c, "http://" + l.Addr().String()
}

func TestRawAnswers(t *testing.T) {
	for name, c := range map[string]struct {
		answer string
		want   Kind
	}{
		"length too long":    {"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n<rss/>", Broken},
		"chunks cut":         {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n6\r\n<rss/>\r\n", Broken},
		"two lengths":        {"HTTP/1.1 200 OK\r\nContent-Length: 6\r\nContent-Length: 7\r\n\r\n<rss/>", Unreachable},
		"no answer":          {"", Unreachable},
		"no HTTP":            {"SSH-2.0-OpenSSH_9.6\r\n", Unreachable},
		"one large header":   {"HTTP/1.1 200 OK\r\nX: " + strings.Repeat("a", 1<<20) + "\r\n\r\n", Unreachable},
		"many headers":       {"HTTP/1.1 200 OK\r\n" + strings.Repeat("X: a\r\n", 20_000) + "\r\n", Unreachable},
		"informational only": {strings.Repeat("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n", 10_000), Unreachable},
	} {
		t.Run(name, func(t *testing.T) {
			client, url := raw(t, c.answer)
			_, err := client.Get(t.Context(), Request{URL: url + "/?token=s3cret"})
			if e := wantKind(t, err, c.want); strings.Contains(fmt.Sprint(e, e.Err), "s3cret") {
				t.Errorf("%v, %v", e, e.Err)
			}
		})
	}
}
