package product

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/ttshop-go/ttshop/sandbox/internal/domain/category"
	"github.com/ttshop-go/ttshop/sandbox/internal/domain/media"
	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
	"github.com/ttshop-go/ttshop/sandbox/internal/invent"
	"github.com/ttshop-go/ttshop/sandbox/internal/market"
	"github.com/ttshop-go/ttshop/sandbox/internal/world"
)

// variants checks the SKUs and builds them. A SKU with an id is edited, one
// without is new, and those that an edit does not name are dropped.
func (b *Builder) variants() *gate.Failure {
	inputs := b.input.SKUs
	if inputs == nil {
		return nil
	}
	if len(inputs) == 0 {
		return gate.Fail(CodeSKUListEmpty, "'skus' is present but empty")
	}
	if most := b.Terms.Market.MaxSKUs; len(inputs) > most {
		return gate.Fail(codeSKUCount, "'skus' takes at most ", strconv.Itoa(most), " entries")
	}
	var built []SKU
	codes := map[string]bool{}
	for i := range inputs {
		in := &inputs[i]
		s, f := b.variant(in)
		if f != nil {
			return f
		}
		if slices.ContainsFunc(built, func(other SKU) bool { return other.ID == s.ID }) {
			return gate.Fail(CodeSKURepeated, "SKU ", s.ID, " occurs twice")
		}
		if s.Identifier != nil {
			if codes[s.Identifier.Code] {
				return gate.Fail(codeIdentifierTwice, "'identifier_code' ", s.Identifier.Code, " is used twice")
			}
			codes[s.Identifier.Code] = true
		}
		built = append(built, s)
	}
	if f := checkVariants(built); f != nil {
		return f
	}
	b.Next.SKUs = built
	return nil
}

// checkVariants holds the SKUs of one product against each other.
func checkVariants(skus []SKU) *gate.Failure {
	combinations := map[string]bool{}
	pictured := ""
	for i := range skus {
		s := &skus[i]
		if len(skus) > 1 && len(s.Attributes) == 0 {
			return gate.Fail(codeSalesAttributeSet, "'sales_attributes' is required where there are several SKUs")
		}
		if len(s.Attributes) != len(skus[0].Attributes) {
			return gate.Fail(codeSalesAttributeSet, "every SKU needs the same sales attributes")
		}
		var combination strings.Builder
		for _, a := range s.Attributes {
			if !slices.ContainsFunc(skus[0].Attributes, func(first SalesAttribute) bool { return first.Name == a.Name }) {
				return gate.Fail(codeSalesAttributeSet, "every SKU needs the same sales attributes, '", a.Name, "' is not on all")
			}
			combination.WriteString(a.Name + "=" + a.Value + ";")
			if a.Image == "" {
				continue
			}
			if pictured != "" && pictured != a.Name {
				return gate.Fail(codeSalesImageSpread, "images are attached to more than one sales attribute")
			}
			pictured = a.Name
		}
		if len(skus) > 1 && combinations[combination.String()] {
			return gate.Fail(codeSalesAttributeTwice, "two SKUs have the same sales attributes")
		}
		combinations[combination.String()] = true
	}
	return nil
}

func (b *Builder) variant(in *SKUInput) (SKU, *gate.Failure) {
	var s SKU
	existing := false
	if in.ID != "" && b.product != nil {
		known := b.old.SKU(in.ID)
		if known == nil {
			return s, gate.Fail(b.strangerCode(in.ID), "the product has no SKU ", in.ID)
		}
		s, existing = *known, true
		// A full edit describes the SKU from scratch.
		if !b.partial {
			s = SKU{ID: known.ID, Price: known.Price, ListPrice: known.ListPrice, Attributes: known.Attributes, SellerSKU: known.SellerSKU}
		}
	} else {
		s.ID = b.Terms.IDs.New()
	}
	if in.SalesAttributes != nil || !existing {
		attributes, f := b.salesAttributes(in.SalesAttributes)
		if f != nil {
			return s, f
		}
		s.Attributes = attributes
	}
	if f := b.codes(in, &s); f != nil {
		return s, f
	}
	switch {
	case in.Price != nil:
		price, f := ReadPrice(b.Terms.Market, b.Terms.SellerType, in.Price)
		if f != nil {
			return s, f
		}
		s.Price = price
	case !existing:
		return s, gate.Missing("skus.price")
	}
	if f := listPrices(b.Terms.Market, &s, in.ListPrice, in.ExternalListPrices); f != nil {
		return s, f
	}
	if in.Inventory == nil && existing {
		if b.product.Stock[s.ID] != nil {
			b.Stock[s.ID] = b.product.Stock[s.ID]
		}
		return s, nil
	}
	if len(in.Inventory) == 0 {
		if b.Terms.Global {
			return s, nil
		}
		return s, gate.Missing("skus.inventory")
	}
	places, f := b.Places(in.Inventory, s.ID)
	if f != nil {
		return s, f
	}
	b.Stock[s.ID] = places
	return s, nil
}

