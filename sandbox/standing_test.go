package sandbox_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/ttshop-go/ttshop/sandbox"
)

// A shop that does not sell is not among the active ones, its status is told, and
// it may not list.
func TestShopStanding(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	shop := w.shop("GB").ID
	type seller struct {
		Data struct {
			Status string `json:"seller_status"`
			Shops  []struct {
				ID     string `json:"shop_id"`
				Status string `json:"shop_status"`
			} `json:"shop_statuses"`
		} `json:"seller_status_data"`
	}
	look := func() (active string, s seller) {
		t.Helper()
		w.call(t, "", "GET", "/seller/202508/status", "", "").into(t, &s)
		return string(w.call(t, "", "GET", "/seller/202309/shops", "", "").Data), s
	}
	if active, s := look(); !strings.Contains(active, shop) || s.Data.Status != "2" || len(s.Data.Shops) != 4 || s.Data.Shops[1].ID != shop || s.Data.Shops[1].Status != "2" {
		t.Errorf("%s, %+v", active, s)
	}
	w.steer(t, "POST", "shops/1", `{"status":"ACTIVE"}`, http.StatusNotFound)
	w.steer(t, "POST", "shops/"+shop, `{"status":"GONE"}`, http.StatusBadRequest)
	w.steer(t, "POST", "shops/"+shop, `{"status":"DEACTIVATED"}`, http.StatusOK)
	if active, s := look(); strings.Contains(active, shop) || s.Data.Status != "2" || s.Data.Shops[1].Status != "3" {
		t.Errorf("%s, %+v", active, s)
	}
	state := w.Snapshot()
	for _, region := range []string{"US", "VN", "BR"} {
		w.steer(t, "POST", "shops/"+w.shop(region).ID, `{"status":"WITHDRAWN"}`, http.StatusOK)
	}
	if active, s := look(); active != `{"shops":[]}` || s.Data.Status != "6" {
		t.Errorf("%s, %+v", active, s)
	}
	if err := w.Restore(state); err != nil {
		t.Fatal(err)
	}
	if _, s := look(); s.Data.Status != "2" || s.Data.Shops[1].Status != "3" {
		t.Errorf("restored: %+v", s)
	}
	// Another seller's grant tells of that seller's shops.
	other := w.give(t, map[string]any{"user": w.users(t, "seller")[1].Name})
	e := w.request("GET", "/seller/202508/status", "", "")
	e.header.Set("x-tts-access-token", other.AccessToken)
	var s seller
	w.send(t, e).into(t, &s)
	if len(s.Data.Shops) != 1 || s.Data.Status != "2" || s.Data.Shops[0].ID == shop {
		t.Errorf("the other seller: %+v", s)
	}
}

// Both versions tell what stands between a shop and a listing: its status, its
// warehouses, the listings of the day.
func TestPrerequisites(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(c *sandbox.Config) { c.ListingsPerDay = 1 })
	type check struct {
		Failed  bool     `json:"is_failed"`
		Reasons []string `json:"fail_reasons"`
	}
	look := func(cipher string) map[string]check {
		t.Helper()
		var later struct {
			Results []struct {
				Item string `json:"check_item"`
				check
			} `json:"check_results"`
		}
		var earlier struct {
			Shop struct {
				Status, TaxInfo string
				Logistics       map[string]string
				Rules           map[string]string `json:"gne"`
			}
		}
		w.call(t, "GB", "GET", "/product/202312/prerequisites", "", "").into(t, &later)
		w.call(t, cipher, "GET", "/product/202309/prerequisites", "", "").into(t, &earlier)
		found := map[string]check{}
		for _, r := range later.Results {
			found[r.Item] = r.check
		}
		for item, text := range map[string]string{
			"SHOP_STATUS": earlier.Shop.Status, "PICKUP_WAREHOUSE": earlier.Shop.Logistics["pickup_warehouse"],
			"RETURN_WAREHOUSE": earlier.Shop.Logistics["return_warehouse"], "PRODUCT_QUANTITY_LIMIT": earlier.Shop.Rules["product_quantity_limit"],
		} {
			var same check
			if err := json.Unmarshal([]byte(text), &same); err != nil {
				t.Fatalf("%s: %q: %v", item, text, err)
			}
			if cipher != "" && (same.Failed != found[item].Failed || len(same.Reasons) != len(found[item].Reasons)) {
				t.Errorf("%s: %+v in 202309, %+v in 202312", item, same, found[item])
			}
		}
		return found
	}
	for item, c := range look("GB") {
		if c.Failed || c.Reasons == nil || len(c.Reasons) != 0 {
			t.Errorf("at first %s is %+v", item, c)
		}
	}
	look("") // without a cipher it is the first shop
	w.create(t, "GB", w.newDraft(t, "GB"))
	w.steer(t, "POST", "shops/"+w.shop("GB").ID, `{"status":"PENDING"}`, http.StatusOK)
	for id, d := range w.depots(t, "GB") {
		if d.Type == "RETURN_WAREHOUSE" {
			w.call(t, "GB", "DELETE", warehousesPath+"/"+id, "", "")
		}
	}
	found := look("GB")
	for item, failed := range map[string]bool{"SHOP_STATUS": true, "PRODUCT_QUANTITY_LIMIT": true, "PICKUP_WAREHOUSE": false, "SHOP_TAX": false} {
		if found[item].Failed != failed || failed && len(found[item].Reasons) == 0 {
			t.Errorf("%s: %+v", item, found[item])
		}
	}
}

