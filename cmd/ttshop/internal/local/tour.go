package local

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"

	"github.com/ttshop-go/ttshop"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/platform"
	"github.com/ttshop-go/ttshop/oauth"
)

// The operations of the conversation.
const (
	productSearchPath   = "/product/202502/products/search"
	orderSearchPath     = "/order/202309/orders/search"
	inventorySearchPath = "/product/202309/inventory/search"
	inventoryUpdatePath = "/product/202309/products/%s/inventory/update"
)

// product is what the conversation reads of a product.
type product struct {
	ID    string `json:"id"`
	Title string `json:"title"`
}

// order is what the conversation reads of an order.
type order struct {
	ID         string          `json:"id"`
	Status     string          `json:"status"`
	CreateTime ttshop.UnixTime `json:"create_time"`
	Payment    struct {
		Currency    string         `json:"currency"`
		TotalAmount ttshop.Decimal `json:"total_amount"`
	} `json:"payment"`
}

// stockedSKU is the stock of an SKU. A missing quantity is nil, so that it is not
// taken for 0.
type stockedSKU struct {
	productID  string
	ID         string `json:"id"`
	SellerSKU  string `json:"seller_sku"`
	Available  *int   `json:"total_available_quantity"`
	Warehouses []struct {
		ID        string `json:"warehouse_id"`
		Available *int   `json:"available_quantity"`
	} `json:"warehouse_inventory"`
}

// authorize follows the authorization link as a seller's browser would; the
// sandbox presses the button for us.
func (t *tour) authorize(ctx context.Context) (string, error) {
	state := oauth.NewState()
	link, err := t.app.AuthorizeURL(oauth.Seller, state)
	if err != nil {
		return "", err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, link+"&approve=true", nil)
	if err != nil {
		return "", fmt.Errorf("open the authorization link: %w", err)
	}
	location, err := t.wire.Follow(req)
	if err != nil {
		return "", fmt.Errorf("open the authorization link: %w", err)
	}
	callback, err := oauth.ParseCallback(location.Query(), state)
	if err != nil {
		return "", err
	}
	if callback.AppKey != t.app.Key {
		return "", fmt.Errorf("the callback names app %q, not %q", callback.AppKey, t.app.Key)
	}
	t.code = ttshop.Secret(callback.Code)
	return "The seller agreed: the callback carries our state and a fresh code.", nil
}

// exchange buys the token.
func (t *tour) exchange(ctx context.Context) (string, error) {
	token, err := t.app.Exchange(ctx, t.code.Reveal())
	if err != nil {
		return "", err
	}
	if !token.ValidAt(t.now()) || token.RefreshToken == "" || len(token.GrantedScopes) == 0 {
		return "", fmt.Errorf("the token cannot be used: %v", token)
	}
	t.connect(token.AccessToken)
	return fmt.Sprintf("A token of %s %s for %s; it ends in %s.", token.UserType, token.SellerName,
		console.Count(len(token.GrantedScopes), "scope"), console.Span(token.AccessTokenExpiresAt.Sub(t.now()))), nil
}

// shops lists the shops and binds the client to one.
func (t *tour) shops(ctx context.Context) (string, error) {
	var data struct {
		Shops []struct{ ID, Cipher, Name, Region string } `json:"shops"`
	}
	if err := t.ask(ctx, t.client, "GET", platform.ShopsPath, nil, nil, &data); err != nil {
		return "", err
	}
	for _, shop := range data.Shops {
		if shop.Cipher == "" {
			return "", fmt.Errorf("shop %s has no cipher", shop.ID)
		}
		if t.cipher == "" || shop.Cipher == t.cipher {
			t.client = t.client.Shop(shop.Cipher)
			return fmt.Sprintf("%s; from here on the calls are about %s (%s).", console.Count(len(data.Shops), "shop"), shop.Name, shop.Region), nil
		}
	}
	if t.cipher != "" {
		return "", fmt.Errorf("the cipher in %s belongs to none of the %s", platform.EnvShopCipher, console.Count(len(data.Shops), "shop"))
	}
	return "", errors.New("the token gives access to no shop")
}

