package affiliatepartner

import (
	"time"

	"github.com/ttshop-go/ttshop/sandbox/internal/authority"
	"github.com/ttshop-go/ttshop/sandbox/internal/domain/product"
	"github.com/ttshop-go/ttshop/sandbox/internal/invent"
	"github.com/ttshop-go/ttshop/sandbox/internal/world"
)

// Seed invents campaigns of everybody who has a category asset: one that is over,
// one that runs and has products, and one that is hidden.
func Seed(w *world.World, now time.Time) {
	rng := invent.NewRandom(w.Seed, invent.StreamCampaigns)
	all := &campaigns{kept: keptCampaigns{IDs: invent.IDs{Next: idCampaigns + rng.Uint64N(world.IDStride/2), Random: rng}, List: []*campaign{}}}
	w.Rooms.Furnish(all)
	for _, u := range authority.Users(w) {
		if u.AssetCipher == "" {
			continue
		}
		for _, plan := range []struct {
			name       string
			start, end int64 // in days from now
			published  bool
		}{{"Spring finds", -120, -30, true}, {"Made to be shown", -20, 40, true}, {"Next season", 20, 80, false}} {
			c := &campaign{
				ID: all.kept.IDs.New(), Owner: u.AssetCipher, Region: u.Region, Name: plan.name, Description: "Products that look good in short videos.", Rate: 1500,
				Contact:     contact{Email: "campaigns@example.com", Whatsapp: "+15550100"},
				SellerTypes: []string{"LOCAL", "CROSS_BORDER"}, ShopCodes: []string{}, Products: []*entered{},
				periods: periods{
					now.Unix() + plan.start*invent.SecondsOfDay, now.Unix() + plan.end*invent.SecondsOfDay,
					now.Unix() + (plan.start-10)*invent.SecondsOfDay, now.Unix() + (plan.end-5)*invent.SecondsOfDay,
				},
			}
			if plan.published {
				c.Published = c.EnterFrom
				c.seedProducts(w)
			}
			all.kept.List = append(all.kept.List, c)
		}
	}
}

// seedProducts lets shops enter some of their live products.
func (c *campaign) seedProducts(w *world.World) {
	statuses := []string{productApproved, productPending, productRejected, productPending}
	for _, s := range w.Shops {
		for i, p := range product.Of(s).List {
			if len(statuses) == 0 {
				return
			}
			if p.Status == product.ProductActivate && i%3 == 0 && c.admits(s) {
				c.Products = append(c.Products, &entered{Shop: s.ID, Product: p.ID, Rate: c.Rate + 100*int64(i%10), Quota: int64(i), Status: statuses[0]})
				statuses = statuses[1:]
			}
		}
	}
}
