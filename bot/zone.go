package bot

import (
	"context"
	"errors"
	"strings"

	"newsdigest/bot/texts"
	"newsdigest/digest"
	"newsdigest/digest/catalog"
)

// askZone asks where the chat is. The answer completes what was being done: pending is
// the action to go on with.
func (c *conversation) askZone(ctx context.Context, pending string, edit bool) (Reply, error) {
	if err := c.remember(ctx, pending); err != nil {
		return Reply{}, err
	}
	r := c.say(texts.WhichCity)
	r.Ask, r.Edit = true, edit
	var row []digest.Button
	if p, ok := catalog.GuessPlace(c.r.Language); ok {
		row = append(row, c.placeButton(p))
	}
	return r.with(append(row, c.otherCity())...), nil
}

// otherCity asks for a city. In a Discord server, where the bot does not see the next
// message, it is the only way.
func (c *conversation) otherCity() digest.Button {
	return digest.Button{Label: c.t(texts.ButtonOtherCity), Action: c.action(AskPrefix + "zone")}
}

// remember notes what the chat was asked. A question about a channel that was asked in
// private is noted where its answer is typed, and says which chat it is about.
func (c *conversation) remember(ctx context.Context, action string) error {
	if c.home != nil {
		action += chatMark + string(c.chat.ID)
	}
	return c.setQuestion(ctx, &digest.Question{User: c.r.User, Action: action, Asked: c.now})
}

func (c *conversation) setQuestion(ctx context.Context, q *digest.Question) error {
	asked := &c.chat
	if c.home != nil {
		asked = c.home
	}
	chat, err := c.b.desk.Change(ctx, asked.ID, func(chat *digest.Chat) error {
		chat.Question = q
		return nil
	})
	*asked = chat
	return err
}

// question is what the chat was asked and has not answered yet, nil if nothing. What it is
// about stands in the action, without the chat.
func (c *conversation) question() *digest.Question {
	q := c.chat.Question
	if c.home != nil {
		q = c.home.Question
	}
	if q == nil {
		return nil
	}
	open := *q
	open.Action, _ = cutChat(q.Action)
	return &open
}

// moveOn forgets a question that is answered by typing once its user gives a command
// instead: what they type next is no answer any more. Who looks something up, or names the
// city for an order that waits, has not moved on.
func (c *conversation) moveOn(ctx context.Context, name string) error {
	q := c.question()
	if c.r.Kind != Command || name == "help" || name == "cancel" || !q.Open(c.r.User, c.now) || !strings.HasPrefix(q.Action, AskPrefix) {
		return nil
	}
	return c.forgetQuestion(ctx)
}

func (c *conversation) placeButton(p catalog.Place) digest.Button {
	return digest.Button{Label: c.clockIn(p.Name, p.Zone), Action: c.action("zone:" + p.Zone)}
}

// clockIn is the time of day at a place: "Berlin, 14:05 now".
func (c *conversation) clockIn(place, zone string) string {
	return c.t(texts.ZoneKnown, texts.Args{"Place": place, "Now": c.nowIn(zone)})
}

// nowIn is the time of day in a zone: "14:05 now".
func (c *conversation) nowIn(zone string) string {
	return c.t(texts.TimeNow, texts.Args{"Time": texts.Clock(c.lang, c.now.In(zoneOf(zone)))})
}

// place finds the place that somebody typed, or the reply that asks which one is meant.
func (c *conversation) place(typed string) (catalog.Place, *Reply) {
	typed = quote(typed)
	if zone, ok := digest.ParseOffset(typed); ok {
		return catalog.Place{Name: zone, Zone: zone}, nil
	}
	found, err := catalog.FindPlace(typed)
	if err == nil && len(found) == 1 {
		return found[0], nil
	}
	var r Reply
	var unknown *catalog.UnknownPlaceError
	switch {
	case err == nil:
		r = c.say(texts.WhichPlace, texts.Args{"Place": typed})
	case errors.Is(err, catalog.ErrAmbiguousLetters):
		r = c.say(texts.ZoneLetters, texts.Args{"Place": typed})
	case errors.As(err, &unknown) && len(unknown.Near) > 0:
		found = unknown.Near
		r = c.say(texts.DidYouMeanPlace, texts.Args{"Place": typed, "Suggestion": found[0].Name})
	default:
		r = c.say(texts.NoSuchPlace, texts.Args{"Place": typed})
	}
	const offered = 4
	for _, p := range found[:min(len(found), offered)] {
		b := c.placeButton(p)
		if len(found) > 1 && p.Region != "" {
			b.Label = c.clockIn(p.Region, p.Zone)
		}
		r = r.with(b)
	}
	if c.r.Platform == digest.Discord && !c.r.Private {
		r = r.with(c.otherCity())
	}
	r.Ask = true
	return catalog.Place{}, &r
}

// pressZone is a button that names a zone.
func (c *conversation) pressZone(ctx context.Context, args string) (Reply, error) {
	if _, err := digest.LoadZone(args); err != nil {
		return c.say(texts.OldButton), nil
	}
	return c.setZone(ctx, catalog.Place{Name: placeName("", args), Zone: args}, true)
}

// typedZone is the answer to the question for the city.
func (c *conversation) typedZone(ctx context.Context, typed, _ string) (Reply, error) {
	p, no := c.place(typed)
	if no == nil {
		return c.setZone(ctx, p, false)
	}
	if c.question().Open(c.r.User, c.now) {
		return *no, nil
	}
	return *no, c.remember(ctx, AskPrefix+"zone") // the next message may be a better name
}

