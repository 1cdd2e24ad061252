package cli

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
	"github.com/ttshop-go/ttshop/tokenstore"
)

func newTokensCmd(sys *System) *cobra.Command {
	cmd := group(&cobra.Command{
		Use:   "tokens",
		Short: "Look after the grants in a token store",
		Long: `Look after the grants in a token store: the file of this machine, or the one
that --store or ` + envStore + ` names:

  file:PATH           one sealed file, for the processes of one machine
  sqlite:PATH         an SQLite database, for the processes of one machine
  postgres://HOST/DB  a PostgreSQL database, for any number of machines

Any number of processes may use a store at once; of those that find a token
due, one refreshes it. Grants are sealed with the key in ` + envStoreKey + `
(32 bytes in hexadecimal or base64; "openssl rand -hex 32" makes one), with the
passphrase in ` + envPassphrase + `, or with the key of this machine, which
ttshop login keeps. All who share a store need the same key.

Secrets are shown masked unless --show-secrets asks for them.`,
	})
	cmd.AddCommand(
		newTokensExportCmd(sys), newTokensImportCmd(sys), newTokensKeepCmd(sys), newTokensListCmd(sys),
		newTokensRefreshCmd(sys), newTokensRevokeCmd(sys), newTokensRotateKeyCmd(sys), newTokensShowCmd(sys),
	)
	return cmd
}

// withStore opens the store in use for the time of do.
func withStore(ctx context.Context, sys *System, create bool, do func(store tokenstore.Store, storeURL string) error) (err error) {
	h, err := sys.home()
	if err != nil {
		return err
	}
	storeURL := h.storeURL(sys)
	store, err := h.openStore(ctx, sys, storeURL, create)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	return do(store, storeURL)
}

// findGrant returns the grant of an open id, of whichever app where it is clear
// which, or the one that calls use where the open id is empty.
func findGrant(ctx context.Context, sys *System, store tokenstore.Store, storeURL, openID string) (tokenstore.Grant, error) {
	var app appFlags
	key, err := app.readKey(sys)
	if err != nil && exitCode(err) != exitNotSignedIn {
		return tokenstore.Grant{}, err
	}
	openID = cmp.Or(openID, sys.Getenv(envOpenID))
	if openID == "" && key != "" {
		p, err := app.signedIn(sys)
		if err != nil {
			return tokenstore.Grant{}, err
		}
		if p != nil {
			openID = p.OpenID
		}
		return pickGrant(ctx, store, storeURL, key, wanted{openID: openID, cipher: sys.Getenv(envShopCipher)})
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
		return tokenstore.Grant{}, notSignedInf("the store %s holds no such grant; ttshop tokens list shows what it holds", sys.tilde(shownStore(storeURL)))
	case openID == "":
		return tokenstore.Grant{}, usagef("the store holds %s; say which by its open id, see ttshop tokens list", count(len(found), "grant"))
	}
	return tokenstore.Grant{}, usagef("%s granted access to several apps; say which with %s", openID, envAppKey)
}

// completeGrants offers the open ids in the store to the shell.
func completeGrants(sys *System) func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	return func(cmd *cobra.Command, _ []string, _ string) ([]string, cobra.ShellCompDirective) {
		var words []string
		err := withStore(cmd.Context(), sys, false, func(store tokenstore.Store, _ string) error {
			grants, err := store.List(cmd.Context(), "")
			for _, g := range grants {
				words = append(words, g.OpenID+"\t"+whose(g.Token))
			}
			return err
		})
		if err != nil {
			words = nil
		}
		return words, cobra.ShellCompDirectiveNoFileComp
	}
}

func newTokensListCmd(sys *System) *cobra.Command {
	asJSON := false
	cmd := &cobra.Command{
		Use:   "list",
		Short: "List the grants of the store",
		Example: `  ttshop tokens list
  ttshop tokens list --store sqlite:tokens.db --json`,
		Args: takes(0, 0, "no arguments"),
		RunE: func(cmd *cobra.Command, _ []string) error { return listTokens(cmd.Context(), sys, asJSON) },
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "answer in JSON")
	return cmd
}

