package sandbox_test

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/ttshop-go/ttshop/sandbox"
)

// The list in the guide of operations without state stands between these lines.
const (
	shapedBegin = "<!-- operations without state: go test ./sandbox -run TestShapedAreDocumented -args -update -->\n"
	shapedEnd   = "<!-- end -->\n"
)

// shapedList lists the operations without state by domain.
func shapedList() string {
	shaped, all := map[string][]string{}, map[string]int{}
	for _, op := range sandbox.Operations() {
		domain, name, _ := strings.Cut(op.Name, ".")
		all[domain]++
		if op.Shape {
			shaped[domain] = append(shaped[domain], name)
		}
	}
	var b strings.Builder
	b.WriteString("| domain | answered in their shape |\n|---|---|\n")
	for _, domain := range slices.Sorted(maps.Keys(shaped)) {
		names := shaped[domain]
		if len(names) == all[domain] {
			fmt.Fprintf(&b, "| `%s` | all %d |\n", domain, len(names))
			continue
		}
		slices.Sort(names)
		fmt.Fprintf(&b, "| `%s` | %d of %d: `%s` |\n", domain, len(names), all[domain], strings.Join(names, "`, `"))
	}
	return b.String()
}

// The guide names the operations without state: exactly those that say so in a
// header.
func TestShapedAreDocumented(t *testing.T) {
	t.Parallel()
	path := filepath.Join("..", "docs", "sandbox.md")
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, found := strings.Cut(string(raw), shapedBegin)
	list, after, ended := strings.Cut(rest, shapedEnd)
	if !found || !ended {
		t.Fatalf("docs/sandbox.md lacks %q or %q", shapedBegin, shapedEnd)
	}
	if *update {
		if err := os.WriteFile(path, []byte(before+shapedBegin+shapedList()+shapedEnd+after), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	if list != shapedList() {
		t.Errorf("docs/sandbox.md lists other operations without state than there are: run this test with -args -update")
	}
}
