package world

import (
	"strings"
	"time"

	"github.com/ttshop-go/ttshop/sandbox/internal/invent"
)

// Generator invents one shop.
type Generator struct {
	invent.Random
	World *World
	Shop  *Shop
	Index uint64 // of the shop
	Now   time.Time
}

// Source returns a sequence of ids of the shop.
func (g *Generator) Source(base uint64) invent.IDs {
	return invent.IDs{Next: base + g.Index*IDStride + g.Uint64N(IDStride/2), Random: g.Random}
}

// Warehouses invents the warehouses of the shop.
func (g *Generator) Warehouses() {
	type place struct {
		state, city, district, line, postcode, latitude, longitude, phone string
	}
	type plan struct {
		name, kind string
		place      place
		isDefault  bool
	}
	var plans []plan
	switch g.Shop.Region {
	case "US":
		east := place{"New Jersey", "Edison", "Middlesex", "410 Raritan Loop, Bay 3", "08837", "40.5187", "-74.4121", "(+1)732-555-0114"}
		west := place{"California", "Ontario", "San Bernardino", "2755 Orchard Spur, Unit B", "91761", "34.0633", "-117.6509", "(+1)909-555-0172"}
		plans = []plan{
			{"West Coast Warehouse", WarehouseSales, west, true},
			{"East Coast Warehouse", WarehouseSales, east, false},
			{"West Coast Returns", WarehouseReturn, west, true},
		}
	case "GB":
		midlands := place{"England", "Daventry", "West Northamptonshire", "Unit 7, Drayton Fields", "NN11 8ZZ", "52.2577", "-1.1638", "(+44)1632 960118"}
		plans = []plan{
			{"Midlands Warehouse", WarehouseSales, midlands, true},
			{"Midlands Returns", WarehouseReturn, midlands, true},
		}
	case "VN":
		south := place{"Thành phố Hồ Chí Minh", "Thủ Đức", "Linh Trung", "Lô B12, Đường Số 4", "700000", "10.8700", "106.7732", "(+84)28 5550 0142"}
		north := place{"Hà Nội", "Long Biên", "Sài Đồng", "Kho 5, Ngõ 18 Đường Sài Đồng", "100000", "21.0345", "105.9110", "(+84)24 5550 0167"}
		plans = []plan{
			{"Kho Thủ Đức", WarehouseSales, south, true},
			{"Kho Long Biên", WarehouseSales, north, false},
			{"Kho hàng trả Thủ Đức", WarehouseReturn, south, true},
		}
	case "BR":
		capital := place{"São Paulo", "São Paulo", "Vila Leopoldina", "Rua das Acácias, 120, Galpão 3", "05311-000", "-23.5276", "-46.7322", "(+55)11 5550-0138"}
		plans = []plan{
			{"Armazém São Paulo", WarehouseSales, capital, true},
			{"Devoluções São Paulo", WarehouseReturn, capital, true},
		}
	}
	source := g.Source(IDWarehouses)
	// What two sequences share becomes two after a restore.
	defer func() {
		g.Shop.WarehouseIDs = invent.IDs{Next: source.Next, Random: invent.NewRandom(g.World.Seed, invent.StreamWarehouses+g.Index)}
	}()
	entities := map[string]string{} // places have one entity for all their uses
	for _, p := range plans {
		if entities[p.place.line] == "" {
			entities[p.place.line] = source.New()
		}
		id := source.New()
		lines := [4]string{p.place.line}
		if g.Shop.Region == "BR" { // district, street, number, supplement
			lines[0] = p.place.district
			copy(lines[1:], strings.SplitN(p.place.line, ", ", 3))
		}
		g.World.Owners.Add(g.Shop, id)
		g.Shop.Warehouses = append(g.Shop.Warehouses, Warehouse{
			ID: id, EntityID: entities[p.place.line], Name: p.name,
			Kind: p.kind, SubType: g.Shop.SubType(), Status: WarehouseEnabled, IsDefault: p.isDefault,
			Address: WarehouseAddress{
				Region: Country(g.Shop.Region), RegionCode: g.Shop.Region, State: p.place.state, City: p.place.city,
				District: p.place.district, PostalCode: p.place.postcode,
				AddressLine1: lines[0], AddressLine2: lines[1], AddressLine3: lines[2], AddressLine4: lines[3],
				FullAddress:   strings.Join([]string{p.place.line, p.place.district, p.place.city, p.place.state, p.place.postcode}, ", "),
				ContactPerson: "Warehouse team", PhoneNumber: p.place.phone,
				Geolocation: Geolocation{p.place.latitude, p.place.longitude},
			},
		})
	}
}
