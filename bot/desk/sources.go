package desk

import (
	"cmp"
	"context"
	"errors"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"time"

	"newsdigest/digest"
	"newsdigest/digest/feed"
	"newsdigest/digest/fetch"
	"newsdigest/store"
)

// Added is what became of an address that a chat wanted as a source.
type Added struct {
	Source  digest.Source
	Already bool   // the chat had it
	Latest  string // its newest headline, as proof
	// Candidates are set instead of Source where the site has several feeds.
	Candidates []digest.Source
}

// AddSource makes a site or feed a source of the chat. It is fetched once to prove that
// it is one; errors are Refusals.
func (d *Desk) AddSource(ctx context.Context, id digest.ChatID, address string, now time.Time) (Added, error) {
	r, asked, err := get(ctx, d.fetch, address, fetch.MaxFeed)
	if err != nil {
		var no *Refusal
		if errors.As(err, &no) && no.Reason == NoArticle {
			no.Reason = NoFeed
		}
		return Added{}, err
	}
	if found, err := readFeed(asked, r); err == nil {
		return d.follow(ctx, id, found, now)
	}
	found := d.probe(ctx, feed.Discover(r.Body, r.URL))
	switch len(found) {
	case 0:
		return Added{}, &Refusal{Reason: NoFeed, Host: host(r.URL)}
	case 1:
		return d.follow(ctx, id, found[0], now)
	}
	added := Added{Latest: found[0].latest}
	for _, c := range found {
		s, err := d.introduce(ctx, c.source, now) // so that a button can name it by its id
		if err != nil {
			return Added{}, err
		}
		added.Candidates = append(added.Candidates, s)
	}
	return added, nil
}

// proven is a source that was fetched and is a feed.
type proven struct {
	source digest.Source
	latest string // its newest headline
}

// readFeed makes a source of what was asked for at an address. A redirect that is not for
// good may lead elsewhere tomorrow, so that the address stays the one asked for.
func readFeed(asked string, r *fetch.Response) (proven, error) {
	f, err := feed.Parse(r.Body, r.ContentType, r.URL)
	if err != nil {
		return proven{}, err
	}
	canonical, err := fetch.Canonical(cmp.Or(r.Permanent, asked))
	if err != nil {
		return proven{}, err
	}
	return proven{digest.Source{
		ID: digest.NewSourceID(canonical), URL: canonical,
		Name: digest.Clean(f.Title), Site: f.Site, Language: f.Language,
	}, latest(f)}, nil
}

// maxCandidates is how many feeds of one site are offered.
const maxCandidates = 5

// probe finds out which candidates are feeds, and stops when there are enough.
func (d *Desk) probe(ctx context.Context, candidates []feed.Candidate) []proven {
	var found []proven
	for _, c := range candidates {
		r, err := d.fetch.Get(ctx, fetch.Request{URL: c.URL, Accept: feedTypes, MaxBytes: fetch.MaxFeed})
		if err != nil {
			continue
		}
		p, err := readFeed(c.URL, r)
		same := func(o proven) bool { return o.source.ID == p.source.ID }
		if err != nil || slices.ContainsFunc(found, same) {
			continue
		}
		if found = append(found, p); len(found) == maxCandidates {
			break
		}
	}
	return found
}

// introduce files a source unless it is known: a starter source stays what the starter set
// says, whoever names its address.
func (d *Desk) introduce(ctx context.Context, s digest.Source, now time.Time) (digest.Source, error) {
	old, err := d.store.Source(ctx, s.ID)
	if !errors.Is(err, store.ErrNotFound) {
		return old, err
	}
	return d.store.IntroduceSource(ctx, s, now)
}

// latest is the headline of the newest entry.
func latest(f feed.Feed) string {
	if len(f.Entries) == 0 {
		return ""
	}
	newest := slices.MaxFunc(f.Entries, func(a, b feed.Entry) int { return a.Published.Compare(b.Published) })
	return digest.Clean(newest.Title)
}