// strangerCode tells a SKU of another product from one that nobody has.
func (b *Builder) strangerCode(id string) int {
	if b.State.World.Owners.Of(id) != nil {
		return CodeSKUForeign
	}
	return CodeSKUUnknown
}

// codes takes over what identifies a SKU elsewhere.
func (b *Builder) codes(in *SKUInput, s *SKU) *gate.Failure {
	if in.SellerSKU != "" {
		if utf8.RuneCountInString(in.SellerSKU) > maxSellerSKU || strings.ContainsAny(in.SellerSKU, " \t\r\n") {
			return gate.Fail(CodeSellerSKU, "'seller_sku' takes 1 to 50 characters without spaces")
		}
		s.SellerSKU = in.SellerSKU
	}
	if in.ExternalSKUID != "" {
		if utf8.RuneCountInString(in.ExternalSKUID) > maxExternalID {
			return gate.Fail(gate.CodeInvalidParameter, "'external_sku_id' takes at most 999 characters")
		}
		s.ExternalID = in.ExternalSKUID
	}
	if code := in.IdentifierCode; code != nil {
		types := []string{"GTIN", "EAN", "UPC", "ISBN", "JAN"}
		if !slices.Contains(types, code.Type) {
			return gate.NotAllowed("skus.identifier_code.type", code.Type, types)
		}
		if !code.wellFormed() {
			return gate.Fail(codeIdentifierDigits, "'identifier_code' ", code.Code, " is not a valid ", code.Type)
		}
		s.Identifier = code
	}
	if in.ExternalURLs != nil {
		s.ExternalURLs = OrNil(in.ExternalURLs)
	}
	if in.ExtraIdentifierCodes != nil {
		s.ExtraCodes = OrNil(in.ExtraIdentifierCodes)
	}
	if in.CombinedSKUs != nil {
		parts, f := b.combined(in.CombinedSKUs)
		if f != nil {
			return f
		}
		s.Combined = parts
	}
	if in.SKUUnitCount != "" {
		s.UnitCount = in.SKUUnitCount
	}
	if in.PreSale != nil {
		s.PreSale = in.PreSale
	}
	if in.Fees != nil {
		s.Fees = OrNil(in.Fees)
	}
	return nil
}

// wellFormed reports whether a code has the digits of its type.
func (c *IdentifierCode) wellFormed() bool {
	digits := c.Code
	if c.Type == "ISBN" && len(digits) == 10 && digits[9] == 'X' {
		digits = digits[:9]
		return strings.Trim(digits, "0123456789") == ""
	}
	lengths := map[string][]int{"GTIN": {14}, "EAN": {8, 13, 14}, "UPC": {12}, "ISBN": {13}, "JAN": {8, 13}}[c.Type]
	return slices.Contains(lengths, len(digits)) && strings.Trim(digits, "0123456789") == ""
}

func (b *Builder) salesAttributes(inputs []salesAttributeInput) ([]SalesAttribute, *gate.Failure) {
	if len(inputs) > maxSalesAttributes {
		return nil, gate.Fail(CodeSalesAttributeCount, "'sales_attributes' takes at most 3 entries")
	}
	var built []SalesAttribute
	for i := range inputs {
		a, f := b.salesAttribute(&inputs[i])
		if f != nil {
			return nil, f
		}
		if slices.ContainsFunc(built, func(other SalesAttribute) bool { return other.Name == a.Name }) {
			return nil, gate.Fail(codeSalesAttributeTwice, "a SKU has the sales attribute '", a.Name, "' twice")
		}
		built = append(built, a)
	}
	return built, nil
}

