// Package embedded opens inboxes whose server runs within the process, so that a
// program that keeps events in a folder needs nothing else. It brings the code of a
// NATS server with it; a program that has a server or a cluster does without.
package embedded

import (
	"context"

	"github.com/ttshop-go/ttshop/webhook/inbox"
	"github.com/ttshop-go/ttshop/webhook/inbox/internal/engine"
	"github.com/ttshop-go/ttshop/webhook/inbox/internal/natsserver"
)

// Open opens the inbox at an address as [inbox.Open] does. For file:DIR, if no other
// process serves the folder, this one does.
func Open(ctx context.Context, address string, options ...inbox.Option) (*inbox.Inbox, error) {
	return inbox.Open(ctx, address, append([]inbox.Option{inbox.WithEngine(Engine)}, options...)...)
}

// Engine is the [inbox.Engine] of this package.
func Engine(ctx context.Context, options engine.Options) (engine.Server, error) {
	return natsserver.Start(ctx, options)
}
