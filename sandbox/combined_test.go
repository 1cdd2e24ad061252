package sandbox_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"testing"
)

// set is a combined product with its parts, as the seed has one in each market.
type set struct {
	product, sku string
	parts        []part
	owners       []string // the products of the parts
}

// set finds the combined product of a market.
func (w *world) set(t *testing.T, region string) set {
	t.Helper()
	for _, p := range w.products(t, region, "/product/202502/products/search", "page_size=100", `{"status":"ACTIVATE"}`) {
		o := w.shown(t, region, p.ID)
		if types := o["product_types"].([]any); len(types) != 1 || types[0] != "COMBINED_PRODUCT" {
			continue
		}
		s := set{product: p.ID, sku: p.SKUs[0].ID}
		for _, of := range o["skus"].([]any)[0].(object)["combined_skus"].([]any) {
			s.parts = append(s.parts, part{of.(object)["sku_id"].(string), int64(count(of.(object), "sku_count"))})
			s.owners = append(s.owners, of.(object)["product_id"].(string))
		}
		if o["primary_combined_product_id"] != s.owners[0] {
			t.Errorf("%s: the main product is %v", region, o["primary_combined_product_id"])
		}
		return s
	}
	t.Fatalf("%s has no combined product", region)
	return set{}
}

// shown is a product in full.
func (w *world) shown(t *testing.T, region, id string) (o object) {
	t.Helper()
	w.call(t, region, "GET", productsPath+"/"+id, "", "").into(t, &o)
	return o
}

// reasons are why the parts of a set are not on sale, the first part's first.
func (w *world) reasons(t *testing.T, region string, s set) (list []string) {
	t.Helper()
	for _, of := range w.shown(t, region, s.product)["skus"].([]any)[0].(object)["combined_skus"].([]any) {
		reason := ""
		for _, text := range of.(object)["combined_listing_not_live_reasons"].([]any) {
			reason += text.(string)
		}
		list = append(list, reason)
	}
	return list
}