// salesAttribute builds one sales attribute. Ids win over names; names of the
// seller's own get an id, the same one on every SKU of the product.
func (b *Builder) salesAttribute(in *salesAttributeInput) (SalesAttribute, *gate.Failure) {
	var a SalesAttribute
	locale := b.Terms.Market.Locale
	node := category.CatalogOf(b.State.World).ByID[b.Next.CategoryID]
	builtIn := category.CatalogOf(b.State.World).Attributes[in.ID]
	switch {
	case in.ID == "" && in.Name == "":
		return a, gate.Fail(codeAttributeUnnamed, "a sales attribute has neither id nor name")
	case in.ID == "" && utf8.RuneCountInString(in.Name) > maxAttributeName:
		return a, gate.Fail(CodeAttributeNameLength, "'sales_attributes.name' takes at most 20 characters")
	case in.ID == "":
		a.ID, a.Name = b.Terms.customID("attribute "+in.Name), in.Name
		builtIn = nil
	case builtIn != nil && builtIn.Kind == category.SalesProperty && slices.Contains(node.Leaf.Attributes, in.ID):
		a.ID, a.Name = builtIn.ID, builtIn.Name.In(locale)
	default:
		old := b.oldSales(func(o SalesAttribute) bool { return o.ID == in.ID })
		if old == nil {
			return a, gate.Fail(codeSalesAttribute, "the category has no sales attribute ", in.ID)
		}
		a.ID, a.Name, builtIn = old.ID, old.Name, nil
	}
	switch {
	case in.ValueID == "" && in.ValueName == "":
		return a, gate.Fail(codeAttributeValue, "sales attribute '", a.Name, "' has a value with neither id nor name")
	case in.ValueID == "" && utf8.RuneCountInString(in.ValueName) > maxSalesValue:
		return a, gate.Fail(CodeAttributeLength, "'sales_attributes.value_name' takes at most 50 characters")
	case in.ValueID == "":
		a.ValueID, a.Value = b.Terms.customID("value "+a.ID+" "+in.ValueName), in.ValueName
	default:
		if builtIn != nil {
			if known := builtIn.Value(in.ValueID); known != nil {
				a.ValueID, a.Value = known.ID, known.Name.In(locale)
				break
			}
		}
		old := b.oldSales(func(o SalesAttribute) bool { return o.ID == a.ID && o.ValueID == in.ValueID })
		if old == nil {
			return a, gate.Fail(codeSalesValue, "sales attribute '", a.Name, "' has no value ", in.ValueID)
		}
		a.ValueID, a.Value = old.ValueID, old.Value
	}
	f := b.salesImages(in, &a)
	return a, f
}

func (b *Builder) salesImages(in *salesAttributeInput, a *SalesAttribute) *gate.Failure {
	if len(in.SupplementarySKUImages) > maxSupplementaryImages {
		return gate.Fail(codeSalesImageCount, "'supplementary_sku_images' takes at most 8 images")
	}
	uris := []string{}
	if in.SKUImage != nil {
		uris = append(uris, in.SKUImage.URI)
		a.Image = in.SKUImage.URI
	}
	for _, ref := range in.SupplementarySKUImages {
		uris = append(uris, ref.URI)
		a.More = append(a.More, ref.URI)
	}
	for _, uri := range uris {
		if uri == "" {
			return gate.Missing("sales_attributes.sku_img.uri")
		}
		if media.ImagesOf(b.State.World).Get(uri) == nil {
			return gate.Fail(codeSalesImageUnknown, "sales attribute image ", uri, " was not uploaded here")
		}
	}
	return nil
}

// oldSales returns a sales attribute that the edited product has already.
func (b *Builder) oldSales(match func(SalesAttribute) bool) *SalesAttribute {
	if b.old == nil {
		return nil
	}
	for i := range b.old.SKUs {
		for _, a := range b.old.SKUs[i].Attributes {
			if match(a) {
				return &a
			}
		}
	}
	return nil
}

// CustomID returns the id of a name of the seller's own: the same name has the
// same id within a shop. The caller holds the shop's lock.
func CustomID(s *world.Shop, name string) string {
	return TermsOf(s).customID(name)
}

// ReadPrice reads a price. Global sellers may give the price that buyers see, which
// then wins; local sellers have one price only.
func ReadPrice(r *market.Region, sellerType string, in *PriceInput) (int64, *gate.Failure) {
	if in.Currency == "" {
		return 0, gate.Missing("price.currency")
	}
	if in.Currency != r.Currency {
		return 0, gate.Fail(CodePriceCurrency, "'price.currency' ", in.Currency, " does not fit the shop, which sells in ", r.Currency)
	}
	text := in.Amount
	if sellerType == "CROSS_BORDER" && in.SalePrice != "" {
		text = in.SalePrice
	}
	if text == "" {
		return 0, gate.Fail(CodeSalePriceMissing, "'price' has no amount")
	}
	price, ok := r.ParseMoney(text)
	if !ok {
		return 0, gate.Fail(CodePriceFormat, "'price' takes a decimal string with up to ", strconv.Itoa(r.Decimals), " decimals")
	}
	if price < r.PriceMin || price > r.PriceMax {
		return 0, gate.Fail(CodePriceRange, "'price' must be from ", r.Money(r.PriceMin), " to ", r.Money(r.PriceMax), " ", r.Currency)
	}
	return price, nil
}

