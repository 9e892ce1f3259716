package main

import (
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"maps"
	"math"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/caarlos0/env/v11"
	"github.com/joho/godotenv"

	"newsdigest/digest/fetch"
	"newsdigest/store/postgres"
)

// config is what the environment and .env say. .env.example documents every name.
type config struct {
	DiscordToken      string `env:"NEWSDIGEST_DISCORD_TOKEN"`
	DiscordTokenFile  string `env:"NEWSDIGEST_DISCORD_TOKEN_FILE"`
	Shards            int    `env:"NEWSDIGEST_DISCORD_SHARDS" envDefault:"1"`
	TelegramToken     string `env:"NEWSDIGEST_TELEGRAM_TOKEN"`
	TelegramTokenFile string `env:"NEWSDIGEST_TELEGRAM_TOKEN_FILE"`

	Store     string `env:"NEWSDIGEST_STORE"`
	StoreFile string `env:"NEWSDIGEST_STORE_FILE"`
	Backups   string `env:"NEWSDIGEST_BACKUPS"`
	Sources   string `env:"NEWSDIGEST_SOURCES"`

	DiscordURL   string   `env:"NEWSDIGEST_DISCORD_API_URL"`
	TelegramURL  string   `env:"NEWSDIGEST_TELEGRAM_API_URL"`
	DiscordRate  float64  `env:"NEWSDIGEST_DISCORD_RATE"`
	TelegramRate float64  `env:"NEWSDIGEST_TELEGRAM_RATE"`
	Access       string   `env:"NEWSDIGEST_ACCESS" envDefault:"open"`
	Allow        []string `env:"NEWSDIGEST_ALLOW"`
	Operators    []string `env:"NEWSDIGEST_OPERATORS"`

	FetchAllow []string      `env:"NEWSDIGEST_FETCH_ALLOW"`
	HostRate   float64       `env:"NEWSDIGEST_HOST_RATE"`
	PollEvery  time.Duration `env:"NEWSDIGEST_POLL_EVERY" envDefault:"15m"`

	ModelURL     string        `env:"NEWSDIGEST_MODEL_URL"`
	ModelName    string        `env:"NEWSDIGEST_MODEL_NAME"`
	ModelKey     string        `env:"NEWSDIGEST_MODEL_KEY"`
	ModelKeyFile string        `env:"NEWSDIGEST_MODEL_KEY_FILE"`
	ModelBudget  time.Duration `env:"NEWSDIGEST_MODEL_BUDGET" envDefault:"30s"`

	Web          string `env:"NEWSDIGEST_WEB"`
	WebURL       string `env:"NEWSDIGEST_WEB_URL"`
	WebToken     string `env:"NEWSDIGEST_WEB_TOKEN"`
	WebTokenFile string `env:"NEWSDIGEST_WEB_TOKEN_FILE"`

	Metrics string `env:"NEWSDIGEST_METRICS"`
	Pprof   bool   `env:"NEWSDIGEST_PPROF"`

	LogLevel  slog.Level `env:"NEWSDIGEST_LOG_LEVEL" envDefault:"info"`
	LogFormat string     `env:"NEWSDIGEST_LOG_FORMAT" envDefault:"text"`

	allowed []netip.Prefix
}

// loadConfig reads the environment, and for what it does not set the .env file: the
// named one, else ./.env, else newsdigest/.env in the configuration directory. All
// problems are reported at once.
func loadConfig(file string) (config, error) {
	vars, err := environment(file)
	if err != nil {
		return config{}, err
	}
	var c config
	problems := unknownNames(vars)
	if err := env.ParseWithOptions(&c, env.Options{Environment: vars}); err != nil {
		problems = append(problems, parseProblems(err)...)
	}
	problems = withNew(problems, c.check())
	if len(problems) > 0 {
		return c, &exitError{code: exitConfig, err: errors.New("the configuration has a problem:\n  " + strings.Join(problems, "\n  "))}
	}
	if c.Store == "" {
		c.Store = defaultStore(vars)
	}
	return c, nil
}

// environment is .env overlaid by the real environment.
func environment(file string) (map[string]string, error) {
	vars := map[string]string{}
	for _, path := range envFiles(file) {
		read, err := godotenv.Read(path)
		if errors.Is(err, fs.ErrNotExist) && file == "" {
			continue
		}
		if err != nil {
			return nil, unreadable(path, err)
		}
		vars = read
		break
	}
	maps.Copy(vars, env.ToMap(os.Environ()))
	return vars, nil
}