func (d *Desk) follow(ctx context.Context, id digest.ChatID, p proven, now time.Time) (Added, error) {
	if _, err := d.introduce(ctx, p.source, now); err != nil {
		return Added{}, err
	}
	added, err := d.FollowSource(ctx, id, p.source.ID)
	added.Latest = p.latest
	if err == nil && added.Source.Fetch.Paused {
		err = d.ReadNow(ctx, []digest.SourceID{p.source.ID}, now, nil)
	}
	return added, err
}

// source is a source by its id; a Refusal if it is not known.
func (d *Desk) source(ctx context.Context, id digest.SourceID) (digest.Source, error) {
	s, err := d.store.Source(ctx, id)
	if errors.Is(err, store.ErrNotFound) {
		err = &Refusal{Reason: NoSuchSource, Err: err}
	}
	return s, err
}

// FollowSource makes a source that is known by its id one of the chat's own.
func (d *Desk) FollowSource(ctx context.Context, id digest.ChatID, source digest.SourceID) (Added, error) {
	s, err := d.source(ctx, source)
	if err != nil {
		return Added{}, err
	}
	added := Added{Source: s}
	_, err = d.Change(ctx, id, func(c *digest.Chat) error {
		if added.Already = slices.Contains(d.Follows(*c), source); added.Already {
			return nil
		}
		if d.bringBack(c, source) {
			return nil
		}
		if len(c.Own) >= digest.MaxSources {
			return &Refusal{Reason: TooManySources}
		}
		c.Own = append(c.Own, source)
		return nil
	})
	return added, err
}

// RemoveSource takes a source from the chat's news; FollowSource brings it back.
func (d *Desk) RemoveSource(ctx context.Context, id digest.ChatID, source digest.SourceID) (digest.Source, error) {
	s, err := d.source(ctx, source)
	if err != nil {
		return s, err
	}
	_, err = d.Change(ctx, id, func(c *digest.Chat) error {
		if !slices.Contains(d.Follows(*c), source) {
			return &Refusal{Reason: NoSuchSource}
		}
		c.Own = slices.DeleteFunc(c.Own, func(o digest.SourceID) bool { return o == source })
		if s.Starter && !slices.Contains(c.Dropped, source) {
			c.Dropped = append(c.Dropped, source)
		}
		return nil
	})
	return s, err
}

// Follows are the ids of the sources whose news the chat gets.
func (d *Desk) Follows(c digest.Chat) []digest.SourceID { return c.Follows(d.starters()) }

