package bot

import (
	"context"
	"errors"
	"regexp"
	"strings"

	"newsdigest/bot/texts"
	"newsdigest/digest"
)

// actionFor is an action for a chat at an address. On Discord the press of a button does
// not tell which channel it is for, so the action does.
func actionFor(what string, chat digest.ChatID, at digest.Address) string {
	if at.Platform == digest.Discord && !at.Private() {
		return what + chatMark + string(chat)
	}
	return what
}

// action is what a button does, for the chat that this conversation is about.
func (c *conversation) action(what string) string {
	if c.home != nil {
		return what + chatMark + string(c.chat.ID)
	}
	return actionFor(what, c.chat.ID, c.chat.Address)
}

// turnTo makes the conversation about the chat that the pressed button, or the question
// that is answered, names.
func (c *conversation) turnTo(ctx context.Context, name string) (*Reply, error) {
	_, id := cutChat(c.r.Action)
	if q := c.chat.Question; name == answering && q.Open(c.r.User, c.now) {
		_, id = cutChat(q.Action)
	}
	if id == "" {
		return nil, nil
	}
	chat, err := c.b.desk.ChatByID(ctx, id)
	if err != nil || chat.Address.Platform != c.r.Platform {
		no := c.say(texts.OldButton)
		return &no, nil
	}
	if c.r.Platform == digest.Telegram && c.r.Private && !chat.Address.Private() {
		return c.runFromHere(ctx, chat)
	}
	// Only channels of the server where it was pressed can be named: elsewhere, clients may
	// make up what their buttons say.
	if c.r.Server == "" || chat.Address.Server != c.r.Server {
		no := c.say(texts.OldButton)
		return &no, nil
	}
	c.chat, c.r.Chat, c.r.ChatName = chat, chat.Address, ""
	return nil, nil
}

// runFromHere lets somebody who writes to the bot in private run a channel of theirs: a
// client may make up what its buttons say, so that their rights there are asked whatever
// they want.
func (c *conversation) runFromHere(ctx context.Context, chat digest.Chat) (*Reply, error) {
	home := c.chat
	c.home, c.chat, c.r.Chat = &home, chat, chat.Address
	return c.lacksRights(ctx)
}

// atEnd finds a channel at the end of a command.
var atEnd = regexp.MustCompile(`(?i)\s(@[a-z][a-z0-9_]{3,31})\s*$`)

// toChannel finds the channel that a command is for, "daily at 8 to @mychannel", and what
// stands before it.
func (c *conversation) toChannel(args string) (name, rest string, ok bool) {
	m := atEnd.FindStringSubmatchIndex(args)
	if m == nil {
		return "", args, false
	}
	_, rest, ok = texts.CutTypedEnd(c.lang, args[:m[0]], texts.TypedTo)
	return args[m[2]:m[3]], strings.TrimSpace(rest), ok
}

// named makes the conversation about the channel that a command typed in private names; the
// reply says why that cannot be. Its chat is met only once its administrator has asked.
func (c *conversation) named(ctx context.Context) (*Reply, error) {
	resolver, ok := c.a.(Resolver)
	if !ok || !c.r.Private || c.r.Kind != Command {
		return nil, nil
	}
	name, args, ok := c.toChannel(head(c.r.Args, maxTyped))
	if !ok {
		return nil, nil
	}
	no := c.say(texts.OnlyChannelAdmins, texts.Args{"Chat": quote(name)})
	r := c.r
	var err error
	if r.Chat, r.ChatName, err = resolver.Resolve(ctx, name); errors.Is(err, ErrNoPlace) {
		return &no, nil
	}
	if err != nil {
		return nil, err
	}
	rights, err := c.a.Rights(ctx, r)
	if err != nil {
		return nil, err
	}
	if !rights.Manage || r.Chat.Private() {
		return &no, nil
	}
	home := c.chat
	c.home, c.r = &home, r
	c.r.Args, c.missing = args, rights.Missing
	return nil, c.meet(ctx)
}
