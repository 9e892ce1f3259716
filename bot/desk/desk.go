// Package desk does the work of newsdigest: it polls sources, ingests articles, composes
// editions, delivers them, and answers what a command may ask. It is the only package
// that knows the order of these steps.
//
// Each step is a function Step(ctx, now) that does what is due at now and says when it
// wants to be called again; Run sleeps in between, a trial walks from time to time.
package desk

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"newsdigest/digest"
	"newsdigest/digest/fetch"
	"newsdigest/digest/summary/llm"
	"newsdigest/store"
)

// Editor turns editions and notices into the words of messages. The bot implements it.
type Editor interface {
	// Post is the given page of the edition, counted from 1, for the place it goes to. Of
	// the place it asks the platform and whether it is private; of the edition it uses ID
	// and Public for actions and links only, as they are, Chat and Subscription not at all,
	// and Previous where there are no stories. So one post serves many chats.
	Post(e digest.Edition, page int, to digest.Address) digest.Post
	// Notice is the message that tells a notice, for the place it goes to.
	Notice(n digest.Notice, to digest.Address) digest.Post
}

// Messenger brings pages to chats of one platform. Every call is at most one network
// call, without retry and without sleeping.
type Messenger interface {
	// Pages puts a post into the platform's form: the same pages for the same post,
	// within the platform's limits.
	Pages(p digest.Post) []digest.Page
	// Send sends a variant of a page; an error is a *digest.SendError.
	Send(ctx context.Context, to digest.Address, p digest.Page, a digest.Attempt) (digest.Receipt, error)
	// Open gives the address of direct messages with a user; errors as Send's.
	Open(ctx context.Context, user string) (digest.Address, error)
}

// Finder is a Messenger whose platform refuses the same key twice for some minutes and
// can be asked later whether a page arrived.
type Finder interface {
	Find(ctx context.Context, in digest.Address, key string, since time.Time) (digest.Receipt, bool, error)
}

// Rate is how fast a platform may be written to.
type Rate struct {
	PerSecond float64       // over all chats
	Chat      time.Duration // between two messages to one chat
	Group     int           // messages a minute to one group, 0 = no limit of its own
}

// DefaultRates stay below what the platforms allow: Telegram 30 messages a second, one a
// second to a chat, 20 a minute to a group (Bots FAQ); Discord 50 requests a second (Rate
// Limits). Messages that leave a second apart may arrive closer, so a chat waits a little
// longer. The console has no limit.
var DefaultRates = map[digest.Platform]Rate{
	digest.Telegram: {PerSecond: 29, Chat: 1100 * time.Millisecond, Group: 18},
	digest.Discord:  {PerSecond: 40},
}

// Options are what a desk works with.
type Options struct {
	Store   *store.Store
	Fetch   *fetch.Client
	Starter []digest.Source
	Editor  Editor
	// Messengers are those of the platforms that run.
	Messengers map[digest.Platform]Messenger
	Rates      map[digest.Platform]Rate
	PollEvery  time.Duration // shortest time between two polls of a source; 0 = DefaultPollEvery
	// PollLongest is the longest time between two polls of a source that brings nothing, 0 =
	// three hours. The same as PollEvery polls all sources alike.
	PollLongest time.Duration
	Model       *llm.Model // rewords stories; nil = the built-in summaries stand
	// Member is this process among those that share the store; nil = it is alone.
	Member *store.Member
	// Pages says that digests are on the web: those of private chats have public ids, too.
	Pages bool
	// Operators are those who run the bot, "telegram:123": they are told of problems.
	Operators []string
	// Process tells apart processes that share a store; empty where there is one.
	Process string
	// Began is when the process began on the clock it works by, zero = now.
	Began time.Time
	Log   *slog.Logger
}

