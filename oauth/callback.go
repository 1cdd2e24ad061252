package oauth

import (
	"crypto/subtle"
	"errors"
	"fmt"
	"net/url"
)

// Callback is what the platform appends to the redirect URL after a user has
// granted access.
type Callback struct {
	Code       string // the auth code: valid for 30 minutes, for one exchange
	AppKey     string // the app that was authorized; empty where the platform does not say
	ShopRegion string // two-letter region of the shop, such as GB; empty where the platform does not say
	Locale     string // language of the page, such as en; empty where the platform does not say
	State      string
}

// String names the callback without its code.
func (c Callback) String() string {
	return fmt.Sprintf("oauth.Callback(app %s, region %s)", c.AppKey, c.ShopRegion)
}

// GoString is String, so that no verb of fmt shows the code.
func (c Callback) GoString() string { return c.String() }

// Errors of [ParseCallback].
var (
	// ErrDenied: the user declined.
	ErrDenied = errors.New("the user declined the authorization")
	// ErrState: the state is not the one that the link carried, so the callback
	// may be forged; start the authorization again.
	ErrState = errors.New("the state of the callback is not the expected one")
)

// ParseCallback reads the query of the redirect URL and checks its state
// against the one that the link carried. A user who declined is [ErrDenied], a
// wrong state [ErrState].
func ParseCallback(query url.Values, state string) (Callback, error) {
	c := Callback{
		Code: query.Get("code"), AppKey: query.Get("app_key"), ShopRegion: query.Get("shop_region"),
		Locale: query.Get("locale"), State: query.Get("state"),
	}
	if state == "" {
		return Callback{}, errors.New("oauth: callback: the expected state is empty; pass the one that the authorization link carried")
	}
	if reason := query.Get("error"); reason != "" {
		// A rejection carries no state, so none is required: it grants nothing.
		if reason == "auth_denied" {
			return Callback{}, fmt.Errorf("oauth: callback: %w", ErrDenied)
		}
		return Callback{}, fmt.Errorf("oauth: callback: the platform reports %q", reason)
	}
	if subtle.ConstantTimeCompare([]byte(c.State), []byte(state)) != 1 {
		return Callback{}, fmt.Errorf("oauth: callback: %w", ErrState)
	}
	if c.Code == "" || c.Code == "null" {
		return Callback{}, errors.New("oauth: callback: it has no auth code; expected the parameter code")
	}
	return c, nil
}

// ParseCallbackURL is [ParseCallback] for a whole redirect URL, such as one
// that a user copied from the browser.
func ParseCallbackURL(redirectURL, state string) (Callback, error) {
	u, err := url.Parse(redirectURL)
	if err != nil {
		return Callback{}, errors.New("oauth: callback: the redirect URL cannot be read; copy all of it from the browser's address bar")
	}
	return ParseCallback(u.Query(), state)
}
