package bot

import (
	"context"
	"strconv"
	"strings"

	"newsdigest/bot/texts"
	"newsdigest/digest"
	"newsdigest/digest/catalog"
)

// setUp is the dialogue that sets up a channel's digest: "setup:" begins it,
// "setup:channel:CODE", "setup:time" and "setup:zone:CODE" choose, and "setup:preview" and
// "setup:start:CODE" end it. The code is that of the schedule chosen so far; the channel
// stands in the actions, and its clock is set as soon as it is chosen.
func (c *conversation) setUp(ctx context.Context, args string) (r Reply, err error) {
	what, code, _ := strings.Cut(args, ":")
	if what == "" {
		return c.beginSetUp(ctx)
	}
	s, bad := digest.ParseScheduleCode(code)
	value := ""
	if len(c.r.Values) > 0 {
		value = c.r.Values[0]
	}
	switch what {
	case "preview":
		return c.preview(ctx)
	case "time":
		s, bad = digest.ParseScheduleCode(value)
	case "zone":
		if zones := c.setUpZones(); bad == nil {
			i, err := strconv.Atoi(value)
			if err != nil || i < 0 || i >= len(zones) {
				return c.say(texts.OldButton), nil
			}
			if c.chat, err = c.b.desk.SetZone(ctx, c.chat.ID, zones[i].Zone, zones[i].Name, c.now); err != nil {
				return Reply{}, err
			}
		}
	case "start":
		if bad == nil {
			return c.startChannel(ctx, s)
		}
	case "channel":
	default:
		return c.say(texts.OldButton), nil
	}
	if bad != nil {
		return c.say(texts.OldButton), nil
	}
	r = c.setUpPanel(s)
	r.Edit = true
	return r, nil
}

// beginSetUp begins with the channel where the button was pressed.
func (c *conversation) beginSetUp(ctx context.Context) (r Reply, err error) {
	if c.r.Server == "" {
		return c.say(texts.OldButton), nil
	}
	c.r.Chat = c.r.Place
	if no, err := c.lacksRights(ctx); err != nil || no != nil {
		return *or(no, &Reply{}), err
	}
	if err := c.meet(ctx); err != nil {
		return Reply{}, err
	}
	return c.setUpPanel(suggestedTimes[0].schedule), nil
}

// setUpPanel has the three choices.
func (c *conversation) setUpPanel(s digest.Schedule) Reply {
	r := c.say(texts.SetUpWhere)
	code := s.Code()
	at := digest.Menu{Action: c.action("setup:time"), Placeholder: c.t(texts.ButtonTime)}
	for _, t := range suggestedTimes {
		at.Options = append(at.Options, digest.Option{
			Value: t.schedule.Code(), Label: inWords(c.lang, t.schedule), Chosen: t.schedule.Code() == code})
	}
	clock := digest.Menu{Action: c.action("setup:zone:" + code), Placeholder: c.t(texts.SetUpZone)}
	for i, p := range c.setUpZones() {
		clock.Options = append(clock.Options, digest.Option{
			Value: strconv.Itoa(i), Label: c.clockIn(p.Name, p.Zone), Chosen: p.Zone == c.chat.Settings.Zone})
	}
	r.Post.Menus = []digest.Menu{{
		Action: "setup:channel:" + code, Placeholder: c.t(texts.SetUpChannel), Channels: true,
		Options: []digest.Option{{Value: c.chat.Address.Channel, Label: c.chatName(texts.ThisChat), Chosen: true}},
	}, at, clock}
	return r.with(digest.Button{Label: c.t(texts.ButtonPreview), Action: c.action("setup:preview")},
		digest.Button{Label: c.t(texts.ButtonStart), Action: c.action("setup:start:" + code)})
}

// worldClocks are places whose clocks most people go by, from west to east.
var worldClocks = []string{
	"Los Angeles", "Denver", "Chicago", "New York", "São Paulo", "London", "Berlin", "Kyiv", "Istanbul", "Moscow",
	"Dubai", "Karachi", "Delhi", "Dhaka", "Bangkok", "Shanghai", "Tokyo", "Sydney", "Auckland",
}

