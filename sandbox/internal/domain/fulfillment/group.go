package fulfillment

import (
	"slices"
	"strconv"
	"strings"

	"github.com/ttshop-go/ttshop/sandbox/internal/domain/trade"
	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
	"github.com/ttshop-go/ttshop/sandbox/internal/invent"
	"github.com/ttshop-go/ttshop/sandbox/internal/world"
)

// splitOrder puts the lines of an order into several packages before they are
// shipped, where the market does it this way. The units of a SKU stay together.
func splitOrder(c *gate.Call) *gate.Failure {
	var input struct {
		Groups []struct {
			ID    string   `json:"id"`
			Lines []string `json:"order_line_item_ids"`
		} `json:"splittable_groups"`
	}
	if f := c.Decode(&input); f != nil {
		return f
	}
	if len(input.Groups) == 0 {
		return gate.Missing("splittable_groups")
	}
	for _, g := range input.Groups {
		switch {
		case g.ID == "":
			return gate.Missing("splittable_groups.id")
		case len(g.Lines) == 0:
			return gate.Missing("splittable_groups.order_line_item_ids")
		}
	}
	s := c.Shop
	o, f := trade.FindOrder(c, c.Param(0), codeGroupRejected)
	if f != nil {
		return f
	}
	p, reason := Splittable(s, o)
	if p == nil {
		return gate.Fail(codeSplitForbidden, "order ", o.ID, " cannot be split: ", reason)
	}
	groupOf, groups := map[string]int{}, map[string]bool{}
	for i, g := range input.Groups {
		if groups[g.ID] {
			return gate.Fail(codeGroupRejected, "group ", g.ID, " occurs twice")
		}
		groups[g.ID] = true
		for _, id := range g.Lines {
			if !slices.Contains(p.Lines(), id) {
				return gate.Fail(codeGroupRejected, "line ", id, " is not one of order ", o.ID)
			}
			if _, twice := groupOf[id]; twice {
				return gate.Fail(codeGroupRejected, "line ", id, " is in two groups")
			}
			groupOf[id] = i
		}
	}
	if len(input.Groups) < 2 || len(groupOf) < len(p.Lines()) {
		return gate.Fail(codeGroupRejected, "two groups or more must hold all lines of order ", o.ID)
	}
	for a, one := range groupOf {
		for b, other := range groupOf {
			if one != other && o.Line(a).SKUID == o.Line(b).SKUID {
				return gate.Fail(codeSplitForbidden, "the units of SKU ", o.Line(a).SKUID, " must stay together")
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
	for i, split := range trade.SplitPackage(s, o, p, lines, c.Now.Unix()) {
		views = append(views, view{split.ID, input.Groups[i].ID})
	}
	c.JSON(struct {
		Packages []view `json:"packages"`
	}{views})
	return nil
}

// Splittable returns the package of an order that may be split, or says why
// there is none.
func Splittable(s *world.Shop, o *trade.Order) (*trade.Parcel, string) {
	packages := trade.PackagesOf(s, o)
	switch {
	case !s.Market.ByPackage:
		return nil, "in this market orders are split while they are shipped"
	case o.Status != trade.OrderAwaitingShipment:
		return nil, "it is " + o.Status
	case len(packages) != 1:
		return nil, "it is split already"
	case packages[0].Grouping == trade.GroupCombined:
		return nil, "it is combined with other orders"
	}
	skus := map[string]bool{}
	for _, id := range packages[0].Lines() {
		skus[o.Line(id).SKUID] = true
	}
	if len(skus) < 2 {
		return nil, "it has one SKU only"
	}
	return packages[0], ""
}

// getSplitAttributes tells which orders may be split. None of ours has to be.
func getSplitAttributes(c *gate.Call) *gate.Failure {
	ids := c.List("order_ids")
	if len(ids) == 0 {
		return gate.Missing("order_ids")
	}
	type view struct {
		OrderID          string     `json:"order_id"`
		CanSplit         bool       `json:"can_split"`
		MustSplit        bool       `json:"must_split"`
		MustSplitReasons []struct{} `json:"must_split_reasons"`
		Reason           string     `json:"reason"`
	}
	views := []view{}
	for _, id := range ids {
		o := trade.OrdersOf(c.Shop).ByID[id]
		if o == nil {
			continue
		}
		p, reason := Splittable(c.Shop, o)
		views = append(views, view{id, p != nil, false, []struct{}{}, reason})
	}
	c.JSON(struct {
		Attributes []view `json:"split_attributes"`
	}{views})
	return nil
}

// combinable are packages that may become one.
type combinable struct {
	ID       string
	number   int64
	packages []*trade.Parcel
}

// Combinables finds packages of one buyer that go the same way, before they are
// shipped and where the market does it then. The id of such a group is that of no
// package; it follows from its first one.
func Combinables(s *world.Shop) []combinable {
	if !s.Market.ByPackage {
		return nil
	}
	groups := map[string][]*trade.Parcel{}
	for _, p := range trade.Of(s).Packages {
		if p.Status != trade.PackageToFulfill || p.Grouping != trade.GroupDefault {
			continue
		}
		o := trade.OrdersOf(s).ByID[p.Parts[0].OrderID]
		if o.Status != trade.OrderAwaitingShipment || o.RecipientAddress == nil || trade.PendingCancellation(s, o.ID) != nil {
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
		slices.SortFunc(packages, func(a, b *trade.Parcel) int { return strings.Compare(a.ID, b.ID) })
		n := invent.Number(packages[0].ID) + 1 // ids have gaps
		list = append(list, combinable{strconv.FormatInt(n, 10), n, packages})
	}
	slices.SortFunc(list, func(a, b combinable) int { return int(a.number - b.number) })
	return list
}

// orders returns the orders of the packages.
func (g *combinable) orders() []string {
	list := []string{}
	for _, p := range g.packages {
		list = append(list, p.OrderIDs()...)
	}
	return list
}

type groupView struct {
	ID     string   `json:"id"`
	Orders []string `json:"order_ids"`
}

// searchCombinable lists the packages that may become one.
func searchCombinable(c *gate.Call) *gate.Failure {
	page, f := c.PageOf(1, 50, 0, gate.CodeInvalidParameter)
	if f != nil {
		return f
	}
	scope := "combinable " + c.Shop.ID
	after, f := page.Cursor(c.State.World.Seed, scope)
	if f != nil {
		return f
	}
	found, next, total := gate.Paginate(c, Combinables(c.Shop), false, after, page.Size,
		func(g combinable) gate.Cursor { return gate.Cursor{At: g.number, ID: 0} }, func(combinable) bool { return true })
	views := []groupView{}
	for _, g := range found {
		views = append(views, groupView{g.ID, g.orders()})
	}
	c.JSON(struct {
		Packages []groupView `json:"combinable_packages"`
		gate.PageEnd
	}{views, c.PageEnd(next, scope, total)})
	return nil
}

// combinePackages makes one package of several. Groups that cannot be combined
// are told apart from those that were.
func combinePackages(c *gate.Call) *gate.Failure {
	var input struct {
		Groups []struct {
			ID     string   `json:"id"`
			Orders []string `json:"order_ids"`
		} `json:"combinable_packages"`
	}
	if f := c.Decode(&input); f != nil {
		return f
	}
	if len(input.Groups) == 0 {
		return gate.Missing("combinable_packages")
	}
	for _, g := range input.Groups {
		if g.ID == "" {
			return gate.Missing("combinable_packages.id")
		}
	}
	s := c.Shop
	views, problems := []groupView{}, []packageError{}
	for _, g := range input.Groups {
		p, f := combine(s, g.ID, g.Orders, c.Now.Unix())
		if f != nil {
			problems = append(problems, packageError{f.Code, f.Message, packageErrorPlace{g.ID}})
			continue
		}
		views = append(views, groupView{p.ID, p.OrderIDs()})
	}
	c.JSON(struct {
		Packages []groupView    `json:"packages"`
		Errors   []packageError `json:"errors,omitempty"`
	}{views, problems})
	return nil
}

func combine(s *world.Shop, id string, orders []string, now int64) (*trade.Parcel, *gate.Failure) {
	list := Combinables(s)
	at := slices.IndexFunc(list, func(g combinable) bool { return g.ID == id })
	if at < 0 {
		return nil, gate.Fail(codeShopForeignPackage, "no combinable packages have the id ", id)
	}
	group := list[at]
	if len(orders) == 0 {
		orders = group.orders()
	}
	var chosen []*trade.Parcel
	for _, id := range orders {
		at := slices.IndexFunc(group.packages, func(p *trade.Parcel) bool { return p.Parts[0].OrderID == id })
		if at < 0 {
			return nil, gate.Fail(codeCombineForeign, "order ", id, " is not one of the combinable packages")
		}
		if !slices.Contains(chosen, group.packages[at]) {
			chosen = append(chosen, group.packages[at])
		}
	}
	if len(chosen) < 2 {
		return nil, gate.Fail(codeCombineForeign, "it takes two orders to combine")
	}
	return trade.JoinPackages(s, chosen, now), nil
}

// uncombinePackage takes orders out of a combined package, all of them where
// none is named. Each gets a package of its own.
func uncombinePackage(c *gate.Call) *gate.Failure {
	var input struct {
		Orders []string `json:"order_ids"`
	}
	if f := c.Decode(&input); f != nil {
		return f
	}
	s := c.Shop
	p := trade.Of(s).Packages[c.Param(0)]
	switch {
	case p == nil:
		return gate.Fail(codeShopForeignPackage, "package ", c.Param(0), " does not exist or is not the shop's")
	case p.Grouping != trade.GroupCombined:
		return gate.Fail(codeGroupRejected, "package ", p.ID, " is not a combined one")
	case p.Status != trade.PackageToFulfill:
		return gate.Fail(codeGroupRejected, "package ", p.ID, " is shipped or cancelled")
	}
	if len(input.Orders) == 0 {
		input.Orders = p.OrderIDs()
	}
	for _, id := range input.Orders {
		if !slices.Contains(p.OrderIDs(), id) {
			return gate.Fail(trade.CodeLineForeign, "order ", id, " is not in package ", p.ID)
		}
	}
	now := c.Now.Unix()
	made := trade.TakeApart(s, p, input.Orders, now)
	trade.AnnouncePackages(s, "CANCEL_COMBINE", "ROLE_SELLER", now, made...)
	views := []groupView{}
	for _, p := range made {
		views = append(views, groupView{p.ID, p.OrderIDs()})
	}
	c.JSON(struct {
		Packages []groupView `json:"packages"`
	}{views})
	return nil
}
