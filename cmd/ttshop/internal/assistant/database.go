package assistant

import (
	"context"

	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/platform"
	"github.com/ttshop-go/ttshop/mcp"
)

func (o *options) database(_ context.Context, _ *platform.Session, _ *ground, _ *mcp.Config) error {
	if o.DB != "" {
		return console.Usagef("--db is not there yet")
	}
	return nil
}
