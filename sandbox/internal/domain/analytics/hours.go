package analytics

import (
	"github.com/ttshop-go/ttshop/sandbox/internal/domain/promotion"
	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
)

// hourDays is how many days, today included, have figures by hour.
const hourDays = 30

// hourFigures are the figures of an hour, or of all.
type hourFigures struct {
	Index     int                  `json:"index,omitempty"` // from 1
	Customers int                  `json:"customers"`
	GMV       promotion.PriceMoney `json:"gmv"`
	Items     int                  `json:"items_sold"`
	Visitors  int                  `json:"visitors"`
}

func (r *report) showHour(f *figures, index, visitors int) hourFigures {
	return hourFigures{index, len(f.buyers), r.money(f.gmv()), f.units(), visitors}
}

func getShopHours(c *gate.Call) *gate.Failure {
	date, f := readDay("date", c.Param(0))
	if f != nil {
		return f
	}
	r, f := newReport(c, "")
	if f != nil {
		return f
	}
	if date > r.today || date <= r.today-hourDays {
		return gate.Fail(codeAnalyticsPeriod, "'date' must be from ", (r.today - hourDays + 1).String(), " to ", r.today.String())
	}
	const hour = 60 * 60
	now, begin, end := c.Now.Unix(), date.in(r.zone).Unix(), (date + 1).in(r.zone).Unix()
	times := []int64{begin}
	for at := begin; at < min(end, now+1); {
		at = min(at+hour, end, now+1) // the present hour has only begun
		times = append(times, at)
	}
	r.Mu.RLock()
	defer r.Mu.RUnlock()
	list := r.sales(times, goods{})
	var whole, invented figures
	r.attractAll(goods{}, period{date, date + 1}, func(day) *figures { return &invented })
	// The visitors of the day are spread over all of its hours.
	all, hours := invented.traffic().visitors, int(end-begin)/hour
	entries, visitors := make([]hourFigures, 0, len(list)), 0
	for i := range list {
		here := all*(i+1)/hours - all*i/hours + list[i].traffic().visitors
		entries = append(entries, r.showHour(&list[i], i+1, here))
		visitors += here
		whole.add(&list[i])
	}
	type answer struct {
		Intervals []hourFigures `json:"intervals"`
		Overall   hourFigures   `json:"overall"`
		Latest    int64         `json:"latest_available_timestamp"`
	}
	c.JSON(struct {
		Performance answer `json:"performance"`
	}{answer{entries, r.showHour(&whole, 0, visitors), now}})
	return nil
}
