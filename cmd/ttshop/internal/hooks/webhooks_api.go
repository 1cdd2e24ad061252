package hooks

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"slices"
	"strings"

	"github.com/ttshop-go/ttshop"
	"github.com/ttshop-go/ttshop/catalog"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/field"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/platform"
	"github.com/ttshop-go/ttshop/webhook/event"
)

// webhooksPath is that of the Event API.
const webhooksPath = "/event/202309/webhooks"

// shopWebhook is an address that a shop has.
type shopWebhook struct {
	Topic      string          `json:"event_type"`
	Address    string          `json:"address"`
	CreateTime ttshop.UnixTime `json:"create_time"`
	UpdateTime ttshop.UnixTime `json:"update_time"`
}

// shopWebhooks is the Event API for one shop.
type shopWebhooks struct {
	client *ttshop.Client
	shop   string // cipher
	local  bool   // a sandbox on this machine
}

// openWebhooks returns the Event API for the shop in use.
func openWebhooks(f *platform.ShopFlags, sys *platform.Session, in *field.Inputs) (*shopWebhooks, error) {
	client, err := f.Client(sys, in, f.Tokens)
	if err != nil {
		return nil, err
	}
	cipher := f.Shop(sys)
	if cipher == "" {
		return nil, console.NotSignedInf("no shop: set %s or pass --shop-cipher; ttshop shops lists them, ttshop use chooses one", platform.EnvShopCipher)
	}
	key, err := f.App.ReadKey(sys)
	if err != nil {
		return nil, err
	}
	address, err := platform.APIEndpoint(sys, f.Endpoint, key)
	if err != nil {
		return nil, err
	}
	return &shopWebhooks{client.Shop(cipher), cipher, platform.IsLoopback(address)}, nil
}

// checkAddress refuses addresses that the platform would not deliver to.
func (w *shopWebhooks) checkAddress(name, address string) error {
	if err := checkTarget(name, address); err != nil || w.local {
		return err
	}
	u, err := url.Parse(address)
	switch {
	case err != nil:
		return err
	case u.Scheme != "https":
		return console.Usagef("%s: the platform delivers to https addresses only", name)
	case u.Port() != "" || net.ParseIP(u.Hostname()) != nil || !strings.Contains(u.Hostname(), "."):
		return console.Usagef("%s: the platform requires the name of a public domain, without a port", name)
	case len(address) > 255:
		return console.Usagef("%s: the platform accepts at most 255 characters", name)
	}
	return nil
}

// call calls an operation of the Event API.
func (w *shopWebhooks) call(ctx context.Context, method string, body any) (*ttshop.Response, error) {
	var known catalog.Catalog
	entry, ok := known.Find(method, webhooksPath)
	if !ok {
		return nil, errors.New("the catalogue lacks " + method + " " + webhooksPath) // a test prevents it
	}
	op, err := known.Describe(entry)
	if err != nil {
		return nil, err
	}
	return w.client.Call(ctx, method, webhooksPath, nil, body, platform.AsOperation(op))
}

// list returns the addresses by topic.
func (w *shopWebhooks) list(ctx context.Context) ([]shopWebhook, error) {
	response, err := w.call(ctx, "GET", nil)
	if err != nil {
		return nil, err
	}
	var data struct {
		Webhooks []shopWebhook `json:"webhooks"`
	}
	if err := response.Decode(&data); err != nil {
		return nil, fmt.Errorf("read the addresses: %w", err)
	}
	slices.SortFunc(data.Webhooks, func(a, b shopWebhook) int { return cmp.Compare(a.Topic, b.Topic) })
	return data.Webhooks, nil
}

func (w *shopWebhooks) set(ctx context.Context, t event.Type, address string) error {
	_, err := w.call(ctx, "PUT", map[string]string{"address": address, "event_type": t.String()})
	return err
}

func (w *shopWebhooks) remove(ctx context.Context, t event.Type) error {
	_, err := w.call(ctx, "DELETE", map[string]string{"event_type": t.String()})
	return err
}
