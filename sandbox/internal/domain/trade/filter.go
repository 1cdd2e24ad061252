package trade

import (
	"slices"
)

// OrderFilter is the body of the order search.
type OrderFilter struct {
	OrderStatus          string   `json:"order_status"`
	CreateTimeGE         *int64   `json:"create_time_ge"`
	CreateTimeLT         *int64   `json:"create_time_lt"`
	UpdateTimeGE         *int64   `json:"update_time_ge"`
	UpdateTimeLT         *int64   `json:"update_time_lt"`
	ShippingType         string   `json:"shipping_type"`
	BuyerUserID          string   `json:"buyer_user_id"`
	IsBuyerRequestCancel *bool    `json:"is_buyer_request_cancel"`
	WarehouseIDs         []string `json:"warehouse_ids"`
}

// matches reports whether an order passes the filter. Lower bounds belong to
// their range, upper bounds do not. A missing lower bound is the shop's
// beginning, a missing upper bound the present, so neither excludes anything.
func (f *OrderFilter) matches(o *Order) bool {
	return (f.OrderStatus == "" || o.Status == f.OrderStatus) &&
		(f.CreateTimeGE == nil || o.CreateTime >= *f.CreateTimeGE) &&
		(f.CreateTimeLT == nil || o.CreateTime < *f.CreateTimeLT) &&
		(f.UpdateTimeGE == nil || o.UpdateTime >= *f.UpdateTimeGE) &&
		(f.UpdateTimeLT == nil || o.UpdateTime < *f.UpdateTimeLT) &&
		(f.ShippingType == "" || o.ShippingType == f.ShippingType) &&
		(f.BuyerUserID == "" || o.UserID == f.BuyerUserID) &&
		(f.IsBuyerRequestCancel == nil || o.IsBuyerRequestCancel == *f.IsBuyerRequestCancel) &&
		(len(f.WarehouseIDs) == 0 || slices.Contains(f.WarehouseIDs, o.WarehouseID))
}
