package bot

import (
	"context"
	"strings"

	"newsdigest/bot/texts"
	"newsdigest/digest"
)

// What links to the private chat say there, besides the digests and stories that they
// name. startTopic is followed by a topic.
const (
	startPrivacy   = "privacy"
	startSubscribe = "subscribe"
	startFeeds     = "web"
	startTopic     = "t_"
)

// start is /start, the first contact.
func (c *conversation) start(ctx context.Context, payload string) (Reply, error) {
	if !c.r.Private {
		return c.say(texts.GreetGroup), nil
	}
	payload = strings.TrimSpace(payload)
	switch topic, ok := strings.CutPrefix(payload, startTopic); {
	case payload == startPrivacy:
		return c.privacy(ctx, "")
	case payload == startSubscribe:
		return c.offer(ctx, order{})
	case payload == startFeeds:
		return c.feeds(ctx, "")
	case ok:
		if t, known := c.topicLike(topic); known {
			return c.offer(ctx, order{topic: t})
		}
	}
	if r, err := c.startAt(ctx, payload); r != nil || err != nil {
		return *or(r, &Reply{}), err
	}
	return c.say(texts.Hello).
		with(digest.Button{Label: c.t(texts.ButtonShow), Action: "digest:"}).
		with(digest.Button{Label: c.t(texts.ButtonSetUp), Action: "daily:"}), nil
}

// help is /help, made from the table of commands.
func (c *conversation) help(context.Context, string) (Reply, error) {
	lines := []digest.Line{digest.Plain(c.t(texts.HelpHead))}
	for _, spec := range Commands {
		example := spec.Example
		if spec.Sample != "" {
			example = c.t(spec.Sample)
		}
		lines = append(lines, digest.Line{{Text: "/" + example, Bold: true}, {Text: " – " + c.t(spec.Description)}})
	}
	foot := digest.Plain(c.t(texts.HelpFoot, texts.Args{"Version": c.b.version}))
	if c.b.home != "" {
		foot = append(foot, digest.Run{Text: " · "}, digest.Run{Text: c.t(texts.HelpSource), URL: c.b.home})
	}
	lines = append(lines, foot)
	r := c.post()
	r.Post.Lines = lines
	return r, nil
}

// unknown is the reply to a command that does not exist; in a group, silence.
func (c *conversation) unknown(name string) Reply {
	switch {
	case c.r.Kind == Press || c.r.Kind == FormAnswer:
		return c.say(texts.OldButton)
	case !c.r.Private:
		return Reply{}
	}
	name = shorten(digest.Clean(name), 32)
	if like := nearest(name); like != "" {
		return c.say(texts.UnknownLike, texts.Args{"Command": name, "Like": like}).
			with(digest.Button{Label: "/" + like, Action: "do:" + like})
	}
	return c.say(texts.Unknown, texts.Args{"Command": name})
}

// nearest is the command that is spelled most like name, empty if none is close.
func nearest(name string) string {
	best, distance := "", 3 // more than two letters off is another word
	for _, spec := range Commands {
		if d := edits(strings.ToLower(name), spec.Name); d < distance {
			best, distance = spec.Name, d
		}
	}
	return best
}

// edits counts the letters to insert, delete or replace to make a into b.
func edits(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			replace := diagonal
			if a[i] != b[j] {
				replace++
			}
			diagonal = row[j+1]
			row[j+1] = min(replace, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}

// joined greets a group or server once. One that the bot was in before and left, is back.
func (c *conversation) joined(ctx context.Context) (Reply, error) {
	before, known, err := c.b.desk.Chat(ctx, c.r.Chat)
	if err != nil {
		return Reply{}, err
	}
	c.r.ChatName = "" // on Discord, that of the server
	if err := c.meet(ctx); err != nil || known && before.Gone == "" {
		return Reply{}, err
	}
	if c.r.Platform == digest.Discord {
		return c.say(texts.GreetServer).with(digest.Button{Label: c.t(texts.ButtonSetItUp), Action: "setup:"}), nil
	}
	return c.say(texts.GreetGroup), nil
}

// leave notes that the bot was removed or blocked.
func (c *conversation) leave(ctx context.Context) error {
	const why = "removed or blocked"
	if at := c.r.Chat; at.Channel == "" && at.Server != "" {
		return c.b.desk.LoseServer(ctx, at, why, c.now)
	}
	chat, ok, err := c.b.desk.Chat(ctx, c.r.Chat)
	if err != nil || !ok {
		return err
	}
	return c.b.desk.Lose(ctx, chat.ID, why, c.now)
}
