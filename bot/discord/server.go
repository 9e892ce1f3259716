package discord

import (
	"strconv"
	"time"

	"newsdigest/bot"
	"newsdigest/digest"
)

// greetWithin is how long after the bot was added a server is told so: it is listed again
// at every connection.
const greetWithin = time.Hour

// server is what is read of a GUILD_CREATE.
type server struct {
	ID            string    `json:"id"`
	Name          string    `json:"name"`
	Locale        string    `json:"preferred_locale"`
	JoinedAt      time.Time `json:"joined_at"`
	SystemChannel string    `json:"system_channel_id"`
	Unavailable   bool      `json:"unavailable"`
}

// request says that the bot was added to a server; ok is false if that was long ago or
// there is no channel for such news.
func (s server) request(now time.Time) (r bot.Request, ok bool) {
	if s.Unavailable || s.SystemChannel == "" || now.Sub(s.JoinedAt) > greetWithin {
		return r, false
	}
	at := digest.Address{Platform: digest.Discord, Channel: s.SystemChannel, Server: s.ID}
	return bot.Request{
		ID: "joined:" + s.ID + ":" + strconv.FormatInt(s.JoinedAt.UnixMilli(), 10), Platform: digest.Discord, Kind: bot.Joined,
		Chat: at, Place: at, Server: s.ID, ChatName: digest.Clean(s.Name), Language: s.Locale, At: s.JoinedAt,
	}, true
}

// left says that a channel is gone.
func left(c channel, now time.Time) bot.Request {
	at := digest.Address{Platform: digest.Discord, Channel: c.ID}
	return bot.Request{ID: "left:" + c.ID, Platform: digest.Discord, Kind: bot.Left, Chat: at, Place: at, At: now}
}

// lost is what is read of a GUILD_DELETE.
type lost struct {
	ID string `json:"id"`
	// Unavailable says that Discord cannot reach the server for now; the bot is still in it.
	Unavailable bool `json:"unavailable"`
}

// request says that the bot was removed from a server, and with it from all of its
// channels, which Discord does not list any more; ok is false if it was not.
func (l lost) request(now time.Time) (r bot.Request, ok bool) {
	at := digest.Address{Platform: digest.Discord, Server: l.ID}
	return bot.Request{ID: "left:" + l.ID + ":" + strconv.FormatInt(now.UnixMilli(), 10), Platform: digest.Discord, Kind: bot.Left,
		Chat: at, Place: at, Server: l.ID, At: now}, !l.Unavailable && isID(l.ID)
}
