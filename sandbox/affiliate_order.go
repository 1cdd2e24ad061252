package sandbox

import (
	"slices"
	"strconv"
)

// affiliateShare is how many of a hundred orders are looked at for a creator:
// an order came through one where a product in it was promoted at the time.
const affiliateShare = 60

// endorsement is a creator who promotes a product of the shop for a while.
type endorsement struct {
	creator      *creator
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

// firstOf returns the earliest of some ends, where 0 is none.
func firstOf(ends ...int64) int64 {
	ends = slices.DeleteFunc(ends, func(end int64) bool { return end == 0 })
	if len(ends) == 0 {
		return 0
	}
	return slices.Min(ends)
}

// endorsements lists all that was ever promoted by product. The past stays as it
// was, so that orders keep their creators. The caller holds the lock.
func endorsements(s *shop) map[string][]endorsement {
	all := map[string][]endorsement{}
	market := creatorsOf(s.world)[s.Region]
	for _, o := range affiliateOf(s).Open {
		for _, cr := range market {
			if since, ok := o.joined(cr); ok {
				all[o.Product] = append(all[o.Product], endorsement{
					cr, o.ID, "", stay{since, firstOf(o.End, o.Removed[cr.userID])}, []ratePeriod{{o.Start, o.Rate, 0}},
				})
			}
		}
	}
	for _, t := range affiliateOf(s).Targets {
		for _, i := range t.Creators {
			cr := findCreator(s.world, s.Region, i.Creator, byUserID)
			since, ok := t.accepts(cr, i)
			for _, p := range t.Products {
				if ok {
					all[p.ID] = append(all[p.ID], endorsement{
						cr, "", t.ID, stay{max(since, p.Since), firstOf(i.Left, p.Left, t.End, t.Removed)}, p.Rates,
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
	lines []*lineItem
}

// affiliateSKUs tells what of an order came through creators, nothing where none
// did. Samples and replacements are no sales.
func affiliateSKUs(o *order, all map[string][]endorsement) (list []affiliateSKU) {
	if o.PaidTime == 0 || o.IsSampleOrder || o.IsReplacementOrder || fnvMixed([]string{"affiliate", o.ID})%100 >= affiliateShare {
		return nil
	}
	for i := range o.LineItems {
		line := &o.LineItems[i]
		at := slices.IndexFunc(list, func(s affiliateSKU) bool {
			return s.lines[0].SKUID == line.SKUID && s.lines[0].SalePrice == line.SalePrice
		})
		if at >= 0 {
			list[at].lines = append(list[at].lines, line)
			continue
		}
		var then []endorsement
		for _, p := range all[line.ProductID] {
			if p.at(o.CreateTime) {
				then = append(then, p)
			}
		}
		if len(then) > 0 {
			p := then[fnvMixed([]string{"through", o.ID, line.ProductID})%uint64(len(then))]
			list = append(list, affiliateSKU{p, p.rate(o.CreateTime), []*lineItem{line}})
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
func countTakenBack(s *shop, o *order) map[string]takenBack {
	back := map[string]takenBack{}
	repaidLines(s, o, func(lines []afterSaleLine, goodsBack bool) {
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
	ActualBonus         *priceMoney `json:"actual_cofunded_creator_bonus_amount,omitempty"`
	ActualBase          *priceMoney `json:"actual_commission_base,omitempty"`
	ActualCommission    *priceMoney `json:"actual_paid_commission,omitempty"`
	ActualAds           *priceMoney `json:"actual_paid_shop_ads_commission,omitempty"`
	Rate                string      `json:"commission_rate"`
	ContentID           string      `json:"content_id"`
	ContentType         string      `json:"content_type"`
	Creator             string      `json:"creator_username"`
	EstimatedBonus      priceMoney  `json:"estimated_cofunded_creator_bonus_amount"`
	EstimatedBase       priceMoney  `json:"estimated_commission_base"`
	EstimatedCommission priceMoney  `json:"estimated_paid_commission"`
	EstimatedAds        priceMoney  `json:"estimated_paid_shop_ads_commission"`
	Open                string      `json:"open_collaboration_id,omitempty"`
	Price               priceMoney  `json:"price"`
	Product             string      `json:"product_id"`
	Quantity            int         `json:"quantity"`
	Refunded            int         `json:"refunded_quantity"`
	Returned            int         `json:"returned_quantity"`
	AdsRate             string      `json:"shop_ads_commission_rate"`
	Target              string      `json:"target_collaboration_id,omitempty"`
}

func newAffiliateOrder(s *shop, o *order, skus []affiliateSKU) affiliateOrder {
	v := affiliateOrder{o.CreateTime, o.DeliveryTime, o.ID, nil, "PROCESSING"}
	over := o.Status == orderCancelled || o.Status == orderCompleted
	if over {
		v.Status = o.Status
	}
	back := countTakenBack(s, o)
	for i := range skus {
		v.SKUs = append(v.SKUs, newAffiliateSKU(s, o, &skus[i], back, over))
	}
	return v
}

func newAffiliateSKU(s *shop, o *order, sku *affiliateSKU, back map[string]takenBack, over bool) affiliateSKUView {
	money := func(amount int64) priceMoney { return priceMoney{s.region.money(amount), s.region.currency} }
	first := sku.lines[0]
	draw := fnvMixed([]string{"content", o.ID, first.ProductID})
	v := affiliateSKUView{
		Rate: strconv.FormatInt(sku.Rate, 10), AdsRate: strconv.FormatInt(sku.Ads, 10), Creator: sku.creator.username,
		ContentID: financeID("content", sku.creator.userID, first.ProductID), ContentType: []string{"VIDEO", "LIVE", "SHOP"}[draw%3],
		EstimatedBonus: money(0), EstimatedAds: money(0), Open: sku.open, Target: sku.target,
		Price: money(s.region.cents(first.SalePrice)), Product: first.ProductID, Quantity: len(sku.lines),
	}
	var base, returned int64
	for _, line := range sku.lines {
		price := s.region.cents(line.SalePrice)
		base += price
		was, refunded := back[line.ID]
		if o.Status == orderCancelled || line.DisplayStatus == orderCancelled {
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
func affiliateOrders(c *call, l *financeList, in *affiliateFilter, show func(*order, []affiliateSKU)) pageEnd {
	l.descending = true
	all := endorsements(c.shop)
	page, next, total := financePageOf(l, ordersOf(c.shop).byCreate,
		func(o *order) cursor { return cursor{o.CreateTime, o.number} },
		func(o *order) bool {
			if o.CreateTime < in.From || in.To > 0 && o.CreateTime >= in.To {
				return false
			}
			return slices.ContainsFunc(affiliateSKUs(o, all), func(s affiliateSKU) bool {
				return in.Program == "" || s.open == in.Program || s.target == in.Program
			})
		})
	for _, o := range page {
		show(o, affiliateSKUs(o, all))
	}
	return pageEnd{next, total}
}

func searchAffiliateOrders(c *call) *failure {
	var in affiliateFilter
	return listAffiliate(c, &in, "", func(_ *affiliate, l *financeList) *failure {
		orders := []affiliateOrder{}
		end := affiliateOrders(c, l, &in, func(o *order, skus []affiliateSKU) { orders = append(orders, newAffiliateOrder(c.shop, o, skus)) })
		c.json(struct {
			pageEnd
			Orders []affiliateOrder `json:"orders"`
		}{end, orders})
		return nil
	})
}

// searchAffiliateOrders202405 tells no more than the ids.
func searchAffiliateOrders202405(c *call) *failure {
	type line struct {
		ID      string `json:"id"`
		Product string `json:"product_id"`
	}
	type order202405 struct {
		ID    string `json:"id"`
		Lines []line `json:"line_items"`
	}
	return listAffiliate(c, &struct{}{}, "", func(_ *affiliate, l *financeList) *failure {
		orders := []order202405{}
		end := affiliateOrders(c, l, &affiliateFilter{}, func(o *order, skus []affiliateSKU) {
			v := order202405{ID: o.ID}
			for _, sku := range skus {
				for _, l := range sku.lines {
					v.Lines = append(v.Lines, line{l.ID, l.ProductID})
				}
			}
			orders = append(orders, v)
		})
		c.json(struct {
			pageEnd
			Orders []order202405 `json:"orders"`
		}{end, orders})
		return nil
	})
}
