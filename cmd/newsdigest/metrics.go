package main

import (
	"context"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"

	"newsdigest/bot/desk"
	"newsdigest/digest"
)

// The metrics of a running bot. Each is named once, here; TestMetricsDocumented
// holds .docs/operate.md against them. The values of labels are of fixed sets: no chats, no hosts.
var (
	deliveriesMetric = metric("deliveries_total", "Deliveries that ended, by final state.", "platform", "state")
	latenessMetric   = metric("delivery_lateness_seconds", "How long after its slot the first page of a digest arrived.")
	ambiguousMetric  = metric("ambiguous_total", "Pages that may or may not have arrived, by what was found out about them.", "platform", "resolution")
	duplicatesMetric = metric("possible_duplicates_total", "Pages that were sent once more, and may have arrived twice.", "platform")
	faultsMetric     = metric("send_failures_total", "Attempts to send that did not succeed, by fault.", "platform", "fault")
	retriesMetric    = metric("send_retries_total", "Attempts to send that were not the first of their page.", "platform")
	sendMetric       = metric("send_duration_seconds", "How long an attempt to send one message took.")
	pollsMetric      = metric("polls_total", "Polls of feeds that ended.", "result")
	pollMetric       = metric("poll_duration_seconds", "How long the poll of one feed took.")
	composeMetric    = metric("compose_duration_seconds", "How long it took to compose and file one digest.")
	feedsMetric      = metric("feeds", "Feeds that somebody follows, by how they answer.", "health")
	queueMetric      = metric("queue_depth", "What waits for its turn.", "queue")
	lateMetric       = metric("late_digests", "Digests more than ten minutes behind their slot, and not sent.")
	behindMetric     = metric("late_digests_oldest_seconds", "How long the longest due of the late digests waits.")
	nextMetric       = metric("next_digest_timestamp_seconds", "When the next digest is due.")
	platformMetric   = metric("platform_up", "Whether a platform is connected.", "platform")
	problemMetric    = metric("problem", "Whether something is wrong that operators are told of.", "kind")
	storeMetric      = metric("store_bytes", "Size of the store's file.")
	freeMetric       = metric("store_disk_free_bytes", "Room left on the store's disk.")
	backupMetric     = metric("last_backup_timestamp_seconds", "When the last backup was written.")
	turnMetric       = metric("loop_last_turn_timestamp_seconds", "When a loop last looked for something to do.", "step")
	readyMetric      = metric("ready", "Whether the stories of the last days are at hand.")
	versionMetric    = metric("build_info", "The version of this build.", "version")
)

// metrics are all of them, for Describe.
var metrics []*prometheus.Desc

func metric(name, help string, labels ...string) *prometheus.Desc {
	d := prometheus.NewDesc("newsdigest_"+name, help, labels, nil)
	metrics = append(metrics, d)
	return d
}

// statusCollector makes metrics of a desk's status, at each scrape.
type statusCollector struct {
	desk *desk.Desk
	now  func() time.Time
}

// registry has the metrics of the desk, of Go and of the process.
func registry(d *desk.Desk, now func() time.Time) *prometheus.Registry {
	r := prometheus.NewRegistry()
	r.MustRegister(statusCollector{d, now}, collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return r
}

// Describe implements prometheus.Collector.
func (c statusCollector) Describe(out chan<- *prometheus.Desc) {
	for _, d := range metrics {
		out <- d
	}
}

// scrapeTime bounds how long a scrape may read the store.
const scrapeTime = 5 * time.Second

// Collect implements prometheus.Collector.
func (c statusCollector) Collect(out chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), scrapeTime)
	defer cancel()
	s, err := c.desk.Status(ctx, c.now())
	if err != nil {
		out <- prometheus.NewInvalidMetric(readyMetric, err)
		return
	}
	m := sink(out)
	m.gauge(versionMetric, 1, version())
	m.gauge(readyMetric, truth(s.Ready))
	m.sends(s)
	m.news(s)
	m.waiting(s)
	m.machine(s)
}

// sink is where the metrics of one scrape go.
type sink chan<- prometheus.Metric

func (m sink) gauge(d *prometheus.Desc, v float64, labels ...string) {
	m <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, v, labels...)
}

func (m sink) counter(d *prometheus.Desc, n uint64, labels ...string) {
	m <- prometheus.MustNewConstMetric(d, prometheus.CounterValue, float64(n), labels...)
}

