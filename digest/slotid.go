package digest

import (
	"strings"
	"time"
)

// made is hash for what the slot of a chat brings. Its first characters are the slot's hour and
// the chat's neighborhood, so that what is written in one go stands in one place of the
// store, behind what was written before, and not wherever a hash would put it.
func made(kind string, chat ChatID, slot Slot, parts ...string) string {
	id := hash(kind, append([]string{string(chat), slot.Local}, parts...)...)
	local, err := time.Parse(localFormat, slot.Local)
	if err != nil {
		return id
	}
	return ordered(int(local.Unix()/3600)) + ordered(neighborhood(chat)) + id[:10]
}

// neighborhood is a number that chats of one partition whose ids are close have in common.
func neighborhood(chat ChatID) int {
	n := Partition(string(chat))
	for _, c := range (string(chat) + "22")[:2] {
		n = n<<5 | max(0, strings.IndexRune(sorted32, c))
	}
	return n >> 1
}

// ordered is a number modulo 32,768 in three characters that sort as it does.
func ordered(n int) string {
	return string([]byte{sorted32[n>>10&31], sorted32[n>>5&31], sorted32[n&31]})
}

// sorted32 are the characters of ids in the order of bytes.
const sorted32 = "234567abcdefghijklmnopqrstuvwxyz"
