package sandbox

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/ttshop-go/ttshop/sandbox/internal/domain/product"
	"github.com/ttshop-go/ttshop/sandbox/internal/domain/stock"
	"github.com/ttshop-go/ttshop/sandbox/internal/domain/trade"
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
	for _, s := range sb.gate.State.Load().World.Shops {
		var announced []announcement
		s.Listen = func(eventType int, data any) { announced = append(announced, announcement{eventType, data}) }
		listen := func(happen func()) (heard []string) {
			announced = nil
			happen()
			for _, a := range announced {
				switch data := a.Data.(type) {
				case trade.OrderStatusChange:
					heard = append(heard, fmt.Sprint(a.Type, " ", data.OrderStatus))
				case trade.CancellationChange:
					heard = append(heard, fmt.Sprint(a.Type, " ", data.Role, " ", data.Status))
				case trade.ReturnChange:
					heard = append(heard, fmt.Sprint(a.Type, " ", data.Type, " ", data.Status))
				case trade.PackageUpdate:
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
		var o *trade.Order
		place := func() {
			p := trade.Placement{}
			for _, product := range product.Of(s).List {
				if sku := product.Live.SKUs[0].ID; product.Stock[sku][0].Available > 50 && len(p.Lines) < 2 {
					p.Lines = append(p.Lines, trade.PlacedLine{SKU: sku, Quantity: 1})
				}
			}
			if o, err = trade.PlaceOrder(s, p, now.Unix()); err != nil {
				t.Fatal(err)
			}
		}
		advance := func(to string) func() {
			return func() {
				if f := trade.AdvanceTo(s, o, to, now.Unix()); f != nil {
					t.Fatal(f.Message)
				}
			}
		}
		expect("placed", listen(place), "1 UNPAID")
		expect("paid", listen(advance(trade.OrderAwaitingShipment)), "1 ON_HOLD", "1 AWAITING_SHIPMENT")
		want := []string{"4 SPLIT 2"} // nobody hears of PARTIALLY_SHIPPING
		if !s.Market.PackageAtPayment {
			want = nil // the packages begin with the shipping
		}
		expect("shipped in part", listen(advance(trade.OrderPartiallyShipping)), want...)
		expect("delivered", listen(advance(trade.OrderDelivered)), "1 AWAITING_COLLECTION", "1 IN_TRANSIT", "1 DELIVERED")
		var id string
		expect("asked", listen(func() { id, _, _ = trade.AskReturn(s, o, trade.ReturnRefund, "", nil, now.Unix()) }), "12 REFUND RETURN_OR_REFUND_REQUEST_PENDING")
		r := trade.Of(s).Returns[id]
		expect("silence", listen(func() { trade.AdvanceReturn(s, r, now.Unix()) }), "12 REFUND RETURN_OR_REFUND_REQUEST_SUCCESS")
		expect("paid back", listen(func() { trade.AdvanceReturn(s, r, now.Unix()) }), "12 REFUND RETURN_OR_REFUND_REQUEST_COMPLETE", "1 COMPLETED")
		place()
		advance(trade.OrderAwaitingShipment)()
		expect("asked to cancel", listen(func() { id, _, _ = trade.AskCancel(s, o, "", now.Unix()) }), "11 BUYER CANCELLATION_REQUEST_PENDING")
		c := trade.Of(s).Cancellations[id]
		expect("cancelled", listen(func() { trade.AdvanceCancellation(s, c, now.Unix()) }), "11 BUYER CANCELLATION_REQUEST_SUCCESS", "1 CANCEL")
		expect("money back", listen(func() { trade.AdvanceCancellation(s, c, now.Unix()) }), "11 BUYER CANCELLATION_REQUEST_COMPLETE")
		if n := len(trade.Of(s).Refunds); trade.Of(s).Refunds[n-1].ID != c.ID || trade.Of(s).Refunds[n-2].ID != r.ID || trade.Of(s).Refunds[n-2].Amounts.Total() == 0 {
			t.Errorf("%s: refunds %+v", s.Region, trade.Of(s).Refunds[n-2:])
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
	s := sb.gate.State.Load().World.Shops[1] // with one warehouse
	var p *product.Product
	for _, p = range product.Of(s).List {
		if p.Status == product.ProductActivate {
			break
		}
	}
	sku := p.Live.SKUs[0].ID
	p.Stock[sku][0].Available = 12
	var announced []announcement
	s.Listen = func(eventType int, data any) { announced = append(announced, announcement{eventType, data}) }
	levels := func() (list []string) {
		for _, a := range announced {
			if data, ok := a.Data.(stock.InventoryStatusChange); ok {
				list = append(list, data.Status)
				if d := data.Distribution; d.Total != d.Available+d.Committed || data.SKUID != sku || a.Type != 27 {
					t.Errorf("announced %+v", data)
				}
			}
		}
		return list
	}
	var o *trade.Order
	for _, quantity := range []int{2, 9, 1} {
		if o, err = trade.PlaceOrder(s, trade.Placement{Lines: []trade.PlacedLine{{SKU: sku, Quantity: quantity}}}, 1); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := trade.PlaceOrder(s, trade.Placement{Lines: []trade.PlacedLine{{SKU: sku, Quantity: 1}}}, 1); err == nil {
		t.Error("sold what is not there")
	}
	trade.CancelUnpaid(s, o, trade.RoleBuyer, "", 1)
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
	s := sb.gate.State.Load().World.Shops[0]
	var p *product.Product
	for _, p = range product.Of(s).List {
		if sku := p.Live.SKUs[0].ID; p.Stock[sku][0].Available > 5 {
			break
		}
	}
	begun := now.Unix()
	o, err := trade.PlaceOrder(s, trade.Placement{Lines: []trade.PlacedLine{{SKU: p.Live.SKUs[0].ID, Quantity: 1}}}, begun)
	if err != nil {
		t.Fatal(err)
	}
	trade.Pay(s, o, begun)
	now = now.Add(200 * time.Hour)
	sb.gate.Present()
	c := trade.Of(s).CancellationsOf[o.ID][0]
	if o.Status != trade.OrderCancelled || o.CancelTime != begun+trade.ShipmentPeriod || c.Status != trade.CancelComplete || c.UpdateTime != begun+trade.ShipmentPeriod+trade.RefundPeriod {
		t.Errorf("order %s, cancelled %d s after its payment, paid back after %d", o.Status, o.CancelTime-begun, c.UpdateTime-begun)
	}
	if o.RecipientAddress == nil { // so the hold ended before
		t.Error("the order went from its hold to its end")
	}
	if s.Due.Load() <= now.Unix() {
		t.Error("something is late")
	}
}
