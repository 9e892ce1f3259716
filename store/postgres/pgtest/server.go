// Package pgtest starts real PostgreSQL servers for tests: in a temporary folder, on
// loopback, gone when the test process is.
package pgtest

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
)

// ErrNoServer says that there is no PostgreSQL here.
var ErrNoServer = errors.New("no PostgreSQL here: neither PATH nor /usr/lib/postgresql has initdb and postgres")

// Name and password of the user that every server has.
const (
	User     = "newsdigest"
	Password = "swordfish-and-chips"
)

// startWithin is how long a server may take until it answers.
const startWithin = 30 * time.Second

// Server is a PostgreSQL server of its own.
type Server struct {
	Port int

	folder string // settings, data and log
	leash  *os.File
	done   chan struct{} // closed when the server and its folder are gone
}

// settings make a server small and quick. It is killed at most, never the machine, so
// that nothing has to be flushed.
var settings = []string{
	"listen_addresses=127.0.0.1", "fsync=off", "shared_buffers=64MB", "max_connections=200",
	"max_wal_senders=4", "wal_level=replica", "hot_standby=on", "logging_collector=off", "timezone=UTC",
}

// Run starts a server with these settings (name=value) besides the usual ones. It ends
// with Stop, or with this process.
func Run(ctx context.Context, more ...string) (*Server, error) {
	s, err := newServer()
	if err != nil {
		return nil, err
	}
	if err := s.initialize(ctx); err != nil {
		return nil, errors.Join(err, os.RemoveAll(s.folder))
	}
	return s, s.start(ctx, more)
}

// Standby starts a server that copies this one from now on, under a name for
// synchronous_standby_names.
func (s *Server) Standby(ctx context.Context, name string, more ...string) (*Server, error) {
	copied, err := newServer()
	if err != nil {
		return nil, err
	}
	from := fmt.Sprintf("host=127.0.0.1 port=%d user=%s password=%s application_name=%s", s.Port, User, Password, name)
	if err := copied.do(ctx, "pg_basebackup", "-d", from, "-D", copied.data(), "-R", "-X", "stream", "-c", "fast", "--no-sync"); err != nil {
		return nil, errors.Join(err, os.RemoveAll(copied.folder))
	}
	return copied, copied.start(ctx, more)
}

// newServer has a folder and a port.
func newServer() (*Server, error) {
	if _, err := find("postgres"); err != nil {
		return nil, err
	}
	folder, err := os.MkdirTemp("", "newsdigest-pg-")
	if err != nil {
		return nil, err
	}
	s := &Server{folder: folder, done: make(chan struct{})}
	if who := owner(); who != nil {
		if err := os.Chown(folder, int(who.Uid), int(who.Gid)); err != nil {
			return nil, err
		}
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	s.Port = l.Addr().(*net.TCPAddr).Port
	return s, l.Close()
}

func (s *Server) data() string { return filepath.Join(s.folder, "data") }

// initialize makes the server's files.
func (s *Server) initialize(ctx context.Context) error {
	secret := filepath.Join(s.folder, "password")
	if err := os.WriteFile(secret, []byte(Password), 0o644); err != nil {
		return err
	}
	return s.do(ctx, "initdb", "-D", s.data(), "-U", User, "-A", "password", "--pwfile", secret,
		"-E", "UTF8", "--locale=C", "--no-sync", "--no-instructions")
}

// do runs one of PostgreSQL's programs to its end.
func (s *Server) do(ctx context.Context, program string, args ...string) error {
	name, err := find(program)
	if err != nil {
		return err
	}
	c := exec.CommandContext(ctx, name, args...)
	s.asOwner(c)
	if out, err := c.CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w: %s", program, err, out)
	}
	return nil
}

// asOwner lets a program run as the owner of the folder, in it.
func (s *Server) asOwner(c *exec.Cmd) {
	c.Dir = s.folder
	c.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // Ctrl+C is for the test, which then ends this
	if who := owner(); who != nil {
		c.SysProcAttr.Credential = who
	}
}

// onLeash runs the server until its standard input ends, which it does with the test
// process at the latest, and then removes everything.
const onLeash = `
"$@" >log 2>&1 &
read -r stop
kill -s INT $! 2>/dev/null
wait $!
cd / && rm -rf "$0"`

