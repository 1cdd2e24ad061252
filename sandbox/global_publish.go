package sandbox

import (
	"slices"
	"strconv"

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
	GlobalSKUID string      `json:"related_global_sku_id"`
	Price       *priceInput `json:"price"`
	Inventory   *stockInput `json:"inventory"`
	Fees        []fee       `json:"fees"`
}

// localSKU is a SKU on its way from one product to the product of a market.
type localSKU struct {
	from  *sku
	old   *sku // that it replaces, or nil
	price int64
	fees  []fee
	stock []stock // nil where that of the old one stays
}

// plannedLocal is a local product that is about to be published.
type plannedLocal struct {
	shop   *shop
	target *publishTarget
	skus   []localSKU
	reason string // why it cannot be sold there, or ""
}

// publishGlobalProduct makes local products of a global one. What the request
// gets wrong refuses all of it. What the market itself does not take tells the
// result of the market: a price beyond its range fails, other rules leave a
// draft.
func publishGlobalProduct(c *call) *failure {
	var in publishInput
	if f := c.decode(&in); f != nil {
		return f
	}
	if len(in.Targets) == 0 {
		return missing("publish_target")
	}
	return withGlobal(c, codeGlobalUnknown, func(_ *sellerGlobals, g *globalProduct) *failure {
		if g.status == globalDraft {
			return fail(codeProductStatus, "global product ", g.id, " is a draft, complete it first")
		}
		var plans []plannedLocal
		for i := range in.Targets {
			plan, f := plan(c, g, &in.Targets[i])
			if f != nil {
				return f
			}
			if slices.ContainsFunc(plans, func(p plannedLocal) bool { return p.shop == plan.shop }) {
				return fail(codeInputRejected, "region ", plan.shop.Region, " occurs twice")
			}
			plans = append(plans, plan)
		}
		publishAll(c, g, plans)
		return nil
	})
}

func publishAll(c *call, g *globalProduct, plans []plannedLocal) {
	type savedLocalSKU struct {
		ID              string                `json:"id"`
		GlobalSKUID     string                `json:"related_global_sku_id"`
		SellerSKU       string                `json:"seller_sku,omitempty"`
		SalesAttributes []savedSalesAttribute `json:"sale_attributes"`
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
	first := len(g.locals) == 0
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
		shown := savedLocal{p.id, plan.shop.Region, plan.shop.ID, []savedLocalSKU{}}
		for i, s := range p.live.skus {
			attributes := each(s.attributes, func(a salesAttribute) savedSalesAttribute { return savedSalesAttribute{a.id, a.valueID} })
			shown.SKUs = append(shown.SKUs, savedLocalSKU{s.id, plan.skus[i].from.id, s.sellerSKU, attributes})
		}
		answer.Products = append(answer.Products, shown)
		answer.Results = append(answer.Results, result)
		g.locals = append(g.locals, globalLocal{plan.shop.ID, p.id})
		g.status, g.updated = globalPublished, c.now.Unix()
	}
	if first && len(g.locals) > 0 {
		announceMethod(c, g)
	}
	c.json(answer)
}

// announceMethod tells how a global product comes to its markets from now on.
func announceMethod(c *call, g *globalProduct) {
	s := c.state.world.shopByID(g.locals[0].Shop)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.emit(int(event.TypeGlobalListingMethodChange), struct {
		ID     string   `json:"global_product_id"`
		Locals []string `json:"local_product_id"` // a list in spite of its name
		Method string   `json:"listing_method"`
	}{g.id, each(g.locals, func(l globalLocal) string { return l.Product }), methodPublish})
}

// plan checks what a request wants in one market.
func plan(c *call, g *globalProduct, target *publishTarget) (plannedLocal, *failure) {
	plan := plannedLocal{shop: shopIn(c, target.Region), target: target}
	switch {
	case plan.shop == nil:
		return plan, fail(codeRegionInactive, "the seller has no shop in ", target.Region)
	case slices.ContainsFunc(g.locals, func(l globalLocal) bool { return l.Shop == plan.shop.ID }):
		return plan, fail(codeRegionPublished, "global product ", g.id, " is published in ", target.Region, " already")
	case len(target.SKUs) == 0:
		return plan, missing("publish_target.skus")
	}
	plan.shop.mu.RLock() // its warehouses
	defer plan.shop.mu.RUnlock()
	for i := range target.SKUs {
		in := &target.SKUs[i]
		from := g.live.sku(in.GlobalSKUID)
		switch {
		case from == nil:
			return plan, fail(codeSKUUnknown, "global product ", g.id, " has no SKU ", in.GlobalSKUID)
		case slices.ContainsFunc(plan.skus, func(s localSKU) bool { return s.from == from }):
			return plan, fail(codeInputRejected, "SKU ", in.GlobalSKUID, " occurs twice")
		case in.Price == nil:
			return plan, fail(codeSalePriceMissing, "SKU ", in.GlobalSKUID, " has no price for ", target.Region)
		}
		price, f := readPrice(plan.shop, in.Price)
		switch {
		case f == nil:
		case f.code == codePriceRange:
			plan.reason = f.message
		case f.code == codePriceFormat:
			return plan, fail(codeMarketPrice, f.message)
		default:
			return plan, f
		}
		places, f := marketStock(c, plan.shop, g, in)
		if f != nil {
			return plan, f
		}
		plan.skus = append(plan.skus, localSKU{from: from, price: price, fees: orNil(in.Fees), stock: places})
	}
	return plan, checkPeople(c, target.Manufacturers, target.Responsible)
}

