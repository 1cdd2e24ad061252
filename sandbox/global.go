package sandbox

import (
	"slices"
	"strings"
	"sync"
	"time"
	"unicode"
)

// The states of a global product.
const (
	globalDraft       = "DRAFT"
	globalUnpublished = "UNPUBLISHED"
	globalPublished   = "PUBLISHED"
	globalDeleted     = "DELETED"
)

// Codes of global products and their publication.
const (
	codeGlobalNotFound   = 12019150 // where an operation does not list the other one
	codeGlobalForbidden  = 12019114
	codeInputRejected    = 12052910
	codeRegionPublished  = 12019212
	codeRegionInactive   = 12052903
	codeMarketPrice      = 12019010
	codeMarketWarehouse  = 12019016
	codeSharedWarehouse  = 12052379
	codeWarehousesDiffer = 12052143
	codeWarehousesFixed  = 12052533
	codeExtraIdentifier  = 12052293
	codeCreatedFilter    = 12019118
	codeUpdatedFilter    = 12019119
	codeTitleChinese     = 12052262
	codeTextChinese      = 12052346
	codeNameChinese      = 12052243
	codeValueChinese     = 12052250
)

// maxGlobalPrice is the highest price of a global SKU, in cents.
const maxGlobalPrice = 99_999_999_99

// Ids of global products begin at idGlobals, their random streams at
// streamGlobals.
const (
	idGlobals     = 1732_000_000_000_000_000
	streamGlobals = 1 << 24
)

// The ways in which a product comes to several markets.
const (
	methodPublish   = "GLOBAL_PUBLISHING"
	methodReplicate = "LOCAL_REPLICATION"
)

// globalCurrency is the currency of global products that name none.
const globalCurrency = "USD"

// globals are the global products. They belong to sellers, not to shops. The
// lock is taken before the lock of a shop, never while one is held.
type globals struct {
	mu      sync.Mutex
	sellers map[string]*sellerGlobals // by open id
}

// sellerGlobals are the global products of one seller.
type sellerGlobals struct {
	id        string // of the seller, as answers show it
	ids       ids
	customIDs map[string]string // of names of the seller's own
	list      []*globalProduct  // in ascending order of their ids
}

// globalProduct is a product that is published to shops of the seller. Its
// content is that of a product whose prices are in dollars or euros and whose
// stock lies in global warehouses.
type globalProduct struct {
	*product
	currency     string
	locale       string // of its texts
	manufacturer *globalManufacturer
	more         map[string]globalSKU // by SKU id
	locals       []globalLocal        // in the order of their publication
}

// globalSKU is what a SKU has only as a global one.
type globalSKU struct {
	Quantity   *int64      `json:"quantity,omitempty"`
	SalePrices []salePrice `json:"sale_prices,omitempty"`
}

// salePrice is the price of a SKU in one market.
type salePrice struct {
	Region string `json:"region"`
	Amount string `json:"amount"`
}

// globalManufacturer is the manufacturer as older fields describe it.
type globalManufacturer struct {
	Name        string `json:"name,omitempty"`
	Email       string `json:"email,omitempty"`
	Address     string `json:"address,omitempty"`
	PhoneNumber string `json:"phone_number,omitempty"`
}

// globalLocal is a local product that was published from a global one.
type globalLocal struct {
	Shop    string `json:"shop"`
	Product string `json:"product"`
}

// local returns the SKU of a product that was made from a global SKU, or "".
func local(a *globalAssociation, globalSKUID string) string {
	for _, m := range a.SKUs {
		if m.GlobalSKUID == globalSKUID {
			return m.LocalSKUID
		}
	}
	return ""
}

// find returns a global product that was not deleted, or nil.
func (g *sellerGlobals) find(id string) *globalProduct {
	for _, p := range g.list {
		if p.id == id && p.status != globalDeleted {
			return p
		}
	}
	return nil
}

// withGlobals runs an operation on the global products of the caller.
func withGlobals(c *call, work func(g *sellerGlobals) *failure) *failure {
	if !c.sellsGlobally() {
		return fail(codeGlobalForbidden, "only sellers with shops in several markets have global products")
	}
	all := globalsOf(c.state.world)
	all.mu.Lock()
	defer all.mu.Unlock()
	return work(all.sellers[c.grant.openID])
}

