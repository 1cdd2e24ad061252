package sandbox

import "slices"

// getRejectReasons lists the reasons with which a request could be refused now.
func getRejectReasons(c *call) *failure {
	id, _ := lookup(c.query, "return_or_cancel_id")
	if id == "" {
		return missing("return_or_cancel_id")
	}
	type view struct {
		Name string `json:"name"`
		Text string `json:"text"`
	}
	s := c.shop
	s.mu.RLock()
	defer s.mu.RUnlock()
	var list []reason
	if found := tradeOf(s).Cancellations[id]; found != nil {
		list = reasonsFor(s.region, roleSeller, found.Status, reasonRejectCancel)
	} else if r := tradeOf(s).Returns[id]; r != nil {
		list = reasonsFor(s.region, roleSeller, r.reasonState(), rejectKinds(r)...)
	} else {
		return fail(codeOrderUnknown, "no cancellation or return of the shop has the id ", id)
	}
	views := []view{}
	for _, e := range list {
		if !slices.Contains(views, view{e.Key, e.Text}) {
			views = append(views, view{e.Key, e.Text})
		}
	}
	c.json(struct {
		Reasons []view `json:"reasons"`
	}{views})
	return nil
}
