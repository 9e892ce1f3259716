package summary

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"newsdigest/digest"
)

const pierText = `PORT WEIR (AP) - The regional council of Port Weir voted on Tuesday to rebuild the old pier after a storm tore away a third of its planks.
The works will cost $3.5 million and take until May, said Lena Fisk, who chairs the works committee. She called the vote overdue.
Divers will inspect the piles of the pier first. "It is about time," a shop owner said.
Shop owners on the quay, who lost a quarter of their trade in the winter, welcomed the vote of the council.
But they had asked for a ferry stop as well. It will be discussed in June.
Sign up for our newsletter.
“Lover of tea. Proud owl keeper. Amateur of maps. Certified napper. Coffee hater.”`

var pierStory = []Document{
	{ID: "a", Outlet: "Harbour Post", Title: "Old pier to be rebuilt after storm - Harbour Post", Text: pierText, Lang: "en"},
	{ID: "b", Outlet: "Atlas Wire", Title: "Port Weir council votes to rebuild storm-hit pier", Lang: "en",
		Text: "Port Weir will rebuild its pier, the council decided on Tuesday. The storm of 3 March tore away a third of the planks. Residents collected 9,000 signatures for the pier within two weeks."},
	{ID: "c", Outlet: "Civic Daily", Title: "Is Port Weir's pier worth $3.5 million?", Lang: "en",
		Text: "The bill for the new pier of Port Weir will be paid from the reserve, the council's treasurer said. Critics wanted to spend the money on schools."},
}

func texts(docs []Document, list []Sentence) []string {
	var out []string
	for _, s := range list {
		out = append(out, docs[s.Doc].Text[s.From:s.To])
	}
	return out
}

func TestSummarizeLimits(t *testing.T) {
	docs := pierStory[:1]
	for n := 1; n <= 3; n++ {
		if got := Summarize(docs, Limit{Sentences: n}); len(got) != n {
			t.Errorf("%d sentences asked for: %q", n, texts(docs, got))
		}
	}
	for _, words := range []int{20, 30, 60} {
		got := texts(docs, Summarize(docs, Limit{Words: words}))
		if n := digest.Words(strings.Join(got, " ")); len(got) == 0 || n > words {
			t.Errorf("%d words asked for, %d: %q", words, n, got)
		}
	}
	if got := Summarize(docs, Limit{Words: 3}); len(got) != 1 {
		t.Errorf("one sentence at least: %q", texts(docs, got))
	}
	if got := texts(docs, Summarize(docs, Limit{})); len(got) != 2 || digest.Words(strings.Join(got, " ")) > digest.StandardWords {
		t.Errorf("standard: %q", got)
	}
}

func TestSummarizeLeavesFurnitureOut(t *testing.T) {
	got := strings.Join(texts(pierStory[:1], Summarize(pierStory[:1], Limit{Sentences: 20})), "\n")
	for _, s := range []string{"(AP)", "newsletter", "napper", "“Lover"} {
		if strings.Contains(got, s) {
			t.Errorf("%q in %q", s, got)
		}
	}
}

func TestLeaningSentenceIsNotAlone(t *testing.T) {
	docs := []Document{{Lang: "en", Text: "A short start. She said that the regional council of Port Weir would rebuild the old pier after the storm in May."}}
	if got := texts(docs, Summarize(docs, Limit{Sentences: 1})); !slices.Equal(got, []string{"A short start."}) {
		t.Errorf("%q", got)
	}
}

func TestSentencesThatDoNotStandAlone(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"pronoun at the beginning", "They will never forget that night. Eight people of Port Weir spent the night on a broken wheel, the police said.",
			"Eight people of Port Weir spent the night on a broken wheel, the police said."},
		{"a connective", "But nobody of the council of Port Weir had asked for a ferry stop. The regional council of Port Weir voted to rebuild the pier.",
			"The regional council of Port Weir voted to rebuild the pier."},
		{"a part of what was said", "Half of that money for the pier of Port Weir is missing, the council said. The pier of Port Weir costs $3 million.",
			"The pier of Port Weir costs $3 million."},
		{"a pronoun behind the time", "By late Tuesday afternoon on 3 May she lay at the pier of Port Weir. The ferry of Port Weir rescued eight people.",
			"The ferry of Port Weir rescued eight people."},
		{"both", "The council of Port Weir voted to rebuild both. The pier and the ferry stop were torn away at ten.",
			"The pier and the ferry stop were torn away at ten."},
		{"a conclusion", "The regional council of Port Weir therefore voted to rebuild the pier. The wheel of the pier broke at ten.",
			"The wheel of the pier broke at ten."},
		{"a place named before", "There, the council of Port Weir suspects, the ferry sank. The ferry of Port Weir sank off the cape.",
			"The ferry of Port Weir sank off the cape."},
		{"half a quotation", "Nobody came\", they said of the pier of Port Weir, which the storm tore away. The wheel broke at ten.", "The wheel broke at ten."},
		{"nothing else", "They will never forget.", "They will never forget."},
	}
	for _, tt := range tests {
		docs := []Document{{Lang: "en", Text: tt.text}}
		if got := texts(docs, Summarize(docs, Limit{Sentences: 1})); !slices.Equal(got, []string{tt.want}) {
			t.Errorf("%s: %q", tt.name, got)
		}
	}
}

