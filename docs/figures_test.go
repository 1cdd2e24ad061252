package docs_test

import (
	"io/fs"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/ttshop-go/ttshop/catalog"
	"github.com/ttshop-go/ttshop/webhook/event"
)

// figure is a number that documents, help texts and comments state.
type figure struct {
	name  string
	forms []string // each with one group, the number
	want  int
}

func figures() []figure {
	operations := new(catalog.Catalog).Operations("")
	domains := map[string]bool{}
	for _, op := range operations {
		domains[op.Domain] = true
	}
	unset := 0
	for _, topic := range event.Types() {
		if !topic.Subscribable() {
			unset++
		}
	}
	return []figure{
		{"operations", []string{
			`\b(\d{3,})\s+(?:typed\s+|documented\s+)?operations\b`,
			`\b(?:all|each of the|any of the|every one of the)\s+(\d{3,})\b(?:\s+operations)?`,
		}, len(operations)},
		{"packages of operations", []string{`\boperations\s+in\s+(\d+)\s+(?:packages|domains)\b`, `\b(\d{2,})\s+domains\b`}, len(domains)},
		{"topics", []string{
			`\b(\d+)\s+(?:webhook\s+)?(?:topics|event\s+types)\b`,
			`\b(?:all|each of the|any of the|every one of the)\s+(\d{2})\b(?:\s+topics|[,.;:)])`,
		}, len(event.Types())},
		{"topics without an address per shop", []string{`\b(\d+)\s+of\s+the\s+topics\s+have\s+no\s+address`}, unset},
	}
}

// wrong returns the statements of a text that miss the figure, and how many it
// makes.
func (f figure) wrong(text string) (wrong []string, found int) {
	for _, form := range f.forms {
		for _, m := range regexp.MustCompile(`(?i)`+form).FindAllStringSubmatch(text, -1) {
			found++
			if n, err := strconv.Atoi(m[1]); err != nil || n != f.want {
				wrong = append(wrong, m[0])
			}
		}
	}
	return wrong, found
}

// TestFigures holds the figures that guides, help texts and comments state to
// what they count.
func TestFigures(t *testing.T) {
	t.Parallel()
	files := stating(t)
	for _, f := range figures() {
		total := 0
		for _, file := range files {
			wrong, found := f.wrong(text(t, file))
			total += found
			for _, statement := range wrong {
				t.Errorf("%s: %q; the number of %s is %d", file, statement, f.name, f.want)
			}
		}
		if total == 0 {
			t.Errorf("nothing states the number of %s", f.name)
		}
	}
}

// stating returns what people read: documents, and the Go files with the help
// texts and comments of packages. Tests and what the generator reads count
// other things.
func stating(t *testing.T) []string {
	t.Helper()
	var files []string
	skip := []string{"testdata", "spec", "api", "gen", "node_modules"}
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name := entry.Name()
		if entry.IsDir() {
			if path != root && (strings.HasPrefix(name, ".") || slices.Contains(skip, name)) {
				return filepath.SkipDir
			}
			return nil
		}
		if strings.HasSuffix(name, ".md") || strings.HasSuffix(name, ".go") && !strings.HasSuffix(name, "_test.go") {
			files = append(files, path)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func TestFigureForms(t *testing.T) {
	t.Parallel()
	tests := map[string][]string{ // a text with wrong figures, and what is found
		"all 428 operations":                          {"operations"},
		"428 typed\noperations in 24 packages":        {"operations", "packages of operations"},
		"All 45 topics can be raised":                 {"topics"},
		"Package event holds the 45 webhook topics.":  {"topics"},
		"`ttshop trigger` raises any of the 45, and":  {"topics"},
		"Each of the 45 topics has its type":          {"topics"},
		"45 event types":                              {"topics"},
		"1 of the topics have no address per shop":    {"topics without an address per shop"},
		"10 calls in 25 seconds, all 12 ended at 429": nil,
	}
	for text, want := range tests {
		var got []string
		for _, f := range figures() {
			if wrong, _ := f.wrong(text); len(wrong) > 0 {
				got = append(got, f.name)
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("%q: found %v, want %v", text, got, want)
		}
	}
}
