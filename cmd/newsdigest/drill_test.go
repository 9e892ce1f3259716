package main

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"newsdigest/bot/bottest/fakediscord"
	"newsdigest/bot/bottest/faketelegram"
	"newsdigest/bot/desk"
	"newsdigest/digest"
	"newsdigest/digest/catalog"
	"newsdigest/digest/fetch"
)

// The operators of the drill.
const (
	telegramOperator = 900900900
	discordOperator  = "910910910"
	firstReader      = 1000
	readers          = 20
)

// drill is the whole bot between two platforms and outlets on loopback, all of which fail
// on demand. Its time is virtual, what goes over the network is real.
type drill struct {
	t        *testing.T
	h        *house
	telegram *faketelegram.Server
	discord  *fakediscord.Server
	watch    *httptest.Server // for those who watch
	offset   atomic.Int64     // of the drill's clock
	sick     atomic.Bool      // the outlets
	full     atomic.Bool      // the disk
	people   int64
}

func (d *drill) now() time.Time { return time.Now().Add(time.Duration(d.offset.Load())) }

func newDrill(t *testing.T) *drill {
	d := &drill{t: t, telegram: faketelegram.New(t, faketelegram.Options{})}
	var err error
	if d.discord, err = fakediscord.Start(fakediscord.Options{}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(d.discord.Close)
	sample, err := catalog.NewSample(time.Now())
	if err != nil {
		t.Fatal(err)
	}
	news := sample.Handler(d.now)
	outlets := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if d.sick.Load() {
			http.Error(w, "out of order", http.StatusServiceUnavailable)
			return
		}
		news.ServeHTTP(w, r)
	}))
	t.Cleanup(outlets.Close)
	dial := map[string]string{}
	for _, host := range sample.Hosts() {
		dial[host] = outlets.Listener.Addr().String()
	}
	cfg := config{Access: "open", Store: filepath.Join(t.TempDir(), "db"), Backups: filepath.Join(t.TempDir(), "backups"),
		TelegramToken: d.telegram.Token(), TelegramURL: d.telegram.URL(), DiscordToken: d.discord.Token(), DiscordURL: d.discord.URL(),
		Operators: []string{fmt.Sprint("telegram:", telegramOperator), "discord:" + discordOperator}}
	ctx, stop := context.WithCancel(t.Context())
	log := slog.New(slog.DiscardHandler)
	d.h, err = build(ctx, cfg, log, plan{file: cfg.Store, starter: sample.Sources(), fetch: fetch.Options{Dial: dial},
		every: desk.Options{PollEvery: 15 * time.Minute}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { stop(); d.h.bot.Wait(); d.h.close() })
	d.h.desk.SetStorage(d.storage)
	d.watch = httptest.NewServer(observatory(d.h.desk, d.now, false))
	t.Cleanup(d.watch.Close)
	d.connect(ctx, cfg, log)
	d.starts(telegramOperator)
	return d
}

// connect lets both platforms listen, and waits until they are there.
func (d *drill) connect(ctx context.Context, cfg config, log *slog.Logger) {
	running, err := platforms(cfg, log, func(p digest.Platform, err error) { d.h.desk.Connected(p, err, d.now()) })
	if err != nil {
		d.t.Fatal(err)
	}
	for name, pf := range running {
		d.h.bot.Add(name, pf.talker)
		d.h.desk.SetMessenger(name, pf.talker, desk.Rate{})
		d.h.desk.Listening(name, true, d.now())
		go func() {
			if err := pf.Listen(ctx, d.h.bot); err != nil {
				d.h.desk.Refused(name, err, d.now())
			}
		}()
	}
	d.until("both platforms", func(s desk.Status) bool { return s.Platforms[0].Up && s.Platforms[1].Up })
}

func (d *drill) storage() desk.Storage {
	s := d.h.storage()
	if s.Free = 50 << 30; d.full.Load() {
		s.Free = 100 << 20
	}
	s.Disk = 100 << 30
	return s
}

// until waits for a status; the network takes its own time.
func (d *drill) until(what string, ok func(desk.Status) bool) {
	d.t.Helper()
	for end := time.Now().Add(30 * time.Second); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		s, err := d.h.desk.Status(d.t.Context(), d.now())
		if err != nil {
			d.t.Fatal(err)
		}
		if ok(s) {
			return
		}
	}
	d.t.Fatalf("%s: not in time", what)
}

// pass lets the bot do what it does in this time, as fast as it can.
func (d *drill) pass(span time.Duration) {
	d.t.Helper()
	const looks = 20
	for range looks {
		d.offset.Add(int64(span / looks))
		now := d.now()
		_, err := d.h.desk.Alarm(d.t.Context(), now)
		if err := errors.Join(err, d.h.desk.Walk(d.t.Context(), now, now, func(time.Time) {})); err != nil {
			d.t.Fatal(err)
		}
	}
}

