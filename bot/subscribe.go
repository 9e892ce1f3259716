package bot

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"newsdigest/bot/texts"
	"newsdigest/digest"
	"newsdigest/digest/catalog"
)

// suggestedTimes are the schedules offered when nothing was typed, in the order of their
// buttons.
var suggestedTimes = []struct {
	label    texts.ID
	schedule digest.Schedule
}{
	{texts.ButtonDaily8, digest.Schedule{Days: digest.EveryDay, Times: []int{8 * 60}}},
	{texts.ButtonWeekdays730, digest.Schedule{Days: digest.Workdays, Times: []int{7*60 + 30}}},
	{texts.ButtonMondays9, digest.Schedule{Days: digest.On(time.Monday), Times: []int{9 * 60}}},
}

// order is what somebody wants: a schedule, and what of.
type order struct {
	schedule digest.Schedule
	other    *digest.Schedule // the other reading of its time
	topic    string
	length   digest.Length
}

// code is the order in an action: schedule, topic and length, "*@0800:world:b". With a
// schedule of at most 26 bytes it has at most 39.
func (o order) code() string {
	return strings.Join([]string{o.schedule.Code(), topicKey(o.topic), head(string(o.length), 1)}, ":")
}

// orderOf reads what code wrote. The schedule's own zone may have a colon in it.
func (c *conversation) orderOf(code string) (order, bool) {
	parts := strings.Split(code, ":")
	if len(parts) < 3 {
		return order{}, false
	}
	n := len(parts) - 2
	o, ok := c.aboutOf(strings.Join(parts[n:], ":"))
	var err error
	o.schedule, err = digest.ParseScheduleCode(strings.Join(parts[:n], ":"))
	return o, ok && err == nil
}

// about is what of an order stands in an action that does not know its schedule yet.
func (o order) about() string { return topicKey(o.topic) + ":" + head(string(o.length), 1) }

// aboutOf reads what about wrote; nothing at all is the usual digest.
func (c *conversation) aboutOf(about string) (o order, ok bool) {
	key, letter, _ := strings.Cut(about, ":")
	if o.topic, ok = c.topicOf(key); !ok {
		return order{}, false
	}
	i := slices.IndexFunc(digest.Lengths, func(l digest.Length) bool { return letter == head(string(l), 1) })
	if i >= 0 {
		o.length = digest.Lengths[i]
	}
	return o, i >= 0 || letter == ""
}

// subscribe is /subscribe.
func (c *conversation) subscribe(ctx context.Context, args string) (Reply, error) {
	var o order
	if when := c.option("when"); when != "" {
		args = when
	}
	var no *Reply
	if o.topic, no = c.topicOption(); no != nil {
		return *no, nil
	}
	return c.subscribeTo(ctx, o, args)
}

// typedWhen is the answer to the question when a digest should come.
func (c *conversation) typedWhen(ctx context.Context, typed, about string) (Reply, error) {
	o, ok := c.aboutOf(about)
	if !ok {
		return c.say(texts.OldButton), nil
	}
	return c.subscribeTo(ctx, o, typed)
}

// subscribeTo completes an order with the words that somebody typed.
func (c *conversation) subscribeTo(ctx context.Context, o order, words string) (Reply, error) {
	if o.topic == "" {
		o.topic, words = c.topicIn(words)
	}
	if o.length == "" {
		o.length, words = lengthIn(words)
	}
	if strings.TrimSpace(words) == "" {
		return c.offer(o), nil
	}
	reading, err := digest.ParseSchedule(words)
	if err != nil {
		return c.badSchedule(err, o), nil
	}
	o.schedule = reading.Schedule
	if other, ok := reading.Other(); ok {
		o.other = &other
	}
	if reading.Place == "" {
		return c.order(ctx, o, false)
	}
	place, no := c.place(reading.Place)
	if no != nil {
		return *no, c.remember(ctx, "own:"+o.code())
	}
	return c.order(ctx, o.in(place), false)
}

// in is the order by a clock of its own.
func (o order) in(p catalog.Place) order {
	o.schedule.Zone, o.schedule.Place = p.Zone, p.Name
	return o
}

