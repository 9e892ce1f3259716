package main

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"newsdigest/bot"
	"newsdigest/bot/bottest/faketelegram"
	"newsdigest/bot/desk"
	"newsdigest/bot/telegram"
	"newsdigest/digest"
)

// telegramScene is somebody in a private chat on Telegram. They say what they do, or
// press "[a button]".
type telegramScene struct {
	server *faketelegram.Server
	bot    *telegram.Telegram
	seen   map[int]int // edits by message, from 1
}

const walker = 4711 // the id of who walks

func newTelegramScene(h *house) (scene, error) {
	server, err := faketelegram.Start(faketelegram.Options{})
	if err != nil {
		return nil, err
	}
	h.onClose(func() error { server.Close(); return nil })
	tg, err := telegram.New(telegram.Options{Token: server.Token(), URL: server.URL(), Commands: bot.Commands})
	if err != nil {
		return nil, err
	}
	h.bot.Add(digest.Telegram, tg)
	h.desk.SetMessenger(digest.Telegram, tg, desk.Rate{})
	server.AddUser(faketelegram.User{ID: walker, FirstName: "Anna", LanguageCode: "en"})
	return &telegramScene{server: server, bot: tg, seen: map[int]int{}}, nil
}

func (s *telegramScene) listen(ctx context.Context, in bot.Inbox) error { return s.bot.Listen(ctx, in) }

func (s *telegramScene) does(_, what string) error {
	label, isPress := strings.CutPrefix(what, "[")
	if !isPress {
		s.server.Say(walker, walker, what)
		return nil
	}
	label = strings.TrimSuffix(label, "]")
	for _, m := range slices.Backward(s.server.Messages(walker)) {
		for _, b := range slices.Concat(m.Buttons...) {
			if lasting(b.Label) == label {
				s.server.Press(walker, m.ID, walker, b.Data)
				return nil
			}
		}
	}
	return fmt.Errorf("there is no such button")
}

func (s *telegramScene) shown() string {
	var b strings.Builder
	for i, m := range s.server.Messages(walker) {
		edits, known := s.seen[m.ID]
		switch {
		case !known:
			fmt.Fprintf(&b, "message %d:\n", i+1)
		case edits != m.Edits:
			fmt.Fprintf(&b, "message %d, edited:\n", i+1)
		default:
			continue
		}
		s.seen[m.ID] = m.Edits
		b.WriteString(m.Text + "\n")
		for _, row := range m.Buttons {
			var labels []string
			for _, key := range row {
				labels = append(labels, "["+key.Label+"]")
			}
			b.WriteString(strings.Join(labels, " ") + "\n")
		}
	}
	return b.String()
}
