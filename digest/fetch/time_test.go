package fetch

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// piped is a client whose every connection is a pipe to serve, so that time is virtual.
func piped(o Options, serve func(net.Conn)) *Client {
	c := New(o)
	c.transport.DialContext = func(context.Context, string, string) (net.Conn, error) {
		client, server := net.Pipe()
		go func() {
			defer server.Close()
			if _, err := http.ReadRequest(bufio.NewReader(server)); err == nil {
				serve(server)
			}
		}()
		return client, nil
	}
	return c
}

func TestTooSlow(t *testing.T) {
	const head = "HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\n\r\n"
	drip := func(conn net.Conn, every time.Duration, chunk string) {
		for {
			if _, err := io.WriteString(conn, chunk); err != nil {
				return
			}
			time.Sleep(every)
		}
	}
	for name, c := range map[string]struct {
		serve func(net.Conn)
		want  time.Duration
	}{
		"silent": {func(conn net.Conn) { time.Sleep(time.Hour) }, FirstByteTimeout},
		"header byte by byte": {func(conn net.Conn) {
			for i := range head {
				io.WriteString(conn, head[i:i+1])
				time.Sleep(time.Second)
			}
		}, FirstByteTimeout},
		"header, then silence": {func(conn net.Conn) { io.WriteString(conn, head); time.Sleep(time.Hour) }, RateWindow},
		"a byte every 5 s":     {func(conn net.Conn) { io.WriteString(conn, head); drip(conn, 5*time.Second, "x") }, RateWindow},
		"just fast enough for ever": {func(conn net.Conn) {
			io.WriteString(conn, head)
			drip(conn, time.Second, string(make([]byte, 2*MinRate)))
		}, TotalTimeout},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				client := piped(Options{}, c.serve)
				start := time.Now()
				_, err := client.Get(t.Context(), Request{URL: "http://slow.example/"})
				wantKind(t, err, TooSlow)
				if d := time.Since(start); d < c.want || d > c.want+time.Second {
					t.Errorf("gave up after %v, want %v", d, c.want)
				}
				time.Sleep(2 * time.Hour) // the server's side ends too
			})
		})
	}
}

// TestSlowRedirects: the total time is that of all hops together.
func TestSlowRedirects(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client := piped(Options{HostRate: -1}, func(conn net.Conn) {
			time.Sleep(9 * time.Second)
			io.WriteString(conn, "HTTP/1.1 302 Found\r\nLocation: /next\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
		})
		start := time.Now()
		_, err := client.Get(t.Context(), Request{URL: "http://slow.example/"})
		wantKind(t, err, TooSlow)
		if d := time.Since(start); d != TotalTimeout {
			t.Errorf("gave up after %v", d)
		}
		time.Sleep(time.Minute)
	})
}

func answer(conn net.Conn, after time.Duration) {
	time.Sleep(after)
	io.WriteString(conn, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok")
}

// getAll fetches n times at once and gives how long it took.
func getAll(t *testing.T, c *Client, n int, url func(int) string) time.Duration {
	t.Helper()
	start := time.Now()
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() {
			if _, err := c.Get(t.Context(), Request{URL: url(i)}); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	return time.Since(start)
}

func TestPoliteness(t *testing.T) {
	one := func(int) string { return "http://harbour.example/" }
	many := func(i int) string { return fmt.Sprintf("http://site%d.example/", i) }
	for name, c := range map[string]struct {
		options Options
		serve   time.Duration
		url     func(int) string
		want    time.Duration
	}{
		"one a second":       {Options{}, 0, one, 9 * time.Second},
		"two at once":        {Options{HostRate: -1}, 4 * time.Second, one, 20 * time.Second},
		"other rate":         {Options{HostRate: 2}, 0, one, 4500 * time.Millisecond},
		"other hosts":        {Options{}, time.Second, many, time.Second},
		"mapped host exempt": {Options{Dial: map[string]string{"harbour.example": "127.0.0.1:1"}}, time.Second, one, time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				client := piped(c.options, func(conn net.Conn) { answer(conn, c.serve) })
				if d := getAll(t, client, 10, c.url); d != c.want {
					t.Errorf("ten requests took %v, want %v", d, c.want)
				}
			})
		})
	}
}

// One of two processes asks a host half as often, and alone again as before.
func TestShare(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client := piped(Options{}, func(conn net.Conn) { answer(conn, 0) })
		one := func(int) string { return "http://harbour.example/" }
		getAll(t, client, 1, one)
		client.Share(2)
		time.Sleep(time.Minute)
		if d := getAll(t, client, 10, one); d != 18*time.Second {
			t.Errorf("ten requests of one of two took %v, want 18s", d)
		}
		client.Share(1)
		time.Sleep(time.Minute)
		if d := getAll(t, client, 10, one); d != 9*time.Second {
			t.Errorf("alone ten requests took %v, want 9s", d)
		}
	})
}

func TestWaitingEndsWithTheCaller(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client := piped(Options{HostRate: 0.01}, func(conn net.Conn) { answer(conn, 0) })
		getAll(t, client, 1, func(int) string { return "http://harbour.example/" })
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		if _, err := client.Get(ctx, Request{URL: "http://harbour.example/"}); err != context.DeadlineExceeded {
			t.Errorf("%v", err)
		}
	})
}

func TestIdleHostsAreForgotten(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client := piped(Options{}, func(conn net.Conn) { answer(conn, 0) })
		getAll(t, client, 100, func(i int) string { return fmt.Sprintf("http://site%d.example/", i) })
		time.Sleep(2 * idleHost)
		getAll(t, client, 1, func(int) string { return "http://last.example/" })
		if n := len(client.turns.hosts); n != 1 {
			t.Errorf("%d hosts are kept", n)
		}
	})
}