func listTokens(ctx context.Context, sys *System, asJSON bool) error {
	return withStore(ctx, sys, false, func(store tokenstore.Store, storeURL string) error {
		// What can be read is listed, also where something cannot.
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
			return errors.Join(writeJSON(sys.Out, list), failed)
		}
		if len(grants) == 0 {
			fmt.Fprintf(sys.Out, "The store %s holds no grant.\n", sys.tilde(shownStore(storeURL)))
			return failed
		}
		rows := [][]string{{"OPEN ID", "TOKEN", "AUTHORIZED", "SHOPS", "USER"}}
		for _, g := range grants {
			rows = append(rows, []string{
				shorten(g.OpenID, 24), tokenState(g, now), left(g.Token.RefreshTokenExpiresAt, now),
				strconv.Itoa(len(g.Shops)), whose(g.Token) + " " + g.Token.SellerBaseRegion,
			})
		}
		return errors.Join(writeColumns(sys.Out, painter(sys.Color), rows), failed)
	})
}

// tokenState says how the token of a grant is, in a word or two.
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
	number, rest, _ := strings.Cut(span(until.Sub(now)), " ")
	unit, _, _ := strings.Cut(rest, " ")
	return number + " " + unit
}

// tokensShowOptions are the options of ttshop tokens show.
type tokensShowOptions struct {
	OpenID      string
	ShowSecrets bool
	JSON        bool
}

func newTokensShowCmd(sys *System) *cobra.Command {
	var o tokensShowOptions
	cmd := &cobra.Command{
		Use:   "show [OPENID]",
		Short: "Show a grant: tokens, scopes, shops, times",
		Example: `  ttshop tokens show
  ttshop tokens show --show-secrets --json`,
		Args: takes(0, 1, "at most one open id"),
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

func (o *tokensShowOptions) run(ctx context.Context, sys *System) error {
	return withStore(ctx, sys, false, func(store tokenstore.Store, storeURL string) error {
		grant, err := findGrant(ctx, sys, store, storeURL, o.OpenID)
		if err != nil {
			return err
		}
		return showGrant(sys, grant, o.ShowSecrets, o.JSON)
	})
}

// showGrant writes a grant, its secrets masked unless they are asked for.
func showGrant(sys *System, g tokenstore.Grant, showSecrets, asJSON bool) error {
	secret := func(s ttshop.Secret) string {
		if showSecrets {
			return s.Reveal()
		}
		return s.String()
	}
	now := sys.Now()
	s := newGrantStatus(g, now)
	if asJSON {
		return writeJSON(sys.Out, struct {
			*grantStatus
			AccessToken  string `json:"access_token"`
			RefreshToken string `json:"refresh_token"`
		}{s, secret(g.Token.AccessToken), secret(g.Token.RefreshToken)})
	}
	rows := []row{
		{"user", printable(whose(g.Token) + " " + g.Token.SellerBaseRegion)},
		{"open id", printable(g.OpenID)},
		{"app", printable(g.AppKey)},
		{"access token", secret(g.Token.AccessToken)},
		{"", ending(g.Token.AccessTokenExpiresAt, now, "the next call refreshes it")},
		{"refresh token", secret(g.Token.RefreshToken)},
		{"", ending(g.Token.RefreshTokenExpiresAt, now, "the user must authorize again")},
		{"authorized", moment(g.AuthorizedAt)},
		{"refreshed", moment(g.RefreshedAt)},
	}
	if g.Lost() {
		rows = append(rows, row{"LOST", moment(g.LostAt) + ": " + printable(g.LostReason)})
	}
	rows = append(rows, row{"scopes", printable(strings.Join(g.Token.GrantedScopes, " "))})
	for i, shop := range g.Shops {
		label := ""
		if i == 0 {
			label = "shops"
		}
		rows = append(rows, row{label, printable(shop.ID + " " + shop.Region + " " + shop.Name)}, row{"", "cipher " + printable(shop.Cipher)})
	}
	if err := writeRows(sys.Out, painter(sys.Color), rows); err != nil {
		return err
	}
	if !showSecrets {
		_, err := fmt.Fprintln(sys.Out, "\n--show-secrets shows the tokens.")
		return err
	}
	return nil
}
