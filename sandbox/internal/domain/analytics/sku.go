package analytics

import (
	"github.com/ttshop-go/ttshop/sandbox/internal/domain/promotion"
	"github.com/ttshop-go/ttshop/sandbox/internal/domain/trade"
	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
	"github.com/ttshop-go/ttshop/sandbox/internal/invent"
	"github.com/ttshop-go/ttshop/sandbox/internal/world"
)

// productOfSKU returns the product of a SKU that buyers see, or that they could
// buy before the seller took it away. It is "" for others. The caller holds the
// shop's lock.
func productOfSKU(s *world.Shop, id string) string {
	if p, found := trade.FindSKU(s, id); found != nil {
		return p.ID
	}
	for _, of := range trade.OrdersOf(s).Archive.Factory.Offers {
		if of.SKU.ID == id {
			return of.Product.ID
		}
	}
	for _, o := range trade.OrdersOf(s).ByCreate {
		for i := range o.LineItems {
			if line := &o.LineItems[i]; line.SKUID == id {
				return line.ProductID
			}
		}
	}
	return ""
}

// skuFigures are the figures of a SKU in both versions, which name the units
// differently.
type skuFigures struct {
	Start  string               `json:"start_date"`
	End    string               `json:"end_date"`
	GMV    promotion.PriceMoney `json:"gmv"`
	GMVBy  []moneyPart          `json:"gmv_breakdown"`
	Orders int                  `json:"sku_orders"`
}

func showSKUCommon(r *report, f *figures) skuFigures {
	return skuFigures{f.from.String(), f.to.String(), r.money(f.gmv()), r.gmvByKind(f), f.skuOrders}
}

type skuFigures202406 struct {
	skuFigures
	Units   int         `json:"units_sold"`
	UnitsBy []countPart `json:"units_sold_breakdown"`
}

func showSKU202406(r *report, f *figures) skuFigures202406 {
	return skuFigures202406{showSKUCommon(r, f), f.units(), countsByKind(f, func(part *share) int { return part.units })}
}

func getSKUPerformance202406(c *gate.Call) *gate.Failure {
	return reportOn(c, goods{sku: c.Param(0)}, func(r *report, of goods) *gate.Failure {
		return r.reported(struct {
			comparedSpans[skuFigures202406]
			Product int64 `json:"product_id"`
		}{showCompared(r, of, showSKU202406), invent.Number(of.product)})
	})
}

type skuFigures202509 struct {
	skuFigures
	Items   int         `json:"items_sold"`
	ItemsBy []countPart `json:"items_sold_breakdown"`
}

func showSKU(r *report, f *figures) skuFigures202509 {
	return skuFigures202509{showSKUCommon(r, f), f.units(), countsByKind(f, func(part *share) int { return part.units })}
}

func getSKUPerformance(c *gate.Call) *gate.Failure {
	return reportOn(c, goods{sku: c.Param(0)}, func(r *report, of goods) *gate.Failure {
		return r.reported(struct {
			spans[skuFigures202509]
			Product int64  `json:"product_id"`
			SKU     string `json:"sku_id"`
		}{spans[skuFigures202509]{show(r, of, r.asked, showSKU)}, invent.Number(of.product), of.sku})
	})
}
