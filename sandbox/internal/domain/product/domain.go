// Package product has the products of a shop: what they consist of, how they are
// created, edited and reviewed, and how answers show them.
package product

import (
	"slices"

	"github.com/ttshop-go/ttshop/sandbox/internal/domain/category"
	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
	"github.com/ttshop-go/ttshop/sandbox/internal/keep"
	"github.com/ttshop-go/ttshop/sandbox/internal/world"
)

// Register binds the operations of product.
func Register(r *gate.Registry) {
	r.Steer(gate.ControlEndpoint{Pattern: "POST /_sandbox/products", Help: addHelp, Handle: postProduct})
	r.ShopPart(
		productsPart,
		func(s *world.Shop) keep.Part { return keep.Plain("custom_ids", &Of(s).customIDs) },
		func(s *world.Shop) keep.Part { return keep.Plain("category_upgrade", &Of(s).upgradeEnds) },
		func(s *world.Shop) keep.Part {
			p := keep.Plain("combined_listings", &Of(s).listings)
			p.Later = true
			return p
		},
	)
	r.ShopCheck(checkShop)
	r.Deadline(deadlineReview, endReview)
	r.Restored(scheduleReviews)
	r.Sample(sampleProducts)
	r.Steer(
		gate.ControlEndpoint{Pattern: "POST /_sandbox/combined_listings", Help: listedHelp, Handle: postListing},
		gate.ControlEndpoint{Pattern: "POST /_sandbox/combined_listings/{id}", Handle: postListingChange},
	)

	r.Write("product.CreateProduct", createProduct)
	r.Write("product.DeleteProducts", deleteProducts)
	r.Read("product.GetProduct", getProduct)
	r.Write("product.EditProductV202309", editProduct)
	r.Write("product.EditProduct", editProduct)
	r.Write("product.PartialEditProductV202309", partialEditProduct)
	r.Write("product.PartialEditProduct", partialEditProduct)
	r.Write("product.UpdatePrice", updatePrices)
	r.Read("product.SearchProductsV202309", searchProducts202309)
	r.Read("product.SearchProductsV202312", searchProducts202312)
	r.Read("product.SearchProducts", searchProducts202502)
	r.Write("product.ActivateProduct", activateProducts)
	r.Write("product.DeactivateProducts", deactivateProducts)
	r.Write("product.RecoverProducts", recoverProducts)
	r.Read("product.CheckListingPrerequisites", getPrerequisites)
	r.Handle("product.CheckListingPrerequisitesV202309", getPrerequisites202309)
	r.Handle("product.ListingSchemasV202401", getListingSchemas202401)
	r.Handle("product.ListingSchemas", getListingSchemas)
	r.Read("product.CheckProductListing", checkProductListing)
	r.Read("product.ProductInformationIssueDiagnosis", getDiagnoses)
	r.Read("product.DiagnoseAndOptimizeProduct", diagnoseProduct)
	r.Read("product.GetProductsSEOWords", getSEOWords)
	r.Handle("product.SearchCombinedListingRecommendations", searchRecommendations)
	r.Write("product.CreateCategoryUpgradeTask", upgradeCategories)
	r.Handle("product.RecommendBrand", recommendBrand)

	// The shape of the answer is filled in under a lock of its own.
	r.Handle("product.GetRecommendedProductTitleAndDescription", getSuggestions)

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
	r.Limit("skus.seller_sku", gate.Limit{Code: CodeSellerSKU}, append(edits, "product.CheckProductListing")...)
	r.Limit("skus.extra_identifier_codes", gate.Limit{Code: CodeExtraIdentifierCount}, edits...)
	// Prices are bounded in the currency of the market, the catalogue knows US dollars.
	r.Limit("skus.list_price.amount", gate.Limit{InOperation: true}, edits...)
	r.Limit("description", gate.Limit{Code: category.CodeDescriptionLength, MaxLength: 10000}, edits...)
	fullEdits := []string{"product.EditProductV202309", "product.EditProduct"}
	for _, operation := range edits {
		r.Limit("main_images", gate.Limit{Code: CodeMainImageCount, Optional: slices.Contains(fullEdits, operation)}, operation)
	}
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
