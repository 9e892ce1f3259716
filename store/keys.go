package store

import (
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
	"time"

	"newsdigest/digest"
)

// Keys are readable text. Their parts are separated by slashes; times and numbers are
// hex digits of a fixed width, so that byte order is order of time.
//
//	meta/schema                                 the schema, a decimal number
//	lease/<name>                                who may do a part of the work, see share.go
//	process/<id>                                the last sign of life of a process, see member.go
//	meta/move                                   how far a move of a store into here has come
//	meta/secret                                 what public ids are made with
//	meta/starter                                the starter set by which chats are counted as followers
//	chat/<chat>                                 chat
//	addr/<address key>                          id of the chat that is there
//	own/<chat>/<kind>/<id>                      the chat's editions, deliveries and feedback (no value)
//	due/sub/<part>/<time>/<chat>/<ordinal>      when a subscription is due (no value)
//	source/<source>                             source with its fetch state, see sourcerow.go
//	followers/<source>                          how many chats follow it, a decimal number
//	seen/<source>                               what is remembered of its entries, see seen.go
//	due/source/<part>/<time>/<source>           when a source is due (no value)
//	article/<article>                           article
//	queue/read/<part>/<newest>/<article>        articles whose page is to be read, with source and host
//	queue/place/<newest>/<article>              articles to be placed in stories (no value)
//	story/<story>                               story, or the note where it went
//	live/<last article>/<story>                 stories by their newest article (no value)
//	meta/news                                   the last revision of a story, a decimal number
//	news/<revision>/<story>                     stories and notes by their revision (no value)
//	edition/<edition>                           edition
//	delivery/<delivery>                         delivery
//	content/<hash>                              what is stored once for many, see content.go
//	kept/<hash>                                 until when it is needed at least
//	due/delivery/<platform>/<part>/<time>/<delivery>  when to go on with a delivery (no value)
//	sending/<delivery>                          deliveries with a send under way (no value)
//	watch/<story>/<chat>                        who follows a story (no value)
//	public/<kind>/<public>                      id of what has this public id
//	feedback/<time>/<id>                        feedback
//	inbox/body/<platform>/<id>                  a message not handled yet
//	inbox/done/<platform>/<id>                  a message that was handled (no value)
//	inbox/cursor/<platform>                     up to where the platform's messages are recorded
//	problems/<process>                          what is wrong there, and operators were told
//	meta/announcement                           what an operator announced last, and how far it is
//	meta/touched/<process>                      when it last tried to write
//	expire/<time>/<kind>/<id>                   when to look whether something has to go (no value)
//
// <part> is the owner's partition (digest.Partition): of the chat for subscriptions and
// deliveries, of the source for sources and their articles. <newest> is a time that counts
// backwards, so that the newest comes first.
var (
	schemaKey = []byte("meta/schema")
	secretKey = []byte("meta/secret")
	newsKey   = []byte("meta/news")

	starterKey = []byte("meta/starter")
)

func key(parts ...string) []byte { return []byte(strings.Join(parts, "/")) }

// after is the least key behind all that begin with the prefix.
func after(prefix string) []byte {
	to := []byte(prefix)
	to[len(to)-1]++ // prefixes end in a slash or a hex digit
	return to
}

func chatKey(id digest.ChatID) []byte         { return key("chat", string(id)) }
func addressKey(address string) []byte        { return key("addr", address) }
func sourceKey(id digest.SourceID) []byte     { return key("source", string(id)) }
func followersKey(id digest.SourceID) []byte  { return key("followers", string(id)) }
func seenKey(id digest.SourceID) []byte       { return key("seen", string(id)) }
func articleKey(id digest.ArticleID) []byte   { return key("article", string(id)) }
func storyKey(id digest.StoryID) []byte       { return key("story", string(id)) }
func editionKey(id digest.EditionID) []byte   { return key("edition", string(id)) }
func deliveryKey(id digest.DeliveryID) []byte { return key("delivery", string(id)) }
func sendingKey(id digest.DeliveryID) []byte  { return key("sending", string(id)) }

func contentKey(id digest.ContentID) []byte { return key("content", string(id)) }
func keptKey(id digest.ContentID) []byte    { return key("kept", string(id)) }

func watchKey(story digest.StoryID, chat digest.ChatID) []byte {
	return key("watch", string(story), string(chat))
}

func publicKey(what Public, public string) []byte { return key("public", string(what), public) }

func liveKey(s digest.Story) []byte {
	return key("live", stamp(s.Last()), string(s.ID))
}

// The kinds of rows that a chat owns.
const (
	ownEdition  = "edition"
	ownDelivery = "delivery"
	ownFeedback = "feedback"
)

func ownKey(chat digest.ChatID, kind, id string) []byte {
	return key("own", string(chat), kind, id)
}

// stamp is a time in keys: milliseconds since 1970 in 12 hex digits (enough until the
// year 10889); earlier times count as 1970.
func stamp(t time.Time) string {
	var b [8]byte
	binary.BigEndian.PutUint64(b[:], uint64(min(max(0, t.UnixMilli()), 1<<48-1)))
	return hex.EncodeToString(b[2:])
}

// unstamp reads a time from a key, to the millisecond.
func unstamp(s string) (time.Time, error) {
	ms, err := strconv.ParseInt(s, 16, 64)
	if err != nil {
		return time.Time{}, fmt.Errorf("time %q in a key: %w", s, err)
	}
	return time.UnixMilli(ms).UTC(), nil
}

// upTo is the least key behind all of the prefix with times not after t.
func upTo(prefix string, t time.Time) []byte {
	return []byte(prefix + stamp(t.Add(time.Millisecond)))
}