// listPrices takes over the prices that may be shown struck through, where the
// market has them. One below the price is dropped.
func listPrices(r *market.Region, v *SKU, list *listPriceInput, external []externalListPrice) *gate.Failure {
	if !r.ListPrice {
		return nil
	}
	read := func(name, amount, currency string) (int64, *gate.Failure) {
		switch {
		case amount == "":
			return 0, gate.Missing(name + ".amount")
		case currency == "":
			return 0, gate.Missing(name + ".currency")
		case currency != r.Currency:
			return 0, gate.Fail(CodePriceCurrency, "'", name, ".currency' ", currency, " does not fit the shop")
		}
		price, ok := r.ParseMoney(amount)
		if !ok || price < r.PriceMin || price > r.PriceMax {
			return 0, gate.Fail(codeListPrice, "'", name, "' must be from ", r.Money(r.PriceMin), " to ", r.Money(r.PriceMax), " ", r.Currency)
		}
		return price, nil
	}
	if list != nil {
		price, f := read("list_price", list.Amount, list.Currency)
		if f != nil {
			return f
		}
		v.ListPrice = price
	}
	if v.ListPrice < v.Price {
		v.ListPrice = 0
	}
	if external != nil {
		v.ExternalLists = OrNil(external)
		for _, e := range external {
			if sources := []string{"SHOPIFY_COMPARE_AT_PRICE"}; !slices.Contains(sources, e.Source) {
				return gate.NotAllowed("external_list_prices.source", e.Source, sources)
			}
			if _, f := read("external_list_prices", e.Amount, e.Currency); f != nil {
				return f
			}
		}
	}
	return nil
}

// Places reads the stock of a SKU in a creation or an edit. The documents call
// warehouse_id required and say elsewhere that the default warehouse stands in
// for it; the latter holds here.
func (b *Builder) Places(inputs []StockInput, skuID string) ([]Stock, *gate.Failure) {
	var built []Stock
	for _, in := range inputs {
		id := in.WarehouseID
		if id == "" {
			id = b.Terms.Warehouses.Sales()[0].ID
		}
		if f := CheckWarehouse(b.Call, b.Terms.Warehouses, id); f != nil {
			return nil, f
		}
		if slices.ContainsFunc(built, func(s Stock) bool { return s.Warehouse == id }) {
			return nil, gate.Fail(CodeWarehouseSet, "warehouse ", id, " occurs twice")
		}
		if in.Quantity == nil {
			return nil, gate.Missing("skus.inventory.quantity")
		}
		if most := cmp.Or(b.MostStock, MaxQuantity); *in.Quantity < MinQuantity || *in.Quantity > most {
			return nil, gate.Fail(CodeQuantity, "'quantity' must be from 1 to ", strconv.FormatInt(most, 10))
		}
		place := Stock{Warehouse: id}
		if b.product != nil { // reservations stay
			for _, old := range b.product.Stock[skuID] {
				if old.Warehouse == id {
					place = old
				}
			}
		}
		place.Set(&in)
		built = append(built, place)
	}
	return built, nil
}

// Set takes over what a request says about a stock.
func (s *Stock) Set(in *StockInput) {
	invent.Take(&s.Available, in.Quantity)
	invent.Take(&s.Backorder, in.BackorderQuantity)
	invent.Take(&s.HandlingTime, in.HandlingTime)
}

// CheckWarehouse refuses warehouses that cannot hold stock for sale.
func CheckWarehouse(c *gate.Call, places world.Warehouses, id string) *gate.Failure {
	w := places.Find(id)
	switch {
	case w == nil && c.State.World.Owners.Of(id) != nil:
		return gate.Fail(CodeWarehouseForeign, "warehouse ", id, " belongs to another shop")
	case w == nil:
		return gate.Fail(CodeWarehouseUnknown, "no warehouse has the id ", id)
	case w.Kind != world.WarehouseSales:
		return gate.Fail(CodeWarehouseOutbound, "warehouse ", id, " takes returns only")
	case w.Status != world.WarehouseEnabled:
		return gate.Fail(codeWarehouseOff, "warehouse ", id, " is switched off")
	}
	return nil
}
