package sandbox

import (
	"cmp"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Limits of a listing.
const (
	maxMainImages          = 9
	maxDescriptionImages   = 30
	maxSalesAttributes     = 3
	maxAttributeName       = 20
	maxSalesValue          = 50
	maxProductValue        = 2000
	maxSupplementaryImages = 8
	maxSellerSKU           = 50
	maxExternalID          = 999
	maxCertifications      = 10
	maxIdempotencyKey      = 128
	maxMinimumQuantity     = 20
	minQuantity            = 1
	maxQuantity            = 99999
)

// The ways to save a product.
const (
	saveDraft   = "AS_DRAFT"
	saveListing = "LISTING"
)

// builder turns the body of a creation or an edit into content.
type builder struct {
	*call
	input   *productInput
	old     *content // what is edited; nil on creation
	partial bool     // absent fields stay as they are
	global  bool     // a global product, whose stock may be left out
	next    content
	product *product // what is edited; nil on creation
	stock   map[string][]stock

	mostStock int64 // in a warehouse; 0: maxQuantity
}

// build checks the body against the rules of a listing and returns the new
// content and the stock that goes with it. The rules are checked in the order
// of the fields' importance; the first that is broken answers.
func build(c *call, input *productInput, p *product, old *content, partial bool) (*builder, *failure) {
	b := &builder{call: c, input: input, old: old, partial: partial, global: isCounter(c.shop), product: p, stock: map[string][]stock{}}
	if partial {
		b.next = old.clone()
	}
	for _, step := range []func() *failure{
		b.modes, b.required, b.category, b.title, b.description, b.brand, b.images,
		b.variants, b.attributes, b.packing, b.rest,
	} {
		if f := step(); f != nil {
			return nil, f
		}
	}
	return b, nil
}

// listing reports whether the product is to be listed, not kept as a draft.
func (b *builder) listing() bool { return cmp.Or(b.input.SaveMode, saveListing) == saveListing }

func (b *builder) modes() *failure {
	in := b.input
	for _, field := range []struct {
		name, value string
		allowed     []string
	}{
		{"save_mode", in.SaveMode, []string{saveDraft, saveListing}},
		{"shipping_insurance_requirement", deref(in.ShippingInsuranceRequirement), []string{"REQUIRED", "OPTIONAL", "NOT_SUPPORTED"}},
		{"category_version", in.CategoryVersion, []string{"v1", "v2"}},
	} {
		if field.value != "" && !slices.Contains(field.allowed, field.value) {
			return notAllowed(field.name, field.value, field.allowed)
		}
	}
	if utf8.RuneCountInString(in.IdempotencyKey) > maxIdempotencyKey {
		return fail(codeInvalidParameter, "'idempotency_key' takes at most 128 characters")
	}
	return nil
}

// required checks the fields that a full body needs, drafts included: no
// source relaxes them there.
func (b *builder) required() *failure {
	in := b.input
	if b.partial {
		return nil
	}
	switch {
	case deref(in.Title) == "":
		return missing("title")
	case deref(in.Description) == "":
		return missing("description")
	case deref(in.CategoryID) == "":
		return missing("category_id")
	case len(in.MainImages) == 0:
		return missing("main_images")
	case len(in.SKUs) == 0:
		return missing("skus")
	case in.PackageWeight == nil:
		return missing("package_weight")
	}
	return nil
}

func (b *builder) category() *failure {
	versions := b.shop.region.categoryVersions
	if v := b.input.CategoryVersion; v != "" && !slices.Contains(versions, v) {
		return fail(codeCategoryVersion, "'category_version' ", v, " does not fit the shop, which has ", strings.Join(versions, " or "))
	}
	if b.input.CategoryID == nil {
		return nil
	}
	node, f := leaf(b.call, *b.input.CategoryID)
	if f != nil {
		return f
	}
	b.next.categoryID = node.id
	return nil
}

func (b *builder) title() *failure {
	if b.input.Title == nil {
		return nil
	}
	title, r := *b.input.Title, b.shop.region
	if n := utf8.RuneCountInString(title); n < r.titleMin || n > r.titleMax {
		return fail(codeTitleLength, "'title' must have from ", strconv.Itoa(r.titleMin), " to ", strconv.Itoa(r.titleMax), " characters")
	}
	if !plainText(title) {
		return fail(codeTitleText, "'title' holds entities, emoji or control characters")
	}
	b.next.title = title
	return nil
}

func (b *builder) description() *failure {
	if b.input.Description == nil {
		return nil
	}
	description := *b.input.Description
	if utf8.RuneCountInString(description) > maxDescription {
		return fail(codeDescriptionLength, "'description' takes at most 10000 characters")
	}
	if strings.Count(strings.ToLower(description), "<img") > maxDescriptionImages {
		return fail(codeDescriptionImages, "'description' takes at most 30 images")
	}
	if !plainText(description) {
		return fail(codeDescriptionText, "'description' holds entities, emoji or control characters")
	}
	b.next.description = description
	return nil
}

func (b *builder) brand() *failure {
	if b.input.BrandID == nil {
		return nil
	}
	id := *b.input.BrandID
	if id != "" && brandsOf(b.state.world).get(id) == nil {
		return fail(codeBrandUnknown, "no brand has the id ", id)
	}
	b.next.brandID = id
	return nil
}

func (b *builder) images() *failure {
	if b.input.MainImages == nil {
		return nil
	}
	if len(b.input.MainImages) == 0 {
		return fail(codeMainImageMissing, "'main_images' is empty")
	}
	if len(b.input.MainImages) > maxMainImages {
		return fail(codeMainImageCount, "'main_images' takes at most 9 images")
	}
	uris := make([]string, len(b.input.MainImages))
	for i, ref := range b.input.MainImages {
		if ref.URI == "" {
			return missing("main_images.uri")
		}
		info := imagesOf(b.state.world).get(ref.URI)
		switch {
		case info == nil:
			return fail(codeMainImageUnknown, "main image ", ref.URI, " was not uploaded here")
		case min(info.width, info.height) < minMainImagePixels:
			return fail(codeMainImageSmall, "main image ", ref.URI, " is smaller than 300 x 300 pixels")
		case max(info.width, info.height) > maxMainImagePixels:
			return fail(codeMainImageLarge, "main image ", ref.URI, " is larger than 4000 x 4000 pixels")
		}
		uris[i] = ref.URI
	}
	b.next.images = uris
	return nil
}

// attributes checks the attributes of the product as a whole. A listing needs
// the mandatory ones of its category.
func (b *builder) attributes() *failure {
	if b.input.ProductAttributes != nil {
		b.next.attributes = nil
		for _, in := range b.input.ProductAttributes {
			a, f := b.productAttribute(in)
			if f != nil {
				return f
			}
			if slices.ContainsFunc(b.next.attributes, func(other productAttribute) bool { return other.id == a.id }) {
				return fail(codeAttributeTwice, "attribute ", a.id, " occurs twice")
			}
			b.next.attributes = append(b.next.attributes, a)
		}
	}
	node := catalogOf(b.state.world).byID[b.next.categoryID]
	if mandatory := node.leaf.mandatory; b.listing() && mandatory != "" &&
		!slices.ContainsFunc(b.next.attributes, func(a productAttribute) bool { return a.id == mandatory }) {
		name := catalogOf(b.state.world).attributes[mandatory].name.en
		return fail(codeAttributeMandatory, "the mandatory attribute ", mandatory, " (", name, ") is missing")
	}
	return nil
}

func (b *builder) productAttribute(in productAttributeInput) (productAttribute, *failure) {
	none := productAttribute{}
	if in.ID == "" {
		return none, missing("product_attributes.id")
	}
	if len(in.Values) == 0 {
		return none, missing("product_attributes.values")
	}
	locale := b.shop.region.locale
	node := catalogOf(b.state.world).byID[b.next.categoryID]
	a := catalogOf(b.state.world).attributes[in.ID]
	if a == nil || a.kind != productProperty || !slices.Contains(node.leaf.attributes, in.ID) {
		return none, fail(codeAttributeForbidden, "attribute ", in.ID, " does not belong to the category")
	}
	if len(in.Values) > 1 && !a.multiple {
		return none, fail(codeAttributeSingle, "attribute ", in.ID, " takes a single value")
	}
	built := productAttribute{id: a.id, name: a.name.in(locale)}
	for _, v := range in.Values {
		switch {
		case v.ID == "" && v.Name == "":
			return none, fail(codeAttributeValue, "a value of attribute ", in.ID, " has neither id nor name")
		case utf8.RuneCountInString(v.Name) > maxProductValue:
			return none, fail(codeAttributeLength, "a value of attribute ", in.ID, " is longer than 2000 characters")
		}
		// Of id and name the id counts.
		if v.ID != "" {
			if known := a.value(v.ID); known != nil {
				built.values = append(built.values, productValue{known.id, known.name.in(locale)})
				continue
			}
			if kept := b.customValue(in.ID, v.ID); kept != nil {
				built.values = append(built.values, *kept)
				continue
			}
			return none, fail(codeSalesValue, "attribute ", in.ID, " has no value ", v.ID)
		}
		if !a.customizable {
			return none, fail(codeAttributeCustom, "attribute ", in.ID, " takes no values of your own")
		}
		built.values = append(built.values, productValue{b.shop.ids.new(), v.Name})
	}
	return built, nil
}

// customValue returns a value of the seller's own that the edited product has
// already, or nil.
func (b *builder) customValue(attributeID, valueID string) *productValue {
	if b.old == nil {
		return nil
	}
	for _, a := range b.old.attributes {
		for _, v := range a.values {
			if a.id == attributeID && v.id == valueID {
				return &v
			}
		}
	}
	return nil
}

func (b *builder) packing() *failure {
	if w := b.input.PackageWeight; w != nil {
		if f := checkWeight(b.shop.region, w); f != nil {
			return f
		}
		b.next.weight = w
	}
	if d := b.input.PackageDimensions; d != nil {
		if f := checkDimensions(b.shop.region, d); f != nil {
			return f
		}
		b.next.dimensions = d
	}
	if w, d := b.next.weight, b.next.dimensions; w != nil && d != nil && (w.Unit == "POUND") != (d.Unit == "INCH") {
		return fail(codeUnitSystems, "'package_weight' and 'package_dimensions' use different systems of units")
	}
	return nil
}

// checkWeight takes positive numbers with at most three decimals of kilograms
// or two of pounds.
func checkWeight(r *region, w *weight) *failure {
	switch {
	case w.Value == "":
		return missing("package_weight.value")
	case w.Unit == "":
		return missing("package_weight.unit")
	case w.Unit == "POUND" && !r.imperial:
		return fail(codeImperialUnits, "pounds are accepted in the US only")
	case !slices.Contains(r.weightUnits, w.Unit):
		return notAllowed("package_weight.unit", w.Unit, r.weightUnits)
	}
	decimals := 3
	if w.Unit == "POUND" {
		decimals = 2
	}
	amount, ok := (&region{decimals: decimals}).parseMoney(w.Value)
	if !ok {
		return fail(codeWeight, "'package_weight' takes a positive number with up to ", strconv.Itoa(decimals), " decimals")
	}
	if amount == 0 {
		return fail(codeWeightZero, "'package_weight' is zero")
	}
	return nil
}

func checkDimensions(r *region, d *dimensions) *failure {
	switch units := []string{"CENTIMETER", "INCH"}; {
	case d.Unit == "":
		return missing("package_dimensions.unit")
	case !slices.Contains(units, d.Unit):
		return notAllowed("package_dimensions.unit", d.Unit, units)
	case d.Unit == "INCH" && !r.imperial:
		return fail(codeImperialUnits, "inches are accepted in the US only")
	}
	for _, side := range []struct{ name, value string }{{"length", d.Length}, {"width", d.Width}, {"height", d.Height}} {
		if side.value == "" {
			return missing("package_dimensions." + side.name)
		}
		if n, ok := (&region{}).parseMoney(side.value); !ok || n == 0 {
			return fail(codeDimensions, "'package_dimensions.", side.name, "' takes a positive whole number")
		}
	}
	return nil
}

// rest takes over the fields that have few rules or none.
func (b *builder) rest() *failure {
	in, next := b.input, &b.next
	if len(in.Certifications) > maxCertifications {
		return fail(codeInvalidParameter, "'certifications' takes at most 10 entries")
	}
	if utf8.RuneCountInString(deref(in.ExternalProductID)) > maxExternalID {
		return fail(codeInvalidParameter, "'external_product_id' takes at most 999 characters")
	}
	if n := in.MinimumOrderQuantity; n != nil && (*n < 1 || *n > maxMinimumQuantity) {
		return fail(codeMinimumQuantity, "'minimum_order_quantity' must be from 1 to 20")
	}
	node := catalogOf(b.state.world).byID[next.categoryID]
	if deref(in.IsCODAllowed) && b.shop.region.cod && node.leaf.noCOD {
		return fail(codeCOD, "the category does not allow cash on delivery")
	}
	if f := checkCertifications(b.call, in.Certifications); f != nil {
		return f
	}
	if in.Video != nil {
		if f := checkVideo(b.call, in.Video.ID); f != nil {
			return f
		}
	}
	if f := checkSizeChart(b.call, in.SizeChart); f != nil {
		return f
	}
	if f := checkPeople(b.call, in.ManufacturerIDs, in.ResponsiblePersonIDs); f != nil {
		return f
	}
	if in.Certifications != nil {
		next.certifications = orNil(in.Certifications)
	}
	if in.SizeChart != nil && node.leaf.sizeChart { // elsewhere it is not kept
		next.sizeChart = in.SizeChart
	}
	if in.Video != nil {
		next.videoID = in.Video.ID
	}
	if in.DeliveryOptionIDs != nil && b.shop.region.southEastAsia { // elsewhere not processed
		next.deliveryOptions = orNil(in.DeliveryOptionIDs)
	}
	if in.ManufacturerIDs != nil {
		next.manufacturers = orNil(in.ManufacturerIDs)
	}
	if in.ResponsiblePersonIDs != nil {
		next.responsible = orNil(in.ResponsiblePersonIDs)
	}
	take(&next.externalID, in.ExternalProductID)
	take(&next.insurance, in.ShippingInsuranceRequirement)
	take(&next.shippingTemplate, in.ShippingTemplateID)
	take(&next.primaryCombined, in.PrimaryCombinedProductID)
	take(&next.notForSale, in.IsNotForSale)
	take(&next.preOwned, in.IsPreOwned)
	if in.IsCODAllowed != nil {
		next.cod = *in.IsCODAllowed && b.shop.region.cod
	}
	if in.MinimumOrderQuantity != nil {
		next.minimumQuantity = int(*in.MinimumOrderQuantity)
	}
	next.insurance = cmp.Or(next.insurance, "OPTIONAL")
	return nil
}

// sameBut reports whether two contents differ in nothing but prices. Such an
// edit needs no review.
func (c *content) sameBut(other *content) bool {
	a, b := c.clone(), other.clone()
	for _, skus := range [][]sku{a.skus, b.skus} {
		for i := range skus {
			skus[i].price, skus[i].listPrice, skus[i].externalLists = 0, 0, nil
		}
	}
	return reflect.DeepEqual(a, b)
}

// orNil makes an empty list nil, so that both mean the same.
func orNil[T any](list []T) []T {
	if len(list) == 0 {
		return nil
	}
	return list
}
