package pages

import (
	"net/http"
	"strings"
	"time"

	"github.com/ttshop-go/ttshop/sandbox/internal/domain/category"
	"github.com/ttshop-go/ttshop/sandbox/internal/domain/product"
	"github.com/ttshop-go/ttshop/sandbox/internal/domain/stock"
	"github.com/ttshop-go/ttshop/sandbox/internal/world"
)

type productsData struct {
	Shops    []webShop
	Shop     world.Identity
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

func (s *Site) productsView(r *http.Request) view {
	query := r.URL.Query()
	shop, shops := s.chosenShop(query.Get("shop"))
	if shop == nil {
		return notFound("No shop has this id.")
	}
	data := productsData{Shops: shops, Shop: shop.Identity, Status: query.Get("status"), Search: strings.TrimSpace(query.Get("q"))}
	now := s.Clock.Now()
	shop.Mu.RLock()
	defer shop.Mu.RUnlock()
	counts := map[string]int{}
	var found []*product.Product
	for i := len(product.Of(shop).List) - 1; i >= 0; i-- {
		p := product.Of(shop).List[i]
		status := seen(p, now).status
		counts[status]++
		if (data.Status == "" || status == data.Status) && productMentions(p, data.Search) {
			found = append(found, p)
		}
	}
	data.Statuses = append(data.Statuses, statusCount{"", len(product.Of(shop).List)})
	for _, status := range product.ProductStatuses {
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
		row := productRow{ID: p.ID, Title: seen.content.Title, Status: seen.status, SKUs: len(seen.content.SKUs), Updated: p.Updated}
		if len(seen.content.Images) > 0 {
			row.Image = seen.content.Images[0]
		}
		for i := range seen.content.SKUs {
			stock := stock.Inventory(p, &seen.content.SKUs[i])
			row.Available += stock.TotalAvailableQuantity
			row.Committed += stock.TotalCommittedQuantity
		}
		row.Price = priceRangeText(shop, seen.content.SKUs)
		data.Rows = append(data.Rows, row)
	}
	return view{template: "products", title: "Products of " + shop.Name, data: data}
}

// seenProduct is a product as the next look of the API finds it. A page changes
// nothing, so it does not end a review whose time has come.
type seenProduct struct {
	status, audit string
	content       *product.Content
}

func seen(p *product.Product, now time.Time) seenProduct {
	shown := seenProduct{p.Status, p.Audit, &p.Live}
	if p.Audit == product.AuditAuditing && !p.Verdict.IsZero() && !now.Before(p.Verdict) {
		shown.audit = product.AuditApproved
		if p.Status == product.ProductPending {
			shown.status = product.ProductActivate
		}
		if p.Review != nil {
			shown.content = p.Review
		}
	}
	return shown
}

// productMentions tells whether a text is the id of the product or of a SKU, a seller's
// SKU or a part of the title.
func productMentions(p *product.Product, text string) bool {
	if text == "" || text == p.ID || strings.Contains(strings.ToLower(p.Live.Title), strings.ToLower(text)) {
		return true
	}
	for i := range p.Live.SKUs {
		if p.Live.SKUs[i].ID == text || p.Live.SKUs[i].SellerSKU == text {
			return true
		}
	}
	return false
}

// priceRangeText writes from which to which price SKUs cost.
func priceRangeText(s *world.Shop, skus []product.SKU) string {
	if len(skus) == 0 {
		return "–"
	}
	low, high := skus[0].Price, skus[0].Price
	for i := range skus {
		low, high = min(low, skus[i].Price), max(high, skus[i].Price)
	}
	text := s.Market.Money(low)
	if high > low {
		text += "–" + s.Market.Money(high)
	}
	return text + " " + s.Market.Currency
}

type productData struct {
	ID, Title, Status, Audit, Category, Brand string
	Images                                    []string
	Description                               string
	Created, Updated                          int64
	Failures                                  []product.AuditFailure
	UnderReview, Draft                        bool // an edit beside what buyers see
	Sellable                                  bool
	Shop                                      world.Identity
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

func (s *Site) productView(r *http.Request) view {
	id := r.PathValue("id")
	world := s.State.Load().World
	shop := world.Owners.Of(id)
	if shop == nil {
		return notFound("No product has this id.")
	}
	now := s.Clock.Now()
	shop.Mu.RLock()
	defer shop.Mu.RUnlock()
	p := product.Of(shop).ByID[id]
	if p == nil {
		return notFound("No product has this id.")
	}
	seen := seen(p, now)
	data := productData{
		ID: p.ID, Title: seen.content.Title, Status: seen.status, Audit: seen.audit, Images: seen.content.Images,
		Description: seen.content.Description, Created: p.Created, Updated: p.Updated, Failures: p.Failures,
		UnderReview: p.Review != nil && seen.content == &p.Live, Draft: p.Draft != nil,
		Sellable: seen.status == product.ProductActivate, Shop: shop.Identity,
	}
	if c := category.CatalogOf(world).ByID[seen.content.CategoryID]; c != nil {
		var names []string
		for _, part := range c.Chain() {
			names = append(names, part.Name.En)
		}
		data.Category = strings.Join(names, " › ")
	}
	if b := category.BrandsOf(world).Get(seen.content.BrandID); b != nil {
		data.Brand = b.Name
	}
	places := shop.SalesWarehouses()
	for _, at := range places {
		data.Warehouses = append(data.Warehouses, at.Name)
	}
	for i := range seen.content.SKUs {
		sku := &seen.content.SKUs[i]
		stock := stock.Inventory(p, sku)
		row := skuRow{
			ID: sku.ID, SellerSKU: sku.SellerSKU, Price: shop.Market.Money(sku.Price) + " " + shop.Market.Currency,
			Available: stock.TotalAvailableQuantity, Committed: stock.TotalCommittedQuantity,
		}
		var names []string
		for _, a := range sku.Attributes {
			names = append(names, a.Name+": "+a.Value)
		}
		row.Name = strings.Join(names, ", ")
		for _, at := range places {
			cell := stockCell{Warehouse: at.Name}
			for _, held := range p.Stock[sku.ID] {
				if held.Warehouse == at.ID {
					cell.Held, cell.Available, cell.Committed = true, held.Available, held.Committed
				}
			}
			row.Stock = append(row.Stock, cell)
		}
		data.SKUs = append(data.SKUs, row)
	}
	return view{template: "product", title: data.Title, data: data}
}
