package sandbox

import (
	"cmp"
	"slices"
	"strconv"
	"time"
)

// Finance keeps no books of its own: everything follows from the orders and
// the refunds, so that it always agrees with them.

// settlementDelay is how long after the delivery an order is settled. The
// platform's documents say from 3 to 15 days, depending on the market.
const settlementDelay = 8 * 24 * time.Hour

// payoutDelay is how long a payment is under way to the seller's bank. No
// document tells.
const payoutDelay = 2 * 24 * time.Hour

// commission returns the share of the net sales that the platform keeps, in
// hundredths of a percent. It differs by market, category and contract; these
// are plausible values and nothing more.
func commission(r *region) int64 {
	switch r.code {
	case "US":
		return 6_00
	case "GB":
		return 9_00
	}
	return 4_00
}

// The parts of a booking, in the smallest unit, each as a positive number.
const (
	bookGross            = iota // prices of the goods before all discounts
	bookSellerDiscount          // that the seller pays for
	bookPlatformDiscount        // that the platform pays for
	bookShipping                // that the buyer paid
	bookShippingSubsidy         // that the platform pays on top
	bookCarrier                 // what the platform's carrier costs the seller
	bookTax                     // sales tax, which the platform passes on
	bookRetail                  // the fee per delivery of some US states, likewise
	bookGrossRefund
	bookSellerDiscountRefund
	bookPlatformDiscountRefund
	bookShippingRefund
	bookTaxRefund
	bookRetailRefund
	bookFee // the platform's commission; negative where it is given back
	bookParts
)

type bookAmounts [bookParts]int64

// net is what the goods earned the seller after discounts and refunds.
func (a *bookAmounts) net() int64 {
	return a[bookGross] - a[bookSellerDiscount] - a[bookGrossRefund] + a[bookSellerDiscountRefund]
}

// shippingCost is what shipping costs the seller in the end.
func (a *bookAmounts) shippingCost() int64 {
	return a[bookCarrier] - a[bookShipping] + a[bookShippingRefund] - a[bookShippingSubsidy]
}

func (a *bookAmounts) settlement() int64 { return a.net() - a.shippingCost() - a[bookFee] }

// paid is what the buyer paid.
func (a *bookAmounts) paid() int64 {
	return a[bookGross] - a[bookSellerDiscount] - a[bookPlatformDiscount] + a[bookShipping] + a[bookTax] + a[bookRetail]
}

// refunded is what the buyer got back.
func (a *bookAmounts) refunded() int64 {
	return a[bookGrossRefund] - a[bookSellerDiscountRefund] - a[bookPlatformDiscountRefund] +
		a[bookShippingRefund] + a[bookTaxRefund] + a[bookRetailRefund]
}

func (a *bookAmounts) add(b *bookAmounts) {
	for i := range a {
		a[i] += b[i]
	}
}

// booking is an order as it is settled, or money given back after that.
type booking struct {
	order  *order
	at     int64 // when it is settled
	later  bool  // a refund after the settlement
	number int   // of the booking within the order
	bookAmounts
}

// id is the id of the transaction.
func (b *booking) id() string { return financeID("transaction", b.order.ID, strconv.Itoa(b.number)) }

// moneyBack is money that a buyer got back of an order.
type moneyBack struct {
	orderID                                   string
	at                                        int64 // Unix seconds
	goods, tax, retail, shipping, shippingTax int64
}

// sale works out what an order brings once it is delivered.
func sale(r *region, o *order) bookAmounts {
	amount := func(text string) int64 {
		if text == "" {
			return 0
		}
		n, ok := r.parseMoney(text)
		if !ok {
			panic("sandbox: amount " + text + " of " + r.currency) // written by the sandbox
		}
		return n
	}
	p := &o.Payment
	a := bookAmounts{
		bookGross:            amount(p.OriginalTotalProductPrice),
		bookSellerDiscount:   amount(p.SellerDiscount),
		bookPlatformDiscount: amount(p.PlatformDiscount),
		bookShipping:         amount(p.ShippingFee),
		bookShippingSubsidy:  amount(p.ShippingFeePlatformDiscount),
		bookTax:              amount(p.Tax),
		bookRetail:           amount(p.RetailDeliveryFee),
	}
	// The platform's carrier costs what the buyer was quoted; a seller's own
	// carrier sends its bill elsewhere.
	if o.ShippingType == shippingTikTok {
		a[bookCarrier] = amount(p.OriginalShippingFee)
	}
	return a
}

