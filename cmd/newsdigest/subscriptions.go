package main

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"newsdigest/digest"
)

func (p *program) subscriptionsCommand() *cobra.Command {
	c := &cobra.Command{Use: "subscriptions", Short: "List the digests that chats have ordered", Args: unknownCommand,
		RunE: func(c *cobra.Command, _ []string) error { return c.Help() }}
	c.AddCommand(&cobra.Command{Use: "list", Short: "List all subscriptions of all chats", Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			return p.withHouse(c.Context(), func(h *house) error { return p.listSubscriptions(c.Context(), h) })
		}})
	return c
}

type jsonSubscription struct {
	ID       string    `json:"id"`
	To       string    `json:"to"`
	Schedule string    `json:"schedule"`
	Zone     string    `json:"time_zone"`
	Topic    string    `json:"topic,omitempty"`
	Length   string    `json:"length"`
	Next     time.Time `json:"next,omitzero"`
	Gone     string    `json:"gone,omitempty"` // why nothing is sent there
}

func (p *program) listSubscriptions(ctx context.Context, h *house) error {
	out := []jsonSubscription{}
	for c, err := range h.store.Chats(ctx) {
		if err != nil {
			return err
		}
		for _, s := range c.Active() {
			out = append(out, subscriptionJSON(c, s))
		}
	}
	if p.flags.json {
		return p.printJSON(map[string]any{"version": 1, "subscriptions": out})
	}
	for _, s := range out {
		fmt.Fprintf(p.out, "%s\t%s\t%s\t%s\n", s.To, s.Schedule, s.Zone, s.Next.Format(time.RFC3339))
	}
	return nil
}

func subscriptionJSON(c digest.Chat, s digest.Subscription) jsonSubscription {
	j := jsonSubscription{ID: string(s.ID), To: c.Address.String(), Schedule: s.Schedule.Code(), Zone: "UTC",
		Topic: s.Topic, Length: string(s.Length), Next: s.Next.At, Gone: c.Gone}
	if zone, err := s.Zone(c); err == nil {
		j.Zone, j.Next = zone.String(), s.Next.At.In(zone)
	}
	if s.Length == "" {
		j.Length = string(c.Settings.DigestLength())
	}
	return j
}
