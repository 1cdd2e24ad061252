package account

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/platform"
	"github.com/ttshop-go/ttshop/tokenstore"
)

// tokensRevokeOptions are the options of ttshop tokens revoke.
type tokensRevokeOptions struct {
	OpenID string
	Yes    bool
}

func newTokensRevokeCmd(sys *platform.Session) *cobra.Command {
	var o tokensRevokeOptions
	cmd := &cobra.Command{
		Use:   "revoke OPENID",
		Short: "Remove a grant from the store, so that it can no longer be used",
		Long: `Remove a grant from the store: programs that use the store can no longer make
calls with it. The platform has no call that withdraws an authorization; the
seller does that in Seller Center. To undo this, the user has to authorize the
app again.`,
		Example: "  ttshop tokens revoke BvQYMotoU0ZL9cqZU9NAKLISq4xSbTgaYNcM --yes",
		Args:    console.Takes(1, 1, "one open id"),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.OpenID = args[0]
			return o.run(cmd.Context(), sys)
		},
		ValidArgsFunction: completeGrants(sys),
	}
	cmd.Flags().BoolVar(&o.Yes, "yes", false, "do not ask")
	return cmd
}

func (o *tokensRevokeOptions) run(ctx context.Context, sys *platform.Session) error {
	return withStore(ctx, sys, false, func(store tokenstore.Store, storeURL string) error {
		grant, err := findGrant(ctx, sys, store, storeURL, o.OpenID)
		if err != nil {
			return err
		}
		who := console.Printable(platform.Whose(grant.Token))
		if !o.Yes {
			if err := sys.Confirm(ctx, fmt.Sprintf("Remove the grant of %s? To undo this, they have to authorize the app again.", who)); err != nil {
				return err
			}
		}
		if err := removeGrant(ctx, store, grant.Key); err != nil {
			return err
		}
		fmt.Fprintf(sys.Out, "The grant of %s is no longer in %s.\n", who, sys.Tilde(platform.ShownStore(storeURL)))
		fmt.Fprintln(sys.Out, "On the platform it stays valid until it expires or the user withdraws it there.")
		return nil
	})
}
