package sandbox

import "slices"

// pickLines returns the lines of an order that a shipping call is about: those
// named, or all that are open.
func pickLines(s *shop, o *order, named []string) ([]string, *failure) {
	switch o.Status {
	case orderUnpaid:
		return nil, fail(codeTradeRules, "order ", o.ID, " is not paid")
	case orderOnHold:
		return nil, fail(codeOrderHeld, "order ", o.ID, " is on hold, wait for the end of the hold")
	case orderCancelled:
		return nil, fail(codePackageAction, "order ", o.ID, " is cancelled")
	case orderAwaitingShipment, orderPartiallyShipping:
	default:
		return nil, fail(codeOrderShipped, "order ", o.ID, " is shipped already")
	}
	open := lineIDs(o.linesIn(orderAwaitingShipment))
	if len(named) == 0 {
		return open, nil
	}
	var chosen []string
	for _, id := range named {
		switch line := o.line(id); {
		case line == nil:
			return nil, fail(codeLineForeign, "line ", id, " is not one of order ", o.ID)
		case line.DisplayStatus != orderAwaitingShipment:
			return nil, fail(codeLineShipped, "line ", id, " is ", line.DisplayStatus)
		case !slices.Contains(chosen, id):
			chosen = append(chosen, id)
		}
	}
	return chosen, nil
}

// wrap puts lines into one package that is ready to ship. In the US packages
// begin here; elsewhere the lines are in one already, which splits where only
// some of them go.
func wrap(s *shop, o *order, lines []string, now int64) (*parcel, *failure) {
	var at []*parcel
	for _, id := range lines {
		if p := tradeOf(s).Packages[o.line(id).PackageID]; p != nil && !slices.Contains(at, p) {
			at = append(at, p)
		}
	}
	switch {
	case len(at) == 0:
		return newPackage(s, o, lines, now), nil
	case len(at) > 1:
		return nil, fail(codeSeveralPackages, "order ", o.ID, " has several packages, name the lines of one")
	}
	p := at[0]
	if len(p.lines()) == len(lines) {
		return p, nil
	}
	part := &p.Parts[0] // orders are not combined where this is done
	part.Lines = slices.DeleteFunc(part.Lines, func(id string) bool { return slices.Contains(lines, id) })
	p.Grouping, p.UpdateTime = groupSplit, max(p.UpdateTime, now)
	split := newPackage(s, o, lines, now)
	split.Grouping = groupSplit
	stamp(s, p, now)
	announcePackages(s, "SPLIT", "ROLE_SELLER", now, p, split)
	return split, nil
}

// takeApart gives orders of a combined package packages of their own. It
// returns the packages that there are then.
func takeApart(s *shop, p *parcel, orders []string, now int64) []*parcel {
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
	made := []*parcel{}
	if stay != nil {
		p.Parts, p.UpdateTime = stay, max(p.UpdateTime, now)
		stamp(s, p, now)
		made = append(made, p)
	} else {
		dropPackage(s, p)
	}
	for _, part := range apart {
		made = append(made, newPackage(s, ordersOf(s).byID[part.OrderID], part.Lines, now))
	}
	return made
}
