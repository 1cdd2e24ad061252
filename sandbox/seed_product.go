package sandbox

import (
	"slices"
	"strings"
	"time"
)

// seedStatuses returns the states of the invented products, in the order in
// which they are dealt out.
func seedStatuses() []string {
	return []string{
		productActivate, productActivate, productActivate, productDraft, productActivate,
		productSellerDeactivated, productActivate, productActivate, productPending, productActivate,
		productActivate, productFailed, productActivate, productActivate, productPlatformDeactivated,
		productActivate, productActivate, productDeleted, productActivate, productSellerDeactivated,
		productActivate, productDraft, productActivate, productFreeze, productActivate,
		productPending, productActivate, productActivate, productFailed, productPlatformDeactivated,
		productActivate, productSellerDeactivated, productActivate, productDeleted, productActivate,
		productDraft, productActivate, productFreeze, productActivate, productSellerDeactivated,
		productPending, productFailed, productPlatformDeactivated, productDeleted, productDraft,
	}
}

// seedProducts invents the shop's products, one per entry of the catalogue, and
// returns what can be bought. Operations draw ids from where it stops.
func seedProducts(g *generator) []offer {
	g.shop.rooms.furnish(&products{byID: map[string]*product{}, idempotencyKeys: map[string]*product{}, customIDs: map[string]string{}})
	g.shop.ids = g.source(idProducts)
	var offers []offer
	type entry struct {
		category *category
		seed     productSeed
	}
	var entries []entry
	for _, leaf := range catalogOf(g.world).leaves() {
		for _, seed := range leaf.leaf.products {
			entries = append(entries, entry{leaf, seed})
		}
	}
	g.Shuffle(len(entries), func(i, j int) { entries[i], entries[j] = entries[j], entries[i] })
	statuses := seedStatuses()
	for i, e := range entries {
		// The older a product the smaller its id.
		age := time.Duration(len(entries)-i)*7*24*time.Hour + time.Duration(g.IntN(6*24*3600))*time.Second
		offers = append(offers, seedProduct(g, e.category, e.seed, statuses[i%len(statuses)], g.now.Add(-age).Unix())...)
	}
	return offers
}

// seedProduct invents one and returns what can be bought of it.
func seedProduct(g *generator, node *category, seed productSeed, status string, created int64) (offers []offer) {
	s, region := g.shop, g.shop.region
	brand := brandsOf(g.world).list[g.IntN(len(brandNames()))]
	id := g.shop.ids.new()
	p := &product{
		id: id, number: number(id), created: created, status: status, passed: !slices.Contains([]string{productDraft, productPending, productFailed}, status),
		updated: min(created+g.between(3600, 5*24*3600), g.now.Unix()),
		audit:   auditNone,
		stock:   map[string][]stock{},
	}
	switch status {
	case productActivate:
		p.audit = auditApproved
	case productPending:
		p.audit = auditAuditing // without a verdict: it waits for good
	case productFailed:
		p.audit = auditFailed
		p.failures = []auditFailure{{
			Position: "Product image", Reasons: []string{"The first image does not show the product alone"},
			Suggestions: []string{"Use a photo of the product on a plain background"}, Platform: "TIKTOK_SHOP",
		}}
	}
	if region.code == "US" {
		p.quality = pick(g.random, []string{"POOR", "FAIR", "FAIR", "GOOD", "GOOD"})
	}
	title := brand.name + " " + seed.name.en
	if region.locale == "vi-VN" {
		title = seed.name.vi + " " + brand.name
	}
	c := content{
		title:       title,
		description: "<p>" + title + ".</p><ul><li>" + pick(g.random, descriptionLines(region.locale)) + "</li></ul>",
		categoryID:  node.id,
		brandID:     brand.id,
		weight:      &weight{Value: kilograms(seed.grams), Unit: "KILOGRAM"},
		dimensions:  box(g, seed.grams),
		insurance:   "OPTIONAL",
		cod:         region.cod && !node.leaf.noCOD,
	}
	for range g.between(2, 5) {
		c.images = append(c.images, seedImage(g))
	}
	for _, attributeID := range node.leaf.attributes {
		a := catalogOf(g.world).attributes[attributeID]
		if a.kind != productProperty || attributeID != node.leaf.mandatory && g.chance(25) {
			continue
		}
		v := pick(g.random, a.values)
		if i := slices.IndexFunc(a.values, func(v attributeValue) bool { return v.name.en == node.leaf.material }); i >= 0 {
			v = a.values[i]
		}
		c.attributes = append(c.attributes, productAttribute{a.id, a.name.in(region.locale), []productValue{{v.id, v.name.in(region.locale)}}})
	}
	skus(g, p, &c, node, brand, seed)
	p.live = c
	productsOf(s).byID[p.id] = p
	productsOf(s).list = append(productsOf(s).list, p)
	g.world.owners.add(s, p.id)
	if status == productActivate && g.chance(15) {
		draft := c.clone()
		draft.title += map[bool]string{true: " – bản mới", false: ", New Edition"}[region.locale == "vi-VN"]
		p.draft = &draft
	}
	if status != productDraft {
		for i := range p.live.skus {
			offers = append(offers, offer{p, &p.live.skus[i], p.stock[p.live.skus[i].id]})
		}
	}
	return offers
}

