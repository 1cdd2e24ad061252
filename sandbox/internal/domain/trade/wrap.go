package trade

import (
	"slices"

	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
	"github.com/ttshop-go/ttshop/sandbox/internal/world"
)

// PickLines returns the lines of an order that a shipping call is about: those
// named, or all that are open.
func PickLines(s *world.Shop, o *Order, named []string) ([]string, *gate.Failure) {
	switch o.Status {
	case OrderUnpaid:
		return nil, gate.Fail(codeTradeRules, "order ", o.ID, " is not paid")
	case OrderOnHold:
		return nil, gate.Fail(codeOrderHeld, "order ", o.ID, " is on hold, wait for the end of the hold")
	case OrderCancelled:
		return nil, gate.Fail(CodePackageAction, "order ", o.ID, " is cancelled")
	case OrderAwaitingShipment, OrderPartiallyShipping:
	default:
		return nil, gate.Fail(codeOrderShipped, "order ", o.ID, " is shipped already")
	}
	open := LineIDs(o.LinesIn(OrderAwaitingShipment))
	if len(named) == 0 {
		return open, nil
	}
	var chosen []string
	for _, id := range named {
		switch line := o.Line(id); {
		case line == nil:
			return nil, gate.Fail(CodeLineForeign, "line ", id, " is not one of order ", o.ID)
		case line.DisplayStatus != OrderAwaitingShipment:
			return nil, gate.Fail(codeLineShipped, "line ", id, " is ", line.DisplayStatus)
		case !slices.Contains(chosen, id):
			chosen = append(chosen, id)
		}
	}
	return chosen, nil
}

// Wrap puts lines into one package that is ready to ship. In the US packages
// begin here; elsewhere the lines are in one already, which splits where only
// some of them go.
func Wrap(s *world.Shop, o *Order, lines []string, now int64) (*Parcel, *gate.Failure) {
	var at []*Parcel
	for _, id := range lines {
		if p := Of(s).Packages[o.Line(id).PackageID]; p != nil && !slices.Contains(at, p) {
			at = append(at, p)
		}
	}
	switch {
	case len(at) == 0:
		return newPackage(s, o, lines, now), nil
	case len(at) > 1:
		return nil, gate.Fail(codeSeveralPackages, "order ", o.ID, " has several packages, name the lines of one")
	}
	p := at[0]
	if len(p.Lines()) == len(lines) {
		return p, nil
	}
	part := &p.Parts[0] // orders are not combined where this is done
	part.Lines = slices.DeleteFunc(part.Lines, func(id string) bool { return slices.Contains(lines, id) })
	p.Grouping, p.UpdateTime = groupSplit, max(p.UpdateTime, now)
	split := newPackage(s, o, lines, now)
	split.Grouping = groupSplit
	stamp(s, p, now)
	AnnouncePackages(s, "SPLIT", "ROLE_SELLER", now, p, split)
	return split, nil
}

// TakeApart gives orders of a combined package packages of their own. It
// returns the packages that there are then.
func TakeApart(s *world.Shop, p *Parcel, orders []string, now int64) []*Parcel {
	var apart, stay []packagePart
	for _, part := range p.Parts {
		if slices.Contains(orders, part.OrderID) {
			apart = append(apart, part)
		} else {
			stay = append(stay, part)
		}
	}
	if len(stay) == 1 { // what is left alone is combined no more
		apart, stay = append(apart, stay...), nil
	}
	made := []*Parcel{}
	if stay != nil {
		p.Parts, p.UpdateTime = stay, max(p.UpdateTime, now)
		stamp(s, p, now)
		made = append(made, p)
	} else {
		dropPackage(s, p)
	}
	for _, part := range apart {
		alone := newPackage(s, OrdersOf(s).ByID[part.OrderID], part.Lines, now)
		alone.Parts[0].Invoice = part.Invoice
		stamp(s, alone, now)
		followInvoices(s, alone)
		made = append(made, alone)
	}
	return made
}
