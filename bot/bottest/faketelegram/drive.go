package faketelegram

import (
	"maps"
	"strconv"
	"strings"
	"unicode/utf16"
)

// Say makes a user write a message, in a private chat or a group. It returns the
// message's id.
func (s *Server) Say(chat, user int64, text string) int { return s.SayIn(chat, 0, user, text) }

// SayIn is Say in a topic of a forum; 0 is none.
func (s *Server) SayIn(chat, thread, user int64, text string) int {
	return s.say(chat, thread, user, text, nil)
}

// Reply makes a user answer a message of the bot.
func (s *Server) Reply(chat int64, to int, user int64, text string) int {
	s.mu.Lock()
	r := s.room(chat)
	original := map[string]any{"message_id": to, "date": 0, "chat": r.Chat, "from": s.self()}
	if m := s.find(chat, to); m != nil {
		original = s.show(r, m)
	}
	s.mu.Unlock()
	return s.say(chat, 0, user, text, map[string]any{"reply_to_message": original})
}

// SayAbout makes a user answer somebody else's message, in which the last word links to
// an address unless that is empty.
func (s *Server) SayAbout(chat, user int64, quoted, address, text string) int {
	s.mu.Lock()
	original := map[string]any{
		"message_id": 1, "date": s.opts.Now().Unix(), "chat": s.room(chat).Chat, "from": s.user(user + 1), "text": quoted,
	}
	s.mu.Unlock()
	if address != "" {
		last := quoted[strings.LastIndex(quoted, " ")+1:]
		length := len(utf16.Encode([]rune(last)))
		original["entities"] = []Entity{{Type: "text_link", Offset: len(utf16.Encode([]rune(quoted))) - length, Length: length, URL: address}}
	}
	return s.say(chat, 0, user, text, map[string]any{"reply_to_message": original})
}

// Forward makes a user forward somebody else's message.
func (s *Server) Forward(chat, user int64, text string) int {
	origin := map[string]any{"type": "hidden_user", "sender_user_name": "Somebody", "date": s.opts.Now().Unix()}
	return s.say(chat, 0, user, text, map[string]any{"forward_origin": origin})
}

// SayUnseen makes an anonymous administrator write in a group.
func (s *Server) SayUnseen(group int64, text string) int {
	s.mu.Lock()
	s.users[anonymousAdmin] = &User{ID: anonymousAdmin, IsBot: true, FirstName: "Group", Username: "GroupAnonymousBot"}
	chat := s.room(group).Chat
	s.mu.Unlock()
	return s.say(group, 0, anonymousAdmin, text, map[string]any{"sender_chat": chat})
}

func (s *Server) say(chat, thread, user int64, text string, more map[string]any) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	r := s.room(chat)
	if r.Type != "private" && r.members[user] == "" && user != anonymousAdmin {
		r.members[user] = "member"
	}
	if r.Type == "private" {
		r.shut = "" // writing to a bot unblocks it
	}
	_, reply := more["reply_to_message"]
	if !r.heard(text, reply, s.opts.Username) {
		r.last++
		return r.last
	}
	fields := map[string]any{}
	if text != "" {
		fields["text"] = text
	}
	maps.Copy(fields, more)
	if thread != 0 {
		fields["message_thread_id"], fields["is_topic_message"] = thread, true
	}
	if strings.HasPrefix(text, "/") {
		command, _, _ := strings.Cut(text, " ")
		fields["entities"] = []Entity{{Type: "bot_command", Length: len(utf16.Encode([]rune(command)))}}
	}
	return s.tell(r, user, fields)
}

// heard tells whether the bot gets a message, privacy mode being on: in a group only
// commands that may be meant for it and replies, unless it is an administrator.
func (r *room) heard(text string, reply bool, bot string) bool {
	if r.Type == "private" || reply || r.status(BotID) == "administrator" {
		return true
	}
	command, _, _ := strings.Cut(text, " ")
	_, name, named := strings.Cut(command, "@")
	return strings.HasPrefix(text, "/") && (!named || strings.EqualFold(name, bot))
}

// Press makes a user press a button with this data under a message of the bot. It
// returns the id of the callback query.
func (s *Server) Press(chat int64, message int, user int64, data string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	r := s.room(chat)
	id := strconv.Itoa(700_000 + len(s.ledger.presses))
	s.ledger.presses = append(s.ledger.presses, &Pressed{ID: id, Chat: chat, User: user, Data: data, At: s.opts.Now()})
	q := map[string]any{"id": id, "from": s.user(user), "chat_instance": "1", "data": data}
	if m := s.find(chat, message); m != nil {
		q["message"] = s.show(r, m)
	} else {
		q["message"] = map[string]any{"message_id": message, "date": 0, "chat": r.Chat} // InaccessibleMessage
	}
	s.push("callback_query", q)
	return id
}

// Join makes a user add the bot to a chat; in a private chat it unblocks the bot.
func (s *Server) Join(chat, by int64) { s.turn(chat, by, "left", "member", "") }

// Leave makes a user throw the bot out of a group, or block it in a private chat.
func (s *Server) Leave(chat, by int64) {
	why := "bot was blocked by the user"
	if chat < 0 {
		s.mu.Lock()
		why = "bot was kicked from the " + s.room(chat).Type + " chat"
		s.mu.Unlock()
	}
	s.turn(chat, by, "member", "kicked", why)
}

func (s *Server) turn(chat, by int64, from, to, shut string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	r := s.room(chat)
	if r.Type == "channel" {
		from, to = strings.Replace(from, "member", "administrator", 1), strings.Replace(to, "member", "administrator", 1)
	}
	r.shut = shut
	r.members[BotID] = to
	member := func(status string) map[string]any {
		m := map[string]any{"user": s.self(), "status": status}
		if status == "administrator" {
			m["can_be_edited"], m["is_anonymous"], m["can_post_messages"] = false, false, true
		}
		if status == "kicked" {
			m["until_date"] = 0
		}
		return m
	}
	s.push("my_chat_member", map[string]any{
		"chat": r.Chat, "from": s.user(by), "date": s.opts.Now().Unix(),
		"old_chat_member": member(from), "new_chat_member": member(to),
	})
}
