package affiliatepartner

import (
	"net/http"
	"strconv"

	"github.com/ttshop-go/ttshop/sandbox/internal/domain/product"
	"github.com/ttshop-go/ttshop/sandbox/internal/domain/trade"
	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
	"github.com/ttshop-go/ttshop/sandbox/internal/world"
)

// reviewProduct decides about a product that a seller entered, once.
func reviewProduct(c *gate.Call) *gate.Failure {
	var in struct {
		Reasons []string `json:"reject_reasons"`
		Result  string   `json:"review_result"`
	}
	if f := c.Decode(&in); f != nil {
		return f
	}
	if in.Result != "APPROVE" && len(in.Reasons) == 0 {
		return gate.Missing("reject_reasons")
	}
	return onCampaign(c, func(of *campaign) *gate.Failure {
		p := of.product(c.Param(1))
		switch {
		case !of.online(c.Now.Unix()):
			return gate.Fail(codeOffline, "campaign ", of.ID, " is ", of.status(c.Now.Unix()))
		case p == nil:
			return gate.Fail(gate.CodeInvalidParameter, "'product_id' ", c.Param(1), " is not in campaign ", of.ID)
		case p.Status != productPending:
			return gate.Fail(gate.CodeInvalidParameter, "'product_id' ", p.Product, " is ", p.Status)
		}
		p.Status = productApproved
		if in.Result != "APPROVE" {
			p.Status, p.Forever = productRejected, in.Result == "REJECT_FOREVER"
		}
		return nil
	})
}

// link is a page that stands for one of the platform's.
func link(c *gate.Call, of *campaign, p *entered) string {
	p.Linked = true
	return c.BaseURL() + world.FilePrefix + "campaign-" + of.ID + "-product-" + p.Product + ".html"
}

// linkProduct makes the link of an approved product, with the creator's part of the
// commission.
func linkProduct(c *gate.Call) *gate.Failure {
	var in struct {
		Rate int64 `json:"creator_commission_rate"`
	}
	if f := c.Decode(&in); f != nil {
		return f
	}
	return onCampaign(c, func(of *campaign) *gate.Failure {
		p := of.product(c.Param(1))
		switch {
		case !of.online(c.Now.Unix()):
			return gate.Fail(codeOffline, "campaign ", of.ID, " is ", of.status(c.Now.Unix()))
		case p == nil || p.Status != productApproved:
			return gate.Fail(codeNoProduct, "'product_id' ", c.Param(1), " is not an approved product of campaign ", of.ID)
		case in.Rate < 0 || in.Rate > p.Rate:
			return gate.Fail(gate.CodeInvalidParameter, "'creator_commission_rate' must be from 0 to what the seller gives, ", strconv.FormatInt(p.Rate, 10))
		}
		p.CreatorRate = in.Rate
		c.JSON(struct {
			Link string `json:"product_promotion_link"`
		}{link(c, of, p)})
		return nil
	})
}

// linkProducts makes links with the parts that they have, and names the products
// that got none.
func linkProducts(c *gate.Call) *gate.Failure {
	var in struct {
		IDs []string `json:"product_ids"`
	}
	if f := c.Decode(&in); f != nil {
		return f
	}
	type made struct {
		Link    string `json:"link"`
		Product string `json:"product_id"`
	}
	return onCampaign(c, func(of *campaign) *gate.Failure {
		if !of.online(c.Now.Unix()) {
			return gate.Fail(codeOffline, "campaign ", of.ID, " is ", of.status(c.Now.Unix()))
		}
		failed, links := []string{}, []made{}
		for _, id := range in.IDs {
			if p := of.product(id); p != nil && p.Status == productApproved {
				links = append(links, made{link(c, of, p), id})
			} else {
				failed = append(failed, id)
			}
		}
		c.JSON(struct {
			Failed []string `json:"failed_product_ids"`
			Links  []made   `json:"product_promotion_links"`
		}{failed, links})
		return nil
	})
}

// postProduct is a seller who enters a product.
func postProduct(g *gate.Gate, w http.ResponseWriter, r *http.Request) {
	var in struct {
		Campaign string `json:"campaign_id"`
		Product  string `json:"product_id"`
		Rate     int64  `json:"commission_rate"`
		Quota    int64  `json:"sample_quota"`
	}
	if !gate.ControlBody(w, r, &in) {
		return
	}
	known, now := g.Present()
	s := known.Owners.Of(in.Product)
	if s == nil {
		gate.ControlError(w, http.StatusNotFound, "no product has this id")
		return
	}
	s.Mu.RLock()
	p := product.Of(s).ByID[in.Product]
	live := p != nil && p.Status == product.ProductActivate
	s.Mu.RUnlock()
	all := campaignsOf(known)
	all.mu.Lock()
	defer all.mu.Unlock()
	of := all.find(in.Campaign)
	if of == nil {
		gate.ControlError(w, http.StatusNotFound, "no campaign has this id")
		return
	}
	if f := of.enter(s, &entered{Shop: s.ID, Product: in.Product, Rate: in.Rate, Quota: in.Quota, Status: productPending}, live, now.Unix()); f != nil {
		gate.Refused(w, f)
		return
	}
	gate.ControlAnswer(w, http.StatusCreated, struct {
		Status string `json:"review_status"`
	}{productPending})
}

// enter adds a product, or says why it cannot take part. One that was rejected may
// come again, unless that was for good.
func (c *campaign) enter(s *world.Shop, p *entered, live bool, now int64) *gate.Failure {
	old := c.product(p.Product)
	switch {
	case !c.online(now) || now < c.EnterFrom || now >= c.EnterTo:
		return trade.Cannot("campaign ", c.ID, " takes no products now")
	case !c.admits(s):
		return trade.Cannot("campaign ", c.ID, " is not for shop ", s.Code)
	case !live:
		return trade.Cannot(p.Product, " is not a live product")
	case p.Rate < c.Rate || p.Rate >= 8000:
		return trade.Cannot("commission_rate is from what the campaign asks for, ", strconv.FormatInt(c.Rate, 10), ", to 7999")
	case p.Quota < 0:
		return trade.Cannot("sample_quota is negative")
	case old != nil && (old.Status != productRejected || old.Forever):
		return trade.Cannot("product ", p.Product, " is ", old.Status, " in campaign ", c.ID)
	case old != nil:
		*old = *p
		return nil
	}
	c.Products = append(c.Products, p)
	return nil
}
