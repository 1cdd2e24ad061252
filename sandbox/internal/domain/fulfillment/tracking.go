package fulfillment

import (
	"slices"

	"github.com/ttshop-go/ttshop/sandbox/internal/domain/trade"
	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
	"github.com/ttshop-go/ttshop/sandbox/internal/wire"
	"github.com/ttshop-go/ttshop/sandbox/internal/world"
)

// getTracking shows the journey of an order, the newest event first.
func getTracking(c *gate.Call) *gate.Failure {
	type view struct {
		ActionCode  int    `json:"action_code,omitempty"`
		Description string `json:"description"`
		Millis      int64  `json:"update_time_millis"`
	}
	o, f := trade.FindOrder(c, c.Param(0), trade.CodeForeignOrder)
	if f != nil {
		return f
	}
	var scans []trade.Scan
	for _, p := range trade.PackagesOf(c.Shop, o) {
		scans = append(scans, p.Scans...)
	}
	slices.SortStableFunc(scans, func(a, b trade.Scan) int { return int(a.Time - b.Time) })
	views := []view{}
	for _, event := range slices.Backward(scans) {
		views = append(views, view{event.Code, event.Text, event.Time * 1000})
	}
	c.JSON(struct {
		Tracking []view `json:"tracking"`
	}{views})
	return nil
}

type trackingInput struct {
	TrackingNumber     string `json:"tracking_number"`
	ShippingProviderID string `json:"shipping_provider_id"`
}

func readTracking(c *gate.Call) (in trackingInput, f *gate.Failure) {
	if f := c.Decode(&in); f != nil {
		return in, f
	}
	switch {
	case in.TrackingNumber == "":
		return in, gate.Missing("tracking_number")
	case in.ShippingProviderID == "":
		return in, gate.Missing("shipping_provider_id")
	}
	return in, nil
}

// updatePackageShipping corrects provider and number of a package.
func updatePackageShipping(c *gate.Call) *gate.Failure {
	in, f := readTracking(c)
	if f != nil {
		return f
	}
	p := trade.Of(c.Shop).Packages[c.Param(0)]
	if p == nil {
		return gate.Fail(codeShopForeignPackage, "package ", c.Param(0), " does not exist or is not the shop's")
	}
	return correctTracking(c.Shop, p, in, c.Now.Unix())
}

// updateOrderShipping corrects provider and number of an order with one
// package.
func updateOrderShipping(c *gate.Call) *gate.Failure {
	in, f := readTracking(c)
	if f != nil {
		return f
	}
	o, f := trade.FindOrder(c, c.Param(0), codeShopForeignPackage)
	if f != nil {
		return f
	}
	packages := trade.PackagesOf(c.Shop, o)
	switch len(packages) {
	case 0:
		return gate.Fail(codeNotShipped, "order ", o.ID, " is not shipped")
	case 1:
	default:
		return gate.Fail(codeTrackingForbidden, "order ", o.ID, " has several packages, correct them one by one")
	}
	f = correctTracking(c.Shop, packages[0], in, c.Now.Unix())
	if f != nil && (f.Code == codeTrackingLate || f.Code == codeTrackingChanged) {
		f.Code = codeTrackingForbidden // this operation knows one code for both
	}
	return f
}

func correctTracking(s *world.Shop, p *trade.Parcel, in trackingInput, now int64) *gate.Failure {
	switch p.Status {
	case trade.PackageToFulfill:
		return gate.Fail(codeNotShipped, "package ", p.ID, " is not shipped")
	case trade.PackageCancelled:
		return gate.Fail(codeChangeCancelled, "package ", p.ID, " is cancelled")
	case trade.PackageCompleted:
		return gate.Fail(codeTrackingFixed, "package ", p.ID, " is delivered")
	}
	if p.ShippingType != trade.ShippingSeller {
		return gate.Fail(codeNotSellerShipped, "package ", p.ID, " is shipped by the platform")
	}
	if p.Status == trade.PackageFulfilling {
		return gate.Fail(codeShippingBlocked, "package ", p.ID, " is with the carrier")
	}
	for _, id := range p.OrderIDs() {
		if trade.AfterSaleOpen(s, trade.OrdersOf(s).ByID[id]) {
			return gate.Fail(codeAfterSalePending, "the buyer of order ", id, " has an open request")
		}
	}
	switch {
	case p.TrackingChanges > 0:
		return gate.Fail(codeTrackingChanged, "the tracking number of package ", p.ID, " was changed before")
	case s.Market.TrackingHours > 0 && now > p.ShippedTime+s.Market.TrackingHours*3600:
		return gate.Fail(codeTrackingLate, "package ", p.ID, " was shipped more than 72 hours ago")
	}
	by, f := trade.CheckTracking(s, nil, in.ShippingProviderID, in.TrackingNumber)
	if f != nil {
		if f.Code != trade.CodeTrackingWrong {
			f.Code = trade.CodeTrackingWrong // the only code here for a number that is refused
		}
		return f
	}
	trade.Retrack(s, p, by, in.TrackingNumber, now)
	return nil
}

