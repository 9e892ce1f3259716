package desk

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"newsdigest/digest"
)

// look lets the alarm look every fifteen seconds, as Run does, and sends what comes of it.
func (w *world) look(d time.Duration) {
	w.t.Helper()
	for end := w.now.Add(d); w.now.Before(end); {
		if _, err := w.Alarm(w.t.Context(), w.now); err != nil && !errors.Is(err, errDead) {
			w.t.Fatal(err)
		}
		if w.walk(alarmEvery) != nil {
			return
		}
	}
}

// alarmed gives the world two operators, a store with a disk, and platforms that listen.
func (w *world) alarmed(s *Storage) {
	w.operators = []string{"telegram:90", "discord:91"}
	w.SetStorage(func() Storage { return *s })
	w.Listening(digest.Telegram, true, w.now)
	w.Listening(digest.Discord, true, w.now)
	w.Connected(digest.Telegram, nil, w.now)
	w.Connected(digest.Discord, nil, w.now)
}

// problems are the notices that arrived, by platform.
func problems(m []message) string {
	var out []string
	for _, x := range m {
		if strings.Contains(x.text, "problem") {
			out = append(out, fmt.Sprint(x.to.Channel))
		}
	}
	return strings.Join(out, " ")
}

// A platform that is away is told of once, where the operators are reached, and once when
// it is back, through restarts; a short cut is not told of.
func TestPlatformDown(t *testing.T) {
	w := newWorld(t)
	s := Storage{}
	w.alarmed(&s)
	away := errors.New("connection refused")
	w.Connected(digest.Telegram, away, w.now)
	w.look(awayFor - time.Minute)
	w.Connected(digest.Telegram, nil, w.now)
	w.look(awayFor)
	if n := len(w.telegram.messages()) + len(w.discord.messages()); n != 0 {
		t.Fatalf("%d messages for a short cut", n)
	}
	w.Connected(digest.Telegram, away, w.now)
	w.look(3 * awayFor)
	if got := problems(w.discord.messages()); got != "dm91" || len(w.telegram.messages()) > 0 {
		t.Fatalf("on discord to %q, on telegram %+v", got, w.telegram.messages())
	}
	w.live()
	w.alarmed(&s)
	w.Connected(digest.Telegram, away, w.now)
	w.look(3 * awayFor)
	if got := problems(w.discord.messages()); got != "dm91" {
		t.Fatalf("after a restart to %q", got)
	}
	w.Connected(digest.Telegram, nil, w.now)
	w.look(2 * calmFor)
	w.live()
	w.alarmed(&s)
	w.look(2 * calmFor)
	if got := problems(w.discord.messages()); got != "dm91 dm91" {
		t.Errorf("in the end to %q", got)
	}
	if st, err := w.Status(t.Context(), w.now); err != nil || !st.Healthy() {
		t.Errorf("%+v, %v", st.Problems, err)
	}
}

// A refused token is told of at once.
func TestPlatformRefused(t *testing.T) {
	w := newWorld(t)
	s := Storage{}
	w.alarmed(&s)
	w.Refused(digest.Discord, errors.New("the token is not valid"), w.now)
	w.look(alarmEvery)
	if got := problems(w.telegram.messages()); got != "90" || len(w.discord.messages()) > 0 {
		t.Errorf("on telegram to %q", got)
	}
}

// Sends that fail though the platform seems to be connected are an outage too; a limit that
// is to be waited for is none.
func TestSendsFail(t *testing.T) {
	w := newWorld(t)
	s := Storage{}
	w.alarmed(&s)
	c := w.meet(private)
	fault := digest.NotSent
	w.telegram.fate = func(int, digest.Address, digest.Attempt) (bool, error) {
		if fault == "" {
			return true, nil
		}
		return false, sendError(fault)
	}
	if err := w.notify(t.Context(), c, digest.Notice{Key: "x", Kind: digest.SourceNotice, At: w.now}); err != nil {
		t.Fatal(err)
	}
	w.look(awayFor + time.Minute)
	if got := problems(w.discord.messages()); got != "dm91" {
		t.Fatalf("to %q", got)
	}
	fault = ""
	w.look(outageLife + 2*calmFor)
	if got := problems(w.discord.messages()); got != "dm91 dm91" {
		t.Errorf("in the end to %q", got)
	}
}

// The disk and backups are told of to every operator, each event once.
func TestMachine(t *testing.T) {
	w := newWorld(t)
	s := Storage{Disk: 100 << 30, Free: 50 << 30}
	w.alarmed(&s)
	w.look(time.Minute)
	for event, c := range []struct {
		change func()
		all    int // events told so far
	}{
		{func() { s.Free = 100 << 20 }, 1},
		{func() { s.Free = leastRoom + 1 }, 1}, // still too near
		{func() { s.Free = 2 * leastRoom }, 2},
		{func() { s.BackupProblem = "no such folder" }, 3},
		{func() { s.BackupProblem = "no such folder either" }, 3},
		{func() { s.BackupProblem = "" }, 4},
		{func() { s.Bytes, s.Free = 20<<30, 19<<30 }, 5}, // no room for a copy
	} {
		c.change()
		w.look(2 * calmFor)
		tg, dc := problems(w.telegram.messages()), problems(w.discord.messages())
		if want := strings.TrimSpace(strings.Repeat("90 ", c.all)); tg != want || len(strings.Fields(dc)) != c.all {
			t.Errorf("event %d: to %q and %q", event, tg, dc)
		}
	}
}

// Feeds that all fail are the machine's own network; one of many is nobody's business.
func TestFeedsFailAtOnce(t *testing.T) {
	w := newWorld(t)
	s := Storage{}
	w.alarmed(&s)
	w.meet(private)
	for i := range 20 {
		w.meter.polled(i%4 > 0, w.now)
	}
	w.look(time.Minute)
	if got := problems(w.telegram.messages()); got != "" {
		t.Fatalf("told of a quarter: %q", got)
	}
	for range answersKept {
		w.meter.polled(false, w.now)
	}
	w.look(time.Minute)
	for range answersKept {
		w.meter.polled(true, w.now)
	}
	w.look(2 * calmFor)
	if got := problems(w.telegram.messages()); got != "90 90" {
		t.Errorf("to %q", got)
	}
}

// However the program is killed, an operator hears once of what has begun.
func TestAlarmUnderKill(t *testing.T) {
	for kill := range int64(8) {
		w := newWorld(t)
		s := Storage{BackupProblem: "the folder is gone"}
		w.alarmed(&s)
		w.operators = w.operators[1:] // where no message comes twice
		w.engine.left.Store(kill)
		w.look(time.Minute)
		w.live()
		w.alarmed(&s)
		w.operators = w.operators[1:] // where no message comes twice
		w.look(time.Minute)
		if got := problems(w.discord.messages()); got != "dm91" {
			t.Errorf("killed after %d writes: to %q", kill, got)
		}
	}
}

// A store that takes no writes keeps nobody from being told.
func TestDistress(t *testing.T) {
	w := newWorld(t)
	s := Storage{}
	w.alarmed(&s)
	w.engine.left.Store(0)
	if err := w.Distress(t.Context(), digest.Problem{Kind: digest.StoreLost, Since: w.now}, w.now); err != nil {
		t.Fatal(err)
	}
	if tg, dc := problems(w.telegram.messages()), problems(w.discord.messages()); tg != "90" || dc != "dm91" {
		t.Errorf("to %q and %q", tg, dc)
	}
}
