package control

import (
	"context"
	"fmt"
	"net/url"
)

// Shop is a shop of the sandbox.
type Shop struct {
	ID         string `json:"id"`
	Cipher     string `json:"cipher"`
	Name       string `json:"name"`
	Region     string `json:"region"`      // two letters, such as GB
	Code       string `json:"code"`        // as displayed in Seller Center
	SellerType string `json:"seller_type"` // LOCAL or CROSS_BORDER
}

// Credentials are what a client of the API needs.
type Credentials struct {
	BaseURL             string `json:"base_url"`
	AppKey              string `json:"app_key"`
	AppSecret           string `json:"app_secret"`
	ServiceID           string `json:"service_id"`
	AuthCode            string `json:"auth_code"` // unused, good for half an hour
	AccessToken         string `json:"access_token"`
	RefreshToken        string `json:"refresh_token"`
	CategoryAssetCipher string `json:"category_asset_cipher"`
	Shops               []Shop `json:"shops"`
}

// String names the app and hides the rest.
func (c Credentials) String() string { return fmt.Sprintf("control.Credentials{AppKey:%s}", c.AppKey) }

// GoString names the app and hides the rest.
func (c Credentials) GoString() string { return c.String() }

// Credentials returns those of the first app and the first seller. The code in
// them is new each time.
func (c *Client) Credentials(ctx context.Context) (Credentials, error) {
	return fetch[Credentials](ctx, c, "GET", "credentials", nil)
}

// App is an app that users can authorize.
type App struct {
	Key         string   `json:"app_key"`
	Secret      string   `json:"app_secret"`
	ServiceID   string   `json:"service_id"`   // of its authorization links; empty means a new one
	RedirectURL string   `json:"redirect_url"` // empty means the sandbox's default
	Scopes      []string `json:"scopes"`       // none means all
}

// String names the app and hides its secret.
func (a App) String() string { return fmt.Sprintf("control.App{Key:%s}", a.Key) }

// GoString names the app and hides its secret.
func (a App) GoString() string { return a.String() }

// Apps lists the apps.
func (c *Client) Apps(ctx context.Context) ([]App, error) {
	var list struct {
		Apps []App `json:"apps"`
	}
	err := c.do(ctx, "GET", "apps", nil, &list)
	return list.Apps, err
}

// AddApp adds an app and returns it with its empty fields filled.
func (c *Client) AddApp(ctx context.Context, a App) (App, error) {
	return fetch[App](ctx, c, "POST", "apps", a)
}

// Expire lets the access tokens of a grant expire now, with refresh also its
// refresh tokens, and returns how many there were.
func (c *Client) Expire(ctx context.Context, grant string, refresh bool) (int, error) {
	answer, err := fetch[struct {
		Expired int `json:"expired"`
	}](ctx, c, "POST", "grants/"+url.PathEscape(grant)+"/expire", map[string]bool{"refresh": refresh})
	return answer.Expired, err
}

// User is somebody who can authorize apps.
type User struct {
	OpenID              string `json:"open_id"`
	Kind                string `json:"kind"` // seller, creator or partner
	UserType            int    `json:"user_type"`
	Name                string `json:"name"`
	Region              string `json:"region"`
	CategoryAssetCipher string `json:"category_asset_cipher"`
	Shops               []Shop `json:"shops"`
}

// Users lists who can authorize apps.
func (c *Client) Users(ctx context.Context) ([]User, error) {
	var list struct {
		Users []User `json:"users"`
	}
	err := c.do(ctx, "GET", "users", nil, &list)
	return list.Users, err
}

// Grant is what a user allowed an app.
type Grant struct {
	ID      string   `json:"id"`
	AppKey  string   `json:"app_key"`
	User    string   `json:"user"` // open id
	Name    string   `json:"name"`
	Kind    string   `json:"kind"`
	Scopes  []string `json:"scopes"`
	Shops   []string `json:"shops"`   // ids of those that it covers
	Expires int64    `json:"expires"` // Unix seconds
	Revoked bool     `json:"revoked"`
}

// Grants lists who allowed which app what.
func (c *Client) Grants(ctx context.Context) ([]Grant, error) {
	var list struct {
		Grants []Grant `json:"grants"`
	}
	err := c.do(ctx, "GET", "grants", nil, &list)
	return list.Grants, err
}

// NewGrant asks for a grant.
type NewGrant struct {
	AppKey string   `json:"app_key,omitempty"` // empty means the first app
	User   string   `json:"user,omitempty"`    // open id or name; empty means the first seller
	Scopes []string `json:"scopes,omitempty"`  // none means all
}

// Granted is a new grant with what the app gets for it.
type Granted struct {
	Grant
	AccessToken  string `json:"access_token"`
	RefreshToken string `json:"refresh_token"`
	AuthCode     string `json:"auth_code"`
}

// String names the grant and hides its tokens.
func (g Granted) String() string { return fmt.Sprintf("control.Granted{ID:%s}", g.ID) }

// GoString names the grant and hides its tokens.
func (g Granted) GoString() string { return g.String() }

// Authorize lets a user authorize an app, as if on the consent page.
func (c *Client) Authorize(ctx context.Context, order NewGrant) (Granted, error) {
	return fetch[Granted](ctx, c, "POST", "grants", order)
}

// Revoke ends a grant: its tokens are invalid from now on.
func (c *Client) Revoke(ctx context.Context, id string) error {
	return c.do(ctx, "DELETE", "grants/"+url.PathEscape(id), nil, nil)
}

// SetShopStatus says where a shop stands with the platform: ACTIVE, as usual, NEW,
// PENDING, DEACTIVATED, REJECTED or WITHDRAWN.
func (c *Client) SetShopStatus(ctx context.Context, shopID, status string) error {
	return c.do(ctx, "POST", "shops/"+url.PathEscape(shopID), map[string]string{"status": status}, nil)
}
