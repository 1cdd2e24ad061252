package finance

import (
	"github.com/ttshop-go/ttshop/sandbox/internal/domain/trade"
	"github.com/ttshop-go/ttshop/sandbox/internal/world"
)

// paidBack lists what buyers got back, from the one list of refunds that
// cancellations and returns write. The caller holds the shop's lock.
func paidBack(s *world.Shop) []moneyBack {
	all := trade.Of(s)
	list := make([]moneyBack, 0, len(all.Refunds))
	for _, r := range all.Refunds {
		back := moneyBack{
			OrderID: r.OrderID, At: r.Time,
			Goods: r.Amounts.Subtotal, Tax: r.Amounts.Tax, Retail: r.Amounts.Retail,
			Shipping: r.Amounts.Shipping, shippingTax: r.Amounts.ShippingTax,
			Lines: map[string]int64{},
		}
		var lines []trade.AfterSaleLine
		if c := all.Cancellations[r.ID]; c != nil {
			lines = c.Lines
		} else if request := all.Returns[r.ID]; request != nil {
			lines = request.Lines
		}
		for _, line := range lines {
			back.Lines[line.Line] += line.Amounts.Subtotal
		}
		list = append(list, back)
	}
	return list
}
