package web

import (
	"encoding/json"
	"encoding/xml"
	"net/http"
	"strings"
	"testing"
	"time"

	"newsdigest/bot"
	"newsdigest/digest"
	"newsdigest/digest/feed"
)

// feeds lets a chat's digests come for two days and returns the path of its feeds.
func feeds(t *testing.T, w *world) string {
	t.Helper()
	w.walk(t, 48*time.Hour)
	w.digest(t, "not in the feed")
	c, err := w.desk.RenewFeed(t.Context(), w.chat.ID, w.clock)
	if err != nil {
		t.Fatal(err)
	}
	w.chat = c
	return bot.FeedPath + w.desk.FeedID(c) + "/"
}

// TestFeed: both formats are read as feeds, with the scheduled digests, the newest first,
// each a link to its page.
func TestFeed(t *testing.T) {
	w := newWorld(t)
	path := feeds(t, w)
	for format, kind := range map[string]string{bot.FeedRSS: "application/rss+xml", bot.FeedJSON: "application/feed+json"} {
		answer := w.get(path + format)
		body := answer.Body.String()
		if answer.Code != http.StatusOK || !strings.HasPrefix(answer.Header().Get("Content-Type"), kind) {
			t.Fatalf("%s: %d %v", format, answer.Code, answer.Header())
		}
		f, err := feed.Parse([]byte(body), kind, address)
		if err != nil || f.Language != "en" || len(f.Entries) != 2 {
			t.Fatalf("%s: %+v, %v", format, f, err)
		}
		if f.Entries[0].Published.Before(f.Entries[1].Published) {
			t.Errorf("%s: the oldest comes first", format)
		}
		for _, e := range f.Entries {
			page, ours := strings.CutPrefix(e.Link, address)
			text := said(parse(w.page(t, page)))
			if title, _, _ := strings.Cut(e.Title, ","); !ours || title != "Morning digest" || e.Published.IsZero() || e.Key == "" {
				t.Errorf("%s: %+v", format, e)
			}
			if headline := strings.SplitN(e.Title, ": ", 2)[1]; !strings.Contains(text, strings.Split(headline, ", and ")[0]) {
				t.Errorf("%s: %q is not on its page", format, e.Title)
			}
			if !strings.Contains(e.Content+e.Summary, "Sources differ") && !strings.Contains(e.Content+e.Summary, "Summaries are automatic") {
				t.Errorf("%s: no text: %+v", format, e)
			}
		}
		for _, secret := range []string{"canary", string(w.chat.ID), "not in the feed", "Berlin"} {
			if strings.Contains(body, secret) {
				t.Errorf("%s has %q", format, secret)
			}
		}
		if got := w.get(path+format, "If-None-Match", answer.Header().Get("ETag")); got.Code != http.StatusNotModified {
			t.Errorf("%s asked again: %d", format, got.Code)
		}
	}
}

// TestFeedRenewed: the old addresses end with the new ones.
func TestFeedRenewed(t *testing.T) {
	w := newWorld(t)
	before := feeds(t, w)
	if _, err := w.desk.RenewFeed(t.Context(), w.chat.ID, w.clock); err != nil {
		t.Fatal(err)
	}
	for _, format := range []string{bot.FeedRSS, bot.FeedJSON} {
		if got := w.get(before + format); got.Code != http.StatusNotFound {
			t.Errorf("%s: %d", format, got.Code)
		}
	}
}

// TestFeedEmpty: a feed without digests is a feed.
func TestFeedEmpty(t *testing.T) {
	w := newWorld(t)
	c, err := w.desk.RenewFeed(t.Context(), w.chat.ID, w.clock)
	if err != nil {
		t.Fatal(err)
	}
	for format := range feedFormats {
		answer := w.get(bot.FeedPath + w.desk.FeedID(c) + "/" + format)
		if f, err := feed.Parse(answer.Body.Bytes(), "", address); err != nil || len(f.Entries) != 0 {
			t.Errorf("%s: %+v, %v", format, f, err)
		}
	}
}

// TestFeedHostile: whatever publishers write, the document is valid and their words stay
// words.
func TestFeedHostile(t *testing.T) {
	w := newWorld(t)
	e := hostile(w.digest(t, "r"))
	e.Slot = digest.Slot{Local: "x", At: e.At}
	e.Stories[0].Headline += "\x00\x1b]]>\xff"
	w.put(t, e)
	c, err := w.desk.RenewFeed(t.Context(), w.chat.ID, w.clock)
	if err != nil {
		t.Fatal(err)
	}
	path := bot.FeedPath + w.desk.FeedID(c) + "/"
	var rss struct {
		Item struct {
			Description string `xml:"description"`
		} `xml:"channel>item"`
	}
	if err := xml.Unmarshal(w.get(path+bot.FeedRSS).Body.Bytes(), &rss); err != nil {
		t.Fatal(err)
	}
	var doc struct {
		Items []struct {
			Content string `json:"content_html"`
		}
	}
	if err := json.Unmarshal(w.get(path+bot.FeedJSON).Body.Bytes(), &doc); err != nil || len(doc.Items) != 1 {
		t.Fatal(err, doc)
	}
	for name, content := range map[string]string{"RSS": rss.Item.Description, "JSON": doc.Items[0].Content} {
		part := parse(content)
		if got := all(part, "script", "img"); len(got) > 0 || len(all(part, "h2")) != 3 {
			t.Errorf("%s: %s", name, content)
		}
		for _, a := range all(part, "a") {
			if !strings.HasPrefix(attr(a, "href"), "https://") || has(a, "onmouseover") {
				t.Errorf("%s: a link leads to %q", name, attr(a, "href"))
			}
		}
	}
}
