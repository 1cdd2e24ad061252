package main

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"
	"time"

	"github.com/ttshop-go/ttshop"
	"github.com/ttshop-go/ttshop/api/order"
	"github.com/ttshop-go/ttshop/api/product"
	"github.com/ttshop-go/ttshop/sandbox/control"
	"github.com/ttshop-go/ttshop/sandbox/sandboxtest"
	"github.com/ttshop-go/ttshop/webhook"
)

// shelf plays the order domain: it answers one order after the other.
type shelf []order.Order

func (s *shelf) Get(context.Context, *order.GetParams, ...ttshop.CallOption) (*order.GetResult, error) {
	if len(*s) == 0 {
		return nil, &ttshop.Error{Code: 36009002, HTTPStatus: 429}
	}
	o := (*s)[0]
	*s = (*s)[1:]
	return &order.GetResult{Orders: []order.OrderDetail{{Order: o}}}, nil
}

func TestPicks(t *testing.T) {
	t.Parallel()
	mug := order.LineItem{SKUID: "1", SellerSKU: "MUG", ProductName: "Mug", SKUName: "Blue"}
	bare := order.LineItem{SKUID: "2", ProductName: "Bowl", SKUName: "Green"}
	cancelled := order.LineItem{SKUID: "1", SellerSKU: "MUG", CancelUser: order.CancelUserBuyer}
	seen := func(id string, updated ttshop.UnixTime, status order.Status, items ...order.LineItem) order.Order {
		return order.Order{ID: id, UpdateTime: updated, Status: status, LineItems: items, FulfillmentType: order.FulfillmentTypeFulfillmentBySeller}
	}
	platform := seen("C", 1, order.StatusAwaitingShipment, mug)
	platform.FulfillmentType = order.FulfillmentTypeFulfillmentByTikTok
	for name, test := range map[string]struct {
		orders []order.Order
		want   []pick
	}{
		"pieces add up": {
			[]order.Order{seen("A", 1, order.StatusAwaitingShipment, mug, bare, mug), seen("B", 1, order.StatusAwaitingShipment, mug, cancelled)},
			[]pick{{"2", "Bowl, Green", 1}, {"MUG", "Mug, Blue", 3}},
		},
		"twice is once": {
			[]order.Order{seen("A", 1, order.StatusAwaitingShipment, mug), seen("A", 1, order.StatusAwaitingShipment, mug)},
			[]pick{{"MUG", "Mug, Blue", 1}},
		},
		"shipped is gone":        {[]order.Order{seen("A", 1, order.StatusAwaitingShipment, mug), seen("A", 2, order.StatusInTransit, mug)}, nil},
		"what is old comes late": {[]order.Order{seen("A", 2, order.StatusInTransit, mug), seen("A", 1, order.StatusAwaitingShipment, mug)}, nil},
		"the platform ships":     {[]order.Order{platform}, nil},
	} {
		orders := shelf(test.orders)
		p := newPicklist(&orders)
		for range test.orders {
			if err := p.look(t.Context(), "A"); err != nil {
				t.Fatal(err)
			}
		}
		if got := p.picks(); !slices.Equal(got, test.want) {
			t.Errorf("%s: %v, want %v", name, got, test.want)
		}
		if err := p.look(t.Context(), "A"); !errors.Is(err, ttshop.ErrRateLimited) {
			t.Errorf("%s: a failure to read is lost: %v", name, err)
		}
	}
}

// An order that is placed, paid and shipped in the sandbox comes and goes.
func TestPicklistOfTheSandbox(t *testing.T) {
	t.Parallel()
	server := sandboxtest.Start(t)
	app, err := webhook.NewApp(server.Credentials.AppKey, server.Credentials.AppSecret)
	if err != nil {
		t.Fatal(err)
	}
	handler := newPicklist(order.New(server.Shop("GB"))).handler(app)
	answers := make(chan int, 100)
	service := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		recorder := httptest.NewRecorder()
		handler.ServeHTTP(recorder, r)
		w.WriteHeader(recorder.Code)
		_, _ = w.Write(recorder.Body.Bytes())
		if r.Method == http.MethodPost {
			answers <- recorder.Code
		}
	}))
	defer service.Close()
	if err := server.Control.SetWebhook(t.Context(), control.AppWebhook{Address: service.URL + "/webhook", Types: []int{1}}); err != nil {
		t.Fatal(err)
	}

	sku := onSale(t, server.Shop("GB"))
	id, err := server.Control.PlaceOrder(t.Context(), control.Order{ShopID: server.ShopID("GB"), Lines: []control.Line{{SKUID: sku.ID, Quantity: 3}}})
	if err != nil {
		t.Fatal(err)
	}
	move := func(to order.Status) {
		t.Helper()
		if _, err := server.Control.MoveOrder(t.Context(), id, string(to)); err != nil {
			t.Fatal(err)
		}
	}
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	// until waits for deliveries until the list has so many pieces of the SKU.
	until := func(want int) {
		t.Helper()
		for got := -1; got != want; {
			select {
			case code := <-answers:
				if code != http.StatusOK {
					t.Fatalf("a delivery is answered %d", code)
				}
			case <-ctx.Done():
				t.Fatalf("the list has %d pieces, want %d", got, want)
			}
			got = pieces(t, service.URL, sku.SellerSKU)
		}
	}
	move(order.StatusAwaitingShipment)
	until(3)
	move(order.StatusInTransit)
	until(0)

	forged, err := server.Control.TriggerWebhook(t.Context(), control.Trigger{Type: 1, ShopID: server.ShopID("GB"), Forged: true})
	if err != nil {
		t.Fatal(err)
	}
	if len(forged.Attempts) != 1 || forged.Attempts[0].Status != http.StatusUnauthorized {
		t.Errorf("a forged delivery: %+v", forged)
	}
}

// onSale returns a SKU of which there are enough.
func onSale(t *testing.T, shop *ttshop.Client) product.ProductSKU {
	t.Helper()
	for p, err := range product.New(shop).SearchAll(t.Context(), &product.SearchParams{Status: product.StatusActivate}) {
		if err != nil {
			t.Fatal(err)
		}
		for _, sku := range p.SKUs {
			if sku.SellerSKU != "" && len(sku.Inventory) > 0 && sku.Inventory[0].Quantity >= 3 {
				return sku
			}
		}
	}
	t.Fatal("nothing is on sale")
	return product.ProductSKU{}
}

func pieces(t *testing.T, address, sellerSKU string) int {
	t.Helper()
	resp, err := http.Get(address + "/picklist")
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	var picks []pick
	if err := json.NewDecoder(resp.Body).Decode(&picks); err != nil {
		t.Fatal(err)
	}
	for _, p := range picks {
		if p.SKU == sellerSKU {
			return p.Quantity
		}
	}
	return 0
}
