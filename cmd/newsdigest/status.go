package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"newsdigest/bot/desk"
	"newsdigest/digest"
	"newsdigest/store/postgres"
)

// The exit codes of status: 0 is healthy.
const (
	exitUnwell  = 1 // something is wrong
	exitStopped = 3 // no bot runs on the store
)

func (p *program) statusCommand() *cobra.Command {
	return &cobra.Command{
		Use: "status", Short: "Tell how the running bot is doing", Args: cobra.NoArgs,
		Long: "Tells whether the bot runs, how its platforms and feeds answer, what comes next, what is late and what failed last.\n" +
			"Exit code 0: it runs and all is well. 1: it runs and something is wrong. 3: it does not run.",
		RunE: func(c *cobra.Command, _ []string) error { return p.status(c.Context()) },
	}
}

// report is a status with what only the program knows.
type report struct {
	Format  int    `json:"format"` // of this report
	Version string `json:"version"`
	Running bool   `json:"running"`
	Healthy bool   `json:"healthy"`
	desk.Status
}

func (p *program) status(ctx context.Context) error {
	if p.running == nil {
		cfg, err := loadConfig(p.flags.env)
		if err != nil {
			return err
		}
		if _, err := os.Stat(cfg.Store); errors.Is(err, fs.ErrNotExist) && !strings.Contains(cfg.Store, "://") {
			return p.report(report{}, cfg.Store) // and none is made by asking
		}
	}
	return p.withHouse(ctx, func(h *house) error {
		h.desk.SetStorage(h.storage)
		s, err := h.desk.Status(ctx, time.Now())
		if err != nil {
			return err
		}
		running := p.running != nil
		if !running && postgres.IsAddress(h.cfg.Store) {
			living, err := h.desk.Living(ctx)
			if err != nil {
				return err
			}
			s.Began, s.Process, s.Processes, running = time.Time{}, "", living, living > 0
		}
		return p.report(report{Running: running, Healthy: running && s.Healthy(), Status: s}, h.engine.where)
	})
}

// report prints a status; the error has its exit code.
func (p *program) report(r report, file string) error {
	r.Format, r.Version = 1, version()
	if p.flags.json {
		if err := p.printJSON(r); err != nil {
			return err
		}
	} else {
		fmt.Fprint(p.out, r.text(file))
	}
	switch {
	case !r.Running:
		return &exitError{code: exitStopped}
	case !r.Healthy:
		return &exitError{code: exitUnwell}
	}
	return nil
}

// text is the report for people, a line for each subject.
func (r report) text(file string) string {
	var b strings.Builder
	line := func(subject, format string, args ...any) {
		fmt.Fprintf(&b, "%-10s %s\n", subject, fmt.Sprintf(format, args...))
	}
	switch {
	case r.Running && r.Began.IsZero() && r.Processes > 1:
		line("newsdigest", "%s, %d processes running on %s", r.Version, r.Processes, file)
	case r.Running && r.Began.IsZero():
		line("newsdigest", "%s, running on %s", r.Version, file)
	case r.Running:
		line("newsdigest", "%s, running for %s", r.Version, span(r.At.Sub(r.Began)))
	default:
		line("newsdigest", "%s, not running on %s", r.Version, file)
	}
	if r.At.IsZero() {
		return b.String()
	}
	for _, s := range r.Platforms {
		line(string(s.Platform), "%s", platformWords(s, r.At))
	}
	line("next", "%s", r.next())
	line("late", "%s", r.late())
	line("queue", "%s", r.queue())
	line("feeds", "%d ok, %d failing, %d paused, %d not read yet", r.Feeds.OK, r.Feeds.Failing, r.Feeds.Paused, r.Feeds.Unread)
	line("store", "%s", r.store())
	line("backup", "%s", r.backup())
	for _, f := range r.Failures[:min(len(r.Failures), failuresPrinted)] {
		line("failed", "%s ago: %s", span(r.At.Sub(f.At)), failureWords(f))
	}
	for _, pr := range r.Problems {
		line("problem", "%s", problemWords(pr, r.At))
	}
	return b.String()
}

