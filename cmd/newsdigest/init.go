package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"newsdigest/bot/discord"
	"newsdigest/bot/telegram"
	"newsdigest/digest"
)

// setup is what newsdigest init is told on its command line.
type setup struct {
	telegramFile, discordFile string
	noInput                   bool
}

func (p *program) initCommand() *cobra.Command {
	var s setup
	c := &cobra.Command{
		Use: "init", Short: "Set the bot up: ask for its tokens, check them and write .env", Args: cobra.NoArgs,
		Long: "Asks for the tokens of Telegram and Discord, one of which is enough, has them checked, and writes them into ./.env\n" +
			"(or the file of --env), which only its owner may read then. What the file says already stays. With --no-input nothing\n" +
			"is asked: the tokens come from files, and .env names these.",
		Example: "  newsdigest init\n  newsdigest init --no-input --telegram-token-file /run/secrets/telegram",
		RunE:    func(c *cobra.Command, _ []string) error { return p.initialize(c.Context(), s) },
	}
	f := c.Flags()
	f.StringVar(&s.telegramFile, "telegram-token-file", "", "a file that has the Telegram token in it")
	f.StringVar(&s.discordFile, "discord-token-file", "", "a file that has the Discord token in it")
	f.BoolVar(&s.noInput, "no-input", false, "ask nothing, fail instead")
	return c
}

// tokenQuestion is what is asked about one platform, and where the answer belongs.
type tokenQuestion struct {
	platform    digest.Platform
	name, where string
	setting     string // the file's setting has _FILE behind it
	file        func(setup) string
}

var tokenQuestions = []tokenQuestion{
	{digest.Telegram, "Telegram", "from @BotFather, /newbot", "NEWSDIGEST_TELEGRAM_TOKEN", func(s setup) string { return s.telegramFile }},
	{digest.Discord, "Discord", "from https://discord.com/developers/applications, Bot, Reset Token", "NEWSDIGEST_DISCORD_TOKEN",
		func(s setup) string { return s.discordFile }},
}

// initialize asks, checks and writes.
func (p *program) initialize(ctx context.Context, s setup) error {
	if p.running != nil {
		return errors.New("the bot is running already; stop it to set it up anew")
	}
	file := p.flags.env
	if file == "" {
		file = ".env"
	}
	settings, err := readSettings(file)
	if err != nil {
		return err
	}
	a := &interview{program: p, silent: s.noInput}
	for _, q := range tokenQuestions {
		if err := p.setToken(ctx, a, settings, q, s); err != nil {
			return err
		}
	}
	if !slices.ContainsFunc(tokenQuestions, func(q tokenQuestion) bool { return settings.has(q.setting) || settings.has(q.setting+"_FILE") }) {
		return &exitError{code: exitConfig, err: errors.New(noTokens)}
	}
	if err := setOperators(a, settings); err != nil {
		return err
	}
	return p.writeSettings(a, settings)
}

// tokenTries is how often a token is asked for that is refused.
const tokenTries = 3

// setToken settles one platform's token: from the file that the command line names, or by
// asking. One that the platform refuses is asked for again; where nobody can be asked it
// ends the command.
func (p *program) setToken(ctx context.Context, a *interview, settings *settings, q tokenQuestion, s setup) error {
	if name := q.file(s); name != "" {
		path, err := filepath.Abs(name)
		if err != nil {
			return err
		}
		var token string
		if err := readSecret(q.setting, path, &token); err != nil {
			return &exitError{code: exitConfig, err: err}
		}
		settings.set(q.setting+"_FILE", path)
		settings.unset(q.setting)
		return p.proveToken(ctx, q, token)
	}
	if a.silent {
		return nil
	}
	question := fmt.Sprintf("%s token (%s; enter for none): ", q.name, q.where)
	if settings.has(q.setting) || settings.has(q.setting+"_FILE") {
		question = fmt.Sprintf("%s token (enter keeps the one that is set): ", q.name)
	}
	for try := 1; ; try++ {
		token, err := a.secret(question)
		if err != nil || token == "" {
			return err
		}
		err = p.proveToken(ctx, q, token)
		if err == nil {
			settings.set(q.setting, token)
			settings.unset(q.setting + "_FILE")
			return nil
		}
		if try == tokenTries || ctx.Err() != nil {
			return err
		}
		fmt.Fprintf(p.errs, "  %v\n", err)
	}
}

