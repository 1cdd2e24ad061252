package account

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"github.com/ttshop-go/ttshop"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/platform"
	"github.com/ttshop-go/ttshop/tokenstore"
)

// tokensShowOptions are the options of ttshop tokens show.
type tokensShowOptions struct {
	OpenID      string
	ShowSecrets bool
	JSON        bool
}

func newTokensShowCmd(sys *platform.Session) *cobra.Command {
	var o tokensShowOptions
	cmd := &cobra.Command{
		Use:   "show [OPENID]",
		Short: "Show a grant: tokens, scopes, shops, times",
		Example: `  ttshop tokens show
  ttshop tokens show --show-secrets --json`,
		Args: console.Takes(0, 1, "at most one open id"),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.OpenID = strings.Join(args, "")
			return o.run(cmd.Context(), sys)
		},
		ValidArgsFunction: completeGrants(sys),
	}
	cmd.Flags().SortFlags = false
	cmd.Flags().BoolVar(&o.JSON, "json", false, "answer in JSON")
	cmd.Flags().BoolVar(&o.ShowSecrets, "show-secrets", false, "show the tokens themselves")
	return cmd
}

func (o *tokensShowOptions) run(ctx context.Context, sys *platform.Session) error {
	return withStore(ctx, sys, false, func(store tokenstore.Store, storeURL string) error {
		grant, err := findGrant(ctx, sys, store, storeURL, o.OpenID)
		if err != nil {
			return err
		}
		return showGrant(sys, grant, o.ShowSecrets, o.JSON)
	})
}

// showGrant writes a grant, with its secrets masked unless they are asked for.
func showGrant(sys *platform.Session, g tokenstore.Grant, showSecrets, asJSON bool) error {
	secret := func(s ttshop.Secret) string {
		if showSecrets {
			return s.Reveal()
		}
		return s.String()
	}
	now := sys.Now()
	s := newGrantStatus(g, now)
	if asJSON {
		return console.WriteJSON(sys.Out, struct {
			*grantStatus
			AccessToken  string `json:"access_token"`
			RefreshToken string `json:"refresh_token"`
		}{s, secret(g.Token.AccessToken), secret(g.Token.RefreshToken)})
	}
	rows := []console.Row{
		{Label: "user", Value: console.Printable(platform.Whose(g.Token) + " " + g.Token.SellerBaseRegion)},
		{Label: "open id", Value: console.Printable(g.OpenID)},
		{Label: "app", Value: console.Printable(g.AppKey)},
		{Label: "access token", Value: secret(g.Token.AccessToken)},
		{Label: "", Value: Ending(g.Token.AccessTokenExpiresAt, now, "the next call refreshes it")},
		{Label: "refresh token", Value: secret(g.Token.RefreshToken)},
		{Label: "", Value: Ending(g.Token.RefreshTokenExpiresAt, now, "the user must authorize again")},
		{Label: "authorized", Value: console.Moment(g.AuthorizedAt)},
		{Label: "refreshed", Value: console.Moment(g.RefreshedAt)},
	}
	if g.Lost() {
		rows = append(rows, console.Row{Label: "LOST", Value: console.Moment(g.LostAt) + ": " + console.Printable(g.LostReason)})
	}
	rows = append(rows, console.Row{Label: "scopes", Value: console.Printable(strings.Join(g.Token.GrantedScopes, " "))})
	for i, shop := range g.Shops {
		label := ""
		if i == 0 {
			label = "shops"
		}
		rows = append(rows, console.Row{Label: label, Value: console.Printable(shop.ID + " " + shop.Region + " " + shop.Name)}, console.Row{Label: "", Value: "cipher " + console.Printable(shop.Cipher)})
	}
	if err := console.WriteRows(sys.Out, console.Painter(sys.Color), rows); err != nil {
		return err
	}
	if !showSecrets {
		_, err := fmt.Fprintln(sys.Out, "\nPass --show-secrets to see the tokens.")
		return err
	}
	return nil
}
