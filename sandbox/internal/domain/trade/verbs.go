package trade

import (
	"slices"

	"github.com/ttshop-go/ttshop/sandbox/internal/market"
	"github.com/ttshop-go/ttshop/sandbox/internal/world"
)

// What the operations of the domains above change about the trade goes through
// the functions here and in the files of the machines: nothing else writes to
// orders, packages, cancellations, returns and refunds. The caller holds the
// lock of the shop.

// KeepExternal notes how another platform calls an order, instead of what was
// known of that platform before.
func KeepExternal(s *world.Shop, ref ExternalReference) {
	known := func(e ExternalReference) bool { return e.OrderID == ref.OrderID && e.Platform == ref.Platform }
	Of(s).External = append(slices.DeleteFunc(Of(s).External, known), ref)
}

// BundleUp makes a bundle of packages for the first mile and returns its id.
func BundleUp(s *world.Shop, made Bundle) string {
	id := Of(s).PackageIDs.New()
	Of(s).Bundles[id] = made
	s.World.Owners.Add(s, id)
	return id
}

// SplitPackage makes packages of groups of an order's lines instead of one
// package that holds them all.
func SplitPackage(s *world.Shop, o *Order, p *Parcel, groups [][]string, now int64) (made []*Parcel) {
	dropPackage(s, p)
	for _, lines := range groups {
		split := newPackage(s, o, slices.Clone(lines), now)
		split.Grouping = groupSplit
		made = append(made, split)
	}
	AnnouncePackages(s, "SPLIT", "ROLE_SELLER", now, made...)
	return made
}

// JoinPackages makes one package of several that are not shipped yet.
func JoinPackages(s *world.Shop, chosen []*Parcel, now int64) *Parcel {
	whole := &Parcel{
		ID: Of(s).PackageIDs.New(), Status: PackageToFulfill, ShippingType: chosen[0].ShippingType,
		Grouping: GroupCombined, CreateTime: now, UpdateTime: now, PaidTime: chosen[0].PaidTime, Scans: []Scan{},
	}
	for _, p := range chosen {
		whole.Parts = append(whole.Parts, p.Parts...)
		dropPackage(s, p)
	}
	addPackage(s, whole, now)
	followInvoices(s, whole)
	AnnouncePackages(s, "COMBINE", "ROLE_SELLER", now, whole)
	return whole
}

// Label notes what was bought for a package.
func (p *Parcel) Label(weight *MeasuredWeight, size *MeasuredSize, service *ShippingService) {
	p.Weight, p.Dimension, p.Service = weight, size, service
}

// HandOver notes how the carrier gets a package; the slot is nil where nobody
// picks it up.
func (p *Parcel) HandOver(method string, slot *PickupWindow) {
	p.HandoverMethod = method
	if slot != nil {
		p.PickupSlot = slot
	}
}

// Retrack gives a shipped package another carrier and number.
func Retrack(s *world.Shop, p *Parcel, by market.Carrier, trackingNumber string, now int64) {
	p.ProviderID, p.ProviderName, p.TrackingNumber = by.ID, by.Name, trackingNumber
	p.TrackingChanges++
	p.UpdateTime = max(p.UpdateTime, now)
	stamp(s, p, now)
}

// Prove keeps the proof of a delivery: a URL and what is there, IMG or PDF.
func (p *Parcel) Prove(url, kind string) { p.ProofOfDelivery, p.ProofOfDeliveryAs = url, kind }

// FailDelivery notes that a carrier could not hand a package over.
func (p *Parcel) FailDelivery(reason string, now int64) {
	p.Scans = append(p.Scans, Scan{Text: "Delivery failed: " + reason, Time: now})
	p.UpdateTime = max(p.UpdateTime, now)
}

// LetKeep agrees to a return whose buyer may keep the goods.
func LetKeep(s *world.Shop, r *ReturnRequest, done ReturnRecord) {
	r.KeepsGoods = true
	MoveReturn(s, r, ReturnSuccess, done)
}

// OfferPart offers the buyer a part of the money, who has some time to take it.
func OfferPart(s *world.Shop, r *ReturnRequest, amount int64, done ReturnRecord, now int64) {
	r.Offer, r.OfferOpen, r.OfferRejected = amount, true, false
	record(s, r, done)
	r.UpdateTime = max(r.UpdateTime, now)
	r.Next = now + offerPeriod
	s.Schedule(r.Next, DeadlineReturn, r.ID)
}

// ReturnDocument is what a buyer sends goods back with. Empty fields leave what
// there is.
type ReturnDocument struct {
	By       *market.Carrier
	Tracking string
	Document string
}

// SendDocument gives the buyer what is needed to send goods back.
func SendDocument(s *world.Shop, r *ReturnRequest, d ReturnDocument, now int64) {
	if d.By != nil {
		r.ProviderID, r.ProviderName = d.By.ID, d.By.Name
	}
	if d.Tracking != "" {
		r.TrackingNumber = d.Tracking
	}
	if d.Document != "" {
		r.Document = d.Document
	}
	r.UpdateTime = max(r.UpdateTime, now)
	record(s, r, ReturnRecord{Time: now, Role: RoleSeller, Event: "SHIPPING_DOCUMENT", Text: "The seller sent a shipping document"})
}

// SetArchive sets the number of a shop's orders of long ago.
func SetArchive(s *world.Shop, count int) { OrdersOf(s).Archive.Count = count }