// A schema has what creating a product asks for in the category.
func TestListingSchemas(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	type pair struct{ Type, Value string }
	type field struct {
		ID      string
		Name    string
		Options []struct{ ID, Name string }
		Rules   []pair
		Parts   []field `json:"complex_values"`
	}
	var got struct {
		Errors []struct {
			Code   int
			Detail struct {
				ID int64 `json:"category_id"`
			}
		}
		Schemas []struct {
			ID     int64 `json:"category_id"`
			Fields []field
		} `json:"listing_schemas"`
	}
	var attributes struct {
		Attributes []struct {
			ID       string
			Type     string
			Required bool `json:"is_requried"`
			Values   []struct{ ID string }
		}
	}
	const leaf = "600011"
	w.call(t, "", "GET", "/product/202407/listing_schemas", "category_ids="+leaf+",1&locale=en-US", "").into(t, &got)
	w.call(t, "US", "GET", "/product/202309/categories/"+leaf+"/attributes", "locale=en-US", "").into(t, &attributes)
	if len(got.Errors) != 1 || got.Errors[0].Code != 12052023 || got.Errors[0].Detail.ID != 1 || len(got.Schemas) != 1 || got.Schemas[0].ID != 600011 {
		t.Fatalf("%+v", got)
	}
	rules, options := map[string]map[string]string{}, map[string]int{}
	var note func(list []field)
	note = func(list []field) {
		for _, f := range list {
			rules[f.ID], options[f.ID] = map[string]string{}, len(f.Options)
			for _, r := range f.Rules {
				rules[f.ID][r.Type] = r.Value
			}
			note(f.Parts)
		}
	}
	note(got.Schemas[0].Fields)
	if len(attributes.Attributes) == 0 {
		t.Fatal("the category has no attributes")
	}
	for _, a := range attributes.Attributes {
		if rules[a.ID] == nil || (rules[a.ID]["REQUIRED"] == "true") != a.Required || options[a.ID] != len(a.Values) {
			t.Errorf("attribute %+v: rules %v, %d options", a, rules[a.ID], options[a.ID])
		}
	}
	for _, id := range []string{"title", "description", "main_images", "package_weight", "skus"} {
		if rules[id]["REQUIRED"] != "true" || rules[id]["VALUE_TYPE"] == "" {
			t.Errorf("%s: %v", id, rules[id])
		}
	}
	if a := w.call(t, "", "GET", "/product/202407/listing_schemas", "", ""); a.Code != invalid {
		t.Errorf("without categories: code %d", a.Code)
	}
	if data := string(w.call(t, "", "GET", "/product/202401/listing_schemas", "category_ids="+leaf, "").Data); !strings.Contains(data, `"fileds":[{`) {
		t.Errorf("202401: %.200s", data)
	}
}