func TestStory(t *testing.T) {
	s := Story(pierStory)
	if n := len(s.Full); n < 3 || n > digest.FullSentences {
		t.Errorf("full has %d sentences: %+v", n, s.Full)
	}
	for name, list := range map[string][]digest.Sentence{"standard": s.Standard, "full": s.Full} {
		from := map[digest.ArticleID]bool{}
		for _, x := range list {
			from[x.Article] = true
			doc := pierStory[slices.IndexFunc(pierStory, func(d Document) bool { return d.ID == x.Article })]
			if doc.Text[x.From:x.To] != x.Text {
				t.Errorf("%q is not the span of its article", x.Text)
			}
		}
		if len(from) < min(len(list), 2) {
			t.Errorf("%s comes from %d outlet: %+v", name, len(from), list)
		}
	}
}

func TestStoryOfNothing(t *testing.T) {
	for _, docs := range [][]Document{nil, {}, {{}}, {{Text: " \n"}}, {{Text: "Sign up for our newsletter."}}} {
		if s := Story(docs); len(s.Standard)+len(s.Full) > 0 {
			t.Errorf("%+v: %+v", docs, s)
		}
	}
}

func TestHeadline(t *testing.T) {
	long := strings.Repeat("pier ", 80)
	tests := []struct {
		want   string
		titles []string
	}{
		{"Port Weir council to rebuild pier", []string{"Old pier to be rebuilt - Post", "Port Weir council votes to rebuild storm-hit pier", "Is Port Weir's pier worth it?", "Port Weir council to rebuild pier"}},
		{"Council votes", []string{"COUNCIL VOTES NOW", "Council votes"}},
		{"Council votes", []string{"You won't believe how the council votes", "Council votes"}},
		{"Why?", []string{"What is going on here?", "Why?"}},
		{"Council rebuilds pier", []string{"What the new pier means for anglers", "Council rebuilds pier"}},
		{"Council rebuilds pier", []string{"New pier: how the council will pay for it", "Council rebuilds pier"}},
		{"Pier rebuilt", []string{"Pier rebuilt | Post"}},
		{"Pier - rebuilt", []string{"Pier - rebuilt"}},
		{strings.TrimSpace(long[:295]) + "…", []string{long}},
	}
	for _, tt := range tests {
		var docs []Document
		for _, title := range tt.titles {
			docs = append(docs, Document{Title: title, Outlet: "Post", Lang: "en"})
		}
		if got := Headline(docs); got != tt.want {
			t.Errorf("Headline(%q) = %q, want %q", tt.titles, got, tt.want)
		}
	}
	begins := []Document{
		{Title: "A storm and its bill", Text: "The council voted to rebuild the old pier.", Lang: "en"},
		{Title: "Old pier to be rebuilt", Text: "The old pier will be rebuilt, the council decided.", Lang: "en"},
	}
	if got := Headline(begins); got != "Old pier to be rebuilt" {
		t.Errorf("what the articles begin with: %q", got)
	}
	if got := Headline([]Document{{Text: "The council voted. It rained."}}); got != "The council voted." {
		t.Errorf("without titles: %q", got)
	}
	if got := Headline(nil); got != "" {
		t.Errorf("of nothing: %q", got)
	}
}

