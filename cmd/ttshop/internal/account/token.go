package account

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/ttshop-go/ttshop"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/field"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/platform"
	"github.com/ttshop-go/ttshop/oauth"
)

// NewTokenCmd returns the command ttshop token.
func NewTokenCmd(sys *platform.Session) *cobra.Command {
	cmd := console.Group(&cobra.Command{
		Use:   "token",
		Short: "Get and refresh access tokens",
		Long: `Exchange an auth code for a token, or a refresh token for a new one.

Tokens are shown masked; --show-secrets reveals them. For scripts, ttshop token
print prints the access token alone.`,
	})
	cmd.AddCommand(newTokenExchangeCmd(sys), newTokenPrintCmd(sys), newTokenRefreshCmd(sys))
	return cmd
}

// tokenOptions are the options of the commands below ttshop token.
type tokenOptions struct {
	Endpoint    string
	ShowSecrets bool
	JSON        bool

	app platform.AppFlags
}

func (o *tokenOptions) add(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.SortFlags = false
	flags.BoolVar(&o.JSON, "json", false, "answer with the token object in JSON")
	flags.BoolVar(&o.ShowSecrets, "show-secrets", false, "show the tokens themselves")
	o.app.Add(flags)
	flags.StringVar(&o.Endpoint, "endpoint", "", "`ADDRESS` of the authorization host; default: "+platform.EnvAuthEndpoint+", "+platform.EnvEndpoint+" or the platform's own")
}

// oauthApp returns the app that flags, environment and profile name.
func (o *tokenOptions) oauthApp(sys *platform.Session, in *field.Inputs) (*oauth.App, error) {
	return o.app.OAuthApp(sys, in, o.Endpoint)
}

// show writes the token, with its secrets masked unless they are asked for.
func (o *tokenOptions) show(sys *platform.Session, token ttshop.Token) error {
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
			return console.Moment(t) + " (in " + console.Span(t.Sub(sys.Now())) + ")"
		}
		user := token.UserType.String()
		if token.SellerName != "" {
			user += " " + token.SellerName
		}
		rows := []console.Row{
			{Label: "access token", Value: secret(token.AccessToken)},
			{Label: "  ends", Value: end(token.AccessTokenExpiresAt)},
			{Label: "refresh token", Value: secret(token.RefreshToken)},
			{Label: "  ends", Value: end(token.RefreshTokenExpiresAt)},
			{Label: "user", Value: console.Printable(user)},
			{Label: "region", Value: console.Printable(token.SellerBaseRegion)},
			{Label: "open id", Value: console.Printable(token.OpenID)},
			{Label: "scopes", Value: console.Printable(strings.Join(token.GrantedScopes, " "))},
		}
		if err := console.WriteRows(sys.Out, console.Painter(sys.Color), rows); err != nil {
			return err
		}
		if !o.ShowSecrets {
			_, err := fmt.Fprintln(sys.Out, "\nPass --show-secrets to see the tokens.")
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

// tokenJSON encodes a token with the platform's names. Unknown fields may be
// secrets too and are left out unless extra asks for them.
func tokenJSON(token ttshop.Token, secret func(ttshop.Secret) string, extra bool) ([]byte, error) {
	var b bytes.Buffer
	err := console.WriteJSON(&b, struct {
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
