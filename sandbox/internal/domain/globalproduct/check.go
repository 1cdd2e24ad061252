package globalproduct

import (
	"fmt"

	"github.com/ttshop-go/ttshop/sandbox/internal/domain/category"
	"github.com/ttshop-go/ttshop/sandbox/internal/keep"
	"github.com/ttshop-go/ttshop/sandbox/internal/world"
)

// checkWorld checks the global products of a world that was read from a
// snapshot.
func checkWorld(w *world.World) error {
	for _, owner := range []*world.Seller{&w.Seller, &w.Neighbour} {
		if Of(w).Sellers[owner.OpenID] == nil {
			return keep.Placed("global_products", fmt.Errorf("seller %.60q has none", owner.OpenID))
		}
	}
	return keep.CheckKeyed("global_products", Of(w).Sellers, func(_ string, g *sellerGlobals) error {
		if g.CustomIDs == nil {
			return keep.Placed("custom_ids", keep.ErrMissing)
		}
		return keep.CheckEach("list", g.List, func(at **GlobalProduct) error {
			p := *at
			if err := keep.Placed("product", keep.First(
				keep.CheckOneOf("status", p.Status, globalDraft, globalUnpublished, globalPublished, globalDeleted),
				p.Check(category.CatalogOf(w)),
			)); err != nil {
				return err
			}
			return keep.CheckEach("locals", p.Locals, func(l *globalLocal) error {
				if w.ShopByID(l.Shop) == nil {
					return keep.Placed("shop", fmt.Errorf("no shop has the id %.40q", l.Shop))
				}
				return nil
			})
		})
	})
}
