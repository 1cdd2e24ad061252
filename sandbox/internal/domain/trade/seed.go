package trade

import (
	"slices"
	"strings"
	"time"

	"github.com/ttshop-go/ttshop/sandbox/internal/domain/logistics"
	"github.com/ttshop-go/ttshop/sandbox/internal/domain/product"
	"github.com/ttshop-go/ttshop/sandbox/internal/domain/stock"
	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
	"github.com/ttshop-go/ttshop/sandbox/internal/invent"
	"github.com/ttshop-go/ttshop/sandbox/internal/market"
	"github.com/ttshop-go/ttshop/sandbox/internal/world"
)

// orderPlan is how many orders of a state a shop has and how old they are.
type orderPlan struct {
	status           string
	count            int
	youngest, oldest time.Duration
}

func orderPlans(r *market.Region) []orderPlan {
	const day = 24 * time.Hour
	plans := []orderPlan{
		{OrderUnpaid, 12, 5 * time.Minute, 20 * time.Hour},
		{OrderAwaitingShipment, 64, 2 * time.Hour, 46 * time.Hour},
		{OrderPartiallyShipping, 12, 20 * time.Hour, 60 * time.Hour},
		{OrderAwaitingCollection, 40, 24 * time.Hour, 72 * time.Hour},
		{OrderInTransit, 46, 2 * day, 7 * day},
		{OrderDelivered, 40, 4 * day, 14 * day},
		{OrderCompleted, 70, 20 * day, 100 * day},
		{OrderCancelled, 34, 3 * time.Hour, 90 * day},
	}
	// The hold ends an hour after the payment.
	return append(plans, orderPlan{OrderOnHold, 12, 2 * time.Minute, 55 * time.Minute})
}

// SeedOrders invents the shop's orders and reserves stock for the open ones.
func SeedOrders(g *world.Generator, offers []product.Offer) {
	type placed struct {
		status  string
		created time.Time
	}
	var all []placed
	for _, plan := range orderPlans(g.Shop.Market) {
		for range plan.count {
			age := plan.youngest + time.Duration(g.Int64N(int64(plan.oldest-plan.youngest)))
			all = append(all, placed{plan.status, g.Now.Add(-age).Truncate(time.Second)})
		}
	}
	slices.SortStableFunc(all, func(a, b placed) int { return a.created.Compare(b.created) })
	factory := orderFactory{
		Generator: g,
		Offers:    offers,
		ids:       g.Source(world.IDOrders),
		packages:  g.Source(world.IDPackages),
		places:    places(g.Shop.Region),
		firsts:    FirstNames(g.Shop.Region),
		lasts:     LastNames(g.Shop.Region),
		carriers:  market.Carriers(g.Shop.Region),
	}
	buyerIDs := g.Source(world.IDBuyers)
	for range 80 { // fewer buyers than orders: some come back
		factory.buyers = append(factory.buyers, factory.buyer(buyerIDs.New()))
	}
	g.Shop.Rooms.Furnish(&trade{Holds: map[string]Hold{}, Deadlines: g.Shop.Deadlines, StockIDs: stock.MovesOf(g.Shop).IDs})
	list := make([]*Order, 0, len(all))
	for _, o := range all {
		list = append(list, factory.order(o.status, o.created))
	}
	own := newOrders(list)
	own.Archive = newArchive(factory)
	g.Shop.Rooms.Furnish(&own)
	factory.trade()
}

// buyer is somebody who orders.
type buyer struct {
	ID       string `json:"id"`
	Nickname string `json:"nickname"`
	Email    string `json:"email"`
	Avatar   string `json:"avatar"`
	First    string `json:"first"`
	Last     string `json:"last"`
	Phone    string `json:"phone"`
	Place    place  `json:"place"`
	Street   string `json:"street"`
}

type orderFactory struct {
	*world.Generator
	Offers        []product.Offer
	ids, packages invent.IDs
	places        []place
	firsts, lasts []string
	carriers      []market.Carrier
	buyers        []buyer
}

func (f *orderFactory) buyer(id string) buyer {
	first, last := invent.Pick(f.Random, f.firsts), invent.Pick(f.Random, f.lasts)
	at := invent.Pick(f.Random, f.places)
	return buyer{
		ID:       id,
		Nickname: strings.ToLower(strings.ReplaceAll(first, " ", "")) + "." + f.Text(invent.LowerDigits, 4),
		Email:    f.Text(invent.LowerDigits, 12) + "@chat.seller.tiktok.com",
		Avatar:   product.SeedImage(f.Generator),
		First:    first, Last: last,
		Phone:  f.phone(),
		Place:  at,
		Street: string(gate.AppendInt(nil, int(f.Between(2, 480)))) + " " + invent.Pick(f.Random, at.streets),
	}
}

