package digest

import (
	"encoding/json"
	"time"
)

// Run is a piece of a line. Text is plain; the platform that shows it escapes it. A run
// with URL is a link, one with At is that moment in the reader's own clock where the
// platform can (Text otherwise).
type Run struct {
	Text   string    `json:"text"`
	Bold   bool      `json:"bold,omitempty"`
	Italic bool      `json:"italic,omitempty"`
	URL    string    `json:"url,omitempty"`
	At     time.Time `json:"at,omitzero"`
	// Ago says that what counts of At is how long ago it is, where the platform can say so.
	Ago bool `json:"ago,omitempty"`
}

// Line is one line of a message.
type Line []Run

// Plain is a line of plain text.
func Plain(text string) Line { return Line{{Text: text}} }

// String is the line's text without its style.
func (l Line) String() string {
	var s string
	for _, r := range l {
		s += r.Text
	}
	return s
}

// Link is an outlet's article as a digest shows it.
type Link struct {
	Name    string `json:"name"`
	URL     string `json:"url"`
	Paywall bool   `json:"paywall,omitempty"`
}

// PostStory is one story as a digest shows it, every word of it final.
type PostStory struct {
	Story    StoryID `json:"story"`
	Number   int     `json:"number"` // counted over all pages of the edition, from 1
	Headline string  `json:"headline"`
	// Summary are the sentences; a platform short of room leaves out the last ones.
	Summary []string `json:"summary,omitempty"`
	// Updated says that the reader knows the story and Summary is what is new.
	Updated bool `json:"updated,omitempty"`
	// Detail are further sentences, for a platform that can fold them away; others leave
	// them out, and so does one short of room.
	Detail []string `json:"detail,omitempty"`
	// Differ is what outlets say differently, "" where they agree; a platform short of
	// room leaves it out.
	Differ string `json:"differ,omitempty"`
	// Links are the outlets in the order of design; a platform shows the first few and
	// says how many more there are.
	Links    []Link `json:"links"`
	Articles int    `json:"articles"` // how many articles tell it
}

// Single tells whether only one outlet tells the story.
func (s PostStory) Single() bool { return len(s.Links) == 1 }

// LinksShown is how many outlets of a story a digest links; the others are counted.
const LinksShown = 3

// Shown are the links to show under the story and how many more there are.
func (p Post) Shown(s PostStory) (links []Link, more int) {
	n := p.MaxLinks
	if n == 0 {
		n = LinksShown
	}
	n = min(n, len(s.Links))
	return s.Links[:n], len(s.Links) - n
}

// Post is a message before a platform has put it into its own form: words and roles, no
// markup. A digest has Stories; every other message has only Lines.
type Post struct {
	Language string `json:"language"` // of the texts, BCP 47
	// Lead comes before everything else: "Late: this digest was due at 08:00."
	Lead  []Line `json:"lead,omitempty"`
	Title Line   `json:"title,omitempty"`
	// Preview is the one line that a push notification shows.
	Preview string      `json:"preview,omitempty"`
	Lines   []Line      `json:"lines,omitempty"`
	Stories []PostStory `json:"stories,omitempty"`
	// Page of Pages, counted from 1, for a digest.
	Page  int `json:"page,omitempty"`
	Pages int `json:"pages,omitempty"`
	// MaxLinks is how many links a story shows before "+3 more"; 0 means LinksShown.
	MaxLinks int `json:"max_links,omitempty"`
	// End comes after the stories, one line each: the end line, the not-answering line.
	End []Line `json:"end,omitempty"`
	// Note is small print under everything.
	Note    string     `json:"note,omitempty"`
	Buttons [][]Button `json:"buttons,omitempty"` // rows
	// Rows are lines with a button of their own each, after Lines: a panel of settings.
	Rows []Row `json:"rows,omitempty"`
	// Menus come before the buttons. A platform without menus shows their options as
	// buttons.
	Menus []Menu `json:"menus,omitempty"`
	// File goes with the message, as a document to keep; nil if there is none. A platform
	// without documents shows its text.
	File *File `json:"file,omitempty"`
	// Picture is the https address of a picture of the lead story, for platforms that
	// show one beside the text; empty if there is none.
	Picture string `json:"picture,omitempty"`
	// Time is the moment the post speaks of.
	Time time.Time `json:"time,omitzero"`
}

