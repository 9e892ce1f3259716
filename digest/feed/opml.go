package feed

import (
	"bytes"
	"cmp"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"newsdigest/digest"
	"newsdigest/digest/fetch"
)

// MaxOutlines is how many feeds an OPML file may list.
const MaxOutlines = 20_000

// ErrNotOPML means that a document is no OPML file.
var ErrNotOPML = errors.New("not an OPML file")

// Outline is one feed of an OPML file.
type Outline struct {
	Title    string
	URL      string // canonical feed address
	Site     string // canonical address of the web site, or empty
	Language string // BCP 47 base language, or empty
	Topics   []string
}

// ReadOPML lists the feeds of an OPML file, each address once. A feed's topics are its
// own categories, else the folder it lies in; a feed that lies in several folders has
// all their topics. Outlines without a usable address are passed over. The error is
// ErrNotOPML, ErrHostile or ErrDamaged with details.
func ReadOPML(file []byte) ([]Outline, error) {
	doc, err := decode(file, "")
	if err != nil {
		return nil, err
	}
	r := outlineReader{at: map[string]int{}}
	d := xml.NewDecoder(bytes.NewReader(withoutDeclaration(doc)))
	d.Strict = false
	for {
		t, err := d.RawToken()
		switch {
		case errors.Is(err, io.EOF) && r.inside:
			return r.out, nil
		case err != nil && r.inside:
			return nil, fmt.Errorf("%w: %w", ErrDamaged, err)
		case err != nil:
			return nil, ErrNotOPML
		}
		if err := r.token(t); err != nil {
			return nil, err
		}
	}
}

// withoutDeclaration cuts the XML declaration off: the document is UTF-8 now, whatever
// it says, and nobody minds its version.
func withoutDeclaration(doc []byte) []byte {
	doc = doc[max(bytes.IndexByte(doc, '<'), 0):]
	if bytes.HasPrefix(doc, []byte("<?")) {
		if _, rest, ok := bytes.Cut(doc, []byte("?>")); ok {
			return rest
		}
	}
	return doc
}

// outlineReader collects feeds from tokens. Only outlines matter, so nothing else has to
// be in order.
type outlineReader struct {
	inside  bool     // the root was seen
	depth   int      // elements open
	folders []string // titles of the outlines open, a feed's being empty
	out     []Outline
	at      map[string]int // address -> index in out
}

func (r *outlineReader) token(t xml.Token) error {
	switch t := t.(type) {
	case xml.Directive:
		if generalEntity.Match(t) {
			return fmt.Errorf("%w: it defines entities", ErrHostile)
		}
	case xml.StartElement:
		return r.start(t)
	case xml.EndElement:
		r.depth--
		if len(r.folders) > 0 && strings.EqualFold(t.Name.Local, "outline") {
			r.folders = r.folders[:len(r.folders)-1]
		}
	}
	return nil
}

func (r *outlineReader) start(t xml.StartElement) error {
	if !r.inside && !strings.EqualFold(t.Name.Local, "opml") {
		return ErrNotOPML
	}
	r.inside = true
	if r.depth++; r.depth > MaxDepth || len(t.Attr) > MaxAttributes {
		return fmt.Errorf("%w: nested too deep, or too many attributes", ErrHostile)
	}
	if !strings.EqualFold(t.Name.Local, "outline") {
		return nil
	}
	a := map[string]string{}
	for _, attr := range t.Attr {
		a[strings.ToLower(attr.Name.Local)] = attr.Value
	}
	title := cut(cmp.Or(digest.Clean(a["title"]), digest.Clean(a["text"])), maxTitle)
	if strings.TrimSpace(a["xmlurl"]) == "" {
		r.folders = append(r.folders, title)
		return nil
	}
	r.add(title, a)
	r.folders = append(r.folders, "")
	if len(r.out) > MaxOutlines {
		return fmt.Errorf("%w: more than %d feeds", ErrHostile, MaxOutlines)
	}
	return nil
}

func (r *outlineReader) add(title string, a map[string]string) {
	u, err := fetch.Canonical(a["xmlurl"])
	if err != nil {
		return
	}
	i, ok := r.at[u]
	if !ok {
		site, _ := fetch.Resolve("", a["htmlurl"])
		i = len(r.out)
		r.at[u] = i
		r.out = append(r.out, Outline{Title: title, URL: u, Site: site, Language: baseLanguage(a["language"])})
	}
	for _, topic := range r.topics(a["category"]) {
		if !slices.Contains(r.out[i].Topics, topic) {
			r.out[i].Topics = append(r.out[i].Topics, topic)
		}
	}
}

// topics are the last parts of a list of categories ("/News/World,/Europe"), or the
// nearest folder.
func (r *outlineReader) topics(category string) []string {
	var out []string
	for c := range strings.SplitSeq(category, ",") {
		if c = digest.Clean(c[strings.LastIndexByte(c, '/')+1:]); c != "" {
			out = append(out, cut(c, maxCategory))
		}
	}
	for i := len(r.folders) - 1; i >= 0 && len(out) == 0; i-- {
		if r.folders[i] != "" {
			out = append(out, cut(r.folders[i], maxCategory))
		}
	}
	return out
}

type opmlFile struct {
	XMLName  xml.Name      `xml:"opml"`
	Version  string        `xml:"version,attr"`
	Title    string        `xml:"head>title"`
	Outlines []opmlOutline `xml:"body>outline"`
}

type opmlOutline struct {
	Text     string        `xml:"text,attr"`
	Title    string        `xml:"title,attr,omitempty"`
	Type     string        `xml:"type,attr,omitempty"`
	URL      string        `xml:"xmlUrl,attr,omitempty"`
	Site     string        `xml:"htmlUrl,attr,omitempty"`
	Language string        `xml:"language,attr,omitempty"`
	Category string        `xml:"category,attr,omitempty"`
	Outlines []opmlOutline `xml:"outline"`
}

// WriteOPML writes feeds as OPML 2.0, in folders by their first topic, all topics as
// categories. What it writes, ReadOPML reads back.
func WriteOPML(w io.Writer, title string, feeds []Outline) error {
	file := opmlFile{Version: "2.0", Title: title}
	folders := map[string]int{}
	for _, f := range feeds {
		o := opmlOutline{
			Text: f.Title, Title: f.Title, Type: "rss", URL: f.URL, Site: f.Site, Language: f.Language,
			Category: categoryList(f.Topics),
		}
		if len(f.Topics) == 0 {
			file.Outlines = append(file.Outlines, o)
			continue
		}
		i, ok := folders[f.Topics[0]]
		if !ok {
			i = len(file.Outlines)
			folders[f.Topics[0]] = i
			file.Outlines = append(file.Outlines, opmlOutline{Text: f.Topics[0]})
		}
		file.Outlines[i].Outlines = append(file.Outlines[i].Outlines, o)
	}
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	e := xml.NewEncoder(w)
	e.Indent("", "  ")
	if err := e.Encode(file); err != nil {
		return fmt.Errorf("writing OPML: %w", err)
	}
	_, err := io.WriteString(w, "\n")
	return err
}

// categoryList joins topics; a comma or a slash in one would end it.
func categoryList(topics []string) string {
	clean := make([]string, len(topics))
	for i, t := range topics {
		clean[i] = strings.NewReplacer(",", " ", "/", " ").Replace(t)
	}
	return strings.Join(clean, ",")
}