// start starts the server and waits until it answers.
func (s *Server) start(ctx context.Context, more []string) error {
	name, err := find("postgres")
	if err != nil {
		return err
	}
	args := []string{"-c", onLeash, s.folder, name, "-D", s.data(), "-p", strconv.Itoa(s.Port), "-k", s.folder}
	for _, setting := range slices.Concat(settings, more) {
		args = append(args, "-c", setting)
	}
	r, w, err := os.Pipe()
	if err != nil {
		return err
	}
	defer r.Close()
	c := exec.Command("/bin/sh", args...)
	c.Stdin = r
	s.asOwner(c)
	if err := c.Start(); err != nil {
		return errors.Join(err, w.Close())
	}
	s.leash = w
	go func() { _ = c.Wait(); close(s.done) }()
	return s.await(ctx)
}

// await waits until the server answers.
func (s *Server) await(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, startWithin)
	defer cancel()
	for {
		c, err := pgx.Connect(ctx, s.URL())
		if err == nil {
			return c.Close(ctx)
		}
		select {
		case <-ctx.Done():
			log, _ := os.ReadFile(filepath.Join(s.folder, "log"))
			return errors.Join(fmt.Errorf("PostgreSQL does not start: %w\n%s", err, log), s.Stop())
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// URL is the address of the database postgres of this server.
func (s *Server) URL() string { return URL(s) }

// URL is the address of the database postgres of several servers that copy each other.
func URL(servers ...*Server) string {
	var hosts []string
	for _, s := range servers {
		hosts = append(hosts, "127.0.0.1:"+strconv.Itoa(s.Port))
	}
	return fmt.Sprintf("postgres://%s:%s@%s/postgres?sslmode=disable", User, Password, strings.Join(hosts, ","))
}

// Exec runs one statement.
func (s *Server) Exec(ctx context.Context, sql string, args ...any) error {
	c, err := pgx.Connect(ctx, s.URL())
	if err != nil {
		return err
	}
	_, err = c.Exec(ctx, sql, args...)
	return errors.Join(err, c.Close(ctx))
}

// Promote makes a standby take writes.
func (s *Server) Promote(ctx context.Context) error {
	return s.Exec(ctx, "select pg_promote()")
}

// Kill kills the server and all that it started, as kill -9 and the machine's end do.
func (s *Server) Kill() error {
	raw, err := os.ReadFile(filepath.Join(s.data(), "postmaster.pid"))
	if err != nil {
		return err
	}
	first, _, _ := strings.Cut(string(raw), "\n")
	pid, err := strconv.Atoi(first)
	if err != nil {
		return err
	}
	started := children(pid)
	// The postmaster first: it would start anew what died before it.
	if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
		return err
	}
	for _, child := range started {
		_ = syscall.Kill(child, syscall.SIGKILL) // may have ended by itself
	}
	return nil
}

// children are the processes that a process has started. Where there is no /proc there
// are none: PostgreSQL's end by themselves soon after they find the postmaster gone.
func children(of int) []int {
	var out []int
	stats, _ := filepath.Glob("/proc/[0-9]*/stat")
	for _, name := range stats {
		raw, err := os.ReadFile(name)
		if err != nil {
			continue // it has ended
		}
		_, rest, _ := strings.Cut(string(raw), ") ") // after the program's name: state, parent
		fields := strings.Fields(rest)
		pid, err := strconv.Atoi(filepath.Base(filepath.Dir(name)))
		if err == nil && len(fields) > 1 && fields[1] == strconv.Itoa(of) {
			out = append(out, pid)
		}
	}
	return out
}

// Stop ends the server and removes its files.
func (s *Server) Stop() error {
	if s.leash == nil {
		return os.RemoveAll(s.folder)
	}
	err := s.leash.Close()
	<-s.done
	return err
}

// owner is who PostgreSQL's programs run as: they refuse to for root. It is nil for
// whoever runs the test.
func owner() *syscall.Credential {
	if os.Geteuid() != 0 {
		return nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, errU := strconv.ParseUint(u.Uid, 10, 32)
		gid, errG := strconv.ParseUint(u.Gid, 10, 32)
		if errU == nil && errG == nil {
			return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
		}
	}
	return nil
}

// find finds one of PostgreSQL's programs, the newest version's if PATH has none.
func find(program string) (string, error) {
	if name, err := exec.LookPath(program); err == nil {
		return name, nil
	}
	found, _ := filepath.Glob(filepath.Join("/usr/lib/postgresql/*/bin", program))
	if len(found) == 0 {
		return "", ErrNoServer
	}
	return found[len(found)-1], nil
}