// unreadable says what to do about a .env file that cannot be read, without the line that
// the .env reader quotes, which may be a secret.
func unreadable(path string, err error) error {
	why := "a line in it is no assignment; lines look like NAME=value"
	var pe *fs.PathError
	if errors.As(err, &pe) {
		why = pe.Err.Error()
	}
	return &exitError{code: exitConfig, err: fmt.Errorf("%s cannot be read: %s", path, why)}
}

func envFiles(file string) []string {
	if file != "" {
		return []string{file}
	}
	files := []string{".env"}
	if dir, err := os.UserConfigDir(); err == nil {
		files = append(files, filepath.Join(dir, "newsdigest", ".env"))
	}
	return files
}

// defaultStore is the bbolt file in the user's data directory.
func defaultStore(vars map[string]string) string {
	dir := vars["XDG_DATA_HOME"]
	if dir == "" {
		home, err := os.UserHomeDir()
		if err != nil {
			home = "."
		}
		dir = filepath.Join(home, ".local", "share")
	}
	return filepath.Join(dir, "newsdigest", "newsdigest.db")
}

// unknownNames are the names that look like ours and are not: a misspelled setting would
// be ignored in silence.
func unknownNames(vars map[string]string) []string {
	known := env.ToMap(nil)
	params, err := env.GetFieldParams(&config{})
	if err != nil {
		return []string{err.Error()}
	}
	for _, p := range params {
		known[p.Key] = ""
	}
	var out []string
	for _, name := range slices.Sorted(maps.Keys(vars)) {
		if _, ok := known[name]; !ok && strings.HasPrefix(name, "NEWSDIGEST_") && !strings.HasPrefix(name, "NEWSDIGEST_TEST_") {
			out = append(out, name+": there is no such setting; .env.example lists them all")
		}
	}
	return out
}

// parseProblems says which values could not be read, without the values.
func parseProblems(err error) []string {
	var all env.AggregateError
	if !errors.As(err, &all) {
		return []string{err.Error()}
	}
	hints := map[string]string{
		"PollEvery":    "NEWSDIGEST_POLL_EVERY: not a duration; write for example 15m or 1h",
		"ModelBudget":  "NEWSDIGEST_MODEL_BUDGET: not a duration; write for example 30s or 2m",
		"Pprof":        "NEWSDIGEST_PPROF: there are true and false",
		"LogLevel":     "NEWSDIGEST_LOG_LEVEL: not a level; there are debug, info, warn and error",
		"Shards":       "NEWSDIGEST_DISCORD_SHARDS: not a number; write how many connections to the gateway there are, for example 1",
		"HostRate":     "NEWSDIGEST_HOST_RATE: not a number; write requests a second, for example 1",
		"DiscordRate":  "NEWSDIGEST_DISCORD_RATE: not a number; write messages a second, for example 40",
		"TelegramRate": "NEWSDIGEST_TELEGRAM_RATE: not a number; write messages a second, for example 29",
	}
	var out []string
	for _, e := range all.Errors {
		var pe env.ParseError
		if errors.As(e, &pe) && hints[pe.Name] != "" {
			out = append(out, hints[pe.Name])
			continue
		}
		out = append(out, e.Error())
	}
	return out
}

// withNew adds those problems that are not about a setting which already has one: what
// could not be read is not measured as if it were zero.
func withNew(problems, more []string) []string {
	named := map[string]bool{}
	for _, p := range problems {
		name, _, _ := strings.Cut(p, ":")
		named[name] = true
	}
	for _, p := range more {
		if name, _, _ := strings.Cut(p, ":"); !named[name] {
			problems = append(problems, p)
		}
	}
	return problems
}

