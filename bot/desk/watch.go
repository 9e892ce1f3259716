package desk

import (
	"slices"
	"sync"
	"time"

	"newsdigest/digest"
)

// lookAgain is how often all followed stories are looked at, changed or not: what a chat
// was not told while it was paused waits for this, and stories that ended are let go.
const lookAgain = 6 * time.Hour

// watch is what the next look at followed stories is about. It is lost with the program:
// the first look is at all of them, and what a chat was told is in the store.
type watch struct {
	mu      sync.Mutex
	changed map[digest.StoryID]time.Time // when to look at them
	all     time.Time                    // when to look at all that are followed
}

// note lets a story be looked at from the given time on.
func (w *watch) note(id digest.StoryID, at time.Time) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if was, ok := w.changed[id]; ok && !at.Before(was) {
		return
	}
	if w.changed == nil {
		w.changed = map[digest.StoryID]time.Time{}
	}
	w.changed[id] = at
}

// everything lets all followed stories be looked at again: others have noted what changed.
func (w *watch) everything() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.all = time.Time{}
}

// take are the stories to look at now; all says that it is time to look at every one.
func (w *watch) take(now time.Time) (ids []digest.StoryID, all bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if all = !now.Before(w.all); all {
		w.all = now.Add(lookAgain)
	}
	for id, at := range w.changed {
		if !at.After(now) {
			ids = append(ids, id)
			delete(w.changed, id)
		}
	}
	slices.Sort(ids)
	return ids, all
}

// next is when to look again.
func (w *watch) next() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	next := w.all
	for _, at := range w.changed {
		if at.Before(next) {
			next = at
		}
	}
	return next
}

// welcome is when news of followed stories may be told to a chat: now, or when its quiet
// hours end, or on its next day if it was told enough on this one.
func welcome(c digest.Chat, now time.Time) time.Time {
	zone := zoneOf(c)
	local, at := now.In(zone), now
	if c.NoticeDay == dayOf(c, now) && c.Notices >= digest.MaxNotices {
		at = time.Date(local.Year(), local.Month(), local.Day()+1, 0, 0, 0, 0, zone)
	}
	q := c.Settings.Quiet
	if q.IsZero() || !q.Silent(at, zone) {
		return at
	}
	local = at.In(zone)
	end, err := time.Parse("15:04", q.To)
	if err != nil {
		return at
	}
	for day := range 3 {
		ends := time.Date(local.Year(), local.Month(), local.Day()+day, end.Hour(), end.Minute(), 0, 0, zone)
		if ends.After(at) {
			return ends
		}
	}
	return at
}

// dayOf is the day on the chat's clock.
func dayOf(c digest.Chat, now time.Time) string { return now.In(zoneOf(c)).Format(time.DateOnly) }

// zoneOf is the chat's zone, UTC while it has none.
func zoneOf(c digest.Chat) *time.Location {
	if zone, err := digest.LoadZone(c.Settings.Zone); err == nil && c.Settings.Zone != "" {
		return zone
	}
	return time.UTC
}
