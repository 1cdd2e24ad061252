package globalproduct

import (
	"maps"
	"slices"

	"github.com/ttshop-go/ttshop/sandbox/internal/domain/category"
	"github.com/ttshop-go/ttshop/sandbox/internal/domain/logistics"
	"github.com/ttshop-go/ttshop/sandbox/internal/domain/product"
	"github.com/ttshop-go/ttshop/sandbox/internal/domain/stock"
	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
	"github.com/ttshop-go/ttshop/sandbox/internal/invent"
)

// savedGlobal answers creations and edits.
type savedGlobal struct {
	GlobalProductID string           `json:"global_product_id,omitempty"` // of a new one
	SKUs            []savedGlobalSKU `json:"global_skus"`
	Results         []publishResult  `json:"publish_results,omitempty"` // of edits
}

type savedGlobalSKU struct {
	ID              string                        `json:"id"`
	SellerSKU       string                        `json:"seller_sku,omitempty"`
	ExternalID      string                        `json:"external_global_sku_id,omitempty"`
	SalesAttributes []product.SavedSalesAttribute `json:"sales_attributes"`
}

func savedGlobalSKUs(p *GlobalProduct) []savedGlobalSKU {
	list := []savedGlobalSKU{}
	for _, s := range p.Live.SKUs {
		shown := savedGlobalSKU{s.ID, s.SellerSKU, s.ExternalID, []product.SavedSalesAttribute{}}
		for _, a := range s.Attributes {
			shown.SalesAttributes = append(shown.SalesAttributes, product.SavedSalesAttribute{ID: a.ID, ValueID: a.ValueID})
		}
		list = append(list, shown)
	}
	return list
}

func createGlobalProduct(c *gate.Call) *gate.Failure {
	var in globalInput
	if f := c.Decode(&in); f != nil {
		return f
	}
	return withGlobals(c, func(g *sellerGlobals) *gate.Failure {
		p, f := buildGlobal(c, g, &in, nil, false)
		if f != nil {
			return f
		}
		p.ID = g.IDs.New()
		p.Number, p.Created, p.Updated = invent.Number(p.ID), c.Now.Unix(), c.Now.Unix()
		p.Status, p.Audit = globalUnpublished, product.AuditNone
		g.List = append(g.List, p)
		c.JSON(savedGlobal{GlobalProductID: p.ID, SKUs: savedGlobalSKUs(p)})
		return nil
	})
}

func editGlobalProduct(c *gate.Call) *gate.Failure { return editGlobal(c, false) }

func partialEditGlobalProduct(c *gate.Call) *gate.Failure { return editGlobal(c, true) }

// editGlobal changes a global product and, where it is published, its local
// products. An edit completes a draft.
func editGlobal(c *gate.Call, partial bool) *gate.Failure {
	var in globalInput
	if f := c.Decode(&in); f != nil {
		return f
	}
	return withGlobal(c, product.CodeProductForeign, func(g *sellerGlobals, p *GlobalProduct) *gate.Failure {
		next, f := buildGlobal(c, g, &in, p, partial)
		if f != nil {
			return f
		}
		p.Live, p.Stock, p.More = next.Live, next.Stock, next.More
		p.Currency, p.Manufacturer = next.Currency, next.Manufacturer
		p.Updated = c.Now.Unix()
		if p.Status == globalDraft {
			p.Status = globalUnpublished
		}
		c.JSON(savedGlobal{SKUs: savedGlobalSKUs(p), Results: syncLocals(c, p)})
		return nil
	})
}

