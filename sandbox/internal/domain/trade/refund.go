package trade

import (
	"slices"

	"github.com/ttshop-go/ttshop/sandbox/internal/market"
	"github.com/ttshop-go/ttshop/sandbox/internal/world"
)

// Amounts are the parts of a refund in the smallest unit of the currency.
type Amounts struct {
	Subtotal    int64 `json:"subtotal"`
	Tax         int64 `json:"tax"`
	Retail      int64 `json:"retail"` // the fee per delivery of some US states
	Shipping    int64 `json:"shipping"`
	ShippingTax int64 `json:"shipping_tax"`
}

// Total is the sum of the amounts.
func (a Amounts) Total() int64 {
	return a.Subtotal + a.Tax + a.Retail + a.Shipping + a.ShippingTax
}

// Plus adds amounts part by part.
func (a Amounts) Plus(b Amounts) Amounts {
	return Amounts{a.Subtotal + b.Subtotal, a.Tax + b.Tax, a.Retail + b.Retail, a.Shipping + b.Shipping, a.ShippingTax + b.ShippingTax}
}

// Minus subtracts amounts part by part.
func (a Amounts) Minus(b Amounts) Amounts {
	return Amounts{a.Subtotal - b.Subtotal, a.Tax - b.Tax, a.Retail - b.Retail, a.Shipping - b.Shipping, a.ShippingTax - b.ShippingTax}
}

// upTo returns the part of the amounts that makes up a total, goods first.
func (a Amounts) upTo(total int64) Amounts {
	take := func(from int64) int64 {
		part := min(from, total)
		total -= part
		return part
	}
	return Amounts{take(a.Subtotal), take(a.Tax), take(a.Retail), take(a.Shipping), take(a.ShippingTax)}
}

// refund is money that went back to a buyer.
type refund struct {
	ID      string   `json:"id"` // of the cancellation or return
	Kind    string   `json:"kind"`
	OrderID string   `json:"order_id"`
	Lines   []string `json:"lines"`
	Amounts Amounts  `json:"amounts"`
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

// LineValue is what the buyer pays for a line, without shipping.
func LineValue(r *market.Region, line *LineItem) Amounts {
	value := Amounts{Subtotal: r.Cents(line.SalePrice), Retail: r.Cents(line.RetailDeliveryFee)}
	for _, tax := range line.ItemTax {
		value.Tax += r.Cents(tax.TaxAmount)
	}
	return value
}

// OrderValue is what the buyer pays for an order.
func OrderValue(r *market.Region, o *Order) Amounts {
	var value Amounts
	for i := range o.LineItems {
		value = value.Plus(LineValue(r, &o.LineItems[i]))
	}
	value.Shipping = r.Cents(o.Payment.ShippingFee)
	value.ShippingTax = r.Cents(o.Payment.Tax) - value.Tax
	return value
}

// Paid tells whether the shop has the buyer's money. Cash comes on delivery,
// whatever an old snapshot says.
func (o *Order) Paid() bool {
	return o.PaidTime > 0 && (!o.IsCOD || o.DeliveryTime > 0)
}

// AfterSaleLine is an order line in a cancellation or a return, and the part of
// the refund that belongs to it.
type AfterSaleLine struct {
	ID      string  `json:"id"`
	Line    string  `json:"line"` // id of the order line
	Amounts Amounts `json:"amounts"`
}

// SumOf adds up the parts of a request.
func SumOf(lines []AfterSaleLine) (sum Amounts) {
	for _, line := range lines {
		sum = sum.Plus(line.Amounts)
	}
	return sum
}

// claims calls back for every line of every request about an order that paid
// money back or still may.
func claims(s *world.Shop, o *Order, yield func(AfterSaleLine)) {
	for _, c := range Of(s).CancellationsOf[o.ID] {
		if c.Status != CancelCancelled {
			for _, line := range c.Lines {
				yield(line)
			}
		}
	}
	for _, r := range Of(s).ReturnsOf[o.ID] {
		if r.Status != ReturnCancel && r.Status != ReplacementCancel {
			for _, line := range r.Lines {
				yield(line)
			}
		}
	}
}

// Refundable works out, line by line, what the buyer can get back for lines of
// an order. With the last lines of the order comes the shipping fee.
func Refundable(s *world.Shop, o *Order, lines []string) []Amounts {
	list := make([]Amounts, len(lines))
	if !o.Paid() || len(lines) == 0 {
		return list
	}
	claimed := map[string]Amounts{}
	left := OrderValue(s.Market, o)
	claims(s, o, func(line AfterSaleLine) {
		claimed[line.Line] = claimed[line.Line].Plus(line.Amounts)
		left.Shipping -= line.Amounts.Shipping
		left.ShippingTax -= line.Amounts.ShippingTax
	})
	open := func(line *LineItem) Amounts {
		value := LineValue(s.Market, line).Minus(claimed[line.ID])
		value.Shipping, value.ShippingTax = 0, 0
		return value
	}
	for i, id := range lines {
		list[i] = open(o.Line(id))
	}
	for i := range o.LineItems {
		line := &o.LineItems[i]
		if !slices.Contains(lines, line.ID) && line.DisplayStatus != OrderCancelled && open(line).Subtotal > 0 {
			return list // something stays with the buyer
		}
	}
	last := &list[len(list)-1]
	last.Shipping, last.ShippingTax = left.Shipping, left.ShippingTax
	return list
}

// payBack gives the buyer money. It is the one place where money goes back:
// whoever keeps books reads the list of refunds, which only grows.
func payBack(s *world.Shop, o *Order, kind, id string, lines []AfterSaleLine, now int64) {
	paid := refund{ID: id, Kind: kind, OrderID: o.ID, Amounts: SumOf(lines), Time: now}
	for _, line := range lines {
		paid.Lines = append(paid.Lines, line.Line)
	}
	if paid.Amounts.Total() == 0 {
		return
	}
	Of(s).Refunds = append(Of(s).Refunds, paid)
}

// Repaid sums up what a buyer got back of an order.
func Repaid(s *world.Shop, o *Order) (sum Amounts) {
	RepaidLines(s, o, func(lines []AfterSaleLine, _ bool) { sum = sum.Plus(SumOf(lines)) })
	return sum
}

// RepaidLines calls back for every request by which the buyer got money back,
// and says whether the goods came back for it.
func RepaidLines(s *world.Shop, o *Order, yield func(lines []AfterSaleLine, goodsBack bool)) {
	for _, c := range Of(s).CancellationsOf[o.ID] {
		if c.Status == CancelComplete {
			yield(c.Lines, false)
		}
	}
	for _, r := range Of(s).ReturnsOf[o.ID] {
		if r.Status == ReturnComplete || r.Status == ReplacementRefund {
			yield(r.Lines, r.Type == ReturnGoods && !r.KeepsGoods)
		}
	}
}
