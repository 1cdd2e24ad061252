package account

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/spf13/cobra"
	"github.com/ttshop-go/ttshop"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/field"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/platform"
	"github.com/ttshop-go/ttshop/tokenstore"
)

// tokensImportOptions are the options of ttshop tokens import.
type tokensImportOptions struct {
	File    string
	Force   bool
	NoShops bool

	app platform.AppFlags
}

func newTokensImportCmd(sys *platform.Session) *cobra.Command {
	var o tokensImportOptions
	cmd := &cobra.Command{
		Use:   "import FILE",
		Short: "Put grants into the store",
		Long: `Put grants into the store, from a file or with - from standard input. It takes
what ttshop tokens export writes, what ttshop token exchange --show-secrets
--json prints, and the whole answer of the platform's token endpoint. For the
last two, which name no app, the app is the one in use.

The shops of a seller are fetched if they are not known. A grant for which the
store has a newer token is left alone unless --force is given.`,
		Example: `  ttshop token refresh --show-secrets --json | \
    ttshop tokens import - --store sqlite:tokens.db
  ttshop tokens import grants.jsonl --force`,
		Args: console.Takes(1, 1, "one file, or - for standard input"),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.File = args[0]
			return o.run(cmd.Context(), sys)
		},
	}
	flags := cmd.Flags()
	flags.SortFlags = false
	flags.BoolVar(&o.Force, "force", false, "replace newer tokens, too")
	flags.BoolVar(&o.NoShops, "no-shops", false, "do not fetch shops")
	o.app.Add(flags)
	return cmd
}

func (o *tokensImportOptions) run(ctx context.Context, sys *platform.Session) error {
	if err := field.OneStdin(field.Param{Key: "--secret-file", Value: o.app.Secret.File}, field.Param{Key: "FILE", Value: o.File}); err != nil {
		return err
	}
	in := &field.Inputs{Stdin: sys.In}
	content, err := in.File("FILE", o.File)
	if err != nil {
		return err
	}
	grants, err := o.parse(sys, content)
	if err != nil {
		return err
	}
	h, err := sys.Home()
	if err != nil {
		return err
	}
	if h.StoreURL(sys) == h.OwnStore() {
		if err := os.MkdirAll(h.Folder(), 0o700); err != nil {
			return fmt.Errorf("configuration: %w", err)
		}
	}
	return withStore(ctx, sys, true, func(store tokenstore.Store, storeURL string) error {
		for _, g := range grants {
			stored, err := o.store(ctx, store, g)
			if err != nil {
				return err
			}
			fmt.Fprintf(sys.Out, "%s: kept in %s\n", console.Printable(platform.Whose(g.Token)), sys.Tilde(platform.ShownStore(storeURL)))
			if err := o.shops(ctx, sys, in, store, stored); err != nil {
				sys.Warn("the shops of %s could not be fetched: %v. ttshop tokens keep tries again", console.Printable(platform.Whose(g.Token)), err)
			}
		}
		return nil
	})
}

// store puts a grant into the store unless that has a newer token.
func (o *tokensImportOptions) store(ctx context.Context, store tokenstore.Store, g tokenstore.Grant) (tokenstore.Grant, error) {
	held, unlock, err := store.Lock(ctx, g.Key)
	if err != nil {
		return g, err
	}
	defer unlock()
	for {
		old, err := store.Load(held, g.Key)
		switch {
		case errors.Is(err, tokenstore.ErrNotFound):
		case err != nil:
			return g, err
		case !o.Force && younger(old, g):
			return g, fmt.Errorf("the store has a newer token of %s; pass --force to replace it", console.Printable(platform.Whose(g.Token)))
		}
		if len(g.Shops) == 0 {
			g.Shops, g.ShopsAt = old.Shops, old.ShopsAt
		}
		g.Version = old.Version
		version, err := store.Save(held, g)
		if errors.Is(err, tokenstore.ErrConflict) {
			continue
		}
		g.Version = version
		return g, err
	}
}

// younger reports whether the token of a was issued after that of b.
func younger(a, b tokenstore.Grant) bool {
	if end, other := a.Token.AccessTokenExpiresAt, b.Token.AccessTokenExpiresAt; !end.Equal(other) {
		return end.After(other)
	}
	return !b.RefreshedAt.IsZero() && a.RefreshedAt.After(b.RefreshedAt)
}

