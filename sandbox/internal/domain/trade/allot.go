package trade

import (
	"fmt"
	"slices"

	"github.com/ttshop-go/ttshop/sandbox/internal/domain/product"
	"github.com/ttshop-go/ttshop/sandbox/internal/world"
)

// heldPart is what a line of a combined SKU holds of one of its parts.
type heldPart struct {
	Product string `json:"product"`
	SKU     string `json:"sku"`
	Count   int64  `json:"count"`
}

// combinedPart is a part of a combined SKU on an order line.
type combinedPart struct {
	SKUID     string `json:"sku_id"`
	SKUCount  int64  `json:"sku_count"`
	ProductID string `json:"product_id"`
	SellerSKU string `json:"seller_sku"`
}

// partsOf lists what a unit of a SKU is made of, nil where it is not combined.
func partsOf(s *world.Shop, v *product.SKU) (held []heldPart, shown []combinedPart) {
	for _, part := range v.Combined {
		held = append(held, heldPart{part.ProductID, part.SKUID, int64(part.SKUCount)})
		as := combinedPart{SKUID: part.SKUID, SKUCount: int64(part.SKUCount), ProductID: part.ProductID}
		if p := product.Of(s).ByID[part.ProductID]; p != nil {
			if found := p.Live.SKU(part.SKUID); found != nil {
				as.SellerSKU = found.SellerSKU
			}
		}
		shown = append(shown, as)
	}
	return held, shown
}

// pieces lists what a hold takes: one unit of its SKU, or all parts of it.
func (h Hold) pieces() []heldPart {
	if len(h.Parts) > 0 {
		return h.Parts
	}
	return []heldPart{{h.Product, h.SKU, 1}}
}

// allot chooses the warehouse that an order is sent from, and for each of its
// units the one that it is taken from: one for the whole order where one has
// everything. What two units share, they cannot both have.
func allot(s *world.Shop, units []Hold) (warehouse string, err error) {
	left := map[[2]string]int64{} // by SKU and warehouse
	for _, u := range units {
		for _, piece := range u.pieces() {
			if p := product.Of(s).ByID[piece.Product]; p != nil {
				for _, at := range p.Stock[piece.SKU] {
					left[[2]string{piece.SKU, at.Warehouse}] = at.Available
				}
			}
		}
	}
	take := func(u Hold, from string) bool {
		for i, piece := range u.pieces() {
			key := [2]string{piece.SKU, from}
			if left[key] < piece.Count {
				for _, taken := range u.pieces()[:i] {
					left[[2]string{taken.SKU, from}] += taken.Count
				}
				return false
			}
			left[key] -= piece.Count
		}
		return true
	}
	wanted := map[string]int64{} // by SKU, of single units and parts alike
	for _, u := range units {
		for _, piece := range u.pieces() {
			wanted[piece.SKU] += piece.Count
		}
	}
	places := s.SalesWarehouses()
	warehouse = places[0].ID
	for _, w := range places {
		whole := true
		for sku, count := range wanted {
			whole = whole && left[[2]string{sku, w.ID}] >= count
		}
		if whole {
			warehouse = w.ID
			break
		}
	}
	ordered := map[string]int64{}
	for _, u := range units {
		ordered[u.SKU]++
	}
	// What is combined comes first: its parts have to be in one place.
	for _, combined := range []bool{true, false} {
		for i := range units {
			u := &units[i]
			if len(u.Parts) > 0 != combined {
				continue
			}
			for _, from := range sources(s, u, warehouse) {
				if take(*u, from) {
					u.Warehouse = from
					break
				}
			}
			if u.Warehouse == "" {
				p := product.Of(s).ByID[u.Product]
				return "", fmt.Errorf("SKU %s: %d wanted, %d in stock", u.SKU, ordered[u.SKU], p.Available(u.SKU))
			}
		}
	}
	return warehouse, nil
}

// sources lists the warehouses that a unit may come from, the preferred one first.
func sources(s *world.Shop, u *Hold, preferred string) []string {
	list := []string{preferred}
	for _, at := range product.Of(s).ByID[u.Product].Stock[u.SKU] {
		if !slices.Contains(list, at.Warehouse) {
			list = append(list, at.Warehouse)
		}
	}
	return list
}
