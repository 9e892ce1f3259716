//go:build unix

package desk

import (
	"context"
	"fmt"
	"hash/fnv"
	"html"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
	"unicode"

	"newsdigest/digest"
	"newsdigest/digest/extract"
	"newsdigest/digest/fetch"
	"newsdigest/digest/group"
	"newsdigest/digest/summary"
	"newsdigest/store"
)

// press writes news as the sample news is written: each event takes paragraphs of it, and
// has names and nouns of its own in them.
type press struct {
	titles, paragraphs []string
	vocabulary         []string // its long words
	rand               *rand.Rand
}

func newPress(t testing.TB) *press {
	files, err := filepath.Glob("../../digest/catalog/sample/stories/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatal("no sample news", err)
	}
	p := &press{rand: rand.New(rand.NewPCG(1, 2))}
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(raw)) {
			name, value, header := strings.Cut(line, ": ")
			switch {
			case header && name == "Title":
				p.titles = append(p.titles, strings.TrimSpace(value))
			case header && !strings.Contains(name, " "), line == "---\n", strings.HasPrefix(line, "#"), len(line) < 60:
			default:
				p.paragraphs = append(p.paragraphs, strings.TrimSpace(line))
			}
		}
	}
	known := map[string]bool{}
	for _, paragraph := range p.paragraphs {
		for _, w := range strings.Fields(paragraph) {
			if long(w) && !known[w] {
				known[w] = true
				p.vocabulary = append(p.vocabulary, w)
			}
		}
	}
	return p
}

// event are articles that tell one event, each in paragraphs of its own and some of all.
func (p *press) event(name string, articles, paragraphs int) (titles, texts []string) {
	title := p.titles[p.rand.IntN(len(p.titles))]
	all := make([]string, 2*paragraphs)
	for i := range all {
		all[i] = p.rename(p.paragraphs[p.rand.IntN(len(p.paragraphs))], name)
	}
	for range articles {
		p.rand.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
		titles = append(titles, p.rename(title, name))
		texts = append(texts, strings.Join(all[:paragraphs], "\n\n"))
	}
	return titles, texts
}

// rename gives a text the names and the long words of an event: for the same word always
// the same other one.
func (p *press) rename(text, event string) string {
	fields := strings.Fields(text)
	for i, f := range fields {
		h := fnv.New32a()
		h.Write([]byte(event + strings.TrimFunc(f, unicode.IsPunct)))
		switch {
		case long(f):
			fields[i] = p.vocabulary[int(h.Sum32())%len(p.vocabulary)]
		case i > 0 && unicode.IsUpper([]rune(f)[0]) && !strings.HasSuffix(fields[i-1], "."):
			fields[i] = fmt.Sprintf("%c%c%c%c", 'A'+h.Sum32()%26, "aeiou"[h.Sum32()>>8%5], 'b'+h.Sum32()>>16%20, "aeiou"[h.Sum32()>>24%5])
		}
	}
	return strings.Join(fields, " ")
}

// long tells whether it is a word of more than five letters and no name.
func long(word string) bool {
	return len(word) > 5 && strings.Trim(word, "abcdefghijklmnopqrstuvwxyz") == ""
}

// batchOf are n articles of about 300 words, two of three the only one of their event.
func (p *press) batchOf(name string, n int, sources []digest.Source, at time.Time) (articles []digest.Article) {
	for e := 0; len(articles) < n; e++ {
		titles, texts := p.event(fmt.Sprint(name, e), 1+e%3%2, 7)
		for i := range titles {
			s := sources[len(articles)%len(sources)]
			articles = append(articles, digest.Article{
				ID: digest.NewArticleID("", titles[i], s.ID, fmt.Sprint(name, e, i)), Source: s.ID, Outlet: s.Name, Title: titles[i], Text: texts[i],
				Published: at.Add(-time.Duration(p.rand.IntN(12*60)) * time.Minute), Found: at, Language: "en", Topics: s.Topics,
			})
		}
	}
	return articles[:n]
}

