// Package compliance has what sellers register once and products refer to:
// manufacturers, responsible persons and size charts.
package compliance

import (
	"github.com/ttshop-go/ttshop/sandbox/internal/domain/category"
	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
	"github.com/ttshop-go/ttshop/sandbox/internal/keep"
	"github.com/ttshop-go/ttshop/sandbox/internal/world"
)

// Register binds the operations of manufacturers, responsible persons and size charts.
func Register(r *gate.Registry) {
	r.WorldPart(func(w *world.World) keep.Part { return Of(w).part() })
	r.WorldCheck(checkWorld)

	r.Handle("product.SearchSizeCharts", searchSizeCharts)
	r.Handle("product.CreateManufacturer", createManufacturer)
	r.Handle("product.PartialEditManufacturer", editManufacturer)
	r.Handle("product.SearchManufacturersV202409", searchManufacturers202409)
	r.Handle("product.SearchManufacturers", searchManufacturers)
	r.Handle("product.CreateResponsiblePerson", createResponsiblePerson)
	r.Handle("product.PartialEditResponsiblePerson", editResponsiblePerson)
	r.Handle("product.SearchResponsiblePersonsV202409", searchResponsible202409)
	r.Handle("product.SearchResponsiblePersons", searchResponsible)

	manufacturers := []string{
		"product.CreateManufacturer",
		"product.PartialEditManufacturer",
	}
	persons := []string{
		"product.CreateResponsiblePerson",
		"product.PartialEditResponsiblePerson",
	}
	r.Limit("page_size", gate.Limit{Code: category.CodePageSize}, "product.SearchSizeCharts")
	r.Limit("page_size", gate.Limit{Code: 38023047}, "product.SearchManufacturersV202409", "product.SearchResponsiblePersonsV202409", "product.SearchManufacturers", "product.SearchResponsiblePersons")
	r.Limit("name", gate.Limit{Code: 38023044}, "product.CreateManufacturer", "product.PartialEditManufacturer", "product.CreateResponsiblePerson", "product.PartialEditResponsiblePerson")
	r.Limit("registered_trade_name", gate.Limit{Code: 38023045}, manufacturers...)
	r.Limit("address", gate.Limit{Code: 38023043}, manufacturers...)
	r.Limit("address.city", gate.Limit{Code: 38023043}, persons...)
	r.Limit("address.district", gate.Limit{Code: 38023043}, persons...)
	r.Limit("address.postal_code", gate.Limit{Code: 38023043}, persons...)
	r.Limit("address.province", gate.Limit{Code: 38023043}, persons...)
	r.Limit("address.street_address_line1", gate.Limit{Code: 38023043}, persons...)
	r.Limit("address.street_address_line2", gate.Limit{Code: 38023043}, persons...)
}
