// Package order answers the operations on orders and lets buyers, carriers and the
// platform act on them. What happens to an order is decided in package trade.
package order

import (
	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
)

const (
	placeHelp = `POST   /_sandbox/orders          {"shop_id":…,"lines":[{"sku_id":…,"quantity":1}]}: a buyer places an order
                                 optional: "buyer_user_id", "shipping_type":"TIKTOK|SELLER", "coupon_ids", "platform_discount",
                                 "is_cod", "is_sample_order", "release_date", "exchange_source_order_id"; of a line: "is_gift"
`
	burstHelp = `POST   /_sandbox/orders/burst    {"shop_id":…,"place":3000,"touch":2000}: many orders within one second
`
	moveHelp = `POST   /_sandbox/orders/{id}/move    {"to":"DELIVERED"}: through every state on the way
`
	buyerHelp = `POST   /_sandbox/orders/{id}/buyer   {"ask":"cancel|refund|return|replace"}; optional: "reason", "order_line_item_ids"
                                 {"ask":"address"}: the buyer has moved
`
	afterSaleHelp = `POST   /_sandbox/aftersales/{id}     {"do":"withdraw|ship|arrive|accept_offer|reject_offer|dispute|
                                 support_buyer|support_seller|close_dispute"}: of a cancellation or return
`
)

// Register binds the operations of order.
func Register(r *gate.Registry) {
	r.Steer(
		gate.ControlEndpoint{Pattern: "POST /_sandbox/orders", Help: placeHelp, Handle: postOrder},
		gate.ControlEndpoint{Pattern: "POST /_sandbox/orders/burst", Help: burstHelp, Handle: postBurst},
		gate.ControlEndpoint{Pattern: "POST /_sandbox/orders/{id}/move", Help: moveHelp, Handle: postOrderMove},
		gate.ControlEndpoint{Pattern: "POST /_sandbox/orders/{id}/buyer", Help: buyerHelp, Handle: postOrderBuyer},
		gate.ControlEndpoint{Pattern: "POST /_sandbox/aftersales/{id}", Help: afterSaleHelp, Handle: postAfterSale},
	)

	r.Read("order.GetOrderList", searchOrders)
	r.Read("order.GetOrderDetailV202309", getOrders)
	r.Read("order.GetOrderDetail", getOrders)
	r.Handle("order.GetPrivilegedOrderDetail", getPrivilegedOrders) // it may leave the shop out
	r.Read("order.GetPriceDetail", getPriceDetail)
	r.Write("order.AddExternalOrderReferences", addExternalOrders)
	r.Read("order.GetExternalOrderReferences", getExternalOrders)
	r.Read("order.SearchOrderByExternalOrderReference", searchExternalOrders)
}
