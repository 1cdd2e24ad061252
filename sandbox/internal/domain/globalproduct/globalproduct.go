package globalproduct

import (
	"slices"
	"strings"
	"sync"
	"time"
	"unicode"

	"github.com/ttshop-go/ttshop/sandbox/internal/domain/logistics"
	"github.com/ttshop-go/ttshop/sandbox/internal/domain/product"
	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
	"github.com/ttshop-go/ttshop/sandbox/internal/invent"
	"github.com/ttshop-go/ttshop/sandbox/internal/market"
	"github.com/ttshop-go/ttshop/sandbox/internal/world"
)

// The states of a global product.
const (
	globalDraft       = "DRAFT"
	globalUnpublished = "UNPUBLISHED"
	globalPublished   = "PUBLISHED"
	globalDeleted     = "DELETED"
)

// maxGlobalPrice is the highest price of a global SKU, in cents.
const maxGlobalPrice = 99_999_999_99

// idGlobals is where the ids of global products begin.
const idGlobals = 1732_000_000_000_000_000

// The ways in which a product comes to several markets.
const (
	methodPublish   = "GLOBAL_PUBLISHING"
	methodReplicate = "LOCAL_REPLICATION"
)

// globalCurrency is the currency of global products that name none.
const globalCurrency = "USD"

// Globals are the global products. They belong to sellers, not to shops. The
// lock is taken before the lock of a shop, never while one is held.
type Globals struct {
	mu      sync.Mutex
	Sellers map[string]*sellerGlobals // by open id
}

// sellerGlobals are the global products of one seller.
type sellerGlobals struct {
	SellerID  string            `json:"id"` // of the seller, as answers show it
	IDs       invent.IDs        `json:"ids"`
	CustomIDs map[string]string `json:"custom_ids"` // of names of the seller's own
	List      []*GlobalProduct  `json:"list"`       // in ascending order of their ids
}

