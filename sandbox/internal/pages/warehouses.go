package pages

import (
	"net/http"

	"github.com/ttshop-go/ttshop/sandbox/internal/domain/product"
	"github.com/ttshop-go/ttshop/sandbox/internal/world"
)

type warehousesData struct {
	Shops []webShop
	Shop  world.Identity
	Rows  []warehouseRow
}

// warehouseRow is a warehouse with what is in it.
type warehouseRow struct {
	world.Warehouse
	SKUs                 int
	Available, Committed int64
}

func (s *Site) warehousesView(r *http.Request) view {
	shop, shops := s.chosenShop(r.URL.Query().Get("shop"))
	if shop == nil {
		return notFound("No shop has this id.")
	}
	data := warehousesData{Shops: shops, Shop: shop.Identity}
	shop.Mu.RLock()
	defer shop.Mu.RUnlock()
	at := map[string]int{}
	for i, w := range shop.Warehouses {
		at[w.ID] = i
		data.Rows = append(data.Rows, warehouseRow{Warehouse: w})
	}
	for _, p := range product.Of(shop).List {
		for _, places := range p.Stock {
			for _, held := range places {
				i, ok := at[held.Warehouse]
				if !ok {
					continue // of the platform, or gone
				}
				row := &data.Rows[i]
				row.SKUs++
				row.Available += held.Available
				row.Committed += held.Committed
			}
		}
	}
	return view{template: "warehouses", title: "Warehouses of " + shop.Name, data: data}
}
