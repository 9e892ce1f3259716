package bot

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"newsdigest/bot/desk"
	"newsdigest/bot/texts"
	"newsdigest/digest"
)

// subscriptions is /subscriptions: a line and a button for each; "subscriptions 2" is one
// of them.
func (c *conversation) subscriptions(_ context.Context, args string) (Reply, error) {
	active := c.chat.Active()
	what := strings.TrimSpace(args)
	n, err := strconv.Atoi(digest.Digits(strings.TrimPrefix(what, "#")))
	switch {
	case what == "" || len(active) == 0:
		return c.subscriptionList(), nil
	case err != nil || n < 1 || n > len(active):
		return c.say(texts.NoSuchNumber, texts.Args{"Number": quote(what), "Max": len(active)}), nil
	}
	return c.detail(active[n-1]), nil
}

// about is the action that does something with a subscription: "subs:3:pause".
func about(s digest.Subscription, verb string) string {
	return strings.TrimSuffix("subs:"+strconv.Itoa(s.Ordinal)+":"+verb, ":")
}

// inRows is how many short buttons stand beside each other (Discord, action rows, takes
// at most 5), in how many rows at most.
const inRows, rowsOfNumbers = 5, 4

// numbered puts buttons under a reply, several a row.
func (r Reply) numbered(buttons []digest.Button) Reply {
	for row := range slices.Chunk(buttons[:min(len(buttons), inRows*rowsOfNumbers)], inRows) {
		r = r.with(row...)
	}
	return r
}

func (c *conversation) subscriptionList() Reply {
	active := c.chat.Active()
	if len(active) == 0 {
		return c.headed(c.say(texts.NoSubscriptions)).with(digest.Button{Label: c.t(texts.ButtonSetUp), Action: c.action("daily:")})
	}
	var lines []string
	var buttons []digest.Button
	for i, s := range active {
		lines = append(lines, c.subscriptionLine(i+1, s))
		buttons = append(buttons, digest.Button{
			Label: c.t(texts.ButtonNumber, texts.Args{"Number": i + 1}), Action: c.action(about(s, ""))})
	}
	r := c.headed(c.post(append(lines, c.quietDay()...)...)).numbered(buttons)
	if c.chat.Paused {
		r = r.with(c.pauseAllButton())
	}
	return r
}

// quietDay says of a group or channel that its last digest had nothing to tell: none was
// posted there.
func (c *conversation) quietDay() []string {
	day, err := time.Parse(time.DateOnly, c.chat.QuietDay)
	if err != nil || c.chat.Address.Private() {
		return nil
	}
	return []string{c.t(texts.SubscriptionsQuiet, texts.Args{"Day": texts.Day(c.lang, day)})}
}

// aboutTopic is what stands behind a schedule where it is for one topic: ", about Sport".
func (c *conversation) aboutTopic(s digest.Subscription) string {
	if s.Topic == "" {
		return ""
	}
	return c.t(texts.SubscribedTopic, texts.Args{"Topic": c.topicName(s.Topic)})
}

// orderedAs is a subscription for the middle of a sentence.
func (c *conversation) orderedAs(s digest.Subscription) string {
	return midSentence(c.lang, s, c.chat) + c.aboutTopic(s)
}

// subscriptionLine is a subscription in one line of a list.
func (c *conversation) subscriptionLine(number int, s digest.Subscription) string {
	args := texts.Args{"Number": number, "Schedule": withPlace(c.lang, s, c.chat), "Topic": c.aboutTopic(s)}
	switch {
	case s.Paused.Equal(digest.Forever):
		return c.t(texts.SubscriptionResting, args)
	case s.Resting(c.now):
		args["Until"] = texts.Day(c.lang, s.Paused.In(clockOf(s, c.chat)))
		return c.t(texts.SubscriptionPaused, args)
	}
	args["Next"] = firstOne(c.lang, s, c.chat, c.now)
	return c.t(texts.SubscriptionLine, args)
}

// pauseLength is how long a pause is.
const pauseLength = 7 * 24 * time.Hour

// pressSubs is a button of the list, or of one subscription: "subs:", "subs:3",
// "subs:3:pause".
func (c *conversation) pressSubs(ctx context.Context, args string) (r Reply, err error) {
	number, verb, _ := strings.Cut(args, ":")
	ordinal, bad := strconv.Atoi(number)
	if err := c.answeredTime(ctx); err != nil {
		return Reply{}, err
	}
	s := c.chat.Subscription(ordinal)
	switch {
	case number == "":
		r = c.subscriptionList()
	case bad != nil || s == nil:
		return c.say(texts.OldButton), nil
	case !s.Stopped.IsZero():
		return c.say(texts.AlreadyUndone), nil
	default:
		r, err = c.doWith(ctx, *s, verb)
	}
	r.Edit = true
	return r, err
}

