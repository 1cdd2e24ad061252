package sandbox

import (
	"slices"
)

// globalInput is the body of the operations that create and edit global
// products, as far as it differs from that of products.
type globalInput struct {
	productInput
	ExternalGlobalProductID *string             `json:"external_global_product_id"`
	SourceLocale            string              `json:"source_locale"`
	Manufacturer            *globalManufacturer `json:"manufacturer"`
	GlobalSKUs              []globalSKUInput    `json:"skus"`
}

type globalSKUInput struct {
	skuInput
	ExternalGlobalSKUID string             `json:"external_global_sku_id"`
	GlobalQuantity      *int64             `json:"global_quantity"`
	GlobalInventory     []globalStockInput `json:"inventory"`
	SalePrices          []salePrice        `json:"sale_prices"`
}

type globalStockInput struct {
	WarehouseID string `json:"global_warehouse_id"`
	Quantity    *int64 `json:"quantity"`
}

// plain fills in the fields that products have under other names.
func (in *globalInput) plain() *productInput {
	in.ExternalProductID = in.ExternalGlobalProductID
	if in.GlobalSKUs != nil {
		in.SKUs = []skuInput{}
	}
	for i := range in.GlobalSKUs {
		s := &in.GlobalSKUs[i]
		s.ExternalSKUID = s.ExternalGlobalSKUID
		for _, place := range s.GlobalInventory {
			s.Inventory = append(s.Inventory, stockInput{WarehouseID: place.WarehouseID, Quantity: place.Quantity})
		}
		in.SKUs = append(in.SKUs, s.skuInput)
	}
	return &in.productInput
}

// buildGlobal checks a body against the rules of global products. The first
// rule that is broken answers. Old is the product that is edited, nil for a new
// one.
func buildGlobal(c *call, g *sellerGlobals, in *globalInput, old *globalProduct, partial bool) (*globalProduct, *failure) {
	p := &globalProduct{currency: globalCurrency, locale: in.SourceLocale, manufacturer: in.Manufacturer, more: map[string]globalSKU{}}
	var before *product
	var shown *content
	if old != nil {
		before, shown = old.product, &old.live
		p.currency, p.locale = old.currency, old.locale
		if partial && in.Manufacturer == nil {
			p.manufacturer = old.manufacturer
		}
	}
	if f := in.checkText(); f != nil {
		return nil, f
	}
	if f := in.checkSKUs(p); f != nil {
		return nil, f
	}
	at := *c
	at.shop = counter(c, g, p.currency)
	defer func() { g.ids = at.shop.ids }()
	b, f := build(&at, in.plain(), before, shown, partial)
	if f != nil {
		// A global warehouse is the seller's or not.
		if f.code == codeWarehouseUnknown {
			f = fail(codeWarehouseForeign, f.message)
		}
		return nil, f
	}
	p.product = &product{live: b.next, stock: map[string][]stock{}}
	for i := range b.next.skus {
		s := &b.next.skus[i]
		p.stock[s.id] = b.stock[s.id]
		var kept globalSKU
		if old != nil && (partial || in.GlobalSKUs == nil) {
			kept = old.more[s.id]
			if b.stock[s.id] == nil {
				p.stock[s.id] = old.stock[s.id]
			}
		}
		if i < len(in.GlobalSKUs) {
			sent := &in.GlobalSKUs[i]
			if sent.GlobalQuantity != nil {
				kept.Quantity = sent.GlobalQuantity
			}
			if sent.SalePrices != nil {
				kept.SalePrices = sent.SalePrices
			}
		}
		p.more[s.id] = kept
		if f := checkSalePrices(c, kept.SalePrices); f != nil {
			return nil, f
		}
	}
	return p, sameWarehouses(p)
}

// checkText refuses Chinese characters, which the pages name field by field.
func (in *globalInput) checkText() *failure {
	switch {
	case hasHan(deref(in.Title)):
		return fail(codeTitleChinese, "'title' holds Chinese characters")
	case hasHan(deref(in.Description)):
		return fail(codeTextChinese, "'description' holds Chinese characters")
	}
	for _, a := range in.ProductAttributes {
		for _, v := range a.Values {
			if hasHan(v.Name) {
				return fail(codeValueChinese, "a value of attribute ", a.ID, " holds Chinese characters")
			}
		}
	}
	for i := range in.GlobalSKUs {
		for _, a := range in.GlobalSKUs[i].SalesAttributes {
			switch {
			case hasHan(a.Name):
				return fail(codeNameChinese, "'sales_attributes.name' holds Chinese characters")
			case hasHan(a.ValueName):
				return fail(codeValueChinese, "'sales_attributes.value_name' holds Chinese characters")
			}
		}
	}
	return nil
}

// checkSKUs finds out the currency of a product, which all its SKUs share.
func (in *globalInput) checkSKUs(p *globalProduct) *failure {
	unpriced := false
	sent := ""
	for i := range in.GlobalSKUs {
		s := &in.GlobalSKUs[i]
		if len(s.ExtraIdentifierCodes) > 0 && s.IdentifierCode == nil {
			return fail(codeExtraIdentifier, "'extra_identifier_codes' needs an 'identifier_code'")
		}
		switch {
		case s.Price == nil:
			unpriced = true
		case sent == "":
			sent = s.Price.Currency
		}
	}
	if sent == "" {
		return nil
	}
	if unpriced && sent != p.currency {
		return fail(codePriceCurrency, "'price.currency' ", sent, " does not fit the other SKUs, which are priced in ", p.currency)
	}
	p.currency = sent
	return nil
}

// checkSalePrices holds the prices of single markets against the rules there.
// Prices of markets where the seller has no shop are kept unread.
func checkSalePrices(c *call, prices []salePrice) *failure {
	for _, price := range prices {
		if s := shopIn(c, price.Region); s != nil {
			if _, f := readPrice(s, &priceInput{Amount: price.Amount, Currency: s.region.currency}); f != nil {
				return f
			}
		}
	}
	return nil
}

// shopIn returns the caller's shop in a market, or nil.
func shopIn(c *call, region string) *shop {
	for _, s := range c.grant.shops {
		if s.Region == region {
			return s
		}
	}
	return nil
}

// sameWarehouses wants every SKU in the same warehouses.
func sameWarehouses(p *globalProduct) *failure {
	places := func(id string) []string {
		list := each(p.stock[id], func(s stock) string { return s.warehouse })
		slices.Sort(list)
		return list
	}
	for i := range p.live.skus {
		if !slices.Equal(places(p.live.skus[i].id), places(p.live.skus[0].id)) {
			return fail(codeWarehousesDiffer, "all SKUs need the same global warehouses")
		}
	}
	return nil
}
