package product

import (
	"cmp"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/ttshop-go/ttshop/sandbox/internal/domain/category"
	"github.com/ttshop-go/ttshop/sandbox/internal/domain/compliance"
	"github.com/ttshop-go/ttshop/sandbox/internal/domain/media"
	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
	"github.com/ttshop-go/ttshop/sandbox/internal/invent"
	"github.com/ttshop-go/ttshop/sandbox/internal/market"
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
	MinQuantity            = 1
	MaxQuantity            = 99999
)

// The ways to save a product.
const (
	saveDraft   = "AS_DRAFT"
	saveListing = "LISTING"
)

// Builder turns the body of a creation or an edit into content.
type Builder struct {
	*gate.Call
	Terms   *Terms
	input   *ProductInput
	old     *Content // what is edited; nil on creation
	partial bool     // absent fields stay as they are
	Next    Content
	product *Product // what is edited; nil on creation
	Stock   map[string][]Stock

	MostStock int64 // in a warehouse; 0: MaxQuantity
}

// Build checks the body against the rules of a listing and returns the new
// content and the stock that goes with it. The rules are checked in the order
// of the fields' importance; the first that is broken answers.
func Build(c *gate.Call, t *Terms, input *ProductInput, p *Product, old *Content, partial bool) (*Builder, *gate.Failure) {
	b := &Builder{Call: c, Terms: t, input: input, old: old, partial: partial, product: p, Stock: map[string][]Stock{}}
	if partial {
		b.Next = old.Clone()
	}
	for _, step := range []func() *gate.Failure{
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
func (b *Builder) listing() bool { return cmp.Or(b.input.SaveMode, saveListing) == saveListing }

func (b *Builder) modes() *gate.Failure {
	in := b.input
	for _, field := range []struct {
		name, value string
		allowed     []string
	}{
		{"save_mode", in.SaveMode, []string{saveDraft, saveListing}},
		{"shipping_insurance_requirement", invent.Deref(in.ShippingInsuranceRequirement), []string{"REQUIRED", "OPTIONAL", "NOT_SUPPORTED"}},
		{"category_version", in.CategoryVersion, []string{"v1", "v2"}},
	} {
		if field.value != "" && !slices.Contains(field.allowed, field.value) {
			return gate.NotAllowed(field.name, field.value, field.allowed)
		}
	}
	if utf8.RuneCountInString(in.IdempotencyKey) > maxIdempotencyKey {
		return gate.Fail(gate.CodeInvalidParameter, "'idempotency_key' takes at most 128 characters")
	}
	return nil
}

// required checks the fields that a full body needs, drafts included: no
// source relaxes them there.
func (b *Builder) required() *gate.Failure {
	in := b.input
	if b.partial {
		return nil
	}
	switch {
	case invent.Deref(in.Title) == "":
		return gate.Missing("title")
	case invent.Deref(in.Description) == "":
		return gate.Missing("description")
	case invent.Deref(in.CategoryID) == "":
		return gate.Missing("category_id")
	case len(in.MainImages) == 0 && (b.product == nil || in.MainImages != nil):
		return gate.Missing("main_images")
	case len(in.SKUs) == 0:
		return gate.Missing("skus")
	case in.PackageWeight == nil:
		return gate.Missing("package_weight")
	}
	return nil
}

func (b *Builder) category() *gate.Failure {
	versions := b.Terms.Market.CategoryVersions
	if v := b.input.CategoryVersion; v != "" && !slices.Contains(versions, v) {
		return gate.Fail(category.CodeCategoryVersion, "'category_version' ", v, " does not fit the shop, which has ", strings.Join(versions, " or "))
	}
	if b.input.CategoryID == nil {
		return nil
	}
	node, f := category.Leaf(b.Call, *b.input.CategoryID)
	if f != nil {
		return f
	}
	b.Next.CategoryID = node.ID
	return nil
}

func (b *Builder) title() *gate.Failure {
	if b.input.Title == nil {
		return nil
	}
	title, r := *b.input.Title, b.Terms.Market
	if n := utf8.RuneCountInString(title); n < r.TitleMin || n > r.TitleMax {
		return gate.Fail(CodeTitleLength, "'title' must have from ", strconv.Itoa(r.TitleMin), " to ", strconv.Itoa(r.TitleMax), " characters")
	}
	if !category.PlainText(title) {
		return gate.Fail(codeTitleText, "'title' holds entities, emoji or control characters")
	}
	b.Next.Title = title
	return nil
}

func (b *Builder) description() *gate.Failure {
	if b.input.Description == nil {
		return nil
	}
	description := *b.input.Description
	if utf8.RuneCountInString(description) > category.MaxDescription {
		return gate.Fail(category.CodeDescriptionLength, "'description' takes at most 10000 characters")
	}
	if strings.Count(strings.ToLower(description), "<img") > maxDescriptionImages {
		return gate.Fail(codeDescriptionImages, "'description' takes at most 30 images")
	}
	if !category.PlainText(description) {
		return gate.Fail(codeDescriptionText, "'description' holds entities, emoji or control characters")
	}
	b.Next.Description = description
	return nil
}

func (b *Builder) brand() *gate.Failure {
	if b.input.BrandID == nil {
		return nil
	}
	id := *b.input.BrandID
	if id != "" && category.BrandsOf(b.State.World).Get(id) == nil {
		return gate.Fail(codeBrandUnknown, "no brand has the id ", id)
	}
	b.Next.BrandID = id
	return nil
}

func (b *Builder) images() *gate.Failure {
	if b.input.MainImages == nil {
		if b.product != nil { // also an edit in full keeps them, as it was recorded
			b.Next.Images = slices.Clone(b.old.Images)
		}
		return nil
	}
	if len(b.input.MainImages) == 0 {
		return gate.Fail(codeMainImageMissing, "'main_images' is empty")
	}
	if len(b.input.MainImages) > maxMainImages {
		return gate.Fail(CodeMainImageCount, "'main_images' takes at most 9 images")
	}
	uris := make([]string, len(b.input.MainImages))
	for i, ref := range b.input.MainImages {
		if ref.URI == "" {
			return gate.Missing("main_images.uri")
		}
		info := media.ImagesOf(b.State.World).Get(ref.URI)
		switch {
		case info == nil:
			return gate.Fail(codeMainImageUnknown, "main image ", ref.URI, " was not uploaded here")
		case min(info.Width, info.Height) < media.MinMainImagePixels:
			return gate.Fail(codeMainImageSmall, "main image ", ref.URI, " is smaller than 300 x 300 pixels")
		case max(info.Width, info.Height) > media.MaxMainImagePixels:
			return gate.Fail(codeMainImageLarge, "main image ", ref.URI, " is larger than 4000 x 4000 pixels")
		}
		uris[i] = ref.URI
	}
	b.Next.Images = uris
	return nil
}

// attributes checks the attributes of the product as a whole. A listing needs
// the mandatory ones of its category.
func (b *Builder) attributes() *gate.Failure {
	if b.input.ProductAttributes != nil {
		b.Next.Attributes = nil
		for _, in := range b.input.ProductAttributes {
			a, f := b.productAttribute(in)
			if f != nil {
				return f
			}
			if slices.ContainsFunc(b.Next.Attributes, func(other ProductAttribute) bool { return other.ID == a.ID }) {
				return gate.Fail(codeAttributeTwice, "attribute ", a.ID, " occurs twice")
			}
			b.Next.Attributes = append(b.Next.Attributes, a)
		}
	}
	node := category.CatalogOf(b.State.World).ByID[b.Next.CategoryID]
	if mandatory := node.Leaf.Mandatory; b.listing() && mandatory != "" &&
		!slices.ContainsFunc(b.Next.Attributes, func(a ProductAttribute) bool { return a.ID == mandatory }) {
		name := category.CatalogOf(b.State.World).Attributes[mandatory].Name.En
		return gate.Fail(codeAttributeMandatory, "the mandatory attribute ", mandatory, " (", name, ") is missing")
	}
	return nil
}

func (b *Builder) productAttribute(in productAttributeInput) (ProductAttribute, *gate.Failure) {
	none := ProductAttribute{}
	if in.ID == "" {
		return none, gate.Missing("product_attributes.id")
	}
	if len(in.Values) == 0 {
		return none, gate.Missing("product_attributes.values")
	}
	locale := b.Terms.Market.Locale
	node := category.CatalogOf(b.State.World).ByID[b.Next.CategoryID]
	a := category.CatalogOf(b.State.World).Attributes[in.ID]
	if a == nil || a.Kind != category.ProductProperty || !slices.Contains(node.Leaf.Attributes, in.ID) {
		return none, gate.Fail(codeAttributeForbidden, "attribute ", in.ID, " does not belong to the category")
	}
	if len(in.Values) > 1 && !a.Multiple {
		return none, gate.Fail(codeAttributeSingle, "attribute ", in.ID, " takes a single value")
	}
	built := ProductAttribute{ID: a.ID, Name: a.Name.In(locale)}
	for _, v := range in.Values {
		switch {
		case v.ID == "" && v.Name == "":
			return none, gate.Fail(codeAttributeValue, "a value of attribute ", in.ID, " has neither id nor name")
		case utf8.RuneCountInString(v.Name) > maxProductValue:
			return none, gate.Fail(CodeAttributeLength, "a value of attribute ", in.ID, " is longer than 2000 characters")
		}
		// Of id and name the id counts.
		if v.ID != "" {
			if known := a.Value(v.ID); known != nil {
				built.Values = append(built.Values, ProductValue{known.ID, known.Name.In(locale)})
				continue
			}
			if kept := b.customValue(in.ID, v.ID); kept != nil {
				built.Values = append(built.Values, *kept)
				continue
			}
			return none, gate.Fail(codeSalesValue, "attribute ", in.ID, " has no value ", v.ID)
		}
		if !a.Customizable {
			return none, gate.Fail(codeAttributeCustom, "attribute ", in.ID, " takes no values of your own")
		}
		built.Values = append(built.Values, ProductValue{b.Terms.IDs.New(), v.Name})
	}
	return built, nil
}

// customValue returns a value of the seller's own that the edited product has
// already, or nil.
func (b *Builder) customValue(attributeID, valueID string) *ProductValue {
	if b.old == nil {
		return nil
	}
	for _, a := range b.old.Attributes {
		for _, v := range a.Values {
			if a.ID == attributeID && v.ID == valueID {
				return &v
			}
		}
	}
	return nil
}

func (b *Builder) packing() *gate.Failure {
	if w := b.input.PackageWeight; w != nil {
		if f := checkWeight(b.Terms.Market, w); f != nil {
			return f
		}
		b.Next.Weight = w
	}
	if d := b.input.PackageDimensions; d != nil {
		if f := checkDimensions(b.Terms.Market, d); f != nil {
			return f
		}
		b.Next.Dimensions = d
	}
	if w, d := b.Next.Weight, b.Next.Dimensions; w != nil && d != nil && (w.Unit == "POUND") != (d.Unit == "INCH") {
		return gate.Fail(codeUnitSystems, "'package_weight' and 'package_dimensions' use different systems of units")
	}
	return nil
}

// checkWeight takes positive numbers with at most three decimals of kilograms
// or two of pounds.
func checkWeight(r *market.Region, w *Weight) *gate.Failure {
	switch {
	case w.Value == "":
		return gate.Missing("package_weight.value")
	case w.Unit == "":
		return gate.Missing("package_weight.unit")
	case w.Unit == "POUND" && !r.Imperial:
		return gate.Fail(codeImperialUnits, "pounds are accepted in the US only")
	case !slices.Contains(r.WeightUnits, w.Unit):
		return gate.NotAllowed("package_weight.unit", w.Unit, r.WeightUnits)
	}
	decimals := 3
	if w.Unit == "POUND" {
		decimals = 2
	}
	amount, ok := (&market.Region{Decimals: decimals}).ParseMoney(w.Value)
	if !ok {
		return gate.Fail(codeWeight, "'package_weight' takes a positive number with up to ", strconv.Itoa(decimals), " decimals")
	}
	if amount == 0 {
		return gate.Fail(codeWeightZero, "'package_weight' is zero")
	}
	return nil
}

func checkDimensions(r *market.Region, d *Dimensions) *gate.Failure {
	switch units := []string{"CENTIMETER", "INCH"}; {
	case d.Unit == "":
		return gate.Missing("package_dimensions.unit")
	case !slices.Contains(units, d.Unit):
		return gate.NotAllowed("package_dimensions.unit", d.Unit, units)
	case d.Unit == "INCH" && !r.Imperial:
		return gate.Fail(codeImperialUnits, "inches are accepted in the US only")
	}
	for _, side := range []struct{ name, value string }{{"length", d.Length}, {"width", d.Width}, {"height", d.Height}} {
		if side.value == "" {
			return gate.Missing("package_dimensions." + side.name)
		}
		if n, ok := (&market.Region{}).ParseMoney(side.value); !ok || n == 0 {
			return gate.Fail(codeDimensions, "'package_dimensions.", side.name, "' takes a positive whole number")
		}
	}
	return nil
}

// rest takes over the fields that have few rules or none.
func (b *Builder) rest() *gate.Failure {
	in, next := b.input, &b.Next
	if len(in.Certifications) > maxCertifications {
		return gate.Fail(gate.CodeInvalidParameter, "'certifications' takes at most 10 entries")
	}
	if utf8.RuneCountInString(invent.Deref(in.ExternalProductID)) > maxExternalID {
		return gate.Fail(gate.CodeInvalidParameter, "'external_product_id' takes at most 999 characters")
	}
	if n := in.MinimumOrderQuantity; n != nil && (*n < 1 || *n > maxMinimumQuantity) {
		return gate.Fail(codeMinimumQuantity, "'minimum_order_quantity' must be from 1 to 20")
	}
	node := category.CatalogOf(b.State.World).ByID[next.CategoryID]
	if invent.Deref(in.IsCODAllowed) && b.Terms.Market.COD && node.Leaf.NoCOD {
		return gate.Fail(codeCOD, "the category does not allow cash on delivery")
	}
	if f := checkCertifications(b.Call, in.Certifications); f != nil {
		return f
	}
	if in.Video != nil {
		if f := media.CheckVideo(b.Call, in.Video.ID); f != nil {
			return f
		}
	}
	if f := checkSizeChart(b.Call, in.SizeChart); f != nil {
		return f
	}
	if f := compliance.CheckPeople(b.Call, in.ManufacturerIDs, in.ResponsiblePersonIDs); f != nil {
		return f
	}
	if in.Certifications != nil {
		next.Certifications = OrNil(in.Certifications)
	}
	if in.SizeChart != nil && node.Leaf.SizeChart { // elsewhere it is not kept
		next.SizeChart = in.SizeChart
	}
	if in.Video != nil {
		next.VideoID = in.Video.ID
	}
	if in.DeliveryOptionIDs != nil && b.Terms.Market.SouthEastAsia { // elsewhere not processed
		next.DeliveryOptions = OrNil(in.DeliveryOptionIDs)
	}
	if in.ManufacturerIDs != nil {
		next.Manufacturers = OrNil(in.ManufacturerIDs)
	}
	if in.ResponsiblePersonIDs != nil {
		next.Responsible = OrNil(in.ResponsiblePersonIDs)
	}
	invent.Take(&next.ExternalID, in.ExternalProductID)
	invent.Take(&next.Insurance, in.ShippingInsuranceRequirement)
	invent.Take(&next.ShippingTemplate, in.ShippingTemplateID)
	invent.Take(&next.PrimaryCombined, in.PrimaryCombinedProductID)
	invent.Take(&next.NotForSale, in.IsNotForSale)
	invent.Take(&next.PreOwned, in.IsPreOwned)
	if in.IsCODAllowed != nil {
		next.COD = *in.IsCODAllowed && b.Terms.Market.COD
	}
	if in.MinimumOrderQuantity != nil {
		next.MinimumQuantity = int(*in.MinimumOrderQuantity)
	}
	next.Insurance = cmp.Or(next.Insurance, "OPTIONAL")
	return b.primary()
}

// sameBut reports whether two contents differ in nothing but prices. Such an
// edit needs no review.
func (c *Content) sameBut(other *Content) bool {
	a, b := c.Clone(), other.Clone()
	for _, skus := range [][]SKU{a.SKUs, b.SKUs} {
		for i := range skus {
			skus[i].Price, skus[i].ListPrice, skus[i].ExternalLists = 0, 0, nil
		}
	}
	return reflect.DeepEqual(a, b)
}

// OrNil makes an empty list nil, so that both mean the same.
func OrNil[T any](list []T) []T {
	if len(list) == 0 {
		return nil
	}
	return list
}