// GlobalProduct is a product that is published to shops of the seller. Its
// content is that of a product whose prices are in dollars or euros and whose
// stock lies in global warehouses.
type GlobalProduct struct {
	*product.Product `json:"product"`
	Currency         string               `json:"currency"`
	Locale           string               `json:"locale"` // of its texts
	Manufacturer     *globalManufacturer  `json:"manufacturer"`
	More             map[string]globalSKU `json:"more"`   // by SKU id
	Locals           []globalLocal        `json:"locals"` // in the order of their publication
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
func local(a *product.GlobalAssociation, globalSKUID string) string {
	for _, m := range a.SKUs {
		if m.GlobalSKUID == globalSKUID {
			return m.LocalSKUID
		}
	}
	return ""
}

// find returns a global product that was not deleted, or nil.
func (g *sellerGlobals) find(id string) *GlobalProduct {
	for _, p := range g.List {
		if p.ID == id && p.Status != globalDeleted {
			return p
		}
	}
	return nil
}

// withGlobals runs an operation on the global products of the caller.
func withGlobals(c *gate.Call, work func(g *sellerGlobals) *gate.Failure) *gate.Failure {
	if !c.SellsGlobally() {
		return gate.Fail(codeGlobalForbidden, "only sellers with shops in several markets have global products")
	}
	all := Of(c.State.World)
	all.mu.Lock()
	defer all.mu.Unlock()
	return work(all.Sellers[c.Grant.OpenID])
}

// withGlobal runs an operation on the global product that the path names. A
// product of another seller is refused as such where the operation documents
// that.
func withGlobal(c *gate.Call, foreign int, work func(g *sellerGlobals, p *GlobalProduct) *gate.Failure) *gate.Failure {
	return withGlobals(c, func(g *sellerGlobals) *gate.Failure {
		id := c.Param(0)
		if p := g.find(id); p != nil {
			return work(g, p)
		}
		for _, other := range Of(c.State.World).Sellers {
			if other.find(id) != nil {
				return gate.Fail(foreign, "global product ", id, " belongs to another seller")
			}
		}
		return gate.Fail(product.CodeGlobalUnknown, "no global product has the id ", id)
	})
}

// termsOf returns the terms of global products: the limits are the widest of
// the markets, the ids are the seller's.
func termsOf(c *gate.Call, g *sellerGlobals, currency string) *product.Terms {
	t := &product.Terms{
		Market: &market.Region{
			Locale: "en-US", Currency: currency, Decimals: 2,
			PriceMin: 1, PriceMax: maxGlobalPrice,
			TitleMin: 1, TitleMax: 255, MaxSKUs: 300,
			CategoryVersions: []string{"v1", "v2"}, WeightUnits: []string{"KILOGRAM"},
		},
		SellerType: "LOCAL", IDs: &g.IDs, CustomIDs: g.CustomIDs, Global: true,
	}
	for _, w := range logistics.GlobalWarehouses(c.State.World, c.Grant.OpenID) {
		t.Warehouses = append(t.Warehouses, world.Warehouse{ID: w.ID, Name: w.Name, Kind: world.WarehouseSales, Status: world.WarehouseEnabled})
	}
	return t
}

// hasHan reports whether a text holds Chinese characters, which global products
// do not take.
func hasHan(text string) bool {
	return strings.ContainsFunc(text, func(r rune) bool { return unicode.Is(unicode.Han, r) })
}

// NewGlobals invents the global products of the sellers: some of the goods of
// the shops abroad were published from one. Some are not published yet.
func NewGlobals(w *world.World, now time.Time) map[string]*sellerGlobals {
	all := map[string]*sellerGlobals{}
	for i, owner := range []*world.Seller{&w.Seller, &w.Neighbour} {
		rng := invent.NewRandom(w.Seed, invent.StreamGlobals+uint64(i))
		g := &sellerGlobals{
			IDs:       invent.IDs{Next: idGlobals + uint64(i)*world.IDStride + rng.Uint64N(world.IDStride/2), Random: rng},
			CustomIDs: map[string]string{},
		}
		g.SellerID = "75" + rng.Text("0123456789", 17)
		all[owner.OpenID] = g
	}
	g := all[w.Seller.OpenID]
	abroad := w.Shops[1]
	live := slices.DeleteFunc(slices.Clone(product.Of(abroad).List), func(p *product.Product) bool { return p.Status != product.ProductActivate })
	for i, status := range []string{globalPublished, globalPublished, globalUnpublished, globalDraft} {
		g.invent(w, abroad, live[i], status, now)
	}
	return all
}

// invent makes a global product of a local one and ties the two together where
// it is published.
func (g *sellerGlobals) invent(w *world.World, s *world.Shop, local *product.Product, status string, now time.Time) {
	const day = 24 * 60 * 60
	id := g.IDs.New()
	p := &GlobalProduct{
		Product: &product.Product{
			ID: id, Number: invent.Number(id), Created: local.Created - day, Updated: min(local.Updated, now.Unix()),
			Status: status, Audit: product.AuditNone, Live: local.Live.Clone(), Stock: map[string][]product.Stock{},
		},
		Currency: globalCurrency, More: map[string]globalSKU{},
	}
	tie := &product.GlobalAssociation{GlobalProductID: id, SKUs: []product.SKUMapping{}}
	for i := range p.Live.SKUs {
		v := &p.Live.SKUs[i]
		was := v.ID
		v.ID, v.Price, v.ListPrice = g.IDs.New(), v.Price*5/4, 0
		held := product.Stock{Warehouse: logistics.GlobalWarehouses(w, s.Owner)[0].ID}
		for _, place := range local.Stock[was] {
			held.Available += place.Available
		}
		p.Stock[v.ID] = []product.Stock{held}
		tie.SKUs = append(tie.SKUs, mapSKU(v, local.Live.SKU(was)))
	}
	if status == globalPublished {
		local.Association = tie
		p.Locals = []globalLocal{{s.ID, local.ID}}
	}
	g.List = append(g.List, p)
}

// mapSKU tells which SKU and attributes of a local product stand for those of
// the global one. Both have their attributes in the same order.
func mapSKU(global, local *product.SKU) product.SKUMapping {
	m := product.SKUMapping{GlobalSKUID: global.ID, LocalSKUID: local.ID, Attributes: []product.AttributeMapping{}}
	for i := range min(len(global.Attributes), len(local.Attributes)) {
		a, b := &global.Attributes[i], &local.Attributes[i]
		m.Attributes = append(m.Attributes, product.AttributeMapping{GlobalID: a.ID, GlobalValueID: a.ValueID, LocalID: b.ID, LocalValueID: b.ValueID})
	}
	return m
}

// Of returns the global products of a world.
func Of(w *world.World) *Globals { return world.RoomIn[Globals](w.Rooms) }