// products lists some products on sale.
func (t *tour) products(ctx context.Context) (string, error) {
	var data struct {
		Products []product `json:"products"`
		Total    int       `json:"total_count"`
	}
	err := t.ask(ctx, t.client, "POST", productSearchPath, url.Values{"page_size": {"5"}}, map[string]string{"status": "ACTIVATE"}, &data)
	if err != nil {
		return "", err
	}
	if len(data.Products) == 0 {
		return "The shop has no products on sale.", t.unexpected("no product on sale")
	}
	if len(data.Products) > 5 || data.Total < len(data.Products) {
		return "", fmt.Errorf("%s on a page of 5, of %d in all", console.Count(len(data.Products), "product"), data.Total)
	}
	for _, p := range data.Products {
		if p.ID == "" {
			return "", errors.New("a product has no id")
		}
	}
	t.listed = data.Products
	return fmt.Sprintf("%d on sale, the first of them: %s.", data.Total, data.Products[0].Title), nil
}

// orders reads two pages and checks that the second goes on where the first
// ends.
func (t *tour) orders(ctx context.Context) (string, error) {
	query := url.Values{"page_size": {"5"}, "sort_field": {"create_time"}, "sort_order": {"DESC"}}
	seen := make(map[string]bool)
	var newest, last order
	total := 0
	for page := 1; page <= 2; page++ {
		var data struct {
			Orders []order `json:"orders"`
			Next   string  `json:"next_page_token"`
			Total  int     `json:"total_count"`
		}
		if err := t.ask(ctx, t.client, "POST", orderSearchPath, query, nil, &data); err != nil {
			return "", err
		}
		for _, o := range data.Orders {
			switch {
			case o.ID == "" || seen[o.ID]:
				return "", fmt.Errorf("page %d repeats order %q", page, o.ID)
			case len(seen) > 0 && o.CreateTime > last.CreateTime:
				return "", fmt.Errorf("page %d: order %s is newer than the one before it", page, o.ID)
			case len(seen) == 0:
				newest = o
			}
			seen[o.ID], last = true, o
		}
		total = data.Total
		if page == 1 && (len(data.Orders) < 5 || data.Next == "") {
			if len(data.Orders) == 0 {
				return "The shop has no orders yet.", t.unexpected("no order")
			}
			return "The shop has one page of orders.", t.unexpected("one page of orders")
		}
		query.Set("page_token", data.Next)
	}
	if len(seen) <= 5 || len(seen) > total {
		return "", fmt.Errorf("two pages of 5 hold %s, of %d in all", console.Count(len(seen), "order"), total)
	}
	return fmt.Sprintf("%d of %s, none twice and in order; the newest: %s, %s, %s %s.", len(seen), console.Count(total, "order"),
		newest.ID, newest.Status, newest.Payment.TotalAmount, newest.Payment.Currency), nil
}

// stock reads the stock of the products and chooses an SKU that has some.
func (t *tour) stock(ctx context.Context) (string, error) {
	if len(t.listed) == 0 {
		return "No product, no stock.", nil
	}
	ids := make([]string, len(t.listed))
	for i, p := range t.listed {
		ids[i] = p.ID
	}
	skus, err := t.inventory(ctx, map[string][]string{"product_ids": ids})
	if err != nil {
		return "", err
	}
	for _, sku := range skus {
		if *sku.Available > 0 {
			t.chosen = sku
			return fmt.Sprintf("%s; %s of SKU %s in %s.", console.Count(len(skus), "SKU"), console.Count(*sku.Available, "piece"), sku.ID,
				console.Count(len(sku.Warehouses), "warehouse")), nil
		}
	}
	return "All are out of stock.", t.unexpected("nothing in stock")
}

