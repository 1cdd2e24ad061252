package sandbox

import (
	"slices"
	"strconv"
	"strings"
)

// splitOrder puts the lines of an order into several packages before they are
// shipped. Of our markets South-East Asia does it this way, and keeps the units
// of a SKU together.
func splitOrder(c *call) *failure {
	var input struct {
		Groups []struct {
			ID    string   `json:"id"`
			Lines []string `json:"order_line_item_ids"`
		} `json:"splittable_groups"`
	}
	if f := c.decode(&input); f != nil {
		return f
	}
	if len(input.Groups) == 0 {
		return missing("splittable_groups")
	}
	for _, g := range input.Groups {
		switch {
		case g.ID == "":
			return missing("splittable_groups.id")
		case len(g.Lines) == 0:
			return missing("splittable_groups.order_line_item_ids")
		}
	}
	s := c.shop
	s.mu.Lock()
	defer s.mu.Unlock()
	o, f := findOrder(c, c.param(0), codeGroupRejected)
	if f != nil {
		return f
	}
	p, reason := splittable(s, o)
	if p == nil {
		return fail(codeSplitForbidden, "order ", o.ID, " cannot be split: ", reason)
	}
	groupOf, groups := map[string]int{}, map[string]bool{}
	for i, g := range input.Groups {
		if groups[g.ID] {
			return fail(codeGroupRejected, "group ", g.ID, " occurs twice")
		}
		groups[g.ID] = true
		for _, id := range g.Lines {
			if !slices.Contains(p.lines(), id) {
				return fail(codeGroupRejected, "line ", id, " is not one of order ", o.ID)
			}
			if _, twice := groupOf[id]; twice {
				return fail(codeGroupRejected, "line ", id, " is in two groups")
			}
			groupOf[id] = i
		}
	}
	if len(input.Groups) < 2 || len(groupOf) < len(p.lines()) {
		return fail(codeGroupRejected, "two groups or more must hold all lines of order ", o.ID)
	}
	for a, one := range groupOf {
		for b, other := range groupOf {
			if one != other && o.line(a).SKUID == o.line(b).SKUID {
				return fail(codeSplitForbidden, "the units of SKU ", o.line(a).SKUID, " must stay together")
			}
		}
	}
	type view struct {
		ID    string `json:"id"`
		Group string `json:"splittable_group_id"`
	}
	var views []view
	var lines [][]string
	for _, g := range input.Groups {
		lines = append(lines, g.Lines)
	}
	for i, split := range splitPackage(s, o, p, lines, c.now.Unix()) {
		views = append(views, view{split.ID, input.Groups[i].ID})
	}
	c.json(struct {
		Packages []view `json:"packages"`
	}{views})
	return nil
}

// splittable returns the package of an order that may be split, or says why
// there is none.
func splittable(s *shop, o *order) (*parcel, string) {
	packages := packagesOf(s, o)
	switch {
	case !s.region.southEastAsia:
		return nil, "in this market orders are split while they are shipped"
	case o.Status != orderAwaitingShipment:
		return nil, "it is " + o.Status
	case len(packages) != 1:
		return nil, "it is split already"
	case packages[0].Grouping == groupCombined:
		return nil, "it is combined with other orders"
	}
	skus := map[string]bool{}
	for _, id := range packages[0].lines() {
		skus[o.line(id).SKUID] = true
	}
	if len(skus) < 2 {
		return nil, "it has one SKU only"
	}
	return packages[0], ""
}

// getSplitAttributes tells which orders may be split. None of ours has to be.
func getSplitAttributes(c *call) *failure {
	ids := c.list("order_ids")
	if len(ids) == 0 {
		return missing("order_ids")
	}
	type view struct {
		OrderID   string `json:"order_id"`
		CanSplit  bool   `json:"can_split"`
		MustSplit bool   `json:"must_split"`
		Reason    string `json:"reason"`
	}
	c.shop.mu.RLock()
	defer c.shop.mu.RUnlock()
	views := []view{}
	for _, id := range ids {
		o := ordersOf(c.shop).byID[id]
		if o == nil {
			continue
		}
		p, reason := splittable(c.shop, o)
		views = append(views, view{id, p != nil, false, reason})
	}
	c.json(struct {
		Attributes []view `json:"split_attributes"`
	}{views})
	return nil
}

// combinable are packages that may become one.
type combinable struct {
	id       string
	number   int64
	packages []*parcel
}

// combinables finds packages of one buyer that go the same way: before they are
// shipped, and in South-East Asia only. The id of such a group is that of no
// package; it follows from its first one.
func combinables(s *shop) []combinable {
	if !s.region.southEastAsia {
		return nil
	}
	groups := map[string][]*parcel{}
	for _, p := range tradeOf(s).Packages {
		if p.Status != packageToFulfill || p.Grouping != groupDefault {
			continue
		}
		o := ordersOf(s).byID[p.Parts[0].OrderID]
		if o.Status != orderAwaitingShipment || o.RecipientAddress == nil || pendingCancellation(s, o.ID) != nil {
			continue
		}
		way := strings.Join([]string{o.UserID, o.WarehouseID, o.ShippingType, o.DeliveryOptionID, o.RecipientAddress.FullAddress, strconv.FormatBool(o.IsCOD)}, "\x00")
		groups[way] = append(groups[way], p)
	}
	list := []combinable{}
	for _, packages := range groups {
		if len(packages) < 2 {
			continue
		}
		slices.SortFunc(packages, func(a, b *parcel) int { return strings.Compare(a.ID, b.ID) })
		n := number(packages[0].ID) + 1 // ids have gaps
		list = append(list, combinable{strconv.FormatInt(n, 10), n, packages})
	}
	slices.SortFunc(list, func(a, b combinable) int { return int(a.number - b.number) })
	return list
}

