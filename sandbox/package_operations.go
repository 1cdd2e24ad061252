package sandbox

import (
	"cmp"
	"slices"
)

type packageView struct {
	PackageID            string          `json:"package_id"`
	PackageStatus        string          `json:"package_status,omitempty"`
	CreateTime           int64           `json:"create_time"`
	UpdateTime           int64           `json:"update_time"`
	OrderLineItemIDs     []string        `json:"order_line_item_ids"`
	Orders               []packageOrder  `json:"orders"`
	HasMultiSKUs         bool            `json:"has_multi_skus"`
	NoteTag              string          `json:"note_tag"`
	SplitAndCombineTag   string          `json:"split_and_combine_tag"`
	ShippingType         string          `json:"shipping_type"`
	ShippingProviderID   string          `json:"shipping_provider_id,omitempty"`
	ShippingProviderName string          `json:"shipping_provider_name,omitempty"`
	TrackingNumber       string          `json:"tracking_number,omitempty"`
	DeliveryOptionID     string          `json:"delivery_option_id"`
	DeliveryOptionName   string          `json:"delivery_option_name"`
	HandoverMethod       string          `json:"handover_method,omitempty"`
	PickupSlot           *pickupWindow   `json:"pickup_slot,omitempty"`
	Weight               *measuredWeight `json:"weight,omitempty"`
	Dimension            *measuredSize   `json:"dimension,omitempty"`
	RecipientAddress     *packageAddress `json:"recipient_address,omitempty"`
	SenderAddress        *packageAddress `json:"sender_address,omitempty"`
}

type packageOrder struct {
	ID   string       `json:"id"`
	SKUs []packageSKU `json:"skus"`
}

type packageSKU struct {
	ID       string `json:"id"`
	Name     string `json:"name"`
	ImageURL string `json:"image_url"`
	Quantity int64  `json:"quantity"`
}

type packageAddress struct {
	RegionCode    string `json:"region_code"`
	Name          string `json:"name"`
	PhoneNumber   string `json:"phone_number"`
	FullAddress   string `json:"full_address"`
	AddressDetail string `json:"address_detail"`
	AddressLine1  string `json:"address_line1"`
	AddressLine2  string `json:"address_line2"`
	PostalCode    string `json:"postal_code"`
}

// getPackage shows a package of an order. The shop may be left out: the
// package tells which it is.
func getPackage(c *call) *failure {
	id := c.param(0)
	owner := c.state.world.owners.of(id)
	if owner == nil || !slices.Contains(c.grant.shops, owner) || c.shop != nil && c.shop != owner {
		return fail(codeForeignPackage, "package ", id, " does not exist or is not the shop's")
	}
	c.shop = owner
	c.shop.mu.RLock()
	defer c.shop.mu.RUnlock()
	p := tradeOf(c.shop).Packages[id]
	if p == nil { // an id of something else, or of a package that was grouped anew
		return fail(codeForeignPackage, "package ", id, " does not exist or is not the shop's")
	}
	c.json(newPackageView(c, p))
	return nil
}

func newPackageView(c *call, p *parcel) packageView {
	o := ordersOf(c.shop).byID[p.Parts[0].OrderID]
	view := packageView{
		PackageID: p.ID, CreateTime: p.CreateTime, UpdateTime: p.UpdateTime,
		OrderLineItemIDs: p.lines(), NoteTag: "BUYER_UNNOTED", SplitAndCombineTag: p.Grouping,
		ShippingType: p.ShippingType, DeliveryOptionID: o.DeliveryOptionID, DeliveryOptionName: o.DeliveryOptionName,
		ShippingProviderID: p.ProviderID, ShippingProviderName: p.ProviderName, TrackingNumber: p.TrackingNumber,
		HandoverMethod: p.HandoverMethod, PickupSlot: p.PickupSlot, Weight: p.Weight, Dimension: p.Dimension,
		Orders: packageOrders(c, p),
	}
	if p.Status != packageToFulfill { // that state shows in orders only
		view.PackageStatus = p.Status
	}
	skus := map[string]bool{}
	for _, part := range view.Orders {
		if ordersOf(c.shop).byID[part.ID].BuyerMessage != "" {
			view.NoteTag = "BUYER_NOTED"
		}
		for _, sku := range part.SKUs {
			skus[sku.ID] = true
		}
	}
	view.HasMultiSKUs = len(skus) > 1
	if a := o.RecipientAddress; a != nil {
		view.RecipientAddress = &packageAddress{a.RegionCode, a.Name, a.PhoneNumber, a.FullAddress, a.AddressDetail, a.AddressLine1, a.AddressLine2, a.PostalCode}
	}
	if w := c.shop.warehouse(o.WarehouseID); w != nil {
		a := w.address
		view.SenderAddress = &packageAddress{a.RegionCode, a.ContactPerson, a.PhoneNumber, a.FullAddress, a.AddressLine1, a.AddressLine1, a.AddressLine2, a.PostalCode}
	}
	return view
}

