package product

import (
	"errors"
	"fmt"
	"time"
	"unicode/utf8"

	"github.com/ttshop-go/ttshop/sandbox/internal/domain/category"
	"github.com/ttshop-go/ttshop/sandbox/internal/domain/media"
	"github.com/ttshop-go/ttshop/sandbox/internal/invent"
	"github.com/ttshop-go/ttshop/sandbox/internal/world"
)

// Addition is a product that somebody gives a shop besides what the seed made.
type Addition struct {
	Title, Description string // the title stands for an empty description
	Category           string // id of a leaf; "" for the one that fits the title
	Variants           []AddedVariant
}

// AddedVariant is a SKU of an addition.
type AddedVariant struct {
	SellerSKU string
	Name      string // tells it apart from its siblings; "" where it is alone
	Price     string // in the currency of the market
	Stock     int64  // in the default warehouse
}

// maxAddedTitle is the longest title of a listing.
const maxAddedTitle = 255

// Add lists a product at once, as if its review were over. The caller holds the
// shop's lock.
func Add(s *world.Shop, a Addition, now time.Time) (*Product, error) {
	switch {
	case a.Title == "" || utf8.RuneCountInString(a.Title) > maxAddedTitle:
		return nil, fmt.Errorf("a title has 1 to %d characters", maxAddedTitle)
	case len(a.Variants) == 0:
		return nil, errors.New("a product needs a SKU")
	}
	node := category.CatalogOf(s.World).Recommend(a.Title)
	if a.Category != "" {
		if node = category.CatalogOf(s.World).ByID[a.Category]; node == nil || node.Leaf == nil {
			return nil, fmt.Errorf("the category %q is not a leaf of the tree, see product.GetCategories", a.Category)
		}
	}
	c := Content{
		Title: a.Title, Description: a.Description, CategoryID: node.ID, Insurance: "OPTIONAL",
		Weight:     &Weight{Value: "0.5", Unit: "KILOGRAM"},
		Dimensions: &Dimensions{Length: "10", Width: "10", Height: "10", Unit: "CENTIMETER"},
	}
	if c.Description == "" {
		c.Description = a.Title
	}
	prices := make([]int64, len(a.Variants))
	codes, names := map[string]bool{}, map[string]bool{}
	for i, v := range a.Variants {
		price, ok := s.Market.ParseMoney(v.Price)
		switch {
		case !ok || price <= 0:
			return nil, fmt.Errorf("the price %q is not an amount of %s above 0, such as %s", v.Price, s.Market.Currency, s.Market.Money(1999))
		case v.Stock < 0 || v.Stock > MaxQuantity:
			return nil, fmt.Errorf("a stock of %d, want 0 to %d", v.Stock, MaxQuantity)
		case v.SellerSKU == "" || len(v.SellerSKU) > maxSellerSKU:
			return nil, fmt.Errorf("a seller SKU has 1 to %d bytes", maxSellerSKU)
		case codes[v.SellerSKU] || hasSellerSKU(s, v.SellerSKU):
			return nil, fmt.Errorf("the shop has a seller SKU %q already", v.SellerSKU)
		case len(a.Variants) > 1 && (v.Name == "" || names[v.Name]):
			return nil, errors.New("each of several SKUs needs a name of its own")
		}
		prices[i], codes[v.SellerSKU], names[v.Name] = price, true, true
	}
	places := s.SalesWarehouses()
	if len(places) == 0 {
		return nil, errors.New("the shop has no warehouse that sells")
	}
	c.Images = []string{media.ImagesOf(s.World).Add(media.SeedImageSize, media.SeedImageSize, "image/png", nil).URI}
	id := s.IDs.New()
	p := &Product{ID: id, Number: invent.Number(id), Created: now.Unix(), Updated: now.Unix(), Status: ProductDraft, Audit: AuditNone, Stock: map[string][]Stock{}}
	before := p.before()
	axis := ""
	for i, v := range a.Variants {
		sku := SKU{ID: s.IDs.New(), SellerSKU: v.SellerSKU, Price: prices[i]}
		if v.Name != "" {
			if axis == "" {
				axis = s.IDs.New()
			}
			sku.Attributes = []SalesAttribute{{ID: axis, Name: "Variant", ValueID: s.IDs.New(), Value: v.Name}}
		}
		c.SKUs = append(c.SKUs, sku)
		p.Stock[sku.ID] = []Stock{{Warehouse: places[0].ID, Available: v.Stock}}
		s.World.Owners.Add(s, sku.ID)
	}
	p.Live, p.Status, p.Audit, p.Passed = c, ProductActivate, AuditApproved, true
	Of(s).ByID[p.ID] = p
	Of(s).List = append(Of(s).List, p)
	s.World.Owners.Add(s, p.ID)
	if s.World.Inhabited() {
		announceCreation(s, p, now)
		announceProduct(s, p, before, now)
	}
	return p, nil
}

// hasSellerSKU tells whether a product of the shop has a code.
func hasSellerSKU(s *world.Shop, code string) bool { return SKUOf(s, code) != "" }

// SKUOf returns the id of the SKU with a code of the seller's, or "".
func SKUOf(s *world.Shop, code string) string {
	for _, p := range Of(s).List {
		for i := range p.Live.SKUs {
			if p.Live.SKUs[i].SellerSKU == code {
				return p.Live.SKUs[i].ID
			}
		}
	}
	return ""
}

// SetStock sets what the default warehouse has of a SKU. The caller is alone: it
// is for a world that is being made.
func SetStock(s *world.Shop, sku string, quantity int64) {
	at := s.SalesWarehouses()[0].ID
	for _, p := range Of(s).List {
		if p.Live.SKU(sku) == nil {
			continue
		}
		places := p.Stock[sku]
		for i := range places {
			if places[i].Warehouse == at {
				places[i].Available = quantity
				return
			}
		}
		p.Stock[sku] = append(places, Stock{Warehouse: at, Available: quantity})
	}
}
