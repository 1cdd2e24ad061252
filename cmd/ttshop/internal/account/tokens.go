package account

import (
	"cmp"
	"context"
	"errors"

	"github.com/spf13/cobra"
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
