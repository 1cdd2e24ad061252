package depcheck

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
)

// inputs are types of the machine of trade that others fill in to ask it
// something; everything else in it is state.
var inputs = []string{"Placement", "PlacedLine", "RequestInput", "ReturnDocument", "OrderFilter"}

// built is a package as the go command describes it.
type built struct {
	ImportPath, Dir, Export string
	GoFiles, Imports        []string
}

// TestTradeIsWrittenByItself checks that no room except trade assigns to a field of
// an order, a package, a cancellation, a return or anything else declared there.
func TestTradeIsWrittenByItself(t *testing.T) {
	t.Parallel()
	packages := typedHouse(t).built
	const trade = module + "/sandbox/internal/domain/trade"
	checked := 0
	for path, p := range packages {
		if !slices.Contains(p.Imports, trade) {
			continue
		}
		checked++
		var files []string
		for _, name := range p.GoFiles {
			files = append(files, filepath.Join(p.Dir, name))
		}
		for _, found := range writes(t, packages, path, trade, files, nil) {
			t.Error(found + ": the machine of trade alone writes to its state; ask it with a function of its own")
		}
	}
	if checked < 6 {
		t.Errorf("only %d packages import %s", checked, trade)
	}

	// The check itself works.
	planted := `package planted
import "` + trade + `"
func f(o *trade.Order, p *trade.Parcel, s []trade.Parcel) {
	o.Status = ""
	o.LineItems[0].PackageID = ""
	p.UpdateTime++
	s[0].Parts = append(s[0].Parts, s[0].Parts...)
	delete(map[string]int{}, "")
	var in trade.Placement
	in.Buyer = ""
}`
	if found := writes(t, packages, "planted", trade, []string{"planted.go"}, planted); len(found) != 4 {
		t.Errorf("of 4 planted assignments %d were found: %q", len(found), found)
	}
}

// writes returns the assignments to fields of types of one package in another.
func writes(t *testing.T, packages map[string]*built, path, of string, names []string, source any) (found []string) {
	t.Helper()
	set := token.NewFileSet()
	var files []*ast.File
	for _, name := range names {
		file, err := parser.ParseFile(set, name, source, 0)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, file)
	}
	open := func(path string) (io.ReadCloser, error) {
		if p := packages[path]; p != nil && p.Export != "" {
			return os.Open(p.Export)
		}
		return nil, errors.New("no export data of " + path)
	}
	info := &types.Info{Selections: map[*ast.SelectorExpr]*types.Selection{}}
	config := types.Config{Importer: importer.ForCompiler(set, "gc", open)}
	if _, err := config.Check(path, set, files, info); err != nil {
		t.Fatal(err)
	}
	target := func(e ast.Expr) {
		for {
			switch x := e.(type) {
			case *ast.SelectorExpr:
				if s := info.Selections[x]; s != nil && s.Obj().Pkg() != nil && s.Obj().Pkg().Path() == of && !isInput(s.Recv()) {
					found = append(found, fmt.Sprintf("%s assigns to %s", set.Position(x.Pos()), s.Obj().Name()))
					return
				}
				e = x.X
			case *ast.IndexExpr:
				e = x.X
			case *ast.ParenExpr:
				e = x.X
			case *ast.StarExpr:
				e = x.X
			default:
				return
			}
		}
	}
	for _, file := range files {
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.AssignStmt:
				if n.Tok != token.DEFINE {
					for _, left := range n.Lhs {
						target(left)
					}
				}
			case *ast.IncDecStmt:
				target(n.X)
			case *ast.CallExpr:
				if f, ok := n.Fun.(*ast.Ident); ok && (f.Name == "delete" || f.Name == "clear") {
					target(n.Args[0])
				}
			}
			return true
		})
	}
	return found
}

func isInput(t types.Type) bool {
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = p.Elem()
	}
	named, ok := types.Unalias(t).(*types.Named)
	return ok && slices.Contains(inputs, named.Obj().Name())
}

// goList asks the go command for packages with their export data, and for all
// that they import.
func goList(ctx context.Context, pattern string) (map[string]*built, error) {
	command := exec.CommandContext(ctx, "go", "list", "-export", "-deps", "-json=ImportPath,Dir,Export,GoFiles,Imports", pattern)
	command.Dir = "../.."
	var said bytes.Buffer
	command.Stderr = &said
	raw, err := command.Output()
	if err != nil {
		return nil, fmt.Errorf("go list: %w\n%s", err, said.Bytes())
	}
	packages := map[string]*built{}
	for decoder := json.NewDecoder(bytes.NewReader(raw)); ; {
		p := new(built)
		if err := decoder.Decode(p); errors.Is(err, io.EOF) {
			return packages, nil
		} else if err != nil {
			return nil, fmt.Errorf("the answer of go list: %w", err)
		}
		packages[p.ImportPath] = p
	}
}
