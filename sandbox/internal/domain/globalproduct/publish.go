package globalproduct

import (
	"slices"
	"strconv"

	"github.com/ttshop-go/ttshop/sandbox/internal/domain/category"
	"github.com/ttshop-go/ttshop/sandbox/internal/domain/compliance"
	"github.com/ttshop-go/ttshop/sandbox/internal/domain/product"
	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
	"github.com/ttshop-go/ttshop/sandbox/internal/invent"
	"github.com/ttshop-go/ttshop/sandbox/internal/world"
	"github.com/ttshop-go/ttshop/webhook/event"
)

// The outcomes of a publication in one market.
const (
	publishSuccess = "SUCCESS"
	publishDraft   = "DRAFT"
	publishFailed  = "FAILED"
)

// publishResult is what came of a publication in one market.
type publishResult struct {
	Region  string       `json:"region"`
	Status  string       `json:"status"`
	Reasons []failReason `json:"fail_reasons,omitempty"`
}

type publishInput struct {
	Targets []publishTarget `json:"publish_target"`
}

type publishTarget struct {
	Region        string       `json:"region"`
	SKUs          []publishSKU `json:"skus"`
	Manufacturers []string     `json:"manufacturer_ids"`
	Responsible   []string     `json:"responsible_person_ids"`
}

type publishSKU struct {
	GlobalSKUID string              `json:"related_global_sku_id"`
	Price       *product.PriceInput `json:"price"`
	Inventory   *product.StockInput `json:"inventory"`
	Fees        []product.Fee       `json:"fees"`
}

// localSKU is a SKU on its way from one product to the product of a market.
type localSKU struct {
	from  *product.SKU
	old   *product.SKU // that it replaces, or nil
	price int64
	fees  []product.Fee
	stock []product.Stock // nil where that of the old one stays
}

// plannedLocal is a local product that is about to be published.
type plannedLocal struct {
	shop   *world.Shop
	target *publishTarget
	skus   []localSKU
	reason string // why it cannot be sold there, or ""
}

// publishGlobalProduct makes local products of a global one. What the request
// gets wrong refuses all of it. What the market itself does not take tells the
// result of the market: a price beyond its range fails, other rules leave a
// draft.
func publishGlobalProduct(c *gate.Call) *gate.Failure {
	var in publishInput
	if f := c.Decode(&in); f != nil {
		return f
	}
	if len(in.Targets) == 0 {
		return gate.Missing("publish_target")
	}
	return withGlobal(c, product.CodeGlobalUnknown, func(_ *sellerGlobals, g *GlobalProduct) *gate.Failure {
		if g.Status == globalDraft {
			return gate.Fail(product.CodeProductStatus, "global product ", g.ID, " is a draft, complete it first")
		}
		var plans []plannedLocal
		for i := range in.Targets {
			plan, f := plan(c, g, &in.Targets[i])
			if f != nil {
				return f
			}
			if slices.ContainsFunc(plans, func(p plannedLocal) bool { return p.shop == plan.shop }) {
				return gate.Fail(codeInputRejected, "region ", plan.shop.Region, " occurs twice")
			}
			plans = append(plans, plan)
		}
		publishAll(c, g, plans)
		return nil
	})
}

func publishAll(c *gate.Call, g *GlobalProduct, plans []plannedLocal) {
	type savedLocalSKU struct {
		ID              string                        `json:"id"`
		GlobalSKUID     string                        `json:"related_global_sku_id"`
		SellerSKU       string                        `json:"seller_sku,omitempty"`
		SalesAttributes []product.SavedSalesAttribute `json:"sale_attributes"`
	}
	type savedLocal struct {
		ID     string          `json:"id"`
		Region string          `json:"region"`
		ShopID string          `json:"shop_id"`
		SKUs   []savedLocalSKU `json:"skus"`
	}
	answer := struct {
		Products []savedLocal    `json:"products"`
		Results  []publishResult `json:"publish_result"`
	}{Products: []savedLocal{}}
	first := len(g.Locals) == 0
	for i := range plans {
		plan := &plans[i]
		result := publishResult{Region: plan.shop.Region, Status: publishSuccess}
		if plan.reason != "" {
			result.Status, result.Reasons = publishFailed, []failReason{{plan.reason}}
			answer.Results = append(answer.Results, result)
			continue
		}
		p, problems := publishIn(c, g, plan)
		if problems != nil {
			result.Status, result.Reasons = publishDraft, problems
		}
		shown := savedLocal{p.ID, plan.shop.Region, plan.shop.ID, []savedLocalSKU{}}
		for i, s := range p.Live.SKUs {
			attributes := invent.Each(s.Attributes, func(a product.SalesAttribute) product.SavedSalesAttribute {
				return product.SavedSalesAttribute{ID: a.ID, ValueID: a.ValueID}
			})
			shown.SKUs = append(shown.SKUs, savedLocalSKU{s.ID, plan.skus[i].from.ID, s.SellerSKU, attributes})
		}
		answer.Products = append(answer.Products, shown)
		answer.Results = append(answer.Results, result)
		g.Locals = append(g.Locals, globalLocal{plan.shop.ID, p.ID})
		g.Status, g.Updated = globalPublished, c.Now.Unix()
	}
	if first && len(g.Locals) > 0 {
		announceMethod(c, g)
	}
	c.JSON(answer)
}

