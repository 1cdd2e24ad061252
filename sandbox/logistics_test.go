package sandbox_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/ttshop-go/ttshop/sandbox"
)

const warehousesPath = "/logistics/202502/warehouses"

type depot struct {
	ID, Name, Type string
	EntityID       string `json:"entity_id"`
	SubType        string `json:"sub_type"`
	Status         string `json:"effect_status"`
	Default        bool   `json:"is_default"`
	Address        struct {
		RegionCode string `json:"region_code"`
		Line1      string `json:"address_line1"`
		City       string
		Full       string `json:"full_address"`
		Contact    string `json:"contact_person"`
		Phone      string `json:"phone_number"`
	}
}

func (w *world) depots(t testing.TB, region string) map[string]depot {
	t.Helper()
	var list struct{ Warehouses []depot }
	w.call(t, region, "GET", "/logistics/202309/warehouses", "", "").into(t, &list)
	byID := map[string]depot{}
	for _, one := range list.Warehouses {
		byID[one.ID] = one
	}
	return byID
}

const newWarehouse = `{"warehouse":{"name":"Annex","type":"SALES_WAREHOUSE","contact_person":"The night shift","phone_number":"(+44)1632 960119",
	"address":{"address_line_1":"9 Quarry Bank","city":"Daventry","state":"England","postcode":"NN11 9ZZ","region":"GB"}%s}}`

func (w *world) warehouse(t testing.TB, region, more string) string {
	t.Helper()
	var created struct {
		ID string `json:"warehouse_id"`
	}
	w.call(t, region, "POST", warehousesPath, "", strings.ReplaceAll(fmt.Sprintf(newWarehouse, more), `"GB"`, `"`+region+`"`)).into(t, &created)
	return created.ID
}

// A new warehouse is listed, holds stock of products and can become the default.
func TestWarehouse(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	before := w.depots(t, "GB")
	id := w.warehouse(t, "GB", "")
	got := w.depots(t, "GB")[id]
	if got.Name != "Annex" || got.Status != "ENABLED" || got.SubType != "CB_OVERSEA_WAREHOUSE" || got.Default || got.EntityID == "" ||
		got.Address.RegionCode != "GB" || got.Address.Full != "9 Quarry Bank, Daventry, England, NN11 9ZZ" || len(w.depots(t, "GB")) != len(before)+1 {
		t.Errorf("%+v", got)
	}
	second := w.warehouse(t, "GB", "")
	if twin := w.depots(t, "GB")[second]; twin.EntityID != got.EntityID {
		t.Errorf("one place has the entities %s and %s", twin.EntityID, got.EntityID)
	}

	var created struct {
		SKUs []struct{ ID string } `json:"skus"`
	}
	draft := w.newDraft(t, "GB")
	p := w.create(t, "GB", draft)
	w.call(t, "GB", "GET", "/product/202309/products/"+p, "", "").into(t, &created)
	sku := created.SKUs[0].ID
	stock := func(code int, places string) {
		t.Helper()
		a := w.call(t, "GB", "POST", "/product/202309/products/"+p+"/inventory/update", "", fmt.Sprintf(`{"skus":[{"id":%q,"inventory":[%s]}]}`, sku, places))
		var partial struct{ Errors []struct{ Code int } }
		a.into(t, &partial)
		switch {
		case code == 0 && len(partial.Errors) != 0, code != 0 && (len(partial.Errors) != 1 || partial.Errors[0].Code != code):
			t.Errorf("%s: %+v, want code %d", places, partial, code)
		}
	}
	stock(12052037, fmt.Sprintf(`{"warehouse_id":%q,"quantity":5}`, id)) // not yet one of the SKU's
	e := fmt.Sprintf(`{"skus":[{"id":%q,"inventory":[{"warehouse_id":%q,"quantity":7}]}]}`, sku, id)
	w.call(t, "GB", "POST", "/product/202309/products/"+p+"/partial_edit", "", e).into(t, &struct{}{})
	stock(0, fmt.Sprintf(`{"warehouse_id":%q,"quantity":41}`, id))
	if have := w.inventory(t, "GB", `{"sku_ids":["`+sku+`"]}`)[sku].Available; have != 41 {
		t.Errorf("%d in stock", have)
	}

	w.call(t, "GB", "POST", warehousesPath+"/"+id, "", `{"warehouse":{"name":"Main","default_warehouse":true,"address":{"city":"Rugby"}}}`).into(t, &struct{}{})
	for _, other := range w.depots(t, "GB") {
		if other.Type == "SALES_WAREHOUSE" && other.Default != (other.ID == id) {
			t.Errorf("default: %+v", other)
		}
	}
	if got := w.depots(t, "GB")[id]; got.Name != "Main" || got.Address.City != "Rugby" || got.Address.Line1 != "9 Quarry Bank" || got.Address.Contact != "The night shift" ||
		!strings.Contains(got.Address.Full, "Rugby") {
		t.Errorf("%+v", got)
	}

	// A snapshot keeps it, and ids go on where they were.
	taken := w.steer(t, "GET", "snapshot", "", http.StatusOK)
	other := newWorld(t, func(c *sandbox.Config) { c.Seed = 5 })
	other.steer(t, "PUT", "snapshot", string(taken), http.StatusOK)
	if again := other.steer(t, "GET", "snapshot", "", http.StatusOK); !bytes.Equal(taken, again) {
		t.Fatalf("the snapshot differs: %s", firstDifference(taken, again))
	}
	other.credentials = w.credentials
	if a, b := w.warehouse(t, "GB", ""), other.warehouse(t, "GB", ""); a != b || a == id {
		t.Errorf("ids %s and %s", a, b)
	}
}

func TestWarehouseRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.warehouse(t, "GB", "")
	var standard string
	for _, known := range w.depots(t, "GB") {
		if known.Type == "SALES_WAREHOUSE" && known.Default {
			standard = known.ID
		}
	}
	foreign := slices.Sorted(func(yield func(string) bool) {
		for id := range w.depots(t, "US") {
			if !yield(id) {
				return
			}
		}
	})[0]
	without := func(part string) string { return strings.Replace(fmt.Sprintf(newWarehouse, ""), part, "", 1) }
	for name, test := range map[string]struct{ path, body string }{
		"nothing":          {"", `{}`},
		"no name":          {"", without(`"name":"Annex",`)},
		"no type":          {"", without(`"type":"SALES_WAREHOUSE",`)},
		"no contact":       {"", without(`"contact_person":"The night shift",`)},
		"no address line":  {"", without(`"address_line_1":"9 Quarry Bank",`)},
		"unknown type":     {"", strings.Replace(fmt.Sprintf(newWarehouse, ""), "SALES_", "SOME_", 1)},
		"other market":     {"", strings.Replace(fmt.Sprintf(newWarehouse, ""), `"GB"`, `"US"`, 1)},
		"unknown":          {"/7", `{"warehouse":{"name":"A"}}`},
		"another shop's":   {"/" + foreign, `{"warehouse":{"name":"A"}}`},
		"other type":       {"/" + id, `{"warehouse":{"type":"RETURN_WAREHOUSE"}}`},
		"emptied name":     {"/" + id, `{"warehouse":{"name":""}}`},
		"no default":       {"/" + standard, `{"warehouse":{"default_warehouse":false}}`},
		"update of nobody": {"/" + id, `{}`},
	} {
		before := w.depots(t, "GB")
		a := w.call(t, "GB", "POST", warehousesPath+test.path, "", test.body)
		if a.Code != 36009004 {
			t.Errorf("%s: code %d: %s", name, a.Code, a.Message)
		}
		if after := w.depots(t, "GB"); fmt.Sprint(after) != fmt.Sprint(before) {
			t.Errorf("%s left its mark: %v", name, after)
		}
	}
}

// Delivery options and their carriers fit the orders of the shop.
func TestDeliveryOptions(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, region := range regions {
		type option struct{ ID, Name, Type string }
		known := map[string]option{}
		for _, at := range w.depots(t, region) {
			var list struct {
				Options []option `json:"delivery_options"`
			}
			w.call(t, region, "GET", "/logistics/202309/warehouses/"+at.ID+"/delivery_options", "scope=PRODUCT", "").into(t, &list)
			if (len(list.Options) == 0) != (at.Type == "RETURN_WAREHOUSE") {
				t.Errorf("%s %s: %+v", region, at.Type, list)
			}
			for _, o := range list.Options {
				known[o.ID] = o
			}
		}
		if len(known) != 4 {
			t.Errorf("%s: %v", region, known)
		}
		var found struct {
			Orders []struct {
				Option   string `json:"delivery_option_id"`
				Name     string `json:"delivery_option_name"`
				Shipping string `json:"shipping_type"`
			}
		}
		w.call(t, region, "POST", searchPath, "page_size=100", "").into(t, &found)
		seen := map[string]bool{}
		for _, o := range found.Orders {
			seen[o.Option] = true
			if known[o.Option].Name != o.Name || (known[o.Option].Type == "SEND_BY_SELLER") != (o.Shipping == "SELLER") {
				t.Fatalf("%s: %+v", region, o)
			}
		}
		for id, o := range known {
			a := w.call(t, region, "GET", "/logistics/202309/delivery_options/"+id+"/shipping_providers", "", "")
			want := 21008117
			if o.Type == "SEND_BY_SELLER" {
				want = 0
			}
			if a.Code != want || want == 0 && !bytes.Contains(a.Data, []byte(`"name"`)) || !seen[id] {
				t.Errorf("%s %s: code %d, of an order: %t", region, o.Name, a.Code, seen[id])
			}
		}
		if a := w.call(t, region, "GET", "/logistics/202309/delivery_options/7/shipping_providers", "", ""); a.Code != 21008116 {
			t.Errorf("%s: code %d", region, a.Code)
		}
		if a := w.call(t, region, "GET", "/logistics/202309/warehouses/7/delivery_options", "", ""); a.Code != 36009004 {
			t.Errorf("%s: code %d", region, a.Code)
		}
	}
}

