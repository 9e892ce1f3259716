package main

import (
	"os"
	"strings"

	"newsdigest/digest"
)

// localZone is the name of this computer's time zone: TZ, else what /etc/localtime or
// /etc/timezone name, else UTC.
func localZone() string {
	candidates := []string{strings.TrimPrefix(os.Getenv("TZ"), ":")}
	if link, err := os.Readlink("/etc/localtime"); err == nil {
		if _, name, ok := strings.Cut(link, "zoneinfo/"); ok {
			candidates = append(candidates, name)
		}
	}
	if body, err := os.ReadFile("/etc/timezone"); err == nil {
		candidates = append(candidates, strings.TrimSpace(string(body)))
	}
	for _, name := range candidates {
		if _, err := digest.LoadZone(name); err == nil {
			return name
		}
	}
	return "UTC"
}
