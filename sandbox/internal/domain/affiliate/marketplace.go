package affiliate

import (
	"slices"
	"strconv"
	"strings"

	"github.com/ttshop-go/ttshop/sandbox/internal/domain/product"
	"github.com/ttshop-go/ttshop/sandbox/internal/domain/promotion"
	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
	"github.com/ttshop-go/ttshop/sandbox/internal/invent"
	"github.com/ttshop-go/ttshop/sandbox/internal/market"
)

// creatorView is a creator on the marketplace, as lists show them.
type creatorView struct {
	creatorFigures
	Video        int64               `json:"avg_ec_video_view_count"`
	Live         int64               `json:"avg_ec_live_uv"`
	OpenID       string              `json:"creator_open_id"`
	Demographics creatorDemographics `json:"top_follower_demographics"`
}

// creatorFigures are what lists and the performance of a creator share.
type creatorFigures struct {
	Avatar    linkedImage          `json:"avatar"`
	Category  []string             `json:"category_ids"`
	Followers int64                `json:"follower_count"`
	GMV       promotion.PriceMoney `json:"gmv"`
	GMVRange  moneyRange           `json:"gmv_range"`
	LiveGMV   promotion.PriceMoney `json:"live_gmv"`
	Nickname  string               `json:"nickname"`
	Region    string               `json:"selection_region"`
	Units     unitsInRange         `json:"units_sold_range"`
	Username  string               `json:"username"`
	VideoGMV  promotion.PriceMoney `json:"video_gmv"`
}

type moneyRange struct {
	Currency  string `json:"currency"`
	Formatted string `json:"formatted_range"`
	Maximum   string `json:"maximum_amount,omitempty"` // missing in the highest range
	Minimum   string `json:"minimum_amount"`
}

type unitsInRange struct {
	Formatted string `json:"formatted_range"`
	Maximum   int64  `json:"maximum_amount,omitempty"`
	Minimum   int64  `json:"minimum_amount"`
}

type creatorDemographics struct {
	Ages   []string    `json:"age_ranges"`
	Gender majorGender `json:"major_gender"`
}

type majorGender struct {
	Gender     string `json:"gender"`
	Percentage int64  `json:"percentage"`
}

// step is a range of a value: from least up to, but without, most. The last one
// has no end.
type step struct {
	name        string
	least, most int64
}

// The ranges of sales, in US dollars here whatever the market, and of units.
var (
	gmvSteps = []step{
		{"GMV_RANGE_0_100", 0, 100}, {"GMV_RANGE_100_1000", 100, 1000},
		{"GMV_RANGE_1000_10000", 1000, 10000}, {"GMV_RANGE_10000_AND_ABOVE", 10000, 0},
	}
	unitSteps = []step{
		{"UNITS_SOLD_RANGE_0_10", 0, 10}, {"UNITS_SOLD_RANGE_10_100", 10, 100},
		{"UNITS_SOLD_RANGE_100_1000", 100, 1000}, {"UNITS_SOLD_RANGE_1000_AND_ABOVE", 1000, 0},
	}
)

// stepOf returns the range that a value is in.
func stepOf(steps []step, value int64) step {
	i := slices.IndexFunc(steps, func(s step) bool { return value >= s.least && (s.most == 0 || value < s.most) })
	return steps[i]
}

// rangeOf is the range of an amount of US cents, in the market's money.
func rangeOf(r *market.Region, cents int64) moneyRange {
	at := stepOf(gmvSteps, cents/100)
	v := moneyRange{Currency: r.Currency, Minimum: r.Money(product.LocalPrice(r, 100*at.least))}
	v.Formatted = v.Minimum + "+"
	if at.most > 0 {
		v.Maximum = r.Money(product.LocalPrice(r, 100*at.most))
		v.Formatted = v.Minimum + "-" + v.Maximum
	}
	return v
}

func unitsIn(units int64) unitsInRange {
	at := stepOf(unitSteps, units)
	v := unitsInRange{Formatted: strconv.FormatInt(at.least, 10) + "+", Minimum: at.least, Maximum: at.most}
	if at.most > 0 {
		v.Formatted = strconv.FormatInt(at.least, 10) + "-" + strconv.FormatInt(at.most, 10)
	}
	return v
}

// worth shows an amount of US cents in the market's money.
func worth(r *market.Region, cents int64) promotion.PriceMoney {
	return promotion.PriceMoney{Amount: r.Money(product.LocalPrice(r, cents)), Currency: r.Currency}
}

