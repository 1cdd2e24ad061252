package sandbox

// registerCategory binds the operations of categories and brands.
func registerCategory(r *registry) {
	r.worldPart(brandsPart)

	r.handle("product.GetCategories", getCategories)
	r.handle("product.RecommendCategory", recommendCategory)
	r.handle("product.GetAttributes", getCategoryAttributes)
	r.handle("product.GetCategoryRules", getCategoryRules)
	r.handle("product.GetBrands", getBrands)
	r.handle("product.CreateCustomBrands", createBrand)

	r.limit("page_size", limit{code: codePageSize}, "product.GetBrands")
	r.limit("description", limit{code: codeDescriptionLength}, "product.RecommendCategory")
	r.limit("name", limit{inOperation: true}, "product.CreateCustomBrands")
}