// phone returns a number of the ranges that are kept free for fiction, where
// a country has one.
func (f *orderFactory) phone() string {
	switch f.Shop.Region {
	case "US":
		return "(+1)" + invent.Pick(f.Random, []string{"213", "312", "415", "617", "720"}) + "-555-01" + f.Text("0123456789", 2)
	case "GB":
		return "(+44)7700-900-" + f.Text("0123456789", 3)
	}
	if f.Shop.Region == "BR" {
		return "(+55)11-90000-0" + f.Text("0123456789", 3)
	}
	return "(+84)900-000-" + f.Text("0123456789", 3)
}

// order invents one order that has come as far as status.
func (f *orderFactory) order(status string, created time.Time) *Order {
	r := f.Shop.Market
	who := invent.Pick(f.Random, f.buyers)
	id := f.ids.New()
	o := &Order{Number: invent.Number(id), OrderData: OrderData{
		ID: id, Status: status, OrderType: orderNormal,
		UserID: who.ID, BuyerNickname: who.Nickname, BuyerEmail: who.Email, BuyerAvatar: who.Avatar,
		FulfillmentType: "FULFILLMENT_BY_SELLER", DeliveryType: "HOME_DELIVERY",
		ShippingType:  ShippingTikTok,
		IsOnHoldOrder: status == OrderOnHold || status == OrderUnpaid,
		IsSampleOrder: f.Chance(2),
		IsCOD:         r.COD && status != OrderUnpaid && f.Chance(45),
		Packages:      []orderPackage{},
	}}
	if f.Chance(30) {
		o.ShippingType = ShippingSeller
	}
	if f.Chance(12) {
		o.BuyerMessage = invent.Pick(f.Random, buyerMessages(r.Locale))
	}
	if f.Chance(6) {
		o.SellerNote = "Checked by the morning shift"
	}
	o.deliverBy(invent.Pick(f.Random, []string{logistics.OptionStandard, logistics.OptionStandard, logistics.OptionEconomy, logistics.OptionExpress}))
	lines := f.lines(o)
	f.times(o, created)
	f.pay(o, lines, who.Place)
	if o.IsSampleOrder {
		o.free(r)
	}
	f.packs(o)
	if status != OrderUnpaid && status != OrderOnHold {
		o.RecipientAddress = f.address(who, o.ShippingType == ShippingTikTok)
		o.taxpayer(r, who)
	}
	if status == OrderOnHold { // the buyer is not shown during the hold
		o.BuyerNickname, o.BuyerEmail, o.BuyerAvatar = "", "", ""
	}
	f.World.Owners.Add(f.Shop, o.ID)
	return o
}

// lines puts one to three SKUs into an order, one line per unit, and reserves
// stock while the order is open. It returns the SKU of each line.
func (f *orderFactory) lines(o *Order) []*product.SKU {
	var chosen []*product.SKU
	wanted := int(f.Between(1, 3))
	if o.Status == OrderPartiallyShipping {
		wanted = max(wanted, 2) // one line alone is shipped or not
	}
	for i := range wanted {
		of := invent.Pick(f.Random, f.Offers)
		if i == 0 {
			o.WarehouseID = of.Stock[0].Warehouse
			if len(of.Stock) > 1 && f.Chance(40) {
				o.WarehouseID = of.Stock[1].Warehouse
			}
		}
		units := 1
		if f.Chance(20) {
			units = 2
		}
		for range units {
			line := LineItem{
				ID: f.ids.New(), ProductID: of.Product.ID, ProductName: of.Product.Live.Title,
				SKUID: of.SKU.ID, SellerSKU: of.SKU.SellerSKU, SKUType: orderNormal,
				DisplayStatus: lineStatus(o.Status),
			}
			line.SKUName, line.SKUImage = ShownAs(of.Product, of.SKU)
			o.LineItems = append(o.LineItems, line)
			chosen = append(chosen, of.SKU)
			// The first line of an order that is shipped in part has gone.
			first := len(o.LineItems) == 1
			switch o.Status {
			case OrderUnpaid, OrderOnHold, OrderAwaitingShipment, OrderPartiallyShipping, OrderAwaitingCollection:
				from := storedIn(of.Stock, o.WarehouseID)
				held := Hold{Product: of.Product.ID, SKU: of.SKU.ID, Warehouse: from.Warehouse}
				if held.Shipped = o.Status == OrderAwaitingCollection || o.Status == OrderPartiallyShipping && first; !held.Shipped {
					from.Committed++
				}
				Of(f.Shop).Holds[line.ID] = held
			}
		}
	}
	return chosen
}

