package bot

import (
	"context"

	"newsdigest/bot/texts"
	"newsdigest/digest"
)

// privacy is /privacy: what is kept, and what can be done with it.
func (c *conversation) privacy(context.Context, string) (Reply, error) {
	if no := c.elsewhere(); no != nil {
		return *no, nil
	}
	return c.say(texts.Privacy).with(
		digest.Button{Label: c.t(texts.ButtonExportData), Action: "privacy:export"},
		digest.Button{Label: c.t(texts.ButtonEraseData), Action: "privacy:erase"}).with(
		digest.Button{Label: c.t(texts.ButtonPolicy), Action: "privacy:policy"}), nil
}

// elsewhere is the reply where others would read what is kept about somebody, nil in
// private.
func (c *conversation) elsewhere() *Reply {
	if c.r.Chat.Private() && c.home == nil {
		return nil
	}
	no := c.say(texts.PrivacyInPrivate).with(digest.Button{Label: c.t(texts.ButtonOpenPrivate), Start: startPrivacy})
	return &no
}

// pressPrivacy is a button about what is kept: "privacy:export".
func (c *conversation) pressPrivacy(ctx context.Context, what string) (r Reply, err error) {
	if no := c.elsewhere(); no != nil {
		return *no, nil
	}
	switch what {
	case "", "keep":
		r, err = c.privacy(ctx, "")
	case "export":
		return c.export(ctx, "")
	case "policy":
		r = c.say(texts.Policy).with(digest.Button{Label: c.t(texts.ButtonBack), Action: "privacy:"})
	case "erase":
		r, err = c.askErase(ctx, "")
	case "erase-all":
		r, err = c.erase(ctx)
	default:
		r = c.say(texts.OldButton)
	}
	r.Edit = true
	return r, err
}

// export is /export: everything that is kept about the user, as a file.
func (c *conversation) export(ctx context.Context, _ string) (Reply, error) {
	if no := c.elsewhere(); no != nil {
		return *no, nil
	}
	body, err := c.b.desk.ExportUser(ctx, c.r.Platform, c.r.User)
	if err != nil {
		return Reply{}, err
	}
	if len(body) > digest.MaxFile {
		return c.say(texts.ExportTooLarge), nil
	}
	r := c.say(texts.Exported)
	r.Post.File = &digest.File{Name: "newsdigest.json", Body: body}
	return r, nil
}

// askErase is /delete_my_data: it asks once more.
func (c *conversation) askErase(context.Context, string) (Reply, error) {
	if no := c.elsewhere(); no != nil {
		return *no, nil
	}
	return c.say(texts.EraseSure).with(
		digest.Button{Label: c.t(texts.ButtonEraseAll), Action: "privacy:erase-all"},
		digest.Button{Label: c.t(texts.ButtonKeepIt), Action: "privacy:keep"}), nil
}

// erase deletes everything that is kept about the user.
func (c *conversation) erase(ctx context.Context) (Reply, error) {
	if err := c.b.desk.EraseUser(ctx, c.r.Platform, c.r.User); err != nil {
		return Reply{}, err
	}
	return c.say(texts.Erased), nil
}
