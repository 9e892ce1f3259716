package bot

import (
	"strings"
	"testing"
)

// TestWhyElsewhere: in a group /why tells what the group's wishes did; who opens the group's
// digest in private is told that they counted, and not what they are.
func TestWhyElsewhere(t *testing.T) {
	w := newWorld(t, Access{})
	boss, jil := group("boss"), private("33")
	w.last(t, typed(boss, "topics -sport"))
	d := w.digestOf(t, boss)
	const wish, elsewhere = "you chose the topic", "• it was chosen for another chat, and what that chat follows and likes counted too"
	if got := strings.Join(words(w.last(t, typed(group("6"), "why 1"))), "\n"); !strings.Contains(got, wish) || strings.Contains(got, elsewhere) {
		t.Errorf("in the group: %s", got)
	}
	w.last(t, typed(jil, "start "+d.Post.Buttons[0][0].Start))
	got := strings.Join(words(w.last(t, typed(jil, "why 1"))), "\n")
	if strings.Contains(got, wish) || !strings.Contains(got, elsewhere) || !strings.Contains(got, "outlets tell it") {
		t.Errorf("in private: %s", got)
	}
	w.digestOf(t, jil)
	if got := strings.Join(words(w.last(t, typed(jil, "why 1"))), "\n"); strings.Contains(got, elsewhere) {
		t.Errorf("of one's own digest: %s", got)
	}
}
