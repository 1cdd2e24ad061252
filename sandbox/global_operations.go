package sandbox

import (
	"maps"
	"slices"
)

// savedGlobal answers creations and edits.
type savedGlobal struct {
	GlobalProductID string           `json:"global_product_id,omitempty"` // of a new one
	SKUs            []savedGlobalSKU `json:"global_skus"`
	Results         []publishResult  `json:"publish_results,omitempty"` // of edits
}

type savedGlobalSKU struct {
	ID              string                `json:"id"`
	SellerSKU       string                `json:"seller_sku,omitempty"`
	ExternalID      string                `json:"external_global_sku_id,omitempty"`
	SalesAttributes []savedSalesAttribute `json:"sales_attributes"`
}

func savedGlobalSKUs(p *globalProduct) []savedGlobalSKU {
	list := []savedGlobalSKU{}
	for _, s := range p.live.skus {
		shown := savedGlobalSKU{s.id, s.sellerSKU, s.externalID, []savedSalesAttribute{}}
		for _, a := range s.attributes {
			shown.SalesAttributes = append(shown.SalesAttributes, savedSalesAttribute{a.id, a.valueID})
		}
		list = append(list, shown)
	}
	return list
}

func createGlobalProduct(c *call) *failure {
	var in globalInput
	if f := c.decode(&in); f != nil {
		return f
	}
	return withGlobals(c, func(g *sellerGlobals) *failure {
		p, f := buildGlobal(c, g, &in, nil, false)
		if f != nil {
			return f
		}
		p.id = g.ids.new()
		p.number, p.created, p.updated = number(p.id), c.now.Unix(), c.now.Unix()
		p.status, p.audit = globalUnpublished, auditNone
		g.list = append(g.list, p)
		c.json(savedGlobal{GlobalProductID: p.id, SKUs: savedGlobalSKUs(p)})
		return nil
	})
}

func editGlobalProduct(c *call) *failure { return editGlobal(c, false) }

func partialEditGlobalProduct(c *call) *failure { return editGlobal(c, true) }

// editGlobal changes a global product and, where it is published, its local
// products. An edit completes a draft.
func editGlobal(c *call, partial bool) *failure {
	var in globalInput
	if f := c.decode(&in); f != nil {
		return f
	}
	return withGlobal(c, codeProductForeign, func(g *sellerGlobals, p *globalProduct) *failure {
		next, f := buildGlobal(c, g, &in, p, partial)
		if f != nil {
			return f
		}
		p.live, p.stock, p.more = next.live, next.stock, next.more
		p.currency, p.manufacturer = next.currency, next.manufacturer
		p.updated = c.now.Unix()
		if p.status == globalDraft {
			p.status = globalUnpublished
		}
		c.json(savedGlobal{SKUs: savedGlobalSKUs(p), Results: syncLocals(c, p)})
		return nil
	})
}

func deleteGlobalProducts(c *call) *failure {
	var input struct {
		IDs []string `json:"global_product_ids"`
	}
	if f := c.decode(&input); f != nil {
		return f
	}
	type detail struct {
		ID string `json:"global_product_id"`
	}
	type problem struct {
		Code    int    `json:"code"`
		Message string `json:"message"`
		Detail  detail `json:"detail"`
	}
	return withGlobals(c, func(g *sellerGlobals) *failure {
		var problems []problem
		for _, id := range slices.Compact(slices.Sorted(slices.Values(input.IDs))) {
			p := g.find(id)
			if p == nil {
				problems = append(problems, problem{codeGlobalNotFound, "no global product has the id " + id, detail{id}})
				continue
			}
			// What becomes of the local products is not documented: they stay.
			p.status, p.updated = globalDeleted, c.now.Unix()
		}
		if problems != nil {
			c.json(struct {
				Errors []problem `json:"errors"`
			}{problems})
		}
		return nil
	})
}

// globalFilter is the body of the search.
type globalFilter struct {
	Status       string   `json:"status"`
	SellerSKUs   []string `json:"seller_skus"`
	CreateTimeGE *int64   `json:"create_time_ge"`
	CreateTimeLE *int64   `json:"create_time_le"`
	UpdateTimeGE *int64   `json:"update_time_ge"`
	UpdateTimeLE *int64   `json:"update_time_le"`
}

func (f *globalFilter) validate() *failure {
	statuses := []string{globalPublished, globalUnpublished, globalDraft, globalDeleted}
	backwards := func(from, to *int64) bool { return from != nil && to != nil && *from > *to }
	switch {
	case f.Status != "" && !slices.Contains(statuses, f.Status):
		return notAllowed("status", f.Status, statuses)
	case backwards(f.CreateTimeGE, f.CreateTimeLE):
		return fail(codeCreatedFilter, "'create_time_ge' is after 'create_time_le'")
	case backwards(f.UpdateTimeGE, f.UpdateTimeLE):
		return fail(codeUpdatedFilter, "'update_time_ge' is after 'update_time_le'")
	}
	return nil
}

// matches reports whether a product passes the filter. Both ends of a time
// range belong to it.
func (f *globalFilter) matches(p *globalProduct) bool {
	return (f.Status == "" || p.status == f.Status) &&
		(f.CreateTimeGE == nil || p.created >= *f.CreateTimeGE) &&
		(f.CreateTimeLE == nil || p.created <= *f.CreateTimeLE) &&
		(f.UpdateTimeGE == nil || p.updated >= *f.UpdateTimeGE) &&
		(f.UpdateTimeLE == nil || p.updated <= *f.UpdateTimeLE) &&
		p.live.hasAny(f.SellerSKUs, func(s *sku) string { return s.sellerSKU })
}

