package desk

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"newsdigest/digest"
	"newsdigest/digest/fetch"
	"newsdigest/store"
)

// sharedFeeds makes the world's desk one of two processes, with twelve sources of one article
// each; asked is told of each request before it is answered.
func sharedFeeds(t *testing.T, asked func(w *world, r *http.Request)) *world {
	t.Helper()
	w := newWorld(t)
	dial := map[string]string{}
	server := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		asked(w, r)
		switch r.URL.Path {
		case "/feed":
			fmt.Fprintf(rw, `<rss version="2.0"><channel><title>%[1]s</title><item><title>The %[1]s quake</title><link>http://%[1]s/page</link><description>Short.</description></item></channel></rss>`, r.Host)
		case "/page":
			rw.Header().Set("Content-Type", "text/html")
			fmt.Fprintf(rw, "<html><body><article><p>%s</p></article></body></html>", strings.ReplaceAll(words(r.Host, 200), ". ", ".</p><p>"))
		default:
			http.NotFound(rw, r)
		}
	}))
	w.starter = nil
	for i := range 12 {
		host := fmt.Sprintf("s%d.example", i)
		dial[host] = server.Listener.Addr().String()
		w.starter = append(w.starter, w.source(host, "World"))
	}
	w.client = fetch.New(fetch.Options{Dial: dial})
	t.Cleanup(func() { w.client.Close(); server.Close() })
	w.live()
	w.shared()
	stopped, stop := context.WithCancel(context.Background())
	var keep sync.WaitGroup
	keep.Go(func() { w.Keep(stopped) })
	t.Cleanup(func() { stop(); keep.Wait() })
	return w
}

// unread are the sources that a new chat waits for.
func (w *world) unread() []digest.SourceID {
	w.t.Helper()
	unread, err := w.Unread(w.t.Context(), w.meet(private))
	if err != nil || len(unread) != len(w.starter) {
		w.t.Fatal(len(unread), err)
	}
	return unread
}

// own notes the hosts of the sources whose partitions are this process's.
func (w *world) own(hosts *sync.Map) {
	for _, s := range w.starter {
		if w.parts().Owns(string(s.ID)) {
			hosts.Store(strings.TrimPrefix(strings.TrimSuffix(s.URL, "/feed"), "http://"), true)
		}
	}
}

// allRead fails unless all sources were read.
func (w *world) allRead() {
	w.t.Helper()
	for _, s := range w.starter {
		if got := w.get(s.ID); got.Fetch.LastSuccess.IsZero() {
			w.t.Errorf("%s was not read: %+v", s.URL, got.Fetch)
		}
	}
	pages, err := w.store.UnreadPages(w.t.Context(), 100, func(store.Unread) bool { return true })
	if err != nil || len(pages) > 0 {
		w.t.Errorf("%d pages were not read, %v", len(pages), err)
	}
}

// Somebody who waits for feeds gets them whoever works for their partitions, and also where
// another process takes those over before what was read is stored.
func TestReadNowShared(t *testing.T) {
	for _, robbed := range []string{"", "/feed", "/page"} {
		t.Run("robbed at "+cmp.Or(robbed, "nothing"), func(t *testing.T) {
			var once sync.Once
			w := sharedFeeds(t, func(w *world, r *http.Request) {
				if r.URL.Path == robbed {
					once.Do(w.rob)
				}
			})
			if err := w.ReadNow(t.Context(), w.unread(), w.now, nil); err != nil {
				t.Fatal(err)
			}
			w.allRead()
		})
	}
}

// Somebody who waits for feeds that are being polled already gets them, also where that poll
// does not come to its end: another process takes over, or this one stops polling.
func TestReadNowWaitsForOthers(t *testing.T) {
	for _, cut := range []string{"robbed", "stopped"} {
		t.Run(cut, func(t *testing.T) {
			var held sync.Map // hosts that do not answer yet
			answer := make(chan struct{})
			w := sharedFeeds(t, func(_ *world, r *http.Request) {
				if _, is := held.Load(r.Host); is {
					<-answer
				}
			})
			ids := w.unread()
			slices.SortFunc(ids, func(a, b digest.SourceID) int { // those in hand first
				return cmp.Compare(fmt.Sprint(w.parts().Owns(string(b))), fmt.Sprint(w.parts().Owns(string(a))))
			})
			w.own(&held)
			polling, stop := context.WithCancel(t.Context())
			defer stop()
			p := w.newPoller(polling, pollLine)
			if n, err := p.due(w.now); err != nil || n == 0 || n == len(ids) {
				t.Fatalf("%d sources are polled, %v", n, err)
			}
			var once sync.Once
			err := w.ReadNow(t.Context(), ids, w.now, func(int) {
				once.Do(func() { // it waits for the others now
					if cut == "robbed" {
						w.rob()
					} else {
						stop()
					}
					close(answer)
				})
			})
			if err != nil {
				t.Fatal(err)
			}
			_ = p.close()
			w.allRead()
		})
	}
}

// Somebody who waits for a feed that the steps' own poll puts off, since too many wait for its
// host, has it read.
func TestReadNowPutOff(t *testing.T) {
	w := sharedFeeds(t, func(*world, *http.Request) {})
	ids := w.unread()
	end, _ := w.polls.begin(ids[0])
	err := w.ReadNow(t.Context(), ids, w.now, func(done int) {
		if done == len(ids)-1 {
			end(errPutOff)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	w.allRead()
}

// Somebody who waits for feeds whose pages are being read already gets these too.
func TestReadNowWaitsForPages(t *testing.T) {
	answer, asked := make(chan struct{}), make(chan struct{})
	var once sync.Once
	var held sync.Map
	w := sharedFeeds(t, func(_ *world, r *http.Request) {
		if _, is := held.Load(r.Host); is && r.URL.Path == "/page" {
			once.Do(func() { close(asked) })
			<-answer
		}
	})
	ids := w.unread()
	w.own(&held)
	if err := w.pollAll(t.Context(), ids, w.now, nil); err != nil {
		t.Fatal(err)
	}
	var reading sync.WaitGroup
	reading.Go(func() {
		if _, err := w.Read(t.Context(), w.now); err != nil {
			t.Error(err)
		}
	})
	<-asked
	go func() {
		for { // until those are in hand that can be
			free, err := w.store.UnreadPages(t.Context(), 1, func(u store.Unread) bool {
				_, inHand := w.reading.Load(u.Article)
				return !inHand
			})
			if err != nil || len(free) == 0 {
				break
			}
			time.Sleep(time.Millisecond)
		}
		time.AfterFunc(100*time.Millisecond, func() { close(answer) })
	}()
	if err := w.ReadNow(t.Context(), ids, w.now, nil); err != nil {
		t.Fatal(err)
	}
	w.allRead()
	if waiting, err := w.store.ToPlace(t.Context(), 1); err != nil || len(waiting) > 0 {
		t.Errorf("%d articles are not placed, %v", len(waiting), err)
	}
	reading.Wait()
}