// proveToken asks the platform who the bot is. A platform that cannot be asked now is no
// reason to stop: newsdigest check asks again.
func (p *program) proveToken(ctx context.Context, q tokenQuestion, token string) error {
	cfg, err := addresses()
	if err != nil {
		return err
	}
	switch q.platform {
	case digest.Telegram:
		cfg.TelegramToken = token
	case digest.Discord:
		cfg.DiscordToken = token
	}
	all, err := platforms(cfg, p.quietLog(), func(digest.Platform, error) {})
	if err != nil {
		return err
	}
	who, err := all[q.platform].check(ctx)
	var refused *discord.Refused
	switch {
	case errors.Is(err, telegram.ErrToken) || errors.As(err, &refused):
		return &exitError{code: exitConfig, err: err}
	case err != nil:
		fmt.Fprintf(p.errs, "  %s cannot be asked now (%v); newsdigest check asks again.\n", q.name, err)
	default:
		who, link, _ := strings.Cut(who, "; add it to a server: ")
		fmt.Fprintf(p.out, "%s: ok, this is %s.\n", q.name, who)
		if link != "" {
			fmt.Fprintf(p.out, "Add it to a server:\n%s\n", link)
		}
	}
	return nil
}

// addresses is a configuration without tokens: where the platforms are asked.
func addresses() (config, error) {
	vars, err := environment("")
	return config{TelegramURL: vars["NEWSDIGEST_TELEGRAM_API_URL"], DiscordURL: vars["NEWSDIGEST_DISCORD_API_URL"]}, err
}

// setOperators asks whom the bot tells when something is wrong.
func setOperators(a *interview, settings *settings) error {
	const name = "NEWSDIGEST_OPERATORS"
	if a.silent || settings.has(name) {
		return nil
	}
	for {
		who, err := a.line("Who runs this bot and is told when something is wrong (telegram:123,discord:456; enter for nobody): ")
		if err != nil || who == "" {
			return err
		}
		who = strings.ReplaceAll(who, " ", "")
		if problem := notPeople(strings.Split(who, ",")); problem != "" {
			fmt.Fprintf(a.errs, "  %s\n", problem)
			continue
		}
		settings.set(name, who)
		return nil
	}
}

// writeSettings shows what changes in a file that is there, asks, and writes.
func (p *program) writeSettings(a *interview, settings *settings) error {
	if len(settings.changes) == 0 {
		if mode, open := readByOthers(settings.file); open {
			fmt.Fprintf(p.errs, "Others may read %s (%v) and the tokens in it; chmod 600 it.\n", settings.file, mode)
		}
		fmt.Fprintf(p.out, "%s stays as it is.\nNext: newsdigest run\n", settings.file)
		return nil
	}
	if settings.old {
		fmt.Fprintf(p.errs, "%s is there already. It changes in:\n", settings.file)
		for _, c := range settings.changes {
			fmt.Fprintf(p.errs, "  %s\n", c)
		}
		yes, err := a.yes("Write it? [y/N] ")
		if err != nil {
			return err
		}
		if !yes {
			fmt.Fprintln(p.out, "Nothing was written.")
			return nil
		}
	}
	if err := settings.write(); err != nil {
		return fmt.Errorf("%s cannot be written: %w", settings.file, err)
	}
	// A shell's sudo or a group's umask must not have widened it.
	if mode, open := readByOthers(settings.file); open {
		return fmt.Errorf("%s was written, and others may read it (%v); chmod 600 it", settings.file, mode)
	}
	fmt.Fprintf(p.out, "Wrote %s (0600).\nNext: newsdigest run\n", settings.file)
	return nil
}

// readByOthers tells whether somebody else than its owner may read a file, and its mode.
func readByOthers(file string) (mode fs.FileMode, open bool) {
	info, err := os.Stat(file)
	if err != nil {
		return 0, false
	}
	return info.Mode().Perm(), info.Mode().Perm()&0o077 != 0
}
