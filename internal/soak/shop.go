package soak

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"sync"

	"github.com/ttshop-go/ttshop"
)

const (
	searchOrders   = "/order/202309/orders/search"
	orderDetail    = "/order/202507/orders"
	searchProducts = "/product/202502/products/search"
	products       = "/product/202309/products"
)

// create is the operation that takes an idempotency key.
var create = ttshop.Operation{
	Name: "product.CreateProduct", Method: "POST", Path: products,
	ShopCipher: ttshop.CipherRequired, Body: ttshop.BodyJSON, IdempotencyKey: "body:idempotency_key",
	Check: "product.SearchProducts",
}

// fate is what a client was told of a write.
type fate uint8

const (
	fateDone    fate = iota // it was carried out
	fateNot                 // it certainly was not
	fateUnknown             // it may have been
)

// shop is a shop that workers write to and read from.
type shop struct {
	client *ttshop.Client
	region string

	category, image, warehouse string
	product, sku               string // an existing one
	orders                     []string
	currency, price            string
	turns                      turns

	mu    sync.Mutex
	fates map[string]fate // of creations, by title
}

// prepare finds out what writes need, before anything goes wrong.
func (s *shop) prepare(ctx context.Context) error {
	s.fates = map[string]fate{}
	s.currency, s.price = map[string]string{"US": "USD", "GB": "GBP", "VN": "VND", "BR": "BRL"}[s.region], "19"
	var found struct {
		Products []struct{ ID string } `json:"products"`
	}
	if err := s.call(ctx, "POST", searchProducts, url.Values{"page_size": {"20"}}, map[string]any{"status": "ACTIVATE"}, &found, ttshop.AsRead()); err != nil {
		return err
	}
	if len(found.Products) == 0 {
		return fmt.Errorf("shop %s has no product", s.region)
	}
	s.product = found.Products[0].ID
	var product struct {
		MainImages []struct {
			URI string `json:"uri"`
		} `json:"main_images"`
		SKUs []struct {
			ID        string `json:"id"`
			Inventory []struct {
				WarehouseID string `json:"warehouse_id"`
			} `json:"inventory"`
		} `json:"skus"`
	}
	if err := s.call(ctx, "GET", products+"/"+s.product, nil, nil, &product); err != nil {
		return err
	}
	if len(product.MainImages) == 0 || len(product.SKUs) == 0 || len(product.SKUs[0].Inventory) == 0 {
		return fmt.Errorf("product %s of shop %s is incomplete", s.product, s.region)
	}
	s.image, s.sku, s.warehouse = product.MainImages[0].URI, product.SKUs[0].ID, product.SKUs[0].Inventory[0].WarehouseID
	s.category = "600011"
	var page struct {
		Orders []struct{ ID string } `json:"orders"`
	}
	if err := s.call(ctx, "POST", searchOrders, url.Values{"page_size": {"20"}}, nil, &page, ttshop.AsRead()); err != nil {
		return err
	}
	for _, o := range page.Orders {
		s.orders = append(s.orders, o.ID)
	}
	if len(s.orders) == 0 {
		return fmt.Errorf("shop %s has no orders", s.region)
	}
	return nil
}

// call calls a path and decodes the data; a nil result is ignored.
func (s *shop) call(ctx context.Context, method, path string, query url.Values, body, result any, options ...ttshop.CallOption) error {
	response, err := s.client.Call(ctx, method, path, query, body, options...)
	if err != nil || result == nil {
		return err
	}
	return response.Decode(result)
}

// draft returns the body of a product.
func (s *shop) draft(title string) map[string]any {
	return map[string]any{
		"title": title, "description": "<p>A mug</p>", "category_id": s.category, "save_mode": "AS_DRAFT",
		"main_images":    []any{map[string]any{"uri": s.image}},
		"package_weight": map[string]any{"value": "0.5", "unit": "KILOGRAM"},
		"skus": []any{map[string]any{
			"sales_attributes": []any{map[string]any{"id": "100000", "value_name": "Moss"}},
			"price":            map[string]any{"amount": s.price, "currency": s.currency},
			"inventory":        []any{map[string]any{"warehouse_id": s.warehouse, "quantity": 5}},
		}},
	}
}

func (s *shop) tell(title string, f fate) {
	s.mu.Lock()
	s.fates[title] = f
	s.mu.Unlock()
}

// titles returns how often each title occurs in the shop.
func (s *shop) titles(ctx context.Context) (map[string]int, error) {
	counts := map[string]int{}
	for token := ""; ; {
		var page struct {
			Products []struct{ Title string } `json:"products"`
			Next     string                   `json:"next_page_token"`
		}
		query := url.Values{"page_size": {"100"}}
		if token != "" {
			query.Set("page_token", token)
		}
		if err := s.call(ctx, "POST", searchProducts, query, json.RawMessage(nil), &page, ttshop.AsRead()); err != nil {
			return nil, err
		}
		for _, p := range page.Products {
			counts[p.Title]++
		}
		if token = page.Next; token == "" {
			return counts, nil
		}
	}
}
