package main

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// rooms say which packages of ours each package may import. The first room that fits a
// package is its; "x/*" is every package below x.
var rooms = []struct {
	of, why string
	may     []string
}{
	{"cmd/*", "plugs all together", []string{"bot", "bot/*", "store", "store/bolt", "store/postgres", "store/kv", "digest", "digest/*"}},
	{"bot/discord", "a platform knows the bot's words, not how the work is done, and no other platform", []string{"bot", "bot/texts", "digest"}},
	{"bot/telegram", "a platform knows the bot's words, not how the work is done, and no other platform", []string{"bot", "bot/texts", "digest"}},
	{"bot/console", "a platform knows the bot's words, not how the work is done, and no other platform", []string{"bot", "bot/texts", "digest"}},
	{"bot/web", "pages know the bot's words, not how the work is done, and no platform", []string{"bot", "bot/texts", "digest"}},
	{"bot/bottest", "the suite sees a platform from above", []string{"bot", "digest"}},
	{"bot/bottest/crash", "the rig fills the store, kills the program and reads what became of it", []string{"bot/bottest/*", "store", "store/bolt", "store/postgres", "store/postgres/pgtest", "digest", "digest/feed"}},
	{"bot/bottest/load", "the load program polls as the program does", []string{"bot/desk", "store", "store/bolt", "digest", "digest/fetch"}},
	{"bot/bottest/*", "a fake platform knows what the platform knows, not who talks to it", []string{"bot", "digest", "bot/bottest/*"}},
	{"bot/texts", "texts know the words of the house and nothing else", []string{"digest"}},
	{"bot/desk", "the work is done over the store, whichever engine is under it", []string{"store", "digest", "digest/*"}},
	{"bot", "the conversation asks the desk and never the store", []string{"bot/desk", "bot/texts", "digest", "digest/catalog", "digest/feed"}},
	{"store/bolt", "an engine keeps bytes and does not know of whom", []string{"store/kv"}},
	{"store/postgres/pgtest", "servers for tests know the database, not what is kept in it", nil},
	{"store/postgres", "an engine keeps bytes and does not know of whom", []string{"store/kv"}},
	{"store/kv/kvtest", "the suite shows the contract and nothing else", []string{"store/kv"}},
	{"store/kv", "the contract of engines is the standard library's words only", nil},
	{"store", "the store knows the words and the contract of engines", []string{"digest", "store/kv"}},
	{"digest/*", "rules of news know no chat and no store", []string{"digest", "digest/*"}},
	{"digest", "the words of the house depend on nothing", nil},
}

// bare are the packages that import the standard library only.
var bare = []string{"digest", "store/kv"}

// homes are the modules of others, each with the one package that may know it.
var homes = map[string]struct{ home, why string }{
	"code.dny.dev/ssrf":                               {"digest/fetch", "which addresses are public"},
	"github.com/temoto/robotstxt":                     {"digest/fetch", "what robots.txt asks"},
	"github.com/pquerna/cachecontrol":                 {"digest/fetch", "how long an answer stays fresh"},
	"github.com/mmcdole/gofeed":                       {"digest/feed", "the formats of feeds"},
	"codeberg.org/readeck/go-readability":             {"digest/extract", "the article in a page"},
	"github.com/abadojack/whatlanggo":                 {"digest/language", "the language of a text"},
	"github.com/blevesearch/snowballstem":             {"digest/language", "stems of words"},
	"github.com/sashabaranov/go-openai":               {"digest/summary/llm", "calls of a language model"},
	"go.etcd.io/bbolt":                                {"store/bolt", "the file"},
	"github.com/jackc/pgx":                            {"store/postgres", "PostgreSQL"},
	"google.golang.org/protobuf":                      {"store", "the wire format of values that are read all the time"},
	"github.com/nicksnyder/go-i18n":                   {"bot/texts", "plurals"},
	"github.com/bwmarrin/discordgo":                   {"bot/discord", "Discord"},
	"github.com/gorilla/websocket":                    {"bot/discord", "the close codes of Discord's gateway"},
	"github.com/go-telegram-bot-api/telegram-bot-api": {"bot/telegram", "Telegram"},
	"github.com/peterh/liner":                         {"bot/console", "editing of typed lines"},
	"github.com/spf13/cobra":                          {"cmd/newsdigest", "the command line"},
	"github.com/caarlos0/env":                         {"cmd/newsdigest", "the environment"},
	"github.com/prometheus/client_golang":             {"cmd/newsdigest", "the format of metrics"},
	"github.com/joho/godotenv":                        {"cmd/newsdigest", ".env"},
}

