package depcheck

import (
	"go/ast"
	"go/types"
	"strings"
	"testing"
)

const (
	gatePath  = module + "/sandbox/internal/gate"
	worldPath = module + "/sandbox/internal/world"
)

// locking is a function of the sandbox as far as locks of shops go.
type locking struct {
	locks string          // where it takes one; "" for nowhere
	uses  map[string]bool // functions that it names
}

// TestLocksAreNotTakenTwice checks that nothing that a handler of Read or Write
// may reach takes a lock of a shop: the gate holds one already.
func TestLocksAreNotTakenTwice(t *testing.T) {
	t.Parallel()
	h := typedHouse(t)
	functions := map[string]*locking{}
	var handlers []string
	for _, p := range h.packages {
		for _, file := range p.files {
			for _, d := range file.Decls {
				d, ok := d.(*ast.FuncDecl)
				if !ok || d.Body == nil {
					continue
				}
				f := &locking{uses: map[string]bool{}}
				functions[p.info.Defs[d.Name].(*types.Func).FullName()] = f
				ast.Inspect(d.Body, func(n ast.Node) bool {
					switch n := n.(type) {
					case *ast.Ident:
						if used, ok := p.info.Uses[n].(*types.Func); ok {
							f.uses[used.Origin().FullName()] = true
						}
					case *ast.CallExpr:
						if locksShop(p.info, n) {
							f.locks = h.set.Position(n.Pos()).String()
						}
						switch handler, bound := heldHandler(p.info, n); {
						case bound && handler == nil:
							t.Errorf("%s: name the function that answers, so that it can be looked into", h.set.Position(n.Pos()))
						case bound:
							handlers = append(handlers, handler.Origin().FullName())
						}
					}
					return true
				})
			}
		}
	}
	if len(handlers) < 60 {
		t.Errorf("only %d handlers of Read and Write were found", len(handlers))
	}
	for _, handler := range handlers {
		if functions[handler] == nil {
			t.Errorf("the handler %s has no body to look into", handler)
		}
		seen := map[string]bool{}
		var look func(name string, way []string)
		look = func(name string, way []string) {
			f := functions[name]
			if f == nil || seen[name] {
				return
			}
			seen[name] = true
			way = append(way[:len(way):len(way)], name[strings.LastIndexByte(name, '/')+1:])
			if f.locks != "" {
				t.Errorf("%s: a lock of a shop under the one that the gate holds, by way of %s", f.locks, strings.Join(way, ", "))
			}
			for used := range f.uses {
				look(used, way)
			}
		}
		look(handler, nil)
	}
}

// locksShop tells whether a call takes the lock of a shop.
func locksShop(info *types.Info, call *ast.CallExpr) bool {
	method, ok := call.Fun.(*ast.SelectorExpr)
	if !ok || method.Sel.Name != "Lock" && method.Sel.Name != "RLock" {
		return false
	}
	lock, ok := method.X.(*ast.SelectorExpr)
	if !ok {
		return false
	}
	field := info.Selections[lock]
	return field != nil && field.Obj().Name() == "Mu" && field.Obj().Pkg().Path() == worldPath
}

// heldHandler returns the handler that a call binds to run under the lock of its
// shop, where it is a function with a name, and whether the call binds one.
func heldHandler(info *types.Info, call *ast.CallExpr) (handler *types.Func, bound bool) {
	method, ok := call.Fun.(*ast.SelectorExpr)
	if !ok || len(call.Args) != 2 {
		return nil, false
	}
	bind, ok := info.Uses[method.Sel].(*types.Func)
	if !ok || bind.FullName() != "(*"+gatePath+".Registry).Read" && bind.FullName() != "(*"+gatePath+".Registry).Write" {
		return nil, false
	}
	if name, ok := call.Args[1].(*ast.Ident); ok {
		handler, _ = info.Uses[name].(*types.Func)
	}
	return handler, true
}
