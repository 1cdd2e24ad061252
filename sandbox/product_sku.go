package sandbox

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// variants checks the SKUs and builds them. A SKU with an id is edited, one
// without is new, and those that an edit does not name are dropped.
func (b *builder) variants() *failure {
	inputs := b.input.SKUs
	if inputs == nil {
		return nil
	}
	if len(inputs) == 0 {
		return fail(codeSKUListEmpty, "'skus' is present but empty")
	}
	if most := b.shop.region.maxSKUs; len(inputs) > most {
		return fail(codeSKUCount, "'skus' takes at most ", strconv.Itoa(most), " entries")
	}
	var built []sku
	codes := map[string]bool{}
	for i := range inputs {
		in := &inputs[i]
		s, f := b.variant(in)
		if f != nil {
			return f
		}
		if slices.ContainsFunc(built, func(other sku) bool { return other.id == s.id }) {
			return fail(codeSKURepeated, "SKU ", s.id, " occurs twice")
		}
		if s.identifier != nil {
			if codes[s.identifier.Code] {
				return fail(codeIdentifierTwice, "'identifier_code' ", s.identifier.Code, " is used twice")
			}
			codes[s.identifier.Code] = true
		}
		built = append(built, s)
	}
	if f := checkVariants(built); f != nil {
		return f
	}
	b.next.skus = built
	return nil
}

// checkVariants holds the SKUs of one product against each other.
func checkVariants(skus []sku) *failure {
	combinations := map[string]bool{}
	pictured := ""
	for i := range skus {
		s := &skus[i]
		if len(skus) > 1 && len(s.attributes) == 0 {
			return fail(codeSalesAttributeSet, "'sales_attributes' is required where there are several SKUs")
		}
		if len(s.attributes) != len(skus[0].attributes) {
			return fail(codeSalesAttributeSet, "every SKU needs the same sales attributes")
		}
		var combination strings.Builder
		for _, a := range s.attributes {
			if !slices.ContainsFunc(skus[0].attributes, func(first salesAttribute) bool { return first.name == a.name }) {
				return fail(codeSalesAttributeSet, "every SKU needs the same sales attributes, '", a.name, "' is not on all")
			}
			combination.WriteString(a.name + "=" + a.value + ";")
			if a.image == "" {
				continue
			}
			if pictured != "" && pictured != a.name {
				return fail(codeSalesImageSpread, "images are attached to more than one sales attribute")
			}
			pictured = a.name
		}
		if len(skus) > 1 && combinations[combination.String()] {
			return fail(codeSalesAttributeTwice, "two SKUs have the same sales attributes")
		}
		combinations[combination.String()] = true
	}
	return nil
}

func (b *builder) variant(in *skuInput) (sku, *failure) {
	var s sku
	existing := false
	if in.ID != "" && b.product != nil {
		known := b.old.sku(in.ID)
		if known == nil {
			return s, fail(b.strangerCode(in.ID), "the product has no SKU ", in.ID)
		}
		s, existing = *known, true
		// The SKU is described anew unless the edit is partial.
		if !b.partial {
			s = sku{id: known.id, price: known.price, listPrice: known.listPrice, attributes: known.attributes, sellerSKU: known.sellerSKU}
		}
	} else {
		s.id = b.shop.ids.new()
	}
	if in.SalesAttributes != nil || !existing {
		attributes, f := b.salesAttributes(in.SalesAttributes)
		if f != nil {
			return s, f
		}
		s.attributes = attributes
	}
	if f := b.codes(in, &s); f != nil {
		return s, f
	}
	switch {
	case in.Price != nil:
		price, f := readPrice(b.shop, in.Price)
		if f != nil {
			return s, f
		}
		s.price = price
	case !existing:
		return s, missing("skus.price")
	}
	if f := listPrices(b.shop, &s, in.ListPrice, in.ExternalListPrices); f != nil {
		return s, f
	}
	if in.Inventory == nil && existing {
		if b.product.stock[s.id] != nil {
			b.stock[s.id] = b.product.stock[s.id]
		}
		return s, nil
	}
	if len(in.Inventory) == 0 {
		if b.global {
			return s, nil
		}
		return s, missing("skus.inventory")
	}
	places, f := b.places(in.Inventory, s.id)
	if f != nil {
		return s, f
	}
	b.stock[s.id] = places
	return s, nil
}