// searchGlobalProducts finds global products, the newest first. The page of the
// older date spells a deleted one differently, which is taken for a slip.
func searchGlobalProducts(c *call) *failure {
	page, f := c.page(codePageSize)
	if f != nil {
		return f
	}
	scope := "global products " + c.grant.openID
	after, f := page.cursor(c.state.world.seed, scope)
	if f != nil {
		return f
	}
	var filter globalFilter
	if f := c.decode(&filter); f != nil {
		return f
	}
	if f := filter.validate(); f != nil {
		return f
	}
	type skuFound struct {
		ID        string `json:"id"`
		SellerSKU string `json:"seller_sku"`
	}
	type view struct {
		ID         string     `json:"id"`
		Title      string     `json:"title"`
		Status     string     `json:"status"`
		CreateTime int64      `json:"create_time"`
		UpdateTime int64      `json:"update_time"`
		SKUs       []skuFound `json:"skus"`
	}
	return withGlobals(c, func(g *sellerGlobals) *failure {
		found, next, total := paginate(g.list, true, after, page.size,
			func(p *globalProduct) cursor { return cursor{0, p.number} }, filter.matches)
		answer := struct {
			Products []view `json:"global_products"`
			pageEnd
		}{[]view{}, c.pageEnd(next, scope, total)}
		for _, p := range found {
			skus := each(p.live.skus, func(s sku) skuFound { return skuFound{s.id, s.sellerSKU} })
			answer.Products = append(answer.Products, view{p.id, p.live.title, p.status, p.created, p.updated, skus})
		}
		c.json(answer)
		return nil
	})
}

// updateGlobalInventory sets the stock of a global product. The stock of local
// products is their own: what is published already stays as it is.
func updateGlobalInventory(c *call) *failure {
	var input struct {
		SKUs []struct {
			ID        string             `json:"id"`
			Inventory []globalStockInput `json:"inventory"`
		} `json:"global_skus"`
	}
	if f := c.decode(&input); f != nil {
		return f
	}
	if len(input.SKUs) == 0 {
		return fail(codeSKUListEmpty, "'global_skus' is present but empty")
	}
	return withGlobal(c, codeProductForeign, func(g *sellerGlobals, p *globalProduct) *failure {
		// All stock changes or none: the answer has no place for single failures.
		next := map[string][]stock{}
		for _, in := range input.SKUs {
			switch {
			case p.live.sku(in.ID) == nil:
				return fail(codeSKUUnknown, "global product ", p.id, " has no SKU ", in.ID)
			case next[in.ID] != nil:
				return fail(codeInputRejected, "SKU ", in.ID, " occurs twice")
			case len(in.Inventory) == 0:
				return missing("global_skus.inventory")
			}
			places, f := globalPlaces(c, in.Inventory)
			if f != nil {
				return f
			}
			had := each(p.stock[in.ID], func(s stock) string { return s.warehouse })
			sent := each(places, func(s stock) string { return s.warehouse })
			slices.Sort(had)
			slices.Sort(sent)
			if len(had) > 0 && !slices.Equal(had, sent) {
				return fail(codeWarehousesFixed, "SKU ", in.ID, " lies in other global warehouses, list all of them and no more")
			}
			next[in.ID] = places
		}
		maps.Copy(p.stock, next)
		p.updated = c.now.Unix()
		return nil
	})
}

// globalPlaces reads the stock of a SKU in global warehouses.
func globalPlaces(c *call, inputs []globalStockInput) ([]stock, *failure) {
	known := globalWarehouses(c.state.world, c.grant.openID)
	var places []stock
	for _, in := range inputs {
		switch {
		case !slices.ContainsFunc(known, func(w globalWarehouse) bool { return w.ID == in.WarehouseID }):
			return nil, fail(codeWarehouseForeign, "global warehouse ", in.WarehouseID, " is not the seller's")
		case slices.ContainsFunc(places, func(s stock) bool { return s.warehouse == in.WarehouseID }):
			return nil, fail(codeInputRejected, "global warehouse ", in.WarehouseID, " occurs twice")
		case in.Quantity == nil:
			return nil, missing("global_skus.inventory.quantity")
		}
		if f := checkQuantity(c.sb.settings, *in.Quantity); f != nil {
			return nil, f
		}
		places = append(places, stock{warehouse: in.WarehouseID, available: *in.Quantity})
	}
	return places, nil
}

// checkGlobalListing tells whether a global product could be created.
func checkGlobalListing(c *call) *failure {
	var in globalInput
	if f := c.decode(&in); f != nil {
		return f
	}
	return withGlobals(c, func(g *sellerGlobals) *failure {
		// Nothing is kept, not even the ids that were drawn on the way.
		draft := &sellerGlobals{ids: ids{idGlobals, newRandom(0, 0)}, customIDs: map[string]string{}}
		answer := struct {
			Result  string       `json:"check_result"`
			Reasons []failReason `json:"fail_reasons,omitempty"`
		}{Result: checkPassed}
		if _, f := buildGlobal(c, draft, &in, nil, false); f != nil {
			answer.Result, answer.Reasons = checkFailed, []failReason{{f.message}}
		}
		c.json(answer)
		return nil
	})
}

// failReason says why something was not done.
type failReason struct {
	Message string `json:"message"`
}
