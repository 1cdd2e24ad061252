package pages

import (
	"net/http"
	"strconv"

	"github.com/ttshop-go/ttshop/sandbox/internal/domain/analytics"
	"github.com/ttshop-go/ttshop/sandbox/internal/world"
)

// analyticsSpans are the numbers of days that can be chosen.
var analyticsSpans = []int{7, 30, 90}

type analyticsData struct {
	Shops    []webShop
	Shop     world.Identity
	Currency string
	Span     int
	Spans    []int
	Days     []analytics.Day // the oldest first
	Orders   plot
	GMV      plot
	Total    struct {
		Orders, Units int
		GMV           string
	}
}

func (s *Site) analyticsView(r *http.Request) view {
	query := r.URL.Query()
	shop, shops := s.chosenShop(query.Get("shop"))
	if shop == nil {
		return notFound("No shop has this id.")
	}
	data := analyticsData{Shops: shops, Shop: shop.Identity, Currency: shop.Market.Currency, Span: 30, Spans: analyticsSpans}
	for _, span := range analyticsSpans {
		if query.Get("days") == strconv.Itoa(span) {
			data.Span = span
		}
	}
	now := s.Clock.Now()
	shop.Mu.RLock()
	data.Days = analytics.Days(shop, now, data.Span)
	shop.Mu.RUnlock()
	var orders, gmv []bar
	var amount int64
	for _, d := range data.Days {
		orders = append(orders, bar{Label: d.Date, Value: int64(d.Orders), Text: counted(d.Orders, "order")})
		gmv = append(gmv, bar{Label: d.Date, Value: d.Amount, Text: d.GMV + " " + data.Currency})
		data.Total.Orders += d.Orders
		data.Total.Units += d.Units
		amount += d.Amount
	}
	data.Total.GMV = shop.Market.Money(amount)
	data.Orders = newPlot("Orders by day", orders, func(v int64) string { return strconv.FormatInt(v, 10) })
	data.GMV = newPlot("GMV by day, in "+data.Currency, gmv, shop.Market.Money)
	return view{template: "analytics", title: "Analytics of " + shop.Name, data: data}
}