// refundOf works out what a refund takes back of a sale. The discounts of what
// is refunded are given back to those who paid for them, in proportion.
func refundOf(sale *bookAmounts, back *moneyBack) bookAmounts {
	a := bookAmounts{
		bookShippingRefund: back.shipping,
		bookTaxRefund:      back.tax + back.shippingTax,
		bookRetailRefund:   back.retail,
	}
	paid := sale[bookGross] - sale[bookSellerDiscount] - sale[bookPlatformDiscount]
	if paid > 0 {
		a[bookSellerDiscountRefund] = sale[bookSellerDiscount] * back.goods / paid
		a[bookPlatformDiscountRefund] = sale[bookPlatformDiscount] * back.goods / paid
	}
	a[bookGrossRefund] = back.goods + a[bookSellerDiscountRefund] + a[bookPlatformDiscountRefund]
	return a
}

// bookings are the entries of one order: the settlement, less what was
// refunded before it, and one for each later refund. An order that never
// arrives has none: the buyer's money was not the seller's yet.
func bookings(r *region, o *order, refunds []moneyBack) []booking {
	if o.DeliveryTime == 0 || o.Status == orderCancelled {
		return nil
	}
	sale := sale(r, o)
	first := booking{order: o, at: o.DeliveryTime + int64(settlementDelay/time.Second), bookAmounts: sale}
	list := []booking{first}
	for i := range refunds {
		back := refundOf(&sale, &refunds[i])
		if refunds[i].at < first.at {
			list[0].add(&back)
			continue
		}
		list = append(list, booking{order: o, at: refunds[i].at, later: true, number: len(list), bookAmounts: back})
	}
	// The commission is on what remains after each step, so that a sale that is
	// refunded whole costs nothing in the end.
	var soFar bookAmounts
	for i := range list {
		soFar.add(&list[i].bookAmounts)
		list[i].bookAmounts[bookFee] = referralFee(r, soFar.net()) - soFar[bookFee]
		soFar[bookFee] += list[i].bookAmounts[bookFee]
	}
	return list
}

func referralFee(r *region, net int64) int64 { return (max(net, 0)*commission(r) + 5000) / 10000 }

// statement is what was settled on one day.
type statement struct {
	id       string
	at       int64 // the midnight (UTC) after the day
	bookings []booking
	total    bookAmounts
	payment  *payout // nil while the balance is not positive
}

// payout is a payment to the seller's bank.
type payout struct {
	id     string
	at     int64
	amount int64
}

func (p *payout) paidAt() int64 { return p.at + int64(payoutDelay/time.Second) }

// books is the finance of a shop as of a time.
type books struct {
	region     *region
	statements []*statement // in the order of their times
	payouts    []*payout
	open       []booking // that is not on a statement yet
	byOrder    map[string][]booking
}

// newBooks works everything out. Statements are made at midnight UTC for the day
// before. Each is paid out when it is made; what would be negative is carried
// over to the next. The caller holds the shop's lock for reading.
func newBooks(s *shop, now int64) *books {
	refunds := map[string][]moneyBack{}
	for _, back := range paidBack(s) {
		refunds[back.orderID] = append(refunds[back.orderID], back)
	}
	b := &books{region: s.region, byOrder: map[string][]booking{}}
	days := map[int64][]booking{}
	for _, o := range ordersOf(s).byCreate {
		list := bookings(s.region, o, refunds[o.ID])
		if list == nil {
			continue
		}
		b.byOrder[o.ID] = list
		for _, entry := range list {
			if at := statementTime(entry.at); at <= now {
				days[at] = append(days[at], entry)
			} else {
				b.open = append(b.open, entry)
			}
		}
	}
	times := make([]int64, 0, len(days))
	for at := range days {
		times = append(times, at)
	}
	slices.Sort(times)
	balance := int64(0)
	var unpaid []*statement
	for _, at := range times {
		st := &statement{id: financeID("statement", s.ID, strconv.FormatInt(at, 10)), at: at, bookings: days[at]}
		slices.SortFunc(st.bookings, compareBookings)
		for i := range st.bookings {
			st.total.add(&st.bookings[i].bookAmounts)
		}
		b.statements = append(b.statements, st)
		balance += st.total.settlement()
		unpaid = append(unpaid, st)
		if balance <= 0 {
			continue
		}
		p := &payout{id: financeID("payment", st.id), at: at, amount: balance}
		b.payouts = append(b.payouts, p)
		for _, st := range unpaid {
			st.payment = p
		}
		balance, unpaid = 0, nil
	}
	slices.SortFunc(b.open, compareBookings)
	return b
}

func compareBookings(a, b booking) int {
	return cmp.Or(cmp.Compare(a.order.CreateTime, b.order.CreateTime), cmp.Compare(a.order.number, b.order.number), cmp.Compare(a.number, b.number))
}

// statementTime is the midnight after a time.
func statementTime(at int64) int64 {
	const day = 24 * 60 * 60
	return (at/day + 1) * day
}

// statement returns a statement by its id, or nil.
func (b *books) statement(id string) *statement {
	for _, st := range b.statements {
		if st.id == id {
			return st
		}
	}
	return nil
}
