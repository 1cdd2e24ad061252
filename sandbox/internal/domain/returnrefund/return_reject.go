package returnrefund

import (
	"github.com/ttshop-go/ttshop/sandbox/internal/domain/trade"
	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
)

// The decisions with which a seller refuses.
const (
	RejectReturn = "REJECT_RETURN"
)

// returnRejection is the body of a refusal of a request, or of the goods.
type returnRejection struct{ rejection }

// kind returns the type of the requests that the decision is for; empty for
// what is no decision.
func (in *returnRejection) kind() string {
	switch in.Decision {
	case trade.RejectRefund:
		return trade.ReturnRefund
	case RejectReturn, trade.RejectReceived:
		return trade.ReturnGoods
	case trade.RejectReplacement:
		return trade.ReturnReplacement
	}
	return ""
}

func (in *returnRejection) validate() *gate.Failure {
	switch {
	case in.Decision == "":
		return gate.Missing("decision")
	case in.kind() == "":
		return gate.NotAllowed("decision", in.Decision, []string{trade.RejectRefund, RejectReturn, trade.RejectReceived, trade.RejectReplacement})
	}
	return in.rejection.validate()
}

// fits reports why a request is not open to the decision.
func (in *returnRejection) fits(r *trade.ReturnRequest) *gate.Failure {
	received := in.Decision == trade.RejectReceived
	approved := r.Status == trade.ReturnSuccess || r.Status == trade.ReturnComplete || r.Status == trade.ReplacementComplete || r.Status == trade.ReplacementRefund
	switch {
	case r.Arbitration == trade.ArbitrationRunning:
		return gate.Fail(codeArbitrating, "an arbitration about return ", r.ID, " is running")
	case in.kind() != r.Type:
		return gate.Fail(codeDecisionType, "decision ", in.Decision, " is none for a ", r.Type)
	case received && approved:
		return gate.Fail(codeAlreadyReceived, "the goods of return ", r.ID, " were accepted")
	case received && r.Status != trade.ReturnShipped:
		return gate.Fail(codeRefuseReceiveState, "return ", r.ID, " is ", r.Status)
	case !received && (approved || r.Status == trade.ReturnAwaitingShip || r.Status == trade.ReturnShipped || r.Status == trade.ReturnGoodsRejected):
		return gate.Fail(codeAlreadyApproved, "return ", r.ID, " is ", r.Status)
	case !received && !r.Pending():
		return gate.Fail(trade.CodeOrderState, "return ", r.ID, " is ", r.Status)
	}
	return nil
}

// outcome is the state of a request that was refused so.
func (in *returnRejection) outcome() string {
	switch in.Decision {
	case trade.RejectReceived:
		return trade.ReturnGoodsRejected
	case trade.RejectReplacement:
		return trade.ReplacementRejected
	}
	return trade.ReturnRejected
}

// rejectReturnRequest is the seller's refusal of a request, or of the goods.
func rejectReturnRequest(c *gate.Call) *gate.Failure {
	var input returnRejection
	if f := c.Decode(&input); f != nil {
		return f
	}
	if f := input.validate(); f != nil {
		return f
	}
	s := c.Shop
	s.Mu.Lock()
	defer s.Mu.Unlock()
	return trade.Repeat(c, func() *gate.Failure {
		r, f := findReturn(c, c.Param(0))
		if f != nil {
			return f
		}
		if f := input.fits(r); f != nil {
			return f
		}
		if f := trade.CheckReason(s.Market, input.Reason, trade.RoleSeller, r.ReasonState(), trade.RejectKinds(r)...); f != nil {
			return f
		}
		trade.MoveReturn(s, r, input.outcome(), trade.ReturnRecord{
			Time: c.Now.Unix(), Role: trade.RoleSeller, Event: input.Decision, Text: "The seller refused",
			Note: input.Comment, Reason: input.Reason, Images: input.imageIDs(),
		})
		return nil
	})
}