// badSchedule says why a schedule was not understood, with schedules to press instead.
func (c *conversation) badSchedule(err error, o order) Reply {
	var se *digest.ScheduleError
	if !errors.As(err, &se) {
		se = &digest.ScheduleError{Problem: digest.Unreadable}
	}
	args := texts.Args{"Text": quote(se.Text), "Max": digest.MaxDigestsDay}
	switch {
	case se.Problem == digest.TooOften:
		return c.say(texts.ScheduleTooOften, args)
	case se.Problem == digest.TooSeldom:
		return c.say(texts.ScheduleTooSeldom, args)
	case se.Problem == digest.OnlyOnce && se.Instead != nil:
		o.schedule = se.Instead.Schedule
		label := inWords(c.lang, o.schedule)
		if p, no := c.place(se.Instead.Place); se.Instead.Place != "" && no == nil {
			o, label = o.in(p), label+" ("+p.Name+")"
		}
		return c.say(texts.ScheduleOnce).with(digest.Button{Label: label, Action: c.action("sub:" + o.code())})
	}
	return c.say(texts.ScheduleUnreadable, args).with(c.timeButtons(o)...)
}

func (c *conversation) timeButtons(o order) []digest.Button {
	var out []digest.Button
	for _, s := range suggestedTimes {
		o.schedule = s.schedule
		out = append(out, digest.Button{Label: c.t(s.label), Action: c.action("sub:" + o.code())})
	}
	return out
}

// offerTimes is "Get this every day": it asks when.
func (c *conversation) offerTimes(context.Context, string) (Reply, error) {
	return c.offer(order{}), nil
}

// offer asks when a digest should come.
func (c *conversation) offer(o order) Reply {
	r := c.say(texts.When).with(c.timeButtons(o)...)
	return r.with(digest.Button{Label: c.t(texts.ButtonOther), Action: c.action(AskPrefix + "when:" + o.about())})
}

// pressSubscribe is a button with an order: "sub:*@0800:world:b".
func (c *conversation) pressSubscribe(ctx context.Context, args string) (Reply, error) {
	o, ok := c.orderOf(args)
	if !ok {
		return c.say(texts.OldButton), nil
	}
	return c.order(ctx, o, true)
}

// order makes the subscription, asking for the time zone first if it is not known.
func (c *conversation) order(ctx context.Context, o order, edit bool) (Reply, error) {
	if o.schedule.Zone == "" && c.chat.Settings.Zone == "" {
		return c.askZone(ctx, "sub:"+o.code(), edit)
	}
	sub, made, err := c.b.desk.Subscribe(ctx, c.chat.ID, digest.Subscription{
		Schedule: o.schedule, Topic: o.topic, Length: o.length, By: c.r.User}, c.now)
	if err != nil {
		return Reply{}, err
	}
	if c.chat.Question != nil {
		if err := c.forgetQuestion(ctx); err != nil {
			return Reply{}, err
		}
	}
	if !made {
		return c.say(texts.AlreadySubscribed, texts.Args{"Schedule": midSentence(c.lang, sub, c.chat)}), nil
	}
	r := c.subscribed(sub)
	r.Edit = edit
	var row []digest.Button
	if o.other != nil {
		row = append(row, c.makeIt(sub.Ordinal, *o.other))
	}
	return r.with(append(row, c.undoButton("sub:"+strconv.Itoa(sub.Ordinal)))...), nil
}

// subscribed echoes a subscription: days, time, clock, and the date of its first digest.
func (c *conversation) subscribed(s digest.Subscription) Reply {
	what := ""
	if s.Topic != "" {
		what = c.t(texts.SubscribedTopic, texts.Args{"Topic": c.topicName(s.Topic)})
	}
	id := texts.Subscribed
	if !c.chat.Address.Private() {
		id = texts.SubscribedHere
	}
	r := c.say(id, texts.Args{
		"Schedule": withPlace(c.lang, s, c.chat), "schedule": midSentence(c.lang, s, c.chat), "Topic": what,
		"First": firstOne(c.lang, s, c.chat, c.now), "Chat": c.chatName(texts.ThisChat)})
	if len(c.missing) > 0 {
		r.Post.Lines = append(r.Post.Lines, digest.Plain(c.t(texts.MayNotPost,
			texts.Args{"Missing": texts.List(c.lang, c.missing, 0)})))
	}
	return r
}

func (c *conversation) makeIt(ordinal int, s digest.Schedule) digest.Button {
	s.Zone, s.Place = "", "" // pressing it keeps the subscription's
	at := texts.Clock(c.lang, time.Date(2000, 1, 1, s.Times[0]/60, s.Times[0]%60, 0, 0, time.UTC))
	return digest.Button{Label: c.t(texts.ButtonMakeIt, texts.Args{"Time": at}),
		Action: c.action("when:" + strconv.Itoa(ordinal) + ":" + s.Code())}
}

