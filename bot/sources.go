package bot

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"newsdigest/bot/desk"
	"newsdigest/bot/texts"
	"newsdigest/digest"
)

// sources is /sources with its subcommands.
func (c *conversation) sources(ctx context.Context, args string) (Reply, error) {
	args = strings.TrimSpace(args)
	sub, rest, _ := texts.CutTyped(c.lang, args, texts.TypedList, texts.TypedExport, texts.TypedAdd, texts.TypedRemove)
	switch {
	case args == "" || sub == texts.TypedList:
		return c.listSources(ctx)
	case sub == texts.TypedExport:
		return c.exportSources(ctx)
	case sub == texts.TypedAdd:
		if o := c.option("url"); o != "" {
			rest = o
		}
		return c.addSource(ctx, strings.TrimSpace(rest))
	case sub == texts.TypedRemove:
		if o := c.option("source"); o != "" {
			rest = o
		}
		return c.removeSource(ctx, strings.TrimSpace(rest))
	}
	return c.say(texts.SourcesUsage), nil
}

func (c *conversation) listSources(ctx context.Context) (Reply, error) {
	all, err := c.b.desk.Sources(ctx, c.chat)
	if err != nil {
		return Reply{}, err
	}
	if len(all) == 0 {
		return c.headed(c.say(texts.NoSources)), nil
	}
	lines := []string{c.t(texts.SourcesHead, texts.Args{"Count": len(all)})}
	if len(c.chat.Own) == 0 {
		lines[0] = c.t(texts.SourcesStarter, texts.Args{"Count": len(all)})
	}
	for i, s := range all {
		lines = append(lines, c.t(texts.SourceLine, texts.Args{
			"Number": i + 1, "Name": quote(s.Label()), "State": c.state(s)}))
	}
	r := c.headed(c.post(lines...))
	r.Post.Note = c.t(texts.SourcesHint) // a list that is cut short keeps it
	return r.with(
		digest.Button{Label: c.t(texts.ButtonAdd), Action: c.action(AskPrefix + "source")},
		digest.Button{Label: c.t(texts.ButtonRemove), Action: c.action("sources:remove")},
		digest.Button{Label: c.t(texts.ButtonExport), Action: c.action("sources:export")}), nil
}

// pressSources is a button about sources: "sources:" the list, "sources:remove:25" a menu
// from the 26th on.
func (c *conversation) pressSources(ctx context.Context, args string) (Reply, error) {
	what, rest, _ := strings.Cut(args, ":")
	switch what {
	case "":
		return c.listSources(ctx)
	case "export":
		return c.exportSources(ctx)
	case "remove":
		if len(c.r.Values) > 0 {
			return c.dropSource(ctx, digest.SourceID(c.r.Values[0]), true)
		}
		from, _ := strconv.Atoi(rest)
		r, err := c.offerRemoval(ctx, from)
		r.Edit = from > 0
		return r, err
	}
	return c.say(texts.OldButton), nil
}

// offerRemoval asks which source to remove, of those from a place of the list on.
func (c *conversation) offerRemoval(ctx context.Context, from int) (Reply, error) {
	all, err := c.b.desk.Sources(ctx, c.chat)
	if err != nil {
		return Reply{}, err
	}
	if len(all) == 0 {
		return c.say(texts.NoSources), nil
	}
	from = min(max(from, 0), len(all)-1)
	to := min(from+digest.MaxOptions, len(all))
	m := digest.Menu{Action: c.action("sources:remove"), Placeholder: c.t(texts.ButtonRemove)}
	for _, s := range all[from:to] {
		m.Options = append(m.Options, digest.Option{Value: string(s.ID), Label: quote(s.Label())})
	}
	r := c.say(texts.WhichSource)
	r.Post.Menus = []digest.Menu{m}
	if more := min(len(all)-to, digest.MaxOptions); more > 0 {
		r = r.with(digest.Button{Label: c.t(texts.ButtonNext25, texts.Args{"Number": more}), Action: c.action("sources:remove:" + strconv.Itoa(to))})
	}
	return r, nil
}

// typedSource is the answer to the question for a site or feed.
func (c *conversation) typedSource(ctx context.Context, typed, _ string) (Reply, error) {
	if err := c.answeredQuestion(ctx); err != nil {
		return Reply{}, err
	}
	return c.addSource(ctx, strings.TrimSpace(typed))
}

// pressDrop is the button that removes a source: "drop:ID".
func (c *conversation) pressDrop(ctx context.Context, id string) (Reply, error) {
	return c.dropSource(ctx, digest.SourceID(id), true)
}

// pressRetry reads a paused source at once: "retry:ID".
func (c *conversation) pressRetry(ctx context.Context, id string) (Reply, error) {
	if err := c.answer(ctx, Reply{Working: true}); err != nil {
		return Reply{}, err
	}
	s, err := c.b.desk.TryAgain(ctx, c.chat, digest.SourceID(id), c.now)
	if err != nil {
		return Reply{}, err
	}
	if s.Fetch.Failures == 0 {
		return c.say(texts.SourceBack, texts.Args{"Name": quote(s.Label())}), nil
	}
	return c.say(texts.SourceStillSilent, texts.Args{"Name": quote(s.Label())}).with(
		digest.Button{Label: c.t(texts.ButtonTryAgain), Action: c.action("retry:" + id)},
		digest.Button{Label: c.t(texts.ButtonRemove), Action: c.action("drop:" + id)}), nil
}

