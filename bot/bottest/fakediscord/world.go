package fakediscord

import (
	"slices"
	"strconv"
	"time"
)

// Permissions of the bot in a channel or of a member in a server
// (topics, "Permissions").
const (
	Administrator      = 1 << 3
	ManageServer       = 1 << 5
	ViewChannel        = 1 << 10
	SendMessages       = 1 << 11
	EmbedLinks         = 1 << 14
	ReadMessageHistory = 1 << 16
	SendInThreads      = 1 << 38
)

// Invited is what the invitation link asks for.
const Invited = ViewChannel | SendMessages | EmbedLinks | ReadMessageHistory | SendInThreads

// Channel types (resources/channel, "Channel Types").
const (
	TextChannel  = 0
	DMChannel    = 1
	GroupDM      = 3
	News         = 5
	PublicThread = 11
	Forum        = 15
)

// Guild is a server.
type Guild struct {
	ID, Name string
	Locale   string // "en-US" if empty
	Channels []Channel
	Joined   time.Time // when the bot was added; now if zero
}

// Channel is a place for messages.
type Channel struct {
	ID, Name    string
	Type        int
	Guild       string // empty for direct messages
	Parent      string // of a thread
	User        string // the person of a direct message
	Permissions int64  // what the bot may do there; 0 in AddGuild means Invited
}

// User is a person. Permissions are those in the server where they act.
type User struct {
	ID, Name    string
	Locale      string // "en-US" if empty
	Permissions int64
}

func (u User) json() map[string]any {
	return map[string]any{"id": u.ID, "username": u.Name, "global_name": u.Name, "discriminator": "0", "avatar": nil}
}

func (c *Channel) json() map[string]any {
	out := map[string]any{"id": c.ID, "type": c.Type, "name": c.Name}
	if c.Guild != "" {
		out["guild_id"], out["position"] = c.Guild, 0
		// The role of everybody, which has the server's id, may what the bot may.
		out["permission_overwrites"] = []any{map[string]any{
			"id": c.Guild, "type": 0, "allow": strconv.FormatInt(c.Permissions, 10), "deny": "0"}}
	}
	if c.Parent != "" {
		out["parent_id"] = c.Parent
	}
	if c.User != "" {
		out["recipients"] = []any{User{ID: c.User, Name: "user" + c.User}.json()}
	}
	return out
}

// AddGuild adds the bot to a server: channels without id get one, the gateway sends
// GUILD_CREATE. It gives the server as it is then.
func (s *Server) AddGuild(g Guild) Guild {
	s.mu.Lock()
	defer s.mu.Unlock()
	if g.ID == "" {
		g.ID = s.newID()
	}
	if g.Locale == "" {
		g.Locale = "en-US"
	}
	if g.Joined.IsZero() {
		g.Joined = s.now()
	}
	g.Channels = slices.Clone(g.Channels)
	for i := range g.Channels {
		c := &g.Channels[i]
		if c.ID == "" {
			c.ID = s.newID()
		}
		if c.Permissions == 0 {
			c.Permissions = Invited
		}
		c.Guild = g.ID
		kept := *c
		s.channels[c.ID] = &kept
	}
	s.guilds[g.ID] = &g
	s.dispatch("GUILD_CREATE", intentGuilds, g.ID, s.guildCreate(&g))
	return g
}

// RemoveGuild removes the bot from a server.
func (s *Server) RemoveGuild(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, c := range s.guilds[id].Channels {
		delete(s.channels, c.ID)
	}
	delete(s.guilds, id)
	s.dispatch("GUILD_DELETE", intentGuilds, id, map[string]any{"id": id})
}

// LoseGuild makes a server unreachable for a while: the bot stays in it.
func (s *Server) LoseGuild(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.dispatch("GUILD_DELETE", intentGuilds, id, map[string]any{"id": id, "unavailable": true})
}

// RemoveChannel deletes a channel.
func (s *Server) RemoveChannel(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.channels[id]
	delete(s.channels, id)
	s.dispatch("CHANNEL_DELETE", intentGuilds, c.Guild, c.json())
}

// SetPermissions changes what the bot may do in a channel.
func (s *Server) SetPermissions(channel string, permissions int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.channels[channel].Permissions = permissions
}

// RefuseDMs makes a user take no direct messages: opening the channel still works,
// sending answers 50007, as Discord does.
func (s *Server) RefuseDMs(user string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.refusing[user] = true
}

// DM is the id of the direct-message channel with a user.
func (s *Server) DM(user string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.dm(user).ID
}

// dm is the channel with a user, made if there is none; the caller holds the lock.
func (s *Server) dm(user string) *Channel {
	id := s.dms[user]
	if id == "" {
		id = s.newID()
		s.dms[user] = id
		s.channels[id] = &Channel{ID: id, Type: DMChannel, User: user, Permissions: Invited}
	}
	return s.channels[id]
}

func (s *Server) guildCreate(g *Guild) map[string]any {
	channels := []any{}
	for _, c := range g.Channels {
		channels = append(channels, c.json())
	}
	return map[string]any{
		"id": g.ID, "name": g.Name, "owner_id": "42", "system_channel_id": g.system(), "preferred_locale": g.Locale, "channels": channels,
		"roles": []any{}, "emojis": []any{}, "members": []any{}, "threads": []any{}, "features": []any{},
		"joined_at": g.Joined.UTC().Format("2006-01-02T15:04:05.000000+00:00"), "large": false, "unavailable": false, "member_count": 2,
	}
}

// system is the channel for the platform's own news: the first.
func (g *Guild) system() any {
	if len(g.Channels) == 0 {
		return nil
	}
	return g.Channels[0].ID
}
