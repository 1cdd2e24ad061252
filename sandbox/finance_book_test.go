package sandbox

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/ttshop-go/ttshop/sandbox/internal/domain/finance"
	"github.com/ttshop-go/ttshop/sandbox/internal/domain/trade"
)

// Whatever is refunded and when, the bookings of an order add up: to the cent,
// to what buyer and platform paid, and to nothing where all went back.
func TestBookingsAddUp(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(5, 5))
	w := newWorld(newWiring(), 3, time.Date(2026, 3, 10, 9, 30, 0, 0, time.UTC), 0)
	checked := 0
	for _, s := range w.Shops {
		for _, o := range trade.OrdersOf(s).ByCreate {
			sale := finance.Sale(s.Market, o)
			if total, _ := s.Market.ParseMoney(o.Payment.TotalAmount); sale.Paid() != total {
				t.Fatalf("order %s: the buyer paid %s, booked is %s", o.ID, o.Payment.TotalAmount, s.Market.Money(sale.Paid()))
			}
			if o.DeliveryTime == 0 || o.Status == trade.OrderCancelled {
				if list := finance.Bookings(s.Market, o, nil); list != nil {
					t.Fatalf("order %s in the state %s was settled", o.ID, o.Status)
				}
				continue
			}
			checked++
			// Two refunds give the whole order back, at any time.
			goods := sale[finance.BookGross] - sale[finance.BookSellerDiscount] - sale[finance.BookPlatformDiscount]
			part := rng.Int64N(goods + 1)
			at := func() int64 { return o.DeliveryTime + rng.Int64N(20*24*60*60) }
			refunds := []finance.MoneyBack{
				{OrderID: o.ID, At: at(), Goods: part},
				{OrderID: o.ID, At: at(), Goods: goods - part, Tax: sale[finance.BookTax], Shipping: sale[finance.BookShipping], Retail: sale[finance.BookRetail]},
			}
			for n := range len(refunds) + 1 {
				list := finance.Bookings(s.Market, o, refunds[:n])
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
				if sum[finance.BookFee] != finance.ReferralFee(s.Market, sum.Net()) {
					t.Fatalf("order %s: a commission of %d on %d", o.ID, sum[finance.BookFee], sum.Net())
				}
				// All money is somewhere: with the seller, the platform, the
				// carrier or the tax office.
				in := sum.Paid() - sum.Refunded() + sum[finance.BookPlatformDiscount] - sum[finance.BookPlatformDiscountRefund] + sum[finance.BookShippingSubsidy]
				out := sum.Settlement() + sum[finance.BookFee] + sum[finance.BookCarrier] + sum[finance.BookTax] - sum[finance.BookTaxRefund] + sum[finance.BookRetail] - sum[finance.BookRetailRefund]
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
	if checked < 100 {
		t.Fatalf("%d orders were checked", checked)
	}
}

// What would be negative is not paid out but carried over.
func TestPayoutsCarryOver(t *testing.T) {
	t.Parallel()
	w := newWorld(newWiring(), 3, time.Date(2026, 3, 10, 9, 30, 0, 0, time.UTC), 0)
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
		if len(b.Open) != 0 || len(b.Payouts) == 0 || settled != paid+waiting || waiting > 0 {
			t.Errorf("%s: %d settled, %d paid out, %d waiting, %d open", s.Region, settled, paid, waiting, len(b.Open))
		}
	}
}
