package ttshop

import (
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"github.com/ttshop-go/ttshop/internal/wire"
	"github.com/ttshop-go/ttshop/sign"
)

// Client calls the API on behalf of one app, and of the shop or the category
// asset that it is bound to. It is immutable and safe for concurrent use; make
// one per app and keep it, since it holds the connections.
type Client struct {
	appKey      string
	signer      *sign.Signer
	shopCipher  string
	assetCipher string

	tokens        TokenSource
	endpoint      string
	http          *http.Client
	logger        *slog.Logger
	userAgent     string
	now           func() time.Time
	timeout       time.Duration
	uploadTimeout time.Duration
	responseLimit int64
	itemsAsErrors bool
	encoder       *wire.Encoder
	limiter       Limiter // nil: calls are not paced
	retry         RetryPolicy
	hooks         []Hooks
	observing     bool    // there are hooks or a logger
	shared        *shared // with all copies
	err           error   // of an option; every call returns it
}

// shared is the state that a client and its copies for shops have in common.
type shared struct {
	skew   skew
	budget retryBudget
}

// New returns a client for an app. An unusable option, such as an endpoint that
// is not an address, makes every call return an error that says so.
func New(appKey, appSecret string, options ...Option) *Client {
	c := &Client{
		appKey:        appKey,
		signer:        sign.New(appSecret),
		endpoint:      DefaultEndpoint,
		userAgent:     "ttshop-go/" + Version,
		now:           time.Now,
		timeout:       time.Minute,
		uploadTimeout: 10 * time.Minute,
		responseLimit: 32 << 20,
		encoder:       new(wire.Encoder),
		limiter:       new(Pacer),
		shared:        new(shared),
	}
	for _, option := range options {
		option(c)
	}
	c.retry = c.retry.withDefaults()
	c.shared.budget = retryBudget{left: float64(c.retry.Budget), size: float64(c.retry.Budget), filled: time.Now()}
	c.observing = c.logger != nil || len(c.hooks) > 0
	if c.http == nil {
		c.http = &http.Client{Transport: newTransport()}
	}
	c.http.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	switch {
	case appKey == "":
		c.err = fmt.Errorf("ttshop: the app key is empty; pass the one shown in Partner Center")
	case appSecret == "":
		c.err = fmt.Errorf("ttshop: the app secret is empty; pass the one shown in Partner Center")
	}
	return c
}

// Shop returns a copy of the client bound to the shop with this cipher, as
// GET /authorization/202309/shops lists it. Copies share connections, the pace and
// the budget for retries.
func (c *Client) Shop(cipher string) *Client {
	bound := *c
	bound.shopCipher = cipher
	return &bound
}

// CategoryAsset returns a copy of the client bound to the category asset with
// this cipher, as GET /authorization/202405/category_assets lists it for
// partners. Copies share connections, the pace and the budget for retries.
func (c *Client) CategoryAsset(cipher string) *Client {
	bound := *c
	bound.assetCipher = cipher
	return &bound
}

// String names the client without any secret.
func (c *Client) String() string { return "ttshop.Client(" + c.appKey + ")" }

// GoString is String, so that no fmt verb walks into the client.
func (c *Client) GoString() string { return c.String() }
