package telegram

import (
	"context"
	"errors"
	"net/http"
	"slices"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"newsdigest/bot"
	"newsdigest/bot/texts"
)

// scopes are Telegram's names for where a command list is shown (Bot API,
// BotCommandScope).
var scopes = []struct {
	in   bot.Scope
	name string
}{
	{bot.InPrivate, "all_private_chats"},
	{bot.InGroup, "all_group_chats"},
	{bot.ForAdmins, "all_chat_administrators"},
	{bot.Anywhere, "default"},
}

// command is a BotCommand.
type command struct {
	Command     string `json:"command"`
	Description string `json:"description"`
}

// registerAttempts is how often registering waits for a Telegram that asks for patience.
const registerAttempts = 5

// registerPatiently registers while updates are polled already. The bot works without:
// people see the lists of an earlier time.
func (t *Telegram) registerPatiently(ctx context.Context) {
	for range registerAttempts {
		err := t.register(ctx)
		if err == nil || ctx.Err() != nil {
			return
		}
		var e *callError
		if !errors.As(err, &e) || e.retryAfter == 0 {
			t.log.Warn("telegram commands not registered", "error", err)
			return
		}
		sleep(ctx, e.retryAfter)
	}
}

// register brings Telegram's lists of commands and the bot's descriptions of itself up to
// date, in every language; what is right already is left alone.
func (t *Telegram) register(ctx context.Context) error {
	for _, language := range texts.Languages {
		for _, s := range scopes {
			if err := t.registerScope(ctx, s.in, map[string]string{"type": s.name}, language); err != nil {
				return err
			}
		}
		if err := t.registerOperators(ctx, language); err != nil {
			return err
		}
		if err := t.describe(ctx, "Description", "description", texts.BotDescription, language); err != nil {
			return err
		}
		if err := t.describe(ctx, "ShortDescription", "short_description", texts.BotShort, language); err != nil {
			return err
		}
	}
	return t.registerMenu(ctx)
}

// registerMenu makes the button beside the text field list the commands.
func (t *Telegram) registerMenu(ctx context.Context) error {
	const commands = "commands"
	var have struct {
		Type string `json:"type"`
	}
	if err := t.client.call(ctx, "getChatMenuButton", nil, &have); err != nil || have.Type == commands {
		return err
	}
	p := tgbotapi.Params{"menu_button": encode(map[string]string{"type": commands})}
	return t.client.call(ctx, "setChatMenuButton", p, nil)
}

// inLanguage are the parameters for a language; English is for everybody whose language
// has no texts.
func inLanguage(language string) tgbotapi.Params {
	p := tgbotapi.Params{}
	if language != texts.English {
		p["language_code"] = language
	}
	return p
}

// registerOperators lists one command more in the chats of those who run the bot. Who has
// not spoken to the bot yet has no chat; they get the list after the next start.
func (t *Telegram) registerOperators(ctx context.Context, language string) error {
	for _, user := range t.operators {
		scope := map[string]string{"type": "chat", "chat_id": user}
		err := t.registerScope(ctx, bot.InPrivate, scope, language, bot.OperatorCommand)
		var e *callError
		if errors.As(err, &e) && e.status == http.StatusBadRequest {
			t.log.Info("telegram does not know an operator's chat yet", "error", err)
			continue
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// registerScope lists the commands of a scope, and further ones.
func (t *Telegram) registerScope(ctx context.Context, in bot.Scope, scope map[string]string, language string, more ...bot.CommandSpec) error {
	var want []command
	for _, c := range t.commands {
		if slices.Contains(c.In, in) {
			want = append(want, command{c.Name, texts.Say(language, c.Description)})
		}
	}
	for _, c := range more {
		want = append(want, command{c.Name, texts.Say(language, c.Description)})
	}
	p := inLanguage(language)
	p["scope"] = encode(scope)
	var have []command
	if err := t.client.call(ctx, "getMyCommands", p, &have); err != nil {
		return err
	}
	if slices.Equal(have, want) {
		return nil
	}
	p["commands"] = encode(want)
	return t.client.call(ctx, "setMyCommands", p, nil)
}

// describe sets one of the bot's texts about itself.
func (t *Telegram) describe(ctx context.Context, method, field string, text texts.ID, language string) error {
	p := inLanguage(language)
	var have map[string]string
	if err := t.client.call(ctx, "getMy"+method, p, &have); err != nil {
		return err
	}
	want := texts.Say(language, text)
	if have[field] == want {
		return nil
	}
	p[field] = want
	return t.client.call(ctx, "setMy"+method, p, nil)
}
