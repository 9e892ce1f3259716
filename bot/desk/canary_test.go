package desk

import (
	"flag"
	"fmt"
	"html"
	"net"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"newsdigest/digest"
	"newsdigest/digest/feed"
	"newsdigest/digest/fetch"
)

var everySpelling = flag.Bool("spellings", false, "TestNoWayInside tries all spellings instead of every twelfth")

// TestNoWayInside brings every spelling of an address that is not public by every way that
// an address can come: as a source, as an article, by a redirect, by a page's link to its
// feed, as the link of an entry, by a list of sources. Listeners on this machine's ports 80 and 443 must not be touched.
func TestNoWayInside(t *testing.T) {
	touched := canaries(t)
	w := newWorld(t)
	dial := map[string]string{}
	for name, s := range w.sites {
		server := httptest.NewServer(s)
		t.Cleanup(server.Close)
		dial[name] = server.Listener.Addr().String()
	}
	w.client = fetch.New(fetch.Options{Dial: dial, HostRate: -1})
	t.Cleanup(w.client.Close)
	w.live()
	c := w.meet(private)
	ctx, all := t.Context(), forbidden()
	refused := map[string]int{}
	count := func(way string, err error) {
		if err != nil {
			refused[way]++
		}
	}
	var outlines []feed.Outline
	for _, address := range all {
		_, err := w.AddSource(ctx, c.ID, address, w.now)
		count("source", err)
		_, err = w.Article(ctx, c, address, w.now)
		count("article", err)
		w.sites["c.example"].set(func(s *site) { s.movedTo = address })
		_, err = w.AddSource(ctx, c.ID, "http://c.example/feed", w.now)
		count("redirect", err)
		w.sites["c.example"].set(func(s *site) {
			s.movedTo = ""
			s.page = strings.ReplaceAll(`<!doctype html><title>x</title><link rel="alternate" type="application/rss+xml" href="ADDRESS"><link rel="icon" href="ADDRESS">
				<meta http-equiv="refresh" content="0;url=ADDRESS"><meta property="og:image" content="ADDRESS"><img src="ADDRESS"><p>x`, "ADDRESS", html.EscapeString(address))
		})
		if added, err := w.AddSource(ctx, c.ID, "http://c.example/page", w.now); err == nil {
			w.RemoveSource(ctx, c.ID, added.Source.ID) // the site has a feed of its own, too
		}
		outlines = append(outlines, feed.Outline{Title: "x", URL: address})
	}
	for way, n := range refused {
		if n != len(all) {
			t.Errorf("%s: %d of %d refused", way, n, len(all))
		}
	}
	for i := 0; len(outlines) > 0; i++ { // as many as a chat may have
		n := min(len(outlines), digest.MaxSources)
		other := w.meet(digest.Address{Platform: digest.Telegram, Channel: fmt.Sprint(100 + i)})
		if _, _, err := w.Import(ctx, other.ID, outlines[:n], w.now); err != nil {
			t.Error(err)
		}
		outlines = outlines[n:]
	}
	w.sites["a.example"].set(func(s *site) { s.body = linking(all, w.now) })
	w.walk(time.Hour)
	if n := touched(); n != 0 {
		t.Errorf("%d connections to this machine", n)
	}
	t.Logf("%d spellings by 6 ways: 0 connections", len(all))
	// The canary does see who comes.
	if conn, err := net.Dial("tcp", "127.0.0.1:80"); err == nil {
		conn.Close()
	}
	for until := time.Now().Add(5 * time.Second); touched() == 0; {
		if time.Now().After(until) {
			t.Fatal("the canary does not work")
		}
	}
}

// canaries listen where nobody may come, on all of this machine's addresses.
func canaries(t *testing.T) (touched func() int64) {
	t.Helper()
	var n atomic.Int64
	for _, port := range []string{"80", "443"} {
		l, err := net.Listen("tcp", ":"+port)
		if err != nil {
			t.Skipf("no canary on port %s: %v", port, err)
		}
		t.Cleanup(func() { l.Close() })
		go func() {
			for {
				c, err := l.Accept()
				if err != nil {
					return
				}
				n.Add(1)
				c.Close()
			}
		}()
	}
	return n.Load
}

