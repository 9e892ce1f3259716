package main

// peers are what other ways reach on data sets of these names, measured with the same
// measures on another part of each set. The libraries ran with their defaults; the best
// possible choice of sentences is found by trying, with the references known.
var peers = map[string][]system{
	"cnndm_en": {
		peer("best possible choice", 0, 49.6, 27.9, 45.0),
		peer("TextRank (Go)", 2.3, 27.6, 9.7, 24.6),
		peer("LexRank (sumy)", 0, 26.7, 8.3, 23.4),
		peer("TextRank (sumy)", 0, 25.8),
		peer("lexrank (npm)", 0, 22.6),
		peer("tldr (Go)", 0, 21.1),
	},
	"orangesum_fr":    {peer("best possible choice", 0, 36.9), peer("best library", 0, 24.0)},
	"vietnews_vi":     {peer("best possible choice", 0, 44.2), peer("best library", 0, 26.5)},
	"allsides_mds_en": {peer("best possible choice", 0, 51.4)},
	"allsides_group_en": {
		peer("TF-IDF, single pass, 48 h", 0, 0.904), peer("MinHash", 0, 0.67), peer("SimHash", 0, 0.58),
	},
	"basil_group_en": {
		peer("TF-IDF, single pass, 48 h", 0, 0.969), peer("MinHash", 0, 0.81), peer("SimHash", 0, 0.69),
	},
	"uci_group_en": {
		peer("TF-IDF, single pass, 48 h", 0, 0.771), peer("MinHash", 0, 0.67), peer("SimHash", 0, 0.44),
	},
	"allsides_undated_group_en": {
		peer("TF-IDF, single pass", 0, 0.761), peer("MinHash", 0, 0.62), peer("SimHash", 0, 0.53),
	},
}

// peer is a system measured elsewhere; ms 0 = not known.
func peer(name string, ms float64, figures ...float64) system {
	s := system{Name: name, MS: ms, Elsewhere: true}
	for _, f := range figures {
		s.Figures = append(s.Figures, figure{Value: f})
	}
	return s
}
