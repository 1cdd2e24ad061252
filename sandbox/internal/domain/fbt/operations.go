package fbt

import (
	"cmp"
	"slices"

	"github.com/ttshop-go/ttshop/sandbox/internal/domain/media"
	"github.com/ttshop-go/ttshop/sandbox/internal/domain/product"
	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
	"github.com/ttshop-go/ttshop/sandbox/internal/invent"
	"github.com/ttshop-go/ttshop/sandbox/internal/world"
)

// platformWarehouse is the one type of warehouse that is documented.
const platformWarehouse = "PLATFORM_WAREHOUSE"

type regionView struct {
	Code string `json:"region_code"`
}

// regions are the markets in which the seller of a shop takes part. It locks the
// seller's shops in turn.
func regions(s *world.Shop) []regionView {
	views := []regionView{}
	for _, other := range s.World.Shops {
		if other.Owner != s.Owner {
			continue
		}
		other.Mu.RLock()
		on := Of(other).Onboarded
		other.Mu.RUnlock()
		if view := (regionView{other.Region}); on && !slices.Contains(views, view) {
			views = append(views, view)
		}
	}
	return views
}

func getRegions(c *gate.Call) *gate.Failure {
	c.JSON(struct {
		Regions []regionView `json:"onboarded_regions"`
	}{regions(c.Shop)})
	return nil
}

type warehouseView struct {
	Addresses  []address `json:"addresses"`
	ID         string    `json:"fbt_warehouse_id"`
	Services   []service `json:"logistics_services"`
	Name       string    `json:"name"`
	Subscribed bool      `json:"subscribed"`
	Type       string    `json:"type"`
	Shown      []string  `json:"warehouse_ids"`
}

func getWarehouses(c *gate.Call) *gate.Failure {
	views := []warehouseView{}
	for _, s := range shops(c) {
		s.Mu.RLock()
		own := Of(s)
		for _, w := range own.Warehouses {
			views = append(views, warehouseView{[]address{w.Address}, w.ID, w.Services, w.Name, own.Onboarded, platformWarehouse, []string{w.ShownAs}})
		}
		s.Mu.RUnlock()
	}
	c.JSON(struct {
		Warehouses []warehouseView `json:"warehouses"`
	}{views})
	return nil
}

// merchantOf shows the seller of a shop as a merchant.
func merchantOf(s *world.Shop) merchantView { return merchantView{s.MadeUpID("merchant", 0), s.Name} }

type goodView struct {
	Barcodes  []barcodeView `json:"barcodes"`
	ID        string        `json:"id"`
	Image     string        `json:"image_url,omitempty"`
	Lot       lotView       `json:"lot_expiration_info"`
	Declared  measures      `json:"merchant_declaration_info"`
	Name      string        `json:"name"`
	Reference string        `json:"reference_code"`
	SKUs      []goodSKUView `json:"skus"`
	Confirmed *measures     `json:"warehouse_confirmation_info,omitempty"`
}

type barcodeView struct {
	Code string `json:"code"`
	Type string `json:"type"`
}

type lotView struct {
	Alert     int64  `json:"expiration_alert_days,omitempty"`
	Handling  string `json:"handling_method,omitempty"`
	Inbound   int64  `json:"inbound_cutoff_days,omitempty"`
	Managed   bool   `json:"is_expiration_management"`
	Lots      bool   `json:"is_lot_control"`
	Sales     int64  `json:"sales_cutoff_days,omitempty"`
	ShelfLife int64  `json:"shelf_life_days,omitempty"`
}

type measures struct {
	Dimension dimension `json:"dimension"`
	Weight    weight    `json:"weight"`
}

type dimension struct {
	Height string `json:"height"`
	Length string `json:"length"`
	Unit   string `json:"unit"`
	Width  string `json:"width"`
}

type weight struct {
	Unit  string `json:"unit"`
	Value string `json:"value"`
}

type goodSKUView struct {
	ID      string      `json:"id"`
	Image   string      `json:"image_url,omitempty"`
	Matched bool        `json:"matched"`
	Name    string      `json:"name"`
	Product productView `json:"product"`
	Regions []string    `json:"regions"`
}

type productView struct {
	ID    string `json:"id"`
	Image string `json:"image_url,omitempty"`
	Name  string `json:"name"`
}

