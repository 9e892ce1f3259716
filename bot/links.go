package bot

import (
	"context"
	"fmt"
	"hash/fnv"
	"regexp"
	"strings"

	"newsdigest/bot/desk"
	"newsdigest/bot/texts"
	"newsdigest/digest"
)

// link finds the address of a page in a text.
var link = regexp.MustCompile(`(?i)\bhttps?://[^\s<>"“”]+`)

// bareLink is the address of a page as people write it who leave its scheme out: nothing else
// stands in the message.
var bareLink = regexp.MustCompile(`(?i)^([a-z0-9-]+\.)+[a-z]{2,}(:\d+)?(/\S*)?$`)

// linkIn is the first link in a text, empty if there is none. What ends a sentence does
// not belong to it.
func linkIn(text string) string {
	found := strings.TrimRight(link.FindString(text), ".,;:!?'’»")
	for found != "" && strings.HasSuffix(found, ")") && strings.Count(found, "(") < strings.Count(found, ")") {
		found = strings.TrimRight(found[:len(found)-1], ".,;:!?'’»")
	}
	return found
}

// linkAction is what a button does with a link. An action is too short for an address:
// the address waits as a question, and the action says which one is meant.
func linkAction(what, address string) string {
	h := fnv.New32a()
	h.Write([]byte(address))
	return fmt.Sprintf("link:%s:%08x", what, h.Sum32())
}

// offerLink asks what to do with a link that somebody sent.
func (c *conversation) offerLink(ctx context.Context, address string) (Reply, error) {
	if err := c.remember(ctx, "link:"+address); err != nil {
		return Reply{}, err
	}
	return c.say(texts.WhatWithLink, texts.Args{"Host": hostOf(address)}).with(
		digest.Button{Label: c.t(texts.ButtonSummarize), Action: c.action(linkAction("read", address))},
		digest.Button{Label: c.t(texts.ButtonAddSource), Action: c.action(linkAction("add", address))}), nil
}

// hostOf is what people call the site of an address, typed with its scheme or without. The
// rest of it may be a secret of theirs, and others may read along.
func hostOf(address string) string {
	if _, rest, ok := strings.Cut(address, "://"); ok {
		address = rest
	}
	if end := strings.IndexAny(address, "/?#"); end >= 0 {
		address = address[:end]
	}
	host := address[strings.LastIndexByte(address, '@')+1:]
	return quote(strings.TrimPrefix(host, "www."))
}

// pressLink is a button under a link: "link:read:HASH", "link:add:HASH". It works until
// something else is asked, however long that is.
func (c *conversation) pressLink(ctx context.Context, args string) (Reply, error) {
	what, _, _ := strings.Cut(args, ":")
	q := c.question()
	if q == nil {
		return c.say(texts.OldButton), nil
	}
	address, ok := strings.CutPrefix(q.Action, "link:")
	if !ok || linkAction(what, address) != "link:"+args {
		return c.say(texts.OldButton), nil
	}
	switch what {
	case "read":
		return c.read(ctx, address)
	case "add":
		if !c.chat.Address.Private() {
			return c.say(texts.OldButton), nil
		}
		return c.addSource(ctx, address)
	}
	return c.say(texts.OldButton), nil
}

// article is /article: the summary of one page, or of the first link in the message that
// the command was used on.
func (c *conversation) article(ctx context.Context, args string) (Reply, error) {
	address := strings.TrimSpace(args)
	if o := c.option("url"); o != "" {
		address = o
	}
	if found := linkIn(address); found != "" {
		address = found
	}
	if address == "" && c.r.Quoted != "" {
		if address = linkIn(head(c.r.Quoted, maxTyped)); address == "" {
			return c.say(texts.NoLink), nil
		}
	}
	if address == "" {
		return c.say(texts.ArticleUsage), nil
	}
	return c.read(ctx, address)
}

// read summarizes a page.
func (c *conversation) read(ctx context.Context, address string) (Reply, error) {
	if err := c.answer(ctx, Reply{Working: true}); err != nil {
		return Reply{}, err
	}
	b, err := c.b.desk.Article(ctx, c.chat, address, c.now)
	if err != nil {
		return c.unreadable(ctx, address, err)
	}
	return c.summarized(b), nil
}

// summarized is the summary of a page.
func (c *conversation) summarized(b desk.Brief) Reply {
	r := c.post()
	r.Public = c.option("share") == "true" || !c.r.Chat.Private()
	p := r.Post
	p.Title = digest.Line{{Text: b.Article.Title, Bold: true}}
	if b.Paragraphs > 0 {
		p.Lead = []digest.Line{digest.Plain(c.t(texts.PaywallPart, texts.Args{"Count": b.Paragraphs}))}
	}
	for _, s := range b.Summary.Full {
		p.Lines = append(p.Lines, digest.Plain(digest.Clean(s.Text)))
	}
	source := digest.Line{{Text: digest.Clean(b.Article.Outlet), URL: b.Article.Link}}
	if b.Article.Paywall {
		source = append(source, digest.Run{Text: " (" + c.t(texts.Paywall) + ")"})
	}
	p.Lines = append(p.Lines, source)
	p.Lines = append(p.Lines, c.alsoBy(texts.PaywallOthers, b.Others)...)
	p.Note = c.t(texts.Note)
	return r
}

// alsoBy are other outlets that tell the same story, under a line that says so.
func (c *conversation) alsoBy(head texts.ID, others []digest.Member) []digest.Line {
	if len(others) == 0 {
		return nil
	}
	lines := []digest.Line{digest.Plain(c.t(head, texts.Args{"Count": len(others)}))}
	for _, m := range others {
		lines = append(lines, digest.Line{{Text: digest.Clean(m.Outlet), URL: m.Link}, {Text: ": " + digest.Clean(m.Title)}})
	}
	return lines
}
