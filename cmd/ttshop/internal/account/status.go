package account

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/ttshop-go/ttshop"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/platform"
	"github.com/ttshop-go/ttshop/oauth"
	"github.com/ttshop-go/ttshop/tokenstore"
)

// statusOptions are the options of ttshop status.
type statusOptions struct {
	JSON bool
}

// NewStatusCmd returns the command ttshop status.
func NewStatusCmd(sys *platform.Session) *cobra.Command {
	var o statusOptions
	cmd := &cobra.Command{
		Use:   "status",
		Short: "Show who is signed in, the shops, the scopes, and when tokens expire",
		Long: `Show which app, user and shop later commands work for and where each credential
comes from. Nothing is sent; ttshop doctor asks the platform. If nobody is
signed in, the exit code is 4.`,
		Example: "  ttshop status\n  ttshop status --json",
		Args:    console.Takes(0, 0, "no arguments"),
		RunE:    func(cmd *cobra.Command, _ []string) error { return o.run(cmd.Context(), sys) },
	}
	cmd.Flags().BoolVar(&o.JSON, "json", false, "answer in JSON")
	return cmd
}

// The places that a token comes from.
const (
	fromEnvironment = "environment"
	fromStore       = "store"
)

// status is what later commands work with. It holds no secret.
type status struct {
	Profile      string       `json:"profile,omitempty"` // empty: all is from the environment
	Config       string       `json:"config,omitempty"`
	AppKey       string       `json:"app_key"`
	Endpoint     string       `json:"endpoint"`
	AuthEndpoint string       `json:"auth_endpoint"`
	TokenFrom    string       `json:"token_from"`
	Store        string       `json:"store,omitempty"`
	SignedIn     bool         `json:"signed_in"`
	Grant        *grantStatus `json:"grant,omitempty"` // nil: a bare token, about which nothing is known
	Shop         *shopInUse   `json:"shop,omitempty"`
}

// shopInUse is the shop that calls are about.
type shopInUse struct {
	tokenstore.Shop
	From string `json:"from"` // environment or profile
}

// grantStatus is a grant without its secrets.
type grantStatus struct {
	AppKey                string            `json:"app_key"`
	OpenID                string            `json:"open_id"`
	UserType              string            `json:"user_type"`
	SellerName            string            `json:"seller_name"`
	SellerBaseRegion      string            `json:"seller_base_region"`
	Scopes                []string          `json:"scopes"`
	Shops                 []tokenstore.Shop `json:"shops"`
	AccessTokenExpiresAt  time.Time         `json:"access_token_expires_at,omitzero"`
	RefreshTokenExpiresAt time.Time         `json:"refresh_token_expires_at,omitzero"`
	AuthorizedAt          time.Time         `json:"authorized_at,omitzero"`
	RefreshedAt           time.Time         `json:"refreshed_at,omitzero"`
	Valid                 bool              `json:"valid"` // the access token is good now
	Lost                  bool              `json:"lost"`  // only the user can restore it
	LostReason            string            `json:"lost_reason,omitempty"`
}

func newGrantStatus(g tokenstore.Grant, now time.Time) *grantStatus {
	return &grantStatus{
		AppKey: g.AppKey, OpenID: g.OpenID, UserType: g.Token.UserType.String(),
		SellerName: g.Token.SellerName, SellerBaseRegion: g.Token.SellerBaseRegion,
		Scopes: append([]string{}, g.Token.GrantedScopes...), Shops: append([]tokenstore.Shop{}, g.Shops...),
		AccessTokenExpiresAt: g.Token.AccessTokenExpiresAt, RefreshTokenExpiresAt: g.Token.RefreshTokenExpiresAt,
		AuthorizedAt: g.AuthorizedAt, RefreshedAt: g.RefreshedAt,
		Valid: g.Token.ValidAt(now) && !g.Lost(), Lost: g.Lost(), LostReason: g.LostReason,
	}
}