// viewGood shows a good. The warehouse measures it when the first of it comes in.
func viewGood(c *gate.Call, g *good) goodView {
	v := goodView{
		Barcodes: []barcodeView{{g.Barcode, "FBT SPECIFIC BARCODE"}}, ID: g.ID, Lot: lotView{}, Name: g.Name, Reference: g.Reference,
		Declared: measures{dimension{"10", "20", "CENTIMETER", "15"}, weight{"GRAM", "300"}}, SKUs: []goodSKUView{},
	}
	if g.Lot {
		v.Lot = lotView{Alert: 60, Handling: "DISPOSE", Inbound: 90, Managed: true, Lots: true, Sales: 30, ShelfLife: 365}
	}
	if g.Image != "" {
		v.Image = media.ImageURL(c, g.Image)
	}
	if len(g.Held) > 0 {
		v.Confirmed = &measures{dimension{"10.2", "20.1", "CENTIMETER", "15"}, weight{"GRAM", "304"}}
	}
	for _, m := range g.SKUs {
		shown := goodSKUView{ID: m.SKU, Matched: true, Product: productView{ID: m.Product}, Regions: []string{c.Shop.Region}}
		if p := product.Of(c.Shop).ByID[m.Product]; p != nil {
			shown.Product.Name, shown.Name = p.Live.Title, p.Live.Title
			if sku := p.Live.SKU(m.SKU); sku != nil && len(sku.Attributes) > 0 {
				shown.Name = sku.Attributes[0].Value
			}
			if len(p.Live.Images) > 0 {
				shown.Product.Image = media.ImageURL(c, p.Live.Images[0])
				shown.Image = shown.Product.Image
			}
		}
		v.SKUs = append(v.SKUs, shown)
	}
	return v
}

// chosen reports whether a filter that is left out, or that names one of some
// ids, lets them pass.
func chosen(filter []string, ids ...string) bool {
	return len(filter) == 0 || slices.ContainsFunc(ids, func(id string) bool { return slices.Contains(filter, id) })
}

func searchGoods(c *gate.Call) *gate.Failure {
	var input struct {
		Goods      []string `json:"goods_ids"`
		Products   []string `json:"product_ids"`
		References []string `json:"reference_codes"`
		SKUs       []string `json:"sku_ids"`
	}
	if f := c.Decode(&input); f != nil {
		return f
	}
	list, f := goodsPage(c, func(g *good) bool {
		products, skus := g.skus()
		return chosen(input.Goods, g.ID) && chosen(input.References, g.Reference) && chosen(input.Products, products...) && chosen(input.SKUs, skus...)
	})
	if f != nil {
		return f
	}
	views := []goodView{}
	for _, g := range list.page {
		views = append(views, viewGood(c, g))
	}
	c.JSON(struct {
		Goods []goodView `json:"goods"`
		gate.PageEnd
	}{views, list.end})
	return nil
}

type page[T any] struct {
	page []T
	end  gate.PageEnd
}

// goodsPage picks a page of the shop's goods.
func goodsPage(c *gate.Call, match func(*good) bool) (page[*good], *gate.Failure) {
	return pageOf(c, Of(c.Shop).Goods, false, func(g *good) gate.Cursor { return gate.Cursor{ID: invent.Number(g.ID)} }, match)
}

func pageOf[T any](c *gate.Call, list []T, descending bool, key func(T) gate.Cursor, match func(T) bool) (p page[T], f *gate.Failure) {
	request, f := c.Page(codeRefused)
	if f != nil {
		return p, f
	}
	scope := c.Route.Name + " " + c.Shop.ID
	after, f := request.Cursor(c.State.World.Seed, scope)
	if f != nil {
		return p, f
	}
	found, next, total := gate.Paginate(c, list, descending, after, request.Size, key, match)
	return page[T]{found, c.PageEnd(next, scope, total)}, nil
}

type inventoryView struct {
	Warehouse string            `json:"fbt_warehouse_id"`
	Goods     inventoryGoodView `json:"goods"`
	Transit   int64             `json:"in_transit_quantity"`
	OnHand    fullOnHand        `json:"on_hand_detail"`
}

type fullOnHand struct {
	onHand
	Unfulfillable int64 `json:"unfulfillable_quantity"`
}

type inventoryGoodView struct {
	shortGoodView
	SKUs []inventorySKUView `json:"skus"`
}

type shortGoodView struct {
	ID        string `json:"id"`
	Name      string `json:"name"`
	Reference string `json:"reference_code"`
}

