package sandbox

// registerGlobal binds the operations of global products.
func registerGlobal(r *registry) {
	r.worldPart(globalsPart)

	r.handle("product.CreateGlobalProduct", createGlobalProduct)
	r.handle("product.DeleteGlobalProducts", deleteGlobalProducts)
	r.handle("product.GetGlobalProduct", getGlobalProduct)
	r.handle("product.EditGlobalProduct", editGlobalProduct)
	r.handle("product.PartialEditGlobalProduct", partialEditGlobalProduct)
	r.handle("product.UpdateGlobalInventory", updateGlobalInventory)
	r.handle("product.PublishGlobalProduct", publishGlobalProduct)
	r.handle("product.SearchGlobalProductsV202309", searchGlobalProducts)
	r.handle("product.SearchGlobalProducts", searchGlobalProducts)
	r.handle("product.CheckGlobalProductListing", checkGlobalListing)
	r.handle("product.BindLocalProducts", bindLocalProducts)
	r.handle("product.GetGlobalCategories", getGlobalCategories)
	r.handle("product.RecommendGlobalCategories", recommendGlobalCategories)
	r.handle("product.GetGlobalAttributes", getGlobalAttributes)
	r.handle("product.GetGlobalCategoryRules", getGlobalCategoryRules)
	r.handle("product.ReplicateProduct", replicateProduct)
	r.handle("product.GetGlobalReplicatedProducts", getReplicatedProducts)
	r.handle("product.GetGlobalListingRules", getGlobalListingRules)

	edits := []string{
		"product.CreateGlobalProduct",
		"product.EditGlobalProduct",
		"product.PartialEditGlobalProduct",
	}
	r.limit("page_size", limit{code: codePageSize}, "product.SearchGlobalProductsV202309", "product.SearchGlobalProducts")
	r.limit("global_product_ids", limit{code: codeTooManyProducts}, "product.DeleteGlobalProducts")
	r.limit("description", limit{code: codeDescriptionLength, maxLength: 10000}, edits...)
	r.limit("main_images", limit{code: codeMainImageCount}, edits...)
	r.limit("skus.sales_attributes.name", limit{code: codeAttributeNameLength}, edits...)
	r.limit("skus.sales_attributes.value_name", limit{code: codeAttributeLength}, edits...)
	r.limit("product_attributes.values.name", limit{code: codeAttributeLength}, edits...)
	r.limit("skus.inventory.quantity", limit{code: codeQuantity}, edits...)
	r.limit("publish_target.skus.inventory.quantity", limit{code: codeQuantity}, "product.PublishGlobalProduct")
	r.limit("replicate_target.skus.inventory.quantity", limit{code: codeQuantity}, "product.ReplicateProduct")
	r.limit("description", limit{code: codeDescriptionLength}, "product.RecommendGlobalCategories")
}
