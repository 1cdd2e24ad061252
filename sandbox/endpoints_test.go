package sandbox

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ttshop-go/ttshop/sandbox/internal/wiring"
	"github.com/ttshop-go/ttshop/sandbox/internal/world"
)

// The guide and the overview tell of every control endpoint.
func TestEndpointsAreDocumented(t *testing.T) {
	t.Parallel()
	raw, err := os.ReadFile(filepath.Join("..", "docs", "sandbox.md"))
	if err != nil {
		t.Fatal(err)
	}
	guide := string(raw)
	sb, err := New(Config{})
	if err != nil {
		t.Fatal(err)
	}
	list := sb.endpoints(wiring.NewRegistry())
	if len(list) < 25 {
		t.Errorf("only %d endpoints", len(list))
	}
	for _, e := range list {
		_, path, _ := strings.Cut(e.Pattern, " ")
		if path == world.ControlPrefix+"{$}" {
			continue // the overview itself
		}
		if !strings.Contains(guide, path) {
			t.Errorf("docs/sandbox.md says nothing of %s", e.Pattern)
		}
		if !strings.Contains(sb.help, path) {
			t.Errorf("the overview says nothing of %s", e.Pattern)
		}
	}
}
