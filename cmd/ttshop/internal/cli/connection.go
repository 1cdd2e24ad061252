package cli

import (
	"cmp"
	"net/http"
	"slices"

	"github.com/spf13/pflag"
	"github.com/ttshop-go/ttshop"
	"github.com/ttshop-go/ttshop/catalog"
)

// connection are the options that say which platform to call, as which app and
// for which shop; ttshop call and the commands of the operations share them.
type connection struct {
	Endpoint        string
	ShopCipher      string
	AssetCipher     string
	NoShop          bool
	AccessTokenFile string

	app appFlags
}

func (c *connection) add(flags *pflag.FlagSet) {
	flags.StringVar(&c.ShopCipher, "shop-cipher", "", "the `CIPHER` of the shop; otherwise "+envShopCipher)
	flags.BoolVar(&c.NoShop, "no-shop", false, "send no shop cipher")
	flags.StringVar(&c.AssetCipher, "category-asset-cipher", "", "the `CIPHER` of a category asset, for partners")
	c.app.add(flags)
	flags.StringVar(&c.AccessTokenFile, "access-token-file", "", "read the access token from `FILE`; - is standard input; otherwise "+envAccessToken)
	flags.StringVar(&c.Endpoint, "endpoint", "", "`ADDRESS` of the API; otherwise "+envEndpoint+" or the platform's own")
}

// readers returns the flags that may read standard input.
func (c *connection) readers() []param {
	return []param{{"--secret-file", c.app.secret.file}, {"--access-token-file", c.AccessTokenFile}}
}

// check refuses flags that make no sense together.
func (c *connection) check() error {
	if c.NoShop && c.ShopCipher != "" {
		return usagef("--no-shop and --shop-cipher exclude each other")
	}
	return nil
}

// tokens returns where the access token of a call comes from.
func (c *connection) tokens(sys *System, in *inputs) (ttshop.TokenSource, error) {
	return tokenSource(sys, in, c.AccessTokenFile, &c.app, c.Endpoint, cmp.Or(c.ShopCipher, sys.Getenv(envShopCipher)))
}

// client returns a client of the app that takes its token from a source and
// sends through the wrapped transport. It is bound to no shop.
func (c *connection) client(sys *System, in *inputs, source func(*System, *inputs) (ttshop.TokenSource, error), wrap ...func(http.RoundTripper) http.RoundTripper) (*ttshop.Client, error) {
	key, err := c.app.readKey(sys)
	if err != nil {
		return nil, err
	}
	secret, err := c.app.secret.read(sys, in)
	if err != nil {
		return nil, err
	}
	tokens, err := source(sys, in)
	if err != nil {
		return nil, err
	}
	address, err := apiEndpoint(sys, c.Endpoint, key)
	if err != nil {
		return nil, err
	}
	var transport http.RoundTripper = http.DefaultTransport.(*http.Transport).Clone()
	for _, w := range wrap {
		transport = w(transport)
	}
	options := append(sys.trace.options(),
		ttshop.WithTokenSource(tokens), ttshop.WithEndpoint(address), ttshop.WithClock(sys.Now),
		ttshop.WithHTTPClient(&http.Client{Transport: sys.watch(transport, key, secret)}))
	return ttshop.New(key, secret.Reveal(), options...), nil
}

// shop returns the cipher of the shop that calls are about, or nothing.
func (c *connection) shop(sys *System) string {
	if c.NoShop {
		return ""
	}
	cipher := cmp.Or(c.ShopCipher, sys.Getenv(envShopCipher))
	if cipher == "" && c.AccessTokenFile == "" {
		cipher, _ = c.app.shop(sys) // a profile that cannot be read has failed client
	}
	return cipher
}

// bind binds the client to the shop and the category asset where the operation
// takes them. A cipher that a flag gives is sent at any rate, and op may be nil
// for an operation that nobody knows.
func (c *connection) bind(sys *System, client *ttshop.Client, op *catalog.Operation) *ttshop.Client {
	if op == nil || op.ShopCipher != catalog.RuleAbsent || c.ShopCipher != "" {
		client = client.Shop(c.shop(sys))
	}
	return client.CategoryAsset(c.AssetCipher)
}

// takesStdin reports whether one of the flags reads standard input, so that no
// question can be answered there.
func takesStdin(flags []param) bool {
	return slices.ContainsFunc(flags, func(p param) bool { return p.value == "-" || p.value == "@-" })
}
