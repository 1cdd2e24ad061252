package sandbox

// registerCompliance binds the operations of manufacturers, responsible persons and size charts.
func registerCompliance(r *registry) {
	r.worldPart(func(w *world) part { return registersOf(w).part() })

	r.handle("product.SearchSizeCharts", searchSizeCharts)
	r.handle("product.CreateManufacturer", createManufacturer)
	r.handle("product.PartialEditManufacturer", editManufacturer)
	r.handle("product.SearchManufacturersV202409", searchManufacturers202409)
	r.handle("product.SearchManufacturers", searchManufacturers)
	r.handle("product.CreateResponsiblePerson", createResponsiblePerson)
	r.handle("product.PartialEditResponsiblePerson", editResponsiblePerson)
	r.handle("product.SearchResponsiblePersonsV202409", searchResponsible202409)
	r.handle("product.SearchResponsiblePersons", searchResponsible)

	manufacturers := []string{
		"product.CreateManufacturer",
		"product.PartialEditManufacturer",
	}
	persons := []string{
		"product.CreateResponsiblePerson",
		"product.PartialEditResponsiblePerson",
	}
	r.limit("page_size", limit{code: codePageSize}, "product.SearchSizeCharts")
	r.limit("page_size", limit{code: 38023047}, "product.SearchManufacturersV202409", "product.SearchResponsiblePersonsV202409", "product.SearchManufacturers", "product.SearchResponsiblePersons")
	r.limit("name", limit{code: 38023044}, "product.CreateManufacturer", "product.PartialEditManufacturer", "product.CreateResponsiblePerson", "product.PartialEditResponsiblePerson")
	r.limit("registered_trade_name", limit{code: 38023045}, manufacturers...)
	r.limit("address", limit{code: 38023043}, manufacturers...)
	r.limit("address.city", limit{code: 38023043}, persons...)
	r.limit("address.district", limit{code: 38023043}, persons...)
	r.limit("address.postal_code", limit{code: 38023043}, persons...)
	r.limit("address.province", limit{code: 38023043}, persons...)
	r.limit("address.street_address_line1", limit{code: 38023043}, persons...)
	r.limit("address.street_address_line2", limit{code: 38023043}, persons...)
}
