package main

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ttshop-go/ttshop"
	"github.com/ttshop-go/ttshop/api/fulfillment"
	"github.com/ttshop-go/ttshop/sandbox/control"
	"github.com/ttshop-go/ttshop/sandbox/sandboxtest"
)

func TestPrintLabels(t *testing.T) {
	t.Parallel()
	server := sandboxtest.Start(t)
	shop, folder := server.Shop("GB"), t.TempDir()
	before := statuses(t, shop)
	var out strings.Builder
	if err := printLabels(t.Context(), shop, folder, &out); err != nil {
		t.Fatal(err)
	}
	toShip, printed := 0, 0
	after := statuses(t, shop)
	for id := range before {
		label, err := os.ReadFile(filepath.Join(folder, id+".pdf"))
		if err != nil { // such as where the buyer asks for a cancellation, which the seller answers first
			if !strings.Contains(out.String(), "package "+id+": fulfillment.ShipPackage: the platform refused") || after[id] != before[id] {
				t.Errorf("package %s has no label, and its status went from %s to %s: %s", id, before[id], after[id], &out)
			}
			continue
		}
		printed++
		if before[id] == ttshop.PackageToFulfill {
			toShip++
		}
		if !bytes.HasPrefix(label, []byte("%PDF-")) || !bytes.Contains(label, []byte("%%EOF")) {
			t.Errorf("package %s: the label is not a PDF", id)
		}
		if after[id] != ttshop.PackageProcessing {
			t.Errorf("package %s has a label and is %s", id, after[id])
		}
	}
	if shipped := accepted(t, server); toShip == 0 || shipped != toShip || printed == toShip {
		t.Errorf("%d packages were shipped of %d that waited, and %d have labels", shipped, toShip, printed)
	}

	out.Reset()
	if err := printLabels(t.Context(), shop, folder, &out); err != nil || strings.Contains(out.String(), ".pdf") {
		t.Errorf("the second run prints again: %v %s", err, &out)
	}
	if shipped := accepted(t, server); shipped != toShip {
		t.Errorf("the second run ships %d packages", shipped-toShip)
	}
}

// A package that was shipped although no answer came gets its label from the next
// run, which ships nothing twice.
func TestPrintLabelsAfterLostAnswer(t *testing.T) {
	t.Parallel()
	server := sandboxtest.Start(t)
	shop, folder := server.Shop("GB"), t.TempDir()
	if _, err := server.Control.AddFault(t.Context(), control.Fault{
		Match: control.Match{Path: "/fulfillment/202309/packages/{package_id}/ship"}, Next: 1, Then: control.Effect{Cut: "after_work"},
	}); err != nil {
		t.Fatal(err)
	}
	before := statuses(t, shop)
	var out strings.Builder
	if err := printLabels(t.Context(), shop, folder, &out); !errors.Is(err, ttshop.ErrOutcomeUnknown) {
		t.Fatalf("the answer is lost, and the error is %v", err)
	}
	var lost string
	for id, status := range statuses(t, shop) {
		if _, err := os.Stat(filepath.Join(folder, id+".pdf")); status != before[id] && err != nil {
			lost = id
		}
	}
	if lost == "" {
		t.Fatal("nothing was shipped")
	}
	if err := printLabels(t.Context(), shop, folder, &out); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(folder, lost+".pdf")); err != nil {
		t.Error(err)
	}
	if left, err := filepath.Glob(filepath.Join(folder, ".label-*")); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v %v", left, err)
	}
}

// statuses returns where each open package stands.
func statuses(t *testing.T, shop *ttshop.Client) map[string]ttshop.PackageStatus {
	t.Helper()
	open, err := openPackages(t.Context(), shop)
	if err != nil {
		t.Fatal(err)
	}
	all := make(map[string]ttshop.PackageStatus, len(open))
	for _, id := range open {
		p, err := fulfillment.New(shop).GetPackage(t.Context(), &fulfillment.GetPackageParams{PackageID: id})
		if err != nil {
			t.Fatal(err)
		}
		all[id] = p.PackageStatus
	}
	return all
}

// accepted counts the packages that the sandbox was told to ship and did.
func accepted(t *testing.T, server *sandboxtest.Server) (n int) {
	t.Helper()
	requests, err := server.Control.Requests(t.Context(), 1000, "/fulfillment/202309/packages/")
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range requests {
		if strings.HasSuffix(r.Path, "/ship") && r.Status == 200 && r.Code == 0 {
			n++
		}
	}
	return n
}
