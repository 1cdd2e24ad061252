package depcheck

import (
	"go/ast"
	"go/types"
	"maps"
	"slices"
	"strings"
	"testing"
)

// calledBack are methods that the standard library or the gate call by interface,
// or templates by name.
var calledBack = []string{
	"Error", "Unwrap", "String", "GoString", "MarshalJSON", "UnmarshalJSON", "MarshalText", "UnmarshalText",
	"Len", "Less", "Swap", "Push", "Pop", "Header", "Write", "WriteHeader", "Uint64", "IsSigned", "Failed",
	"Changed", "Past", // of entries of lists
}

// forTests are names of rooms that only tests of other packages use, by the reason
// why they stay.
var forTests = map[string][]string{
	"the test of the trade's world plays all rooms against each other": {
		"domain/trade.AdvanceCancellation", "domain/trade.AdvanceReturn", "domain/trade.AfterSalePeriod", "domain/trade.CancelMoves", "domain/trade.CancelUnpaid", "domain/trade.CodeReasonUnknown", "domain/trade.Collect", "domain/trade.CompareCreated", "domain/trade.CompareUpdated", "domain/trade.DeadlineCancellation", "domain/trade.DeadlineReturn", "domain/trade.DefaultReason", "domain/trade.HoldPeriod", "domain/trade.Lose", "domain/trade.OrderMoves", "domain/trade.PackageMoves", "domain/trade.Pay", "domain/trade.PaymentPeriod", "domain/trade.RefundPeriod", "domain/trade.Repaid", "domain/trade.ReturnMoves", "domain/trade.ShipmentPeriod",
		"(*domain/trade.Order).Paid", "(*domain/trade.Order).StateOfLines", "(*domain/trade.ReturnRequest).Open", "(domain/trade.Amounts).Minus",
		"domain/fulfillment.Combinables", "domain/fulfillment.Splittable", "domain/stock.CountStock",
	},
	"that test tells announcements by their types": {
		"domain/stock.InventoryChange", "domain/stock.InventoryStatusChange", "domain/stock.StockSnapshot", "domain/trade.CancellationChange", "domain/trade.OrderStatusChange", "domain/trade.PackageUpdate", "domain/trade.ReturnChange",
	},
	"bookings are compared part by part from outside": {
		"domain/finance.BookAmounts",
		"(*domain/finance.BookAmounts).Add", "(*domain/finance.BookAmounts).Net", "(*domain/finance.BookAmounts).Paid",
		"(*domain/finance.BookAmounts).Refunded", "(*domain/finance.BookAmounts).Settlement",
	},
	"tests of the face go through the gate without HTTP": {
		"(*gate.Call).Begin", "gate.EnvelopeStart", "(*gate.Registry).All", "(*gate.Wire).MediaType",
		"domain/customerservice.CodeChatAllowance", "domain/customerservice.MaxChatCalls",
	},
	"the face has it too, and a test holds them together": {"authority.DefaultRedirectURL"},
}

// TestExports checks that the rooms of the sandbox export nothing that no other
// package uses. Types that another package meets in what it uses may be
// exported, fields and methods of types that are not exported as well: those
// are for encoders and templates.
func TestExports(t *testing.T) {
	t.Parallel()
	const room = module + "/sandbox/internal/"
	h := typedHouse(t)
	used := map[string]bool{} // by path and name
	exported := map[string]types.Object{}
	name := func(o types.Object) string {
		if f, ok := o.(*types.Func); ok {
			return f.Origin().FullName()
		}
		return o.Pkg().Path() + "." + o.Name()
	}
	for _, p := range h.packages {
		for id, o := range p.info.Uses {
			if _, method := o.(*types.Func); o.Pkg() == nil || !method && o.Parent() != o.Pkg().Scope() {
				continue // a field
			}
			if strings.HasPrefix(o.Pkg().Path(), room) && o.Pkg().Path() != p.path && ast.IsExported(id.Name) {
				used[name(o)] = true
			}
		}
		if !strings.HasPrefix(p.path, room) {
			continue
		}
		for _, n := range p.scope.Names() {
			o := p.scope.Lookup(n)
			if !o.Exported() {
				continue
			}
			exported[name(o)] = o
			if declared, ok := o.Type().(*types.Named); ok && o == declared.Obj() {
				for m := range declared.Methods() {
					if m.Exported() && !slices.Contains(calledBack, m.Name()) {
						exported[name(m)] = m
					}
				}
			}
		}
	}
	// What comes with a used name is used too.
	met := map[types.Type]bool{}
	for n, o := range exported {
		if used[n] {
			meet(o.Type(), met)
		}
	}
	for at := range met {
		if declared, ok := at.(*types.Named); ok && declared.Obj().Pkg() != nil {
			used[name(declared.Obj())] = true
		}
	}
	var idle []string
	for _, n := range slices.Sorted(maps.Keys(exported)) {
		if !used[n] && exported[n].Name() != "Of" { // every domain reaches its state by it
			idle = append(idle, strings.ReplaceAll(n, room, ""))
		}
	}
	listed := slices.Concat(slices.Collect(maps.Values(forTests))...)
	for _, n := range idle {
		if !slices.Contains(listed, n) {
			t.Errorf("%s is exported, and no other package uses it outside its tests", n)
		}
	}
	for _, n := range listed {
		if !slices.Contains(idle, n) {
			t.Errorf("%s is used outside tests, or gone; take it off the list", n)
		}
	}
}

// meet collects the types that come with a type: in signatures, exported fields
// and elements.
func meet(t types.Type, met map[types.Type]bool) {
	if met[t] {
		return
	}
	met[t] = true
	switch t := t.(type) {
	case *types.Named:
		for m := range t.Methods() {
			if m.Exported() {
				meet(m.Type(), met)
			}
		}
		meet(t.Underlying(), met)
	case *types.Pointer:
		meet(t.Elem(), met)
	case *types.Slice:
		meet(t.Elem(), met)
	case *types.Array:
		meet(t.Elem(), met)
	case *types.Chan:
		meet(t.Elem(), met)
	case *types.Map:
		meet(t.Key(), met)
		meet(t.Elem(), met)
	case *types.Struct:
		for f := range t.Fields() {
			if f.Exported() {
				meet(f.Type(), met)
			}
		}
	case *types.Signature:
		for v := range t.Params().Variables() {
			meet(v.Type(), met)
		}
		for v := range t.Results().Variables() {
			meet(v.Type(), met)
		}
	}
}
