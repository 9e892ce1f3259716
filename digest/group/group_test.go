package group

import (
	"testing"
	"time"
)

var morning = time.Date(2031, 3, 4, 6, 0, 0, 0, time.UTC)

// at is so many hours after the first morning.
func at(hours float64) time.Time { return morning.Add(time.Duration(hours * float64(time.Hour))) }

func TestAdd(t *testing.T) {
	x := New()
	a := x.Add(Doc{ID: "a", Title: "Ferry sinks off Kelvar harbor, 40 rescued", Text: "A passenger ferry sank off the harbor of Kelvar on Tuesday morning; 40 people were rescued, the coast guard said.", Lang: "en", Date: at(0)})
	b := x.Add(Doc{ID: "b", Title: "Coast guard rescues 43 after Kelvar ferry sinking", Text: "The coast guard has rescued 43 people from a passenger ferry that went down near Kelvar harbor.", Lang: "en", Date: at(3)})
	c := x.Add(Doc{ID: "c", Title: "Central bank of Oster raises rates", Text: "The central bank of Oster raised its main interest rate by a quarter point.", Lang: "en", Date: at(3)})
	if !a.New || b.New || b.Story != a.Story {
		t.Errorf("the ferry is two stories: %+v %+v", a, b)
	}
	if !c.New || c.Story == a.Story {
		t.Errorf("the bank is in the ferry's story: %+v", c)
	}
	t.Log(b)
}
