package postgres

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgconn"

	"newsdigest/store/kv"
)

// Codes of PostgreSQL (manual, appendix A, "PostgreSQL Error Codes").
const (
	codeConflict = "40001" // serialization_failure
	codeDeadlock = "40P01" // deadlock_detected
	codeRetired  = "22012" // division_by_zero: sqlWrite found its marker retired
)

// passing are the other codes of what goes away by itself, or over another connection,
// and whole classes of them.
var passing = []string{
	"08",    // connection exception
	"25006", // read_only_sql_transaction: the server is a standby now
	"25P03", // idle_in_transaction_session_timeout
	"53200", // out_of_memory, also of the table of locks
	"53300", // too_many_connections
	"57014", // query_canceled
	"57P01", // admin_shutdown
	"57P02", // crash_shutdown
	"57P03", // cannot_connect_now
	"57P05", // idle_session_timeout
}

// fault is what the server, or the way to it, did to an attempt that left nothing behind.
type fault struct {
	cause error
	again bool // another attempt may succeed
	soon  bool // it need not wait for a server to come back
}

// Error implements error.
func (f *fault) Error() string { return f.cause.Error() }

// failed judges an error of an attempt that left nothing behind.
func failed(err error) error {
	if err == nil {
		return nil
	}
	var pg *pgconn.PgError
	if !errors.As(err, &pg) {
		return &fault{cause: err, again: true} // of the connection
	}
	switch pg.Code {
	case codeConflict, codeDeadlock, codeRetired:
		return &fault{cause: err, again: true, soon: true}
	}
	for _, code := range passing {
		if strings.HasPrefix(pg.Code, code) {
			return &fault{cause: err, again: true}
		}
	}
	return &fault{cause: err}
}

// notApplied tells whether an error of a commit proves that nothing was stored. The
// server says so itself; FATAL it may also be told to say right after a commit.
func notApplied(err error) bool {
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		return pg.SeverityUnlocalized == "ERROR"
	}
	return pgconn.SafeToRetry(err)
}

// times are how long an engine waits.
type times struct {
	answer time.Duration // for one answer of the server, then the connection counts as lost
	call   time.Duration // for one call, if the server does not answer or others are faster
	ask    time.Duration // for learning what became of a commit
}

var usualTimes = times{answer: 10 * time.Second, call: 30 * time.Second, ask: time.Minute}

// Pauses between attempts: up to the first after one attempt, twice as much after each
// more, up to the second.
var (
	afterConflict = [2]time.Duration{2 * time.Millisecond, 200 * time.Millisecond}
	afterLoss     = [2]time.Duration{50 * time.Millisecond, time.Second}
)

// again runs attempts until one has succeeded, failed for good, or the time for a call ends.
// Between two of them nothing is half done, so that it also ends with the context.
func (e *Engine) again(ctx context.Context, attempt func() error) error {
	return e.persist(ctx, e.times.call, e.closing, attempt)
}

// persist runs attempts for so long, or until one of the two ends.
func (e *Engine) persist(ctx context.Context, long time.Duration, closing <-chan struct{}, attempt func() error) error {
	end := time.Now().Add(long)
	for n := 1; ; n++ {
		err := attempt()
		var f *fault
		if !errors.As(err, &f) {
			return err
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if !f.again || time.Now().After(end) {
			return e.explain(f, n)
		}
		select {
		case <-time.After(f.pause(n)):
		case <-ctx.Done():
			return ctx.Err()
		case <-closing:
			return kv.ErrClosed
		}
	}
}

// pause is a random time to wait after the nth attempt.
func (f *fault) pause(n int) time.Duration {
	limits := afterLoss
	if f.soon {
		limits = afterConflict
	}
	most := min(limits[0]<<min(n-1, 10), limits[1])
	return rand.N(most) + 1
}

// explain is the error for the caller, without secrets.
func (e *Engine) explain(f *fault, attempts int) error {
	text := e.redact(f.cause)
	switch {
	case !f.again:
		return fmt.Errorf("PostgreSQL at %s: %s", e.where, text)
	case f.soon:
		return fmt.Errorf("PostgreSQL at %s: other updates were faster %d times: %s", e.where, attempts, text)
	}
	return fmt.Errorf("PostgreSQL at %s does not answer, after %d attempts: %s", e.where, attempts, text)
}

// redact is an error's text on one line and without the password.
func (e *Engine) redact(err error) string { return redact(err, e.secret) }

func redact(err error, secret string) string {
	text := strings.Join(strings.Fields(err.Error()), " ")
	if secret != "" {
		text = strings.ReplaceAll(text, secret, "***")
	}
	return text
}
