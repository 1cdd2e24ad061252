package category

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/ttshop-go/ttshop/sandbox/internal/domain/media"
	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
	"github.com/ttshop-go/ttshop/sandbox/internal/wire"
)

// permitted is the permission of the seller for every category here.
func permitted() []string { return []string{"AVAILABLE"} }

// Version checks a category_version against the shop. US shops have to
// send v2 by the documents; here it is the version that a missing one stands
// for, since the shop has no other.
func Version(c *gate.Call) *gate.Failure {
	version, f := c.OneOf("category_version", "", "v1", "v2")
	if f != nil {
		return f
	}
	return checkCategoryVersion(c, version)
}

func checkCategoryVersion(c *gate.Call, version string) *gate.Failure {
	if c.Shop == nil || version == "" || slices.Contains(c.Shop.Market.CategoryVersions, version) {
		return nil
	}
	return gate.Fail(CodeCategoryVersion, "'category_version' ", version, " does not fit the shop, which has ",
		strings.Join(c.Shop.Market.CategoryVersions, " or "))
}

func getCategories(c *gate.Call) *gate.Failure {
	if f := Version(c); f != nil {
		return f
	}
	if _, f := c.Flag("include_prohibited_categories"); f != nil {
		return f
	}
	if _, f := c.OneOf("listing_platform", "TIKTOK_SHOP", "TIKTOK_SHOP", "TOKOPEDIA"); f != nil {
		return f
	}
	ListCategories(c, Locale(c))
	return nil
}

// ListCategories answers the categories whose names hold the keyword.
func ListCategories(c *gate.Call, locale string) {
	type view struct {
		CategoryView
		PermissionStatuses []string `json:"permission_statuses"`
	}
	keyword, _ := wire.Lookup(c.Query, "keyword")
	keyword = strings.ToLower(keyword)
	list := []view{}
	for _, shown := range CategoryViews(CatalogOf(c.State.World).Categories, locale) {
		if strings.Contains(strings.ToLower(shown.LocalName), keyword) {
			list = append(list, view{shown, permitted()})
		}
	}
	c.JSON(struct {
		Categories []view `json:"categories"`
	}{list})
}

func getCategoryAttributes(c *gate.Call) *gate.Failure {
	if f := Version(c); f != nil {
		return f
	}
	node, f := Leaf(c, c.Param(0))
	if f != nil {
		return f
	}
	list := []CategoryAttributeView{}
	for _, id := range node.Leaf.Attributes {
		list = append(list, NewCategoryAttributeView(c, node, id, Locale(c)))
	}
	c.JSON(struct {
		Attributes []CategoryAttributeView `json:"attributes"`
	}{list})
	return nil
}

func getCategoryRules(c *gate.Call) *gate.Failure {
	if f := Version(c); f != nil {
		return f
	}
	node, f := Leaf(c, c.Param(0))
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
		SizeChart: sizeChartRule{IsSupported: node.Leaf.SizeChart},
	}
	if c.Shop.Market.COD {
		rules.COD = &supported{!node.Leaf.NoCOD}
	}
	c.JSON(rules)
	return nil
}

func recommendCategory(c *gate.Call) *gate.Failure {
	var input struct {
		ProductTitle                string           `json:"product_title"`
		Description                 string           `json:"description"`
		Images                      []media.ImageRef `json:"images"`
		CategoryVersion             string           `json:"category_version"`
		ListingPlatform             string           `json:"listing_platform"`
		IncludeProhibitedCategories bool             `json:"include_prohibited_categories"`
	}
	if f := c.Decode(&input); f != nil {
		return f
	}
	if input.ProductTitle == "" {
		return gate.Missing("product_title")
	}
	if utf8.RuneCountInString(input.Description) > MaxDescription {
		return gate.Fail(CodeDescriptionLength, "'description' takes at most 10000 characters")
	}
	if versions := []string{"v1", "v2"}; input.CategoryVersion != "" && !slices.Contains(versions, input.CategoryVersion) {
		return gate.NotAllowed("category_version", input.CategoryVersion, versions)
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
	best := CatalogOf(c.State.World).Recommend(input.ProductTitle + " " + input.Description)
	list := []view{}
	for i, node := range best.Chain() {
		list = append(list, view{node.ID, node.Name.In(Locale(c)), i + 1, node.Leaf != nil, permitted()})
	}
	c.JSON(struct {
		LeafCategoryID string `json:"leaf_category_id"`
		Categories     []view `json:"categories"`
	}{best.ID, list})
	return nil
}
