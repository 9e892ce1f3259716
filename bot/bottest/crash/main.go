// Command crash kills the bot at random moments, over and over, while digests are due on
// both platforms, and then holds what readers got against what the store says.
//
//	go run ./bot/bottest/crash -cycles 2000
//	go run ./bot/bottest/crash -processes 3 -cycles 20 -stops 5 -chats 8
//
// With several processes these share a PostgreSQL database, and one at a time is killed, or
// stopped for longer than the others wait for it.
//
// The platforms' loopback servers live in this process and keep the ledger of what
// arrived; the bot is a child that is killed with SIGKILL. Nothing may be lost, nothing
// may come twice on Discord, and on Telegram only a page whose fate nobody knew, once
// more and marked as a repeat.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"time"
)

func main() {
	var o options
	flag.IntVar(&o.cycles, "cycles", 200, "how often the bot is killed")
	flag.IntVar(&o.chats, "chats", 4, "new chats of each platform with a digest due, every cycle")
	flag.Uint64Var(&o.seed, "seed", uint64(time.Now().UnixNano()), "of the random choices")
	flag.BoolVar(&o.faults, "faults", true, "the platforms fail too: answers dropped, cut or 5xx, before and after acceptance")
	flag.StringVar(&o.binary, "binary", "", "the program; built from ./cmd/newsdigest if empty")
	flag.BoolVar(&o.sweep, "sweep", false, "kill at every write and flush of one delivery instead (needs strace)")
	flag.IntVar(&o.processes, "processes", 1, "bots that share a PostgreSQL database, which is started; 1 is one bot on a file")
	flag.IntVar(&o.stops, "stops", 5, "with several processes, how often one of them hangs")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, o); err != nil {
		fmt.Fprintln(os.Stderr, "crash:", err)
		os.Exit(1)
	}
}

// options say how long and how hard.
type options struct {
	cycles, chats int
	processes     int
	stops         int
	seed          uint64
	faults, sweep bool
	binary        string
}

// run does what the options say and fails if a promise was broken.
func run(ctx context.Context, o options) error {
	dir, err := os.MkdirTemp("", "newsdigest-crash-")
	if err != nil {
		return err
	}
	if o.binary == "" {
		o.binary = filepath.Join(dir, "newsdigest")
		if out, err := exec.CommandContext(ctx, "go", "build", "-o", o.binary, "./cmd/newsdigest").CombinedOutput(); err != nil {
			return fmt.Errorf("go build: %w\n%s", err, out)
		}
	}
	r, err := newRig(dir, o)
	if err != nil {
		return err
	}
	defer r.close()
	if o.processes > 1 {
		err = runCrew(ctx, r)
	} else {
		err = runOne(ctx, r)
	}
	if err != nil {
		return fmt.Errorf("%w; seed %d, store and log in %s", err, o.seed, dir)
	}
	return os.RemoveAll(dir)
}

// runOne ends one bot on a file, over and over.
func runOne(ctx context.Context, r *rig) error {
	err := r.warm(ctx)
	switch {
	case err != nil:
	case r.options.sweep:
		err = r.sweep(ctx)
	default:
		err = r.killAll(ctx)
	}
	if err == nil {
		err = r.settle(ctx)
	}
	if err != nil {
		return err
	}
	report, err := r.audit(ctx)
	fmt.Print(report)
	return err
}

// runCrew ends one of several bots on a database, over and over.
func runCrew(ctx context.Context, r *rig) (err error) {
	c, err := newCrew(ctx, r)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, c.close()) }()
	if err := c.run(ctx); err != nil {
		return err
	}
	report, err := c.audit(ctx)
	more, errMore := c.report()
	fmt.Print(report, more)
	return errors.Join(err, errMore)
}
