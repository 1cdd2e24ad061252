package sandbox

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
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

// brandsPart holds the brands that all shops know.
func (w *world) brandsPart() part {
	type savedBrand struct {
		ID         string `json:"id"`
		Name       string `json:"name"`
		Authorized bool   `json:"authorized"`
		Guarded    bool   `json:"guarded"`
	}
	type saved struct {
		IDs  ids          `json:"ids"`
		List []savedBrand `json:"list"`
	}
	return part{"brands",
		func() any {
			s := saved{IDs: w.brands.ids, List: []savedBrand{}}
			for _, b := range w.brands.list {
				s.List = append(s.List, savedBrand{b.id, b.name, b.authorized, b.guarded})
			}
			return s
		},
		func(raw json.RawMessage) error {
			var s saved
			if err := unmarshal(raw, &s); err != nil {
				return err
			}
			w.brands.ids, w.brands.list, w.brands.byID = s.IDs, nil, map[string]*brand{}
			for _, b := range s.List {
				n, err := parseID(b.ID)
				if err != nil {
					return err
				}
				kept := &brand{id: b.ID, number: n, name: b.Name, authorized: b.Authorized, guarded: b.Guarded}
				w.brands.list = append(w.brands.list, kept)
				w.brands.byID[b.ID] = kept
			}
			return nil
		}}
}

// imagesPart holds the images: those with bytes in the order of their upload.
func (w *world) imagesPart() part {
	type savedImage struct {
		URI       string `json:"uri"`
		Width     int    `json:"width"`
		Height    int    `json:"height"`
		MediaType string `json:"media_type,omitempty"`
		Data      []byte `json:"data,omitempty"`
	}
	type saved struct {
		Random    random            `json:"random"`
		Drawn     []savedImage      `json:"drawn"` // on demand
		Stored    []savedImage      `json:"stored"`
		Optimized map[string]string `json:"optimized,omitempty"`
	}
	load := func(s savedImage) *imageInfo {
		return &imageInfo{s.URI, s.Width, s.Height, s.MediaType, s.Data}
	}
	return part{"images",
		func() any {
			s := saved{Random: w.images.rng, Drawn: []savedImage{}, Stored: []savedImage{}, Optimized: w.images.optimized}
			for _, i := range w.images.byURI {
				if i.data == nil {
					s.Drawn = append(s.Drawn, savedImage{i.uri, i.width, i.height, i.mediaType, nil})
				}
			}
			slices.SortFunc(s.Drawn, func(a, b savedImage) int { return strings.Compare(a.URI, b.URI) })
			for _, i := range w.images.stored {
				s.Stored = append(s.Stored, savedImage{i.uri, i.width, i.height, i.mediaType, i.data})
			}
			return s
		},
		func(raw json.RawMessage) error {
			var s saved
			if err := unmarshal(raw, &s); err != nil {
				return err
			}
			w.images.rng, w.images.byURI = s.Random, map[string]*imageInfo{}
			w.images.stored, w.images.size, w.images.optimized = nil, 0, s.Optimized
			for _, i := range s.Drawn {
				w.images.byURI[i.URI] = load(i)
			}
			for _, i := range s.Stored {
				info := load(i)
				w.images.byURI[i.URI] = info
				w.images.stored = append(w.images.stored, info)
				w.images.size += len(i.Data)
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

// shopByID returns a shop by its id, or nil.
func (w *world) shopByID(id string) *shop {
	for _, s := range w.shops {
		if s.ID == id {
			return s
		}
	}
	return nil
}

// warehousesPart holds the warehouses of a shop.
func (s *shop) warehousesPart() part {
	type savedWarehouse struct {
		ID        string           `json:"id"`
		EntityID  string           `json:"entity_id"`
		Name      string           `json:"name"`
		Kind      string           `json:"kind"`
		SubType   string           `json:"sub_type"`
		Status    string           `json:"status"`
		IsDefault bool             `json:"is_default"`
		Address   warehouseAddress `json:"address"`
	}
	type saved struct {
		IDs  ids              `json:"ids"`
		List []savedWarehouse `json:"list"`
	}
	return part{"warehouses",
		func() any {
			kept := saved{s.warehouseIDs, []savedWarehouse{}}
			for _, w := range s.warehouses {
				kept.List = append(kept.List, savedWarehouse{w.id, w.entityID, w.name, w.kind, w.subType, w.status, w.isDefault, w.address})
			}
			return kept
		},
		func(raw json.RawMessage) error {
			var kept saved
			if err := unmarshal(raw, &kept); err != nil {
				return err
			}
			s.warehouseIDs, s.warehouses = kept.IDs, nil
			for _, w := range kept.List {
				s.warehouses = append(s.warehouses, warehouse{
					w.ID, w.EntityID, w.Name, w.Kind, w.SubType, w.Status, w.IsDefault, w.Address,
				})
			}
			return nil
		}}
}

// keptOrder is an order in a snapshot.
type keptOrder struct {
	Data orderData `json:"data"`
}

// ordersPart holds the orders of a shop in the order of their creation.
func (s *shop) ordersPart() part {
	return part{"orders",
		func() any {
			list := []keptOrder{}
			for _, o := range s.orders.byCreate {
				list = append(list, keptOrder{o.orderData})
			}
			return list
		},
		func(raw json.RawMessage) error {
			var saved []keptOrder
			if err := unmarshal(raw, &saved); err != nil {
				return err
			}
			list := make([]*order, 0, len(saved))
			seen := make(map[int64]bool, len(saved))
			for i := range saved {
				o := &saved[i]
				at := fmt.Sprintf("[%d].data", i)
				n, err := parseID(o.Data.ID)
				if err != nil {
					return placed(at+".id", err)
				}
				if seen[n] {
					return placed(at+".id", fmt.Errorf("%s is that of another order too", o.Data.ID))
				}
				seen[n] = true
				if err := checkOrder(&o.Data); err != nil {
					return placed(at, err)
				}
				list = append(list, &order{orderData: o.Data, number: n})
			}
			s.orders = newOrders(list)
			return nil
		}}
}
