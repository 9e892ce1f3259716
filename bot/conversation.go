package bot

import (
	"context"
	"errors"
	"strings"
	"time"

	"newsdigest/bot/texts"
	"newsdigest/digest"
)

// conversation is the work on one request.
type conversation struct {
	b    *Bot
	a    Answerer
	r    Request
	now  time.Time // when the request came in
	lang string    // of the texts
	chat digest.Chat
	// missing are the permissions that the bot was found to lack in the chat.
	missing []string
	// home is the private chat from which the chat, a channel, is run; nil otherwise.
	home *digest.Chat
}

// command is a command, or what a button's action does: args is the text after its name.
type command func(c *conversation, ctx context.Context, args string) (Reply, error)

// handlers are the commands by name, aliases included. Those that change a chat are in
// manages.
func handlers() map[string]command {
	return map[string]command{
		"start": (*conversation).start, "help": (*conversation).help, "cancel": (*conversation).cancel,
		"digest": (*conversation).digest, "article": (*conversation).article, "search": (*conversation).search,
		"subscribe": (*conversation).subscribe, "subscriptions": (*conversation).subscriptions,
		"unsubscribe": (*conversation).unsubscribe, "stop": (*conversation).unsubscribe,
		"topics": (*conversation).topics, "sources": (*conversation).sources, "settings": (*conversation).settings,
		"why": (*conversation).why, "follow": (*conversation).follow, "mute": (*conversation).mute,
		"feedback": (*conversation).feedback, operatorName: (*conversation).operator,
		"web":     (*conversation).feeds,
		"privacy": (*conversation).privacy, "export": (*conversation).export, "delete_my_data": (*conversation).askErase,
	}
}

// actions are what buttons do, by the part of the action before the first colon.
func actions() map[string]command {
	return map[string]command{
		"digest": (*conversation).digest, "more": (*conversation).more, "top": (*conversation).topStories,
		"daily": (*conversation).offerTimes, "sub": (*conversation).pressSubscribe,
		"when": (*conversation).pressWhen, "undo": (*conversation).undo,
		"zone": (*conversation).pressZone, "add": (*conversation).pressAdd, "ask": (*conversation).ask,
		"subs": (*conversation).pressSubs, "swap": (*conversation).swap, "leave": (*conversation).pressLeave,
		"topics": (*conversation).pressTopics, "settings": (*conversation).pressSettings,
		"sources": (*conversation).pressSources, "import": (*conversation).pressImport,
		"setup": (*conversation).setUp, "post": (*conversation).pressPost,
		"retry": (*conversation).pressRetry, "drop": (*conversation).pressDrop,
		"card": pressStory("card"), "why": pressStory("why"), "follow": pressStory("follow"), "hide": pressStory("hide"),
		"like": pressStory("like"), "dislike": pressStory("dislike"),
		"hush": (*conversation).hush, "unmute": (*conversation).unmute, "mutes": (*conversation).pressMutes,
		"learned": (*conversation).learned, "useful": (*conversation).useful, "useless": (*conversation).useless,
		"irrelevant": (*conversation).irrelevant, "toolong": (*conversation).tooLong, "duplicate": (*conversation).duplicate,
		"shorter": (*conversation).shorter,
		"link":    (*conversation).pressLink, "do": (*conversation).do, "privacy": (*conversation).pressPrivacy,
		operatorName: (*conversation).pressOperator,
		"web":        (*conversation).pressFeeds,
	}
}

// maxTyped is how much of what somebody typed is read, in bytes: twice what a message on
// any platform may have.
const maxTyped = 16 << 10

// manages are the commands, actions and questions that change a chat: in a place that
// others read too, only those who run it may use them.
var manages = map[string]bool{
	"subscribe": true, "subscriptions": true, "unsubscribe": true, "stop": true, "topics": true,
	"sources": true, "settings": true,
	"daily": true, "sub": true, "when": true, "undo": true, "zone": true, "add": true, "ask": true,
	"follow": true, "mute": true, "hide": true, "hush": true, "unmute": true, "mutes": true, "learned": true,
	"like": true, "dislike": true, "useful": true, "useless": true, "irrelevant": true, "toolong": true,
	"duplicate": true, "shorter": true,
	"subs": true, "swap": true, "leave": true, "import": true, "setup": true, "post": true, "retry": true, "drop": true,
	"retime": true, "quiet": true, "source": true, "web": true,
}

