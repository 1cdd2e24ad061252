// Package product has the products of a shop: what they consist of, how they are
// created, edited and reviewed, and how answers show them.
package product

import (
	"github.com/ttshop-go/ttshop/sandbox/internal/domain/category"
	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
	"github.com/ttshop-go/ttshop/sandbox/internal/keep"
	"github.com/ttshop-go/ttshop/sandbox/internal/world"
)

// Register binds the operations of product.
func Register(r *gate.Registry) {
	r.ShopPart(
		productsPart,
		func(s *world.Shop) keep.Part { return keep.Plain("custom_ids", &Of(s).customIDs) },
		func(s *world.Shop) keep.Part { return keep.Plain("category_upgrade", &Of(s).upgradeEnds) },
	)
	r.ShopCheck(checkShop)
	r.Deadline(deadlineReview, endReview)
	r.Restored(scheduleReviews)
	r.Sample(sampleProducts)

	r.Handle("product.CreateProduct", createProduct)
	r.Handle("product.DeleteProducts", deleteProducts)
	r.Handle("product.GetProduct", getProduct)
	r.Handle("product.EditProductV202309", editProduct)
	r.Handle("product.EditProduct", editProduct)
	r.Handle("product.PartialEditProductV202309", partialEditProduct)
	r.Handle("product.PartialEditProduct", partialEditProduct)
	r.Handle("product.UpdatePrice", updatePrices)
	r.Handle("product.SearchProductsV202309", searchProducts202309)
	r.Handle("product.SearchProductsV202312", searchProducts202312)
	r.Handle("product.SearchProducts", searchProducts202502)
	r.Handle("product.ActivateProduct", activateProducts)
	r.Handle("product.DeactivateProducts", deactivateProducts)
	r.Handle("product.RecoverProducts", recoverProducts)
	r.Handle("product.CheckListingPrerequisites", getPrerequisites)
	r.Handle("product.CheckProductListing", checkProductListing)
	r.Handle("product.ProductInformationIssueDiagnosis", getDiagnoses)
	r.Handle("product.DiagnoseAndOptimizeProduct", diagnoseProduct)
	r.Handle("product.GetProductsSEOWords", getSEOWords)
	r.Handle("product.GetRecommendedProductTitleAndDescription", getSuggestions)
	r.Handle("product.CreateCategoryUpgradeTask", upgradeCategories)
	r.Handle("product.RecommendBrand", recommendBrand)

	edits := []string{
		"product.CreateProduct",
		"product.EditProductV202309",
		"product.EditProduct",
		"product.PartialEditProductV202309",
		"product.PartialEditProduct",
	}
	r.Limit("page_size", gate.Limit{Code: category.CodePageSize}, "product.SearchProductsV202309", "product.SearchProductsV202312", "product.SearchProducts")
	r.Limit("product_ids", gate.Limit{Code: CodeTooManyProducts}, "product.DeleteProducts", "product.ActivateProduct", "product.DeactivateProducts", "product.RecoverProducts", "product.ProductInformationIssueDiagnosis", "product.GetProductsSEOWords", "product.GetRecommendedProductTitleAndDescription")
	r.Limit("sku_ids", gate.Limit{Code: codeTooManySKUIDs}, "product.SearchProductsV202312", "product.SearchProducts")
	r.Limit("skus.sales_attributes", gate.Limit{Code: CodeSalesAttributeCount}, append(edits, "product.CheckProductListing")...)
	r.Limit("skus.extra_identifier_codes", gate.Limit{Code: CodeExtraIdentifierCount}, edits...)
	r.Limit("skus.list_price.amount", gate.Limit{Code: codeListPrice}, edits...)
	r.Limit("description", gate.Limit{Code: category.CodeDescriptionLength, MaxLength: 10000}, edits...)
	r.Limit("main_images", gate.Limit{Code: CodeMainImageCount}, edits...)
	r.Limit("skus.sales_attributes.name", gate.Limit{Code: CodeAttributeNameLength}, edits...)
	r.Limit("skus.sales_attributes.value_name", gate.Limit{Code: CodeAttributeLength}, edits...)
	r.Limit("product_attributes.values.name", gate.Limit{Code: CodeAttributeLength}, edits...)
	r.Limit("skus.sales_attributes.supplementary_sku_images", gate.Limit{Code: codeSalesImageCount}, edits...)
	r.Limit("skus.inventory.quantity", gate.Limit{Code: CodeQuantity, Max: "99999"}, edits...)
	r.Limit("replicated_products.skus.inventory.quantity", gate.Limit{Code: CodeQuantity, Max: "999999"}, "product.EditProductV202309", "product.EditProduct", "product.PartialEditProductV202309", "product.PartialEditProduct")
	// The documents limit it in some markets only.
	r.Limit("minimum_order_quantity", gate.Limit{InOperation: true}, "product.CreateProduct", "product.EditProductV202309", "product.EditProduct")
	r.Limit("external_product.description", gate.Limit{MaxLength: 10000}, "product.CreateAttributeRecommendationRequest", "product.UploadExternalProduct")
	r.Limit("external_product.other_product_data", gate.Limit{MaxLength: 20000}, "product.CreateAttributeRecommendationRequest")
	r.Limit("external_product.skus.inventory_quantity", gate.Limit{Max: "99999"}, "product.UploadExternalProduct")
}
