package sandbox

// registerProduct binds the operations of product.
func registerProduct(r *registry) {
	r.shopPart(
		productsPart,
		func(s *shop) part { return plain("custom_ids", &productsOf(s).customIDs) },
		func(s *shop) part { return plain("category_upgrade", &productsOf(s).upgradeEnds) },
	)
	r.review(settleProducts)
	r.sample(sampleProducts)

	r.handle("product.CreateProduct", createProduct)
	r.handle("product.DeleteProducts", deleteProducts)
	r.handle("product.GetProduct", getProduct)
	r.handle("product.EditProductV202309", editProduct)
	r.handle("product.EditProduct", editProduct)
	r.handle("product.PartialEditProductV202309", partialEditProduct)
	r.handle("product.PartialEditProduct", partialEditProduct)
	r.handle("product.UpdatePrice", updatePrices)
	r.handle("product.SearchProductsV202309", searchProducts202309)
	r.handle("product.SearchProductsV202312", searchProducts202312)
	r.handle("product.SearchProducts", searchProducts202502)
	r.handle("product.ActivateProduct", activateProducts)
	r.handle("product.DeactivateProducts", deactivateProducts)
	r.handle("product.RecoverProducts", recoverProducts)
	r.handle("product.CheckListingPrerequisites", getPrerequisites)
	r.handle("product.CheckProductListing", checkProductListing)
	r.handle("product.ProductInformationIssueDiagnosis", getDiagnoses)
	r.handle("product.DiagnoseAndOptimizeProduct", diagnoseProduct)
	r.handle("product.GetProductsSEOWords", getSEOWords)
	r.handle("product.GetRecommendedProductTitleAndDescription", getSuggestions)
	r.handle("product.CreateCategoryUpgradeTask", upgradeCategories)
	r.handle("product.RecommendBrand", recommendBrand)

	// They are like their newer versions, whose documents say that it is mandatory.
	r.needsCipher("product.EditProductV202309")
	r.needsCipher("product.PartialEditProductV202309")
	r.needsCipher("product.SearchProductsV202309")
	r.needsCipher("product.SearchProductsV202312")

	edits := []string{
		"product.CreateProduct",
		"product.EditProductV202309",
		"product.EditProduct",
		"product.PartialEditProductV202309",
		"product.PartialEditProduct",
	}
	r.limit("page_size", limit{code: codePageSize}, "product.SearchProductsV202309", "product.SearchProductsV202312", "product.SearchProducts")
	r.limit("product_ids", limit{code: codeTooManyProducts}, "product.DeleteProducts", "product.ActivateProduct", "product.DeactivateProducts", "product.RecoverProducts", "product.ProductInformationIssueDiagnosis", "product.GetProductsSEOWords", "product.GetRecommendedProductTitleAndDescription")
	r.limit("sku_ids", limit{code: codeTooManySKUIDs}, "product.SearchProductsV202312", "product.SearchProducts")
	r.limit("skus.list_price.amount", limit{code: codeListPrice}, edits...)
	r.limit("description", limit{code: codeDescriptionLength, maxLength: 10000}, edits...)
	r.limit("main_images", limit{code: codeMainImageCount}, edits...)
	r.limit("skus.sales_attributes.name", limit{code: codeAttributeNameLength}, edits...)
	r.limit("skus.sales_attributes.value_name", limit{code: codeAttributeLength}, edits...)
	r.limit("product_attributes.values.name", limit{code: codeAttributeLength}, edits...)
	r.limit("skus.sales_attributes.supplementary_sku_images", limit{code: codeSalesImageCount}, edits...)
	r.limit("skus.inventory.quantity", limit{code: codeQuantity, max: "99999"}, edits...)
	r.limit("replicated_products.skus.inventory.quantity", limit{code: codeQuantity, max: "999999"}, "product.EditProductV202309", "product.EditProduct", "product.PartialEditProductV202309", "product.PartialEditProduct")
	// The documents limit it in some markets only.
	r.limit("minimum_order_quantity", limit{inOperation: true}, "product.CreateProduct", "product.EditProductV202309", "product.EditProduct")
	r.limit("external_product.description", limit{maxLength: 10000}, "product.CreateAttributeRecommendationRequest", "product.UploadExternalProduct")
	r.limit("external_product.other_product_data", limit{maxLength: 20000}, "product.CreateAttributeRecommendationRequest")
	r.limit("external_product.skus.inventory_quantity", limit{max: "99999"}, "product.UploadExternalProduct")
}
