package main

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
	"html/template"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer/html"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

//go:embed page.html
var pageHTML string

//go:embed site.css
var css []byte

//go:embed search.js
var searchJS []byte

// repository is where links to files lead that are no pages.
const repository = "https://github.com/ttshop-go/ttshop/blob/main/"

// index is the guide that lists the others, in their order.
const index = "docs/README.md"

// page is a guide on its way to HTML.
type page struct {
	Source string // path from the root of the repository
	File   string // index.html
	Title  string
	Body   template.HTML
	Parts  []part
}

// part is what the search finds: the text below a heading.
type part struct {
	Page    string `json:"page"`
	Anchor  string `json:"anchor"`
	Title   string `json:"title"`
	Heading string `json:"heading"`
	Text    string `json:"text"`
}

// build writes the site of the guides of a repository into a folder.
func build(root, out string) error {
	sources, err := guides(root)
	if err != nil {
		return fmt.Errorf("list the guides: %w", err)
	}
	files := make(map[string]string, len(sources)) // by source
	for _, source := range sources {
		files[source] = strings.ToLower(strings.TrimSuffix(filepath.Base(source), ".md")) + ".html"
	}
	files[index] = "index.html"
	var pages []*page
	pictures := map[string]bool{}
	for _, source := range sources {
		p, err := render(root, source, files, pictures)
		if err != nil {
			return fmt.Errorf("%s: %w", source, err)
		}
		pages = append(pages, p)
	}
	return write(root, out, pages, pictures)
}

// link matches a link of the index to a guide.
var link = regexp.MustCompile(`\]\(([a-z-]+\.md)\)`)

// guides returns the index, the guides in its order, and the changelog. A guide that
// the index does not name would be out of reach, and is an error.
func guides(root string) ([]string, error) {
	text, err := os.ReadFile(filepath.Join(root, index))
	if err != nil {
		return nil, err
	}
	sources, seen := []string{index}, map[string]bool{index: true}
	for _, m := range link.FindAllSubmatch(text, -1) {
		if source := "docs/" + string(m[1]); !seen[source] {
			seen[source] = true
			sources = append(sources, source)
		}
	}
	all, err := filepath.Glob(filepath.Join(root, "docs", "*.md"))
	if err != nil {
		return nil, err
	}
	for _, file := range all {
		if source := "docs/" + filepath.Base(file); !seen[source] {
			return nil, fmt.Errorf("%s is not in %s: name it there", source, index)
		}
	}
	return append(sources, "CHANGELOG.md"), nil
}

// render makes the HTML of a guide. It adds the pictures that the guide shows.
func render(root, source string, files map[string]string, pictures map[string]bool) (*page, error) {
	content, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(source)))
	if err != nil {
		return nil, err
	}
	p := &page{Source: source, File: files[source]}
	markdown := goldmark.New(
		goldmark.WithExtensions(extension.GFM),
		goldmark.WithParserOptions(parser.WithAutoHeadingID(), parser.WithASTTransformers(util.Prioritized(rewriter{source, files, pictures}, 100))),
		goldmark.WithRendererOptions(html.WithUnsafe()), // the guides are ours
	)
	context := parser.NewContext(parser.WithIDs(&ids{taken: map[string]bool{}}))
	document := markdown.Parser().Parse(text.NewReader(content), parser.WithContext(context))
	p.collect(document, content)
	var body bytes.Buffer
	if err := markdown.Renderer().Render(&body, content, document); err != nil {
		return nil, err
	}
	p.Body = template.HTML(body.String())
	if p.Title == "" {
		return nil, fmt.Errorf("it has no heading")
	}
	return p, nil
}

// collect takes the title and what the search finds out of a document.
func (p *page) collect(document ast.Node, content []byte) {
	for node := document.FirstChild(); node != nil; node = node.NextSibling() {
		if heading, ok := node.(*ast.Heading); ok {
			words := plain(heading, content)
			if p.Title == "" {
				p.Title = words
			}
			anchor := ""
			if id, ok := heading.AttributeString("id"); ok {
				anchor = string(id.([]byte))
			}
			p.Parts = append(p.Parts, part{Page: p.File, Anchor: anchor, Title: p.Title, Heading: words})
			continue
		}
		if len(p.Parts) > 0 {
			last := &p.Parts[len(p.Parts)-1]
			last.Text = strings.TrimSpace(last.Text + " " + plain(node, content))
		}
	}
}

// plain returns the words of a node.
func plain(node ast.Node, content []byte) string {
	var b strings.Builder
	_ = ast.Walk(node, func(n ast.Node, entering bool) (ast.WalkStatus, error) { // the function never fails
		switch {
		case !entering:
			if n.Type() == ast.TypeBlock {
				b.WriteByte(' ')
			}
		case n.Kind() == ast.KindText:
			b.Write(n.(*ast.Text).Segment.Value(content))
			if n.(*ast.Text).SoftLineBreak() {
				b.WriteByte(' ')
			}
		case n.Kind() == ast.KindFencedCodeBlock, n.Kind() == ast.KindCodeBlock:
			lines := n.Lines()
			for i := range lines.Len() {
				segment := lines.At(i)
				b.Write(segment.Value(content))
			}
		}
		return ast.WalkContinue, nil
	})
	return strings.Join(strings.Fields(b.String()), " ")
}

// write writes pages, pictures and what they use.
func write(root, out string, pages []*page, pictures map[string]bool) error {
	layout, err := template.New("page").Parse(pageHTML)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(out, 0o755); err != nil {
		return err
	}
	var parts []part
	for _, p := range pages {
		parts = append(parts, p.Parts...)
		var b bytes.Buffer
		if err := layout.Execute(&b, struct {
			Page  *page
			Pages []*page
		}{p, pages}); err != nil {
			return fmt.Errorf("%s: %w", p.Source, err)
		}
		if err := os.WriteFile(filepath.Join(out, p.File), b.Bytes(), 0o644); err != nil {
			return err
		}
	}
	found, err := json.Marshal(parts)
	if err != nil {
		return err
	}
	// A script, since pages in a folder may not fetch a file beside them.
	for name, content := range map[string][]byte{"site.css": css, "search.js": searchJS, "index.js": append(append([]byte("const parts = "), found...), '\n')} {
		if err := os.WriteFile(filepath.Join(out, name), content, 0o644); err != nil {
			return err
		}
	}
	for picture := range pictures {
		content, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(picture)))
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(out, filepath.Base(picture)), content, 0o644); err != nil {
			return err
		}
	}
	return nil
}
