package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"golang.org/x/term"
)

// errNoAnswer says that a question cannot be asked.
var errNoAnswer = &exitError{code: exitUsage, err: errors.New(
	"this needs an answer and there is nobody to ask; run it in a terminal, or without the file that is there already")}

// interview asks the person at the terminal, or reads the answers from a pipe, a line each.
type interview struct {
	*program
	silent bool // nobody is to be asked
	lines  *bufio.Reader
}

// line asks a question and returns the answer without the spaces around it. The end of the
// input is an empty answer.
func (a *interview) line(question string) (string, error) {
	if a.silent {
		return "", errNoAnswer
	}
	fmt.Fprint(a.errs, question)
	if a.lines == nil {
		a.lines = bufio.NewReader(a.in)
	}
	text, err := a.lines.ReadString('\n')
	if errors.Is(err, io.EOF) {
		fmt.Fprintln(a.errs)
		err = nil
	}
	return strings.TrimSpace(text), err
}

// secret is line for an answer that a terminal does not show.
func (a *interview) secret(question string) (string, error) {
	in, ok := a.in.(*os.File)
	if a.silent || !ok || !term.IsTerminal(int(in.Fd())) {
		return a.line(question)
	}
	fmt.Fprint(a.errs, question)
	answer, err := term.ReadPassword(int(in.Fd()))
	fmt.Fprintln(a.errs)
	return strings.TrimSpace(string(answer)), err
}

// yes asks a question that only "y" and "yes" agree to.
func (a *interview) yes(question string) (bool, error) {
	answer, err := a.line(question)
	answer = strings.ToLower(answer)
	return answer == "y" || answer == "yes", err
}
