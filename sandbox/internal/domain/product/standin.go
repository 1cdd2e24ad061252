package product

import (
	"github.com/ttshop-go/ttshop/sandbox/internal/invent"
	"github.com/ttshop-go/ttshop/sandbox/internal/market"
	"github.com/ttshop-go/ttshop/sandbox/internal/world"
)

// NewStandIn returns a shop of no world's list where a product can be built
// without being put on sale: it draws ids from a source of its own and has the
// names of the seller's own that are given, but neither products nor orders.
func NewStandIn(w *world.World, as world.Identity, owner string, r *market.Region, source invent.IDs, customIDs map[string]string) *world.Shop {
	s := &world.Shop{Identity: as, Owner: owner, Market: r, IDs: source, World: w, Deadlines: new(world.Deadlines)}
	s.Rooms.Furnish(&products{ByID: map[string]*Product{}, idempotencyKeys: map[string]*Product{}, customIDs: customIDs})
	return s
}
