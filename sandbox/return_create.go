package sandbox

import "slices"

// createReturn is the seller's refund, or the seller's return for a buyer.
func createReturn(c *call) *failure {
	var input struct {
		OrderID        string     `json:"order_id"`
		Type           string     `json:"return_type"`
		Reason         string     `json:"return_reason"`
		Lines          []string   `json:"order_line_item_ids"`
		SKUs           []skuCount `json:"skus"`
		Total          string     `json:"refund_total"`
		Currency       string     `json:"currency"`
		ShipmentType   string     `json:"shipment_type"`
		HandoverMethod string     `json:"handover_method"`
	}
	if f := c.decode(&input); f != nil {
		return f
	}
	types, shipments := []string{returnRefund, returnGoods}, []string{shipmentPlatform, shipmentBuyer}
	methods := []string{handoverDropOff, handoverPickup}
	switch {
	case input.OrderID == "":
		return missing("order_id")
	case input.Type == "":
		return missing("return_type")
	case !slices.Contains(types, input.Type):
		return notAllowed("return_type", input.Type, types)
	case input.Reason == "":
		return missing("return_reason")
	case input.ShipmentType != "" && !slices.Contains(shipments, input.ShipmentType):
		return notAllowed("shipment_type", input.ShipmentType, shipments)
	case input.HandoverMethod != "" && !slices.Contains(methods, input.HandoverMethod):
		return notAllowed("handover_method", input.HandoverMethod, methods)
	}
	if f := checkSKUs(input.SKUs); f != nil {
		return f
	}
	s := c.shop
	s.mu.Lock()
	defer s.mu.Unlock()
	return repeat(c, func() *failure {
		o, f := findOrder(c, input.OrderID, codeNotPermitted)
		if f != nil {
			return f
		}
		if f := refuseReturn(s, o, input.Type, roleSeller); f != nil {
			return f
		}
		if f := checkReason(s.region, input.Reason, roleSeller, o.Status, reasonKind(input.Type)); f != nil {
			return f
		}
		lines, f := requestLines(s, o, input.Lines, input.SKUs)
		if f != nil {
			return f
		}
		request := requestInput{
			kind: input.Type, role: roleSeller, reason: input.Reason, lines: lines,
			shipmentType: input.ShipmentType, handoverMethod: input.HandoverMethod,
		}
		if input.Total != "" {
			total, f := checkAmount(s, input.Total, input.Currency)
			if f != nil {
				return f
			}
			var most amounts
			for _, part := range refundable(s, o, lines) {
				most = most.plus(part)
			}
			if total > most.total() {
				return fail(codeRefundTooLarge, "'refund_total' is more than the ", s.region.money(most.total()), " that are left")
			}
			request.total = &total
		}
		made := newReturn(s, o, request, c.now.Unix())
		c.json(struct {
			ID     string `json:"return_id"`
			Status string `json:"return_status"`
		}{made.ID, made.Status})
		return nil
	})
}

// checkAmount reads an amount of money in a request.
func checkAmount(s *shop, amount, currency string) (int64, *failure) {
	if currency != "" && currency != s.region.currency {
		return 0, fail(codeReturnParameter, "'currency' must be ", s.region.currency)
	}
	n, ok := s.region.parseMoney(amount)
	if !ok || n <= 0 {
		return 0, fail(codeReturnParameter, "the amount ", amount, " is not one of ", s.region.currency)
	}
	return n, nil
}

// findReturn returns a request of the caller's shop.
func findReturn(c *call, id string) (*returnRequest, *failure) {
	if found := tradeOf(c.shop).Returns[id]; found != nil {
		return found, nil
	}
	return nil, fail(codeOrderUnknown, "return ", id, " does not exist or is not the shop's")
}
