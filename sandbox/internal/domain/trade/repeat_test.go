package trade

import (
	"encoding/json"
	"strconv"
	"testing"
)

// The newest answers are kept, also after a snapshot was loaded.
func TestKeepAnswer(t *testing.T) {
	t.Parallel()
	kept := &trade{Repeats: map[string]json.RawMessage{"from a snapshot": json.RawMessage("{}")}}
	kept.index()
	for i := range maxRepeats + 5 {
		kept.keepAnswer(strconv.Itoa(i), json.RawMessage(strconv.Itoa(i)))
	}
	if len(kept.Repeats) != maxRepeats || len(kept.repeatKeys) != maxRepeats {
		t.Fatalf("%d answers to %d keys, want %d", len(kept.Repeats), len(kept.repeatKeys), maxRepeats)
	}
	for key, want := range map[string]bool{"from a snapshot": false, "0": false, "4": false, "5": true, strconv.Itoa(maxRepeats + 4): true} {
		if _, ok := kept.Repeats[key]; ok != want {
			t.Errorf("answer to %q kept: %t, want %t", key, ok, want)
		}
	}
}
