// Command load measures how fast many feeds are polled, against the least that any program
// would need for it: a fetch with the standard client, a parse with gofeed, nothing stored.
//
//	go run ./bot/bottest/load -feeds 10000 -url 'http://127.0.0.1:8800/feed/%d.xml'
//
// It needs a server of so many feeds, on loopback or in the operator's own network (-list
// takes their addresses from a file or an address, one a line). -between is called before
// the second poll, to let some of the feeds change; -store keeps the store, so that the next
// run begins with the second poll. Ratios hold within one run only: run the floor and the
// polls on the same machine at the same time. Memory is the anonymous one of this process
// (RssAnon), the mapped file stands beside it.
package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"time"
)

func main() {
	var o options
	flag.IntVar(&o.feeds, "feeds", 10_000, "how many feeds")
	flag.StringVar(&o.url, "url", "", "address of a feed, with %d for its number from 0 on")
	flag.StringVar(&o.list, "list", "", "file or address with the feeds' addresses instead, one a line")
	flag.StringVar(&o.between, "between", "", "address to call before the second poll")
	flag.StringVar(&o.store, "store", "", "file of the store; a new one that is thrown away if empty")
	flag.StringVar(&o.allow, "allow", "127.0.0.0/8", "network that the feeds are in")
	flag.IntVar(&o.workers, "workers", 32, "requests at once of the floor")
	flag.BoolVar(&o.noFloor, "nofloor", false, "leave the floor out")
	flag.StringVar(&o.profile, "profile", "", "file for a CPU profile of the desk's polls")
	flag.BoolVar(&o.known, "known", false, "leave the first poll out: ask for what has changed since now")
	flag.BoolVar(&o.debug, "debug", false, "tell which feeds did not answer")
	flag.DurationVar(&o.every, "every", 15*time.Minute, "shortest time between two polls of a feed")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, o); err != nil {
		fmt.Fprintln(os.Stderr, "load:", err)
		os.Exit(1)
	}
}

// options say what to poll.
type options struct {
	feeds, workers int
	url, list      string
	between        string
	store          string
	allow          string
	known, debug   bool
	noFloor        bool
	profile        string
	every          time.Duration
}

// run measures and prints the table.
func run(ctx context.Context, o options) (err error) {
	addresses, err := o.addresses(ctx)
	if err != nil {
		return err
	}
	if o.store == "" {
		dir, err := os.MkdirTemp("", "newsdigest-load-")
		if err != nil {
			return err
		}
		defer os.RemoveAll(dir)
		o.store = filepath.Join(dir, "store.db")
	}
	h, err := open(ctx, o, addresses)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, h.close()) }()
	r := report{out: os.Stdout}
	bare := newFloor(o, addresses)
	if h.fresh {
		err = measure(ctx, &r, o, "first poll", bare, h)
	}
	if err == nil && o.between != "" {
		_, err = get(ctx, o.between)
	}
	if err == nil {
		err = measure(ctx, &r, o, "poll again", bare, h)
	}
	return errors.Join(err, h.sizes(ctx, r.out))
}

// measure polls all feeds once, first as the floor does, then as the desk does.
func measure(ctx context.Context, r *report, o options, what string, bare *floor, h *house) error {
	if !o.noFloor {
		good := 0
		err := r.time("floor: "+what, func(p *progress) (err error) {
			good, err = bare.sweep(ctx, p)
			return err
		}, func() (int, error) { return good, nil })
		if err != nil {
			return err
		}
	}
	return r.time(what, func(p *progress) error {
		return profiled(o.profile, what, func() error { return h.sweep(ctx, p) })
	}, func() (int, error) { return h.answered(ctx) })
}

// addresses are the feeds' addresses.
func (o options) addresses(ctx context.Context) ([]string, error) {
	switch {
	case o.list == "" && !strings.Contains(o.url, "%d"):
		return nil, errors.New("-url needs an address with %d in it, or -list a list of addresses")
	case o.list == "":
		var out []string
		for i := range o.feeds {
			out = append(out, fmt.Sprintf(o.url, i))
		}
		return out, nil
	}
	body, err := os.ReadFile(o.list)
	if strings.Contains(o.list, "://") {
		body, err = get(ctx, o.list)
	}
	var out []string
	for lines := bufio.NewScanner(bytes.NewReader(body)); lines.Scan() && len(out) < o.feeds; {
		out = append(out, lines.Text())
	}
	return out, err
}

// get reads an address of the operator's.
func get(ctx context.Context, address string) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	return io.ReadAll(resp.Body)
}
