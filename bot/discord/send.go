package discord

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"newsdigest/bot/texts"
	"newsdigest/digest"
)

// Send sends a variant of a page. The attempt's key goes along as the message's nonce:
// within some minutes Discord gives the message it already has instead of a second one.
func (p *Platform) Send(ctx context.Context, to digest.Address, page digest.Page, a digest.Attempt) (digest.Receipt, error) {
	if !isID(to.Channel) || a.Variant < 0 || a.Variant >= len(page.Variants) {
		return digest.Receipt{}, &digest.SendError{Fault: digest.Rejected, Err: errors.New("discord: no channel or no such variant")}
	}
	var v payload
	if err := json.Unmarshal(page.Variants[a.Variant].Payload, &v); err != nil {
		return digest.Receipt{}, &digest.SendError{Fault: digest.Rejected, Err: fmt.Errorf("discord: a page that is none: %w", err)}
	}
	m := v.Message
	m.Nonce, m.EnforceNonce = nonce(a.Key), true
	if a.Repeat {
		m.Content = strings.TrimSpace(escape(texts.Say(v.Language, texts.MayRepeat), true) + "\n" + m.Content)
	}
	if a.Silent {
		m.Flags |= flagSilent
	}
	return p.post(ctx, to.Channel, m.marked(a.Key))
}

// post creates a message.
func (p *Platform) post(ctx context.Context, channel string, m message) (digest.Receipt, error) {
	path := "/channels/" + channel + "/messages"
	answer, err := p.call(ctx, http.MethodPost, path, path, m)
	var call *callError
	switch {
	case err == nil:
	case errors.As(err, &call) && call.code == unknownMessage:
		return digest.Receipt{At: time.Now()}, nil // it had arrived, and somebody deleted it
	case errors.As(err, &call) && call.status != 0 && call.status < 300:
		return digest.Receipt{At: time.Now()}, nil // it arrived; the answer was cut off
	default:
		return digest.Receipt{}, fault(err, len(m.Embeds) > 0)
	}
	var sent struct{ ID string }
	if json.Unmarshal(answer, &sent) != nil {
		sent.ID = "" // it arrived all the same
	}
	return digest.Receipt{Message: sent.ID, At: time.Now()}, nil
}

// nonce makes a key fit for a nonce.
func nonce(key string) string {
	if len(key) <= maxNonce {
		return key
	}
	sum := sha256.Sum256([]byte(key))
	return hex.EncodeToString(sum[:])[:maxNonce]
}

// markLength is how much of the key an embed's footer shows, for Find: Discord does not
// keep nonces as long as messages.
const markLength = 6

func mark(key string) string { return "· " + key[:min(len(key), markLength)] }

// marked is the message with the key's mark in its footer, if it has one.
func (m message) marked(key string) message {
	if len(m.Embeds) == 0 || m.Embeds[0].Footer == nil || key == "" {
		return m
	}
	m.Embeds = append([]embed{}, m.Embeds...)
	m.Embeds[0].Footer = &footer{Text: m.Embeds[0].Footer.Text + " " + mark(key)}
	return m
}

// Open gives the address of direct messages with a user. Discord opens it for everybody;
// who refuses direct messages refuses the first one.
func (p *Platform) Open(ctx context.Context, user string) (digest.Address, error) {
	const path = "/users/@me/channels"
	answer, err := p.call(ctx, http.MethodPost, path, path, map[string]string{"recipient_id": user})
	if err != nil {
		return digest.Address{}, fault(err, false)
	}
	var c struct{ ID string }
	if err := json.Unmarshal(answer, &c); err != nil || c.ID == "" {
		return digest.Address{}, &digest.SendError{Fault: digest.NotSent, Err: errors.New("discord: the answer is no channel")}
	}
	return digest.Address{Platform: digest.Discord, User: user, Channel: c.ID}, nil
}

// epoch is the first millisecond of Discord's ids (reference, "Snowflakes").
const epoch = 1420070400000

// Search of the history.
const (
	findPages = 3
	findPage  = 100             // the most that a page may have (resources/message, "Get Channel Messages")
	findSlack = 5 * time.Second // clocks differ
)

// Find looks in the channel's history for a message that was sent with the key. It needs
// Read Message History; without, Discord shows an empty history.
func (p *Platform) Find(ctx context.Context, in digest.Address, key string, since time.Time) (digest.Receipt, bool, error) {
	if !isID(in.Channel) {
		return digest.Receipt{}, false, &digest.SendError{Fault: digest.Rejected, Err: errors.New("discord: no channel to look in")}
	}
	after := strconv.FormatInt(max(0, since.Add(-findSlack).UnixMilli()-epoch)<<22, 10)
	for range findPages {
		path := "/channels/" + in.Channel + "/messages"
		answer, err := p.call(ctx, http.MethodGet, fmt.Sprintf("%s?limit=%d&after=%s", path, findPage, after), "GET "+path, nil)
		if err != nil {
			return digest.Receipt{}, false, fault(err, false)
		}
		var page []past // the newest first
		if err := json.Unmarshal(answer, &page); err != nil {
			return digest.Receipt{}, false, &digest.SendError{Fault: digest.NotSent, Err: errors.New("discord: the answer is no history")}
		}
		for _, m := range page {
			if p.mine(m.Author.ID) && m.carries(key) {
				return digest.Receipt{Message: m.ID, At: m.Timestamp}, true, nil
			}
		}
		if len(page) < findPage {
			break
		}
		after = page[0].ID
	}
	return digest.Receipt{}, false, nil
}

// past is a message of the history.
type past struct {
	ID        string              `json:"id"`
	Author    struct{ ID string } `json:"author"`
	Nonce     any                 `json:"nonce"`
	Timestamp time.Time           `json:"timestamp"`
	Embeds    []embed             `json:"embeds"`
}

func (m past) carries(key string) bool {
	if m.Nonce == nonce(key) {
		return true
	}
	for _, e := range m.Embeds {
		if e.Footer != nil && strings.HasSuffix(e.Footer.Text, mark(key)) {
			return true
		}
	}
	return false
}

// mine tells whether an author is the bot; without knowing who it is, a mark counts.
func (p *Platform) mine(author string) bool {
	me := p.me.Load()
	return me == nil || me.User == author
}
