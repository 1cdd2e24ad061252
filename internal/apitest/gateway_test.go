package apitest

import (
	"errors"
	"net/http/httptest"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/ttshop-go/ttshop"
	"github.com/ttshop-go/ttshop/catalog"
	"github.com/ttshop-go/ttshop/gateway"
	"github.com/ttshop-go/ttshop/policy"
	"github.com/ttshop-go/ttshop/sandbox"
	"github.com/ttshop-go/ttshop/sandbox/control"
	"github.com/ttshop-go/ttshop/sandbox/sandboxtest"
	"github.com/ttshop-go/ttshop/tokenstore"
)

// Every typed method works with a gateway as the client's endpoint: it signs with a
// secret of the gateway's, and the sandbox behind it refuses nothing for its
// signature, token, cipher or path.
func TestThroughGateway(t *testing.T) {
	t.Parallel()
	server := sandboxtest.StartWith(t, sandbox.Config{Throttle: new(0.0)})
	fleet := tokenstore.NewFleet(server.App, new(tokenstore.Memory), tokenstore.FleetConfig{ClientOptions: []ttshop.Option{
		ttshop.WithEndpoint(server.URL), ttshop.WithLimiter(nil), ttshop.WithoutRetry(),
	}})
	steer := control.New(server.URL)
	users, err := steer.Users(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	keys := map[string]policy.Key{
		"seller":  {Name: "seller", Shops: []string{server.Credentials.Shops[0].ID}, WholeAccounts: true},
		"creator": {Name: "creator"},
		"partner": {Name: "partner"},
	}
	asset := "any"
	for _, user := range users {
		key := keys[user.Kind]
		if len(key.Grants) > 0 || user.Kind == "seller" && len(user.Shops) < len(server.Credentials.Shops) {
			continue
		}
		granted, err := steer.Authorize(t.Context(), control.NewGrant{User: user.OpenID})
		if err != nil {
			t.Fatal(err)
		}
		grant, err := fleet.Authorize(t.Context(), granted.AuthCode)
		if err != nil {
			t.Fatal(err)
		}
		if user.Kind != "seller" {
			key.Grants = []string{grant.OpenID}
			keys[user.Kind] = key
		}
		if user.CategoryAssetCipher != "" {
			asset = user.CategoryAssetCipher
		}
	}
	sealer, err := tokenstore.ParseKeys(tokenstore.GenerateKey())
	if err != nil {
		t.Fatal(err)
	}
	c := new(catalog.Catalog)
	file := policy.File(filepath.Join(t.TempDir(), "keys.json"))
	book, err := policy.Open(t.Context(), file, c)
	if err != nil {
		t.Fatal(err)
	}
	issued := map[string]policy.Issued{}
	err = policy.Update(t.Context(), file, book.Operations(), func(d *policy.Document) error {
		for kind, key := range keys {
			key.Allow = []string{"*"}
			if issued[kind], err = d.Create(key, time.Now(), sealer); err != nil {
				return err
			}
		}
		return nil
	})
	if err == nil {
		err = book.Reload(t.Context())
	}
	if err != nil {
		t.Fatal(err)
	}
	gate, err := gateway.New(gateway.Config{Fleet: fleet, Book: book, Sealer: sealer, Catalog: c})
	if err != nil {
		t.Fatal(err)
	}
	front := httptest.NewServer(gate)
	t.Cleanup(front.Close)
	for _, e := range c.Operations("") {
		if e.Raw { // it has no method
			continue
		}
		t.Run(e.FullName(), func(t *testing.T) {
			op, err := c.Describe(e)
			if err != nil {
				t.Fatal(err)
			}
			kind, isUsers := strings.CutPrefix(e.Domain, "affiliate_")
			if !isUsers || kind == "seller" {
				kind = "seller"
			}
			client := ttshop.New(issued[kind].ID(), issued[kind].RevealSecret(), ttshop.WithEndpoint(front.URL),
				ttshop.WithTokenSource(ttshop.StaticToken("none")), ttshop.WithLimiter(nil), ttshop.WithoutRetry())
			made := bindCall(t, op, client.Shop(server.Credentials.Shops[0].ID).CategoryAsset(asset))
			params := made.newParams()
			new(filler).fill(params.Elem())
			plainPath(params.Elem())
			results := made.invoke(t.Context(), params)
			err, _ = results[len(results)-1].Interface().(error)
			if err == nil {
				return
			}
			refused, ok := errors.AsType[*ttshop.Error](err)
			if !ok {
				t.Fatalf("no answer: %v", err)
			}
			switch {
			case refused.Code/100000 == 997:
				t.Errorf("the gateway refuses: %v", err)
			case errors.Is(err, ttshop.ErrSignature), errors.Is(err, ttshop.ErrTokenExpired), errors.Is(err, ttshop.ErrScope),
				refused.Code == 36009009, refused.Code == 36009010, refused.Code == 36009014, refused.Code == 36009023, refused.Code == 106013:
				t.Errorf("the ceremony is wrong: %v", err)
			}
		})
	}
}

// plainPath puts ids into the parameters of a path, which the filler makes awkward.
func plainPath(params reflect.Value) {
	for i := range params.NumField() {
		if _, ok := params.Type().Field(i).Tag.Lookup("path"); ok && params.Field(i).Kind() == reflect.String {
			params.Field(i).SetString("1729592969712207008")
		}
	}
}
