package analytics

import (
	"strconv"
	"time"

	"github.com/ttshop-go/ttshop/sandbox/internal/domain/affiliate"
	"github.com/ttshop-go/ttshop/sandbox/internal/domain/promotion"
	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
	"github.com/ttshop-go/ttshop/sandbox/internal/market"
	"github.com/ttshop-go/ttshop/sandbox/internal/wire"
	"github.com/ttshop-go/ttshop/sandbox/internal/world"
)

// Analytics keep no figures of their own: what orders determine follows from
// the orders, the requests about them and the refunds, so that it always agrees
// with them.

// day is a day of the calendar, counted from 1970-01-01.
type day int

func (d day) String() string { return d.in(time.UTC).Format(time.DateOnly) }

// in returns the beginning of the day in a zone.
func (d day) in(zone *time.Location) time.Time {
	return time.Date(1970, 1, 1+int(d), 0, 0, 0, 0, zone)
}

// dayOf returns the day of a time in a zone.
func dayOf(at int64, zone *time.Location) day {
	year, month, date := time.Unix(at, 0).In(zone).Date()
	return day(time.Date(year, month, date, 0, 0, 0, 0, time.UTC).Unix() / (24 * 60 * 60))
}

// period is a range of days, its end left out.
type period struct{ from, to day }

// before returns the period of the same length that ends where this one begins.
func (p period) before() period { return period{2*p.from - p.to, p.from} }

// within returns the part of the period that lies in another one.
func (p period) within(q period) period {
	from := max(p.from, q.from)
	return period{from, max(from, min(p.to, q.to))}
}

// dollars converts an amount into American cents, at a rate of the sandbox's
// own: no document tells the platform's.
func dollars(r *market.Region, amount int64) int64 {
	switch r.Currency {
	case "GBP":
		return (amount*125 + 50) / 100
	case "VND":
		return (amount*100 + 12_500) / 25_000
	case "BRL":
		return (amount*2 + 5) / 10
	}
	return amount
}

// report is what a call of analytics asks for.
type report struct {
	*world.Shop
	call      *gate.Call
	zone      *time.Location
	today     day
	available period // days that have figures: up to yesterday
	asked     period
	currency  *market.Region // in whose currency amounts are shown
	led       *affiliate.Leads
}

// leads tells what led to orders. The caller holds the shop's lock.
func (r *report) leads() *affiliate.Leads {
	if r.led == nil {
		r.led = affiliate.NewLeads(r.Shop)
	}
	return r.led
}

// newReport reads what all operations have in common. A shop that the caller does
// not name is found by the id of a thing that it has.
func newReport(c *gate.Call, id string) (*report, *gate.Failure) {
	if f := c.WithShop(id); f != nil {
		return nil, f
	}
	r := reportOf(c.Shop, c.Now.Unix())
	r.call = c
	if currency, _ := wire.Lookup(c.Query, "currency"); currency == "USD" {
		r.currency = market.RegionOf("US")
	}
	return r, nil
}

// periodReport reads what the operations about a period have in common. Days
// that have no figures yet may be asked for unless all lie ahead.
func periodReport(c *gate.Call, id string) (*report, *gate.Failure) {
	r, f := newReport(c, id)
	if f != nil {
		return nil, f
	}
	if r.asked.from, f = dayParam(c, "start_date_ge"); f != nil {
		return nil, f
	}
	if r.asked.to, f = dayParam(c, "end_date_lt"); f != nil {
		return nil, f
	}
	if r.asked.from >= r.asked.to {
		return nil, gate.Fail(codeAnalyticsPeriod, "'end_date_lt' must be after 'start_date_ge'")
	}
	if r.asked.from > r.today {
		return nil, gate.Fail(codeAnalyticsPeriod, "'start_date_ge' must not be after today, which is ", r.today.String(), " in the shop's time zone")
	}
	return r, nil
}

func dayParam(c *gate.Call, name string) (day, *gate.Failure) {
	value, _ := wire.Lookup(c.Query, name)
	return readDay(name, value)
}

// readDay reads a date of a request, or names what is wrong with it.
func readDay(name, value string) (day, *gate.Failure) {
	at, err := time.Parse(time.DateOnly, value)
	if err != nil {
		return 0, gate.Fail(codeAnalyticsPeriod, "'", name, "' is ", strconv.Quote(value), ", expected a date such as 2026-03-01")
	}
	return day(at.Unix() / (24 * 60 * 60)), nil
}

// latest is the last day that has figures.
func (r *report) latest() string { return (r.today - 1).String() }

// worth reads an amount of an order, in the currency of the report. Each amount
// is converted by itself, so that sums agree in every currency.
func (r *report) worth(text string) int64 { return r.convert(r.Market.Cents(text)) }

func (r *report) convert(amount int64) int64 {
	if r.currency.Currency == r.Market.Currency {
		return amount
	}
	return dollars(r.Market, amount)
}

func (r *report) money(amount int64) promotion.PriceMoney {
	return promotion.PriceMoney{Amount: r.currency.Money(amount), Currency: r.currency.Currency}
}
