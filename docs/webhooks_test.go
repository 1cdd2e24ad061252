package docs_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// Each snippet of webhooks.md stands in a test of webhook/inbox, where it is
// compiled and run, and the tests that the guide names are there.
func TestWebhookSnippets(t *testing.T) {
	t.Parallel()
	guide, err := os.ReadFile("webhooks.md")
	if err != nil {
		t.Fatal(err)
	}
	source, err := os.ReadFile("../webhook/inbox/guide_test.go")
	if err != nil {
		t.Fatal(err)
	}
	flat := func(s string) string { return strings.Join(strings.Fields(s), " ") }
	snippets := regexp.MustCompile("(?s)```go\n(.*?)```").FindAllStringSubmatch(string(guide), -1)
	if len(snippets) < 4 {
		t.Errorf("%d snippets", len(snippets))
	}
	for _, s := range snippets {
		if !strings.Contains(flat(string(source)), flat(s[1])) {
			t.Errorf("not in guide_test.go:\n%s", s[1])
		}
	}
	var tests strings.Builder
	for _, folder := range []string{"webhook", "webhook/*", "cmd/ttshop/internal/cli"} {
		files, err := filepath.Glob(filepath.Join(root, folder, "*_test.go"))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			tests.Write(text)
		}
	}
	for _, name := range regexp.MustCompile("`(Test[A-Za-z]+)`").FindAllStringSubmatch(string(guide), -1) {
		if !strings.Contains(tests.String(), "func "+name[1]+"(") {
			t.Errorf("there is no %s", name[1])
		}
	}
}
