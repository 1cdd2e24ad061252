package sandbox

import (
	"errors"
	"fmt"
	"slices"
)

// placement is an order as a buyer places it.
type placement struct {
	lines        []placedLine
	buyer        string // its id; "" for anybody
	shippingType string // "" for shippingTikTok
	replaces     *order // the order whose goods it sends again, free of charge
}

type placedLine struct {
	sku      string
	quantity int
}

// maxPlacedUnits bounds the units of an order: every one is a line.
const maxPlacedUnits = 200

// placeOrder makes a new, unpaid order and takes its stock. Whether its products are
// live is not asked: the order may have been on its way for a while.
func placeOrder(s *shop, p placement, now int64) (*order, error) {
	type unit struct {
		product *product
		sku     *sku
	}
	var units []unit
	wanted := map[string]int64{}
	for _, line := range p.lines {
		owner, found := findSKU(s, line.sku)
		switch {
		case found == nil:
			return nil, fmt.Errorf("the shop has no SKU %q", line.sku)
		case line.quantity < 1:
			return nil, errors.New("a quantity must be at least 1")
		case line.quantity > maxPlacedUnits-len(units):
			return nil, fmt.Errorf("an order has at most %d units", maxPlacedUnits)
		}
		wanted[line.sku] += int64(line.quantity)
		for range line.quantity {
			units = append(units, unit{owner, found})
		}
	}
	if len(units) == 0 {
		return nil, errors.New("an order needs lines")
	}
	available := func(sku, warehouse string) (count int64) {
		owner, _ := findSKU(s, sku)
		for _, at := range owner.stock[sku] {
			if warehouse == "" || at.warehouse == warehouse {
				count += at.available
			}
		}
		return count
	}
	for _, u := range units {
		if have := available(u.sku.id, ""); have < wanted[u.sku.id] {
			return nil, fmt.Errorf("SKU %s: %d wanted, %d in stock", u.sku.id, wanted[u.sku.id], have)
		}
	}
	who := tradeOf(s).buyer(p.buyer)
	if p.buyer != "" && who == nil {
		return nil, fmt.Errorf("no buyer has the id %q", p.buyer)
	}
	if who == nil {
		who = &tradeOf(s).Buyers[tradeOf(s).Random.IntN(len(tradeOf(s).Buyers))]
	}
	shippingType := p.shippingType
	if shippingType == "" {
		shippingType = shippingTikTok
	}
	id := tradeOf(s).OrderIDs.new()
	o := &order{number: number(id), orderData: orderData{
		ID: id, Status: orderUnpaid, OrderType: "NORMAL", CreateTime: now, UpdateTime: now,
		UserID: who.ID, BuyerNickname: who.Nickname, BuyerEmail: who.Email, BuyerAvatar: who.Avatar,
		FulfillmentType: "FULFILLMENT_BY_SELLER", DeliveryType: "HOME_DELIVERY", ShippingType: shippingType,
		IsOnHoldOrder: s.region.hold, CancelOrderSLATime: now + shipmentPeriod, Packages: []orderPackage{},
	}}
	if p.replaces != nil {
		o.IsReplacementOrder, o.ReplacedOrderID = true, p.replaces.ID
	}
	o.deliverBy(optionStandard)
	// One warehouse for the whole order where one has everything.
	for _, w := range s.salesWarehouses() {
		whole := !slices.ContainsFunc(units, func(u unit) bool { return available(u.sku.id, w.id) < wanted[u.sku.id] })
		if whole || o.WarehouseID == "" {
			o.WarehouseID = w.id
		}
		if whole {
			break
		}
	}
	var skus []*sku
	together(s, func() {
		for _, u := range units {
			line := lineItem{
				ID: tradeOf(s).OrderIDs.new(), ProductID: u.product.id, ProductName: u.product.live.title,
				SKUID: u.sku.id, SellerSKU: u.sku.sellerSKU, SKUType: "NORMAL",
				DisplayStatus: orderUnpaid,
			}
			line.SKUName, line.SKUImage = shownAs(u.product, u.sku)
			place := *storedIn(u.product.stock[u.sku.id], o.WarehouseID)
			if place.available < 1 {
				at := slices.IndexFunc(u.product.stock[u.sku.id], func(at stock) bool { return at.available > 0 })
				place = u.product.stock[u.sku.id][at]
			}
			o.LineItems = append(o.LineItems, line)
			skus = append(skus, u.sku)
			takeStock(s, line.ID, hold{Product: u.product.id, SKU: u.sku.id, Warehouse: place.warehouse}, now)
		}
	})
	if p.replaces == nil {
		factory(s).pay(o, skus, who.Place)
	} else {
		o.free(s.region)
	}
	ordersOf(s).add(o)
	s.world.owners.add(s, o.ID)
	s.schedule(now+paymentPeriod, deadlinePayment, o.ID)
	announceOrder(s, o, now)
	return o, nil
}

// findSKU returns a SKU that buyers see, with its product, or nil.
func findSKU(s *shop, id string) (*product, *sku) {
	for _, p := range productsOf(s).list {
		if found := p.live.sku(id); found != nil {
			return p, found
		}
	}
	return nil, nil
}

// shownAs returns name and image of a SKU on an order line.
func shownAs(p *product, s *sku) (name, image string) {
	name = "Default"
	if len(p.live.images) > 0 {
		image = p.live.images[0]
	}
	if len(s.attributes) > 0 {
		name = s.attributes[0].value
		if own := s.attributes[0].image; own != "" {
			image = own
		}
	}
	return name, image
}

// free makes everything about an order cost nothing.
func (o *order) free(r *region) {
	nothing := r.money(0)
	for i := range o.LineItems {
		line := &o.LineItems[i]
		line.Currency, line.OriginalPrice, line.SalePrice = r.currency, nothing, nothing
		line.SellerDiscount, line.PlatformDiscount, line.GiftRetailPrice = nothing, nothing, nothing
	}
	o.Payment = payment{
		Currency: r.currency, OriginalTotalProductPrice: nothing, SellerDiscount: nothing, PlatformDiscount: nothing,
		SubTotal: nothing, OriginalShippingFee: nothing, ShippingFeeSellerDiscount: nothing,
		ShippingFeePlatformDiscount: nothing, ShippingFeeCofundedDiscount: nothing, ShippingFee: nothing,
		Tax: nothing, TotalAmount: nothing,
	}
}
