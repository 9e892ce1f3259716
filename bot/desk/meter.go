package desk

import (
	"cmp"
	"slices"
	"strings"
	"sync"
	"time"

	"newsdigest/digest"
)

// Tally is how often something happened on a platform; Platform is empty for what has to
// do with none.
type Tally struct {
	Platform digest.Platform `json:"platform,omitempty"`
	What     string          `json:"what"` // one of a few words
	N        uint64          `json:"n"`
}

// Totals are what this process has counted since it began.
type Totals struct {
	Deliveries []Tally `json:"deliveries,omitempty"` // that ended, by state
	Faults     []Tally `json:"faults,omitempty"`     // of sends, by fault
	Retries    []Tally `json:"retries,omitempty"`    // sends that were not a page's first
	// Ambiguous are pages that may or may not have arrived, by what was found out:
	// confirmed, absent, repeated (sent once more, marked) or unsure for good.
	Ambiguous  []Tally `json:"ambiguous,omitempty"`
	Duplicates []Tally `json:"possible_duplicates,omitempty"`
	Polls      []Tally `json:"polls,omitempty"` // ok or failed

	Lateness Histogram `json:"lateness"` // of digests behind their slots, when their first page arrived
	Poll     Histogram `json:"poll"`     // of one source
	Compose  Histogram `json:"compose"`  // of one digest
	Send     Histogram `json:"send"`     // of one message
}

// What became of ambiguous pages.
const (
	confirmed = "confirmed"
	absent    = "absent"
	repeated  = "repeated"
	unsure    = "unsure"
)

// Failure is something that went wrong, for the operator.
type Failure struct {
	At       time.Time         `json:"at"`
	What     string            `json:"what"` // send, poll, a step, backup ...
	Platform digest.Platform   `json:"platform,omitempty"`
	Delivery digest.DeliveryID `json:"delivery,omitempty"`
	Reason   string            `json:"reason"` // no secrets, no text of messages
}

// failuresKept is how many of the last failures are kept in mind.
const failuresKept = 20

// Connection is how a platform is reached.
type Connection struct {
	Up bool `json:"up"`
	// Since is when it last changed.
	Since   time.Time `json:"since,omitzero"`
	Problem string    `json:"problem,omitempty"` // why it is down
	// Refused says that the platform does not take the token: nobody tries again.
	Refused bool `json:"refused,omitempty"`
}

// outage is since when every send to a platform fails for reasons of the platform, and
// when the last one did.
type outage struct {
	since, last time.Time
	problem     string
}

// outageLife is how long after the last send that failed an outage is still one: whatever
// waits for another attempt has made it by then.
const outageLife = digest.LongestDelay + digest.LongestDelay/2

// meter counts what the desk does. It is in memory only: what has to outlive the process
// is in the store.
type meter struct {
	began                         time.Time
	lateness, poll, compose, send *gauge

	mu          sync.Mutex
	tallies     map[string]map[Tally]uint64 // by kind; N is 0 in the keys
	connections map[digest.Platform]Connection
	outages     map[digest.Platform]outage
	failures    []Failure            // the last ones, oldest first
	turns       map[string]time.Time // by step: when its loop last turned
	answers     []answer             // of the last polls, oldest first
}

// answer is how a poll ended.
type answer struct {
	at time.Time
	ok bool
}

// answersKept is of how many polls it is kept in mind how they ended.
const answersKept = 100

func newMeter(now time.Time) *meter {
	return &meter{
		began:    now,
		lateness: newGauge(latenessBounds), poll: newGauge(workBounds), compose: newGauge(workBounds), send: newGauge(workBounds),
		tallies: map[string]map[Tally]uint64{}, connections: map[digest.Platform]Connection{},
		outages: map[digest.Platform]outage{}, turns: map[string]time.Time{},
	}
}

// The kinds of tally.
const (
	deliveriesTally = "deliveries"
	faultsTally     = "faults"
	retriesTally    = "retries"
	ambiguousTally  = "ambiguous"
	duplicatesTally = "duplicates"
	pollsTally      = "polls"
)

// countLocked counts one more; mu is held.
func (m *meter) countLocked(kind string, p digest.Platform, what string) {
	if m.tallies[kind] == nil {
		m.tallies[kind] = map[Tally]uint64{}
	}
	m.tallies[kind][Tally{Platform: p, What: what}]++
}