// failuresPrinted is how many of the last failures people are shown.
const failuresPrinted = 5

// span is a length of time in words of one or two units.
func span(d time.Duration) string {
	switch d = d.Round(time.Second); {
	case d < time.Minute:
		return fmt.Sprintf("%d s", int(d.Seconds()))
	case d < time.Hour:
		return fmt.Sprintf("%d min", int(d.Minutes()))
	case d < 24*time.Hour:
		return fmt.Sprintf("%d h %d min", int(d.Hours()), int(d.Minutes())%60)
	}
	return fmt.Sprintf("%d days %d h", int(d.Hours())/24, int(d.Hours())%24)
}

func platformWords(s desk.PlatformStatus, now time.Time) string {
	switch {
	case s.Refused:
		return "refuses the bot: " + s.Problem
	case !s.Listens:
		return "is not listened to by this process"
	case !s.Up && s.Problem == "":
		return "connecting"
	case !s.Up:
		return fmt.Sprintf("not reached for %s: %s", span(now.Sub(s.Since)), s.Problem)
	case !s.SendsFail.IsZero():
		return fmt.Sprintf("connected, but messages fail for %s: %s", span(now.Sub(s.SendsFail)), s.SendProblem)
	}
	return "connected for " + span(now.Sub(s.Since))
}

func (r report) next() string {
	if len(r.Next) == 0 {
		return "no digest is ordered"
	}
	first := r.Next[0]
	return fmt.Sprintf("%s, in %s", first.At.Local().Format("Mon 15:04"), span(first.At.Sub(r.At)))
}

func (r report) late() string {
	if r.Late == 0 {
		return "nothing"
	}
	return fmt.Sprintf("%d digests; the longest due waits for %s", r.Late, span(r.Behind))
}

func (r report) queue() string {
	q := r.Queues
	if q == (desk.Queues{}) {
		return "nothing waits"
	}
	return fmt.Sprintf("%d digests to compose, %d to send, %d being sent; %d articles to read; %d requests to answer",
		q.Subscriptions, q.Deliveries, q.Sending, q.Articles, q.Requests)
}

func (r report) store() string {
	switch {
	case r.Storage.Bytes == 0:
		return "on a server"
	case r.Storage.Disk == 0:
		return bytesIn(r.Storage.Bytes)
	}
	return fmt.Sprintf("%s, %s free on the disk", bytesIn(r.Storage.Bytes), bytesIn(r.Storage.Free))
}

func (r report) backup() string {
	switch s := r.Storage; {
	case s.BackupProblem != "":
		return "FAILED: " + s.BackupProblem
	case !s.LastBackup.IsZero():
		return span(r.At.Sub(s.LastBackup)) + " ago"
	case s.Backups:
		return "none yet"
	case s.Bytes == 0:
		return "by the server's own tools"
	}
	return "none; NEWSDIGEST_BACKUPS names a folder for them"
}

func failureWords(f desk.Failure) string {
	what := f.What
	if f.Platform != "" {
		what += " to " + string(f.Platform)
	}
	if f.Delivery != "" {
		what += ", delivery " + string(f.Delivery)
	}
	return what + ": " + f.Reason
}

func problemWords(p digest.Problem, now time.Time) string {
	what := map[digest.ProblemKind]string{
		digest.PlatformDown: "%s is not reached", digest.BackupFailed: "no backup is written", digest.DigestsLate: "digests are late",
		digest.DiskFull: "the disk is nearly full", digest.FeedsFailing: "most feeds do not answer", digest.StoreLost: "the store takes no writes",
	}[p.Kind]
	if p.Platform != "" {
		what = fmt.Sprintf(what, p.Platform)
	}
	if p.Count > 0 {
		what += fmt.Sprintf(" (%d)", p.Count)
	}
	if p.Process != "" {
		what = p.Process + ": " + what
	}
	if p.Detail != "" {
		what += ": " + p.Detail
	}
	return what + ", for " + span(now.Sub(p.Since))
}
