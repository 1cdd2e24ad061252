package webhook_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/ttshop-go/ttshop/internal/testdiff"
)

// What the platform really delivered arrives in the typed events: no field is
// lost. A delivery that is added to the folder is tested without new code.
func TestRecordedDeliveries(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("../sandbox/testdata/platform/webhooks/*.json")
	if err != nil || len(files) == 0 {
		t.Fatalf("no recordings (%v)", err)
	}
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var recorded struct{ Delivery json.RawMessage }
		if err := json.Unmarshal(raw, &recorded); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		var want, got any
		if err := json.Unmarshal(recorded.Delivery, &want); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		if err := json.Unmarshal([]byte(encode(t, typed(t, string(recorded.Delivery)))), &got); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		if diff := testdiff.Diff(want, got); diff != "" {
			t.Errorf("%s: -delivered +typed:\n%s", file, diff)
		}
	}
}
