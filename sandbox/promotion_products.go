package sandbox

import (
	"slices"
	"strconv"
)

// activityItemInput is a product or a SKU that a promotion is to take in.
type activityItemInput struct {
	ID              string `json:"id"`
	Price           string `json:"activity_price_amount"`
	Discount        string `json:"discount"`
	QuantityLimit   int64  `json:"quantity_limit"`
	QuantityPerUser int64  `json:"quantity_per_user"`
}

type activityProductInput struct {
	activityItemInput
	SKUs []activityItemInput `json:"skus"`
}

func (in *activityItemInput) item() activityItem {
	return activityItem{in.ID, in.Price, in.Discount, in.QuantityLimit, in.QuantityPerUser}
}

func putActivityProducts(c *call) *failure {
	var in struct {
		Products []activityProductInput `json:"products"`
	}
	if f := c.decode(&in); f != nil {
		return f
	}
	return editActivities(c, func() *failure {
		a, f := changeable(c)
		if f != nil {
			return f
		}
		if f := a.checkBatch(in.Products); f != nil {
			return f
		}
		// All products are taken in or none.
		next := slices.Clone(a.Products)
		for i := range in.Products {
			taken := &in.Products[i]
			if f := checkActivityProduct(c, a, taken); f != nil {
				return f
			}
			kept := activityProduct{activityItem: taken.item(), SKUs: []activityItem{}}
			at := slices.IndexFunc(next, func(p activityProduct) bool { return p.ID == taken.ID })
			if at >= 0 {
				kept.SKUs = slices.Clone(next[at].SKUs)
			}
			for j := range taken.SKUs {
				item := taken.SKUs[j].item()
				if old := slices.IndexFunc(kept.SKUs, func(s activityItem) bool { return s.ID == item.ID }); old >= 0 {
					kept.SKUs[old] = item
				} else {
					kept.SKUs = append(kept.SKUs, item)
				}
			}
			if at >= 0 {
				next[at] = kept
			} else {
				next = append(next, kept)
			}
		}
		items := len(next)
		for i := range next {
			items = max(items, len(next[i].SKUs))
		}
		if items > maxActivityItems {
			return fail(codeActivityFull, "promotion ", a.ID, " would hold more than 10000 products or SKUs")
		}
		a.Products, a.Updated = next, c.now.Unix()
		c.json(activityOutcome{ID: a.ID, Title: a.Title, Status: a.status(a.Updated), UpdateTime: a.Updated, TotalCount: len(next)})
		return nil
	})
}

// checkBatch checks what does not depend on the products themselves.
func (a *activity) checkBatch(products []activityProductInput) *failure {
	skus := 0
	seen := map[string]bool{}
	for i := range products {
		p := &products[i]
		if seen[p.ID] {
			return fail(codeActivityTwice, "product ", p.ID, " occurs twice")
		}
		seen[p.ID] = true
		skus += len(p.SKUs)
	}
	switch {
	case len(products) == 0:
		return fail(codeActivityEmpty, "'products' is empty")
	case len(products) > maxActivityBatch || skus > maxActivityBatch:
		return fail(codeActivityTooMany, "one call takes at most 300 products and 300 SKUs")
	case a.Level == levelShop:
		return fail(codeActivityField, "promotion ", a.ID, " is about the whole shop")
	}
	return nil
}

// checkActivityProduct checks one product with its SKUs.
func checkActivityProduct(c *call, a *activity, in *activityProductInput) *failure {
	p := productsOf(c.shop).byID[in.ID]
	switch owner := c.state.world.owners.of(in.ID); {
	case p == nil && owner != nil && owner != c.shop:
		return fail(codeActivityForeignItem, "product ", in.ID, " belongs to another shop")
	case p == nil:
		return fail(codeActivityNoProduct, "no product has the id ", strconv.Quote(in.ID))
	}
	settleProduct(c.shop, p, c.now)
	if p.status != productActivate {
		return fail(codeActivityStatus, "product ", p.id, " is ", p.status)
	}
	inside := slices.ContainsFunc(a.Products, func(q activityProduct) bool { return q.ID == p.id })
	if a.Type == activityFlashSale && a.status(c.now.Unix()) == activityOngoing && inside {
		return fail(codeActivityFlash, "product ", p.id, " is in a running flash sale")
	}
	if f := checkTaken(c, a, in); f != nil {
		return f
	}
	if f := checkActivityQuantity(&in.activityItemInput); f != nil {
		return f
	}
	if a.Level != levelVariation {
		if len(in.SKUs) > 0 {
			return fail(codeActivityNoSKUs, "product ", p.id, ": the promotion is about products, not about SKUs")
		}
		if stock := p.stockLeft(); in.QuantityLimit > stock {
			return fail(codeActivityStock, "product ", p.id, " has a stock of ", strconv.FormatInt(stock, 10))
		}
		return a.checkOffer(c.shop.region, &in.activityItemInput, 0)
	}
	switch {
	case len(in.SKUs) == 0:
		return fail(codeActivitySKUsMissing, "product ", p.id, " has no SKUs in the request")
	case in.Price != "" || in.Discount != "":
		return fail(codeActivityTwoLevels, "product ", p.id, ": price and discount belong to its SKUs")
	case in.QuantityLimit != -1:
		return fail(codeActivityQuantityFix, "product ", p.id, ": 'quantity_limit' must be -1")
	}
	seen := map[string]bool{}
	for i := range in.SKUs {
		s := &in.SKUs[i]
		if seen[s.ID] {
			return fail(codeActivitySKUTwice, "SKU ", s.ID, " occurs twice")
		}
		seen[s.ID] = true
		if p.live.sku(s.ID) == nil {
			if c.state.world.owners.of(s.ID) != nil {
				return fail(codeActivityOtherProduct, "SKU ", s.ID, " is not one of product ", p.id)
			}
			return fail(codeActivitySKU, "no SKU has the id ", strconv.Quote(s.ID))
		}
		if f := checkActivityQuantity(s); f != nil {
			return f
		}
		if s.QuantityLimit > p.available(s.ID) {
			return fail(codeActivitySKUStock, "the stock of SKU ", s.ID, " does not cover 'quantity_limit'")
		}
		if f := a.checkOffer(c.shop.region, s, 1); f != nil {
			return f
		}
	}
	return nil
}