// Desk does the work. It is safe for concurrent use.
type Desk struct {
	store       *store.Store
	fetch       *fetch.Client
	starter     atomic.Pointer[[]digest.Source]
	editor      Editor
	messengers  map[digest.Platform]Messenger
	paces       map[digest.Platform]*pace
	pollEvery   time.Duration
	pollLongest time.Duration
	model       *llm.Model // nil where none is configured
	pages       bool
	log         *slog.Logger

	share   sharing                   // what of all this is the work of this process
	room    newsroom                  // what is being told right now
	watch   watch                     // followed stories to look at
	filing  filing                    // what is being filed for chats
	minutes minutes                   // what chats have in common that are due together
	ahead   rehearsal                 // of what is due soon
	posted  sending                   // deliveries on their way
	hands   map[digest.Platform]*hand // what is due to be sent, for Deliver
	// unwritten is why the beginning of a send could not be written.
	unwritten atomic.Pointer[error]
	turns     turns                    // of owners whose chats are due together
	rewound   time.Time                // when it was looked last whether the clock was wrong
	wakes     map[string]chan struct{} // by step: something became due earlier than Run expects
	polls     inHand                   // sources being polled
	window    *window                  // how many of them at once
	reads     turnstile                // one ingest step at a time
	reading   sync.Map                 // digest.ArticleID -> true: pages in hand
	idle      sync.WaitGroup           // sends in flight
	refused   sync.Map                 // digest.StoryID -> Telling: what the model's words may not stand for
	// deaths are the sources that are about to be paused.
	deaths deaths
	// answeredAt is when a source last answered.
	answeredAt atomic.Pointer[time.Time]

	meter     *meter
	alarm     alarm
	survey    survey
	pulse     pulse
	storage   func() Storage // nil where nobody knows
	operators []string
	process   string
	// walking says that somebody else moves the clock: a send takes no time on it.
	walking bool
}

// began is when the desk's process began.
func began(o Options) time.Time {
	if o.Began.IsZero() {
		return time.Now()
	}
	return o.Began
}

// New makes a desk and files the starter sources.
func New(ctx context.Context, o Options) (*Desk, error) {
	d := &Desk{
		store: o.Store, fetch: o.Fetch, editor: o.Editor,
		messengers: o.Messengers, pollEvery: o.PollEvery, pollLongest: o.PollLongest, model: o.Model, pages: o.Pages, log: o.Log,
		paces: map[digest.Platform]*pace{}, wakes: map[string]chan struct{}{}, window: newWindow(), reads: newTurnstile(), room: newsroom{catching: newTurnstile()}, share: newSharing(o.Member),
		meter: newMeter(began(o)), operators: o.Operators, process: o.Process,
	}
	for _, s := range d.loops() {
		d.wakes[s.name] = make(chan struct{}, 1)
	}
	if d.pollEvery == 0 {
		d.pollEvery = DefaultPollEvery
	}
	if d.pollLongest == 0 {
		d.pollLongest = max(longestWait, 2*d.pollEvery)
	}
	if d.log == nil {
		d.log = slog.New(slog.DiscardHandler)
	}
	for p := range o.Messengers {
		rate, ok := o.Rates[p]
		if !ok {
			rate = DefaultRates[p]
		}
		d.paces[p] = newPace(rate)
	}
	return d, d.SetStarter(ctx, o.Starter)
}

// SetStarter replaces the starter set; nil says that it is not known yet. Chats are counted
// anew as followers if it is another one than they were counted by.
func (d *Desk) SetStarter(ctx context.Context, starter []digest.Source) error {
	starter = slices.Clone(starter)
	for i := range starter {
		s := &starter[i]
		old, err := d.store.Source(ctx, s.ID)
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return err
		}
		s.Language = cmp.Or(s.Language, old.Language)
		if err := d.store.PutSource(ctx, *s); err != nil {
			return err
		}
	}
	d.starter.Store(&starter)
	return d.recount(ctx)
}

// learn notes the language that the feed of a starter source has told, where the starter
// set says none. Chats that do not read it lose the source from then on.
func (d *Desk) learn(id digest.SourceID, language string) {
	for {
		old := d.starter.Load()
		i := slices.IndexFunc(*old, func(s digest.Source) bool { return s.ID == id && s.Language == "" })
		if i < 0 || language == "" {
			return
		}
		starter := slices.Clone(*old)
		starter[i].Language = language
		if d.starter.CompareAndSwap(old, &starter) {
			return
		}
	}
}

func (d *Desk) starters() []digest.Source { return *d.starter.Load() }

// SetMessenger plugs in a platform that was made after the desk, before Run or Walk.
func (d *Desk) SetMessenger(p digest.Platform, m Messenger, r Rate) {
	if d.messengers == nil {
		d.messengers = map[digest.Platform]Messenger{}
	}
	d.messengers[p], d.paces[p] = m, newPace(r)
}

