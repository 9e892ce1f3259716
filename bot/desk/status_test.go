package desk

import (
	"errors"
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"newsdigest/digest"
)

// tally is what of a kind was counted, in one line.
func tally(all []Tally) string {
	var out []string
	for _, t := range all {
		out = append(out, strings.TrimSpace(string(t.Platform)+" "+t.What+" "+strings.Repeat("i", int(t.N))))
	}
	return strings.Join(out, ", ")
}

// What happens to digests is counted once, by platform and by what became of it.
func TestStatusCounts(t *testing.T) {
	w := newWorld(t)
	w.sites["a.example"].add(tale("quake", start))
	w.sites["b.example"].set(func(s *site) { s.status = 500 })
	w.daily(w.meet(private), 8)
	w.daily(w.meet(person), 8)
	w.telegram.fate = func(n int, _ digest.Address, _ digest.Attempt) (bool, error) {
		if n == 1 {
			return true, sendError(digest.Unknown)
		}
		return true, nil
	}
	w.discord.fate = func(n int, _ digest.Address, _ digest.Attempt) (bool, error) {
		switch n {
		case 1:
			return false, sendError(digest.NotSent)
		case 2:
			return true, sendError(digest.Unknown)
		}
		return true, nil
	}
	w.walk(2 * time.Hour)
	s, err := w.Status(t.Context(), w.now)
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{
		"deliveries": tally(s.Totals.Deliveries), "faults": tally(s.Totals.Faults), "retries": tally(s.Totals.Retries),
		"ambiguous": tally(s.Totals.Ambiguous), "duplicates": tally(s.Totals.Duplicates),
	}
	want := map[string]string{
		"deliveries": "discord sent i, telegram sent i", "faults": "discord not sent i, discord unknown i, telegram unknown i",
		"retries": "discord  ii, telegram  i", "ambiguous": "discord confirmed i, telegram repeated i", "duplicates": "telegram  i",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if s.Feeds != (Feeds{OK: 1, Failing: 1}) {
		t.Errorf("feeds %+v", s.Feeds)
	}
	if n := s.Totals.Lateness.Count(); n != 2 || s.Totals.Lateness.Quantile(1) > time.Minute {
		t.Errorf("%d digests, the latest within %s", n, s.Totals.Lateness.Quantile(1))
	}
	if s.Totals.Compose.Count() != 2 || s.Totals.Send.Count() != 5 || s.Totals.Poll.Count() == 0 {
		t.Errorf("composed %d, sent %d, polled %d", s.Totals.Compose.Count(), s.Totals.Send.Count(), s.Totals.Poll.Count())
	}
	if len(s.Next) != 2 || s.Late != 0 || len(s.Failures) != 3 || !s.Ready || len(s.Platforms) != 2 {
		t.Errorf("%+v", s)
	}
}

// What waits and what is late is counted, and operators are told once if it is much.
func TestStatusLate(t *testing.T) {
	w := newWorld(t)
	s := Storage{}
	w.alarmed(&s)
	w.sites["a.example"].add(tale("quake", start))
	for i := range lateDigests {
		at := digest.Address{Platform: digest.Telegram, Channel: strings.Repeat("1", i+1)}
		w.daily(w.meet(at), 8)
	}
	w.telegram.fate = func(int, digest.Address, digest.Attempt) (bool, error) { return false, sendError(digest.Shut) }
	w.look(time.Hour + 3*lateAfter)
	st, err := w.Status(t.Context(), w.now)
	if err != nil || st.Late != lateDigests || st.Behind < 2*lateAfter || st.Healthy() {
		t.Errorf("%d late by %s, %+v, %v", st.Late, st.Behind, st.Problems, err)
	}
	if got := problems(w.discord.messages()); got != "dm91 dm91" { // the platform, and that digests are late
		t.Errorf("to %q", got)
	}
}

// A desk is alive while its loops turn and the store takes writes, and ready when it can
// do all of its work.
func TestHealth(t *testing.T) {
	w := newWorld(t)
	ctx := t.Context()
	if err := w.Readiness(w.now); err == nil || !strings.Contains(err.Error(), "not read yet") || !strings.Contains(err.Error(), "no platform") {
		t.Errorf("at first: %v", err)
	}
	w.walk(time.Minute)
	s := Storage{}
	w.alarmed(&s)
	if err := errors.Join(w.Readiness(w.now), w.Alive(ctx, w.now)); err != nil {
		t.Error(err)
	}
	w.Connected(digest.Telegram, errors.New("connection refused"), w.now)
	if err := w.Readiness(w.now); err == nil || !strings.Contains(err.Error(), "telegram is not connected: connection refused") {
		t.Errorf("without telegram: %v", err)
	}
	w.meter.turned(composing, w.now)
	w.now = w.now.Add(stuckAfter + time.Second)
	if err := w.Alive(ctx, w.now); err == nil || !strings.Contains(err.Error(), "compose") {
		t.Errorf("a loop hangs: %v", err)
	}
	w.meter.turned(composing, w.now)
	w.engine.left.Store(0)
	if err := w.Alive(ctx, w.now); !errors.Is(err, errDead) {
		t.Errorf("no writes: %v", err)
	}
	w.engine.left.Store(-1)
	if err := w.Alive(ctx, w.now.Add(pulseEvery)); err != nil {
		t.Errorf("writes again: %v", err)
	}
}

func TestHistogram(t *testing.T) {
	g := newGauge([]time.Duration{time.Second, time.Minute})
	if q := g.read().Quantile(0.5); q != 0 {
		t.Errorf("of nothing: %s", q)
	}
	for _, d := range []time.Duration{-time.Second, time.Second, 2 * time.Second, time.Hour} {
		g.add(d)
	}
	h := g.read()
	if diff := cmp.Diff([]uint64{2, 1, 1}, h.Counts); diff != "" || h.Count() != 4 || h.Sum != time.Hour+3*time.Second {
		t.Errorf("%+v", h)
	}
	if h.Quantile(0.5) != time.Second || h.Quantile(0.75) != time.Minute || h.Quantile(1) != time.Minute {
		t.Errorf("half within %s, three quarters within %s", h.Quantile(0.5), h.Quantile(0.75))
	}
}

// TestStatusOfAll: what any process that shares the store found wrong is in the status of
// each, with its machine, and once.
func TestStatusOfAll(t *testing.T) {
	w := newWorld(t)
	w.process = "south"
	since := w.now.Add(-time.Hour)
	for process, kind := range map[string]digest.ProblemKind{"north": digest.DiskFull, "south": digest.BackupFailed} {
		if err := w.store.SaveProblems(t.Context(), process, []digest.Problem{{Kind: kind, Since: since, Told: true}}); err != nil {
			t.Fatal(err)
		}
	}
	want := map[digest.ProblemKind]string{digest.DiskFull: "north", digest.BackupFailed: "south"}
	for _, when := range []string{"a command beside the bot", "the bot"} {
		s, err := w.Status(t.Context(), w.now)
		if err != nil || s.Process != "south" {
			t.Fatalf("%+v, %v", s, err)
		}
		got := map[digest.ProblemKind]string{}
		for _, p := range s.Problems {
			got[p.Kind] = p.Process
		}
		if len(s.Problems) != 2 || !maps.Equal(got, want) {
			t.Errorf("%s: %+v", when, s.Problems)
		}
		if err := w.alarm.load(t.Context(), w.Desk); err != nil {
			t.Fatal(err)
		}
	}
}

// TestSurveyOfNothing: whoever asks before the first chat comes is not told for a minute that
// there are no feeds.
func TestSurveyOfNothing(t *testing.T) {
	w := newWorld(t)
	feeds := func() Feeds {
		s, err := w.Status(t.Context(), w.now)
		if err != nil {
			t.Fatal(err)
		}
		return s.Feeds
	}
	if got := feeds(); got != (Feeds{}) {
		t.Fatalf("nobody follows anything: %+v", got)
	}
	w.meet(private)
	if got := feeds(); got.Unread == 0 {
		t.Errorf("after the first chat: %+v", got)
	}
}
