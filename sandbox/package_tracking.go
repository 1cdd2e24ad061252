package sandbox

import "slices"

// trackingChangePeriod is how long after shipping a number may be corrected, in
// all markets of ours.
const trackingChangePeriod = 72 * 3600

// getTracking shows the journey of an order, the newest event first.
func getTracking(c *call) *failure {
	type view struct {
		Description string `json:"description"`
		Millis      int64  `json:"update_time_millis"`
	}
	c.shop.mu.RLock()
	defer c.shop.mu.RUnlock()
	o, f := findOrder(c, c.param(0), codeForeignOrder)
	if f != nil {
		return f
	}
	var scans []scan
	for _, p := range packagesOf(c.shop, o) {
		scans = append(scans, p.Scans...)
	}
	slices.SortStableFunc(scans, func(a, b scan) int { return int(a.Time - b.Time) })
	views := []view{}
	for _, event := range slices.Backward(scans) {
		views = append(views, view{event.Text, event.Time * 1000})
	}
	c.json(struct {
		Tracking []view `json:"tracking"`
	}{views})
	return nil
}

type trackingInput struct {
	TrackingNumber     string `json:"tracking_number"`
	ShippingProviderID string `json:"shipping_provider_id"`
}

func readTracking(c *call) (in trackingInput, f *failure) {
	if f := c.decode(&in); f != nil {
		return in, f
	}
	switch {
	case in.TrackingNumber == "":
		return in, missing("tracking_number")
	case in.ShippingProviderID == "":
		return in, missing("shipping_provider_id")
	}
	return in, nil
}

// updatePackageShipping corrects provider and number of a package.
func updatePackageShipping(c *call) *failure {
	in, f := readTracking(c)
	if f != nil {
		return f
	}
	c.shop.mu.Lock()
	defer c.shop.mu.Unlock()
	p := tradeOf(c.shop).Packages[c.param(0)]
	if p == nil {
		return fail(codeShopForeignPackage, "package ", c.param(0), " does not exist or is not the shop's")
	}
	return correctTracking(c.shop, p, in, c.now.Unix())
}

// updateOrderShipping corrects provider and number of an order with one
// package.
func updateOrderShipping(c *call) *failure {
	in, f := readTracking(c)
	if f != nil {
		return f
	}
	c.shop.mu.Lock()
	defer c.shop.mu.Unlock()
	o, f := findOrder(c, c.param(0), codeShopForeignPackage)
	if f != nil {
		return f
	}
	packages := packagesOf(c.shop, o)
	switch len(packages) {
	case 0:
		return fail(codeNotShipped, "order ", o.ID, " is not shipped")
	case 1:
	default:
		return fail(codeTrackingForbidden, "order ", o.ID, " has several packages, correct them one by one")
	}
	f = correctTracking(c.shop, packages[0], in, c.now.Unix())
	if f != nil && (f.code == codeTrackingLate || f.code == codeTrackingChanged) {
		f.code = codeTrackingForbidden // this operation knows one code for both
	}
	return f
}

func correctTracking(s *shop, p *parcel, in trackingInput, now int64) *failure {
	switch p.Status {
	case packageToFulfill:
		return fail(codeNotShipped, "package ", p.ID, " is not shipped")
	case packageCancelled:
		return fail(codeChangeCancelled, "package ", p.ID, " is cancelled")
	case packageCompleted:
		return fail(codeTrackingFixed, "package ", p.ID, " is delivered")
	}
	if p.ShippingType != shippingSeller {
		return fail(codeNotSellerShipped, "package ", p.ID, " is shipped by the platform")
	}
	if p.Status == packageFulfilling {
		return fail(codeShippingBlocked, "package ", p.ID, " is with the carrier")
	}
	for _, id := range p.orderIDs() {
		if afterSaleOpen(s, ordersOf(s).byID[id]) {
			return fail(codeAfterSalePending, "the buyer of order ", id, " has an open request")
		}
	}
	switch {
	case p.TrackingChanges > 0:
		return fail(codeTrackingChanged, "the tracking number of package ", p.ID, " was changed before")
	case now > p.ShippedTime+trackingChangePeriod:
		return fail(codeTrackingLate, "package ", p.ID, " was shipped more than 72 hours ago")
	}
	by, f := checkTracking(s, nil, in.ShippingProviderID, in.TrackingNumber)
	if f != nil {
		if f.code != codeTrackingWrong {
			f.code = codeTrackingWrong // the only code here for a number that is refused
		}
		return f
	}
	retrack(s, p, by, in.TrackingNumber, now)
	return nil
}

