package sandbox

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"time"
)

// defaultRedirectURL receives the callback of an authorization of an app that
// names no address.
const defaultRedirectURL = "http://127.0.0.1/callback"

// registration is an app as its maker describes it.
type registration struct {
	Key         string   `json:"app_key"`
	Secret      string   `json:"app_secret"`
	ServiceID   string   `json:"service_id"`   // of its authorization links; empty means a new one
	RedirectURL string   `json:"redirect_url"` // empty means [defaultRedirectURL]
	Scopes      []string `json:"scopes"`       // of its settings; none means all
}

// String hides the secret.
func (a registration) String() string { return fmt.Sprintf("sandbox.App{Key:%q}", a.Key) }

// GoString hides the secret.
func (a registration) GoString() string { return a.String() }

// withDefaults fills empty fields and checks the rest.
func (a registration) withDefaults() (registration, error) {
	if a.Key == "" || a.Secret == "" {
		return a, errors.New("sandbox: an app needs a key and a secret")
	}
	if a.ServiceID == "" {
		a.ServiceID = "74" + strconv.FormatUint(1e16+mix(fnvOf(a.Key))%9e16, 10)
	}
	if a.RedirectURL == "" {
		a.RedirectURL = defaultRedirectURL
	}
	if err := checkRedirect(a.RedirectURL); err != nil {
		return a, err
	}
	for _, scope := range a.Scopes {
		if !slices.Contains(scopes(""), scope) {
			return a, fmt.Errorf("sandbox: no operation asks for the scope %q", scope)
		}
	}
	return a, nil
}

func checkRedirect(address string) error {
	if u, err := url.Parse(address); err != nil || u.Scheme == "" || u.Host == "" {
		return fmt.Errorf("sandbox: redirect URL %q is not absolute", address)
	}
	return nil
}

// rotation says what a refresh does with the refresh token.
type rotation string

const (
	rotationLenient rotation = "lenient" // issues a new one and keeps the old one usable
	rotationOff     rotation = "off"     // returns the one that was sent
	rotationStrict  rotation = "strict"  // issues a new one and ends the old one
)

// terms are what an authority is told when it is made.
type terms struct {
	first    registration
	apps     []registration // further ones
	tokenTTL time.Duration
	rotation rotation
}
