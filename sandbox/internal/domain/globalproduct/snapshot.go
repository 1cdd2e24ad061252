package globalproduct

import (
	"encoding/json"
	"fmt"

	"github.com/ttshop-go/ttshop/sandbox/internal/keep"
	"github.com/ttshop-go/ttshop/sandbox/internal/world"
)

// globalsPart holds the global products of the sellers.
func globalsPart(w *world.World) keep.Part {
	return keep.Part{Name: "global_products",
		Save: func() any { return Of(w).Sellers },
		Load: func(raw json.RawMessage) error {
			var sellers map[string]*sellerGlobals
			if err := keep.Decode(raw, &sellers); err != nil {
				return err
			}
			for openID, g := range sellers {
				for i, p := range g.List {
					at := fmt.Sprintf("[%q].list[%d].product", openID, i)
					if p.Product == nil {
						return keep.Placed(at, keep.ErrMissing)
					}
					if err := p.Restored(); err != nil {
						return keep.Placed(at+".id", err)
					}
				}
			}
			Of(w).Sellers = sellers
			return nil
		}}
}
