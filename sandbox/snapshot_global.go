package sandbox

import "encoding/json"

// The forms of global products in snapshots. A test fails where a field is
// missing here.
type (
	keptGlobals struct {
		ID        string              `json:"id"`
		IDs       ids                 `json:"ids"`
		CustomIDs map[string]string   `json:"custom_ids"`
		List      []keptGlobalProduct `json:"list"`
	}

	keptGlobalProduct struct {
		Product      keptProduct          `json:"product"`
		Currency     string               `json:"currency"`
		Locale       string               `json:"locale"`
		Manufacturer *globalManufacturer  `json:"manufacturer"`
		More         map[string]globalSKU `json:"more"`
		Locals       []globalLocal        `json:"locals"`
	}
)

// globalsPart holds the global products of the sellers.
func globalsPart(w *world) part {
	return part{"global_products",
		func() any {
			saved := map[string]keptGlobals{} // by open id
			for openID, g := range globalsOf(w).sellers {
				saved[openID] = keptGlobals{g.id, g.ids, g.customIDs, each(g.list, (*globalProduct).save)}
			}
			return saved
		},
		func(raw json.RawMessage) error {
			var saved map[string]keptGlobals
			if err := unmarshal(raw, &saved); err != nil {
				return err
			}
			globalsOf(w).sellers = map[string]*sellerGlobals{}
			for openID, kept := range saved {
				g := &sellerGlobals{id: kept.ID, ids: kept.IDs, customIDs: kept.CustomIDs}
				for i := range kept.List {
					p, err := kept.List[i].product()
					if err != nil {
						return err
					}
					g.list = append(g.list, p)
				}
				globalsOf(w).sellers[openID] = g
			}
			return nil
		}}
}

func (p *globalProduct) save() keptGlobalProduct {
	return keptGlobalProduct{p.product.save(), p.currency, p.locale, p.manufacturer, p.more, p.locals}
}

func (s *keptGlobalProduct) product() (*globalProduct, error) {
	p, err := s.Product.product()
	if err != nil {
		return nil, err
	}
	return &globalProduct{p, s.Currency, s.Locale, s.Manufacturer, s.More, s.Locals}, nil
}
