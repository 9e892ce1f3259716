package main

import (
	"context"

	"github.com/rogpeppe/go-internal/testscript"

	"newsdigest/bot/bottest/fakediscord"
	"newsdigest/bot/bottest/faketelegram"
)

// loopback has the platforms of a script.
type loopback struct {
	telegram *faketelegram.Server
	discord  *fakediscord.Server
}

// startPlatforms is the script command "platforms": both platforms are on loopback from
// then on, $TELEGRAM and $DISCORD being the tokens that they take.
func startPlatforms(ts *testscript.TestScript, _ bool, _ []string) {
	tg, err := faketelegram.Start(faketelegram.Options{Username: exampleBot})
	ts.Check(err)
	ts.Defer(tg.Close)
	dc, err := fakediscord.Start(fakediscord.Options{})
	ts.Check(err)
	ts.Defer(dc.Close)
	for name, value := range map[string]string{
		"NEWSDIGEST_TELEGRAM_API_URL": tg.URL(), "NEWSDIGEST_DISCORD_API_URL": dc.URL(), "TELEGRAM": tg.Token(), "DISCORD": dc.Token(),
	} {
		ts.Setenv(name, value)
	}
	*ts.Value(loopback{}).(*loopback) = loopback{tg, dc}
}

// untilReady is the script command "ready": it waits until the bot listens on both.
func untilReady(ts *testscript.TestScript, _ bool, _ []string) {
	p := ts.Value(loopback{}).(*loopback)
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	ts.Check(p.discord.Wait(ctx, func() bool { return p.discord.Gateway().Connected == 1 && len(p.discord.Commands()) > 0 }))
	ts.Check(p.telegram.Wait(ctx, func(l *faketelegram.Ledger) bool { return len(l.Calls("getUpdates")) > 0 }))
}
