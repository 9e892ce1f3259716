package language

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestSentences(t *testing.T) {
	// Sentences are separated by " | " in want; the text is want with the bar taken out.
	tests := []struct{ lang, want string }{
		{"en", `Dr. Ada Weir met Sen. J. K. Lund on Jan. 5 in the U.S. capital. | "We agreed," she said.`},
		{"en", `The firm, Oak Inc., paid $3.5 million. | It had 1,200 staff at 9 a.m. on Monday.`},
		{"en", `"Why now?" he asked. | Nobody knew... | Then the lights went out!`},
		{"en", `She lives in the U.S. | The move took a year.`},
		{"en", `He chose plan B. | The others left.`},
		{"en", `See No. 5 for more. | No. | That was all.`},
		{"en", `Prices rose (by 3 percent.) | Wages did not.`},
		{"en", `He was "shocked".|Then he left.|"We go," she said.|"All go."`},
		{"fr", `C'est fini pour la région.|D'après lui, "tout va bien".|Malgré cela, il part.|"La fin", dit-il.|Il y a 20 ans.`},
		{"en", `Visit Example.com or the U.S.-based site of Mr.Weir.`},
		{"de", `Am 3. Oktober traf Prof. Dr. Lang z. B. den Vorstand der Nord AG. | Die Sitzung dauerte ca. 2 Stunden.`},
		{"de", `Das kostet 1.200 Euro, d.h. zu viel. | „Wir prüfen das.“ | Es gibt rd. 5 Mio. Fälle.`},
		{"fr", `M. Durand et Mme. Petit ont signé. | « C'est fini ! » | Le vote aura lieu le 4 mai.`},
		{"es", `El Sr. Vega llegó a las 8. | ¿Qué pasó? | Nadie lo sabe.`},
		{"pt", `O Dr. Reis falou com a Sra. Lima. | O preço caiu 2,5%.`},
		{"it", `Il dott. Riva è a Roma. | L'accordo vale 3,2 miliardi.`},
		{"nl", `Dhr. De Wit betaalde o.a. de rekening. | Daarna ging hij weg.`},
		{"ru", `В 2024 г. население составило 5 млн. человек. | Проф. А. С. Орлов согласен.`},
		{"uk", `Це сталося на вул. Лісовій. | Хто винен?`},
		{"tr", `Dr. Aylin Kaya 5. kattan indi. | Ankara'da 12. Zirve başladı. | Sonra ne oldu?`},
		{"ar", `وصل د. سامي إلى المدينة. | هل انتهى الاجتماع؟ | نعم.`},
		{"hi", `डॉ. वर्मा दिल्ली पहुंचे। | बैठक कब होगी? | कोई नहीं जानता।`},
		{"vi", `TS. Lan đến TP. Biên Hòa hôm qua. | Giá tăng 3,5%.`},
		{"zh", `今天天气很好。|他说：“我们走吧。”|大家都同意了！`},
		{"ja", `首相は「協力する。期待している。」と述べた。|会談は3.5時間続いた。`},
		{"ko", `회의가 끝났다. | 다음 회의는 5월 3일이다.`},
		{"", "A line without a point\n|Another one"},
	}
	for _, tt := range tests {
		text := strings.ReplaceAll(tt.want, "|", "")
		var got, want []string
		for _, s := range Sentences(text, tt.lang) {
			got = append(got, s.Of(text))
		}
		for s := range strings.SplitSeq(tt.want, "|") {
			want = append(want, strings.TrimSpace(s))
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("%s: %s", tt.lang, d)
		}
	}
}

func TestTerms(t *testing.T) {
	tests := []struct{ lang, text, want string }{
		{"en", "The talks weren't held; Merkel's 1,200 envoys ran 3.5 miles to the G20", "talk held merkel 1200 envoy ran 3.5 mile g20"},
		{"fr", "L'homme d'État n'a pas parlé", "homm état parl"},
		{"it", "Nell'accordo c'è l'Italia", "accord ital"},
		{"de", "Die Häuser der Städte", "haus stadt"},
		{"tr", "Ankara'da IŞIK", "ankar ışık"},
		{"uk", "п'ять міністрів", "пять мініст"},
		{"zh", "北京会谈开始，2024年", "北京 京会 会谈 谈开 开始 2024 年"},
		{"ja", "東京でコンピューターを", "東京 コンピューター"},
		{"ko", "회의 대통령이", "회의 대통 통령 령이"},
		{"xx", "Cafe\u0301 a b", "café"},
	}
	for _, tt := range tests {
		got := strings.Join(Terms(nil, tt.text, tt.lang), " ")
		if got != tt.want {
			t.Errorf("%s: Terms(%q) = %q, want %q", tt.lang, tt.text, got, tt.want)
		}
	}
}

