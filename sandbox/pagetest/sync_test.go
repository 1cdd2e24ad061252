package pagetest

import (
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// The status of a copy as a page: it says how each table is, keeps itself up to date,
// and can be searched.
func TestSyncStatus(t *testing.T) {
	t.Parallel()
	if find() == "" && os.Getenv("CI") == "" {
		t.Skip("no browser: the pages are tested where chromium is installed")
	}
	path, err := command()
	if err != nil {
		t.Fatal(err)
	}
	home := t.TempDir()
	place := "sqlite:" + filepath.Join(home, "shop.db")
	copyShops := func(args ...string) {
		cmd := exec.CommandContext(t.Context(), path, append([]string{"sync", "--to", place, "--sandbox"}, args...)...)
		cmd.Env = []string{"HOME=" + home, "XDG_CONFIG_HOME=" + home, "PATH=" + os.Getenv("PATH")}
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, out)
		}
	}
	copyShops("--tables", "warehouses,orders", "--orders", "20")
	var at struct{ URL string }
	runCommand(t, &at, "sync", "status", "--to", place, "--web", "--listen", "127.0.0.1:0")
	p := open(t, strings.TrimSuffix(at.URL, "/console"))
	looksRight(t, p, "sync", "/console")
	for _, text := range []string{"current", "Copper Finch", "of 10\u202f000", "orders", "Nothing stands still."} {
		p.says(text)
	}
	if outside := value[[]string](p, `performance.getEntriesByType("resource").map((e) => e.name).filter((n) => !n.startsWith(location.origin))`); len(outside) > 0 {
		t.Errorf("it loads %v", outside)
	}
	if nameless := value[int](p, `[...document.querySelectorAll("meter")].filter((m) => !m.getAttribute("aria-label")).length`); nameless > 0 {
		t.Errorf("%d meters without a name", nameless)
	}

	const rows = `document.querySelectorAll("#tables tbody tr").length`
	before := value[int](p, rows)
	copyShops("--tables", "coupons")
	p.eventually("the new table of each shop", rows+` > `+strconv.Itoa(before))
	p.eventually("plots", `document.querySelectorAll("#past svg[role=img][aria-label]").length === 3`)
	p.visit("/console?q=coupons")
	p.eventually("the tables that match alone", rows+` > 0 && [...document.querySelectorAll("#tables tbody tr")].every((r) => r.textContent.includes("coupons"))`)
	p.says("No shop matches.")
	p.shot("sync-search")
}
