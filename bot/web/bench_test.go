package web

import (
	"net/http"
	"testing"

	"newsdigest/bot"
)

// BenchmarkPages: a page from the store to its last byte. "bare" is the same way with
// nothing on the page.
func BenchmarkPages(b *testing.B) {
	w := newWorld(b)
	e := w.digest(b, "r")
	h := w.Handler()
	for name, path := range map[string]string{"bare": "/", "edition": bot.EditionPath + e.Public, "story": bot.StoryPath + e.Public + "/1"} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if answer := ask(h, http.MethodGet, path); answer.Code != http.StatusOK {
					b.Fatal(answer.Code)
				}
			}
		})
	}
}
