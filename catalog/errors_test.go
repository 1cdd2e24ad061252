package catalog_test

import (
	"bytes"
	"encoding/json"
	"os"
	"reflect"
	"slices"
	"testing"

	"github.com/ttshop-go/ttshop/catalog"
)

// The embedded codes are those of the facts.
func TestCodesAreTheFacts(t *testing.T) {
	facts, err := os.ReadFile("../spec/facts/error-codes.json")
	if err != nil {
		t.Fatal(err)
	}
	var want []catalog.Code
	decoder := json.NewDecoder(bytes.NewReader(facts))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&want); err != nil {
		t.Fatal(err)
	}
	var c catalog.Catalog
	if got := c.Codes(); !reflect.DeepEqual(got, want) {
		t.Errorf("the %d embedded codes are not the %d of the facts; run go generate ./...", len(got), len(want))
	}
}

func TestCode(t *testing.T) {
	t.Parallel()
	var c catalog.Catalog
	code, ok := c.Code(105005)
	if !ok || code.Class != catalog.CodeScope || code.Retry != catalog.RetryAfterFix || code.Meaning == "" || code.Fix == "" {
		t.Errorf("Code(105005) = %+v, %t", code, ok)
	}
	if code, ok = c.Code(36009004); !ok || len(code.Variants) < 5 {
		t.Errorf("Code(36009004) has %d variants", len(code.Variants))
	}
	code.Variants[0].Fix = "changed"
	if again, _ := c.Code(36009004); again.Variants[0].Fix == "changed" {
		t.Error("codes are shared between callers")
	}
	for _, unknown := range []int{0, -1, 1 << 40} {
		if code, ok := c.Code(unknown); ok {
			t.Errorf("Code(%d) = %+v", unknown, code)
		}
	}
	codes := c.Codes()
	if len(codes) != 771 || !slices.IsSortedFunc(codes, func(a, b catalog.Code) int { return a.Code - b.Code }) {
		t.Errorf("%d codes, want 771 in order", len(codes))
	}
	for _, code := range codes {
		if code.Area == "" || code.Class == "" || code.Meaning == "" || code.Fix == "" || code.Retry == "" {
			t.Errorf("incomplete: %+v", code)
		}
	}
}

func TestSearchCodes(t *testing.T) {
	t.Parallel()
	var c catalog.Catalog
	for query, first := range map[string]int{"12052032": 12052032, "hourly allowance": 36009037, "access token EXPIRED": 105002, "coupon cards fast": 45111012} {
		if hits := c.SearchCodes(query); len(hits) == 0 || hits[0].Code != first {
			t.Errorf("SearchCodes(%s) begins with %v, want %d", query, hits[:min(2, len(hits))], first)
		}
	}
	for _, query := range []string{"", " ", "order zzz"} {
		if hits := c.SearchCodes(query); len(hits) != 0 {
			t.Errorf("SearchCodes(%q) found %d", query, len(hits))
		}
	}
}

func TestCodeOperations(t *testing.T) {
	t.Parallel()
	var c catalog.Catalog
	found, err := c.CodeOperations(21001003)
	if err != nil || len(found) == 0 {
		t.Fatalf("CodeOperations(21001003) = %v, %v", found, err)
	}
	for _, e := range found {
		if e.Domain != "fulfillment" {
			t.Errorf("%s answers a code of fulfillment", e.FullName())
		}
	}
	if found, err := c.CodeOperations(1); err != nil || len(found) != 0 {
		t.Errorf("CodeOperations(1) = %v, %v", found, err)
	}
}