// packageOrders shows what a package holds of each order.
func packageOrders(c *call, p *parcel) []packageOrder {
	list := []packageOrder{}
	for _, part := range p.Parts {
		o := ordersOf(c.shop).byID[part.OrderID]
		view := packageOrder{ID: o.ID, SKUs: []packageSKU{}}
		for _, id := range part.Lines {
			line := o.line(id)
			if at := slices.IndexFunc(view.SKUs, func(s packageSKU) bool { return s.ID == line.SKUID }); at >= 0 {
				view.SKUs[at].Quantity++
				continue
			}
			view.SKUs = append(view.SKUs, packageSKU{line.SKUID, line.ProductName, imageURL(c, line.SKUImage), 1})
		}
		list = append(list, view)
	}
	return list
}

// packageFilter is the body of the package search.
type packageFilter struct {
	CreateTimeGE *int64 `json:"create_time_ge"`
	CreateTimeLT *int64 `json:"create_time_lt"`
	UpdateTimeGE *int64 `json:"update_time_ge"`
	UpdateTimeLT *int64 `json:"update_time_lt"`
	Status       string `json:"package_status"`
}

// matches leaves out packages that wait to be shipped: the search does not know
// them.
func (f *packageFilter) matches(p *parcel) bool {
	return p.Status != packageToFulfill &&
		(f.Status == "" || p.Status == f.Status) &&
		(f.CreateTimeGE == nil || p.CreateTime >= *f.CreateTimeGE) &&
		(f.CreateTimeLT == nil || p.CreateTime < *f.CreateTimeLT) &&
		(f.UpdateTimeGE == nil || p.UpdateTime >= *f.UpdateTimeGE) &&
		(f.UpdateTimeLT == nil || p.UpdateTime < *f.UpdateTimeLT)
}

func searchPackages(c *call) *failure {
	page, f := c.pageOf(1, 50, 0, codeInvalidParameter)
	if f != nil {
		return f
	}
	field, f := c.oneOf("sort_field", "create_time", "create_time", "update_time", "order_pay_time")
	if f != nil {
		return f
	}
	direction, f := c.oneOf("sort_order", "DESC", "ASC", "DESC")
	if f != nil {
		return f
	}
	if f := c.withShop(""); f != nil {
		return f
	}
	scope := "packages " + c.shop.ID + field + direction
	after, f := page.cursor(c.state.world.seed, scope)
	if f != nil {
		return f
	}
	var filter packageFilter
	if f := c.decode(&filter); f != nil {
		return f
	}
	if states := []string{packageProcessing, packageFulfilling, packageCompleted, packageCancelled}; filter.Status != "" && !slices.Contains(states, filter.Status) {
		return notAllowed("package_status", filter.Status, states)
	}
	key := func(p *parcel) cursor {
		switch field {
		case "update_time":
			return cursor{p.UpdateTime, number(p.ID)}
		case "order_pay_time":
			return cursor{p.PaidTime, number(p.ID)}
		}
		return cursor{p.CreateTime, number(p.ID)}
	}
	c.shop.mu.RLock()
	defer c.shop.mu.RUnlock()
	found, next, total := paginate(sorted(tradeOf(c.shop).Packages, key), direction == "DESC", after, page.size, key, filter.matches)
	type view struct {
		ID             string         `json:"id"`
		Status         string         `json:"status"`
		CreateTime     int64          `json:"create_time"`
		UpdateTime     int64          `json:"update_time"`
		Lines          []string       `json:"order_line_item_ids"`
		Orders         []packageOrder `json:"orders"`
		ProviderID     string         `json:"shipping_provider_id"`
		ProviderName   string         `json:"shipping_provider_name"`
		TrackingNumber string         `json:"tracking_number"`
	}
	views := []view{}
	for _, p := range found {
		views = append(views, view{p.ID, p.Status, p.CreateTime, p.UpdateTime, p.lines(), packageOrders(c, p), p.ProviderID, p.ProviderName, p.TrackingNumber})
	}
	c.json(struct {
		Packages []view `json:"packages"`
		pageEnd
	}{views, c.pageEnd(next, scope, total)})
	return nil
}

// sorted returns the values of a map by their keys for paging.
func sorted[T any](values map[string]T, key func(T) cursor) []T {
	list := make([]T, 0, len(values))
	for _, v := range values {
		list = append(list, v)
	}
	slices.SortFunc(list, func(a, b T) int {
		x, y := key(a), key(b)
		return cmp.Or(cmp.Compare(x.at, y.at), cmp.Compare(x.id, y.id))
	})
	return list
}
