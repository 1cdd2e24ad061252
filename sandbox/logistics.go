package sandbox

// warehouseAddress is the address of a warehouse. Its district is spelt as on
// the wire.
type warehouseAddress struct {
	Region        string      `json:"region"`
	RegionCode    string      `json:"region_code"`
	State         string      `json:"state"`
	City          string      `json:"city"`
	District      string      `json:"distict"`
	Town          string      `json:"town"`
	AddressLine1  string      `json:"address_line1"`
	AddressLine2  string      `json:"address_line2"`
	FullAddress   string      `json:"full_address"`
	PostalCode    string      `json:"postal_code"`
	ContactPerson string      `json:"contact_person"`
	PhoneNumber   string      `json:"phone_number"`
	Geolocation   geolocation `json:"geolocation"`
}

type geolocation struct {
	Latitude  string `json:"latitude"`
	Longitude string `json:"longitude"`
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
	list := []view{}
	for _, w := range c.shop.warehouses {
		list = append(list, view{w.id, w.entityID, w.name, w.kind, w.subType, w.status, w.isDefault, w.address})
	}
	c.json(struct {
		Warehouses []view `json:"warehouses"`
	}{list})
	return nil
}
