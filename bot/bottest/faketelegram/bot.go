package faketelegram

import (
	"cmp"
	"encoding/json"
	"regexp"
	"slices"
	"unicode/utf8"
)

// Limits of what a bot says about itself (Bot API, setMyCommands).
const (
	maxCommands           = 100
	maxCommandDescription = 256
)

var (
	commandName = regexp.MustCompile(`^[a-z0-9_]{1,32}$`)
	language    = regexp.MustCompile(`^([a-z]{2})?$`)
	scopeTypes  = []string{"default", "all_private_chats", "all_group_chats", "all_chat_administrators",
		"chat", "chat_administrators", "chat_member"}
	actions = []string{"typing", "upload_photo", "record_video", "upload_video", "record_voice", "upload_voice",
		"upload_document", "choose_sticker", "find_location", "record_video_note", "upload_video_note"}
)

// BotCommand is a command in the lists that clients show.
type BotCommand struct {
	Command     string `json:"command"`
	Description string `json:"description"`
}

// botState is what the bot has said about itself.
type botState struct {
	commands map[string][]BotCommand // by scope and language
	texts    map[string]string       // by kind and language
	menu     string
}

func newBotState() botState {
	return botState{commands: map[string][]BotCommand{}, texts: map[string]string{}, menu: "default"}
}

func (s *Server) self() User {
	return User{ID: BotID, IsBot: true, FirstName: "Newsdigest", Username: s.opts.Username}
}

// Commands are the commands set for a scope type ("all_private_chats") and a language
// ("" for all without their own).
func (s *Server) Commands(scope, language string) []BotCommand {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.bot.commands[scope+"/"+language])
}

// Description is the text shown in an empty chat with the bot.
func (s *Server) Description(language string) string { return s.text("description", language) }

// ShortDescription is the text on the bot's profile.
func (s *Server) ShortDescription(language string) string {
	return s.text("short_description", language)
}

func (s *Server) text(kind, language string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.bot.texts[kind+"/"+language]
}

// commandList names the list that a call is about.
func (p params) commandList() (string, *apiError) {
	scope := struct {
		Type string      `json:"type"`
		Chat json.Number `json:"chat_id"`
		User json.Number `json:"user_id"`
	}{Type: "default"}
	if raw := p["scope"]; raw != "" && json.Unmarshal([]byte(raw), &scope) != nil {
		return "", badRequest("can't parse BotCommandScope")
	}
	if !slices.Contains(scopeTypes, scope.Type) {
		return "", badRequest("can't parse BotCommandScope: Unsupported type specified")
	}
	if !language.MatchString(p["language_code"]) {
		return "", badRequest("LANGUAGE_CODE_INVALID")
	}
	name := scope.Type
	if scope.Chat != "" {
		name = cmp.Or(name+":"+scope.Chat.String()+":"+scope.User.String(), name)
	}
	return name + "/" + p["language_code"], nil
}

func (s *Server) setMyCommands(p params) (any, *apiError) {
	list, e := p.commandList()
	if e != nil {
		return nil, e
	}
	var commands []BotCommand
	if json.Unmarshal([]byte(p["commands"]), &commands) != nil {
		return nil, badRequest("can't parse commands list JSON object")
	}
	if len(commands) > maxCommands {
		return nil, badRequest("BOT_COMMANDS_TOO_MUCH")
	}
	for _, c := range commands {
		if !commandName.MatchString(c.Command) {
			return nil, badRequest("BOT_COMMAND_INVALID")
		}
		if n := utf8.RuneCountInString(c.Description); n < 1 || n > maxCommandDescription {
			return nil, badRequest("BOT_COMMAND_DESCRIPTION_INVALID")
		}
	}
	s.bot.commands[list] = commands
	return true, nil
}

func (s *Server) deleteMyCommands(p params) (any, *apiError) {
	list, e := p.commandList()
	if e != nil {
		return nil, e
	}
	delete(s.bot.commands, list)
	return true, nil
}

