// Package category has the tree of categories with its attributes, and the brands.
package category

import (
	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
)

// Register binds the operations of categories and brands.
func Register(r *gate.Registry) {
	r.WorldPart(brandsPart)

	r.Handle("product.GetCategories", getCategories)
	r.Handle("product.RecommendCategory", recommendCategory)
	r.Handle("product.GetAttributes", getCategoryAttributes)
	r.Handle("product.GetCategoryRules", getCategoryRules)
	r.Handle("product.GetBrands", getBrands)
	r.Handle("product.CreateCustomBrands", createBrand)

	r.Limit("page_size", gate.Limit{Code: CodePageSize}, "product.GetBrands")
	r.Limit("description", gate.Limit{Code: CodeDescriptionLength}, "product.RecommendCategory")
	r.Limit("name", gate.Limit{InOperation: true}, "product.CreateCustomBrands")
}