// A combined SKU is sold as one line, which tells what it is made of, and takes its
// parts from the stock.
func TestCombinedSKU(t *testing.T) {
	t.Parallel()
	for _, region := range regions {
		t.Run(region, func(t *testing.T) {
			t.Parallel()
			w := newTradeWorld(t)
			s := w.set(t, region)
			stock := func() (sets int64, parts []skuStock) {
				t.Helper()
				ids := fmt.Sprintf("%q", s.sku)
				for _, p := range s.parts {
					ids += fmt.Sprintf(",%q", p.sku)
				}
				got := w.inventory(t, region, `{"sku_ids":[`+ids+`]}`)
				for _, p := range s.parts {
					parts = append(parts, got[p.sku])
				}
				return got[s.sku].Available, parts
			}
			before, had := stock()
			id := w.placeSKU(t, region, s.sku, 2)
			after, have := stock()
			for i, p := range s.parts {
				if have[i].Available != had[i].Available-2*p.count || have[i].Committed != had[i].Committed+2*p.count {
					t.Errorf("part %d: %+v, was %+v", i, have[i], had[i])
				}
			}
			if after >= before {
				t.Errorf("%d sets left of %d", after, before)
			}
			o := w.order(t, region, id)
			if len(o.LineItems) != 2 {
				t.Fatalf("%d lines", len(o.LineItems))
			}
			for _, line := range o.LineItems {
				if line.SKUID != s.sku || line.ProductID != s.product || len(line.Parts) != len(s.parts) {
					t.Fatalf("line %+v", line)
				}
				for i, p := range line.Parts {
					if p.SKUID != s.parts[i].sku || p.Count != s.parts[i].count || p.ProductID != s.owners[i] || p.SellerSKU == "" {
						t.Errorf("part %+v, want %+v", p, s.parts[i])
					}
				}
			}
			w.move(t, id, "AWAITING_COLLECTION")
			if _, have = stock(); have[0].Committed != had[0].Committed {
				t.Errorf("shipped: %+v", have[0])
			}
			w.move(t, id, "CANCELLED")
			if after, have = stock(); after != before || have[0].Available != had[0].Available || have[1].Available != had[1].Available {
				t.Errorf("cancelled: %d sets of %d, %+v", after, before, have)
			}

			// Its stock follows: nobody sets it, and what is gone cannot be ordered.
			var got struct{ Errors []struct{ Code int } }
			w.call(t, region, "POST", productsPath+"/"+s.product+"/inventory/update", "", fmt.Sprintf(`{"skus":[{"id":%q,"inventory":[{"quantity":5}]}]}`, s.sku)).into(t, &got)
			if len(got.Errors) != 1 || got.Errors[0].Code != 12052850 {
				t.Errorf("stock of a set: %+v", got)
			}
			body := ""
			for _, at := range w.places(t, region, s.owners[1], s.parts[1].sku) {
				body += fmt.Sprintf(`,{"warehouse_id":%q,"quantity":%d}`, at, 3)
			}
			w.call(t, region, "POST", productsPath+"/"+s.owners[1]+"/inventory/update", "", fmt.Sprintf(`{"skus":[{"id":%q,"inventory":[%s]}]}`, s.parts[1].sku, body[1:])).into(t, &struct{}{})
			if after, _ = stock(); after != 1 { // two of three
				t.Errorf("%d sets of three of the second part", after)
			}
			for lines, want := range map[string]int{
				fmt.Sprintf(`{"sku_id":%q,"quantity":2}`, s.sku):                                              http.StatusConflict,
				fmt.Sprintf(`{"sku_id":%q,"quantity":1},{"sku_id":%q,"quantity":2}`, s.sku, s.parts[1].sku):   http.StatusConflict,
				fmt.Sprintf(`{"sku_id":%q,"quantity":1},{"sku_id":%[1]q,"quantity":1,"is_gift":true}`, s.sku): http.StatusConflict,
			} {
				if len(w.warehouses(t, region)) > 2 && want == http.StatusConflict {
					continue // there is more in another warehouse
				}
				if status := w.control(t, "POST", "orders", fmt.Sprintf(`{"shop_id":%q,"lines":[%s]}`, w.shop(region).ID, lines), nil); status != want {
					t.Errorf("%s: status %d", lines, status)
				}
			}

			// What keeps a part off the market is told.
			w.call(t, region, "POST", productsPath+"/deactivate", "", `{"product_ids":["`+s.owners[0]+`"]}`).into(t, &struct{}{})
			if list := w.reasons(t, region, s); !slices.Equal(list, []string{"SUB_PRODUCT_DEACTIVATE", ""}) {
				t.Errorf("deactivated: %q", list)
			}
			w.call(t, region, "DELETE", productsPath, "", `{"product_ids":["`+s.owners[1]+`"]}`).into(t, &struct{}{})
			if list := w.reasons(t, region, s); !slices.Equal(list, []string{"SUB_PRODUCT_DEACTIVATE", "SUB_PRODUCT_DELETE"}) {
				t.Errorf("deleted: %q", list)
			}
			if after, _ = stock(); after != 0 {
				t.Errorf("%d sets without a part", after)
			}
		})
	}
}

// placeSKU lets a buyer order units of a SKU.
func (w *world) placeSKU(t *testing.T, region, sku string, quantity int) string {
	t.Helper()
	var placed struct {
		ID string `json:"order_id"`
	}
	if status := w.control(t, "POST", "orders", fmt.Sprintf(`{"shop_id":%q,"lines":[{"sku_id":%q,"quantity":%d}]}`, w.shop(region).ID, sku, quantity), &placed); status != http.StatusCreated {
		t.Fatalf("%s: status %d", region, status)
	}
	return placed.ID
}

// places are the warehouses of a SKU.
func (w *world) places(t *testing.T, region, product, sku string) (list []string) {
	t.Helper()
	for _, s := range w.product(t, region, product, "").SKUs {
		for _, at := range s.Inventory {
			if s.ID == sku {
				list = append(list, at.WarehouseID)
			}
		}
	}
	return list
}

