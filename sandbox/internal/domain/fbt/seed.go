package fbt

import (
	"fmt"
	"slices"
	"time"

	"github.com/ttshop-go/ttshop/sandbox/internal/domain/product"
	"github.com/ttshop-go/ttshop/sandbox/internal/invent"
	"github.com/ttshop-go/ttshop/sandbox/internal/world"
)

// idGoods is where ids of goods, of warehouses and of orders into and out of them
// begin.
const idGoods = 7605_000_000_000_000_000

// addresses are where the platform's warehouses are, by market.
var addresses = map[string][]address{
	"US": {
		{"1180 Mesa Grove Pkwy", "Building 4", "", "Fontana", "San Bernardino", "92337", "US", "California"},
		{"77 Tannery Bend Rd", "", "", "Allentown", "Lehigh", "18106", "US", "Pennsylvania"},
	},
	"GB": {{"Plot 9, Swan Lane Park", "", "", "Lutterworth", "Leicestershire", "LE17 8ZZ", "GB", "England"}},
	"VN": {{"Lô C3, Đường Số 7", "", "", "Dĩ An", "Bình Dương", "75000", "VN", "Bình Dương"}},
}

// Seed invents what the platform keeps of a shop. The first shop takes part, the
// others may later. Nothing of it moves by itself, so that a state that was kept
// before there was this room can take it in.
func Seed(s *world.Shop, seed uint64, index int, now time.Time) {
	rng := invent.NewRandom(seed, invent.StreamFBT+uint64(index))
	own := &shop{
		IDs:        invent.IDs{Next: idGoods + uint64(index)*world.IDStride + rng.Uint64N(world.IDStride/2), Random: rng},
		Warehouses: []*warehouse{}, Goods: []*good{}, Inbound: []*inbound{}, Records: []*record{}, Outbound: []*outbound{},
	}
	s.Rooms.Furnish(own)
	if index > 0 {
		return
	}
	onboard(s)
	for i, p := range live(s)[:min(4, len(live(s)))] {
		g := newGood(s, p.Live.Title, fmt.Sprintf("REF-%04d", 1000+i), image(p))
		for j := range p.Live.SKUs {
			if j == 0 || i == 1 { // the second one is sold as several SKUs
				g.SKUs = append(g.SKUs, match{p.ID, p.Live.SKUs[j].ID})
			}
		}
		g.Lot = i == 2
	}
	newGood(s, "Gift box, plain", "REF-2000", "")
	for i, plan := range []struct {
		age    int64 // in days
		states []string
	}{
		{40, []string{inboundReady, inboundToReceive, inboundDelivered, inboundReceiving, inboundReceived}},
		{25, []string{inboundReady, inboundCancelled}},
		{7, []string{inboundReady, inboundToReceive, inboundHub, inboundTransfer, inboundDelivered, inboundReceiving, inboundPartially}},
		{3, []string{inboundReady, inboundToReceive}},
		{1, nil},
	} {
		at := now.Unix() - plan.age*invent.SecondsOfDay
		var lines []line
		for j, g := range own.Goods {
			if i != 2 || j < 2 {
				lines = append(lines, line{g.ID, 20 + rng.Between(1, 60)})
			}
		}
		o := newInbound(s, own.Warehouses[i%len(own.Warehouses)].ID, lines, at)
		o.Carrier, o.Tracking = "Own lorry", fmt.Sprintf("LR%06d", rng.IntN(1_000_000))
		for n, to := range plan.states {
			var received []batch
			switch to {
			case inboundPartially:
				received = []batch{{Good: lines[0].Good, Normal: lines[0].Quantity - 3, Defective: 2}}
			case inboundReceived:
				for _, l := range lines {
					received = append(received, batch{Good: l.Good, Normal: l.Quantity})
				}
			}
			if f := enterInbound(s, o, to, received, at+int64(n+1)*invent.SecondsOfDay); f != nil {
				panic("sandbox: " + f.Message)
			}
		}
		o.Due = 0
	}
}

// onboard lets a seller take part in the market of a shop.
func onboard(s *world.Shop) {
	own := Of(s)
	own.Onboarded = true
	if len(own.Warehouses) > 0 {
		return
	}
	for _, at := range addresses[s.Region] {
		w := &warehouse{ID: own.IDs.New(), ShownAs: own.IDs.New(), Name: "FBT " + at.City, Address: at, Services: []service{{own.IDs.New(), "Storage and fulfilment", true}}}
		own.Warehouses = append(own.Warehouses, w)
	}
}

// newGood adds a good that is nowhere yet.
func newGood(s *world.Shop, name, reference, image string) *good {
	own := Of(s)
	g := &good{ID: own.IDs.New(), Name: name, Reference: reference, Image: image, SKUs: []match{}, Held: map[string]*holding{}}
	g.Barcode = "FBT" + g.ID[len(g.ID)-10:]
	own.Goods = append(own.Goods, g)
	return g
}

func live(s *world.Shop) []*product.Product {
	return slices.DeleteFunc(slices.Clone(product.Of(s).List), func(p *product.Product) bool { return p.Status != product.ProductActivate })
}

func image(p *product.Product) string {
	if len(p.Live.Images) == 0 {
		return ""
	}
	return p.Live.Images[0]
}
