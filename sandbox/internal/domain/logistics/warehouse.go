package logistics

import (
	"strconv"

	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
	"github.com/ttshop-go/ttshop/sandbox/internal/invent"
	"github.com/ttshop-go/ttshop/sandbox/internal/world"
)

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
func (in *warehouseInput) apply(s *world.Shop, w *world.Warehouse) *gate.Failure {
	isNew := w.ID == ""
	if in.Type != nil && !isNew && *in.Type != w.Kind {
		return gate.Fail(gate.CodeInvalidParameter, "'warehouse.type' of a warehouse is fixed")
	}
	if in.Default != nil && !*in.Default && w.IsDefault {
		return gate.Fail(gate.CodeInvalidParameter, "'warehouse.default_warehouse' cannot be taken from the default; give it to another warehouse instead")
	}
	invent.Take(&w.Name, in.Name)
	invent.Take(&w.Kind, in.Type)
	at := &w.Address
	if a := in.Address; a != nil {
		if a.Region != nil && *a.Region != "" && *a.Region != s.Region && *a.Region != world.Country(s.Region) {
			return gate.Fail(gate.CodeInvalidParameter, "'warehouse.address.region' ", strconv.Quote(*a.Region), " is not the market of the shop, ", s.Region)
		}
		invent.Take(&at.AddressLine1, a.AddressLine1)
		invent.Take(&at.AddressLine2, a.AddressLine2)
		invent.Take(&at.AddressLine3, a.AddressLine3)
		invent.Take(&at.AddressLine4, a.AddressLine4)
		invent.Take(&at.City, a.City)
		invent.Take(&at.District, a.District)
		invent.Take(&at.PostalCode, a.Postcode)
		invent.Take(&at.State, a.State)
		at.Geolocation = world.Geolocation{} // that of the place before
		joinAddress(at)
	}
	invent.Take(&at.ContactPerson, in.ContactPerson)
	invent.Take(&at.FirstName, in.FirstName)
	invent.Take(&at.LastName, in.LastName)
	invent.Take(&at.FirstNameLocalScript, in.FirstNameLocalScript)
	invent.Take(&at.LastNameLocalScript, in.LastNameLocalScript)
	invent.Take(&at.PhoneNumber, in.PhoneNumber)
	for _, needed := range []struct{ name, value string }{
		{"name", w.Name}, {"type", w.Kind}, {"address.address_line_1", at.AddressLine1},
		{"contact_person", at.ContactPerson + at.FirstName}, {"phone_number", at.PhoneNumber},
	} {
		if needed.value == "" {
			return gate.Missing("warehouse." + needed.name)
		}
	}
	return nil
}

// warehouseBody reads a request and finds the shop, which may be left out.
func warehouseBody(c *gate.Call, id string) (*warehouseInput, *gate.Failure) {
	var input struct {
		Warehouse *warehouseInput `json:"warehouse"`
	}
	if f := c.Decode(&input); f != nil {
		return nil, f
	}
	if input.Warehouse == nil {
		return nil, gate.Missing("warehouse")
	}
	return input.Warehouse, c.WithShop(id)
}

// createWarehouse adds a warehouse, which works at once.
func createWarehouse(c *gate.Call) *gate.Failure {
	input, f := warehouseBody(c, "")
	if f != nil {
		return f
	}
	s := c.Shop
	s.Mu.Lock()
	defer s.Mu.Unlock()
	w := world.Warehouse{SubType: s.SubType(), Status: world.WarehouseEnabled, Address: world.WarehouseAddress{Region: world.Country(s.Region), RegionCode: s.Region}}
	if f := input.apply(s, &w); f != nil {
		return f
	}
	only := true
	for i := range s.Warehouses {
		other := &s.Warehouses[i]
		if other.Address.FullAddress == w.Address.FullAddress { // places have one entity for all their uses
			w.EntityID = other.EntityID
		}
		only = only && other.Kind != w.Kind
	}
	if w.EntityID == "" {
		w.EntityID = s.WarehouseIDs.New()
	}
	w.ID = s.WarehouseIDs.New()
	s.Warehouses = append(s.Warehouses, w)
	if only || input.Default != nil && *input.Default {
		makeDefault(s, &s.Warehouses[len(s.Warehouses)-1])
	}
	c.State.World.Owners.Add(s, w.ID)
	c.JSON(warehouseOutcome{w.ID, []warehouseError{}})
	return nil
}

// updateWarehouse changes what the request names and leaves the rest.
func updateWarehouse(c *gate.Call) *gate.Failure {
	id := c.Param(0)
	input, f := warehouseBody(c, id)
	if f != nil {
		return f
	}
	s := c.Shop
	s.Mu.Lock()
	defer s.Mu.Unlock()
	w := s.Warehouse(id)
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
	c.JSON(warehouseOutcome{Errors: []warehouseError{}})
	return nil
}

// warehouseUnknown refuses the id of no warehouse of the shop; no code is
// documented for that.
func warehouseUnknown(id string) *gate.Failure {
	return gate.Fail(gate.CodeInvalidParameter, "'warehouse_id' ", strconv.Quote(id), " is not a warehouse of the shop")
}
