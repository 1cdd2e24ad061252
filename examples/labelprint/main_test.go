package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ttshop-go/ttshop/api/order"
	"github.com/ttshop-go/ttshop/sandbox/sandboxtest"
)

func TestPrintLabels(t *testing.T) {
	t.Parallel()
	shop := sandboxtest.Start(t).Shop("GB")
	params := &order.SearchParams{PageSize: 50, OrderStatus: order.StatusAwaitingShipment, ShippingType: order.ShippingTypeTikTok}
	waiting, asked := map[string]bool{}, map[string]bool{}
	for o, err := range order.New(shop).SearchAll(t.Context(), params) {
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range o.Packages {
			waiting[p.ID] = true
			asked[p.ID] = asked[p.ID] || o.IsBuyerRequestCancel
		}
	}
	if len(waiting) == 0 {
		t.Fatal("the sandbox has no order that waits")
	}
	folder := t.TempDir()
	var out strings.Builder
	if err := printLabels(t.Context(), shop, folder, &out); err != nil {
		t.Fatal(err)
	}
	for id := range waiting {
		if asked[id] { // the buyer wants to cancel: the seller answers that first
			if !strings.Contains(out.String(), "package "+id+": fulfillment.ShipPackage: the platform refused") {
				t.Errorf("package %s of a buyer who wants to cancel is not reported", id)
			}
			continue
		}
		label, err := os.ReadFile(filepath.Join(folder, id+".pdf"))
		if err != nil {
			t.Errorf("package %s: %v; the report says: %s", id, err, &out)
			continue
		}
		if !bytes.HasPrefix(label, []byte("%PDF-")) || !bytes.Contains(label, []byte("%%EOF")) {
			t.Errorf("package %s: the label is not a PDF", id)
		}
	}
	out.Reset()
	if err := printLabels(t.Context(), shop, folder, &out); err != nil || strings.Contains(out.String(), ".pdf") {
		t.Errorf("the second run finds something to ship: %v %s", err, &out)
	}
}
