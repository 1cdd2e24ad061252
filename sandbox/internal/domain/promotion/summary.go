package promotion

import (
	"slices"
	"strconv"

	"github.com/ttshop-go/ttshop/sandbox/internal/world"
)

// Summary is a promotion or a coupon as people look at it.
type Summary struct {
	ID, Title, Kind, Level, Status string
	Begin, End                     int64 // 0: no end
	Products                       []string
	Offer                          string // of a coupon
	Redeemed                       int64  // of a coupon
}

// Summaries lists the promotions of a shop and its coupons, the newest first. The
// caller holds the shop's lock.
func Summaries(s *world.Shop, now int64) (activities, coupons []Summary) {
	for _, a := range slices.Backward(Of(s).Activities) {
		shown := Summary{ID: a.ID, Title: a.Title, Kind: a.Type, Level: a.Level, Status: a.status(now), Begin: a.Begin, End: a.End}
		if a.DurationType == durationIndefinite {
			shown.End = 0
		}
		for i := range a.Products {
			shown.Products = append(shown.Products, a.Products[i].ID)
		}
		activities = append(activities, shown)
	}
	for i := len(Of(s).Coupons) - 1; i >= 0; i-- {
		c := &Of(s).Coupons[i]
		shown := Summary{
			ID: c.ID, Title: c.Title, Kind: c.Display, Status: c.Status(now), Begin: c.Start, End: c.End,
			Products: c.Products, Redeemed: c.Redeemed, Offer: s.Market.Money(c.Amount) + " " + s.Market.Currency + " off",
		}
		if c.Percent > 0 {
			shown.Offer = strconv.FormatInt(c.Percent, 10) + "% off"
		}
		if c.MinSpend > 0 {
			shown.Offer += " from " + s.Market.Money(c.MinSpend) + " " + s.Market.Currency
		}
		coupons = append(coupons, shown)
	}
	return activities, coupons
}
