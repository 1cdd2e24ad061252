package promotion

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strconv"

	"github.com/ttshop-go/ttshop/sandbox/internal/market"
	"github.com/ttshop-go/ttshop/sandbox/internal/world"
)

// How promotions combine. No document tells it as a whole, so that the reading of
// it is here and nowhere else:
//
//   - A unit has one price off: of the discounts and flash deals that take it in,
//     the one that is best for the buyer, while its limits last. Further units of
//     the order cost the usual price. A deal above the price changes nothing.
//   - One BUY_MORE_SAVE_MORE promotion comes on top, with its highest tier that the
//     units reach after that.
//   - One coupon comes on top, the best one that the buyer has not used yet; it
//     looks at what the units cost after the rest.
//   - One SHIPPING_DISCOUNT goes with all of them.
//   - What was taken stays taken when the order is cancelled.
//
// The seller pays for all of it.

// Unit is a unit of a SKU that a buyer orders.
type Unit struct {
	Product, SKU string
	Price        int64 // in the smallest unit
}

// Basket is what a buyer is about to order.
type Basket struct {
	Buyer   string
	Orders  int // that the buyer placed in the shop before
	Units   []Unit
	Coupons *[]string // ids; nil: the best of those that everybody is shown
}

// Deal is what promotions take off an order.
type Deal struct {
	Off      []int64 // by unit
	Shipping int64   // off the shipping fee at most
	uses     []dealUse
	coupon   *coupon
	buyer    string
}

// dealUse is a promotion that is used for some units of an item.
type dealUse struct {
	activity *activity
	item     string
	units    int64
}

// use is what a buyer took of a promotion with one order.
type use struct {
	Order string `json:"order"`
	Buyer string `json:"buyer"`
	Item  string `json:"item"` // a product or a SKU; "" for the order as a whole
	Units int64  `json:"units"`
}

// Price works out what the promotions and coupons of a shop take off an order. The
// caller holds the shop's lock.
func Price(s *world.Shop, b Basket, now int64) (*Deal, error) {
	d := &Deal{Off: make([]int64, len(b.Units)), buyer: b.Buyer}
	var running []*activity
	for _, a := range Of(s).Activities {
		if a.status(now) == ActivityOngoing && a.isFor(&b) {
			running = append(running, a)
		}
	}
	d.priceUnits(s.Market, running, &b)
	d.buyMore(s.Market, running, &b)
	if err := d.redeem(Of(s), s.Market, &b, now); err != nil {
		return nil, err
	}
	d.ship(s.Market, running, &b)
	return d, nil
}

// Share divides an amount among units in proportion to what they cost with the
// deal, and gives none of them more than that.
func (d *Deal) Share(units []Unit, amount int64) []int64 {
	b := Basket{Units: units}
	after := Deal{Off: slices.Clone(d.Off)}
	all, sum := after.cost(&b, func(*Unit) bool { return true })
	after.spread(&b, all, sum, min(amount, sum))
	for i := range after.Off {
		after.Off[i] -= d.Off[i]
	}
	return after.Off
}

// Take notes that an order used what the deal took off.
func (d *Deal) Take(order string) {
	for _, u := range d.uses {
		u.activity.Uses = append(u.activity.Uses, use{order, d.buyer, u.item, u.units})
	}
	if c := d.coupon; c != nil {
		c.Claimed++
		c.Redeemed++
		c.Buyers = append(c.Buyers, d.buyer)
	}
}

// isFor tells whether a promotion is for the buyer of a basket.
func (a *activity) isFor(b *Basket) bool {
	var target struct {
		Type string `json:"user_type"`
	}
	if len(a.Target) > 0 && json.Unmarshal(a.Target, &target) != nil {
		return false
	}
	switch target.Type {
	case "SHOP_NEW_CUSTOMER":
		if b.Orders > 0 {
			return false
		}
	case "SHOP_EXISTING_CUSTOMER":
		if b.Orders == 0 {
			return false
		}
	case "SHOP_REPEAT_CUSTOMER":
		if b.Orders < 2 {
			return false
		}
	}
	var limits []struct {
		Type string `json:"type"`
	}
	if len(a.Participation) > 0 && json.Unmarshal(a.Participation, &limits) != nil {
		return false
	}
	for _, limit := range limits {
		if limit.Type == "BUYER_LIMIT_ONLY_ONE" && slices.ContainsFunc(a.Uses, func(u use) bool { return u.Buyer == b.Buyer }) {
			return false
		}
	}
	return true
}