// Sources are the sources whose news the chat gets, by name. One that went while the chat
// was shut out is missing; adding it brings it back.
func (d *Desk) Sources(ctx context.Context, c digest.Chat) ([]digest.Source, error) {
	var out []digest.Source
	for _, id := range d.Follows(c) {
		s, err := d.store.Source(ctx, id)
		if errors.Is(err, store.ErrNotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		out = append(out, s)
	}
	slices.SortFunc(out, func(a, b digest.Source) int {
		return strings.Compare(strings.ToLower(a.Label()), strings.ToLower(b.Label()))
	})
	return out, nil
}

// get fetches an address that a person typed. Without a scheme, https is tried first;
// asked is the address with it.
func get(ctx context.Context, client *fetch.Client, address string, maxBytes int64) (r *fetch.Response, asked string, err error) {
	address = strings.TrimSpace(address)
	tries := []string{address}
	if !strings.Contains(address, "://") {
		if !strings.ContainsAny(address, ".:/") {
			return nil, address, &Refusal{Reason: BadAddress, Err: errors.New("a word is no address")}
		}
		tries = []string{"https://" + address, "http://" + address}
	}
	for _, asked = range tries {
		if r, err = client.Get(ctx, fetch.Request{URL: asked, MaxBytes: maxBytes}); err == nil {
			return r, asked, nil
		}
	}
	return nil, asked, refusal(err)
}

// refusal is what an error of the fetch client is to people.
func refusal(err error) error {
	var fe *fetch.Error
	if !errors.As(err, &fe) {
		return err
	}
	r := &Refusal{Reason: NotAnswering, Host: fe.Host, Err: err}
	switch {
	case fe.Kind == fetch.Invalid, fe.Kind == fetch.Refused && literal(fe.Host):
		// A name that leads inside reads as one that does not answer, so that nobody can
		// feel out the operator's network.
		r.Reason = BadAddress
	case fe.Kind == fetch.BadStatus && (fe.Status == 404 || fe.Status == 410):
		r.Reason = PageGone
	case fe.Kind == fetch.BadStatus, fe.Kind == fetch.Untrusted, fe.Kind == fetch.Redirects, fe.Kind == fetch.Broken:
		r.Reason = PageRefused
	case fe.Kind == fetch.WrongType, fe.Kind == fetch.TooLarge:
		r.Reason = NoArticle
	}
	return r
}

// literal tells whether whoever typed the host can see that it is not public.
func literal(host string) bool {
	_, err := netip.ParseAddr(host)
	return err == nil || host == "localhost"
}

func host(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.Hostname()
}

// Import makes the feeds of an OPML file sources of the chat, without fetching them. It
// stops at the chat's limit with a Refusal; what was added stays.
func (d *Desk) Import(ctx context.Context, id digest.ChatID, outlines []feed.Outline, now time.Time) (added, already int, err error) {
	sources, err := d.Introduce(ctx, outlines, now)
	if err != nil {
		return 0, 0, err
	}
	took, err := d.FollowAll(ctx, id, sources)
	if err == nil && took.NoRoom > 0 {
		err = &Refusal{Reason: TooManySources}
	}
	return took.Added, took.Already, err
}

// Introduce files the feeds of an OPML file, so that chats can follow them by their ids.
func (d *Desk) Introduce(ctx context.Context, outlines []feed.Outline, now time.Time) ([]digest.SourceID, error) {
	var out []digest.SourceID
	for _, o := range outlines {
		canonical, err := fetch.Canonical(o.URL)
		if err != nil {
			continue // an address that may not be fetched is no source
		}
		s := digest.Source{ID: digest.NewSourceID(canonical), URL: canonical, Name: digest.Clean(o.Title), Site: o.Site, Language: o.Language}
		for _, t := range o.Topics {
			s.Topics = append(s.Topics, strings.ToLower(t))
		}
		if s, err = d.introduce(ctx, s, now); err != nil {
			return out, err
		}
		out = append(out, s.ID)
	}
	return out, nil
}

// Taken is what became of many sources that a chat wanted at once.
type Taken struct {
	Added   int
	Already int // the chat had them
	NoRoom  int // beyond the chat's limit
}

// FollowAll makes sources that are known by their ids sources of the chat, as many as it
// may have.
func (d *Desk) FollowAll(ctx context.Context, id digest.ChatID, sources []digest.SourceID) (took Taken, err error) {
	_, err = d.Change(ctx, id, func(c *digest.Chat) error {
		took = Taken{}
		has := setOf(d.Follows(*c))
		for _, source := range sources {
			switch {
			case has[source]:
				took.Already++
			case d.bringBack(c, source):
				took.Added++
			case len(c.Own) >= digest.MaxSources:
				took.NoRoom++
			default:
				c.Own = append(c.Own, source)
				took.Added++
			}
			has[source] = true
		}
		return nil
	})
	return took, err
}

// bringBack makes the chat follow a starter source that it had dropped; false if that is
// not what it takes.
func (d *Desk) bringBack(c *digest.Chat, source digest.SourceID) bool {
	if !slices.Contains(c.Dropped, source) {
		return false
	}
	c.Dropped = slices.DeleteFunc(c.Dropped, func(o digest.SourceID) bool { return o == source })
	return slices.Contains(d.Follows(*c), source)
}
