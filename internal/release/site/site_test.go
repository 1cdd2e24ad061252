package main

import (
	"html"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var (
	repositoryRoot = filepath.Join("..", "..", "..")
	href           = regexp.MustCompile(`(?:href|src)="([^"]*)"`)
	anchor         = regexp.MustCompile(`id="([^"]*)"`)
)

// Every link of the site leads to a page and an anchor that are there, or to a file
// of the repository.
func TestLinks(t *testing.T) {
	t.Parallel()
	out := t.TempDir()
	if err := build(repositoryRoot, out); err != nil {
		t.Fatal(err)
	}
	names, err := filepath.Glob(filepath.Join(out, "*.html"))
	if err != nil {
		t.Fatal(err)
	}
	pages, anchors := map[string]string{}, map[string]map[string]bool{}
	for _, name := range names {
		content, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		page := filepath.Base(name)
		pages[page], anchors[page] = string(content), map[string]bool{}
		for _, m := range anchor.FindAllStringSubmatch(string(content), -1) {
			anchors[page][html.UnescapeString(m[1])] = true
		}
	}
	checked := 0
	for page, content := range pages {
		for _, m := range href.FindAllStringSubmatch(content, -1) {
			to := html.UnescapeString(m[1])
			checked++
			if wrong := dead(out, page, to, anchors); wrong != "" {
				t.Errorf("%s: %s %s", page, to, wrong)
			}
		}
	}
	if len(pages) < 15 || checked < 300 {
		t.Errorf("%d pages, %d links", len(pages), checked)
	}
}

// dead says what is wrong with a link.
func dead(out, page, to string, anchors map[string]map[string]bool) string {
	if place, ok := strings.CutPrefix(to, repository); ok {
		place, _, _ = strings.Cut(place, "#")
		if _, err := os.Stat(filepath.Join(repositoryRoot, filepath.FromSlash(place))); err != nil {
			return "is not in the repository"
		}
		return ""
	}
	if strings.Contains(to, "://") {
		return ""
	}
	file, at, _ := strings.Cut(to, "#")
	if file == "" {
		file = page
	}
	if _, err := os.Stat(filepath.Join(out, file)); err != nil {
		return "is not there"
	}
	if at != "" && !anchors[file][at] {
		return "has no such anchor"
	}
	return ""
}

// A link that leads nowhere is found.
func TestDeadLinks(t *testing.T) {
	t.Parallel()
	out := t.TempDir()
	if err := os.WriteFile(filepath.Join(out, "a.html"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	anchors := map[string]map[string]bool{"a.html": {"there": true}}
	for to, want := range map[string]bool{
		"a.html": false, "a.html#there": false, "#there": false, "https://example.com/x": false, repository + "README.md#x": false,
		"b.html": true, "a.html#gone": true, "#gone": true, repository + "no/such/file": true,
	} {
		if got := dead(out, "a.html", to, anchors); (got != "") != want {
			t.Errorf("%s: %q", to, got)
		}
	}
}

// A guide that the index does not name is an error that says what to do.
func TestUnnamedGuide(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	if err := os.Mkdir(filepath.Join(root, "docs"), 0o755); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{"README.md": "# Guides\n\n[one](one.md)\n", "one.md": "# One\n", "two.md": "# Two\n"} {
		if err := os.WriteFile(filepath.Join(root, "docs", name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := build(root, t.TempDir()); err == nil || !strings.Contains(err.Error(), "docs/two.md is not in docs/README.md: name it there") {
		t.Errorf("error %v", err)
	}
}

// Links are those of GitHub: what works there works here.
func TestTargets(t *testing.T) {
	t.Parallel()
	r := rewriter{source: "docs/sandbox.md", files: map[string]string{"docs/README.md": "index.html", "docs/cli.md": "cli.html", "CHANGELOG.md": "changelog.html"}}
	for to, want := range map[string]string{
		"cli.md": "cli.html", "cli.md#find-an-operation": "cli.html#find-an-operation", "README.md": "index.html", "../CHANGELOG.md": "changelog.html",
		"../api/order": repository + "api/order", "fixtures/shop.yaml": repository + "docs/fixtures/shop.yaml", "#top": "#top", "https://example.com/a#b": "https://example.com/a#b",
	} {
		if got := r.target(to); got != want {
			t.Errorf("%s leads to %s, want %s", to, got, want)
		}
	}
}
