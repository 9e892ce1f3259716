package faketelegram

import (
	"fmt"
	"strconv"
	"strings"
)

// User is a person, or another bot.
type User struct {
	ID           int64  `json:"id"`
	IsBot        bool   `json:"is_bot"`
	FirstName    string `json:"first_name"`
	Username     string `json:"username,omitempty"`
	LanguageCode string `json:"language_code,omitempty"`
}

// anonymousAdmin is the account behind which a group's administrators write unseen (Bot
// API, Message.sender_chat).
const anonymousAdmin = 1087968824

// Chat is a chat as the Bot API shows it.
type Chat struct {
	ID        int64  `json:"id"`
	Type      string `json:"type"` // private, group, supergroup or channel
	Title     string `json:"title,omitempty"`
	Username  string `json:"username,omitempty"`
	FirstName string `json:"first_name,omitempty"`
	IsForum   bool   `json:"is_forum,omitempty"`
}

func (c Chat) group() bool { return c.Type == "group" || c.Type == "supergroup" }

// room is a chat with what is in it.
type room struct {
	Chat
	members map[int64]string // status by user
	threads map[int64]bool   // open threads are true, closed ones false
	last    int              // the last message id
	known   map[int]bool     // message ids that can be replied to
	movedTo int64
	shut    string         // the 403 that the bot gets here
	noWrite bool           // the bot is here but may not write
	mute    map[int64]bool // administrators of a channel who may not post
}

// supergroups is where ids of supergroups and channels begin, counted down (Bot API,
// chat ids "-100...").
const supergroups = -1_000_000_000_000

// AddUser makes a person known, with a language for example. People who speak without
// being added get a name made from their id.
func (s *Server) AddUser(u User) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.users[u.ID] = &u
}

// AddChat makes a chat that the bot is in. Chats in which somebody speaks without it
// having been added are made up: positive ids are private, others groups or supergroups.
func (s *Server) AddChat(c Chat) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.addRoom(c)
}

func (s *Server) addRoom(c Chat) *room {
	r := &room{Chat: c, members: map[int64]string{BotID: "member"}, threads: map[int64]bool{}, known: map[int]bool{}, mute: map[int64]bool{}}
	if c.Type == "channel" {
		r.members[BotID] = "administrator" // there is no other way into a channel
	}
	s.chats[c.ID] = r
	return r
}

func (s *Server) user(id int64) *User {
	if u := s.users[id]; u != nil {
		return u
	}
	if id == BotID {
		u := s.self()
		return &u
	}
	u := &User{ID: id, FirstName: fmt.Sprintf("User %d", id), LanguageCode: "en"}
	s.users[id] = u
	return u
}

// room finds a chat, or makes one up.
func (s *Server) room(id int64) *room {
	if r := s.chats[id]; r != nil {
		return r
	}
	c := Chat{ID: id, Type: "private"}
	switch {
	case id > 0:
		c.FirstName = s.user(id).FirstName
	case id < supergroups:
		c.Type, c.Title = "supergroup", fmt.Sprintf("Group %d", id)
	default:
		c.Type, c.Title = "group", fmt.Sprintf("Group %d", id)
	}
	return s.addRoom(c)
}

// AddThread opens a topic in a forum.
func (s *Server) AddThread(group, thread int64) { s.setThread(group, thread, true) }

// CloseThread closes a topic: nobody but administrators writes there.
func (s *Server) CloseThread(group, thread int64) { s.setThread(group, thread, false) }

func (s *Server) setThread(group, thread int64, open bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	r := s.room(group)
	r.IsForum = true
	r.threads[thread] = open
}

// DropThread deletes a topic.
func (s *Server) DropThread(group, thread int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.room(group).threads, thread)
}

// SetStatus makes a user creator, administrator, member, left or kicked in a group. The
// bot itself may be given a status, too.
func (s *Server) SetStatus(group, user int64, status string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.room(group).members[user] = status
}

// SetAdmin makes a user an administrator of a group.
func (s *Server) SetAdmin(group, user int64) { s.SetStatus(group, user, "administrator") }

