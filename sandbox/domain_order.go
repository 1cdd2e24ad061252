package sandbox

// registerOrder binds the operations of order.
func registerOrder(r *registry) {
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
