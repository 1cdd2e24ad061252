package prooftest_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"strconv"
	"testing"

	"github.com/ttshop-go/ttshop"
	"github.com/ttshop-go/ttshop/sandbox/control"
)

// stocked is a SKU that can be bought.
type stocked struct{ product, sku, price, currency string }

// living is what goes on in a shop: buyers order, carriers deliver, buyers change their
// minds, and the seller works on products and stock.
type living struct {
	*world
	goods []stocked
	sold  []string       // orders that were placed here
	asked []string       // cancellations and returns
	did   map[string]int // how often
}

// sku returns a SKU that has stock.
func (w *world) sku(t testing.TB) string {
	t.Helper()
	l := &living{world: w}
	if err := l.learn(t); err != nil {
		t.Fatal(err)
	}
	g := l.goods[w.dice.IntN(len(l.goods))]
	l.restock(t, g, 500)
	return g.sku
}

// learn reads what is on sale.
func (l *living) learn(t testing.TB) error {
	t.Helper()
	response, err := l.call(t, "POST", "/product/202502/products/search", url.Values{"page_size": {"100"}}, map[string]any{"status": "ACTIVATE"})
	if err != nil {
		return err
	}
	var found struct {
		Products []struct {
			ID   string `json:"id"`
			SKUs []struct {
				ID    string `json:"id"`
				Price struct {
					Currency string `json:"currency"`
					Amount   string `json:"tax_exclusive_price"`
				} `json:"price"`
			} `json:"skus"`
		} `json:"products"`
	}
	if err := json.Unmarshal(response.Data, &found); err != nil {
		return err
	}
	l.goods = nil
	for _, p := range found.Products {
		for _, s := range p.SKUs {
			l.goods = append(l.goods, stocked{p.ID, s.ID, s.Price.Amount, s.Price.Currency})
		}
	}
	if len(l.goods) == 0 {
		return fmt.Errorf("nothing is on sale in %s", l.region)
	}
	return nil
}

// call is what the seller does. It is not the copying that fails.
func (l *living) call(t testing.TB, method, path string, query url.Values, body any) (*ttshop.Response, error) {
	t.Helper()
	return l.Shop(l.region).Call(context.WithoutCancel(t.Context()), method, path, query, body)
}

func (l *living) restock(t testing.TB, g stocked, n int) {
	t.Helper()
	if _, err := l.call(t, "POST", "/product/202309/products/"+g.product+"/inventory/update", nil,
		map[string]any{"skus": []any{map[string]any{"id": g.sku, "inventory": []any{map[string]any{"quantity": n}}}}}); err != nil {
		t.Fatal(err)
	}
}

// live lets one thing happen. What the rules of the platform forbid does not happen, nor
// does what a fault of the platform prevents.
func (l *living) live(t testing.TB) {
	t.Helper()
	ctx, dice := context.WithoutCancel(t.Context()), l.dice
	if len(l.goods) == 0 && l.learn(t) != nil {
		return // a fault: the next time
	}
	var err error
	what, g := "", l.goods[dice.IntN(len(l.goods))]
	one := func(list []string) string {
		if len(list) == 0 {
			return "0"
		}
		return list[max(0, len(list)-1-dice.IntN(60))] // the newest have most ahead of them
	}
	switch n := dice.IntN(100); {
	case n < 25:
		what = "orders placed"
		var id string
		if id, err = l.Control.PlaceOrder(ctx, control.Order{ShopID: l.ShopID(l.region), Lines: []control.Line{{SKUID: g.sku, Quantity: 1 + dice.IntN(2)}}}); err == nil {
			l.sold = append(l.sold, id)
		}
	case n < 60:
		what = "orders moved"
		states := []string{"AWAITING_SHIPMENT", "AWAITING_COLLECTION", "IN_TRANSIT", "DELIVERED", "DELIVERED", "COMPLETED", "CANCELLED"}
		_, err = l.Control.MoveOrder(ctx, one(l.sold), states[dice.IntN(len(states))])
	case n < 75:
		what = "requests of buyers"
		asks := []string{"cancel", "refund", "return", "replace", "address"}
		var made control.AfterSale
		if made, err = l.Control.AskAsBuyer(ctx, one(l.sold), control.Ask{Ask: asks[dice.IntN(len(asks))]}); err == nil && made.ID != "" {
			l.asked = append(l.asked, made.ID)
		}
	case n < 87:
		what = "steps of requests"
		steps := []string{"withdraw", "ship", "arrive", "dispute", "support_buyer", "support_seller", "close_dispute"}
		_, err = l.Control.StepAfterSale(ctx, one(l.asked), steps[dice.IntN(len(steps))])
	case n < 91:
		what = "products off and on sale"
		path := []string{"activate", "deactivate", "activate"}[dice.IntN(3)]
		_, err = l.call(t, "POST", "/product/202309/products/"+path, nil, map[string]any{"product_ids": []string{g.product}})
	case n < 94:
		what = "prices"
		price, bad := strconv.ParseFloat(g.price, 64)
		if bad != nil {
			t.Fatal(bad)
		}
		_, err = l.call(t, "POST", "/product/202309/products/"+g.product+"/prices/update", nil, map[string]any{"skus": []any{
			map[string]any{"id": g.sku, "price": map[string]any{"currency": g.currency, "amount": strconv.FormatFloat(price*(0.9+dice.Float64()/5), 'f', decimals(g.currency), 64)}}}})
	case n < 98:
		what = "stock"
		_, err = l.call(t, "POST", "/product/202309/products/"+g.product+"/inventory/update", nil,
			map[string]any{"skus": []any{map[string]any{"id": g.sku, "inventory": []any{map[string]any{"quantity": 50 + dice.IntN(400)}}}}})
	case n < 99:
		what = "products added"
		_, err = l.Control.AddProduct(ctx, control.NewProduct{ShopID: l.ShopID(l.region), Title: fmt.Sprintf("Storage box for the kitchen shelf %d", dice.IntN(10000)),
			SKUs: []control.NewSKU{{SellerSKU: fmt.Sprintf("BOX-%d", dice.IntN(100000)), Price: g.price, Stock: 50}}})
	default:
		what = "products deleted"
		if dice.IntN(4) == 0 {
			_, err = l.call(t, "DELETE", "/product/202309/products", nil, map[string]any{"product_ids": []string{g.product}})
			l.goods = nil // some are gone
		}
	}
	if err == nil {
		if l.did == nil {
			l.did = map[string]int{}
		}
		l.did[what]++
	}
}

// decimals is how many decimals amounts of a currency have.
func decimals(currency string) int {
	if currency == "VND" {
		return 0
	}
	return 2
}
