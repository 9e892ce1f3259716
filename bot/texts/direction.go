package texts

import (
	"golang.org/x/text/language"
	"golang.org/x/text/unicode/bidi"

	"newsdigest/digest"
)

// rightToLeftScripts are the scripts of living languages that are written from right to
// left (ISO 15924).
var rightToLeftScripts = map[string]bool{
	"Arab": true, "Hebr": true, "Thaa": true, "Syrc": true, "Nkoo": true, "Adlm": true, "Rohg": true,
}

// Direction is the way a language is written, "ltr" or "rtl", as HTML calls it.
func Direction(lang string) string {
	tag, err := language.Parse(lang)
	if err != nil {
		return "ltr"
	}
	if script, _ := tag.Script(); rightToLeftScripts[script.String()] {
		return "rtl"
	}
	return "ltr"
}

// rightToLeft are the languages of the texts that are written from right to left.
var rightToLeft = func() map[string]bool {
	out := map[string]bool{}
	for _, l := range Languages {
		out[l] = Direction(l) == "rtl"
	}
	return out
}()

// isolate encloses words that a sentence from right to left would put out of order: names
// and commands in other scripts, figures. Words of the sentence's own direction are left
// alone, so that they still tell a client which way the line runs, and what is isolated
// already is not isolated again.
func isolate(words string) string {
	depth, pieces, right := 0, false, false
	for _, r := range words {
		switch {
		case r == digest.Isolate:
			depth, pieces = depth+1, true
		case r == digest.EndIsolate:
			depth--
		case depth > 0:
		default:
			switch p, _ := bidi.LookupRune(r); p.Class() {
			case bidi.L:
				return string(digest.Isolate) + words + string(digest.EndIsolate)
			case bidi.R, bidi.AL:
				right = true
			}
		}
	}
	if words == "" || right || pieces {
		return words
	}
	return string(digest.Isolate) + words + string(digest.EndIsolate)
}

// isolateArgs are the arguments as they stand in a text of the language.
func isolateArgs(lang string, args Args) map[string]any {
	if !rightToLeft[digest.BaseLanguage(lang)] {
		return args
	}
	out := make(map[string]any, len(args))
	for name, value := range args {
		if words, ok := value.(string); ok {
			value = isolate(words)
		}
		out[name] = value
	}
	return out
}

// isolateAll are the names of a list in the language.
func isolateAll(lang string, names []string) []string {
	if !rightToLeft[digest.BaseLanguage(lang)] {
		return names
	}
	out := make([]string, len(names))
	for i, n := range names {
		out[i] = isolate(n)
	}
	return out
}
