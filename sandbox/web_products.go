package sandbox

import (
	"net/http"
	"strings"
	"time"
)

type productsData struct {
	Shops    []webShop
	Shop     identity
	Status   string
	Statuses []statusCount
	Search   string
	Page     webPage
	Rows     []productRow
}

type productRow struct {
	ID, Title, Image, Status, Price string
	SKUs                            int
	Available, Committed            int64
	Updated                         int64
}

func (s *site) productsView(r *http.Request) view {
	query := r.URL.Query()
	shop, shops := s.chosenShop(query.Get("shop"))
	if shop == nil {
		return notFound("No shop has this id.")
	}
	data := productsData{Shops: shops, Shop: shop.identity, Status: query.Get("status"), Search: strings.TrimSpace(query.Get("q"))}
	now := s.clock.Now()
	shop.mu.RLock()
	defer shop.mu.RUnlock()
	counts := map[string]int{}
	var found []*product
	for i := len(productsOf(shop).list) - 1; i >= 0; i-- {
		p := productsOf(shop).list[i]
		status := seen(p, now).status
		counts[status]++
		if (data.Status == "" || status == data.Status) && productMentions(p, data.Search) {
			found = append(found, p)
		}
	}
	data.Statuses = append(data.Statuses, statusCount{"", len(productsOf(shop).list)})
	for _, status := range productStatuses {
		if counts[status] > 0 || status == data.Status {
			data.Statuses = append(data.Statuses, statusCount{status, counts[status]})
		}
	}
	var from, to int
	from, to, data.Page = pageOf(len(found), query.Get("page"), func(page string) string {
		return webLink("products", "shop", query.Get("shop"), "status", data.Status, "q", data.Search, "page", page)
	})
	for _, p := range found[from:to] {
		seen := seen(p, now)
		row := productRow{ID: p.id, Title: seen.content.title, Status: seen.status, SKUs: len(seen.content.skus), Updated: p.updated}
		if len(seen.content.images) > 0 {
			row.Image = seen.content.images[0]
		}
		for i := range seen.content.skus {
			stock := inventory(p, &seen.content.skus[i])
			row.Available += stock.TotalAvailableQuantity
			row.Committed += stock.TotalCommittedQuantity
		}
		row.Price = priceRangeText(shop, seen.content.skus)
		data.Rows = append(data.Rows, row)
	}
	return view{template: "products", title: "Products of " + shop.Name, data: data}
}

// seenProduct is a product as the next look of the API finds it. A page changes
// nothing, so it does not end a review whose time has come.
type seenProduct struct {
	status, audit string
	content       *content
}

func seen(p *product, now time.Time) seenProduct {
	shown := seenProduct{p.status, p.audit, &p.live}
	if p.audit == auditAuditing && !p.verdict.IsZero() && !now.Before(p.verdict) {
		shown.audit = auditApproved
		if p.status == productPending {
			shown.status = productActivate
		}
		if p.review != nil {
			shown.content = p.review
		}
	}
	return shown
}

// productMentions tells whether a text is the id of the product or of a SKU, a seller's
// SKU or a part of the title.
func productMentions(p *product, text string) bool {
	if text == "" || text == p.id || strings.Contains(strings.ToLower(p.live.title), strings.ToLower(text)) {
		return true
	}
	for i := range p.live.skus {
		if p.live.skus[i].id == text || p.live.skus[i].sellerSKU == text {
			return true
		}
	}
	return false
}

// priceRangeText writes from which to which price SKUs cost.
func priceRangeText(s *shop, skus []sku) string {
	if len(skus) == 0 {
		return "–"
	}
	low, high := skus[0].price, skus[0].price
	for i := range skus {
		low, high = min(low, skus[i].price), max(high, skus[i].price)
	}
	text := s.region.money(low)
	if high > low {
		text += "–" + s.region.money(high)
	}
	return text + " " + s.region.currency
}

type productData struct {
	ID, Title, Status, Audit, Category, Brand string
	Images                                    []string
	Description                               string
	Created, Updated                          int64
	Failures                                  []auditFailure
	UnderReview, Draft                        bool // an edit beside what buyers see
	Sellable                                  bool
	Shop                                      identity
	Warehouses                                []string // names of those that hold stock
	SKUs                                      []skuRow
}

type skuRow struct {
	ID, SellerSKU, Name, Price string
	Stock                      []stockCell // by warehouse
	Available, Committed       int64
}

// stockCell is the stock of a SKU in a warehouse.
type stockCell struct {
	Warehouse            string
	Held                 bool // the SKU is kept there
	Available, Committed int64
}

func (s *site) productView(r *http.Request) view {
	id := r.PathValue("id")
	world := s.state.Load().world
	shop := world.owners.of(id)
	if shop == nil {
		return notFound("No product has this id.")
	}
	now := s.clock.Now()
	shop.mu.RLock()
	defer shop.mu.RUnlock()
	p := productsOf(shop).byID[id]
	if p == nil {
		return notFound("No product has this id.")
	}
	seen := seen(p, now)
	data := productData{
		ID: p.id, Title: seen.content.title, Status: seen.status, Audit: seen.audit, Images: seen.content.images,
		Description: seen.content.description, Created: p.created, Updated: p.updated, Failures: p.failures,
		UnderReview: p.review != nil && seen.content == &p.live, Draft: p.draft != nil,
		Sellable: seen.status == productActivate, Shop: shop.identity,
	}
	if c := catalogOf(world).byID[seen.content.categoryID]; c != nil {
		var names []string
		for _, part := range c.chain() {
			names = append(names, part.name.en)
		}
		data.Category = strings.Join(names, " › ")
	}
	if b := brandsOf(world).get(seen.content.brandID); b != nil {
		data.Brand = b.name
	}
	places := shop.salesWarehouses()
	for _, at := range places {
		data.Warehouses = append(data.Warehouses, at.name)
	}
	for i := range seen.content.skus {
		sku := &seen.content.skus[i]
		stock := inventory(p, sku)
		row := skuRow{
			ID: sku.id, SellerSKU: sku.sellerSKU, Price: shop.region.money(sku.price) + " " + shop.region.currency,
			Available: stock.TotalAvailableQuantity, Committed: stock.TotalCommittedQuantity,
		}
		var names []string
		for _, a := range sku.attributes {
			names = append(names, a.name+": "+a.value)
		}
		row.Name = strings.Join(names, ", ")
		for _, at := range places {
			cell := stockCell{Warehouse: at.name}
			for _, held := range p.stock[sku.id] {
				if held.warehouse == at.id {
					cell.Held, cell.Available, cell.Committed = true, held.available, held.committed
				}
			}
			row.Stock = append(row.Stock, cell)
		}
		data.SKUs = append(data.SKUs, row)
	}
	return view{template: "product", title: data.Title, data: data}
}