// checkTaken refuses what another running or planned promotion of the same kind
// of terms holds. Shipping discounts go with any other.
func checkTaken(c *call, a *activity, in *activityProductInput) *failure {
	for _, other := range promotionsOf(c.shop).Activities {
		status := other.status(c.now.Unix())
		if other == a || status != activityOngoing && status != activityNotStart || (other.Type == activityShipping) != (a.Type == activityShipping) {
			continue
		}
		for i := range other.Products {
			held := &other.Products[i]
			if held.ID != in.ID {
				continue
			}
			common := len(held.SKUs) == 0 || len(in.SKUs) == 0 || slices.ContainsFunc(in.SKUs, func(s activityItemInput) bool {
				return slices.ContainsFunc(held.SKUs, func(h activityItem) bool { return h.ID == s.ID })
			})
			if common {
				return fail(codeActivityItemTaken, "product ", in.ID, " is in promotion ", other.ID)
			}
		}
	}
	return nil
}

func checkActivityQuantity(in *activityItemInput) *failure {
	for _, n := range []int64{in.QuantityLimit, in.QuantityPerUser} {
		if n != -1 && (n < 1 || n > 99) {
			return fail(codeActivityQuantity, "quantities of ", in.ID, " are -1 or from 1 to 99")
		}
	}
	return nil
}

// checkOffer checks price and discount of a product (sku 0) or a SKU (sku 1),
// whose codes differ: those of a SKU follow those of a product.
func (a *activity) checkOffer(r *region, in *activityItemInput, sku int) *failure {
	const (
		discountGotPrice = 17029029 // SKU: two more
		priceGotDiscount = 17029030 // SKU: two more
		discountMissing  = 17029041 // SKU: two more
		priceMissing     = 17029042 // SKU: two more
	)
	switch a.Type {
	case activityDirect:
		switch {
		case in.Price != "":
			return fail(discountGotPrice+2*sku, "'activity_price_amount' of ", in.ID, ": the promotion takes discounts")
		case in.Discount == "":
			return fail(discountMissing+2*sku, "'discount' of ", in.ID, " is missing")
		}
		percent, err := strconv.ParseFloat(in.Discount, 64)
		switch {
		case err != nil || !(percent > 0):
			return fail(codeActivityDiscountLow+sku, "'discount' of ", in.ID, " is no percentage above 0")
		case percent >= 100:
			return fail(codeActivityDiscountHigh+sku, "'discount' of ", in.ID, " is not below 100")
		}
	case activityFixedPrice, activityFlashSale:
		switch {
		case in.Discount != "":
			return fail(priceGotDiscount+2*sku, "'discount' of ", in.ID, ": the promotion takes prices")
		case in.Price == "":
			return fail(priceMissing+2*sku, "'activity_price_amount' of ", in.ID, " is missing")
		}
		if price, ok := r.parseMoney(in.Price); !ok || price <= 0 {
			return fail(codeActivityPrice, "'activity_price_amount' of ", in.ID, " is no price in ", r.currency)
		}
	}
	return nil
}

func deleteActivityProducts(c *call) *failure {
	var in struct {
		ProductIDs []string `json:"product_ids"`
		SKUIDs     []string `json:"sku_ids"`
	}
	if f := c.decode(&in); f != nil {
		return f
	}
	switch {
	case len(in.ProductIDs) == 0 && len(in.SKUIDs) == 0:
		return fail(codeActivityEmpty, "neither 'product_ids' nor 'sku_ids' has ids")
	case len(in.ProductIDs) > maxActivityBatch || len(in.SKUIDs) > maxActivityBatch:
		return fail(codeActivityTooMany, "one call takes at most 300 products and 300 SKUs")
	}
	return editActivities(c, func() *failure {
		a, f := changeable(c)
		if f != nil {
			return f
		}
		flash := a.Type == activityFlashSale && a.status(c.now.Unix()) == activityOngoing
		next := slices.Clone(a.Products)
		for _, id := range in.ProductIDs {
			at := slices.IndexFunc(next, func(p activityProduct) bool { return p.ID == id })
			switch {
			case at < 0:
				return fail(codeActivityNotInside, "product ", id, " is not in promotion ", a.ID)
			case flash:
				return fail(codeActivityFlash, "product ", id, " is in a running flash sale")
			}
			next = slices.Delete(next, at, at+1)
		}
		for _, id := range in.SKUIDs {
			of := func(s activityItem) bool { return s.ID == id }
			at := slices.IndexFunc(next, func(p activityProduct) bool { return slices.ContainsFunc(p.SKUs, of) })
			switch {
			case at < 0:
				return fail(codeActivitySKUNotInside, "SKU ", id, " is not in promotion ", a.ID)
			case flash:
				return fail(codeActivityFlashSKU, "SKU ", id, " is in a running flash sale")
			}
			next[at].SKUs = slices.DeleteFunc(slices.Clone(next[at].SKUs), of)
			if len(next[at].SKUs) == 0 {
				next = slices.Delete(next, at, at+1)
			}
		}
		a.Products, a.Updated = next, c.now.Unix()
		c.json(activityOutcome{ID: a.ID, Status: a.status(a.Updated), UpdateTime: a.Updated})
		return nil
	})
}
