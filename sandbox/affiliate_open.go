package sandbox

import "strings"

func createOpenCollaboration(c *call) *failure {
	var in struct {
		Rate    *int64 `json:"commission_rate"`
		Product string `json:"product_id"`
		Approve bool   `json:"require_seller_approve_creator"`
	}
	if f := c.decode(&in); f != nil {
		return f
	}
	switch { // older dates leave both open
	case in.Product == "":
		return missing("product_id")
	case in.Rate == nil:
		return missing("commission_rate")
	case !rateAllowed(*in.Rate):
		return fail(codeOpenRate, "'commission_rate' must be from 100 to 8000, which is 1% to 80%")
	}
	return onAffiliate(c, in.Product, func(a *affiliate) *failure {
		p, f := promotable(c, in.Product, collaborationCodes{codeInvalidParameter, codeInvalidParameter, codeOpenRestricted})
		if f != nil {
			return f
		}
		if o := a.openFor(p.id, c.now.Unix()); o != nil {
			return fail(codeOpenTaken, "product ", p.id, " is in open collaboration ", o.ID)
		}
		type made struct {
			EffectiveTime int64  `json:"effective_time"`
			ID            string `json:"id"`
			ProductID     string `json:"product_id"`
		}
		o := offerOpenly(c.shop, p.id, *in.Rate, in.Approve, c.now.Unix())
		c.json(struct {
			Made made `json:"open_collaboration"`
		}{made{o.Start, o.ID, o.Product}})
		return nil
	})
}

// autoAddProduct are the settings of open collaborations.
type autoAddProduct struct {
	Rate   int64 `json:"commission_rate"`
	Enable bool  `json:"enable"`
}

// editOpenSettings turns the enrollment of products on or off. A rate counts
// while it is on.
func editOpenSettings(c *call) *failure {
	var in struct {
		Auto *autoAddProduct `json:"auto_add_product"`
	}
	if f := c.decode(&in); f != nil {
		return f
	}
	return onAffiliate(c, "", func(a *affiliate) *failure {
		switch {
		case in.Auto == nil:
			return nil
		case in.Auto.Enable && !rateAllowed(in.Auto.Rate):
			return fail(codeInvalidParameter, "'auto_add_product.commission_rate' must be from 100 to 8000, which is 1% to 80%")
		}
		a.AutoAdd, a.AutoRate = in.Auto.Enable, in.Auto.Rate
		enroll(c.shop, c.now)
		return nil
	})
}

func getOpenSettings(c *call) *failure {
	return onAffiliate(c, "", func(a *affiliate) *failure {
		type settings struct {
			Auto autoAddProduct `json:"auto_add_product"`
		}
		c.json(struct {
			Settings settings `json:"open_collaboration_settings"`
		}{settings{autoAddProduct{a.AutoRate, a.AutoAdd}}})
		return nil
	})
}

// removeOpenCollaboration ends the collaboration of a product. Once more tells
// the same end.
func removeOpenCollaboration(c *call) *failure {
	product := c.param(0)
	return onAffiliate(c, product, func(a *affiliate) *failure {
		o := a.openFor(product, c.now.Unix())
		if o == nil {
			return fail(codeInvalidParameter, "'product_id' ", product, " is in no open collaboration of the shop")
		}
		if o.End == 0 {
			o.End = c.now.Unix() + terminationPeriod
		}
		c.json(struct {
			End int64 `json:"terminated_effective_time"`
		}{o.End})
		return nil
	})
}

// openView is an open collaboration in answers.
type openView struct {
	ID               string           `json:"id"`
	Status           string           `json:"status"`
	Approve          bool             `json:"require_seller_approve_creator"`
	Commission       openCommission   `json:"current_commission"`
	Product          affiliateProduct `json:"product"`
	ContentCreators  int              `json:"content_creator_count"`
	ShowcaseCreators int              `json:"showcase_creator_count"`
}

type openCommission struct {
	End   int64 `json:"end_time,omitempty"`
	Rate  int64 `json:"rate"`
	Start int64 `json:"start_time"`
}

func newOpenView(c *call, o *openCollaboration) openView {
	v := openView{
		ID: o.ID, Status: o.status(), Approve: o.Approve, Commission: openCommission{o.End, o.Rate, o.Start},
		Product: newAffiliateProduct(c, c.shop, productsOf(c.shop).byID[o.Product]),
	}
	for _, p := range promoters(c.shop, o, c.now.Unix()) {
		v.ShowcaseCreators++
		if p.videos+p.lives > 0 {
			v.ContentCreators++
		}
	}
	return v
}

// searchOpenCollaborations lists what has not ended, in the order of its
// creation. By which fields it can be sorted is not documented.
func searchOpenCollaborations(c *call) *failure {
	var in struct {
		Keyword  string `json:"keyword"`
		Type     string `json:"keyword_type"`
		Category string `json:"top_level_category_id"`
	}
	return listAffiliate(c, &in, "", func(a *affiliate, l *financeList) *failure {
		page, next, total := financePageOf(l, a.Open, (*openCollaboration).key, func(o *openCollaboration) bool {
			p := productsOf(c.shop).byID[o.Product]
			return o.runs(c.now.Unix()) && named(p, in.Keyword, in.Type) && (in.Category == "" || catalogOf(c.state.world).under(p.live.categoryID, in.Category))
		})
		answer := struct {
			pageEnd
			List []openView `json:"open_collaborations"`
		}{pageEnd{next, total}, []openView{}}
		for _, o := range page {
			answer.List = append(answer.List, newOpenView(c, o))
		}
		jsonAs(c, answer)
		return nil
	})
}

func (o *openCollaboration) key() cursor { return cursor{0, number(o.ID)} }

// named tells whether a product has a keyword of a kind.
func named(p *product, keyword, kind string) bool {
	if kind == "PRODUCT_ID" && keyword != "" {
		return p.id == keyword
	}
	return strings.Contains(strings.ToLower(p.live.title), strings.ToLower(keyword))
}
