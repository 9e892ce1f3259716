package bot

import (
	"bytes"
	"context"
	"path"
	"slices"
	"strings"

	"newsdigest/bot/texts"
	"newsdigest/digest"
	"newsdigest/digest/feed"
)

// maxFile is the largest file that is read, in bytes: twenty thousand feeds fit.
const maxFile = 2 << 20

// exportSources sends the chat's sources as a file that other feed readers take. Where others
// read along, it lacks those whose addresses may be somebody's secret.
func (c *conversation) exportSources(ctx context.Context) (Reply, error) {
	all, err := c.b.desk.Sources(ctx, c.chat)
	if err != nil {
		return Reply{}, err
	}
	if len(all) == 0 {
		return c.say(texts.NoSources), nil
	}
	var outlines []feed.Outline
	var kept []string
	for _, s := range all {
		if c.overheard() && s.MaySecret() {
			kept = append(kept, quote(s.Label()))
			continue
		}
		outlines = append(outlines, feed.Outline{
			Title: s.Label(), URL: s.URL, Site: s.Site, Language: s.Language, Topics: s.Topics})
	}
	if len(outlines) == 0 {
		return c.say(texts.SourcesKept, texts.Args{"Names": c.some(kept)}), nil
	}
	var b bytes.Buffer
	if err := feed.WriteOPML(&b, c.t(texts.ExportTitle), outlines); err != nil {
		return Reply{}, err
	}
	r := c.say(texts.SourcesExported, texts.Args{"Count": len(outlines)})
	if len(kept) > 0 {
		r.Post.Lines = append(r.Post.Lines, digest.Plain(c.t(texts.SourcesKept, texts.Args{"Names": c.some(kept)})))
	}
	r.Post.File = &digest.File{Name: "newsdigest.opml", Body: b.Bytes()}
	return r, nil
}

// offerImport looks into a file that somebody sent and offers what it has. The sources wait
// as a question, by their ids.
func (c *conversation) offerImport(ctx context.Context) (Reply, error) {
	name := quote(path.Base(c.r.File.Name))
	d, ok := c.a.(Downloader)
	if ext := strings.ToLower(path.Ext(c.r.File.Name)); !ok || ext != ".opml" && ext != ".xml" {
		return c.say(texts.FileUnknown), nil
	}
	body, err := d.Download(ctx, c.r, maxFile)
	if err != nil {
		c.b.log.Warn("file not read", "platform", c.r.Platform, "request", c.r.ID, "size", c.r.File.Size, "error", err)
		return c.say(texts.FileTooLarge, texts.Args{"Max": maxFile >> 20}), nil
	}
	outlines, err := feed.ReadOPML(body)
	if err != nil {
		return c.say(texts.FileUnknown), nil
	}
	fresh := c.notFollowed(outlines)
	room := digest.MaxSources - len(c.chat.Own)
	switch {
	case len(fresh) == 0:
		return c.say(texts.FileNothing, texts.Args{"Name": name}), nil
	case room <= 0:
		return c.say(texts.FileFull, texts.Args{"Max": digest.MaxSources}), nil
	}
	r := c.say(texts.FileFeeds, texts.Args{"Name": name, "Count": len(fresh)})
	if len(fresh) > room {
		fresh = fresh[:room]
		r.Post.Lines = append(r.Post.Lines, digest.Plain(c.t(texts.FileRoom, texts.Args{"Max": digest.MaxSources, "Count": room})))
	}
	ids, err := c.b.desk.Introduce(ctx, fresh, c.now)
	if err != nil {
		return Reply{}, err
	}
	waiting := make([]string, len(ids))
	for i, id := range ids {
		waiting[i] = string(id)
	}
	return r.with(digest.Button{Label: c.t(texts.ButtonImport, texts.Args{"Count": len(ids)}), Action: c.action("import:")},
			digest.Button{Label: c.t(texts.ButtonCancel), Action: c.action("do:cancel")}),
		c.remember(ctx, "import:"+strings.Join(waiting, ","))
}

// notFollowed are the feeds of a file that are not among the chat's sources.
func (c *conversation) notFollowed(outlines []feed.Outline) []feed.Outline {
	follows := c.b.desk.Follows(c.chat)
	return slices.DeleteFunc(outlines, func(o feed.Outline) bool {
		return slices.Contains(follows, digest.NewSourceID(o.URL))
	})
}

// pressImport takes the sources that wait.
func (c *conversation) pressImport(ctx context.Context, _ string) (Reply, error) {
	what, waiting, err := c.interrupted(ctx)
	if err != nil {
		return Reply{}, err
	}
	if what != "import" {
		return c.say(texts.OldButton), nil
	}
	var ids []digest.SourceID
	for id := range strings.SplitSeq(waiting, ",") {
		ids = append(ids, digest.SourceID(id))
	}
	took, err := c.b.desk.FollowAll(ctx, c.chat.ID, ids)
	if err != nil {
		return Reply{}, err
	}
	r := c.say(texts.Imported, texts.Args{"Count": took.Added})
	if took.Already > 0 {
		r.Post.Lines = append(r.Post.Lines, digest.Plain(c.t(texts.ImportedAlready, texts.Args{"Count": took.Already})))
	}
	if took.NoRoom > 0 {
		r.Post.Lines = append(r.Post.Lines, digest.Plain(c.t(texts.ImportedNoRoom, texts.Args{"Count": took.NoRoom, "Max": digest.MaxSources})))
	}
	r.Edit = true
	return r, nil
}
