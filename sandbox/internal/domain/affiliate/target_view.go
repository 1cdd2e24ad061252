package affiliate

import (
	"strconv"
	"strings"

	"github.com/ttshop-go/ttshop/sandbox/internal/domain/product"
	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
	"github.com/ttshop-go/ttshop/sandbox/internal/invent"
)

// targetSummary is a target collaboration in lists.
type targetSummary struct {
	ContentCreators  int          `json:"content_creator_count"`
	End              int64        `json:"end_time"`
	Sample           targetSample `json:"free_sample_rule"`
	ID               string       `json:"id"`
	Message          string       `json:"message"`
	Name             string       `json:"name"`
	ProductCount     int          `json:"product_count"`
	ShowcaseCreators int          `json:"showcase_creator_count"`
	Start            int64        `json:"start_time"`
	Type             string       `json:"type"`
	Updated          int64        `json:"update_time"`
}

// targetView is a target collaboration by itself.
type targetView struct {
	targetSummary
	Invited  int                 `json:"creator_invited_count"`
	Creators []targetCreatorView `json:"creators"`
	Products []targetProductView `json:"products"`
	Contact  targetContact       `json:"seller_contact_info"`
}

type targetCreatorView struct {
	Avatar           linkedImage `json:"avatar"`
	Status           string      `json:"collaboration_status"`
	ContentProducts  int         `json:"content_product_count"`
	OpenID           string      `json:"creator_open_id"`
	UserID           string      `json:"user_id"`
	Nickname         string      `json:"nickname"`
	Effective        string      `json:"product_effective_status"`
	Region           string      `json:"selection_region"`
	ShowcaseProducts int         `json:"showcase_product_count"`
	Username         string      `json:"username"`
}

type targetProductView struct {
	affiliateProduct
	CollaborationStatus string           `json:"collaboration_status"`
	Commission          targetCommission `json:"commission"`
	Effective           string           `json:"commission_effective_status"`
}

type targetCommission struct {
	priceRange
	EffectiveTime string `json:"effective_time"`
	Rate          int64  `json:"rate"`
	Ads           int64  `json:"shop_ads_commission_rate"`
}

// effective says how many of some are in effect.
func effective(some, all int) string {
	switch some {
	case 0:
		return "EFFECTIVE_NONE"
	case all:
		return "EFFECTIVE_ALL"
	}
	return "EFFECTIVE_PARTIALLY"
}

// newTargetView shows a target collaboration. A creator who has accepted shows all
// of its products.
func newTargetView(c *gate.Call, t *targetCollaboration) targetView {
	now := c.Now.Unix()
	invited, promoted := t.invited(), t.promoted()
	v := targetView{
		targetSummary: targetSummary{
			End: t.End, Sample: targetSample{t.FreeSample, t.Exempt}, ID: t.ID, Message: t.Message, Name: t.Name,
			ProductCount: len(promoted), Start: t.Start, Type: t.Type, Updated: t.Updated,
		},
		Invited: len(invited), Creators: []targetCreatorView{}, Products: []targetProductView{}, Contact: targetContact{t.Email},
	}
	for _, i := range invited {
		cr := findCreator(c.State.World, c.Shop.Region, i.Creator, byUserID)
		shown := targetCreatorView{
			Avatar: avatar(c, cr), Status: "NORMAL", OpenID: cr.OpenID, UserID: cr.userID,
			Nickname: cr.Nickname, Region: cr.region.Code, Username: cr.username,
		}
		if at, ok := t.accepts(cr, i); ok && at <= now {
			for _, p := range promoted {
				if i.Dropped[p.ID] > 0 {
					continue
				}
				shown.ShowcaseProducts++
				if videos, lives := cr.about(t.ID, p.ID); videos+lives > 0 {
					shown.ContentProducts++
				}
			}
		}
		if shown.ShowcaseProducts > 0 {
			v.ShowcaseCreators++
		}
		if shown.ContentProducts > 0 {
			v.ContentCreators++
		}
		shown.Effective = effective(shown.ShowcaseProducts, len(promoted))
		v.Creators = append(v.Creators, shown)
	}
	for i := range promoted {
		v.Products = append(v.Products, newTargetProductView(c, &promoted[i], effective(v.ShowcaseCreators, len(invited))))
	}
	return v
}

