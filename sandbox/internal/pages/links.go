package pages

import (
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/ttshop-go/ttshop/sandbox/internal/domain/product"
	"github.com/ttshop-go/ttshop/sandbox/internal/domain/trade"
	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
	"github.com/ttshop-go/ttshop/sandbox/internal/notify"
	"github.com/ttshop-go/ttshop/sandbox/internal/world"
)

// thing is something that has a page of its own.
type thing struct {
	Kind, ID string
	Link     string
}

// maxThings is how many things a page links to: a search has 50 orders.
const maxThings = 12

// longID finds what may be an id.
var longID = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`[0-9]{15,22}`) })

// thingsIn returns the orders and products that texts name, each once: an order
// also by its packages, cancellations and returns.
func (s *Site) thingsIn(texts ...string) []thing {
	owners := &s.State.Load().World.Owners
	var list []thing
	for _, text := range texts {
		for _, id := range longID().FindAllString(text, -1) {
			shop := owners.Of(id)
			if shop == nil {
				continue
			}
			found, ok := thingOf(shop, id)
			if ok && !slices.Contains(list, found) {
				list = append(list, found)
			}
			if len(list) == maxThings {
				return list
			}
		}
	}
	return list
}

// thingOf tells what an id of a shop stands for.
func thingOf(shop *world.Shop, id string) (thing, bool) {
	shop.Mu.RLock()
	defer shop.Mu.RUnlock()
	if product.Of(shop).ByID[id] != nil {
		return thing{"Product", id, webLink("products/" + id)}, true
	}
	order := id
	of := trade.Of(shop)
	if p := of.Packages[id]; p != nil && len(p.Parts) > 0 {
		order = p.Parts[0].OrderID
	} else if c := of.Cancellations[id]; c != nil {
		order = c.OrderID
	} else if r := of.Returns[id]; r != nil {
		order = r.OrderID
	}
	if trade.OrdersOf(shop).ByID[order] == nil {
		return thing{}, false
	}
	return thing{"Order", order, webLink("orders/" + order)}, true
}

// idsOf lists the ids by which requests and webhooks name an order. The shop's
// lock is held.
func idsOf(shop *world.Shop, o *trade.Order) []string {
	ids := []string{o.ID}
	for i := range o.LineItems {
		ids = append(ids, o.LineItems[i].ID)
	}
	for _, p := range trade.PackagesOf(shop, o) {
		ids = append(ids, p.ID)
	}
	for _, c := range trade.Of(shop).CancellationsOf[o.ID] {
		ids = append(ids, c.ID)
	}
	for _, req := range trade.Of(shop).ReturnsOf[o.ID] {
		ids = append(ids, req.ID)
	}
	return ids
}

// linked is how many requests and webhooks the page of an order lists.
const linked = 10

// requestsAbout returns the last requests that name one of some ids.
func (s *Site) requestsAbout(ids []string) (rows []requestRow, more bool) {
	return s.requestRows(gate.LogFilter{Limit: linked, Mentions: ids})
}

// webhooksAbout returns the last webhooks that name one of some ids.
func (s *Site) webhooksAbout(ids []string) (rows []deliveryRow, more bool) {
	st := s.State.Load()
	h := notify.Of(st.World)
	now := s.Clock.Now()
	h.Mu.Lock()
	defer h.Mu.Unlock()
	for _, d := range slices.Backward(h.Deliveries) {
		if !slices.ContainsFunc(ids, func(id string) bool { return strings.Contains(d.Body, id) }) {
			continue
		}
		if len(rows) == linked {
			return rows, true
		}
		rows = append(rows, showDelivery(d, "", now))
	}
	return rows, false
}
