package returnrefund

import (
	"strings"

	"github.com/ttshop-go/ttshop/sandbox/internal/domain/trade"
	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
)

// cancelOrder is the seller's cancellation of an order, or of lines of it where
// the market allows that for goods that are out of stock.
func cancelOrder(c *gate.Call) *gate.Failure {
	var input struct {
		OrderID string           `json:"order_id"`
		Reason  string           `json:"cancel_reason"`
		Lines   []string         `json:"order_line_item_ids"`
		Parts   []linePart       `json:"order_line_list"`
		SKUs    []trade.SKUCount `json:"skus"`
	}
	if f := c.Decode(&input); f != nil {
		return f
	}
	switch {
	case input.OrderID == "":
		return gate.Missing("order_id")
	case input.Reason == "":
		return gate.Missing("cancel_reason")
	}
	if f := addParts(&input.Lines, input.Parts); f != nil {
		return f
	}
	if f := trade.CheckSKUs(input.SKUs); f != nil {
		return f
	}
	s := c.Shop
	o, f := trade.FindOrder(c, input.OrderID, codeNotPermitted)
	if f != nil {
		return f
	}
	open := o.LinesIn(trade.OrderAwaitingShipment)
	if o.Status == trade.OrderAwaitingCollection {
		open = o.LinesIn(trade.OrderAwaitingCollection)
	}
	partial := len(input.Lines)+len(input.SKUs) > 0
	// The open lines of an order that is shipped in part can go one by one.
	if f := trade.RefuseCancel(s, o, trade.RoleSeller); f != nil && !(partial && o.Status == trade.OrderPartiallyShipping && f.Code == trade.CodeOrderState) {
		return f
	}
	if f := trade.CheckReason(s.Market, input.Reason, trade.RoleSeller, trade.CancelReasonState(o.Status), trade.ReasonCancel); f != nil {
		return f
	}
	lines := trade.LineIDs(open)
	if partial {
		chosen, f := o.ChosenLines(open, input.Lines, input.SKUs)
		if f != nil {
			return f
		}
		outOfStock := strings.Contains(input.Reason, "out_of_stock")
		if whole := len(chosen) == len(o.LineItems); !whole && (!s.Market.LineCancel || !outOfStock || o.Status == trade.OrderAwaitingCollection) {
			return gate.Fail(codeNoLineCancel, "single lines are cancelled in the US and GB only, before they are shipped and as out of stock")
		}
		lines = chosen
	}
	made := trade.CancelAtOnce(s, o, lines, trade.RoleSeller, input.Reason, c.Now.Unix())
	c.JSON(struct {
		ID     string `json:"cancel_id"`
		Status string `json:"cancel_status"`
	}{made.ID, made.Status})
	return nil
}

// findCancellation returns a cancellation of the caller's shop.
func findCancellation(c *gate.Call, id string) (*trade.Cancellation, *gate.Failure) {
	if found := trade.Of(c.Shop).Cancellations[id]; found != nil {
		return found, nil
	}
	return nil, gate.Fail(codeOrderUnknown, "cancellation ", id, " does not exist or is not the shop's")
}

// refuseApproval says why a cancellation cannot be granted now.
func refuseApproval(found *trade.Cancellation) *gate.Failure {
	switch found.Status {
	case trade.CancelPending:
		return nil
	case trade.CancelCancelled:
		return gate.Fail(codeAlreadyCancelled, "cancellation ", found.ID, " was refused or taken back")
	}
	return gate.Fail(codeApproveState, "cancellation ", found.ID, " is ", found.Status)
}

// refuseRejection says why a cancellation cannot be refused now.
func refuseRejection(found *trade.Cancellation) *gate.Failure {
	switch found.Status {
	case trade.CancelPending:
		return nil
	case trade.CancelCancelled:
		return gate.Fail(codeRejectState, "cancellation ", found.ID, " was refused or taken back")
	}
	return gate.Fail(codeAlreadyApproved, "cancellation ", found.ID, " is ", found.Status)
}

func approveCancellation(c *gate.Call) *gate.Failure {
	return decide(c, findCancellation, func(found *trade.Cancellation) *gate.Failure {
		if f := refuseApproval(found); f != nil {
			return f
		}
		trade.MoveCancellation(c.Shop, found, trade.CancelSuccess, c.Now.Unix())
		return nil
	})
}

func rejectCancellation(c *gate.Call) *gate.Failure {
	var input rejection
	if f := c.Decode(&input); f != nil {
		return f
	}
	if f := input.validate(); f != nil {
		return f
	}
	return decide(c, findCancellation, func(found *trade.Cancellation) *gate.Failure {
		if f := refuseRejection(found); f != nil {
			return f
		}
		if f := trade.CheckReason(c.Shop.Market, input.Reason, trade.RoleSeller, found.Status, trade.ReasonRejectCancel); f != nil {
			return f
		}
		trade.MoveCancellation(c.Shop, found, trade.CancelCancelled, c.Now.Unix())
		return nil
	})
}
