package main

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"sync"
	"sync/atomic"

	"github.com/mmcdole/gofeed"
)

// floor is the least that polling takes: a conditional request, a parse of what is new.
type floor struct {
	client    *http.Client
	workers   int
	addresses []string
	etags     []string
}

func newFloor(o options, addresses []string) *floor {
	return &floor{
		client:  &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: o.workers}},
		workers: o.workers, addresses: addresses, etags: make([]string, len(addresses)),
	}
}

// sweep polls every feed once and returns how many answered with a feed or with 304.
func (f *floor) sweep(ctx context.Context, p *progress) (int, error) {
	defer f.client.CloseIdleConnections()
	var all sync.WaitGroup
	var next, good, done atomic.Int64
	for range f.workers {
		all.Go(func() {
			for i := int(next.Add(1) - 1); i < len(f.addresses) && ctx.Err() == nil; i = int(next.Add(1) - 1) {
				if f.poll(ctx, i) {
					good.Add(1)
				}
				p.done(int(done.Add(1)), len(f.addresses))
			}
		})
	}
	all.Wait()
	return int(good.Load()), ctx.Err()
}

// poll tells whether the feed answered.
func (f *floor) poll(ctx context.Context, i int) bool {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, f.addresses[i], nil)
	if err != nil {
		return false
	}
	if f.etags[i] != "" {
		req.Header.Set("If-None-Match", f.etags[i])
	}
	resp, err := f.client.Do(req)
	if err != nil {
		return false
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode == http.StatusNotModified {
		return err == nil
	}
	f.etags[i] = resp.Header.Get("ETag")
	_, err = gofeed.NewParser().Parse(bytes.NewReader(body))
	return err == nil
}
