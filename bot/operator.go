package bot

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"newsdigest/bot/desk"
	"newsdigest/bot/texts"
	"newsdigest/digest"
)

// operatorName is the command for those who run the bot. Nobody else is told that it is
// there: it is not in help, and platforms list it for operators only, or not at all.
const operatorName = "operator"

// OperatorCommand describes it, for platforms that can list it for single people.
var OperatorCommand = CommandSpec{Name: operatorName, Description: texts.CommandOperator, Example: "operator status"}

// byOperator tells whether the request comes from somebody who runs the bot, in private.
func (c *conversation) byOperator() bool {
	return c.r.Private && c.home == nil && slices.Contains(c.b.access.Operators, string(c.r.Platform)+":"+c.r.User)
}

// asOperator makes a typed "/operator status" a command where the platform has handed it
// on as a plain message: Discord does not list the command.
func (c *conversation) asOperator() {
	line, ok := strings.CutPrefix(strings.TrimSpace(c.r.Text), "/"+operatorName)
	if c.r.Kind == Text && ok && (line == "" || strings.HasPrefix(line, " ")) && c.byOperator() {
		c.r.Kind, c.r.Command, c.r.Args = Command, operatorName, line
	}
}

// operator is /operator.
func (c *conversation) operator(ctx context.Context, args string) (Reply, error) {
	if !c.byOperator() {
		return c.unknown(operatorName), nil
	}
	what, rest, _ := strings.Cut(strings.TrimSpace(args), " ")
	rest = strings.TrimSpace(rest)
	switch strings.ToLower(what) {
	case "status":
		return c.showStatus(ctx)
	case "feeds":
		return c.showFeeds(ctx, 0)
	case "block":
		return c.block(ctx, rest)
	case "unblock":
		return c.unblock(ctx, rest)
	case "announce":
		return c.draft(ctx, rest)
	case "stop":
		return c.stopAnnouncing(ctx)
	}
	return c.say(texts.OperatorUsage), nil
}

// pressOperator is a button of /operator: "operator:feeds:10", "operator:send:ID".
func (c *conversation) pressOperator(ctx context.Context, args string) (r Reply, err error) {
	if !c.byOperator() {
		return c.say(texts.OldButton), nil
	}
	what, rest, _ := strings.Cut(args, ":")
	switch what {
	case "feeds":
		first, _ := strconv.Atoi(rest) // from the start where it is no number
		r, err = c.showFeeds(ctx, first)
	case "send":
		r, err = c.announce(ctx, rest)
	case "drop":
		r, err = c.stopAnnouncing(ctx)
	default:
		return c.say(texts.OldButton), nil
	}
	r.Edit = true
	return r, err
}

// moment is a time on the operator's clock.
func (c *conversation) when(t time.Time) string {
	zone := zoneOf(c.chat.Settings.Zone)
	if t.After(c.now) {
		return texts.Day(c.lang, t.In(zone)) + " " + texts.Clock(c.lang, t.In(zone))
	}
	return texts.Moment(c.lang, t.In(zone), c.now.In(zone))
}

// failuresShown is how many of the last failures an operator is shown in a chat.
const failuresShown = 5

// showStatus is /operator status.
func (c *conversation) showStatus(ctx context.Context) (Reply, error) {
	s, err := c.b.desk.Status(ctx, c.now)
	if err != nil {
		return Reply{}, err
	}
	lines := append([]string{c.t(texts.OperatorRunning, texts.Args{"Version": c.b.version, "Time": c.when(s.Began)})}, c.process(s)...)
	if len(s.Next) > 0 {
		lines = append(lines, c.t(texts.OperatorNext, texts.Args{"Time": c.when(s.Next[0].At)}))
	}
	lines = append(lines,
		c.t(texts.OperatorLate, texts.Args{"Late": s.Late, "Subscriptions": s.Queues.Subscriptions,
			"Deliveries": s.Queues.Deliveries, "Articles": s.Queues.Articles}),
		c.t(texts.OperatorFeeds, texts.Args{"OK": s.Feeds.OK, "Failing": s.Feeds.Failing, "Paused": s.Feeds.Paused, "Unread": s.Feeds.Unread}))
	if !s.Storage.LastBackup.IsZero() {
		lines = append(lines, c.t(texts.OperatorBackup, texts.Args{"Time": c.when(s.Storage.LastBackup)}))
	}
	a, err := c.b.desk.Announcement(ctx)
	if err != nil {
		return Reply{}, err
	}
	if a.State == digest.Running {
		lines = append(lines, c.t(texts.OperatorAnnounced, texts.Args{"Count": a.Filed}))
	}
	return c.post(append(append(lines, c.failures(s)...), c.problems(s)...)...), nil
}

// process tells which of several processes speaks, and how it reaches the platforms.
func (c *conversation) process(s desk.Status) (lines []string) {
	if s.Processes > 1 {
		lines = append(lines, c.t(texts.OperatorShared, texts.Args{"Process": quote(s.Process), "Processes": s.Processes}))
	}
	for _, p := range s.Platforms {
		id := texts.OperatorUp
		switch {
		case !p.SendsFail.IsZero():
			id = texts.OperatorDown
		case !p.Listens && s.Processes > 1:
			id = texts.OperatorElsewhere
		case !p.Up:
			id = texts.OperatorDown
		}
		lines = append(lines, c.t(id, texts.Args{"Platform": platformName(p.Platform)}))
	}
	return lines
}

// failures are the last things that went wrong.
func (c *conversation) failures(s desk.Status) []string {
	if len(s.Failures) == 0 {
		return nil
	}
	lines := []string{c.t(texts.OperatorFailed)}
	for _, f := range s.Failures[:min(len(s.Failures), failuresShown)] {
		what := f.What
		if f.Platform != "" {
			what += " " + string(f.Platform)
		}
		lines = append(lines, c.when(f.At)+" "+what+": "+quote(f.Reason))
	}
	return lines
}

