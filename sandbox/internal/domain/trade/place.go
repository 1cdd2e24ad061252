package trade

import (
	"errors"
	"fmt"

	"github.com/ttshop-go/ttshop/sandbox/internal/domain/logistics"
	"github.com/ttshop-go/ttshop/sandbox/internal/domain/product"
	"github.com/ttshop-go/ttshop/sandbox/internal/domain/promotion"
	"github.com/ttshop-go/ttshop/sandbox/internal/domain/stock"
	"github.com/ttshop-go/ttshop/sandbox/internal/invent"
	"github.com/ttshop-go/ttshop/sandbox/internal/market"
	"github.com/ttshop-go/ttshop/sandbox/internal/world"
)

// Placement is an order as a buyer places it.
type Placement struct {
	Lines        []PlacedLine
	Buyer        string    // its id; "" for anybody
	ShippingType string    // "" for ShippingTikTok
	Coupons      *[]string // ids; nil for the best of those that everybody is shown
	Platform     int64     // what the platform takes off the goods, in the smallest unit
	Sample       bool      // for a creator, free of charge
	Cash         bool      // paid on delivery
	Release      int64     // when the handling of a pre-order begins; 0 for a usual order
	Exchanges    string    // the delivered order whose goods it exchanges, free of charge
	replaces     *Order    // the order whose goods it sends again, free of charge
}

// PlacedLine is a SKU that a buyer orders.
type PlacedLine struct {
	SKU      string
	Quantity int
	Gift     bool // free with the rest
}

// maxPlacedUnits bounds the units of an order: every one is a line.
const maxPlacedUnits = 200

// PlaceOrder makes a new, unpaid order and takes its stock. Whether its products are
// live is not asked: the order may have been on its way for a while.
func PlaceOrder(s *world.Shop, p Placement, now int64) (*Order, error) {
	type unit struct {
		product *product.Product
		sku     *product.SKU
		gift    bool
	}
	switch {
	case p.Release == 0:
	case p.Release <= now:
		return nil, errors.New("a pre-order is released in the future")
	case p.Cash:
		return nil, errors.New("a pre-order cannot be paid in cash")
	case p.Sample:
		return nil, errors.New("a sample is no pre-order")
	}
	if p.Exchanges != "" {
		source := OrdersOf(s).ByID[p.Exchanges]
		switch {
		case s.Region != "US" && s.Region != "GB":
			return nil, errors.New("orders are exchanged in the US and GB only")
		case source == nil:
			return nil, fmt.Errorf("the shop has no order %q", p.Exchanges)
		case source.Status != OrderDelivered && source.Status != OrderCompleted:
			return nil, fmt.Errorf("order %s is %s: nothing to exchange yet", source.ID, source.Status)
		case p.Sample || p.Cash || p.Release > 0:
			return nil, errors.New("an exchange is no sample, no pre-order and not paid in cash")
		}
		p.Buyer = source.UserID
	}
	var units []unit
	bought := false
	for _, line := range p.Lines {
		owner, found := FindSKU(s, line.SKU)
		switch {
		case found == nil:
			return nil, fmt.Errorf("the shop has no SKU %q", line.SKU)
		case line.Quantity < 1:
			return nil, errors.New("a quantity must be at least 1")
		case line.Quantity > maxPlacedUnits-len(units):
			return nil, fmt.Errorf("an order has at most %d units", maxPlacedUnits)
		}
		bought = bought || !line.Gift
		for range line.Quantity {
			units = append(units, unit{owner, found, line.Gift})
		}
	}
	switch {
	case len(units) == 0:
		return nil, errors.New("an order needs lines")
	case !bought:
		return nil, errors.New("a gift comes with something that is bought")
	}
	for _, u := range units {
		if p.Cash && !u.product.Live.COD {
			return nil, fmt.Errorf("SKU %s cannot be paid in cash", u.sku.ID)
		}
	}
	holds := make([]Hold, len(units))
	for i, u := range units {
		holds[i] = Hold{Product: u.product.ID, SKU: u.sku.ID}
		holds[i].Parts, _ = partsOf(s, u.sku)
	}
	warehouse, err := allot(s, holds)
	if err != nil {
		return nil, err
	}
	who := Of(s).Buyer(p.Buyer)
	if p.Buyer != "" && who == nil {
		return nil, fmt.Errorf("no buyer has the id %q", p.Buyer)
	}
	if who == nil {
		who = &Of(s).Buyers[Of(s).Random.IntN(len(Of(s).Buyers))]
	}
	basket := promotion.Basket{Buyer: who.ID, Coupons: p.Coupons}
	for _, o := range OrdersOf(s).ByCreate {
		if o.UserID == who.ID && !o.IsSampleOrder && !o.IsResent() {
			basket.Orders++
		}
	}
	for _, u := range units {
		if u.gift {
			continue
		}
		basket.Units = append(basket.Units, promotion.Unit{Product: u.product.ID, SKU: u.sku.ID, Price: u.sku.Price})
	}
	free := p.Sample || p.replaces != nil || p.Exchanges != ""
	if free {
		basket.Units = nil // nothing is to be paid, and no promotion used
	}
	deal, err := promotion.Price(s, basket, now)
	if err != nil {
		return nil, err
	}
	shippingType := p.ShippingType
	if shippingType == "" {
		shippingType = ShippingTikTok
	}
	kind := orderNormal
	if p.Release > 0 {
		kind = orderPreOrder
	}
	id := Of(s).OrderIDs.New()
	o := &Order{Number: invent.Number(id), OrderData: OrderData{
		ID: id, Status: OrderUnpaid, OrderType: kind, ReleaseDate: p.Release, CreateTime: now, UpdateTime: now,
		UserID: who.ID, BuyerNickname: who.Nickname, BuyerEmail: who.Email, BuyerAvatar: who.Avatar,
		FulfillmentType: "FULFILLMENT_BY_SELLER", DeliveryType: "HOME_DELIVERY", ShippingType: shippingType,
		IsSampleOrder: p.Sample, IsCOD: p.Cash && !free,
		IsOnHoldOrder: true, CancelOrderSLATime: now + ShipmentPeriod, Packages: []orderPackage{},
	}}
	if p.replaces != nil {
		o.IsReplacementOrder, o.ReplacedOrderID = true, p.replaces.ID
	}
	o.IsExchangeOrder, o.ExchangeSourceOrderID = p.Exchanges != "", p.Exchanges
	o.deliverBy(logistics.OptionStandard)
	o.WarehouseID = warehouse
	var skus []*product.SKU
	stock.Together(s, func() {
		for i, u := range units {
			line := LineItem{
				ID: Of(s).OrderIDs.New(), ProductID: u.product.ID, ProductName: u.product.Live.Title,
				SKUID: u.sku.ID, SellerSKU: u.sku.SellerSKU, SKUType: kind, IsGift: u.gift,
				DisplayStatus: OrderUnpaid,
			}
			line.SKUName, line.SKUImage = ShownAs(u.product, u.sku)
			_, line.CombinedListingSKUs = partsOf(s, u.sku)
			o.LineItems = append(o.LineItems, line)
			skus = append(skus, u.sku)
			takeStock(s, line.ID, holds[i], now)
		}
	})
	switch {
	case o.IsResent():
		o.free(s.Market)
	case p.Sample:
		none := make([]int64, len(skus))
		factory(s).charge(o, skus, who.Place, &discounts{seller: none, platform: none})
		o.free(s.Market)
	default:
		factory(s).charge(o, skus, who.Place, &discounts{
			seller: o.besideGifts(deal.Off), platform: o.besideGifts(deal.Share(basket.Units, p.Platform)), shipping: deal.Shipping,
		})
		deal.Take(o.ID)
	}
	o.NeedUploadInvoice = invoiceNeed(s, o)
	OrdersOf(s).add(o)
	s.World.Owners.Add(s, o.ID)
	announceOrder(s, o, now)
	if o.IsCOD { // nothing is paid now
		Pay(s, o, now)
		return o, nil
	}
	s.Schedule(now+PaymentPeriod, DeadlinePayment, o.ID)
	return o, nil
}

