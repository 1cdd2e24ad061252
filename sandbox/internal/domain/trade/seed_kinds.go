package trade

import (
	"time"

	"github.com/ttshop-go/ttshop/sandbox/internal/domain/product"
	"github.com/ttshop-go/ttshop/sandbox/internal/world"
)

// kindStock is how many units of a SKU have to be there for it to be in these orders.
const kindStock = 20

// SeedKinds lets buyers place the orders that are not usual: pre-orders, gifts,
// combined SKUs and, where there are some, exchanges. They are placed and moved as
// the control endpoints do it, each at its own time.
func SeedKinds(s *world.Shop, now time.Time) {
	const hour = int64(3600)
	var offers []string
	set := ""
	for _, p := range product.Of(s).List {
		v := &p.Live.SKUs[0]
		switch {
		case len(v.Combined) > 0:
			set = v.ID
		case p.Status == product.ProductActivate && p.Available(v.ID) >= kindStock:
			offers = append(offers, v.ID)
		}
	}
	if len(offers) == 0 {
		return
	}
	line := func(i, quantity int) PlacedLine {
		return PlacedLine{SKU: offers[i%len(offers)], Quantity: quantity}
	}
	gift := line(1, 1)
	gift.Gift = true
	place := func(hours int64, to string, p Placement) {
		p.Coupons = &[]string{}
		seedPlaced(s, p, now.Unix()-hours*hour, to)
	}
	place(50, OrderOnHold, Placement{Lines: []PlacedLine{line(0, 1)}, Release: now.Unix() + 216*hour})
	place(280, OrderAwaitingShipment, Placement{Lines: []PlacedLine{line(2, 1)}, Release: now.Unix() - 20*hour})
	place(30, OrderAwaitingShipment, Placement{Lines: []PlacedLine{line(0, 2), gift}})
	place(150, OrderDelivered, Placement{Lines: []PlacedLine{line(3, 1), gift}})
	if set != "" {
		sets := func(quantity int) PlacedLine { return PlacedLine{SKU: set, Quantity: quantity} }
		place(26, OrderAwaitingShipment, Placement{Lines: []PlacedLine{sets(1)}})
		place(40, OrderAwaitingCollection, Placement{Lines: []PlacedLine{sets(2), line(0, 1)}})
		place(170, OrderDelivered, Placement{Lines: []PlacedLine{sets(1)}})
	}
	if s.Region == "US" || s.Region == "GB" {
		for _, exchange := range []struct {
			hours int64
			to    string
		}{{20, OrderAwaitingShipment}, {80, OrderDelivered}} {
			if source := exchanged(s, now.Unix()-exchange.hours*hour); source != nil {
				place(exchange.hours, exchange.to, Placement{Lines: []PlacedLine{line(3, 1)}, Exchanges: source.ID})
			}
		}
	}
	s.Settle(now.Unix())
}

// exchanged finds an order that was delivered by a time, of which nothing is asked
// and nothing was exchanged.
func exchanged(s *world.Shop, by int64) *Order {
	taken := map[string]bool{}
	for _, o := range OrdersOf(s).ByCreate {
		taken[o.ExchangeSourceOrderID] = true
	}
	for _, o := range OrdersOf(s).ByCreate {
		if o.Status == OrderDelivered && o.DeliveryTime < by && !o.IsSampleOrder && !o.IsCOD && !taken[o.ID] && len(Of(s).ReturnsOf[o.ID]) == 0 {
			return o
		}
	}
	return nil
}

// seedPlaced places an order at a time and moves it to a state, step by step.
func seedPlaced(s *world.Shop, p Placement, at int64, to string) {
	const hour = int64(3600)
	o, err := PlaceOrder(s, p, at)
	if err != nil {
		panic("sandbox: an order of the seed: " + err.Error())
	}
	for _, step := range []struct {
		to    string
		after int64 // seconds
	}{
		{OrderOnHold, 60}, {OrderAwaitingShipment, 60 + HoldPeriod}, {OrderAwaitingCollection, 5 * hour},
		{OrderInTransit, 20 * hour}, {OrderDelivered, 60 * hour},
	} {
		when := at + step.after
		if step.to != OrderOnHold {
			when = max(when, o.ReleaseDate)
		}
		if f := AdvanceTo(s, o, step.to, when); f != nil {
			panic("sandbox: an order of the seed: " + f.Message)
		}
		if step.to == to {
			return
		}
	}
}
