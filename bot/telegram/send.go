package telegram

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"newsdigest/digest"
)

// payload is a message in Telegram's form. It is frozen in the store, so its names stay.
type payload struct {
	Text string `json:"text"`
	HTML bool   `json:"html,omitempty"`
	// Repeat is put in front of a message that may have arrived before.
	Repeat  string     `json:"repeat,omitempty"`
	Buttons [][]button `json:"buttons,omitempty"`
}

// button is an InlineKeyboardButton.
type button struct {
	Text string `json:"text"`
	Data string `json:"callback_data,omitempty"`
	URL  string `json:"url,omitempty"`
}

// noPreview keeps Telegram from showing a card of one of a digest's many links.
const noPreview = `{"is_disabled":true}`

const parseHTML = "HTML"

// content adds what the message says to the parameters.
func (p payload) content(to tgbotapi.Params) {
	to["text"] = p.Text
	to["link_preview_options"] = noPreview
	if p.HTML {
		to["parse_mode"] = parseHTML
	}
	if len(p.Buttons) > 0 {
		to["reply_markup"] = encode(map[string]any{"inline_keyboard": p.Buttons})
	}
}

// encode is JSON of values that are made of strings, numbers and lists only.
func encode(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		return ""
	}
	return string(b)
}

// Pages implements desk.Messenger: rich is HTML, plain the same without markup, links
// the headlines with an address each.
func (t *Telegram) Pages(p digest.Post) []digest.Page {
	var pages []digest.Page
	for _, post := range fit(p) {
		var page digest.Page
		for _, v := range variants(post, t.username()) {
			page.Variants = append(page.Variants, digest.Variant{
				Kind: v.kind, Payload: json.RawMessage(encode(v.payload)),
			})
		}
		pages = append(pages, page)
	}
	return pages
}

// Send implements desk.Messenger. A 200 whose body is cut off counts as sent, with an
// empty Receipt.Message.
func (t *Telegram) Send(ctx context.Context, to digest.Address, page digest.Page, a digest.Attempt) (digest.Receipt, error) {
	if a.Variant < 0 || a.Variant >= len(page.Variants) {
		return digest.Receipt{}, &digest.SendError{Fault: digest.Rejected, Err: fmt.Errorf("telegram: the page has no variant %d", a.Variant)}
	}
	var m payload
	if err := json.Unmarshal(page.Variants[a.Variant].Payload, &m); err != nil {
		return digest.Receipt{}, &digest.SendError{Fault: digest.Rejected, Err: fmt.Errorf("telegram: the page cannot be read: %w", err)}
	}
	if a.Repeat && m.Repeat != "" {
		m.Text = m.Repeat + "\n\n" + m.Text
	}
	p := target(to)
	m.content(p)
	p.AddBool("disable_notification", a.Silent)
	var sent message
	err := t.post(ctx, "sendMessage", p, &sent)
	var e *callError
	switch {
	case err == nil:
		return digest.Receipt{Message: id(sent.ID), At: time.Now()}, nil
	case errors.As(err, &e) && e.status == http.StatusOK && !e.telegram:
		return digest.Receipt{At: time.Now()}, nil
	}
	return digest.Receipt{}, t.failed(err, to)
}