// skus invents one to three variants with price and stock.
func skus(g *generator, p *product, c *content, node *category, brand *brand, seed productSeed) {
	region := g.shop.region
	sales := g.shop.salesWarehouses()
	variants := 1
	if node.leaf.axis != "" {
		variants = int(g.between(1, 3))
	}
	axis := catalogOf(g.world).attributes[node.leaf.axis]
	var values []int
	if axis != nil {
		values = g.Perm(len(axis.values))[:variants]
	}
	price := localPrice(region, seed.cents)
	for i := range variants {
		skuID := g.shop.ids.new()
		v := sku{id: skuID, price: price + int64(i)*localPrice(region, seed.cents/10), sellerSKU: sellerSKU(brand.name, p.number, i)}
		if region.listPrice && g.chance(30) {
			v.listPrice = v.price * 5 / 4
		}
		if axis != nil {
			value := axis.values[values[i]]
			v.attributes = []salesAttribute{{
				id: axis.id, name: axis.name.in(region.locale),
				valueID: value.id, value: value.name.in(region.locale),
			}}
			if axis.id == attributeColor {
				v.attributes[0].image = seedImage(g)
			}
		}
		c.skus = append(c.skus, v)
		// Most SKUs lie in the default warehouse, some in all.
		places := sales[:1]
		if g.chance(35) {
			places = sales
		}
		for _, w := range places {
			quantity := g.between(3, 400)
			if g.chance(4) {
				quantity = 0
			}
			p.stock[skuID] = append(p.stock[skuID], stock{warehouse: w.id, available: quantity})
		}
		g.world.owners.add(g.shop, skuID)
	}
}

// localPrice converts US cents to a price that looks right in the market.
func localPrice(r *region, cents int64) int64 {
	switch r.currency {
	case "GBP":
		return cents * 4 / 5
	case "VND":
		return cents * 250 / 1000 * 1000
	}
	return cents
}

// seedImage invents a picture.
func seedImage(g *generator) string {
	return imagesOf(g.world).add(seedImageSize, seedImageSize, "image/png", nil).uri
}

// box returns the dimensions of a package in centimetres.
func box(g *generator, grams int) *dimensions {
	side := func() string { return string(appendInt(nil, int(g.between(8, 14))+grams/150)) }
	return &dimensions{Length: side(), Width: side(), Height: side(), Unit: "CENTIMETER"}
}

// kilograms writes grams as kilograms with up to three decimals.
func kilograms(grams int) string {
	digits := string(appendInt(nil, 1000+grams%1000))[1:]
	text := string(appendInt(nil, grams/1000)) + "." + digits
	return strings.TrimRight(strings.TrimRight(text, "0"), ".")
}

// sellerSKU is the seller's own code of a variant.
func sellerSKU(brand string, product int64, variant int) string {
	return strings.ToUpper(brand[:3]) + "-" + string(appendInt(nil, int(product%1_000_000))) + "-" + string(rune('A'+variant))
}

func descriptionLines(locale string) []string {
	if locale == "vi-VN" {
		return []string{
			"Chất liệu bền đẹp, dùng hằng ngày", "Đóng gói cẩn thận, giao nhanh toàn quốc",
			"Thiết kế tối giản, dễ phối", "Bảo hành 12 tháng, đổi trả dễ dàng",
		}
	}
	return []string{
		"Made to be used every day and to last", "Packed without plastic",
		"A quiet design that goes with everything", "Two-year warranty, easy returns",
	}
}

// offer is a SKU that orders can be for.
type offer struct {
	product *product
	sku     *sku
	stock   []stock
}
