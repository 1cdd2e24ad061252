package sandbox

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"time"
)

// DefaultThrottle is the number of requests per second that the platform
// grants per app, shop and operation.
const DefaultThrottle = 50.0

// DefaultAccessTokenTTL is the lifetime of an access token on the platform.
const DefaultAccessTokenTTL = 7 * 24 * time.Hour

// DefaultRedirectURL receives the callback of an authorization where
// [Config.RedirectURL] names no other address.
const DefaultRedirectURL = "http://127.0.0.1/callback"

// Rotation says what a refresh does with the refresh token. The platform does
// not document it, so every reading can be chosen.
type Rotation string

const (
	// RotationLenient issues a new refresh token and keeps the old one usable.
	RotationLenient Rotation = "lenient"
	// RotationOff returns the refresh token that was sent.
	RotationOff Rotation = "off"
	// RotationStrict issues a new refresh token and ends the old one.
	RotationStrict Rotation = "strict"
)

// Config configures a [Sandbox]. The zero value works.
type Config struct {
	// Seed decides the whole world: shops, products, orders, ids and tokens.
	Seed uint64

	// AppKey and AppSecret are the credentials of the one app. Empty values are
	// derived from the seed and are recognisably not real.
	AppKey, AppSecret string

	// Apps are further apps, each with users and tokens of its own.
	Apps []App

	// RedirectURL is the address that receives the code of an authorization,
	// fixed per app as on the platform. Empty means [DefaultRedirectURL].
	RedirectURL string

	// AccessTokenTTL is the lifetime of new access tokens. Zero means
	// [DefaultAccessTokenTTL].
	AccessTokenTTL time.Duration

	// RefreshRotation is the fate of a used refresh token. Empty means
	// [RotationLenient].
	RefreshRotation Rotation

	// Throttle is the number of requests per second granted per app, shop and
	// operation, measured on the sandbox's clock: a frozen clock grants no new
	// ones. Nil means [DefaultThrottle], zero switches the throttle off.
	Throttle *float64

	// Faults are in force from the start and again after a reset, see
	// [ReadFaults].
	Faults []Fault

	// Now is the clock of the sandbox before any change through
	// /_sandbox/clock. Nil means [time.Now].
	Now func() time.Time

	// Orders is the number of further orders of each shop, completed and 120
	// days old or older when the world is made, at most 1,000,000. They can be
	// searched and read; operations that act on orders do not know them. They
	// are made up when somebody looks and take no memory.
	Orders int

	// AuditDelay is the time that the review of a product takes. With zero the
	// review is over at the next look; with a negative value it never ends.
	AuditDelay time.Duration

	// RejectUnexpectedCipher refuses a shop_cipher on operations that take
	// none. The platform documents that, yet well-known clients send it.
	RejectUnexpectedCipher bool

	// StrictRefreshGrant refuses grant_type=authorized_code on a refresh, which
	// the documentation forbids and the official Node SDK sends.
	StrictRefreshGrant bool

	// StrictQuantity holds inventory updates to the documented range from 1 to
	// 99999. Otherwise 0, an empty stock, is accepted too.
	StrictQuantity bool

	// BareInventoryEvents sends webhooks of type 68, INVENTORY_CHANGED, the way
	// the documents show them: without the envelope, with ids as text.
	// Otherwise they are sent as one was recorded.
	BareInventoryEvents bool

	// Explain says in a sentence which mistake made a signature wrong; the
	// request log keeps it. Nil means that nobody says. It is asked before the
	// request is answered.
	Explain func(Refused) string

	// RemoteControl opens /_sandbox/ to callers from other machines.
	RemoteControl bool

	// Hosts are the host names for which /_sandbox/ answers, without port, apart
	// from localhost and addresses, which are always served. Other names are refused
	// there, so that no web page reaches it through a name of its own that
	// leads to this machine. The API answers for any name.
	Hosts []string
}

// App is an app that users can authorize.
type App struct {
	Key         string   `json:"app_key"`
	Secret      string   `json:"app_secret"`
	ServiceID   string   `json:"service_id"`   // of its authorization links; empty means a new one
	RedirectURL string   `json:"redirect_url"` // empty means [DefaultRedirectURL]
	Scopes      []string `json:"scopes"`       // of its settings; none means all
}

// String hides the secret.
func (a App) String() string { return fmt.Sprintf("sandbox.App{Key:%q}", a.Key) }

// GoString hides the secret.
func (a App) GoString() string { return a.String() }

// withDefaults fills empty fields and checks the rest.
func (a App) withDefaults() (App, error) {
	if a.Key == "" || a.Secret == "" {
		return a, errors.New("sandbox: an app needs a key and a secret")
	}
	if a.ServiceID == "" {
		a.ServiceID = "74" + strconv.FormatUint(1e16+mix(fnvOf(a.Key))%9e16, 10)
	}
	if a.RedirectURL == "" {
		a.RedirectURL = DefaultRedirectURL
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

// String hides the app secret.
func (c Config) String() string {
	return fmt.Sprintf("sandbox.Config{Seed:%d AppKey:%q}", c.Seed, c.AppKey)
}

// GoString hides the app secret.
func (c Config) GoString() string { return c.String() }

// withDefaults fills empty fields and checks the rest.
func (c Config) withDefaults() (Config, error) {
	names := newRandom(c.Seed, streamCredentials)
	key, secret := "sandbox"+names.text(lowerDigits, 8), "sandbox-secret-"+names.text(hexDigits, 32)
	if c.AppKey == "" {
		c.AppKey = key
	}
	if c.AppSecret == "" {
		c.AppSecret = secret
	}
	if c.RedirectURL == "" {
		c.RedirectURL = DefaultRedirectURL
	}
	if err := checkRedirect(c.RedirectURL); err != nil {
		return c, err
	}
	known := map[string]bool{c.AppKey: true}
	c.Apps = slices.Clone(c.Apps)
	for i := range c.Apps {
		var err error
		if c.Apps[i], err = c.Apps[i].withDefaults(); err != nil {
			return c, err
		}
		if known[c.Apps[i].Key] {
			return c, fmt.Errorf("sandbox: two apps have the key %q", c.Apps[i].Key)
		}
		known[c.Apps[i].Key] = true
	}
	if c.AccessTokenTTL < 0 {
		return c, fmt.Errorf("sandbox: access token lifetime %v is negative", c.AccessTokenTTL)
	}
	if c.AccessTokenTTL == 0 {
		c.AccessTokenTTL = DefaultAccessTokenTTL
	}
	switch c.RefreshRotation {
	case "":
		c.RefreshRotation = RotationLenient
	case RotationLenient, RotationOff, RotationStrict:
	default:
		return c, fmt.Errorf("sandbox: refresh rotation %q, want off, lenient or strict", c.RefreshRotation)
	}
	if c.Throttle == nil {
		c.Throttle = new(DefaultThrottle)
	}
	if rate := *c.Throttle; !(rate >= 0) {
		return c, fmt.Errorf("sandbox: throttle of %v requests per second", rate)
	}
	for i := range c.Faults {
		if err := c.Faults[i].validate(); err != nil {
			return c, fmt.Errorf("sandbox: fault %d: %w", i+1, err)
		}
	}
	if c.Orders < 0 || c.Orders > maxArchive {
		return c, fmt.Errorf("sandbox: %d further orders, want 0 to %d", c.Orders, maxArchive)
	}
	var err error
	if c.Hosts, err = controlHosts(c.Hosts); err != nil {
		return c, err
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	return c, nil
}
