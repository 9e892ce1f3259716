package main

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"time"
)

// sweep kills the bot at the first, second, third ... call that writes or flushes, until
// a life gets through one delivery without coming that far.
func (r *rig) sweep(ctx context.Context) error {
	if _, err := exec.LookPath("strace"); err != nil {
		return errors.New("the sweep needs strace")
	}
	for _, call := range []string{"pwrite64", "fdatasync", "write"} {
		n := 1
		for ; ; n++ {
			killed, err := r.killAt(ctx, call, n)
			if err != nil {
				return fmt.Errorf("%s %d: %w", call, n, err)
			}
			if !killed {
				break
			}
		}
		fmt.Printf("%s: killed at each of %d calls\n", call, n-1)
	}
	return nil
}

// killAt lets the bot live until its nth call of one kind, or until all that is due has
// been sent; killed tells which came first.
func (r *rig) killAt(ctx context.Context, call string, n int) (killed bool, err error) {
	if err := r.order(ctx); err != nil {
		return false, err
	}
	want := r.sent() + 4*r.options.chats
	cmd, err := r.start(ctx, "strace", "-f", "-qq", "-o", "/dev/null", "-e", "trace="+call,
		"-e", fmt.Sprintf("inject=%s:signal=KILL:when=%d", call, n))
	if err != nil {
		return false, err
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	quiet := time.Now()
	for last := r.sent(); ; {
		select {
		case <-ended:
			return true, ctx.Err()
		case <-ctx.Done():
			return false, ctx.Err()
		case <-time.After(5 * time.Millisecond):
		}
		if now := r.sent(); now != last {
			last, quiet = now, time.Now()
		}
		if r.sent() >= want && time.Since(quiet) > 300*time.Millisecond || time.Since(quiet) > 5*time.Second {
			// Killing strace detaches it; the bot has to go first.
			if err := stopTraced(cmd); err != nil {
				return false, err
			}
			<-ended
			return false, nil
		}
	}
}

// stopTraced kills the bot under strace; strace ends with it.
func stopTraced(cmd *exec.Cmd) error {
	return exec.Command("pkill", "-KILL", "-P", fmt.Sprint(cmd.Process.Pid)).Run()
}
