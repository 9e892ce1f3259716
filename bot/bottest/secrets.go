package bottest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"newsdigest/bot"
	"newsdigest/digest"
)

// Keeper is a platform that has secrets to keep.
type Keeper interface {
	Platform
	bot.Listener
	Permits(ctx context.Context, at digest.Address) ([]string, error)
}

// Secrets lets every call of a platform fail in every way that a network and a server
// know, some of which say back all they were told, and reads what the platform says about
// it in errors and at all levels of its log: none of the secrets is in there. New makes
// the platform for the server at a base address; asked is a request whose answer needs a
// secret, too.
func Secrets(t *testing.T, secrets []string, asked bot.Request, to digest.Address, New func(t *testing.T, url string, log *slog.Logger) Keeper) {
	for name, base := range failures(t) {
		t.Run(name, func(t *testing.T) {
			var log Log
			logger := slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
			before := slog.Default()
			slog.SetDefault(logger) // libraries log there
			defer slog.SetDefault(before)
			said := callAll(t, New(t, base, logger), asked, to)
			said = append(said, log.String())
			for _, s := range said {
				for _, secret := range secrets {
					if strings.Contains(s, secret) {
						t.Errorf("a secret is told: %s", s)
					}
				}
			}
		})
	}
}

// callAll makes all calls and returns what their errors say, in every form they have.
func callAll(t *testing.T, p Keeper, asked bot.Request, to digest.Address) (said []string) {
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond) // for the failure that is silence
	defer cancel()
	page := p.Pages(*plain("Good morning."))[0]
	_, sent := p.Send(ctx, to, page, digest.Attempt{Key: "secret"})
	_, opened := p.Open(ctx, "7")
	_, rights := p.Rights(ctx, asked)
	_, permits := p.Permits(ctx, to)
	answered := p.Answer(ctx, asked, bot.Reply{Post: plain("Here.")})
	ctx, stop := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer stop()
	heard := p.Listen(ctx, deaf{})
	for _, err := range []error{sent, opened, rights, permits, answered, heard} {
		for ; err != nil; err = errors.Unwrap(err) {
			said = append(said, fmt.Sprintf("%v %+v %#v", err, err, err))
		}
	}
	if len(said) == 0 {
		t.Error("nothing failed")
	}
	return said
}

// deaf is an inbox for a platform that hears nothing.
type deaf struct{}

func (deaf) Accept(context.Context, digest.Platform, []bot.Request, string) error { return nil }
func (deaf) Cursor(context.Context, digest.Platform) (string, error)              { return "", nil }
func (deaf) Immediate(context.Context, bot.Request) bot.Reply                     { return bot.Reply{} }

// failures are the base addresses of servers that fail, by how.
func failures(t *testing.T) map[string]string {
	serve := func(h http.HandlerFunc) string {
		s := httptest.NewUnstartedServer(h)
		s.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)
		s.Start()
		t.Cleanup(s.Close)
		return s.URL
	}
	gone := httptest.NewServer(nil)
	gone.Close()
	out := map[string]string{
		"no such name":    "http://a..example", // not asked for: no name server knows a name like it
		"refused":         gone.URL,
		"reset":           serve(breakOff("")),
		"cut in the head": serve(breakOff("HTTP/1.1 20")),
		"cut in the body": serve(breakOff("HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n{\"ok\":")),
		"no HTTP":         serve(breakOff("SSH-2.0-OpenSSH_9.6\r\n\r\n")),
		"silence":         serve(func(http.ResponseWriter, *http.Request) { <-t.Context().Done() }),
		"redirect": serve(func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "/elsewhere"+r.URL.Path, http.StatusFound)
		}),
	}
	for _, status := range []int{200, 400, 401, 403, 404, 429, 500, 502} {
		out[strconv.Itoa(status)+" that repeats the call"] = serve(repeatBack(status))
		out[strconv.Itoa(status)+" of a proxy that repeats the call"] = serve(func(w http.ResponseWriter, r *http.Request) {
			w.WriteHeader(status)
			fmt.Fprintf(w, "<html>%s</html>", dump(r))
		})
	}
	return out
}

// breakOff answers with so much and resets the connection.
func breakOff(answer string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		conn, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			panic(http.ErrAbortHandler)
		}
		io.WriteString(conn, answer) //nolint:errcheck // it breaks either way
		if tcp, ok := conn.(*net.TCPConn); ok && answer == "" {
			tcp.SetLinger(0) //nolint:errcheck // then it is closed without a reset
		}
		conn.Close()
	}
}

// repeatBack refuses a call in the words of any platform, among them the call itself.
func repeatBack(status int) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		echo := dump(r)
		fmt.Fprintf(w, `{"ok":false,"error_code":%d,"description":%q,"code":50035,"message":%q}`, status, echo, echo)
	}
}

func dump(r *http.Request) string {
	all, err := httputil.DumpRequest(r, true)
	if err != nil {
		return err.Error()
	}
	return strings.ToValidUTF8(strings.NewReplacer("\r", "", "\n", " ", `"`, "'").Replace(string(all)), "?")
}

// Log is a log that several write to.
type Log struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *Log) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *Log) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}
