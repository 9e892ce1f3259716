package catalog

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// What topics by words reach at least on the labelled set: of the topics that they name,
// so many are right; of the articles that have one, so many get a right one.
const (
	leastPrecision = .97
	leastRecall    = .85
)

// labelled is an article and the topics that are right for it.
type labelled struct {
	topics            []string
	lang, title, text string
}

func labelledSet(t *testing.T) (out []labelled) {
	file, err := os.ReadFile("testdata/topics.tsv")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(file)) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		f := strings.Split(strings.TrimSpace(line), "\t")
		if len(f) != 4 {
			t.Fatalf("%d fields: %q", len(f), line)
		}
		out = append(out, labelled{strings.Split(f[0], ","), f[1], f[2], f[3]})
	}
	return out
}

// TestTopicsByWords measures topics by words alone on fictional news in 12 languages.
func TestTopicsByWords(t *testing.T) {
	var named, right, filed, found int
	for _, a := range labelledSet(t) {
		got := topicsOf(nil, a.title, a.text, a.lang)
		good := 0
		for _, topic := range got {
			if slices.Contains(a.topics, topic) {
				good++
			} else {
				t.Logf("wrong: %s %q is %v, not %v", a.lang, a.title, a.topics, topic)
			}
		}
		named, right = named+len(got), right+good
		if a.topics[0] != "-" {
			filed++
			found += min(1, good)
			if good == 0 {
				t.Logf("missed: %s %q is %v", a.lang, a.title, a.topics)
			}
		}
	}
	precision, recall := float64(right)/float64(named), float64(found)/float64(filed)
	t.Logf("%d articles: %d of %d topics named are right (%.3f), %d of %d articles have a right one (%.3f)",
		len(labelledSet(t)), right, named, precision, found, filed, recall)
	if precision < leastPrecision || recall < leastRecall {
		t.Errorf("precision %.3f, want %.2f; recall %.3f, want %.2f", precision, leastPrecision, recall, leastRecall)
	}
}

func TestArticleTopics(t *testing.T) {
	tests := []struct {
		name               string
		source, categories []string
		title, text, lang  string
		want               []string
	}{
		{"a source of one topic", []string{"business"}, nil, "A quiet day", "", "en", []string{"business"}},
		{"and what the words say", []string{"business"}, nil, "Goalkeeper saves penalty in cup final", "", "en", []string{"sport", "business"}},
		{"which may be the same", []string{"sport"}, nil, "Goalkeeper saves penalty in cup final", "", "en", []string{"sport"}},
		{"a source of many topics", []string{"world", "politics"}, nil, "Goalkeeper saves penalty in cup final", "", "en", []string{"sport"}},
		{"the operator's own topics stay", []string{"world", "harbors"}, nil, "Goalkeeper saves penalty in cup final", "", "en", []string{"sport", "harbors"}},
		{"where nothing is said", []string{"world", "politics"}, nil, "A quiet day", "", "en", []string{"world", "politics"}},
		{"a source without topics", nil, nil, "A quiet day", "", "en", nil},
		{"a category", nil, []string{"Deportes"}, "Un día tranquilo", "", "es", []string{"sport"}},
		{"a path of categories", nil, []string{"News/Science & Space", "Nachrichten > Wissenschaft"}, "", "", "", []string{"science"}},
		{"tags that are no topics", nil, []string{"Northport", "bridges", "Top story"}, "A quiet day", "", "en", nil},
		{"two categories", nil, []string{"Technology", "Business"}, "A quiet day", "", "en", []string{"business", "technology"}},
		{"everything at once is nothing in particular", []string{"world"},
			[]string{"sport", "culture", "health", "science", "technology"}, "A quiet day", "", "en", []string{"world"}},
		{"a compound", nil, nil, "Fußballverein gewinnt Pokalfinale", "", "de", []string{"sport"}},
		{"an unknown language is guessed", nil, nil, "Goalkeeper saves penalty in cup final",
			"The club won its first title in 31 years after the coach had been sacked and brought back in the same week.", "", []string{"sport"}},
		{"a language without a table", nil, nil, "Rovers vann cupen på straffar", "", "sv", nil},
	}
	for _, tt := range tests {
		got := ArticleTopics(tt.source, tt.categories, tt.title, tt.text, tt.lang)
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s: %s", tt.name, diff)
		}
	}
}

// TestTopicWords: each line of the table has its fields, names a starter topic, and every
// language has a line for each.
func TestTopicWords(t *testing.T) {
	lines := map[string]int{}
	for line := range strings.Lines(topicWords) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		f := strings.Split(strings.TrimSpace(line), "\t")
		want := 4
		if f[1] == anyLanguage {
			want = 3
		}
		if len(f) != want || !slices.Contains(topics, f[0]) {
			t.Errorf("%d fields, want %d: %.60q", len(f), want, line)
		}
		lines[f[1]]++
	}
	for lang, n := range lines {
		if n != len(topics) {
			t.Errorf("%s has words for %d topics of %d", lang, n, len(topics))
		}
	}
}

func BenchmarkArticleTopics(b *testing.B) {
	text := strings.Repeat("The club won its first title in 31 years after the coach had been sacked and brought back in the same week. ", 30)
	for b.Loop() {
		ArticleTopics([]string{"world", "sport"}, []string{"News", "Football"}, "Goalkeeper saves penalty in cup final", text, "en")
	}
}
