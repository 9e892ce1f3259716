package bot

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"newsdigest/digest"
)

// Listener brings what people do on a platform to the bot.
type Listener interface {
	// Listen receives until ctx ends or the platform refuses the bot for good; it brings
	// back lost connections by itself. A nil error means that ctx ended.
	Listen(ctx context.Context, in Inbox) error
}

// Answerer answers requests. No call is repeated, and none sleeps.
type Answerer interface {
	// Answer shows the reply to whoever made the request. The first call answers, later
	// calls for the same request edit that answer.
	Answer(ctx context.Context, r Request, reply Reply) error
	// Rights tells, live, what the request's user may do in r.Chat and what the bot may
	// not do there.
	Rights(ctx context.Context, r Request) (Rights, error)
}

// Inbox is what a platform hands requests to. The bot implements it.
type Inbox interface {
	// Accept records the requests and the cursor durably; only after it returned nil may
	// the platform confirm them to the other side. Requests already known by their id
	// are dropped. The answers come later, through Answer.
	Accept(ctx context.Context, p digest.Platform, rs []Request, cursor string) error
	// Cursor is the cursor of the last Accept, empty at first.
	Cursor(ctx context.Context, p digest.Platform) (string, error)
	// Immediate is the reply to a request that cannot wait: a Completion (Choices), a
	// Press whose action starts with AskPrefix, or a Command that Asks (Form). It neither reads the network nor
	// records anything.
	Immediate(ctx context.Context, r Request) Reply
}

// AskPrefix starts the action of every button that asks for typed text. Platforms with
// forms answer such a press with Inbox.Immediate; the others hand it to Accept, and the
// bot asks by a message.
const AskPrefix = "ask:"

// Kind is what somebody did.
type Kind string

// The kinds of request.
const (
	Command    Kind = "command"    // "/subscribe daily at 8"
	Text       Kind = "text"       // any other message in a private chat, or a reply to the bot
	Press      Kind = "press"      // a button
	FormAnswer Kind = "form"       // a form was sent off
	Completion Kind = "completion" // a command's option is being typed
	Joined     Kind = "joined"     // the bot was added to a group, server or channel
	// Left: the bot was removed or blocked; from all of a server's channels, if Chat names
	// a server and no channel.
	Left  Kind = "left"
	Moved Kind = "moved" // the chat at Chat is at Place from now on
)

// Request is one thing somebody did on a platform.
type Request struct {
	// ID is the platform's own, unique there for ever.
	ID       string          `json:"id"`
	Platform digest.Platform `json:"platform"`
	Kind     Kind            `json:"kind"`
	// Chat is whom the request speaks for: the person (private chats, and Discord
	// commands that name no channel), or the group or channel.
	Chat digest.Address `json:"chat"`
	// Place is where it happened and where the answer is seen.
	Place digest.Address `json:"place"`
	// ChatName is how people call Chat ("#news"), for texts; empty if it is one person.
	ChatName string `json:"chat_name,omitempty"`
	// Server is the id of the Discord server it happened in, empty elsewhere; Chat and
	// Place carry it too where they are channels.
	Server string `json:"server,omitempty"`
	// Private says that nobody but the user sees Place.
	Private bool   `json:"private,omitempty"`
	User    string `json:"user"`
	// Language is that of the user's client, BCP 47, empty if not told. A region tells
	// how its clock looks ("en-US").
	Language string    `json:"language,omitempty"`
	At       time.Time `json:"at"` // when it was received

	// Command is the command's name without slash ("sources"), Sub its subcommand if the
	// platform has those, Args the free text after it, Options the named options.
	Command string            `json:"command,omitempty"`
	Sub     string            `json:"sub,omitempty"`
	Args    string            `json:"args,omitempty"`
	Options map[string]string `json:"options,omitempty"`
	// Focused is the option being typed (Completion).
	Focused string `json:"focused,omitempty"`
	// Action is the pressed button's, or the form's.
	Action string `json:"action,omitempty"`
	// Text is the message's text (Text) or what was typed into the form (FormAnswer).
	Text string `json:"text,omitempty"`

	// Values are what was chosen in a menu (Press). Toggled says that Values has the one
	// value that changes, instead of all that are chosen now.
	Values  []string `json:"values,omitempty"`
	Toggled bool     `json:"toggled,omitempty"`
	// Under are the actions of the buttons under the message that this one replies to:
	// they tell which digest is meant.
	Under []string `json:"under,omitempty"`
	// Quoted is the text of the message that the command was used on (Discord's message
	// menu) or that this one replies to, with the addresses it links.
	Quoted string `json:"quoted,omitempty"`
	// File is a document that came with the message, nil if none did.
	File *File `json:"file,omitempty"`
	// Fields are what was typed into a form of several fields, by Field.Key (FormAnswer).
	Fields map[string]string `json:"fields,omitempty"`

	// Native is what the platform itself needs to answer; nobody else reads it.
	Native json.RawMessage `json:"native,omitempty"`
}