// storedIn returns the stock that an order of a warehouse takes a unit from:
// the one there, or else where the SKU lies.
func storedIn(places []product.Stock, warehouse string) *product.Stock {
	return &places[max(0, slices.IndexFunc(places, func(s product.Stock) bool { return s.Warehouse == warehouse }))]
}

// lineStatus is the state of a line of an order whose lines are all alike.
// Lines know no hold.
func lineStatus(status string) string {
	switch status {
	case OrderOnHold, OrderPartiallyShipping:
		return OrderAwaitingShipment
	}
	return status
}

// How many seconds buyers take at most to pay, and the goods to reach them, after
// which some pay in cash.
const (
	seedPayment  = 90
	seedDelivery = seedPayment + (18+20+4*24)*3600
)

// times puts the events of an order in their order.
func (f *orderFactory) times(o *Order, created time.Time) {
	const hour = int64(3600)
	now, r := f.Now.Unix(), f.Shop.Market
	o.CreateTime = created.Unix()
	o.UpdateTime = o.CreateTime
	// step moves on by up to limit seconds, but not to the future.
	step := func(limit int64) int64 {
		o.UpdateTime = min(o.UpdateTime+f.Between(1, limit), now)
		return o.UpdateTime
	}
	o.CancelOrderSLATime = o.CreateTime + 96*hour
	if o.Status == OrderUnpaid {
		return
	}
	cancelledBy := ""
	if o.Status == OrderCancelled {
		cancelledBy = invent.Pick(f.Random, []string{"BUYER", "BUYER", "SELLER", "SYSTEM"})
	}
	if cancelledBy == "SYSTEM" { // never paid
		o.CancelTime = step(24 * hour)
		o.cancelled("SYSTEM", r.Reason("system_cancel_unpaid_time_out"))
		return
	}
	o.confirm(step(seedPayment), r)
	switch o.Status {
	case OrderOnHold:
		return
	case OrderAwaitingShipment:
		step(hour)
		if f.Chance(10) {
			o.RequestCancelTime = step(hour)
			o.IsBuyerRequestCancel = true
		}
		return
	case OrderCancelled:
		if cancelledBy == "BUYER" {
			o.RequestCancelTime = step(hour)
			o.cancelled("BUYER", r.Reason("ecom_order_to_ship_canceled_reason_better_price"))
		} else {
			o.cancelled("SELLER", r.Reason("seller_cancel_reason_out_of_stock"))
		}
		o.CancelTime = step(hour)
		return
	}
	o.RTSTime = step(18 * hour)
	o.CollectionDueTime = o.RTSTime + collectionTime
	if o.Status == OrderPartiallyShipping || o.Status == OrderAwaitingCollection {
		return
	}
	o.CollectionTime = step(20 * hour)
	o.DeliveryDueTime = o.CollectionTime + deliveryTime
	if o.Status == OrderInTransit {
		return
	}
	o.DeliveryTime = step(4 * 24 * hour)
	o.collectCash()
	if o.Status == OrderCompleted {
		step(10 * 24 * hour)
	}
}

// confirm notes the payment, or that the buyer will pay in cash, and the deadlines
// that follow from it.
func (o *Order) confirm(at int64, r *market.Region) {
	if !o.IsCOD {
		o.PaidTime = at
	}
	o.dueFrom(max(at, o.ReleaseDate), r)
}

// dueFrom notes the deadlines of an order whose handling begins at a time.
func (o *Order) dueFrom(at int64, r *market.Region) {
	const hour = int64(3600)
	o.RTSSLATime = at + dispatchPeriod
	o.TTSSLATime = at + 72*hour
	o.ShippingDueTime = at + 96*hour
	o.DeliverySLATime = at + 8*24*hour
	if r.SouthEastAsia {
		o.PickUpCutOffTime = o.TTSSLATime
		o.RecommendedShippingTime = at + 24*hour
		o.FulfillmentPriorityLevel = 400
	}
}

