package fetch

import (
	"context"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	"golang.org/x/net/dns/dnsmessage"
)

// forbidden are addresses that no connection may go to.
var forbidden = []string{
	"0.0.0.0", "0.1.2.3", "10.0.0.1", "10.255.255.255", "100.64.0.1", "100.100.100.200", "100.127.255.255",
	"127.0.0.1", "127.1.2.3", "127.255.255.254", "169.254.0.1", "169.254.169.254", "172.16.0.1", "172.31.255.255",
	"192.0.0.1", "192.0.0.192", "192.0.2.1", "192.31.196.1", "192.52.193.1", "192.88.99.1", "192.168.0.1", "192.168.255.255",
	"192.175.48.1", "198.18.0.1", "198.19.255.255", "198.51.100.7", "203.0.113.9", "224.0.0.1", "239.255.255.250",
	"240.0.0.1", "255.255.255.255", "168.63.129.16",
	"::", "::1", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "::ffff:0:127.0.0.1",
	"64:ff9b::7f00:1", "64:ff9b::10.0.0.1", "64:ff9b:1::1", "100::1", "2001::1", "2001:0:7f00:1::", "2001:2::1",
	"2001:10::1", "2001:20::1", "2001:db8::1", "2002:7f00:1::", "2002:a00:1::", "2620:4f:8000::1", "3fff::1", "5f00::1",
	"fc00::1", "fd00:ec2::254", "fdff::1", "fe80::1", "fe80::1%eth0", "fec0::1", "ff02::1", "ff0e::1",
}

func TestGuardRefuses(t *testing.T) {
	g := newGuard(nil, nil)
	for _, s := range forbidden {
		if err := g.check(netip.AddrPortFrom(netip.MustParseAddr(s), 443)); !errors.Is(err, errAddress) {
			t.Errorf("%s: %v, want errAddress", s, err)
		}
	}
	for _, s := range []string{"1.1.1.1", "93.184.215.14", "2606:4700::1111", "2a00:1450:4001::1"} {
		ip := netip.MustParseAddr(s)
		if err := g.check(netip.AddrPortFrom(ip, 443)); err != nil {
			t.Errorf("%s: %v", s, err)
		}
		for _, port := range []uint16{0, 21, 22, 25, 53, 2375, 3306, 5432, 6379, 8080, 9200, 65535} {
			if err := g.check(netip.AddrPortFrom(ip, port)); !errors.Is(err, errPort) {
				t.Errorf("%s port %d: %v, want errPort", s, port, err)
			}
		}
	}
}

func TestGuardAllow(t *testing.T) {
	allow, err := ParseAllow([]string{"10.1.0.0/16", "192.168.1.5", "fd00::/8"})
	if err != nil {
		t.Fatal(err)
	}
	g := newGuard(allow, nil)
	for s, want := range map[string]bool{
		"10.1.2.3:22": true, "10.2.0.1:80": false, "192.168.1.5:8080": true, "192.168.1.6:80": false,
		"[fd00:ec2::254]:80": true, "[::ffff:10.1.0.1]:80": true, "127.0.0.1:80": false,
	} {
		if err := g.check(netip.MustParseAddrPort(s)); (err == nil) != want {
			t.Errorf("%s: %v", s, err)
		}
	}
	if _, err := ParseAllow([]string{"10.0.0.0/33"}); err == nil {
		t.Error("ParseAllow took 10.0.0.0/33")
	}
}

// canary is a listener that nobody may connect to.
func canary(t *testing.T, ip string) (port string, touched *atomic.Int32) {
	t.Helper()
	l, err := net.Listen("tcp", net.JoinHostPort(ip, "0"))
	if err != nil {
		t.Logf("without a canary: %v", err)
		return "80", new(atomic.Int32)
	}
	t.Cleanup(func() { l.Close() })
	touched = new(atomic.Int32)
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			touched.Add(1)
			c.Close()
		}
	}()
	_, port, _ = net.SplitHostPort(l.Addr().String())
	return port, touched
}

