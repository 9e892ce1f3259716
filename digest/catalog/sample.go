package catalog

import (
	"cmp"
	"embed"
	"fmt"
	"html/template"
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"

	"newsdigest/digest"
)

// The sample news: a fictional country with eleven news outlets, six days of it. One file
// under sample/stories tells one story, in the words of every outlet that has it.
//
//go:embed sample
var sampleFiles embed.FS

// SampleStart is when a trial begins unless it is told otherwise. It is a Sunday, because
// the articles name days of the week.
var SampleStart = time.Date(2026, time.November, 22, 13, 5, 0, 0, time.UTC)

// SampleBroken is a feed of the sample news that always answers 503. It is not one of
// Sample.Sources; whoever wants to see a silent source adds it.
const SampleBroken = "http://" + brokenHost + "/feed.xml"

const brokenHost = "quiet.example"

// Sample is sample news laid around a moment: three days before it and three after.
type Sample struct {
	articles []article         // newest first
	authors  map[string]string // name -> biography
	pages    *template.Template
}

// NewSample lays the sample news around start. An error means that a bundled file is
// damaged; it names the file.
func NewSample(start time.Time) (*Sample, error) {
	authors, err := readAuthors()
	if err != nil {
		return nil, err
	}
	pages, err := template.ParseFS(sampleFiles, "sample/pages.html")
	if err != nil {
		return nil, err
	}
	s := &Sample{authors: authors, pages: pages}
	files, err := fs.Glob(sampleFiles, "sample/stories/*.txt")
	if err != nil {
		return nil, err
	}
	for _, name := range files {
		body, err := sampleFiles.ReadFile(name)
		if err != nil {
			return nil, err
		}
		told, err := parseStory(strings.TrimSuffix(path.Base(name), ".txt"), string(body), start)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		s.articles = append(s.articles, told...)
	}
	slices.SortStableFunc(s.articles, func(a, b article) int {
		return cmp.Or(b.at.Compare(a.at), cmp.Compare(a.url(), b.url()))
	})
	return s, nil
}

// readAuthors reads sample/authors.txt: a name, a colon and a short biography a line.
func readAuthors() (map[string]string, error) {
	const name = "sample/authors.txt"
	body, err := sampleFiles.ReadFile(name)
	if err != nil {
		return nil, err
	}
	authors := map[string]string{}
	for line := range strings.Lines(string(body)) {
		author, biography, ok := strings.Cut(strings.TrimSpace(line), ": ")
		if !ok {
			return nil, fmt.Errorf("%s: %q has no biography", name, author)
		}
		authors[author] = biography
	}
	return authors, nil
}

// Sources lists the feeds of the sample news as starter sources.
func (s *Sample) Sources() []digest.Source {
	var out []digest.Source
	for i := range outlets {
		o := &outlets[i]
		for _, c := range o.channels {
			out = append(out, digest.Source{
				ID:       digest.NewSourceID(o.base() + c.path),
				URL:      o.base() + c.path,
				Name:     c.name,
				Site:     o.base() + "/",
				Language: o.language,
				Topics:   slices.Clone(c.topics),
				Starter:  true,
			})
		}
	}
	return out
}

// Hosts lists the host names that Handler answers for, that of SampleBroken included.
func (s *Sample) Hosts() []string {
	hosts := []string{brokenHost}
	for _, o := range outlets {
		hosts = append(hosts, o.host)
	}
	slices.Sort(hosts)
	return hosts
}
