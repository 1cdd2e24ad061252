package paper

import (
	"fmt"
	"testing"
)

// TestBarcode holds the symbols against the rules of their code.
func TestBarcode(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", "A", "9400111", "GHN~ 1", "Z\x01"} {
		widths := Code128(text)
		// A start, the characters and a check sum of eleven modules each, a stop
		// of thirteen; every symbol begins with a bar and covers even bars.
		sum := 0
		for _, w := range widths {
			if w < 1 || w > 4 {
				t.Errorf("%q: width %d", text, w)
			}
			sum += w
		}
		if want := 11*(len(text)+2) + 13; sum != want || len(widths) != 6*(len(text)+2)+7 {
			t.Errorf("%q: %d modules in %d parts, want %d", text, sum, len(widths), want)
		}
		for i := 0; i+6 <= len(widths)-7; i += 6 {
			if bars := widths[i] + widths[i+2] + widths[i+4]; bars%2 != 0 {
				t.Errorf("%q: symbol %d has %d dark modules", text, i/6, bars)
			}
		}
	}
	seen := map[string]bool{}
	for c := byte(' '); c < 0x7f; c++ {
		symbol := fmt.Sprint(Code128(string(c))[6:12])
		if seen[symbol] {
			t.Errorf("%q looks like another character", c)
		}
		seen[symbol] = true
	}
}
