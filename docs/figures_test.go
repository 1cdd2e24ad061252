package docs_test

import (
	"path/filepath"
	"regexp"
	"strconv"
	"testing"

	"github.com/ttshop-go/ttshop/catalog"
	"github.com/ttshop-go/ttshop/webhook/event"
)

// TestFiguresOfTheGuides holds the figures of README and guides to what they
// count.
func TestFiguresOfTheGuides(t *testing.T) {
	t.Parallel()
	operations := new(catalog.Catalog).Operations("")
	domains := map[string]bool{}
	for _, op := range operations {
		domains[op.Domain] = true
	}
	guides, err := filepath.Glob("*.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, figure := range []struct {
		form *regexp.Regexp
		want int
	}{
		{regexp.MustCompile(`all (\d+)\s+operations|(\d+)\s+operations\s+in\s+\d+\s+packages`), len(operations)},
		{regexp.MustCompile(`operations\s+in\s+(\d+)\s+packages`), len(domains)},
		{regexp.MustCompile(`(?:all|any of the|Each of the)\s+(\d+)(?:\s+topics|,)`), len(event.Types())},
	} {
		found := 0
		for _, guide := range append(guides, filepath.Join(root, "README.md")) {
			for _, m := range figure.form.FindAllStringSubmatch(text(t, guide), -1) {
				found++
				written := m[1]
				if written == "" {
					written = m[len(m)-1]
				}
				if got, err := strconv.Atoi(written); err != nil || got != figure.want {
					t.Errorf("%s: %q; it is %d", guide, m[0], figure.want)
				}
			}
		}
		if found == 0 {
			t.Errorf("no guide has a figure of the form %s", figure.form)
		}
	}
}
