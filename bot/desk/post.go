package desk

import (
	"encoding/json"
	"fmt"
	"time"

	"newsdigest/digest"
	"newsdigest/store"
)

// post is the first page of an edition in a platform's form, with blanks in the place of
// what names the edition.
type post struct {
	pages    []digest.Page
	contents []store.Content
}

// pagesOf are the first page of an edition in the form of a platform. Those that many chats get
// are made once and stored once; they are named only.
func (d *Desk) pagesOf(in *minute, m Messenger, e digest.Edition, to digest.Address, shared bool) ([]digest.Page, []store.Content, error) {
	if !shared {
		return m.Pages(d.editor.Post(e, 1, to)), nil, nil
	}
	blank, key, err := d.blank(e, to)
	if err != nil {
		return nil, nil, err
	}
	in.mu.Lock()
	p := in.posts[key]
	in.mu.Unlock()
	if p != nil {
		return p.pages, p.contents, nil
	}
	p = &post{}
	for _, page := range m.Pages(d.editor.Post(blank, 1, to)) {
		c, page, err := store.NewPage(page)
		if err != nil {
			return nil, nil, err
		}
		p.pages, p.contents = append(p.pages, page), append(p.contents, c)
	}
	in.mu.Lock()
	defer in.mu.Unlock()
	if len(in.posts) < mostPosts {
		in.posts[key] = p
	}
	return p.pages, p.contents, nil
}

// blank is the edition without what is the chat's own, as Editor.Post says, and a key of all
// that is left and of the kind of place.
func (d *Desk) blank(e digest.Edition, to digest.Address) (digest.Edition, string, error) {
	id, public := d.store.Blank()
	e.ID, e.Chat, e.Subscription = id, "", ""
	if e.Public != "" {
		e.Public = public
	}
	if len(e.Stories) > 0 {
		e.Previous = time.Time{}
	}
	head := e
	head.Stories = nil // Content names them
	raw, err := json.Marshal(head)
	return e, fmt.Sprint(to.Platform, to.Private(), string(raw)), err
}
