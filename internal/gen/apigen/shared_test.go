package apigen

import (
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"slices"
	"strconv"
	"testing"
)

// Package ttshop declares just the enums that domains share, with just their values.
func TestSharedEnumsAreDeclared(t *testing.T) {
	t.Parallel()
	file, err := parser.ParseFile(token.NewFileSet(), "../../../enums.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	declared := map[string][]string{}
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok {
			return true
		}
		value, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
		if err != nil {
			t.Fatal(err)
		}
		name := spec.Type.(*ast.Ident).Name
		declared[name] = append(declared[name], value)
		return true
	})
	for _, values := range declared {
		slices.Sort(values)
	}
	if !maps.EqualFunc(shared, declared, slices.Equal) {
		t.Errorf("enums.go declares %v, the generator leaves out %v", declared, shared)
	}
}