// metrics are those of the bot as a scrape finds them: name and labels, and the value.
func (d *drill) metrics() map[string]float64 {
	d.t.Helper()
	resp, err := http.Get(d.watch.URL + "/metrics")
	if err != nil {
		d.t.Fatal(err)
	}
	defer resp.Body.Close()
	var body bytes.Buffer
	if _, err := body.ReadFrom(resp.Body); err != nil || resp.StatusCode != http.StatusOK {
		d.t.Fatal(resp.Status, err)
	}
	out := map[string]float64{}
	for line := range strings.Lines(body.String()) {
		line = strings.TrimSpace(line)
		at := strings.LastIndexByte(line, ' ')
		if v, err := strconv.ParseFloat(line[at+1:], 64); err == nil && at > 0 {
			out[line[:at]] = v
		}
	}
	return out
}

// told is how often the operators got a message with these words.
func (d *drill) told(words string) (n heard) {
	for _, m := range d.telegram.Messages(telegramOperator) {
		n.telegram += strings.Count(m.Text, words)
	}
	for _, m := range d.discord.FromBot(d.discord.DM(discordOperator)) {
		n.discord += strings.Count(m.Text(), words)
	}
	return n
}

// heard is how often something was told on each platform.
type heard struct{ telegram, discord int }

// starts makes somebody talk to the bot on Telegram, which it may not do first.
func (d *drill) starts(id int64) {
	d.t.Helper()
	d.telegram.AddUser(faketelegram.User{ID: id, FirstName: "Reader"})
	d.telegram.Say(id, id, "/start")
	ctx, cancel := context.WithTimeout(d.t.Context(), 20*time.Second)
	defer cancel()
	if err := d.telegram.Wait(ctx, func(l *faketelegram.Ledger) bool { return len(l.Messages(id)) > 0 }); err != nil {
		d.t.Fatal(err)
	}
}

// order makes so many new people on a platform get a digest in two minutes.
func (d *drill) order(p digest.Platform, people int) {
	d.t.Helper()
	at := d.now().UTC().Truncate(time.Minute).Add(2 * time.Minute)
	for range people {
		id := firstReader + d.people
		d.people++
		to := digest.Address{Platform: p, Channel: fmt.Sprint(id)}
		if p == digest.Discord {
			to = digest.Address{Platform: p, User: fmt.Sprint(id)}
		}
		c, err := d.h.desk.Meet(d.t.Context(), to, "en", "en", d.now())
		if err != nil {
			d.t.Fatal(err)
		}
		_, _, err = d.h.desk.Subscribe(d.t.Context(), c.ID, digest.Subscription{
			Schedule: digest.Schedule{Days: digest.EveryDay, Times: []int{at.Hour()*60 + at.Minute()}, Zone: "UTC"}}, d.now())
		if err != nil {
			d.t.Fatal(err)
		}
	}
}

// incident is something that goes wrong.
type incident struct {
	name     string
	happens  func()
	over     func()              // nil: it is over by itself
	lasts    time.Duration       // 0 = twenty minutes
	says     string              // what operators are told, empty if it is no business of theirs
	after    string              // what they are told when it is over
	platform digest.Platform     // where they are not told: it is the one that is away
	moves    map[string]movement // metrics
}

// movement is how a metric goes: it rises for good, or it is something else while it lasts.
type movement int

const (
	rises movement = iota
	differs
)

// TestDrill lets everything go wrong that operators are told of: each is told once when it
// begins and once when it is over, and the metrics show it. Its table is printed with -v.
func TestDrill(t *testing.T) {
	d := newDrill(t)
	for id := range int64(readers) {
		d.starts(firstReader + id) // while the bot's answers and its digests go by one clock
	}
	d.order(digest.Telegram, 1)
	d.pass(5 * time.Minute)
	rows := [][]string{{"what goes wrong", "operators are told", "over", "metrics: before, during, after"}}
	for _, in := range d.incidents() {
		rows = append(rows, d.goThrough(in))
	}
	t.Log("\n" + table(rows))
	if v := append(d.telegram.Violations(), d.discord.Violations()...); len(v) > 0 {
		t.Error(v)
	}
}