// marketStock is the stock of a SKU in a market: the one that the request
// gives, or all that is in the global warehouses. The caller holds the shop's
// lock.
func marketStock(c *call, s *shop, g *globalProduct, in *publishSKU) ([]stock, *failure) {
	if in.Inventory == nil {
		if places := shared(s, g.stock[in.GlobalSKUID]); places != nil {
			return places, nil
		}
		return nil, fail(codeMarketWarehouse, "SKU ", in.GlobalSKUID, " lies in no global warehouse, send 'inventory' for ", s.Region)
	}
	id := in.Inventory.WarehouseID
	if id == "" {
		id = s.salesWarehouses()[0].id
	}
	if f := checkWarehouse(s, c, id); f != nil {
		switch f.code {
		case codeWarehouseForeign:
			return nil, fail(codeSharedWarehouse, "warehouse ", id, " does not serve ", s.Region)
		case codeWarehouseUnknown, codeWarehouseOutbound:
			return nil, fail(codeMarketWarehouse, f.message)
		}
		return nil, f
	}
	if in.Inventory.Quantity == nil {
		return nil, missing("publish_target.skus.inventory.quantity")
	}
	return []stock{{warehouse: id, available: *in.Inventory.Quantity}}, nil
}

// shared returns the stock of global warehouses as a shop sells it: from its
// default warehouse, as much as one warehouse may hold. The caller holds the
// lock.
func shared(s *shop, places []stock) []stock {
	if len(places) == 0 {
		return nil
	}
	all := stock{warehouse: s.salesWarehouses()[0].id}
	for _, place := range places {
		all.available += place.available
	}
	all.available = min(all.available, maxQuantity)
	return []stock{all}
}

// publishIn makes the local product. It stays a draft where the market has
// rules that the content breaks.
func publishIn(c *call, g *globalProduct, plan *plannedLocal) (*product, []failReason) {
	s := plan.shop
	s.mu.Lock()
	defer s.mu.Unlock()
	next, places, mappings := localise(s, c.state.world, &g.live, plan.skus)
	if plan.target.Manufacturers != nil {
		next.manufacturers = orNil(plan.target.Manufacturers)
	}
	if plan.target.Responsible != nil {
		next.responsible = orNil(plan.target.Responsible)
	}
	id := s.ids.new()
	p := &product{
		id: id, number: number(id), created: c.now.Unix(), updated: c.now.Unix(),
		status: productDraft, audit: auditNone, live: next, stock: places,
		association: &globalAssociation{g.id, mappings},
	}
	problems := objections(s, &next)
	enlist(c, s, p, problems == nil)
	return p, problems
}

// localise turns content into that of a shop: names in its language, ids of its
// own, and the SKUs that it is to have. The caller holds the shop's lock.
func localise(s *shop, w *world, from *content, skus []localSKU) (content, map[string][]stock, []skuMapping) {
	next := from.clone()
	next.attributes, next.skus = nil, nil
	next.cod = false
	next.deliveryOptions, next.shippingTemplate, next.primaryCombined = nil, "", ""
	locale := s.region.locale
	for _, a := range from.attributes {
		built := productAttribute{a.id, a.name, nil}
		known := catalogOf(w).attributes[a.id]
		if known != nil {
			built.name = known.name.in(locale)
		}
		for _, v := range a.values {
			if known != nil && known.value(v.id) != nil {
				built.values = append(built.values, productValue{v.id, known.value(v.id).name.in(locale)})
				continue
			}
			built.values = append(built.values, productValue{customID(s, "value "+a.id+" "+v.name), v.name})
		}
		next.attributes = append(next.attributes, built)
	}
	places := map[string][]stock{}
	mappings := []skuMapping{}
	for _, in := range skus {
		v := *in.from
		if in.old != nil {
			v = *in.old
		} else {
			v.id, v.listPrice, v.externalLists, v.externalURLs, v.combined = s.ids.new(), 0, nil, nil, nil
		}
		v.sellerSKU, v.externalID, v.identifier = in.from.sellerSKU, in.from.externalID, in.from.identifier
		v.price = in.price
		if in.fees != nil {
			v.fees = in.fees
		}
		v.attributes = nil
		for _, a := range in.from.attributes {
			v.attributes = append(v.attributes, localAttribute(s, w, a))
		}
		if in.stock != nil {
			places[v.id] = in.stock
		}
		next.skus = append(next.skus, v)
		mappings = append(mappings, mapSKU(in.from, &v))
	}
	return next, places, mappings
}

