package bot

import (
	"context"
	"fmt"
	"hash/fnv"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"newsdigest/bot/texts"
	"newsdigest/digest"
)

// topicName is what a topic is called.
func (c *conversation) topicName(topic string) string {
	id := texts.ID("topic." + topic)
	if name := c.t(id); name != string(id) {
		return name
	}
	first, n := utf8.DecodeRuneInString(topic) // a topic of the operator's own set
	return string(unicode.ToUpper(first)) + topic[n:]
}

// topicKey names a topic in an action, in at most 10 bytes: itself if it is short, else a
// hash of it, for an operator's topics have names of any length.
func topicKey(topic string) string {
	const longest = 10
	plain := strings.IndexFunc(topic, func(r rune) bool { return r < 'a' || r > 'z' }) < 0
	if plain && len(topic) <= longest {
		return topic
	}
	h := fnv.New32a()
	h.Write([]byte(topic))
	return fmt.Sprintf("%08x", h.Sum32())
}

// topicOf is the topic that a key names; the empty key names none, which is fine.
func (c *conversation) topicOf(key string) (topic string, ok bool) {
	if key == "" {
		return "", true
	}
	all := c.b.desk.Topics()
	i := slices.IndexFunc(all, func(t string) bool { return topicKey(t) == key })
	if i < 0 {
		return "", false
	}
	return all[i], true
}

// topicLike is the topic that somebody typed: its id or name, or enough of its start.
func (c *conversation) topicLike(typed string) (string, bool) {
	typed = strings.ToLower(typed)
	const enough = 3
	var like []string
	for _, t := range c.b.desk.Topics() {
		name := strings.ToLower(c.topicName(t))
		if typed == t || typed == name {
			return t, true
		}
		if utf8.RuneCountInString(typed) >= enough && (strings.HasPrefix(name, typed) || strings.HasPrefix(t, typed) || typed == t+"s") {
			like = append(like, t)
		}
	}
	if len(like) == 1 {
		return like[0], true
	}
	return "", false
}

// topicOption is the topic option, or the reply that there is no such topic.
func (c *conversation) topicOption() (string, *Reply) {
	o := c.option("topic")
	if o == "" {
		return "", nil
	}
	if t, ok := c.topicLike(o); ok {
		return t, nil
	}
	no := c.noSuchTopic(o)
	return "", &no
}

// topicIn takes a topic out of the words that somebody typed; the name of an operator's
// topic may be several words. What says when a digest comes ("mon") is not the start of a
// topic ("Monde").
func (c *conversation) topicIn(words string) (topic, rest string) {
	const most, looked = 4, 40 // words of a name, words looked at
	fields := strings.Fields(words)
	for n := most; n > 0; n-- {
		for i := 0; i+n <= min(len(fields), looked); i++ {
			name := strings.Join(fields[i:i+n], " ")
			if t, ok := c.topicLike(name); ok && (!digest.NamesSchedule(c.lang, name) || c.isTopic(name, t)) {
				return t, strings.Join(slices.Delete(fields, i, i+n), " ")
			}
		}
	}
	return "", words
}

// isTopic tells whether a text is the whole id or name of a topic.
func (c *conversation) isTopic(text, topic string) bool {
	return strings.EqualFold(text, topic) || strings.EqualFold(text, c.topicName(topic))
}

func (c *conversation) noSuchTopic(typed string) Reply {
	return c.say(texts.NoSuchTopic, texts.Args{"Topic": quote(typed), "Topics": c.topicNames(c.b.desk.Topics())})
}

// oneTopic is the reply to what stands beside a topic and is no more than another one,
// otherwise the given reply.
func (c *conversation) oneTopic(topic, rest string, otherwise Reply) Reply {
	if second, _ := c.topicIn(rest); topic == "" || second == "" {
		return otherwise
	}
	return c.say(texts.OneTopic)
}

func (c *conversation) topicNames(topics []string) string {
	var names []string
	for _, t := range topics {
		names = append(names, c.topicName(t))
	}
	return texts.List(c.lang, names, 0)
}

// noTopic is the value of a menu for no topic in particular.
const noTopic = "-"

// topicValue is the key of the topic that a menu's value names.
func topicValue(value string) string {
	if value == noTopic {
		return ""
	}
	return value
}

// topicMenu is the choice of one topic; none in particular comes first.
func (c *conversation) topicMenu(action, chosen string) digest.Menu {
	m := digest.Menu{Action: action, Placeholder: c.t(texts.ButtonTopic)}
	m.Options = append(m.Options, digest.Option{Value: noTopic, Label: c.t(texts.TopStories), Chosen: chosen == noTopic})
	for _, t := range c.b.desk.Topics() {
		key := topicKey(t)
		m.Options = append(m.Options, digest.Option{Value: key, Label: c.topicName(t), Chosen: key == chosen})
	}
	m.Options = m.Options[:min(len(m.Options), digest.MaxOptions)]
	return m
}

// topics is /topics: the panel, or a change to it ("+technology -sport", "world science",
// "all", "none").
func (c *conversation) topics(ctx context.Context, args string) (Reply, error) {
	words := c.topicWords(args)
	if len(words) == 0 {
		return c.topicPanel(), nil
	}
	change, no := c.topicChange(words)
	if no != nil {
		return *no, nil
	}
	return c.changeTopics(ctx, change)
}

