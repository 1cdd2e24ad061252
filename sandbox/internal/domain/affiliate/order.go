package affiliate

import (
	"slices"
	"strconv"

	"github.com/ttshop-go/ttshop/sandbox/internal/domain/promotion"
	"github.com/ttshop-go/ttshop/sandbox/internal/domain/trade"
	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
	"github.com/ttshop-go/ttshop/sandbox/internal/invent"
	"github.com/ttshop-go/ttshop/sandbox/internal/market"
	"github.com/ttshop-go/ttshop/sandbox/internal/world"
)

// affiliateShare is how many of a hundred orders are looked at for a creator:
// an order came through one where a product in it was promoted at the time.
const affiliateShare = 60

// endorsement is a creator who promotes a product of the shop for a while.
type endorsement struct {
	Creator      *creator
	open, target string // id of the collaboration; one of them
	stay
	rates []ratePeriod
}

// rate is the commission rate at a time.
func (p *endorsement) rate(at int64) ratePeriod {
	i := len(p.rates) - 1
	for i > 0 && p.rates[i].Since > at {
		i--
	}
	return p.rates[i]
}

// firstOf returns the earliest of some ends, where 0 stands for none.
func firstOf(ends ...int64) int64 {
	ends = slices.DeleteFunc(ends, func(end int64) bool { return end == 0 })
	if len(ends) == 0 {
		return 0
	}
	return slices.Min(ends)
}

// Endorsements lists all that was ever promoted by product. The past stays as it
// was, so that orders keep their creators. The caller holds the lock.
func Endorsements(s *world.Shop) map[string][]endorsement {
	all := map[string][]endorsement{}
	creators := creatorsOf(s.World)[s.Region]
	for _, o := range Of(s).Open {
		for _, cr := range creators {
			for _, in := range o.stays(cr) {
				all[o.Product] = append(all[o.Product], endorsement{
					cr, o.ID, "", stay{in.Since, firstOf(o.End, in.Left)}, []ratePeriod{{o.Start, o.Rate, 0}},
				})
			}
		}
	}
	for _, t := range Of(s).Targets {
		for _, i := range t.Creators {
			cr := findCreator(s.World, s.Region, i.Creator, byUserID)
			since, ok := t.accepts(cr, i)
			for _, p := range t.Products {
				if ok {
					all[p.ID] = append(all[p.ID], endorsement{
						cr, "", t.ID, stay{max(since, p.Since), firstOf(i.Left, i.Dropped[p.ID], p.Left, t.End, t.Removed)}, p.Rates,
					})
				}
			}
		}
	}
	return all
}

// affiliateSKU is what a creator sold of a SKU in an order: the lines of one
// price.
type affiliateSKU struct {
	endorsement
	ratePeriod
	Lines []*trade.LineItem
}

// Sales are what creators sold of an order.
type Sales []affiliateSKU

// Commissions works out, by SKU, what the creators earn once buyers got something
// back for lines of the order, which back has by their ids.
func (list Sales) Commissions(r *market.Region, back map[string]int64) map[string]int64 {
	earned := map[string]int64{}
	for i := range list {
		kept := int64(0)
		for _, line := range list[i].Lines {
			kept += r.Cents(line.SalePrice) - back[line.ID]
		}
		earned[list[i].Lines[0].SKUID] += commissionOf(max(kept, 0), list[i].Rate)
	}
	return earned
}

// AffiliateSKUs tells what of an order came through creators, nothing where none
// did. Samples, replacements and gifts are not sales.
func AffiliateSKUs(o *trade.Order, all map[string][]endorsement) (list Sales) {
	if o.Confirmed() == 0 || o.IsSampleOrder || o.IsResent() || invent.FNVMixed([]string{"affiliate", o.ID})%100 >= affiliateShare {
		return nil
	}
	for i := range o.LineItems {
		line := &o.LineItems[i]
		if line.IsGift {
			continue
		}
		at := slices.IndexFunc(list, func(s affiliateSKU) bool {
			return s.Lines[0].SKUID == line.SKUID && s.Lines[0].SalePrice == line.SalePrice
		})
		if at >= 0 {
			list[at].Lines = append(list[at].Lines, line)
			continue
		}
		var then []endorsement
		for _, p := range all[line.ProductID] {
			if p.at(o.CreateTime) {
				then = append(then, p)
			}
		}
		if len(then) > 0 {
			p := then[invent.FNVMixed([]string{"through", o.ID, line.ProductID})%uint64(len(then))]
			list = append(list, affiliateSKU{p, p.rate(o.CreateTime), []*trade.LineItem{line}})
		}
	}
	return list
}

