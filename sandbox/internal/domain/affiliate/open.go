package affiliate

import (
	"strings"

	"github.com/ttshop-go/ttshop/sandbox/internal/domain/category"
	"github.com/ttshop-go/ttshop/sandbox/internal/domain/product"
	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
	"github.com/ttshop-go/ttshop/sandbox/internal/invent"
)

func createOpenCollaboration(c *gate.Call) *gate.Failure {
	var in struct {
		Rate    *int64 `json:"commission_rate"`
		Product string `json:"product_id"`
		Approve bool   `json:"require_seller_approve_creator"`
	}
	if f := c.Decode(&in); f != nil {
		return f
	}
	switch { // older dates leave both open
	case in.Product == "":
		return gate.Missing("product_id")
	case in.Rate == nil:
		return gate.Missing("commission_rate")
	case !rateAllowed(*in.Rate):
		return gate.Fail(codeOpenRate, "'commission_rate' must be from 100 to 8000, which is 1% to 80%")
	}
	return onAffiliate(c, in.Product, func(a *affiliate) *gate.Failure {
		p, f := promotable(c, in.Product, collaborationCodes{gate.CodeInvalidParameter, gate.CodeInvalidParameter, codeOpenRestricted})
		if f != nil {
			return f
		}
		if o := a.openFor(p.ID, c.Now.Unix()); o != nil {
			return gate.Fail(codeOpenTaken, "product ", p.ID, " is in open collaboration ", o.ID)
		}
		type made struct {
			EffectiveTime int64  `json:"effective_time"`
			ID            string `json:"id"`
			ProductID     string `json:"product_id"`
		}
		o := offerOpenly(c.Shop, p.ID, *in.Rate, in.Approve, c.Now.Unix())
		c.JSON(struct {
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
func editOpenSettings(c *gate.Call) *gate.Failure {
	var in struct {
		Auto *autoAddProduct `json:"auto_add_product"`
	}
	if f := c.Decode(&in); f != nil {
		return f
	}
	return onAffiliate(c, "", func(a *affiliate) *gate.Failure {
		switch {
		case in.Auto == nil:
			return nil
		case in.Auto.Enable && !rateAllowed(in.Auto.Rate):
			return gate.Fail(gate.CodeInvalidParameter, "'auto_add_product.commission_rate' must be from 100 to 8000, which is 1% to 80%")
		}
		a.AutoAdd, a.AutoRate = in.Auto.Enable, in.Auto.Rate
		enroll(c.Shop, c.Now)
		return nil
	})
}

func getOpenSettings(c *gate.Call) *gate.Failure {
	return onAffiliate(c, "", func(a *affiliate) *gate.Failure {
		type settings struct {
			Auto autoAddProduct `json:"auto_add_product"`
		}
		c.JSON(struct {
			Settings settings `json:"open_collaboration_settings"`
		}{settings{autoAddProduct{a.AutoRate, a.AutoAdd}}})
		return nil
	})
}

// removeOpenCollaboration ends the collaboration of a product. Once more tells
// the same end.
func removeOpenCollaboration(c *gate.Call) *gate.Failure {
	product := c.Param(0)
	return onAffiliate(c, product, func(a *affiliate) *gate.Failure {
		o := a.openFor(product, c.Now.Unix())
		if o == nil {
			return gate.Fail(gate.CodeInvalidParameter, "'product_id' ", product, " is in no open collaboration of the shop")
		}
		if o.End == 0 {
			o.End = c.Now.Unix() + terminationPeriod
		}
		c.JSON(struct {
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

func newOpenView(c *gate.Call, o *openCollaboration) openView {
	v := openView{
		ID: o.ID, Status: o.status(), Approve: o.Approve, Commission: openCommission{o.End, o.Rate, o.Start},
		Product: newAffiliateProduct(c, c.Shop, product.Of(c.Shop).ByID[o.Product]),
	}
	for _, p := range promoters(c.Shop, o, c.Now.Unix()) {
		v.ShowcaseCreators++
		if p.videos+p.lives > 0 {
			v.ContentCreators++
		}
	}
	return v
}

// searchOpenCollaborations lists what has not ended, in the order of its
// creation. By which fields it can be sorted is not documented.
func searchOpenCollaborations(c *gate.Call) *gate.Failure {
	var in struct {
		Keyword  string `json:"keyword"`
		Type     string `json:"keyword_type"`
		Category string `json:"top_level_category_id"`
	}
	return listAffiliate(c, &in, "", func(a *affiliate, l *gate.TimedList) *gate.Failure {
		page, next, total := gate.TimedPage(l, a.Open, (*openCollaboration).key, func(o *openCollaboration) bool {
			p := product.Of(c.Shop).ByID[o.Product]
			return o.runs(c.Now.Unix()) && named(p, in.Keyword, in.Type) && (in.Category == "" || category.CatalogOf(c.State.World).Under(p.Live.CategoryID, in.Category))
		})
		answer := struct {
			gate.PageEnd
			List []openView `json:"open_collaborations"`
		}{gate.PageEnd{NextPageToken: next, TotalCount: total}, []openView{}}
		for _, o := range page {
			answer.List = append(answer.List, newOpenView(c, o))
		}
		c.JSONAs(answer)
		return nil
	})
}

func (o *openCollaboration) key() gate.Cursor { return gate.Cursor{At: 0, ID: invent.Number(o.ID)} }

// named tells whether a product has a keyword of a kind.
func named(p *product.Product, keyword, kind string) bool {
	if kind == "PRODUCT_ID" && keyword != "" {
		return p.ID == keyword
	}
	return strings.Contains(strings.ToLower(p.Live.Title), strings.ToLower(keyword))
}
