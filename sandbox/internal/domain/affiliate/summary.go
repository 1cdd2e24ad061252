package affiliate

import (
	"cmp"
	"slices"

	"github.com/ttshop-go/ttshop/sandbox/internal/market"
	"github.com/ttshop-go/ttshop/sandbox/internal/world"
)

// CreatorSummary is a creator as people look at them.
type CreatorSummary struct {
	Username, Nickname, Avatar string
	Followers, Units           int64
	GMV                        string // of 30 days, in US dollars
	Rate                       int64  // average commission, in hundredths of a percent
	Products                   int    // of the shop that they promote now
}

// OfferSummary is a product that is offered to creators.
type OfferSummary struct {
	ID, Product, Status string
	Rate                int64 // in hundredths of a percent
	Since               int64
	Promoters           int
	Samples             int // applications for a sample
}

// Program is what a shop has with the creators of its market.
type Program struct {
	Creators []CreatorSummary // the most followed first
	Offers   []OfferSummary   // open collaborations, the newest first
	Invited  int              // target collaborations that are not over
}

// ProgramOf looks at creators and collaborations of a shop. The caller holds the
// shop's lock.
func ProgramOf(s *world.Shop, now int64) Program {
	var p Program
	promoted := map[*creator]int{}
	for _, o := range slices.Backward(Of(s).Open) {
		by := promoters(s, o, now)
		for _, cr := range by {
			promoted[cr.creator]++
		}
		shown := OfferSummary{ID: o.ID, Product: o.Product, Status: o.status(), Rate: o.Rate, Since: o.Start, Promoters: len(by)}
		if !o.runs(now) {
			shown.Status = "ENDED"
		}
		for _, a := range Of(s).Applications {
			if a.Open == o.ID {
				shown.Samples++
			}
		}
		p.Offers = append(p.Offers, shown)
	}
	dollars := market.RegionOf("US")
	for _, cr := range creatorsOf(s.World)[s.Region] {
		p.Creators = append(p.Creators, CreatorSummary{
			cr.username, cr.Nickname, cr.avatar, cr.followers, cr.units, dollars.Money(cr.gmv()), cr.rate, promoted[cr],
		})
	}
	slices.SortStableFunc(p.Creators, func(a, b CreatorSummary) int { return cmp.Compare(b.Followers, a.Followers) })
	for _, t := range Of(s).Targets {
		if t.Removed == 0 && (t.End == 0 || t.End > now) {
			p.Invited++
		}
	}
	return p
}