// announceMethod tells how a global product comes to its markets from now on.
func announceMethod(c *gate.Call, g *GlobalProduct) {
	s := c.State.World.ShopByID(g.Locals[0].Shop)
	s.Mu.Lock()
	defer s.Mu.Unlock()
	s.Emit(int(event.TypeGlobalListingMethodChange), struct {
		ID     string   `json:"global_product_id"`
		Locals []string `json:"local_product_id"` // a list in spite of its name
		Method string   `json:"listing_method"`
	}{g.ID, invent.Each(g.Locals, func(l globalLocal) string { return l.Product }), methodPublish})
}

// plan checks what a request wants in one market.
func plan(c *gate.Call, g *GlobalProduct, target *publishTarget) (plannedLocal, *gate.Failure) {
	plan := plannedLocal{shop: shopIn(c, target.Region), target: target}
	switch {
	case plan.shop == nil:
		return plan, gate.Fail(codeRegionInactive, "the seller has no shop in ", target.Region)
	case slices.ContainsFunc(g.Locals, func(l globalLocal) bool { return l.Shop == plan.shop.ID }):
		return plan, gate.Fail(codeRegionPublished, "global product ", g.ID, " is published in ", target.Region, " already")
	case len(target.SKUs) == 0:
		return plan, gate.Missing("publish_target.skus")
	}
	plan.shop.Mu.RLock() // its warehouses
	defer plan.shop.Mu.RUnlock()
	for i := range target.SKUs {
		in := &target.SKUs[i]
		from := g.Live.SKU(in.GlobalSKUID)
		switch {
		case from == nil:
			return plan, gate.Fail(product.CodeSKUUnknown, "global product ", g.ID, " has no SKU ", in.GlobalSKUID)
		case slices.ContainsFunc(plan.skus, func(s localSKU) bool { return s.from == from }):
			return plan, gate.Fail(codeInputRejected, "SKU ", in.GlobalSKUID, " occurs twice")
		case in.Price == nil:
			return plan, gate.Fail(product.CodeSalePriceMissing, "SKU ", in.GlobalSKUID, " has no price for ", target.Region)
		}
		price, f := product.ReadPrice(plan.shop.Market, plan.shop.SellerType, in.Price)
		switch {
		case f == nil:
		case f.Code == product.CodePriceRange:
			plan.reason = f.Message
		case f.Code == product.CodePriceFormat:
			return plan, gate.Fail(codeMarketPrice, f.Message)
		default:
			return plan, f
		}
		places, f := marketStock(c, plan.shop, g, in)
		if f != nil {
			return plan, f
		}
		plan.skus = append(plan.skus, localSKU{from: from, price: price, fees: product.OrNil(in.Fees), stock: places})
	}
	return plan, compliance.CheckPeople(c, target.Manufacturers, target.Responsible)
}

