package returnrefund

import (
	"slices"
	"strconv"

	"github.com/ttshop-go/ttshop/sandbox/internal/domain/trade"
	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
)

// requestTypeAftersales is the only type of ids that requests have.
const requestTypeAftersales = "AFTERSALES"

// review is a decision about a request.
type review struct {
	RequestID string `json:"request_id"`
	Type      string `json:"request_id_type"`
	Key       string `json:"idempotency_key"` // a repeated decision meets a request that has moved on
	Decisions []struct {
		Action string `json:"action"`
		Lines  []struct {
			ID   string `json:"return_line_item_id"`
			Part string `json:"sub_return_line_item_id"`
		} `json:"line_items"`
	} `json:"line_item_decisions"`
}

// reviewAftersales decides on requests. What fails is told per request, and the
// others are decided all the same.
func reviewAftersales(c *gate.Call) *gate.Failure {
	var input struct {
		Decisions []review `json:"aftersales_request_decisions"`
	}
	if f := c.Decode(&input); f != nil {
		return f
	}
	if len(input.Decisions) == 0 {
		return gate.Missing("aftersales_request_decisions")
	}
	type failure struct {
		Code    string `json:"code"`
		Message string `json:"message"`
	}
	failures := []failure{}
	for i := range input.Decisions {
		in := &input.Decisions[i]
		if f := in.validate(); f != nil {
			return f
		}
		r, f := findReturn(c, in.RequestID)
		if f == nil {
			f = in.carryOut(c, r)
		}
		if f != nil {
			failures = append(failures, failure{strconv.Itoa(f.Code), f.Message})
		}
	}
	c.JSON(struct {
		Errors []failure `json:"errors"`
	}{failures})
	return nil
}

func (in *review) validate() *gate.Failure {
	switch {
	case in.RequestID == "":
		return gate.Missing("aftersales_request_decisions.request_id")
	case in.Type != "" && in.Type != requestTypeAftersales:
		return gate.NotAllowed("aftersales_request_decisions.request_id_type", in.Type, []string{requestTypeAftersales})
	}
	for _, d := range in.Decisions {
		if !slices.Contains(reviewDecisions, d.Action) {
			return gate.NotAllowed("aftersales_request_decisions.line_item_decisions.action", d.Action, reviewDecisions)
		}
	}
	return nil
}

// carryOut does what was decided, or says why not. A request is decided as a
// whole here; the amount of a partial refund has no place that was seen.
func (in *review) carryOut(c *gate.Call, r *trade.ReturnRequest) *gate.Failure {
	if len(in.Decisions) == 0 {
		return gate.Fail(trade.CodeReturnParameter, "nothing is decided about request ", r.ID)
	}
	action := in.Decisions[0].Action
	decision := request{returned: r}.decisionFor(action)
	switch {
	case len(in.Decisions) > 1 || !in.whole(r):
		return gate.Fail(trade.CodeReturnParameter, "request ", r.ID, " has other lines; one decision must hold for all of them")
	case action == reviewPartial || action == reviewPartialLater:
		return gate.Fail(codePartialState, "a partial refund needs an amount, which this operation has no field for")
	}
	if f := (request{returned: r}).refuse(decision); f != nil {
		return f
	}
	if !isRefusal(decision) {
		return grantReturn(c.Shop, r, &approval{Decision: decision}, c.Now.Unix())
	}
	trade.MoveReturn(c.Shop, r, trade.Rejected(decision), trade.ReturnRecord{
		Time: c.Now.Unix(), Role: trade.RoleSeller, Event: decision, Text: "The seller refused",
	})
	return nil
}

// whole reports whether a decision names all lines of a request, or none.
func (in *review) whole(r *trade.ReturnRequest) bool {
	lines := in.Decisions[0].Lines
	for _, line := range lines {
		if line.Part != "" || !slices.ContainsFunc(r.Lines, func(at trade.AfterSaleLine) bool { return at.ID == line.ID }) {
			return false
		}
	}
	return len(lines) == 0 || len(lines) == len(r.Lines)
}