// FindSKU returns a SKU that buyers see, with its product, or nil.
func FindSKU(s *world.Shop, id string) (*product.Product, *product.SKU) {
	for _, p := range product.Of(s).List {
		if found := p.Live.SKU(id); found != nil {
			return p, found
		}
	}
	return nil, nil
}

// ShownAs returns name and image of a SKU on an order line.
func ShownAs(p *product.Product, s *product.SKU) (name, image string) {
	name = "Default"
	if len(p.Live.Images) > 0 {
		image = p.Live.Images[0]
	}
	if len(s.Attributes) > 0 {
		name = s.Attributes[0].Value
		if own := s.Attributes[0].Image; own != "" {
			image = own
		}
	}
	return name, image
}

// besideGifts spreads amounts of what is bought over all lines.
func (o *Order) besideGifts(bought []int64) []int64 {
	list := make([]int64, len(o.LineItems))
	for i := range o.LineItems {
		if !o.LineItems[i].IsGift {
			list[i], bought = bought[0], bought[1:]
		}
	}
	return list
}

// free makes everything about an order cost nothing. A line of a sample still
// tells what others pay for it.
func (o *Order) free(r *market.Region) {
	nothing := r.Money(0)
	for i := range o.LineItems {
		line := &o.LineItems[i]
		line.GiftRetailPrice = nothing
		if o.IsSampleOrder {
			line.GiftRetailPrice = line.OriginalPrice
		}
		line.Currency, line.OriginalPrice, line.SalePrice = r.Currency, nothing, nothing
		line.SellerDiscount, line.PlatformDiscount = nothing, nothing
		line.ItemTax, line.RetailDeliveryFee = nil, ""
	}
	o.Payment = payment{
		Currency: r.Currency, OriginalTotalProductPrice: nothing, SellerDiscount: nothing, PlatformDiscount: nothing,
		SubTotal: nothing, OriginalShippingFee: nothing, ShippingFeeSellerDiscount: nothing,
		ShippingFeePlatformDiscount: nothing, ShippingFeeCofundedDiscount: nothing, ShippingFee: nothing,
		Tax: nothing, TotalAmount: nothing,
	}
}
