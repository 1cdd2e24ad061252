package returnrefund

import (
	"github.com/ttshop-go/ttshop/sandbox/internal/domain/trade"
	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
)

// uploadReturnDocument gives the buyer a label, or a provider and a number, to
// send goods back with.
func uploadReturnDocument(c *gate.Call) *gate.Failure {
	ids := c.List("return_ids")
	if len(ids) == 0 {
		return gate.Missing("return_ids")
	}
	fields, f := c.FormValues()
	if f != nil {
		return f
	}
	if f := c.WithShop(ids[0]); f != nil {
		return f
	}
	s := c.Shop
	s.Mu.Lock()
	defer s.Mu.Unlock()
	var found []*trade.ReturnRequest
	for _, id := range ids {
		r, f := findReturn(c, id)
		if f != nil {
			return f
		}
		if r.Status != trade.ReturnAwaitingShip {
			return gate.Fail(trade.CodeOrderState, "return ", id, " is ", r.Status)
		}
		found = append(found, r)
	}
	by, known := trade.FindCarrier(s, fields["return_provider_id"])
	if !known && fields["return_provider_id"] != "" {
		return gate.Fail(trade.CodeReturnParameter, "'return_provider_id' is not that of a shipping provider of the market")
	}
	d := trade.ReturnDocument{Tracking: fields["tracking_number"]}
	if known {
		d.By = &by
	}
	if _, sent := fields["return_qr_code"]; sent {
		d.Document = "QR_CODE"
	}
	for _, r := range found {
		trade.SendDocument(s, r, d, c.Now.Unix())
	}
	return nil
}