// orders returns the orders of the packages.
func (g *combinable) orders() []string {
	list := []string{}
	for _, p := range g.packages {
		list = append(list, p.orderIDs()...)
	}
	return list
}

type groupView struct {
	ID     string   `json:"id"`
	Orders []string `json:"order_ids"`
}

// searchCombinable lists the packages that may become one.
func searchCombinable(c *call) *failure {
	page, f := c.pageOf(1, 50, 0, codeInvalidParameter)
	if f != nil {
		return f
	}
	scope := "combinable " + c.shop.ID
	after, f := page.cursor(c.state.world.seed, scope)
	if f != nil {
		return f
	}
	c.shop.mu.RLock()
	defer c.shop.mu.RUnlock()
	found, next, total := paginate(combinables(c.shop), false, after, page.size,
		func(g combinable) cursor { return cursor{g.number, 0} }, func(combinable) bool { return true })
	views := []groupView{}
	for _, g := range found {
		views = append(views, groupView{g.id, g.orders()})
	}
	c.json(struct {
		Packages []groupView `json:"combinable_packages"`
		pageEnd
	}{views, c.pageEnd(next, scope, total)})
	return nil
}

// combinePackages makes one package of several. Groups that cannot be combined
// are told apart from those that were.
func combinePackages(c *call) *failure {
	var input struct {
		Groups []struct {
			ID     string   `json:"id"`
			Orders []string `json:"order_ids"`
		} `json:"combinable_packages"`
	}
	if f := c.decode(&input); f != nil {
		return f
	}
	if len(input.Groups) == 0 {
		return missing("combinable_packages")
	}
	for _, g := range input.Groups {
		if g.ID == "" {
			return missing("combinable_packages.id")
		}
	}
	s := c.shop
	s.mu.Lock()
	defer s.mu.Unlock()
	views, problems := []groupView{}, []packageError{}
	for _, g := range input.Groups {
		p, f := combine(s, g.ID, g.Orders, c.now.Unix())
		if f != nil {
			problems = append(problems, packageError{f.code, f.message, packageErrorPlace{g.ID}})
			continue
		}
		views = append(views, groupView{p.ID, p.orderIDs()})
	}
	c.json(struct {
		Packages []groupView    `json:"packages"`
		Errors   []packageError `json:"errors,omitempty"`
	}{views, problems})
	return nil
}

func combine(s *shop, id string, orders []string, now int64) (*parcel, *failure) {
	list := combinables(s)
	at := slices.IndexFunc(list, func(g combinable) bool { return g.id == id })
	if at < 0 {
		return nil, fail(codeShopForeignPackage, "no combinable packages have the id ", id)
	}
	group := list[at]
	if len(orders) == 0 {
		orders = group.orders()
	}
	var chosen []*parcel
	for _, id := range orders {
		at := slices.IndexFunc(group.packages, func(p *parcel) bool { return p.Parts[0].OrderID == id })
		if at < 0 {
			return nil, fail(codeCombineForeign, "order ", id, " is not one of the combinable packages")
		}
		if !slices.Contains(chosen, group.packages[at]) {
			chosen = append(chosen, group.packages[at])
		}
	}
	if len(chosen) < 2 {
		return nil, fail(codeCombineForeign, "it takes two orders to combine")
	}
	return joinPackages(s, chosen, now), nil
}

// uncombinePackage takes orders out of a combined package, all of them where
// none is named. Each gets a package of its own.
func uncombinePackage(c *call) *failure {
	var input struct {
		Orders []string `json:"order_ids"`
	}
	if f := c.decode(&input); f != nil {
		return f
	}
	s := c.shop
	s.mu.Lock()
	defer s.mu.Unlock()
	p := tradeOf(s).Packages[c.param(0)]
	switch {
	case p == nil:
		return fail(codeShopForeignPackage, "package ", c.param(0), " does not exist or is not the shop's")
	case p.Grouping != groupCombined:
		return fail(codeGroupRejected, "package ", p.ID, " is not a combined one")
	case p.Status != packageToFulfill:
		return fail(codeGroupRejected, "package ", p.ID, " is shipped or cancelled")
	}
	if len(input.Orders) == 0 {
		input.Orders = p.orderIDs()
	}
	for _, id := range input.Orders {
		if !slices.Contains(p.orderIDs(), id) {
			return fail(codeLineForeign, "order ", id, " is not in package ", p.ID)
		}
	}
	now := c.now.Unix()
	made := takeApart(s, p, input.Orders, now)
	announcePackages(s, "CANCEL_COMBINE", "ROLE_SELLER", now, made...)
	views := []groupView{}
	for _, p := range made {
		views = append(views, groupView{p.ID, p.orderIDs()})
	}
	c.json(struct {
		Packages []groupView `json:"packages"`
	}{views})
	return nil
}
