package bot

import (
	"strconv"

	"newsdigest/bot/texts"
	"newsdigest/digest"
)

// controls puts under a page what can be done with it, for the place it goes to. In a
// group or channel of Telegram nobody turns the page or rates the digest for everybody: it
// is opened in private. On Discord every reader gets an answer of their own.
func (w writer) controls(p *digest.Post, to digest.Address) {
	if !to.Private() && to.Platform != digest.Discord {
		if w.e.Public != "" {
			p.Buttons = [][]digest.Button{{{Label: w.say(texts.ButtonReadInPrivate), Start: startDigest + w.e.Public}}}
		}
		return
	}
	if p.Page == 1 && w.e.Next.IsZero() && to.Private() {
		p.Buttons = append(p.Buttons, []digest.Button{{Label: w.say(texts.ButtonDaily), Action: "daily:" + topicKey(w.e.Topic)}})
	}
	id := string(w.e.ID)
	follow := digest.Button{Label: w.say(texts.ButtonFollowStory), Action: "follow:" + id}
	rate := []digest.Button{
		{Label: w.say(texts.ButtonUseful), Action: "useful:" + id}, {Label: w.say(texts.ButtonNotUseful), Action: "useless:" + id}}
	turn := w.turning(*p, to)
	if to.Platform == digest.Discord {
		stories, first := w.e.OnPage(p.Page)
		p.Menus = []digest.Menu{storyMenu("card:"+id, w.say(texts.MenuRead), stories, first)}
		p.Buttons = append(p.Buttons, append(append(turn, follow), rate...))
		return
	}
	if len(turn) > 0 {
		p.Buttons = append(p.Buttons, turn)
	}
	settings := digest.Button{Label: w.say(texts.ButtonSettings), Action: "settings:"}
	p.Buttons = append(p.Buttons, []digest.Button{follow, settings}, rate)
}

// turning are the buttons that lead to other pages.
func (w writer) turning(p digest.Post, to digest.Address) []digest.Button {
	var out []digest.Button
	at := func(page int) string { return "more:" + string(w.e.ID) + ":" + strconv.Itoa(page) }
	if top, _ := w.e.OnPage(1); p.Page > 1 && to.Private() {
		out = append(out, digest.Button{Label: w.say(texts.ButtonTop, texts.Args{"Count": len(top)}), Action: at(1)})
	}
	next, _ := w.e.OnPage(p.Page + 1)
	if n := len(next); n > 0 {
		out = append(out, digest.Button{Label: w.say(texts.ButtonMore, texts.Args{"Count": n}), Action: at(p.Page + 1)})
	}
	return out
}