// Confirmed returns when the buyer paid, or agreed to pay in cash, and 0 for an
// order that waits for that.
func (o *Order) Confirmed() int64 {
	switch {
	case o.RTSSLATime == 0:
		return 0
	case o.ReleaseDate > 0: // never paid in cash
		return o.PaidTime
	}
	return o.RTSSLATime - dispatchPeriod
}

// collectCash notes the payment of an order in cash: it comes with the delivery.
func (o *Order) collectCash() {
	if o.IsCOD && o.PaidTime == 0 {
		o.PaidTime = o.DeliveryTime
	}
}

// The time that a seller has to ship an order before it counts as late, and a
// carrier to collect and to deliver it.
const (
	dispatchPeriod = 48 * 3600
	collectionTime = 5 * 24 * 3600
	deliveryTime   = 20 * 24 * 3600
)

// cancelled notes who cancelled the order and why.
func (o *Order) cancelled(by, reason string) {
	o.CancellationInitiator, o.CancelReason = by, reason
	for i := range o.LineItems {
		o.LineItems[i].CancelUser, o.LineItems[i].CancelReason = by, reason
	}
}

// discounts are what is taken off an order, in the smallest unit.
type discounts struct {
	seller   []int64 // by line
	platform []int64 // by line
	shipping int64   // that the seller takes off the shipping fee at most
	invented bool    // of promotions that nobody can look up any more
}

// pay works out what the buyer of an invented order paid, with discounts of
// promotions that are over.
func (f *orderFactory) pay(o *Order, skus []*product.SKU, at place) {
	r := f.Shop.Market
	sellerPercent, platformPercent := int64(0), int64(0)
	if f.Chance(40) {
		sellerPercent = f.Between(5, 20)
	}
	if f.Chance(35) {
		platformPercent = f.Between(3, 10)
	}
	d := discounts{invented: true}
	for _, s := range skus {
		d.seller = append(d.seller, percent(r, s.Price, sellerPercent))
		d.platform = append(d.platform, percent(r, s.Price, platformPercent))
	}
	f.charge(o, skus, at, &d)
}

// charge works out what the buyer pays. Every sum is the sum of its parts, to the
// smallest unit.
func (f *orderFactory) charge(o *Order, skus []*product.SKU, at place, d *discounts) {
	r := f.Shop.Market
	retail := int64(0) // Colorado's fee per delivery
	if at.ISO == "CO" {
		retail = 28
	}
	var original, seller, platform, tax int64
	for i, s := range skus {
		line := &o.LineItems[i]
		price, retailPrice := s.Price, int64(0)
		if line.IsGift {
			price, retailPrice = 0, s.Price
		}
		ownDiscount, theirDiscount := d.seller[i], d.platform[i]
		sale := price - ownDiscount - theirDiscount
		line.Currency = r.Currency
		line.OriginalPrice, line.SalePrice = r.Money(price), r.Money(sale)
		line.SellerDiscount, line.PlatformDiscount = r.Money(ownDiscount), r.Money(theirDiscount)
		line.GiftRetailPrice = r.Money(retailPrice)
		if at.TaxBasisPoints > 0 {
			amount := (sale*at.TaxBasisPoints + 5000) / 10000
			line.ItemTax = []itemTax{{"SALES_TAX", r.Money(amount), basisPoints(at.TaxBasisPoints)}}
			tax += amount
		}
		if retail > 0 && i == 0 {
			line.RetailDeliveryFee = r.Money(retail)
		}
		original, seller, platform = original+price, seller+ownDiscount, platform+theirDiscount
	}
	shipping := product.LocalPrice(r, invent.Pick(f.Random, []int64{299, 399, 499, 599}))
	bySeller := min(shipping, d.shipping)
	var byPlatform, cofunded int64
	switch draw := f.IntN(10); {
	case draw < 3:
		byPlatform = shipping - bySeller
	case draw < 4:
		if d.invented {
			bySeller = shipping
		}
	case draw < 5:
		cofunded = percent(r, shipping-bySeller, 50)
	}
	fee := shipping - bySeller - byPlatform - cofunded
	shippingTax := (fee*at.TaxBasisPoints + 5000) / 10000
	subTotal := original - seller - platform
	o.Payment = payment{
		Currency:                    r.Currency,
		OriginalTotalProductPrice:   r.Money(original),
		SellerDiscount:              r.Money(seller),
		PlatformDiscount:            r.Money(platform),
		SubTotal:                    r.Money(subTotal),
		OriginalShippingFee:         r.Money(shipping),
		ShippingFeeSellerDiscount:   r.Money(bySeller),
		ShippingFeePlatformDiscount: r.Money(byPlatform),
		ShippingFeeCofundedDiscount: r.Money(cofunded),
		ShippingFee:                 r.Money(fee),
		Tax:                         r.Money(tax + shippingTax),
		TotalAmount:                 r.Money(subTotal + fee + tax + shippingTax + retail),
	}
	if r.Code == "US" {
		o.Payment.ProductTax, o.Payment.ShippingFeeTax = r.Money(tax), r.Money(shippingTax)
		o.Payment.RetailDeliveryFee = r.Money(retail)
	}
	if o.Confirmed() > 0 {
		o.PaymentMethodName = f.paymentMethod(o)
	}
}