// testModules are the modules of others that only tests use.
var testModules = []string{
	"github.com/google/go-cmp", "github.com/rogpeppe/go-internal", "go.uber.org/goleak", "pgregory.net/rapid",
}

// forTests are the packages that tests use, besides those of bot/bottest.
var forTests = []string{"store/kv/kvtest", "store/postgres/pgtest"}

// TestImports checks who imports whom, in every file of the project.
func TestImports(t *testing.T) {
	used := map[string]bool{}
	for file, imports := range sourceFiles(t) {
		pkg := path.Dir(file)
		test := strings.HasSuffix(file, "_test.go") || within(pkg, "bot/bottest") || slices.Contains(forTests, pkg)
		for _, imported := range imports {
			own, ours := strings.CutPrefix(imported, "newsdigest/")
			var why string
			switch {
			case ours:
				why = wrongOwn(pkg, own, test)
			case strings.Contains(strings.SplitN(imported, "/", 2)[0], "."):
				module := moduleOf(imported)
				used[module] = true
				why = wrongModule(pkg, module, test)
			}
			if why != "" {
				t.Errorf("%s imports %s: %s", file, imported, why)
			}
		}
	}
	for module := range homes {
		if !used[module] {
			t.Errorf("%s has a home and is not used", module)
		}
	}
}

// TestImportRules shows that the tables refuse what they are there for.
func TestImportRules(t *testing.T) {
	for _, tt := range []struct {
		pkg, imported string
		test, may     bool
	}{
		{"bot/discord", "bot/telegram", false, false},
		{"bot/discord", "bot/telegram", true, false},
		{"bot/telegram", "bot/desk", false, false},
		{"bot/console", "store", false, false},
		{"bot/web", "bot/desk", false, false},
		{"bot/web", "store", false, false},
		{"bot/web", "store", true, true},
		{"bot", "store", false, false},
		{"bot/desk", "bot", false, false},
		{"bot/desk", "store/bolt", false, false},
		{"bot/desk", "store/bolt", true, true},
		{"store", "store/bolt", false, false},
		{"store/bolt", "digest", false, false},
		{"digest", "digest/feed", false, false},
		{"digest/feed", "store", true, false},
		{"bot/discord", "bot/bottest/fakediscord", true, true},
		{"bot/discord", "bot/bottest/fakediscord", false, false},
		{"bot", "cmd/newsdigest", true, false},
		{"web", "digest", false, false},
	} {
		if why := wrongOwn(tt.pkg, tt.imported, tt.test); (why == "") != tt.may {
			t.Errorf("%s imports %s (test %v): %q, may %v", tt.pkg, tt.imported, tt.test, why, tt.may)
		}
	}
	for _, tt := range []struct {
		pkg, module string
		test, may   bool
	}{
		{"store/bolt", "go.etcd.io/bbolt", false, true},
		{"store", "go.etcd.io/bbolt", false, false},
		{"digest", "golang.org/x/text", false, false},
		{"digest/feed", "golang.org/x/text", false, true},
		{"digest/feed", "github.com/google/go-cmp", false, false},
		{"digest/feed", "github.com/google/go-cmp", true, true},
		{"digest/feed", "example.org/unknown", true, false},
	} {
		if why := wrongModule(tt.pkg, tt.module, tt.test); (why == "") != tt.may {
			t.Errorf("%s imports %s (test %v): %q, may %v", tt.pkg, tt.module, tt.test, why, tt.may)
		}
	}
}