// totals is what was counted so far.
func (m *meter) totals() Totals {
	m.mu.Lock()
	defer m.mu.Unlock()
	return Totals{
		Deliveries: m.read(deliveriesTally), Faults: m.read(faultsTally), Retries: m.read(retriesTally),
		Ambiguous: m.read(ambiguousTally), Duplicates: m.read(duplicatesTally), Polls: m.read(pollsTally),
		Lateness: m.lateness.read(), Poll: m.poll.read(), Compose: m.compose.read(), Send: m.send.read(),
	}
}

func (m *meter) read(kind string) []Tally {
	var out []Tally
	for t, n := range m.tallies[kind] {
		t.N = n
		out = append(out, t)
	}
	slices.SortFunc(out, func(a, b Tally) int {
		return cmp.Or(strings.Compare(string(a.Platform), string(b.Platform)), strings.Compare(a.What, b.What))
	})
	return out
}

// failed keeps a failure in mind.
func (m *meter) failed(f Failure) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.failures) == failuresKept {
		m.failures = m.failures[1:]
	}
	m.failures = append(m.failures, f)
}

// turned notes that the loop of a step goes round.
func (m *meter) turned(step string, now time.Time) {
	m.mu.Lock()
	m.turns[step] = now
	m.mu.Unlock()
}

// polled notes whether a source answered.
func (m *meter) polled(ok bool, now time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	what := "ok"
	if !ok {
		what = "failed"
	}
	m.countLocked(pollsTally, "", what)
	if len(m.answers) == answersKept {
		m.answers = m.answers[1:]
	}
	m.answers = append(m.answers, answer{now, ok})
}

// filed notes a delivery that ended as it was filed, unless it was there already.
func (m *meter) filed(fresh bool, d digest.Delivery) {
	if fresh {
		m.settled(d)
	}
}

// settled notes that a delivery has ended.
func (m *meter) settled(d digest.Delivery) {
	if !d.State.Final() {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.countLocked(deliveriesTally, d.Platform, string(d.State))
	for _, p := range d.Pages {
		if p.State == digest.Unsure {
			m.countLocked(ambiguousTally, d.Platform, unsure)
		}
	}
}

// sent notes how an attempt on a delivery's current page ended: before is the delivery as
// it was when the attempt was begun.
func (m *meter) sent(before digest.Delivery, o digest.Outcome, took time.Duration, now time.Time) {
	page, n := before.Pages[before.Current()], before.Current()
	m.send.add(took)
	if o.Fault == "" && n == 0 && !before.IsNotice() {
		m.lateness.add(now.Sub(before.Slot.At))
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	p := before.Platform
	m.reached(p, o, now)
	if page.Attempts > 1 {
		m.countLocked(retriesTally, p, "")
	}
	if o.Fault != "" {
		m.countLocked(faultsTally, p, string(o.Fault))
	}
	if !page.Unclear {
		return
	}
	again := !o.Finds && (o.Fault == "" || o.Fault == digest.Unknown)
	switch {
	case o.Absent:
		m.countLocked(ambiguousTally, p, absent)
	case again:
		m.countLocked(duplicatesTally, p, "")
	}
	switch {
	case o.Fault != "":
	case again:
		m.countLocked(ambiguousTally, p, repeated)
	default:
		m.countLocked(ambiguousTally, p, confirmed)
	}
}

// reached notes whether the platform could be reached for a send. It is called with mu
// held.
func (m *meter) reached(p digest.Platform, o digest.Outcome, now time.Time) {
	away := o.Fault == digest.Unknown || o.Fault == digest.Shut || o.Fault == digest.NotSent && o.RetryAfter == 0 && !o.Absent
	if !away {
		delete(m.outages, p)
		return
	}
	was := m.outages[p]
	if was.problem == "" || now.Sub(was.last) > outageLife {
		was = outage{since: now, problem: o.Reason}
	}
	was.last = now
	m.outages[p] = was
}

// connected notes how a platform is reached.
func (m *meter) connected(p digest.Platform, c Connection) {
	m.mu.Lock()
	defer m.mu.Unlock()
	was, known := m.connections[p]
	if known && was.Up == c.Up && was.Refused == c.Refused {
		c.Since = was.Since
	}
	m.connections[p] = c
	if c.Up && (!known || !was.Up) {
		delete(m.outages, p) // the next send will tell
	}
}

// firstLine is what an error says without the stack of a panic.
func firstLine(err error) string {
	line, _, _ := strings.Cut(err.Error(), "\n")
	return line
}

// Resolutions are what may be found out about ambiguous pages.
var Resolutions = []string{confirmed, absent, repeated, unsure}
