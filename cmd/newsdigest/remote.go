package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"time"

	"newsdigest/store/postgres"
)

// A bbolt file admits one process. The bot that runs on it therefore listens on a Unix
// socket beside it, and a command that needs the store sends its whole command line
// there: the bot carries it out and sends back what it printed.

// errand is a command line for the running bot.
type errand struct {
	Args    []string `json:"args"`
	In      []byte   `json:"in,omitempty"`
	Columns int      `json:"columns,omitempty"`
	Color   bool     `json:"color,omitempty"`
}

// result is what became of an errand.
type result struct {
	Out  []byte `json:"out,omitempty"`
	Errs []byte `json:"errs,omitempty"`
	Code int    `json:"code"`
}

// maxErrand bounds what comes in: an OPML file is the largest.
const maxErrand = 16 << 20

// A database admits many, so that a command opens it as the bot did, and there is no socket.

// socketName is the socket beside a store's file.
func socketName(file string) string { return file + ".sock" }

// listen serves errands until ctx ends. Only the owner of the file may connect.
func (h *house) listen(ctx context.Context, file string) error {
	if h.engine.file == nil {
		return nil
	}
	name := socketName(file)
	// The store's lock is ours, so whoever left a socket here is gone.
	if err := os.Remove(name); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	l, err := net.Listen("unix", name)
	if err != nil {
		return fmt.Errorf("no socket for the other commands: %w", err)
	}
	if err := os.Chmod(name, 0o600); err != nil {
		return errors.Join(err, l.Close())
	}
	s := &http.Server{Handler: http.HandlerFunc(h.serve), ReadHeaderTimeout: 10 * time.Second}
	h.onClose(s.Close)
	go s.Serve(l) //nolint:errcheck // it ends with the server
	return nil
}

func (h *house) serve(w http.ResponseWriter, r *http.Request) {
	var e errand
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxErrand)).Decode(&e); err != nil {
		http.Error(w, "this is no command", http.StatusBadRequest)
		return
	}
	var out, errs bytes.Buffer
	p := &program{in: bytes.NewReader(e.In), out: &out, errs: &errs, running: h, columns: e.Columns, color: e.Color}
	code := p.run(r.Context(), e.Args)
	json.NewEncoder(w).Encode(result{Out: out.Bytes(), Errs: errs.Bytes(), Code: code}) //nolint:errcheck // the other side is gone
}

// elsewhere carries out this command in the bot that runs on the file; done is false if
// none does.
func (p *program) elsewhere(ctx context.Context, file string) (done bool, err error) {
	if postgres.IsAddress(file) {
		return false, nil
	}
	client := &http.Client{Transport: &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "unix", socketName(file))
	}}}
	defer client.CloseIdleConnections()
	if !answers(file) {
		return false, nil
	}
	body, err := json.Marshal(errand{Args: p.args, In: p.input, Columns: p.columns, Color: p.color})
	if err != nil {
		return true, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://newsdigest/", bytes.NewReader(body))
	if err != nil {
		return true, err
	}
	answer, err := client.Do(req)
	if err != nil {
		return true, fmt.Errorf("the running bot did not answer: %w", err)
	}
	defer answer.Body.Close()
	var r result
	if err := json.NewDecoder(answer.Body).Decode(&r); err != nil {
		return true, fmt.Errorf("the running bot did not answer in full: %w", err)
	}
	if _, err := p.errs.Write(r.Errs); err != nil {
		return true, err
	}
	if _, err := p.out.Write(r.Out); err != nil {
		return true, err
	}
	if r.Code != exitDone {
		return true, &exitError{code: r.Code}
	}
	return true, nil
}

// answers tells whether a bot listens beside the store's file.
func answers(file string) bool {
	c, err := net.DialTimeout("unix", socketName(file), time.Second)
	return err == nil && c.Close() == nil
}

// file reads a file that a command names, "-" for standard input. It is read where the
// command was typed, so that a running bot gets its content and not its name.
func (p *program) file(name string) ([]byte, error) {
	if p.running != nil {
		return io.ReadAll(p.in)
	}
	var err error
	if name == "-" {
		p.input, err = io.ReadAll(io.LimitReader(p.in, maxErrand))
	} else {
		p.input, err = os.ReadFile(name)
	}
	return p.input, err
}
