package discord

import (
	"context"
	"errors"
	"fmt"

	"github.com/bwmarrin/discordgo"

	"newsdigest/digest"
)

// Permits names the permissions that the bot lacks at an address, none if it may post
// there. Direct messages need none that could be looked up.
func (p *Platform) Permits(ctx context.Context, at digest.Address) (missing []string, err error) {
	if at.Private() {
		return nil, nil
	}
	me, err := p.Check(ctx)
	if err != nil {
		return nil, err
	}
	var c discordgo.Channel
	if err := p.get(ctx, "/channels/"+at.Channel, &c); err != nil {
		var failed *callError
		if errors.As(err, &failed) && failed.code == missingAccess {
			return lacking(0, false)[:1], nil // it cannot even see the channel
		}
		return nil, err
	}
	thread := c.IsThread()
	if thread {
		if err := p.get(ctx, "/channels/"+c.ParentID, &c); err != nil {
			return nil, err
		}
	}
	may, err := p.permissions(ctx, me.User, &c)
	return lacking(may, thread), err
}

// permissions works out what a member of a server may do in one of its channels. The
// library panics over an answer that lacks what Discord always sends.
func (p *Platform) permissions(ctx context.Context, user string, c *discordgo.Channel) (may int64, err error) {
	defer func() {
		if recover() != nil {
			err = errors.New("discord: the server's description is not whole")
		}
	}()
	var g discordgo.Guild
	if err := p.get(ctx, "/guilds/"+c.GuildID, &g); err != nil {
		return 0, err
	}
	var m discordgo.Member
	if err := p.get(ctx, "/guilds/"+c.GuildID+"/members/"+user, &m); err != nil {
		return 0, err
	}
	m.GuildID, g.Channels, g.Members = g.ID, []*discordgo.Channel{c}, []*discordgo.Member{&m}
	state := discordgo.NewState()
	if err := state.GuildAdd(&g); err != nil {
		return 0, fmt.Errorf("discord: the server's roles cannot be read: %w", err)
	}
	return state.UserChannelPermissions(user, c.ID)
}