// gatherStatus returns what later commands work with, given the grant that they
// use; its store is empty for a bare token.
func gatherStatus(ctx context.Context, sys *platform.Session, g platform.GrantIn) (*status, error) {
	h, err := sys.Home()
	if err != nil {
		return nil, err
	}
	var app platform.AppFlags
	key, err := app.ReadKey(sys)
	if err != nil {
		return nil, err
	}
	s := &status{AppKey: key, SignedIn: true, TokenFrom: fromEnvironment}
	if s.Endpoint, err = platform.APIEndpoint(sys, "", key); err != nil {
		return nil, err
	}
	if s.AuthEndpoint, err = platform.AuthEndpoint(sys, "", key); err != nil {
		return nil, err
	}
	s.AuthEndpoint = cmp.Or(s.AuthEndpoint, oauth.DefaultEndpoint)
	if p, err := app.SignedIn(sys); err == nil && p != nil {
		s.Profile, s.Config = h.Name, h.Path
	}
	if g.StoreURL != "" {
		s.TokenFrom, s.Store = fromStore, platform.ShownStore(g.StoreURL)
		s.Grant = newGrantStatus(g.Grant, sys.Now())
		s.SignedIn = !g.Lost()
	}
	cipher, from := sys.Getenv(platform.EnvShopCipher), fromEnvironment
	if cipher == "" {
		from = "profile"
		if cipher, err = app.Shop(sys); err != nil {
			return nil, err
		}
	}
	if cipher != "" {
		s.Shop = &shopInUse{Shop: tokenstore.Shop{Cipher: cipher}, From: from}
		for _, shop := range g.Shops {
			if shop.Cipher == cipher {
				s.Shop.Shop = shop
			}
		}
	}
	return s, nil
}

func (o *statusOptions) run(ctx context.Context, sys *platform.Session) error {
	g, err := platform.CurrentGrant(ctx, sys)
	if err != nil {
		return err
	}
	s, err := gatherStatus(ctx, sys, g)
	if err != nil {
		return err
	}
	if o.JSON {
		err = console.WriteJSON(sys.Out, s)
	} else {
		err = s.write(sys, false)
	}
	if err == nil && !s.SignedIn {
		return console.NotSignedInf("the authorization was lost: %s. Run ttshop login to sign in again", g.LostReason)
	}
	return err
}

// write writes the status for people; brief leaves out the scopes.
func (s *status) write(sys *platform.Session, brief bool) error {
	now := sys.Now()
	var rows []console.Row
	add := func(label, value string) {
		rows = append(rows, console.Row{Label: label, Value: console.Printable(value)})
	}
	if s.Profile != "" {
		add("profile", s.Profile)
	}
	add("app", s.AppKey+" at "+s.Endpoint)
	if auth := s.AuthEndpoint; auth != s.Endpoint && auth != oauth.DefaultEndpoint {
		add("", "authorization host "+auth)
	}
	g := s.Grant
	if g == nil {
		add("token", "of the environment ("+platform.EnvAccessToken+"); whose it is and when it expires is not known here; ttshop doctor asks")
	} else {
		who := g.UserType
		if g.SellerName != "" {
			who += " " + g.SellerName
		}
		if g.SellerBaseRegion != "" {
			who += " (" + g.SellerBaseRegion + ")"
		}
		add("user", who)
		add("open id", g.OpenID)
		add("token", Ending(g.AccessTokenExpiresAt, now, "refreshed at the next call"))
		add("authorized", Ending(g.RefreshTokenExpiresAt, now, "run ttshop login"))
		if g.Lost {
			add("", "LOST: "+g.LostReason)
		}
		add("store", sys.Tilde(s.Store))
	}
	switch {
	case s.Shop != nil && s.Shop.ID != "":
		add("shop", s.Shop.Name+" ("+s.Shop.Region+", "+s.Shop.ID+")")
	case s.Shop != nil:
		add("shop", "cipher "+s.Shop.Cipher)
	case g != nil && len(g.Shops) > 0:
		add("shop", "none chosen of "+console.Count(len(g.Shops), "shop")+"; ttshop use SHOP chooses")
	case g != nil && g.UserType == ttshop.UserSeller.String():
		add("shop", "none known; ttshop shops --refresh asks the platform")
	}
	if g != nil {
		scopes := strings.Join(g.Scopes, " ")
		if brief && len(g.Scopes) > 1 {
			scopes = console.Count(len(g.Scopes), "scope") + "; ttshop status lists them"
		}
		add("scopes", scopes)
	}
	if err := console.WriteRows(sys.Out, console.Painter(sys.Color), rows); err != nil {
		return err
	}
	if g != nil && len(g.Shops) > 1 {
		_, err := fmt.Fprintf(sys.Out, "\nttshop shops lists all %d shops.\n", len(g.Shops))
		return err
	}
	return nil
}

// Ending says for people when something ends and, if it has ended, what follows.
func Ending(at, now time.Time, then string) string {
	switch {
	case at.IsZero():
		return "end unknown"
	case at.After(now):
		return "until " + console.Moment(at) + " (" + console.Span(at.Sub(now)) + ")"
	}
	return "ended " + console.Moment(at) + " (" + console.Span(now.Sub(at)) + " ago); " + then
}