// paymentMethod chooses how the buyer pays.
func (f *orderFactory) paymentMethod(o *Order) string {
	method := invent.Pick(f.Random, []string{"Credit card", "Credit card", "PayPal", "Apple Pay"})
	if o.IsCOD {
		return "Cash on delivery"
	}
	return method
}

// percent returns a share of an amount; amounts without decimals stay round.
func percent(r *market.Region, amount, percent int64) int64 {
	share := amount * percent / 100
	if r.Decimals == 0 {
		share = share / 100 * 100
	}
	return share
}

// basisPoints writes a rate as a decimal, 825 as 0.0825.
func basisPoints(rate int64) string {
	return "0." + string(gate.AppendInt(nil, int(10000+rate)))[1:]
}

// packs puts the lines into packages, as far as the market and the state of
// the order have some.
func (f *orderFactory) packs(o *Order) {
	status := map[string]string{
		OrderAwaitingShipment:   PackageToFulfill,
		OrderPartiallyShipping:  PackageToFulfill,
		OrderAwaitingCollection: PackageProcessing,
		OrderInTransit:          PackageFulfilling,
		OrderDelivered:          PackageCompleted,
		OrderCompleted:          PackageCompleted,
	}[o.Status]
	if status == "" || status == PackageToFulfill && !f.Shop.Market.PackageAtPayment && o.Status != OrderPartiallyShipping {
		return
	}
	if o.Status == OrderPartiallyShipping {
		// The first line is on its way, the rest waits: in a package of its
		// own where packages begin with the payment.
		o.LineItems[0].DisplayStatus = OrderAwaitingCollection
		f.pack(o, o.LineItems[:1], PackageProcessing)
		if f.Shop.Market.PackageAtPayment {
			f.pack(o, o.LineItems[1:], PackageToFulfill)
			o.SplitOrCombineTag = "SPLIT"
		}
		return
	}
	f.pack(o, o.LineItems, status)
}

// pack puts lines into one new package.
func (f *orderFactory) pack(o *Order, lines []LineItem, status string) {
	id := f.packages.New()
	f.World.Owners.Add(f.Shop, id)
	o.Packages = append(o.Packages, orderPackage{id})
	by := invent.Pick(f.Random, f.carriers)
	tracking := ""
	if status != PackageToFulfill {
		tracking = by.Prefix + f.Text("0123456789", 12)
		o.ShippingProvider, o.ShippingProviderID, o.TrackingNumber = by.Name, by.ID, tracking
	}
	for i := range lines {
		line := &lines[i]
		line.PackageID, line.PackageStatus = id, status
		if tracking != "" {
			line.ShippingProviderID, line.ShippingProviderName, line.TrackingNumber = by.ID, by.Name, tracking
			line.RTSTime = o.RTSTime
		}
	}
}

// address writes the buyer's address. The platform masks name and phone number
// where it ships itself.
func (f *orderFactory) address(who buyer, masked bool) *address {
	name, phone, first, last := who.First+" "+who.Last, who.Phone, who.First, who.Last
	if f.Shop.Region == "VN" {
		name = who.Last + " " + who.First
	}
	if masked {
		name, first, last, phone = mask(name), mask(first), mask(last), maskPhone(phone)
	}
	if f.Shop.Region == "BR" {
		first, last = name, ""
	}
	at := who.Place
	a := &address{
		RegionCode: f.Shop.Region, Name: name, FirstName: first, LastName: last, PhoneNumber: phone,
		AddressDetail: who.Street, AddressLine1: who.Street, PostalCode: at.Postcode,
		FullAddress: strings.Join(slices.DeleteFunc([]string{who.Street, at.Town, at.County, at.State, at.Postcode, at.Country},
			func(s string) bool { return s == "" }), ", "),
		DistrictInfo: at.districts(),
	}
	switch f.Shop.Region {
	case "GB":
		a.PostTown = at.Town
	case "US":
		a.DeliveryPreferences = &deliveryPreferences{DropOffLocation: invent.Pick(f.Random, []string{"Front Door", "Mailroom", "Garage"})}
	}
	return a
}