// reply makes the reply to the request.
func (c *conversation) reply(ctx context.Context) (Reply, error) {
	switch c.r.Kind {
	case Joined:
		return c.joined(ctx)
	case Moved:
		return Reply{}, c.b.desk.Move(ctx, c.r.Chat, c.r.Place)
	case Left:
		return Reply{}, c.leave(ctx)
	}
	if err := c.meet(ctx); err != nil {
		return Reply{}, err
	}
	if c.foreign() {
		return c.say(texts.OldButton), nil
	}
	if !c.chat.Blocked.IsZero() {
		return Reply{}, nil // it was told once
	}
	c.asOperator()
	if l := c.chat.Settings.Language; l != "" {
		c.lang = l
	}
	if no, err := c.named(ctx); err != nil || no != nil {
		return *or(no, &Reply{}), err
	}
	name, args, run := c.find()
	if run == nil {
		return c.unknown(name), nil
	}
	if err := c.moveOn(ctx, name); err != nil {
		return Reply{}, err
	}
	if no, err := c.turnTo(ctx, name); err != nil || no != nil {
		return *or(no, &Reply{}), err
	}
	answers := name == answering && c.question().Open(c.r.User, c.now)
	if (manages[name] || answers) && !c.chat.Address.Private() {
		if no, err := c.lacksRights(ctx); err != nil || no != nil {
			return *or(no, &Reply{}), err
		}
	}
	return run(c, ctx, args)
}

// meet makes the conversation about the chat of the request, and keeps what people call it.
func (c *conversation) meet(ctx context.Context) (err error) {
	c.chat, err = c.b.desk.Meet(ctx, c.r.Chat, c.lang, c.r.Language, c.now)
	name := quote(c.r.ChatName)
	if err != nil || name == "" || name == c.chat.Name || c.foreign() {
		return err
	}
	c.chat, err = c.b.desk.Change(ctx, c.chat.ID, func(chat *digest.Chat) error {
		chat.Name = name
		return nil
	})
	return err
}

// foreign tells whether the chat is a channel of another server than the request comes
// from, where the user's rights say nothing: clients may make up what a menu's value says.
func (c *conversation) foreign() bool {
	home := c.chat.Address.Server
	return home != "" && c.r.Server != "" && home != c.r.Server
}

func or[T any](p, otherwise *T) *T {
	if p != nil {
		return p
	}
	return otherwise
}

// find is the command that the request asks for.
func (c *conversation) find() (name, args string, run command) {
	switch c.r.Kind {
	case Command:
		args = head(c.r.Args, maxTyped)
		if c.r.Sub != "" {
			args = strings.TrimSpace(c.r.Sub + " " + args)
		}
		name = strings.ToLower(c.r.Command)
		return name, args, handlers()[name]
	case Press:
		action, _ := cutChat(c.r.Action)
		name, args, _ = strings.Cut(action, ":")
		return name, args, actions()[name]
	case FormAnswer:
		action, _ := cutChat(c.r.Action)
		name, about, _ := strings.Cut(action, ":")
		return name, head(c.r.Text, maxTyped), questions[name].command(about)
	}
	return answering, head(c.r.Text, maxTyped), (*conversation).text
}

// head is the start of a text, at most n bytes and whole characters.
func head(s string, n int) string {
	if len(s) <= n {
		return s
	}
	return strings.ToValidUTF8(s[:n], "")
}

// answering stands for the command of a request that is a plain message.
const answering = "text"

// chatMark separates an action from the chat it is for; no schedule's code, id or zone
// has it.
const chatMark = "~"

// cutChat separates an action from the chat it is for.
func cutChat(action string) (what string, chat digest.ChatID) {
	what, id, _ := strings.Cut(action, chatMark)
	return what, digest.ChatID(id)
}

