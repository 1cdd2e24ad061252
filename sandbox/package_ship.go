package sandbox

import "slices"

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

func (in *shipment) validate(prefix string) *failure {
	if methods := []string{handoverPickup, handoverDropOff}; in.HandoverMethod != "" && !slices.Contains(methods, in.HandoverMethod) {
		return notAllowed(prefix+"handover_method", in.HandoverMethod, methods)
	}
	if self := in.SelfShipment; self != nil {
		switch {
		case self.TrackingNumber == "":
			return missing(prefix + "self_shipment.tracking_number")
		case self.ShippingProviderID == "":
			return missing(prefix + "self_shipment.shipping_provider_id")
		}
	}
	return nil
}

// shipPackage arranges the shipment of one package.
func shipPackage(c *call) *failure {
	var input shipment
	if f := c.decode(&input); f != nil {
		return f
	}
	if f := input.validate(""); f != nil {
		return f
	}
	c.shop.mu.Lock()
	defer c.shop.mu.Unlock()
	return ship(c.shop, c.param(0), &input, c.now.Unix())
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
func packageErrors(c *call, list []packageError) {
	if list == nil {
		return
	}
	c.json(struct {
		Errors []packageError `json:"errors"`
	}{list})
}

// shipPackages arranges the shipment of several packages. What fails is told
// apart from what is done.
func shipPackages(c *call) *failure {
	var input struct {
		Packages []struct {
			ID string `json:"id"`
			shipment
		} `json:"packages"`
	}
	if f := c.decode(&input); f != nil {
		return f
	}
	if len(input.Packages) == 0 {
		return missing("packages")
	}
	for i := range input.Packages {
		p := &input.Packages[i]
		if p.ID == "" {
			return missing("packages.id")
		}
		if f := p.validate("packages."); f != nil {
			return f
		}
	}
	c.shop.mu.Lock()
	defer c.shop.mu.Unlock()
	var problems []packageError
	for i := range input.Packages {
		p := &input.Packages[i]
		if f := ship(c.shop, p.ID, &p.shipment, c.now.Unix()); f != nil {
			problems = append(problems, packageError{f.code, f.message, packageErrorPlace{p.ID}})
		}
	}
	packageErrors(c, problems)
	return nil
}

// ship arranges the shipment of a package, with a carrier of the platform or
// with that of the seller.
func ship(s *shop, id string, in *shipment, now int64) *failure {
	p := tradeOf(s).Packages[id]
	if p == nil {
		return fail(codeShopForeignPackage, "package ", id, " does not exist or is not the shop's")
	}
	switch p.Status {
	case packageCancelled:
		return fail(codeShipCancelled, "package ", id, " is cancelled with its order")
	case packageProcessing, packageFulfilling:
		return fail(codePackageShipped, "package ", id, " is shipped already")
	case packageCompleted:
		return fail(codePackageDelivered, "package ", id, " is delivered already")
	}
	if f := refuseShipping(s, p.orderIDs()); f != nil {
		return f
	}
	if p.ShippingType == shippingSeller {
		if in.SelfShipment == nil {
			return missing("self_shipment")
		}
		by, f := checkTracking(s, p.orderIDs(), in.SelfShipment.ShippingProviderID, in.SelfShipment.TrackingNumber)
		if f != nil {
			return f
		}
		endRequests(s, p.orderIDs(), now)
		arrange(s, p, by, in.SelfShipment.TrackingNumber, now)
		return nil
	}
	method, slot, f := handover(s, in.HandoverMethod, in.PickupSlot, now)
	if f != nil {
		return f
	}
	p.handOver(method, slot)
	endRequests(s, p.orderIDs(), now)
	by := pick(tradeOf(s).Random, carriers(s.Region))
	arrange(s, p, by, trackingNumber(s, by), now)
	return nil
}

// handover checks how the carrier shall get a package. Where the market does not
// honour the method, as in South-East Asia, the slot is ignored.
func handover(s *shop, method string, slot *slotInput, now int64) (string, *pickupWindow, *failure) {
	if method == "" {
		method = handoverDropOff
		if slot != nil {
			method = handoverPickup
		}
	}
	if s.region.southEastAsia {
		return method, nil, nil
	}
	if method == handoverPickup {
		if slot == nil {
			return "", nil, fail(codeSlotMissing, "a pick-up needs 'pickup_slot'")
		}
		wanted := pickupWindow{slot.StartTime, slot.EndTime}
		if !slices.ContainsFunc(pickupSlots(s.region, now), func(free pickupSlot) bool { return free.Available && free.pickupWindow == wanted }) {
			return "", nil, fail(codeSlotWrong, "'pickup_slot' is not one of the free slots")
		}
		return method, &wanted, nil
	}
	return method, nil, nil
}