// resolver answers every name with addresses in turn: the first call with the first
// list, and the last list for good. It is asked over a pipe.
func resolver(answers ...[]string) *net.Resolver {
	var calls atomic.Int32
	return &net.Resolver{PreferGo: true, Dial: func(context.Context, string, string) (net.Conn, error) {
		client, server := net.Pipe()
		go func() {
			defer server.Close()
			answerDNS(server, func() []string {
				n := int(calls.Add(1)) - 1
				return answers[min(n, len(answers)-1)]
			})
		}()
		return client, nil
	}}
}

// answerDNS answers the questions for A records on a stream.
func answerDNS(c net.Conn, next func() []string) {
	for {
		var size uint16
		if binary.Read(c, binary.BigEndian, &size) != nil {
			return
		}
		packet := make([]byte, size)
		if _, err := io.ReadFull(c, packet); err != nil {
			return
		}
		var m dnsmessage.Message
		if m.Unpack(packet) != nil || len(m.Questions) != 1 {
			return
		}
		m.Response, m.RecursionAvailable, m.Additionals = true, true, nil
		if q := m.Questions[0]; q.Type == dnsmessage.TypeA {
			for _, ip := range next() {
				m.Answers = append(m.Answers, dnsmessage.Resource{
					Header: dnsmessage.ResourceHeader{Name: q.Name, Type: q.Type, Class: q.Class},
					Body:   &dnsmessage.AResource{A: netip.MustParseAddr(ip).As4()},
				})
			}
		}
		reply, err := m.Pack()
		if err != nil {
			return
		}
		if _, err := c.Write(append(binary.BigEndian.AppendUint16(nil, uint16(len(reply))), reply...)); err != nil {
			return
		}
	}
}

// spellings are hosts that lead to this machine, or would with a resolver that believes
// them; here every name does.
var spellings = []string{
	"127.0.0.1", "127.0.0.2", "127.1", "127.0.1", "2130706433", "0x7f000001", "0x7f.0.0.1", "0x7F.1", "0177.0.0.1", "017700000001",
	"0", "0.0.0.0", "00000000", "0x0", "0.0", "localhost", "LOCALHOST", "localhost.", "localhost.localdomain", "ip6-localhost",
	"localtest.me.example", "127.0.0.1.nip.example", "metadata.google.internal", "printer.local", "router", "xn--localhost",
	"①②⑦.0.0.1", "１２７.０.０.１", "127。0。0。1", "127｡0｡0｡1", "ⓛⓞⓒⓐⓛⓗⓞⓢⓣ", "ｌｏｃａｌｈｏｓｔ", "loc\u00adalhost", "127.0.0.1.", "127.0.0.1。",
	"[::1]", "[::]", "[0:0:0:0:0:0:0:1]", "[0000::0001]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[0:0:0:0:0:ffff:127.0.0.1]",
	"[::127.0.0.1]", "[::7f00:1]", "[64:ff9b::7f00:1]", "[64:ff9b::127.0.0.1]", "[2002:7f00:1::]", "[2001:0:7f00:1::]",
	"[fe80::1%25lo]", "[fe80::1%lo]", "[::1%25lo]", "[::ffff:0:127.0.0.1]", "user@127.0.0.1", "user:pw@localhost", "harbour.example@127.0.0.1",
	"harbour.example%40127.0.0.1", "harbour.example#@127.0.0.1", "127.0.0.1%2f", "127.0.0.1%00", "%6c%6f%63%61%6c%68%6f%73%74", "%31%32%37.0.0.1",
	"127.0.0.1\\@harbour.example", "127.0.0.1\t", "127.0.0.1\r\n", "10.0.0.1", "169.254.169.254", "192.168.0.1", "harbour.example",
}

func TestSpellingsNeverConnect(t *testing.T) {
	port, touched := canary(t, "127.0.0.1")
	port6, touched6 := canary(t, "::1")
	c := New(Options{HostRate: -1})
	defer c.Close()
	c.guard.resolver = resolver([]string{"127.0.0.1"})
	for _, p := range []string{port, port6} { // so that the port is no reason to refuse
		n, _ := strconv.ParseUint(p, 10, 16)
		c.guard.ports = append(c.guard.ports, uint16(n))
	}
	for _, host := range spellings {
		for _, p := range []string{port, port6} {
			_, err := c.Get(t.Context(), Request{URL: "http://" + host + ":" + p + "/secret?token=s3"})
			if err == nil || strings.Contains(err.Error(), "s3") {
				t.Errorf("%q: %v", host, err)
			}
		}
	}
	if touched.Load()+touched6.Load() != 0 {
		t.Errorf("%d connections to this machine", touched.Load()+touched6.Load())
	}
	// The canary does see who comes.
	c.guard.allow = []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}
	c.Get(t.Context(), Request{URL: "http://localhost:" + port})
	if touched.Load() == 0 {
		t.Error("the canary does not work")
	}
}