// takenBack is what buyers got back for a line.
type takenBack struct {
	goods    int64
	returned bool // the goods came back
}

// countTakenBack lists the lines of an order that were refunded. The caller holds the
// lock.
func countTakenBack(s *world.Shop, o *trade.Order) map[string]takenBack {
	back := map[string]takenBack{}
	trade.RepaidLines(s, o, func(lines []trade.AfterSaleLine, goodsBack bool) {
		for _, line := range lines {
			was := back[line.Line]
			back[line.Line] = takenBack{was.goods + line.Amounts.Subtotal, was.returned || goodsBack}
		}
	})
	return back
}

// affiliateOrder is an order that came through creators.
type affiliateOrder struct {
	CreateTime   int64              `json:"create_time"`
	DeliveryTime int64              `json:"delivery_time,omitempty"`
	ID           string             `json:"id"`
	SKUs         []affiliateSKUView `json:"skus"`
	Status       string             `json:"status"`
}

// affiliateSKUView is a SKU of it. What was earned in fact is known when the
// order is over.
type affiliateSKUView struct {
	ActualBonus         *promotion.PriceMoney `json:"actual_cofunded_creator_bonus_amount,omitempty"`
	ActualBase          *promotion.PriceMoney `json:"actual_commission_base,omitempty"`
	ActualCommission    *promotion.PriceMoney `json:"actual_paid_commission,omitempty"`
	ActualAds           *promotion.PriceMoney `json:"actual_paid_shop_ads_commission,omitempty"`
	Rate                string                `json:"commission_rate"`
	ContentID           string                `json:"content_id"`
	ContentType         string                `json:"content_type"`
	Creator             string                `json:"creator_username"`
	EstimatedBonus      promotion.PriceMoney  `json:"estimated_cofunded_creator_bonus_amount"`
	EstimatedBase       promotion.PriceMoney  `json:"estimated_commission_base"`
	EstimatedCommission promotion.PriceMoney  `json:"estimated_paid_commission"`
	EstimatedAds        promotion.PriceMoney  `json:"estimated_paid_shop_ads_commission"`
	Open                string                `json:"open_collaboration_id,omitempty"`
	Price               promotion.PriceMoney  `json:"price"`
	Product             string                `json:"product_id"`
	Quantity            int                   `json:"quantity"`
	Refunded            int                   `json:"refunded_quantity"`
	Returned            int                   `json:"returned_quantity"`
	AdsRate             string                `json:"shop_ads_commission_rate"`
	Target              string                `json:"target_collaboration_id,omitempty"`
}

func newAffiliateOrder(l *Leads, o *trade.Order, skus []affiliateSKU) affiliateOrder {
	v := affiliateOrder{o.CreateTime, o.DeliveryTime, o.ID, nil, "PROCESSING"}
	over := o.Status == trade.OrderCancelled || o.Status == trade.OrderCompleted
	if over {
		v.Status = o.Status
	}
	back := countTakenBack(l.shop, o)
	for i := range skus {
		v.SKUs = append(v.SKUs, newAffiliateSKU(l, o, &skus[i], back, over))
	}
	return v
}

