package product

import (
	"slices"
	"strconv"

	"github.com/ttshop-go/ttshop/sandbox/internal/domain/category"
	"github.com/ttshop-go/ttshop/sandbox/internal/domain/media"
	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
	"github.com/ttshop-go/ttshop/sandbox/internal/world"
)

// typeCombined is the type of a product whose SKUs are made of others.
const typeCombined = "COMBINED_PRODUCT"

// CombinedSKU is a part of a combined SKU: so many units of a SKU of another
// product.
type CombinedSKU struct {
	ProductID string `json:"product_id"`
	SKUID     string `json:"sku_id"`
	SKUCount  int32  `json:"sku_count"`
}

// types are what is special about a product.
func (c *Content) types() []string {
	if slices.ContainsFunc(c.SKUs, func(s SKU) bool { return len(s.Combined) > 0 }) {
		return []string{typeCombined}
	}
	return []string{}
}

// combined checks the parts of a combined SKU: SKUs of the same shop that are not
// combined themselves. Global products have none.
func (b *Builder) combined(parts []CombinedSKU) ([]CombinedSKU, *gate.Failure) {
	if b.Terms.Global || b.Shop == nil {
		return OrNil(parts), nil
	}
	seen := map[string]bool{}
	for _, part := range parts {
		switch {
		case part.ProductID == "":
			return nil, gate.Missing("skus.combined_skus.product_id")
		case part.SKUID == "":
			return nil, gate.Missing("skus.combined_skus.sku_id")
		case part.SKUCount < 1:
			return nil, gate.Fail(gate.CodeInvalidParameter, "'skus.combined_skus.sku_count' must be at least 1")
		case seen[part.SKUID]:
			return nil, gate.Fail(CodeSKURepeated, "SKU ", part.SKUID, " occurs twice in 'combined_skus'")
		}
		seen[part.SKUID] = true
		p, f := FindProduct(b.Call, part.ProductID)
		if f != nil {
			return nil, f
		}
		s := p.Live.SKU(part.SKUID)
		switch {
		case s == nil:
			return nil, gate.Fail(b.strangerCode(part.SKUID), "product ", p.ID, " has no SKU ", part.SKUID)
		case p == b.product || len(p.Live.types()) > 0:
			return nil, gate.Fail(codeCombinedType, "product ", p.ID, " is a combined one and cannot be a part of another")
		case p.Live.MinimumQuantity > 1:
			return nil, gate.Fail(codeCombinedMinimum, "product ", p.ID, " is sold from ", strconv.Itoa(p.Live.MinimumQuantity), " units on and cannot be a part")
		}
	}
	return OrNil(parts), nil
}

// primary is the main product of a combined one: the one that was named, or that
// of the first part.
func (b *Builder) primary() *gate.Failure {
	var parts []string
	for i := range b.Next.SKUs {
		for _, part := range b.Next.SKUs[i].Combined {
			parts = append(parts, part.ProductID)
		}
	}
	switch {
	case len(parts) == 0 || b.Terms.Global:
	case b.Next.PrimaryCombined == "":
		b.Next.PrimaryCombined = parts[0]
	case !slices.Contains(parts, b.Next.PrimaryCombined):
		return gate.Fail(gate.CodeInvalidParameter, "'primary_combined_product_id' ", b.Next.PrimaryCombined, " is not among the products that are combined")
	}
	return nil
}

// Combine works out the stock of the shop's combined SKUs: in each warehouse as
// much as the parts there make up. It has to follow every change of a stock.
func Combine(s *world.Shop) {
	for _, p := range Of(s).List {
		for i := range p.Live.SKUs {
			if v := &p.Live.SKUs[i]; len(v.Combined) > 0 {
				p.Stock[v.ID] = Of(s).madeUp(s, v)
			}
		}
	}
}

// madeUp is the stock of a combined SKU. Where no warehouse has all parts there is
// none.
func (all *products) madeUp(s *world.Shop, v *SKU) []Stock {
	var places []Stock
	for _, w := range s.SalesWarehouses() {
		place := Stock{Warehouse: w.ID}
		for i, part := range v.Combined {
			of := all.ByID[part.ProductID]
			at := -1
			if of != nil && of.Status != ProductDeleted {
				at = slices.IndexFunc(of.Stock[part.SKUID], func(held Stock) bool { return held.Warehouse == w.ID })
			}
			if at < 0 {
				place.Warehouse = ""
				break
			}
			if sets := of.Stock[part.SKUID][at].Available / int64(part.SKUCount); i == 0 || sets < place.Available {
				place.Available = sets
			}
		}
		if place.Warehouse != "" {
			places = append(places, place)
		}
	}
	if places == nil {
		places = []Stock{{Warehouse: s.SalesWarehouses()[0].ID}}
	}
	return places
}

// combinedView is a part of a combined SKU in answers.
type combinedView struct {
	CombinedSKU
	Title           string                  `json:"title"`
	SellerSKU       string                  `json:"seller_sku"`
	Brand           *brandView              `json:"brand,omitempty"`
	Categories      []category.CategoryView `json:"categories"`
	Price           *priceView              `json:"price,omitempty"`
	Inventory       []stockView             `json:"inventory"`
	MainImage       *media.ImageView        `json:"product_main_image,omitempty"`
	SalesAttributes []SalesAttributeView    `json:"sales_attributes"`
	NotLive         []string                `json:"combined_listing_not_live_reasons"`
}

// combinedViews shows the parts of a combined SKU, and why those are not on sale
// that are not.
func combinedViews(c *gate.Call, parts []CombinedSKU, locale string) []combinedView {
	var views []combinedView
	for _, part := range parts {
		view := combinedView{
			CombinedSKU: part, Categories: []category.CategoryView{}, Inventory: []stockView{},
			SalesAttributes: []SalesAttributeView{}, NotLive: []string{},
		}
		p := Of(c.Shop).ByID[part.ProductID]
		if p == nil {
			view.NotLive = append(view.NotLive, "SUB_PRODUCT_DELETE")
			views = append(views, view)
			continue
		}
		view.Title = p.Live.Title
		if b := category.BrandsOf(c.State.World).Get(p.Live.BrandID); b != nil {
			view.Brand = &brandView{b.ID, b.Name}
		}
		if node := category.CatalogOf(c.State.World).ByID[p.Live.CategoryID]; node != nil {
			view.Categories = category.CategoryViews(node.Chain(), locale)
		}
		if len(p.Live.Images) > 0 {
			view.MainImage = new(NewImageView(c, p.Live.Images[0]))
		}
		s := p.Live.SKU(part.SKUID)
		if s != nil {
			shown := newSKUView(c, p, s, locale)
			view.SellerSKU, view.Price, view.Inventory, view.SalesAttributes = shown.SellerSKU, &shown.Price, shown.Inventory, shown.SalesAttributes
		}
		switch {
		case p.Status == ProductDeleted:
			view.NotLive = append(view.NotLive, "SUB_PRODUCT_DELETE")
		case p.Status == ProductFreeze:
			view.NotLive = append(view.NotLive, "SUB_PRODUCT_FROZEN")
		case p.Status != ProductActivate:
			view.NotLive = append(view.NotLive, "SUB_PRODUCT_DEACTIVATE")
		case s == nil:
			view.NotLive = append(view.NotLive, "SUB_SKU_DELETE")
		}
		views = append(views, view)
	}
	return views
}
