package telegram

import (
	"strings"
	"testing"

	"newsdigest/digest"
)

func TestPreview(t *testing.T) {
	got := Preview(goldenPost(), "paper_bot")
	text, _ := rich(goldenPost())
	want := text + "\n\n" + `{"inline_keyboard":[[{"text":"Show 3 more","callback_data":"more:7q2f:2"}]]}` + "\n\n"
	if !strings.HasPrefix(got, want) {
		t.Errorf("%q, want %q first", got, want)
	}
	if size := strings.TrimPrefix(got, want); size != "784/4,096 characters, 1,278/32,768 bytes, 15/100 entities, 1/100 buttons, 11/64 bytes of callback data\n" {
		t.Errorf("%q", size)
	}
	long := digest.Post{Language: "en"}
	for i := range 12 {
		long.Stories = append(long.Stories, digest.PostStory{Number: i + 1, Headline: strings.Repeat("word ", 60), Summary: []string{strings.Repeat("word ", 60)}})
	}
	if got := Preview(long, ""); !strings.Contains(got, "Message 2 of 2\n") {
		t.Error("the second message is left out")
	}
	if grouped(0) != "0" || grouped(999) != "999" || grouped(1000) != "1,000" || grouped(1234567) != "1,234,567" {
		t.Error("grouped")
	}
}
