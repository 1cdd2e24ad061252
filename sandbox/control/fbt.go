package control

import (
	"context"
	"net/url"
)

// OnboardFBT lets the seller of a shop take part in Fulfilled by TikTok in the
// shop's market. It returns the markets, as two letters, in which the seller does.
func (c *Client) OnboardFBT(ctx context.Context, shopID string) (regions []string, err error) {
	var answer struct {
		Regions []struct {
			Code string `json:"region_code"`
		} `json:"onboarded_regions"`
	}
	err = c.do(ctx, "POST", "fbt/onboard", map[string]string{"shop_id": shopID}, &answer)
	for _, r := range answer.Regions {
		regions = append(regions, r.Code)
	}
	return regions, err
}

// AddFBTGoods adds goods that the platform keeps for a shop, matched with no SKU,
// and returns their id.
func (c *Client) AddFBTGoods(ctx context.Context, shopID, name, referenceCode string) (goodsID string, err error) {
	var made struct{ ID string }
	err = c.do(ctx, "POST", "fbt/goods", map[string]string{"shop_id": shopID, "name": name, "reference_code": referenceCode}, &made)
	return made.ID, err
}

// MatchFBTGoods says that goods are sold as a SKU.
func (c *Client) MatchFBTGoods(ctx context.Context, goodsID, skuID string) error {
	return c.match(ctx, goodsID, skuID, false)
}

// DetachFBTGoods undoes [Client.MatchFBTGoods].
func (c *Client) DetachFBTGoods(ctx context.Context, goodsID, skuID string) error {
	return c.match(ctx, goodsID, skuID, true)
}

func (c *Client) match(ctx context.Context, goodsID, skuID string, detach bool) error {
	return c.do(ctx, "POST", "fbt/goods/"+url.PathEscape(goodsID)+"/match", map[string]any{"sku_id": skuID, "detach": detach}, nil)
}

// FBTInbound is stock that a seller announces to a warehouse of the platform.
type FBTInbound struct {
	ShopID         string     `json:"shop_id"`
	FBTWarehouseID string     `json:"fbt_warehouse_id,omitempty"` // empty means the first one
	Goods          []FBTGoods `json:"goods"`
}

// FBTGoods is a number of goods.
type FBTGoods struct {
	ID       string `json:"id"`
	Quantity int64  `json:"quantity"`
}

// AnnounceFBTInbound announces stock, as a seller does in Seller Center, and
// returns the id of the inbound order.
func (c *Client) AnnounceFBTInbound(ctx context.Context, o FBTInbound) (inboundOrderID string, err error) {
	var made struct{ ID string }
	err = c.do(ctx, "POST", "fbt/inbound_orders", o, &made)
	return made.ID, err
}

// FBTReceived is what a warehouse counts in of some goods.
type FBTReceived struct {
	ID        string `json:"id"`
	Normal    int64  `json:"normal"`
	Defective int64  `json:"defective"`
}

// MoveFBTInbound takes an inbound order to the next status, such as
// TO_BE_RECEIVED, with what is counted in on the way. Nothing received means all
// of the rest where the status is RECEIVED.
func (c *Client) MoveFBTInbound(ctx context.Context, inboundOrderID, to string, received ...FBTReceived) (status string, err error) {
	return c.status(ctx, "fbt/inbound_orders/"+url.PathEscape(inboundOrderID), struct {
		To       string        `json:"to"`
		Received []FBTReceived `json:"received,omitempty"`
	}{to, received})
}
