package hooks

import (
	"context"

	"github.com/spf13/cobra"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/field"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/platform"
	"github.com/ttshop-go/ttshop/webhook/event"
)

func newWebhooksSetCmd(sys *platform.Session) *cobra.Command {
	var o webhooksOptions
	cmd := &cobra.Command{
		Use:   "set [EVENT] URL",
		Short: "Set the shop's own address for an event",
		Long: `Set the address that receives an event of the shop, or all events with --all.
The platform requires https, a domain name, no port, and at most 255 characters.
A sandbox on this machine accepts any address.`,
		Example: `  ttshop webhooks set ORDER_STATUS_CHANGE https://hooks.example.com/tiktok
  ttshop webhooks set --all https://hooks.example.com/tiktok --yes`,
		Args:              console.Takes(1, 2, "an event and a URL, or --all and a URL"),
		ValidArgsFunction: completeTopic(subscribableTypes),
		RunE: func(cmd *cobra.Command, args []string) error {
			address := args[len(args)-1]
			types, err := o.types(cmd, args[:len(args)-1])
			if err != nil {
				return err
			}
			api, err := openWebhooks(&o.ShopFlags, sys, &field.Inputs{Stdin: sys.In})
			if err != nil {
				return err
			}
			if err := api.checkAddress("URL", address); err != nil {
				return err
			}
			return o.change(cmd.Context(), sys, api, types, "set", func(ctx context.Context, t event.Type) error { return api.set(ctx, t, address) })
		},
	}
	o.add(cmd.Flags(), true)
	return cmd
}
