package sandbox_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/ttshop-go/ttshop/sandbox"
)

// skuStock is what the inventory search says about a SKU.
type skuStock struct {
	Available, Committed int64
	Warehouses           map[string]int64 // available by warehouse
}

// inventory reads stock by SKU id.
func (w *world) inventory(t testing.TB, region, body string) map[string]skuStock {
	t.Helper()
	var data struct {
		Inventory []struct {
			ProductID string `json:"product_id"`
			SKUs      []struct {
				ID         string
				Available  int64 `json:"total_available_quantity"`
				Committed  int64 `json:"total_committed_quantity"`
				Warehouses []struct {
					ID        string `json:"warehouse_id"`
					Available int64  `json:"available_quantity"`
				} `json:"warehouse_inventory"`
			}
		}
	}
	w.call(t, region, "POST", "/product/202309/inventory/search", "", body).into(t, &data)
	stocks := map[string]skuStock{}
	for _, p := range data.Inventory {
		for _, s := range p.SKUs {
			stock := skuStock{s.Available, s.Committed, map[string]int64{}}
			for _, wh := range s.Warehouses {
				stock.Warehouses[wh.ID] = wh.Available
			}
			stocks[s.ID] = stock
		}
	}
	return stocks
}

// stocked returns a live product and a SKU of it that lies in so many
// warehouses.
func (w *world) stocked(t testing.TB, region string, warehouses int) (productView, skuView) {
	t.Helper()
	for _, p := range w.products(t, region, "/product/202502/products/search", "page_size=100", `{"status":"ACTIVATE"}`) {
		for _, s := range p.SKUs {
			if len(s.Inventory) == warehouses {
				return p, s
			}
		}
	}
	t.Fatalf("no SKU lies in %d warehouses", warehouses)
	panic("unreachable")
}

// setStock updates the stock of one SKU and returns the code of the answer
// and, where the SKU failed, its code and that of the first warehouse.
func (w *world) setStock(t testing.TB, region, product, sku, inventory string) (code, skuCode, warehouseCode int) {
	t.Helper()
	a := w.call(t, region, "POST", productsPath+"/"+product+"/inventory/update", "", fmt.Sprintf(`{"skus":[{"id":%q,"inventory":%s}]}`, sku, inventory))
	if a.Code != 0 {
		return a.Code, 0, 0
	}
	var data struct {
		Errors []struct {
			Code   int
			Detail struct {
				SKUID string `json:"sku_id"`
				Extra []struct {
					Code        int
					WarehouseID string `json:"warehouse_id"`
				} `json:"extra_errors"`
			}
		}
	}
	a.into(t, &data)
	if len(data.Errors) == 0 {
		return 0, 0, 0
	}
	if data.Errors[0].Detail.SKUID != sku {
		t.Errorf("error about SKU %q", data.Errors[0].Detail.SKUID)
	}
	if len(data.Errors[0].Detail.Extra) > 0 {
		warehouseCode = data.Errors[0].Detail.Extra[0].Code
	}
	return 0, data.Errors[0].Code, warehouseCode
}

