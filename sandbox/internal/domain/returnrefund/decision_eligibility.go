package returnrefund

import (
	"slices"

	"github.com/ttshop-go/ttshop/sandbox/internal/domain/trade"
	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
	"github.com/ttshop-go/ttshop/sandbox/internal/wire"
	"github.com/ttshop-go/ttshop/sandbox/internal/world"
)

// The decisions about cancellations, and one about returns that no operation of
// the sandbox takes.
const (
	approveCancel = "APPROVE_REQUEST_CANCEL"
	rejectCancel  = "REJECT_REQUEST_CANCEL"
	directRefund  = "DIRECT_REFUND"
)

var (
	cancelDecisions = []string{approveCancel, rejectCancel}
	returnDecisions = []string{
		trade.ApproveRefund, trade.ApproveReturn, trade.ApproveReceived, trade.ApproveReplacement, trade.RefundInstead, directRefund,
		trade.RejectRefund, trade.RejectReturn, trade.RejectReceived, trade.RejectReplacement,
	}
)

// verdict tells whether a decision is open to the seller.
type verdict struct {
	Decision string       `json:"decision"`
	OK       bool         `json:"eligible"`
	Code     int          `json:"ineligible_code,omitempty"`
	Why      string       `json:"ineligible_reason,omitempty"`
	Reasons  []reasonView `json:"available_reject_reasons,omitempty"`
}

type reasonView struct {
	Name string `json:"name"`
	Text string `json:"text"`
}

// request is what a seller decides about: a cancellation or a return.
type request struct {
	cancellation *trade.Cancellation
	returned     *trade.ReturnRequest
}

// requestOf returns what an id of the query names in the caller's shop.
func requestOf(c *gate.Call, s *world.Shop) (request, *gate.Failure) {
	id, _ := wire.Lookup(c.Query, "return_or_cancel_id")
	if id == "" {
		return request{}, gate.Missing("return_or_cancel_id")
	}
	found := request{trade.Of(s).Cancellations[id], trade.Of(s).Returns[id]}
	if found.cancellation == nil && found.returned == nil {
		return found, gate.Fail(codeOrderUnknown, "no cancellation or return of the shop has the id ", id)
	}
	return found, nil
}

// decisions are those that there are about the kind of request.
func (q request) decisions() []string {
	if q.cancellation != nil {
		return cancelDecisions
	}
	return returnDecisions
}

// refuse says why a decision is not open, or nil.
func (q request) refuse(decision string) *gate.Failure {
	switch {
	case q.cancellation != nil && decision == approveCancel:
		return refuseApproval(q.cancellation)
	case q.cancellation != nil && decision == rejectCancel:
		return refuseRejection(q.cancellation)
	case q.cancellation != nil || slices.Contains(cancelDecisions, decision) || decision == directRefund:
		return gate.Fail(codeDecisionType, "decision ", decision, " does not apply to this request")
	case slices.Contains([]string{trade.RejectRefund, trade.RejectReturn, trade.RejectReceived, trade.RejectReplacement}, decision):
		f := (&returnRejection{rejection{Decision: decision}}).fits(q.returned)
		if f != nil && f.Code == codeRefuseReceiveState {
			f.Code = codeRejectReceivedState // as recorded; the refusal itself has the other code
		}
		return f
	}
	return (&approval{Decision: decision}).fits(q.returned)
}

// reasons lists the reasons with which the request could be refused now, in the
// language of locale.
func (q request) reasons(c *gate.Call) []reasonView {
	s := c.Shop
	var list []trade.Reason
	if v := q.cancellation; v != nil {
		list = trade.ReasonsFor(s.Market, trade.RoleSeller, v.Status, trade.ReasonRejectCancel)
	} else {
		list = trade.ReasonsFor(s.Market, trade.RoleSeller, q.returned.ReasonState(), trade.RejectKinds(q.returned)...)
	}
	locale, _ := wire.Lookup(c.Query, "locale")
	views := []reasonView{}
	for _, e := range list {
		if v := (reasonView{e.Key, e.TextIn(locale)}); !slices.Contains(views, v) {
			views = append(views, v)
		}
	}
	return views
}

// verdictOn tells whether a decision is open.
func (q request) verdictOn(c *gate.Call, decision string) verdict {
	if f := q.refuse(decision); f != nil {
		return verdict{Decision: decision, Code: f.Code, Why: f.Message}
	}
	v := verdict{Decision: decision, OK: true}
	if isRefusal(decision) {
		v.Reasons = q.reasons(c)
	}
	return v
}

func isRefusal(decision string) bool {
	return slices.Contains([]string{rejectCancel, trade.RejectRefund, trade.RejectReturn, trade.RejectReceived, trade.RejectReplacement}, decision)
}

// wantedDecisions reads which decisions to check: all of the kind unless some
// are named.
func wantedDecisions(c *gate.Call, more ...string) ([]string, *gate.Failure) {
	known := slices.Concat(cancelDecisions, returnDecisions, more)
	wanted := c.List("check_decisions")
	if bad := oddOne(wanted, known...); bad != nil {
		return nil, gate.NotAllowed("check_decisions", *bad, known)
	}
	return wanted, nil
}

// getDecisionEligibility tells which decisions about a request are open.
func getDecisionEligibility(c *gate.Call) *gate.Failure {
	wanted, f := wantedDecisions(c)
	if f != nil {
		return f
	}
	q, f := requestOf(c, c.Shop)
	if f != nil {
		return f
	}
	if len(wanted) == 0 {
		wanted = q.decisions()
	}
	views := []verdict{}
	for _, decision := range wanted {
		views = append(views, q.verdictOn(c, decision))
	}
	c.JSON(struct {
		Decisions []verdict `json:"decisions"`
	}{views})
	return nil
}
