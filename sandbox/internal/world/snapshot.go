package world

import (
	"encoding/json"
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
