package returnrefund

import (
	"slices"

	"github.com/ttshop-go/ttshop/sandbox/internal/domain/trade"
	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
	"github.com/ttshop-go/ttshop/sandbox/internal/wire"
)

// The decisions of 2026, which are the same for all kinds of requests.
const (
	reviewApprove        = "APPROVE_REQUEST"
	reviewApprovePackage = "APPROVE_RETURN_PACKAGE"
	reviewReject         = "REJECT_REQUEST"
	reviewRejectPackage  = "REJECT_RETURN_PACKAGE"
	reviewRefundInstead  = "REFUND_INSTEAD"
	reviewPartial        = "OFFER_PARTIAL_REFUND"
	reviewPartialLater   = "OFFER_PARTIAL_REFUND_AFTER_RECEIVING_PKG"
)

var reviewDecisions = []string{
	reviewApprove, reviewApprovePackage, reviewReject, reviewRejectPackage, reviewRefundInstead, reviewPartial, reviewPartialLater,
}

// decisionFor returns what a decision of 2026 is called for this kind of request.
// What has no counterpart keeps its name, and no request is open to it.
func (q request) decisionFor(review string) string {
	kind := ""
	if q.returned != nil {
		kind = q.returned.Type
	}
	switch review {
	case reviewApprove:
		return map[string]string{"": approveCancel, trade.ReturnRefund: trade.ApproveRefund, trade.ReturnGoods: trade.ApproveReturn, trade.ReturnReplacement: trade.ApproveReplacement}[kind]
	case reviewReject:
		return map[string]string{"": rejectCancel, trade.ReturnRefund: trade.RejectRefund, trade.ReturnGoods: trade.RejectReturn, trade.ReturnReplacement: trade.RejectReplacement}[kind]
	case reviewApprovePackage:
		return trade.ApproveReceived
	case reviewRejectPackage:
		return trade.RejectReceived
	case reviewRefundInstead:
		return trade.RefundInstead
	case reviewPartial:
		return trade.OfferPartial
	}
	return review
}

// lineVerdict tells whether a decision about a line is open.
type lineVerdict struct {
	verdict
	Range *partialRange `json:"partial_refund_amount_range,omitempty"`
}

type partialRange struct {
	Currency string `json:"currency"`
	Least    string `json:"min_amount"`
	Most     string `json:"max_amount"`
}

type lineReview struct {
	Line      string        `json:"return_line_item_id"`
	Decisions []lineVerdict `json:"decisions"`
}

// getReviewDecision tells for each line of a request which decisions are open.
// Requests are decided as a whole here, so that all lines have the same ones.
func getReviewDecision(c *gate.Call) *gate.Failure {
	if id, _ := wire.Lookup(c.Query, "seller_id"); id == "" {
		return gate.Missing("seller_id")
	}
	wanted, f := wantedDecisions(c, "ISSUE_EXCHANGE_REFUND", reviewPartialLater)
	if f != nil {
		return f
	}
	q, f := requestOf(c, c.Shop)
	if f != nil {
		return f
	}
	var lines []trade.AfterSaleLine
	if q.cancellation != nil {
		lines = q.cancellation.Lines
	} else {
		lines = q.returned.Lines
	}
	r := c.Shop.Market
	views := []lineReview{}
	for _, line := range lines {
		view := lineReview{Line: line.ID, Decisions: []lineVerdict{}}
		for _, review := range reviewDecisions {
			decision := q.decisionFor(review)
			if len(wanted) > 0 && !slices.Contains(wanted, decision) {
				continue
			}
			v := lineVerdict{verdict: q.verdictOn(c, decision)}
			v.Decision = review
			if most := line.Amounts.Total(); v.OK && review == reviewPartial && most > 1 {
				v.Range = &partialRange{r.Currency, r.Money(1), r.Money(most - 1)}
			}
			view.Decisions = append(view.Decisions, v)
		}
		views = append(views, view)
	}
	c.JSON(struct {
		Lines []lineReview `json:"line_items"`
		LogID string       `json:"request_log_id"`
	}{views, c.ID})
	return nil
}
