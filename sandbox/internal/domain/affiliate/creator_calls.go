package affiliate

import (
	"slices"

	"github.com/ttshop-go/ttshop/sandbox/internal/authority"
	"github.com/ttshop-go/ttshop/sandbox/internal/domain/trade"
	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
	"github.com/ttshop-go/ttshop/sandbox/internal/wire"
	"github.com/ttshop-go/ttshop/sandbox/internal/world"
)

// acting returns the creator for whom a call is made: the one who authorized the
// app. The token of a seller or a partner acts for the first creator of their
// market, who is among the users.
func acting(c *gate.Call) *creator {
	all := creatorsOf(c.State.World)
	if c.Grant.UserType == authority.UserCreator {
		for _, of := range all {
			if i := slices.IndexFunc(of, func(cr *creator) bool { return cr.OpenID == c.Grant.OpenID }); i >= 0 {
				return of[i]
			}
		}
	}
	return all[c.Grant.Region][0]
}

// inMarketOf runs through the shops for which a creator sells, each under its
// lock.
func inMarketOf(c *gate.Call, cr *creator, look func(s *world.Shop)) {
	for _, s := range c.State.World.Shops {
		if s.Region == cr.region.Code {
			lockedFor(c, s, look)
		}
	}
}

// lockedFor looks at a shop under its lock.
func lockedFor(c *gate.Call, s *world.Shop, look func(s *world.Shop)) {
	s.Mu.Lock() // products may join, see enroll
	defer s.Mu.Unlock()
	enroll(s, c.Now)
	look(s)
}

// creatorSale is an order as far as one creator sold it.
type creatorSale struct {
	leads *Leads
	order *trade.Order
	skus  Sales
	back  map[string]takenBack
}

// salesOf lists what a creator sold in all shops, the oldest first. What is shown
// of it is taken while the shop is locked.
func salesOf[T any](c *gate.Call, cr *creator, show func(*creatorSale) T) (list []T) {
	inMarketOf(c, cr, func(s *world.Shop) {
		leads := NewLeads(s)
		for _, o := range trade.OrdersOf(s).ByCreate {
			own := slices.DeleteFunc(AffiliateSKUs(o, leads.all), func(sku affiliateSKU) bool { return sku.Creator != cr })
			if len(own) > 0 {
				list = append(list, show(&creatorSale{leads, o, own, countTakenBack(s, o)}))
			}
		}
	})
	return list
}

// param reads a parameter of the query, "" where it is missing.
func param(c *gate.Call, name string) string {
	value, _ := wire.Lookup(c.Query, name)
	return value
}
