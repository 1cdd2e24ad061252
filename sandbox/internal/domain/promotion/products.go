package promotion

import (
	"slices"
	"strconv"

	"github.com/ttshop-go/ttshop/sandbox/internal/domain/product"
	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
	"github.com/ttshop-go/ttshop/sandbox/internal/market"
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

func putActivityProducts(c *gate.Call) *gate.Failure {
	var in struct {
		Products []activityProductInput `json:"products"`
	}
	if f := c.Decode(&in); f != nil {
		return f
	}
	return editActivities(c, func() *gate.Failure {
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
			return gate.Fail(codeActivityFull, "promotion ", a.ID, " would hold more than 10000 products or SKUs")
		}
		a.Products, a.Updated = next, c.Now.Unix()
		c.JSON(activityOutcome{ID: a.ID, Title: a.Title, Status: a.status(a.Updated), UpdateTime: a.Updated, TotalCount: len(next)})
		return nil
	})
}

// checkBatch checks what does not depend on the products themselves.
func (a *activity) checkBatch(products []activityProductInput) *gate.Failure {
	skus := 0
	seen := map[string]bool{}
	for i := range products {
		p := &products[i]
		if seen[p.ID] {
			return gate.Fail(codeActivityTwice, "product ", p.ID, " occurs twice")
		}
		seen[p.ID] = true
		skus += len(p.SKUs)
	}
	switch {
	case len(products) == 0:
		return gate.Fail(codeActivityEmpty, "'products' is empty")
	case len(products) > maxActivityBatch || skus > maxActivityBatch:
		return gate.Fail(codeActivityTooMany, "one call takes at most 300 products and 300 SKUs")
	case a.Level == levelShop:
		return gate.Fail(codeActivityField, "promotion ", a.ID, " is about the whole shop")
	}
	return nil
}

// checkActivityProduct checks one product with its SKUs.
func checkActivityProduct(c *gate.Call, a *activity, in *activityProductInput) *gate.Failure {
	p := product.Of(c.Shop).ByID[in.ID]
	switch owner := c.State.World.Owners.Of(in.ID); {
	case p == nil && owner != nil && owner != c.Shop:
		return gate.Fail(codeActivityForeignItem, "product ", in.ID, " belongs to another shop")
	case p == nil:
		return gate.Fail(codeActivityNoProduct, "no product has the id ", strconv.Quote(in.ID))
	}
	if p.Status != product.ProductActivate {
		return gate.Fail(codeActivityStatus, "product ", p.ID, " is ", p.Status)
	}
	inside := slices.ContainsFunc(a.Products, func(q activityProduct) bool { return q.ID == p.ID })
	if a.Type == activityFlashSale && a.status(c.Now.Unix()) == ActivityOngoing && inside {
		return gate.Fail(codeActivityFlash, "product ", p.ID, " is in a running flash sale")
	}
	if f := checkTaken(c, a, in); f != nil {
		return f
	}
	if f := checkActivityQuantity(&in.activityItemInput); f != nil {
		return f
	}
	if a.Level != levelVariation {
		if len(in.SKUs) > 0 {
			return gate.Fail(codeActivityNoSKUs, "product ", p.ID, ": the promotion is about products, not about SKUs")
		}
		if stock := p.StockLeft(); in.QuantityLimit > stock {
			return gate.Fail(codeActivityStock, "product ", p.ID, " has a stock of ", strconv.FormatInt(stock, 10))
		}
		return a.checkOffer(c.Shop.Market, &in.activityItemInput, 0)
	}
	switch {
	case len(in.SKUs) == 0:
		return gate.Fail(codeActivitySKUsMissing, "product ", p.ID, " has no SKUs in the request")
	case in.Price != "" || in.Discount != "":
		return gate.Fail(codeActivityTwoLevels, "product ", p.ID, ": price and discount belong to its SKUs")
	case in.QuantityLimit != -1:
		return gate.Fail(codeActivityQuantityFix, "product ", p.ID, ": 'quantity_limit' must be -1")
	}
	seen := map[string]bool{}
	for i := range in.SKUs {
		s := &in.SKUs[i]
		if seen[s.ID] {
			return gate.Fail(codeActivitySKUTwice, "SKU ", s.ID, " occurs twice")
		}
		seen[s.ID] = true
		if p.Live.SKU(s.ID) == nil {
			if c.State.World.Owners.Of(s.ID) != nil {
				return gate.Fail(codeActivityOtherProduct, "SKU ", s.ID, " is not one of product ", p.ID)
			}
			return gate.Fail(codeActivitySKU, "no SKU has the id ", strconv.Quote(s.ID))
		}
		if f := checkActivityQuantity(s); f != nil {
			return f
		}
		if s.QuantityLimit > p.Available(s.ID) {
			return gate.Fail(codeActivitySKUStock, "the stock of SKU ", s.ID, " does not cover 'quantity_limit'")
		}
		if f := a.checkOffer(c.Shop.Market, s, 1); f != nil {
			return f
		}
	}
	return nil
}

