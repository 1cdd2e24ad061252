package returnrefund

import (
	"github.com/ttshop-go/ttshop/sandbox/internal/domain/trade"
	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
	"github.com/ttshop-go/ttshop/sandbox/internal/world"
)

// The decisions with which a seller agrees.
const (
	ApproveReceived    = "APPROVE_RECEIVED_PACKAGE"
	ApproveReplacement = "APPROVE_REPLACEMENT"
	RefundInstead      = "ISSUE_REPLACEMENT_REFUND"
)

// approval is the body of a seller's consent.
type approval struct {
	Decision  string `json:"decision"`
	KeepsItem bool   `json:"buyer_keep_item"`
	Partial   *struct {
		Amount   string `json:"amount"`
		Currency string `json:"currency"`
	} `json:"partial_refund"`
}

// kind returns the type of the requests that the decision is for; empty for
// what is no decision.
func (in *approval) kind() string {
	switch in.Decision {
	case trade.ApproveRefund, trade.OfferPartial:
		return trade.ReturnRefund
	case trade.ApproveReturn, ApproveReceived:
		return trade.ReturnGoods
	case ApproveReplacement, RefundInstead:
		return trade.ReturnReplacement
	}
	return ""
}

func (in *approval) validate() *gate.Failure {
	switch {
	case in.Decision == "":
		return gate.Missing("decision")
	case in.kind() == "":
		return gate.NotAllowed("decision", in.Decision, []string{trade.ApproveRefund, trade.ApproveReturn, ApproveReceived, ApproveReplacement, RefundInstead, trade.OfferPartial})
	case in.KeepsItem && in.Decision != trade.ApproveReturn:
		return gate.Fail(trade.CodeReturnParameter, "'buyer_keep_item' goes with the decision ", trade.ApproveReturn, " only")
	case in.Decision == trade.OfferPartial && in.Partial == nil:
		return gate.Missing("partial_refund")
	}
	return nil
}

// fits reports why a request is not open to the decision.
func (in *approval) fits(r *trade.ReturnRequest) *gate.Failure {
	switch {
	case r.Arbitration == trade.ArbitrationRunning:
		return gate.Fail(codeArbitrating, "an arbitration about return ", r.ID, " is running")
	case in.kind() != r.Type:
		return gate.Fail(codeDecisionType, "decision ", in.Decision, " is none for a ", r.Type)
	case r.Status == trade.ReturnCancel || r.Status == trade.ReplacementCancel:
		return gate.Fail(codeAlreadyCancelled, "return ", r.ID, " was taken back or closed")
	case in.Decision == ApproveReceived && r.Status != trade.ReturnShipped:
		return gate.Fail(codeReceiveState, "return ", r.ID, " is ", r.Status)
	case in.Decision == trade.OfferPartial && !r.Pending():
		return gate.Fail(codePartialState, "return ", r.ID, " is ", r.Status)
	case in.Decision != ApproveReceived && !r.Pending():
		return gate.Fail(codeApproveState, "return ", r.ID, " is ", r.Status)
	case r.OfferOpen:
		return gate.Fail(codeNegotiating, "the buyer has not answered the offer of return ", r.ID)
	}
	return nil
}

// approveReturnRequest is the seller's consent.
func approveReturnRequest(c *gate.Call) *gate.Failure {
	var input approval
	if f := c.Decode(&input); f != nil {
		return f
	}
	if f := input.validate(); f != nil {
		return f
	}
	c.Shop.Mu.Lock()
	defer c.Shop.Mu.Unlock()
	return trade.Repeat(c, func() *gate.Failure {
		r, f := findReturn(c, c.Param(0))
		if f != nil {
			return f
		}
		if f := input.fits(r); f != nil {
			return f
		}
		return grantReturn(c.Shop, r, &input, c.Now.Unix())
	})
}

func grantReturn(s *world.Shop, r *trade.ReturnRequest, in *approval, now int64) *gate.Failure {
	done := trade.ReturnRecord{Time: now, Role: trade.RoleSeller, Event: in.Decision, Text: "The seller agreed"}
	switch in.Decision {
	case trade.ApproveRefund, ApproveReceived:
		trade.MoveReturn(s, r, trade.ReturnSuccess, done)
	case trade.ApproveReturn:
		if in.KeepsItem {
			trade.LetKeep(s, r, done)
		} else {
			trade.MoveReturn(s, r, trade.ReturnAwaitingShip, done)
		}
	case ApproveReplacement:
		if !trade.Replace(s, r, now) {
			return gate.Fail(codeReturnState, "the goods of return ", r.ID, " are out of stock")
		}
		trade.MoveReturn(s, r, trade.ReplacementComplete, done)
	case RefundInstead:
		trade.RefundUnreplaced(s, r, done)
	case trade.OfferPartial:
		amount, f := checkAmount(s, in.Partial.Amount, in.Partial.Currency)
		if f != nil {
			return f
		}
		if most := trade.SumOf(r.Lines).Total(); amount >= most {
			return gate.Fail(codeRefundTooLarge, "a partial refund is less than ", s.Market.Money(most))
		}
		trade.OfferPart(s, r, amount, trade.ReturnRecord{Time: now, Role: trade.RoleSeller, Event: in.Decision, Text: "The seller offered a part of the money"}, now)
	}
	return nil
}
