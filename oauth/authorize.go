package oauth

import (
	"crypto/rand"
	"errors"
	"fmt"
	"net/url"
)

// Audience is whom an authorization link is for.
type Audience int

// The audiences.
const (
	Seller       Audience = iota // a seller outside the US
	SellerUS                     // a seller in the US
	Creator                      // a creator of any region
	Partner                      // an affiliate partner outside the US
	PartnerUS                    // an affiliate partner in the US
	SellerLegacy                 // a seller of any region, by the older page that takes the app key
)

// audiences holds the page of each audience and the parameter that names the
// app there.
var audiences = map[Audience]struct{ name, host, path, parameter string }{
	Seller: {"seller", "https://services.tiktokshop.com", "/open/authorize", "service_id"},
	// The documentation has two hosts for US sellers. This is the one of the
	// authorization guide of the current API version.
	SellerUS:     {"US seller", "https://services.us.tiktokshop.com", "/open/authorize", "service_id"},
	Creator:      {"creator", "https://shop.tiktok.com", "/alliance/creator/auth", "app_key"},
	Partner:      {"partner", "https://partner.tiktokshop.com", "/open/authorize", "service_id"},
	PartnerUS:    {"US partner", "https://partner.us.tiktokshop.com", "/open/authorize", "service_id"},
	SellerLegacy: {"seller (older page)", DefaultEndpoint, "/oauth/authorize", "app_key"},
}

// AuthorizeURL returns the link at which a user grants the app access. The
// state, see [NewState], comes back in the callback; it is what tells a genuine
// callback from a forged one, so it must not be empty.
func (a *App) AuthorizeURL(audience Audience, state string, options ...LinkOption) (string, error) {
	page, ok := audiences[audience]
	if !ok {
		return "", fmt.Errorf("oauth: authorization link: %d is not an audience; use one of the constants such as oauth.Seller", audience)
	}
	if state == "" {
		return "", errors.New("oauth: authorization link: the state is empty; make one with oauth.NewState and keep it until the callback")
	}
	id, missing := a.ServiceID, "service id"
	if page.parameter == "app_key" {
		id, missing = a.Key, "app key"
	}
	if id == "" {
		return "", fmt.Errorf("oauth: authorization link for a %s: the %s is empty; copy it from Partner Center", page.name, missing)
	}
	host := page.host
	if a.Endpoint != "" {
		host = a.Endpoint
	}
	query := url.Values{page.parameter: {id}, "state": {state}}
	for _, option := range options {
		if err := option(query); err != nil {
			return "", fmt.Errorf("oauth: authorization link: %w", err)
		}
	}
	return host + page.path + "?" + query.Encode(), nil
}

// LinkOption changes an authorization link.
type LinkOption func(query url.Values) error

// RedirectTo names the address that the user is sent to afterwards, as redirect_uri.
// The platform's documentation has no such parameter and goes by the redirect URL of
// the app's settings in Partner Center: do not rely on it without a try.
func RedirectTo(address string) LinkOption {
	return func(query url.Values) error {
		u, err := url.Parse(address)
		if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
			return fmt.Errorf("redirect %q is not a valid address; use, for example, https://example.com/callback", address)
		}
		query.Set("redirect_uri", address)
		return nil
	}
}

// NewState returns a random state for an authorization link: 26 characters
// that cannot be guessed.
func NewState() string { return rand.Text() }
