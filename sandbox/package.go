package sandbox

import (
	"slices"
	"strings"
)

// parcel is a package: lines of an order, or of several orders of one buyer,
// that travel together.
type parcel struct {
	ID                string           `json:"id"`
	Status            string           `json:"status"`
	Parts             []packagePart    `json:"parts"`
	ShippingType      string           `json:"shipping_type"`
	Grouping          string           `json:"grouping"` // groupDefault, groupSplit or groupCombined
	CreateTime        int64            `json:"create_time"`
	UpdateTime        int64            `json:"update_time"`
	PaidTime          int64            `json:"paid_time"` // of its first order
	ShippedTime       int64            `json:"shipped_time"`
	ProviderID        string           `json:"provider_id"`
	ProviderName      string           `json:"provider_name"`
	TrackingNumber    string           `json:"tracking_number"`
	TrackingChanges   int              `json:"tracking_changes"`
	HandoverMethod    string           `json:"handover_method"`
	PickupSlot        *pickupWindow    `json:"pickup_slot"`
	Service           *shippingService `json:"service"` // of a label that was bought
	Weight            *measuredWeight  `json:"weight"`
	Dimension         *measuredSize    `json:"dimension"`
	Scans             []scan           `json:"scans"`                // the oldest first
	ProofOfDelivery   string           `json:"proof_of_delivery"`    // a URL
	ProofOfDeliveryAs string           `json:"proof_of_delivery_as"` // IMG or PDF
}

// packagePart is what a package holds of one order.
type packagePart struct {
	OrderID string   `json:"order_id"`
	Lines   []string `json:"lines"`
}

// scan is an event of the journey of a package.
type scan struct {
	Text string `json:"text"`
	Time int64  `json:"time"`
}

// How a package came about.
const (
	groupDefault  = "DEFAULT"
	groupSplit    = "SPLIT"
	groupCombined = "COMBINE"
)

// The two ways in which a carrier gets a package.
const (
	handoverPickup  = "PICKUP"
	handoverDropOff = "DROP_OFF"
)

type pickupWindow struct {
	StartTime int64 `json:"start_time"`
	EndTime   int64 `json:"end_time"`
}

type measuredWeight struct {
	Value string `json:"value"`
	Unit  string `json:"unit"` // GRAM or POUND
}

type measuredSize struct {
	Length string `json:"length"`
	Width  string `json:"width"`
	Height string `json:"height"`
	Unit   string `json:"unit"` // CM or INCH
}

// packageMoves returns the states that follow a state of a package.
func packageMoves(from string) []string {
	switch from {
	case packageToFulfill:
		return []string{packageProcessing, packageCancelled}
	case packageProcessing:
		return []string{packageFulfilling, packageCancelled}
	case packageFulfilling:
		return []string{packageCompleted, packageCancelled}
	}
	return nil
}

// orderIDs returns the orders of the package.
func (p *parcel) orderIDs() []string {
	list := make([]string, 0, len(p.Parts))
	for _, part := range p.Parts {
		list = append(list, part.OrderID)
	}
	return list
}

// lines returns the ids of all lines in the package.
func (p *parcel) lines() []string {
	list := []string{}
	for _, part := range p.Parts {
		list = append(list, part.Lines...)
	}
	return list
}

// movePackage brings a package into the next state.
func movePackage(s *shop, p *parcel, to string, now int64) {
	if !slices.Contains(packageMoves(p.Status), to) {
		panic("sandbox: package " + p.ID + " cannot go from " + p.Status + " to " + to)
	}
	p.Status = to
	p.UpdateTime = max(p.UpdateTime, now)
}

// newPackage puts lines of an order into a new package.
func newPackage(s *shop, o *order, lines []string, now int64) *parcel {
	p := &parcel{
		ID: tradeOf(s).PackageIDs.new(), Status: packageToFulfill,
		Parts:        []packagePart{{o.ID, lines}},
		ShippingType: o.ShippingType, Grouping: groupDefault,
		CreateTime: now, UpdateTime: now, PaidTime: o.PaidTime, Scans: []scan{},
	}
	addPackage(s, p, now)
	return p
}

// addPackage takes a package in.
func addPackage(s *shop, p *parcel, now int64) {
	tradeOf(s).Packages[p.ID] = p
	s.world.owners.add(s, p.ID)
	stamp(s, p, now)
}

// dropPackage forgets a package whose lines are in others now.
func dropPackage(s *shop, p *parcel) { delete(tradeOf(s).Packages, p.ID) }

