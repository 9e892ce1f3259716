package fetch

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/idna"
)

// MaxURL is the longest address that is taken, in bytes.
const MaxURL = 4096

// tracking are query parameters that name the way a reader came by, not what they read.
// A trailing * stands for any ending; with "=", only that value does so.
var tracking = []string{
	"utm_*", "at_medium", "at_campaign", "at_custom*", "at_link*", "at_format", "at_ptr_name", "at_bbc_team",
	"fbclid", "gclid", "dclid", "gbraid", "wbraid", "gclsrc", "msclkid", "yclid", "twclid", "ttclid", "igshid",
	"li_fat_id", "srsltid", "mc_cid", "mc_eid", "mkt_tok", "_hsenc", "_hsmi", "_ga", "_gl", "_openstat",
	"vero_id", "oly_anon_id", "oly_enc_id", "ns_mchannel", "ns_source", "ns_campaign", "ns_linkname", "ns_fee",
	"xtor", "wt_mc", "wt_zmc", "cmpid", "cmp", "icid", "ncid", "ocid", "smid", "s_cid", "sr_share",
	"soc_src", "soc_trk", "guccounter", "guce_referrer", "guce_referrer_sig", "__twitter_impression", "ref_src",
	"partner=rss", "emc=rss", "ref=rss",
}

// Canonical is the one normal form of an http or https address: lower-case scheme and
// host, an international name in punycode, no default port, no fragment and no tracking
// parameters. An address as people type it may come without a scheme (https is meant) or
// as "feed:". What a server could tell apart stays: path, trailing slash, the order of
// the query. The error is an *Error of kind Invalid.
func Canonical(raw string) (string, error) {
	raw = strings.TrimSpace(raw)
	if rest, ok := cutPrefixFold(raw, "feed:"); ok {
		raw = rest
		if strings.HasPrefix(raw, "//") {
			raw = "http:" + raw
		}
	}
	if !strings.Contains(raw, "://") {
		if head, _, _ := strings.Cut(raw, "/"); strings.HasSuffix(head, ":") {
			return "", invalid("", "only http and https are fetched")
		}
		raw = "https://" + raw
	}
	u, err := parse(raw)
	if err != nil {
		return "", err
	}
	u.RawQuery = withoutTracking(u.RawQuery)
	return u.String(), nil
}

// Resolve is the canonical form of an address found in a document that stands at base.
// Unlike Canonical it does not guess a scheme: without a usable base, only a complete
// address passes.
func Resolve(base, ref string) (string, error) {
	r, err := url.Parse(strings.TrimSpace(ref))
	if err != nil || ref == "" {
		return "", invalid("", "unreadable")
	}
	if b, err := url.Parse(base); err == nil {
		r = b.ResolveReference(r)
	}
	if r.Scheme == "" {
		return "", invalid("", "not complete")
	}
	return Canonical(r.String())
}

func cutPrefixFold(s, prefix string) (string, bool) {
	if len(s) < len(prefix) || !strings.EqualFold(s[:len(prefix)], prefix) {
		return s, false
	}
	return s[len(prefix):], true
}

func invalid(host, why string) error {
	return &Error{Kind: Invalid, Host: host, Err: errors.New(why)}
}

// parse reads a complete http or https address, strictly and into normal form. It is
// the gate for every address, those of redirects included.
func parse(raw string) (*url.URL, error) {
	if len(raw) > MaxURL {
		return nil, invalid("", "too long")
	}
	if strings.ContainsFunc(raw, func(r rune) bool { return r < 0x20 || r == 0x7f || r == '\\' }) {
		return nil, invalid("", "it has a character that does not belong there")
	}
	u, err := url.Parse(raw)
	if err != nil {
		return nil, invalid("", "unreadable")
	}
	switch {
	case u.Scheme != "http" && u.Scheme != "https":
		return nil, invalid("", "only http and https are fetched")
	case u.User != nil:
		return nil, invalid("", "a user name in it is not accepted")
	}
	host, err := normalHost(u.Hostname())
	if err != nil {
		return nil, err
	}
	if u.Host, err = withPort(host, u.Port(), u.Scheme); err != nil {
		return nil, err
	}
	if u.Path == "" {
		u.Path = "/"
	}
	u.Fragment, u.RawFragment, u.ForceQuery = "", "", false
	u.RawQuery = escapeQuery(u.RawQuery)
	return u, nil
}

