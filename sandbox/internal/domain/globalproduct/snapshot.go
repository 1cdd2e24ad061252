package globalproduct

import (
	"encoding/json"
	"fmt"

	"github.com/ttshop-go/ttshop/sandbox/internal/domain/product"
	"github.com/ttshop-go/ttshop/sandbox/internal/invent"
	"github.com/ttshop-go/ttshop/sandbox/internal/keep"
	"github.com/ttshop-go/ttshop/sandbox/internal/world"
)

// The forms of global products in snapshots. A test fails where a field is
// missing here.
type (
	keptGlobals struct {
		ID        string              `json:"id"`
		IDs       invent.IDs          `json:"ids"`
		CustomIDs map[string]string   `json:"custom_ids"`
		List      []KeptGlobalProduct `json:"list"`
	}

	KeptGlobalProduct struct {
		Product      product.KeptProduct  `json:"product"`
		Currency     string               `json:"currency"`
		Locale       string               `json:"locale"`
		Manufacturer *globalManufacturer  `json:"manufacturer"`
		More         map[string]globalSKU `json:"more"`
		Locals       []globalLocal        `json:"locals"`
	}
)

// globalsPart holds the global products of the sellers.
func globalsPart(w *world.World) keep.Part {
	return keep.Part{Name: "global_products",
		Save: func() any {
			saved := map[string]keptGlobals{} // by open id
			for openID, g := range Of(w).Sellers {
				saved[openID] = keptGlobals{g.id, g.ids, g.customIDs, invent.Each(g.list, (*GlobalProduct).Save)}
			}
			return saved
		},
		Load: func(raw json.RawMessage) error {
			var saved map[string]keptGlobals
			if err := keep.Decode(raw, &saved); err != nil {
				return err
			}
			Of(w).Sellers = map[string]*sellerGlobals{}
			for openID, kept := range saved {
				g := &sellerGlobals{id: kept.ID, ids: kept.IDs, customIDs: kept.CustomIDs}
				for i := range kept.List {
					p, err := kept.List[i].Restore()
					if err != nil {
						return keep.Placed(fmt.Sprintf("[%q].list[%d].product.id", openID, i), err)
					}
					g.list = append(g.list, p)
				}
				Of(w).Sellers[openID] = g
			}
			return nil
		}}
}

// Save returns the global product as a snapshot keeps it.
func (p *GlobalProduct) Save() KeptGlobalProduct {
	return KeptGlobalProduct{p.Product.Save(), p.currency, p.locale, p.manufacturer, p.more, p.locals}
}

// Restore returns the global product that a snapshot kept.
func (s *KeptGlobalProduct) Restore() (*GlobalProduct, error) {
	p, err := s.Product.Restore()
	if err != nil {
		return nil, err
	}
	return &GlobalProduct{p, s.Currency, s.Locale, s.Manufacturer, s.More, s.Locals}, nil
}