// setUpZones are the clocks to choose from: the chat's own and the one that the user's
// language speaks for come first.
func (c *conversation) setUpZones() []catalog.Place {
	var out []catalog.Place
	if s := c.chat.Settings; s.Zone != "" {
		out = append(out, catalog.Place{Name: placeName(s.Place, s.Zone), Zone: s.Zone})
	}
	if p, ok := catalog.GuessPlace(c.r.Language); ok {
		out = append(out, p)
	}
	for _, name := range worldClocks {
		if found, err := catalog.FindPlace(name); err == nil && len(found) > 0 {
			out = append(out, found[0])
		}
	}
	seen := map[string]bool{}
	unique := out[:0]
	for _, p := range out {
		if !seen[p.Zone] {
			unique = append(unique, p)
		}
		seen[p.Zone] = true
	}
	return unique
}

// preview shows the digest as the channel would get it, to the user only.
func (c *conversation) preview(ctx context.Context) (Reply, error) {
	if err := c.readFirst(ctx); err != nil {
		return Reply{}, err
	}
	e, err := c.b.desk.Digest(ctx, c.chat, c.r.ID, "", "", c.now)
	if err != nil {
		return Reply{}, err
	}
	p := c.b.editor.Post(e, 1, c.chat.Address)
	p.Buttons, p.Menus = nil, nil
	return Reply{Post: &p}, nil
}

// startChannel makes the subscription; the first digest may be posted at once.
func (c *conversation) startChannel(ctx context.Context, s digest.Schedule) (Reply, error) {
	if c.chat.Settings.Zone == "" {
		r := c.setUpPanel(s)
		r.Post.Lines = []digest.Line{digest.Plain(c.t(texts.SetUpNeedsZone))}
		r.Edit = true
		return r, nil
	}
	if no := c.cannotPost(order{schedule: s}); no != nil {
		return *no, nil
	}
	sub, made, err := c.b.desk.Subscribe(ctx, c.chat.ID, digest.Subscription{Schedule: s, By: c.r.User}, c.now)
	if no := c.tooMany(err); no != nil {
		return *no, nil
	}
	if err != nil {
		return Reply{}, err
	}
	if !made {
		return c.say(texts.AlreadySubscribed, texts.Args{"Schedule": c.orderedAs(sub)}), nil
	}
	r := c.subscribed(sub)
	r.Edit = true
	return r.with(digest.Button{Label: c.t(texts.ButtonPostNow), Action: c.action("post:" + strconv.Itoa(sub.Ordinal))},
		c.undoButton("sub:"+strconv.Itoa(sub.Ordinal))), nil
}

// pressPost posts a digest of a subscription at once: "post:1".
func (c *conversation) pressPost(ctx context.Context, number string) (Reply, error) {
	ordinal, err := strconv.Atoi(number)
	if err != nil {
		return c.say(texts.OldButton), nil
	}
	if err := c.readFirst(ctx); err != nil {
		return Reply{}, err
	}
	switch posted, err := c.b.desk.PostNow(ctx, c.chat.ID, ordinal, c.now); {
	case err != nil:
		return Reply{}, err
	case !posted:
		return c.say(texts.NothingToPost), nil
	}
	return c.say(texts.PostedNow), nil
}

// cannotPost is the reply where the bot lacks permissions in the chat, nil if it has them
// all.
func (c *conversation) cannotPost(o order) *Reply {
	if len(c.missing) == 0 {
		return nil
	}
	no := c.say(texts.MayNotPost, texts.Args{"Chat": c.chatName(texts.ThatChat), "Missing": texts.List(c.lang, c.missing, 0)}).
		with(digest.Button{Label: c.t(texts.ButtonTryAgain), Action: c.action("sub:" + o.code())})
	return &no
}