func TestInventoryUpdate(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p, one := w.stocked(t, "US", 1)
	p2, two := w.stocked(t, "US", 2)
	single, first, second := one.Inventory[0].WarehouseID, two.Inventory[0].WarehouseID, two.Inventory[1].WarehouseID
	other := first
	if other == single {
		other = second
	}
	entry := func(warehouse string, quantity int) string {
		return fmt.Sprintf(`{"warehouse_id":%q,"quantity":%d}`, warehouse, quantity)
	}
	foreign := w.warehouses(t, "GB")[0].ID
	for _, test := range []struct {
		name                         string
		product, sku, inventory      string
		code, skuCode, warehouseCode int
		left                         map[string]int64 // stock afterwards, where it changed
	}{
		{"named", p.ID, one.ID, "[" + entry(single, 17) + "]", 0, 0, 0, map[string]int64{single: 17}},
		{"unnamed, only one", p.ID, one.ID, `[{"quantity":18}]`, 0, 0, 0, map[string]int64{single: 18}},
		{"zero", p.ID, one.ID, `[{"quantity":0}]`, 0, 0, 0, map[string]int64{single: 0}},
		{"negative", p.ID, one.ID, `[{"quantity":-1}]`, 0, 12052055, 12052055, nil},
		{"too many", p.ID, one.ID, `[{"quantity":100000}]`, 0, 12052055, 12052055, nil},
		{"not the SKU's", p.ID, one.ID, "[" + entry(single, 5) + "," + entry(other, 5) + "]", 0, 12052037, 12052037, nil},
		{"all", p2.ID, two.ID, "[" + entry(first, 21) + "," + entry(second, 22) + "]", 0, 0, 0, map[string]int64{first: 21, second: 22}},
		{"one is missing", p2.ID, two.ID, "[" + entry(first, 9) + "]", 0, 12019028, 0, nil},
		{"unnamed of several", p2.ID, two.ID, `[{"quantity":9}]`, 0, 12019028, 0, nil},
		{"twice the same", p2.ID, two.ID, "[" + entry(first, 9) + "," + entry(first, 8) + "]", 0, 12052037, 12052037, nil},
		{"one is bad", p2.ID, two.ID, "[" + entry(first, 9) + "," + entry(second, -9) + "]", 0, 12052055, 12052055, nil},
		{"unknown warehouse", p2.ID, two.ID, "[" + entry("1", 9) + "]", 0, 12052097, 12052097, nil},
		{"foreign warehouse", p2.ID, two.ID, "[" + entry(foreign, 9) + "]", 0, 12052530, 12052530, nil},
		{"unknown SKU", p.ID, "1", `[{"quantity":1}]`, 0, 12052556, 0, nil},
		{"SKU of another product", p.ID, w.withStatus(t, "US", "DRAFT").SKUs[0].ID, `[{"quantity":1}]`, 0, 12052557, 0, nil},
		{"no quantity", p.ID, one.ID, `[{}]`, invalid, 0, 0, nil},
		{"no inventory", p.ID, one.ID, `[]`, invalid, 0, 0, nil},
		{"fraction", p.ID, one.ID, `[{"quantity":1.5}]`, invalid, 0, 0, nil},
		{"unknown product", "1", one.ID, `[{"quantity":1}]`, 12052032, 0, 0, nil},
		{"frozen product", w.withStatus(t, "US", "FREEZE").ID, one.ID, `[{"quantity":1}]`, 12052901, 0, 0, nil},
	} {
		before := w.inventory(t, "US", `{"sku_ids":["`+test.sku+`"]}`)[test.sku]
		code, skuCode, warehouseCode := w.setStock(t, "US", test.product, test.sku, test.inventory)
		if code != test.code || skuCode != test.skuCode || warehouseCode != test.warehouseCode {
			t.Errorf("%s: codes %d, %d, %d, want %d, %d, %d", test.name, code, skuCode, warehouseCode, test.code, test.skuCode, test.warehouseCode)
		}
		after := w.inventory(t, "US", `{"sku_ids":["`+test.sku+`"]}`)[test.sku]
		want := test.left
		if want == nil {
			want = before.Warehouses
		}
		for warehouse, quantity := range want {
			if after.Warehouses[warehouse] != quantity {
				t.Errorf("%s: warehouse %s holds %d, want %d", test.name, warehouse, after.Warehouses[warehouse], quantity)
			}
		}
		if after.Committed != before.Committed {
			t.Errorf("%s: reservations changed", test.name)
		}
	}
}

func TestInventoryUpdateStrict(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(c *sandbox.Config) { c.StrictQuantity = true })
	p, s := w.stocked(t, "GB", 1)
	if _, code, _ := w.setStock(t, "GB", p.ID, s.ID, `[{"quantity":0}]`); code != 12052055 {
		t.Errorf("zero: code %d", code)
	}
	if _, code, _ := w.setStock(t, "GB", p.ID, s.ID, `[{"quantity":1}]`); code != 0 {
		t.Errorf("one: code %d", code)
	}
}

