package sandbox

import "slices"

// eligibility tells whether one kind of request about a SKU of an order could
// be made.
type eligibility struct {
	Type    string   `json:"request_type"`
	OK      bool     `json:"eligible"`
	Code    int      `json:"ineligible_code"`
	Why     string   `json:"ineligible_reason"`
	Lines   []string `json:"order_line_items_ids"`
	Reasons []string `json:"available_reason_names,omitempty"` // from version 202512 on
}

type skuEligibility struct {
	SKUID string        `json:"sku_id"`
	Kinds []eligibility `json:"line_item_eligibility"`
}

// getEligibility tells, SKU by SKU, what could be asked for about an order.
func getEligibility(c *call) *failure {
	by, f := c.oneOf("initiate_aftersale_user", roleSeller, roleSeller, roleBuyer)
	if f != nil {
		return f
	}
	wanted := c.list("request_types")
	kinds := []string{cancelDirectly, returnRefund, returnGoods}
	if bad := oddOne(wanted, kinds...); bad != nil {
		return notAllowed("request_types", *bad, kinds)
	}
	if f := c.withShop(c.param(0)); f != nil {
		return f
	}
	newest := c.route.path == "/return_refund/202512/orders/{order_id}/aftersale_eligibility"
	s := c.shop
	s.mu.RLock()
	defer s.mu.RUnlock()
	o, f := findOrder(c, c.param(0), codeOrderUnknown)
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
				if !newest {
					e.Reasons = nil
				}
				view.Kinds = append(view.Kinds, e)
			}
		}
		views = append(views, view)
	}
	c.json(struct {
		SKUs []skuEligibility `json:"sku_eligibility"`
	}{views})
	return nil
}

// newEligibility tells whether a request of a kind, by a role, could be made about
// lines of an order. The word for a refund without return is RETURN here.
func newEligibility(s *shop, o *order, kind, by string, lines []string) eligibility {
	e := eligibility{Type: kind, Lines: lines}
	if kind == returnRefund {
		e.Type = "RETURN"
	}
	var f *failure
	var reasons []reason
	if kind == cancelDirectly {
		f = refuseCancel(s, o, by)
		reasons = reasonsFor(s.region, by, cancelReasonState(o.Status), reasonCancel)
	} else {
		f = refuseReturn(s, o, kind, by)
		returnable := lineIDs(returnableLines(s, o))
		if f == nil && !slices.ContainsFunc(lines, func(id string) bool { return slices.Contains(returnable, id) }) {
			f = fail(codeReturnRunning, "a request about this SKU is open or done")
		}
		reasons = reasonsFor(s.region, by, o.Status, reasonKind(kind))
	}
	if f != nil {
		e.Code, e.Why = f.code, f.message
		return e
	}
	e.OK = true
	for _, reason := range reasons {
		e.Reasons = append(e.Reasons, reason.Key)
	}
	return e
}
