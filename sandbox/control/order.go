package control

import (
	"context"
	"net/url"
)

// Order is what a buyer orders.
type Order struct {
	ShopID       string `json:"shop_id"`
	Lines        []Line `json:"lines"`
	BuyerUserID  string `json:"buyer_user_id,omitempty"` // empty means somebody
	ShippingType string `json:"shipping_type,omitempty"` // TIKTOK or SELLER; empty means the usual

	// CouponIDs are the coupons of the buyer. Nil means the best of those that
	// everybody is shown, an empty list means none.
	CouponIDs []string `json:"coupon_ids,omitzero"`

	PlatformDiscount string `json:"platform_discount,omitempty"` // what the platform takes off the goods
	IsSampleOrder    bool   `json:"is_sample_order,omitempty"`   // for a creator, free of charge
	IsCOD            bool   `json:"is_cod,omitempty"`            // paid in cash on delivery, where that is possible

	// ReleaseDate makes it a pre-order, whose handling begins at this Unix time.
	ReleaseDate int64 `json:"release_date,omitempty"`

	// ExchangeSourceOrderID makes it the exchange of a delivered order in the US or
	// GB, free of charge.
	ExchangeSourceOrderID string `json:"exchange_source_order_id,omitempty"`
}

// Line is what a buyer orders of one SKU.
type Line struct {
	SKUID    string `json:"sku_id"`
	Quantity int    `json:"quantity"`
	IsGift   bool   `json:"is_gift,omitempty"` // free with the rest of the order
}

// PlaceOrder lets a buyer order in a shop, which takes stock, and returns the
// id of the order.
func (c *Client) PlaceOrder(ctx context.Context, o Order) (orderID string, err error) {
	var placed struct {
		OrderID string `json:"order_id"`
	}
	err = c.do(ctx, "POST", "orders", o, &placed)
	return placed.OrderID, err
}

// MoveOrder moves an order to a status the way the world would: it passes through
// every status on the way, with its effects and webhooks. It returns the status
// that the order then has.
func (c *Client) MoveOrder(ctx context.Context, orderID, to string) (status string, err error) {
	return c.status(ctx, "orders/"+url.PathEscape(orderID)+"/move", map[string]string{"to": to})
}

// Ask is what a buyer wants about an order.
type Ask struct {
	Ask         string   `json:"ask"`                           // cancel, refund, return or replace
	Reason      string   `json:"reason,omitempty"`              // a key; empty means one that fits
	LineItemIDs []string `json:"order_line_item_ids,omitempty"` // none means all
}

// AfterSale is a request that a buyer made.
type AfterSale struct {
	ID     string `json:"id"` // of the cancellation or return; empty if none was needed
	Status string `json:"status"`
}

// AskAsBuyer lets the buyer ask to cancel or to return.
func (c *Client) AskAsBuyer(ctx context.Context, orderID string, a Ask) (AfterSale, error) {
	return fetch[AfterSale](ctx, c, "POST", "orders/"+url.PathEscape(orderID)+"/buyer", a)
}

// StepAfterSale advances a cancellation or return the way buyers, carriers and the
// customer service would: withdraw, ship, arrive, accept_offer, reject_offer,
// dispute, support_buyer, support_seller or close_dispute. It returns the status
// that the request then has.
func (c *Client) StepAfterSale(ctx context.Context, id, do string) (status string, err error) {
	return c.status(ctx, "aftersales/"+url.PathEscape(id), map[string]string{"do": do})
}

func (c *Client) status(ctx context.Context, path string, in any) (string, error) {
	var moved struct {
		Status string `json:"status"`
	}
	err := c.do(ctx, "POST", path, in, &moved)
	return moved.Status, err
}

// NewProduct is a product that a shop is given besides what the seed made.
type NewProduct struct {
	ShopID      string   `json:"shop_id"`
	Title       string   `json:"title"`
	Description string   `json:"description,omitempty"`
	CategoryID  string   `json:"category_id,omitempty"` // a leaf; "" for the one that fits the title
	SKUs        []NewSKU `json:"skus"`
}

// NewSKU is a variant of a [NewProduct].
type NewSKU struct {
	SellerSKU string `json:"seller_sku"`
	Name      string `json:"name,omitempty"` // needed with several SKUs
	Price     string `json:"price"`          // in the currency of the market
	Stock     int64  `json:"stock"`          // in the default warehouse
}

// AddProduct lists a product at once, without a review, and returns its id.
func (c *Client) AddProduct(ctx context.Context, p NewProduct) (string, error) {
	answer, err := fetch[struct {
		ID string `json:"product_id"`
	}](ctx, c, "POST", "products", p)
	return answer.ID, err
}
