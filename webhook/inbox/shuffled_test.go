package inbox_test

import (
	"context"
	"encoding/json"
	"net/http/httptest"
	"slices"
	"testing"
	"time"

	"github.com/ttshop-go/ttshop/api/product"
	"github.com/ttshop-go/ttshop/sandbox"
	"github.com/ttshop-go/ttshop/sandbox/control"
	"github.com/ttshop-go/ttshop/sandbox/sandboxtest"
	"github.com/ttshop-go/ttshop/webhook"
	"github.com/ttshop-go/ttshop/webhook/event"
	"github.com/ttshop-go/ttshop/webhook/inbox"
)

// Deliveries that come twice and in any order are told apart: an inbox has each
// notification once.
func TestShuffledDeliveries(t *testing.T) {
	t.Parallel()
	platform := sandboxtest.StartWith(t, sandbox.Config{Seed: 7, WebhookOrder: sandbox.WebhooksShuffled})
	app, err := webhook.NewApp(platform.Credentials.AppKey, platform.Credentials.AppSecret)
	if err != nil {
		t.Fatal(err)
	}
	box := open(t, "file:"+t.TempDir())
	handler := webhook.NewHandler(app, webhook.WithInbox(box))
	webhook.On(handler, func(context.Context, *event.OrderStatusChange) error { return nil })
	receiver := httptest.NewServer(handler)
	defer receiver.Close()

	world := control.New(platform.URL)
	done := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	_, err = world.Freeze(t.Context(), true)
	done(err)
	done(world.SetWebhook(t.Context(), control.AppWebhook{Address: receiver.URL, Types: []int{1}}))
	_, err = world.AddFault(t.Context(), control.Fault{Match: control.Match{Webhook: 1}, Then: control.Effect{Webhook: "duplicate"}})
	done(err)
	shop := platform.Credentials.Shops[1]
	found, err := product.New(platform.Shop(shop.Region)).Search(t.Context(), &product.SearchParams{PageSize: 1, Status: "ACTIVATE"})
	done(err)
	order, err := world.PlaceOrder(t.Context(), control.Order{ShopID: shop.ID, Lines: []control.Line{{SKUID: found.Products[0].SKUs[0].ID, Quantity: 1}}})
	done(err)
	_, err = world.MoveOrder(t.Context(), order, "DELIVERED")
	done(err)

	deliveries, err := world.Deliveries(t.Context(), 100, 1)
	done(err)
	eventually(t, "all deliveries are made", func() bool {
		_, err := world.Advance(t.Context(), time.Second)
		done(err)
		stats := handler.Stats()
		return stats.Outcomes[webhook.Accepted]+stats.Outcomes[webhook.Duplicate] == int64(len(deliveries))
	})
	var statuses []string
	for kept, err := range box.Events(t.Context(), inbox.Query{}) {
		done(err)
		var moved event.OrderStatusChangeData
		done(json.Unmarshal(kept.Event.Data, &moved))
		statuses = append(statuses, string(moved.OrderStatus))
	}
	usual := []string{"UNPAID", "ON_HOLD", "AWAITING_SHIPMENT", "AWAITING_COLLECTION", "IN_TRANSIT", "DELIVERED"}
	if len(deliveries) != 2*len(usual) || slices.Equal(statuses, usual) || !slices.Equal(slices.Sorted(slices.Values(statuses)), slices.Sorted(slices.Values(usual))) {
		t.Errorf("%d deliveries; the inbox has %v", len(deliveries), statuses)
	}
}
