package ttshop

import (
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"sync/atomic"
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
	shopID      string // for hooks and logs; empty if unknown
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
	skew    skew
	budget  retryBudget
	invalid atomic.Value // Secret: a token that the platform calls invalid although it is new
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
// the budget for retries. A shop's id is not its cipher: with one, calls to the
// platform fail before they are sent.
func (c *Client) Shop(cipher string) *Client {
	bound := *c
	bound.shopCipher, bound.shopID = cipher, ""
	return &bound
}

// WithShopID returns a copy of the client whose hooks and logs name the shop by
// this id too, which people know it by and which is not a key to it. Clients of a
// fleet have it.
func (c *Client) WithShopID(id string) *Client {
	named := *c
	named.shopID = id
	return &named
}

// checkCipher refuses what is a shop's id. Only the platform's own address is known
// to take no ids: a gateway in front of it may find the cipher itself.
func (c *Client) checkCipher(cipher string) error {
	if c.endpoint != DefaultEndpoint || cipher == "" || strings.Trim(cipher, "0123456789") != "" {
		return nil
	}
	return fmt.Errorf("%w: %s is the id of a shop, not its cipher; GET /authorization/202309/shops lists both, and Fleet.Shop of package tokenstore takes either", ErrInvalidRequest, cipher)
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