// A combined product is made of SKUs of the shop that are not combined themselves.
func TestCreateCombined(t *testing.T) {
	t.Parallel()
	const region = "GB"
	w := newWorld(t)
	r := newReceiver(t, w)
	w.steer(t, "PUT", "webhooks", fmt.Sprintf(`{"address":%q,"types":[16]}`, r.URL), http.StatusOK)
	s := w.set(t, region)
	raw, err := json.Marshal(w.newDraft(t, region))
	if err != nil {
		t.Fatal(err)
	}
	var body object
	decode(t, raw, &body)
	create := func(primary string, parts ...object) *answer {
		t.Helper()
		sku := body["skus"].([]any)[0].(object)
		sku["combined_skus"] = parts
		delete(body, "primary_combined_product_id")
		if primary != "" {
			body["primary_combined_product_id"] = primary
		}
		raw, err := json.Marshal(body)
		if err != nil {
			t.Fatal(err)
		}
		return w.call(t, region, "POST", "/product/202309/products", "", string(raw))
	}
	of := func(i int) object {
		return object{"product_id": s.owners[i], "sku_id": s.parts[i].sku, "sku_count": 1}
	}
	for name, test := range map[string]struct {
		primary string
		part    object
		code    int
	}{
		"no product":       {"", object{"sku_id": "1", "sku_count": 1}, invalid},
		"no count":         {"", object{"product_id": s.owners[0], "sku_id": s.parts[0].sku, "sku_count": 0}, invalid},
		"unknown product":  {"", object{"product_id": "1", "sku_id": "1", "sku_count": 1}, 12052032},
		"unknown SKU":      {"", object{"product_id": s.owners[0], "sku_id": "1", "sku_count": 1}, 12052556},
		"foreign SKU":      {"", object{"product_id": s.owners[0], "sku_id": s.parts[1].sku, "sku_count": 1}, 12052557},
		"combined already": {"", object{"product_id": s.product, "sku_id": s.sku, "sku_count": 1}, 12052805},
		"another primary":  {s.owners[1], of(0), invalid},
	} {
		if a := create(test.primary, test.part); a.Code != test.code {
			t.Errorf("%s: code %d, want %d: %s", name, a.Code, test.code, a.Message)
		}
	}
	var made struct {
		ID string `json:"product_id"`
	}
	create(s.owners[1], of(0), of(1)).into(t, &made)
	if got := r.next(t); got.Type != 16 || fmt.Sprint(got.Data["product_types"]) != "[COMBINED_PRODUCT]" {
		t.Errorf("heard %s", got.body)
	}
	got := w.inventory(t, region, fmt.Sprintf(`{"sku_ids":[%q,%q,%q]}`, w.product(t, region, made.ID, "").SKUs[0].ID, s.parts[0].sku, s.parts[1].sku))
	least := min(got[s.parts[0].sku].Available, got[s.parts[1].sku].Available)
	if sets := got[w.product(t, region, made.ID, "").SKUs[0].ID].Available; sets != least || sets == 0 {
		t.Errorf("%d sets of %d parts", sets, least)
	}
}

