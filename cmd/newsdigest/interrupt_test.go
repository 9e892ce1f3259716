package main

import (
	"bufio"
	"context"
	"io"
	"strings"
	"testing"
)

// TestInterrupted ends a trial that waits for the next line, as a signal does.
func TestInterrupted(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	typed, in := io.Pipe()
	out, printed := io.Pipe()
	defer in.Close()
	p := &program{in: typed, out: printed, errs: io.Discard}
	code := make(chan int, 1)
	go func() {
		code <- p.run(ctx, []string{"try", "-q"})
		printed.Close()
	}()
	go io.WriteString(in, "/cancel\n") //nolint:errcheck // the program reads it
	for lines := bufio.NewScanner(out); lines.Scan(); {
		if strings.HasPrefix(lines.Text(), "There is nothing to cancel") {
			cancel()
		}
	}
	if got := <-code; got != exitInterrupted {
		t.Errorf("exit code %d, want %d", got, exitInterrupted)
	}
}
