package bot

import (
	"errors"
	"testing"
	"time"

	"newsdigest/bot/desk"
	"newsdigest/digest"
)

// TestTimeline: a story's articles in their order, with what each of them is to it, and
// what the digest did not have.
func TestTimeline(t *testing.T) {
	e := edition(2)
	e.Public = "abcdefgh23456777"
	was := &e.Stories[1]
	was.Detail = []digest.Sentence{{Article: "a", Text: "More of it."}}
	copied := digest.Member{Article: "c", Outlet: "The Ledger", Title: "The same", Link: "http://ledger.example/", CopyOf: "a", Paywall: true, Published: e.At.Add(time.Hour)}
	s := digest.Story{ID: was.Story, Headline: "It goes on", Language: "en", Members: append(was.Members[:2:2], copied)}
	news := digest.Sentence{Article: "c", Text: "News."}
	got := timeline(e, 2, desk.Progress{Story: s, New: []digest.Sentence{news}, Added: map[digest.ArticleID]digest.Sentence{"c": news}})
	if got.Then != "Headline 2" || got.Story.Headline != "It goes on" || got.Edition.Public != e.Public {
		t.Errorf("%+v", got)
	}
	if len(got.Summary) != 2 || got.Summary[1].Text != "More of it." || got.Summary[1].Link.Name != "Atlas Wire" {
		t.Errorf("without the articles' texts the digest's own sentences stay: %+v", got.Summary)
	}
	if len(got.New) != 1 || got.New[0].Link.Name != "The Ledger" || !got.New[0].Link.Paywall {
		t.Errorf("new: %+v", got.New)
	}
	a, b, c := got.Articles[0], got.Articles[1], got.Articles[2]
	if !a.First || !a.Quoted || a.New || b.First || !c.New || c.Quoted || c.CopyOf != "Atlas Wire" || c.Added != "News." || b.Added != "" || c.At.Location().String() != "Europe/Berlin" {
		t.Errorf("articles: %+v", got.Articles)
	}
}

// TestGone: an address that leads to nothing is told from a fault.
func TestGone(t *testing.T) {
	w := newWorld(t, Access{})
	r := NewReader(w.desk)
	_, err := r.Edition(t.Context(), "nothing")
	_, storyErr := r.Story(t.Context(), "nothing", 1, now)
	_, feedErr := r.Feed(t.Context(), "nothing")
	for _, err := range []error{err, storyErr, feedErr, gone(&desk.Refusal{Reason: desk.NoSuchStory})} {
		if !errors.Is(err, ErrGone) {
			t.Errorf("%v", err)
		}
	}
	if errors.Is(gone(errors.New("the disk is away")), ErrGone) {
		t.Error("a fault is not there")
	}
}