func TestDetect(t *testing.T) {
	tests := []struct{ want, text string }{
		{"en", "The harbor was closed for two days because the crane that serves it had been damaged in the storm."},
		{"de", "Der Hafen war zwei Tage lang geschlossen, weil der Kran, der ihn bedient, im Sturm beschädigt wurde."},
		{"fr", "Le port est resté fermé pendant deux jours parce que la grue qui le dessert avait été endommagée par la tempête."},
		{"es", "El puerto estuvo cerrado durante dos días porque la grúa que lo atiende había sido dañada por la tormenta."},
		{"pt", "O porto ficou fechado durante dois dias porque o guindaste que o serve foi danificado pela tempestade."},
		{"it", "Il porto è rimasto chiuso per due giorni perché la gru che lo serve era stata danneggiata dalla tempesta."},
		{"nl", "De haven was twee dagen gesloten omdat de kraan die hem bedient door de storm beschadigd was geraakt."},
		{"ru", "Порт был закрыт два дня, потому что кран, который его обслуживает, был поврежден во время шторма."},
		{"uk", "Порт був закритий два дні, тому що кран, який його обслуговує, був пошкоджений під час шторму."},
		{"tr", "Liman, fırtınada hasar gören vinç nedeniyle iki gün boyunca kapalı kaldı ve bu durum çok sayıda gemi için sorun oldu."},
		{"vi", "Cảng đã đóng cửa trong hai ngày vì cần cẩu phục vụ cảng bị hư hỏng trong cơn bão và không thể sửa ngay."},
		{"ar", "أغلق الميناء لمدة يومين لأن الرافعة التي تخدمه تضررت في العاصفة التي ضربت المدينة خلال الأسبوع الماضي."},
		{"hi", "बंदरगाह दो दिनों तक बंद रहा क्योंकि इसकी सेवा करने वाली क्रेन तूफान में क्षतिग्रस्त हो गई थी और उसे ठीक नहीं किया जा सका।"},
		{"zh", "由于服务港口的起重机在暴风雨中受损，港口关闭了两天。"},
		{"ja", "港のクレーンが嵐で損傷したため、港は二日間閉鎖された。"},
		{"ko", "폭풍으로 크레인이 손상되어 항구가 이틀 동안 폐쇄되었다."},
		{"", "Apple unveils"},
		{"", "12 34 56"},
		{"", ""},
	}
	for _, tt := range tests {
		if got := Detect(tt.text); got != tt.want {
			t.Errorf("Detect(%q) = %q, want %q", tt.text, got, tt.want)
		}
	}
}

func TestBase(t *testing.T) {
	for tag, want := range map[string]string{
		"en-US": "en", "pt_BR": "pt", "DE": "de", "nb-NO": "no", "zh-Hant-TW": "zh", "iw": "he", "eng": "en",
		"": "", "x": "", "english": "", "und": "", "fr, en": "fr", "12": "",
	} {
		if got := Base(tag); got != want {
			t.Errorf("Base(%q) = %q, want %q", tag, got, want)
		}
	}
}

func FuzzSentences(f *testing.F) {
	f.Add("Dr. No came. \"Why?\" he asked.The end…", "en")
	f.Add("「はい。」と。\n\n終", "ja")
	f.Add("\xff.\xfe A. 1. 2", "de")
	f.Fuzz(func(t *testing.T, text, lang string) {
		end := 0
		for _, s := range Sentences(text, lang) {
			if s.From < end || s.To <= s.From || s.To > len(text) {
				t.Fatalf("span %v after %d in %d bytes", s, end, len(text))
			}
			if gap := text[end:s.From]; strings.TrimSpace(strings.Trim(gap, " \u200b\ufeff\n\r\t\u0085")) != "" {
				t.Fatalf("lost text %q", gap)
			}
			end = s.To
		}
		Terms(nil, text, lang)
	})
}

const benchText = `The regional council of Harbour voted on Tuesday to rebuild the old pier after a storm tore away a third of its planks. ` +
	`Dr. Ada Weir, who chairs the works committee, said that the bill of $3.5 million would be met from the reserve. `

func BenchmarkSentences(b *testing.B) {
	text := strings.Repeat(benchText, 16)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		Sentences(text, "en")
	}
}

func BenchmarkTerms(b *testing.B) {
	text := strings.Repeat(benchText, 16)
	var dst []string
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		dst = Terms(dst[:0], text, "en")
	}
}

func BenchmarkDetect(b *testing.B) {
	text := strings.Repeat(benchText, 16)
	for b.Loop() {
		Detect(text)
	}
}