// validateTracking tells whether a number is one of the platform's.
func validateTracking(c *call) *failure {
	number, _ := lookup(c.query, "tracking_number")
	if number == "" {
		return missing("tracking_number")
	}
	c.shop.mu.RLock()
	defer c.shop.mu.RUnlock()
	var view struct {
		Collection bool `json:"is_tiktok_collection"`
		Shipping   bool `json:"is_tiktok_shipping"`
	}
	for _, p := range tradeOf(c.shop).Packages {
		if p.TrackingNumber == number && p.ShippingType == shippingTikTok {
			view.Shipping = true
			view.Collection = view.Collection || p.HandoverMethod == handoverPickup
		}
	}
	c.json(view)
	return nil
}

// The results of a delivery attempt.
const (
	deliverySuccess = "DELIVERY_SUCCESS"
	deliveryFailed  = "DELIVERY_FAILED"
	deliveryProof   = "UPDATE_POD"
)

// deliverPackages is how sellers with a fleet of their own report deliveries.
// It belongs to South-East Asia.
func deliverPackages(c *call) *failure {
	type result struct {
		ID       string `json:"id"`
		Type     string `json:"delivery_type"`
		Reason   string `json:"fail_delivery_reason"`
		FileType string `json:"file_type"`
		FileURL  string `json:"file_url"`
	}
	var input struct {
		Packages []result `json:"packages"`
	}
	if f := c.decode(&input); f != nil {
		return f
	}
	if len(input.Packages) == 0 {
		return missing("packages")
	}
	types := []string{deliverySuccess, deliveryFailed, deliveryProof}
	reasons := []string{"INVALID_ADDRESS", "UNABLE_RECEIVE", "UNABLE_CONTACT_BUYER", "BUYER_REFUSED", "DELAY_DELIVERY", "PACKAGE_LOST", "PACKAGE_DAMAGE", "FORCE_MAJEURE", "OTHER"}
	files := []string{"IMG", "PDF"}
	for _, p := range input.Packages {
		switch {
		case p.ID == "":
			return missing("packages.id")
		case p.Type == "":
			return missing("packages.delivery_type")
		case !slices.Contains(types, p.Type):
			return notAllowed("packages.delivery_type", p.Type, types)
		case p.Type == deliveryFailed && p.Reason == "":
			return missing("packages.fail_delivery_reason")
		case p.Reason != "" && !slices.Contains(reasons, p.Reason):
			return notAllowed("packages.fail_delivery_reason", p.Reason, reasons)
		case p.Type == deliveryProof && p.FileURL == "":
			return missing("packages.file_url")
		case p.FileType != "" && !slices.Contains(files, p.FileType):
			return notAllowed("packages.file_type", p.FileType, files)
		}
	}
	s := c.shop
	s.mu.Lock()
	defer s.mu.Unlock()
	now := c.now.Unix()
	report := func(in result) *failure {
		p := tradeOf(s).Packages[in.ID]
		switch {
		case p == nil:
			return fail(codeShopForeignPackage, "package ", in.ID, " does not exist or is not the shop's")
		case !s.region.southEastAsia:
			return fail(codeRegionRefused, "in this market carriers report deliveries")
		case p.ShippingType != shippingSeller:
			return fail(codeNotSellerShipped, "package ", p.ID, " is shipped by the platform")
		}
		if in.Type == deliveryProof {
			if p.Status != packageCompleted {
				return fail(codePackageAction, "package ", p.ID, " is ", p.Status)
			}
		} else if p.Status == packageCompleted {
			return fail(codePackageDelivered, "package ", p.ID, " is delivered already")
		} else if p.Status != packageFulfilling {
			return fail(codePackageAction, "package ", p.ID, " is ", p.Status)
		}
		if in.FileURL != "" {
			p.prove(in.FileURL, in.FileType)
		}
		switch in.Type {
		case deliverySuccess:
			deliver(s, p, now)
		case deliveryFailed:
			p.failDelivery(in.Reason, now)
		}
		return nil
	}
	var problems []packageError
	for _, in := range input.Packages {
		if f := report(in); f != nil {
			problems = append(problems, packageError{f.code, f.message, packageErrorPlace{in.ID}})
		}
	}
	packageErrors(c, problems)
	return nil
}
