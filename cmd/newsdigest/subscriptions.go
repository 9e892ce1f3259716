package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"newsdigest/digest"
	"newsdigest/digest/catalog"
)

func (p *program) subscriptionsCommand() *cobra.Command {
	c := &cobra.Command{Use: "subscriptions", Short: "List, add and remove the digests that chats get", Args: unknownCommand,
		RunE: func(c *cobra.Command, _ []string) error { return c.Help() }}
	c.AddCommand(&cobra.Command{Use: "list", Short: "List all subscriptions of all chats", Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			return p.withHouse(c.Context(), func(h *house) error { return p.listSubscriptions(c.Context(), h) })
		}})
	var o ordered
	add := &cobra.Command{Use: "add", Short: "Order a digest for a chat that has written to the bot", Args: cobra.NoArgs,
		Example: `  newsdigest subscriptions add --to telegram:123 --when "weekdays 7:30"
  newsdigest subscriptions add --to telegram:123 --when "30 7 * * 1-5" --topic science`,
		RunE: func(c *cobra.Command, _ []string) error {
			return p.withHouse(c.Context(), func(h *house) error { return p.addSubscription(c.Context(), h, o) })
		}}
	add.Flags().StringVar(&o.to, "to", "", "the chat, as subscriptions list and the log name it: telegram:123")
	add.Flags().StringVar(&o.when, "when", "", "the schedule, in words or as five fields of cron")
	add.Flags().StringVar(&o.topic, "topic", "", "only this topic")
	add.Flags().StringVar(&o.length, "length", "", "brief, standard or full (default: the chat's)")
	remove := &cobra.Command{Use: "remove ID", Short: "Stop a digest by the id that subscriptions list --json tells", Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			return p.withHouse(c.Context(), func(h *house) error { return p.removeSubscription(c.Context(), h, args[0]) })
		}}
	c.AddCommand(add, remove)
	return c
}

// ordered is what the operator orders for a chat.
type ordered struct{ to, when, topic, length string }

func (p *program) addSubscription(ctx context.Context, h *house, o ordered) error {
	if o.to == "" || o.when == "" {
		return &exitError{code: exitUsage, err: errors.New("--to and --when are needed; see newsdigest subscriptions add --help")}
	}
	if err := errors.Join(checkLength(digest.Length(o.length)), checkTopic(h, o.topic)); err != nil {
		return err
	}
	schedule, err := readSchedule(o.when)
	if err != nil {
		return &exitError{code: exitUsage, err: err}
	}
	c, err := chatCalled(ctx, h, o.to)
	if err != nil {
		return err
	}
	sub, made, err := h.desk.Subscribe(ctx, c.ID, digest.Subscription{
		Schedule: schedule, Topic: o.topic, Length: digest.Length(o.length)}, time.Now())
	if err != nil {
		return forOperators(err)
	}
	if !made {
		fmt.Fprintf(p.out, "%s gets that one already. Nothing changed.\n", o.to)
		return nil
	}
	fmt.Fprintf(p.out, "%s gets a digest, the first one at %s. To undo: newsdigest subscriptions remove %s\n",
		o.to, subscriptionJSON(c, sub).Next.Format(time.RFC3339), sub.ID)
	return nil
}

// readSchedule reads a schedule in words or as a cron expression.
func readSchedule(text string) (digest.Schedule, error) {
	reading, err := digest.ParseSchedule(text)
	if err != nil {
		if s, cronErr := digest.ParseCron(text); cronErr == nil {
			return s, nil
		}
		return digest.Schedule{}, err
	}
	s := reading.Schedule
	if reading.Place == "" {
		return s, nil
	}
	places, err := catalog.FindPlace(reading.Place)
	switch {
	case err != nil:
		return s, err
	case len(places) > 1:
		return s, fmt.Errorf("there are several places called %q; say which, for example %q", reading.Place, places[0])
	}
	s.Zone, s.Place = places[0].Zone, places[0].Name
	return s, nil
}

// chatCalled is the chat with this address.
func chatCalled(ctx context.Context, h *house, name string) (digest.Chat, error) {
	for c, err := range h.store.Chats(ctx) {
		if err != nil {
			return c, err
		}
		if c.Address.String() == name {
			return c, nil
		}
	}
	return digest.Chat{}, fmt.Errorf("no chat is called %s; somebody has to write to the bot there first", name)
}

func (p *program) removeSubscription(ctx context.Context, h *house, id string) error {
	for c, err := range h.store.Chats(ctx) {
		if err != nil {
			return err
		}
		for _, s := range c.Active() {
			if string(s.ID) != id {
				continue
			}
			if _, err := h.desk.Unsubscribe(ctx, c.ID, s.Ordinal, time.Now()); err != nil {
				return forOperators(err)
			}
			fmt.Fprintf(p.out, "Stopped the digest of %s.\n", c.Address)
			return nil
		}
	}
	return fmt.Errorf("no subscription has the id %s; newsdigest subscriptions list --json tells them", id)
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
