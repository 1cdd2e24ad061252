package affiliate

import (
	"encoding/json"

	"github.com/ttshop-go/ttshop/sandbox/internal/domain/product"
	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
)

// sampleRule says how samples of a product are given out.
type sampleRule struct {
	Product    string          `json:"product"`
	Start      int64           `json:"start"`
	End        int64           `json:"end"`
	Unlimited  bool            `json:"unlimited"` // in time
	Quota      int64           `json:"quota"`
	Thresholds json.RawMessage `json:"thresholds,omitempty"`
}

func (a *affiliate) rule(product string) *sampleRule {
	for _, r := range a.Rules {
		if r.Product == product {
			return r
		}
	}
	return nil
}

// left is how many samples can still be given.
func (r *sampleRule) left(a *affiliate) int64 {
	left := r.Quota
	for _, s := range a.Applications {
		if s.Product == r.Product && s.Decided >= r.Start && s.given() {
			left--
		}
	}
	return max(left, 0)
}

func editSampleRule(c *gate.Call) *gate.Failure {
	var in struct {
		Product string `json:"product_id"`
		Rule    *struct {
			Status     string          `json:"activate_status"`
			Start      int64           `json:"start_time"`
			End        int64           `json:"end_time"`
			Unlimited  bool            `json:"is_sample_time_unlimited"`
			Quota      int64           `json:"sample_quota"`
			Thresholds json.RawMessage `json:"thresholds"`
		} `json:"sample_rule"`
	}
	if f := c.Decode(&in); f != nil {
		return f
	}
	return onAffiliate(c, in.Product, func(a *affiliate) *gate.Failure {
		if a.openFor(in.Product, c.Now.Unix()) == nil {
			return gate.Fail(gate.CodeInvalidParameter, "'product_id' ", in.Product, " is in no open collaboration of the shop")
		}
		if in.Rule == nil {
			return nil
		}
		r := &sampleRule{in.Product, in.Rule.Start, in.Rule.End, in.Rule.Unlimited, in.Rule.Quota, in.Rule.Thresholds}
		off := in.Rule.Status == "DEACTIVATE"
		if r.Start == 0 {
			r.Start = c.Now.Unix()
		}
		switch {
		case off:
		case r.Quota < 0:
			return gate.Fail(gate.CodeInvalidParameter, "'sample_rule.sample_quota' is negative")
		case !r.Unlimited && (r.End <= r.Start || r.End <= c.Now.Unix()):
			return gate.Fail(gate.CodeInvalidParameter, "'sample_rule.end_time' must be after the start and after now")
		}
		rules := []*sampleRule{}
		for _, other := range a.Rules {
			if other.Product != r.Product {
				rules = append(rules, other)
			}
		}
		if !off {
			rules = append(rules, r)
		}
		a.Rules = rules
		return nil
	})
}

// sampleRuleView is a rule in answers.
type sampleRuleView struct {
	Available  int64           `json:"available_quantity"`
	End        int64           `json:"end_time,omitempty"`
	Unlimited  bool            `json:"is_sample_time_unlimited"`
	Product    string          `json:"product_id"`
	Quota      int64           `json:"sample_quota"`
	Start      int64           `json:"start_time"`
	Status     string          `json:"status"`
	Thresholds json.RawMessage `json:"thresholds,omitempty"`
}

// getSampleRules shows the rules of products. A product without one, or with one
// that was switched off, has none to show.
func getSampleRules(c *gate.Call) *gate.Failure {
	products := c.List("product_ids")
	return onAffiliate(c, products[0], func(a *affiliate) *gate.Failure {
		views := []sampleRuleView{}
		for _, id := range products {
			if r := a.rule(id); r != nil {
				views = append(views, sampleRuleView{r.left(a), r.End, r.Unlimited, r.Product, r.Quota, r.Start, ruleStatus(c, r), r.Thresholds})
			}
		}
		c.JSONAs(struct {
			Rules []sampleRuleView `json:"sample_rules"`
		}{views})
		return nil
	})
}

// ruleStatus is the state of a rule. It is an exception where nobody could get a
// sample: the product is off sale or no longer promoted.
func ruleStatus(c *gate.Call, r *sampleRule) string {
	now := c.Now.Unix()
	switch {
	case !r.Unlimited && now >= r.End:
		return "EXPIRED"
	case product.Of(c.Shop).ByID[r.Product].Status != product.ProductActivate || Of(c.Shop).openFor(r.Product, now) == nil:
		return "PLAN_EXCEPTION"
	case now < r.Start:
		return "NOT_STARTED"
	}
	return "ONGOING"
}