type inventorySKUView struct {
	ID     string `json:"id"`
	OnHand onHand `json:"on_hand_detail"`
}

// place is a good in a warehouse.
type place struct {
	good      *good
	warehouse *warehouse
	turn      int // of the warehouse
}

// searchInventory lists what is in the warehouses, by good and warehouse.
func searchInventory(c *gate.Call) *gate.Failure {
	var input struct {
		Warehouses []string `json:"fbt_warehouse_ids"`
		Goods      []string `json:"goods_ids"`
		SKUs       []string `json:"sku_ids"`
	}
	if f := c.Decode(&input); f != nil {
		return f
	}
	own := Of(c.Shop)
	var places []place
	for _, g := range own.Goods {
		for i, w := range own.Warehouses {
			if g.Held[w.ID] != nil || own.transit(g.ID, w.ID) > 0 {
				places = append(places, place{g, w, i})
			}
		}
	}
	list, f := pageOf(c, places, false,
		func(p place) gate.Cursor { return gate.Cursor{At: invent.Number(p.good.ID), ID: int64(p.turn)} },
		func(p place) bool {
			_, skus := p.good.skus()
			return chosen(input.Warehouses, p.warehouse.ID) && chosen(input.Goods, p.good.ID) && chosen(input.SKUs, skus...)
		})
	if f != nil {
		return f
	}
	views := []inventoryView{}
	for _, p := range list.page {
		h := cmp.Or(p.good.Held[p.warehouse.ID], &holding{})
		v := inventoryView{
			Warehouse: p.warehouse.ID, Transit: own.transit(p.good.ID, p.warehouse.ID), OnHand: fullOnHand{h.view(), h.Defective},
			Goods: inventoryGoodView{shortGoodView{p.good.ID, p.good.Name, p.good.Reference}, []inventorySKUView{}},
		}
		for _, m := range p.good.SKUs {
			v.Goods.SKUs = append(v.Goods.SKUs, inventorySKUView{m.SKU, h.view()})
		}
		views = append(views, v)
	}
	c.JSON(struct {
		Inventory []inventoryView `json:"inventory"`
		gate.PageEnd
	}{views, list.end})
	return nil
}

type recordView struct {
	Changed   int64         `json:"changed_quantity"`
	Created   int64         `json:"create_time"`
	Warehouse string        `json:"fbt_warehouse_id"`
	Final     int64         `json:"final_on_hand_quantity"`
	Goods     shortGoodView `json:"goods"`
	Initial   int64         `json:"initial_on_hand_quantity"`
	Kind      string        `json:"inventory_goods_type"`
	Order     recordOrder   `json:"order"`
}

type recordOrder struct {
	ID   string `json:"id"`
	Type string `json:"type"`
}

// searchRecords lists changes of stock, the newest first. Without a cipher the
// goods or the warehouse tell which shop it is, else it is the first one.
func searchRecords(c *gate.Call) *gate.Failure {
	var input struct {
		From       int64    `json:"create_time_ge"`
		To         int64    `json:"create_time_le"`
		Warehouses []string `json:"fbt_warehouse_ids"`
		Goods      []string `json:"goods_ids"`
	}
	if f := c.Decode(&input); f != nil {
		return f
	}
	named := slices.Concat(input.Goods, input.Warehouses, []string{""})
	if f := withShop(c, named[0]); f != nil {
		return f
	}
	c.Shop.Mu.RLock()
	defer c.Shop.Mu.RUnlock()
	own := Of(c.Shop)
	list, f := pageOf(c, own.Records, true, func(r *record) gate.Cursor { return gate.Cursor{ID: r.Number} }, func(r *record) bool {
		return r.Created >= input.From && (input.To == 0 || r.Created <= input.To) && chosen(input.Warehouses, r.Warehouse) && chosen(input.Goods, r.Good)
	})
	if f != nil {
		return f
	}
	views := []recordView{}
	for _, r := range list.page {
		g := own.good(r.Good)
		views = append(views, recordView{
			r.Final - r.Initial, r.Created, r.Warehouse, r.Final, shortGoodView{g.ID, g.Name, g.Reference}, r.Initial, r.Kind, recordOrder{r.OrderID, r.OrderType},
		})
	}
	c.JSON(struct {
		Records []recordView `json:"inventory_records"`
		gate.PageEnd
	}{views, list.end})
	return nil
}