// strangerCode tells a SKU of another product from one that nobody has.
func (b *builder) strangerCode(id string) int {
	if b.state.world.owners.of(id) != nil {
		return codeSKUForeign
	}
	return codeSKUUnknown
}

// codes takes over what identifies a SKU elsewhere.
func (b *builder) codes(in *skuInput, s *sku) *failure {
	if in.SellerSKU != "" {
		if utf8.RuneCountInString(in.SellerSKU) > maxSellerSKU || strings.ContainsAny(in.SellerSKU, " \t\r\n") {
			return fail(codeSellerSKU, "'seller_sku' takes 1 to 50 characters without spaces")
		}
		s.sellerSKU = in.SellerSKU
	}
	if in.ExternalSKUID != "" {
		if utf8.RuneCountInString(in.ExternalSKUID) > maxExternalID {
			return fail(codeInvalidParameter, "'external_sku_id' takes at most 999 characters")
		}
		s.externalID = in.ExternalSKUID
	}
	if code := in.IdentifierCode; code != nil {
		types := []string{"GTIN", "EAN", "UPC", "ISBN", "JAN"}
		if !slices.Contains(types, code.Type) {
			return notAllowed("skus.identifier_code.type", code.Type, types)
		}
		if !code.wellFormed() {
			return fail(codeIdentifierDigits, "'identifier_code' ", code.Code, " is no ", code.Type)
		}
		s.identifier = code
	}
	if in.ExternalURLs != nil {
		s.externalURLs = orNil(in.ExternalURLs)
	}
	if in.ExtraIdentifierCodes != nil {
		s.extraCodes = orNil(in.ExtraIdentifierCodes)
	}
	if in.CombinedSKUs != nil {
		s.combined = orNil(in.CombinedSKUs)
	}
	if in.SKUUnitCount != "" {
		s.unitCount = in.SKUUnitCount
	}
	if in.PreSale != nil {
		s.preSale = in.PreSale
	}
	if in.Fees != nil {
		s.fees = orNil(in.Fees)
	}
	return nil
}

// wellFormed reports whether a code has the digits of its type.
func (c *identifierCode) wellFormed() bool {
	digits := c.Code
	if c.Type == "ISBN" && len(digits) == 10 && digits[9] == 'X' {
		digits = digits[:9]
		return strings.Trim(digits, "0123456789") == ""
	}
	lengths := map[string][]int{"GTIN": {14}, "EAN": {8, 13, 14}, "UPC": {12}, "ISBN": {13}, "JAN": {8, 13}}[c.Type]
	return slices.Contains(lengths, len(digits)) && strings.Trim(digits, "0123456789") == ""
}

func (b *builder) salesAttributes(inputs []salesAttributeInput) ([]salesAttribute, *failure) {
	if len(inputs) > maxSalesAttributes {
		return nil, fail(codeSalesAttributeCount, "'sales_attributes' takes at most 3 entries")
	}
	var built []salesAttribute
	for i := range inputs {
		a, f := b.salesAttribute(&inputs[i])
		if f != nil {
			return nil, f
		}
		if slices.ContainsFunc(built, func(other salesAttribute) bool { return other.name == a.name }) {
			return nil, fail(codeSalesAttributeTwice, "a SKU has the sales attribute '", a.name, "' twice")
		}
		built = append(built, a)
	}
	return built, nil
}

