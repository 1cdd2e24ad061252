package sandbox

import (
	"math/rand/v2"
	"testing"
	"time"
)

// Whatever is refunded and when, the bookings of an order add up: to the cent,
// to what buyer and platform paid, and to nothing where all went back.
func TestBookingsAddUp(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(5, 5))
	w := newWorld(newWiring(), 3, time.Date(2026, 3, 10, 9, 30, 0, 0, time.UTC), 0)
	checked := 0
	for _, s := range w.shops {
		for _, o := range ordersOf(s).byCreate {
			sale := sale(s.region, o)
			if total, _ := s.region.parseMoney(o.Payment.TotalAmount); sale.paid() != total {
				t.Fatalf("order %s: the buyer paid %s, booked is %s", o.ID, o.Payment.TotalAmount, s.region.money(sale.paid()))
			}
			if o.DeliveryTime == 0 || o.Status == orderCancelled {
				if list := bookings(s.region, o, nil); list != nil {
					t.Fatalf("order %s in the state %s was settled", o.ID, o.Status)
				}
				continue
			}
			checked++
			// Two refunds give the whole order back, at any time.
			goods := sale[bookGross] - sale[bookSellerDiscount] - sale[bookPlatformDiscount]
			part := rng.Int64N(goods + 1)
			at := func() int64 { return o.DeliveryTime + rng.Int64N(20*24*60*60) }
			refunds := []moneyBack{
				{orderID: o.ID, at: at(), goods: part},
				{orderID: o.ID, at: at(), goods: goods - part, tax: sale[bookTax], shipping: sale[bookShipping], retail: sale[bookRetail]},
			}
			for n := range len(refunds) + 1 {
				list := bookings(s.region, o, refunds[:n])
				var sum bookAmounts
				for i := range list {
					b := &list[i]
					sum.add(&b.bookAmounts)
					var shared bookAmounts
					for _, share := range b.shares(s.region) {
						shared.add(&share.bookAmounts)
					}
					if shared != b.bookAmounts {
						t.Fatalf("order %s: the shares of the SKUs make %v, not %v", o.ID, shared, b.bookAmounts)
					}
					if b.id() == "" || i > 0 && b.id() == list[i-1].id() || i > 0 && b.at < list[0].at {
						t.Fatalf("order %s: booking %d at %d has the id %s", o.ID, i, b.at, b.id())
					}
				}
				back := int64(0)
				for _, r := range refunds[:n] {
					back += r.goods + r.tax + r.shipping + r.retail
				}
				if sum.refunded() != back || sum.paid() != sale.paid() {
					t.Fatalf("order %s: %d refunded, not %d; %d paid, not %d", o.ID, sum.refunded(), back, sum.paid(), sale.paid())
				}
				if sum[bookFee] != referralFee(s.region, sum.net()) {
					t.Fatalf("order %s: a commission of %d on %d", o.ID, sum[bookFee], sum.net())
				}
				// All money is somewhere: with the seller, the platform, the
				// carrier or the tax office.
				in := sum.paid() - sum.refunded() + sum[bookPlatformDiscount] - sum[bookPlatformDiscountRefund] + sum[bookShippingSubsidy]
				out := sum.settlement() + sum[bookFee] + sum[bookCarrier] + sum[bookTax] - sum[bookTaxRefund] + sum[bookRetail] - sum[bookRetailRefund]
				if in != out {
					t.Fatalf("order %s: %d came in, %d went out", o.ID, in, out)
				}
				// Rounding the discounts of each refund leaves a unit at most.
				if n == 2 && (sum.net() < -2 || sum.net() > 2 || sum[bookFee] != 0) {
					t.Fatalf("order %s: given back whole it still earns %d less a commission of %d", o.ID, sum.net(), sum[bookFee])
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
	for _, s := range w.shops {
		b := newBooks(s, time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC).Unix())
		settled, paid, waiting := int64(0), int64(0), int64(0)
		for _, st := range b.statements {
			settled += st.total.settlement()
			if st.payment == nil {
				waiting += st.total.settlement()
			}
		}
		for _, p := range b.payouts {
			if p.amount <= 0 {
				t.Errorf("a payout of %d", p.amount)
			}
			paid += p.amount
		}
		if len(b.open) != 0 || len(b.payouts) == 0 || settled != paid+waiting || waiting > 0 {
			t.Errorf("%s: %d settled, %d paid out, %d waiting, %d open", s.Region, settled, paid, waiting, len(b.open))
		}
	}
}