// setZone sets the chat's clock and goes on with what was being done.
func (c *conversation) setZone(ctx context.Context, p catalog.Place, edit bool) (Reply, error) {
	what, pending, err := c.interrupted(ctx)
	if err != nil {
		return Reply{}, err
	}
	if o, ok := c.waitingOrder(pending); ok && what == "own" {
		return c.order(ctx, o.in(p), edit)
	}
	if c.chat, err = c.b.desk.SetZone(ctx, c.chat.ID, p.Zone, p.Name, c.now); err != nil {
		return Reply{}, err
	}
	if o, ok := c.waitingOrder(pending); ok && what == "sub" {
		return c.order(ctx, o, edit)
	}
	return c.zoneSet(ctx, p, edit)
}

// zoneSet says that the clock is set, above the panel. An offset does not follow summer
// time.
func (c *conversation) zoneSet(ctx context.Context, p catalog.Place, edit bool) (Reply, error) {
	args := texts.Args{"Place": p.Name, "Now": c.nowIn(p.Zone)}
	id := texts.ZoneSet
	if strings.HasPrefix(p.Zone, "UTC") {
		id = texts.ZoneSetOffset
	}
	r, err := c.panel(ctx, c.t(id, args))
	if id == texts.ZoneSetOffset && err == nil {
		r = r.with(digest.Button{Label: c.t(texts.ButtonUseCity), Action: c.action(AskPrefix + "zone")})
	}
	r.Edit = edit || c.r.Kind == FormAnswer
	return r, err
}

// interrupted is what the question for the city interrupted, "sub" or "own" and an order.
// The question is answered with that.
func (c *conversation) interrupted(ctx context.Context) (what, order string, err error) {
	q := c.question()
	if !q.Open(c.r.User, c.now) {
		return "", "", nil
	}
	what, order, _ = strings.Cut(q.Action, ":")
	return what, order, c.forgetQuestion(ctx)
}

// answeredQuestion forgets the chat's question, if there is one.
func (c *conversation) answeredQuestion(ctx context.Context) error {
	if c.question() == nil {
		return nil
	}
	return c.forgetQuestion(ctx)
}

func (c *conversation) forgetQuestion(ctx context.Context) error {
	return c.setQuestion(ctx, nil)
}

// asking is what a button asks typed text about. What it is about may be told closer by
// the rest of its action.
type asking struct {
	prompt, label, example texts.ID
	free                   bool // an answer may say anything; else it is a place or a time
	answer                 func(c *conversation, ctx context.Context, typed, about string) (Reply, error)
}

// command is what to do with the answer, nil if there is no such question.
func (q asking) command(about string) command {
	if q.answer == nil {
		return nil
	}
	return func(c *conversation, ctx context.Context, typed string) (Reply, error) {
		return q.answer(c, ctx, typed, about)
	}
}

// questions are by the name in their action: "ask:zone", "ask:when:world:b".
var questions = map[string]asking{
	"zone":     {texts.WhichCity, texts.LabelCity, texts.ExampleCity, false, (*conversation).typedZone},
	"when":     {texts.WhenTyped, texts.LabelWhen, texts.ExampleWhen, false, (*conversation).typedWhen},
	"retime":   {texts.WhenTyped, texts.LabelWhen, texts.ExampleWhen, false, (*conversation).typedTime},
	"quiet":    {texts.QuietTyped, texts.LabelQuiet, texts.ExampleQuiet, false, (*conversation).typedQuiet},
	"feedback": {texts.FeedbackTyped, texts.LabelFeedback, texts.ExampleFeedback, true, (*conversation).typedFeedback},
	"wrong":    {texts.WrongTyped, texts.LabelFeedback, texts.ExampleFeedback, true, (*conversation).typedWrong},
	"mistake":  {texts.MistakeTyped, texts.LabelFeedback, texts.ExampleFeedback, true, (*conversation).typedWrong},
	"source":   {texts.SourcesAddUsage, texts.LabelSource, texts.ExampleSource, true, (*conversation).typedSource},
}

// ask asks, by a message, for the text that a button wants. The question for the city
// keeps what it interrupts.
func (c *conversation) ask(ctx context.Context, action string) (Reply, error) {
	what, _, _ := strings.Cut(action, ":")
	q, ok := questions[what]
	if !ok {
		return c.say(texts.OldButton), nil
	}
	if what != "zone" || !c.question().Open(c.r.User, c.now) {
		if err := c.remember(ctx, AskPrefix+action); err != nil {
			return Reply{}, err
		}
	}
	r := c.say(q.prompt)
	r.Ask = true
	return r, nil
}

// form is what a platform with forms shows for the button instead.
func (c *conversation) form(action string) Reply {
	action = strings.TrimPrefix(action, AskPrefix) // the chat that it names stays in it
	what, _ := cutChat(action)
	what, about, _ := strings.Cut(what, ":")
	q, ok := questions[what]
	switch {
	case !ok:
		return c.say(texts.OldButton)
	case what == "feedback" || what == "wrong" || what == "mistake":
		return c.feedbackForm(action, about)
	}
	return Reply{Form: &Form{Title: c.t(q.label), Action: action, Fields: []Field{{Key: "text", Label: c.t(q.label), Placeholder: c.t(q.example)}}}}
}