// state says in words how a source is doing.
func (c *conversation) state(s digest.Source) string {
	zone := zoneOf(c.chat.Settings.Zone)
	switch {
	case s.Fetch.LastTry.IsZero():
		return c.t(texts.StateNew)
	case s.Fetch.Paused:
		return c.t(texts.SourcePausedState, texts.Args{
			"Since": texts.Moment(c.lang, s.Fetch.FailingSince.In(zone), c.now.In(zone))})
	case s.Fetch.Failures > 0:
		return c.t(texts.StateSilent, texts.Args{
			"Since": texts.Moment(c.lang, s.Fetch.FailingSince.In(zone), c.now.In(zone))})
	}
	return c.t(texts.StateFine, texts.Args{
		"At": texts.Moment(c.lang, s.Fetch.LastSuccess.In(zone), c.now.In(zone))})
}

func (c *conversation) addSource(ctx context.Context, address string) (Reply, error) {
	if address == "" {
		return c.say(texts.SourcesAddUsage), nil
	}
	if err := c.answer(ctx, Reply{Working: true}); err != nil {
		return Reply{}, err
	}
	added, err := c.b.desk.AddSource(ctx, c.chat.ID, address, c.now)
	if err != nil {
		return Reply{}, err
	}
	if len(added.Candidates) == 0 {
		return c.added(added), nil
	}
	r := c.say(texts.SeveralFeeds, texts.Args{"Count": len(added.Candidates), "Host": hostOf(address)})
	for _, s := range added.Candidates {
		r = r.with(digest.Button{Label: quote(s.Label()), Action: c.action("add:" + string(s.ID))})
	}
	return r.with(digest.Button{Label: c.t(texts.ButtonCancel), Action: c.action("do:cancel")}), nil
}

// added says what became of a source that somebody wanted.
func (c *conversation) added(a desk.Added) Reply {
	name := quote(a.Source.Label())
	if a.Already {
		return c.say(texts.SourceAlready, texts.Args{"Name": name})
	}
	r := c.say(texts.SourceAdded, texts.Args{"Name": name})
	if a.Latest != "" {
		r = c.say(texts.SourceAddedLatest, texts.Args{"Name": name, "Latest": a.Latest})
	}
	return r.with(c.undoButton("added:" + string(a.Source.ID)))
}

// pressAdd is the button of one of several feeds.
func (c *conversation) pressAdd(ctx context.Context, id string) (Reply, error) {
	return c.followSource(ctx, digest.SourceID(id), true)
}

func (c *conversation) followSource(ctx context.Context, id digest.SourceID, edit bool) (Reply, error) {
	added, err := c.b.desk.FollowSource(ctx, c.chat.ID, id)
	if err != nil {
		return Reply{}, err
	}
	r := c.added(added)
	r.Edit = edit
	return r, nil
}

// removeSource removes the source with this number in the list or this name.
func (c *conversation) removeSource(ctx context.Context, name string) (Reply, error) {
	all, err := c.b.desk.Sources(ctx, c.chat)
	if err != nil {
		return Reply{}, err
	}
	like := sourcesLike(all, name)
	switch {
	case name == "":
		return c.offerRemoval(ctx, 0)
	case len(like) == 0:
		return c.say(texts.NoSuchSourceNamed, texts.Args{"Name": quote(name)}), nil
	case len(like) > 1:
		var names []string
		for _, s := range like {
			names = append(names, quote(s.Label()))
		}
		return c.say(texts.SeveralSources, texts.Args{"Name": quote(name), "Names": c.some(names)}), nil
	}
	return c.dropSource(ctx, like[0].ID, false)
}

// some are the first five of many names, and how many more there are.
func (c *conversation) some(names []string) string {
	first := names[:min(len(names), 5)]
	return texts.List(c.lang, first, len(names)-len(first))
}

// sourcesLike are the sources that a name may mean: a number of the list, an id, the
// whole name, else a part of the name or of the site.
func sourcesLike(all []digest.Source, name string) []digest.Source {
	if n, err := strconv.Atoi(digest.Digits(name)); err == nil && n >= 1 && n <= len(all) {
		return all[n-1 : n]
	}
	name = strings.ToLower(name)
	whole := func(s digest.Source) bool { return string(s.ID) == name || strings.ToLower(s.Label()) == name }
	if i := slices.IndexFunc(all, whole); i >= 0 {
		return all[i : i+1]
	}
	var out []digest.Source
	for _, s := range all {
		if strings.Contains(strings.ToLower(s.Label()), name) || strings.Contains(strings.ToLower(s.Site), name) {
			out = append(out, s)
		}
	}
	return out
}

func (c *conversation) dropSource(ctx context.Context, id digest.SourceID, edit bool) (Reply, error) {
	s, err := c.b.desk.RemoveSource(ctx, c.chat.ID, id)
	if err != nil {
		return Reply{}, err
	}
	r := c.say(texts.SourceRemoved, texts.Args{"Name": quote(s.Label())}).with(c.undoButton("removed:" + string(s.ID)))
	r.Edit = edit
	return r, nil
}
