package product

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/ttshop-go/ttshop/sandbox/internal/domain/category"
	"github.com/ttshop-go/ttshop/sandbox/internal/domain/media"
	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
	"github.com/ttshop-go/ttshop/sandbox/internal/invent"
	"github.com/ttshop-go/ttshop/sandbox/internal/market"
	"github.com/ttshop-go/ttshop/sandbox/internal/world"
)

// seedStatuses returns the states of the invented products, in the order in
// which they are dealt out.
func seedStatuses() []string {
	return []string{
		ProductActivate, ProductActivate, ProductActivate, ProductDraft, ProductActivate,
		ProductSellerDeactivated, ProductActivate, ProductActivate, ProductPending, ProductActivate,
		ProductActivate, ProductFailed, ProductActivate, ProductActivate, ProductPlatformDeactivated,
		ProductActivate, ProductActivate, ProductDeleted, ProductActivate, ProductSellerDeactivated,
		ProductActivate, ProductDraft, ProductActivate, ProductFreeze, ProductActivate,
		ProductPending, ProductActivate, ProductActivate, ProductFailed, ProductPlatformDeactivated,
		ProductActivate, ProductSellerDeactivated, ProductActivate, ProductDeleted, ProductActivate,
		ProductDraft, ProductActivate, ProductFreeze, ProductActivate, ProductSellerDeactivated,
		ProductPending, ProductFailed, ProductPlatformDeactivated, ProductDeleted, ProductDraft,
	}
}

// SeedProducts invents the shop's products, one per entry of the catalogue, and
// returns what can be bought. Operations draw ids from where it stops.
func SeedProducts(g *world.Generator) []Offer {
	g.Shop.Rooms.Furnish(&products{ByID: map[string]*Product{}, idempotencyKeys: map[string]*Product{}, customIDs: map[string]string{}})
	g.Shop.IDs = g.Source(world.IDProducts)
	var offers []Offer
	type entry struct {
		category *category.Category
		seed     category.ProductSeed
	}
	var entries []entry
	for _, leaf := range category.CatalogOf(g.World).Leaves() {
		for _, seed := range leaf.Leaf.Products {
			entries = append(entries, entry{leaf, seed})
		}
	}
	g.Shuffle(len(entries), func(i, j int) { entries[i], entries[j] = entries[j], entries[i] })
	statuses := seedStatuses()
	for i, e := range entries {
		// The older a product the smaller its id.
		age := time.Duration(len(entries)-i)*7*24*time.Hour + time.Duration(g.IntN(6*24*3600))*time.Second
		offers = append(offers, seedProduct(g, e.category, e.seed, statuses[i%len(statuses)], g.Now.Add(-age).Unix())...)
	}
	return offers
}

// seedProduct invents one and returns what can be bought of it.
func seedProduct(g *world.Generator, node *category.Category, seed category.ProductSeed, status string, created int64) (offers []Offer) {
	s, region := g.Shop, g.Shop.Market
	brand := category.BrandsOf(g.World).List[g.IntN(len(category.BrandNames()))]
	id := g.Shop.IDs.New()
	p := &Product{
		ID: id, Number: invent.Number(id), Created: created, Status: status, Passed: !slices.Contains([]string{ProductDraft, ProductPending, ProductFailed}, status),
		Updated: min(created+g.Between(3600, 5*24*3600), g.Now.Unix()),
		Audit:   AuditNone,
		Stock:   map[string][]Stock{},
	}
	switch status {
	case ProductActivate:
		p.Audit = AuditApproved
	case ProductPending:
		p.Audit = AuditAuditing // without a verdict: it waits for good
	case ProductFailed:
		p.Audit = auditFailed
		p.Failures = []AuditFailure{{
			Position: "Product image", Reasons: []string{"The first image does not show the product alone"},
			Suggestions: []string{"Use a photo of the product on a plain background"}, Platform: "TIKTOK_SHOP",
		}}
	}
	if region.Code == "US" {
		p.Quality = invent.Pick(g.Random, []string{"POOR", "FAIR", "FAIR", "GOOD", "GOOD"})
	}
	title := brand.Name + " " + seed.Name.In(region.Locale)
	if region.Locale == "vi-VN" || region.Locale == "pt-BR" {
		title = seed.Name.In(region.Locale) + " " + brand.Name
	}
	c := Content{
		Title:       title,
		Description: "<p>" + title + ".</p><ul><li>" + invent.Pick(g.Random, descriptionLines(region.Locale)) + "</li></ul>",
		CategoryID:  node.ID,
		BrandID:     brand.ID,
		Weight:      &Weight{Value: kilograms(seed.Grams), Unit: "KILOGRAM"},
		Dimensions:  box(g, seed.Grams),
		Insurance:   "OPTIONAL",
		COD:         region.COD && !node.Leaf.NoCOD,
	}
	for range g.Between(2, 5) {
		c.Images = append(c.Images, SeedImage(g))
	}
	for _, attributeID := range node.Leaf.Attributes {
		a := category.CatalogOf(g.World).Attributes[attributeID]
		if a.Kind != category.ProductProperty || attributeID != node.Leaf.Mandatory && g.Chance(25) {
			continue
		}
		v := invent.Pick(g.Random, a.Values)
		if i := slices.IndexFunc(a.Values, func(v category.AttributeValue) bool { return v.Name.En == node.Leaf.Material }); i >= 0 {
			v = a.Values[i]
		}
		c.Attributes = append(c.Attributes, ProductAttribute{a.ID, a.Name.In(region.Locale), []ProductValue{{v.ID, v.Name.In(region.Locale)}}})
	}
	skus(g, p, &c, node, brand, seed)
	p.Live = c
	Of(s).ByID[p.ID] = p
	Of(s).List = append(Of(s).List, p)
	g.World.Owners.Add(s, p.ID)
	if status == ProductActivate && g.Chance(15) {
		draft := c.Clone()
		draft.Title += cmp.Or(map[string]string{"vi-VN": " – bản mới", "pt-BR": ", nova edição"}[region.Locale], ", New Edition")
		p.Draft = &draft
	}
	if status != ProductDraft {
		for i := range p.Live.SKUs {
			offers = append(offers, Offer{p, &p.Live.SKUs[i], p.Stock[p.Live.SKUs[i].ID]})
		}
	}
	return offers
}

