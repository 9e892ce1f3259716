package telegram

import (
	"errors"
	"net/http"
	"strings"
	"sync"
	"time"

	"newsdigest/digest"
)

// ErrToken says that Telegram does not accept the token.
var ErrToken error = sentence("Telegram refused this token (401). Copy it again from @BotFather.")

// sentence is an error whose text is for people as it stands.
type sentence string

// Error implements error.
func (s sentence) Error() string { return string(s) }

// tokenError says in words for people that the token was refused; other errors stay.
func tokenError(err error) error {
	if refusesBot(err) {
		return ErrToken
	}
	return err
}

// refusesBot tells whether the answer is about the bot itself. A token of the wrong form
// gets 404 instead of 401.
func refusesBot(err error) bool {
	var e *callError
	return errors.As(err, &e) && e.telegram &&
		(e.status == http.StatusUnauthorized || e.status == http.StatusNotFound)
}

// gone are parts of descriptions of a 400 that mean that the chat or the topic is no
// more, or that the bot may not write there (tdlib/telegram-bot-api, Client.cpp; tdlib/td,
// MessagesManager.cpp).
var gone = []string{
	"chat not found", "message thread not found", "topic_closed", "topic_deleted", "peer_id_invalid",
	"not enough rights", "need administrator rights", "have no rights to send", "chat_write_forbidden", "chat_restricted",
	"group is deactivated", "chat was deactivated", "chat was deleted", "user is deactivated",
	"user_is_deactivated", "bot is not a member",
}

// sendError tells what became of a call to this address.
func (e *callError) sendError(to digest.Address) *digest.SendError {
	s := &digest.SendError{Fault: e.fault(), RetryAfter: e.retryAfter, Err: e}
	switch s.Fault {
	case digest.Moved:
		to.Channel = id(e.migrateTo)
		s.To = to
	case digest.NotSent:
		// A proxy's 429 is about the machine, not about a chat.
		s.Global = e.status == http.StatusTooManyRequests && !e.telegram
	}
	return s
}

// fault reads the evidence: what was written, who answered, and what.
func (e *callError) fault() digest.Fault {
	switch {
	case e.status == 0 && !e.written:
		return digest.NotSent
	case e.status == 0 || e.status >= http.StatusInternalServerError || e.status == http.StatusOK:
		return digest.Unknown
	case e.status == http.StatusTooManyRequests || !e.telegram:
		return digest.NotSent // turned away before anything was done
	case refusesBot(e):
		return digest.Shut
	case e.migrateTo != 0:
		return digest.Moved
	case e.status == http.StatusForbidden:
		return digest.Gone
	}
	if e.status == http.StatusBadRequest {
		description := strings.ToLower(e.description)
		for _, part := range gone {
			if strings.Contains(description, part) {
				return digest.Gone
			}
		}
	}
	return digest.Rejected
}

// describes tells whether an error is Telegram's refusal with these words in it.
func describes(err error, words string) bool {
	var e *callError
	return errors.As(err, &e) && e.telegram && strings.Contains(strings.ToLower(e.description), words)
}

// floodWindow is how close two refusals of different chats have to be to count as one of
// the whole bot. Telegram does not say which of its limits was hit.
const floodWindow = 10 * time.Second

// floods remembers the last refusal for too many messages.
type floods struct {
	mu   sync.Mutex
	chat string
	at   time.Time
}

// note tells whether a refusal now is the second in a short time, of another chat.
func (f *floods) note(chat string, now time.Time) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	all := f.chat != "" && f.chat != chat && now.Sub(f.at) < floodWindow
	f.chat, f.at = chat, now
	return all
}

// failed is what a failed call to an address means to whoever asked for it.
func (t *Telegram) failed(err error, to digest.Address) error {
	var e *callError
	if !errors.As(err, &e) {
		return &digest.SendError{Fault: digest.Rejected, Err: err}
	}
	s := e.sendError(to)
	if e.status == http.StatusTooManyRequests && t.floods.note(to.Channel, time.Now()) {
		s.Global = true
	}
	return s
}