// localAttribute turns a sales attribute into that of the shop.
func localAttribute(s *shop, w *world, a salesAttribute) salesAttribute {
	known := catalogOf(w).attributes[a.id]
	if known == nil {
		a.id = customID(s, "attribute "+a.name)
	} else {
		a.name = known.name.in(s.region.locale)
		if value := known.value(a.valueID); value != nil {
			a.value = value.name.in(s.region.locale)
			return a
		}
	}
	a.valueID = customID(s, "value "+a.id+" "+a.value)
	return a
}

// objections are the rules of the market that a content breaks which was
// checked elsewhere.
func objections(s *shop, c *content) []failReason {
	var list []failReason
	if n := len([]rune(c.title)); n < s.region.titleMin || n > s.region.titleMax {
		list = append(list, failReason{"the title must have from " + strconv.Itoa(s.region.titleMin) + " to " + strconv.Itoa(s.region.titleMax) + " characters in " + s.Region})
	}
	if len(c.skus) > s.region.maxSKUs {
		list = append(list, failReason{"a product takes at most " + strconv.Itoa(s.region.maxSKUs) + " SKUs in " + s.Region})
	}
	return list
}

// syncLocals overwrites the local products of a global one after an edit. SKUs keep
// their price and stock, unless the edit gives them a price in the market. A
// SKU that the market does not have yet comes with such a price only.
func syncLocals(c *call, g *globalProduct) []publishResult {
	var results []publishResult
	for _, l := range g.locals {
		s := c.state.world.shopByID(l.Shop)
		result := publishResult{Region: s.Region, Status: publishSuccess}
		if reasons := syncIn(c, g, s, l.Product); reasons != nil {
			result.Status, result.Reasons = publishFailed, reasons
		}
		results = append(results, result)
	}
	return results
}

func syncIn(c *call, g *globalProduct, s *shop, id string) []failReason {
	s.mu.Lock()
	defer s.mu.Unlock()
	p := productsOf(s).byID[id]
	settleProduct(s, p, c.now)
	if p.status == productFreeze || p.status == productDeleted {
		return []failReason{{"product " + id + " cannot be edited in the state " + p.status}}
	}
	shown := &p.live
	if p.review != nil {
		shown = p.review
	}
	var skus []localSKU
	for i := range g.live.skus {
		from := &g.live.skus[i]
		in := localSKU{from: from, old: shown.sku(local(p.association, from.id))}
		priced := false
		for _, sale := range g.more[from.id].SalePrices {
			if sale.Region == s.Region {
				in.price, priced = s.region.parseMoney(sale.Amount)
			}
		}
		if in.old == nil && !priced {
			continue
		}
		if in.old == nil {
			in.stock = shared(s, g.stock[from.id])
			if in.stock == nil {
				in.stock = []stock{{warehouse: s.salesWarehouses()[0].id}}
			}
		} else if !priced {
			in.price = in.old.price
		}
		skus = append(skus, in)
	}
	if skus == nil {
		return []failReason{{"none of the SKUs of product " + id + " is left"}}
	}
	next, places, mappings := localise(s, c.state.world, &g.live, skus)
	// What only the market knows stays.
	next.cod, next.notForSale, next.insurance = shown.cod, shown.notForSale, shown.insurance
	next.deliveryOptions, next.shippingTemplate, next.primaryCombined = shown.deliveryOptions, shown.shippingTemplate, shown.primaryCombined
	if next.manufacturers == nil {
		next.manufacturers = shown.manufacturers
	}
	if next.responsible == nil {
		next.responsible = shown.responsible
	}
	if reasons := objections(s, &next); reasons != nil {
		return reasons
	}
	p.association = &globalAssociation{g.id, mappings}
	revise(c, s, p, &next, places, false)
	return nil
}