// skus invents one to three variants with price and stock.
func skus(g *world.Generator, p *Product, c *Content, node *category.Category, brand *category.Brand, seed category.ProductSeed) {
	region := g.Shop.Market
	sales := g.Shop.SalesWarehouses()
	variants := 1
	if node.Leaf.Axis != "" {
		variants = int(g.Between(1, 3))
	}
	axis := category.CatalogOf(g.World).Attributes[node.Leaf.Axis]
	var values []int
	if axis != nil {
		values = g.Perm(len(axis.Values))[:variants]
	}
	price := LocalPrice(region, seed.Cents)
	for i := range variants {
		skuID := g.Shop.IDs.New()
		v := SKU{ID: skuID, Price: price + int64(i)*LocalPrice(region, seed.Cents/10), SellerSKU: sellerSKU(brand.Name, p.Number, i)}
		if region.ListPrice && g.Chance(30) {
			v.ListPrice = v.Price * 5 / 4
		}
		if axis != nil {
			value := axis.Values[values[i]]
			v.Attributes = []SalesAttribute{{
				ID: axis.ID, Name: axis.Name.In(region.Locale),
				ValueID: value.ID, Value: value.Name.In(region.Locale),
			}}
			if axis.ID == category.AttributeColor {
				v.Attributes[0].Image = SeedImage(g)
			}
		}
		c.SKUs = append(c.SKUs, v)
		// Most SKUs lie in the default warehouse, some in all.
		places := sales[:1]
		if g.Chance(35) {
			places = sales
		}
		for _, w := range places {
			quantity := g.Between(3, 400)
			if g.Chance(4) {
				quantity = 0
			}
			p.Stock[skuID] = append(p.Stock[skuID], Stock{Warehouse: w.ID, Available: quantity})
		}
		g.World.Owners.Add(g.Shop, skuID)
	}
}

// LocalPrice converts US cents to a price that looks right in the market.
func LocalPrice(r *market.Region, cents int64) int64 {
	switch r.Currency {
	case "GBP":
		return cents * 4 / 5
	case "VND":
		return cents * 250 / 1000 * 1000
	case "BRL":
		return cents * 5
	}
	return cents
}

// SeedImage invents a picture.
func SeedImage(g *world.Generator) string {
	return media.ImagesOf(g.World).Add(media.SeedImageSize, media.SeedImageSize, "image/png", nil).URI
}

// box returns the dimensions of a package in centimetres.
func box(g *world.Generator, grams int) *Dimensions {
	side := func() string { return string(gate.AppendInt(nil, int(g.Between(8, 14))+grams/150)) }
	return &Dimensions{Length: side(), Width: side(), Height: side(), Unit: "CENTIMETER"}
}

// kilograms writes grams as kilograms with up to three decimals.
func kilograms(grams int) string {
	digits := string(gate.AppendInt(nil, 1000+grams%1000))[1:]
	text := string(gate.AppendInt(nil, grams/1000)) + "." + digits
	return strings.TrimRight(strings.TrimRight(text, "0"), ".")
}

// sellerSKU is the seller's own code of a variant.
func sellerSKU(brand string, product int64, variant int) string {
	return strings.ToUpper(brand[:3]) + "-" + string(gate.AppendInt(nil, int(product%1_000_000))) + "-" + string(rune('A'+variant))
}

func descriptionLines(locale string) []string {
	if locale == "vi-VN" {
		return []string{
			"Chất liệu bền đẹp, dùng hằng ngày", "Đóng gói cẩn thận, giao nhanh toàn quốc",
			"Thiết kế tối giản, dễ phối", "Bảo hành 12 tháng, đổi trả dễ dàng",
		}
	}
	if locale == "pt-BR" {
		return []string{
			"Feito para durar e usar todos os dias", "Embalado sem plástico, envio rápido",
			"Um desenho simples que combina com tudo", "Garantia de 12 meses, troca fácil",
		}
	}
	return []string{
		"Made to be used every day and to last", "Packed without plastic",
		"A quiet design that goes with everything", "Two-year warranty, easy returns",
	}
}

// Offer is a SKU that orders can be for.
type Offer struct {
	Product *Product
	SKU     *SKU
	Stock   []Stock
}
