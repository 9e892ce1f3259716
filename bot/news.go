package bot

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"newsdigest/bot/texts"
	"newsdigest/digest"
)

// digest is /digest: the digest as it is now.
func (c *conversation) digest(ctx context.Context, args string) (Reply, error) {
	topic, no := c.topicOption()
	if no != nil {
		return *no, nil
	}
	if topic == "" {
		topic, args = c.topicIn(args)
	}
	length, args := c.lengthIn(args + " " + c.option("length"))
	if rest := strings.TrimSpace(args); rest != "" {
		return c.oneTopic(topic, rest, c.noSuchTopic(rest)), nil
	}
	if err := c.readFirst(ctx); err != nil {
		return Reply{}, err
	}
	e, err := c.b.desk.Digest(ctx, c.chat, c.r.ID, topic, length, c.now)
	if err != nil {
		return Reply{}, err
	}
	p := c.b.editor.Post(e, 1, c.r.Chat)
	return Reply{Post: &p, Public: c.option("share") == "true" || !c.r.Chat.Private()}, nil
}

// topStories is what a chat gets instead of an empty digest: the best of all topics,
// whatever it has seen.
func (c *conversation) topStories(ctx context.Context, _ string) (Reply, error) {
	wide := c.chat
	wide.AllTopics = true
	e, err := c.b.desk.Digest(ctx, wide, c.r.ID, "", "", c.now)
	if err != nil {
		return Reply{}, err
	}
	p := c.b.editor.Post(e, 1, c.r.Chat)
	return Reply{Post: &p}, nil
}

// readFirst reads the chat's sources that were never read, so that its first digest has
// something in it, and says so meanwhile.
func (c *conversation) readFirst(ctx context.Context) error {
	unread, err := c.b.desk.Unread(ctx, c.chat)
	if err != nil || len(unread) == 0 {
		return err
	}
	r := c.say(texts.Reading, texts.Args{"Count": len(unread)})
	r.Working = true
	if err := c.answer(ctx, r); err != nil {
		// The digest itself may still get through.
		c.b.log.Warn("not shown that sources are read", "platform", c.r.Platform, "request", c.r.ID, "error", err)
	}
	return c.b.desk.ReadNow(ctx, unread, c.now, nil)
}

// more is "Show 3 more": another page of a digest, "more:EDITION:2".
func (c *conversation) more(ctx context.Context, args string) (Reply, error) {
	id, number, _ := strings.Cut(args, ":")
	e, err := c.b.desk.Edition(ctx, digest.EditionID(id))
	page, bad := strconv.Atoi(number)
	if err != nil || bad != nil || page < 1 || page > e.PageCount() || !c.mayRead(e) {
		return c.oldDigest(), nil
	}
	if e.Chat == c.chat.ID && c.chat.Address.Private() { // what one member opens is not shown to all
		if err := c.b.desk.Opened(ctx, e, page, c.now); err != nil {
			return Reply{}, err
		}
	}
	p := c.b.editor.Post(e, page, c.r.Chat)
	return Reply{Post: &p, Edit: c.r.Private}, nil
}

// mayRead tells whether a pressed button may show an edition. Discord brings only presses
// of buttons that a message really has, so whoever sees the message may turn its pages; a
// Telegram client can send any action it likes.
func (c *conversation) mayRead(e digest.Edition) bool {
	return e.Chat == c.chat.ID || c.r.Platform == digest.Discord
}

// found is how many stories a search shows.
const found = 5

// search is /search.
func (c *conversation) search(ctx context.Context, args string) (Reply, error) {
	query := digest.Clean(args)
	if o := c.option("query"); o != "" {
		query = digest.Clean(o)
	}
	if query == "" {
		return c.say(texts.SearchUsage), nil
	}
	stories, err := c.b.desk.Search(ctx, c.chat, query, c.now, found)
	if err != nil {
		return Reply{}, err
	}
	if len(stories) == 0 {
		return c.say(texts.NothingFound, texts.Args{"Query": quote(query)}), nil
	}
	r := c.post()
	zone := zoneOf(c.chat.Settings.Zone)
	for i, s := range stories {
		r.Post.Lines = append(r.Post.Lines,
			digest.Line{{Text: strconv.Itoa(i+1) + ". ", Bold: true}, {Text: s.Headline, Bold: true}},
			c.foundLine(s, texts.Day(c.lang, s.Last().In(zone))))
	}
	return r, nil
}

func (c *conversation) foundLine(s digest.Story, day string) digest.Line {
	line := digest.Plain(day)
	outlets := s.Outlets()
	for _, m := range outlets[:min(len(outlets), digest.LinksShown)] {
		line = append(line, digest.Run{Text: " · "}, digest.Run{Text: digest.Clean(m.Outlet), URL: m.Link})
	}
	if more := len(outlets) - digest.LinksShown; more > 0 {
		line = append(line, digest.Run{Text: " · " + c.t(texts.MoreLinks, texts.Args{"Count": more})})
	}
	return line
}

// shorten cuts a text to n characters.
func shorten(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return strings.TrimSpace(string(r[:n-1])) + "…"
	}
	return s
}

// lengthIn takes a length out of the words that somebody typed: "brief", "length: brief".
func (c *conversation) lengthIn(words string) (digest.Length, string) {
	fields := strings.Fields(words)
	for i, f := range fields {
		if l, ok := c.lengthLike(f); ok {
			from := i
			if _, named := texts.Typed(c.lang, strings.TrimRight(fields[max(0, i-1)], ":："), texts.TypedLength); named && i > 0 {
				from = i - 1
			}
			return l, strings.Join(slices.Delete(fields, from, i+1), " ")
		}
	}
	return "", words
}

// typedLengths are the words that people type for a length.
var typedLengths = map[texts.ID]digest.Length{
	texts.TypedBrief: digest.Brief, texts.TypedStandard: digest.Standard, texts.TypedFull: digest.Full,
}

// lengthLike is the length that somebody typed.
func (c *conversation) lengthLike(typed string) (digest.Length, bool) {
	id, ok := texts.Typed(c.lang, typed, texts.TypedBrief, texts.TypedStandard, texts.TypedFull)
	return typedLengths[id], ok
}