// TestCodeIsInItsRooms checks that there is Go code in bot, cmd, digest and store only.
func TestCodeIsInItsRooms(t *testing.T) {
	for file := range sourceFiles(t) {
		floor, _, _ := strings.Cut(file, "/")
		if !slices.Contains(floors, floor) {
			t.Errorf("%s is Go code outside of %v", file, floors)
		}
	}
}

// floors are the folders with code, the lowest first.
var floors = []string{"digest", "store", "bot", "cmd"}

// wrongOwn is why a package must not import one of ours, empty if it may.
func wrongOwn(pkg, imported string, test bool) string {
	if within(imported, "cmd") {
		return "nothing imports cmd"
	}
	for _, r := range rooms {
		if !fits(pkg, r.of) {
			continue
		}
		if slices.ContainsFunc(r.may, func(of string) bool { return fits(imported, of) }) || pkg == imported {
			return ""
		}
		if test && mayTest(pkg, imported) {
			return ""
		}
		return r.why
	}
	return "the package has no room in the table of this test"
}

// mayTest tells whether a package's tests may import another one that the package itself
// may not: what is for tests, and real neighbors and floors below instead of mocks.
func mayTest(pkg, imported string) bool {
	if within(imported, "bot/bottest") || slices.Contains(forTests, imported) {
		return true
	}
	floor := func(p string) int { f, _, _ := strings.Cut(p, "/"); return slices.Index(floors, f) }
	platform := func(p string) bool { return p == "bot/discord" || p == "bot/telegram" }
	return floor(imported) <= floor(pkg) && !(platform(pkg) && platform(imported))
}

// wrongModule is why a package must not import a module of others, empty if it may.
func wrongModule(pkg, module string, test bool) string {
	home, known := homes[module]
	switch {
	case test && (known || within(module, "golang.org/x") || slices.Contains(testModules, module)):
		return ""
	case slices.Contains(bare, pkg):
		return pkg + " imports the standard library only"
	case within(module, "golang.org/x"):
		return ""
	case slices.Contains(testModules, module):
		return "this module is for tests"
	case !known:
		return "the module has no home in the table of this test"
	case home.home != pkg:
		return "its home is " + home.home + ", for " + home.why
	}
	return ""
}

// moduleOf is the module in our tables that a package belongs to, else the package.
func moduleOf(imported string) string {
	for module := range homes {
		if within(imported, module) {
			return module
		}
	}
	for _, module := range testModules {
		if within(imported, module) {
			return module
		}
	}
	return imported
}

// within tells whether a package is the folder or below it.
func within(pkg, folder string) bool { return pkg == folder || strings.HasPrefix(pkg, folder+"/") }

// fits tells whether a package is meant by a name of the table.
func fits(pkg, of string) bool {
	if below, ok := strings.CutSuffix(of, "/*"); ok {
		return strings.HasPrefix(pkg, below+"/")
	}
	return pkg == of
}

// sourceFiles are the project's Go files with what they import, by their path from the
// top.
func sourceFiles(t *testing.T) map[string][]string {
	t.Helper()
	top, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	files := map[string][]string{}
	err = filepath.WalkDir(top, func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && name != top && (strings.HasPrefix(d.Name(), ".") || d.Name() == "testdata"):
			return filepath.SkipDir
		case d.IsDir() || filepath.Ext(name) != ".go":
			return nil
		}
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(top, name)
		if err != nil {
			return err
		}
		rel = filepath.ToSlash(rel)
		files[rel] = nil
		for _, i := range f.Imports {
			imported, err := strconv.Unquote(i.Path.Value)
			if err != nil {
				return err
			}
			files[rel] = append(files[rel], imported)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}
