package finance

import (
	"github.com/ttshop-go/ttshop/sandbox/internal/domain/trade"
	"github.com/ttshop-go/ttshop/sandbox/internal/world"
)

// paidBack lists what buyers got back, from the one list of refunds that
// cancellations and returns write. The caller holds the shop's lock.
func paidBack(s *world.Shop) []MoneyBack {
	list := make([]MoneyBack, 0, len(trade.Of(s).Refunds))
	for _, r := range trade.Of(s).Refunds {
		list = append(list, MoneyBack{
			OrderID: r.OrderID, At: r.Time,
			Goods: r.Amounts.Subtotal, Tax: r.Amounts.Tax, Retail: r.Amounts.Retail,
			Shipping: r.Amounts.Shipping, shippingTax: r.Amounts.ShippingTax,
		})
	}
	return list
}
