package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"

	"newsdigest/bot/discord"
	"newsdigest/bot/telegram"
	"newsdigest/digest"
)

// exampleBot is what the bot is called on Telegram in what /render shows.
const exampleBot = "example_news_bot"

// renders say what a post becomes on the platforms that a trial does not talk to.
var renders = map[string]func(digest.Post) string{
	string(digest.Telegram): func(p digest.Post) string { return telegram.Preview(p, exampleBot) },
	string(digest.Discord):  discord.Preview,
}

// mayFail is the sample news, of which some outlets do not answer.
func (t *trial) mayFail(news http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		host := r.Host
		if h, _, err := net.SplitHostPort(host); err == nil {
			host = h
		}
		t.mu.Lock()
		failing := t.failing[host]
		t.mu.Unlock()
		if failing {
			http.Error(w, "out of order", http.StatusServiceUnavailable)
			return
		}
		news.ServeHTTP(w, r)
	})
}

// fail is /fail source harbour: the outlet does not answer from now on, until "off".
func (t *trial) fail(_ context.Context, args string) error {
	words := strings.Fields(args)
	if len(words) < 2 || words[0] != "source" || len(words) > 3 || len(words) == 3 && words[2] != "off" {
		return errors.New("write /fail source and a name, and off to end it: /fail source harbour off")
	}
	var found []string
	for _, host := range t.hosts {
		if strings.Contains(host, strings.ToLower(words[1])) {
			found = append(found, host)
		}
	}
	switch {
	case t.hosts == nil:
		return errors.New("only the sample news can be made to fail")
	case len(found) != 1:
		return fmt.Errorf("there is not one sample source called %q; these are there: %s", words[1], strings.Join(t.hosts, ", "))
	}
	failing := len(words) == 2
	t.mu.Lock()
	if t.failing == nil {
		t.failing = map[string]bool{}
	}
	t.failing[found[0]] = failing
	t.mu.Unlock()
	if failing {
		t.con.Note(found[0] + " does not answer any more.")
	} else {
		t.con.Note(found[0] + " answers again.")
	}
	return nil
}
