package desk

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"newsdigest/digest"
)

// pulse is when it was last tried whether the store takes writes, and what came of it.
type pulse struct {
	mu  sync.Mutex
	at  time.Time
	err error
}

// How it is told whether the desk is alive.
const (
	stuckAfter = 15 * time.Minute // a loop that has not turned for so long hangs; a sweep of slow feeds takes minutes
	pulseEvery = 30 * time.Second // the store is not written to more often for being asked
)

// Alive tells what is wrong with a desk that runs, nil if nothing is: each of its loops has
// turned lately, and the store takes writes. A process that is not alive is best started
// again.
func (d *Desk) Alive(ctx context.Context, now time.Time) error {
	d.meter.mu.Lock()
	for step, at := range d.meter.turns {
		if now.Sub(at) > stuckAfter {
			d.meter.mu.Unlock()
			return fmt.Errorf("the loop of %s has not turned for %s", step, now.Sub(at).Round(time.Second))
		}
	}
	d.meter.mu.Unlock()
	p := &d.pulse
	p.mu.Lock()
	defer p.mu.Unlock()
	if age := now.Sub(p.at); p.at.IsZero() || age < 0 || age >= pulseEvery {
		p.at, p.err = now, d.store.Touch(ctx, d.process, now)
	}
	if p.err != nil {
		return fmt.Errorf("the store takes no writes: %w", p.err)
	}
	return nil
}

// Readiness tells why the desk cannot do all of its work yet, nil if it can: the stories of
// the last days are at hand, and the platforms that this process listens to are connected.
func (d *Desk) Readiness(now time.Time) error {
	d.room.mu.RLock()
	open := d.room.open
	d.room.mu.RUnlock()
	var errs []error
	if !open {
		errs = append(errs, errors.New("the stories of the last days are not read yet"))
	}
	listens := false
	for _, p := range d.running() {
		s := d.meter.platform(p, now)
		listens = listens || s.Listens || p == digest.Console
		switch {
		case s.Listens && !s.Up && s.Problem != "":
			errs = append(errs, fmt.Errorf("%s is not connected: %s", p, s.Problem))
		case s.Listens && !s.Up:
			errs = append(errs, fmt.Errorf("%s is not connected yet", p))
		}
	}
	if !listens && d.process == "" {
		errs = append(errs, errors.New("no platform is connected yet"))
	}
	return errors.Join(errs...)
}