// problems are what is wrong now.
func (c *conversation) problems(s desk.Status) []string {
	if s.Healthy() {
		return []string{c.t(texts.OperatorWell)}
	}
	var lines []string
	for _, p := range s.Problems {
		told := problemLines(c.lang, p, c.when(p.Since))
		if p.Process != "" {
			told[0] = quote(p.Process) + ": " + told[0]
		}
		lines = append(lines, told...)
	}
	return lines
}

// feedsShown is how many feeds are listed at once.
const feedsShown = 10

// showFeeds is /operator feeds, from the one at index first on.
func (c *conversation) showFeeds(ctx context.Context, first int) (Reply, error) {
	all, err := c.b.desk.FollowedFeeds(ctx)
	if err != nil {
		return Reply{}, err
	}
	if len(all) == 0 {
		return c.say(texts.OperatorNoFeeds), nil
	}
	first = max(0, min(first, len(all)-1))
	last := min(first+feedsShown, len(all))
	lines := []string{c.t(texts.OperatorFeedsHead, texts.Args{"First": first + 1, "Last": last, "Total": len(all)})}
	for _, s := range all[first:last] {
		lines = append(lines, quote(s.Label())+": "+c.feedState(s))
	}
	r := c.post(lines...)
	if last < len(all) {
		r = r.with(digest.Button{Label: c.t(texts.OperatorMoreFeeds), Action: "operator:feeds:" + strconv.Itoa(last)})
	}
	return r, nil
}

// feedState is how a feed answers.
func (c *conversation) feedState(s digest.Source) string {
	switch {
	case s.Fetch.Paused:
		return c.t(texts.OperatorFeedPaused)
	case s.Fetch.Failures > 0:
		return c.t(texts.OperatorFeedFailing, texts.Args{"Time": c.when(s.Fetch.FailingSince), "Problem": quote(s.Fetch.Problem)})
	case s.Fetch.LastTry.IsZero():
		return c.t(texts.OperatorFeedUnread)
	}
	return c.t(texts.OperatorFeedOK)
}

// called is the chat that an operator names, or the reply where there is none.
func (c *conversation) called(ctx context.Context, name string) (digest.Chat, *Reply, error) {
	chat, ok, err := c.b.desk.ChatCalled(ctx, name)
	if err != nil || ok {
		return chat, nil, err
	}
	no := c.say(texts.OperatorNoChat, texts.Args{"Chat": quote(name)})
	return chat, &no, nil
}

// block is /operator block CHAT.
func (c *conversation) block(ctx context.Context, name string) (Reply, error) {
	chat, no, err := c.called(ctx, name)
	if no != nil || err != nil {
		return *or(no, &Reply{}), err
	}
	args := texts.Args{"Chat": chat.Address.String()}
	switch {
	case chat.ID == c.chat.ID:
		return c.say(texts.OperatorNotYourself), nil
	case !chat.Blocked.IsZero():
		return c.say(texts.OperatorBlockedAlready, args), nil
	}
	return c.say(texts.OperatorBlocked, args), c.b.desk.Block(ctx, chat, c.now)
}

// unblock is /operator unblock CHAT.
func (c *conversation) unblock(ctx context.Context, name string) (Reply, error) {
	chat, no, err := c.called(ctx, name)
	if no != nil || err != nil {
		return *or(no, &Reply{}), err
	}
	args := texts.Args{"Chat": chat.Address.String()}
	if chat.Blocked.IsZero() {
		return c.say(texts.OperatorNotBlocked, args), nil
	}
	return c.say(texts.OperatorUnblocked, args), c.b.desk.Unblock(ctx, chat.ID, c.now)
}

// draft is /operator announce TEXT: it shows what everybody would get.
func (c *conversation) draft(ctx context.Context, text string) (Reply, error) {
	if text == "" || utf8.RuneCountInString(text) > digest.MaxAnnouncement {
		return c.say(texts.OperatorAnnounceWhat, texts.Args{"Max": digest.MaxAnnouncement}), nil
	}
	id := digest.NewAnnouncementID(c.r.ID, c.r.At)
	busy, err := c.b.desk.Draft(ctx, id, text, c.now)
	if err != nil {
		return Reply{}, err
	}
	if busy {
		return c.say(texts.OperatorAnnounceBusy), nil
	}
	r := c.say(texts.OperatorPreview)
	shown := Editor{}.Notice(digest.Notice{Kind: digest.AnnouncementNotice, Text: text, Language: c.lang, At: c.now}, c.chat.Address)
	r.Post.Lines = append(r.Post.Lines, shown.Lines...)
	return r.with(digest.Button{Label: c.t(texts.ButtonAnnounce), Action: "operator:send:" + id},
		digest.Button{Label: c.t(texts.ButtonCancel), Action: "operator:drop"}), nil
}

// announce sends a draft to everybody.
func (c *conversation) announce(ctx context.Context, id string) (Reply, error) {
	begun, err := c.b.desk.Announce(ctx, id)
	if err != nil || begun {
		return c.say(texts.OperatorAnnouncing), err
	}
	return c.say(texts.OldButton), nil
}

// stopAnnouncing is /operator stop, and the button that drops a draft.
func (c *conversation) stopAnnouncing(ctx context.Context) (Reply, error) {
	a, stopped, err := c.b.desk.StopAnnouncing(ctx)
	if err != nil {
		return Reply{}, err
	}
	if !stopped {
		return c.say(texts.OperatorAnnounceNone), nil
	}
	return c.say(texts.OperatorAnnounceStopped, texts.Args{"Count": a.Filed}), nil
}
