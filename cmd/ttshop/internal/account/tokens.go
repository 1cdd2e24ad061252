package account

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/ttshop-go/ttshop"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/platform"
	"github.com/ttshop-go/ttshop/tokenstore"
)

// NewTokensCmd returns the command ttshop tokens.
func NewTokensCmd(sys *platform.Session) *cobra.Command {
	cmd := console.Group(&cobra.Command{
		Use:   "tokens",
		Short: "Look after the grants in a token store",
		Long: `Look after the grants in a token store: the file of this machine, or the one
that --store or ` + platform.EnvStore + ` names:

  file:PATH           one sealed file, for the processes of one machine
  sqlite:PATH         an SQLite database, for the processes of one machine
  postgres://HOST/DB  a PostgreSQL database, for any number of machines

Any number of processes may use a store at once; when a token is due, one of
them refreshes it. Grants are sealed with the key in ` + platform.EnvStoreKey + `
(32 bytes in hexadecimal or base64; "openssl rand -hex 32" makes one), with the
passphrase in ` + platform.EnvPassphrase + `, or with the key of this machine, which
ttshop login keeps. All who share a store need the same key.

Secrets are shown masked unless --show-secrets asks for them.`,
	})
	cmd.AddCommand(
		newTokensExportCmd(sys), newTokensImportCmd(sys), newTokensKeepCmd(sys), newTokensListCmd(sys),
		newTokensRefreshCmd(sys), newTokensRevokeCmd(sys), newTokensRotateKeyCmd(sys), newTokensShowCmd(sys),
	)
	return cmd
}

// withStore opens the store in use while do runs.
func withStore(ctx context.Context, sys *platform.Session, create bool, do func(store tokenstore.Store, storeURL string) error) (err error) {
	h, err := sys.Home()
	if err != nil {
		return err
	}
	storeURL := h.StoreURL(sys)
	store, err := h.OpenStore(ctx, sys, storeURL, create)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	return do(store, storeURL)
}

// findGrant returns the grant of an open id, of any app if only one matches, or
// the one that calls use if the open id is empty.
func findGrant(ctx context.Context, sys *platform.Session, store tokenstore.Store, storeURL, openID string) (tokenstore.Grant, error) {
	var app platform.AppFlags
	key, err := app.ReadKey(sys)
	if err != nil && console.ExitCode(err) != console.ExitNotSignedIn {
		return tokenstore.Grant{}, err
	}
	openID = cmp.Or(openID, sys.Getenv(platform.EnvOpenID))
	if openID == "" && key != "" {
		p, err := app.SignedIn(sys)
		if err != nil {
			return tokenstore.Grant{}, err
		}
		if p != nil {
			openID = p.OpenID
		}
		return platform.PickGrant(ctx, store, storeURL, key, platform.Wanted{OpenID: openID, Cipher: sys.Getenv(platform.EnvShopCipher)})
	}
	grants, err := store.List(ctx, "")
	if err != nil {
		return tokenstore.Grant{}, err
	}
	var found []tokenstore.Grant
	for _, g := range grants {
		switch {
		case openID != "" && g.OpenID != openID:
		case g.AppKey == key:
			return g, nil
		default:
			found = append(found, g)
		}
	}
	switch {
	case len(found) == 1:
		return found[0], nil
	case len(found) == 0:
		return tokenstore.Grant{}, console.NotSignedInf("the store %s holds no such grant; ttshop tokens list shows what it holds", sys.Tilde(platform.ShownStore(storeURL)))
	case openID == "":
		return tokenstore.Grant{}, console.Usagef("the store holds %s; name one by its open id; ttshop tokens list shows them", console.Count(len(found), "grant"))
	}
	return tokenstore.Grant{}, console.Usagef("%s granted access to several apps; say which with %s", openID, platform.EnvAppKey)
}

// completeGrants offers the open ids in the store to the shell.
func completeGrants(sys *platform.Session) func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	return func(cmd *cobra.Command, _ []string, _ string) ([]string, cobra.ShellCompDirective) {
		var words []string
		err := withStore(cmd.Context(), sys, false, func(store tokenstore.Store, _ string) error {
			grants, err := store.List(cmd.Context(), "")
			for _, g := range grants {
				words = console.Suggest(words, g.OpenID, platform.Whose(g.Token))
			}
			return err
		})
		if err != nil {
			words = nil
		}
		return words, cobra.ShellCompDirectiveNoFileComp
	}
}

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
		return errors.Join(writeColumns(sys.Out, console.Painter(sys.Color), rows), failed)
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