// item returns what a promotion says of a unit, or nil. The promotion of a whole
// shop says nothing of its own.
func (a *activity) item(u *Unit) *activityItem {
	for i := range a.Products {
		p := &a.Products[i]
		if p.ID != u.Product {
			continue
		}
		if a.Level != levelVariation {
			return &p.activityItem
		}
		if at := slices.IndexFunc(p.SKUs, func(s activityItem) bool { return s.ID == u.SKU }); at >= 0 {
			return &p.SKUs[at]
		}
	}
	return nil
}

// covers tells whether a promotion is about a unit.
func (a *activity) covers(u *Unit) bool { return a.Level == levelShop || a.item(u) != nil }

// left is how many units of an item the buyer can still have at the terms of a
// promotion.
func (a *activity) left(i *activityItem, buyer string) int64 {
	all, own := int64(0), int64(0)
	for _, u := range a.Uses {
		if u.Item == i.ID {
			all += u.Units
			if u.Buyer == buyer {
				own += u.Units
			}
		}
	}
	left := int64(math.MaxInt64)
	if i.QuantityLimit > 0 {
		left = min(left, i.QuantityLimit-all)
	}
	if i.QuantityPerUser > 0 {
		left = min(left, i.QuantityPerUser-own)
	}
	return max(left, 0)
}

// off is what the terms of an item take off a price.
func (a *activity) off(r *market.Region, i *activityItem, price int64) int64 {
	switch a.Type {
	case activityFixedPrice, activityFlashSale:
		if deal, ok := r.ParseMoney(i.Price); ok {
			return max(price-deal, 0)
		}
	case activityDirect:
		return percentOf(price, i.Discount)
	}
	return 0
}

// percentOf is a share of an amount, given in percent.
func percentOf(amount int64, percent string) int64 {
	share, err := strconv.ParseFloat(percent, 64)
	if err != nil || share <= 0 {
		return 0
	}
	return min(amount*int64(math.Round(100*share))/10000, amount)
}

// priceUnits takes the best price off each unit.
func (d *Deal) priceUnits(r *market.Region, running []*activity, b *Basket) {
	taken := map[*activityItem]int{} // where its use is, counted from 1
	for n := range b.Units {
		u := &b.Units[n]
		var best *activity
		var of *activityItem
		for _, a := range running {
			i := a.item(u)
			if i == nil {
				continue
			}
			used := int64(0)
			if at := taken[i]; at > 0 {
				used = d.uses[at-1].units
			}
			if off := a.off(r, i, u.Price); off > d.Off[n] && a.left(i, b.Buyer) > used {
				d.Off[n], best, of = off, a, i
			}
		}
		if best == nil {
			continue
		}
		if taken[of] == 0 {
			d.uses = append(d.uses, dealUse{activity: best, item: of.ID})
			taken[of] = len(d.uses)
		}
		d.uses[taken[of]-1].units++
	}
}

// cost returns the units that a test picks, and what they cost by now.
func (d *Deal) cost(b *Basket, picks func(*Unit) bool) (units []int, sum int64) {
	for i := range b.Units {
		if picks(&b.Units[i]) {
			units = append(units, i)
			sum += b.Units[i].Price - d.Off[i]
		}
	}
	return units, sum
}

// spread takes an amount off units, in proportion to what they cost; the last one
// takes what does not divide.
func (d *Deal) spread(b *Basket, units []int, sum, amount int64) {
	left := amount
	for n, i := range units {
		cost := b.Units[i].Price - d.Off[i]
		part := amount * cost / max(sum, 1)
		if n == len(units)-1 {
			part = left
		}
		part = min(part, cost)
		d.Off[i] += part
		left -= part
	}
	// What the last one could not take goes to the others.
	for _, i := range units {
		part := min(left, b.Units[i].Price-d.Off[i])
		d.Off[i] += part
		left -= part
	}
}

// reached tells whether units meet the threshold of a promotion.
func reached(r *market.Region, kind, value string, units int, sum int64) bool {
	switch kind {
	case "", "NO_THRESHOLD":
		return true
	case "MINIMAL_ITEM_QUANTITY":
		want, err := strconv.Atoi(value)
		return err == nil && units >= want
	case "MINIMAL_ORDER_AMOUNT":
		want, ok := r.ParseMoney(value)
		return ok && sum >= want
	}
	return false
}

