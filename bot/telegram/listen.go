package telegram

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"sync"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"newsdigest/bot"
	"newsdigest/digest"
)

// How updates are polled.
const (
	pollTime   = 50 * time.Second // the longest that Telegram waits for an update
	firstPause = time.Second      // after a poll that failed, doubling
	longPause  = time.Minute
)

// Listen implements bot.Listener. Updates are recorded with the offset of the next poll
// before that poll, which is what confirms them, goes out.
func (t *Telegram) Listen(ctx context.Context, in bot.Inbox) error {
	var (
		cursor  string
		started bool
		err     error
	)
	var registering sync.WaitGroup
	defer registering.Wait()
	for pause, wait := t.pause, pollTime; ; {
		if !started {
			cursor, err = t.start(ctx, in)
			if started = err == nil; started {
				registering.Go(func() { t.registerPatiently(ctx) })
			}
		}
		if err == nil {
			cursor, err = t.poll(ctx, in, cursor, wait)
		}
		switch {
		case ctx.Err() != nil:
			return nil
		case errors.Is(err, ErrToken) || refusesBot(err):
			return ErrToken
		case err == nil:
			t.report(nil)
			pause, wait = t.pause, pollTime
			continue
		}
		sleep(ctx, t.troubled(err, pause))
		pause, wait, err = min(longPause, 2*pause), 0, nil // the next answer tells at once that it is back
	}
}

// start makes itself known to Telegram: who it is, what commands it has, and that it
// polls, which a webhook would prevent. The cursor is where to go on.
func (t *Telegram) start(ctx context.Context, in bot.Inbox) (cursor string, err error) {
	me, err := t.me(ctx)
	if err != nil {
		return "", err
	}
	if err := t.client.call(ctx, "deleteWebhook", nil, nil); err != nil {
		return "", err
	}
	if cursor, err = in.Cursor(ctx, digest.Telegram); err != nil {
		return "", err
	}
	t.report(nil)
	t.log.Info("telegram is polling", "bot", "@"+me.Username)
	return cursor, nil
}

// poll fetches updates, waiting so long for the first, and has them recorded; the cursor it
// returns is what the next poll confirms with.
func (t *Telegram) poll(ctx context.Context, in bot.Inbox, cursor string, wait time.Duration) (string, error) {
	p := tgbotapi.Params{
		"timeout":         strconv.Itoa(int(wait.Seconds())),
		"allowed_updates": allowedUpdates,
	}
	p.AddNonEmpty("offset", cursor)
	var raw []json.RawMessage
	if err := t.client.callWithin(ctx, pollTime+pollSlack, "getUpdates", p, &raw); err != nil {
		return cursor, err
	}
	if len(raw) == 0 {
		return cursor, nil
	}
	requests, next := t.read(ctx, raw)
	if err := in.Accept(ctx, digest.Telegram, requests, next); err != nil {
		return cursor, fmt.Errorf("telegram: %d updates not recorded: %w", len(raw), err)
	}
	t.acknowledgeSoon(ctx, requests)
	return next, nil
}

// read turns updates into requests. One that cannot be read is left out, so that it does
// not come for ever.
func (t *Telegram) read(ctx context.Context, raw []json.RawMessage) (requests []bot.Request, next string) {
	me, _ := t.me(ctx) // known since start
	now := time.Now()
	for _, body := range raw {
		u, r, ok, err := readUpdate(body, me, now)
		if err != nil {
			t.log.Warn("telegram update cannot be read", "update", u.ID, "error", err)
		} else if ok {
			requests = append(requests, r)
		}
		if u.ID != 0 {
			next = id(u.ID + 1)
		}
	}
	return requests, next
}

// readUpdate reads one update; ok is false for those that nothing is done with. A panic over
// one must not take the others with it, nor come again after each start.
func readUpdate(body []byte, me user, now time.Time) (u update, r bot.Request, ok bool, err error) {
	defer func() {
		if p := recover(); p != nil {
			ok, err = false, fmt.Errorf("panic: %v", p)
		}
	}()
	if err = json.Unmarshal(body, &u); err == nil {
		r, ok = u.request(me, now)
	}
	return u, r, ok, err
}

// troubled logs why a poll failed and says how long to wait.
func (t *Telegram) troubled(err error, pause time.Duration) time.Duration {
	t.report(err)
	var e *callError
	if errors.As(err, &e) && e.status == http.StatusConflict {
		t.log.Error("telegram updates go to another program: a second bot runs with this token; stop one of them", "again in", pause)
		return pause
	}
	if e != nil && e.retryAfter > 0 {
		pause = e.retryAfter
	}
	t.log.Warn("telegram is not reached", "error", err, "again in", pause)
	return pause
}

// sleep waits, or until ctx ends.
func sleep(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}

// self is who the bot is, once Telegram has said so.
type self struct {
	mu    sync.Mutex
	known bool
	user  user
}

func (s *self) get() (user, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.user, s.known
}

func (s *self) set(u user) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.user, s.known = u, true
}

// username is the bot's, empty while it is not known.
func (t *Telegram) username() string {
	me, _ := t.self.get()
	return me.Username
}
