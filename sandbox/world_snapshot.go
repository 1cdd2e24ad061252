package sandbox

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
)

// sellersPart holds the owners of the shops.
func (w *world) sellersPart() part {
	type kept struct {
		OpenID        string `json:"open_id"`
		CreatorOpenID string `json:"creator_open_id"`
		Name          string `json:"name"`
		Region        string `json:"region"`
		AssetCipher   string `json:"asset_cipher"`
	}
	return part{"sellers",
		func() any {
			return each([]seller{w.seller, w.neighbour}, func(s seller) kept {
				return kept{s.openID, s.creatorOpenID, s.name, s.region, s.assetCipher}
			})
		},
		func(raw json.RawMessage) error {
			var list [2]kept
			if err := unmarshal(raw, &list); err != nil {
				return err
			}
			for i, to := range []*seller{&w.seller, &w.neighbour} {
				s := list[i]
				*to = seller{s.OpenID, s.CreatorOpenID, s.Name, s.Region, s.AssetCipher}
			}
			return nil
		}}
}

// ownersPart holds which id belongs to which shop. It cannot be rebuilt from
// the shops: ids of SKUs that are gone keep their owner.
func (w *world) ownersPart() part {
	return part{"owners",
		func() any {
			saved := map[string][]string{} // by shop
			for _, id := range slices.Sorted(maps.Keys(w.owners.shops)) {
				owner := w.owners.shops[id].ID
				saved[owner] = append(saved[owner], id)
			}
			return saved
		},
		func(raw json.RawMessage) error {
			var saved map[string][]string
			if err := unmarshal(raw, &saved); err != nil {
				return err
			}
			w.owners.shops = make(map[string]*shop, 4096)
			for id, owned := range saved {
				owner := w.shopByID(id)
				if owner == nil {
					return fmt.Errorf("no shop has the id %q", id)
				}
				w.owners.add(owner, owned...)
			}
			return nil
		}}
}