// goThrough lets one thing go wrong, checks what comes of it, and returns its row.
func (d *drill) goThrough(in incident) []string {
	d.t.Helper()
	row := []string{in.name, "–", "–", ""}
	lasts := cmp.Or(in.lasts, 20*time.Minute)
	calm, said, saidOver := d.metrics(), d.told(in.says), d.told(in.after)
	in.happens()
	d.pass(lasts)
	during := d.metrics()
	if in.says != "" {
		row[1] = d.toldOnce(in, in.says, said)
	}
	if in.over != nil {
		in.over()
		d.pass(lasts)
		row[2] = d.toldOnce(in, in.after, saidOver)
	}
	after := d.metrics()
	for name, how := range in.moves {
		was, then, is := calm[name], during[name], after[name]
		if how == rises && is <= was || how == differs && (then == was || in.over != nil && is != was) {
			d.t.Errorf("%s: %s was %g, then %g, is %g", in.name, name, was, then, is)
		}
		row[3] += fmt.Sprintf("%s %g, %g, %g; ", strings.TrimPrefix(name, "newsdigest_"), was, then, is)
	}
	row[3] = strings.TrimSuffix(row[3], "; ")
	return row
}

// toldOnce checks that each operator who can be reached was told these words once, and says
// where.
func (d *drill) toldOnce(in incident, words string, before heard) string {
	d.t.Helper()
	all := d.told(words)
	got := heard{all.telegram - before.telegram, all.discord - before.discord}
	want := map[digest.Platform]heard{digest.Telegram: {0, 1}, digest.Discord: {1, 0}, "": {1, 1}}[in.platform]
	if got != want {
		d.t.Errorf("%s: %q told so often: %+v, want %+v", in.name, words, got, want)
	}
	return fmt.Sprintf("“%s”: telegram %d, discord %d", words, got.telegram, got.discord)
}

// problem is the metric of a kind of problem.
func problem(k digest.ProblemKind) string { return fmt.Sprintf("newsdigest_problem{kind=%q}", k) }

// incidents are what goes wrong, in this order; the last one cannot be mended while the
// program runs.
func (d *drill) incidents() []incident {
	const ofTelegram, ofDiscord = `{platform="telegram"}`, `{platform="discord"}`
	backups := d.h.cfg.Backups
	return []incident{
		{name: "Telegram is away", happens: d.away, over: d.back, platform: digest.Telegram,
			says: "Telegram has not been reached", after: "Telegram is reached again",
			moves: map[string]movement{"newsdigest_platform_up" + ofTelegram: differs, problem(digest.PlatformDown): differs}},
		{name: "429 ten times", happens: func() {
			d.order(digest.Telegram, 6)
			flood := faketelegram.Flood("sendMessage", 2)
			flood.Times = 10
			d.telegram.Fail(flood)
		}, moves: map[string]movement{`newsdigest_send_failures_total{fault="not sent",platform="telegram"}`: rises,
			`newsdigest_deliveries_total{platform="telegram",state="sent"}`: rises, "newsdigest_delivery_lateness_seconds_count": rises,
			"newsdigest_compose_duration_seconds_count": rises}},
		{name: "an answer of Telegram is lost", happens: func() {
			d.order(digest.Telegram, 1)
			d.telegram.Fail(faketelegram.Fault{Method: "sendMessage", Accept: true, Action: faketelegram.Drop})
		}, moves: map[string]movement{`newsdigest_ambiguous_total{platform="telegram",resolution="repeated"}`: rises,
			"newsdigest_possible_duplicates_total" + ofTelegram: rises, "newsdigest_send_retries_total" + ofTelegram: rises}},
		{name: "an answer of Discord is lost", happens: func() {
			d.discord.Fail(fakediscord.Fault{Route: fakediscord.RouteSend, Accept: true, Drop: true})
			d.order(digest.Discord, 1)
		}, moves: map[string]movement{`newsdigest_ambiguous_total{platform="discord",resolution="confirmed"}`: rises,
			"newsdigest_send_retries_total" + ofDiscord: rises}},
		{name: "Telegram is slow", happens: func() {
			d.order(digest.Telegram, 2)
			d.telegram.Fail(faketelegram.Fault{Method: "sendMessage", Delay: 300 * time.Millisecond, Times: 2})
		}, moves: map[string]movement{"newsdigest_send_duration_seconds_sum": rises}},
		{name: "feeds fail", happens: func() { d.sick.Store(true) }, over: func() { d.sick.Store(false) }, lasts: 8 * time.Hour,
			says: "Most feeds fail at once", after: "Feeds answer again",
			moves: map[string]movement{`newsdigest_feeds{health="failing"}`: differs, `newsdigest_polls_total{result="failed"}`: rises,
				problem(digest.FeedsFailing): differs, "newsdigest_poll_duration_seconds_count": rises}},
		{name: "the backups' folder is gone", happens: func() {
			d.backUp(filepath.Join(d.h.cfg.Store, "no folder"))
		}, over: func() { d.backUp(backups) }, says: "The last backup was not written", after: "Backups are written again",
			moves: map[string]movement{problem(digest.BackupFailed): differs, "newsdigest_last_backup_timestamp_seconds": rises}},
		{name: "the disk is full", happens: func() { d.full.Store(true) }, over: func() { d.full.Store(false) },
			says: "The disk with the store is nearly full", after: "The disk has room again",
			moves: map[string]movement{problem(digest.DiskFull): differs, "newsdigest_store_disk_free_bytes": differs}},
		{name: "the machine slept half an hour", happens: d.sleep, over: func() {}, says: "6 digests are more than ten minutes late",
			after: "Digests are on time again", moves: map[string]movement{`newsdigest_delivery_lateness_seconds_bucket{le="3600"}`: rises}},
		{name: "the store takes no writes", happens: d.h.distress, says: "The store takes no more writes"},
		{name: "Telegram refuses the token", happens: d.revoke, platform: digest.Telegram, says: "Telegram has not been reached since",
			moves: map[string]movement{"newsdigest_platform_up" + ofTelegram: differs, problem(digest.PlatformDown): differs}},
	}
}

