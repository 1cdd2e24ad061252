package returnrefund

import (
	"slices"

	"github.com/ttshop-go/ttshop/sandbox/internal/domain/trade"
	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
	"github.com/ttshop-go/ttshop/sandbox/internal/wire"
)

// getRejectReasons lists the reasons with which a request could be refused now.
func getRejectReasons(c *gate.Call) *gate.Failure {
	id, _ := wire.Lookup(c.Query, "return_or_cancel_id")
	if id == "" {
		return gate.Missing("return_or_cancel_id")
	}
	type view struct {
		Name string `json:"name"`
		Text string `json:"text"`
	}
	s := c.Shop
	var list []trade.Reason
	if found := trade.Of(s).Cancellations[id]; found != nil {
		list = trade.ReasonsFor(s.Market, trade.RoleSeller, found.Status, trade.ReasonRejectCancel)
	} else if r := trade.Of(s).Returns[id]; r != nil {
		list = trade.ReasonsFor(s.Market, trade.RoleSeller, r.ReasonState(), trade.RejectKinds(r)...)
	} else {
		return gate.Fail(codeOrderUnknown, "no cancellation or return of the shop has the id ", id)
	}
	locale, _ := wire.Lookup(c.Query, "locale")
	views := []view{}
	for _, e := range list {
		if v := (view{e.Key, e.TextIn(locale)}); !slices.Contains(views, v) {
			views = append(views, v)
		}
	}
	c.JSON(struct {
		Reasons []view `json:"reasons"`
	}{views})
	return nil
}
