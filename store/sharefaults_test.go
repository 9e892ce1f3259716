package store

import (
	"context"
	"fmt"
	"testing"
	"time"

	"newsdigest/digest"
	"newsdigest/store/postgres"
	"newsdigest/store/postgres/pgtest"
)

// TestOperationsUnderFaults: with one fault at the messages that an operation sends to the
// database, one after the other, every operation ends, and has happened once. Each is one
// whose second time would tell.
func TestOperationsUnderFaults(t *testing.T) {
	url := pgtest.Start(t)
	direct := openAt(t, url)
	for name, fault := range map[string]pgtest.Fault{"cut": pgtest.Cut, "cut after": pgtest.CutAfter, "conflict": pgtest.Conflict} {
		t.Run(name, func(t *testing.T) {
			apart := 4 // a lost connection takes a while; all messages of an update have their turn in store/postgres
			if fault == pgtest.Conflict {
				apart = 1
			}
			p := pgtest.StartProxy(t, url)
			s := openAt(t, p.URL())
			chat := addChat(t, direct, 100+int(fault))
			m := NewGuest(s)
			t.Cleanup(func() { check(t, m.Resign(context.Background())) })
			n := 0
			for what, do := range map[string]func(t *testing.T){
				"change a chat": func(t *testing.T) {
					before := must[digest.Chat](t)(direct.Chat(t.Context(), chat.ID)).LastOrdinal
					must[digest.Chat](t)(s.UpdateChat(t.Context(), chat.ID, func(c *digest.Chat) error { c.LastOrdinal++; return nil }))
					if now := must[digest.Chat](t)(direct.Chat(t.Context(), chat.ID)).LastOrdinal; now != before+1 {
						t.Errorf("counted from %d to %d", before, now)
					}
				},
				"file and send": func(t *testing.T) {
					d := digest.Delivery{ID: digest.DeliveryID(fmt.Sprintf("%s%d", name, n)), Chat: chat.ID, Platform: digest.Telegram,
						State: digest.Ready, Slot: digest.Slot{Local: fmt.Sprint(n), At: start}, Pages: []digest.PageDelivery{{State: digest.Ready}}}
					if filed := must[bool](t)(s.FileDelivery(t.Context(), d, digest.Edition{}, func(*digest.Chat) {})); !filed {
						t.Error("it was filed before")
					}
					check(t, s.SaveDelivery(t.Context(), d.Begin(start), nil))
					if got := must[digest.Delivery](t)(direct.Delivery(t.Context(), d.ID)); got.State != digest.Sending {
						t.Errorf("the delivery is %s", got.State)
					}
				},
				"accept": func(t *testing.T) {
					in := []Incoming{{ID: fmt.Sprintf("%s%d", name, n), Body: []byte("{}"), At: start, By: TelegramLease}}
					if fresh := must[[]Incoming](t)(s.Accept(t.Context(), digest.Telegram, in, fmt.Sprint(n))); len(fresh) != 1 {
						t.Errorf("%d of one request are new", len(fresh))
					}
					check(t, s.Handled(t.Context(), digest.Telegram, in[0].ID))
				},
				"take and release": func(t *testing.T) {
					before := must[map[string]Lease](t)(direct.Leases(t.Context()))[GroupingLease].Epoch
					must[Changes](t)(m.Look(t.Context(), drained))
					l := must[map[string]Lease](t)(direct.Leases(t.Context()))[GroupingLease]
					if l.Holder != m.ID() || l.Epoch != before+1 || m.Lease(GroupingLease) != l {
						t.Errorf("the lease is %+v after epoch %d, the process believes %+v", l, before, m.Lease(GroupingLease))
					}
					check(t, m.Resign(t.Context()))
				},
			} {
				for at, hit := 1, true; hit && !t.Failed(); at += apart {
					hit = false
					p.Plan(func(m pgtest.Message) pgtest.Fault {
						if m.N != at {
							return pgtest.Pass
						}
						hit = true
						return fault
					})
					n++
					began := time.Now()
					t.Run(fmt.Sprintf("%s %d", what, at), do)
					if took := time.Since(began); took > 20*time.Second {
						t.Errorf("%s took %s with a fault at message %d", what, took, at)
					}
				}
				p.Plan(nil)
			}
		})
	}
}

func openAt(t testing.TB, address string) *Store {
	t.Helper()
	e, err := postgres.Open(t.Context(), address)
	check(t, err)
	t.Cleanup(func() { e.Close() })
	return openStore(t, e)
}