// Row is a line and the button that changes what it says.
type Row struct {
	Line   Line   `json:"line"`
	Button Button `json:"button"`
}

// Menu offers a choice. Whatever the platform makes of it, what comes back is a press of
// Action with the chosen values.
type Menu struct {
	// Action with a value and one byte more is at most MaxAction long, and neither has
	// "=" or "^", with which platforms without menus join the two.
	Action      string   `json:"action"`
	Placeholder string   `json:"placeholder,omitempty"`
	Options     []Option `json:"options"` // at most MaxOptions
	// Many says that any number may be chosen, none too. Where such a menu is a row of
	// buttons, a press brings the one value that changes; else, all that are chosen.
	Many bool `json:"many,omitempty"`
	// Channels says that the choice is among the channels of the server; Options has at
	// most the one chosen now, its value the channel's id. What comes back is a press for
	// the chosen channel, as a command that names one is. A platform without such menus
	// leaves it out.
	Channels bool `json:"channels,omitempty"`
}

// File is a text document: a list of sources, somebody's data.
type File struct {
	Name string `json:"name"`
	Body []byte `json:"body"` // UTF-8, at most MaxFile bytes
}

// MaxFile is the largest file that is sent, in bytes: what Discord takes from everybody
// (10 MiB, Uploading Files) is the least of the platforms' limits.
const MaxFile = 8 << 20

// MaxOptions is the most options of a menu (Discord, select menu options).
const MaxOptions = 25

// Option is one of the choices of a menu.
type Option struct {
	Value  string `json:"value"`
	Label  string `json:"label"`
	Detail string `json:"detail,omitempty"` // small print, where there is room for it
	Chosen bool   `json:"chosen,omitempty"`
}

// Button is something to press under a message. Exactly one of Action, URL and Start is
// set.
type Button struct {
	Label string `json:"label"`
	// Action names what the press asks for; ids and codes only, at most 60 bytes so that
	// it fits Telegram's 64 (Bot API, InlineKeyboardButton.callback_data).
	Action string `json:"action,omitempty"`
	URL    string `json:"url,omitempty"`
	// Start opens the private chat with the bot and says this there: at most 64
	// characters of A-Za-z0-9_- (Telegram, deep links). A platform that cannot link to
	// itself leaves the button out.
	Start string `json:"start,omitempty"`
}

// MaxAction is the most bytes that Button.Action may have.
const MaxAction = 60

// The variants of a page, from the richest down. A platform that rejects one gets the
// next.
const (
	Rich      = "rich"
	PlainText = "plain"
	LinksOnly = "links"
)

// Page is one platform message of an edition, frozen in up to three variants. A payload
// is the platform's own; nobody else reads it.
type Page struct {
	Variants []Variant `json:"variants,omitempty"`
	// Content names the variants where they are stored once for all chats whose page says
	// the same, but for the ids of the edition; empty where they are the delivery's own.
	Content ContentID `json:"content,omitempty"`
}

// Variant is one form of a page.
type Variant struct {
	Kind    string          `json:"kind"`
	Payload json.RawMessage `json:"payload"`
}

// Attempt is what a platform is told about a send.
type Attempt struct {
	// Key is the same whenever the same bytes are sent again; a platform that can,
	// refuses the second.
	Key string
	// Variant is the index of the page's variant to send.
	Variant int
	// Repeat says that the message may have arrived before and has to say so.
	Repeat bool
	// Silent asks for no sound.
	Silent bool
}

// Receipt is a platform's word that a message arrived.
type Receipt struct {
	Message string    `json:"message,omitempty"` // the platform's id, empty if the answer was cut off
	At      time.Time `json:"at"`
}
