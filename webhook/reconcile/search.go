package reconcile

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"

	"github.com/ttshop-go/ttshop"
	"github.com/ttshop-go/ttshop/webhook/event"
)

func (r *run) orders(ctx context.Context) error {
	type row struct {
		ID          string         `json:"id"`
		Status      string         `json:"status"`
		OnHoldOrder bool           `json:"is_on_hold_order"`
		UpdateTime  event.UnixTime `json:"update_time"`
	}
	return search(ctx, r, "/order/202309/orders/search", "orders", func(o row) error {
		r.report.Orders++
		status := orderStatus(o.Status)
		if !r.missed(event.TypeOrderStatusChange, o.ID, status, o.UpdateTime) {
			return nil
		}
		return r.raise(ctx, &event.OrderStatusChange{Data: event.OrderStatusChangeData{
			OrderID: o.ID, OrderStatus: event.OrderStatus(status), IsOnHoldOrder: o.OnHoldOrder, UpdateTime: o.UpdateTime,
		}}, o.ID, status, o.UpdateTime)
	})
}

func (r *run) returns(ctx context.Context) error {
	type row struct {
		ID         string         `json:"return_id"`
		OrderID    string         `json:"order_id"`
		Role       string         `json:"role"`
		Type       string         `json:"return_type"`
		Status     string         `json:"return_status"`
		CreateTime event.UnixTime `json:"create_time"`
		UpdateTime event.UnixTime `json:"update_time"`
	}
	return search(ctx, r, "/return_refund/202309/returns/search", "return_orders", func(o row) error {
		r.report.Returns++
		if !r.missed(event.TypeReturnStatusChange, o.ID, o.Status, o.UpdateTime) {
			return nil
		}
		return r.raise(ctx, &event.ReturnStatusChange{Data: event.ReturnStatusChangeData{
			OrderID: o.OrderID, ReturnRole: event.ReturnRole(o.Role), ReturnType: event.ReturnType(o.Type), ReturnStatus: event.ReturnStatus(o.Status),
			ReturnID: o.ID, CreateTime: o.CreateTime, UpdateTime: o.UpdateTime,
		}}, o.ID, o.Status, o.UpdateTime)
	})
}

func (r *run) cancellations(ctx context.Context) error {
	type row struct {
		ID         string         `json:"cancel_id"`
		OrderID    string         `json:"order_id"`
		Role       string         `json:"role"`
		Status     string         `json:"cancel_status"`
		CreateTime event.UnixTime `json:"create_time"`
		UpdateTime event.UnixTime `json:"update_time"`
	}
	return search(ctx, r, "/return_refund/202309/cancellations/search", "cancellations", func(o row) error {
		r.report.Cancellations++
		status := cancelStatus(o.Status)
		if !r.missed(event.TypeCancellationStatusChange, o.ID, status, o.UpdateTime) {
			return nil
		}
		return r.raise(ctx, &event.CancellationStatusChange{Data: event.CancellationStatusChangeData{
			OrderID: o.OrderID, CancellationsRole: event.CancellationsRole(o.Role), CancelStatus: event.CancelStatus(status),
			CancelID: o.ID, CreateTime: o.CreateTime,
		}}, o.ID, status, o.UpdateTime)
	})
}

// search calls f for every row of a search by update time, over all its pages.
func search[T any](ctx context.Context, r *run, path, list string, f func(T) error) error {
	body := map[string]int64{"update_time_ge": r.options.From.Unix(), "update_time_lt": r.options.To.Unix()}
	// Oldest first: a row that changes meanwhile moves towards the end of the
	// pages or out of the window, and none moves onto a page already read.
	query := url.Values{"page_size": {"50"}, "sort_field": {"update_time"}, "sort_order": {"ASC"}}
	for {
		response, err := r.shop.Call(ctx, "POST", path, query, body, ttshop.AsRead())
		if err != nil {
			return fmt.Errorf("reconcile: %w", err)
		}
		var page map[string]json.RawMessage
		if err := response.Decode(&page); err != nil {
			return fmt.Errorf("reconcile: %w", err)
		}
		var rows []T
		var next string
		response.Data = page[list]
		if err := response.Decode(&rows); err != nil {
			return fmt.Errorf("reconcile: %w", err)
		}
		response.Data = page["next_page_token"]
		if err := response.Decode(&next); err != nil {
			return fmt.Errorf("reconcile: %w", err)
		}
		for _, row := range rows {
			if err := f(row); err != nil {
				return err
			}
		}
		if next == "" || next == query.Get("page_token") {
			return nil
		}
		query.Set("page_token", next)
	}
}
