package shape

import (
	"encoding/json"
	"slices"
	"strings"

	operations "github.com/ttshop-go/ttshop/catalog"
	"github.com/ttshop-go/ttshop/sandbox/internal/domain/category"
	"github.com/ttshop-go/ttshop/sandbox/internal/domain/product"
	"github.com/ttshop-go/ttshop/sandbox/internal/domain/trade"
	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
	"github.com/ttshop-go/ttshop/sandbox/internal/invent"
	"github.com/ttshop-go/ttshop/sandbox/internal/world"
)

// scope is what an object of an answer is about: a thing of the shop, or one
// that is made up. Objects within it are about the same thing unless their
// name says otherwise.
type scope struct {
	parent *scope
	noun   string // what it is, in the singular; "" at the root
	id     string // of the thing
	key    uint64 // all that is made up about the thing follows from it
	index  int    // in its list
	arrays int    // lists around it
	in     map[string]any

	product   *product.Product
	sku       *product.SKU
	order     *trade.Order
	line      *trade.LineItem
	pkg       string
	warehouse *world.Warehouse
	category  *category.Category
	brand     *category.Brand

	created int64 // Unix seconds
	step    int64 // between its events
}

// root returns the scope of the answer itself, from what the path names.
func (s *shaper) root() *scope {
	noun := ""
	for segment := range strings.SplitSeq(s.Route.Path[1:], "/") {
		if !strings.HasPrefix(segment, "{") && strings.Trim(segment, "0123456789") != "" {
			noun = singular(segment)
		}
	}
	for _, name := range slices.Backward(gate.PathNames(s.Route.Path)) {
		noun = strings.TrimSuffix(name, "_id")
		break
	}
	at := &scope{noun: noun, in: s.inputs}
	s.settle(at)
	return at
}

// enter returns the scope of an object within another one. index counts the
// entries of a list; it is -1 outside of lists.
func (s *shaper) enter(parent *scope, name string, object *operations.Field, index int, in map[string]any) *scope {
	at := *parent
	at.parent, at.noun, at.in, at.id = parent, singular(name), in, ""
	if index >= 0 {
		at.index = index
		at.arrays++
	}
	whole := things[kindOf(at.noun)] || gate.FieldIndex(object.Fields, "id") >= 0
	if index < 0 && !whole && len(in) == 0 {
		// A part of the same thing, such as a price.
		at.id = parent.id
		at.key = invent.Mix(parent.key ^ invent.FNVOf(name))
		return &at
	}
	s.settle(&at)
	return &at
}

// things are the nouns that the shop knows.
var things = map[string]bool{
	"product": true, "sku": true, "order": true, "line_item": true, "package": true,
	"warehouse": true, "category": true, "brand": true,
}

// kindOf returns the thing of the shop that a noun stands for, or the noun.
func kindOf(noun string) string {
	switch {
	case strings.HasSuffix(noun, "line_item") || strings.HasSuffix(noun, "order_line"):
		return "line_item"
	case noun == "skc" || noun == "spec" || strings.HasSuffix(noun, "sku"):
		return "sku"
	case noun == "spu" || noun == "goods" || noun == "good" || strings.HasSuffix(noun, "product") && !strings.Contains(noun, "global"):
		return "product"
	case noun == "order" || noun == "main_order" || noun == "order_detail":
		return "order"
	case strings.HasSuffix(noun, "package"):
		return "package"
	case strings.HasSuffix(noun, "warehouse") && !strings.Contains(noun, "fbt"):
		return "warehouse"
	case noun == "category" || noun == "leaf_category" || noun == "category_chain" || noun == "parent_category":
		return "category"
	case noun == "brand":
		return "brand"
	}
	return noun
}

