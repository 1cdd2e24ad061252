package sandbox

import (
	"slices"
	"unicode/utf8"
)

// globalCategory returns the leaf that the path names, for global products.
func globalCategory(c *call) (*category, *failure) {
	if _, f := c.oneOf("category_version", "v1", "v1", "v2"); f != nil {
		return nil, f
	}
	return leaf(c, c.param(0))
}

// globalRegions are the markets of global products, of which the seller has
// shops in some.
func globalRegions(c *call) []string {
	list := each(c.grant.shops, func(s *shop) string { return s.Region })
	slices.Sort(list)
	return slices.Compact(list)
}

func getGlobalCategories(c *call) *failure {
	if _, f := c.oneOf("category_version", "v1", "v1", "v2"); f != nil {
		return f
	}
	listCategories(c, globalLocale(c))
	return nil
}

// globalLocale reads the language of names, English where none is named.
func globalLocale(c *call) string {
	locale, _ := lookup(c.query, "locale")
	return locale
}

func getGlobalAttributes(c *call) *failure {
	node, f := globalCategory(c)
	if f != nil {
		return f
	}
	type view struct {
		categoryAttributeView
		RequiredRegions []string `json:"required_regions"`
		OptionalRegions []string `json:"optional_regions"`
	}
	list := []view{}
	for _, id := range node.leaf.attributes {
		shown := view{newCategoryAttributeView(c, node, id, globalLocale(c)), []string{}, []string{}}
		if shown.IsRequired {
			shown.RequiredRegions = globalRegions(c)
		} else {
			shown.OptionalRegions = globalRegions(c)
		}
		list = append(list, shown)
	}
	c.json(struct {
		Attributes []view `json:"attributes"`
	}{list})
	return nil
}

// getGlobalCategoryRules tells what a category demands: no certificates, and
// the people of the European rules in no market, since the world has no shop
// there.
func getGlobalCategoryRules(c *call) *failure {
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
	nowhere := people{false, []string{}, []string{}}
	c.json(struct {
		Manufacturer   people        `json:"manufacturer"`
		Responsible    people        `json:"responsible_person"`
		Certifications []struct{}    `json:"product_certifications"`
		SizeChart      sizeChartRule `json:"size_chart"`
	}{nowhere, nowhere, []struct{}{}, sizeChartRule{IsSupported: node.leaf.sizeChart}})
	return nil
}

func recommendGlobalCategories(c *call) *failure {
	var input struct {
		ProductTitle    string     `json:"product_title"`
		Description     string     `json:"description"`
		Images          []imageRef `json:"images"`
		CategoryVersion string     `json:"category_version"`
	}
	if f := c.decode(&input); f != nil {
		return f
	}
	versions := []string{"v1", "v2"}
	switch {
	case hasHan(input.ProductTitle):
		return fail(codeTitleChinese, "'product_title' holds Chinese characters")
	case hasHan(input.Description):
		return fail(codeTextChinese, "'description' holds Chinese characters")
	case utf8.RuneCountInString(input.ProductTitle) > 255:
		return fail(codeTitleLength, "'product_title' has more than 255 characters")
	case input.CategoryVersion != "" && !slices.Contains(versions, input.CategoryVersion):
		return notAllowed("category_version", input.CategoryVersion, versions)
	}
	for _, ref := range input.Images {
		if imagesOf(c.state.world).get(ref.URI) == nil {
			return fail(codeForeignImage, "image ", ref.URI, " was not uploaded here")
		}
	}
	type view struct {
		ID     string `json:"id"`
		Name   string `json:"name"`
		Level  int    `json:"level"`
		IsLeaf bool   `json:"is_leaf"`
	}
	best := catalogOf(c.state.world).recommend(input.ProductTitle + " " + input.Description)
	list := []view{}
	for i, node := range best.chain() {
		list = append(list, view{node.id, node.name.en, i + 1, node.leaf != nil})
	}
	c.json(struct {
		LeafCategoryID string `json:"leaf_category_id"`
		Categories     []view `json:"categories"`
	}{best.id, list})
	return nil
}
