package returnrefund

import (
	"slices"

	"github.com/ttshop-go/ttshop/sandbox/internal/domain/trade"
	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
)

// calculateRefund tells what a cancellation or a return would pay back.
func calculateRefund(c *gate.Call) *gate.Failure {
	var input struct {
		OrderID string           `json:"order_id"`
		Type    string           `json:"request_type"`
		Reason  string           `json:"reason_name"`
		Lines   []string         `json:"order_line_item_ids"`
		Parts   []linePart       `json:"order_line_list"`
		SKUs    []trade.SKUCount `json:"skus"`
		// How goods come back changes nothing about the money here.
		Shipment string `json:"shipment_type"`
		Handover string `json:"handover_method"`
	}
	if f := c.Decode(&input); f != nil {
		return f
	}
	types := []string{trade.CancelDirectly, trade.ReturnRefund, trade.ReturnGoods}
	shipments, methods := []string{trade.ShipmentPlatform, trade.ShipmentBuyer}, []string{trade.HandoverDropOff, trade.HandoverPickup}
	switch {
	case input.Shipment != "" && !slices.Contains(shipments, input.Shipment):
		return gate.NotAllowed("shipment_type", input.Shipment, shipments)
	case input.Handover != "" && !slices.Contains(methods, input.Handover):
		return gate.NotAllowed("handover_method", input.Handover, methods)
	case input.OrderID == "":
		return gate.Missing("order_id")
	case input.Type == "":
		return gate.Missing("request_type")
	case !slices.Contains(types, input.Type):
		return gate.NotAllowed("request_type", input.Type, types)
	case input.Reason == "":
		return gate.Missing("reason_name")
	}
	if f := addParts(&input.Lines, input.Parts); f != nil {
		return f
	}
	if f := trade.CheckSKUs(input.SKUs); f != nil {
		return f
	}
	s := c.Shop
	o, f := trade.FindOrder(c, input.OrderID, codeOrderUnknown)
	if f != nil {
		return f
	}
	open := o.LinesIn(trade.OrderUnpaid, trade.OrderAwaitingShipment, trade.OrderAwaitingCollection)
	if input.Type != trade.CancelDirectly {
		open = trade.ReturnableLines(s, o)
	}
	lines, f := o.ChosenLines(open, input.Lines, input.SKUs)
	if f != nil {
		f.Code = trade.CodeReturnParameter // the one code for what is wrong with a request
		return f
	}
	if len(input.Lines)+len(input.SKUs) == 0 {
		lines = trade.LineIDs(open)
	}
	var sum trade.Amounts
	for _, part := range trade.Refundable(s, o, lines) {
		sum = sum.Plus(part)
	}
	c.JSON(struct {
		Amount refundView `json:"order_refund_amount"`
	}{newRefundView(s.Market, sum)})
	return nil
}
