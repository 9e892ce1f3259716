package bot

import "testing"

// TestRestingChanged: what is brought back or moved while everything rests says that it
// rests, and no day on which it would come.
func TestRestingChanged(t *testing.T) {
	w := newWorld(t, Access{})
	me := private("44")
	w.converse(t, []exchange{
		{say: typed(me, "subscribe daily 8 Berlin"), want: "Every day at 08:00 (Berlin). First one: tomorrow, Mon 23 Nov.", buttons: "Make it 20:00 | Topics | Length | Undo"},
		{say: typed(me, "subscribe daily 9 Berlin"), want: "Every day at 09:00 (Berlin). First one: tomorrow, Mon 23 Nov.", buttons: "Make it 21:00 | Topics | Length | Undo"},
		{say: typed(me, "settings pause"), want: "Everything is paused.", buttons: "Resume everything | Privacy | What I have learned"},
		{say: typed(me, "unsubscribe 2"), want: "Stopped: every day at 09:00 (Berlin).", buttons: "Undo"},
		{say: me, press: "Undo", want: "2. Every day at 09:00 (Berlin). Paused until you resume it.", buttons: "Resume | Topics | Length | Undo"},
		{say: press(me, "when:1:*@2000"), want: "1. Every day at 20:00 (Berlin). Paused until you resume it.", buttons: "Resume | Make it 08:00 | Topics | Length | Undo"},
		{say: me, press: "Resume", want: "1. Every day at 20:00 (Berlin). Next one: today, Sun 22 Nov.",
			buttons: "Time | Topic | Length | Pause 7 days | Stop | Never send a page twice | Back"},
	})
}