// taxpayer notes to whom the invoice of an order is made out, where there is one.
func (o *Order) taxpayer(r *market.Region, who buyer) {
	if r.Invoices {
		o.CPF, o.CPFName = cpfOf(who.ID), who.First+" "+who.Last
	}
}

// mask keeps the first letter of every word.
func mask(name string) string {
	words := strings.Fields(name)
	for i, word := range words {
		letters := []rune(word)
		words[i] = string(letters[0]) + strings.Repeat("*", max(1, len(letters)-1))
	}
	return strings.Join(words, " ")
}

// maskPhone hides the middle of a number written in three groups.
func maskPhone(phone string) string {
	groups := strings.Split(phone, "-")
	groups[1] = strings.Repeat("*", len(groups[1]))
	return strings.Join(groups, "-")
}

// place is somewhere in a market where buyers live.
type place struct {
	Country        string   `json:"country"`
	State          string   `json:"state"`
	ISO            string   `json:"iso"`
	County         string   `json:"county"`
	Town           string   `json:"town"`
	Postcode       string   `json:"postcode"`
	streets        []string // to choose from
	TaxBasisPoints int64    `json:"tax_basis_points"` // sales tax, US only
}

// districts returns the administrative levels from the country down.
func (p place) districts() []district {
	level := func(i int, kind, name, iso string) district {
		return district{"L" + string(gate.AppendInt(nil, i)), kind, name, iso}
	}
	switch p.Country {
	case "United States":
		return []district{level(0, "Country", p.Country, "US"), level(1, "State", p.State, p.ISO), level(2, "County", p.County, ""), level(3, "City", p.Town, "")}
	case "United Kingdom":
		return []district{level(0, "Country", p.Country, "GB"), level(1, "Region", p.State, p.ISO), level(2, "County", p.County, "")}
	}
	if p.Country == "Brasil" {
		return []district{level(0, "Country", p.Country, "BR"), level(1, "State", p.State, p.ISO), level(2, "City", p.County, ""), level(3, "District", p.Town, "")}
	}
	return []district{level(0, "Country", p.Country, "VN"), level(1, "Province", p.State, p.ISO), level(2, "District", p.County, ""), level(3, "Ward", p.Town, "")}
}