// doWith does what a button of a subscription says.
func (c *conversation) doWith(ctx context.Context, s digest.Subscription, verb string) (Reply, error) {
	switch verb {
	case "":
		return c.detail(s), nil
	case "time":
		return c.offerTime(ctx, s)
	case "topic":
		return c.chooseTopic(ctx, s)
	case "length":
		return c.chooseLength(ctx, s)
	case "stop":
		return c.stop(ctx, s.Ordinal)
	case "pause":
		return c.detailOf(c.b.desk.Pause(ctx, c.chat.ID, s.Ordinal, c.now.Add(pauseLength), c.now))
	case "resume":
		return c.detailOf(c.b.desk.Pause(ctx, c.chat.ID, s.Ordinal, time.Time{}, c.now))
	case "repeat":
		return c.detailOf(c.b.desk.Amend(ctx, c.chat.ID, s.Ordinal, func(s *digest.Subscription) { s.NoRepeat = !s.NoRepeat }))
	}
	return c.say(texts.OldButton), nil
}

func (c *conversation) detailOf(s digest.Subscription, err error) (Reply, error) {
	if err != nil {
		return Reply{}, err
	}
	return c.detail(s), nil
}

// detail is one subscription with what can be done with it.
func (c *conversation) detail(s digest.Subscription) Reply {
	length := c.t(texts.LengthOfChat)
	if s.Length != "" {
		length = c.lengthName(s.Length)
	}
	repeats, repeat := texts.SubscriptionRepeat, texts.ButtonNoRepeat
	if s.NoRepeat {
		repeats, repeat = texts.SubscriptionNoRepeat, texts.ButtonRepeat
	}
	pause := c.verbButton(s, texts.ButtonPause7, "pause")
	if s.Resting(c.now) {
		pause = c.verbButton(s, texts.ButtonResume, "resume")
	}
	r := c.post(c.subscriptionLine(c.numberOf(s), s), c.t(texts.SubscriptionLength, texts.Args{"Length": length}), c.t(repeats))
	return r.with(c.verbButton(s, texts.ButtonTime, "time"), c.verbButton(s, texts.ButtonTopic, "topic"), c.verbButton(s, texts.ButtonLength, "length")).
		with(pause, c.verbButton(s, texts.ButtonStop, "stop")).
		with(c.verbButton(s, repeat, "repeat")).
		with(c.backToList())
}

// numberOf is the number of a running subscription in the list, also of one that was
// stopped until now.
func (c *conversation) numberOf(s digest.Subscription) int {
	number := 1
	for _, o := range c.chat.Active() {
		if o.Ordinal < s.Ordinal {
			number++
		}
	}
	return number
}

func (c *conversation) verbButton(s digest.Subscription, label texts.ID, verb string) digest.Button {
	return digest.Button{Label: c.t(label), Action: c.action(about(s, verb))}
}

func (c *conversation) backToList() digest.Button {
	return digest.Button{Label: c.t(texts.ButtonBack), Action: c.action("subs:")}
}

// back leads from a choice back to the subscription.
func (c *conversation) back(s digest.Subscription) digest.Button {
	return c.verbButton(s, texts.ButtonBack, "")
}

// offerTime asks when a subscription should come instead; in private it may be typed at
// once.
func (c *conversation) offerTime(ctx context.Context, s digest.Subscription) (Reply, error) {
	var row []digest.Button
	for _, t := range suggestedTimes {
		row = append(row, digest.Button{Label: c.t(t.label), Action: c.action("when:" + strconv.Itoa(s.Ordinal) + ":" + t.schedule.Code())})
	}
	other := retimePrefix + strconv.Itoa(s.Ordinal)
	r := c.say(texts.When).with(row...).with(digest.Button{Label: c.t(texts.ButtonOther), Action: c.action(other)}, c.back(s))
	return r, c.maybeTyped(ctx, other)
}

// retimePrefix begins the question when a subscription should come instead.
const retimePrefix = AskPrefix + "retime:"

// answeredTime forgets the question when a subscription should come instead: a button was
// pressed.
func (c *conversation) answeredTime(ctx context.Context) error {
	if q := c.question(); !q.Open(c.r.User, c.now) || !strings.HasPrefix(q.Action, retimePrefix) {
		return nil
	}
	return c.forgetQuestion(ctx)
}

// typedTime is the answer to the question when a subscription should come instead.
func (c *conversation) typedTime(ctx context.Context, typed, number string) (Reply, error) {
	ordinal, err := strconv.Atoi(number)
	s := c.chat.Subscription(ordinal)
	if err != nil || s == nil || !s.Stopped.IsZero() {
		return c.say(texts.OldButton), nil
	}
	reading, err := digest.ParseScheduleIn(c.lang, typed)
	if err != nil {
		no := c.badSchedule(err, order{topic: s.Topic, length: s.Length})
		no.Post.Buttons = nil // they order another one
		return no, c.remember(ctx, retimePrefix+number)
	}
	to := reading.Schedule
	to.Zone, to.Place = s.Schedule.Zone, s.Schedule.Place
	if reading.Place != "" {
		p, no := c.place(reading.Place)
		if no != nil {
			no.Post.Buttons, no.Ask = nil, false
			return *no, nil
		}
		to.Zone, to.Place = p.Zone, p.Name
	}
	if err := c.answeredQuestion(ctx); err != nil {
		return Reply{}, err
	}
	return c.reschedule(ctx, ordinal, to, false)
}

