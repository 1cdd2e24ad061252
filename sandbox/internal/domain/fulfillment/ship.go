package fulfillment

import (
	"slices"

	"github.com/ttshop-go/ttshop/sandbox/internal/domain/trade"
	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
	"github.com/ttshop-go/ttshop/sandbox/internal/invent"
	"github.com/ttshop-go/ttshop/sandbox/internal/market"
	"github.com/ttshop-go/ttshop/sandbox/internal/world"
)

// shipment is how a package is to be shipped.
type shipment struct {
	HandoverMethod string        `json:"handover_method"`
	PickupSlot     *slotInput    `json:"pickup_slot"`
	SelfShipment   *selfShipment `json:"self_shipment"`
}

type slotInput struct {
	StartTime int64 `json:"start_time"`
	EndTime   int64 `json:"end_time"`
}

type selfShipment struct {
	TrackingNumber     string `json:"tracking_number"`
	ShippingProviderID string `json:"shipping_provider_id"`
}

func (in *shipment) validate(prefix string) *gate.Failure {
	if methods := []string{trade.HandoverPickup, trade.HandoverDropOff}; in.HandoverMethod != "" && !slices.Contains(methods, in.HandoverMethod) {
		return gate.NotAllowed(prefix+"handover_method", in.HandoverMethod, methods)
	}
	if self := in.SelfShipment; self != nil {
		switch {
		case self.TrackingNumber == "":
			return gate.Missing(prefix + "self_shipment.tracking_number")
		case self.ShippingProviderID == "":
			return gate.Missing(prefix + "self_shipment.shipping_provider_id")
		}
	}
	return nil
}

// shipPackage arranges the shipment of one package.
func shipPackage(c *gate.Call) *gate.Failure {
	var input shipment
	if f := c.Decode(&input); f != nil {
		return f
	}
	if f := input.validate(""); f != nil {
		return f
	}
	return ship(c.Shop, c.Param(0), &input, c.Now.Unix())
}

// packageError is the failure of one package of a batch. The others are done.
type packageError struct {
	Code    int               `json:"code"`
	Message string            `json:"message"`
	Detail  packageErrorPlace `json:"detail"`
}

type packageErrorPlace struct {
	PackageID string `json:"package_id"`
}

// packageErrors answers a batch: with code 0 whatever became of its parts.
func packageErrors(c *gate.Call, list []packageError) {
	if list == nil {
		return
	}
	c.JSON(struct {
		Errors []packageError `json:"errors"`
	}{list})
}

// shipPackages arranges the shipment of several packages. What fails is told
// apart from what is done.
func shipPackages(c *gate.Call) *gate.Failure {
	var input struct {
		Packages []struct {
			ID string `json:"id"`
			shipment
		} `json:"packages"`
	}
	if f := c.Decode(&input); f != nil {
		return f
	}
	if len(input.Packages) == 0 {
		return gate.Missing("packages")
	}
	for i := range input.Packages {
		p := &input.Packages[i]
		if p.ID == "" {
			return gate.Missing("packages.id")
		}
		if f := p.validate("packages."); f != nil {
			return f
		}
	}
	var problems []packageError
	for i := range input.Packages {
		p := &input.Packages[i]
		if f := ship(c.Shop, p.ID, &p.shipment, c.Now.Unix()); f != nil {
			if f.Code == trade.CodeInvoiceMissing || f.Code == trade.CodeInvoiceOpen {
				f.Code = codeOrderUninvoiced // this operation knows one code for both
			}
			problems = append(problems, packageError{f.Code, f.Message, packageErrorPlace{p.ID}})
		}
	}
	packageErrors(c, problems)
	return nil
}

// ship arranges the shipment of a package, with a carrier of the platform or
// with that of the seller.
func ship(s *world.Shop, id string, in *shipment, now int64) *gate.Failure {
	p := trade.Of(s).Packages[id]
	if p == nil {
		return gate.Fail(codeShopForeignPackage, "package ", id, " does not exist or is not the shop's")
	}
	switch p.Status {
	case trade.PackageCancelled:
		return gate.Fail(codeShipCancelled, "package ", id, " is cancelled with its order")
	case trade.PackageProcessing, trade.PackageFulfilling:
		return gate.Fail(codePackageShipped, "package ", id, " is shipped already")
	case trade.PackageCompleted:
		return gate.Fail(codePackageDelivered, "package ", id, " is delivered already")
	}
	if f := trade.RefuseShipping(s, p.OrderIDs()); f != nil {
		return f
	}
	if f := trade.RefuseUninvoiced(s, p); f != nil {
		return f
	}
	if p.ShippingType == trade.ShippingSeller {
		if in.SelfShipment == nil {
			return gate.Missing("self_shipment")
		}
		by, f := trade.CheckTracking(s, p.OrderIDs(), in.SelfShipment.ShippingProviderID, in.SelfShipment.TrackingNumber)
		if f != nil {
			return f
		}
		trade.EndRequests(s, p.OrderIDs(), now)
		trade.Arrange(s, p, by, in.SelfShipment.TrackingNumber, now)
		return nil
	}
	method, slot, f := handover(s, in.HandoverMethod, in.PickupSlot, now)
	if f != nil {
		return f
	}
	p.HandOver(method, slot)
	trade.EndRequests(s, p.OrderIDs(), now)
	by := invent.Pick(trade.Of(s).Random, market.Carriers(s.Region))
	trade.Arrange(s, p, by, trade.TrackingNumber(s, by), now)
	return nil
}

// handover checks how the carrier shall get a package. Where the market does not
// honour the method, as in South-East Asia, the slot is ignored.
func handover(s *world.Shop, method string, slot *slotInput, now int64) (string, *trade.PickupWindow, *gate.Failure) {
	if method == "" {
		method = trade.HandoverDropOff
		if slot != nil {
			method = trade.HandoverPickup
		}
	}
	if s.Market.SouthEastAsia {
		return method, nil, nil
	}
	if method == trade.HandoverPickup {
		if slot == nil {
			return "", nil, gate.Fail(codeSlotMissing, "a pick-up needs 'pickup_slot'")
		}
		wanted := trade.PickupWindow{StartTime: slot.StartTime, EndTime: slot.EndTime}
		if !slices.ContainsFunc(pickupSlots(s.Market, now), func(free pickupSlot) bool { return free.Available && free.PickupWindow == wanted }) {
			return "", nil, gate.Fail(codeSlotWrong, "'pickup_slot' is not one of the free slots")
		}
		return method, &wanted, nil
	}
	return method, nil, nil
}
