package sandbox

import (
	"strings"
	"time"
)

// generator invents one shop.
type generator struct {
	random
	world *world
	shop  *shop
	index uint64 // of the shop
	now   time.Time
}

// source returns a sequence of ids of the shop.
func (g *generator) source(base uint64) ids {
	return ids{base + g.index*idStride + g.Uint64N(idStride/2), g.random}
}

func (g *generator) warehouses() {
	type place struct {
		state, city, district, line, postcode, latitude, longitude, phone string
	}
	type plan struct {
		name, kind string
		place      place
		isDefault  bool
	}
	var plans []plan
	switch g.shop.Region {
	case "US":
		east := place{"New Jersey", "Edison", "Middlesex", "410 Raritan Loop, Bay 3", "08837", "40.5187", "-74.4121", "(+1)732-555-0114"}
		west := place{"California", "Ontario", "San Bernardino", "2755 Orchard Spur, Unit B", "91761", "34.0633", "-117.6509", "(+1)909-555-0172"}
		plans = []plan{
			{"West Coast Warehouse", warehouseSales, west, true},
			{"East Coast Warehouse", warehouseSales, east, false},
			{"West Coast Returns", warehouseReturn, west, true},
		}
	case "GB":
		midlands := place{"England", "Daventry", "West Northamptonshire", "Unit 7, Drayton Fields", "NN11 8ZZ", "52.2577", "-1.1638", "(+44)1632 960118"}
		plans = []plan{
			{"Midlands Warehouse", warehouseSales, midlands, true},
			{"Midlands Returns", warehouseReturn, midlands, true},
		}
	case "VN":
		south := place{"Thành phố Hồ Chí Minh", "Thủ Đức", "Linh Trung", "Lô B12, Đường Số 4", "700000", "10.8700", "106.7732", "(+84)28 5550 0142"}
		north := place{"Hà Nội", "Long Biên", "Sài Đồng", "Kho 5, Ngõ 18 Đường Sài Đồng", "100000", "21.0345", "105.9110", "(+84)24 5550 0167"}
		plans = []plan{
			{"Kho Thủ Đức", warehouseSales, south, true},
			{"Kho Long Biên", warehouseSales, north, false},
			{"Kho hàng trả Thủ Đức", warehouseReturn, south, true},
		}
	}
	source := g.source(idWarehouses)
	// What two sequences share becomes two after a restore.
	defer func() {
		g.shop.warehouseIDs = ids{source.next, newRandom(g.world.seed, streamWarehouses+g.index)}
	}()
	entities := map[string]string{} // places have one entity for all their uses
	for _, p := range plans {
		if entities[p.place.line] == "" {
			entities[p.place.line] = source.new()
		}
		id := source.new()
		g.world.owners.add(g.shop, id)
		g.shop.warehouses = append(g.shop.warehouses, warehouse{
			id: id, entityID: entities[p.place.line], name: p.name,
			kind: p.kind, subType: g.shop.subType(), status: warehouseEnabled, isDefault: p.isDefault,
			address: warehouseAddress{
				Region: country(g.shop.Region), RegionCode: g.shop.Region, State: p.place.state, City: p.place.city,
				District: p.place.district, AddressLine1: p.place.line, PostalCode: p.place.postcode,
				FullAddress:   strings.Join([]string{p.place.line, p.place.district, p.place.city, p.place.state, p.place.postcode}, ", "),
				ContactPerson: "Warehouse team", PhoneNumber: p.place.phone,
				Geolocation: geolocation{p.place.latitude, p.place.longitude},
			},
		})
	}
}
