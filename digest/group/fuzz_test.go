package group

import (
	"encoding/binary"
	"strings"
	"testing"
	"time"

	"newsdigest/digest"
)

// FuzzAdd: whatever articles say, each is in one story, how alike it is is a chance, and
// who comes second or again changes nothing of that.
func FuzzAdd(f *testing.F) {
	f.Add("Storm closes harbor", "A storm closed the harbor of Vantaa on Monday.", "Harbor closed by storm", "The harbor of Vantaa is closed.", "en", int64(1), int64(7200))
	f.Add("", "", "", "", "", int64(0), int64(0))
	f.Add("暴风雨关闭港口", "周一，暴风雨关闭了港口。", "港口关闭", "港口因暴风雨关闭。", "zh", int64(-1), int64(1)<<62)
	f.Add("a\x00\xff\u202e", strings.Repeat("a\u0300", 3000), strings.Repeat("x", 5000), "1 2 3 4 5", "xx", int64(86400), int64(-1)<<62)
	f.Fuzz(func(t *testing.T, title1, text1, title2, text2, lang string, at1, at2 int64) {
		doc := func(n uint64, title, text string, at int64) Doc {
			var id [8]byte
			binary.BigEndian.PutUint64(id[:], n)
			d := Doc{ID: digest.ArticleID(id[:]), Title: title, Text: text, Lang: lang}
			if at != 0 {
				d.Date = time.Unix(at%(1<<40), 0)
			}
			return d
		}
		x := New()
		docs := []Doc{doc(1, title1, text1, at1), doc(2, title2, text2, at2), doc(3, title1, text2, at2), doc(4, title2, text1, at1)}
		for _, d := range docs {
			a := x.Add(d)
			if a.Story == "" || !(a.Likeness >= 0 && a.Likeness <= 1) || a.New && a.Likeness != 0 {
				t.Fatalf("%+v", a)
			}
			if again := x.Add(d); again.Story != a.Story {
				t.Fatalf("%+v, the second time %+v", a, again)
			}
		}
		for id, original := range x.Copies(x.Add(docs[0]).Story) {
			if id == original {
				t.Fatalf("%x is a copy of itself", id)
			}
		}
		x.Forget(time.Unix(1<<40, 0))
	})
}
