package sandbox

import (
	"fmt"
	"slices"
	"testing"
	"time"
)

// announcement is what a shop told the outside.
type announcement struct {
	Type int
	Data any
}

// TestAnnouncements lists what the outside hears as things happen.
func TestAnnouncements(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 10, 9, 30, 0, 0, time.UTC)
	sb, err := New(Config{Now: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range sb.gate.state.Load().world.shops {
		var announced []announcement
		s.listen = func(eventType int, data any) { announced = append(announced, announcement{eventType, data}) }
		listen := func(happen func()) (heard []string) {
			announced = nil
			happen()
			for _, a := range announced {
				switch data := a.Data.(type) {
				case orderStatusChange:
					heard = append(heard, fmt.Sprint(a.Type, " ", data.OrderStatus))
				case cancellationChange:
					heard = append(heard, fmt.Sprint(a.Type, " ", data.Role, " ", data.Status))
				case returnChange:
					heard = append(heard, fmt.Sprint(a.Type, " ", data.Type, " ", data.Status))
				case packageUpdate:
					heard = append(heard, fmt.Sprint(a.Type, " ", data.Kind, " ", len(data.Packages)))
				}
			}
			return heard
		}
		expect := func(at string, got []string, want ...string) {
			t.Helper()
			if !slices.Equal(got, want) {
				t.Errorf("%s: %s: heard %q, want %q", s.Region, at, got, want)
			}
		}
		var o *order
		place := func() {
			p := placement{}
			for _, product := range productsOf(s).list {
				if sku := product.live.skus[0].id; product.stock[sku][0].available > 50 && len(p.lines) < 2 {
					p.lines = append(p.lines, placedLine{sku, 1})
				}
			}
			if o, err = placeOrder(s, p, now.Unix()); err != nil {
				t.Fatal(err)
			}
		}
		bring := func(to string) func() {
			return func() {
				if f := bring(s, o, to, now.Unix()); f != nil {
					t.Fatal(f.message)
				}
			}
		}
		expect("placed", listen(place), "1 UNPAID")
		want := []string{"1 ON_HOLD", "1 AWAITING_SHIPMENT"}
		if !s.region.hold {
			want = want[1:]
		}
		expect("paid", listen(bring(orderAwaitingShipment)), want...)
		want = []string{"4 SPLIT 2"} // nobody hears of PARTIALLY_SHIPPING
		if !s.region.packageAtPayment {
			want = nil // the packages begin with the shipping
		}
		expect("shipped in part", listen(bring(orderPartiallyShipping)), want...)
		expect("delivered", listen(bring(orderDelivered)), "1 AWAITING_COLLECTION", "1 IN_TRANSIT", "1 DELIVERED")
		var id string
		expect("asked", listen(func() { id, _, _ = askReturn(s, o, returnRefund, "", nil, now.Unix()) }), "12 REFUND RETURN_OR_REFUND_REQUEST_PENDING")
		r := tradeOf(s).Returns[id]
		expect("silence", listen(func() { advanceReturn(s, r, now.Unix()) }), "12 REFUND RETURN_OR_REFUND_REQUEST_SUCCESS")
		expect("paid back", listen(func() { advanceReturn(s, r, now.Unix()) }), "12 REFUND RETURN_OR_REFUND_REQUEST_COMPLETE", "1 COMPLETED")
		place()
		bring(orderAwaitingShipment)()
		expect("asked to cancel", listen(func() { id, _, _ = askCancel(s, o, "", now.Unix()) }), "11 BUYER CANCELLATION_REQUEST_PENDING")
		c := tradeOf(s).Cancellations[id]
		expect("cancelled", listen(func() { advanceCancellation(s, c, now.Unix()) }), "11 BUYER CANCELLATION_REQUEST_SUCCESS", "1 CANCEL")
		expect("money back", listen(func() { advanceCancellation(s, c, now.Unix()) }), "11 BUYER CANCELLATION_REQUEST_COMPLETE")
		if n := len(tradeOf(s).Refunds); tradeOf(s).Refunds[n-1].ID != c.ID || tradeOf(s).Refunds[n-2].ID != r.ID || tradeOf(s).Refunds[n-2].Amounts.total() == 0 {
			t.Errorf("%s: refunds %+v", s.Region, tradeOf(s).Refunds[n-2:])
		}
	}
}

// TestLowStockIsAnnounced sells a SKU out and gives a unit back.
func TestLowStockIsAnnounced(t *testing.T) {
	t.Parallel()
	sb, err := New(Config{})
	if err != nil {
		t.Fatal(err)
	}
	s := sb.gate.state.Load().world.shops[1] // with one warehouse
	var p *product
	for _, p = range productsOf(s).list {
		if p.status == productActivate {
			break
		}
	}
	sku := p.live.skus[0].id
	p.stock[sku][0].available = 12
	var announced []announcement
	s.listen = func(eventType int, data any) { announced = append(announced, announcement{eventType, data}) }
	levels := func() (list []string) {
		for _, a := range announced {
			if data, ok := a.Data.(inventoryStatusChange); ok {
				list = append(list, data.Status)
				if d := data.Distribution; d.Total != d.Available+d.Committed || data.SKUID != sku || a.Type != 27 {
					t.Errorf("announced %+v", data)
				}
			}
		}
		return list
	}
	var o *order
	for _, quantity := range []int{2, 9, 1} {
		if o, err = placeOrder(s, placement{lines: []placedLine{{sku, quantity}}}, 1); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := placeOrder(s, placement{lines: []placedLine{{sku, 1}}}, 1); err == nil {
		t.Error("sold what is not there")
	}
	cancelUnpaid(s, o, roleBuyer, "", 1)
	if got := levels(); !slices.Equal(got, []string{"LOW_STOCK", "OUT_OF_STOCK", "LOW_STOCK"}) {
		t.Errorf("announced %v", got)
	}
}

// TestDeadlinesActInOrder lets a clock jump over several deadlines: each acts at
// its own time.
func TestDeadlinesActInOrder(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 10, 9, 30, 0, 0, time.UTC)
	sb, err := New(Config{Now: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	s := sb.gate.state.Load().world.shops[0]
	var p *product
	for _, p = range productsOf(s).list {
		if sku := p.live.skus[0].id; p.stock[sku][0].available > 5 {
			break
		}
	}
	begun := now.Unix()
	o, err := placeOrder(s, placement{lines: []placedLine{{p.live.skus[0].id, 1}}}, begun)
	if err != nil {
		t.Fatal(err)
	}
	pay(s, o, begun)
	now = now.Add(200 * time.Hour)
	sb.gate.present()
	c := tradeOf(s).cancellationsOf[o.ID][0]
	if o.Status != orderCancelled || o.CancelTime != begun+shipmentPeriod || c.Status != cancelComplete || c.UpdateTime != begun+shipmentPeriod+refundPeriod {
		t.Errorf("order %s, cancelled %d s after its payment, paid back after %d", o.Status, o.CancelTime-begun, c.UpdateTime-begun)
	}
	if o.RecipientAddress == nil { // so the hold ended before
		t.Error("the order went from its hold to its end")
	}
	if s.due.Load() <= now.Unix() {
		t.Error("something is late")
	}
}
