package gateway_test

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/ttshop-go/ttshop"
	"github.com/ttshop-go/ttshop/catalog"
	"github.com/ttshop-go/ttshop/gateway"
	"github.com/ttshop-go/ttshop/oauth"
	"github.com/ttshop-go/ttshop/policy"
	"github.com/ttshop-go/ttshop/tokenstore"
)

func readFile(t testing.TB, path string) []byte {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// fuzzGateway returns a gateway with one shop, a key that may read orders, and what
// it may call.
func fuzzGateway(f *testing.F, endpoint string) (gate http.Handler, key string, allowed func(call string) bool) {
	f.Helper()
	app := &oauth.App{Key: "app", Secret: "secret"}
	store := new(tokenstore.Memory)
	_, err := tokenstore.Put(f.Context(), store, tokenstore.Grant{
		Key: tokenstore.Key{AppKey: "app", OpenID: "seller"}, Token: ttshop.Token{AccessToken: "token", OpenID: "seller"},
		Shops: []tokenstore.Shop{{ID: "1", Cipher: "cipher", Name: "Shop"}},
	})
	if err != nil {
		f.Fatal(err)
	}
	fleet := tokenstore.NewFleet(app, store, tokenstore.FleetConfig{ClientOptions: []ttshop.Option{
		ttshop.WithEndpoint(endpoint), ttshop.WithLimiter(nil), ttshop.WithoutRetry(),
	}})
	c := new(catalog.Catalog)
	file := policy.File(filepath.Join(f.TempDir(), "keys.json"))
	book, err := policy.Open(f.Context(), file, c)
	if err != nil {
		f.Fatal(err)
	}
	err = policy.Update(f.Context(), file, book.Operations(), func(d *policy.Document) error {
		issued, err := d.Create(policy.Key{Name: "k", Allow: []string{"order.*"}, Shops: []string{"1"}, ReadOnly: true}, time.Now(), nil)
		key = issued.RevealKey()
		return err
	})
	if err == nil {
		err = book.Reload(f.Context())
	}
	if err != nil {
		f.Fatal(err)
	}
	g, err := gateway.New(gateway.Config{Fleet: fleet, Book: book, Catalog: c})
	if err != nil {
		f.Fatal(err)
	}
	return g, key, func(call string) bool {
		method, path, _ := strings.Cut(call, " ")
		entry, ok := c.Find(method, path)
		if !ok || entry.Domain != "order" {
			return false
		}
		op, err := c.Describe(entry)
		return err == nil && !op.Write
	}
}