func newTargetProductView(c *gate.Call, in *targetProduct, effective string) targetProductView {
	p, rate := product.Of(c.Shop).ByID[in.ID], in.rate()
	lowest, highest := priceSpan(p, false)
	return targetProductView{
		newAffiliateProduct(c, c.Shop, p), "NORMAL",
		targetCommission{
			newPriceRange(c.Shop.Market, commissionOf(lowest, rate.Rate), commissionOf(highest, rate.Rate)),
			strconv.FormatInt(rate.Since, 10), rate.Rate, rate.Ads,
		}, effective,
	}
}

func getTarget(c *gate.Call) *gate.Failure {
	return onAffiliate(c, c.Param(0), func(a *affiliate) *gate.Failure {
		t, f := targetInPath(c, a)
		if f != nil {
			return f
		}
		c.JSONAs(struct {
			Target targetView `json:"target_collaboration"`
		}{newTargetView(c, t)})
		return nil
	})
}

// targetFilter is what a search asks for. The states in which creators accept
// are not documented and change nothing.
type targetFilter struct {
	Status string `json:"collaboration_status"`
	OpenID string `json:"creator_user_open_id"`
	UserID string `json:"creator_user_id"`
	Sample string `json:"free_sample_setting"`
	Search struct {
		Keyword string `json:"keyword"`
		Type    string `json:"keyword_type"`
	} `json:"search_param"`
}

func (in *targetFilter) matches(c *gate.Call, t *targetCollaboration) bool {
	status := t.status(c.Now.Unix())
	if in.Status == "VALID" && status != "COMPLETED" {
		status = in.Status
	}
	if t.Removed > 0 || in.Status != "" && in.Status != status || in.Sample == "WITH_FREE_SAMPLE" && !t.FreeSample {
		return false
	}
	for id, of := range map[string]func(*creator) string{in.OpenID: byOpenID, in.UserID: byUserID} {
		if id == "" {
			continue
		}
		if cr := findCreator(c.State.World, c.Shop.Region, id, of); cr == nil || !t.invites(cr.userID) {
			return false
		}
	}
	return in.names(c, t)
}

// names tells whether the keyword fits.
func (in *targetFilter) names(c *gate.Call, t *targetCollaboration) bool {
	keyword := in.Search.Keyword
	switch in.Search.Type {
	case "PRODUCT_ID", "PRODUCT_NAME":
		for _, p := range t.promoted() {
			if named(product.Of(c.Shop).ByID[p.ID], keyword, in.Search.Type) {
				return true
			}
		}
		return false
	case "TARGET_COLLABORATION_ID":
		return t.ID == keyword
	}
	return strings.Contains(strings.ToLower(t.Name), strings.ToLower(keyword))
}

func searchTargets(c *gate.Call) *gate.Failure {
	var in targetFilter
	if _, f := c.OneOf("page_size", "", "20", "50", "100"); f != nil {
		return f
	}
	return listAffiliate(c, &in, "", func(a *affiliate, l *gate.TimedList) *gate.Failure {
		page, next, total := gate.TimedPage(l, a.Targets,
			func(t *targetCollaboration) gate.Cursor { return gate.Cursor{At: 0, ID: invent.Number(t.ID)} },
			func(t *targetCollaboration) bool { return in.matches(c, t) })
		type found struct {
			targetSummary
			Invited int `json:"creator_inivited_count"` // spelt so by the platform
		}
		answer := struct {
			gate.PageEnd
			List []found `json:"target_collaborations"`
		}{gate.PageEnd{NextPageToken: next, TotalCount: total}, []found{}}
		for _, t := range page {
			v := newTargetView(c, t)
			answer.List = append(answer.List, found{v.targetSummary, v.Invited})
		}
		c.JSON(answer)
		return nil
	})
}