// outlets makes sources.
func (w *world) outlets(n int) (out []digest.Source) {
	for i := range n {
		out = append(out, w.source(fmt.Sprintf("outlet%d.example", i), "World"))
	}
	return out
}

// stopwatch measures the processor time of what happens between start and stop.
type stopwatch struct{ used, started time.Duration }

func (s *stopwatch) start() { s.started = processorTime() }
func (s *stopwatch) stop()  { s.used += processorTime() - s.started }

func processorTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// perItem reports how many of n items were done in a second, and what each took of the
// processors.
func (s *stopwatch) perItem(b *testing.B, n int, what string) {
	items := float64(n * b.N)
	b.ReportMetric(items/b.Elapsed().Seconds(), what+"s/s")
	b.ReportMetric(1000*s.used.Seconds()/items, "cpu-ms/"+what)
}

// BenchmarkIngest places 2,000 articles with their text at hand: in the store, and as a
// floor grouped and summarized in memory only.
func BenchmarkIngest(b *testing.B) {
	const n = 2000
	b.Run("floor", func(b *testing.B) {
		var cpu stopwatch
		w := newWorld(b)
		for b.Loop() {
			b.StopTimer()
			articles := newPress(b).batchOf("e", n, w.outlets(50), start)
			slices.SortFunc(articles, func(a, b digest.Article) int { return b.Published.Compare(a.Published) })
			cpu.start()
			b.StartTimer()
			groupAndSummarize(articles)
			cpu.stop()
		}
		cpu.perItem(b, n, "article")
	})
	b.Run("store", func(b *testing.B) {
		var cpu stopwatch
		var writes int64
		var w *world
		for b.Loop() {
			b.StopTimer()
			p := newPress(b)
			w = newWorld(b)
			before := bytesOf(b, w)
			w.lineUp(p.batchOf("e", n, w.outlets(50), start)...)
			writes -= w.engine.used.Load()
			cpu.start()
			b.StartTimer()
			if err := w.ingestAll(b.Context(), start); err != nil {
				b.Fatal(err)
			}
			b.StopTimer()
			cpu.stop()
			writes += w.engine.used.Load()
			after := bytesOf(b, w)
			for kind, size := range after {
				b.ReportMetric(float64(size-before[kind])/n, kind+"-B/article")
			}
			b.StartTimer()
		}
		stories := 0
		for range w.store.LiveStories(b.Context(), start.AddDate(0, 0, -9)) {
			stories++
		}
		cpu.perItem(b, n, "article")
		b.ReportMetric(float64(n)/float64(stories), "articles/story")
		b.ReportMetric(100*float64(writes)/float64(b.N)/n, "updates/100-articles") // and no more flushes
	})
}

// lineUp puts articles into the queue.
func (w *world) lineUp(articles ...digest.Article) {
	w.t.Helper()
	if err := w.store.SavePoll(w.t.Context(), store.Poll{Source: w.starter[0], Articles: articles}); err != nil {
		w.t.Fatal(err)
	}
}

// bytesOf is how many bytes of keys and values there are of each kind, and of the file.
func bytesOf(b *testing.B, w *world) map[string]int {
	out := map[string]int{}
	for p, err := range w.engine.Scan(context.Background(), nil, nil) {
		if err != nil {
			b.Fatal(err)
		}
		kind, _, _ := strings.Cut(string(p.Key), "/")
		switch kind {
		case "article", "story", "live", "news", "expire":
			out[kind] += len(p.Key) + len(p.Value)
		}
	}
	info, err := os.Stat(w.file)
	if err != nil {
		b.Fatal(err)
	}
	out["file"] = int(info.Size())
	return out
}

