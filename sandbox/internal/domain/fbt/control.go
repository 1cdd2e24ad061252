package fbt

import (
	"net/http"
	"slices"

	"github.com/ttshop-go/ttshop/sandbox/internal/domain/product"
	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
	"github.com/ttshop-go/ttshop/sandbox/internal/world"
	"github.com/ttshop-go/ttshop/webhook/event"
)

// steered finds the shop that owns an id, or has it, and locks it.
func steered(s *gate.Gate, w http.ResponseWriter, id string) (shop *world.Shop, now int64, unlock func()) {
	all, at := s.Present()
	if shop = all.ShopByID(id); shop == nil {
		shop = owner(all.Shops, id)
	}
	if shop == nil {
		gate.ControlError(w, http.StatusNotFound, "no shop has this id or what it names")
		return nil, 0, nil
	}
	shop.Mu.Lock()
	return shop, at.Unix(), shop.Mu.Unlock
}

// postOnboard lets a seller take part. The notification lists all markets of the
// seller, so that shops are locked in turn.
func postOnboard(s *gate.Gate, w http.ResponseWriter, r *http.Request) {
	var input struct {
		ShopID string `json:"shop_id"`
	}
	if !gate.ControlBody(w, r, &input) {
		return
	}
	shop, now, unlock := steered(s, w, input.ShopID)
	if shop == nil {
		return
	}
	fresh := !Of(shop).Onboarded
	onboard(shop)
	unlock()
	list := regions(shop)
	if fresh {
		shop.Mu.Lock()
		shop.Emit(int(event.TypeFBTMerchantOnboarding), struct {
			Regions []regionView `json:"onboarded_regions"`
			Time    int64        `json:"update_time"`
		}{list, now})
		shop.Mu.Unlock()
	}
	gate.ControlAnswer(w, http.StatusOK, struct {
		Regions []regionView `json:"onboarded_regions"`
	}{list})
}

type created struct {
	ID string `json:"id"`
}

func postGoods(s *gate.Gate, w http.ResponseWriter, r *http.Request) {
	var input struct {
		ShopID    string `json:"shop_id"`
		Name      string `json:"name"`
		Reference string `json:"reference_code"`
	}
	if !gate.ControlBody(w, r, &input) {
		return
	}
	shop, _, unlock := steered(s, w, input.ShopID)
	if shop == nil {
		return
	}
	defer unlock()
	switch own := Of(shop); {
	case !own.Onboarded:
		gate.Refused(w, gate.Fail(codeRefused, "the seller does not take part in this market"))
	case input.Name == "" || input.Reference == "":
		gate.Refused(w, gate.Fail(codeRefused, "a good has a name and a reference_code"))
	case slices.ContainsFunc(own.Goods, func(g *good) bool { return g.Reference == input.Reference }):
		gate.Refused(w, gate.Fail(codeRefused, "another good has this reference_code"))
	default:
		gate.ControlAnswer(w, http.StatusCreated, created{newGood(shop, input.Name, input.Reference, "").ID})
	}
}

func postMatch(s *gate.Gate, w http.ResponseWriter, r *http.Request) {
	var input struct {
		SKUID  string `json:"sku_id"`
		Detach bool   `json:"detach"`
	}
	if !gate.ControlBody(w, r, &input) {
		return
	}
	shop, now, unlock := steered(s, w, r.PathValue("id"))
	if shop == nil {
		return
	}
	defer unlock()
	own := Of(shop)
	g := own.good(r.PathValue("id"))
	if g == nil {
		gate.ControlError(w, http.StatusNotFound, "no good has this id")
		return
	}
	i := slices.IndexFunc(g.SKUs, func(m match) bool { return m.SKU == input.SKUID })
	if input.Detach {
		if i < 0 {
			gate.Refused(w, gate.Fail(codeRefused, "the good is not matched with this SKU"))
			return
		}
		m := g.SKUs[i]
		g.SKUs = slices.Delete(g.SKUs, i, i+1)
		announceMatch(shop, g, m, "UNMATCH", now)
		gate.ControlAnswer(w, http.StatusOK, m)
		return
	}
	for _, p := range product.Of(shop).List {
		if p.Live.SKU(input.SKUID) == nil {
			continue
		}
		if other := own.matched(input.SKUID); other != nil {
			gate.Refused(w, gate.Fail(codeRefused, "the SKU is matched with good ", other.ID))
			return
		}
		m := match{p.ID, input.SKUID}
		g.SKUs = append(g.SKUs, m)
		announceMatch(shop, g, m, "MATCH", now)
		gate.ControlAnswer(w, http.StatusOK, m)
		return
	}
	gate.Refused(w, gate.Fail(codeRefused, "the shop has no SKU ", input.SKUID))
}

type steeredLine struct {
	ID        string `json:"id"`
	Quantity  int64  `json:"quantity"`
	Normal    int64  `json:"normal"`
	Defective int64  `json:"defective"`
}

func postInbound(s *gate.Gate, w http.ResponseWriter, r *http.Request) {
	var input struct {
		ShopID    string        `json:"shop_id"`
		Warehouse string        `json:"fbt_warehouse_id"`
		Goods     []steeredLine `json:"goods"`
	}
	if !gate.ControlBody(w, r, &input) {
		return
	}
	shop, now, unlock := steered(s, w, input.ShopID)
	if shop == nil {
		return
	}
	defer unlock()
	own := Of(shop)
	if input.Warehouse == "" && len(own.Warehouses) > 0 {
		input.Warehouse = own.Warehouses[0].ID
	}
	if !own.Onboarded || own.warehouse(input.Warehouse) == nil {
		gate.Refused(w, gate.Fail(codeRefused, "the seller has no such warehouse in this market"))
		return
	}
	lines, seen := []line{}, map[string]bool{}
	for _, l := range input.Goods {
		if own.good(l.ID) == nil || l.Quantity < 1 || l.Quantity > mostInbound || seen[l.ID] {
			gate.Refused(w, gate.Fail(codeRefused, "each of the goods is the shop's, comes once and at least one of it"))
			return
		}
		seen[l.ID] = true
		lines = append(lines, line{l.ID, l.Quantity})
	}
	if len(lines) == 0 {
		gate.Refused(w, gate.Missing("goods"))
		return
	}
	gate.ControlAnswer(w, http.StatusCreated, created{newInbound(shop, input.Warehouse, lines, now).ID})
}

// mostInbound keeps sums small.
const mostInbound = 1_000_000

func postInboundMove(s *gate.Gate, w http.ResponseWriter, r *http.Request) {
	var input struct {
		To       string        `json:"to"`
		Received []steeredLine `json:"received"`
	}
	if !gate.ControlBody(w, r, &input) {
		return
	}
	shop, now, unlock := steered(s, w, r.PathValue("id"))
	if shop == nil {
		return
	}
	defer unlock()
	o := Of(shop).inbound(r.PathValue("id"))
	if o == nil {
		gate.ControlError(w, http.StatusNotFound, "no inbound order has this id")
		return
	}
	var received []batch
	for _, l := range input.Received {
		if l.Normal > mostInbound || l.Defective > mostInbound {
			gate.Refused(w, gate.Fail(codeRefused, "that is too much"))
			return
		}
		received = append(received, batch{Good: l.ID, Normal: l.Normal, Defective: l.Defective})
	}
	if f := moveInbound(shop, o, input.To, received, now); f != nil {
		gate.Refused(w, f)
		return
	}
	gate.ControlAnswer(w, http.StatusOK, struct {
		Status string `json:"status"`
	}{o.Status})
}
