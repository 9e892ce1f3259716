package fetch

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// TestRobotsRules: which addresses a robots.txt leaves to us.
func TestRobotsRules(t *testing.T) {
	for _, tt := range []struct {
		name, robots, path string
		want               bool
	}{
		{"empty", "", "/a", true},
		{"not for us", "User-agent: other\nDisallow: /", "/a", true},
		{"for all", "User-agent: *\nDisallow: /private", "/private/a", false},
		{"for all, elsewhere", "User-agent: *\nDisallow: /private", "/a", true},
		{"by name", "User-agent: *\nDisallow: /\n\nUser-agent: NewsDigest\nDisallow: /x", "/a", true},
		{"by name, an empty rule", "User-agent: newsdigest\nDisallow:\n\nUser-agent: *\nDisallow: /", "/a", true},
		{"a group of two", "User-agent: other\nUser-agent: newsdigest\nDisallow: /", "/a", false},
		{"the longest rule", "User-agent: *\nDisallow: /a\nAllow: /a/b", "/a/b/c", true},
		{"a wildcard", "User-agent: *\nDisallow: /*.php$", "/x/index.php", false},
		{"a query", "User-agent: *\nDisallow: /*?print=", "/x?print=1", false},
		{"a bad line", "Disallow: /\nCrawl-delay: 1,5\nnonsense\nUser-agent: * # all\r\nDisallow: /x # this", "/x", false},
		{"a byte order mark", "\ufeffUser-agent: *\nDisallow: /", "/a", false},
		{"another file", "<html><body>Not found: sorry</body></html>", "/a", true},
		{"behind the limit", "User-agent: *\n" + strings.Repeat("# filling\n", robotsParsed/10) + "Disallow: /", "/a", true},
	} {
		if got := parseRobots([]byte(tt.robots)).Test(tt.path); got != tt.want {
			t.Errorf("%s: %s allowed %v", tt.name, tt.path, got)
		}
	}
}

// TestPage: robots.txt is asked once for a site, an answer that tells nothing allows
// everything, and one that cannot be had nothing.
func TestPage(t *testing.T) {
	for _, tt := range []struct {
		status int
		body   string
		want   bool
	}{
		{http.StatusOK, "User-agent: *\nDisallow: /private", true},
		{http.StatusOK, "User-agent: *\nDisallow: /", false},
		{http.StatusNotFound, "", true},
		{http.StatusForbidden, "", true},
		{http.StatusServiceUnavailable, "", false},
	} {
		var asked atomic.Int64
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			switch r.URL.Path {
			case "/robots.txt":
				asked.Add(1)
				w.WriteHeader(tt.status)
				fmt.Fprint(w, tt.body)
			case "/moved":
				http.Redirect(w, r, "/private/page", http.StatusFound)
			default:
				fmt.Fprint(w, "page")
			}
		}))
		c := New(Options{Dial: map[string]string{"news.example": server.Listener.Addr().String()}})
		for range 3 {
			_, err := c.Page(t.Context(), Request{URL: "http://news.example/page"})
			if (err == nil) != tt.want || err != nil && !errors.Is(err, ErrRobots) {
				t.Errorf("%d %q: %v", tt.status, tt.body, err)
			}
		}
		if _, err := c.Get(t.Context(), Request{URL: "http://news.example/page"}); err != nil {
			t.Errorf("asked for by its address: %v", err)
		}
		if _, err := c.Page(t.Context(), Request{URL: "http://news.example/moved"}); strings.Contains(tt.body, "private") && !errors.Is(err, ErrRobots) {
			t.Errorf("redirected to a private page: %v", err)
		}
		if asked.Load() != 1 {
			t.Errorf("%d %q: robots.txt was asked for %d times", tt.status, tt.body, asked.Load())
		}
		c.Close()
		server.Close()
	}
}

// TestRobotsForgets: as many sites as there are, so many are remembered and no more.
func TestRobotsForgets(t *testing.T) {
	r := newRobots()
	for i := range 3 * robotsSites {
		s := r.site(fmt.Sprint("http://", i, ".example"), time.Unix(int64(i), 0))
		if i == robotsSites-1 {
			s.until = time.Unix(1, 0)
		}
	}
	if len(r.sites) > robotsSites {
		t.Errorf("%d sites are remembered", len(r.sites))
	}
	if r.sites[fmt.Sprint("http://", 3*robotsSites-1, ".example")] == nil || r.sites["http://0.example"] != nil {
		t.Error("the sites asked for last are not those that are remembered")
	}
}

func TestPace(t *testing.T) {
	c := New(Options{Dial: map[string]string{"news.example": "127.0.0.1:1"}, HostRate: 2})
	defer c.Close()
	if n, apart := c.Pace(t.Context(), "news.example"); n != 0 || apart != 0 {
		t.Errorf("exempt: %d at once, %v apart", n, apart)
	}
	if n, apart := c.Pace(t.Context(), "other.example"); n != HostConns || apart != time.Second/2 {
		t.Errorf("%d at once, %v apart", n, apart)
	}
}

func FuzzRobots(f *testing.F) {
	f.Add("User-agent: *\nDisallow: /*?a=$\nAllow: /b", "/b?a=1")
	f.Fuzz(func(_ *testing.T, robots, path string) { parseRobots([]byte(robots)).Test(path) })
}
