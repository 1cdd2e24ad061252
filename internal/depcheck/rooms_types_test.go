package depcheck

import (
	"context"
	"errors"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
)

// checked is a package of the sandbox with its types.
type checked struct {
	path  string
	files []*ast.File
	info  *types.Info
	scope *types.Scope
}

// house is the sandbox with the types of its non-test code.
type house struct {
	set      *token.FileSet
	built    map[string]*built // with what it imports
	packages []checked
}

var loadHouse = sync.OnceValues(func() (*house, error) {
	list, err := goList(context.Background(), module+"/sandbox/...")
	if err != nil {
		return nil, err
	}
	h := &house{set: token.NewFileSet(), built: list}
	from := importer.ForCompiler(h.set, "gc", func(path string) (io.ReadCloser, error) {
		if p := list[path]; p != nil && p.Export != "" {
			return os.Open(p.Export)
		}
		return nil, errors.New("no export data of " + path)
	})
	for _, path := range slices.Sorted(maps.Keys(list)) {
		if path != module+"/sandbox" && !strings.HasPrefix(path, module+"/sandbox/") {
			continue
		}
		p := checked{path: path, info: &types.Info{
			Defs: map[*ast.Ident]types.Object{}, Uses: map[*ast.Ident]types.Object{},
			Selections: map[*ast.SelectorExpr]*types.Selection{},
		}}
		for _, name := range list[path].GoFiles {
			file, err := parser.ParseFile(h.set, filepath.Join(list[path].Dir, name), nil, parser.SkipObjectResolution)
			if err != nil {
				return nil, err
			}
			p.files = append(p.files, file)
		}
		config := types.Config{Importer: from}
		of, err := config.Check(path, h.set, p.files, p.info)
		if err != nil {
			return nil, err
		}
		p.scope = of.Scope()
		h.packages = append(h.packages, p)
	}
	return h, nil
})

// typedHouse returns the sandbox with its types, which are read once for all tests.
func typedHouse(t *testing.T) *house {
	t.Helper()
	h, err := loadHouse()
	if err != nil {
		t.Fatal(err)
	}
	return h
}