// empty sets the stock of the chosen SKU to 0 in all its warehouses.
func (t *tour) empty(ctx context.Context) (string, error) {
	type warehouse struct {
		ID       string `json:"warehouse_id"`
		Quantity int    `json:"quantity"`
	}
	type sku struct {
		ID        string      `json:"id"`
		Inventory []warehouse `json:"inventory"`
	}
	update := sku{ID: t.chosen.ID}
	for _, w := range t.chosen.Warehouses {
		update.Inventory = append(update.Inventory, warehouse{ID: w.ID})
	}
	path := fmt.Sprintf(inventoryUpdatePath, url.PathEscape(t.chosen.productID))
	err := t.ask(ctx, t.client, "POST", path, nil, map[string][]sku{"skus": {update}}, &struct{}{})
	if err != nil {
		return "", err
	}
	return "The platform accepted it, without an error for any warehouse.", nil
}

// readBack checks that the stock of the chosen SKU is 0.
func (t *tour) readBack(ctx context.Context) (string, error) {
	skus, err := t.inventory(ctx, map[string][]string{"sku_ids": {t.chosen.ID}})
	if err != nil {
		return "", err
	}
	if len(skus) != 1 || skus[0].ID != t.chosen.ID {
		return "", fmt.Errorf("%s instead of SKU %s alone", console.Count(len(skus), "SKU"), t.chosen.ID)
	}
	for _, w := range skus[0].Warehouses {
		if *w.Available != 0 {
			return "", fmt.Errorf("warehouse %s still has %d", w.ID, *w.Available)
		}
	}
	if *skus[0].Available != 0 {
		return "", fmt.Errorf("the stock is %d instead of 0", *skus[0].Available)
	}
	return fmt.Sprintf("It was %d and is now 0.", *t.chosen.Available), nil
}

// inventory searches stock and checks that each SKU has its quantities.
func (t *tour) inventory(ctx context.Context, filter map[string][]string) ([]stockedSKU, error) {
	var data struct {
		Inventory []struct {
			ProductID string       `json:"product_id"`
			SKUs      []stockedSKU `json:"skus"`
		} `json:"inventory"`
	}
	if err := t.ask(ctx, t.client, "POST", inventorySearchPath, nil, filter, &data); err != nil {
		return nil, err
	}
	var skus []stockedSKU
	for _, p := range data.Inventory {
		for _, sku := range p.SKUs {
			sku.productID = p.ProductID
			sum := 0
			for _, w := range sku.Warehouses {
				if w.Available == nil {
					return nil, fmt.Errorf("warehouse %s of SKU %s has no quantity", w.ID, sku.ID)
				}
				sum += *w.Available
			}
			if sku.Available == nil || len(sku.Warehouses) == 0 {
				return nil, fmt.Errorf("SKU %s has no quantity", sku.ID)
			}
			if sum != *sku.Available {
				return nil, fmt.Errorf("SKU %s has %d in its warehouses but %d in all", sku.ID, sum, *sku.Available)
			}
			skus = append(skus, sku)
		}
	}
	return skus, nil
}

// ask calls an operation and decodes its data. Items that failed are an error.
func (t *tour) ask(ctx context.Context, client *ttshop.Client, method, path string, query url.Values, body, data any) error {
	response, err := client.Call(ctx, method, path, query, body)
	if err != nil {
		return err
	}
	if failures, ok := errors.AsType[ttshop.ItemErrors](response.Failed()); ok {
		return errors.New("refused " + strconv.Itoa(failures[0].Code) + ": " + failures[0].Message)
	}
	if len(response.Data) == 0 || !json.Valid(response.Data) {
		return errors.New("the answer has no data")
	}
	return response.Decode(data)
}

// unexpected returns an error for a shop that is known to have everything, and
// nil for any other.
func (t *tour) unexpected(what string) error {
	if t.strict {
		return errors.New("the shop has " + what)
	}
	return nil
}