// escapeQuery escapes what has to be escaped in a query and leaves the rest, as servers
// may tell "%2B" from "+"; url.URL does that for the path only.
func escapeQuery(q string) string {
	var out strings.Builder
	for i := range len(q) {
		if c := q[i]; c <= ' ' || c >= 0x7f || strings.IndexByte("\"<>`", c) >= 0 {
			fmt.Fprintf(&out, "%%%02X", c)
		} else {
			out.WriteByte(c)
		}
	}
	return out.String()
}

// hostProfile maps names as browsers do (UTS 46), underscores allowed.
var hostProfile = idna.New(idna.MapForLookup(), idna.BidiRule(), idna.StrictDomainName(false))

// normalHost is a host name in ASCII and lower case or an IP address in its usual form.
// Numbers that some systems read as an address in disguise ("127.1", "0x7f000001") are
// refused.
func normalHost(raw string) (string, error) {
	if ip, err := netip.ParseAddr(raw); err == nil {
		if ip.Zone() != "" {
			return "", invalid("", "an IPv6 zone is not accepted")
		}
		return ip.String(), nil
	}
	host, err := hostProfile.ToASCII(raw)
	if err != nil || !utf8.ValidString(raw) || len(host) > 253 {
		return "", invalid("", "the host name is not valid")
	}
	host = strings.TrimSuffix(host, ".")
	if again, err := hostProfile.ToASCII(host); err != nil || again != host {
		return "", invalid("", "the host name is not valid")
	}
	if _, err := netip.ParseAddr(host); err == nil { // full-width digits were mapped
		return host, nil
	}
	for label := range strings.SplitSeq(host, ".") {
		if label == "" || len(label) > 63 || strings.ContainsFunc(label, notInHost) {
			return "", invalid("", "the host name is not valid")
		}
	}
	if looksNumeric(host[strings.LastIndexByte(host, '.')+1:]) {
		return "", invalid("", "the host name is not valid")
	}
	return host, nil
}

func notInHost(r rune) bool {
	return (r < 'a' || r > 'z') && (r < '0' || r > '9') && r != '-' && r != '_'
}

// looksNumeric tells whether the last label makes a host an IPv4 address to browsers and
// C libraries: decimal, octal or hexadecimal.
func looksNumeric(label string) bool {
	if hex, ok := strings.CutPrefix(label, "0x"); ok {
		_, err := strconv.ParseUint(hex, 16, 64)
		return hex == "" || err == nil
	}
	return strings.Trim(label, "0123456789") == ""
}

func withPort(host, port, scheme string) (string, error) {
	if port != "" {
		n, err := strconv.ParseUint(port, 10, 16)
		if err != nil || n == 0 {
			return "", invalid(host, "the port is not valid")
		}
		if scheme == "http" && n == 80 || scheme == "https" && n == 443 {
			port = ""
		} else {
			port = strconv.FormatUint(n, 10)
		}
	}
	switch {
	case port != "":
		return net.JoinHostPort(host, port), nil
	case strings.Contains(host, ":"):
		return "[" + host + "]", nil
	}
	return host, nil
}

// withoutTracking takes tracking parameters out of a query and leaves the others
// exactly as they are.
func withoutTracking(query string) string {
	var kept []string
	for part := range strings.SplitSeq(query, "&") {
		if part != "" && !isTracking(strings.ToLower(part)) {
			kept = append(kept, part)
		}
	}
	return strings.Join(kept, "&")
}

func isTracking(part string) bool {
	name, _, _ := strings.Cut(part, "=")
	return slices.ContainsFunc(tracking, func(t string) bool {
		if prefix, ok := strings.CutSuffix(t, "*"); ok {
			return strings.HasPrefix(name, prefix)
		}
		return t == name || t == part
	})
}
