package globalproduct

import (
	"slices"
	"unicode/utf8"

	"github.com/ttshop-go/ttshop/sandbox/internal/domain/category"
	"github.com/ttshop-go/ttshop/sandbox/internal/domain/media"
	"github.com/ttshop-go/ttshop/sandbox/internal/domain/product"
	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
	"github.com/ttshop-go/ttshop/sandbox/internal/wire"
)

// globalCategory returns the leaf that the path names, for global products.
func globalCategory(c *gate.Call) (*category.Category, *gate.Failure) {
	if _, f := c.OneOf("category_version", "v1", "v1", "v2"); f != nil {
		return nil, f
	}
	return category.Leaf(c, c.Param(0))
}

// globalRegions are the markets of global products, of which the seller has
// shops in some.
func globalRegions(c *gate.Call) []string {
	var list []string
	for _, s := range c.Grant.Shops {
		if !s.Market.LocalOnly {
			list = append(list, s.Region)
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}

func getGlobalCategories(c *gate.Call) *gate.Failure {
	if _, f := c.OneOf("category_version", "v1", "v1", "v2"); f != nil {
		return f
	}
	category.ListCategories(c, globalLocale(c))
	return nil
}

// globalLocale reads the language of names, English where none is named.
func globalLocale(c *gate.Call) string {
	locale, _ := wire.Lookup(c.Query, "locale")
	return locale
}

func getGlobalAttributes(c *gate.Call) *gate.Failure {
	node, f := globalCategory(c)
	if f != nil {
		return f
	}
	type view struct {
		category.CategoryAttributeView
		RequiredRegions []string `json:"required_regions"`
		OptionalRegions []string `json:"optional_regions"`
	}
	list := []view{}
	for _, id := range node.Leaf.Attributes {
		shown := view{category.NewCategoryAttributeView(c, node, id, globalLocale(c)), []string{}, []string{}}
		if shown.IsRequired {
			shown.RequiredRegions = globalRegions(c)
		} else {
			shown.OptionalRegions = globalRegions(c)
		}
		list = append(list, shown)
	}
	c.JSON(struct {
		Attributes []view `json:"attributes"`
	}{list})
	return nil
}

// getGlobalCategoryRules tells what a category demands: no certificates, and
// the people of the European rules in no market, since the world has no shop
// there.
func getGlobalCategoryRules(c *gate.Call) *gate.Failure {
	node, f := globalCategory(c)
	if f != nil {
		return f
	}
	type people struct {
		IsRequired      bool     `json:"is_required"`
		RequiredRegions []string `json:"required_regions"`
		OptionalRegions []string `json:"optional_regions"`
	}
	type sizeChartRule struct {
		IsRequired  bool `json:"is_required"`
		IsSupported bool `json:"is_supported"`
	}
	none := people{false, []string{}, []string{}}
	c.JSON(struct {
		Manufacturer   people        `json:"manufacturer"`
		Responsible    people        `json:"responsible_person"`
		Certifications []struct{}    `json:"product_certifications"`
		SizeChart      sizeChartRule `json:"size_chart"`
	}{none, none, []struct{}{}, sizeChartRule{IsSupported: node.Leaf.SizeChart}})
	return nil
}

func recommendGlobalCategories(c *gate.Call) *gate.Failure {
	var input struct {
		ProductTitle    string           `json:"product_title"`
		Description     string           `json:"description"`
		Images          []media.ImageRef `json:"images"`
		CategoryVersion string           `json:"category_version"`
	}
	if f := c.Decode(&input); f != nil {
		return f
	}
	versions := []string{"v1", "v2"}
	switch {
	case hasHan(input.ProductTitle):
		return gate.Fail(codeTitleChinese, "'product_title' holds Chinese characters")
	case hasHan(input.Description):
		return gate.Fail(codeTextChinese, "'description' holds Chinese characters")
	case utf8.RuneCountInString(input.ProductTitle) > 255:
		return gate.Fail(product.CodeTitleLength, "'product_title' has more than 255 characters")
	case input.CategoryVersion != "" && !slices.Contains(versions, input.CategoryVersion):
		return gate.NotAllowed("category_version", input.CategoryVersion, versions)
	}
	for _, ref := range input.Images {
		if media.ImagesOf(c.State.World).Get(ref.URI) == nil {
			return gate.Fail(media.CodeForeignImage, "image ", ref.URI, " was not uploaded here")
		}
	}
	type view struct {
		ID     string `json:"id"`
		Name   string `json:"name"`
		Level  int    `json:"level"`
		IsLeaf bool   `json:"is_leaf"`
	}
	best := category.CatalogOf(c.State.World).Recommend(input.ProductTitle + " " + input.Description)
	list := []view{}
	for i, node := range best.Chain() {
		list = append(list, view{node.ID, node.Name.En, i + 1, node.Leaf != nil})
	}
	c.JSON(struct {
		LeafCategoryID string `json:"leaf_category_id"`
		Categories     []view `json:"categories"`
	}{best.ID, list})
	return nil
}
