package bot

import (
	"cmp"
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

// twoReadings marks, at the end of a question's order, that its time was written so that
// it may mean either half of the day.
const twoReadings = "+"

// waiting is the order for a question that interrupts it.
func (o order) waiting() string {
	if o.other != nil {
		return o.code() + twoReadings
	}
	return o.code()
}

// waitingOrder reads what waiting wrote.
func (c *conversation) waitingOrder(code string) (order, bool) {
	code, two := strings.CutSuffix(code, twoReadings)
	o, ok := c.orderOf(code)
	if ok && two {
		other := o.schedule.OtherHalf()
		o.other = &other
	}
	return o, ok
}

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
	return c.subscribeTo(ctx, o, args, true)
}

// typedWhen is the answer to the question when a digest should come.
func (c *conversation) typedWhen(ctx context.Context, typed, about string) (Reply, error) {
	o, ok := c.aboutOf(about)
	if !ok {
		return c.say(texts.OldButton), nil
	}
	return c.subscribeTo(ctx, o, typed, false)
}

// subscribeTo completes an order with the words that somebody typed; whether there is a
// topic may be asked if there are none.
func (c *conversation) subscribeTo(ctx context.Context, o order, words string, asked bool) (Reply, error) {
	if o.topic == "" {
		o.topic, words = c.topicIn(words)
	}
	if o.length == "" {
		o.length, words = c.lengthIn(words)
	}
	switch {
	case strings.TrimSpace(words) != "":
	case o.topic == "" && asked:
		return c.offerTopics(), nil
	default:
		return c.offer(ctx, o)
	}
	reading, err := digest.ParseScheduleIn(c.lang, words)
	if err != nil {
		return c.oneTopic(o.topic, words, c.badSchedule(err, o)), nil
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
		return *no, c.remember(ctx, "own:"+o.waiting())
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

// offerTimes is "Get this every day", "daily:sport" under a digest about sport, and the
// choice of a topic: it asks when.
func (c *conversation) offerTimes(ctx context.Context, key string) (Reply, error) {
	if len(c.r.Values) > 0 {
		key = topicValue(c.r.Values[0])
	}
	topic, ok := c.topicOf(key)
	if !ok {
		return c.say(texts.OldButton), nil
	}
	r, err := c.offer(ctx, order{topic: topic})
	r.Edit = len(c.r.Values) > 0
	return r, err
}

// offerTopics asks what a digest should cover.
func (c *conversation) offerTopics() Reply {
	r := c.say(texts.WhichTopic)
	r.Post.Menus = []digest.Menu{c.topicMenu(c.action("daily:"), "")}
	return r
}

// offer asks when a digest should come; in private it may be typed at once.
func (c *conversation) offer(ctx context.Context, o order) (Reply, error) {
	other := AskPrefix + "when:" + o.about()
	r := c.say(texts.When).with(c.timeButtons(o)...).with(digest.Button{Label: c.t(texts.ButtonOther), Action: c.action(other)})
	return r, c.maybeTyped(ctx, other)
}

// maybeTyped notes a question that is answered by a press, and in private by typing, too.
func (c *conversation) maybeTyped(ctx context.Context, action string) error {
	if !c.r.Private {
		return nil
	}
	return c.remember(ctx, action)
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
		return c.askZone(ctx, "sub:"+o.waiting(), edit)
	}
	if no := c.cannotPost(o); no != nil {
		return *no, nil
	}
	sub, made, err := c.b.desk.Subscribe(ctx, c.chat.ID, digest.Subscription{
		Schedule: o.schedule, Topic: o.topic, Length: o.length, By: c.r.User}, c.now)
	if no := c.tooMany(err); no != nil {
		no.Edit = edit
		return *no, c.remember(ctx, "swap:"+o.waiting())
	}
	if err != nil {
		return Reply{}, err
	}
	if err := c.answeredQuestion(ctx); err != nil {
		return Reply{}, err
	}
	if !made {
		return c.alreadySubscribed(o, sub), nil
	}
	r := c.subscribed(sub)
	r.Edit = edit
	if o.other != nil {
		r = r.with(c.makeIt(sub.Ordinal, *o.other))
	}
	return r.with(c.afterwards(sub)...), nil
}

// alreadySubscribed is the reply to an order of what the chat has; it may differ in length.
func (c *conversation) alreadySubscribed(o order, sub digest.Subscription) Reply {
	row := []digest.Button{c.verbButton(sub, texts.ButtonChangeTime, "time")}
	if o.length != "" && o.length != sub.Length {
		row = append(row, c.verbButton(sub, texts.ButtonLength, "length"))
	}
	return c.say(texts.AlreadySubscribed, texts.Args{"Schedule": c.orderedAs(sub)}).with(row...)
}

// afterwards are the buttons under a subscription that was just made.
func (c *conversation) afterwards(s digest.Subscription) []digest.Button {
	return []digest.Button{
		{Label: c.t(texts.ButtonTopics), Action: c.action("topics:")},
		{Label: c.t(texts.ButtonLength), Action: c.action(about(s, "length"))},
		c.undoButton("sub:" + strconv.Itoa(s.Ordinal)),
	}
}

// subscribed echoes a subscription: days, time, clock, and the date of its first digest.
// One that rests without end has none yet.
func (c *conversation) subscribed(s digest.Subscription) Reply {
	if s.Next.IsZero() {
		return c.post(c.subscriptionLine(c.numberOf(s), s)).with(c.verbButton(s, texts.ButtonResume, "resume"))
	}
	id := texts.Subscribed
	if !c.chat.Address.Private() {
		id = texts.SubscribedHere
	}
	return c.say(id, texts.Args{
		"Schedule": withPlace(c.lang, s, c.chat), "schedule": midSentence(c.lang, s, c.chat), "Topic": c.aboutTopic(s),
		"First": firstOne(c.lang, s, c.chat, c.now), "Chat": c.chatName(texts.ThisChat)})
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
	if err := c.answeredTime(ctx); err != nil {
		return Reply{}, err
	}
	s.Zone, s.Place = was.Schedule.Zone, was.Schedule.Place
	return c.reschedule(ctx, ordinal, s, true)
}

// reschedule changes when a subscription comes, and offers to change it back.
func (c *conversation) reschedule(ctx context.Context, ordinal int, to digest.Schedule, edit bool) (Reply, error) {
	back := c.chat.Subscription(ordinal).Schedule
	sub, err := c.b.desk.Reschedule(ctx, c.chat.ID, ordinal, to, c.now)
	if no := cmp.Or(c.tooMany(err), c.same(err, sub)); no != nil {
		return *no, nil
	}
	if err != nil {
		return Reply{}, err
	}
	r := c.subscribed(sub)
	r.Edit = edit
	if back.Code() != to.Code() {
		r = r.with(c.makeIt(ordinal, back))
	}
	return r.with(c.afterwards(sub)...), nil
}
