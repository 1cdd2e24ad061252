package console

import (
	"strings"
	"testing"
)

func TestClosest(t *testing.T) {
	t.Parallel()
	names := []string{"order-status", "page-size", "page-token", "limit", "all"}
	for typed, want := range map[string]string{
		"page-sice":   "page-size",
		"paeg-size":   "page-size", // neighbours swapped
		"page":        "page-size page-token",
		"lmit":        "limit",
		"aal":         "all",
		"quite-other": "",
		"":            "",
	} {
		if got := strings.Join(Closest(typed, names), " "); got != want {
			t.Errorf("closest(%q) = %q, want %q", typed, got, want)
		}
	}
	if got := distance("kitten", "sitting"); got != 3 {
		t.Errorf("distance = %d, want 3", got)
	}
}
