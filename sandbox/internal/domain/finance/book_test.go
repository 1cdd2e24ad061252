package finance_test

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/ttshop-go/ttshop/sandbox/internal/domain/affiliate"
	"github.com/ttshop-go/ttshop/sandbox/internal/domain/finance"
	"github.com/ttshop-go/ttshop/sandbox/internal/domain/trade"
	"github.com/ttshop-go/ttshop/sandbox/internal/wiring"
)

// Whatever is refunded and when, the bookings of an order add up: to the cent,
// to what buyer and platform paid, and to nothing where all went back.
func TestBookingsAddUp(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(5, 5))
	w := wiring.NewWorld(wiring.NewRegistry(), 3, time.Date(2026, 3, 10, 9, 30, 0, 0, time.UTC), 0)
	checked := 0
	commissioned := 0
	for _, s := range w.Shops {
		endorsed := affiliate.Endorsements(s)
		for _, o := range trade.OrdersOf(s).ByCreate {
			sale := finance.Sale(s.Market, o)
			if o.IsCOD && o.Status == trade.OrderCancelled { // nobody paid
				continue
			}
			if total, _ := s.Market.ParseMoney(o.Payment.TotalAmount); sale.Paid() != total {
				t.Fatalf("order %s: the buyer paid %s, booked is %s", o.ID, o.Payment.TotalAmount, s.Market.Money(sale.Paid()))
			}
			through := affiliate.AffiliateSKUs(o, endorsed)
			list := finance.Bookings(s.Market, o, nil, through)
			switch {
			case o.Status == trade.OrderUnpaid || o.Status == trade.OrderCancelled || o.IsSampleOrder || o.IsResent():
				if list != nil {
					t.Fatalf("order %s in the state %s is booked", o.ID, o.Status)
				}
				continue
			case o.DeliveryTime == 0:
				if len(list) != 1 || list[0].At != 0 {
					t.Fatalf("order %s in the state %s has the bookings %v", o.ID, o.Status, list)
				}
				continue
			}
			checked++
			// Two refunds give the whole order back, at any time.
			goods := sale[finance.BookGross] - sale[finance.BookSellerDiscount] - sale[finance.BookPlatformDiscount]
			// The lines share both by their prices; the last takes the rest.
			part := rng.Int64N(goods + 1)
			early, late := map[string]int64{}, map[string]int64{}
			left := part
			for i := range o.LineItems {
				line := &o.LineItems[i]
				price := s.Market.Cents(line.SalePrice)
				early[line.ID] = min(left, price)
				left -= early[line.ID]
				late[line.ID] = price - early[line.ID]
			}
			at := func() int64 { return o.DeliveryTime + rng.Int64N(20*24*60*60) }
			refunds := []finance.MoneyBack{
				{OrderID: o.ID, At: at(), Goods: part, Lines: early},
				{OrderID: o.ID, At: at(), Goods: goods - part, Tax: sale[finance.BookTax], Shipping: sale[finance.BookShipping], Retail: sale[finance.BookRetail], Lines: late},
			}
			for n := range len(refunds) + 1 {
				list := finance.Bookings(s.Market, o, refunds[:n], through)
				var sum finance.BookAmounts
				for i := range list {
					b := &list[i]
					sum.Add(&b.BookAmounts)
					var shared finance.BookAmounts
					for _, share := range b.Shares(s.Market) {
						shared.Add(&share.BookAmounts)
					}
					if shared != b.BookAmounts {
						t.Fatalf("order %s: the shares of the SKUs make %v, not %v", o.ID, shared, b.BookAmounts)
					}
					if b.ID() == "" || i > 0 && b.ID() == list[i-1].ID() || i > 0 && b.At < list[0].At {
						t.Fatalf("order %s: booking %d at %d has the id %s", o.ID, i, b.At, b.ID())
					}
				}
				back := int64(0)
				for _, r := range refunds[:n] {
					back += r.Goods + r.Tax + r.Shipping + r.Retail
				}
				if sum.Refunded() != back || sum.Paid() != sale.Paid() {
					t.Fatalf("order %s: %d refunded, not %d; %d paid, not %d", o.ID, sum.Refunded(), back, sum.Paid(), sale.Paid())
				}
				if sum[finance.BookFee] != finance.PlatformFee(s.Market, &sum) {
					t.Fatalf("order %s: a commission of %d on %d", o.ID, sum[finance.BookFee], sum.Net())
				}
				back0 := map[string]int64{}
				for _, r := range refunds[:n] {
					for id, amount := range r.Lines {
						back0[id] += amount
					}
				}
				earned := int64(0)
				for _, amount := range through.Commissions(s.Market, back0) {
					earned += amount
				}
				if sum[finance.BookAffiliate] != earned || n == 2 && earned != 0 {
					t.Fatalf("order %s: after %d refunds creators got %d, they earned %d", o.ID, n, sum[finance.BookAffiliate], earned)
				}
				if earned > 0 {
					commissioned++
				}
				// All money is somewhere: with the seller, the platform, the
				// carrier or the tax office.
				in := sum.Paid() - sum.Refunded() + sum[finance.BookPlatformDiscount] - sum[finance.BookPlatformDiscountRefund] + sum[finance.BookShippingSubsidy]
				out := sum.Settlement() + sum[finance.BookFee] + sum[finance.BookAffiliate] + sum[finance.BookCarrier] + sum[finance.BookTax] - sum[finance.BookTaxRefund] + sum[finance.BookRetail] - sum[finance.BookRetailRefund]
				if in != out {
					t.Fatalf("order %s: %d came in, %d went out", o.ID, in, out)
				}
				// Rounding the discounts of each refund leaves a unit at most.
				if n == 2 && (sum.Net() < -2 || sum.Net() > 2 || sum[finance.BookFee] != 0) {
					t.Fatalf("order %s: given back whole it still earns %d less a commission of %d", o.ID, sum.Net(), sum[finance.BookFee])
				}
			}
		}
	}
	if checked < 100 || commissioned < 20 {
		t.Fatalf("%d orders were checked, %d times with the commission of a creator", checked, commissioned)
	}
}

// What would be negative is not paid out but carried over.
func TestPayoutsCarryOver(t *testing.T) {
	t.Parallel()
	w := wiring.NewWorld(wiring.NewRegistry(), 3, time.Date(2026, 3, 10, 9, 30, 0, 0, time.UTC), 0)
	for _, s := range w.Shops {
		b := finance.NewBooks(s, time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC).Unix())
		settled, paid, waiting := int64(0), int64(0), int64(0)
		for _, st := range b.Statements {
			settled += st.Total.Settlement()
			if st.Payment == nil {
				waiting += st.Total.Settlement()
			}
		}
		for _, p := range b.Payouts {
			if p.Amount <= 0 {
				t.Errorf("a payout of %d", p.Amount)
			}
			paid += p.Amount
		}
		// What is not delivered stays open.
		for i := range b.Open {
			if b.Open[i].At != 0 {
				t.Errorf("%s: %s of %d is open", s.Region, b.Open[i].ID(), b.Open[i].At)
			}
		}
		if len(b.Payouts) == 0 || settled != paid+waiting || waiting > 0 {
			t.Errorf("%s: %d settled, %d paid out, %d waiting, %d open", s.Region, settled, paid, waiting, len(b.Open))
		}
	}
}
