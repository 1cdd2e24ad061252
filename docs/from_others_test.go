package docs_test

import (
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestFromOthersShowsWhatRuns holds the code of ours in from-others.md against
// what tests run: Go in this folder, JavaScript and commands with the gateway.
func TestFromOthersShowsWhatRuns(t *testing.T) {
	t.Parallel()
	guide := text(t, "from-others.md")
	for language, sources := range map[string][]string{
		"go":   {"readme_test.go"},
		"js":   {filepath.Join("gateway", "tiktok-shop-sdk.mjs")},
		"bash": {"gateway.md"}, // whose commands are tested beside the command
	} {
		var source strings.Builder
		for _, name := range sources {
			source.WriteString(flat(text(t, name)))
		}
		blocks := regexp.MustCompile("(?s)```"+language+"\n(.*?)```").FindAllStringSubmatch(guide, -1)
		if len(blocks) == 0 {
			t.Errorf("the guide shows no %s", language)
		}
		for _, block := range blocks {
			if !strings.Contains(source.String(), flat(block[1])) {
				t.Errorf("not in %v:\n%s", sources, block[1])
			}
		}
	}
	linked(t, guide, ".")
}
