package fulfillment

import (
	"cmp"
	"slices"

	"github.com/ttshop-go/ttshop/sandbox/internal/domain/media"
	"github.com/ttshop-go/ttshop/sandbox/internal/domain/trade"
	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
	"github.com/ttshop-go/ttshop/sandbox/internal/invent"
)

type packageView struct {
	PackageID            string                `json:"package_id"`
	PackageStatus        string                `json:"package_status"`
	PackageSubStatus     string                `json:"package_sub_status,omitempty"`
	CreateTime           int64                 `json:"create_time"`
	UpdateTime           int64                 `json:"update_time"`
	OrderLineItemIDs     []string              `json:"order_line_item_ids"`
	Orders               []packageOrder        `json:"orders"`
	HasMultiSKUs         bool                  `json:"has_multi_skus"`
	NoteTag              string                `json:"note_tag"`
	SplitAndCombineTag   string                `json:"split_and_combine_tag"`
	ShippingType         string                `json:"shipping_type"`
	ShippingProviderID   string                `json:"shipping_provider_id,omitempty"`
	ShippingProviderName string                `json:"shipping_provider_name,omitempty"`
	TrackingNumber       string                `json:"tracking_number,omitempty"`
	DeliveryOptionID     string                `json:"delivery_option_id"`
	DeliveryOptionName   string                `json:"delivery_option_name"`
	HandoverMethod       string                `json:"handover_method,omitempty"`
	PickupSlot           *trade.PickupWindow   `json:"pickup_slot,omitempty"`
	Weight               *trade.MeasuredWeight `json:"weight,omitempty"`
	Dimension            *trade.MeasuredSize   `json:"dimension,omitempty"`
	RecipientAddress     *packageAddress       `json:"recipient_address,omitempty"`
	SenderAddress        *packageAddress       `json:"sender_address,omitempty"`
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
func getPackage(c *gate.Call) *gate.Failure {
	id := c.Param(0)
	owner := c.State.World.Owners.Of(id)
	if owner == nil || !slices.Contains(c.Grant.Shops, owner) || c.Shop != nil && c.Shop != owner {
		return gate.Fail(codeForeignPackage, "package ", id, " does not exist or is not the shop's")
	}
	c.Shop = owner
	c.Shop.Mu.RLock()
	defer c.Shop.Mu.RUnlock()
	p := trade.Of(c.Shop).Packages[id]
	if p == nil { // an id of something else, or of a package that was regrouped
		return gate.Fail(codeForeignPackage, "package ", id, " does not exist or is not the shop's")
	}
	c.JSON(newPackageView(c, p))
	return nil
}

func newPackageView(c *gate.Call, p *trade.Parcel) packageView {
	o := trade.OrdersOf(c.Shop).ByID[p.Parts[0].OrderID]
	view := packageView{
		PackageID: p.ID, PackageStatus: p.Status, CreateTime: p.CreateTime, UpdateTime: p.UpdateTime,
		OrderLineItemIDs: p.Lines(), NoteTag: "BUYER_UNNOTED", SplitAndCombineTag: p.Grouping,
		ShippingType: p.ShippingType, DeliveryOptionID: o.DeliveryOptionID, DeliveryOptionName: o.DeliveryOptionName,
		ShippingProviderID: p.ProviderID, ShippingProviderName: p.ProviderName, TrackingNumber: p.TrackingNumber,
		HandoverMethod: p.HandoverMethod, PickupSlot: p.PickupSlot, Weight: p.Weight, Dimension: p.Dimension,
		Orders: packageOrders(c, p),
	}
	if p.Status == trade.PackageToFulfill { // of other states none was recorded
		view.PackageSubStatus = "STOCKING"
	}
	if view.Weight == nil {
		view.Weight = estimatedWeight(c.Shop, p)
	}
	skus := map[string]bool{}
	for _, part := range view.Orders {
		if trade.OrdersOf(c.Shop).ByID[part.ID].BuyerMessage != "" {
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
	if w := c.Shop.Warehouse(o.WarehouseID); w != nil {
		a := w.Address
		view.SenderAddress = &packageAddress{a.RegionCode, a.ContactPerson, a.PhoneNumber, a.FullAddress, a.AddressLine1, a.AddressLine1, a.AddressLine2, a.PostalCode}
	}
	return view
}

// packageOrders shows what a package holds of each order.
func packageOrders(c *gate.Call, p *trade.Parcel) []packageOrder {
	list := []packageOrder{}
	for _, part := range p.Parts {
		o := trade.OrdersOf(c.Shop).ByID[part.OrderID]
		view := packageOrder{ID: o.ID, SKUs: []packageSKU{}}
		for _, id := range part.Lines {
			line := o.Line(id)
			if at := slices.IndexFunc(view.SKUs, func(s packageSKU) bool { return s.ID == line.SKUID }); at >= 0 {
				view.SKUs[at].Quantity++
				continue
			}
			view.SKUs = append(view.SKUs, packageSKU{line.SKUID, line.ProductName, media.ImageURL(c, line.SKUImage), 1})
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

// matches leaves out packages that wait to be shipped. Neither the filter nor the
// answer of the search lists TO_FULFILL, and the guide to packages says that orders
// alone show it. A recorded package detail shows it too, which its page does not
// list either; no recorded search does.
func (f *packageFilter) matches(p *trade.Parcel) bool {
	return p.Status != trade.PackageToFulfill &&
		(f.Status == "" || p.Status == f.Status) &&
		(f.CreateTimeGE == nil || p.CreateTime >= *f.CreateTimeGE) &&
		(f.CreateTimeLT == nil || p.CreateTime < *f.CreateTimeLT) &&
		(f.UpdateTimeGE == nil || p.UpdateTime >= *f.UpdateTimeGE) &&
		(f.UpdateTimeLT == nil || p.UpdateTime < *f.UpdateTimeLT)
}

func searchPackages(c *gate.Call) *gate.Failure {
	page, f := c.PageOf(1, 50, 0, gate.CodeInvalidParameter)
	if f != nil {
		return f
	}
	field, f := c.OneOf("sort_field", "create_time", "create_time", "update_time", "order_pay_time")
	if f != nil {
		return f
	}
	direction, f := c.OneOf("sort_order", "DESC", "ASC", "DESC")
	if f != nil {
		return f
	}
	if f := c.WithShop(""); f != nil {
		return f
	}
	scope := "packages " + c.Shop.ID + field + direction
	after, f := page.Cursor(c.State.World.Seed, scope)
	if f != nil {
		return f
	}
	var filter packageFilter
	if f := c.Decode(&filter); f != nil {
		return f
	}
	key := func(p *trade.Parcel) gate.Cursor {
		switch field {
		case "update_time":
			return gate.Cursor{At: p.UpdateTime, ID: invent.Number(p.ID)}
		case "order_pay_time":
			return gate.Cursor{At: p.PaidTime, ID: invent.Number(p.ID)}
		}
		return gate.Cursor{At: p.CreateTime, ID: invent.Number(p.ID)}
	}
	c.Shop.Mu.RLock()
	defer c.Shop.Mu.RUnlock()
	found, next, total := gate.Paginate(c, Sorted(trade.Of(c.Shop).Packages, key), direction == "DESC", after, page.Size, key, filter.matches)
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
		views = append(views, view{p.ID, p.Status, p.CreateTime, p.UpdateTime, p.Lines(), packageOrders(c, p), p.ProviderID, p.ProviderName, p.TrackingNumber})
	}
	c.JSON(struct {
		Packages []view `json:"packages"`
		gate.PageEnd
	}{views, c.PageEnd(next, scope, total)})
	return nil
}

// Sorted returns the values of a map by their keys for paging.
func Sorted[T any](values map[string]T, key func(T) gate.Cursor) []T {
	list := make([]T, 0, len(values))
	for _, v := range values {
		list = append(list, v)
	}
	slices.SortFunc(list, func(a, b T) int {
		x, y := key(a), key(b)
		return cmp.Or(cmp.Compare(x.At, y.At), cmp.Compare(x.ID, y.ID))
	})
	return list
}
