package digest

import "time"

// ArticleID names an article by its canonical link and title, or by its source and
// entry key where it has no link. The same article met by two ways is one article.
type ArticleID string

// NewArticleID is the id of an article.
func NewArticleID(link, title string, source SourceID, entryKey string) ArticleID {
	if link != "" {
		return ArticleID(hash("article", link, title))
	}
	return ArticleID(hash("article", string(source), entryKey, title))
}

// Article is one entry of a source, with the readable text of its page.
type Article struct {
	ID     ArticleID `json:"id"`
	Source SourceID  `json:"source"` // the one that brought it first
	// Also are the other sources that brought it, and their topics are among Topics.
	Also   []SourceID `json:"also,omitempty"`
	Outlet string     `json:"outlet"` // the publisher's name as people know it
	Title  string     `json:"title"`
	Link   string     `json:"link"` // canonical address, http or https, or empty
	Author string     `json:"author,omitempty"`
	// Published is the publisher's date, never later than Found; Found is when a poll
	// first saw the entry.
	Published time.Time `json:"published"`
	Found     time.Time `json:"found"`
	Language  string    `json:"language,omitempty"`
	// Text is plain text, paragraphs separated by blank lines. It leaves when the
	// article's story closes.
	Text string `json:"text,omitempty"`
	// Unread says that the page waits to be read. SetAside says that no story could be made
	// with the article: it is in none, and not tried again.
	Unread   bool `json:"unread,omitempty"`
	SetAside bool `json:"set_aside,omitempty"`
	// Teaser says that Text is only what the feed brought and the page is worth reading.
	Teaser  bool `json:"teaser,omitempty"`
	Paywall bool `json:"paywall,omitempty"`
	// Picture is the https address of the picture that the page names for itself.
	Picture string   `json:"picture,omitempty"`
	Topics  []string `json:"topics,omitempty"`
	Story   StoryID  `json:"story,omitempty"` // empty until it was grouped
}
