package digest

import "strings"

// Platform is a place where people chat: "discord", "telegram" or "console".
type Platform string

// The platforms.
const (
	Discord  Platform = "discord"
	Telegram Platform = "telegram"
	Console  Platform = "console"
)

// Platforms are all of them.
var Platforms = []Platform{Discord, Telegram, Console}

// Address is where a chat is reached today. It may change (a Telegram group becomes a
// supergroup, a direct message is opened), the chat's id never does.
type Address struct {
	Platform Platform `json:"platform"`
	// User is set when the chat is one person and the platform has to open the way to
	// them first (Discord direct messages); Channel is empty until then.
	User    string `json:"user,omitempty"`
	Channel string `json:"channel,omitempty"`
	Thread  string `json:"thread,omitempty"`
	// Server is the Discord server of a channel, for checking rights; the chat is the
	// same whatever it says.
	Server string `json:"server,omitempty"`
}

// Key is what a chat is found by: the person where there is one, else channel and
// thread. Two addresses with the same key lead to the same chat.
func (a Address) Key() string {
	if a.User != "" {
		return string(a.Platform) + "/u/" + a.User
	}
	return string(a.Platform) + "/c/" + a.Channel + "/" + a.Thread
}

// String is the address for logs and the operator's lists, "telegram:123".
func (a Address) String() string {
	s := string(a.Platform) + ":"
	switch {
	case a.User != "":
		return s + a.User
	case a.Thread != "":
		return s + a.Channel + "/" + a.Thread
	}
	return s + a.Channel
}

// Private tells whether the address leads to one person and nobody else.
func (a Address) Private() bool {
	switch a.Platform {
	case Discord:
		return a.User != ""
	case Telegram:
		return !strings.HasPrefix(a.Channel, "-") // groups and channels have negative ids (Bot API, Chat)
	}
	return true
}
