package product

import (
	"github.com/ttshop-go/ttshop/sandbox/internal/invent"
	"github.com/ttshop-go/ttshop/sandbox/internal/market"
	"github.com/ttshop-go/ttshop/sandbox/internal/world"
)

// Terms are what a listing is checked against, and what it takes its ids from:
// those of a shop, or others where none is to be changed.
type Terms struct {
	Market     *market.Region
	SellerType string // LOCAL or CROSS_BORDER
	Warehouses world.Warehouses
	IDs        *invent.IDs
	CustomIDs  map[string]string // of names of the seller's own
	Global     bool              // of a global product, whose stock may be left out
}

// TermsOf returns the terms of a shop, whose lock the caller holds for as long
// as they are used.
func TermsOf(s *world.Shop) *Terms {
	return &Terms{Market: s.Market, SellerType: s.SellerType, Warehouses: s.Warehouses, IDs: &s.IDs, CustomIDs: Of(s).customIDs}
}

// customID returns the id of a name of the seller's own: the same name has the
// same id wherever these terms hold.
func (t *Terms) customID(name string) string {
	if t.CustomIDs[name] == "" {
		t.CustomIDs[name] = t.IDs.New()
	}
	return t.CustomIDs[name]
}
