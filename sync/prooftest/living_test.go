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

// goods are a SKU that can be bought.
type goods struct{ product, sku, price, currency string }

// doings are what can happen in a shop, and how often of 100 times.
var doings = []struct {
	what  string
	often int
	do    func(ctx context.Context, l *living, g goods) error
}{
	{"orders placed", 25, func(ctx context.Context, l *living, g goods) error {
		id, err := l.Control.PlaceOrder(ctx, control.Order{ShopID: l.ShopID(l.region), Lines: []control.Line{{SKUID: g.sku, Quantity: 1 + l.dice.IntN(2)}}})
		if err == nil {
			l.sold = append(l.sold, id)
		}
		return err
	}},
	{"orders moved", 35, func(ctx context.Context, l *living, _ goods) error {
		_, err := l.Control.MoveOrder(ctx, l.recent(l.sold), l.pick("AWAITING_SHIPMENT", "AWAITING_COLLECTION", "IN_TRANSIT", "DELIVERED", "DELIVERED", "COMPLETED", "CANCELLED"))
		return err
	}},
	{"requests of buyers", 15, func(ctx context.Context, l *living, _ goods) error {
		made, err := l.Control.AskAsBuyer(ctx, l.recent(l.sold), control.Ask{Ask: l.pick("cancel", "refund", "return", "replace", "address")})
		if err == nil && made.ID != "" {
			l.asked = append(l.asked, made.ID)
		}
		return err
	}},
	{"steps of requests", 12, func(ctx context.Context, l *living, _ goods) error {
		_, err := l.Control.StepAfterSale(ctx, l.recent(l.asked), l.pick("withdraw", "ship", "arrive", "dispute", "support_buyer", "support_seller", "close_dispute"))
		return err
	}},
	{"products off and on sale", 4, func(ctx context.Context, l *living, g goods) error {
		return l.write(ctx, "POST", "/product/202309/products/"+l.pick("activate", "activate", "deactivate"), map[string]any{"product_ids": []string{g.product}})
	}},
	{"prices", 3, func(ctx context.Context, l *living, g goods) error {
		price, err := strconv.ParseFloat(g.price, 64)
		if err != nil {
			return err
		}
		decimals := 2
		if g.currency == "VND" {
			decimals = 0
		}
		amount := strconv.FormatFloat(price*(0.9+l.dice.Float64()/5), 'f', decimals, 64)
		return l.write(ctx, "POST", "/product/202309/products/"+g.product+"/prices/update",
			map[string]any{"skus": []any{map[string]any{"id": g.sku, "price": map[string]any{"currency": g.currency, "amount": amount}}}})
	}},
	{"stock", 4, func(ctx context.Context, l *living, g goods) error { return l.restock(ctx, g, 50+l.dice.IntN(400)) }},
	{"products added", 1, func(ctx context.Context, l *living, g goods) error {
		n := l.dice.IntN(100_000)
		_, err := l.Control.AddProduct(ctx, control.NewProduct{ShopID: l.ShopID(l.region), Title: fmt.Sprintf("Storage box for the kitchen shelf %d", n),
			SKUs: []control.NewSKU{{SellerSKU: fmt.Sprintf("BOX-%d", n), Price: g.price, Stock: 50}}})
		return err
	}},
	{"products deleted", 1, func(ctx context.Context, l *living, g goods) error {
		err := l.write(ctx, "DELETE", "/product/202309/products", map[string]any{"product_ids": []string{g.product}})
		l.onSale = nil // there is less of it, and there may be new
		return err
	}},
}

// living is what goes on in a shop: buyers order, carriers deliver, buyers change their
// minds, and the seller works on products and stock.
type living struct {
	*world
	onSale []goods
	sold   []string       // orders that were placed here
	asked  []string       // cancellations and returns
	did    map[string]int // how often
}

// sku returns a SKU that has stock.
func (w *world) sku(t testing.TB) string {
	t.Helper()
	l := &living{world: w}
	if err := l.learn(t.Context()); err != nil {
		t.Fatal(err)
	}
	g := l.onSale[w.dice.IntN(len(l.onSale))]
	if err := l.restock(t.Context(), g, 500); err != nil {
		t.Fatal(err)
	}
	return g.sku
}

// learn reads what is on sale.
func (l *living) learn(ctx context.Context) error {
	response, err := l.Shop(l.region).Call(ctx, "POST", "/product/202502/products/search", url.Values{"page_size": {"100"}}, map[string]any{"status": "ACTIVATE"}, ttshop.AsRead())
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
	l.onSale = nil
	for _, p := range found.Products {
		for _, s := range p.SKUs {
			l.onSale = append(l.onSale, goods{p.ID, s.ID, s.Price.Amount, s.Price.Currency})
		}
	}
	if len(l.onSale) == 0 {
		return fmt.Errorf("nothing is on sale in %s", l.region)
	}
	return nil
}

// write is what the seller does.
func (l *living) write(ctx context.Context, method, path string, body any) error {
	_, err := l.Shop(l.region).Call(ctx, method, path, nil, body)
	return err
}

func (l *living) restock(ctx context.Context, g goods, n int) error {
	return l.write(ctx, "POST", "/product/202309/products/"+g.product+"/inventory/update",
		map[string]any{"skus": []any{map[string]any{"id": g.sku, "inventory": []any{map[string]any{"quantity": n}}}}})
}

func (l *living) pick(of ...string) string { return of[l.dice.IntN(len(of))] }

// recent returns one of the latest ids, which have most ahead of them.
func (l *living) recent(ids []string) string {
	if len(ids) == 0 {
		return "0"
	}
	return ids[max(0, len(ids)-1-l.dice.IntN(60))]
}

// live lets one thing happen, unless the rules of the platform or one of its faults
// prevent that.
func (l *living) live(t testing.TB) {
	t.Helper()
	ctx := context.WithoutCancel(t.Context())
	if len(l.onSale) == 0 && l.learn(ctx) != nil {
		return // a fault: the next time
	}
	dice := l.dice.IntN(100)
	for _, d := range doings {
		if dice -= d.often; dice >= 0 {
			continue
		}
		if d.do(ctx, l, l.onSale[l.dice.IntN(len(l.onSale))]) == nil {
			if l.did == nil {
				l.did = map[string]int{}
			}
			l.did[d.what]++
		}
		return
	}
}
