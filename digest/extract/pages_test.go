package extract

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"newsdigest/digest"
)

// TestRealPages reads pages of news sites as they once were, from the collection that the
// module of the reader carries for its own tests. Where the modules are not at hand, as
// in a vendored build, it is skipped.
func TestRealPages(t *testing.T) {
	dir := testPages(t)
	tests := []struct {
		page, lang, byline string
		least, most        int // words
		opens, without     string
	}{
		{"bbc-1", "en", "", 700, 760, "President Barack Obama", "Share"},
		{"cnn", "en", "Ahiza Garcia", 270, 300, "The U.S. has long", "Related"},
		{"seattletimes-1", "en", "", 1950, 2100, "From the deck", "Sign up"},
		{"wapo-1", "en", "Erin Cunningham", 1100, 1200, "Gunmen opened fire", "[Read"},
		{"telegraph", "en", "Our Foreign Staff", 450, 500, "Zimbabwe President", "Sign in"},
		{"breitbart", "en", "Lucas Nolan", 230, 260, "Snopes fact checker", "Follow"},
		{"yahoo-2", "en", "NATALIYA VASILYEVA", 340, 370, "An unmanned Russian", "This version corrects"},
		{"liberation-1", "fr", "Sébastien Farcis", 260, 300, "Un troisième Français", "Abonnez"},
		{"lemonde-1", "fr", "Martin Untersinger (avec Damien Leloup et Morgane Tual)", 1350, 1500, "Les députés ont", "Lire aussi"},
		{"la-nacion", "es", "", 1080, 1140, "Abdullah Ocalan", "es politólogo"},
		{"folha", "pt", "Bruno (Henrique Zecchin) Rodrigues", 300, 340, "Após rechaçar", "assinante"},
		{"heise", "de", "", 200, 240, "Das in der", "Kommentare"},
		{"aktualne", "cs", "Aleš Vávra", 650, 700, "Zázrak jedné sezony", "kontaktního formuláře"},
		{"qq", "zh", "", 210, 240, "谷歌", "未经授权"},
	}
	for _, tt := range tests {
		body, err := os.ReadFile(filepath.Join(dir, tt.page, "source.html"))
		if err != nil {
			t.Errorf("the collection has no %s any more: %v", tt.page, err)
			continue
		}
		a, err := Page(body, "text/html", "https://news.example/article")
		if err != nil {
			t.Errorf("%s: %v", tt.page, err)
			continue
		}
		if n := digest.Words(a.Text); n < tt.least || n > tt.most || a.Language != tt.lang || a.Byline != tt.byline || a.Title == "" {
			t.Errorf("%s: %d words of %s by %q, titled %q", tt.page, n, a.Language, a.Byline, a.Title)
		}
		if !strings.HasPrefix(a.Text, tt.opens) || strings.Contains(a.Text, tt.without) {
			t.Errorf("%s opens with %.80q, or has %q in it", tt.page, a.Text, tt.without)
		}
	}
}

// testPages is the folder of the collection.
func testPages(t *testing.T) string {
	cache, err := exec.Command("go", "env", "GOMODCACHE").Output()
	if err != nil {
		t.Skip("no go command to ask where modules are: ", err)
	}
	found, _ := filepath.Glob(filepath.Join(strings.TrimSpace(string(cache)), "codeberg.org/readeck/go-readability/v2@*/test-pages"))
	if len(found) == 0 {
		t.Skip("go-readability with its test pages is not in the module cache")
	}
	return found[len(found)-1]
}
