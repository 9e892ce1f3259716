package catalog

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"newsdigest/digest"
	"newsdigest/digest/feed"
	"newsdigest/digest/fetch"
)

func TestStarter(t *testing.T) {
	sources := Starter()
	if n := len(sources); n < 20 || n > 40 {
		t.Errorf("%d sources, want 20 to 40", n)
	}
	languages, perTopic, seen := map[string]int{}, map[string]int{}, map[string]bool{}
	for _, s := range sources {
		if u, err := fetch.Canonical(s.URL); err != nil || u != s.URL || s.ID != digest.NewSourceID(u) {
			t.Errorf("%s: address %q is not canonical: %q, %v", s.Name, s.URL, u, err)
		}
		if seen[s.URL] || !s.Starter || s.Name == "" || s.Site == "" || len(s.Topics) == 0 {
			t.Errorf("twice or not complete: %+v", s)
		}
		seen[s.URL] = true
		languages[s.Language]++
		for _, topic := range s.Topics {
			perTopic[topic]++
		}
	}
	// Five sources give the chats of a language their own news.
	for _, l := range []string{"en", "de", "fr", "es"} {
		if languages[l] < 5 {
			t.Errorf("%d sources in %q, want 5", languages[l], l)
		}
	}
	for _, topic := range topics {
		if perTopic[topic] < 4 {
			t.Errorf("%d sources on %s, want 4", perTopic[topic], topic)
		}
		delete(perTopic, topic)
	}
	if len(perTopic) > 0 {
		t.Errorf("topics nobody lists: %v", perTopic)
	}
}

// The folders of the file, in their order, are the topics.
func TestTopicsAreTheFolders(t *testing.T) {
	var folders []string
	for line := range strings.Lines(string(starterOPML)) {
		if name, ok := strings.CutPrefix(strings.TrimSpace(line), `<outline text="`); ok {
			folders = append(folders, strings.ToLower(strings.TrimSuffix(name, `">`)))
		}
	}
	if diff := cmp.Diff(topics, folders); diff != "" {
		t.Errorf("topics and folders differ (-topics +folders):\n%s", diff)
	}
}

func TestListsBelongToTheCaller(t *testing.T) {
	Starter()[0].Topics[0] = "x"
	if slices.Contains(Starter()[0].Topics, "x") {
		t.Error("Starter shares its slice")
	}
}

func TestFromOPML(t *testing.T) {
	const file = `<opml version="2.0"><body>
		<outline text="World">
			<outline text="One" language="en-GB" xmlUrl="HTTP://One.example:80/feed?utm_source=x" htmlUrl="http://one.example"/>
			<outline text="Two" xmlUrl="https://two.example/rss"/>
		</outline>
		<outline text="Local News"><outline text="One again" xmlUrl="http://one.example/feed"/></outline>
		<outline text="Loose" xmlUrl="https://loose.example/"/>
		<outline text="Unusable" xmlUrl="ftp://three.example/"/>
	</body></opml>`
	got, err := FromOPML([]byte(file))
	if err != nil {
		t.Fatal(err)
	}
	source := func(url, name string, topics ...string) digest.Source {
		return digest.Source{ID: digest.NewSourceID(url), URL: url, Name: name, Topics: topics, Starter: true}
	}
	one := source("http://one.example/feed", "One", "world", "local news")
	one.Language, one.Site = "en", "http://one.example/"
	want := []digest.Source{
		one, source("https://two.example/rss", "Two", "world"), source("https://loose.example/", "Loose"),
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("FromOPML (-want +got):\n%s", diff)
	}
	if _, err := FromOPML([]byte("<html>")); !errors.Is(err, feed.ErrNotOPML) {
		t.Errorf("a page: %v, want ErrNotOPML", err)
	}
}
