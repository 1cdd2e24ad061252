package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/ttshop-go/ttshop"
	"github.com/ttshop-go/ttshop/oauth"
)

func newTokenCmd(sys *System) *cobra.Command {
	cmd := group(&cobra.Command{
		Use:   "token",
		Short: "Get and refresh access tokens",
		Long: `Trade an auth code for a token, or a refresh token for a fresh one.

Tokens are shown masked; --show-secrets reveals them.`,
	})
	cmd.AddCommand(newTokenExchangeCmd(sys), newTokenRefreshCmd(sys))
	return cmd
}

// tokenOptions are the options of the commands below ttshop token.
type tokenOptions struct {
	Endpoint    string
	ShowSecrets bool
	JSON        bool

	app appFlags
}

func (o *tokenOptions) add(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.SortFlags = false
	flags.BoolVar(&o.JSON, "json", false, "answer with the token object in JSON")
	flags.BoolVar(&o.ShowSecrets, "show-secrets", false, "show the tokens themselves")
	o.app.add(flags)
	flags.StringVar(&o.Endpoint, "endpoint", "", "`ADDRESS` of the authorization host; otherwise "+envAuthEndpoint+", "+envEndpoint+" or the platform's own")
}

// oauthApp returns the app that flags, environment and profile name.
func (o *tokenOptions) oauthApp(sys *System, in *inputs) (*oauth.App, error) {
	return o.app.oauthApp(sys, in, o.Endpoint)
}

// exchangeOptions are the options of ttshop token exchange.
type exchangeOptions struct {
	tokenOptions
	Code     string
	CodeFile string
}

func newTokenExchangeCmd(sys *System) *cobra.Command {
	var o exchangeOptions
	cmd := &cobra.Command{
		Use:   "exchange [CODE]",
		Short: "Trade an auth code for a token",
		Long: `Trade an auth code, which the platform appends to the redirect URL after a user
granted access, for a token. A code works once and for 30 minutes. It is taken
from ` + envAuthCode + `, a file or standard input; as an argument it draws a
warning.`,
		Example: `  ttshop token exchange
  ttshop token exchange --code-file code.txt --show-secrets --json`,
		Args: takes(0, 1, "at most one auth code"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 1 {
				o.Code = args[0]
			}
			return o.run(cmd.Context(), sys)
		},
	}
	o.add(cmd)
	cmd.Flags().StringVar(&o.CodeFile, "code-file", "", "read the auth code from `FILE`; - is standard input")
	return cmd
}

func (o *exchangeOptions) run(ctx context.Context, sys *System) error {
	if err := oneStdin(param{"--secret-file", o.app.secret.file}, param{"--code-file", o.CodeFile}); err != nil {
		return err
	}
	in := &inputs{stdin: sys.In}
	app, err := o.oauthApp(sys, in)
	if err != nil {
		return err
	}
	code, err := secretSource{
		what: "auth code", argument: o.Code, argName: "CODE",
		file: o.CodeFile, fileFlag: "--code-file", env: envAuthCode,
	}.read(sys, in)
	if err != nil {
		return err
	}
	token, err := app.Exchange(ctx, code.Reveal())
	if err != nil {
		return err
	}
	return o.show(sys, token)
}

// refreshOptions are the options of ttshop token refresh.
type refreshOptions struct {
	tokenOptions
	RefreshTokenFile string
}

func newTokenRefreshCmd(sys *System) *cobra.Command {
	var o refreshOptions
	cmd := &cobra.Command{
		Use:   "refresh",
		Short: "Trade a refresh token for a fresh token",
		Long: `Trade a refresh token, from ` + envRefreshToken + `, a file or standard input,
for a fresh token. The answer may hold another refresh token; keep that one.`,
		Example: `  ttshop token refresh
  ttshop token refresh --refresh-token-file refresh.txt --show-secrets --json`,
		Args: takes(0, 0, "no arguments, so that the refresh token stays out of the shell's history"),
		RunE: func(cmd *cobra.Command, _ []string) error { return o.run(cmd.Context(), sys) },
	}
	o.add(cmd)
	cmd.Flags().StringVar(&o.RefreshTokenFile, "refresh-token-file", "", "read the refresh token from `FILE`; - is standard input")
	return cmd
}

