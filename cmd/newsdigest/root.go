package main

import (
	"errors"
	"fmt"
	"os"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/term"
)

// home is where this build's source is, for help; whoever publishes a build sets it:
// go build -ldflags "-X main.home=https://..." Empty names no address.
var home = ""

// flags are the options of every command.
type flags struct {
	env     string
	json    bool
	plain   bool
	noColor bool
	quiet   bool
	debug   bool
}

// root is the tree of commands.
func (p *program) root() *cobra.Command {
	root := &cobra.Command{
		Use:   "newsdigest",
		Short: "A news digest bot for Discord, Telegram and the terminal",
		Long: "A news digest bot for Discord, Telegram and the terminal\n\n" +
			"It reads news feeds, finds out which articles tell the same story, and sends every chat one short digest in the\n" +
			"publishers' own sentences.\n\n" +
			"Settings are names NEWSDIGEST_... in the environment and in ./.env, or newsdigest/.env in the configuration\n" +
			"directory; .env.example explains them.\n\n" +
			"Exit codes: 0 done, 1 failed, 2 wrong usage, 3 configuration or token, 4 done in part, 130 interrupted.",
		Example: `  newsdigest try                    try it here, no tokens needed
  newsdigest init                   set the bot up
  newsdigest run                    start it
  newsdigest digest --topic world   print one digest`,
		SilenceErrors: true, SilenceUsage: true,
		PersistentPreRun: func(*cobra.Command, []string) { p.lookAtTerminal() },
		Args:             unknownCommand,
		RunE:             func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error {
		return &exitError{code: exitUsage, err: fmt.Errorf("%w; see newsdigest --help", err)}
	})
	f := root.PersistentFlags()
	f.StringVar(&p.flags.env, "env", "", "file with settings (default ./.env, then newsdigest/.env in the configuration directory)")
	f.BoolVar(&p.flags.json, "json", false, "machine-readable output where something is listed")
	f.BoolVar(&p.flags.plain, "plain", false, "no color, no wrapping")
	f.BoolVar(&p.flags.noColor, "no-color", false, "same as NO_COLOR=1")
	f.BoolVarP(&p.flags.quiet, "quiet", "q", false, "no progress")
	f.BoolVarP(&p.flags.debug, "debug", "d", false, "log everything")
	root.AddCommand(p.tryCommand(), p.initCommand(), p.runCommand(), p.statusCommand(), p.checkCommand(), p.digestCommand(), p.storyCommand(),
		p.articleCommand(), p.sourcesCommand(), p.subscriptionsCommand(), p.feedbackCommand(), p.userCommand(), p.summarizeCommand(), p.groupCommand(), p.benchCommand(),
		p.statsCommand(), p.compactCommand(), p.backupCommand(), p.restoreCommand(), p.migrateCommand(), p.versionCommand(), p.manCommand(), p.sbomCommand())
	for _, c := range root.Commands() {
		usageErrors(c)
	}
	return root
}

// complete adds the command that prints completions. A shell that there are none for is an
// error, since what is printed is saved.
func complete(root *cobra.Command) {
	root.InitDefaultCompletionCmd()
	for _, c := range root.Commands() {
		if c.Name() == "completion" {
			c.Args, c.RunE = unknownCommand, func(c *cobra.Command, _ []string) error { return c.Help() }
		}
	}
}

// usageErrors makes wrong arguments of a command a usage error with its own exit code.
func usageErrors(c *cobra.Command) {
	if check := c.Args; check != nil {
		c.Args = func(c *cobra.Command, args []string) error {
			err := check(c, args)
			if known := (*exitError)(nil); err == nil || errors.As(err, &known) {
				return err
			}
			_, takes, _ := strings.Cut(c.Use, " ")
			return &exitError{code: exitUsage, err: fmt.Errorf("wrong number of arguments; write %s, or see %s --help",
				strings.TrimSpace(c.CommandPath()+" "+takes), c.CommandPath())}
		}
	}
	for _, sub := range c.Commands() {
		usageErrors(sub)
	}
}

// unknownCommand refuses a command that does not exist and names the one that may be
// meant.
func unknownCommand(c *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	err := fmt.Errorf("no command %q", args[0])
	c.SuggestionsMinimumDistance = 2 // more than two letters off is another word
	if like := slices.Sorted(slices.Values(c.SuggestionsFor(args[0]))); len(like) > 0 {
		err = fmt.Errorf(`%w. Did you mean "%s"?`, err, strings.Join(like, `", "`))
	}
	return &exitError{code: exitUsage, err: err}
}

// lookAtTerminal finds out how wide standard output is and whether it may have color.
func (p *program) lookAtTerminal() {
	if p.flags.plain {
		p.columns, p.color = 0, false
		return
	}
	if p.running != nil {
		return // the other process has looked at its own
	}
	out, ok := p.out.(*os.File)
	if !ok || !term.IsTerminal(int(out.Fd())) {
		return
	}
	if w, _, err := term.GetSize(int(out.Fd())); err == nil {
		p.columns = w
	}
	p.color = !p.flags.noColor && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb"
}

// version is the version of the build.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok || info.Main.Version == "" || info.Main.Version == "(devel)" {
		return "0.1.0-dev"
	}
	return strings.TrimPrefix(info.Main.Version, "v")
}

func (p *program) versionCommand() *cobra.Command {
	return &cobra.Command{
		Use: "version", Short: "Print the version", Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			_, err := fmt.Fprintln(p.out, "newsdigest", version())
			return err
		},
	}
}
