package world

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/ttshop-go/ttshop/sandbox/internal/keep"
)

// SellersPart holds the owners of the shops.
func (w *World) SellersPart() keep.Part {
	return keep.Part{Name: "sellers",
		Save: func() any { return [2]Seller{w.Seller, w.Neighbour} },
		Load: func(raw json.RawMessage) error {
			var list [2]Seller
			if err := keep.Decode(raw, &list); err != nil {
				return err
			}
			w.Seller, w.Neighbour = list[0], list[1]
			return nil
		}}
}

// OwnersPart holds which id belongs to which shop. It cannot be rebuilt from
// the shops: ids of SKUs that are gone keep their owner.
func (w *World) OwnersPart() keep.Part {
	return keep.Part{Name: "owners",
		Save: func() any {
			saved := map[string][]string{} // by shop
			for _, id := range slices.Sorted(maps.Keys(w.Owners.Shops)) {
				owner := w.Owners.Shops[id].ID
				saved[owner] = append(saved[owner], id)
			}
			return saved
		},
		Load: func(raw json.RawMessage) error {
			var saved map[string][]string
			if err := keep.Decode(raw, &saved); err != nil {
				return err
			}
			w.Owners.Shops = make(map[string]*Shop, 4096)
			for id, owned := range saved {
				owner := w.ShopByID(id)
				if owner == nil {
					return fmt.Errorf("no shop has the id %q", id)
				}
				w.Owners.Add(owner, owned...)
			}
			return nil
		}}
}

// Check checks the owner, the warehouses and the queue of deadlines of a shop that was
// read from a snapshot.
func (s *Shop) Check() error {
	if s.Owner != s.World.Seller.OpenID && s.Owner != s.World.Neighbour.OpenID {
		return keep.Placed("owner", fmt.Errorf("there is no seller %.60q", s.Owner))
	}
	if len(s.SalesWarehouses()) == 0 {
		return keep.Placed("warehouses.list", errors.New("no warehouse that is enabled can hold stock, want at least one"))
	}
	return keep.First(
		keep.Placed("warehouses", keep.CheckIDs("list", s.Warehouses, func(w *Warehouse) string { return w.ID })),
		keep.Placed("trade.deadlines", s.checkDeadlines()), // they are kept there
	)
}

// checkDeadlines checks the order of the queue and that somebody knows what
// stands in it.
func (s *Shop) checkDeadlines() error {
	d := s.Deadlines
	for i := range d.Queue {
		at := fmt.Sprintf("queue[%d]", i)
		if kind := d.Queue[i].Kind; s.World.Ports.Deadlines[kind] == nil {
			return keep.Placed(at+".kind", fmt.Errorf("is %.40q, want one of %q", kind, slices.Sorted(maps.Keys(s.World.Ports.Deadlines))))
		}
		if parent := (i - 1) / 2; i > 0 && d.Less(i, parent) {
			return keep.Placed(at, fmt.Errorf("is due before queue[%d]: the queue is a heap", parent))
		}
	}
	return nil
}