// lacksRights is the reply to somebody who may not change the chat, nil if they may. It
// is asked live, every time.
func (c *conversation) lacksRights(ctx context.Context) (*Reply, error) {
	rights, err := c.a.Rights(ctx, c.r)
	if err != nil {
		return nil, err
	}
	if rights.Manage {
		c.missing = rights.Missing
		return nil, nil
	}
	no := c.say(texts.OnlyAdmins).with(digest.Button{Label: c.t(texts.ButtonOpenPrivate), Start: startSubscribe})
	if c.r.Platform == digest.Discord {
		no = c.say(texts.NeedManageServer, texts.Args{"Chat": c.chatName(texts.ThatChat)}).
			with(digest.Button{Label: c.t(texts.ButtonSendToMe), Action: "daily:"})
	}
	return &no, nil
}

// headed puts the name of a group or channel above what is said about it: "your digest" is
// that of all who read there.
func (c *conversation) headed(r Reply) Reply {
	if !c.chat.Address.Private() && c.chat.Name != "" {
		r.Post.Title = digest.Line{{Text: c.chat.Name, Bold: true}}
	}
	return r
}

// chatName is what the chat is called, or else what the given text calls it.
func (c *conversation) chatName(otherwise texts.ID) string {
	if c.chat.Name != "" {
		return c.chat.Name
	}
	return c.t(otherwise)
}

// quote is outside text fit for the middle of a sentence of ours.
func quote(s string) string {
	const longest = 60
	return shorten(digest.Clean(head(s, maxTyped)), longest)
}

// option is a named option of the request (Discord), empty if not given.
func (c *conversation) option(name string) string {
	return strings.TrimSpace(head(c.r.Options[name], maxTyped))
}

// t is a text in the conversation's language.
func (c *conversation) t(id texts.ID, args ...texts.Args) string {
	return texts.Say(c.lang, id, args...)
}

// say is a reply of one text; its line breaks are lines.
func (c *conversation) say(id texts.ID, args ...texts.Args) Reply {
	return c.post(strings.Split(c.t(id, args...), "\n")...)
}

// post is a reply of plain lines.
func (c *conversation) post(lines ...string) Reply {
	p := &digest.Post{Language: c.lang, Time: c.now}
	for _, l := range lines {
		p.Lines = append(p.Lines, digest.Plain(l))
	}
	return Reply{Post: p}
}

// with puts a row of buttons under a reply.
func (r Reply) with(buttons ...digest.Button) Reply {
	if len(buttons) > 0 {
		r.Post.Buttons = append(r.Post.Buttons, buttons)
	}
	return r
}

// longestWait is how long somebody who waits for an answer is let wait for a platform that
// asks for patience.
const longestWait = 10 * time.Second

// answer shows a reply in its turn among everything that is sent to the platform. Where the
// platform surely did not take it, the answer is given again: once after the wait that it
// states, or a few times while it cannot be reached. A person waits for it. Nothing else is
// repeated here.
func (c *conversation) answer(ctx context.Context, reply Reply) error {
	for tries := 0; ; tries++ {
		err := c.answerOnce(ctx, reply)
		wait, again := c.b.answerAgain(err, tries)
		if !again {
			return err
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(wait):
		}
	}
}

// answerAgain tells whether an answer that failed is given once more after so many tries
// that failed before, and when.
func (b *Bot) answerAgain(err error, tries int) (wait time.Duration, again bool) {
	var se *digest.SendError
	switch {
	case !errors.As(err, &se) || se.Fault != digest.NotSent || se.RetryAfter > longestWait:
		return 0, false
	case se.RetryAfter > 0:
		return se.RetryAfter, tries == 0
	case tries < len(b.unreached):
		return b.unreached[tries], true
	}
	return 0, false
}

func (c *conversation) answerOnce(ctx context.Context, reply Reply) error {
	// Waiting takes real time, whatever the request's clock says.
	if err := c.b.desk.Turn(ctx, c.r.Place, time.Now()); err != nil {
		return err
	}
	return c.a.Answer(ctx, c.r, reply)
}
