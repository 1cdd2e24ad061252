package product

import (
	"cmp"
	"slices"
	"strconv"

	"github.com/ttshop-go/ttshop/sandbox/internal/invent"
	"github.com/ttshop-go/ttshop/sandbox/internal/world"
)

// setStock is how many units of a part have to be there for a set to be made of it.
const setStock = 20

// SeedCombined gives a shop a combined product, a set of its two oldest, and a
// combined listing.
func SeedCombined(s *world.Shop) {
	all := Of(s)
	live := slices.DeleteFunc(slices.Clone(all.List), func(p *Product) bool { return p.Status != ProductActivate || p.Draft != nil })
	stocked := slices.DeleteFunc(slices.Clone(live), func(p *Product) bool {
		places := p.Stock[p.Live.SKUs[0].ID]
		return places[0].Available < setStock || places[0].Warehouse != s.SalesWarehouses()[0].ID
	})
	if len(stocked) > 1 && stocked[1] != all.List[len(all.List)-1] {
		seedSet(s, stocked[0], stocked[1])
	}
	// Products of one category, where two of it are live.
	for _, p := range live {
		var alike []string
		for _, other := range live {
			if other.Live.CategoryID == p.Live.CategoryID {
				alike = append(alike, other.ID)
			}
		}
		if len(alike) > 1 {
			listTogether(s, alike)
			return
		}
	}
	if len(live) > 1 {
		listTogether(s, []string{live[len(live)-2].ID, live[len(live)-1].ID})
	}
}

// seedSet makes a set of one unit of a product and two of another, at nine tenths of
// their price. It is as old as its place among the ids says: a little younger than
// the second product.
func seedSet(s *world.Shop, one, two *Product) {
	all := Of(s)
	next := all.List[slices.Index(all.List, two)+1]
	last := two.Number
	for i := range two.Live.SKUs {
		last = max(last, invent.Number(two.Live.SKUs[i].ID))
	}
	gap := (next.Number - last) / 3
	created := (two.Created + next.Created) / 2
	a, b := &one.Live.SKUs[0], &two.Live.SKUs[0]
	price := (a.Price + 2*b.Price) * 9 / 10
	if s.Market.Decimals == 0 {
		price = price / 1000 * 1000
	}
	p := &Product{
		ID: strconv.FormatInt(last+gap, 10), Number: last + gap, Created: created, Updated: created, Status: ProductActivate, Passed: true,
		Audit: AuditApproved, Quality: one.Quality, Stock: map[string][]Stock{},
		Live: one.Live.Clone(),
	}
	name := cmp.Or(map[string]string{"vi-VN": "Bộ sản phẩm: ", "pt-BR": "Conjunto: "}[s.Market.Locale], "Set: ")
	c := &p.Live
	c.Title = name + one.Live.Title + " + 2 × " + two.Live.Title
	c.Description = "<p>" + c.Title + ".</p>"
	c.Images = []string{one.Live.Images[0], two.Live.Images[0]}
	c.COD = one.Live.COD && two.Live.COD
	c.Weight = &Weight{Value: kilograms(grams(one.Live.Weight) + 2*grams(two.Live.Weight)), Unit: "KILOGRAM"}
	c.PrimaryCombined = one.ID
	c.SKUs = []SKU{{
		ID: strconv.FormatInt(last+2*gap, 10), Price: price, SellerSKU: "SET-" + a.SellerSKU,
		Combined: []CombinedSKU{{one.ID, a.ID, 1}, {two.ID, b.ID, 2}},
	}}
	all.ByID[p.ID] = p
	all.List = slices.Insert(all.List, slices.Index(all.List, next), p)
	s.World.Owners.Add(s, p.ID, c.SKUs[0].ID)
	Combine(s)
}

// grams reads a weight in kilograms.
func grams(w *Weight) int {
	value, err := strconv.ParseFloat(w.Value, 64)
	if err != nil {
		panic("sandbox: an invented weight is " + w.Value)
	}
	return int(value*1000 + 0.5)
}
