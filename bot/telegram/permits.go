package telegram

import (
	"context"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"newsdigest/digest"
)

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
		return []string{"to be a member"}, nil
	case m.Status == "restricted" && !m.MaySend:
		return []string{"to send messages"}, nil
	}
	return nil, nil
}
