package hooks

import (
	"github.com/spf13/cobra"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/field"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/platform"
)

func newWebhooksDeleteCmd(sys *platform.Session) *cobra.Command {
	var o webhooksOptions
	cmd := &cobra.Command{
		Use:   "delete [EVENT]",
		Short: "Remove the shop's own address for an event",
		Long: `Remove the shop's own address for an event, or all of them with --all;
the app's address applies again. Removing one that does not exist succeeds.`,
		Example: `  ttshop webhooks delete ORDER_STATUS_CHANGE
  ttshop webhooks delete --all --yes`,
		Args:              console.Takes(0, 1, "an event, or --all"),
		ValidArgsFunction: completeTopic(subscribableTypes),
		RunE: func(cmd *cobra.Command, args []string) error {
			types, err := o.types(cmd, args)
			if err != nil {
				return err
			}
			api, err := openWebhooks(&o.ShopFlags, sys, &field.Inputs{Stdin: sys.In})
			if err != nil {
				return err
			}
			return o.change(cmd.Context(), sys, api, types, "removed", api.remove)
		},
	}
	o.add(cmd.Flags(), true)
	return cmd
}