// step is one kind of work: it does what is due at now and returns when it wants to be
// called next.
type step struct {
	name string
	do   func(ctx context.Context, now time.Time) (time.Time, error)
}

func (d *Desk) steps() []step {
	steps := []step{
		{polling, d.Poll}, {readingPages, d.Read}, {ingesting, d.Ingest}, {updating, d.Update}, {composing, d.Compose},
		{delivering, d.Deliver}, {retaining, d.Retain}, {announcing, d.Spread},
	}
	if d.model != nil {
		steps = append(steps, step{rewriting, d.Rewrite})
	}
	return steps
}

// loops are the steps of a bot that runs: besides the work, it looks after itself.
func (d *Desk) loops() []step { return append(d.steps(), step{alarming, d.Alarm}) }

// The names of the steps.
const (
	polling      = "poll"
	readingPages = "read"
	ingesting    = "ingest"
	updating     = "update"
	composing    = "compose"
	delivering   = "deliver"
	retaining    = "retain"
	rewriting    = "rewrite"
	alarming     = "alarm"
	announcing   = "announce"
)

// contained is do; a panic in it is an error like any other, and is tried again later.
func (s step) contained(ctx context.Context, now time.Time) (next time.Time, err error) {
	defer contain(&err)
	return s.do(ctx, now)
}

// contain turns a panic into an error: what goes wrong over one source, chat or message
// takes none of the others with it.
func contain(err *error) {
	if p := recover(); p != nil {
		*err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
	}
}

// rouse makes the loop of a step look again at once.
func (d *Desk) rouse(step string) {
	select {
	case d.wakes[step] <- struct{}{}:
	default: // it is roused already, or not among the steps
	}
}

// longestSleep bounds how long a loop sleeps, so that a stepped clock is noticed.
const longestSleep = time.Minute

// Run does all work until ctx ends, each kind in a loop of its own, and waits for the
// sends in flight.
func (d *Desk) Run(ctx context.Context) {
	var loops sync.WaitGroup
	for _, s := range d.loops() {
		if s.name == polling { // goes on all the time: a slow source does not hold up a step
			loops.Go(func() { d.keepPolling(ctx) })
			continue
		}
		loops.Go(func() { d.loop(ctx, s) })
	}
	loops.Wait()
	d.idle.Wait()
}

func (d *Desk) loop(ctx context.Context, s step) {
	for ctx.Err() == nil {
		now := time.Now()
		d.meter.turned(s.name, now)
		next, err := s.contained(ctx, now)
		wait := next.Sub(now)
		if err != nil && ctx.Err() == nil {
			wait = d.stumbled(s.name, now, err)
		}
		select {
		case <-ctx.Done():
		case <-d.wakes[s.name]:
		case <-time.After(min(max(wait, 0), longestSleep)):
		}
	}
}

// stumbled notes that a step failed, and returns how long it waits then.
func (d *Desk) stumbled(step string, now time.Time, err error) time.Duration {
	if d.lost(err) {
		return store.LookEvery // then it is known what is left
	}
	d.log.Error("step failed", "step", step, "error", err)
	d.meter.failed(Failure{At: now, What: step, Reason: firstLine(err)})
	return 10 * time.Second
}

// Walk does all work that falls due from now until the given time, step by step in the
// order of time, and returns when nothing is due any more. It is Run for a clock that
// somebody else moves: tick is told each time that Walk comes to.
func (d *Desk) Walk(ctx context.Context, now, until time.Time, tick func(time.Time)) error {
	d.walking = true
	defer func() { d.walking = false }()
	for !now.After(until) {
		tick(now)
		next := until.Add(time.Nanosecond)
		for _, s := range d.steps() {
			at, err := d.exhaust(ctx, s, now)
			if err != nil {
				return err
			}
			if at.Before(next) {
				next = at
			}
		}
		now = next
	}
	tick(until)
	return ctx.Err()
}

// exhaust does all that a step has to do at now, so that the next step finds it done, and
// returns when there is more.
func (d *Desk) exhaust(ctx context.Context, s step, now time.Time) (time.Time, error) {
	for {
		next, err := s.do(ctx, now)
		d.idle.Wait()
		if err != nil || next.After(now) {
			return next, err
		}
	}
}
