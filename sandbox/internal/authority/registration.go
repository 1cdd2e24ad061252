package authority

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/ttshop-go/ttshop/sandbox/internal/invent"
)

// DefaultRedirectURL receives the callback of an authorization of an app that
// has no address.
const DefaultRedirectURL = "http://127.0.0.1/callback"

// Registration is an app as its maker describes it.
type Registration struct {
	Key         string   `json:"app_key"`
	Secret      string   `json:"app_secret"`
	ServiceID   string   `json:"service_id"`   // of its authorization links; empty means a new one
	RedirectURL string   `json:"redirect_url"` // empty means [defaultRedirectURL]
	Scopes      []string `json:"scopes"`       // of its settings; none means all
}

// String hides the secret.
func (a Registration) String() string { return fmt.Sprintf("sandbox.App{Key:%q}", a.Key) }

// GoString hides the secret.
func (a Registration) GoString() string { return a.String() }

// WithDefaults fills empty fields and checks the rest.
func (a Registration) WithDefaults() (Registration, error) {
	if a.Key == "" || a.Secret == "" {
		return a, errors.New("sandbox: an app needs a key and a secret")
	}
	if a.ServiceID == "" {
		a.ServiceID = "74" + strconv.FormatUint(1e16+invent.Mix(invent.FNVOf(a.Key))%9e16, 10)
	}
	if a.RedirectURL == "" {
		a.RedirectURL = DefaultRedirectURL
	}
	if err := CheckRedirect(a.RedirectURL); err != nil {
		return a, err
	}
	for _, scope := range a.Scopes {
		if !slices.Contains(scopes(""), scope) {
			return a, fmt.Errorf("sandbox: no operation asks for the scope %q", scope)
		}
	}
	return a, nil
}

// CheckRedirect refuses a redirect URL that is not absolute.
func CheckRedirect(address string) error {
	if u, err := url.Parse(address); err != nil || u.Scheme == "" || u.Host == "" {
		return fmt.Errorf("sandbox: redirect URL %q is not absolute", address)
	}
	return nil
}

// Rotation says what a refresh does with the refresh token.
type Rotation string

const (
	rotationLenient Rotation = "lenient" // issues a new one and keeps the old one usable
	RotationOff     Rotation = "off"     // returns the one that was sent
	RotationStrict  Rotation = "strict"  // issues a new one and ends the old one
)

// Terms are what an authority is told when it is made.
type Terms struct {
	First    Registration
	Apps     []Registration // further ones
	TokenTTL time.Duration
	Rotation Rotation
}