// site starts a server and a client that may reach it; 127.0.0.1 stands for a public
// address.
func site(t *testing.T, h http.HandlerFunc) (*Client, string) {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	c := New(Options{Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}})
	t.Cleanup(c.Close)
	return c, s.URL
}

func TestRedirectsInside(t *testing.T) {
	port, touched := canary(t, "127.0.0.2")
	for _, target := range []string{
		"http://127.0.0.2:" + port + "/", "//127.0.0.2:" + port, "http://[::ffff:127.0.0.2]:" + port + "/",
		"http://user:pw@127.0.0.2:" + port + "/", "file:///etc/passwd", "gopher://127.0.0.2:" + port + "/", `http:\\127.0.0.2`,
		"http://169.254.169.254/latest/meta-data", "http://127.1:" + port, "http://2130706434:" + port,
	} {
		c, url := site(t, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Location", target)
			w.WriteHeader(http.StatusFound)
		})
		r, err := c.Get(t.Context(), Request{URL: url})
		if err == nil {
			t.Errorf("redirect to %s gave %+v", target, r)
		}
	}
	if touched.Load() != 0 {
		t.Errorf("%d connections inside", touched.Load())
	}
}

func TestMixedAnswers(t *testing.T) {
	var served atomic.Int32
	c, url := site(t, func(http.ResponseWriter, *http.Request) { served.Add(1) })
	_, port, _ := net.SplitHostPort(strings.TrimPrefix(url, "http://"))
	l, err := net.Listen("tcp", "127.0.0.2:"+port)
	if err != nil {
		t.Skip(err)
	}
	defer l.Close()
	c.guard.resolver = resolver([]string{"127.0.0.2", "10.0.0.1", "127.0.0.1", "127.0.0.2"})
	if _, err := c.Get(t.Context(), Request{URL: "http://mixed.example:" + port}); err != nil || served.Load() != 1 {
		t.Errorf("the public address was not used: %v", err)
	}
	l.(*net.TCPListener).SetDeadline(neverLate)
	if conn, err := l.Accept(); err == nil {
		t.Errorf("connected to the private address: %v", conn.LocalAddr())
	}
}

func TestRebinding(t *testing.T) {
	c, url := site(t, func(http.ResponseWriter, *http.Request) {})
	_, port, _ := net.SplitHostPort(strings.TrimPrefix(url, "http://"))
	c.transport.DisableKeepAlives = true
	c.guard.resolver = resolver([]string{"127.0.0.1"}, []string{"127.0.0.1"}, []string{"127.0.0.2"})
	address := "http://rebind.example:" + port
	if _, err := c.Get(t.Context(), Request{URL: address}); err != nil {
		t.Fatal(err)
	}
	var fe *Error
	if _, err := c.Get(t.Context(), Request{URL: address}); !errors.As(err, &fe) || fe.Kind != Refused {
		t.Errorf("after the name changed: %v, want Refused", err)
	}
}

func TestDial(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, r.Host) }))
	defer s.Close()
	c := New(Options{Dial: map[string]string{"harbour.example": s.Listener.Addr().String()}})
	defer c.Close()
	r, err := c.Get(t.Context(), Request{URL: "http://Harbour.example/news"})
	if err != nil || string(r.Body) != "harbour.example" || r.URL != "http://harbour.example/news" {
		t.Errorf("%+v, %v", r, err)
	}
	if _, err := c.Get(t.Context(), Request{URL: s.URL}); err == nil {
		t.Error("the address itself passes the guard without the name")
	}
}

func TestRefusedReadsAsUnreachable(t *testing.T) {
	refused := &Error{Kind: Refused, Host: "a.example", Err: errAddress}
	unreachable := &Error{Kind: Unreachable, Host: "a.example", Err: io.EOF}
	if refused.Error() != unreachable.Error() {
		t.Errorf("%q and %q", refused, unreachable)
	}
}