func (o *refreshOptions) run(ctx context.Context, sys *System) error {
	if err := oneStdin(param{"--secret-file", o.app.secret.file}, param{"--refresh-token-file", o.RefreshTokenFile}); err != nil {
		return err
	}
	in := &inputs{stdin: sys.In}
	app, err := o.oauthApp(sys, in)
	if err != nil {
		return err
	}
	refreshToken, err := secretSource{
		what: "refresh token", file: o.RefreshTokenFile, fileFlag: "--refresh-token-file", env: envRefreshToken,
	}.read(sys, in)
	if err != nil {
		return err
	}
	token, err := app.Refresh(ctx, refreshToken)
	if err != nil {
		return err
	}
	return o.show(sys, token)
}

// show writes the token, its secrets masked unless they are asked for.
func (o *tokenOptions) show(sys *System, token ttshop.Token) error {
	secret := func(s ttshop.Secret) string {
		if o.ShowSecrets {
			return s.Reveal()
		}
		return s.String()
	}
	if !o.JSON {
		end := func(t time.Time) string {
			if t.IsZero() {
				return "unknown"
			}
			return moment(t) + " (in " + span(t.Sub(sys.Now())) + ")"
		}
		user := token.UserType.String()
		if token.SellerName != "" {
			user += " " + token.SellerName
		}
		rows := []row{
			{"access token", secret(token.AccessToken)},
			{"  ends", end(token.AccessTokenExpiresAt)},
			{"refresh token", secret(token.RefreshToken)},
			{"  ends", end(token.RefreshTokenExpiresAt)},
			{"user", printable(user)},
			{"region", printable(token.SellerBaseRegion)},
			{"open id", printable(token.OpenID)},
			{"scopes", printable(strings.Join(token.GrantedScopes, " "))},
		}
		if err := writeRows(sys.Out, painter(sys.Color), rows); err != nil {
			return err
		}
		if !o.ShowSecrets {
			_, err := fmt.Fprintln(sys.Out, "\n--show-secrets shows the tokens.")
			return err
		}
		return nil
	}
	answer, err := tokenJSON(token, secret, o.ShowSecrets)
	if err != nil {
		return fmt.Errorf("encode token: %w", err)
	}
	_, err = sys.Out.Write(append(answer, '\n'))
	return err
}

// tokenJSON encodes a token in the platform's names. Fields that nobody knows
// may be secrets too and are left out unless extra asks for them.
func tokenJSON(token ttshop.Token, secret func(ttshop.Secret) string, extra bool) ([]byte, error) {
	var b bytes.Buffer
	err := writeJSON(&b, struct {
		AccessToken          string          `json:"access_token"`
		AccessTokenExpireIn  ttshop.UnixTime `json:"access_token_expire_in"`
		RefreshToken         string          `json:"refresh_token"`
		RefreshTokenExpireIn ttshop.UnixTime `json:"refresh_token_expire_in"`
		OpenID               string          `json:"open_id"`
		SellerName           string          `json:"seller_name"`
		SellerBaseRegion     string          `json:"seller_base_region"`
		UserType             ttshop.UserType `json:"user_type"`
		GrantedScopes        []string        `json:"granted_scopes"`
	}{
		secret(token.AccessToken), ttshop.TimeOf(token.AccessTokenExpiresAt),
		secret(token.RefreshToken), ttshop.TimeOf(token.RefreshTokenExpiresAt),
		token.OpenID, token.SellerName, token.SellerBaseRegion, token.UserType,
		append([]string{}, token.GrantedScopes...), // never null
	})
	if err != nil {
		return nil, err
	}
	answer := bytes.TrimSpace(b.Bytes())
	if !extra {
		return answer, nil
	}
	answer = answer[:len(answer)-1]
	for _, name := range slices.Sorted(maps.Keys(token.Extra)) {
		key, err := json.Marshal(name)
		if err != nil {
			return nil, err
		}
		answer = append(append(append(answer, ','), key...), ':')
		answer = append(answer, token.Extra[name]...)
	}
	return append(answer, '}'), nil
}
