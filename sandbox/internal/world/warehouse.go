package world

import (
	"encoding/json"
	"slices"

	"github.com/ttshop-go/ttshop/sandbox/internal/invent"
	"github.com/ttshop-go/ttshop/sandbox/internal/keep"
)

// WarehouseAddress is the address of a warehouse. Its district is spelt as on
// the wire.
type WarehouseAddress struct {
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
	Geolocation          Geolocation `json:"geolocation"`
}

// Geolocation is a place on the map, in decimal degrees as text.
type Geolocation struct {
	Latitude  string `json:"latitude"`
	Longitude string `json:"longitude"`
}

// Warehouse is a warehouse of a shop.
type Warehouse struct {
	ID        string           `json:"id"`
	EntityID  string           `json:"entity_id"`
	Name      string           `json:"name"`
	Kind      string           `json:"kind"`
	SubType   string           `json:"sub_type"`
	Status    string           `json:"status"`
	IsDefault bool             `json:"is_default"`
	Address   WarehouseAddress `json:"address"`
}

// The kinds of warehouses.
const (
	WarehouseSales  = "SALES_WAREHOUSE"
	WarehouseReturn = "RETURN_WAREHOUSE"
)

// WarehouseEnabled is the state of a warehouse that works.
const WarehouseEnabled = "ENABLED"

// Warehouses are the warehouses of a shop, or others that stock can be in.
type Warehouses []Warehouse

// Find returns a warehouse by its id, or nil.
func (list Warehouses) Find(id string) *Warehouse {
	for i := range list {
		if list[i].ID == id {
			return &list[i]
		}
	}
	return nil
}

// Sales returns the warehouses that stock can be in, the default first.
func (list Warehouses) Sales() []*Warehouse {
	var sales []*Warehouse
	for i := range list {
		switch w := &list[i]; {
		case w.Kind != WarehouseSales || w.Status != WarehouseEnabled:
		case w.IsDefault:
			sales = slices.Insert(sales, 0, w)
		default:
			sales = append(sales, w)
		}
	}
	return sales
}

// Warehouse returns a warehouse of the shop by its id, or nil. The caller holds
// the shop's lock.
func (s *Shop) Warehouse(id string) *Warehouse { return s.Warehouses.Find(id) }

// SalesWarehouses returns the warehouses that stock can be in, the default
// first. The caller holds the shop's lock.
func (s *Shop) SalesWarehouses() []*Warehouse { return s.Warehouses.Sales() }

// WarehousesPart holds the warehouses of a shop.
func (s *Shop) WarehousesPart() keep.Part {
	type saved struct {
		IDs  invent.IDs  `json:"ids"`
		List []Warehouse `json:"list"`
	}
	return keep.Part{Name: "warehouses",
		Save: func() any { return saved{s.WarehouseIDs, append([]Warehouse{}, s.Warehouses...)} },
		Load: func(raw json.RawMessage) error {
			var kept saved
			if err := keep.Decode(raw, &kept); err != nil {
				return err
			}
			s.WarehouseIDs, s.Warehouses = kept.IDs, kept.List
			return nil
		}}
}

// Country names the country of a market as addresses do.
func Country(region string) string {
	return map[string]string{"US": "United States", "GB": "United Kingdom", "VN": "Việt Nam", "BR": "Brasil"}[region]
}

// SubType is the kind of the warehouses that a shop has.
func (s *Shop) SubType() string {
	if s.SellerType == "CROSS_BORDER" {
		return "CB_OVERSEA_WAREHOUSE"
	}
	return "DOMESTIC_WAREHOUSE"
}