// groupAndSummarize is what ingest does without a store: articles into stories, those of
// each batch told once.
func groupAndSummarize(articles []digest.Article) {
	x, stories := group.New(), map[digest.StoryID][]summary.Document{}
	for len(articles) > 0 {
		batch := articles[:min(len(articles), ingestBatch)]
		articles = articles[len(batch):]
		each(len(batch), runtime.GOMAXPROCS(0), func(i int) error {
			complete(&batch[i])
			return nil
		})
		var changed []digest.StoryID
		for _, a := range batch {
			id := x.Add(document(a)).Story
			stories[id] = append(stories[id], summary.Document{ID: a.ID, Outlet: a.Outlet, Title: a.Title, Text: a.Text, Lang: a.Language, Published: a.Published})
			changed = append(changed, id)
		}
		slices.Sort(changed)
		changed = slices.Compact(changed)
		each(len(changed), runtime.GOMAXPROCS(0), func(i int) error {
			docs := stories[changed[i]]
			tellFrom(new(digest.Story), docs[max(0, len(docs)-summarized):])
			return nil
		})
	}
}

// BenchmarkRead reads 400 article pages of 50 hosts, each 30 KB with some 600 words: for
// the store, and as a floor fetched and extracted only.
func BenchmarkRead(b *testing.B) {
	const n, hosts = 400, 50
	p := newPress(b)
	pages := map[string]string{}
	var links []string
	dial := map[string]string{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		page, ok := pages[r.Host+r.URL.Path]
		if !ok {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		io.WriteString(w, page) //nolint:errcheck // the client reads it
	}))
	b.Cleanup(server.Close)
	for i := range n {
		host := fmt.Sprintf("host%d.example", i%hosts)
		dial[host] = server.Listener.Addr().String()
		titles, texts := p.event(fmt.Sprint("page", i), 1, 14)
		address := fmt.Sprintf("%s/%d", host, i)
		pages[address] = pageOf(titles[0], texts[0])
		links = append(links, "http://"+address)
	}
	client := fetch.New(fetch.Options{Dial: dial})
	b.Cleanup(client.Close)
	b.Run("floor", func(b *testing.B) {
		var cpu stopwatch
		cpu.start()
		for b.Loop() {
			var all sync.WaitGroup
			slots := make(chan struct{}, pageReaders)
			for _, link := range links {
				slots <- struct{}{}
				all.Go(func() {
					defer func() { <-slots }()
					r, err := client.Get(b.Context(), fetch.Request{URL: link, MaxBytes: fetch.MaxPage})
					if err == nil {
						_, err = extract.Page(r.Body, r.ContentType, r.URL)
					}
					if err != nil {
						b.Error(err)
					}
				})
			}
			all.Wait()
		}
		cpu.stop()
		cpu.perItem(b, n, "page")
	})
	for _, placing := range []bool{false, true} {
		b.Run(map[bool]string{false: "store", true: "and place"}[placing], func(b *testing.B) {
			var cpu stopwatch
			for b.Loop() {
				b.StopTimer()
				w := newWorld(b)
				w.fetch = client
				w.teasers(links...)
				cpu.start()
				b.StartTimer()
				if _, err := w.Read(b.Context(), start); err != nil {
					b.Fatal(err)
				}
				if placing {
					if err := w.ingestAll(b.Context(), start); err != nil {
						b.Fatal(err)
					}
				}
				cpu.stop()
			}
			cpu.perItem(b, n, "page")
		})
	}
}

// pageOf is a page with an article, and with as much around it as publishers have.
func pageOf(title, text string) string {
	around := strings.Repeat(`<li class="nav__item"><a href="/section/politics" class="nav__link">Politics and more of the day</a></li>`, 100)
	return `<!doctype html><html lang="en"><head><title>` + html.EscapeString(title) + `</title><script>` + strings.Repeat("var a = window.b || {};", 200) +
		`</script></head><body><nav><ul>` + around + `</ul></nav><main><article><h1>` + html.EscapeString(title) + `</h1><p>` +
		strings.ReplaceAll(html.EscapeString(text), "\n\n", "</p><p>") + `</p></article></main><footer><ul>` + around + `</ul></footer></body></html>`
}
