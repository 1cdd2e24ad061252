package trade

import (
	"slices"
	"strings"

	"github.com/ttshop-go/ttshop/sandbox/internal/domain/stock"
	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
	"github.com/ttshop-go/ttshop/sandbox/internal/invent"
	"github.com/ttshop-go/ttshop/sandbox/internal/market"
	"github.com/ttshop-go/ttshop/sandbox/internal/world"
)

// Parcel is a package: lines of an order, or of several orders of one buyer,
// that travel together.
type Parcel struct {
	ID                string           `json:"id"`
	Status            string           `json:"status"`
	Parts             []packagePart    `json:"parts"`
	ShippingType      string           `json:"shipping_type"`
	Grouping          string           `json:"grouping"` // groupDefault, groupSplit or groupCombined
	CreateTime        int64            `json:"create_time"`
	UpdateTime        int64            `json:"update_time"`
	PaidTime          int64            `json:"paid_time"` // or the confirmation, of its first order
	ShippedTime       int64            `json:"shipped_time"`
	ProviderID        string           `json:"provider_id"`
	ProviderName      string           `json:"provider_name"`
	TrackingNumber    string           `json:"tracking_number"`
	TrackingChanges   int              `json:"tracking_changes"`
	HandoverMethod    string           `json:"handover_method"`
	PickupSlot        *PickupWindow    `json:"pickup_slot"`
	Service           *ShippingService `json:"service"` // of a label that was bought
	Weight            *MeasuredWeight  `json:"weight"`
	Dimension         *MeasuredSize    `json:"dimension"`
	Scans             []Scan           `json:"scans"`                // the oldest first
	ProofOfDelivery   string           `json:"proof_of_delivery"`    // a URL
	ProofOfDeliveryAs string           `json:"proof_of_delivery_as"` // IMG or PDF
}

// packagePart is what a package holds of one order.
type packagePart struct {
	OrderID string   `json:"order_id"`
	Lines   []string `json:"lines"`
	Invoice *Invoice `json:"invoice,omitempty"`
}

// Scan is an event of the journey of a package.
type Scan struct {
	Text string `json:"text"`
	Time int64  `json:"time"`
	Code int    `json:"code,omitempty"` // see the codes; 0 where none is known
}

// The codes of scans whose meaning was seen in answers of the platform.
const (
	scanPacked    = 20101
	scanCollected = 30901
	scanDelivered = 50101
)

// How a package came about.
const (
	GroupDefault  = "DEFAULT"
	groupSplit    = "SPLIT"
	GroupCombined = "COMBINE"
)

// The two ways in which a carrier gets a package.
const (
	HandoverPickup  = "PICKUP"
	HandoverDropOff = "DROP_OFF"
)

// PickupWindow is when a carrier picks a package up, in Unix seconds.
type PickupWindow struct {
	StartTime int64 `json:"start_time"`
	EndTime   int64 `json:"end_time"`
}

// MeasuredWeight is the weight of a package as the seller gave it.
type MeasuredWeight struct {
	Value string `json:"value"`
	Unit  string `json:"unit"` // GRAM or POUND
}

// MeasuredSize is the size of a package as the seller gave it.
type MeasuredSize struct {
	Length string `json:"length"`
	Width  string `json:"width"`
	Height string `json:"height"`
	Unit   string `json:"unit"` // CM or INCH
}

// PackageMoves returns the states that follow a state of a package.
func PackageMoves(from string) []string {
	switch from {
	case PackageToFulfill:
		return []string{PackageProcessing, PackageCancelled}
	case PackageProcessing:
		return []string{PackageFulfilling, PackageCancelled}
	case PackageFulfilling:
		return []string{PackageCompleted, PackageCancelled}
	}
	return nil
}

// OrderIDs returns the orders of the package.
func (p *Parcel) OrderIDs() []string {
	list := make([]string, 0, len(p.Parts))
	for _, part := range p.Parts {
		list = append(list, part.OrderID)
	}
	return list
}

// Lines returns the ids of all lines in the package.
func (p *Parcel) Lines() []string {
	list := []string{}
	for _, part := range p.Parts {
		list = append(list, part.Lines...)
	}
	return list
}

// movePackage moves a package to its next state.
func movePackage(s *world.Shop, p *Parcel, to string, now int64) {
	if !slices.Contains(PackageMoves(p.Status), to) {
		panic("sandbox: package " + p.ID + " cannot go from " + p.Status + " to " + to)
	}
	p.Status = to
	p.UpdateTime = max(p.UpdateTime, now)
}

// newPackage puts lines of an order into a new package.
func newPackage(s *world.Shop, o *Order, lines []string, now int64) *Parcel {
	p := &Parcel{
		ID: Of(s).PackageIDs.New(), Status: PackageToFulfill,
		Parts:        []packagePart{{OrderID: o.ID, Lines: lines}},
		ShippingType: o.ShippingType, Grouping: GroupDefault,
		CreateTime: now, UpdateTime: now, PaidTime: o.Confirmed(), Scans: []Scan{},
	}
	addPackage(s, p, now)
	return p
}

