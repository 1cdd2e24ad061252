// Package screentest compares what a test shows with golden files of screens.
package screentest

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/answer"
)

// Widths are the widths of terminals that screens are kept for.
var Widths = []int{60, 80, 120}

var update = flag.Bool("update", false, "write the golden files of screens again")

// Golden compares a screen with the file testdata/screens/NAME, and fails where a
// line is wider than the terminal.
func Golden(t *testing.T, name string, columns int, screen string) {
	t.Helper()
	for line := range strings.Lines(screen) {
		if width := answer.CellWidth(strings.TrimSuffix(line, "\n")); width > columns {
			t.Errorf("%s: a line has %d columns: %s", name, width, line)
		}
	}
	file := filepath.Join("testdata", "screens", name)
	if *update {
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(screen), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if screen != string(want) {
		t.Errorf("%s is now\n%s\nand was\n%s", name, screen, want)
	}
}
