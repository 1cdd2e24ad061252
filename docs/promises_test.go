package docs_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestPromisesOfTheGuides holds guides to their word: each snippet is part of a
// test, where it is compiled and run, and the tests that a guide names exist.
func TestPromisesOfTheGuides(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		guide    string
		snippets string   // the test with the snippets
		tests    []string // folders of the tests that the guide names, below the root
	}{
		{"reliability.md", "reliability_test.go", []string{".", "internal/soak", "bench", "catalog", "sandbox", "oauth", "tokenstore", "tokenstore/sqlstore", "webhook", "webhook/inbox", "internal/wire", "cmd/ttshop/internal/cli"}},
		{"webhooks.md", "../webhook/inbox/guide_test.go", []string{"webhook", "webhook/*", "cmd/ttshop/internal/cli", "sandbox/pagetest"}},
	} {
		t.Run(tt.guide, func(t *testing.T) {
			t.Parallel()
			guide, source := text(t, tt.guide), flat(text(t, tt.snippets))
			snippets := regexp.MustCompile("(?s)```go\n(.*?)```").FindAllStringSubmatch(guide, -1)
			if len(snippets) < 4 {
				t.Errorf("only %d snippets were found", len(snippets))
			}
			for _, s := range snippets {
				if !strings.Contains(source, flat(s[1])) {
					t.Errorf("not in %s:\n%s", tt.snippets, s[1])
				}
			}
			var tests strings.Builder
			for _, folder := range tt.tests {
				files, err := filepath.Glob(filepath.Join(root, folder, "*_test.go"))
				if err != nil {
					t.Fatal(err)
				}
				for _, file := range files {
					tests.WriteString(text(t, file))
				}
			}
			for _, name := range regexp.MustCompile("`((?:Test|Benchmark)[A-Za-z0-9]+)`").FindAllStringSubmatch(guide, -1) {
				if !strings.Contains(tests.String(), "func "+name[1]+"(") {
					t.Errorf("the guide names %s, which is not there", name[1])
				}
			}
		})
	}
}

func text(t *testing.T, file string) string {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// flat makes indentation and line ends the same everywhere.
func flat(s string) string { return strings.Join(strings.Fields(s), " ") }