// addPackage takes a package in.
func addPackage(s *world.Shop, p *Parcel, now int64) {
	Of(s).Packages[p.ID] = p
	s.World.Owners.Add(s, p.ID)
	stamp(s, p, now)
}

// dropPackage forgets a package whose lines are in others now.
func dropPackage(s *world.Shop, p *Parcel) { delete(Of(s).Packages, p.ID) }

// stamp writes the data of a package on its lines and their orders.
func stamp(s *world.Shop, p *Parcel, now int64) {
	for _, part := range p.Parts {
		o := OrdersOf(s).ByID[part.OrderID]
		for _, id := range part.Lines {
			line := o.Line(id)
			line.PackageID, line.PackageStatus = p.ID, p.Status
			line.ShippingProviderID, line.ShippingProviderName, line.TrackingNumber = p.ProviderID, p.ProviderName, p.TrackingNumber
			line.RTSTime = p.ShippedTime
		}
		if p.TrackingNumber != "" {
			o.ShippingProvider, o.ShippingProviderID, o.TrackingNumber = p.ProviderName, p.ProviderID, p.TrackingNumber
		}
		listPackages(s, o)
		o.NeedUploadInvoice = invoiceNeed(s, o)
		OrdersOf(s).changed(o, now)
	}
}

// listPackages rebuilds the list of packages that an order shows.
func listPackages(s *world.Shop, o *Order) {
	o.Packages, o.SplitOrCombineTag = []orderPackage{}, ""
	for i := range o.LineItems {
		id := o.LineItems[i].PackageID
		if id != "" && !slices.Contains(o.Packages, orderPackage{id}) {
			o.Packages = append(o.Packages, orderPackage{id})
			if p := Of(s).Packages[id]; p != nil && p.Grouping == GroupCombined {
				o.SplitOrCombineTag = "COMBINED"
			}
		}
	}
	if len(o.Packages) > 1 {
		o.SplitOrCombineTag = "SPLIT"
	}
}

// PackagesOf returns the packages of an order in the order of its lines.
func PackagesOf(s *world.Shop, o *Order) []*Parcel {
	var list []*Parcel
	for _, at := range o.Packages {
		if p := Of(s).Packages[at.ID]; p != nil {
			list = append(list, p)
		}
	}
	return list
}

// setLines moves the lines of a package to a state, and their orders into
// the state that follows.
func setLines(s *world.Shop, p *Parcel, status string, now int64) {
	stamp(s, p, now)
	for _, part := range p.Parts {
		o := OrdersOf(s).ByID[part.OrderID]
		for _, id := range part.Lines {
			if line := o.Line(id); line.DisplayStatus != OrderCompleted && line.DisplayStatus != OrderCancelled {
				line.DisplayStatus = status
			}
		}
	}
	for _, part := range p.Parts {
		follow(s, OrdersOf(s).ByID[part.OrderID], now)
	}
}

// Arrange ships a package: the carrier is known and the stock is packed.
func Arrange(s *world.Shop, p *Parcel, by market.Carrier, number string, now int64) {
	movePackage(s, p, PackageProcessing, now)
	p.ProviderID, p.ProviderName, p.TrackingNumber, p.ShippedTime = by.ID, by.Name, number, now
	p.Scans = append(p.Scans, Scan{"Shipment arranged with " + by.Name, now, scanPacked})
	stock.Together(s, func() {
		for _, id := range p.Lines() {
			shipStock(s, id, now)
		}
	})
	for _, part := range p.Parts {
		if o := OrdersOf(s).ByID[part.OrderID]; o.RTSTime == 0 {
			o.RTSTime = now
		}
	}
	setLines(s, p, OrderAwaitingCollection, now)
}

// Collect is the first scan of the carrier.
func Collect(s *world.Shop, p *Parcel, now int64) {
	movePackage(s, p, PackageFulfilling, now)
	p.Scans = append(p.Scans, Scan{"Collected by " + p.ProviderName, now, scanCollected})
	for _, id := range p.Lines() {
		dropHold(s, id)
	}
	setLines(s, p, OrderInTransit, now)
}

// Deliver is the last scan of the carrier.
func Deliver(s *world.Shop, p *Parcel, now int64) {
	movePackage(s, p, PackageCompleted, now)
	p.Scans = append(p.Scans, Scan{"Delivered", now, scanDelivered})
	setLines(s, p, OrderDelivered, now)
}

// Lose ends the journey of a package before its end. What was in it is
// cancelled by the platform, unless the order has ended with a refund.
func Lose(s *world.Shop, p *Parcel, reason string, now int64) {
	p.Scans = append(p.Scans, Scan{Text: "Package lost, damaged or refused", Time: now})
	for _, part := range slices.Clone(p.Parts) {
		o := OrdersOf(s).ByID[part.OrderID]
		if o.Status == OrderCompleted {
			continue
		}
		endReturns(s, o, now)
		CancelAtOnce(s, o, slices.Clone(part.Lines), RoleSystem, reason, now)
	}
	if p.Status != PackageCancelled {
		movePackage(s, p, PackageCancelled, now)
		stamp(s, p, now)
	}
}