// chooseTopic asks what a subscription should cover, or makes it cover what was chosen.
func (c *conversation) chooseTopic(ctx context.Context, s digest.Subscription) (Reply, error) {
	if len(c.r.Values) == 0 {
		chosen := noTopic
		if s.Topic != "" {
			chosen = topicKey(s.Topic)
		}
		r := c.say(texts.WhichTopic)
		r.Post.Menus = []digest.Menu{c.topicMenu(c.action(about(s, "topic")), chosen)}
		return r.with(c.back(s)), nil
	}
	topic, ok := c.topicOf(topicValue(c.r.Values[0]))
	if !ok {
		return c.say(texts.OldButton), nil
	}
	sub, err := c.b.desk.Amend(ctx, c.chat.ID, s.Ordinal, func(s *digest.Subscription) { s.Topic = topic })
	if no := c.same(err, sub); no != nil {
		return *no, nil
	}
	return c.detailOf(sub, err)
}

// asChat is the value of a length that is the chat's.
const asChat = "chat"

// chooseLength asks how long a subscription should be, or makes it so.
func (c *conversation) chooseLength(ctx context.Context, s digest.Subscription) (Reply, error) {
	if len(c.r.Values) == 0 {
		m := c.lengthMenu(c.action(about(s, "length")), s.Length)
		m.Options = append(m.Options, digest.Option{Value: asChat, Label: c.t(texts.LengthOfChat), Chosen: s.Length == ""})
		r := c.say(texts.WhichLength)
		r.Post.Menus = []digest.Menu{m}
		return r.with(c.back(s)), nil
	}
	length := digest.Length(c.r.Values[0])
	switch {
	case length == asChat:
		length = ""
	case !slices.Contains(digest.Lengths, length):
		return c.say(texts.OldButton), nil
	}
	return c.detailOf(c.b.desk.Amend(ctx, c.chat.ID, s.Ordinal, func(s *digest.Subscription) { s.Length = length }))
}

func (c *conversation) lengthMenu(action string, chosen digest.Length) digest.Menu {
	m := digest.Menu{Action: action, Placeholder: c.t(texts.ButtonLength)}
	for _, l := range digest.Lengths {
		m.Options = append(m.Options, digest.Option{Value: string(l), Label: c.lengthName(l), Chosen: l == chosen})
	}
	return m
}

// tooMany is the reply to an order of more digests a day than there may be: which ones to
// stop instead. It is nil for every other error.
func (c *conversation) tooMany(err error) *Reply {
	var no *desk.Refusal
	if !errors.As(err, &no) || no.Reason != desk.TooManyDigests {
		return nil
	}
	r := c.stopList(c.say(texts.WhichToKeep, texts.Args{"Max": digest.MaxDigestsDay}), "swap:")
	return &r
}

// same is the reply to a change that would make a subscription the same as another one,
// nil for every other error.
func (c *conversation) same(err error, sub digest.Subscription) *Reply {
	var no *desk.Refusal
	if !errors.As(err, &no) || no.Reason != desk.SameDigest {
		return nil
	}
	r := c.say(texts.AlreadySubscribed, texts.Args{"Schedule": c.orderedAs(sub)})
	return &r
}

// stopList adds the subscriptions to a reply, with a button that stops each.
func (c *conversation) stopList(r Reply, action string) Reply {
	var buttons []digest.Button
	for i, s := range c.chat.Active() {
		r.Post.Lines = append(r.Post.Lines, digest.Plain(c.subscriptionLine(i+1, s)))
		buttons = append(buttons, digest.Button{Label: c.t(texts.ButtonStopNumber, texts.Args{"Number": i + 1}),
			Action: c.action(action + strconv.Itoa(s.Ordinal))})
	}
	return r.numbered(buttons)
}

// swap stops a subscription for the order that waits for its place: "swap:3".
func (c *conversation) swap(ctx context.Context, args string) (Reply, error) {
	ordinal, err := strconv.Atoi(args)
	if err != nil || c.chat.Subscription(ordinal) == nil {
		return c.say(texts.OldButton), nil
	}
	what, waiting, err := c.interrupted(ctx)
	if err != nil {
		return Reply{}, err
	}
	o, ok := c.waitingOrder(waiting)
	if !ok || what != "swap" {
		return c.say(texts.OldButton), nil
	}
	if _, err := c.b.desk.Unsubscribe(ctx, c.chat.ID, ordinal, c.now); err != nil {
		return Reply{}, err
	}
	return c.order(ctx, o, true)
}

// stop stops a subscription.
func (c *conversation) stop(ctx context.Context, ordinal int) (Reply, error) {
	s, err := c.b.desk.Unsubscribe(ctx, c.chat.ID, ordinal, c.now)
	if err != nil {
		return Reply{}, err
	}
	return c.say(texts.Stopped, texts.Args{"Schedule": c.orderedAs(s)}).
		with(c.undoButton("stop:" + strconv.Itoa(ordinal))), nil
}
