package sandbox

import "slices"

// amounts are the parts of a refund in the smallest unit of the currency.
type amounts struct {
	Subtotal    int64 `json:"subtotal"`
	Tax         int64 `json:"tax"`
	Retail      int64 `json:"retail"` // the fee per delivery of some US states
	Shipping    int64 `json:"shipping"`
	ShippingTax int64 `json:"shipping_tax"`
}

func (a amounts) total() int64 {
	return a.Subtotal + a.Tax + a.Retail + a.Shipping + a.ShippingTax
}

func (a amounts) plus(b amounts) amounts {
	return amounts{a.Subtotal + b.Subtotal, a.Tax + b.Tax, a.Retail + b.Retail, a.Shipping + b.Shipping, a.ShippingTax + b.ShippingTax}
}

func (a amounts) minus(b amounts) amounts {
	return amounts{a.Subtotal - b.Subtotal, a.Tax - b.Tax, a.Retail - b.Retail, a.Shipping - b.Shipping, a.ShippingTax - b.ShippingTax}
}

// upTo returns the part of the amounts that makes up a total, goods first.
func (a amounts) upTo(total int64) amounts {
	take := func(from int64) int64 {
		part := min(from, total)
		total -= part
		return part
	}
	return amounts{take(a.Subtotal), take(a.Tax), take(a.Retail), take(a.Shipping), take(a.ShippingTax)}
}

// refund is money that went back to a buyer.
type refund struct {
	ID      string   `json:"id"` // of the cancellation or return
	Kind    string   `json:"kind"`
	OrderID string   `json:"order_id"`
	Lines   []string `json:"lines"`
	Amounts amounts  `json:"amounts"`
	Time    int64    `json:"time"` // Unix seconds
}

// The kinds of refunds: of what was not delivered, of goods that the buyer
// keeps, of goods that came back, of goods that cannot be sent again.
const (
	refundCancellation = "CANCELLATION"
	refundOnly         = "REFUND"
	refundReturn       = "RETURN_AND_REFUND"
	refundReplacement  = "REPLACEMENT"
)

// lineValue is what the buyer pays for a line, without shipping.
func lineValue(r *region, line *lineItem) amounts {
	value := amounts{Subtotal: r.cents(line.SalePrice), Retail: r.cents(line.RetailDeliveryFee)}
	for _, tax := range line.ItemTax {
		value.Tax += r.cents(tax.TaxAmount)
	}
	return value
}

// orderValue is what the buyer pays for an order.
func orderValue(r *region, o *order) amounts {
	var value amounts
	for i := range o.LineItems {
		value = value.plus(lineValue(r, &o.LineItems[i]))
	}
	value.Shipping = r.cents(o.Payment.ShippingFee)
	value.ShippingTax = r.cents(o.Payment.Tax) - value.Tax
	return value
}

// paid tells whether the shop has the buyer's money. Cash comes on delivery.
func (o *order) paid() bool {
	return o.PaidTime > 0 && (!o.IsCOD || o.DeliveryTime > 0)
}

// afterSaleLine is an order line in a cancellation or a return, and the part of
// the refund that belongs to it.
type afterSaleLine struct {
	ID      string  `json:"id"`
	Line    string  `json:"line"` // id of the order line
	Amounts amounts `json:"amounts"`
}

// sumOf adds up the parts of a request.
func sumOf(lines []afterSaleLine) (sum amounts) {
	for _, line := range lines {
		sum = sum.plus(line.Amounts)
	}
	return sum
}

// claims calls back for every line of every request about an order that paid
// money back or still may.
func claims(s *shop, o *order, yield func(afterSaleLine)) {
	for _, c := range tradeOf(s).cancellationsOf[o.ID] {
		if c.Status != cancelCancelled {
			for _, line := range c.Lines {
				yield(line)
			}
		}
	}
	for _, r := range tradeOf(s).returnsOf[o.ID] {
		if r.Status != returnCancel && r.Status != replacementCancel {
			for _, line := range r.Lines {
				yield(line)
			}
		}
	}
}

// refundable works out, line by line, what the buyer can get back for lines of
// an order. With the last lines of the order comes the shipping fee.
func refundable(s *shop, o *order, lines []string) []amounts {
	list := make([]amounts, len(lines))
	if !o.paid() || len(lines) == 0 {
		return list
	}
	claimed := map[string]amounts{}
	left := orderValue(s.region, o)
	claims(s, o, func(line afterSaleLine) {
		claimed[line.Line] = claimed[line.Line].plus(line.Amounts)
		left.Shipping -= line.Amounts.Shipping
		left.ShippingTax -= line.Amounts.ShippingTax
	})
	open := func(line *lineItem) amounts {
		value := lineValue(s.region, line).minus(claimed[line.ID])
		value.Shipping, value.ShippingTax = 0, 0
		return value
	}
	for i, id := range lines {
		list[i] = open(o.line(id))
	}
	for i := range o.LineItems {
		line := &o.LineItems[i]
		if !slices.Contains(lines, line.ID) && line.DisplayStatus != orderCancelled && open(line).Subtotal > 0 {
			return list // something stays with the buyer
		}
	}
	last := &list[len(list)-1]
	last.Shipping, last.ShippingTax = left.Shipping, left.ShippingTax
	return list
}

// payBack gives the buyer money. It is the one place where money goes back:
// whoever keeps books reads the list of refunds, which only grows.
func payBack(s *shop, o *order, kind, id string, lines []afterSaleLine, now int64) {
	paid := refund{ID: id, Kind: kind, OrderID: o.ID, Amounts: sumOf(lines), Time: now}
	for _, line := range lines {
		paid.Lines = append(paid.Lines, line.Line)
	}
	if paid.Amounts.total() == 0 {
		return
	}
	tradeOf(s).Refunds = append(tradeOf(s).Refunds, paid)
}

// repaid sums up what a buyer got back of an order.
func repaid(s *shop, o *order) (sum amounts) {
	repaidLines(s, o, func(lines []afterSaleLine, _ bool) { sum = sum.plus(sumOf(lines)) })
	return sum
}

// repaidLines calls back for every request by which the buyer got money back,
// and says whether the goods came back for it.
func repaidLines(s *shop, o *order, yield func(lines []afterSaleLine, goodsBack bool)) {
	for _, c := range tradeOf(s).cancellationsOf[o.ID] {
		if c.Status == cancelComplete {
			yield(c.Lines, false)
		}
	}
	for _, r := range tradeOf(s).returnsOf[o.ID] {
		if r.Status == returnComplete || r.Status == replacementRefund {
			yield(r.Lines, r.Type == returnGoods && !r.KeepsGoods)
		}
	}
}
