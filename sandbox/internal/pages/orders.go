package pages

import (
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/ttshop-go/ttshop/sandbox/internal/domain/product"
	"github.com/ttshop-go/ttshop/sandbox/internal/domain/stock"
	"github.com/ttshop-go/ttshop/sandbox/internal/domain/trade"
	"github.com/ttshop-go/ttshop/sandbox/internal/world"
)

// rowsPerPage is how many orders or products a list shows.
const rowsPerPage = 50

type ordersData struct {
	Shops    []webShop
	Shop     world.Identity
	Status   string
	Statuses []statusCount
	Search   string
	Page     webPage
	Rows     []orderRow
	Archived int
}

// statusCount is a filter by a state.
type statusCount struct {
	Status string
	Count  int
}

// orderRow is an order in the list.
type orderRow struct {
	ID, Status, Buyer    string
	Title                string // of the first line
	Units                int
	Total, Currency      string
	CreateTime           int64
	UpdateTime           int64
	AfterSale, Requested bool // a request about it is open
}

func (s *Site) ordersView(r *http.Request) view {
	query := r.URL.Query()
	shop, shops := s.chosenShop(query.Get("shop"))
	if shop == nil {
		return notFound("No shop has this id.")
	}
	data := ordersData{Shops: shops, Shop: shop.Identity, Status: query.Get("status"), Search: strings.TrimSpace(query.Get("q"))}
	shop.Mu.RLock()
	defer shop.Mu.RUnlock()
	counts := map[string]int{}
	var found []*trade.Order
	for _, o := range slices.Backward(trade.OrdersOf(shop).ByCreate) {
		counts[o.Status]++
		if (data.Status == "" || o.Status == data.Status) && orderMentions(o, data.Search) {
			found = append(found, o)
		}
	}
	data.Archived = trade.OrdersOf(shop).Archive.Count
	data.Statuses = append(data.Statuses, statusCount{"", len(trade.OrdersOf(shop).ByCreate)})
	for _, status := range trade.OrderStatuses {
		if counts[status] > 0 || status == data.Status {
			data.Statuses = append(data.Statuses, statusCount{status, counts[status]})
		}
	}
	var from, to int
	from, to, data.Page = pageOf(len(found), query.Get("page"), func(page string) string {
		return webLink("orders", "shop", query.Get("shop"), "status", data.Status, "q", data.Search, "page", page)
	})
	for _, o := range found[from:to] {
		row := orderRow{
			ID: o.ID, Status: o.Status, Buyer: o.BuyerNickname, Units: len(o.LineItems),
			Total: o.Payment.TotalAmount, Currency: o.Payment.Currency, CreateTime: o.CreateTime, UpdateTime: o.UpdateTime,
			AfterSale: trade.AfterSaleOpen(shop, o),
		}
		if len(o.LineItems) > 0 {
			row.Title = o.LineItems[0].ProductName
		}
		data.Rows = append(data.Rows, row)
	}
	return view{template: "orders", title: "Orders of " + shop.Name, data: data}
}

// orderMentions tells whether a text is the id of the order, of a line or of a
// package, its tracking number or a part of the name of its buyer.
func orderMentions(o *trade.Order, text string) bool {
	if text == "" || text == o.ID || text == o.UserID || text == o.TrackingNumber ||
		strings.Contains(strings.ToLower(o.BuyerNickname), strings.ToLower(text)) {
		return true
	}
	return slices.ContainsFunc(o.LineItems, func(line trade.LineItem) bool {
		return slices.Contains([]string{line.ID, line.SKUID, line.SellerSKU, line.ProductID, line.PackageID, line.TrackingNumber}, text)
	})
}

// pageOf returns the part of a list that a page shows; pages count from 1.
func pageOf(total int, page string, link func(page string) string) (from, to int, shown webPage) {
	number, err := strconv.Atoi(page)
	last := max(1, (total+rowsPerPage-1)/rowsPerPage)
	if err != nil || number < 1 {
		number = 1
	}
	number = min(number, last)
	from = (number - 1) * rowsPerPage
	to = min(total, from+rowsPerPage)
	shown = webPage{First: min(from+1, total), Last: to, Total: total}
	if number > 1 {
		shown.Newer = link(strconv.Itoa(number - 1))
	}
	if number < last {
		shown.Older = link(strconv.Itoa(number + 1))
	}
	return from, to, shown
}

type newOrderData struct {
	Shops []webShop
	Shop  world.Identity
	SKUs  []offeredSKU
	SKU   string // chosen already
}

// offeredSKU is a SKU that can be ordered.
type offeredSKU struct {
	ID, Title, Name, Price string
	Stock                  int64
}

func (s *Site) newOrderView(r *http.Request) view {
	shop, shops := s.chosenShop(r.FormValue("shop"))
	if shop == nil {
		return notFound("No shop has this id.")
	}
	data := newOrderData{Shops: shops, Shop: shop.Identity, SKU: r.FormValue("sku")}
	shop.Mu.RLock()
	defer shop.Mu.RUnlock()
	for _, p := range product.Of(shop).List {
		if p.Status != product.ProductActivate {
			continue
		}
		for i := range p.Live.SKUs {
			sku := &p.Live.SKUs[i]
			if available := stock.Inventory(p, sku).TotalAvailableQuantity; available > 0 {
				name, _ := trade.ShownAs(p, sku)
				data.SKUs = append(data.SKUs, offeredSKU{sku.ID, p.Live.Title, name, shop.Market.Money(sku.Price) + " " + shop.Market.Currency, available})
			}
		}
	}
	return view{template: "neworder", title: "New order", data: data}
}

// placeOrder orders what the form names. Rows without a SKU are left out.
func (s *Site) placeOrder(r *http.Request) (string, error) {
	type line struct {
		SKUID    string `json:"sku_id"`
		Quantity int    `json:"quantity"`
	}
	order := struct {
		ShopID       string `json:"shop_id"`
		Lines        []line `json:"lines"`
		ShippingType string `json:"shipping_type"`
	}{ShopID: r.PostFormValue("shop"), ShippingType: r.PostFormValue("shipping_type")}
	quantities := r.PostForm["quantity"]
	for i, sku := range r.PostForm["sku"] {
		if sku == "" || i >= len(quantities) {
			continue
		}
		quantity, err := strconv.Atoi(quantities[i])
		if err != nil {
			return "", errors.New("the quantity " + strconv.Quote(quantities[i]) + " is not a number")
		}
		order.Lines = append(order.Lines, line{sku, quantity})
	}
	if order.Lines == nil {
		return "", errors.New("choose a SKU to order")
	}
	answer, err := s.steer(r, http.MethodPost, "orders", order)
	if err != nil {
		return "", err
	}
	var placed struct {
		ID string `json:"order_id"`
	}
	if err := json.Unmarshal(answer, &placed); err != nil {
		return "", err
	}
	return webLink("orders/"+placed.ID, "done", "placed"), nil
}
