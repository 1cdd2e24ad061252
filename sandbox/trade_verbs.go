package sandbox

import "slices"

// What the operations of the domains above change about the trade goes through
// the functions here and in the files of the machines: nothing else writes to
// orders, packages, cancellations, returns and refunds. The caller holds the
// lock of the shop.

// keepExternal notes how another platform calls an order, instead of what was
// known of that platform before.
func keepExternal(s *shop, ref externalReference) {
	known := func(e externalReference) bool { return e.OrderID == ref.OrderID && e.Platform == ref.Platform }
	tradeOf(s).External = append(slices.DeleteFunc(tradeOf(s).External, known), ref)
}

// bundleUp makes a bundle of packages for the first mile and returns its id.
func bundleUp(s *shop, made bundle) string {
	id := tradeOf(s).PackageIDs.new()
	tradeOf(s).Bundles[id] = made
	s.world.owners.add(s, id)
	return id
}

// splitPackage makes packages of groups of an order's lines instead of one
// package that holds them all.
func splitPackage(s *shop, o *order, p *parcel, groups [][]string, now int64) (made []*parcel) {
	dropPackage(s, p)
	for _, lines := range groups {
		split := newPackage(s, o, slices.Clone(lines), now)
		split.Grouping = groupSplit
		made = append(made, split)
	}
	announcePackages(s, "SPLIT", "ROLE_SELLER", now, made...)
	return made
}

// joinPackages makes one package of several that are not shipped yet.
func joinPackages(s *shop, chosen []*parcel, now int64) *parcel {
	whole := &parcel{
		ID: tradeOf(s).PackageIDs.new(), Status: packageToFulfill, ShippingType: chosen[0].ShippingType,
		Grouping: groupCombined, CreateTime: now, UpdateTime: now, PaidTime: chosen[0].PaidTime, Scans: []scan{},
	}
	for _, p := range chosen {
		whole.Parts = append(whole.Parts, p.Parts...)
		dropPackage(s, p)
	}
	addPackage(s, whole, now)
	announcePackages(s, "COMBINE", "ROLE_SELLER", now, whole)
	return whole
}

// label notes what was bought for a package.
func (p *parcel) label(weight *measuredWeight, size *measuredSize, service *shippingService) {
	p.Weight, p.Dimension, p.Service = weight, size, service
}

// handOver notes how the carrier gets a package; the slot is nil where nobody
// picks it up.
func (p *parcel) handOver(method string, slot *pickupWindow) {
	p.HandoverMethod = method
	if slot != nil {
		p.PickupSlot = slot
	}
}

// retrack gives a shipped package another carrier and number.
func retrack(s *shop, p *parcel, by carrier, trackingNumber string, now int64) {
	p.ProviderID, p.ProviderName, p.TrackingNumber = by.id, by.name, trackingNumber
	p.TrackingChanges++
	p.UpdateTime = max(p.UpdateTime, now)
	stamp(s, p, now)
}

// prove keeps the proof of a delivery: a URL and what is there, IMG or PDF.
func (p *parcel) prove(url, kind string) { p.ProofOfDelivery, p.ProofOfDeliveryAs = url, kind }

// failDelivery notes that a carrier could not hand a package over.
func (p *parcel) failDelivery(reason string, now int64) {
	p.Scans = append(p.Scans, scan{"Delivery failed: " + reason, now})
	p.UpdateTime = max(p.UpdateTime, now)
}

// letKeep agrees to a return whose buyer may keep the goods.
func letKeep(s *shop, r *returnRequest, done returnRecord) {
	r.KeepsGoods = true
	moveReturn(s, r, returnSuccess, done)
}

// offerPart offers the buyer a part of the money, who has some time to take it.
func offerPart(s *shop, r *returnRequest, amount int64, done returnRecord, now int64) {
	r.Offer, r.OfferOpen, r.OfferRejected = amount, true, false
	record(s, r, done)
	r.UpdateTime = max(r.UpdateTime, now)
	r.Next = now + offerPeriod
	s.schedule(r.Next, deadlineReturn, r.ID)
}

// returnDocument is what a buyer sends goods back with. Empty fields leave what
// there is.
type returnDocument struct {
	by       *carrier
	tracking string
	document string
}

// sendDocument gives the buyer what is needed to send goods back.
func sendDocument(s *shop, r *returnRequest, d returnDocument, now int64) {
	if d.by != nil {
		r.ProviderID, r.ProviderName = d.by.id, d.by.name
	}
	if d.tracking != "" {
		r.TrackingNumber = d.tracking
	}
	if d.document != "" {
		r.Document = d.document
	}
	r.UpdateTime = max(r.UpdateTime, now)
	record(s, r, returnRecord{Time: now, Role: roleSeller, Event: "SHIPPING_DOCUMENT", Text: "The seller sent a shipping document"})
}

// setArchive sets the number of a shop's orders of long ago.
func setArchive(s *shop, count int) { ordersOf(s).archive.count = count }