// linking is a feed whose entries link to these addresses; a page of its own says so too.
func linking(addresses []string, at time.Time) string {
	var b strings.Builder
	b.WriteString(`<?xml version="1.0"?><rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel><title>x</title>`)
	for i, a := range addresses {
		a = html.EscapeString(a)
		fmt.Fprintf(&b, `<atom:link rel="self" href="%s"/><atom:link rel="hub" href="%s"/><image><url>%s</url></image>
			<item><title>Number %d of them</title><link>%s</link><guid>%d</guid><enclosure url="%s" type="image/jpeg"/><pubDate>%s</pubDate></item>`,
			a, a, a, i, a, i, a, at.Add(-time.Minute).Format(time.RFC1123Z))
	}
	return b.String() + `</channel></rss>`
}

// forbidden are addresses that lead to this machine or into a private network, or would
// for somebody who reads them another way.
func forbidden() []string {
	var hosts []string
	for _, ip := range [][4]byte{{127, 0, 0, 1}, {127, 0, 0, 53}, {0, 0, 0, 0}, {10, 0, 0, 1}, {172, 16, 0, 1}, {192, 168, 1, 1}, {169, 254, 169, 254}, {100, 64, 0, 1}, {198, 18, 0, 1}} {
		hosts = append(hosts, spelled(ip)...)
	}
	hosts = append(hosts, "localhost", "LOCALHOST", "localhost.", "localhost.localdomain", "ip6-localhost", "ⓛⓞⓒⓐⓛⓗⓞⓢⓣ", "loc\u00adalhost",
		"[::1]", "[::]", "[0:0:0:0:0:0:0:1]", "[0000::0001]", "[::1%25lo]", "[fe80::1%25lo]", "[fd00:ec2::254]", "[fc00::1]", "[ff02::1]", "[2001:db8::1]", "[::ffff:0:127.0.0.1]")
	var out []string
	for _, h := range hosts {
		for _, form := range []string{"http://%s/x", "https://%s/x", "http://%s:80/x?a=1", "HTTP://%s", "http://reader.example@%s/x", "http://%s:443/x"} {
			out = append(out, fmt.Sprintf(form, h))
		}
	}
	if !*everySpelling {
		var some []string
		for i := 0; i < len(out); i += 12 {
			some = append(some, out[i])
		}
		out = some
	}
	return append(out, "file:///etc/passwd", "gopher://127.0.0.1:80/x", "ftp://127.0.0.1/x", "unix:/var/run/x.sock", "data:text/html,x",
		"javascript:alert(1)", "http:127.0.0.1", "http:///127.0.0.1", "//127.0.0.1/x", "http://127.0.0.1\\@reader.example/", "http://127.0.0.1\t/", "http://127.0.0.1\r\n/")
}

// spelled are ways to write an IPv4 address.
func spelled(ip [4]byte) []string {
	n := uint32(ip[0])<<24 | uint32(ip[1])<<16 | uint32(ip[2])<<8 | uint32(ip[3])
	dotted := fmt.Sprintf("%d.%d.%d.%d", ip[0], ip[1], ip[2], ip[3])
	wide := strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r - '0' + '０'
		}
		return r
	}, dotted)
	return []string{
		dotted, dotted + ".", fmt.Sprint(n), fmt.Sprintf("0x%x", n), fmt.Sprintf("0X%X", n), fmt.Sprintf("0%o", n),
		fmt.Sprintf("0x%x.0x%x.0x%x.0x%x", ip[0], ip[1], ip[2], ip[3]), fmt.Sprintf("0%o.0%o.0%o.0%o", ip[0], ip[1], ip[2], ip[3]),
		fmt.Sprintf("%03d.%03d.%03d.%03d", ip[0], ip[1], ip[2], ip[3]), fmt.Sprintf("%d.%d", ip[0], n&0xffffff),
		fmt.Sprintf("%d.%d.%d", ip[0], ip[1], n&0xffff), wide, strings.ReplaceAll(dotted, ".", "。"), strings.ReplaceAll(dotted, ".", "｡"),
		strings.ReplaceAll(dotted, ".", "%2e"), fmt.Sprintf("[::ffff:%s]", dotted), fmt.Sprintf("[::ffff:%x:%x]", n>>16, n&0xffff),
		fmt.Sprintf("[::%s]", dotted), fmt.Sprintf("[64:ff9b::%s]", dotted), fmt.Sprintf("[64:ff9b:1::%x:%x]", n>>16, n&0xffff), fmt.Sprintf("[2002:%x:%x::]", n>>16, n&0xffff),
		fmt.Sprintf("[0:0:0:0:0:ffff:%s]", dotted), dotted + ".nip.example", "user:pw@" + dotted,
	}
}
