package sandbox

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// permitted is the permission of the seller for every category here.
func permitted() []string { return []string{"AVAILABLE"} }

// categoryVersion checks a category_version against the shop. US shops have to
// send v2 by the documents; here it is the version that a missing one stands
// for, since the shop has no other.
func categoryVersion(c *call) *failure {
	version, f := c.oneOf("category_version", "", "v1", "v2")
	if f != nil {
		return f
	}
	return checkCategoryVersion(c, version)
}

func checkCategoryVersion(c *call, version string) *failure {
	if c.shop == nil || version == "" || slices.Contains(c.shop.region.categoryVersions, version) {
		return nil
	}
	return fail(codeCategoryVersion, "'category_version' ", version, " does not fit the shop, which has ",
		strings.Join(c.shop.region.categoryVersions, " or "))
}

func getCategories(c *call) *failure {
	if f := categoryVersion(c); f != nil {
		return f
	}
	if _, f := c.flag("include_prohibited_categories"); f != nil {
		return f
	}
	if _, f := c.oneOf("listing_platform", "TIKTOK_SHOP", "TIKTOK_SHOP", "TOKOPEDIA"); f != nil {
		return f
	}
	listCategories(c, locale(c))
	return nil
}

// listCategories answers the categories whose names hold the keyword.
func listCategories(c *call, locale string) {
	type view struct {
		categoryView
		PermissionStatuses []string `json:"permission_statuses"`
	}
	keyword, _ := lookup(c.query, "keyword")
	keyword = strings.ToLower(keyword)
	list := []view{}
	for _, shown := range categoryViews(catalogOf(c.state.world).categories, locale) {
		if strings.Contains(strings.ToLower(shown.LocalName), keyword) {
			list = append(list, view{shown, permitted()})
		}
	}
	c.json(struct {
		Categories []view `json:"categories"`
	}{list})
}

func getCategoryAttributes(c *call) *failure {
	if f := categoryVersion(c); f != nil {
		return f
	}
	node, f := leaf(c, c.param(0))
	if f != nil {
		return f
	}
	list := []categoryAttributeView{}
	for _, id := range node.leaf.attributes {
		list = append(list, newCategoryAttributeView(c, node, id, locale(c)))
	}
	c.json(struct {
		Attributes []categoryAttributeView `json:"attributes"`
	}{list})
	return nil
}

func getCategoryRules(c *call) *failure {
	if f := categoryVersion(c); f != nil {
		return f
	}
	node, f := leaf(c, c.param(0))
	if f != nil {
		return f
	}
	type required struct {
		IsRequired bool `json:"is_required"`
	}
	type supported struct {
		IsSupported bool `json:"is_supported"`
	}
	type sizeChartRule struct {
		IsRequired  bool `json:"is_required"`
		IsSupported bool `json:"is_supported"`
	}
	rules := struct {
		AllowedSpecialProductTypes []string      `json:"allowed_special_product_types"`
		COD                        *supported    `json:"cod,omitempty"`
		EPR                        required      `json:"epr"`
		PackageDimension           required      `json:"package_dimension"`
		ProductCertifications      []struct{}    `json:"product_certifications"`
		SizeChart                  sizeChartRule `json:"size_chart"`
	}{
		AllowedSpecialProductTypes: []string{}, ProductCertifications: []struct{}{},
		SizeChart: sizeChartRule{IsSupported: node.leaf.sizeChart},
	}
	if c.shop.region.cod {
		rules.COD = &supported{!node.leaf.noCOD}
	}
	c.json(rules)
	return nil
}

func recommendCategory(c *call) *failure {
	var input struct {
		ProductTitle                string     `json:"product_title"`
		Description                 string     `json:"description"`
		Images                      []imageRef `json:"images"`
		CategoryVersion             string     `json:"category_version"`
		ListingPlatform             string     `json:"listing_platform"`
		IncludeProhibitedCategories bool       `json:"include_prohibited_categories"`
	}
	if f := c.decode(&input); f != nil {
		return f
	}
	if input.ProductTitle == "" {
		return missing("product_title")
	}
	if utf8.RuneCountInString(input.Description) > maxDescription {
		return fail(codeDescriptionLength, "'description' takes at most 10000 characters")
	}
	if versions := []string{"v1", "v2"}; input.CategoryVersion != "" && !slices.Contains(versions, input.CategoryVersion) {
		return notAllowed("category_version", input.CategoryVersion, versions)
	}
	if f := checkCategoryVersion(c, input.CategoryVersion); f != nil {
		return f
	}
	type view struct {
		ID                 string   `json:"id"`
		Name               string   `json:"name"`
		Level              int      `json:"level"`
		IsLeaf             bool     `json:"is_leaf"`
		PermissionStatuses []string `json:"permission_statuses"`
	}
	best := catalogOf(c.state.world).recommend(input.ProductTitle + " " + input.Description)
	list := []view{}
	for i, node := range best.chain() {
		list = append(list, view{node.id, node.name.in(locale(c)), i + 1, node.leaf != nil, permitted()})
	}
	c.json(struct {
		LeafCategoryID string `json:"leaf_category_id"`
		Categories     []view `json:"categories"`
	}{best.id, list})
	return nil
}
