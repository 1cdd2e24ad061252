package globalproduct

import (
	"slices"

	"github.com/ttshop-go/ttshop/sandbox/internal/domain/product"
	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
	"github.com/ttshop-go/ttshop/sandbox/internal/invent"
	"github.com/ttshop-go/ttshop/sandbox/internal/world"
)

// globalInput is the body of the operations that create and edit global
// products, as far as it differs from that of products.
type globalInput struct {
	product.ProductInput
	ExternalGlobalProductID *string             `json:"external_global_product_id"`
	SourceLocale            string              `json:"source_locale"`
	Manufacturer            *globalManufacturer `json:"manufacturer"`
	GlobalSKUs              []globalSKUInput    `json:"skus"`
}

type globalSKUInput struct {
	product.SKUInput
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
func (in *globalInput) plain() *product.ProductInput {
	in.ExternalProductID = in.ExternalGlobalProductID
	if in.GlobalSKUs != nil {
		in.SKUs = []product.SKUInput{}
	}
	for i := range in.GlobalSKUs {
		s := &in.GlobalSKUs[i]
		s.ExternalSKUID = s.ExternalGlobalSKUID
		for _, place := range s.GlobalInventory {
			s.Inventory = append(s.Inventory, product.StockInput{WarehouseID: place.WarehouseID, Quantity: place.Quantity})
		}
		in.SKUs = append(in.SKUs, s.SKUInput)
	}
	return &in.ProductInput
}

// buildGlobal checks a body against the rules of global products. The first
// rule that is broken answers. Old is the product that is edited, nil for a new
// one.
func buildGlobal(c *gate.Call, g *sellerGlobals, in *globalInput, old *GlobalProduct, partial bool) (*GlobalProduct, *gate.Failure) {
	p := &GlobalProduct{Currency: globalCurrency, Locale: in.SourceLocale, Manufacturer: in.Manufacturer, More: map[string]globalSKU{}}
	var before *product.Product
	var shown *product.Content
	if old != nil {
		before, shown = old.Product, &old.Live
		p.Currency, p.Locale = old.Currency, old.Locale
		if partial && in.Manufacturer == nil {
			p.Manufacturer = old.Manufacturer
		}
	}
	if f := in.checkText(); f != nil {
		return nil, f
	}
	if f := in.checkSKUs(p); f != nil {
		return nil, f
	}
	b, f := product.Build(c, termsOf(c, g, p.Currency), in.plain(), before, shown, partial)
	if f != nil {
		// A global warehouse is the seller's or not.
		if f.Code == product.CodeWarehouseUnknown {
			f = gate.Fail(product.CodeWarehouseForeign, f.Message)
		}
		return nil, f
	}
	p.Product = &product.Product{Live: b.Next, Stock: map[string][]product.Stock{}}
	for i := range b.Next.SKUs {
		s := &b.Next.SKUs[i]
		p.Stock[s.ID] = b.Stock[s.ID]
		var kept globalSKU
		if old != nil && (partial || in.GlobalSKUs == nil) {
			kept = old.More[s.ID]
			if b.Stock[s.ID] == nil {
				p.Stock[s.ID] = old.Stock[s.ID]
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
		p.More[s.ID] = kept
		if f := checkSalePrices(c, kept.SalePrices); f != nil {
			return nil, f
		}
	}
	return p, sameWarehouses(p)
}

// checkText refuses Chinese characters, which the pages name field by field.
func (in *globalInput) checkText() *gate.Failure {
	switch {
	case hasHan(invent.Deref(in.Title)):
		return gate.Fail(codeTitleChinese, "'title' holds Chinese characters")
	case hasHan(invent.Deref(in.Description)):
		return gate.Fail(codeTextChinese, "'description' holds Chinese characters")
	}
	for _, a := range in.ProductAttributes {
		for _, v := range a.Values {
			if hasHan(v.Name) {
				return gate.Fail(codeValueChinese, "a value of attribute ", a.ID, " holds Chinese characters")
			}
		}
	}
	for i := range in.GlobalSKUs {
		for _, a := range in.GlobalSKUs[i].SalesAttributes {
			switch {
			case hasHan(a.Name):
				return gate.Fail(codeNameChinese, "'sales_attributes.name' holds Chinese characters")
			case hasHan(a.ValueName):
				return gate.Fail(codeValueChinese, "'sales_attributes.value_name' holds Chinese characters")
			}
		}
	}
	return nil
}

// checkSKUs finds out the currency of a product, which all its SKUs share.
func (in *globalInput) checkSKUs(p *GlobalProduct) *gate.Failure {
	unpriced := false
	sent := ""
	for i := range in.GlobalSKUs {
		s := &in.GlobalSKUs[i]
		if len(s.ExtraIdentifierCodes) > 0 && s.IdentifierCode == nil {
			return gate.Fail(codeExtraIdentifier, "'extra_identifier_codes' needs an 'identifier_code'")
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
	if unpriced && sent != p.Currency {
		return gate.Fail(product.CodePriceCurrency, "'price.currency' ", sent, " does not fit the other SKUs, which are priced in ", p.Currency)
	}
	p.Currency = sent
	return nil
}

// checkSalePrices holds the prices of single markets against the rules there.
// Prices of markets where the seller has no shop are kept unread.
func checkSalePrices(c *gate.Call, prices []salePrice) *gate.Failure {
	for _, price := range prices {
		if s := shopIn(c, price.Region); s != nil {
			if _, f := product.ReadPrice(s.Market, s.SellerType, &product.PriceInput{Amount: price.Amount, Currency: s.Market.Currency}); f != nil {
				return f
			}
		}
	}
	return nil
}

// shopIn returns the caller's shop in a market that takes global products, or nil.
func shopIn(c *gate.Call, region string) *world.Shop {
	for _, s := range c.Grant.Shops {
		if s.Region == region && !s.Market.LocalOnly {
			return s
		}
	}
	return nil
}

// sameWarehouses wants every SKU in the same warehouses.
func sameWarehouses(p *GlobalProduct) *gate.Failure {
	places := func(id string) []string {
		list := invent.Each(p.Stock[id], func(s product.Stock) string { return s.Warehouse })
		slices.Sort(list)
		return list
	}
	for i := range p.Live.SKUs {
		if !slices.Equal(places(p.Live.SKUs[i].ID), places(p.Live.SKUs[0].ID)) {
			return gate.Fail(codeWarehousesDiffer, "all SKUs need the same global warehouses")
		}
	}
	return nil
}
