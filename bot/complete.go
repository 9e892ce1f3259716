package bot

import (
	"context"
	"strconv"
	"strings"
	"unicode/utf8"

	"newsdigest/bot/texts"
	"newsdigest/digest"
	"newsdigest/digest/catalog"
)

// Suggestions are limited by Discord: 25 choices of at most 100 characters (Application
// Commands, autocomplete).
const (
	maxChoices    = 25
	maxChoiceText = 100
)

// Immediate implements Inbox.
func (b *Bot) Immediate(ctx context.Context, r Request) (reply Reply) {
	defer func() {
		if p := recover(); p != nil {
			b.log.Error("no immediate reply", "platform", r.Platform, "request", r.ID, "error", p)
			reply = Reply{}
		}
	}()
	if !b.access.Allows(r) {
		return Reply{}
	}
	c := &conversation{b: b, r: r, now: r.At, lang: texts.Supported(r.Language)}
	if chat, ok, err := b.desk.Chat(ctx, r.Chat); err == nil && ok {
		c.chat = chat
	} else {
		c.chat.Address = r.Chat
	}
	if !c.chat.Blocked.IsZero() {
		return Reply{}
	}
	switch r.Kind {
	case Press:
		return c.form(r.Action)
	case Command:
		return c.form(AskPrefix + r.Command)
	}
	var choices []Choice
	for _, ch := range c.complete(ctx) {
		// A value cut short would mean something else.
		if utf8.RuneCountInString(ch.Value) <= maxChoiceText && len(choices) < maxChoices {
			choices = append(choices, Choice{Label: shorten(ch.Label, maxChoiceText), Value: ch.Value})
		}
	}
	return Reply{Choices: choices}
}

// complete suggests values for the option that is being typed.
func (c *conversation) complete(ctx context.Context) []Choice {
	typed := c.option(c.r.Focused)
	switch c.r.Focused {
	case "when":
		return c.completeWhen(typed)
	case "topic":
		return c.matching(typed, c.topicChoices())
	case "what":
		if c.r.Command == "mute" {
			return c.completeMutes(ctx, typed)
		}
		return c.completeSubscriptions()
	case "story":
		return c.completeStories(ctx, typed)
	case "source":
		return c.matching(typed, c.sourceChoices(ctx))
	case "time_zone":
		return c.completePlaces(typed)
	case "language":
		return c.matching(typed, c.languageChoices(texts.Languages))
	case "news":
		return c.matching(typed, c.languageChoices(c.b.desk.Languages()))
	}
	return nil
}

// matching are the choices whose label contains what was typed.
func (c *conversation) matching(typed string, choices []Choice) []Choice {
	var out []Choice
	for _, ch := range choices {
		if strings.Contains(strings.ToLower(ch.Label), strings.ToLower(typed)) {
			out = append(out, ch)
		}
	}
	return out
}

// completeWhen suggests the schedule as understood so far, and the usual ones.
func (c *conversation) completeWhen(typed string) []Choice {
	var out []Choice
	if r, err := digest.ParseScheduleIn(c.lang, typed); typed != "" && err == nil {
		label := inWords(c.lang, r.Schedule)
		if r.Place != "" {
			label += " (" + digest.Clean(r.Place) + ")"
		}
		out = append(out, Choice{Label: label, Value: typed})
		if other, ok := r.Other(); ok && r.Place == "" {
			out = append(out, c.scheduleChoice(other))
		}
	}
	for _, s := range suggestedTimes {
		out = append(out, c.scheduleChoice(s.schedule))
	}
	return out
}

// scheduleChoice is a schedule in words, which are understood as well.
func (c *conversation) scheduleChoice(s digest.Schedule) Choice {
	words := inWords(c.lang, s)
	return Choice{Label: words, Value: words}
}

func (c *conversation) topicChoices() []Choice {
	var out []Choice
	for _, t := range c.b.desk.Topics() {
		out = append(out, Choice{Label: c.topicName(t), Value: t})
	}
	return out
}

func (c *conversation) completeSubscriptions() []Choice {
	var out []Choice
	for i, s := range c.chat.Active() {
		out = append(out, Choice{Label: withPlace(c.lang, s, c.chat), Value: strconv.Itoa(i + 1)})
	}
	for _, f := range c.chat.Followed {
		out = append(out, Choice{Label: digest.Clean(f.Headline), Value: strconv.Itoa(len(out) + 1)})
	}
	return out
}

func (c *conversation) sourceChoices(ctx context.Context) []Choice {
	all, err := c.b.desk.Sources(ctx, c.chat)
	if err != nil {
		c.b.log.Warn("no suggestions", "platform", c.r.Platform, "request", c.r.ID, "error", err)
		return nil
	}
	var out []Choice
	for _, s := range all {
		out = append(out, Choice{Label: digest.Clean(s.Label()), Value: string(s.ID)})
	}
	return out
}

// completePlaces suggests places for what was typed; before that, the one that the
// client's language speaks for.
func (c *conversation) completePlaces(typed string) []Choice {
	var places []catalog.Place
	if zone, ok := digest.ParseOffset(typed); ok {
		places = append(places, catalog.Place{Name: zone, Zone: zone})
	}
	if typed == "" {
		if p, ok := catalog.GuessPlace(c.r.Language); ok {
			places = append(places, p)
		}
	} else {
		places = append(places, catalog.CompletePlaces(typed, maxChoices)...)
	}
	var out []Choice
	for _, p := range places {
		label := p.Name
		if p.Country != "" {
			label += ", " + p.Country
		}
		out = append(out, Choice{Label: label + " · " + c.nowIn(p.Zone), Value: p.Zone})
	}
	return out
}

func (c *conversation) languageChoices(of []string) []Choice {
	var out []Choice
	for _, l := range of {
		out = append(out, Choice{Label: texts.LanguageName(c.lang, l), Value: l})
	}
	return out
}
