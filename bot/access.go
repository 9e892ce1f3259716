package bot

import (
	"slices"

	"newsdigest/digest"
)

// Access says who may use the bot. The zero value lets everybody.
type Access struct {
	// Listed admits only who is in Allow, and the operators.
	Listed bool
	// Allow and Operators are users, chats or Discord servers, "telegram:123".
	Allow, Operators []string
}

// Allows tells whether the request's user, place or server is admitted.
func (a Access) Allows(r Request) bool {
	if !a.Listed {
		return true
	}
	for _, id := range []string{r.User, r.Place.Channel, r.Server} {
		name := string(r.Platform) + ":" + id
		if id != "" && (slices.Contains(a.Allow, name) || slices.Contains(a.Operators, name)) {
			return true
		}
	}
	return r.Platform == digest.Console
}
