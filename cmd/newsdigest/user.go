package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"newsdigest/digest"
)

func (p *program) userCommand() *cobra.Command {
	c := &cobra.Command{Use: "user", Short: "Export or delete one person's data", Args: unknownCommand,
		RunE: func(c *cobra.Command, _ []string) error { return c.Help() }}
	c.AddCommand(&cobra.Command{Use: "export ID", Short: "Print everything that is kept about a person, as JSON", Args: cobra.ExactArgs(1),
		Example: "  newsdigest user export telegram:123",
		RunE: func(c *cobra.Command, args []string) error {
			return p.withHouse(c.Context(), func(h *house) error { return p.exportUser(c.Context(), h, args[0]) })
		}})
	var confirm string
	erase := &cobra.Command{Use: "delete ID", Short: "Delete everything that is kept about a person", Args: cobra.ExactArgs(1),
		Example: "  newsdigest user delete telegram:123 --confirm telegram:123",
		RunE: func(c *cobra.Command, args []string) error {
			return p.withHouse(c.Context(), func(h *house) error { return p.deleteUser(c.Context(), h, args[0], confirm) })
		}}
	erase.Flags().StringVar(&confirm, "confirm", "", "the ID once more: this cannot be undone")
	c.AddCommand(erase)
	return c
}

// userCalled reads the id of a person as the operator writes it: "telegram:123".
func userCalled(id string) (digest.Platform, string, error) {
	platform, user, _ := strings.Cut(id, ":")
	switch p := digest.Platform(platform); p {
	case digest.Telegram, digest.Discord, digest.Console:
		if user != "" {
			return p, user, nil
		}
	}
	return "", "", &exitError{code: exitUsage, err: fmt.Errorf("no person is called %q; write the platform and the user's id, telegram:123 or discord:456", id)}
}

func (p *program) exportUser(ctx context.Context, h *house, id string) error {
	platform, user, err := userCalled(id)
	if err != nil {
		return err
	}
	body, err := h.desk.ExportUser(ctx, platform, user)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(p.out, string(body))
	return err
}

func (p *program) deleteUser(ctx context.Context, h *house, id, confirm string) error {
	platform, user, err := userCalled(id)
	if err != nil {
		return err
	}
	if confirm != id {
		return &exitError{code: exitUsage, err: errors.New("this deletes settings, sources, subscriptions and feedback and cannot be undone; to go on, repeat the id: --confirm " + id)}
	}
	if err := h.desk.EraseUser(ctx, platform, user); err != nil {
		return err
	}
	fmt.Fprintf(p.out, "Deleted. Nothing is kept about %s.\n", id)
	return nil
}
