package sandbox

import "slices"

// calculateRefund tells what a cancellation or a return would pay back.
func calculateRefund(c *call) *failure {
	var input struct {
		OrderID string     `json:"order_id"`
		Type    string     `json:"request_type"`
		Reason  string     `json:"reason_name"`
		Lines   []string   `json:"order_line_item_ids"`
		SKUs    []skuCount `json:"skus"`
		// How goods come back changes nothing about the money here.
		Shipment string `json:"shipment_type"`
		Handover string `json:"handover_method"`
	}
	if f := c.decode(&input); f != nil {
		return f
	}
	types := []string{cancelDirectly, returnRefund, returnGoods}
	shipments, methods := []string{shipmentPlatform, shipmentBuyer}, []string{handoverDropOff, handoverPickup}
	switch {
	case input.Shipment != "" && !slices.Contains(shipments, input.Shipment):
		return notAllowed("shipment_type", input.Shipment, shipments)
	case input.Handover != "" && !slices.Contains(methods, input.Handover):
		return notAllowed("handover_method", input.Handover, methods)
	case input.OrderID == "":
		return missing("order_id")
	case input.Type == "":
		return missing("request_type")
	case !slices.Contains(types, input.Type):
		return notAllowed("request_type", input.Type, types)
	case input.Reason == "":
		return missing("reason_name")
	}
	if f := checkSKUs(input.SKUs); f != nil {
		return f
	}
	s := c.shop
	s.mu.RLock()
	defer s.mu.RUnlock()
	o, f := findOrder(c, input.OrderID, codeOrderUnknown)
	if f != nil {
		return f
	}
	open := o.linesIn(orderUnpaid, orderAwaitingShipment, orderAwaitingCollection)
	if input.Type != cancelDirectly {
		open = returnableLines(s, o)
	}
	lines, f := o.chosenLines(open, input.Lines, input.SKUs)
	if f != nil {
		f.code = codeReturnParameter // the one code for what is wrong with a request
		return f
	}
	if len(input.Lines)+len(input.SKUs) == 0 {
		lines = lineIDs(open)
	}
	var sum amounts
	for _, part := range refundable(s, o, lines) {
		sum = sum.plus(part)
	}
	c.json(struct {
		Amount refundView `json:"order_refund_amount"`
	}{newRefundView(s.region, sum)})
	return nil
}
