package main

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"time"
)

// sweep kills the bot at the first, second, third ... call that writes or flushes, until
// a life gets through one delivery without coming that far; then it lets the disk fail at
// each flush instead, and be full at some writes.
func (r *rig) sweep(ctx context.Context) error {
	if _, err := exec.LookPath("strace"); err != nil {
		return errors.New("the sweep needs strace")
	}
	for _, at := range []struct{ call, do, done string }{
		{"pwrite64", "signal=KILL", "killed"}, {"fdatasync", "signal=KILL", "killed"}, {"write", "signal=KILL", "killed"},
		{"fdatasync", "error=EIO", "ended by itself, the disk failing,"},
	} {
		n := 1
		for ; ; n++ {
			ended, err := r.endAt(ctx, at.call, at.do, n)
			if err != nil {
				return fmt.Errorf("%s %d, %s: %w", at.call, n, at.do, err)
			}
			if !ended {
				break
			}
		}
		fmt.Printf("%s: %s at each of %d calls\n", at.call, at.done, n-1)
	}
	return r.fullDisk(ctx)
}

// fullDisk lets each of the first writes of a life fail for lack of room; the bot goes on.
func (r *rig) fullDisk(ctx context.Context) error {
	const writes = 20
	for n := range writes {
		if _, err := r.endAt(ctx, "pwrite64", "error=ENOSPC", n+1); err != nil {
			return fmt.Errorf("pwrite64 %d, no room: %w", n+1, err)
		}
	}
	fmt.Printf("pwrite64: no room at each of %d calls\n", writes)
	return nil
}

// endAt lets strace do something to the bot's nth call of one kind, and the bot live until
// it has ended or all that is due has been sent; ended tells which came first.
func (r *rig) endAt(ctx context.Context, call, do string, n int) (ended bool, err error) {
	if err := r.order(ctx); err != nil {
		return false, err
	}
	want := r.sent() + 4*r.options.chats
	cmd, err := r.start(ctx, "strace", "-f", "-qq", "-o", "/dev/null", "-e", "trace="+call,
		"-e", fmt.Sprintf("inject=%s:%s:when=%d", call, do, n))
	if err != nil {
		return false, err
	}
	over := make(chan error, 1)
	go func() { over <- cmd.Wait() }()
	quiet := time.Now()
	for last := r.sent(); ; {
		select {
		case <-over:
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
			<-over
			return false, nil
		}
	}
}

// stopTraced kills the bot under strace; strace ends with it.
func stopTraced(cmd *exec.Cmd) error {
	return exec.Command("pkill", "-KILL", "-P", fmt.Sprint(cmd.Process.Pid)).Run()
}
