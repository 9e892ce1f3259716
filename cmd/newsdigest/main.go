// Command newsdigest is the news digest bot: it runs on Discord, on Telegram and in a
// terminal, and has the commands that an operator needs beside a running bot.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
)

// The exit codes.
const (
	exitDone        = 0
	exitFailed      = 1 // failed while running
	exitUsage       = 2 // wrong usage
	exitConfig      = 3 // the configuration or a token
	exitPart        = 4 // done in part: some sources did not answer; the output is valid
	exitInterrupted = 130
)

// exitError is an error that says with which code the program ends.
type exitError struct {
	code int
	err  error // nil: everything was said already
}

func (e *exitError) Error() string {
	if e.err == nil {
		return fmt.Sprintf("exit code %d", e.code)
	}
	return e.err.Error()
}

func (e *exitError) Unwrap() error { return e.err }

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second signal ends the program at once
	p := &program{in: os.Stdin, out: os.Stdout, errs: os.Stderr}
	code := p.run(ctx, os.Args[1:])
	os.Exit(code)
}

// program is one run of the command line: where it reads and writes, and, when it runs
// inside a bot that is already up, that bot's house.
type program struct {
	in        io.Reader
	out, errs io.Writer
	flags     flags
	// running is the house of the bot that carries out this command for another
	// process; nil if the command is on its own.
	running *house
	// columns is how wide the terminal is, 0 if the output is no terminal; color tells
	// whether it may be used there.
	columns int
	color   bool
	args    []string
	input   []byte // the file that the command names, as read where it was typed
}

// run carries out a command line and returns the exit code.
func (p *program) run(ctx context.Context, args []string) int {
	p.args = args
	root := p.root()
	complete(root)
	root.SetArgs(args)
	root.SetIn(p.in)
	root.SetOut(p.out)
	root.SetErr(p.errs)
	err := root.ExecuteContext(ctx)
	if err == nil {
		return exitDone
	}
	var ee *exitError
	if !errors.As(err, &ee) {
		ee = &exitError{code: exitFailed, err: err}
	}
	if ctx.Err() != nil {
		ee = &exitError{code: exitInterrupted}
	}
	if ee.err != nil {
		fmt.Fprintln(p.errs, "newsdigest:", ee.err)
	}
	return ee.code
}
