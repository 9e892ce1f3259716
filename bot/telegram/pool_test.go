package telegram

import (
	"net"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"

	"newsdigest/digest"
)

// TestConnectionsAreKept: as many messages at once as a rate that was opened sends take that
// many connections, once, and not new ones for every message.
func TestConnectionsAreKept(t *testing.T) {
	const atOnce, rounds = 64, 5
	var connected, arrived atomic.Int64
	gates := [rounds]chan struct{}{}
	for i := range gates {
		gates[i] = make(chan struct{})
	}
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		n := arrived.Add(1) - 1
		gate := gates[n/atOnce]
		if n%atOnce == atOnce-1 {
			close(gate)
		}
		<-gate // until all messages of the round are under way
		w.Write([]byte(`{"ok":true,"result":{"message_id":7,"date":1,"chat":{"id":1,"type":"private"}}}`))
	}))
	server.Config.ConnState = func(_ net.Conn, s http.ConnState) {
		if s == http.StateNew {
			connected.Add(1)
		}
	}
	server.Start()
	defer server.Close()
	tg, err := New(Options{Token: "4711:token", URL: server.URL})
	if err != nil {
		t.Fatal(err)
	}
	page := tg.Pages(digest.Post{Lines: []digest.Line{digest.Plain("Good morning.")}})[0]
	for range rounds {
		var sending sync.WaitGroup
		for range atOnce {
			sending.Go(func() {
				if _, err := tg.Send(t.Context(), digest.Address{Platform: digest.Telegram, Channel: "1"}, page, digest.Attempt{}); err != nil {
					t.Error(err)
				}
			})
		}
		sending.Wait()
	}
	// A connection that is given back may come too late for the next message.
	if n := connected.Load(); n > 2*atOnce {
		t.Errorf("%d messages took %d connections", atOnce*rounds, n)
	}
}