// Combined listings show products together. Each change of their products is told.
func TestCombinedListing(t *testing.T) {
	t.Parallel()
	const region = "US"
	w := newWorld(t)
	r := newReceiver(t, w)
	w.steer(t, "PUT", "webhooks", fmt.Sprintf(`{"address":%q,"types":[42]}`, r.URL), http.StatusOK)
	family := func(product string) string {
		t.Helper()
		list, _ := w.shown(t, region, product)["product_families"].([]any)
		if len(list) != 1 {
			return ""
		}
		return list[0].(object)["id"].(string)
	}
	recommended := func(body string) (ids []string) {
		t.Helper()
		var got struct {
			Groups []struct {
				Products []struct{ ID string }
			} `json:"combined_listing_recommendations"`
		}
		e := w.request("POST", "/product/202506/combined_listing_recommendations/search", "page_size=100", body)
		w.send(t, e).into(t, &got)
		for _, g := range got.Groups {
			if len(g.Products) < 2 {
				t.Errorf("%+v are to be combined", g)
			}
			for _, p := range g.Products {
				ids = append(ids, p.ID)
			}
		}
		return ids
	}
	var seeded string
	var free []string
	for _, p := range w.products(t, region, "/product/202502/products/search", "page_size=100", `{"status":"ACTIVATE"}`) {
		if id := family(p.ID); id != "" {
			seeded = id
		} else {
			free = append(free, p.ID)
		}
	}
	if seeded == "" || len(free) < 3 {
		t.Fatalf("the combined listing of the seed is %q, %d products are in none", seeded, len(free))
	}
	list := func(ids ...string) string {
		raw, err := json.Marshal(ids)
		if err != nil {
			t.Fatal(err)
		}
		return string(raw)
	}
	heard := func(change, status string, products, added, removed int) {
		t.Helper()
		got := r.next(t)
		if got.Type != 42 || got.Data["change_type"] != change || got.Data["status"] != status || len(got.Data["products"].([]any)) != products ||
			len(got.Data["added_product_ids"].([]any)) != added || len(got.Data["removed_product_ids"].([]any)) != removed {
			t.Errorf("heard %s", got.body)
		}
	}
	shop := w.shop(region).ID
	for _, body := range []string{list(free[0]), list(free[0], free[0]), list(free[0], "1")} {
		w.steer(t, "POST", "combined_listings", fmt.Sprintf(`{"shop_id":%q,"product_ids":%s}`, shop, body), http.StatusConflict)
	}
	w.steer(t, "POST", "combined_listings", `{"shop_id":"1","product_ids":[]}`, http.StatusNotFound)
	var made struct {
		ID string `json:"combined_listing_id"`
	}
	if status := w.control(t, "POST", "combined_listings", fmt.Sprintf(`{"shop_id":%q,"product_ids":%s}`, shop, list(free[:2]...)), &made); status != http.StatusCreated {
		t.Fatalf("status %d", status)
	}
	heard("CREATE", "LIVE", 2, 2, 0)
	if family(free[0]) != made.ID || family(free[1]) != made.ID || family(free[2]) != "" {
		t.Error("the products do not show their combined listing")
	}
	if ids := recommended(""); slices.Contains(ids, free[0]) || len(ids) == 0 {
		t.Errorf("recommended: %q", ids)
	} else if found := recommended(`{"product_ids":["` + ids[0] + `"]}`); !slices.Contains(found, ids[0]) || len(found) > len(ids) {
		t.Errorf("with %s: %q of %q", ids[0], found, ids)
	}
	at := "combined_listings/" + made.ID
	w.steer(t, "POST", at, `{}`, http.StatusBadRequest)
	w.steer(t, "POST", at, `{"status":"SYSTEM_DEACTIVATED"}`, http.StatusBadRequest)
	w.steer(t, "POST", "combined_listings/1", `{"status":"LIVE"}`, http.StatusNotFound)
	w.steer(t, "POST", at, fmt.Sprintf(`{"product_ids":%s}`, list(free[1], free[2])), http.StatusOK)
	heard("UPDATE", "LIVE", 2, 1, 1)
	w.steer(t, "POST", at, `{"status":"SELLER_DEACTIVATED"}`, http.StatusOK)
	if family(free[1]) != "" {
		t.Error("a hidden combined listing is shown")
	}
	w.steer(t, "POST", at, `{"status":"LIVE"}`, http.StatusOK)
	if family(free[1]) != made.ID {
		t.Error("the combined listing is not shown again")
	}
	w.call(t, region, "DELETE", productsPath, "", `{"product_ids":["`+free[2]+`"]}`).into(t, &struct{}{})
	heard("UPDATE", "SYSTEM_DEACTIVATED", 1, 0, 1)
	w.steer(t, "POST", at, fmt.Sprintf(`{"product_ids":%s}`, list(free[0], free[1])), http.StatusOK)
	heard("UPDATE", "LIVE", 2, 1, 0)

	// All of it is part of a snapshot.
	kept := w.Snapshot()
	w.steer(t, "POST", at, `{"status":"DELETED"}`, http.StatusOK)
	heard("DELETE", "DELETED", 2, 0, 0)
	w.steer(t, "POST", at, `{"status":"LIVE"}`, http.StatusConflict)
	if err := w.Restore(kept); err != nil {
		t.Fatal(err)
	}
	if family(free[0]) != made.ID {
		t.Error("restored without the combined listing")
	}
}
