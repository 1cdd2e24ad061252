package product

import (
	"strconv"

	"github.com/ttshop-go/ttshop/sandbox/internal/domain/category"
	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
	"github.com/ttshop-go/ttshop/sandbox/internal/market"
)

// schemaField is a field of a listing and what it must keep to.
type schemaField struct {
	Parts   []schemaField  `json:"complex_values,omitempty"`
	ID      string         `json:"id"`
	Name    string         `json:"name"`
	Options []schemaOption `json:"options"`
	Rules   []schemaRule   `json:"rules"`
}

type schemaOption struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

type schemaRule struct {
	Type  string `json:"type"`
	Value string `json:"value"`
}

// The kinds of rules. VALUE_TYPE alone is documented, its values are not; the
// others are named after what they say.
const (
	ruleValueType = "VALUE_TYPE"
	ruleRequired  = "REQUIRED"
	ruleMinLength = "MIN_LENGTH"
	ruleMaxLength = "MAX_LENGTH"
	ruleMaxItems  = "MAX_ITEMS"
	ruleCustom    = "CUSTOM_VALUE"
)

func field(id, name, kind string, required bool, rules ...schemaRule) schemaField {
	return schemaField{ID: id, Name: name, Options: []schemaOption{}, Rules: append([]schemaRule{{ruleValueType, kind}, {ruleRequired, strconv.FormatBool(required)}}, rules...)}
}

func limit(kind string, n int) schemaRule { return schemaRule{kind, strconv.Itoa(n)} }

// of offers values that are named as they are.
func (f schemaField) of(values ...string) schemaField {
	for _, v := range values {
		f.Options = append(f.Options, schemaOption{v, v})
	}
	return f
}

// schemaOf describes what a product of a category needs in a market, as it is
// checked when the product is created.
func schemaOf(c *gate.Call, node *category.Category, r *market.Region, locale string) []schemaField {
	weight := field("package_weight", "Package weight", "OBJECT", true)
	weight.Parts = []schemaField{
		field("value", "Weight", "DECIMAL", true),
		field("unit", "Unit", "SINGLE_OPTION", true).of(r.WeightUnits...),
	}
	sides := field("package_dimensions", "Package dimensions", "OBJECT", false)
	for _, side := range []string{"length", "width", "height"} {
		sides.Parts = append(sides.Parts, field(side, side, "DECIMAL", true))
	}
	sku := field("skus", "SKUs", "LIST", true)
	sku.Parts = []schemaField{
		field("price", "Price", "DECIMAL", true),
		field("inventory", "Stock", "LIST", true),
		field("seller_sku", "Seller SKU", "TEXT", false),
	}
	fields := []schemaField{
		field("title", "Title", "TEXT", true, limit(ruleMinLength, r.TitleMin), limit(ruleMaxLength, r.TitleMax)),
		field("description", "Description", "HTML", true, limit(ruleMaxLength, category.MaxDescription)),
		field("main_images", "Main images", "LIST", true, limit(ruleMaxItems, maxMainImages)),
		field("brand_id", "Brand", "SINGLE_OPTION", false),
		weight, sides,
	}
	if node.Leaf.SizeChart {
		fields = append(fields, field("size_chart", "Size chart", "OBJECT", false))
	}
	if r.COD && !node.Leaf.NoCOD {
		fields = append(fields, field("is_cod_allowed", "Cash on delivery", "BOOLEAN", false))
	}
	for _, id := range node.Leaf.Attributes {
		a := category.NewCategoryAttributeView(c, node, id, locale)
		kind := "SINGLE_OPTION"
		if a.IsMultipleSelection {
			kind = "MULTIPLE_OPTIONS"
		}
		f := field(a.ID, a.Name, kind, a.IsRequired, schemaRule{ruleCustom, strconv.FormatBool(a.IsCustomizable)})
		for _, v := range a.Values {
			f.Options = append(f.Options, schemaOption{v.ID, v.Name})
		}
		if a.Type == category.SalesProperty {
			sku.Parts = append(sku.Parts, f)
		} else {
			fields = append(fields, f)
		}
	}
	return append(fields, sku)
}

type schema struct {
	CategoryID int64
	Fields     []schemaField
}

type schemaError struct {
	Code    int                `json:"code"`
	Detail  schemaErrorSubject `json:"detail"`
	Message string             `json:"message"`
}

type schemaErrorSubject struct {
	CategoryID int64 `json:"category_id"`
}

// listingSchemas describes what listings need, by category. Categories that no
// product can be in are failures of their own. No shop is named; the market is
// that of the grant's first one.
func listingSchemas(c *gate.Call) (list []schema, errs []schemaError, f *gate.Failure) {
	if f := c.WithShop(""); f != nil {
		return nil, nil, f
	}
	if f := category.Version(c); f != nil {
		return nil, nil, f
	}
	ids := c.List("category_ids")
	if len(ids) == 0 {
		return nil, nil, gate.Missing("category_ids")
	}
	errs = []schemaError{}
	for _, id := range ids {
		number, err := strconv.ParseInt(id, 10, 64)
		if err != nil {
			return nil, nil, gate.WrongType("category_ids", "string", "integer")
		}
		node, f := category.Leaf(c, id)
		if f != nil {
			errs = append(errs, schemaError{f.Code, schemaErrorSubject{number}, f.Message})
			continue
		}
		list = append(list, schema{number, schemaOf(c, node, c.Shop.Market, category.Locale(c))})
	}
	return list, errs, nil
}

func getListingSchemas(c *gate.Call) *gate.Failure {
	list, errs, f := listingSchemas(c)
	if f != nil {
		return f
	}
	type view struct {
		CategoryID int64         `json:"category_id"`
		Fields     []schemaField `json:"fields"`
	}
	views := []view{}
	for _, s := range list {
		views = append(views, view(s))
	}
	c.JSON(struct {
		Errors  []schemaError `json:"errors"`
		Schemas []view        `json:"listing_schemas"`
	}{errs, views})
	return nil
}

// getListingSchemas202401 answers under a name that the platform misspelt.
func getListingSchemas202401(c *gate.Call) *gate.Failure {
	list, errs, f := listingSchemas(c)
	if f != nil {
		return f
	}
	type view struct {
		CategoryID int64         `json:"category_id"`
		Fields     []schemaField `json:"fileds"`
	}
	views := []view{}
	for _, s := range list {
		views = append(views, view(s))
	}
	c.JSON(struct {
		Errors  []schemaError `json:"errors"`
		Schemas []view        `json:"listing_schemas"`
	}{errs, views})
	return nil
}
