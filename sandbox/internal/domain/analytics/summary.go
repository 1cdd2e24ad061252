package analytics

import (
	"time"

	"github.com/ttshop-go/ttshop/sandbox/internal/domain/trade"
	"github.com/ttshop-go/ttshop/sandbox/internal/world"
)

// Day is what a shop sold on a day of its time zone.
type Day struct {
	Date          string
	Amount        int64  // GMV in the smallest unit
	GMV, Refunds  string // as answers write them
	Orders, Units int
	Buyers        int
}

// Days works out the figures of the last days of a shop, up to yesterday: those
// with which GetShopPerformance answers. The caller holds the shop's lock.
func Days(s *world.Shop, now time.Time, count int) []Day {
	r := reportOf(s, now.Unix())
	var list []Day
	for _, f := range r.daily(goods{}, period{r.today - day(count), r.today}) {
		list = append(list, Day{
			Date: f.from.String(), Amount: f.gmv(), GMV: r.money(f.gmv()).Amount, Refunds: r.money(f.refunds).Amount,
			Orders: f.orders, Units: f.units(), Buyers: len(f.buyers),
		})
	}
	return list
}

// reportOf returns a report on a shop in its own currency.
func reportOf(s *world.Shop, now int64) *report {
	zone := s.Market.Location()
	r := &report{Shop: s, zone: zone, today: dayOf(now, zone), currency: s.Market}
	r.available = period{dayOf(trade.OrdersOf(s).Archive.Oldest, zone), r.today}
	return r
}