// TestInventoryUpdateInPart updates several SKUs of which one is bad.
func TestInventoryUpdateInPart(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.create(t, "GB", w.newDraft(t, "GB"))
	skus := w.product(t, "GB", id, "").SKUs
	var data struct{ Errors []struct{ Code int } }
	w.call(t, "GB", "POST", productsPath+"/"+id+"/inventory/update", "", fmt.Sprintf(
		`{"skus":[{"id":%q,"inventory":[{"quantity":-1}]},{"id":%q,"inventory":[{"quantity":77}]}]}`, skus[0].ID, skus[1].ID)).into(t, &data)
	got := w.inventory(t, "GB", `{"product_ids":["`+id+`"]}`)
	if len(data.Errors) != 1 || got[skus[0].ID].Available != 5 || got[skus[1].ID].Available != 77 {
		t.Errorf("errors %v, stock %v", data.Errors, got)
	}
	a := w.call(t, "GB", "POST", productsPath+"/"+id+"/inventory/update", "", fmt.Sprintf(
		`{"skus":[{"id":%q,"inventory":[{"quantity":1}]},{"id":%[1]q,"inventory":[{"quantity":2}]}]}`, skus[0].ID))
	if a.Code != 12052553 {
		t.Errorf("SKU named twice: code %d", a.Code)
	}
}

// TestInventoryUpdateWithoutShop relies on the optional shop_cipher.
func TestInventoryUpdateWithoutShop(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p, s := w.stocked(t, "VN", 1)
	body := fmt.Sprintf(`{"skus":[{"id":%q,"inventory":[{"quantity":41}]}]}`, s.ID)
	if a := w.call(t, "", "POST", productsPath+"/"+p.ID+"/inventory/update", "", body); a.Code != 0 {
		t.Fatalf("code %d: %s", a.Code, a.Message)
	}
	if got := w.inventory(t, "VN", `{"sku_ids":["`+s.ID+`"]}`)[s.ID].Available; got != 41 {
		t.Errorf("stock %d", got)
	}
	if a := w.call(t, "GB", "POST", productsPath+"/"+p.ID+"/inventory/update", "", body); a.Code != 12052048 {
		t.Errorf("with another shop: code %d", a.Code)
	}
}

func TestInventorySearch(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p, s := w.stocked(t, "US", 2)
	q := w.withStatus(t, "US", "DRAFT")
	if got := w.inventory(t, "US", `{"product_ids":["`+p.ID+`"]}`); len(got) != len(p.SKUs) {
		t.Errorf("by product: %v", got)
	}
	if got := w.inventory(t, "US", `{"product_ids":["`+q.ID+`"],"sku_ids":["`+s.ID+`"]}`); len(got) != 1 || got[s.ID].Warehouses == nil {
		t.Errorf("SKU ids do not win: %v", got)
	}
	sum := int64(0)
	for _, place := range s.Inventory {
		sum += place.Quantity
	}
	if got := w.inventory(t, "US", `{"sku_ids":["`+s.ID+`"]}`)[s.ID]; got.Available != sum {
		t.Errorf("available %d, product says %d", got.Available, sum)
	}
	if got := w.inventory(t, "US", `{}`); len(got) != 0 {
		t.Errorf("without ids: %v", got)
	}
	for body, want := range map[string]int{
		`{"product_ids":[` + strings.Repeat(`"1",`, 99) + `"1"]}`:  0,
		`{"product_ids":[` + strings.Repeat(`"1",`, 100) + `"1"]}`: 12019015,
		`{"sku_ids":[` + strings.Repeat(`"1",`, 599) + `"1"]}`:     0,
		`{"sku_ids":[` + strings.Repeat(`"1",`, 600) + `"1"]}`:     12019015,
	} {
		if a := w.call(t, "US", "POST", "/product/202309/inventory/search", "", body); a.Code != want {
			t.Errorf("%d bytes of ids: code %d, want %d", len(body), a.Code, want)
		}
	}
}