func newAffiliateSKU(l *Leads, o *trade.Order, sku *affiliateSKU, back map[string]takenBack, over bool) affiliateSKUView {
	r := l.shop.Market
	money := func(amount int64) promotion.PriceMoney {
		return promotion.PriceMoney{Amount: r.Money(amount), Currency: r.Currency}
	}
	first := sku.Lines[0]
	through := sku.content(l.zone, o)
	v := affiliateSKUView{
		Rate: strconv.FormatInt(sku.Rate, 10), AdsRate: strconv.FormatInt(sku.Ads, 10), Creator: sku.Creator.username,
		ContentID: through.ID, ContentType: through.affiliateType(),
		EstimatedBonus: money(0), EstimatedAds: money(0), Open: sku.open, Target: sku.target,
		Price: money(r.Cents(first.SalePrice)), Product: first.ProductID, Quantity: len(sku.Lines),
	}
	var base, returned int64
	for _, line := range sku.Lines {
		price := r.Cents(line.SalePrice)
		base += price
		was, refunded := back[line.ID]
		if o.Status == trade.OrderCancelled || line.DisplayStatus == trade.OrderCancelled {
			was.goods = price
		}
		returned += was.goods
		if refunded {
			v.Refunded++
		}
		if was.returned {
			v.Returned++
		}
	}
	v.EstimatedBase, v.EstimatedCommission = money(base), money(commissionOf(base, sku.Rate))
	if over {
		kept := max(base-returned, 0)
		v.ActualBase, v.ActualCommission = new(money(kept)), new(money(commissionOf(kept, sku.Rate)))
		v.ActualBonus, v.ActualAds = new(money(0)), new(money(0))
	}
	return v
}

// affiliateFilter is what a search for orders asks for.
type affiliateFilter struct {
	From    int64  `json:"create_time_ge"`
	To      int64  `json:"create_time_lt"`
	Program string `json:"program_id"` // of a collaboration
}

// affiliateOrders picks a page out of the orders that came through creators, the
// newest first, as orders are listed elsewhere. What was completed before the
// shop worked with creators is not among them.
func affiliateOrders(c *gate.Call, l *gate.TimedList, in *affiliateFilter, show func(*Leads, *trade.Order, []affiliateSKU)) gate.PageEnd {
	l.Descending = true
	leads := NewLeads(c.Shop)
	page, next, total := gate.TimedPage(l, trade.OrdersOf(c.Shop).ByCreate,
		func(o *trade.Order) gate.Cursor { return gate.Cursor{At: o.CreateTime, ID: o.Number} },
		func(o *trade.Order) bool {
			if o.CreateTime < in.From || in.To > 0 && o.CreateTime >= in.To {
				return false
			}
			return slices.ContainsFunc(AffiliateSKUs(o, leads.all), func(s affiliateSKU) bool {
				return in.Program == "" || s.open == in.Program || s.target == in.Program
			})
		})
	for _, o := range page {
		show(leads, o, AffiliateSKUs(o, leads.all))
	}
	return gate.PageEnd{NextPageToken: next, TotalCount: total}
}

func searchAffiliateOrders(c *gate.Call) *gate.Failure {
	var in affiliateFilter
	return listAffiliate(c, &in, "", func(_ *affiliate, l *gate.TimedList) *gate.Failure {
		orders := []affiliateOrder{}
		end := affiliateOrders(c, l, &in, func(leads *Leads, o *trade.Order, skus []affiliateSKU) {
			orders = append(orders, newAffiliateOrder(leads, o, skus))
		})
		c.JSON(struct {
			gate.PageEnd
			Orders []affiliateOrder `json:"orders"`
		}{end, orders})
		return nil
	})
}

// searchAffiliateOrders202405 tells no more than the ids.
func searchAffiliateOrders202405(c *gate.Call) *gate.Failure {
	type line struct {
		ID      string `json:"id"`
		Product string `json:"product_id"`
	}
	type order202405 struct {
		ID    string `json:"id"`
		Lines []line `json:"line_items"`
	}
	return listAffiliate(c, &struct{}{}, "", func(_ *affiliate, l *gate.TimedList) *gate.Failure {
		orders := []order202405{}
		end := affiliateOrders(c, l, &affiliateFilter{}, func(_ *Leads, o *trade.Order, skus []affiliateSKU) {
			v := order202405{ID: o.ID}
			for _, sku := range skus {
				for _, l := range sku.Lines {
					v.Lines = append(v.Lines, line{l.ID, l.ProductID})
				}
			}
			orders = append(orders, v)
		})
		c.JSON(struct {
			gate.PageEnd
			Orders []order202405 `json:"orders"`
		}{end, orders})
		return nil
	})
}
