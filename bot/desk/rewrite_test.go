package desk

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"newsdigest/digest"
	"newsdigest/digest/summary/llm"
)

// modelServer is a language model on loopback. It answers with the first headline in
// small print and the last sentence of what it is given, unless told otherwise.
type modelServer struct {
	calls  atomic.Int32
	status atomic.Int32
	says   atomic.Pointer[string]
}

func (m *modelServer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	m.calls.Add(1)
	if status := m.status.Load(); status != 0 {
		w.WriteHeader(int(status))
		return
	}
	var request struct{ Messages []struct{ Content string } }
	var data struct{ Headlines, Sentences []string }
	err := json.NewDecoder(r.Body).Decode(&request)
	if err == nil && len(request.Messages) == 2 {
		err = json.Unmarshal([]byte(request.Messages[1].Content), &data)
	}
	if err != nil || len(data.Sentences) == 0 || len(data.Headlines) == 0 {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	last := data.Sentences[len(data.Sentences)-1:]
	content, _ := json.Marshal(map[string]any{"headline": data.Headlines[len(data.Headlines)-1], "summary": last, "full": last})
	if says := m.says.Load(); says != nil {
		content = []byte(*says)
	}
	text, _ := json.Marshal(string(content))
	fmt.Fprintf(w, `{"choices":[{"message":{"role":"assistant","content":%s}}]}`, text)
}

// withModel lets the world's desk have a model from now on.
func (w *world) withModel() *modelServer {
	w.t.Helper()
	m := &modelServer{}
	server := httptest.NewServer(m)
	w.t.Cleanup(server.Close)
	var err error
	w.model, err = llm.New(llm.Options{URL: server.URL + "/v1", Name: "m", Budget: 10 * time.Second})
	if err != nil {
		w.t.Fatal(err)
	}
	w.live()
	return m
}

// shown is the one story of a digest now.
func (w *world) shown(c digest.Chat, length digest.Length) (digest.Edition, digest.EditionStory) {
	w.t.Helper()
	e, err := w.Digest(w.t.Context(), w.chat(c), fmt.Sprint("request ", w.now, length), "", length, w.now)
	if err != nil || len(e.Stories) != 1 {
		w.t.Fatalf("%d stories, %v", len(e.Stories), err)
	}
	return e, e.Stories[0]
}

// fire is an article of one event, in sentences that name nobody.
func fire(title string, at time.Time) item {
	return item{event: "fire", title: title, at: at, text: "A fire in a warehouse near the harbor injured six people and closed the ferry line for twelve hours, the brigade said. " +
		"The blaze started in a battery store on the pier and spread to two sheds before firefighters from three towns came. " +
		"The ferry company put the damage to its landing at two million crowns and hopes for help from the council. " +
		"Residents were told to keep their windows closed until the smoke had cleared in the early morning hours."}
}

// TestRewrite: a model's wording is in the digest as long as it is of the story's present
// articles, also after a restart.
func TestRewrite(t *testing.T) {
	w := newWorld(t)
	server := w.withModel()
	w.sites["a.example"].add(fire("Fire near the harbor injures six people", start.Add(-time.Hour)))
	c := w.meet(private)
	w.walk(time.Minute)
	for _, length := range []digest.Length{digest.Brief, digest.Standard, digest.Full} {
		_, s := w.shown(c, length)
		if !s.Reworded || s.Headline != "Fire near the harbor injures six people" || len(s.Wording) != min(1, len(s.Summary)) || len(s.Detail) == 0 {
			t.Errorf("%s: %+v", length, s)
		}
	}
	if n := server.calls.Load(); n != 1 {
		t.Errorf("%d calls for one story", n)
	}
	w.live()
	if _, s := w.shown(c, digest.Standard); !s.Reworded {
		t.Error("the wording is gone after a restart")
	}

	w.sites["b.example"].add(fire("Six injured in fire near the harbor", start.Add(time.Hour)))
	server.status.Store(http.StatusInternalServerError)
	w.walk(2 * time.Hour)
	if _, s := w.shown(c, digest.Standard); s.Reworded || len(s.Members) != 2 || len(s.Summary) == 0 {
		t.Errorf("a wording of another state of the story: %+v", s)
	}
}

// TestRewriteOfOwnSources: who does not follow all sources of a story gets it in the
// publishers' sentences, since the wording may be of those others.
func TestRewriteOfOwnSources(t *testing.T) {
	w := newWorld(t)
	w.withModel()
	w.sites["a.example"].add(fire("Fire near the harbor injures six people", start.Add(-time.Hour)))
	w.sites["b.example"].add(fire("Six injured in fire near the harbor", start.Add(-2*time.Hour)))
	all, one := w.meet(private), w.meet(person)
	if _, err := w.store.UpdateChat(t.Context(), one.ID, func(c *digest.Chat) error {
		c.AllTopics, c.Topics = false, []string{"World"}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	w.walk(time.Minute)
	if _, s := w.shown(all, digest.Standard); !s.Reworded || len(s.Members) != 2 {
		t.Errorf("not reworded: %+v", s)
	}
	if _, s := w.shown(one, digest.Standard); s.Reworded || len(s.Members) != 1 {
		t.Errorf("reworded from a source that the chat does not follow: %+v", s)
	}
}

// TestRewriteRefused: words that no article has are not used and not asked for again.
func TestRewriteRefused(t *testing.T) {
	w := newWorld(t)
	server := w.withModel()
	lie := `{"headline": "Fire near the harbor kills nine people", "summary": ["A fire killed nine people, see http://x.example."]}`
	server.says.Store(&lie)
	w.sites["a.example"].add(fire("Fire near the harbor injures six people", start.Add(-time.Hour)))
	c := w.meet(private)
	w.walk(10 * time.Minute)
	e, s := w.shown(c, digest.Standard)
	if s.Reworded || e.ModelDown || s.Headline != "Fire near the harbor injures six people" || len(s.Summary) == 0 {
		t.Errorf("%+v", s)
	}
	if n := server.calls.Load(); n != 1 {
		t.Errorf("%d calls", n)
	}
}

// TestModelDown: a scheduled digest comes at its time without the model, and says so.
func TestModelDown(t *testing.T) {
	w := newWorld(t)
	server := w.withModel()
	server.status.Store(http.StatusInternalServerError)
	w.sites["a.example"].add(fire("Fire near the harbor injures six people", start.Add(-time.Hour)))
	c := w.meet(private)
	w.daily(c, 8)
	w.walk(time.Hour + time.Minute)
	if got := w.telegram.messages(); len(got) != 1 || !got[0].at.Before(start.Add(time.Hour+time.Minute)) {
		t.Fatalf("arrived: %v", got)
	}
	e, s := w.shown(c, digest.Standard)
	if !e.ModelDown || s.Reworded || len(s.Summary) == 0 {
		t.Errorf("down %v: %+v", e.ModelDown, s)
	}
	if n := server.calls.Load(); n > 10 {
		t.Errorf("a model that is down was asked %d times", n)
	}
}

// TestToldReworded: what a chat was told is the wording, not the sentences behind it.
func TestToldReworded(t *testing.T) {
	st := digest.EditionStory{Headline: "Fire near the harbor", Language: "en", Summary: []digest.Sentence{{Text: "The ferry company lost two million crowns."}}}
	plain := told(st)
	st.Reworded, st.Wording = true, []string{"Six people were injured."}
	if slices.Equal(plain, told(st)) {
		t.Error("the wording tells nothing")
	}
}
