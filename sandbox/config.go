package sandbox

import (
	"fmt"
	"slices"
	"time"

	"github.com/ttshop-go/ttshop/sandbox/internal/authority"
	"github.com/ttshop-go/ttshop/sandbox/internal/domain/trade"
	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
	"github.com/ttshop-go/ttshop/sandbox/internal/invent"
)

// DefaultThrottle is the number of requests per second that the platform
// grants per app, shop and operation.
const DefaultThrottle = 50.0

// DefaultAccessTokenTTL is the lifetime of an access token on the platform.
const DefaultAccessTokenTTL = 7 * 24 * time.Hour

// DefaultRedirectURL receives the callback of an authorization where
// [Config.RedirectURL] is not set.
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

// WebhookOrder says in which order webhooks are delivered.
type WebhookOrder string

const (
	// WebhooksInOrder delivers webhooks in the order of what they tell.
	WebhooksInOrder WebhookOrder = "in_order"
	// WebhooksShuffled holds each delivery back for 0 to 5 seconds of the
	// sandbox's clock, as the seed decides. Deliveries about one object then
	// overtake each other, as those of the platform do.
	WebhooksShuffled WebhookOrder = "shuffled"
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

	// Fixtures are data of the user's own, which the world has besides what the
	// seed makes, from the start and again after a reset; see [ReadFixtures].
	// A snapshot that is restored replaces them.
	Fixtures *Fixtures

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

	// LenientCipher takes a shop_cipher or category_asset_cipher on operations
	// that need none. The platform refuses one, and so does the sandbox otherwise.
	LenientCipher bool

	// StrictUserType refuses the tokens of sellers on operations that are for
	// partners or creators only, as the platform does. Otherwise one set of
	// credentials is enough for all operations.
	StrictUserType bool

	// StrictBodies refuses null and [] as the body of a request, and an empty
	// list where an object belongs. Otherwise both count as empty: clients in Go
	// and PHP send them for what is not set.
	StrictBodies bool

	// StrictRefreshGrant refuses grant_type=authorized_code on a refresh, which
	// the documentation forbids and the official Node SDK sends.
	StrictRefreshGrant bool

	// StrictQuantity holds inventory updates to the documented range from 1 to
	// 99999. Otherwise 0, an empty stock, is accepted too.
	StrictQuantity bool

	// RetireSunsets makes operations answer as gone, with code 36009014, once
	// the sandbox's clock has reached their announced end. Otherwise they go
	// on, so that old code can be tried beside new.
	RetireSunsets bool

	// BareInventoryEvents sends webhooks of type 68, INVENTORY_CHANGED, the way
	// the documents show them: without the envelope, with ids as text.
	// Otherwise they are sent as one was recorded.
	BareInventoryEvents bool

	// WebhookOrder is the order in which webhooks are delivered. Empty means
	// [WebhooksInOrder].
	WebhookOrder WebhookOrder

	// ListingsPerDay is how many products a shop may create on a day of UTC. The
	// platform grants new shops 300. Zero means any number.
	ListingsPerDay int

	// OldestOrdersFirst lists orders from the oldest where a search names no
	// sort_order, as one answer of the platform was recorded. Otherwise the
	// newest come first, as documented. Programs should send sort_order.
	OldestOrdersFirst bool

	// Lists say how lists behave: how their pages go on, how late changes show in
	// them, and how far their totals are off. They are in force from the start
	// and again after a reset.
	Lists []ListRule

	// OrderDetailFields gives the details of orders four fields about the payment
	// that lists of orders lack.
	OrderDetailFields bool

	// BlankAddressDays is the age in days from which orders have no address any
	// more. Zero means that they keep it.
	BlankAddressDays int

	// Explain says in a sentence which mistake made a signature wrong; the
	// request log keeps it. Nil means that nobody says. It is asked before the
	// request is answered.
	Explain func(Refused) string

	// Answered is told of each request of the API and the authorization host
	// once it was answered, those to /_sandbox/ excepted. It is called on the
	// goroutine of the request, so that calls come side by side. Nil means that
	// nobody is told.
	Answered func(Answered)

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

// String hides the app secret.
func (c Config) String() string {
	return fmt.Sprintf("sandbox.Config{Seed:%d AppKey:%q}", c.Seed, c.AppKey)
}

// GoString hides the app secret.
func (c Config) GoString() string { return c.String() }

// withDefaults fills empty fields and checks the rest.
func (c Config) withDefaults() (Config, error) {
	names := invent.NewRandom(c.Seed, invent.StreamCredentials)
	key, secret := "sandbox"+names.Text(invent.LowerDigits, 8), "sandbox-secret-"+names.Text(invent.HexDigits, 32)
	if c.AppKey == "" {
		c.AppKey = key
	}
	if c.AppSecret == "" {
		c.AppSecret = secret
	}
	if c.RedirectURL == "" {
		c.RedirectURL = DefaultRedirectURL
	}
	if err := authority.CheckRedirect(c.RedirectURL); err != nil {
		return c, err
	}
	known := map[string]bool{c.AppKey: true}
	c.Apps = slices.Clone(c.Apps)
	for i := range c.Apps {
		app, err := authority.Registration(c.Apps[i]).WithDefaults()
		if err != nil {
			return c, err
		}
		c.Apps[i] = App(app)
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
	switch c.WebhookOrder {
	case "":
		c.WebhookOrder = WebhooksInOrder
	case WebhooksInOrder, WebhooksShuffled:
	default:
		return c, fmt.Errorf("sandbox: webhook order %q, want in_order or shuffled", c.WebhookOrder)
	}
	if c.ListingsPerDay < 0 {
		return c, fmt.Errorf("sandbox: %d listings a day, want 0 or more", c.ListingsPerDay)
	}
	if err := c.checkLists(); err != nil {
		return c, err
	}
	if c.Throttle == nil {
		c.Throttle = new(DefaultThrottle)
	}
	if rate := *c.Throttle; !(rate >= 0) {
		return c, fmt.Errorf("sandbox: throttle of %v requests per second", rate)
	}
	for i := range c.Faults {
		if err := gate.ValidateFault(&c.Faults[i]); err != nil {
			return c, fmt.Errorf("sandbox: fault %d: %w", i+1, err)
		}
	}
	if c.Orders < 0 || c.Orders > trade.MaxArchive {
		return c, fmt.Errorf("sandbox: %d further orders, want 0 to %d", c.Orders, trade.MaxArchive)
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

// terms are the part of the configuration that the authorization host needs.
func (c *Config) terms() authority.Terms {
	return authority.Terms{
		First:    authority.Registration{Key: c.AppKey, Secret: c.AppSecret, RedirectURL: c.RedirectURL},
		Apps:     invent.Each(c.Apps, func(a App) authority.Registration { return authority.Registration(a) }),
		TokenTTL: c.AccessTokenTTL, Rotation: authority.Rotation(c.RefreshRotation),
	}
}

// settings are the part of the configuration that the gate and the domains
// need.
func (c *Config) settings() gate.Settings {
	with := gate.Settings{
		LenientCipher:       c.LenientCipher,
		StrictBodies:        c.StrictBodies,
		StrictUserType:      c.StrictUserType,
		StrictRefreshGrant:  c.StrictRefreshGrant,
		StrictQuantity:      c.StrictQuantity,
		RetireSunsets:       c.RetireSunsets,
		OldestOrdersFirst:   c.OldestOrdersFirst,
		ListingsPerDay:      c.ListingsPerDay,
		BareInventoryEvents: c.BareInventoryEvents,
		ShuffledWebhooks:    c.WebhookOrder == WebhooksShuffled,
		Throttle:            *c.Throttle,
	}
	if c.Explain != nil {
		with.Explain = func(r gate.Refusal) string { return c.Explain(Refused(r)) }
	}
	if c.Answered != nil {
		with.Tell = func(a gate.Answered) { c.Answered(Answered(a)) }
	}
	return with
}

// Refused is a request whose signature is wrong, for [Config.Explain].
type Refused struct {
	Method      string
	URL         string // path and query as they came, with the wrong signature
	ContentType string
	Body        []byte
	AccessToken string // of the header; empty where there is none
	AppSecret   string // with which the signature should have been made
}

// String names method and nothing that is secret.
func (r Refused) String() string { return "sandbox.Refused(" + r.Method + ")" }

// GoString is String.
func (r Refused) GoString() string { return r.String() }

// Answered is a request that is over, and what became of it, for
// [Config.Answered]. Nothing of it is secret: query, headers and bodies are left
// out.
type Answered struct {
	Time        time.Time // on the sandbox's clock
	Method      string
	Path        string
	Operation   string // empty where the path is unknown
	ShopID      string // empty where there is none
	Status      int    // 0 where the connection was cut
	Code        int
	Message     string // of a refusal
	RequestID   string
	Explanation string   // which mistake made the signature wrong, by [Config.Explain]
	Fault       string   // id of the fault that hit
	Warnings    []string // values that no document lists
	Duration    time.Duration
}
