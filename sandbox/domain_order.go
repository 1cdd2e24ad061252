package sandbox

const (
	placeHelp = `POST   /_sandbox/orders          {"shop_id":…,"lines":[{"sku_id":…,"quantity":1}]}: a buyer places an order
                                 optional: "buyer_user_id", "shipping_type":"TIKTOK|SELLER"
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

// registerOrder binds the operations of order.
func registerOrder(r *registry) {
	r.steer(
		controlEndpoint{pattern: "POST /_sandbox/orders", help: placeHelp, handle: postOrder},
		controlEndpoint{pattern: "POST /_sandbox/orders/{id}/move", help: moveHelp, handle: postOrderMove},
		controlEndpoint{pattern: "POST /_sandbox/orders/{id}/buyer", help: buyerHelp, handle: postOrderBuyer},
		controlEndpoint{pattern: "POST /_sandbox/aftersales/{id}", help: afterSaleHelp, handle: postAfterSale},
	)

	r.handle("order.GetOrderList", searchOrders)
	r.handle("order.GetOrderDetailV202309", getOrders)
	r.handle("order.GetOrderDetail", getOrders)
	r.handle("order.GetPriceDetail", getPriceDetail)
	r.handle("order.AddExternalOrderReferences", addExternalOrders)
	r.handle("order.GetExternalOrderReferences", getExternalOrders)
	r.handle("order.SearchOrderByExternalOrderReference", searchExternalOrders)

	// The catalogue names no scope of these, or one that serves them only as well.
	r.scope("order.AddExternalOrderReferences", "seller.order.ext_ref.write")
	// They are like their newer versions, whose documents say that it is mandatory.
	r.needsCipher("order.GetOrderDetailV202309")
}
