package sandbox

import (
	"slices"
	"strconv"
	"strings"
)

// joinAddress writes the whole address into one line.
func joinAddress(a *warehouseAddress) {
	parts := []string{a.AddressLine1, a.AddressLine2, a.AddressLine3, a.AddressLine4, a.District, a.City, a.State, a.PostalCode}
	a.FullAddress = strings.Join(slices.DeleteFunc(parts, func(part string) bool { return part == "" }), ", ")
}

// makeDefault makes a warehouse the one that stands in where none is named; it
// takes the place of another one of its kind.
func makeDefault(s *shop, w *warehouse) {
	for i := range s.warehouses {
		if s.warehouses[i].kind == w.kind {
			s.warehouses[i].isDefault = false
		}
	}
	w.isDefault = true
}

func getWarehouses(c *call) *failure {
	type view struct {
		ID           string           `json:"id"`
		EntityID     string           `json:"entity_id"`
		Name         string           `json:"name"`
		Type         string           `json:"type"`
		SubType      string           `json:"sub_type"`
		EffectStatus string           `json:"effect_status"`
		IsDefault    bool             `json:"is_default"`
		Address      warehouseAddress `json:"address"`
	}
	c.shop.mu.RLock()
	defer c.shop.mu.RUnlock()
	list := []view{}
	for _, w := range c.shop.warehouses {
		list = append(list, view{w.id, w.entityID, w.name, w.kind, w.subType, w.status, w.isDefault, w.address})
	}
	c.json(struct {
		Warehouses []view `json:"warehouses"`
	}{list})
	return nil
}

// globalWarehouse is a warehouse of a seller that is no shop's.
type globalWarehouse struct {
	ID        string `json:"id"`
	Name      string `json:"name"`
	Ownership string `json:"ownership"`
}

// globalWarehouses lists those of a seller. They never change.
func globalWarehouses(w *world, openID string) []globalWarehouse {
	first := idWarehouses + 9*idStride + mix(w.seed^fnvOf("global warehouse", openID))%(idStride/2)
	id := func(n uint64) string { return strconv.FormatUint(first+n*1_048_573, 10) }
	return []globalWarehouse{
		{id(0), "Global stock", "SELLER"},
		{id(1), "Partner hub", "PLATFORM_COOPERATION"},
	}
}

// getGlobalWarehouses answers creators and partners, who have none, with an
// empty list.
func getGlobalWarehouses(c *call) *failure {
	list := []globalWarehouse{}
	if c.grant.userType == userSeller {
		list = globalWarehouses(c.state.world, c.grant.openID)
	}
	c.json(struct {
		Warehouses []globalWarehouse `json:"global_warehouses"`
	}{list})
	return nil
}
