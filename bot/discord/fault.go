package discord

import (
	"errors"
	"net/http"
	"time"

	"newsdigest/digest"
)

// Error codes (topics/opcodes-and-status-codes, "JSON Error Codes").
const (
	unknownChannel    = 10003
	unknownGuild      = 10004
	unknownMessage    = 10008
	missingAccess     = 50001
	refusesDMs        = 50007
	missingPermission = 50013
	badWebhookToken   = 50027
)

// askAgain is when a chat is tried again that lacks a permission: somebody may have
// noticed by then.
const askAgain = time.Hour

// fault is the verdict on a failed call, from the evidence: what was written, what came
// back. embeds tells whether the message had any: Discord refuses them with the same code
// where only the permission for them is missing, and a message without may pass.
func fault(err error, embeds bool) *digest.SendError {
	var e *callError
	if !errors.As(err, &e) {
		return &digest.SendError{Fault: digest.NotSent, Err: err}
	}
	out := &digest.SendError{Err: e}
	switch {
	case e.status == 0 && !e.wrote:
		out.Fault = digest.NotSent
	case e.status == 0, e.status >= 500:
		out.Fault = digest.Unknown
	case e.status == http.StatusTooManyRequests:
		out.Fault, out.RetryAfter, out.Global = digest.NotSent, e.wait, e.global
	case e.code == badWebhookToken:
		out.Fault = digest.Gone
	case e.status == http.StatusUnauthorized:
		out.Fault = digest.Shut
	case e.code == unknownChannel, e.code == unknownGuild, e.code == refusesDMs:
		out.Fault = digest.Gone
	case e.code == missingPermission && embeds:
		out.Fault = digest.Rejected
	case e.code == missingAccess, e.code == missingPermission:
		out.Fault, out.RetryAfter = digest.NotSent, askAgain
	default:
		// 50035 and 200000 are about this message; so is any other refusal: the next form
		// of the page may pass, and the same one never will.
		out.Fault = digest.Rejected
	}
	return out
}
