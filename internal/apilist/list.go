package main

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/printer"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// private are the folders at the root that hold no public packages.
var private = []string{"bench", "cmd", "docs", "examples", "internal", "spec"}

// list returns the exported declarations of all public packages below root,
// sorted.
func list(root string) ([]string, error) {
	var lines []string
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.IsDir() {
			return err
		}
		rel, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		rel = filepath.ToSlash(rel)
		name := entry.Name()
		if rel != "." && (slices.Contains(private, rel) || name == "internal" || name == "testdata" || strings.HasPrefix(name, ".") || isModule(path)) {
			return fs.SkipDir
		}
		found, err := listPackage(path, rel)
		lines = append(lines, found...)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("reading packages: %w", err)
	}
	slices.Sort(lines)
	return lines, nil
}

func isModule(dir string) bool {
	_, err := os.Stat(filepath.Join(dir, "go.mod"))
	return err == nil
}

// listPackage returns the exported declarations of the package in one folder; dir
// is its import path below the module.
func listPackage(folder, dir string) ([]string, error) {
	names, err := filepath.Glob(filepath.Join(folder, "*.go"))
	if err != nil {
		return nil, err
	}
	l := lister{fset: token.NewFileSet()}
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(l.fset, name, nil, parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		l.prefix = "pkg " + dir + ", "
		if file.Name.Name == "main" {
			return nil, nil
		}
		for _, decl := range file.Decls {
			l.declaration(decl)
		}
	}
	return l.lines, l.err
}

type lister struct {
	fset   *token.FileSet
	prefix string
	lines  []string
	err    error
}

func (l *lister) add(format string, args ...any) {
	l.lines = append(l.lines, l.prefix+fmt.Sprintf(format, args...))
}

// text prints a node on one line.
func (l *lister) text(node any) string {
	var b bytes.Buffer
	if err := printer.Fprint(&b, l.fset, node); err != nil {
		l.err = err
	}
	return oneLine.Replace(strings.Join(strings.Fields(b.String()), " "))
}

var oneLine = strings.NewReplacer("( ", "(", ", )", ")")

func (l *lister) declaration(decl ast.Decl) {
	switch decl := decl.(type) {
	case *ast.FuncDecl:
		l.function(decl)
	case *ast.GenDecl:
		var typ ast.Expr // of the constant before, which an empty one repeats
		for _, s := range decl.Specs {
			switch s := s.(type) {
			case *ast.TypeSpec:
				l.typeSpec(s)
			case *ast.ValueSpec:
				if s.Type != nil || len(s.Values) > 0 {
					typ = s.Type
				}
				l.values(decl.Tok, s, typ)
			}
		}
	}
}

func (l *lister) function(f *ast.FuncDecl) {
	if !f.Name.IsExported() {
		return
	}
	signature := strings.TrimPrefix(l.text(f.Type), "func")
	if f.Recv == nil {
		l.add("func %s%s", f.Name.Name, signature)
		return
	}
	receiver := l.text(f.Recv.List[0].Type)
	if ast.IsExported(strings.TrimLeft(receiver, "*")) {
		l.add("method (%s) %s%s", receiver, f.Name.Name, signature)
	}
}

func (l *lister) typeSpec(s *ast.TypeSpec) {
	if !s.Name.IsExported() {
		return
	}
	name := s.Name.Name
	if s.TypeParams != nil {
		var params []string
		for _, p := range s.TypeParams.List {
			for _, n := range p.Names {
				params = append(params, n.Name+" "+l.text(p.Type))
			}
		}
		name += "[" + strings.Join(params, ", ") + "]"
	}
	switch t := s.Type.(type) {
	case *ast.StructType:
		l.add("type %s struct", name)
		for _, f := range t.Fields.List {
			l.field(name, f)
		}
	case *ast.InterfaceType:
		l.add("type %s interface", name)
		for _, m := range t.Methods.List {
			if len(m.Names) == 0 {
				l.add("type %s interface, %s", name, l.text(m.Type))
			}
			for _, n := range m.Names {
				if n.IsExported() {
					l.add("type %s interface, %s%s", name, n.Name, strings.TrimPrefix(l.text(m.Type), "func"))
				}
			}
		}
	default:
		assign := " "
		if s.Assign.IsValid() {
			assign = " = "
		}
		l.add("type %s%s%s", name, assign, l.text(t))
	}
}

func (l *lister) field(owner string, f *ast.Field) {
	tag := ""
	if f.Tag != nil {
		tag = " " + f.Tag.Value
	}
	if len(f.Names) == 0 {
		l.add("type %s struct, embedded %s%s", owner, l.text(f.Type), tag)
	}
	for _, n := range f.Names {
		if n.IsExported() {
			l.add("type %s struct, %s %s%s", owner, n.Name, l.text(f.Type), tag)
		}
	}
}

func (l *lister) values(tok token.Token, s *ast.ValueSpec, typ ast.Expr) {
	for i, n := range s.Names {
		if !n.IsExported() {
			continue
		}
		line := tok.String() + " " + n.Name
		if typ != nil {
			line += " " + l.text(typ)
		}
		// Of constants the value is part of the API, of variables it is not.
		if tok == token.CONST && i < len(s.Values) {
			line += " = " + l.text(s.Values[i])
		}
		l.add("%s", line)
	}
}
