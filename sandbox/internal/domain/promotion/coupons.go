package promotion

import (
	"slices"
	"strconv"
	"strings"

	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
	"github.com/ttshop-go/ttshop/sandbox/internal/invent"
	"github.com/ttshop-go/ttshop/sandbox/internal/market"
)

// couponView is a coupon in answers. Lists lack what stands at the end.
type couponView struct {
	ID             string            `json:"id"`
	Title          string            `json:"title"`
	Status         string            `json:"status"`
	DisplayType    string            `json:"display_type"`
	CreationSource string            `json:"creation_source"`
	ProductScope   string            `json:"product_scope"`
	Segment        string            `json:"target_buyer_segment"`
	PromoCode      string            `json:"promo_code,omitempty"`
	CreateTime     int64             `json:"create_time"` // milliseconds
	UpdateTime     int64             `json:"update_time"` // milliseconds
	Claim          couponPeriod      `json:"claim_duration"`
	Redemption     couponRedemption  `json:"redemption_duration"`
	Discount       couponDiscount    `json:"discount"`
	Threshold      couponThreshold   `json:"threshold"`
	Limits         couponLimits      `json:"usage_limits"`
	ProductIDs     []string          `json:"product_ids,omitempty"`
	Stats          *couponUsageStats `json:"usage_stats,omitempty"`
}

type couponPeriod struct {
	Start int64 `json:"start_time"`
	End   int64 `json:"end_time"`
}

type couponRedemption struct {
	Type string `json:"type"`
	couponPeriod
}

type couponDiscount struct {
	Type       string      `json:"type"`
	Percentage string      `json:"percentage,omitempty"`
	Reduction  *PriceMoney `json:"reduction_amount,omitempty"`
}

type couponThreshold struct {
	Type     string      `json:"type"`
	MinSpend *PriceMoney `json:"min_spend,omitempty"`
}

type couponLimits struct {
	TotalClaim       int64 `json:"total_claim_limit"`
	SingleBuyerClaim int64 `json:"single_buyer_claim_limit"`
	Redemption       int64 `json:"redemption_limit"`
}

type couponUsageStats struct {
	Claimed  int64 `json:"claimed_count"`
	Redeemed int64 `json:"redeemed_count"`
}

func (c *coupon) view(r *market.Region, now int64) couponView {
	period := couponPeriod{c.Start, c.End}
	v := couponView{
		ID: c.ID, Title: c.Title, Status: c.Status(now), DisplayType: c.Display, CreationSource: "SELLER_CENTER",
		ProductScope: "FULL_SHOP", Segment: "ALL", PromoCode: c.Code, CreateTime: 1000 * c.Created, UpdateTime: 1000 * c.Updated,
		Claim: period, Redemption: couponRedemption{"ABSOLUTE", period},
		Discount:  couponDiscount{Type: "AMOUNT_OFF", Reduction: &PriceMoney{r.Money(c.Amount), r.Currency}},
		Threshold: couponThreshold{Type: "NONE"}, Limits: couponLimits{c.Limit, 1, c.Limit},
	}
	if len(c.Products) > 0 {
		v.ProductScope = "SPECIFIC_PRODUCTS"
	}
	if c.Percent > 0 {
		v.Discount = couponDiscount{Type: "PERCENT_OFF", Percentage: strconv.FormatInt(c.Percent, 10)}
	}
	if c.MinSpend > 0 {
		v.Threshold = couponThreshold{"MIN_SPEND", &PriceMoney{r.Money(c.MinSpend), r.Currency}}
	}
	return v
}

func searchCoupons(c *gate.Call) *gate.Failure {
	var in struct {
		Display []string `json:"display_type"`
		Status  []string `json:"status"`
		Title   string   `json:"title_keyword"`
	}
	if f := c.Decode(&in); f != nil {
		return f
	}
	l, f := c.TimedList("", "create_time")
	if f != nil {
		return f
	}
	now := c.Now.Unix()
	coupons := Of(c.Shop).Coupons
	page, next, total := gate.TimedPage(l, invent.Indexed(coupons),
		func(i int) gate.Cursor { return gate.Cursor{At: 0, ID: int64(i)} },
		func(i int) bool {
			return (len(in.Display) == 0 || slices.Contains(in.Display, coupons[i].Display)) &&
				(len(in.Status) == 0 || slices.Contains(in.Status, coupons[i].Status(now))) &&
				strings.Contains(coupons[i].Title, in.Title)
		})
	answer := struct {
		Coupons       []couponView `json:"coupons"`
		NextPageToken string       `json:"next_page_token"`
		TotalCount    int          `json:"total_count"`
	}{[]couponView{}, next, total}
	for _, i := range page {
		answer.Coupons = append(answer.Coupons, coupons[i].view(c.Shop.Market, now))
	}
	c.JSON(answer)
	return nil
}

// getCoupon shows a coupon. The documents name no code for one that the shop
// has not.
func getCoupon(c *gate.Call) *gate.Failure {
	for i := range Of(c.Shop).Coupons {
		found := &Of(c.Shop).Coupons[i]
		if found.ID != c.Param(0) {
			continue
		}
		view := found.view(c.Shop.Market, c.Now.Unix())
		view.ProductIDs, view.Stats = found.Products, &couponUsageStats{found.Claimed, found.Redeemed}
		c.JSON(struct {
			Coupon couponView `json:"coupon"`
		}{view})
		return nil
	}
	return gate.Fail(gate.CodeInvalidParameter, "'coupon_id' ", strconv.Quote(c.Param(0)), " is unknown in this shop")
}