func (s *Server) getMyCommands(p params) (any, *apiError) {
	list, e := p.commandList()
	if e != nil {
		return nil, e
	}
	return append([]BotCommand{}, s.bot.commands[list]...), nil
}

// describe sets one of the bot's texts.
func describe(kind string, most int) func(*Server, params) (any, *apiError) {
	return func(s *Server, p params) (any, *apiError) {
		if utf8.RuneCountInString(p[kind]) > most {
			return nil, badRequest("%s is too long", kind)
		}
		s.bot.texts[kind+"/"+p["language_code"]] = p[kind]
		return true, nil
	}
}

// described gives one of the bot's texts, that for all languages where there is none of
// its own.
func described(kind string) func(*Server, params) (any, *apiError) {
	return func(s *Server, p params) (any, *apiError) {
		text := cmp.Or(s.bot.texts[kind+"/"+p["language_code"]], s.bot.texts[kind+"/"])
		return map[string]string{kind: text}, nil
	}
}

func (s *Server) setChatMenuButton(p params) (any, *apiError) {
	button := struct {
		Type string `json:"type"`
	}{Type: "default"}
	if raw := p["menu_button"]; raw != "" && json.Unmarshal([]byte(raw), &button) != nil {
		return nil, badRequest("can't parse menu button")
	}
	s.bot.menu = button.Type
	return true, nil
}

func (s *Server) getChatMenuButton(params) (any, *apiError) {
	return map[string]string{"type": s.bot.menu}, nil
}

func (s *Server) sendChatAction(p params) (any, *apiError) {
	r, e := s.open(p)
	if e != nil {
		return nil, e
	}
	if !slices.Contains(actions, p["action"]) {
		return nil, badRequest("wrong parameter action in request")
	}
	if e := r.mayWrite(p.int("message_thread_id")); e != nil {
		return nil, e
	}
	return true, nil
}

func (s *Server) getChat(p params) (any, *apiError) {
	r, e := s.open(p)
	if e != nil {
		return nil, e
	}
	return map[string]any{
		"id": r.ID, "type": r.Type, "title": r.Title, "username": r.Username, "is_forum": r.IsForum,
		"accent_color_id": 0, "max_reaction_count": 11,
		"accepted_gift_types": map[string]bool{"unlimited_gifts": false, "limited_gifts": false,
			"unique_gifts": false, "premium_subscription": false, "gifts_from_channels": false},
	}, nil
}

func (s *Server) getChatMember(p params) (any, *apiError) {
	r, e := s.open(p)
	if e != nil {
		return nil, e
	}
	user := p.int("user_id")
	if s.users[user] == nil && r.members[user] == "" {
		return nil, badRequest("user not found")
	}
	return s.member(r, user), nil
}

func (s *Server) getChatAdministrators(p params) (any, *apiError) {
	r, e := s.open(p)
	if e != nil {
		return nil, e
	}
	if r.Type == "private" {
		return nil, badRequest("there are no administrators in the private chat")
	}
	if r.Type == "channel" && r.status(BotID) != "administrator" {
		return nil, badRequest("member list is inaccessible")
	}
	admins := []map[string]any{}
	for user, status := range r.members {
		if status == "creator" || status == "administrator" && (user == BotID || !s.user(user).IsBot || p.bool("return_bots")) {
			admins = append(admins, s.member(r, user))
		}
	}
	return admins, nil
}

func (s *Server) leaveChat(p params) (any, *apiError) {
	r, e := s.open(p)
	if e != nil {
		return nil, e
	}
	r.members[BotID] = "left"
	r.shut = "bot is not a member of the " + r.Type + " chat"
	return true, nil
}

func (s *Server) deleteWebhook(p params) (any, *apiError) {
	s.queue.webhook = ""
	if p.bool("drop_pending_updates") {
		s.queue.updates = nil
	}
	return true, nil
}