func places(region string) []place {
	switch region {
	case "US":
		streets := []string{"Alder Court", "Larkspur Avenue", "Quarry Road", "Mulberry Street", "Fairview Terrace", "Kestrel Lane"}
		return []place{
			{"United States", "California", "CA", "Los Angeles County", "Glendale", "91204", streets, 1025},
			{"United States", "Texas", "TX", "Travis County", "Austin", "78704", streets, 825},
			{"United States", "New York", "NY", "Kings County", "Brooklyn", "11215", streets, 888},
			{"United States", "Colorado", "CO", "Denver County", "Denver", "80211", streets, 881},
			{"United States", "Oregon", "OR", "Multnomah County", "Portland", "97214", streets, 0},
			{"United States", "Illinois", "IL", "Cook County", "Evanston", "60202", streets, 1025},
			{"United States", "Georgia", "GA", "DeKalb County", "Decatur", "30030", streets, 800},
		}
	case "GB":
		streets := []string{"Orchard Close", "Mill Lane", "Priory Road", "Chandlers Way", "Beacon Street", "Weavers Row"}
		return []place{
			{"United Kingdom", "England", "ENG", "Greater London", "London", "SE15 4ZZ", streets, 0},
			{"United Kingdom", "England", "ENG", "Bristol", "Bristol", "BS3 1ZZ", streets, 0},
			{"United Kingdom", "England", "ENG", "West Yorkshire", "Leeds", "LS6 2ZZ", streets, 0},
			{"United Kingdom", "Scotland", "SCT", "City of Edinburgh", "Edinburgh", "EH6 5ZZ", streets, 0},
			{"United Kingdom", "Wales", "WLS", "Cardiff", "Cardiff", "CF11 9ZZ", streets, 0},
		}
	}
	if region == "BR" {
		streets := []string{"Rua das Palmeiras", "Avenida Brasil", "Rua do Comércio", "Travessa das Flores", "Rua Sete de Setembro", "Alameda dos Ipês"}
		return []place{
			{"Brasil", "São Paulo", "SP", "São Paulo", "Pinheiros", "05422-000", streets, 0},
			{"Brasil", "Rio de Janeiro", "RJ", "Niterói", "Icaraí", "24220-000", streets, 0},
			{"Brasil", "Minas Gerais", "MG", "Belo Horizonte", "Savassi", "30112-000", streets, 0},
			{"Brasil", "Bahia", "BA", "Salvador", "Barra", "40140-000", streets, 0},
			{"Brasil", "Paraná", "PR", "Curitiba", "Batel", "80420-000", streets, 0},
			{"Brasil", "Pernambuco", "PE", "Recife", "Boa Viagem", "51020-000", streets, 0},
		}
	}
	streets := []string{"Đường Hoa Sữa", "Đường Nguyễn Du", "Ngõ Cây Khế", "Đường Lê Lợi", "Đường Bàng Lăng", "Hẻm Sen Hồng"}
	return []place{
		{"Việt Nam", "Hà Nội", "VN-HN", "Quận Cầu Giấy", "Phường Dịch Vọng", "100000", streets, 0},
		{"Việt Nam", "Thành phố Hồ Chí Minh", "VN-SG", "Quận Bình Thạnh", "Phường 13", "700000", streets, 0},
		{"Việt Nam", "Đà Nẵng", "VN-DN", "Quận Hải Châu", "Phường Thanh Bình", "550000", streets, 0},
		{"Việt Nam", "Cần Thơ", "VN-CT", "Quận Ninh Kiều", "Phường An Khánh", "900000", streets, 0},
		{"Việt Nam", "Khánh Hòa", "VN-34", "Thành phố Nha Trang", "Phường Vĩnh Hải", "650000", streets, 0},
	}
}

// FirstNames lists given names of a market.
func FirstNames(region string) []string {
	switch region {
	case "US":
		return []string{"Maya", "Jordan", "Elena", "Marcus", "Priya", "Caleb", "Sofia", "Tyrone", "Hannah", "Diego", "Grace", "Owen"}
	case "GB":
		return []string{"Isla", "Callum", "Freya", "Rohan", "Megan", "Alfie", "Zara", "Gareth", "Nia", "Hamish", "Beatrice", "Imran"}
	case "BR":
		return []string{"Ana", "João", "Mariana", "Rafael", "Beatriz", "Thiago", "Camila", "Lucas", "Fernanda", "Caio", "Larissa", "Davi"}
	}
	return []string{"Minh Anh", "Quốc Bảo", "Thu Hà", "Đức Huy", "Ngọc Lan", "Hoàng Nam", "Phương Thảo", "Tuấn Kiệt", "Bích Ngọc", "Gia Hân"}
}

// LastNames lists family names of a market.
func LastNames(region string) []string {
	switch region {
	case "US":
		return []string{"Whitaker", "Morales", "Chen", "Abernathy", "Okafor", "Lindqvist", "Reyes", "Patel", "Donovan", "Nakamura"}
	case "GB":
		return []string{"Ashworth", "MacLeod", "Pemberton", "Khan", "Griffiths", "Thackeray", "Oyelaran", "Hartley", "Sinclair", "Mistry"}
	case "BR":
		return []string{"Silva", "Carvalho", "Nogueira", "Teixeira", "Moreira", "Azevedo", "Barros", "Cardoso", "Pinheiro", "Vasconcelos"}
	}
	return []string{"Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Vũ", "Đặng", "Bùi"}
}

func buyerMessages(locale string) []string {
	if locale == "vi-VN" {
		return []string{"Giao giờ hành chính giúp mình", "Gọi trước khi giao nhé shop", "Gói quà giúp mình, cảm ơn shop"}
	}
	if locale == "pt-BR" {
		return []string{"Deixar na portaria, por favor", "É presente, sem nota dentro da caixa", "Tocar o interfone, obrigado"}
	}
	return []string{"Please leave it with the neighbour", "It is a gift, no receipt please", "Ring twice, thanks!"}
}