// topicWords are the topics that somebody typed, each with its sign, also where that stands
// by itself: "world and science, + sport".
func (c *conversation) topicWords(typed string) (out []string) {
	sign, and := "", strings.TrimSpace(c.t(texts.ListAnd, texts.Args{"First": "", "Last": ""}))
	for _, w := range strings.FieldsFunc(typed, func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune(",،、，", r) }) {
		switch w {
		case and:
		case "+", "-":
			sign = w
		default:
			out, sign = append(out, sign+w), ""
		}
	}
	return out
}

func (c *conversation) changeTopics(ctx context.Context, change func(*digest.Chat)) (Reply, error) {
	chat, err := c.b.desk.Change(ctx, c.chat.ID, func(chat *digest.Chat) error {
		change(chat)
		return nil
	})
	if err != nil {
		return Reply{}, err
	}
	c.chat = chat
	return c.topicPanel(), nil
}

// topicPanel says what the chat's digest covers, with all topics to choose from.
func (c *conversation) topicPanel() Reply {
	r := c.topicList()
	m := digest.Menu{Action: c.action("topics:set"), Placeholder: c.t(texts.ButtonTopics), Many: true}
	all := c.b.desk.Topics()
	for _, t := range all[:min(len(all), digest.MaxOptions)] {
		m.Options = append(m.Options, digest.Option{Value: topicKey(t), Label: c.topicName(t), Chosen: c.covers(t)})
	}
	r.Post.Menus = []digest.Menu{m}
	return r.with(digest.Button{Label: c.t(texts.ButtonDone), Action: c.action("topics:done")})
}

func (c *conversation) covers(topic string) bool {
	return c.chat.AllTopics || slices.Contains(c.chat.Topics, topic)
}

// pressTopics is a button or choice of the panel: "topics:", "topics:set", "topics:done".
func (c *conversation) pressTopics(ctx context.Context, what string) (r Reply, err error) {
	switch what {
	case "":
		r = c.topicPanel()
	case "done":
		r = c.topicList()
	case "set":
		if r, err = c.chooseTopics(ctx); err != nil {
			return r, err
		}
	default:
		r = c.say(texts.OldButton)
	}
	r.Edit = true
	return r, nil
}

// chooseTopics makes the chosen topics the chat's. All of them are all topics, also those
// that the starter set has later.
func (c *conversation) chooseTopics(ctx context.Context) (Reply, error) {
	var values []string
	for _, v := range c.r.Values {
		t, ok := c.topicOf(v)
		if !ok || t == "" {
			return c.say(texts.OldButton), nil
		}
		values = append(values, t)
	}
	all := c.b.desk.Topics()
	return c.changeTopics(ctx, func(chat *digest.Chat) {
		var chosen []string
		for i, t := range all {
			had := chat.AllTopics || slices.Contains(chat.Topics, t)
			in := slices.Contains(values, t)
			if c.r.Toggled && had != in || !c.r.Toggled && in || i >= digest.MaxOptions && had {
				chosen = append(chosen, t)
			}
		}
		chat.AllTopics, chat.Topics = len(chosen) == len(all), chosen
		if chat.AllTopics {
			chat.Topics = nil
		}
	})
}

// topicList says what the chat's digest covers.
func (c *conversation) topicList() Reply {
	all := c.b.desk.Topics()
	args := texts.Args{"Topics": c.topicNames(c.chat.Topics), "All": c.topicNames(all)}
	id := texts.TopicsSome
	switch {
	case c.chat.AllTopics:
		id = texts.TopicsAll
	case len(c.chat.Topics) == 0:
		id = texts.TopicsNone
	}
	return c.headed(c.say(id, args))
}

// topicChange reads a change to a chat's topics. Words with + and - add and remove, words
// without choose exactly these.
func (c *conversation) topicChange(words []string) (func(*digest.Chat), *Reply) {
	var exact, plus, minus []string
	if all, ok := texts.Typed(c.lang, strings.Join(words, " "), texts.TypedAll, texts.TypedNone); ok {
		return func(chat *digest.Chat) { chat.AllTopics, chat.Topics = all == texts.TypedAll, nil }, nil
	}
	for _, w := range words {
		t, ok := c.topicLike(strings.TrimLeft(w, "+-"))
		if !ok {
			no := c.noSuchTopic(strings.TrimLeft(w, "+-"))
			return nil, &no
		}
		switch w[0] {
		case '+':
			plus = append(plus, t)
		case '-':
			minus = append(minus, t)
		default:
			exact = append(exact, t)
		}
	}
	all := c.b.desk.Topics()
	return func(chat *digest.Chat) {
		from := chat.Topics
		switch {
		case len(exact) > 0:
			from = exact
		case chat.AllTopics && len(minus) > 0:
			from = all
		case chat.AllTopics:
			from = nil // "+technology" from everything narrows to it
		}
		chat.AllTopics, chat.Topics = false, nil
		for _, t := range all {
			if (slices.Contains(from, t) || slices.Contains(plus, t)) && !slices.Contains(minus, t) {
				chat.Topics = append(chat.Topics, t)
			}
		}
	}, nil
}