// pressWhen changes when a subscription comes: "when:1:*@2000".
func (c *conversation) pressWhen(ctx context.Context, args string) (Reply, error) {
	number, code, _ := strings.Cut(args, ":")
	ordinal, err := strconv.Atoi(number)
	s, err2 := digest.ParseScheduleCode(code)
	was := c.chat.Subscription(ordinal)
	if err != nil || err2 != nil || was == nil {
		return c.say(texts.OldButton), nil
	}
	back := was.Schedule
	s.Zone, s.Place = back.Zone, back.Place
	sub, err := c.b.desk.Reschedule(ctx, c.chat.ID, ordinal, s, c.now)
	if err != nil {
		return Reply{}, err
	}
	r := c.subscribed(sub)
	r.Edit = true
	return r.with(c.makeIt(ordinal, back), c.undoButton("sub:"+strconv.Itoa(ordinal))), nil
}

// subscriptions is /subscriptions.
func (c *conversation) subscriptions(context.Context, string) (Reply, error) {
	active := c.chat.Active()
	if len(active) == 0 {
		return c.say(texts.NoSubscriptions), nil
	}
	var lines []string
	for i, s := range active {
		args := texts.Args{"Number": i + 1, "Schedule": withPlace(c.lang, s, c.chat),
			"Next": firstOne(c.lang, s, c.chat, c.now), "Topic": ""}
		if s.Topic != "" {
			args["Topic"] = c.t(texts.SubscribedTopic, texts.Args{"Topic": c.topicName(s.Topic)})
		}
		lines = append(lines, c.t(texts.SubscriptionLine, args))
	}
	return c.post(append(lines, c.t(texts.SubscriptionsHint))...), nil
}

// unsubscribe is /unsubscribe: a number of the list, or nothing if there is only one.
func (c *conversation) unsubscribe(ctx context.Context, args string) (Reply, error) {
	active := c.chat.Active()
	what := strings.TrimSpace(args)
	if o := c.option("what"); o != "" {
		what = o
	}
	if len(active) == 0 {
		return c.say(texts.NoSubscriptions), nil
	}
	n, err := strconv.Atoi(strings.TrimPrefix(what, "#"))
	switch {
	case what == "" && len(active) == 1:
		n = 1
	case what == "":
		return c.subscriptions(ctx, "")
	case err != nil || n < 1 || n > len(active):
		return c.say(texts.NoSuchNumber, texts.Args{"Number": quote(what), "Max": len(active)}), nil
	}
	s, err := c.b.desk.Unsubscribe(ctx, c.chat.ID, active[n-1].Ordinal, c.now)
	if err != nil {
		return Reply{}, err
	}
	return c.say(texts.Stopped, texts.Args{"Schedule": midSentence(c.lang, s, c.chat)}).
		with(c.undoButton("stop:" + strconv.Itoa(s.Ordinal))), nil
}

func (c *conversation) undoButton(what string) digest.Button {
	return digest.Button{Label: c.t(texts.ButtonUndo), Action: c.action("undo:" + what)}
}

// undo takes back what the button says: "undo:sub:1" a subscription, "undo:stop:1" its
// end, "undo:added:ID" and "undo:removed:ID" a source. Undoing twice changes nothing.
func (c *conversation) undo(ctx context.Context, args string) (Reply, error) {
	what, id, _ := strings.Cut(args, ":")
	ordinal, _ := strconv.Atoi(id)
	var r Reply
	switch what {
	case "sub":
		if s := c.chat.Subscription(ordinal); s != nil && !s.Stopped.IsZero() {
			r = c.say(texts.AlreadyUndone)
			break
		}
		s, err := c.b.desk.Unsubscribe(ctx, c.chat.ID, ordinal, c.now)
		if err != nil {
			return Reply{}, err
		}
		r = c.say(texts.Stopped, texts.Args{"Schedule": midSentence(c.lang, s, c.chat)}).
			with(c.undoButton("stop:" + id))
	case "stop":
		s, err := c.b.desk.Resubscribe(ctx, c.chat.ID, ordinal, c.now)
		if err != nil {
			return Reply{}, err
		}
		r = c.subscribed(s).with(c.undoButton("sub:" + id))
	case "added":
		return c.dropSource(ctx, digest.SourceID(id), true)
	case "removed":
		return c.followSource(ctx, digest.SourceID(id), true)
	default:
		return c.say(texts.OldButton), nil
	}
	r.Edit = true
	return r, nil
}
