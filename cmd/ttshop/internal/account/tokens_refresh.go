package account

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"
	"github.com/ttshop-go/ttshop"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/field"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/platform"
	"github.com/ttshop-go/ttshop/oauth"
	"github.com/ttshop-go/ttshop/tokenstore"
)

// tokensRefreshOptions are the options of ttshop tokens refresh.
type tokensRefreshOptions struct {
	OpenIDs []string
	All     bool
	Due     bool
	JSON    bool

	app platform.AppFlags
}

func newTokensRefreshCmd(sys *platform.Session) *cobra.Command {
	var o tokensRefreshOptions
	cmd := &cobra.Command{
		Use:   "refresh [OPENID...]",
		Short: "Refresh the tokens of grants now",
		Long: `Refresh the tokens of grants now, including any that count as lost. With --due
only tokens about to expire are refreshed, as calls do themselves; if another
process has done it meanwhile, its result is used.`,
		Example: `  ttshop tokens refresh
  ttshop tokens refresh --all --due --json`,
		Args: func(_ *cobra.Command, args []string) error {
			if o.All && len(args) > 0 {
				return console.Usagef("--all and open ids cannot be used together")
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			o.OpenIDs = args
			return o.run(cmd.Context(), sys)
		},
		ValidArgsFunction: completeGrants(sys),
	}
	flags := cmd.Flags()
	flags.SortFlags = false
	flags.BoolVar(&o.All, "all", false, "all grants of the app")
	flags.BoolVar(&o.Due, "due", false, "only tokens that are about to expire")
	flags.BoolVar(&o.JSON, "json", false, "answer in JSON, one line for each grant")
	o.app.Add(flags)
	return cmd
}

func (o *tokensRefreshOptions) run(ctx context.Context, sys *platform.Session) error {
	app, err := o.app.OAuthApp(sys, &field.Inputs{Stdin: sys.In}, "")
	if err != nil {
		return err
	}
	return withStore(ctx, sys, false, func(store tokenstore.Store, storeURL string) (err error) {
		keys, err := o.keys(ctx, sys, store, storeURL, app.Key)
		if err != nil {
			return err
		}
		fleet := platform.NewFleet(sys, app, store)
		defer func() { err = errors.Join(err, platform.CloseFleet(ctx, fleet)) }()
		var failed []error
		for _, key := range keys {
			if err := o.refresh(ctx, sys, fleet, store, key); err != nil {
				failed = append(failed, err)
			}
		}
		return platform.Again(errors.Join(failed...))
	})
}

// keys returns the keys of the grants that are meant.
func (o *tokensRefreshOptions) keys(ctx context.Context, sys *platform.Session, store tokenstore.Store, storeURL, appKey string) ([]tokenstore.Key, error) {
	var keys []tokenstore.Key
	for _, openID := range o.OpenIDs {
		keys = append(keys, tokenstore.Key{AppKey: appKey, OpenID: openID})
	}
	if o.All {
		grants, err := store.List(ctx, appKey)
		if err != nil {
			return nil, err
		}
		for _, g := range grants {
			keys = append(keys, g.Key)
		}
	}
	if o.All || len(keys) > 0 {
		return keys, nil
	}
	p, err := o.app.SignedIn(sys)
	if err != nil {
		return nil, err
	}
	want := platform.Wanted{OpenID: sys.Getenv(platform.EnvOpenID), Cipher: sys.Getenv(platform.EnvShopCipher)}
	if p != nil {
		want = platform.Wanted{OpenID: p.OpenID}
	}
	grant, err := platform.PickGrant(ctx, store, storeURL, appKey, want)
	return []tokenstore.Key{grant.Key}, err
}

// refresh refreshes one grant and reports the outcome.
func (o *tokensRefreshOptions) refresh(ctx context.Context, sys *platform.Session, fleet *tokenstore.Fleet, store tokenstore.Store, key tokenstore.Key) error {
	before, err := store.Load(ctx, key)
	if errors.Is(err, tokenstore.ErrNotFound) {
		return console.NotSignedInf("the store holds no grant of %s to app %s; ttshop tokens list shows what it holds", console.Printable(key.OpenID), key.AppKey)
	}
	if err != nil {
		return err
	}
	grant := before
	if o.Due {
		var source *oauth.Source
		if source, err = fleet.Source(ctx, key); err == nil {
			if err = source.Keep(ctx); err == nil {
				grant, err = store.Load(ctx, key)
			}
		}
	} else {
		grant, err = fleet.Refresh(ctx, key)
	}
	if err != nil {
		return err
	}
	fresh := grant.Token.AccessToken != before.Token.AccessToken
	if o.JSON {
		return console.WriteJSON(sys.Out, struct {
			OpenID                string          `json:"open_id"`
			Refreshed             bool            `json:"refreshed"`
			AccessTokenExpireIn   ttshop.UnixTime `json:"access_token_expire_in"`
			RefreshTokenExpiresIn ttshop.UnixTime `json:"refresh_token_expire_in"`
		}{key.OpenID, fresh, ttshop.TimeOf(grant.Token.AccessTokenExpiresAt), ttshop.TimeOf(grant.Token.RefreshTokenExpiresAt)})
	}
	what := "refreshed"
	if !fresh {
		what = "is not due"
	}
	_, err = fmt.Fprintf(sys.Out, "%s: %s, %s\n", console.Printable(platform.Whose(grant.Token)), what, Ending(grant.Token.AccessTokenExpiresAt, sys.Now(), ""))
	return err
}
