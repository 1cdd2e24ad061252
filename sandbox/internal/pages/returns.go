package pages

import (
	"cmp"
	"net/http"
	"slices"

	"github.com/ttshop-go/ttshop/sandbox/internal/domain/trade"
	"github.com/ttshop-go/ttshop/sandbox/internal/world"
)

type returnsData struct {
	Shops    []webShop
	Shop     world.Identity
	Status   string
	Statuses []statusCount
	Page     webPage
	Rows     []afterSaleRow
}

// afterSaleRow is a cancellation or a return in the list.
type afterSaleRow struct {
	ID, Kind, Type, Status, OrderID, Role, Reason, Amount string
	Created                                               int64
}

func (s *Site) returnsView(r *http.Request) view {
	query := r.URL.Query()
	shop, shops := s.chosenShop(query.Get("shop"))
	if shop == nil {
		return notFound("No shop has this id.")
	}
	data := returnsData{Shops: shops, Shop: shop.Identity, Status: query.Get("status")}
	shop.Mu.RLock()
	all := afterSales(shop)
	shop.Mu.RUnlock()
	counts := map[string]int{}
	var found []afterSaleRow
	for _, row := range all {
		counts[row.Status]++
		if data.Status == "" || row.Status == data.Status {
			found = append(found, row)
		}
	}
	data.Statuses = statusCounts(len(all), counts, data.Status)
	var from, to int
	from, to, data.Page = pageOf(len(found), query.Get("page"), func(page string) string {
		return webLink("returns", "shop", query.Get("shop"), "status", data.Status, "page", page)
	})
	data.Rows = found[from:to]
	return view{template: "returns", title: "Returns of " + shop.Name, data: data}
}

// statusCounts lists how many of all there are of each status, by name.
func statusCounts(all int, counts map[string]int, chosen string) []statusCount {
	list := []statusCount{{"", all}}
	for status, count := range counts {
		list = append(list, statusCount{status, count})
	}
	if chosen != "" && counts[chosen] == 0 {
		list = append(list, statusCount{chosen, 0})
	}
	slices.SortFunc(list, func(a, b statusCount) int { return cmp.Compare(a.Status, b.Status) })
	return list
}

// afterSales lists the cancellations and returns of a shop, the newest first. The
// shop's lock is held.
func afterSales(shop *world.Shop) []afterSaleRow {
	var list []afterSaleRow
	money := func(lines []trade.AfterSaleLine) string {
		return shop.Market.Money(trade.SumOf(lines).Total()) + " " + shop.Market.Currency
	}
	for _, c := range trade.Of(shop).Cancellations {
		list = append(list, afterSaleRow{c.ID, "Cancellation", c.Type, c.Status, c.OrderID, c.Role, c.Reason, money(c.Lines), c.CreateTime})
	}
	for _, req := range trade.Of(shop).Returns {
		list = append(list, afterSaleRow{req.ID, "Return", req.Type, req.Status, req.OrderID, req.Role, req.Reason, money(req.Lines), req.CreateTime})
	}
	slices.SortFunc(list, func(a, b afterSaleRow) int {
		return cmp.Or(cmp.Compare(b.Created, a.Created), cmp.Compare(b.ID, a.ID))
	})
	return list
}