// buyMore takes off what the best BUY_MORE_SAVE_MORE promotion gives.
func (d *Deal) buyMore(r *market.Region, running []*activity, b *Basket) {
	var best dealUse
	var units []int
	var sum, most int64
	for _, a := range running {
		var terms struct {
			BMSM struct {
				Details []struct {
					ThresholdType  string `json:"threshold_type"`
					ThresholdValue string `json:"threshold_value"`
					Type           string `json:"type"`
					Value          string `json:"value"`
				} `json:"details"`
			} `json:"bmsm_discount"`
		}
		if a.Type != activityBuyMore || json.Unmarshal(a.Discount, &terms) != nil {
			continue
		}
		of, cost := d.cost(b, a.covers)
		for _, tier := range terms.BMSM.Details {
			if len(of) == 0 || !reached(r, tier.ThresholdType, tier.ThresholdValue, len(of), cost) {
				continue
			}
			off := percentOf(cost, tier.Value)
			if tier.Type == "AMOUNT_OFF" {
				amount, _ := r.ParseMoney(tier.Value)
				off = min(amount, cost)
			}
			if off > most {
				best, units, sum, most = dealUse{activity: a}, of, cost, off
			}
		}
	}
	if most > 0 {
		d.spread(b, units, sum, most)
		d.uses = append(d.uses, best)
	}
}

// redeem takes off what the best coupon gives. A coupon that was asked for by its
// id has to fit.
func (d *Deal) redeem(all *promotions, r *market.Region, b *Basket, now int64) error {
	if b.Coupons != nil {
		for _, id := range *b.Coupons {
			i := slices.IndexFunc(all.Coupons, func(c coupon) bool { return c.ID == id })
			if i < 0 {
				return fmt.Errorf("the shop has no coupon %q", id)
			}
			if _, _, off := d.worth(&all.Coupons[i], b, now); off == 0 {
				return fmt.Errorf("coupon %s is %s, or is not for this buyer or order", id, all.Coupons[i].Status(now))
			}
		}
	}
	var units []int
	var sum, most int64
	for i := range all.Coupons {
		c := &all.Coupons[i]
		if b.Coupons == nil && c.Display != couponRegular || b.Coupons != nil && !slices.Contains(*b.Coupons, c.ID) {
			continue
		}
		if of, cost, off := d.worth(c, b, now); off > most {
			d.coupon, units, sum, most = c, of, cost, off
		}
	}
	d.spread(b, units, sum, most)
	return nil
}

// worth is what a coupon takes off which units, and what those cost by now.
func (d *Deal) worth(c *coupon, b *Basket, now int64) (units []int, sum, off int64) {
	if c.Status(now) != ActivityOngoing || c.Claimed >= c.Limit || slices.Contains(c.Buyers, b.Buyer) {
		return nil, 0, 0
	}
	units, sum = d.cost(b, func(u *Unit) bool { return len(c.Products) == 0 || slices.Contains(c.Products, u.Product) })
	if len(units) == 0 || sum < c.MinSpend {
		return nil, 0, 0
	}
	if c.Percent > 0 {
		return units, sum, sum * c.Percent / 100
	}
	return units, sum, min(c.Amount, sum)
}

// ship finds the SHIPPING_DISCOUNT that takes most off. Orders that buyers place
// here go by standard shipping, from the seller's warehouses. Which areas a
// promotion of specific areas means is not known, so that it applies to none.
func (d *Deal) ship(r *market.Region, running []*activity, b *Basket) {
	var best *activity
	for _, a := range running {
		var terms struct {
			Shipping struct {
				Area struct {
					Type string `json:"type"`
				} `json:"area_scope"`
				Inventory      string `json:"inventory_type"`
				Method         string `json:"shipping_method"`
				ThresholdType  string `json:"threshold_type"`
				ThresholdValue string `json:"threshold_value"`
				Type           string `json:"type"`
				Value          string `json:"value"`
			} `json:"shipping_discount"`
		}
		if a.Type != activityShipping || json.Unmarshal(a.Discount, &terms) != nil {
			continue
		}
		t := &terms.Shipping
		units, sum := d.cost(b, a.covers)
		if t.Area.Type == "SPECIFIC_AREAS" || t.Inventory == "FULFILLED_BY_TIKTOK" || t.Method == "EXPRESS_SHIPPING" ||
			len(units) < len(b.Units) || !reached(r, t.ThresholdType, t.ThresholdValue, len(units), sum) {
			continue
		}
		off := int64(0)
		switch t.Type {
		case "FREE_SHIPPING":
			off = math.MaxInt64
		case "DISCOUNT_SHIPPING_FEE":
			off, _ = r.ParseMoney(t.Value)
		}
		if off > d.Shipping {
			d.Shipping, best = off, a
		}
	}
	if best != nil {
		d.uses = append(d.uses, dealUse{activity: best})
	}
}
