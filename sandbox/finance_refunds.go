package sandbox

// paidBack lists what buyers got back, from the one list of refunds that
// cancellations and returns write. The caller holds the shop's lock.
func paidBack(s *shop) []moneyBack {
	list := make([]moneyBack, 0, len(tradeOf(s).Refunds))
	for _, r := range tradeOf(s).Refunds {
		list = append(list, moneyBack{
			orderID: r.OrderID, at: r.Time,
			goods: r.Amounts.Subtotal, tax: r.Amounts.Tax, retail: r.Amounts.Retail,
			shipping: r.Amounts.Shipping, shippingTax: r.Amounts.ShippingTax,
		})
	}
	return list
}