// salesAttribute builds one sales attribute. Ids win over names; names of the
// seller's own get an id, the same one on every SKU of the product.
func (b *builder) salesAttribute(in *salesAttributeInput) (salesAttribute, *failure) {
	var a salesAttribute
	locale := b.shop.region.locale
	node := catalogOf(b.state.world).byID[b.next.categoryID]
	builtIn := catalogOf(b.state.world).attributes[in.ID]
	switch {
	case in.ID == "" && in.Name == "":
		return a, fail(codeAttributeUnnamed, "a sales attribute has neither id nor name")
	case in.ID == "" && utf8.RuneCountInString(in.Name) > maxAttributeName:
		return a, fail(codeAttributeNameLength, "'sales_attributes.name' takes at most 20 characters")
	case in.ID == "":
		a.id, a.name = customID(b.shop, "attribute "+in.Name), in.Name
		builtIn = nil
	case builtIn != nil && builtIn.kind == salesProperty && slices.Contains(node.leaf.attributes, in.ID):
		a.id, a.name = builtIn.id, builtIn.name.in(locale)
	default:
		old := b.oldSales(func(o salesAttribute) bool { return o.id == in.ID })
		if old == nil {
			return a, fail(codeSalesAttribute, "the category has no sales attribute ", in.ID)
		}
		a.id, a.name, builtIn = old.id, old.name, nil
	}
	switch {
	case in.ValueID == "" && in.ValueName == "":
		return a, fail(codeAttributeValue, "sales attribute '", a.name, "' has a value with neither id nor name")
	case in.ValueID == "" && utf8.RuneCountInString(in.ValueName) > maxSalesValue:
		return a, fail(codeAttributeLength, "'sales_attributes.value_name' takes at most 50 characters")
	case in.ValueID == "":
		a.valueID, a.value = customID(b.shop, "value "+a.id+" "+in.ValueName), in.ValueName
	default:
		if builtIn != nil {
			if known := builtIn.value(in.ValueID); known != nil {
				a.valueID, a.value = known.id, known.name.in(locale)
				break
			}
		}
		old := b.oldSales(func(o salesAttribute) bool { return o.id == a.id && o.valueID == in.ValueID })
		if old == nil {
			return a, fail(codeSalesValue, "sales attribute '", a.name, "' has no value ", in.ValueID)
		}
		a.valueID, a.value = old.valueID, old.value
	}
	f := b.salesImages(in, &a)
	return a, f
}

func (b *builder) salesImages(in *salesAttributeInput, a *salesAttribute) *failure {
	if len(in.SupplementarySKUImages) > maxSupplementaryImages {
		return fail(codeSalesImageCount, "'supplementary_sku_images' takes at most 8 images")
	}
	uris := []string{}
	if in.SKUImage != nil {
		uris = append(uris, in.SKUImage.URI)
		a.image = in.SKUImage.URI
	}
	for _, ref := range in.SupplementarySKUImages {
		uris = append(uris, ref.URI)
		a.more = append(a.more, ref.URI)
	}
	for _, uri := range uris {
		if uri == "" {
			return missing("sales_attributes.sku_img.uri")
		}
		if imagesOf(b.state.world).get(uri) == nil {
			return fail(codeSalesImageUnknown, "sales attribute image ", uri, " was not uploaded here")
		}
	}
	return nil
}

// oldSales returns a sales attribute that the edited product has already.
func (b *builder) oldSales(match func(salesAttribute) bool) *salesAttribute {
	if b.old == nil {
		return nil
	}
	for i := range b.old.skus {
		for _, a := range b.old.skus[i].attributes {
			if match(a) {
				return &a
			}
		}
	}
	return nil
}

// customID returns the id of a name of the seller's own: the same name has the
// same id within a shop.
func customID(s *shop, name string) string {
	if productsOf(s).customIDs[name] == "" {
		productsOf(s).customIDs[name] = s.ids.new()
	}
	return productsOf(s).customIDs[name]
}

// readPrice reads a price. Global sellers may give the price that buyers see, which
// then wins; local sellers have one price only.
func readPrice(s *shop, in *priceInput) (int64, *failure) {
	if in.Currency == "" {
		return 0, missing("price.currency")
	}
	if in.Currency != s.region.currency {
		return 0, fail(codePriceCurrency, "'price.currency' ", in.Currency, " does not fit the shop, which sells in ", s.region.currency)
	}
	text := in.Amount
	if s.SellerType == "CROSS_BORDER" && in.SalePrice != "" {
		text = in.SalePrice
	}
	if text == "" {
		return 0, fail(codeSalePriceMissing, "'price' has no amount")
	}
	price, ok := s.region.parseMoney(text)
	if !ok {
		return 0, fail(codePriceFormat, "'price' takes a decimal string with up to ", strconv.Itoa(s.region.decimals), " decimals")
	}
	if price < s.region.priceMin || price > s.region.priceMax {
		return 0, fail(codePriceRange, "'price' must be from ", s.region.money(s.region.priceMin), " to ", s.region.money(s.region.priceMax), " ", s.region.currency)
	}
	return price, nil
}

