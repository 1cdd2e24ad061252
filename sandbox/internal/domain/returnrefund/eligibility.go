package returnrefund

import (
	"slices"

	"github.com/ttshop-go/ttshop/sandbox/internal/domain/trade"
	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
	"github.com/ttshop-go/ttshop/sandbox/internal/world"
)

// eligibility tells whether one kind of request about a SKU of an order could
// be made.
type eligibility struct {
	Type    string     `json:"request_type"`
	OK      bool       `json:"eligible"`
	Code    int        `json:"ineligible_code"`
	Why     string     `json:"ineligible_reason"`
	Lines   []string   `json:"order_line_items_ids"`
	Parts   []linePart `json:"order_line_list,omitempty"`        // from version 202602 on
	Reasons []string   `json:"available_reason_names,omitempty"` // from version 202512 on
}

type skuEligibility struct {
	SKUID string        `json:"sku_id"`
	Kinds []eligibility `json:"line_item_eligibility"`
}

// getEligibility tells, SKU by SKU, what could be asked for about an order.
func getEligibility(c *gate.Call) *gate.Failure {
	by, f := c.OneOf("initiate_aftersale_user", trade.RoleSeller, trade.RoleSeller, trade.RoleBuyer)
	if f != nil {
		return f
	}
	wanted := c.List("request_types")
	kinds := []string{trade.CancelDirectly, trade.ReturnRefund, trade.ReturnGoods}
	if bad := oddOne(wanted, kinds...); bad != nil {
		return gate.NotAllowed("request_types", *bad, kinds)
	}
	if f := c.WithShop(c.Param(0)); f != nil {
		return f
	}
	const path = "/orders/{order_id}/aftersale_eligibility"
	withParts := c.Route.Path == "/return_refund/202602"+path
	withReasons := withParts || c.Route.Path == "/return_refund/202512"+path
	s := c.Shop
	s.Mu.RLock()
	defer s.Mu.RUnlock()
	o, f := trade.FindOrder(c, c.Param(0), codeOrderUnknown)
	if f != nil {
		return f
	}
	linesOf := map[string][]string{}
	var skus []string
	for i := range o.LineItems {
		line := &o.LineItems[i]
		if linesOf[line.SKUID] == nil {
			skus = append(skus, line.SKUID)
		}
		linesOf[line.SKUID] = append(linesOf[line.SKUID], line.ID)
	}
	views := []skuEligibility{}
	for _, sku := range skus {
		view := skuEligibility{SKUID: sku, Kinds: []eligibility{}}
		for _, kind := range kinds {
			if among(wanted, kind) {
				e := newEligibility(s, o, kind, by, linesOf[sku])
				if !withReasons {
					e.Reasons = nil
				}
				if withParts {
					for _, id := range e.Lines {
						e.Parts = append(e.Parts, linePart{Line: id})
					}
				}
				view.Kinds = append(view.Kinds, e)
			}
		}
		views = append(views, view)
	}
	c.JSON(struct {
		SKUs []skuEligibility `json:"sku_eligibility"`
	}{views})
	return nil
}

// newEligibility tells whether a request of a kind, by a role, could be made about
// lines of an order. The word for a refund without return is RETURN here.
func newEligibility(s *world.Shop, o *trade.Order, kind, by string, lines []string) eligibility {
	e := eligibility{Type: kind, Lines: lines}
	if kind == trade.ReturnRefund {
		e.Type = "RETURN"
	}
	var f *gate.Failure
	var reasons []trade.Reason
	if kind == trade.CancelDirectly {
		f = trade.RefuseCancel(s, o, by)
		reasons = trade.ReasonsFor(s.Market, by, trade.CancelReasonState(o.Status), trade.ReasonCancel)
	} else {
		f = trade.RefuseReturn(s, o, kind, by)
		returnable := trade.LineIDs(trade.ReturnableLines(s, o))
		if f == nil && !slices.ContainsFunc(lines, func(id string) bool { return slices.Contains(returnable, id) }) {
			f = gate.Fail(trade.CodeReturnRunning, "a request about this SKU is open or done")
		}
		reasons = trade.ReasonsFor(s.Market, by, o.Status, trade.ReasonKind(kind))
	}
	if f != nil {
		e.Code, e.Why = f.Code, f.Message
		return e
	}
	e.OK = true
	for _, reason := range reasons {
		e.Reasons = append(e.Reasons, reason.Key)
	}
	return e
}
