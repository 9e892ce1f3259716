package faketelegram

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"time"
)

// firstUpdate is the id of the first update. Ids follow one another.
const firstUpdate = 5001

// Limits of getUpdates (tdlib/telegram-bot-api, Client.cpp).
const (
	maxUpdates = 100
	maxPoll    = 50 * time.Second
	farAhead   = 10 // an offset this far after the last update counts as none
)

// silentByDefault are the updates that a bot gets only if it asks for them by name (Bot
// API, getUpdates).
var silentByDefault = []string{"chat_member", "message_reaction", "message_reaction_count"}

type queued struct {
	id   int64
	body json.RawMessage
}

// queue holds the updates that the bot has not confirmed.
type queue struct {
	next    int64
	updates []queued
	allowed []string      // empty means the default
	poll    chan struct{} // closed when a newer poll takes over; nil if none waits
	webhook string
}

// push queues an update of this kind if the bot wants such. The caller holds the lock.
func (s *Server) push(kind string, value any) {
	q := &s.queue
	if len(q.allowed) > 0 && !slices.Contains(q.allowed, kind) ||
		len(q.allowed) == 0 && slices.Contains(silentByDefault, kind) {
		return
	}
	body, _ := json.Marshal(map[string]any{"update_id": q.next, kind: value}) // made of plain values
	q.updates = append(q.updates, queued{q.next, body})
	q.next++
	s.notify()
}

// Push queues an update of any kind, for what the other methods do not make: "channel_post"
// and a message in JSON, say.
func (s *Server) Push(kind string, value any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.push(kind, value)
}

// Pending is how many updates the bot has not confirmed.
func (s *Server) Pending() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.queue.updates)
}

// SetWebhook sets a webhook, which keeps getUpdates from working.
func (s *Server) SetWebhook(address string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.queue.webhook = address
}

// getUpdates is the long poll. A second poll ends the first one with 409.
func (s *Server) getUpdates(ctx context.Context, p params) (any, *apiError) {
	deadline := time.NewTimer(min(maxPoll, time.Duration(p.int("timeout"))*time.Second))
	defer deadline.Stop()
	s.mu.Lock()
	call := s.enter("getUpdates", p)
	call.Status = http.StatusOK
	taken, e := s.startPoll(p)
	s.notify()
	for e == nil {
		updates := s.queue.head(p)
		if len(updates) > 0 || p.int("timeout") <= 0 {
			s.endPoll(taken)
			s.mu.Unlock()
			return updates, nil
		}
		changed := s.changed
		s.mu.Unlock()
		expired := false
		select {
		case <-changed:
		case <-taken:
			e = conflict("terminated by other getUpdates request; make sure that only one bot instance is running")
		case <-deadline.C:
			expired = true
		case <-ctx.Done():
			expired = true
		case <-s.closed:
			expired = true
		}
		s.mu.Lock()
		if expired {
			s.endPoll(taken)
			s.mu.Unlock()
			return []json.RawMessage{}, nil
		}
	}
	call.Status, call.Problem = e.code, e.description
	s.mu.Unlock()
	return nil, e
}

func conflict(why string) *apiError {
	return &apiError{code: http.StatusConflict, description: "Conflict: " + why}
}

// startPoll confirms what the offset confirms and takes over from a poll that waits.
func (s *Server) startPoll(p params) (chan struct{}, *apiError) {
	q := &s.queue
	if q.webhook != "" {
		return nil, conflict("can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first")
	}
	if raw, ok := p["allowed_updates"]; ok {
		var kinds []string
		if json.Unmarshal([]byte(raw), &kinds) == nil {
			q.allowed = kinds
		}
	}
	if q.poll != nil {
		close(q.poll)
	}
	q.poll = make(chan struct{})
	q.confirm(p.int("offset"))
	return q.poll, nil
}

func (s *Server) endPoll(mine chan struct{}) {
	if s.queue.poll == mine {
		s.queue.poll = nil
	}
}

// confirm forgets the updates before the offset; a negative one keeps that many.
func (q *queue) confirm(offset int64) {
	switch {
	case offset < 0:
		q.updates = q.updates[max(0, len(q.updates)+int(offset)):]
	case offset > q.next+farAhead:
	default:
		q.updates = slices.DeleteFunc(q.updates, func(u queued) bool { return u.id < offset })
	}
}

// head are the first updates, as many as the limit allows.
func (q *queue) head(p params) []json.RawMessage {
	limit := int(p.int("limit"))
	if limit < 1 || limit > maxUpdates {
		limit = maxUpdates
	}
	out := []json.RawMessage{}
	for _, u := range q.updates[:min(limit, len(q.updates))] {
		out = append(out, u.body)
	}
	return out
}
