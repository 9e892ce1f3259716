// Command crash kills the bot at random moments, over and over, while digests are due on
// both platforms, and then holds what readers got against what the store says.
//
//	go run ./bot/bottest/crash -cycles 2000
//
// The platforms' loopback servers live in this process and keep the ledger of what
// arrived; the bot is a child that is killed with SIGKILL. Nothing may be lost, nothing
// may come twice on Discord, and on Telegram only a page whose fate nobody knew, once
// more and marked as a repeat.
package main

import (
	"context"
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
	err = r.warm(ctx)
	switch {
	case err != nil:
	case o.sweep:
		err = r.sweep(ctx)
	default:
		err = r.killAll(ctx)
	}
	if err == nil {
		err = r.settle(ctx)
	}
	if err != nil {
		return fmt.Errorf("%w; seed %d, store and log in %s", err, o.seed, dir)
	}
	report, err := r.audit(ctx)
	fmt.Print(report)
	if err != nil {
		return fmt.Errorf("%w; seed %d, store and log in %s", err, o.seed, dir)
	}
	return os.RemoveAll(dir)
}