// settle finds the thing that a scope is about: by an id that the caller sent,
// or by its place in the list.
func (s *shaper) settle(at *scope) {
	if at.id == "" {
		at.id = s.givenID(at)
	}
	products := s.products
	switch kind := kindOf(at.noun); kind {
	case "product":
		at.product, at.sku = nil, nil
		if at.id != "" {
			at.product = product.Of(s.shop).ByID[at.id]
		} else if len(products) > 0 {
			at.product = products[at.index%len(products)]
			at.id = at.product.ID
		}
		if at.product != nil && len(at.product.Live.SKUs) > 0 {
			at.sku = &at.product.Live.SKUs[0]
		}
	case "sku":
		if at.product == nil || at.arrays == 1 && at.parent.parent == nil {
			if at.product == nil && len(products) > 0 {
				at.product = products[at.index%len(products)]
			}
		}
		if at.id != "" {
			at.sku = nil
			for _, p := range product.Of(s.shop).List {
				if found := p.Live.SKU(at.id); found != nil {
					at.product, at.sku = p, found
				}
			}
		} else if at.product != nil && len(at.product.Live.SKUs) > 0 {
			at.sku = &at.product.Live.SKUs[at.index%len(at.product.Live.SKUs)]
			at.id = at.sku.ID
		}
	case "order":
		at.order = nil
		if at.id != "" {
			at.order = trade.OrdersOf(s.shop).ByID[at.id]
		} else if list := trade.OrdersOf(s.shop).ByCreate; len(list) > 0 {
			at.order = list[len(list)-1-at.index%len(list)]
			at.id = at.order.ID
		}
		s.ofOrder(at)
	case "line_item":
		if o := at.order; o != nil && len(o.LineItems) > 0 && at.id == "" {
			at.line = &o.LineItems[at.index%len(o.LineItems)]
			at.id = at.line.ID
		}
		s.ofLine(at)
	case "package":
		at.pkg = at.id
		if p := trade.Of(s.shop).Packages[at.id]; p != nil && len(p.Parts) > 0 {
			at.order = trade.OrdersOf(s.shop).ByID[p.Parts[0].OrderID]
			s.ofOrder(at)
		} else if at.id == "" {
			s.firstPackage(at)
		}
	case "warehouse":
		if at.id != "" {
			at.warehouse = s.shop.Warehouse(at.id)
		} else if list := s.shop.Warehouses; len(list) > 0 {
			at.warehouse = &list[at.index%len(list)]
			at.id = at.warehouse.ID
		}
	case "category":
		leaves := category.CatalogOf(s.State.World).Leaves()
		if at.id != "" {
			at.category = category.CatalogOf(s.State.World).ByID[at.id]
		} else if at.product != nil {
			at.category = category.CatalogOf(s.State.World).ByID[at.product.Live.CategoryID]
		} else {
			at.category = leaves[at.index%len(leaves)]
		}
		if chain := at.category; chain != nil && strings.HasSuffix(at.noun, "chain") {
			steps := chain.Chain()
			at.category, at.id = steps[at.index%len(steps)], ""
		}
		if at.category != nil {
			at.id = at.category.ID
		}
	case "brand":
		if at.id != "" {
			at.brand = category.BrandsOf(s.State.World).Get(at.id)
		} else if at.product != nil {
			at.brand = category.BrandsOf(s.State.World).Get(at.product.Live.BrandID)
		}
		if at.brand != nil {
			at.id = at.brand.ID
		}
	}
	if at.id == "" && strings.HasSuffix(at.noun, "provider") {
		at.id = s.carrier(at).ID
	}
	if at.id == "" {
		at.id = s.shop.MadeUpID(at.noun, at.index)
	}
	at.key = invent.Mix(s.State.World.Seed ^ invent.FNVOf(s.shop.ID, at.noun, at.id))
	s.date(at)
}

func (s *shaper) ofOrder(at *scope) {
	at.line, at.pkg = nil, ""
	o := at.order
	if o == nil {
		return
	}
	if len(o.LineItems) > 0 {
		at.line = &o.LineItems[0]
	}
	if len(o.Packages) > 0 {
		at.pkg = o.Packages[0].ID
	}
	at.warehouse = s.shop.Warehouse(o.WarehouseID)
	s.ofLine(at)
}

func (s *shaper) ofLine(at *scope) {
	if at.line == nil {
		return
	}
	if p := product.Of(s.shop).ByID[at.line.ProductID]; p != nil {
		at.product, at.sku = p, p.Live.SKU(at.line.SKUID)
	}
	if at.line.PackageID != "" {
		at.pkg = at.line.PackageID
	}
}