// TestGuard keeps the choice from getting worse unnoticed: sentences that a summary of
// these short articles must have, in several languages.
func TestGuard(t *testing.T) {
	tests := []struct{ lang, title, text, want string }{
		{"en", "Old pier to be rebuilt after storm", pierText, "voted on Tuesday to rebuild the old pier"},
		{"de", "Stadt erneuert die alte Brücke", "Anwohner am Nordufer haben lange gewartet. Die Stadt Wehrhafen erneuert die alte Brücke über die Wehr für 12 Millionen Euro. Er freue sich, sagte ein Händler. Das Wetter war gut.", "erneuert die alte Brücke"},
		{"fr", "Le vieux pont sera reconstruit", "Il faisait froid mardi soir. Le conseil municipal de Port-Vert a voté mardi la reconstruction du vieux pont pour 12 millions d'euros. « C'est bien », dit un passant. Elle sourit.", "voté mardi la reconstruction"},
		{"es", "La ciudad reconstruirá el puente viejo", "Hacía frío el martes. El concejo de Puerto Verde aprobó reconstruir el puente viejo por 12 millones de euros. «Ya era hora», dijo un vecino. Ella sonrió.", "aprobó reconstruir el puente"},
		{"ru", "Город восстановит старый мост", "Было холодно. Городской совет Порта проголосовал за восстановление старого моста за 12 миллионов рублей. Он улыбнулся. Погода была хорошей.", "за восстановление старого моста"},
		{"zh", "市议会决定重建旧码头", "天气很冷。市议会周二投票决定花费三百万元重建被风暴损坏的旧码头。他笑了。", "投票决定"},
		{"ja", "町議会、古い桟橋の再建を決定", "寒い日だった。町議会は火曜日、嵐で壊れた古い桟橋を三億円で再建することを決定した。彼は笑った。", "再建することを決定"},
		{"tr", "Kent eski köprüyü yeniliyor", "Hava soğuktu. Liman kenti meclisi salı günü eski köprünün 12 milyon liraya yenilenmesine karar verdi. O güldü.", "köprünün 12 milyon"},
	}
	for _, tt := range tests {
		docs := []Document{{Title: tt.title, Text: tt.text, Lang: tt.lang}}
		if got := strings.Join(texts(docs, Summarize(docs, Limit{Sentences: 1})), " "); !strings.Contains(got, tt.want) {
			t.Errorf("%s: %q, want %q in it", tt.lang, got, tt.want)
		}
	}
}

// TestFaithful: whatever the documents, every sentence is a trimmed span of its
// document, none twice, in reading order, within the limit, and the same again.
func TestFaithful(t *testing.T) {
	word := rapid.SampledFrom(strings.Fields("The council voted. pier. storm, \"He said “It 3.5 ... ! ? 。「码头」 重建 Dr. U.S. она мост. ।\nRead (AP) - — \xff you ’s \u00a0 É"))
	document := rapid.Custom(func(t *rapid.T) Document {
		sep := rapid.SampledFrom([]string{" ", "", "\n", "\n\n"})
		var text strings.Builder
		for _, w := range rapid.SliceOfN(word, 0, 80).Draw(t, "words") {
			text.WriteString(w + sep.Draw(t, "sep"))
		}
		return Document{Title: strings.Join(rapid.SliceOfN(word, 0, 5).Draw(t, "title"), " "), Text: text.String(),
			Lang: rapid.SampledFrom([]string{"", "en", "de", "zh", "xx"}).Draw(t, "lang"), Outlet: rapid.SampledFrom([]string{"", "A", "B"}).Draw(t, "outlet")}
	})
	rapid.Check(t, func(t *rapid.T) {
		docs := rapid.SliceOfN(document, 0, 4).Draw(t, "docs")
		limit := Limit{rapid.IntRange(0, 6).Draw(t, "sentences"), rapid.IntRange(0, 50).Draw(t, "words")}
		got := Summarize(docs, limit)
		checkSpans(t, docs, got)
		if limit.Sentences > 0 && len(got) > limit.Sentences {
			t.Fatalf("%d sentences, limit %+v", len(got), limit)
		}
		if d := cmp.Diff(got, Summarize(docs, limit)); d != "" {
			t.Fatalf("not the same again: %s", d)
		}
		Headline(docs)
	})
}

type failer interface{ Fatalf(string, ...any) }

func checkSpans(t failer, docs []Document, got []Sentence) {
	last := Sentence{Doc: -1}
	for _, s := range got {
		if s.Doc < last.Doc || s.Doc == last.Doc && s.From < last.To {
			t.Fatalf("%v after %v", s, last)
		}
		text := docs[s.Doc].Text
		if s.From < 0 || s.To > len(text) || s.From >= s.To {
			t.Fatalf("%v is no span of %d bytes", s, len(text))
		}
		if span := text[s.From:s.To]; strings.TrimSpace(span) != span {
			t.Fatalf("%q is not trimmed", span)
		}
		last = s
	}
}

func FuzzSummarize(f *testing.F) {
	f.Add("Title", pierText, "en", 3, 0)
	f.Add("", "\xff. He. \n「。」", "", 0, 9)
	f.Fuzz(func(t *testing.T, title, text, lang string, sentences, words int) {
		docs := []Document{{Title: title, Text: text, Lang: lang}, {Text: title}}
		checkSpans(t, docs, Summarize(docs, Limit{sentences, words}))
		Story(docs)
		Headline(docs)
	})
}