// stamp writes the data of a package on its lines and their orders.
func stamp(s *shop, p *parcel, now int64) {
	for _, part := range p.Parts {
		o := ordersOf(s).byID[part.OrderID]
		for _, id := range part.Lines {
			line := o.line(id)
			line.PackageID, line.PackageStatus = p.ID, p.Status
			line.ShippingProviderID, line.ShippingProviderName, line.TrackingNumber = p.ProviderID, p.ProviderName, p.TrackingNumber
			line.RTSTime = p.ShippedTime
		}
		if p.TrackingNumber != "" {
			o.ShippingProvider, o.ShippingProviderID, o.TrackingNumber = p.ProviderName, p.ProviderID, p.TrackingNumber
		}
		listPackages(s, o)
		ordersOf(s).changed(o, now)
	}
}

// listPackages lists the packages of an order anew.
func listPackages(s *shop, o *order) {
	o.Packages, o.SplitOrCombineTag = []orderPackage{}, ""
	for i := range o.LineItems {
		id := o.LineItems[i].PackageID
		if id != "" && !slices.Contains(o.Packages, orderPackage{id}) {
			o.Packages = append(o.Packages, orderPackage{id})
			if p := tradeOf(s).Packages[id]; p != nil && p.Grouping == groupCombined {
				o.SplitOrCombineTag = "COMBINED"
			}
		}
	}
	if len(o.Packages) > 1 {
		o.SplitOrCombineTag = "SPLIT"
	}
}

// packagesOf returns the packages of an order in the order of its lines.
func packagesOf(s *shop, o *order) []*parcel {
	var list []*parcel
	for _, at := range o.Packages {
		if p := tradeOf(s).Packages[at.ID]; p != nil {
			list = append(list, p)
		}
	}
	return list
}

// setLines brings the lines of a package into a state, and their orders into
// the state that follows.
func setLines(s *shop, p *parcel, status string, now int64) {
	stamp(s, p, now)
	for _, part := range p.Parts {
		o := ordersOf(s).byID[part.OrderID]
		for _, id := range part.Lines {
			if line := o.line(id); line.DisplayStatus != orderCompleted && line.DisplayStatus != orderCancelled {
				line.DisplayStatus = status
			}
		}
	}
	for _, part := range p.Parts {
		follow(s, ordersOf(s).byID[part.OrderID], now)
	}
}

// arrange ships a package: the carrier is known and the stock is packed.
func arrange(s *shop, p *parcel, by carrier, number string, now int64) {
	movePackage(s, p, packageProcessing, now)
	p.ProviderID, p.ProviderName, p.TrackingNumber, p.ShippedTime = by.id, by.name, number, now
	p.Scans = append(p.Scans, scan{"Shipment arranged with " + by.name, now})
	together(s, func() {
		for _, id := range p.lines() {
			shipStock(s, id, now)
		}
	})
	for _, part := range p.Parts {
		if o := ordersOf(s).byID[part.OrderID]; o.RTSTime == 0 {
			o.RTSTime = now
		}
	}
	setLines(s, p, orderAwaitingCollection, now)
}

// collect is the first scan of the carrier.
func collect(s *shop, p *parcel, now int64) {
	movePackage(s, p, packageFulfilling, now)
	p.Scans = append(p.Scans, scan{"Collected by " + p.ProviderName, now})
	for _, id := range p.lines() {
		dropHold(s, id)
	}
	setLines(s, p, orderInTransit, now)
}

// deliver is the last scan of the carrier.
func deliver(s *shop, p *parcel, now int64) {
	movePackage(s, p, packageCompleted, now)
	p.Scans = append(p.Scans, scan{"Delivered", now})
	setLines(s, p, orderDelivered, now)
}

// lose ends the journey of a package before its end. What was in it is
// cancelled by the platform, unless the order has ended with a refund.
func lose(s *shop, p *parcel, reason string, now int64) {
	p.Scans = append(p.Scans, scan{"Package lost, damaged or refused", now})
	for _, part := range slices.Clone(p.Parts) {
		o := ordersOf(s).byID[part.OrderID]
		if o.Status == orderCompleted {
			continue
		}
		endReturns(s, o, now)
		cancelAtOnce(s, o, slices.Clone(part.Lines), roleSystem, reason, now)
	}
	if p.Status != packageCancelled {
		movePackage(s, p, packageCancelled, now)
		stamp(s, p, now)
	}
}

