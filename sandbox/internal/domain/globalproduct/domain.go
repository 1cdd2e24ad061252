// Package globalproduct has the products of sellers who sell abroad, from which
// those of their shops are published and replicated.
package globalproduct

import (
	"github.com/ttshop-go/ttshop/sandbox/internal/domain/category"
	"github.com/ttshop-go/ttshop/sandbox/internal/domain/product"
	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
)

// Register binds the operations of global products.
func Register(r *gate.Registry) {
	r.WorldPart(globalsPart)
	r.WorldCheck(checkWorld)

	// The global products are locked first, and then shops of several markets.
	r.Handle("product.CreateGlobalProduct", createGlobalProduct)
	r.Handle("product.DeleteGlobalProducts", deleteGlobalProducts)
	r.Handle("product.GetGlobalProduct", getGlobalProduct)
	r.Handle("product.EditGlobalProduct", editGlobalProduct)
	r.Handle("product.PartialEditGlobalProduct", partialEditGlobalProduct)
	r.Handle("product.UpdateGlobalInventory", updateGlobalInventory)
	r.Handle("product.PublishGlobalProduct", publishGlobalProduct)
	r.Handle("product.SearchGlobalProductsV202309", searchGlobalProducts)
	r.Handle("product.SearchGlobalProducts", searchGlobalProducts)
	r.Handle("product.CheckGlobalProductListing", checkGlobalListing)
	r.Handle("product.BindLocalProducts", bindLocalProducts)
	r.Handle("product.GetGlobalCategories", getGlobalCategories)
	r.Handle("product.RecommendGlobalCategories", recommendGlobalCategories)
	r.Handle("product.GetGlobalAttributes", getGlobalAttributes)
	r.Handle("product.GetGlobalCategoryRules", getGlobalCategoryRules)
	r.Handle("product.ReplicateProduct", replicateProduct)
	r.Handle("product.GetGlobalReplicatedProducts", getReplicatedProducts)
	r.Read("product.GetGlobalListingRules", getGlobalListingRules)

	edits := []string{
		"product.CreateGlobalProduct",
		"product.EditGlobalProduct",
		"product.PartialEditGlobalProduct",
	}
	r.Limit("page_size", gate.Limit{Code: category.CodePageSize}, "product.SearchGlobalProductsV202309", "product.SearchGlobalProducts")
	r.Limit("global_product_ids", gate.Limit{Code: product.CodeTooManyProducts}, "product.DeleteGlobalProducts")
	r.Limit("description", gate.Limit{Code: category.CodeDescriptionLength, MaxLength: 10000}, edits...)
	r.Limit("main_images", gate.Limit{Code: product.CodeMainImageCount}, edits...)
	r.Limit("skus.sales_attributes", gate.Limit{Code: product.CodeSalesAttributeCount}, edits...)
	r.Limit("skus.seller_sku", gate.Limit{Code: product.CodeSellerSKU}, edits...)
	r.Limit("skus.extra_identifier_codes", gate.Limit{Code: product.CodeExtraIdentifierCount}, edits...)
	r.Limit("skus.sales_attributes.name", gate.Limit{Code: product.CodeAttributeNameLength}, edits...)
	r.Limit("skus.sales_attributes.value_name", gate.Limit{Code: product.CodeAttributeLength}, edits...)
	r.Limit("product_attributes.values.name", gate.Limit{Code: product.CodeAttributeLength}, edits...)
	r.Limit("skus.inventory.quantity", gate.Limit{Code: product.CodeQuantity}, edits...)
	r.Limit("publish_target.skus.inventory.quantity", gate.Limit{Code: product.CodeQuantity}, "product.PublishGlobalProduct")
	r.Limit("replicate_target.skus.inventory.quantity", gate.Limit{Code: product.CodeQuantity}, "product.ReplicateProduct")
	r.Limit("description", gate.Limit{Code: category.CodeDescriptionLength}, "product.RecommendGlobalCategories")
}
