package platform

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"strings"

	"github.com/spf13/pflag"
	"github.com/ttshop-go/ttshop"
	"github.com/ttshop-go/ttshop/catalog"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/field"
)

// Connection are the options that say which platform to call, as which app and
// for which shop; ttshop call and the commands of the operations share them.
type Connection struct {
	Endpoint        string
	ShopCipher      string
	AssetCipher     string
	NoShop          bool
	AccessTokenFile string

	App AppFlags
}

// Add binds the flags.
func (c *Connection) Add(flags *pflag.FlagSet) {
	flags.StringVar(&c.ShopCipher, "shop-cipher", "", "the `CIPHER` of the shop; default: "+EnvShopCipher)
	flags.BoolVar(&c.NoShop, "no-shop", false, "send no shop cipher")
	flags.StringVar(&c.AssetCipher, "category-asset-cipher", "", "the `CIPHER` of a category asset, for partners")
	c.App.Add(flags)
	flags.StringVar(&c.AccessTokenFile, "access-token-file", "", "read the access token from `FILE`; - is standard input; default: "+EnvAccessToken)
	flags.StringVar(&c.Endpoint, "endpoint", "", "`ADDRESS` of the API; default: "+EnvEndpoint+" or the platform's own")
}

// Readers returns the flags that may read standard input.
func (c *Connection) Readers() []field.Param {
	return []field.Param{{Key: "--secret-file", Value: c.App.Secret.File}, {Key: "--access-token-file", Value: c.AccessTokenFile}}
}

// Check refuses flags that make no sense together.
func (c *Connection) Check() error {
	if c.NoShop && c.ShopCipher != "" {
		return console.Usagef("--no-shop and --shop-cipher cannot be used together")
	}
	return nil
}

// Tokens returns where the access token of a call comes from.
func (c *Connection) Tokens(sys *Session, in *field.Inputs) (ttshop.TokenSource, error) {
	return TokenSource(sys, in, c.AccessTokenFile, &c.App, c.Endpoint, cmp.Or(c.ShopCipher, sys.Getenv(EnvShopCipher)))
}

// Client returns a client of the app that takes its token from a source and
// sends through the wrapped transport. It is bound to no shop.
func (c *Connection) Client(sys *Session, in *field.Inputs, source func(*Session, *field.Inputs) (ttshop.TokenSource, error), wrap ...func(http.RoundTripper) http.RoundTripper) (*ttshop.Client, error) {
	key, err := c.App.ReadKey(sys)
	if err != nil {
		return nil, err
	}
	secret, err := c.App.Secret.Read(sys, in)
	if err != nil {
		return nil, err
	}
	tokens, err := source(sys, in)
	if err != nil {
		return nil, err
	}
	address, err := APIEndpoint(sys, c.Endpoint, key)
	if err != nil {
		return nil, err
	}
	var transport http.RoundTripper = http.DefaultTransport.(*http.Transport).Clone()
	if sys.Record != nil {
		transport = sys.Record(transport)
	}
	for _, w := range wrap {
		transport = w(transport)
	}
	options := append(sys.Trace.Options(), sys.tries()...)
	options = append(options,
		ttshop.WithTokenSource(tokens), ttshop.WithEndpoint(address), ttshop.WithClock(sys.Now),
		ttshop.WithHTTPClient(&http.Client{Transport: sys.watch(transport, key, secret)}))
	return ttshop.New(key, secret.Reveal(), options...), nil
}

// Shop returns the cipher of the shop that calls are about, or nothing.
func (c *Connection) Shop(sys *Session) string {
	if c.NoShop {
		return ""
	}
	cipher := cmp.Or(c.ShopCipher, sys.Getenv(EnvShopCipher))
	if cipher == "" && c.AccessTokenFile == "" {
		cipher, _ = c.App.Shop(sys) // a profile that cannot be read has failed Client
	}
	return cipher
}

// Bind binds the client to the shop and the category asset where the operation
// takes them. A cipher given by a flag is always sent, and op may be nil for an
// operation that the catalogue does not know.
func (c *Connection) Bind(sys *Session, client *ttshop.Client, op *catalog.Operation) *ttshop.Client {
	if op == nil || op.ShopCipher != catalog.RuleAbsent || c.ShopCipher != "" {
		client = client.Shop(c.Shop(sys))
	}
	return client.CategoryAsset(c.AssetCipher)
}

// TakesStdin reports whether one of the flags reads standard input, so that no
// question can be answered there.
func TakesStdin(flags []field.Param) bool {
	return slices.ContainsFunc(flags, func(p field.Param) bool { return p.Value == "-" || p.Value == "@-" })
}

// ShopCiphers returns the ciphers of the shops that are known here, each with a
// line about the shop. Nothing is sent.
func ShopCiphers(ctx context.Context, sys *Session) []string {
	g, err := CurrentGrant(ctx, sys)
	if err != nil {
		return nil // completion has no way to report it
	}
	var ciphers []string
	for _, shop := range g.Shops {
		ciphers = console.Suggest(ciphers, shop.Cipher, shop.Name+", "+shop.Region)
	}
	return ciphers
}

// AsOperation tells the client what the catalogue knows of a call.
func AsOperation(op *catalog.Operation) ttshop.CallOption {
	return ttshop.AsOperation(&ttshop.Operation{
		Name: op.FullName(), Method: op.Method, Path: op.Path, Read: !op.Write,
		IdempotencyKey: op.IdempotencyKey, Scope: strings.Join(op.Scopes, ", "),
	})
}

// ShopsPath is the path of the operation that lists the shops of a grant.
const ShopsPath = "/authorization/202309/shops"
