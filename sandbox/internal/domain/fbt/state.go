package fbt

import (
	"slices"

	"github.com/ttshop-go/ttshop/sandbox/internal/invent"
	"github.com/ttshop-go/ttshop/sandbox/internal/world"
)

// shop is what the platform keeps of one shop.
type shop struct {
	IDs        invent.IDs   `json:"ids"`
	Onboarded  bool         `json:"onboarded"`
	Warehouses []*warehouse `json:"warehouses"`
	Goods      []*good      `json:"goods"`    // the oldest first
	Inbound    []*inbound   `json:"inbound"`  // likewise
	Records    []*record    `json:"records"`  // likewise
	Outbound   []*outbound  `json:"outbound"` // likewise
}

// Of returns what the platform keeps of a shop. The caller holds the shop's lock.
func Of(s *world.Shop) *shop { return world.RoomIn[shop](s.Rooms) }

// warehouse is a warehouse of the platform that the merchant may use.
type warehouse struct {
	ID       string    `json:"id"`
	ShownAs  string    `json:"shown_as"` // its id among the warehouses of orders
	Name     string    `json:"name"`
	Address  address   `json:"address"`
	Services []service `json:"services"`
}

type address struct {
	Line1      string `json:"address_line_1"`
	Line2      string `json:"address_line_2"`
	Line3      string `json:"address_line_3"`
	City       string `json:"city"`
	District   string `json:"district"`
	PostalCode string `json:"postal_code"`
	RegionCode string `json:"region_code"`
	State      string `json:"state"`
}

type service struct {
	ID         string `json:"id"`
	Name       string `json:"name"`
	Subscribed bool   `json:"subscribed"`
}

// good is what a warehouse counts. It is sold as the SKUs that it is matched with.
type good struct {
	ID        string              `json:"id"`
	Name      string              `json:"name"`
	Reference string              `json:"reference"`
	Barcode   string              `json:"barcode"`
	Image     string              `json:"image"` // URI; "" for none
	SKUs      []match             `json:"skus"`
	Lot       bool                `json:"lot"`  // its lots and their expiry are watched
	Held      map[string]*holding `json:"held"` // by warehouse
}

type match struct {
	Product string `json:"product"`
	SKU     string `json:"sku"`
}

// holding is the stock of a good in a warehouse.
type holding struct {
	OnHand    int64 `json:"on_hand"` // fit to be sold, reserved or not
	Reserved  int64 `json:"reserved"`
	Defective int64 `json:"defective"`
}

// inbound is stock on its way into a warehouse.
type inbound struct {
	ID        string  `json:"id"`
	Warehouse string  `json:"warehouse"`
	Status    string  `json:"status"`
	Created   int64   `json:"created"`
	Shipped   int64   `json:"shipped"` // 0: not yet
	Expected  int64   `json:"expected"`
	Arrived   int64   `json:"arrived"` // 0: not yet
	Due       int64   `json:"due"`     // when it moves by itself; 0: it does not
	Carrier   string  `json:"carrier"`
	Tracking  string  `json:"tracking"`
	Lines     []line  `json:"lines"`
	Batches   []batch `json:"batches"`
	Log       []step  `json:"log"`
}

type line struct {
	Good     string `json:"good"`
	Quantity int64  `json:"quantity"`
}

// batch is a part that was counted in.
type batch struct {
	ID        string `json:"id"`
	Good      string `json:"good"`
	Normal    int64  `json:"normal"`
	Defective int64  `json:"defective"`
}

type step struct {
	Status string `json:"status"`
	Time   int64  `json:"time"`
}

// record is a change of the stock on hand.
type record struct {
	Number    int64  `json:"number"` // counts up from 1
	Warehouse string `json:"warehouse"`
	Good      string `json:"good"`
	Kind      string `json:"kind"`
	Initial   int64  `json:"initial"`
	Final     int64  `json:"final"`
	OrderID   string `json:"order_id"`
	OrderType string `json:"order_type"`
	Created   int64  `json:"created"`
}

// The kinds of stock.
const (
	kindNormal    = "NORMAL"
	kindDefective = "DEFECTIVE"
)

func (f *shop) good(id string) *good {
	i := slices.IndexFunc(f.Goods, func(g *good) bool { return g.ID == id })
	if i < 0 {
		return nil
	}
	return f.Goods[i]
}

func (f *shop) warehouse(id string) *warehouse {
	i := slices.IndexFunc(f.Warehouses, func(w *warehouse) bool { return w.ID == id })
	if i < 0 {
		return nil
	}
	return f.Warehouses[i]
}

func (f *shop) inbound(id string) *inbound {
	i := slices.IndexFunc(f.Inbound, func(o *inbound) bool { return o.ID == id })
	if i < 0 {
		return nil
	}
	return f.Inbound[i]
}

func (f *shop) outbound(id string) *outbound {
	i := slices.IndexFunc(f.Outbound, func(o *outbound) bool { return o.ID == id })
	if i < 0 {
		return nil
	}
	return f.Outbound[i]
}

// in returns the stock of a good in a warehouse.
func (g *good) in(warehouse string) *holding {
	h := g.Held[warehouse]
	if h == nil {
		h = new(holding)
		g.Held[warehouse] = h
	}
	return h
}

// transit is how much of a good is on its way into a warehouse.
func (f *shop) transit(good, warehouse string) (n int64) {
	for _, o := range f.Inbound {
		if o.Warehouse == warehouse && o.Shipped > 0 && !o.ended() {
			for _, l := range o.Lines {
				if l.Good == good {
					n += max(0, l.Quantity-o.counted(good))
				}
			}
		}
	}
	return n
}