// check reads the secrets' files and checks what the types cannot.
func (c *config) check() []string {
	for _, list := range [][]string{c.Allow, c.Operators, c.FetchAllow} {
		for i := range list {
			list[i] = strings.TrimSpace(list[i]) // people write a space after a comma
		}
	}
	var out []string
	bad := func(format string, args ...any) { out = append(out, fmt.Sprintf(format, args...)) }
	for _, s := range []struct {
		name, file string
		value      *string
	}{
		{"NEWSDIGEST_DISCORD_TOKEN", c.DiscordTokenFile, &c.DiscordToken},
		{"NEWSDIGEST_TELEGRAM_TOKEN", c.TelegramTokenFile, &c.TelegramToken},
		{"NEWSDIGEST_MODEL_KEY", c.ModelKeyFile, &c.ModelKey},
		{"NEWSDIGEST_STORE", c.StoreFile, &c.Store},
		{"NEWSDIGEST_WEB_TOKEN", c.WebTokenFile, &c.WebToken},
	} {
		if err := readSecret(s.name, s.file, s.value); err != nil {
			bad("%v", err)
		}
	}
	for name, address := range map[string]string{"NEWSDIGEST_DISCORD_API_URL": c.DiscordURL, "NEWSDIGEST_TELEGRAM_API_URL": c.TelegramURL} {
		if u, err := url.Parse(address); address != "" && (err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https") {
			bad("%s: not an address; write scheme://host:port/prefix", name)
		}
	}
	for name, rate := range map[string]float64{"NEWSDIGEST_DISCORD_RATE": c.DiscordRate, "NEWSDIGEST_TELEGRAM_RATE": c.TelegramRate, "NEWSDIGEST_HOST_RATE": c.HostRate} {
		if !(rate >= 0) || math.IsInf(rate, 1) { // NaN is neither
			bad("%s: has to be a number above 0", name)
		}
	}
	if c.Shards < 1 || c.Shards > maxShards {
		bad("NEWSDIGEST_DISCORD_SHARDS: has to be from 1 to %d", maxShards)
	}
	out = append(out, c.modelProblems()...)
	out = append(out, c.webProblems()...)
	if err := metricsProblem(c.Metrics, c.Pprof); err != nil {
		bad("%v", err)
	}
	if c.PollEvery <= 0 || c.PollEvery < time.Minute && len(c.FetchAllow) == 0 {
		bad("NEWSDIGEST_POLL_EVERY: publishers are asked at most once a minute; write 1m or more")
	}
	if c.Access != "open" && c.Access != "listed" {
		bad("NEWSDIGEST_ACCESS: there are open (everybody) and listed (who is in NEWSDIGEST_ALLOW)")
	}
	for name, list := range map[string][]string{"NEWSDIGEST_ALLOW": c.Allow, "NEWSDIGEST_OPERATORS": c.Operators} {
		if problem := notPeople(list); problem != "" {
			bad("%s: %s", name, problem)
		}
	}
	out = append(out, c.storeProblems()...)
	var err error
	if c.allowed, err = fetch.ParseAllow(c.FetchAllow); err != nil {
		bad("NEWSDIGEST_FETCH_ALLOW: %v; write networks, for example 10.0.0.0/8", err)
	}
	if c.LogFormat != "text" && c.LogFormat != "json" {
		bad("NEWSDIGEST_LOG_FORMAT: there are text and json")
	}
	slices.Sort(out)
	return out
}

// storeProblems checks where the store is to be.
func (c *config) storeProblems() []string {
	switch {
	case !strings.Contains(c.Store, "://"):
		return nil
	case postgres.Check(c.Store) != nil:
		return []string{"NEWSDIGEST_STORE: has to be the path of a file, or postgres://user:password@host:5432/database"}
	case c.Backups != "":
		return []string{"NEWSDIGEST_BACKUPS: is for a file; PostgreSQL is backed up with its own tools"}
	}
	return nil
}

// maxShards is more than any bot has: Discord counts 1,000 servers to a shard.
const maxShards = 1000

// notPeople says what in a list of people and places is none, "" if all are.
func notPeople(list []string) string {
	for _, who := range list {
		p, id, ok := strings.Cut(who, ":")
		if !ok || id == "" || p != "telegram" && p != "discord" {
			return fmt.Sprintf("%q is not platform:id; write for example telegram:123,discord:456", who)
		}
		if _, err := strconv.ParseInt(id, 10, 64); err != nil {
			return fmt.Sprintf("%q has a name where the number belongs; the file that /privacy exports tells somebody's", who)
		}
	}
	return ""
}

// readSecret reads a secret from its file if one is named.
func readSecret(name, file string, value *string) error {
	switch {
	case file == "":
		*value = strings.TrimSpace(*value)
		return nil
	case *value != "":
		return fmt.Errorf("%s: set both here and by %s_FILE; keep one of them", name, name)
	}
	body, err := os.ReadFile(file)
	if err != nil {
		return fmt.Errorf("%s_FILE: the file cannot be read (%v)", name, errors.Unwrap(err))
	}
	*value = strings.TrimSpace(string(body))
	return nil
}

// logger is the program's log, on standard error.
func (c config) logger(debug bool) *slog.Logger {
	o := &slog.HandlerOptions{Level: c.LogLevel}
	if debug {
		o.Level = slog.LevelDebug
	}
	if c.LogFormat == "json" {
		return slog.New(slog.NewJSONHandler(os.Stderr, o))
	}
	return slog.New(slog.NewTextHandler(os.Stderr, o))
}