// unpack takes cancelled lines out of their packages. A package whose last
// lines are cancelled is cancelled with them and keeps them.
func unpack(s *shop, o *order, lines []string, now int64) {
	var touched []*parcel
	for _, id := range lines {
		if p := tradeOf(s).Packages[o.line(id).PackageID]; p != nil && !slices.Contains(touched, p) {
			touched = append(touched, p)
		}
	}
	for _, p := range touched {
		left := slices.DeleteFunc(p.lines(), func(id string) bool { return slices.Contains(lines, id) })
		if len(left) == 0 {
			movePackage(s, p, packageCancelled, now)
			stamp(s, p, now)
			continue
		}
		kind := "SPLIT_BY_SKU_CANCEL"
		at := slices.IndexFunc(p.Parts, func(part packagePart) bool { return part.OrderID == o.ID })
		part := &p.Parts[at]
		for _, id := range part.Lines {
			if slices.Contains(lines, id) {
				line := o.line(id)
				line.PackageID, line.PackageStatus, line.TrackingNumber = "", "", ""
				line.ShippingProviderID, line.ShippingProviderName, line.RTSTime = "", "", 0
			}
		}
		part.Lines = slices.DeleteFunc(part.Lines, func(id string) bool { return slices.Contains(lines, id) })
		if len(part.Lines) == 0 { // another order stays in the combined package
			p.Parts = slices.Delete(p.Parts, at, at+1)
			kind = "PARTLY_CANCEL_SPLIT"
			if len(p.Parts) == 1 {
				p.Grouping = groupDefault
			}
		}
		p.UpdateTime = max(p.UpdateTime, now)
		stamp(s, p, now)
		listPackages(s, o)
		announcePackages(s, kind, "ROLE_SYSTEM", now, p)
	}
}

// findCarrier returns a carrier of the market by its id.
func findCarrier(s *shop, id string) (carrier, bool) {
	list := carriers(s.Region)
	at := slices.IndexFunc(list, func(c carrier) bool { return c.id == id })
	if at < 0 {
		return carrier{}, false
	}
	return list[at], true
}

// trackingNumber makes up a number of a carrier.
func trackingNumber(s *shop, of carrier) string {
	return of.prefix + tradeOf(s).Random.text("0123456789", 12)
}

// checkTracking checks a number that a seller sends for an order.
func checkTracking(s *shop, orders []string, providerID, number string) (carrier, *failure) {
	by, ok := findCarrier(s, providerID)
	if !ok {
		return by, fail(codeTrackingWrong, "'shipping_provider_id' names no shipping provider of the market: ", providerID)
	}
	if strings.ContainsFunc(number, func(r rune) bool {
		return !strings.ContainsRune(upperDigits, r) && !strings.ContainsRune(lowerDigits, r)
	}) {
		return by, fail(codeTrackingCharacters, "'tracking_number' may hold only letters and digits")
	}
	// A number counts as another provider's only where it plainly is: the form
	// of the provider's own numbers is not known well enough to ask for it.
	for _, other := range carriers(s.Region) {
		if strings.HasPrefix(number, other.prefix) && other.prefix > "A" && other.id != by.id && !strings.HasPrefix(number, by.prefix) {
			return by, fail(codeTrackingMismatch, "tracking number ", number, " is one of ", other.name, ", not of ", by.name)
		}
	}
	used := map[string]bool{}
	for _, p := range tradeOf(s).Packages {
		if p.TrackingNumber != number {
			continue
		}
		for _, id := range p.orderIDs() {
			if slices.Contains(orders, id) {
				return by, fail(codeTrackingRepeated, "tracking number ", number, " was sent for this order before")
			}
			used[id] = true
		}
	}
	if len(used)+len(orders) > maxOrdersPerNumber {
		return by, fail(codeTrackingWorn, "tracking number ", number, " is on 20 orders already")
	}
	return by, nil
}

// maxOrdersPerNumber is the number of orders that a tracking number may be on.
const maxOrdersPerNumber = 20

// bundle is a box in which a seller sends packages of several orders to the
// first warehouse of the platform.
type bundle struct {
	Orders         []string `json:"orders"`
	HandoverMethod string   `json:"handover_method"`
	TrackingNumber string   `json:"tracking_number"`
}

// shippingService is a way of shipping for which a label can be bought.
type shippingService struct {
	ID           string `json:"id"`
	Name         string `json:"name"`
	Price        string `json:"price"`
	Currency     string `json:"currency"`
	EarliestDays int    `json:"earliest_delivery_days"`
	LatestDays   int    `json:"latest_delivery_days"`
	ProviderID   string `json:"shipping_provider_id"`
	ProviderName string `json:"shipping_provider_name"`
	IsDefault    bool   `json:"is_default"`
}
