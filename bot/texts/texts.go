// Package texts holds every sentence the bot says, by language. A text is named by its
// ID; what it says, with its placeholders and plural forms, is in the language's file.
// Outside words (headlines, names of outlets) never pass through here except as
// arguments.
package texts

import (
	"embed"
	"encoding/json"
	"fmt"

	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"

	"newsdigest/digest"
)

//go:embed *.json
var files embed.FS

// English is the language that every text exists in.
const English = "en"

// Languages are the languages that all texts exist in, BCP 47 base languages.
var Languages = []string{English, "de", "fr", "es", "pt", "ru", "uk", "ar", "zh"}

// ID names a text.
type ID string

var bundle = load()

// localizers are the bundle's views by language, made once: a digest says dozens of texts.
var localizers = func() map[string]*i18n.Localizer {
	out := map[string]*i18n.Localizer{}
	for _, lang := range Languages {
		out[lang] = i18n.NewLocalizer(bundle, lang, English)
	}
	return out
}()

func load() *i18n.Bundle {
	b := i18n.NewBundle(language.English)
	b.RegisterUnmarshalFunc("json", json.Unmarshal)
	for _, l := range Languages {
		if _, err := b.LoadMessageFileFS(files, l+".json"); err != nil {
			// The file is part of the program; a broken one is found by the first test.
			panic(fmt.Sprintf("texts: %s.json: %v", l, err))
		}
	}
	return b
}

// Args are the values of a text's placeholders. Count chooses the plural form.
type Args map[string]any

// Say is the text in the language, English where the language has none.
func Say(lang string, id ID, args ...Args) string {
	c := &i18n.LocalizeConfig{MessageID: string(id)}
	if len(args) > 0 {
		c.TemplateData = isolateArgs(lang, args[0])
		if n, ok := args[0]["Count"]; ok {
			c.PluralCount = n
		}
	}
	l, ok := localizers[digest.BaseLanguage(lang)]
	if !ok {
		l = localizers[English]
	}
	s, err := l.Localize(c)
	if s == "" && err != nil {
		// Only a wrong ID or placeholder leads here; tests say every text once.
		return string(id)
	}
	return s
}

// Supported is the language of the texts that fits a client's language tag best, with
// the tag's region: it tells how the clock looks.
func Supported(tag string) string {
	t, err := language.Parse(tag)
	if err != nil {
		return English
	}
	base, _, region := t.Raw()
	for _, l := range Languages {
		if l == base.String() && region != (language.Region{}) {
			return l + "-" + region.String()
		}
		if l == base.String() {
			return l
		}
	}
	return English
}