func TestStandardizeAddress(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	const path = "/logistics/202412/addresses/standardize"
	type address struct {
		Line1  string `json:"address_line1"`
		City   string `json:"city"`
		State  string `json:"state"`
		Code   string `json:"postal_code"`
		Region string `json:"region_code"`
	}
	good := address{"410 Raritan Loop", "Edison", "New Jersey", "08837-1234", "US"}
	for name, test := range map[string]struct {
		in, want address
		updated  bool
	}{
		"good":  {good, good, false},
		"loose": {address{" 410  raritan loop", "EDISON", "nj", "088371234", "us"}, good, true},
		"mixed": {address{"12 McAdam St", "Edison", "NJ", "08837", "US"}, address{"12 McAdam St", "Edison", "New Jersey", "08837", "US"}, true},
	} {
		body, err := json.Marshal(map[string]address{"address": test.in})
		if err != nil {
			t.Fatal(err)
		}
		var got struct {
			Result struct {
				Address address `json:"standardized_address"`
				Updated bool
			} `json:"standardization_result"`
		}
		w.call(t, "US", "POST", path, "", string(body)).into(t, &got)
		if got.Result.Address != test.want || got.Result.Updated != test.updated {
			t.Errorf("%s: %+v", name, got.Result)
		}
	}
	for region, body := range map[string]string{"GB": `{"address":{"address_line1":"1 A St"}}`, "VN": `{}`, "US": `{"address":{"city":"Edison"}}`} {
		if a := w.call(t, region, "POST", path, "", body); a.Code != 36009004 {
			t.Errorf("%s: code %d", region, a.Code)
		}
	}
}

func TestTemplatesAndGlobalWarehouses(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	available := func(region, body string) string {
		var got struct {
			Templates []struct {
				Template struct {
					ID string `json:"template_id"`
				}
				Available bool  `json:"template_is_available"`
				Reasons   []any `json:"service_unreachable_reason"`
			}
		}
		w.call(t, region, "GET", "/logistics/202510/seller_templates", "", body).into(t, &got)
		text := ""
		for _, one := range got.Templates {
			text += fmt.Sprint(one.Available, " ")
			if one.Available != (len(one.Reasons) == 0) || one.Template.ID == "" {
				t.Errorf("%+v", one)
			}
		}
		return text
	}
	for body, want := range map[string]string{
		"": "true true ",
		`{"product_attribute":{"weight":{"weight":"900","unit":1}}}`:                                                 "true false ",
		`{"product_attribute":{"weight":{"weight":"80","unit":2}}}`:                                                  "false false ",
		`{"product_attribute":{"dimension":{"length":"40","width":"2","height":"2","unit":1}}}`:                      "true false ",
		`{"product_attribute":{"dimension":{"length":"300","width":"2","height":"2","unit":1},"weight":{"unit":1}}}`: "false false ",
	} {
		if got := available("GB", body); got != want {
			t.Errorf("%s: %s, want %s", body, got, want)
		}
	}
	if a := w.call(t, "GB", "GET", "/logistics/202510/seller_templates", "", `{"product_attribute":{"weight":{"weight":"much","unit":1}}}`); a.Code != 36009004 {
		t.Errorf("code %d", a.Code)
	}

	var mine, theirs struct {
		List []struct{ ID, Ownership string } `json:"global_warehouses"`
	}
	w.call(t, "", "GET", "/logistics/202309/global_warehouses", "", "").into(t, &mine)
	g := w.give(t, map[string]any{"user": w.users(t, "seller")[1].Name})
	w.as(t, g.AccessToken, "GET", "/logistics/202309/global_warehouses", "", "").into(t, &theirs)
	if len(mine.List) != 2 || len(theirs.List) != 2 || mine.List[0] == theirs.List[0] {
		t.Errorf("%+v and %+v", mine, theirs)
	}
}

// Warehouses are created, changed, read and sold from at the same time.
func TestWarehouseConcurrency(t *testing.T) {
	t.Parallel()
	const callers, each = 4, 6
	w := newWorld(t)
	before := len(w.depots(t, "GB"))
	var group sync.WaitGroup
	for range callers {
		group.Go(func() {
			for range each {
				id := w.warehouse(t, "GB", `,"default_warehouse":true`)
				w.call(t, "GB", "POST", warehousesPath+"/"+id, "", `{"warehouse":{"name":"Renamed"}}`)
				w.depots(t, "GB")
				w.place(t, "GB", "", 1)
				w.call(t, "GB", "POST", searchPath, "page_size=5", "")
				w.call(t, "GB", "GET", "/analytics/202509/shop/performance", "start_date_ge=2026-03-01&end_date_lt=2026-03-04", "")
			}
		})
	}
	group.Wait()
	defaults := 0
	all := w.depots(t, "GB")
	for _, one := range all {
		if one.Default && one.Type == "SALES_WAREHOUSE" {
			defaults++
		}
	}
	if len(all) != before+callers*each || defaults != 1 {
		t.Errorf("%d warehouses, %d defaults", len(all), defaults)
	}
}
