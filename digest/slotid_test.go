package digest

import (
	"fmt"
	"slices"
	"testing"
	"time"
)

// TestSlotIDs: what is made for slots has ids of its own, and those of one hour and one
// partition are neighbors, in the order of their chats.
func TestSlotIDs(t *testing.T) {
	var chats []ChatID
	for n := range 2000 {
		chats = append(chats, NewChatID(Address{Platform: Telegram, Channel: fmt.Sprint(n)}))
	}
	slices.SortFunc(chats, func(a, b ChatID) int { return neighborhood(a) - neighborhood(b) })
	if !slices.IsSortedFunc(chats, func(a, b ChatID) int { return Partition(string(a)) - Partition(string(b)) }) {
		t.Error("the neighborhoods of partitions overlap")
	}
	for i, c := range chats[1:] {
		before := chats[i]
		if neighborhood(before) < neighborhood(c) && Partition(string(before)) == Partition(string(c)) && before > c {
			t.Errorf("chats %s and %s of one partition are not in order", before, c)
		}
	}

	var deliveries, all []string
	for h := range 3 {
		at := time.Date(2026, 11, 23, 7+h, 59, 0, 0, time.UTC)
		slot := Slot{Local: at.Format(localFormat), At: at}
		for _, c := range chats {
			sub := NewSubscriptionID(c, 1)
			all = append(all, string(SlotEditionID(c, sub, slot)), string(NewDeliveryID(c, NewSubscriptionID(c, 2), slot)))
			deliveries = append(deliveries, string(NewDeliveryID(c, sub, slot))[:6])
		}
	}
	if !slices.IsSorted(deliveries) {
		t.Error("the ids of deliveries are not in the order of hours and neighborhoods")
	}
	slices.Sort(all)
	if n := len(slices.Compact(all)); n != 2*3*len(chats) {
		t.Errorf("%d ids, want %d", n, 2*3*len(chats))
	}
	for _, id := range []DeliveryID{NewDeliveryID("", "s", Slot{}), NewDeliveryID("Ω", "s", Slot{Local: "never"}), NewDeliveryID("c", "s", Slot{Local: "2026-11-23T08:00"})} {
		if len(id) != 16 {
			t.Errorf("id %q", id)
		}
	}
}