// firstPackage finds the package of a place in a list: orders that have one,
// the newest first.
func (s *shaper) firstPackage(at *scope) {
	if at.order != nil && len(at.order.Packages) > 0 {
		at.pkg = at.order.Packages[at.index%len(at.order.Packages)].ID
		at.id = at.pkg
		return
	}
	skip := at.index
	for _, o := range slices.Backward(trade.OrdersOf(s.shop).ByCreate) {
		if len(o.Packages) == 0 {
			continue
		}
		if skip--; skip < 0 {
			at.order = o
			s.ofOrder(at)
			at.id = at.pkg
			return
		}
	}
}

// givenID returns the id that the caller names for the thing of a scope.
func (s *shaper) givenID(at *scope) string {
	if id := text(at.in["id"]); id != "" && at.parent != nil {
		return id
	}
	if at.noun == "" {
		return ""
	}
	if id := text(at.in[at.noun+"_id"]); id != "" {
		return id
	}
	if at.arrays > 1 {
		return ""
	}
	for _, name := range []string{at.noun + "_ids", "ids", kindOf(at.noun) + "_ids"} {
		if list, ok := s.inputs[name].([]any); ok && at.arrays == 1 && at.index < len(list) {
			return text(list[at.index])
		}
	}
	if at.arrays == 0 {
		return text(s.inputs[at.noun+"_id"])
	}
	return ""
}

// text returns an input as text, "" where it is not a scalar.
func text(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case json.Number:
		return v.String()
	}
	return ""
}

// available tells how many things of a kind a list has.
func (s *shaper) available(at *scope, name string) int {
	noun := singular(name)
	for _, name := range []string{noun + "_ids", "ids", kindOf(noun) + "_ids"} {
		if list, ok := s.inputs[name].([]any); ok && len(list) > 0 {
			return len(list)
		}
	}
	switch kindOf(noun) {
	case "product":
		return len(s.products)
	case "sku":
		if at.product != nil {
			return len(at.product.Live.SKUs)
		}
		return len(s.products)
	case "order":
		return len(trade.OrdersOf(s.shop).ByCreate)
	case "line_item":
		if at.order != nil {
			return len(at.order.LineItems)
		}
		return 1
	case "package":
		if at.order != nil {
			return len(at.order.Packages)
		}
		return len(trade.Of(s.shop).Packages)
	case "warehouse":
		return len(s.shop.Warehouses)
	case "category":
		if noun == "category_chain" && at.product != nil {
			if leaf := category.CatalogOf(s.State.World).ByID[at.product.Live.CategoryID]; leaf != nil {
				return len(leaf.Chain())
			}
		}
	}
	return invent.MadeUp
}

// date places a thing on the time line.
func (s *shaper) date(at *scope) {
	const day = 24 * 60 * 60
	switch {
	case kindOf(at.noun) == "order" && at.order != nil:
		at.created = at.order.CreateTime
	case kindOf(at.noun) == "product" && at.product != nil:
		at.created = at.product.Created
	case at.created == 0 || at.arrays == 1:
		at.created = s.born - 2*day - int64(at.key%(58*day))
	default: // later than what it belongs to
		at.created += int64(at.key % (1 + uint64(max(at.step, 1))))
	}
	// Ten steps fit between the beginning and the present.
	at.step = max(1, min(3*60*60+int64(invent.Mix(at.key)%(9*60*60)), (s.born-at.created)/12))
}

// singular returns the noun of a list's name.
func singular(name string) string {
	name = strings.TrimSuffix(name, "_list")
	switch {
	case name == "goods" || strings.HasSuffix(name, "status") || strings.HasSuffix(name, "address") || strings.HasSuffix(name, "ss"):
		return name
	case strings.HasSuffix(name, "ies"):
		return strings.TrimSuffix(name, "ies") + "y"
	case strings.HasSuffix(name, "sses") || strings.HasSuffix(name, "xes") || strings.HasSuffix(name, "ches"):
		return strings.TrimSuffix(name, "es")
	case strings.HasSuffix(name, "s"):
		return strings.TrimSuffix(name, "s")
	}
	return name
}