// shops fetches the shops of a grant that was imported without.
func (o *tokensImportOptions) shops(ctx context.Context, sys *platform.Session, in *field.Inputs, store tokenstore.Store, g tokenstore.Grant) (err error) {
	if o.NoShops || !g.ShopsAt.IsZero() || g.Lost() || g.Token.UserType != ttshop.UserSeller {
		return nil
	}
	app, err := o.app.OAuthApp(sys, in, "")
	if err != nil {
		return err
	}
	if app.Key != g.AppKey {
		return fmt.Errorf("they are of app %s, not of %s", g.AppKey, app.Key)
	}
	api, err := platform.APIEndpoint(sys, "", app.Key)
	if err != nil {
		return err
	}
	fleet := platform.NewFleet(sys, app, store, ttshop.WithEndpoint(api))
	defer func() { err = errors.Join(err, platform.CloseFleet(ctx, fleet)) }()
	_, err = fleet.SyncShops(ctx, g.Key)
	return err
}

// parse reads the grants of an import. No error repeats the input, since it
// is secret.
func (o *tokensImportOptions) parse(sys *platform.Session, content []byte) ([]tokenstore.Grant, error) {
	var grants []tokenstore.Grant
	decoder := json.NewDecoder(bytes.NewReader(content))
	for {
		var value json.RawMessage
		err := decoder.Decode(&value)
		if errors.Is(err, io.EOF) && len(grants) > 0 {
			return grants, nil
		}
		if err != nil {
			return nil, console.Usagef("%s: object %d cannot be read; it must be JSON as written by ttshop tokens export or ttshop token exchange --show-secrets --json", o.File, len(grants)+1)
		}
		g, err := o.grant(sys, value)
		if err != nil {
			return nil, fmt.Errorf("%s: object %d: %w", o.File, len(grants)+1, err)
		}
		grants = append(grants, g)
	}
}

// platformToken is a token with the platform's names.
type platformToken struct {
	AccessToken          string          `json:"access_token"`
	AccessTokenExpireIn  ttshop.UnixTime `json:"access_token_expire_in"`
	RefreshToken         string          `json:"refresh_token"`
	RefreshTokenExpireIn ttshop.UnixTime `json:"refresh_token_expire_in"`
	OpenID               string          `json:"open_id"`
	SellerName           string          `json:"seller_name"`
	SellerBaseRegion     string          `json:"seller_base_region"`
	UserType             ttshop.UserType `json:"user_type"`
	GrantedScopes        []string        `json:"granted_scopes"`
}

// grant reads one grant, in whichever form.
func (o *tokensImportOptions) grant(sys *platform.Session, value json.RawMessage) (tokenstore.Grant, error) {
	var form struct {
		Record int             `json:"record"`
		Data   json.RawMessage `json:"data"`
		platformToken
	}
	if json.Unmarshal(value, &form) != nil {
		return tokenstore.Grant{}, console.Usagef("it is not a token")
	}
	if form.Record != 0 {
		g, err := tokenstore.ParseGrant(value)
		g.Version = 0
		return g, err
	}
	token := form.platformToken
	if len(form.Data) > 0 && json.Unmarshal(form.Data, &token) != nil {
		return tokenstore.Grant{}, console.Usagef("its data is not a token")
	}
	if token.AccessToken == ttshop.Secret("x").String() || token.RefreshToken == ttshop.Secret("x").String() {
		return tokenstore.Grant{}, console.Usagef("its tokens are masked; export them with --show-secrets")
	}
	if token.RefreshToken == "" || token.OpenID == "" {
		return tokenstore.Grant{}, console.Usagef("it has no refresh token or no open id")
	}
	key, err := o.app.ReadKey(sys)
	if err != nil {
		return tokenstore.Grant{}, err
	}
	now := sys.Now()
	return tokenstore.Grant{
		Key: tokenstore.Key{AppKey: key, OpenID: token.OpenID},
		Token: ttshop.Token{
			AccessToken: ttshop.Secret(token.AccessToken), AccessTokenExpiresAt: timeOf(token.AccessTokenExpireIn),
			RefreshToken: ttshop.Secret(token.RefreshToken), RefreshTokenExpiresAt: timeOf(token.RefreshTokenExpireIn),
			OpenID: token.OpenID, SellerName: token.SellerName, SellerBaseRegion: token.SellerBaseRegion,
			UserType: token.UserType, GrantedScopes: token.GrantedScopes,
		},
		// The time of issue is not given: assume the usual lifetime.
		AuthorizedAt: now,
	}, nil
}

func timeOf(t ttshop.UnixTime) time.Time {
	if t == 0 {
		return time.Time{}
	}
	return t.Time()
}