// at is a time as a metric; one that is not known is left out.
func (m sink) at(d *prometheus.Desc, t time.Time, labels ...string) {
	if !t.IsZero() {
		m.gauge(d, float64(t.UnixMilli())/1000, labels...)
	}
}

func (m sink) histogram(d *prometheus.Desc, h desk.Histogram) {
	buckets, n := map[float64]uint64{}, uint64(0)
	for i, bound := range h.Bounds {
		n += h.Counts[i]
		buckets[bound.Seconds()] = n
	}
	m <- prometheus.MustNewConstHistogram(d, h.Count(), h.Sum.Seconds(), buckets)
}

// tallies are counters with a platform and one of the words, each of which is there from
// the beginning: a counter that appears with its first event hides that event from rate().
func (m sink) tallies(d *prometheus.Desc, running []digest.Platform, words []string, counted []desk.Tally) {
	n := map[desk.Tally]uint64{}
	for _, t := range counted {
		n[desk.Tally{Platform: t.Platform, What: t.What}] += t.N
	}
	for _, p := range running {
		for _, w := range words {
			labels := []string{string(p), w}
			if w == "" {
				labels = labels[:1]
			}
			m.counter(d, n[desk.Tally{Platform: p, What: w}], labels...)
		}
	}
}

// sends are the metrics of deliveries.
func (m sink) sends(s desk.Status) {
	var running []digest.Platform
	for _, p := range s.Platforms {
		running = append(running, p.Platform)
		m.gauge(platformMetric, truth(p.Up), string(p.Platform))
	}
	m.tallies(deliveriesMetric, running, words(digest.FinalStates), s.Totals.Deliveries)
	m.tallies(faultsMetric, running, words(digest.Faults), s.Totals.Faults)
	m.tallies(retriesMetric, running, []string{""}, s.Totals.Retries)
	m.tallies(ambiguousMetric, running, desk.Resolutions, s.Totals.Ambiguous)
	m.tallies(duplicatesMetric, running, []string{""}, s.Totals.Duplicates)
	m.histogram(latenessMetric, s.Totals.Lateness)
	m.histogram(sendMetric, s.Totals.Send)
}

// news are the metrics of feeds and digests.
func (m sink) news(s desk.Status) {
	polls := map[string]uint64{}
	for _, t := range s.Totals.Polls {
		polls[t.What] += t.N
	}
	for _, result := range []string{"ok", "failed"} {
		m.counter(pollsMetric, polls[result], result)
	}
	m.histogram(pollMetric, s.Totals.Poll)
	m.histogram(composeMetric, s.Totals.Compose)
	for health, n := range map[string]int{"ok": s.Feeds.OK, "failing": s.Feeds.Failing, "paused": s.Feeds.Paused, "unread": s.Feeds.Unread} {
		m.gauge(feedsMetric, float64(n), health)
	}
}

// waiting are the metrics of what waits.
func (m sink) waiting(s desk.Status) {
	for queue, n := range map[string]int{
		"subscriptions": s.Queues.Subscriptions, "deliveries": s.Queues.Deliveries, "sending": s.Queues.Sending,
		"articles": s.Queues.Articles, "requests": s.Queues.Requests} {
		m.gauge(queueMetric, float64(n), queue)
	}
	m.gauge(lateMetric, float64(s.Late))
	m.gauge(behindMetric, s.Behind.Seconds())
	if len(s.Next) > 0 {
		m.at(nextMetric, s.Next[0].At)
	}
}

// machine are the metrics of the process and its disk.
func (m sink) machine(s desk.Status) {
	open := map[digest.ProblemKind]bool{}
	for _, p := range s.Problems {
		if p.Process == s.Process { // the others tell of theirs
			open[p.Kind] = open[p.Kind] || p.Over.IsZero()
		}
	}
	for _, k := range digest.ProblemKinds {
		m.gauge(problemMetric, truth(open[k]), string(k))
	}
	if s.Storage.Bytes > 0 {
		m.gauge(storeMetric, float64(s.Storage.Bytes))
	}
	if s.Storage.Disk > 0 {
		m.gauge(freeMetric, float64(s.Storage.Free))
	}
	m.at(backupMetric, s.Storage.LastBackup)
	for _, l := range s.Loops {
		m.at(turnMetric, l.At, l.Step)
	}
}

func truth(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

// words are named strings as plain ones.
func words[T ~string](of []T) []string {
	out := make([]string, len(of))
	for i, w := range of {
		out[i] = string(w)
	}
	return out
}
