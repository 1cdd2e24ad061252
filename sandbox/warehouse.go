package sandbox

import (
	"encoding/json"
	"slices"
)

// warehouseAddress is the address of a warehouse. Its district is spelt as on
// the wire.
type warehouseAddress struct {
	Region               string      `json:"region"`
	RegionCode           string      `json:"region_code"`
	State                string      `json:"state"`
	City                 string      `json:"city"`
	District             string      `json:"distict"`
	Town                 string      `json:"town"`
	AddressLine1         string      `json:"address_line1"`
	AddressLine2         string      `json:"address_line2"`
	AddressLine3         string      `json:"address_line3,omitempty"`
	AddressLine4         string      `json:"address_line4,omitempty"`
	FullAddress          string      `json:"full_address"`
	PostalCode           string      `json:"postal_code"`
	ContactPerson        string      `json:"contact_person"`
	FirstName            string      `json:"first_name,omitempty"`
	LastName             string      `json:"last_name,omitempty"`
	FirstNameLocalScript string      `json:"first_name_local_script,omitempty"`
	LastNameLocalScript  string      `json:"last_name_local_script,omitempty"`
	PhoneNumber          string      `json:"phone_number"`
	Geolocation          geolocation `json:"geolocation"`
}

type geolocation struct {
	Latitude  string `json:"latitude"`
	Longitude string `json:"longitude"`
}

// warehouse is a warehouse of a shop.
type warehouse struct {
	id        string
	entityID  string
	name      string
	kind      string
	subType   string
	status    string
	isDefault bool
	address   warehouseAddress
}

// The kinds of warehouses.
const (
	warehouseSales  = "SALES_WAREHOUSE"
	warehouseReturn = "RETURN_WAREHOUSE"
)

// warehouseEnabled is the state of a warehouse that works.
const warehouseEnabled = "ENABLED"

// warehouse returns a warehouse of the shop by its id, or nil. The caller holds
// the shop's lock.
func (s *shop) warehouse(id string) *warehouse {
	for i := range s.warehouses {
		if s.warehouses[i].id == id {
			return &s.warehouses[i]
		}
	}
	return nil
}

// salesWarehouses returns the warehouses that stock can be in, the default
// first.
func (s *shop) salesWarehouses() []*warehouse {
	var list []*warehouse
	for i := range s.warehouses {
		switch w := &s.warehouses[i]; {
		case w.kind != warehouseSales || w.status != warehouseEnabled:
		case w.isDefault:
			list = slices.Insert(list, 0, w)
		default:
			list = append(list, w)
		}
	}
	return list
}

// warehousesPart holds the warehouses of a shop.
func (s *shop) warehousesPart() part {
	type savedWarehouse struct {
		ID        string           `json:"id"`
		EntityID  string           `json:"entity_id"`
		Name      string           `json:"name"`
		Kind      string           `json:"kind"`
		SubType   string           `json:"sub_type"`
		Status    string           `json:"status"`
		IsDefault bool             `json:"is_default"`
		Address   warehouseAddress `json:"address"`
	}
	type saved struct {
		IDs  ids              `json:"ids"`
		List []savedWarehouse `json:"list"`
	}
	return part{"warehouses",
		func() any {
			kept := saved{s.warehouseIDs, []savedWarehouse{}}
			for _, w := range s.warehouses {
				kept.List = append(kept.List, savedWarehouse{w.id, w.entityID, w.name, w.kind, w.subType, w.status, w.isDefault, w.address})
			}
			return kept
		},
		func(raw json.RawMessage) error {
			var kept saved
			if err := unmarshal(raw, &kept); err != nil {
				return err
			}
			s.warehouseIDs, s.warehouses = kept.IDs, nil
			for _, w := range kept.List {
				s.warehouses = append(s.warehouses, warehouse{
					w.ID, w.EntityID, w.Name, w.Kind, w.SubType, w.Status, w.IsDefault, w.Address,
				})
			}
			return nil
		}}
}

// streamWarehouses is where the random streams of new warehouses begin.
const streamWarehouses = 1 << 23

// country names the country of a market as addresses do.
func country(region string) string {
	return map[string]string{"US": "United States", "GB": "United Kingdom", "VN": "Việt Nam"}[region]
}

// subType is the kind of the warehouses that a shop has.
func (s *shop) subType() string {
	if s.SellerType == "CROSS_BORDER" {
		return "CB_OVERSEA_WAREHOUSE"
	}
	return "DOMESTIC_WAREHOUSE"
}