// unpack takes cancelled lines out of their packages. A package whose last
// lines are cancelled is cancelled with them and keeps them.
func unpack(s *world.Shop, o *Order, lines []string, now int64) {
	var touched []*Parcel
	for _, id := range lines {
		if p := Of(s).Packages[o.Line(id).PackageID]; p != nil && !slices.Contains(touched, p) {
			touched = append(touched, p)
		}
	}
	for _, p := range touched {
		left := slices.DeleteFunc(p.Lines(), func(id string) bool { return slices.Contains(lines, id) })
		if len(left) == 0 {
			movePackage(s, p, PackageCancelled, now)
			stamp(s, p, now)
			continue
		}
		kind := "SPLIT_BY_SKU_CANCEL"
		at := slices.IndexFunc(p.Parts, func(part packagePart) bool { return part.OrderID == o.ID })
		part := &p.Parts[at]
		for _, id := range part.Lines {
			if slices.Contains(lines, id) {
				line := o.Line(id)
				line.PackageID, line.PackageStatus, line.TrackingNumber = "", "", ""
				line.ShippingProviderID, line.ShippingProviderName, line.RTSTime = "", "", 0
			}
		}
		part.Lines = slices.DeleteFunc(part.Lines, func(id string) bool { return slices.Contains(lines, id) })
		if len(part.Lines) == 0 { // another order stays in the combined package
			p.Parts = slices.Delete(p.Parts, at, at+1)
			kind = "PARTLY_CANCEL_SPLIT"
			if len(p.Parts) == 1 {
				p.Grouping = GroupDefault
			}
		}
		p.UpdateTime = max(p.UpdateTime, now)
		stamp(s, p, now)
		listPackages(s, o)
		AnnouncePackages(s, kind, "ROLE_SYSTEM", now, p)
	}
}

// FindCarrier returns a carrier of the market by its id.
func FindCarrier(s *world.Shop, id string) (market.Carrier, bool) {
	list := market.Carriers(s.Region)
	at := slices.IndexFunc(list, func(c market.Carrier) bool { return c.ID == id })
	if at < 0 {
		return market.Carrier{}, false
	}
	return list[at], true
}

// TrackingNumber makes up a number of a carrier.
func TrackingNumber(s *world.Shop, of market.Carrier) string {
	return of.Prefix + Of(s).Random.Text("0123456789", 12)
}

// CheckTracking checks a number that a seller sends for an order.
func CheckTracking(s *world.Shop, orders []string, providerID, number string) (market.Carrier, *gate.Failure) {
	by, ok := FindCarrier(s, providerID)
	if !ok {
		return by, gate.Fail(CodeTrackingWrong, "'shipping_provider_id' is not that of a shipping provider of the market: ", providerID)
	}
	if strings.ContainsFunc(number, func(r rune) bool {
		return !strings.ContainsRune(invent.UpperDigits, r) && !strings.ContainsRune(invent.LowerDigits, r)
	}) {
		return by, gate.Fail(codeTrackingCharacters, "'tracking_number' may hold only letters and digits")
	}
	// A number counts as another provider's only where it plainly is: the form
	// of the provider's own numbers is not known well enough to ask for it.
	for _, other := range market.Carriers(s.Region) {
		if strings.HasPrefix(number, other.Prefix) && other.Prefix > "A" && other.ID != by.ID && !strings.HasPrefix(number, by.Prefix) {
			return by, gate.Fail(codeTrackingMismatch, "tracking number ", number, " is one of ", other.Name, ", not of ", by.Name)
		}
	}
	used := map[string]bool{}
	for _, p := range Of(s).Packages {
		if p.TrackingNumber != number {
			continue
		}
		for _, id := range p.OrderIDs() {
			if slices.Contains(orders, id) {
				return by, gate.Fail(codeTrackingRepeated, "tracking number ", number, " was sent for this order before")
			}
			used[id] = true
		}
	}
	if len(used)+len(orders) > maxOrdersPerNumber {
		return by, gate.Fail(codeTrackingWorn, "tracking number ", number, " is on 20 orders already")
	}
	return by, nil
}

// maxOrdersPerNumber is the number of orders that a tracking number may be on.
const maxOrdersPerNumber = 20

// Bundle is a box in which a seller sends packages of several orders to the
// first warehouse of the platform.
type Bundle struct {
	Orders         []string `json:"orders"`
	HandoverMethod string   `json:"handover_method"`
	TrackingNumber string   `json:"tracking_number"`
}

// ShippingService is a way of shipping for which a label can be bought.
type ShippingService struct {
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