// marketStock is the stock of a SKU in a market: the one that the request
// gives, or all that is in the global warehouses. The caller holds the shop's
// lock.
func marketStock(c *gate.Call, s *world.Shop, g *GlobalProduct, in *publishSKU) ([]product.Stock, *gate.Failure) {
	if in.Inventory == nil {
		if places := shared(s, g.Stock[in.GlobalSKUID]); places != nil {
			return places, nil
		}
		return nil, gate.Fail(codeMarketWarehouse, "SKU ", in.GlobalSKUID, " lies in no global warehouse, send 'inventory' for ", s.Region)
	}
	id := in.Inventory.WarehouseID
	if id == "" {
		id = s.SalesWarehouses()[0].ID
	}
	if f := product.CheckWarehouse(c, s.Warehouses, id); f != nil {
		switch f.Code {
		case product.CodeWarehouseForeign:
			return nil, gate.Fail(codeSharedWarehouse, "warehouse ", id, " does not serve ", s.Region)
		case product.CodeWarehouseUnknown, product.CodeWarehouseOutbound:
			return nil, gate.Fail(codeMarketWarehouse, f.Message)
		}
		return nil, f
	}
	if in.Inventory.Quantity == nil {
		return nil, gate.Missing("publish_target.skus.inventory.quantity")
	}
	return []product.Stock{{Warehouse: id, Available: *in.Inventory.Quantity}}, nil
}

// shared returns the stock of global warehouses as a shop sells it: from its
// default warehouse, as much as one warehouse may hold. The caller holds the
// lock.
func shared(s *world.Shop, places []product.Stock) []product.Stock {
	if len(places) == 0 {
		return nil
	}
	all := product.Stock{Warehouse: s.SalesWarehouses()[0].ID}
	for _, place := range places {
		all.Available += place.Available
	}
	all.Available = min(all.Available, product.MaxQuantity)
	return []product.Stock{all}
}

// publishIn makes the local product. It stays a draft where the market has
// rules that the content breaks.
func publishIn(c *gate.Call, g *GlobalProduct, plan *plannedLocal) (*product.Product, []failReason) {
	s := plan.shop
	s.Mu.Lock()
	defer s.Mu.Unlock()
	next, places, mappings := localise(s, c.State.World, &g.Live, plan.skus)
	if plan.target.Manufacturers != nil {
		next.Manufacturers = product.OrNil(plan.target.Manufacturers)
	}
	if plan.target.Responsible != nil {
		next.Responsible = product.OrNil(plan.target.Responsible)
	}
	id := s.IDs.New()
	p := &product.Product{
		ID: id, Number: invent.Number(id), Created: c.Now.Unix(), Updated: c.Now.Unix(),
		Status: product.ProductDraft, Audit: product.AuditNone, Live: next, Stock: places,
		Association: &product.GlobalAssociation{GlobalProductID: g.ID, SKUs: mappings},
	}
	problems := objections(s, &next)
	product.Enlist(c, s, p, problems == nil)
	return p, problems
}

// localise turns content into that of a shop: names in its language, ids of its
// own, and the SKUs that it is to have. The caller holds the shop's lock.
func localise(s *world.Shop, w *world.World, from *product.Content, skus []localSKU) (product.Content, map[string][]product.Stock, []product.SKUMapping) {
	next := from.Clone()
	next.Attributes, next.SKUs = nil, nil
	next.COD = false
	next.DeliveryOptions, next.ShippingTemplate, next.PrimaryCombined = nil, "", ""
	locale := s.Market.Locale
	for _, a := range from.Attributes {
		built := product.ProductAttribute{ID: a.ID, Name: a.Name, Values: nil}
		known := category.CatalogOf(w).Attributes[a.ID]
		if known != nil {
			built.Name = known.Name.In(locale)
		}
		for _, v := range a.Values {
			if known != nil && known.Value(v.ID) != nil {
				built.Values = append(built.Values, product.ProductValue{ID: v.ID, Name: known.Value(v.ID).Name.In(locale)})
				continue
			}
			built.Values = append(built.Values, product.ProductValue{ID: product.CustomID(s, "value "+a.ID+" "+v.Name), Name: v.Name})
		}
		next.Attributes = append(next.Attributes, built)
	}
	places := map[string][]product.Stock{}
	mappings := []product.SKUMapping{}
	for _, in := range skus {
		v := *in.from
		if in.old != nil {
			v = *in.old
		} else {
			v.ID, v.ListPrice, v.ExternalLists, v.ExternalURLs, v.Combined = s.IDs.New(), 0, nil, nil, nil
		}
		v.SellerSKU, v.ExternalID, v.Identifier = in.from.SellerSKU, in.from.ExternalID, in.from.Identifier
		v.Price = in.price
		if in.fees != nil {
			v.Fees = in.fees
		}
		v.Attributes = nil
		for _, a := range in.from.Attributes {
			v.Attributes = append(v.Attributes, localAttribute(s, w, a))
		}
		if in.stock != nil {
			places[v.ID] = in.stock
		}
		next.SKUs = append(next.SKUs, v)
		mappings = append(mappings, mapSKU(in.from, &v))
	}
	return next, places, mappings
}

