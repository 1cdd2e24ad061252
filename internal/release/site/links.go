package main

import (
	"path"
	"strconv"
	"strings"
	"unicode"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
)

// rewriter makes links between guides lead to their pages, and all else that is in
// the repository to where it is published.
type rewriter struct {
	source   string
	files    map[string]string
	pictures map[string]bool
}

// Transform implements parser.ASTTransformer.
func (r rewriter) Transform(document *ast.Document, _ text.Reader, _ parser.Context) {
	_ = ast.Walk(document, func(n ast.Node, entering bool) (ast.WalkStatus, error) { // the function never fails
		if !entering {
			return ast.WalkContinue, nil
		}
		switch n := n.(type) {
		case *ast.Link:
			n.Destination = []byte(r.target(string(n.Destination)))
		case *ast.Image:
			if place, ok := r.place(string(n.Destination)); ok {
				r.pictures[place] = true
				n.Destination = []byte(path.Base(place))
			}
		}
		return ast.WalkContinue, nil
	})
}

// target returns where a link leads.
func (r rewriter) target(to string) string {
	to, anchor, _ := strings.Cut(to, "#")
	if anchor != "" {
		anchor = "#" + anchor
	}
	place, ok := r.place(to)
	switch {
	case to == "" || !ok:
		return to + anchor
	case r.files[place] != "":
		return r.files[place] + anchor
	}
	return repository + place + anchor
}

// place returns the path of what a link leads to, from the root of the repository.
func (r rewriter) place(to string) (string, bool) {
	if strings.Contains(to, "://") || strings.HasPrefix(to, "mailto:") {
		return "", false
	}
	return path.Join(path.Dir(r.source), to), true
}

// ids gives headings the anchors that GitHub gives them, so that a link to one works
// in both.
type ids struct{ taken map[string]bool }

// Generate implements parser.IDs.
func (s *ids) Generate(value []byte, _ ast.NodeKind) []byte {
	var b strings.Builder
	for _, r := range strings.ToLower(strings.TrimSpace(string(value))) {
		switch {
		case unicode.IsLetter(r), unicode.IsDigit(r), r == '-', r == '_':
			b.WriteRune(r)
		case r == ' ':
			b.WriteByte('-')
		}
	}
	id := b.String()
	for n := 1; s.taken[id]; n++ {
		id = b.String() + "-" + strconv.Itoa(n)
	}
	s.taken[id] = true
	return []byte(id)
}

// Put implements parser.IDs.
func (s *ids) Put(value []byte) { s.taken[string(value)] = true }
