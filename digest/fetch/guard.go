package fetch

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"slices"
	"syscall"

	"code.dny.dev/ssrf"
)

var (
	errAddress = errors.New("not a public address")
	errPort    = errors.New("only ports 80 and 443 are fetched")
)

// special are addresses that look public and lead inside all the same; the registries
// that ssrf follows do not list them.
var special = []netip.Prefix{
	netip.MustParsePrefix("168.63.129.16/32"), // Azure's host for its virtual machines
}

// guard decides where connections may go. It is asked with the address a connection is
// about to be made to, after the name was resolved, so neither a redirect nor a name
// that changes its mind gets around it.
type guard struct {
	allow    []netip.Prefix
	dialed   map[string]string // host name -> the loopback address that stands for it
	ports    []uint16
	public   *ssrf.Guardian
	resolver *net.Resolver
}

func newGuard(allow []netip.Prefix, dialed map[string]string) *guard {
	return &guard{
		allow: allow, dialed: dialed, ports: []uint16{80, 443},
		public: ssrf.New(),
		// The resolver of the C library reads "0x7f.1" as an address.
		resolver: &net.Resolver{PreferGo: true},
	}
}

// dial connects to an address the guard lets pass.
func (g *guard) dial(ctx context.Context, network, address string) (net.Conn, error) {
	d := net.Dialer{Timeout: ConnectTimeout, Resolver: g.resolver, Control: g.control}
	if host, _, err := net.SplitHostPort(address); err == nil {
		if to, ok := g.dialed[host]; ok {
			d.Control = func(_, resolved string, _ syscall.RawConn) error {
				if resolved != to {
					return errAddress
				}
				return nil
			}
			address = to
		}
	}
	return d.DialContext(ctx, network, address)
}

// control is called by the dialer right before each connect.
func (g *guard) control(_, address string, _ syscall.RawConn) error {
	ap, err := netip.ParseAddrPort(address)
	if err != nil {
		return errAddress
	}
	return g.check(ap)
}

func (g *guard) check(ap netip.AddrPort) error {
	ip := ap.Addr().Unmap().WithZone("")
	switch {
	case g.allows(ip):
		return nil
	case g.public.SafeAddr(ip) != nil, contains(special, ip):
		return errAddress
	case !slices.Contains(g.ports, ap.Port()):
		return errPort
	}
	return nil
}

// allows tells whether the operator opened this address.
func (g *guard) allows(ip netip.Addr) bool { return contains(g.allow, ip) }

// exempt tells whether politeness does not apply to a host: it is mapped, or all of its
// addresses are opened by the operator.
func (g *guard) exempt(ctx context.Context, host string) bool {
	if _, ok := g.dialed[host]; ok {
		return true
	}
	if len(g.allow) == 0 {
		return false
	}
	if ip, err := netip.ParseAddr(host); err == nil {
		return g.allows(ip.Unmap())
	}
	ips, err := g.resolver.LookupNetIP(ctx, "ip", host)
	return err == nil && !slices.ContainsFunc(ips, func(ip netip.Addr) bool { return !g.allows(ip.Unmap()) })
}

func contains(in []netip.Prefix, ip netip.Addr) bool {
	return slices.ContainsFunc(in, func(p netip.Prefix) bool { return p.Contains(ip) })
}
