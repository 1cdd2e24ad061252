package account

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/platform"
	"github.com/ttshop-go/ttshop/tokenstore"
)

func newTokensListCmd(sys *platform.Session) *cobra.Command {
	asJSON := false
	cmd := &cobra.Command{
		Use:   "list",
		Short: "List the grants of the store",
		Example: `  ttshop tokens list
  ttshop tokens list --store sqlite:tokens.db --json`,
		Args: console.Takes(0, 0, "no arguments"),
		RunE: func(cmd *cobra.Command, _ []string) error { return listTokens(cmd.Context(), sys, asJSON) },
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "answer in JSON")
	return cmd
}

func listTokens(ctx context.Context, sys *platform.Session, asJSON bool) error {
	return withStore(ctx, sys, false, func(store tokenstore.Store, storeURL string) error {
		// What can be read is listed even if something cannot.
		grants, failed := store.List(ctx, "")
		if failed != nil && len(grants) == 0 {
			return failed
		}
		now := sys.Now()
		if asJSON {
			list := make([]*grantStatus, len(grants))
			for i, g := range grants {
				list[i] = newGrantStatus(g, now)
			}
			return errors.Join(console.WriteJSON(sys.Out, list), failed)
		}
		if len(grants) == 0 {
			fmt.Fprintf(sys.Out, "The store %s holds no grants.\n", sys.Tilde(platform.ShownStore(storeURL)))
			return failed
		}
		rows := [][]string{{"OPEN ID", "TOKEN", "AUTHORIZED", "SHOPS", "USER"}}
		for _, g := range grants {
			rows = append(rows, []string{
				console.Shorten(g.OpenID, 24), tokenState(g, now), left(g.Token.RefreshTokenExpiresAt, now),
				strconv.Itoa(len(g.Shops)), platform.Whose(g.Token) + " " + g.Token.SellerBaseRegion,
			})
		}
		return errors.Join(console.WriteColumns(sys.Out, console.Painter(sys.Color), rows), failed)
	})
}

// tokenState describes the state of a grant's token in a word or two.
func tokenState(g tokenstore.Grant, now time.Time) string {
	if g.Lost() {
		return "LOST"
	}
	return left(g.Token.AccessTokenExpiresAt, now)
}

// left returns how long something still lasts, in its largest unit.
func left(until, now time.Time) string {
	switch {
	case until.IsZero():
		return "unknown"
	case !until.After(now):
		return "ended"
	}
	number, rest, _ := strings.Cut(console.Span(until.Sub(now)), " ")
	unit, _, _ := strings.Cut(rest, " ")
	return number + " " + unit
}
