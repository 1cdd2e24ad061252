package returnrefund

import (
	"slices"

	"github.com/ttshop-go/ttshop/sandbox/internal/domain/trade"
	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
	"github.com/ttshop-go/ttshop/sandbox/internal/world"
)

// createReturn is the seller's refund, or the seller's return for a buyer.
func createReturn(c *gate.Call) *gate.Failure {
	var input struct {
		OrderID        string           `json:"order_id"`
		Type           string           `json:"return_type"`
		Reason         string           `json:"return_reason"`
		Lines          []string         `json:"order_line_item_ids"`
		Parts          []linePart       `json:"order_line_list"`
		SKUs           []trade.SKUCount `json:"skus"`
		Total          string           `json:"refund_total"`
		Currency       string           `json:"currency"`
		ShipmentType   string           `json:"shipment_type"`
		HandoverMethod string           `json:"handover_method"`
	}
	if f := c.Decode(&input); f != nil {
		return f
	}
	types, shipments := []string{trade.ReturnRefund, trade.ReturnGoods}, []string{trade.ShipmentPlatform, trade.ShipmentBuyer}
	methods := []string{trade.HandoverDropOff, trade.HandoverPickup}
	switch {
	case input.OrderID == "":
		return gate.Missing("order_id")
	case input.Type == "":
		return gate.Missing("return_type")
	case !slices.Contains(types, input.Type):
		return gate.NotAllowed("return_type", input.Type, types)
	case input.Reason == "":
		return gate.Missing("return_reason")
	case input.ShipmentType != "" && !slices.Contains(shipments, input.ShipmentType):
		return gate.NotAllowed("shipment_type", input.ShipmentType, shipments)
	case input.HandoverMethod != "" && !slices.Contains(methods, input.HandoverMethod):
		return gate.NotAllowed("handover_method", input.HandoverMethod, methods)
	}
	if f := addParts(&input.Lines, input.Parts); f != nil {
		return f
	}
	if f := trade.CheckSKUs(input.SKUs); f != nil {
		return f
	}
	s := c.Shop
	return trade.Repeat(c, func() *gate.Failure {
		o, f := trade.FindOrder(c, input.OrderID, codeNotPermitted)
		if f != nil {
			return f
		}
		if f := trade.RefuseReturn(s, o, input.Type, trade.RoleSeller); f != nil {
			return f
		}
		if f := trade.CheckReason(s.Market, input.Reason, trade.RoleSeller, o.Status, trade.ReasonKind(input.Type)); f != nil {
			return f
		}
		lines, f := trade.RequestLines(s, o, input.Lines, input.SKUs)
		if f != nil {
			return f
		}
		request := trade.RequestInput{
			Kind: input.Type, Role: trade.RoleSeller, Reason: input.Reason, Lines: lines,
			ShipmentType: input.ShipmentType, HandoverMethod: input.HandoverMethod,
		}
		if input.Total != "" {
			total, f := checkAmount(s, input.Total, input.Currency)
			if f != nil {
				return f
			}
			var most trade.Amounts
			for _, part := range trade.Refundable(s, o, lines) {
				most = most.Plus(part)
			}
			if total > most.Total() {
				return gate.Fail(codeRefundTooLarge, "'refund_total' is more than the ", s.Market.Money(most.Total()), " that are left")
			}
			request.Total = &total
		}
		made := trade.NewReturn(s, o, request, c.Now.Unix())
		c.JSON(struct {
			ID     string `json:"return_id"`
			Status string `json:"return_status"`
		}{made.ID, made.Status})
		return nil
	})
}

// checkAmount reads an amount of money in a request.
func checkAmount(s *world.Shop, amount, currency string) (int64, *gate.Failure) {
	if currency != "" && currency != s.Market.Currency {
		return 0, gate.Fail(trade.CodeReturnParameter, "'currency' must be ", s.Market.Currency)
	}
	n, ok := s.Market.ParseMoney(amount)
	if !ok || n <= 0 {
		return 0, gate.Fail(trade.CodeReturnParameter, "the amount ", amount, " is not one of ", s.Market.Currency)
	}
	return n, nil
}

// findReturn returns a request of the caller's shop.
func findReturn(c *gate.Call, id string) (*trade.ReturnRequest, *gate.Failure) {
	if found := trade.Of(c.Shop).Returns[id]; found != nil {
		return found, nil
	}
	return nil, gate.Fail(codeOrderUnknown, "return ", id, " does not exist or is not the shop's")
}
