package sandbox

import "strconv"

// globalWarehouse is a warehouse of a seller that is no shop's.
type globalWarehouse struct {
	ID        string `json:"id"`
	Name      string `json:"name"`
	Ownership string `json:"ownership"`
}

// globalWarehouses lists those of a seller. They never change.
func (w *world) globalWarehouses(openID string) []globalWarehouse {
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
		list = c.state.world.globalWarehouses(c.grant.openID)
	}
	c.json(struct {
		Warehouses []globalWarehouse `json:"global_warehouses"`
	}{list})
	return nil
}
