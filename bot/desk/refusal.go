package desk

import (
	"fmt"

	"newsdigest/digest"
)

// Reason names why something that was asked for cannot be done, so that the bot can say
// it in the chat's language.
type Reason string

// The reasons.
const (
	BadAddress      Reason = "bad address"       // not an address that may be fetched
	NotAnswering    Reason = "not answering"     // Host did not answer
	PageGone        Reason = "page gone"         // 404 or 410
	PageRefused     Reason = "page refused"      // Host answered with another error
	NoFeed          Reason = "no feed"           // Host has none
	NoArticle       Reason = "no article"        // nothing readable on the page
	Paywalled       Reason = "paywalled"         // nothing of the page can be read without paying
	TooManySources  Reason = "too many sources"  // the chat's limit
	TooManyDigests  Reason = "too many digests"  // the chat's limit for a day
	SameDigest      Reason = "same digest"       // the chat gets it already
	TooManyFollowed Reason = "too many followed" // the chat's limit of stories
	NoSuchSource    Reason = "no such source"
	NoSuchStory     Reason = "no such story"  // gone for good
	NoSuchDigest    Reason = "no such digest" // no subscription, or an edition that is gone
)

// Refusal is an error for people: what was asked for cannot be done.
type Refusal struct {
	Reason Reason
	Host   string // the site's host where one is meant
	Err    error  // for operators
	// HasFeed says that the page names a feed (NoArticle).
	HasFeed bool
	// Others are other outlets that tell the same story (Paywalled).
	Others []digest.Member
}

// Error implements error.
func (r *Refusal) Error() string {
	if r.Err != nil {
		return fmt.Sprintf("%s %s: %v", r.Reason, r.Host, r.Err)
	}
	return fmt.Sprintf("%s %s", r.Reason, r.Host)
}

// Unwrap gives the cause.
func (r *Refusal) Unwrap() error { return r.Err }