// localAttribute turns a sales attribute into that of the shop.
func localAttribute(s *world.Shop, w *world.World, a product.SalesAttribute) product.SalesAttribute {
	known := category.CatalogOf(w).Attributes[a.ID]
	if known == nil {
		a.ID = product.CustomID(s, "attribute "+a.Name)
	} else {
		a.Name = known.Name.In(s.Market.Locale)
		if value := known.Value(a.ValueID); value != nil {
			a.Value = value.Name.In(s.Market.Locale)
			return a
		}
	}
	a.ValueID = product.CustomID(s, "value "+a.ID+" "+a.Value)
	return a
}

// objections are the rules of the market that a content breaks which was
// checked elsewhere.
func objections(s *world.Shop, c *product.Content) []failReason {
	var list []failReason
	if n := len([]rune(c.Title)); n < s.Market.TitleMin || n > s.Market.TitleMax {
		list = append(list, failReason{"the title must have from " + strconv.Itoa(s.Market.TitleMin) + " to " + strconv.Itoa(s.Market.TitleMax) + " characters in " + s.Region})
	}
	if len(c.SKUs) > s.Market.MaxSKUs {
		list = append(list, failReason{"a product takes at most " + strconv.Itoa(s.Market.MaxSKUs) + " SKUs in " + s.Region})
	}
	return list
}

// syncLocals overwrites the local products of a global one after an edit. SKUs keep
// their price and stock, unless the edit gives them a price in the market. A
// SKU that the market does not have yet comes with such a price only.
func syncLocals(c *gate.Call, g *GlobalProduct) []publishResult {
	var results []publishResult
	for _, l := range g.Locals {
		s := c.State.World.ShopByID(l.Shop)
		result := publishResult{Region: s.Region, Status: publishSuccess}
		if reasons := syncIn(c, g, s, l.Product); reasons != nil {
			result.Status, result.Reasons = publishFailed, reasons
		}
		results = append(results, result)
	}
	return results
}

func syncIn(c *gate.Call, g *GlobalProduct, s *world.Shop, id string) []failReason {
	s.Mu.Lock()
	defer s.Mu.Unlock()
	p := product.Of(s).ByID[id]
	if p.Status == product.ProductFreeze || p.Status == product.ProductDeleted {
		return []failReason{{"product " + id + " cannot be edited in the state " + p.Status}}
	}
	shown := &p.Live
	if p.Review != nil {
		shown = p.Review
	}
	var skus []localSKU
	for i := range g.Live.SKUs {
		from := &g.Live.SKUs[i]
		in := localSKU{from: from, old: shown.SKU(local(p.Association, from.ID))}
		priced := false
		for _, sale := range g.More[from.ID].SalePrices {
			if sale.Region == s.Region {
				in.price, priced = s.Market.ParseMoney(sale.Amount)
			}
		}
		if in.old == nil && !priced {
			continue
		}
		if in.old == nil {
			in.stock = shared(s, g.Stock[from.ID])
			if in.stock == nil {
				in.stock = []product.Stock{{Warehouse: s.SalesWarehouses()[0].ID}}
			}
		} else if !priced {
			in.price = in.old.Price
		}
		skus = append(skus, in)
	}
	if skus == nil {
		return []failReason{{"none of the SKUs of product " + id + " is left"}}
	}
	next, places, mappings := localise(s, c.State.World, &g.Live, skus)
	// What only the market knows stays.
	next.COD, next.NotForSale, next.Insurance = shown.COD, shown.NotForSale, shown.Insurance
	next.DeliveryOptions, next.ShippingTemplate, next.PrimaryCombined = shown.DeliveryOptions, shown.ShippingTemplate, shown.PrimaryCombined
	if next.Manufacturers == nil {
		next.Manufacturers = shown.Manufacturers
	}
	if next.Responsible == nil {
		next.Responsible = shown.Responsible
	}
	if reasons := objections(s, &next); reasons != nil {
		return reasons
	}
	p.Association = &product.GlobalAssociation{GlobalProductID: g.ID, SKUs: mappings}
	product.Revise(c, s, p, &next, places, false)
	return nil
}