func deleteGlobalProducts(c *gate.Call) *gate.Failure {
	var input struct {
		IDs []string `json:"global_product_ids"`
	}
	if f := c.Decode(&input); f != nil {
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
	return withGlobals(c, func(g *sellerGlobals) *gate.Failure {
		var problems []problem
		for _, id := range slices.Compact(slices.Sorted(slices.Values(input.IDs))) {
			p := g.find(id)
			if p == nil {
				problems = append(problems, problem{codeGlobalNotFound, "no global product has the id " + id, detail{id}})
				continue
			}
			// What becomes of the local products is not documented: they stay.
			p.Status, p.Updated = globalDeleted, c.Now.Unix()
		}
		if problems != nil {
			c.JSON(struct {
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

func (f *globalFilter) validate() *gate.Failure {
	backwards := func(from, to *int64) bool { return from != nil && to != nil && *from > *to }
	switch {
	case backwards(f.CreateTimeGE, f.CreateTimeLE):
		return gate.Fail(codeCreatedFilter, "'create_time_ge' is after 'create_time_le'")
	case backwards(f.UpdateTimeGE, f.UpdateTimeLE):
		return gate.Fail(codeUpdatedFilter, "'update_time_ge' is after 'update_time_le'")
	}
	return nil
}

// matches reports whether a product passes the filter. Both ends of a time
// range belong to it.
func (f *globalFilter) matches(p *GlobalProduct) bool {
	return (f.Status == "" || p.Status == f.Status) &&
		(f.CreateTimeGE == nil || p.Created >= *f.CreateTimeGE) &&
		(f.CreateTimeLE == nil || p.Created <= *f.CreateTimeLE) &&
		(f.UpdateTimeGE == nil || p.Updated >= *f.UpdateTimeGE) &&
		(f.UpdateTimeLE == nil || p.Updated <= *f.UpdateTimeLE) &&
		p.Live.HasAny(f.SellerSKUs, func(s *product.SKU) string { return s.SellerSKU })
}

// searchGlobalProducts finds global products, the newest first. The page of the
// older date spells a deleted one differently, which is taken for a slip.
func searchGlobalProducts(c *gate.Call) *gate.Failure {
	page, f := c.Page(category.CodePageSize)
	if f != nil {
		return f
	}
	scope := "global products " + c.Grant.OpenID
	after, f := page.Cursor(c.State.World.Seed, scope)
	if f != nil {
		return f
	}
	var filter globalFilter
	if f := c.Decode(&filter); f != nil {
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
	return withGlobals(c, func(g *sellerGlobals) *gate.Failure {
		found, next, total := gate.Paginate(c, g.List, true, after, page.Size,
			func(p *GlobalProduct) gate.Cursor { return gate.Cursor{At: 0, ID: p.Number} }, filter.matches)
		answer := struct {
			Products []view `json:"global_products"`
			gate.PageEnd
		}{[]view{}, c.PageEnd(next, scope, total)}
		for _, p := range found {
			skus := invent.Each(p.Live.SKUs, func(s product.SKU) skuFound { return skuFound{s.ID, s.SellerSKU} })
			answer.Products = append(answer.Products, view{p.ID, p.Live.Title, p.Status, p.Created, p.Updated, skus})
		}
		c.JSON(answer)
		return nil
	})
}

// updateGlobalInventory sets the stock of a global product. The stock of local
// products is their own: what is published already stays as it is.
func updateGlobalInventory(c *gate.Call) *gate.Failure {
	var input struct {
		SKUs []struct {
			ID        string             `json:"id"`
			Inventory []globalStockInput `json:"inventory"`
		} `json:"global_skus"`
	}
	if f := c.Decode(&input); f != nil {
		return f
	}
	if len(input.SKUs) == 0 {
		return gate.Fail(product.CodeSKUListEmpty, "'global_skus' is present but empty")
	}
	return withGlobal(c, product.CodeProductForeign, func(g *sellerGlobals, p *GlobalProduct) *gate.Failure {
		// All stock changes or none: the answer has no place for single failures.
		next := map[string][]product.Stock{}
		for _, in := range input.SKUs {
			switch {
			case p.Live.SKU(in.ID) == nil:
				return gate.Fail(product.CodeSKUUnknown, "global product ", p.ID, " has no SKU ", in.ID)
			case next[in.ID] != nil:
				return gate.Fail(codeInputRejected, "SKU ", in.ID, " occurs twice")
			case len(in.Inventory) == 0:
				return gate.Missing("global_skus.inventory")
			}
			places, f := globalPlaces(c, in.Inventory)
			if f != nil {
				return f
			}
			had := invent.Each(p.Stock[in.ID], func(s product.Stock) string { return s.Warehouse })
			sent := invent.Each(places, func(s product.Stock) string { return s.Warehouse })
			slices.Sort(had)
			slices.Sort(sent)
			if len(had) > 0 && !slices.Equal(had, sent) {
				return gate.Fail(codeWarehousesFixed, "SKU ", in.ID, " lies in other global warehouses, list all of them and no more")
			}
			next[in.ID] = places
		}
		maps.Copy(p.Stock, next)
		p.Updated = c.Now.Unix()
		return nil
	})
}

// globalPlaces reads the stock of a SKU in global warehouses.
func globalPlaces(c *gate.Call, inputs []globalStockInput) ([]product.Stock, *gate.Failure) {
	known := logistics.GlobalWarehouses(c.State.World, c.Grant.OpenID)
	var places []product.Stock
	for _, in := range inputs {
		switch {
		case !slices.ContainsFunc(known, func(w logistics.GlobalWarehouse) bool { return w.ID == in.WarehouseID }):
			return nil, gate.Fail(product.CodeWarehouseForeign, "global warehouse ", in.WarehouseID, " is not the seller's")
		case slices.ContainsFunc(places, func(s product.Stock) bool { return s.Warehouse == in.WarehouseID }):
			return nil, gate.Fail(codeInputRejected, "global warehouse ", in.WarehouseID, " occurs twice")
		case in.Quantity == nil:
			return nil, gate.Missing("global_skus.inventory.quantity")
		}
		if f := stock.CheckQuantity(c.Gate.Settings, *in.Quantity); f != nil {
			return nil, f
		}
		places = append(places, product.Stock{Warehouse: in.WarehouseID, Available: *in.Quantity})
	}
	return places, nil
}

// checkGlobalListing tells whether a global product could be created.
func checkGlobalListing(c *gate.Call) *gate.Failure {
	var in globalInput
	if f := c.Decode(&in); f != nil {
		return f
	}
	return withGlobals(c, func(g *sellerGlobals) *gate.Failure {
		// Nothing is kept, not even the ids that were drawn on the way.
		draft := &sellerGlobals{IDs: invent.IDs{Next: idGlobals, Random: invent.NewRandom(0, 0)}, CustomIDs: map[string]string{}}
		answer := struct {
			Result  string       `json:"check_result"`
			Reasons []failReason `json:"fail_reasons,omitempty"`
		}{Result: product.CheckPassed}
		if _, f := buildGlobal(c, draft, &in, nil, false); f != nil {
			answer.Result, answer.Reasons = product.CheckFailed, []failReason{{f.Message}}
		}
		c.JSON(answer)
		return nil
	})
}

// failReason says why something was not done.
type failReason struct {
	Message string `json:"message"`
}
