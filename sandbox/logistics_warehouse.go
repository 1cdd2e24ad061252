package sandbox

import "strconv"

// warehouseInput is what creation and update of a warehouse take. The area that
// it serves and the number that the seller has for it are shown by no
// operation, so nothing keeps them.
type warehouseInput struct {
	Name    *string                `json:"name"`
	Type    *string                `json:"type"`
	Default *bool                  `json:"default_warehouse"`
	Address *warehouseAddressInput `json:"address"`

	ContactPerson        *string `json:"contact_person"`
	FirstName            *string `json:"first_name"`
	LastName             *string `json:"last_name"`
	FirstNameLocalScript *string `json:"first_name_local_script"`
	LastNameLocalScript  *string `json:"last_name_local_script"`
	PhoneNumber          *string `json:"phone_number"`
}

// warehouseAddressInput spells things unlike the list of warehouses does.
type warehouseAddressInput struct {
	AddressLine1 *string `json:"address_line_1"`
	AddressLine2 *string `json:"address_line_2"`
	AddressLine3 *string `json:"address_line_3"`
	AddressLine4 *string `json:"address_line_4"`
	City         *string `json:"city"`
	District     *string `json:"district"`
	Postcode     *string `json:"postcode"`
	Region       *string `json:"region"`
	State        *string `json:"state"`
}

// warehouseOutcome answers changes. What the platform puts into the list of
// errors is not documented: here a refusal is that of the whole request.
type warehouseOutcome struct {
	ID     string           `json:"warehouse_id,omitempty"` // of a new one
	Errors []warehouseError `json:"error_list"`
}

type warehouseError struct {
	Code    int    `json:"code"`
	Message string `json:"message"`
}

// apply takes over what a request says about a warehouse. No code is documented
// for what it does not take, and no field is called mandatory: a warehouse
// needs a name, a type, a first line of the address and somebody to call.
func (in *warehouseInput) apply(s *shop, w *warehouse) *failure {
	isNew := w.id == ""
	if in.Type != nil && !isNew && *in.Type != w.kind {
		return fail(codeInvalidParameter, "'warehouse.type' of a warehouse is fixed")
	}
	if in.Default != nil && !*in.Default && w.isDefault {
		return fail(codeInvalidParameter, "'warehouse.default_warehouse' cannot be taken from the default; give it to another warehouse instead")
	}
	take(&w.name, in.Name)
	take(&w.kind, in.Type)
	at := &w.address
	if a := in.Address; a != nil {
		if a.Region != nil && *a.Region != "" && *a.Region != s.Region && *a.Region != country(s.Region) {
			return fail(codeInvalidParameter, "'warehouse.address.region' ", strconv.Quote(*a.Region), " is not the market of the shop, ", s.Region)
		}
		take(&at.AddressLine1, a.AddressLine1)
		take(&at.AddressLine2, a.AddressLine2)
		take(&at.AddressLine3, a.AddressLine3)
		take(&at.AddressLine4, a.AddressLine4)
		take(&at.City, a.City)
		take(&at.District, a.District)
		take(&at.PostalCode, a.Postcode)
		take(&at.State, a.State)
		at.Geolocation = geolocation{} // that of the place before
		joinAddress(at)
	}
	take(&at.ContactPerson, in.ContactPerson)
	take(&at.FirstName, in.FirstName)
	take(&at.LastName, in.LastName)
	take(&at.FirstNameLocalScript, in.FirstNameLocalScript)
	take(&at.LastNameLocalScript, in.LastNameLocalScript)
	take(&at.PhoneNumber, in.PhoneNumber)
	for _, needed := range []struct{ name, value string }{
		{"name", w.name}, {"type", w.kind}, {"address.address_line_1", at.AddressLine1},
		{"contact_person", at.ContactPerson + at.FirstName}, {"phone_number", at.PhoneNumber},
	} {
		if needed.value == "" {
			return missing("warehouse." + needed.name)
		}
	}
	return nil
}

// warehouseBody reads a request and finds the shop, which may be left out.
func warehouseBody(c *call, id string) (*warehouseInput, *failure) {
	var input struct {
		Warehouse *warehouseInput `json:"warehouse"`
	}
	if f := c.decode(&input); f != nil {
		return nil, f
	}
	if input.Warehouse == nil {
		return nil, missing("warehouse")
	}
	return input.Warehouse, c.withShop(id)
}

// createWarehouse adds a warehouse, which works at once.
func createWarehouse(c *call) *failure {
	input, f := warehouseBody(c, "")
	if f != nil {
		return f
	}
	s := c.shop
	s.mu.Lock()
	defer s.mu.Unlock()
	w := warehouse{subType: s.subType(), status: warehouseEnabled, address: warehouseAddress{Region: country(s.Region), RegionCode: s.Region}}
	if f := input.apply(s, &w); f != nil {
		return f
	}
	only := true
	for i := range s.warehouses {
		other := &s.warehouses[i]
		if other.address.FullAddress == w.address.FullAddress { // places have one entity for all their uses
			w.entityID = other.entityID
		}
		only = only && other.kind != w.kind
	}
	if w.entityID == "" {
		w.entityID = s.warehouseIDs.new()
	}
	w.id = s.warehouseIDs.new()
	s.warehouses = append(s.warehouses, w)
	if only || input.Default != nil && *input.Default {
		makeDefault(s, &s.warehouses[len(s.warehouses)-1])
	}
	c.state.world.owners.add(s, w.id)
	c.json(warehouseOutcome{w.id, []warehouseError{}})
	return nil
}

// updateWarehouse changes what the request names and leaves the rest.
func updateWarehouse(c *call) *failure {
	id := c.param(0)
	input, f := warehouseBody(c, id)
	if f != nil {
		return f
	}
	s := c.shop
	s.mu.Lock()
	defer s.mu.Unlock()
	w := s.warehouse(id)
	if w == nil {
		return warehouseUnknown(id)
	}
	changed := *w
	if f := input.apply(s, &changed); f != nil {
		return f
	}
	*w = changed
	if input.Default != nil && *input.Default {
		makeDefault(s, w)
	}
	c.json(warehouseOutcome{Errors: []warehouseError{}})
	return nil
}

// warehouseUnknown refuses the id of no warehouse of the shop; no code is
// documented for that.
func warehouseUnknown(id string) *failure {
	return fail(codeInvalidParameter, "'warehouse_id' ", strconv.Quote(id), " is no warehouse of the shop")
}