// away makes Telegram unreachable, and waits until the bot has noticed.
func (d *drill) away() {
	d.telegram.Down()
	d.until("telegram is missed", func(s desk.Status) bool { return !s.Platforms[1].Up })
}

func (d *drill) back() {
	if err := d.telegram.Up(); err != nil {
		d.t.Fatal(err)
	}
	d.until("telegram is back", func(s desk.Status) bool { return s.Platforms[1].Up })
}

// revoke makes Telegram refuse the token at the bot's next call.
func (d *drill) revoke() {
	d.telegram.Revoke()
	d.telegram.Down() // ends the call that waits
	if err := d.telegram.Up(); err != nil {
		d.t.Fatal(err)
	}
	d.until("the token is refused", func(s desk.Status) bool { return s.Platforms[1].Refused })
}

// backUp makes one scheduled backup.
func (d *drill) backUp(folder string) {
	now := d.now()
	d.h.backups.ended(d.h.backUpOnce(d.t.Context(), folder, now.UTC()), now)
}

// sleep is a machine that sleeps over the time of six digests.
func (d *drill) sleep() {
	d.order(digest.Telegram, 6)
	d.offset.Add(int64(30 * time.Minute))
	if _, err := d.h.desk.Alarm(d.t.Context(), d.now()); err != nil {
		d.t.Fatal(err)
	}
}

// TestObservatory: those who watch get health, metrics that follow the conventions, and
// profiles only on request.
func TestObservatory(t *testing.T) {
	d := newDrill(t)
	get := func(path string) (int, string) {
		resp, err := http.Get(d.watch.URL + path)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		var body bytes.Buffer
		body.ReadFrom(resp.Body)
		return resp.StatusCode, body.String()
	}
	if code, body := get("/readyz"); code != http.StatusServiceUnavailable || !strings.Contains(body, "not read yet") {
		t.Errorf("before anything was read: %d %q", code, body)
	}
	d.pass(time.Minute)
	for _, path := range []string{"/readyz", "/healthz"} {
		if code, body := get(path); code != http.StatusOK || body != "ok\n" {
			t.Errorf("%s: %d %q", path, code, body)
		}
	}
	if code, _ := get("/debug/pprof/"); code != http.StatusNotFound {
		t.Errorf("profiles unasked: %d", code)
	}
	_, metrics := get("/metrics")
	if !strings.Contains(metrics, "# TYPE newsdigest_delivery_lateness_seconds histogram") || !strings.Contains(metrics, "go_goroutines") {
		t.Error(metrics)
	}
	if strings.Contains(metrics, fmt.Sprint(telegramOperator)) || strings.Contains(metrics, ".example") {
		t.Error("people or hosts in the metrics")
	}
	with := httptest.NewServer(observatory(d.h.desk, d.now, true))
	defer with.Close()
	if resp, err := http.Get(with.URL + "/debug/pprof/"); err != nil || resp.StatusCode != http.StatusOK {
		t.Errorf("profiles on request: %v", err)
	} else {
		resp.Body.Close()
	}
}

// TestMetricsDocumented: every metric is in the operators' page of the documentation.
func TestMetricsDocumented(t *testing.T) {
	page, err := os.ReadFile("../../.docs/operate.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range metrics {
		_, rest, _ := strings.Cut(m.String(), `fqName: "newsdigest_`)
		name, _, _ := strings.Cut(rest, `"`)
		if name == "" || !bytes.Contains(page, []byte("`"+name+"`")) {
			t.Errorf("%s is not there", m)
		}
	}
}