// checkTaken refuses what another running or planned promotion of the same kind
// of terms holds. Shipping discounts go with any other.
func checkTaken(c *gate.Call, a *activity, in *activityProductInput) *gate.Failure {
	for _, other := range Of(c.Shop).Activities {
		status := other.status(c.Now.Unix())
		if other == a || status != ActivityOngoing && status != activityNotStart || (other.Type == activityShipping) != (a.Type == activityShipping) {
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
				return gate.Fail(codeActivityItemTaken, "product ", in.ID, " is in promotion ", other.ID)
			}
		}
	}
	return nil
}

func checkActivityQuantity(in *activityItemInput) *gate.Failure {
	for _, n := range []int64{in.QuantityLimit, in.QuantityPerUser} {
		if n != -1 && (n < 1 || n > 99) {
			return gate.Fail(codeActivityQuantity, "quantities of ", in.ID, " are -1 or from 1 to 99")
		}
	}
	return nil
}

// checkOffer checks price and discount of a product (sku 0) or a SKU (sku 1),
// whose codes differ: those of a SKU follow those of a product.
func (a *activity) checkOffer(r *market.Region, in *activityItemInput, sku int) *gate.Failure {
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
			return gate.Fail(discountGotPrice+2*sku, "'activity_price_amount' of ", in.ID, ": the promotion takes discounts")
		case in.Discount == "":
			return gate.Fail(discountMissing+2*sku, "'discount' of ", in.ID, " is missing")
		}
		percent, err := strconv.ParseFloat(in.Discount, 64)
		switch {
		case err != nil || !(percent > 0):
			return gate.Fail(codeActivityDiscountLow+sku, "'discount' of ", in.ID, " is not a percentage above 0")
		case percent >= 100:
			return gate.Fail(codeActivityDiscountHigh+sku, "'discount' of ", in.ID, " is not below 100")
		}
	case activityFixedPrice, activityFlashSale:
		switch {
		case in.Discount != "":
			return gate.Fail(priceGotDiscount+2*sku, "'discount' of ", in.ID, ": the promotion takes prices")
		case in.Price == "":
			return gate.Fail(priceMissing+2*sku, "'activity_price_amount' of ", in.ID, " is missing")
		}
		if price, ok := r.ParseMoney(in.Price); !ok || price <= 0 {
			return gate.Fail(codeActivityPrice, "'activity_price_amount' of ", in.ID, " is not a price in ", r.Currency)
		}
	}
	return nil
}

func deleteActivityProducts(c *gate.Call) *gate.Failure {
	var in struct {
		ProductIDs []string `json:"product_ids"`
		SKUIDs     []string `json:"sku_ids"`
	}
	if f := c.Decode(&in); f != nil {
		return f
	}
	switch {
	case len(in.ProductIDs) == 0 && len(in.SKUIDs) == 0:
		return gate.Fail(codeActivityEmpty, "neither 'product_ids' nor 'sku_ids' has ids")
	case len(in.ProductIDs) > maxActivityBatch || len(in.SKUIDs) > maxActivityBatch:
		return gate.Fail(codeActivityTooMany, "one call takes at most 300 products and 300 SKUs")
	}
	return editActivities(c, func() *gate.Failure {
		a, f := changeable(c)
		if f != nil {
			return f
		}
		flash := a.Type == activityFlashSale && a.status(c.Now.Unix()) == ActivityOngoing
		next := slices.Clone(a.Products)
		for _, id := range in.ProductIDs {
			at := slices.IndexFunc(next, func(p activityProduct) bool { return p.ID == id })
			switch {
			case at < 0:
				return gate.Fail(codeActivityNotInside, "product ", id, " is not in promotion ", a.ID)
			case flash:
				return gate.Fail(codeActivityFlash, "product ", id, " is in a running flash sale")
			}
			next = slices.Delete(next, at, at+1)
		}
		for _, id := range in.SKUIDs {
			of := func(s activityItem) bool { return s.ID == id }
			at := slices.IndexFunc(next, func(p activityProduct) bool { return slices.ContainsFunc(p.SKUs, of) })
			switch {
			case at < 0:
				return gate.Fail(codeActivitySKUNotInside, "SKU ", id, " is not in promotion ", a.ID)
			case flash:
				return gate.Fail(codeActivityFlashSKU, "SKU ", id, " is in a running flash sale")
			}
			next[at].SKUs = slices.DeleteFunc(slices.Clone(next[at].SKUs), of)
			if len(next[at].SKUs) == 0 {
				next = slices.Delete(next, at, at+1)
			}
		}
		a.Products, a.Updated = next, c.Now.Unix()
		c.JSON(activityOutcome{ID: a.ID, Status: a.status(a.Updated), UpdateTime: a.Updated})
		return nil
	})
}
