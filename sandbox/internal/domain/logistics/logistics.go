package logistics

import (
	"slices"
	"strconv"
	"strings"

	"github.com/ttshop-go/ttshop/sandbox/internal/authority"
	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
	"github.com/ttshop-go/ttshop/sandbox/internal/invent"
	"github.com/ttshop-go/ttshop/sandbox/internal/world"
)

// joinAddress writes the whole address into one line.
func joinAddress(a *world.WarehouseAddress) {
	parts := []string{a.AddressLine1, a.AddressLine2, a.AddressLine3, a.AddressLine4, a.District, a.City, a.State, a.PostalCode}
	a.FullAddress = strings.Join(slices.DeleteFunc(parts, func(part string) bool { return part == "" }), ", ")
}

// makeDefault makes a warehouse the one that stands in where none is named; it
// takes the place of another one of its kind.
func makeDefault(s *world.Shop, w *world.Warehouse) {
	for i := range s.Warehouses {
		if s.Warehouses[i].Kind == w.Kind {
			s.Warehouses[i].IsDefault = false
		}
	}
	w.IsDefault = true
}

func getWarehouses(c *gate.Call) *gate.Failure {
	type view struct {
		ID           string                 `json:"id"`
		EntityID     string                 `json:"entity_id"`
		Name         string                 `json:"name"`
		Type         string                 `json:"type"`
		SubType      string                 `json:"sub_type"`
		EffectStatus string                 `json:"effect_status"`
		IsDefault    bool                   `json:"is_default"`
		Address      world.WarehouseAddress `json:"address"`
	}
	list := []view{}
	for _, w := range c.Shop.Warehouses {
		list = append(list, view{w.ID, w.EntityID, w.Name, w.Kind, w.SubType, w.Status, w.IsDefault, w.Address})
	}
	c.JSON(struct {
		Warehouses []view `json:"warehouses"`
	}{list})
	return nil
}

// GlobalWarehouse is a warehouse of a seller that does not belong to a shop.
type GlobalWarehouse struct {
	ID        string `json:"id"`
	Name      string `json:"name"`
	Ownership string `json:"ownership"`
}

// GlobalWarehouses lists those of a seller. They never change.
func GlobalWarehouses(w *world.World, openID string) []GlobalWarehouse {
	first := world.IDWarehouses + 9*world.IDStride + invent.Mix(w.Seed^invent.FNVOf("global warehouse", openID))%(world.IDStride/2)
	id := func(n uint64) string { return strconv.FormatUint(first+n*1_048_573, 10) }
	return []GlobalWarehouse{
		{id(0), "Global stock", "SELLER"},
		{id(1), "Partner hub", "PLATFORM_COOPERATION"},
	}
}

// getGlobalWarehouses answers creators and partners, who have none, with an
// empty list.
func getGlobalWarehouses(c *gate.Call) *gate.Failure {
	list := []GlobalWarehouse{}
	if c.Grant.UserType == authority.UserSeller {
		list = GlobalWarehouses(c.State.World, c.Grant.OpenID)
	}
	c.JSON(struct {
		Warehouses []GlobalWarehouse `json:"global_warehouses"`
	}{list})
	return nil
}