func newCreatorFigures(c *gate.Call, cr *creator) creatorFigures {
	r := cr.region
	return creatorFigures{
		Avatar: avatar(c, cr), Category: cr.categories, Followers: cr.followers, GMV: worth(r, cr.gmv()), GMVRange: rangeOf(r, cr.gmv()),
		LiveGMV: worth(r, cr.live), Nickname: cr.Nickname, Region: r.Code, Units: unitsIn(cr.units), Username: cr.username, VideoGMV: worth(r, cr.video),
	}
}

// creatorFilter is what searches on the marketplace ask for. Filters whose
// values have no documented meaning are taken and change nothing.
type creatorFilter struct {
	Keyword   string   `json:"keyword"`
	SearchKey string   `json:"search_key"`
	GMV       []string `json:"gmv_ranges"`
	Units     []string `json:"units_sold_ranges"`
	Followers struct {
		Ages  []string `json:"age_ranges"`
		Count struct {
			From int64  `json:"count_ge"`
			To   *int64 `json:"count_le"`
		} `json:"count_range"`
		Gender struct {
			Gender string `json:"gender"`
			Share  int64  `json:"percentage_ge"`
		} `json:"gender_distribution"`
	} `json:"follower_demographics"`
	Category []struct {
		Parent   string   `json:"parent_category_id"`
		Children []string `json:"child_category_id_list"`
	} `json:"category"`
	Affiliate struct {
		Agency     string `json:"creator_agency_staus"`
		Growing    bool   `json:"is_fast_growing"`
		NotInvited bool   `json:"not_invited_l90_days"`
	} `json:"affiliate_data"`
}

func (in *creatorFilter) matches(c *gate.Call, cr *creator) bool {
	any := func(wanted []string, has ...string) bool {
		return len(wanted) == 0 || slices.ContainsFunc(wanted, func(w string) bool { return slices.Contains(has, w) })
	}
	keyword, people := strings.ToLower(in.Keyword), &in.Followers
	agency := map[bool]string{true: "AGENCY_MANAGED", false: "INDEPENDENT"}[cr.agency]
	var parents []string
	for _, wanted := range in.Category {
		parents = append(parents, wanted.Parent)
	}
	return strings.Contains(strings.ToLower(cr.username+" "+cr.Nickname), keyword) &&
		any(in.GMV, stepOf(gmvSteps, cr.gmv()/100).name) && any(in.Units, stepOf(unitSteps, cr.units).name) &&
		any(people.Ages, cr.topAges()...) && cr.followers >= people.Count.From && (people.Count.To == nil || cr.followers <= *people.Count.To) &&
		(people.Gender.Gender == "" || cr.gender == people.Gender.Gender && cr.genderShare >= people.Gender.Share) &&
		any(parents, cr.categories...) && (in.Affiliate.Agency == "" || in.Affiliate.Agency == agency) &&
		(!in.Affiliate.Growing || cr.growing) && !(in.Affiliate.NotInvited && invited(c.Shop, cr, c.Now.Unix()-90*invent.SecondsOfDay))
}

// searchCreators lists the creators of the shop's market.
func searchCreators(c *gate.Call) *gate.Failure {
	var in creatorFilter
	if _, f := c.OneOf("page_size", "", "12", "20"); f != nil {
		return f
	}
	return listAffiliate(c, &in, "", func(_ *affiliate, l *gate.TimedList) *gate.Failure {
		page, next, _ := gate.TimedPage(l, creatorsOf(c.State.World)[c.Shop.Region],
			func(cr *creator) gate.Cursor { return gate.Cursor{At: 0, ID: invent.Number(cr.userID)} }, func(cr *creator) bool { return in.matches(c, cr) })
		answer := struct {
			Creators  []creatorView `json:"creators"`
			Next      string        `json:"next_page_token"`
			SearchKey string        `json:"search_key"`
		}{[]creatorView{}, next, in.SearchKey}
		if answer.SearchKey == "" {
			answer.SearchKey = strconv.FormatUint(invent.FNVMixed([]string{c.Shop.ID, string(c.Body)}), 36)
		}
		for _, cr := range page {
			answer.Creators = append(answer.Creators, creatorView{
				newCreatorFigures(c, cr), cr.views, cr.viewers, cr.OpenID,
				creatorDemographics{cr.topAges(), majorGender{cr.gender, cr.genderShare}},
			})
		}
		c.JSONAs(answer)
		return nil
	})
}
