package compliance

import (
	"fmt"

	"github.com/ttshop-go/ttshop/sandbox/internal/keep"
	"github.com/ttshop-go/ttshop/sandbox/internal/world"
)

// checkWorld checks the registers of a world that was read from a snapshot.
func checkWorld(w *world.World) error {
	for _, owner := range []*world.Seller{&w.Seller, &w.Neighbour} {
		if Of(w).Sellers[owner.OpenID] == nil {
			return keep.Placed("registers", fmt.Errorf("seller %.60q has none", owner.OpenID))
		}
	}
	return keep.CheckKeyed("registers", Of(w).Sellers, func(_ string, r *register) error {
		return keep.First(
			keep.CheckIDs("size_charts", r.SizeCharts, func(e *sizeChartEntry) string { return e.ID }),
			checkEntries("manufacturers", r.Manufacturers),
			checkEntries("responsible_persons", r.Responsible),
		)
	})
}

func checkEntries[P profile[P]](name string, list []registered[P]) error {
	if err := keep.CheckIDs(name, list, func(e *registered[P]) string { return e.ID }); err != nil {
		return err
	}
	return keep.CheckEach(name, list, func(e *registered[P]) error {
		if len(e.Profiles) == 0 {
			return keep.Placed("regional_profiles", keep.ErrEmpty)
		}
		return nil
	})
}