// listPrices takes over the prices that may be shown struck through, where the
// market has them. One below the price is dropped.
func listPrices(s *shop, v *sku, list *listPriceInput, external []externalListPrice) *failure {
	const most = 7600_00 // US dollars
	if !s.region.listPrice {
		return nil
	}
	read := func(name, amount, currency string) (int64, *failure) {
		switch {
		case amount == "":
			return 0, missing(name + ".amount")
		case currency == "":
			return 0, missing(name + ".currency")
		case currency != s.region.currency:
			return 0, fail(codePriceCurrency, "'", name, ".currency' ", currency, " does not fit the shop")
		}
		price, ok := s.region.parseMoney(amount)
		if !ok || price < 1 || price > most {
			return 0, fail(codeListPrice, "'", name, "' must be from 0.01 to 7600")
		}
		return price, nil
	}
	if list != nil {
		price, f := read("list_price", list.Amount, list.Currency)
		if f != nil {
			return f
		}
		v.listPrice = price
	}
	if v.listPrice < v.price {
		v.listPrice = 0
	}
	if external != nil {
		v.externalLists = orNil(external)
		for _, e := range external {
			if sources := []string{"SHOPIFY_COMPARE_AT_PRICE"}; !slices.Contains(sources, e.Source) {
				return notAllowed("external_list_prices.source", e.Source, sources)
			}
			if _, f := read("external_list_prices", e.Amount, e.Currency); f != nil {
				return f
			}
		}
	}
	return nil
}

// places reads the stock of a SKU in a creation or an edit. The documents call
// warehouse_id required and say elsewhere that the default warehouse stands in
// for it; the latter holds here.
func (b *builder) places(inputs []stockInput, skuID string) ([]stock, *failure) {
	var built []stock
	for _, in := range inputs {
		id := in.WarehouseID
		if id == "" {
			id = b.shop.salesWarehouses()[0].id
		}
		if f := checkWarehouse(b.shop, b.call, id); f != nil {
			return nil, f
		}
		if slices.ContainsFunc(built, func(s stock) bool { return s.warehouse == id }) {
			return nil, fail(codeWarehouseSet, "warehouse ", id, " occurs twice")
		}
		if in.Quantity == nil {
			return nil, missing("skus.inventory.quantity")
		}
		if most := cmp.Or(b.mostStock, maxQuantity); *in.Quantity < minQuantity || *in.Quantity > most {
			return nil, fail(codeQuantity, "'quantity' must be from 1 to ", strconv.FormatInt(most, 10))
		}
		place := stock{warehouse: id}
		if b.product != nil { // reservations stay
			for _, old := range b.product.stock[skuID] {
				if old.warehouse == id {
					place = old
				}
			}
		}
		place.set(&in)
		built = append(built, place)
	}
	return built, nil
}

// set takes over what a request says about a stock.
func (s *stock) set(in *stockInput) {
	take(&s.available, in.Quantity)
	take(&s.backorder, in.BackorderQuantity)
	take(&s.handlingTime, in.HandlingTime)
}

// checkWarehouse refuses warehouses that cannot hold stock for sale.
func checkWarehouse(s *shop, c *call, id string) *failure {
	w := s.warehouse(id)
	switch {
	case w == nil && c.state.world.owners.of(id) != nil:
		return fail(codeWarehouseForeign, "warehouse ", id, " belongs to another shop")
	case w == nil:
		return fail(codeWarehouseUnknown, "no warehouse has the id ", id)
	case w.kind != warehouseSales:
		return fail(codeWarehouseOutbound, "warehouse ", id, " takes returns only")
	case w.status != warehouseEnabled:
		return fail(codeWarehouseOff, "warehouse ", id, " is switched off")
	}
	return nil
}