// withGlobal runs an operation on the global product that the path names. A
// product of another seller is refused as such where the operation documents
// that.
func withGlobal(c *call, foreign int, work func(g *sellerGlobals, p *globalProduct) *failure) *failure {
	return withGlobals(c, func(g *sellerGlobals) *failure {
		id := c.param(0)
		if p := g.find(id); p != nil {
			return work(g, p)
		}
		for _, other := range globalsOf(c.state.world).sellers {
			if other.find(id) != nil {
				return fail(foreign, "global product ", id, " belongs to another seller")
			}
		}
		return fail(codeGlobalUnknown, "no global product has the id ", id)
	})
}

// counter stands for a shop where the rules of products are applied to global
// ones: the limits are the widest of the markets. What it hands out is the
// seller's.
func counter(c *call, g *sellerGlobals, currency string) *shop {
	s := newStandIn(c.state.world, identity{SellerType: "LOCAL"}, "", &region{
		locale: "en-US", currency: currency, decimals: 2,
		priceMin: 1, priceMax: maxGlobalPrice,
		titleMin: 1, titleMax: 255, maxSKUs: 300,
		categoryVersions: []string{"v1", "v2"}, weightUnits: []string{"KILOGRAM"},
	}, g.ids, g.customIDs)
	for _, w := range globalWarehouses(c.state.world, c.grant.openID) {
		s.warehouses = append(s.warehouses, warehouse{id: w.ID, name: w.Name, kind: warehouseSales, status: warehouseEnabled})
	}
	return s
}

// hasHan reports whether a text holds Chinese characters, which global products
// do not take.
func hasHan(text string) bool {
	return strings.ContainsFunc(text, func(r rune) bool { return unicode.Is(unicode.Han, r) })
}

// newGlobals invents the global products of the sellers: some of the goods of
// the shops abroad were published from one. Some are not published yet.
func newGlobals(w *world, now time.Time) map[string]*sellerGlobals {
	all := map[string]*sellerGlobals{}
	for i, owner := range []*seller{&w.seller, &w.neighbour} {
		rng := newRandom(w.seed, streamGlobals+uint64(i))
		g := &sellerGlobals{
			ids:       ids{idGlobals + uint64(i)*idStride + rng.Uint64N(idStride/2), rng},
			customIDs: map[string]string{},
		}
		g.id = "75" + rng.text("0123456789", 17)
		all[owner.openID] = g
	}
	g := all[w.seller.openID]
	abroad := w.shops[1]
	live := slices.DeleteFunc(slices.Clone(productsOf(abroad).list), func(p *product) bool { return p.status != productActivate })
	for i, status := range []string{globalPublished, globalPublished, globalUnpublished, globalDraft} {
		g.invent(w, abroad, live[i], status, now)
	}
	return all
}

// invent makes a global product of a local one and ties the two together where
// it is published.
func (g *sellerGlobals) invent(w *world, s *shop, local *product, status string, now time.Time) {
	const day = 24 * 60 * 60
	id := g.ids.new()
	p := &globalProduct{
		product: &product{
			id: id, number: number(id), created: local.created - day, updated: min(local.updated, now.Unix()),
			status: status, audit: auditNone, live: local.live.clone(), stock: map[string][]stock{},
		},
		currency: globalCurrency, more: map[string]globalSKU{},
	}
	tie := &globalAssociation{GlobalProductID: id, SKUs: []skuMapping{}}
	for i := range p.live.skus {
		v := &p.live.skus[i]
		was := v.id
		v.id, v.price, v.listPrice = g.ids.new(), v.price*5/4, 0
		held := stock{warehouse: globalWarehouses(w, s.owner)[0].ID}
		for _, place := range local.stock[was] {
			held.available += place.available
		}
		p.stock[v.id] = []stock{held}
		tie.SKUs = append(tie.SKUs, mapSKU(v, local.live.sku(was)))
	}
	if status == globalPublished {
		local.association = tie
		p.locals = []globalLocal{{s.ID, local.id}}
	}
	g.list = append(g.list, p)
}

// mapSKU tells which SKU and attributes of a local product stand for those of
// the global one. Both have their attributes in the same order.
func mapSKU(global, local *sku) skuMapping {
	m := skuMapping{global.id, local.id, []attributeMapping{}}
	for i := range min(len(global.attributes), len(local.attributes)) {
		a, b := &global.attributes[i], &local.attributes[i]
		m.Attributes = append(m.Attributes, attributeMapping{a.id, a.valueID, b.id, b.valueID})
	}
	return m
}

// globalsOf returns the global products of a world.
func globalsOf(w *world) *globals { return roomIn[globals](w.rooms) }
