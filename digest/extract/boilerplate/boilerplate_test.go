package boilerplate

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestNews(t *testing.T) {
	const a, b, c = "The council voted on Tuesday to rebuild the pier.", "The works will cost $3 million.", "Divers will inspect the piles first."
	tests := []struct {
		name, lang, text string
		want             []string
	}{
		{"nothing to take away", "en", a + " " + b, []string{a, b}},
		{"agency dateline", "en", "HARBOUR, March 3 (Reuters) - " + a + " " + b, []string{a, b}},
		{"unknown agency", "en", "CARROW BAY (Atlas Wire) - " + a + " " + b, []string{a, b}},
		{"glued agency", "en", "(CNN)" + a + " " + b, []string{a, b}},
		{"place and dash", "en", "Port Weir — " + a, []string{a}},
		{"capital place", "en", "PORT WEIR - " + a, []string{a}},
		{"no dateline", "en", "Ada Weir (Labour) won. " + a, []string{"Ada Weir (Labour) won.", a}},
		{"a dash in a sentence", "en", "The council - at last - voted.", []string{"The council - at last - voted."}},
		{"stamps", "en", "By. Ada Weir. PUBLISHED:. 03:39 EST, 8 May 2012 | UPDATED:. 18:10 EST, 8 May 2012. " + a, []string{a}},
		{"byline", "en", "By Ada Weir and Lena Fisk\n" + a, []string{a}},
		{"caption and heading", "en", "The pier on Monday\n" + a + "\nWhat comes next\n" + b, []string{a, b}},
		{"a dateline behind captions", "en", "The pier on Monday\nThe quay on Monday\nPhoto: Weir\nPORT WEIR (AP) — " + a + " " + b, []string{a, b}},
		{"a note of the agency", "en", a + " " + b + "\nThis version corrects the spelling of the name of the pier.", []string{a, b}},
		{"Czech", "cs", "Rada hlasovala.\nPokud jste v článku zaznamenali chybu, dejte nám vědět.", []string{"Rada hlasovala."}},
		{"rights", "zh", "市议会投票决定重建码头。\n【未经授权，不得转载、摘编等。】", []string{"市议会投票决定重建码头。"}},
		{"only headings", "en", "Old pier to be rebuilt", []string{"Old pier to be rebuilt"}},
		{"sign-up", "en", a + "\nSign up for our newsletter here.\n" + b, []string{a, b}},
		{"calls", "en", a + " Scroll down for video. " + b + " READ MORE: The storm of the year.", []string{a, b}},
		{"contributors", "en", a + " " + b + " Lena Fisk contributed to this report.", []string{a, b}},
		{"cookies", "en", "We use cookies to improve your visit.\n" + a, []string{a}},
		{"author", "en", a + " " + b + " " + c + " Ada Weir is a freelance writer in Port Weir.", []string{a, b, c}},
		{"self-portrait", "en", a + " " + b + " " + c + "\n“Lover of tea. Proud owl keeper. Amateur of maps. Certified napper. Coffee hater.”", []string{a, b, c}},
		{"short sentences of the story", "en", a + " " + b + " " + c + " They voted. Nobody objected. The pier stays. Divers come.",
			[]string{a, b, c, "They voted.", "Nobody objected.", "The pier stays.", "Divers come."}},
		{"name on the last line", "vi", "Hội đồng đã bỏ phiếu.\nGiá là 3 triệu.\nThợ lặn sẽ kiểm tra.\nCầu sẽ mở.\nAn Bình (Tổng hợp)",
			[]string{"Hội đồng đã bỏ phiếu.", "Giá là 3 triệu.", "Thợ lặn sẽ kiểm tra.", "Cầu sẽ mở."}},
		{"German", "de", "Lesen Sie auch: Der Sturm.\nDer Rat stimmte zu.\nFoto: Weir\nMit Material von dpa.", []string{"Der Rat stimmte zu."}},
		{"French", "fr", "Le conseil a voté !\nLire aussi : La tempête.\nAbonnez-vous à notre newsletter.", []string{"Le conseil a voté !"}},
		{"Russian", "ru", "Совет проголосовал.\nЧитайте также: Шторм.\nПодписывайтесь на наш канал.", []string{"Совет проголосовал."}},
		{"Chinese", "zh", "市议会投票决定重建码头。\n责任编辑：王明", []string{"市议会投票决定重建码头。"}},
		{"nothing", "en", "", nil},
	}
	for _, tt := range tests {
		var got []string
		for _, s := range News(tt.text, tt.lang) {
			got = append(got, s.Of(tt.text))
		}
		if d := cmp.Diff(tt.want, got); d != "" {
			t.Errorf("%s: %s", tt.name, d)
		}
	}
}

func TestClean(t *testing.T) {
	text := "PORT WEIR (AP) — The council voted. It was late.\n\nSubscribe to our newsletter.\n\nThe works start in May.\n\nAlso in the news"
	want := "The council voted. It was late.\n\nThe works start in May."
	if got := Clean(text, "en"); got != want {
		t.Errorf("Clean = %q, want %q", got, want)
	}
}

func FuzzNews(f *testing.F) {
	f.Add("PORT (AP) - It is. \"A. B.\"\nBy Me", "en")
	f.Add("- - - \n(", "fr")
	f.Fuzz(func(t *testing.T, text, lang string) {
		end := 0
		for _, s := range News(text, lang) {
			if s.From < end || s.To <= s.From || s.To > len(text) {
				t.Fatalf("span %v after %d in %d bytes", s, end, len(text))
			}
			end = s.To
		}
		if len(Clean(text, lang)) > len(text)+strings.Count(text, "\n")+1 {
			t.Error("cleaning made the text longer")
		}
	})
}

func BenchmarkNews(b *testing.B) {
	text := strings.Repeat("The council voted on Tuesday to rebuild the old pier after a storm tore away a third of its planks. ", 36)
	for b.Loop() {
		News(text, "en")
	}
}