// Restrict keeps the bot from writing in a group that it stays in.
func (s *Server) Restrict(group int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.room(group).noWrite = true
}

// Mute takes from an administrator of a channel, the bot for example, the right to post.
func (s *Server) Mute(channel, user int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.room(channel).mute[user] = true
}

// Deactivate deletes a user's account.
func (s *Server) Deactivate(user int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.room(user).shut = "user is deactivated"
}

// Forget makes a chat unknown, as for a wrong id.
func (s *Server) Forget(chat int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.chats, chat)
}

// Migrate turns a group into a supergroup with another id, tells the bot and returns the
// new id. Message ids start anew there.
func (s *Server) Migrate(group int64) int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	old := s.room(group)
	to := supergroups + group
	fresh := s.addRoom(Chat{ID: to, Type: "supergroup", Title: old.Title})
	fresh.members = old.members
	old.movedTo = to
	s.tell(old, anonymousAdmin, map[string]any{"migrate_to_chat_id": to})
	s.tell(fresh, anonymousAdmin, map[string]any{"migrate_from_chat_id": group})
	return to
}

// tell queues a message with these fields besides the ones every message has.
func (s *Server) tell(r *room, user int64, fields map[string]any) int {
	r.last++
	id := r.last
	r.known[id] = true
	m := map[string]any{
		"message_id": id, "date": s.opts.Now().Unix(), "chat": r.Chat, "from": s.user(user),
	}
	for k, v := range fields {
		m[k] = v
	}
	s.push("message", m)
	return id
}

// status is a user's standing in a chat, "left" for somebody unknown there.
func (r *room) status(user int64) string {
	if r.Type == "private" {
		return "member"
	}
	if st := r.members[user]; st != "" {
		return st
	}
	return "left"
}

func (s *Server) member(r *room, user int64) map[string]any {
	m := map[string]any{"user": s.user(user), "status": r.status(user)}
	switch m["status"] {
	case "creator":
		m["is_anonymous"] = false
	case "administrator":
		m["can_be_edited"], m["is_anonymous"], m["can_manage_chat"] = false, false, true
		if r.Type == "channel" {
			m["can_post_messages"] = !r.mute[user]
		}
	case "restricted":
		m["is_member"], m["until_date"] = true, 0
	case "kicked":
		m["until_date"] = 0
	}
	return m
}

// open finds the chat that a call is about, or says why it cannot be reached.
func (s *Server) open(p params) (*room, *apiError) {
	if p["chat_id"] == "" {
		return nil, badRequest("chat_id is empty")
	}
	r := s.called(p["chat_id"])
	switch {
	case r == nil:
		return nil, badRequest("chat not found")
	case r.movedTo != 0:
		e := badRequest("group chat was upgraded to a supergroup chat")
		e.migrateTo = r.movedTo
		return nil, e
	case r.shut != "":
		return nil, forbidden(r.shut)
	}
	return r, nil
}

// called finds a chat by its number, or a channel or group by "@" and its name.
func (s *Server) called(chat string) *room {
	if id, err := strconv.ParseInt(chat, 10, 64); err == nil {
		return s.chats[id]
	}
	name, ok := strings.CutPrefix(chat, "@")
	for _, r := range s.chats {
		if ok && r.Type != "private" && r.Username != "" && strings.EqualFold(r.Username, name) {
			return r
		}
	}
	return nil
}

// mayWrite says why the bot cannot write into a thread of the chat; 0 is no thread.
func (r *room) mayWrite(thread int64) *apiError {
	if r.noWrite {
		return badRequest("not enough rights to send text messages to the chat")
	}
	if r.Type == "channel" && (r.status(BotID) != "administrator" || r.mute[BotID]) {
		return badRequest("need administrator rights in the channel chat")
	}
	if thread == 0 {
		return nil
	}
	open, found := r.threads[thread]
	switch {
	case !found:
		return badRequest("message thread not found")
	case !open && r.status(BotID) != "administrator":
		return badRequest("TOPIC_CLOSED")
	}
	return nil
}
