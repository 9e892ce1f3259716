package desk

import (
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
	r, err := get(ctx, d.fetch, address, fetch.MaxFeed)
	if err != nil {
		return Added{}, err
	}
	f, err := feed.Parse(r.Body, r.ContentType, r.URL)
	if err == nil {
		return d.follow(ctx, id, r.URL, f)
	}
	found := feed.Discover(r.Body, r.URL)
	added := Added{}
	for _, c := range found {
		s, latest, err := d.probe(ctx, c)
		if err != nil {
			continue
		}
		added.Latest = latest
		added.Candidates = append(added.Candidates, s)
		if len(added.Candidates) == maxCandidates {
			break
		}
	}
	switch len(added.Candidates) {
	case 0:
		return Added{}, &Refusal{Reason: NoFeed, Host: host(r.URL)}
	case 1:
		return d.AddSource(ctx, id, added.Candidates[0].URL, now)
	}
	return added, d.remember(ctx, added.Candidates)
}

// maxCandidates is how many feeds of one site are offered.
const maxCandidates = 5

// probe finds out whether a candidate is a feed.
func (d *Desk) probe(ctx context.Context, c feed.Candidate) (digest.Source, string, error) {
	r, err := d.fetch.Get(ctx, fetch.Request{URL: c.URL, Accept: feedTypes, MaxBytes: fetch.MaxFeed})
	if err != nil {
		return digest.Source{}, "", err
	}
	f, err := feed.Parse(r.Body, r.ContentType, r.URL)
	if err != nil {
		return digest.Source{}, "", err
	}
	s, err := newSource(r.URL, f)
	return s, latest(f), err
}

// remember files candidates, so that a button can name one by its id.
func (d *Desk) remember(ctx context.Context, sources []digest.Source) error {
	for _, s := range sources {
		if err := d.store.PutSource(ctx, s); err != nil {
			return err
		}
	}
	return nil
}

func newSource(address string, f feed.Feed) (digest.Source, error) {
	canonical, err := fetch.Canonical(address)
	if err != nil {
		return digest.Source{}, err
	}
	return digest.Source{
		ID: digest.NewSourceID(canonical), URL: canonical,
		Name: digest.Clean(f.Title), Site: f.Site, Language: f.Language,
	}, nil
}

// latest is the headline of the newest entry.
func latest(f feed.Feed) string {
	if len(f.Entries) == 0 {
		return ""
	}
	newest := slices.MaxFunc(f.Entries, func(a, b feed.Entry) int { return a.Published.Compare(b.Published) })
	return digest.Clean(newest.Title)
}

func (d *Desk) follow(ctx context.Context, id digest.ChatID, address string, f feed.Feed) (Added, error) {
	s, err := newSource(address, f)
	if err != nil {
		return Added{}, &Refusal{Reason: BadAddress, Err: err}
	}
	if err := d.store.PutSource(ctx, s); err != nil {
		return Added{}, err
	}
	added, err := d.FollowSource(ctx, id, s.ID)
	added.Latest = latest(f)
	return added, err
}

// FollowSource makes a source that is known by its id one of the chat's own.
func (d *Desk) FollowSource(ctx context.Context, id digest.ChatID, source digest.SourceID) (Added, error) {
	s, err := d.store.Source(ctx, source)
	if err != nil {
		return Added{}, &Refusal{Reason: NoSuchSource, Err: err}
	}
	added := Added{Source: s}
	_, err = d.Change(ctx, id, func(c *digest.Chat) error {
		added.Already = slices.Contains(c.Follows(d.starters()), source)
		switch {
		case added.Already:
		case slices.Contains(c.Dropped, source):
			c.Dropped = slices.DeleteFunc(c.Dropped, func(o digest.SourceID) bool { return o == source })
			if slices.Contains(c.Follows(d.starters()), source) {
				return nil
			}
			fallthrough
		default:
			if len(c.Own) >= digest.MaxSources {
				return &Refusal{Reason: TooManySources}
			}
			c.Own = append(c.Own, source)
		}
		return nil
	})
	return added, err
}

// RemoveSource takes a source from the chat's news; FollowSource brings it back.
func (d *Desk) RemoveSource(ctx context.Context, id digest.ChatID, source digest.SourceID) (digest.Source, error) {
	s, err := d.store.Source(ctx, source)
	if err != nil {
		return s, &Refusal{Reason: NoSuchSource, Err: err}
	}
	_, err = d.Change(ctx, id, func(c *digest.Chat) error {
		if !slices.Contains(c.Follows(d.starters()), source) {
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

// Sources are the sources whose news the chat gets, by name.
func (d *Desk) Sources(ctx context.Context, c digest.Chat) ([]digest.Source, error) {
	var out []digest.Source
	for _, id := range d.Follows(c) {
		s, err := d.store.Source(ctx, id)
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

// get fetches an address that a person typed. Without a scheme, https is tried first.
func get(ctx context.Context, client *fetch.Client, address string, maxBytes int64) (*fetch.Response, error) {
	address = strings.TrimSpace(address)
	tries := []string{address}
	if !strings.Contains(address, "://") {
		tries = []string{"https://" + address, "http://" + address}
	}
	var err error
	for _, t := range tries {
		var r *fetch.Response
		if r, err = client.Get(ctx, fetch.Request{URL: t, MaxBytes: maxBytes}); err == nil {
			return r, nil
		}
	}
	return nil, refusal(err)
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
func (d *Desk) Import(ctx context.Context, id digest.ChatID, outlines []feed.Outline) (added, already int, err error) {
	for _, o := range outlines {
		canonical, err := fetch.Canonical(o.URL)
		if err != nil {
			continue // an address that may not be fetched is no source
		}
		s := digest.Source{ID: digest.NewSourceID(canonical), URL: canonical, Name: digest.Clean(o.Title), Site: o.Site, Language: o.Language}
		if err := d.store.PutSource(ctx, s); err != nil {
			return added, already, err
		}
		a, err := d.FollowSource(ctx, id, s.ID)
		switch {
		case err != nil:
			return added, already, err
		case a.Already:
			already++
		default:
			added++
		}
	}
	return added, already, nil
}
