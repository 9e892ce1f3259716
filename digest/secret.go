package digest

import (
	"net/url"
	"slices"
	"strings"
	"unicode"
)

// tellingNames are names of parameters whose values are secrets, however short.
var tellingNames = []string{"auth", "key", "pass", "password", "pw", "secret", "sig", "token", "user", "uid"}

// What is too long to be a word or a number that a publisher counts with.
const (
	longValue = 8  // bytes of a parameter's value
	longToken = 16 // letters and digits between two slashes, if some of them are mixed
	longWord  = 24 // letters and digits without a break
)

const digits = "0123456789"

// MaySecret tells whether the source's address, or that of its site, looks as if it had been
// made for one reader, as the feeds of subscribers are: whoever has such an address reads
// what its owner pays for. It says so once too often rather than once too rarely. A starter
// source is the operator's, and public.
func (s Source) MaySecret() bool {
	return !s.Starter && (secretive(s.URL) || secretive(s.Site))
}

// secretive tells whether an address may carry a secret.
func secretive(address string) bool {
	u, err := url.Parse(address)
	if err != nil || u.User != nil {
		return true
	}
	query, err := url.ParseQuery(u.RawQuery)
	if err != nil {
		return true
	}
	for name, values := range query {
		if slices.Contains(tellingNames, strings.ToLower(name)) || len(name) >= longToken ||
			slices.ContainsFunc(values, func(v string) bool { return len(v) >= longValue }) {
			return true
		}
	}
	return slices.ContainsFunc(strings.Split(u.Path, "/"), unguessable) ||
		slices.ContainsFunc(strings.Split(u.Hostname(), "."), unguessable)
}

// unguessable tells whether a part of an address is more than words and numbers: long, with
// letters and digits mixed, or longer than words are. It also is where the address calls
// itself private.
func unguessable(part string) bool {
	length, mixed := 0, false
	for piece := range strings.FieldsFuncSeq(part, func(r rune) bool { return strings.ContainsRune("-_.~:@+,;=", r) }) {
		length += len(piece)
		switch {
		case strings.EqualFold(piece, "private"):
			return true
		case strings.Trim(piece, digits) == "": // a date, a number
		case len(piece) >= longWord && !strings.ContainsFunc(piece, foreign):
			return true
		case strings.ContainsAny(piece, digits):
			mixed = true
		}
	}
	return mixed && length >= longToken
}

// foreign tells whether a character is none of those that tokens are made of.
func foreign(r rune) bool { return r > unicode.MaxASCII }
