package faketelegram

import (
	"math"
	"slices"
	"time"
)

// Limit is a number of messages in any stretch of time; N of 0 means no limit.
type Limit struct {
	N   int
	Per time.Duration
}

// Limits are the flood limits for messages sent.
type Limits struct {
	All   Limit // over all chats
	Chat  Limit // to one private chat
	Group Limit // to one group, besides Chat
}

// Published are the limits that Telegram publishes (Bot FAQ, "broadcasting to users"):
// 30 messages a second, one a second per chat, 20 a minute per group.
var Published = Limits{All: Limit{30, time.Second}, Chat: Limit{1, time.Second}, Group: Limit{20, time.Minute}}

// flood counts messages against the limits.
type flood struct {
	limits Limits
	all    []time.Time
	chats  map[int64][]time.Time
}

// take counts a message to the chat if the limits allow it, else it tells the seconds to
// wait.
func (f *flood) take(chat int64, group bool, now time.Time) (retryAfter int) {
	wait := f.limits.All.wait(f.all, now)
	wait = max(wait, f.limits.Chat.wait(f.chats[chat], now))
	if group {
		wait = max(wait, f.limits.Group.wait(f.chats[chat], now))
	}
	if wait > 0 {
		return max(1, int(math.Ceil(wait.Seconds())))
	}
	if f.chats == nil {
		f.chats = map[int64][]time.Time{}
	}
	f.all = remember(f.all, f.limits.All, now)
	f.chats[chat] = remember(f.chats[chat], f.limits.longest(), now)
	return 0
}

// wait is how long until one more message is within the limit.
func (l Limit) wait(sent []time.Time, now time.Time) time.Duration {
	if l.N == 0 || len(sent) < l.N {
		return 0
	}
	return max(0, sent[len(sent)-l.N].Add(l.Per).Sub(now))
}

// longest is the limit that looks back farthest in one chat.
func (l Limits) longest() Limit {
	if l.Group.N > 0 {
		return l.Group
	}
	return l.Chat
}

// remember adds a moment and forgets those that no limit asks for any more.
func remember(sent []time.Time, l Limit, now time.Time) []time.Time {
	if l.N == 0 {
		return nil
	}
	if len(sent) > 2*l.N {
		sent = slices.Clone(sent[len(sent)-l.N:])
	}
	return append(sent, now)
}