// File is a document that somebody sent. Its content is fetched by Downloader.
type File struct {
	Name string `json:"name"`
	Size int    `json:"size"` // bytes, as the platform states it
}

// Downloader is an Answerer whose platform lets people send documents.
type Downloader interface {
	// Download is the content of the request's file, at most limit bytes of it: a larger
	// one is an error.
	Download(ctx context.Context, r Request, limit int) ([]byte, error)
}

// Resolver is an Answerer whose platform has places with names of their own, which one can
// speak about from elsewhere: Telegram's channels and public groups.
type Resolver interface {
	// Resolve finds the place that people call name ("@harbor_news", or the address of its
	// page) and its title. ErrNoPlace says that there is none that the bot can see. What
	// the user may do there, Rights tells for a request whose Chat is the address.
	Resolve(ctx context.Context, name string) (at digest.Address, title string, err error)
}

// ErrNoPlace says that a name means no place that the bot can see.
var ErrNoPlace = errors.New("no place of this name")

// Reply is what the bot says to a request. At most one of Post, Choices and Form is set;
// none of them means that there is nothing to say (a group's unknown command), and the
// platform ends any waiting state quietly.
type Reply struct {
	Post    *digest.Post
	Choices []Choice
	Form    *Form
	// Working says that the answer takes a while; Post may say what is being done.
	Working bool
	// Public asks a platform that answers unseen by others to show this to all.
	Public bool
	// Edit replaces the message whose button was pressed, where only the user sees it or
	// the message is the bot's dialogue; else the answer is a message of its own.
	Edit bool
	// Ask says that the next message of the user is taken as the answer.
	Ask bool
	// Toast is a short notice shown over a pressed button, at most 200 characters (Bot
	// API, answerCallbackQuery).
	Toast string
}

// Choice is a suggestion for an option: at most 25 a reply, label and value at most 100
// characters (Discord, application command option choice).
type Choice struct{ Label, Value string }

// Form asks for text.
type Form struct {
	Title  string  // at most 45 characters (Discord, modal title)
	Action string  // comes back in Request.Action with what was typed
	Fields []Field // 1 to 5 (Discord, modal components)
}

// Field is one text of a form. What was typed into the first field comes back in
// Request.Text, what was typed into any of them in Request.Fields.
type Field struct {
	Key         string // names it in Request.Fields
	Label       string // at most 45 characters (Discord, text input label)
	Placeholder string // at most 100 characters (Discord, text input placeholder)
	Value       string // what stands in it at first
	Long        bool   // several lines
	Optional    bool
}

// Rights are what a user may do in a chat, and what the bot may not do there.
type Rights struct {
	// Manage says that the user may change the chat's digests.
	Manage bool
	// Missing are the permissions that the bot lacks to post there, as the platform's
	// own surface names them. Where the bot is not there at all it cannot tell who may
	// manage the place: then Manage is false and Missing is not empty.
	Missing []string
}
