package finance

import (
	"cmp"
	"slices"
	"strconv"
	"time"

	"github.com/ttshop-go/ttshop/sandbox/internal/domain/affiliate"
	"github.com/ttshop-go/ttshop/sandbox/internal/domain/trade"
	"github.com/ttshop-go/ttshop/sandbox/internal/invent"
	"github.com/ttshop-go/ttshop/sandbox/internal/market"
	"github.com/ttshop-go/ttshop/sandbox/internal/world"
)

// Finance keeps no books of its own: everything follows from the orders and
// the refunds, so that it always agrees with them.

// settlementDays is how many days after its delivery an order is settled. The
// platform's documents say from 3 to 15, depending on the market; an answer of a
// shop says 7.
const settlementDays = 7

// payoutDelay is how long a payment is under way to the seller's bank. No
// document tells.
const payoutDelay = 2 * 24 * time.Hour

// commission returns the share of the net sales that the platform keeps, in
// hundredths of a percent. It differs by market, category and contract; these
// are plausible values and nothing more.
func commission(r *market.Region) int64 {
	switch r.Code {
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
	bookFee       // the platform's commission; negative where it is given back
	bookAffiliate // the commission of creators, likewise
	bookParts
)

// BookAmounts are the parts of a booking in the smallest unit.
type BookAmounts [bookParts]int64

// Net is what the goods earned the seller after discounts and refunds.
func (a *BookAmounts) Net() int64 {
	return a[bookGross] - a[bookSellerDiscount] - a[bookGrossRefund] + a[bookSellerDiscountRefund]
}

// shippingCost is what shipping costs the seller in the end.
func (a *BookAmounts) shippingCost() int64 {
	return a[bookCarrier] - a[bookShipping] + a[bookShippingRefund] - a[bookShippingSubsidy]
}

// fees are what the platform and creators take.
func (a *BookAmounts) fees() int64 { return a[bookFee] + a[bookAffiliate] }

// Settlement is what the seller gets.
func (a *BookAmounts) Settlement() int64 { return a.Net() - a.shippingCost() - a.fees() }

// Paid is what the buyer paid.
func (a *BookAmounts) Paid() int64 {
	return a[bookGross] - a[bookSellerDiscount] - a[bookPlatformDiscount] + a[bookShipping] + a[bookTax] + a[bookRetail]
}

// Refunded is what the buyer got back.
func (a *BookAmounts) Refunded() int64 {
	return a[bookGrossRefund] - a[bookSellerDiscountRefund] - a[bookPlatformDiscountRefund] +
		a[bookShippingRefund] + a[bookTaxRefund] + a[bookRetailRefund]
}

// Add adds the parts of another booking.
func (a *BookAmounts) Add(b *BookAmounts) {
	for i := range a {
		a[i] += b[i]
	}
}

// booking is an order as it is settled, or money given back after that.
type booking struct {
	order    *trade.Order
	At       int64            // when it is settled; 0 while the order is not delivered
	later    bool             // a refund after the settlement
	number   int              // of the booking within the order
	creators map[string]int64 // bookAffiliate by SKU
	BookAmounts
}

// settledBy tells whether the booking is on a statement at a time.
func (b *booking) settledBy(now int64) bool { return b.At > 0 && statementTime(b.At) <= now }

// ID is the id of the transaction.
func (b *booking) ID() string {
	return invent.FinanceID("transaction", b.order.ID, strconv.Itoa(b.number))
}

// moneyBack is money that a buyer got back of an order.
type moneyBack struct {
	OrderID                                   string
	At                                        int64 // Unix seconds
	Goods, Tax, Retail, Shipping, shippingTax int64
	Lines                                     map[string]int64 // Goods by order line
}

// saleOf works out what an order earns once it is delivered.
func saleOf(r *market.Region, o *trade.Order) BookAmounts {
	amount := func(text string) int64 {
		if text == "" {
			return 0
		}
		n, ok := r.ParseMoney(text)
		if !ok {
			panic("sandbox: amount " + text + " of " + r.Currency) // written by the sandbox
		}
		return n
	}
	p := &o.Payment
	a := BookAmounts{
		bookGross:            amount(p.OriginalTotalProductPrice),
		bookSellerDiscount:   amount(p.SellerDiscount),
		bookPlatformDiscount: amount(p.PlatformDiscount),
		bookShipping:         amount(p.ShippingFee),
		bookShippingSubsidy:  amount(p.ShippingFeePlatformDiscount),
		bookTax:              amount(p.Tax),
		bookRetail:           amount(p.RetailDeliveryFee),
	}
	if o.IsCOD { // nobody paid for what was cancelled on the way
		for i := range o.LineItems {
			if line := &o.LineItems[i]; line.DisplayStatus == trade.OrderCancelled {
				a[bookGross] -= amount(line.OriginalPrice)
				a[bookSellerDiscount] -= amount(line.SellerDiscount)
				a[bookPlatformDiscount] -= amount(line.PlatformDiscount)
			}
		}
	}
	// The platform's carrier costs what the buyer was quoted; a seller's own
	// carrier sends its bill elsewhere.
	if o.ShippingType == trade.ShippingTikTok {
		a[bookCarrier] = amount(p.OriginalShippingFee)
	}
	return a
}

// refundOf works out what a refund takes back of a sale. The discounts of what
// is refunded are given back to those who paid for them, in proportion.
func refundOf(sale *BookAmounts, back *moneyBack) BookAmounts {
	a := BookAmounts{
		bookShippingRefund: back.Shipping,
		bookTaxRefund:      back.Tax + back.shippingTax,
		bookRetailRefund:   back.Retail,
	}
	paid := sale[bookGross] - sale[bookSellerDiscount] - sale[bookPlatformDiscount]
	if paid > 0 {
		a[bookSellerDiscountRefund] = sale[bookSellerDiscount] * back.Goods / paid
		a[bookPlatformDiscountRefund] = sale[bookPlatformDiscount] * back.Goods / paid
	}
	a[bookGrossRefund] = back.Goods + a[bookSellerDiscountRefund] + a[bookPlatformDiscountRefund]
	return a
}

// isSale tells whether an order is one that is or will be settled. Samples and
// what is sent again free of charge are not sales, and an order that is cancelled
// never was: the buyer's money was not the seller's yet.
func isSale(o *trade.Order) bool {
	return o.Status != trade.OrderUnpaid && o.Status != trade.OrderCancelled && !o.IsSampleOrder && !o.IsResent()
}

// bookingsOf are the entries of one order from its payment on: the settlement,
// less what was refunded before it, and one for each later refund. What creators
// sold of it is theirs in part.
func bookingsOf(r *market.Region, o *trade.Order, refunds []moneyBack, through affiliate.Sales) []booking {
	if !isSale(o) {
		return nil
	}
	sale := saleOf(r, o)
	first := booking{order: o, BookAmounts: sale}
	if o.DeliveryTime > 0 {
		first.At = o.DeliveryTime + settlementDays*invent.SecondsOfDay
	}
	list := []booking{first}
	given := []map[string]int64{{}} // the goods of each booking that were given back, by line
	for i := range refunds {
		back := refundOf(&sale, &refunds[i])
		if first.At == 0 || refunds[i].At < first.At {
			list[0].Add(&back)
			addTo(given[0], refunds[i].Lines)
			continue
		}
		list = append(list, booking{order: o, At: refunds[i].At, later: true, number: len(list), BookAmounts: back})
		given = append(given, refunds[i].Lines)
	}
	// Commissions are on what remains after each step, so that a sale that is
	// refunded whole costs nothing in the end.
	var soFar BookAmounts
	back, earned := map[string]int64{}, map[string]int64{}
	for i := range list {
		b := &list[i]
		soFar.Add(&b.BookAmounts)
		b.BookAmounts[bookFee] = platformFee(r, &soFar) - soFar[bookFee]
		soFar[bookFee] += b.BookAmounts[bookFee]
		addTo(back, given[i])
		b.creators = through.Commissions(r, back)
		for sku, amount := range b.creators {
			b.creators[sku] -= earned[sku]
			b.BookAmounts[bookAffiliate] += amount - earned[sku]
			earned[sku] = amount
		}
	}
	return list
}

// addTo adds amounts by name.
func addTo(sums, more map[string]int64) {
	for name, amount := range more {
		sums[name] += amount
	}
}

// platformFee is the platform's share of what remains of a sale. In Britain, the
// documents say, it is of all that buyer and platform paid, shipping included.
func platformFee(r *market.Region, left *BookAmounts) int64 {
	base := left.Net()
	if r.Code == "GB" {
		base += left[bookShipping] - left[bookShippingRefund]
	}
	return (max(base, 0)*commission(r) + 5000) / 10000
}

// statement is what was settled on one day.
type statement struct {
	id       string
	at       int64 // the midnight (UTC) after the day
	bookings []booking
	Total    BookAmounts
	Payment  *payout // nil while the balance is not positive
}

// payout is a payment to the seller's bank.
type payout struct {
	id     string
	at     int64
	Amount int64
}

func (p *payout) paidAt() int64 { return p.at + int64(payoutDelay/time.Second) }

// books is the finance of a shop as of a time.
type books struct {
	region     *market.Region
	Statements []*statement // in the order of their times
	Payouts    []*payout
	Open       []booking // that is not on a statement yet
	byOrder    map[string][]booking
}

// newBooks works everything out. Statements are made at midnight UTC for the day
// before. Each is paid out when it is made; what would be negative is carried
// over to the next. The caller holds the shop's lock for reading.
func newBooks(s *world.Shop, now int64) *books {
	refunds := map[string][]moneyBack{}
	for _, back := range paidBack(s) {
		refunds[back.OrderID] = append(refunds[back.OrderID], back)
	}
	b := &books{region: s.Market, byOrder: map[string][]booking{}}
	days := map[int64][]booking{}
	endorsed := affiliate.Endorsements(s)
	for _, o := range trade.OrdersOf(s).ByCreate {
		list := bookingsOf(s.Market, o, refunds[o.ID], affiliate.AffiliateSKUs(o, endorsed))
		if list == nil {
			continue
		}
		b.byOrder[o.ID] = list
		for _, entry := range list {
			if entry.settledBy(now) {
				at := statementTime(entry.At)
				days[at] = append(days[at], entry)
			} else {
				b.Open = append(b.Open, entry)
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
		st := &statement{id: invent.FinanceID("statement", s.ID, strconv.FormatInt(at, 10)), at: at, bookings: days[at]}
		slices.SortFunc(st.bookings, compareBookings)
		for i := range st.bookings {
			st.Total.Add(&st.bookings[i].BookAmounts)
		}
		b.Statements = append(b.Statements, st)
		balance += st.Total.Settlement()
		unpaid = append(unpaid, st)
		if balance <= 0 {
			continue
		}
		p := &payout{id: invent.FinanceID("payment", st.id), at: at, Amount: balance}
		b.Payouts = append(b.Payouts, p)
		for _, st := range unpaid {
			st.Payment = p
		}
		balance, unpaid = 0, nil
	}
	slices.SortFunc(b.Open, compareBookings)
	return b
}

func compareBookings(a, b booking) int {
	return cmp.Or(cmp.Compare(a.order.CreateTime, b.order.CreateTime), cmp.Compare(a.order.Number, b.order.Number), cmp.Compare(a.number, b.number))
}

// statementTime is the midnight after a time.
func statementTime(at int64) int64 {
	const day = 24 * 60 * 60
	return (at/day + 1) * day
}

// statement returns a statement by its id, or nil.
func (b *books) statement(id string) *statement {
	for _, st := range b.Statements {
		if st.id == id {
			return st
		}
	}
	return nil
}
