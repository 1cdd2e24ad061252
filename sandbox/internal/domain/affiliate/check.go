package affiliate

import (
	"fmt"
	"slices"

	"github.com/ttshop-go/ttshop/sandbox/internal/domain/product"
	"github.com/ttshop-go/ttshop/sandbox/internal/keep"
	"github.com/ttshop-go/ttshop/sandbox/internal/world"
)

// checkShop checks what a shop that was read from a snapshot agreed with
// creators.
func checkShop(s *world.Shop) error {
	a := Of(s)
	checkCreator := func(id string) error {
		if findCreator(s.World, s.Region, id, byUserID) == nil {
			return keep.Placed("creator", fmt.Errorf("the market has no creator %.40q", id))
		}
		return nil
	}
	return keep.Placed("affiliate", keep.First(
		keep.CheckIDs("open", a.Open, func(o **openCollaboration) string { return (*o).ID }),
		keep.CheckIDs("targets", a.Targets, func(t **targetCollaboration) string { return (*t).ID }),
		keep.CheckIDs("applications", a.Applications, func(p **sampleApplication) string { return (*p).ID }),
		keep.CheckEach("open", a.Open, func(o **openCollaboration) error {
			if (*o).Removed == nil {
				return keep.Placed("removed", keep.ErrMissing)
			}
			return product.CheckProduct(s, "product", (*o).Product)
		}),
		keep.CheckEach("rules", a.Rules, func(r **sampleRule) error { return product.CheckProduct(s, "product", (*r).Product) }),
		keep.CheckEach("targets", a.Targets, func(t **targetCollaboration) error {
			return keep.First(
				keep.CheckEach("creators", (*t).Creators, func(i *invitation) error { return checkCreator(i.Creator) }),
				keep.CheckEach("products", (*t).Products, func(p *targetProduct) error {
					if len(p.Rates) == 0 {
						return keep.Placed("rates", keep.ErrEmpty)
					}
					return product.CheckProduct(s, "id", p.ID)
				}),
			)
		}),
		keep.CheckEach("applications", a.Applications, func(p **sampleApplication) error {
			if !slices.ContainsFunc(a.Open, func(o *openCollaboration) bool { return o.ID == (*p).Open }) {
				return keep.Placed("open", fmt.Errorf("the shop has no open collaboration %.40q", (*p).Open))
			}
			return keep.First(checkCreator((*p).Creator), product.CheckProduct(s, "product", (*p).Product))
		}),
	))
}
