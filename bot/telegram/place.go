package telegram

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"regexp"
	"slices"
	"strings"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"newsdigest/bot"
	"newsdigest/digest"
)

// What the bot may lack in a place, as Telegram's clients name it.
const (
	lacksMembership = "to be a member"
	lacksSending    = "to send messages"
	lacksPosting    = "the right to post messages, as an administrator"
)

// placeName is how people call a public channel or group, and the number that others have
// (Telegram, usernames; Bot API, Chat.id).
var placeName = regexp.MustCompile(`^(?:(?:https?://)?(?:t\.me|telegram\.me)/|@)?([A-Za-z][A-Za-z0-9_]{3,31})/?$|^(-[0-9]{1,18})$`)

// Resolve implements bot.Resolver, for channels and groups.
func (t *Telegram) Resolve(ctx context.Context, name string) (at digest.Address, title string, err error) {
	found := placeName.FindStringSubmatch(strings.TrimSpace(name))
	if found == nil {
		return at, "", bot.ErrNoPlace
	}
	p := tgbotapi.Params{"chat_id": "@" + found[1]}
	if found[2] != "" {
		p["chat_id"] = found[2]
	}
	var c chat
	err = t.client.call(ctx, "getChat", p, &c)
	switch {
	case closed(err):
		return at, "", bot.ErrNoPlace
	case err != nil:
		return at, "", t.failed(err, digest.Address{Platform: digest.Telegram, Channel: p["chat_id"]})
	case c.private():
		return at, "", bot.ErrNoPlace
	}
	return c.address(0), c.Title, nil
}

// Rights implements bot.Answerer. In a group its creator and its administrators may
// change its digests, those who write anonymously in its name included; in a channel
// those of them who may post there.
func (t *Telegram) Rights(ctx context.Context, r bot.Request) (bot.Rights, error) {
	if r.Chat.User != "" {
		return bot.Rights{Manage: r.Chat.User == r.User}, nil
	}
	if r.Chat.Channel != r.Place.Channel {
		return t.rightsElsewhere(ctx, r)
	}
	var n native
	if err := json.Unmarshal(r.Native, &n); err == nil && n.As != 0 && id(n.As) == r.Chat.Channel {
		return bot.Rights{Manage: true}, nil
	}
	p := tgbotapi.Params{"chat_id": r.Chat.Channel, "user_id": r.User}
	var m chatMember
	err := t.client.call(ctx, "getChatMember", p, &m)
	switch {
	case err == nil:
		return bot.Rights{Manage: m.manages()}, nil
	case describes(err, "user not found") || describes(err, "participant_id_invalid"):
		return bot.Rights{}, nil
	}
	return bot.Rights{}, t.failed(err, r.Chat)
}

// rightsElsewhere are the rights in a place that the user speaks about from another one:
// a channel, or a group. Its list of administrators tells of the user and, in a channel,
// of the bot; a bot that is not in the place cannot read it.
func (t *Telegram) rightsElsewhere(ctx context.Context, r bot.Request) (bot.Rights, error) {
	me, err := t.me(ctx)
	if err != nil {
		return bot.Rights{}, err
	}
	var admins []chatMember
	err = t.client.call(ctx, "getChatAdministrators", tgbotapi.Params{"chat_id": r.Chat.Channel}, &admins)
	switch {
	case closed(err):
		return bot.Rights{Missing: []string{lacksPosting}}, nil
	case err != nil:
		return bot.Rights{}, t.failed(err, r.Chat)
	}
	var rights bot.Rights
	for _, m := range admins {
		switch id(m.User.ID) {
		case r.User:
			rights.Manage = m.manages() && !m.barredFromPosting()
		case id(me.ID):
			if m.barredFromPosting() {
				rights.Missing = []string{lacksPosting}
			}
		}
	}
	return rights, nil
}

// closed tells whether a place does not exist or does not let the bot look into it.
func closed(err error) bool {
	var e *callError
	return errors.As(err, &e) && e.telegram && e.migrateTo == 0 &&
		(e.status == http.StatusBadRequest || e.status == http.StatusForbidden)
}

func (m chatMember) manages() bool { return m.Status == "creator" || m.Status == "administrator" }

// barredFromPosting tells of an administrator of a channel who may not post there; in
// groups there is no such right.
func (m chatMember) barredFromPosting() bool {
	return m.Status == "administrator" && m.MayPost != nil && !*m.MayPost
}

// in tells whether somebody of this standing is in the chat.
func (m chatMember) in() bool {
	if m.Status == "restricted" {
		return m.IsMember
	}
	return slices.Contains([]string{"creator", "administrator", "member"}, m.Status)
}

// Permits names what the bot lacks to post at an address, nothing if it may. In a private
// chat only sending would tell.
func (t *Telegram) Permits(ctx context.Context, at digest.Address) (missing []string, err error) {
	if at.Private() {
		return nil, nil
	}
	me, err := t.me(ctx)
	if err != nil {
		return nil, err
	}
	var m chatMember
	p := tgbotapi.Params{"chat_id": at.Channel, "user_id": id(me.ID)}
	if err := t.client.call(ctx, "getChatMember", p, &m); err != nil {
		return nil, t.failed(err, at)
	}
	switch {
	case !m.in():
		return []string{lacksMembership}, nil
	case m.Status == "restricted" && !m.MaySend:
		return []string{lacksSending}, nil
	case m.barredFromPosting():
		return []string{lacksPosting}, nil
	}
	return nil, nil
}