// validateTracking tells whether a number is one of the platform's.
func validateTracking(c *gate.Call) *gate.Failure {
	number, _ := wire.Lookup(c.Query, "tracking_number")
	if number == "" {
		return gate.Missing("tracking_number")
	}
	var view struct {
		Collection bool `json:"is_tiktok_collection"`
		Shipping   bool `json:"is_tiktok_shipping"`
	}
	for _, p := range trade.Of(c.Shop).Packages {
		if p.TrackingNumber == number && p.ShippingType == trade.ShippingTikTok {
			view.Shipping = true
			view.Collection = view.Collection || p.HandoverMethod == trade.HandoverPickup
		}
	}
	c.JSON(view)
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
func deliverPackages(c *gate.Call) *gate.Failure {
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
	if f := c.Decode(&input); f != nil {
		return f
	}
	if len(input.Packages) == 0 {
		return gate.Missing("packages")
	}
	types := []string{deliverySuccess, deliveryFailed, deliveryProof}
	reasons := []string{"INVALID_ADDRESS", "UNABLE_RECEIVE", "UNABLE_CONTACT_BUYER", "BUYER_REFUSED", "DELAY_DELIVERY", "PACKAGE_LOST", "PACKAGE_DAMAGE", "FORCE_MAJEURE", "OTHER"}
	files := []string{"IMG", "PDF"}
	for _, p := range input.Packages {
		switch {
		case p.ID == "":
			return gate.Missing("packages.id")
		case p.Type == "":
			return gate.Missing("packages.delivery_type")
		case !slices.Contains(types, p.Type):
			return gate.NotAllowed("packages.delivery_type", p.Type, types)
		case p.Type == deliveryFailed && p.Reason == "":
			return gate.Missing("packages.fail_delivery_reason")
		case p.Reason != "" && !slices.Contains(reasons, p.Reason):
			return gate.NotAllowed("packages.fail_delivery_reason", p.Reason, reasons)
		case p.Type == deliveryProof && p.FileURL == "":
			return gate.Missing("packages.file_url")
		case p.FileType != "" && !slices.Contains(files, p.FileType):
			return gate.NotAllowed("packages.file_type", p.FileType, files)
		}
	}
	s := c.Shop
	now := c.Now.Unix()
	report := func(in result) *gate.Failure {
		p := trade.Of(s).Packages[in.ID]
		switch {
		case p == nil:
			return gate.Fail(codeShopForeignPackage, "package ", in.ID, " does not exist or is not the shop's")
		case !s.Market.SouthEastAsia:
			return gate.Fail(codeRegionRefused, "in this market carriers report deliveries")
		case p.ShippingType != trade.ShippingSeller:
			return gate.Fail(codeNotSellerShipped, "package ", p.ID, " is shipped by the platform")
		}
		if in.Type == deliveryProof {
			if p.Status != trade.PackageCompleted {
				return gate.Fail(trade.CodePackageAction, "package ", p.ID, " is ", p.Status)
			}
		} else if p.Status == trade.PackageCompleted {
			return gate.Fail(codePackageDelivered, "package ", p.ID, " is delivered already")
		} else if p.Status != trade.PackageFulfilling {
			return gate.Fail(trade.CodePackageAction, "package ", p.ID, " is ", p.Status)
		}
		if in.FileURL != "" {
			p.Prove(in.FileURL, in.FileType)
		}
		switch in.Type {
		case deliverySuccess:
			trade.Deliver(s, p, now)
		case deliveryFailed:
			p.FailDelivery(in.Reason, now)
		}
		return nil
	}
	var problems []packageError
	for _, in := range input.Packages {
		if f := report(in); f != nil {
			problems = append(problems, packageError{f.Code, f.Message, packageErrorPlace{in.ID}})
		}
	}
	packageErrors(c, problems)
	return nil
}
