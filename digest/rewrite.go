package digest

// Rewrite is a story's headline and summary as a model has worded them, checked against
// its articles. Standard and Full are sentences.
type Rewrite struct {
	// Of names the articles that it was made of, as Story.Telling does.
	Of       string   `json:"of"`
	Headline string   `json:"headline"`
	Standard []string `json:"standard"`
	Full     []string `json:"full"`
}

// At are the sentences of the summary in one of the lengths; nil for Brief.
func (r Rewrite) At(l Length) []string {
	switch l {
	case Brief:
		return nil
	case Full:
		return r.Full
	}
	return r.Standard
}

// Telling names the articles of the story as it is now: it is another one as soon as an
// article joins.
func (s Story) Telling() string {
	ids := make([]string, len(s.Members))
	for i, m := range s.Members {
		ids[i] = string(m.Article)
	}
	return hash("telling", ids...)
}

// Reworded tells whether the story has a rewrite that was made of just these articles.
// Whoever sees fewer of them, or sees the story after another one came, gets none.
func (s Story) Reworded() bool { return s.Rewrite != nil && s.Rewrite.Of == s.Telling() }
