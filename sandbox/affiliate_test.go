package sandbox_test

import (
	"bytes"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/ttshop-go/ttshop/sandbox"
)

const (
	collaborations = "/affiliate_seller/"
	openPath       = collaborations + "202412/open_collaborations"
	targetPath     = collaborations + "202508/target_collaborations"
)

// every walks a list of collaborations to its end. Each entry must come once.
func (w *world) every(t *testing.T, region, method, path, query, body, items string, id func(object) any) (list []object) {
	t.Helper()
	seen := map[any]bool{}
	for token := ""; ; {
		page := object{}
		w.call(t, region, method, path, query+"&page_token="+url.QueryEscape(token), body).into(t, &page)
		for _, entry := range page[items].([]any) {
			o := entry.(object)
			if seen[id(o)] {
				t.Fatalf("%s: %v comes twice", path, id(o))
			}
			seen[id(o)] = true
			list = append(list, o)
		}
		if token, _ = page["next_page_token"].(string); token == "" {
			if total, ok := page["total_count"].(float64); ok && int(total) != len(list) {
				t.Errorf("%s: %d entries, total_count %v", path, len(list), total)
			}
			return list
		}
	}
}

func byID(o object) any { return o["id"] }

// openCollaborations lists the open collaborations of a shop.
func (w *world) openCollaborations(t *testing.T, region, body string) []object {
	t.Helper()
	return w.every(t, region, "POST", openPath+"/search", "page_size=3", body, "open_collaborations", byID)
}

// unpromoted returns a live product that is in no open collaboration.
func (w *world) unpromoted(t *testing.T, region string) string {
	t.Helper()
	taken := w.openCollaborations(t, region, `{}`)
	for _, p := range w.products(t, region, "/product/202502/products/search", "page_size=100", `{"status":"ACTIVATE"}`) {
		if !slices.ContainsFunc(taken, func(o object) bool { return o["product"].(object)["id"] == p.ID }) {
			return p.ID
		}
	}
	t.Fatal("all products are promoted")
	panic("not reached")
}

func (w *world) open(t *testing.T, region, product string, rate int) *answer {
	t.Helper()
	return w.call(t, region, "POST", openPath, "", fmt.Sprintf(`{"product_id":%q,"commission_rate":%d}`, product, rate))
}

// An open collaboration is created, found, joined by creators and ended by the
// clock.
func TestOpenCollaboration(t *testing.T) {
	t.Parallel()
	for _, region := range regions {
		t.Run(region, func(t *testing.T) {
			t.Parallel()
			w := newTradeWorld(t)
			w.steer(t, "POST", "clock", `{"freeze":true}`, http.StatusOK)
			if seeded := w.openCollaborations(t, region, `{}`); len(seeded) < 3 {
				t.Errorf("a fresh shop has %d open collaborations", len(seeded))
			}
			product := w.unpromoted(t, region)
			var made struct {
				Open struct {
					ID, ProductID string
					Effective     int64 `json:"effective_time"`
				} `json:"open_collaboration"`
			}
			w.open(t, region, product, 1250).into(t, &made)
			keyword := fmt.Sprintf(`{"keyword":%q,"keyword_type":"PRODUCT_ID"}`, product)
			one := func() object {
				t.Helper()
				list := w.openCollaborations(t, region, keyword)
				if len(list) != 1 || list[0]["id"] != made.Open.ID {
					t.Fatalf("found %v, want %s", list, made.Open.ID)
				}
				return list[0]
			}
			found := one()
			commission := found["current_commission"].(object)
			if found["status"] != "NORMAL" || commission["rate"] != 1250.0 || commission["start_time"] != float64(w.now.Unix()) || made.Open.Effective != w.now.Unix() {
				t.Errorf("%v", found)
			}
			if got := w.open(t, region, product, 1300); got.Code != 16003012 {
				t.Errorf("a product twice: %d", got.Code)
			}
			w.advance(t, "264h")
			found = one()
			details := w.every(t, region, "GET", collaborations+"202508/open_collaborations/creator_content_details", "page_size=2&product_id="+product, "",
				"creator_content_details", func(o object) any { return o["creator_profile"].(object)["creator_open_id"] })
			if len(details) == 0 || found["showcase_creator_count"] != float64(len(details)) {
				t.Errorf("%v creators, details of %d", found["showcase_creator_count"], len(details))
			}

			var ends struct {
				At int64 `json:"terminated_effective_time"`
			}
			remove := collaborations + "202409/open_collaborations/products/" + product
			for range 2 { // once more changes nothing
				w.call(t, region, "DELETE", remove, "", "").into(t, &ends)
				w.advance(t, "1h")
			}
			if found = one(); found["status"] != "TERMINATING" || found["current_commission"].(object)["end_time"] != float64(ends.At) || ends.At <= w.now.Unix() {
				t.Errorf("ends at %d: %v", ends.At, found)
			}
			w.advance(t, fmt.Sprintf("%ds", ends.At-w.now.Unix()))
			if list := w.openCollaborations(t, region, keyword); len(list) != 0 {
				t.Errorf("after its end: %v", list)
			}
			if got := w.call(t, region, "DELETE", remove, "", ""); got.Code == 0 {
				t.Error("what has ended was removed")
			}
			w.open(t, region, product, 1300).into(t, &made)
			one()
		})
	}
}

// What cannot be offered is refused with the code of the reason.
func TestOpenCollaborationRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	free := w.unpromoted(t, "GB")
	for name, tt := range map[string]struct {
		product string
		rate    int
		code    int
	}{
		"rate below 1%":    {free, 99, 16003033},
		"rate above 80%":   {free, 8001, 16003033},
		"unknown product":  {"1729000000000000001", 1000, 36009004},
		"of another shop":  {w.unpromoted(t, "US"), 1000, 36009004},
		"draft":            {w.withStatus(t, "GB", "DRAFT").ID, 1000, 36009004},
		"off sale":         {w.withStatus(t, "GB", "SELLER_DEACTIVATED").ID, 1000, 36009004},
		"restricted":       {w.withStatus(t, "GB", "PLATFORM_DEACTIVATED").ID, 1000, 16003035},
		"lowest rate":      {free, 100, 0},
		"already promoted": {w.openCollaborations(t, "GB", `{}`)[0]["product"].(object)["id"].(string), 1000, 16003012},
	} {
		if got := w.open(t, "GB", tt.product, tt.rate); got.Code != tt.code {
			t.Errorf("%s: code %d, want %d: %s", name, got.Code, tt.code, got.Message)
		}
	}
	// The older date leaves the fields open, and the shop.
	older := collaborations + "202405/open_collaborations"
	if got := w.call(t, "", "POST", older, "", `{"commission_rate":500}`); got.Code != 36009004 || !strings.Contains(got.Message, "'product_id'") {
		t.Errorf("no product: %d %s", got.Code, got.Message)
	}
	if got := w.call(t, "", "POST", older, "", `{"product_id":"1"}`); got.Code != 36009004 || !strings.Contains(got.Message, "'commission_rate'") {
		t.Errorf("no rate: %d %s", got.Code, got.Message)
	}
	product := w.unpromoted(t, "VN")
	w.call(t, "", "POST", older, "", `{"product_id":"`+product+`","commission_rate":500,"require_seller_approve_creator":true}`).into(t, &object{})
	list := w.every(t, "VN", "POST", collaborations+"202409/open_collaborations/search", "page_size=100",
		`{"keyword":"`+product+`","keyword_type":"PRODUCT_ID"}`, "open_collaborations", byID)
	if len(list) != 1 || list[0]["require_seller_approve_creator"] != true {
		t.Errorf("%v", list)
	}
}

// A product that goes off sale stays in its collaboration and shows its state;
// creators no longer find it.
func TestOpenCollaborationOffSale(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	product := w.openCollaborations(t, "US", `{}`)[0]["product"].(object)["id"].(string)
	offered := func() bool {
		list := w.every(t, "US", "POST", collaborations+"202405/open_collaborations/products/search", "page_size=5&sort_field=commission&sort_order=DESC", `{}`, "products", byID)
		amounts := make([]int64, len(list))
		for i, p := range list {
			amounts[i] = -centsOf(t, p["commission"].(object), "amount")
		}
		if !slices.IsSorted(amounts) {
			t.Errorf("not by commission: %v", amounts)
		}
		return slices.ContainsFunc(list, func(o object) bool { return o["id"] == product })
	}
	status := func() any {
		return w.openCollaborations(t, "US", `{"keyword":"`+product+`","keyword_type":"PRODUCT_ID"}`)[0]["product"].(object)["status"]
	}
	if !offered() || status() != "LIVE" {
		t.Fatalf("a live product is not offered, or %v", status())
	}
	for _, step := range []struct{ method, path, status string }{
		{"POST", productsPath + "/deactivate", "SELLER_DEACTIVATE"}, {"DELETE", productsPath, "DELETE"},
	} {
		w.call(t, "US", step.method, step.path, "", `{"product_ids":["`+product+`"]}`).into(t, &object{})
		if offered() || status() != step.status {
			t.Errorf("%s: %v", step.status, status())
		}
	}
}

// The product search looks into all shops of the region and keeps to its
// filters.
func TestOpenCollaborationProducts(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	find := func(region, body string) []object {
		return w.every(t, region, "POST", collaborations+"202405/open_collaborations/products/search", "page_size=4", body, "products", byID)
	}
	shops := map[any]int{}
	all := find("GB", `{}`)
	for _, p := range all {
		shops[p["shop"].(object)["name"]]++
	}
	if len(shops) != 2 {
		t.Errorf("products of %v", shops)
	}
	if everywhere := find("", `{}`); len(everywhere) <= len(all) {
		t.Errorf("%d products without a shop, %d in one market", len(everywhere), len(all))
	}
	// The search takes no bound below 10 %.
	rated := slices.IndexFunc(all, func(p object) bool { return p["commission"].(object)["rate"].(float64) >= 1000 })
	rate := int(all[max(rated, 0)]["commission"].(object)["rate"].(float64))
	category := all[0]["category_chains"].([]any)[0].(object)["id"]
	for body, fits := range map[string]func(object) bool{
		fmt.Sprintf(`{"commission_rate_range":{"rate_ge":%d,"rate_lt":%d}}`, rate, rate+1): func(p object) bool { return p["commission"].(object)["rate"] == float64(rate) },
		fmt.Sprintf(`{"category":{"id":%q}}`, category):                                    func(p object) bool { return p["category_chains"].([]any)[0].(object)["id"] == category },
		fmt.Sprintf(`{"title_keywords":[%q]}`, all[0]["title"]):                            func(p object) bool { return p["title"] == all[0]["title"] },
		`{"sales_price_range":{"amount_ge":"10.00","amount_lt":"30.00"}}`: func(p object) bool {
			price := p["sales_price"].(object)
			return centsOf(t, price, "minimum_amount") < 3000 && centsOf(t, price, "maximum_amount") >= 1000
		},
	} {
		want := 0
		for _, p := range all {
			if fits(p) {
				want++
			}
		}
		got := find("GB", body)
		if len(got) != want || want == 0 || want == len(all) || slices.ContainsFunc(got, func(p object) bool { return !fits(p) }) {
			t.Errorf("%s: %d products, want %d of %d", body, len(got), want, len(all))
		}
	}
}

// With automatic enrollment on, live products join by themselves, and what was
// removed does not join again.
func TestOpenCollaborationSettings(t *testing.T) {
	t.Parallel()
	w := newTradeWorld(t)
	w.steer(t, "POST", "clock", `{"freeze":true}`, http.StatusOK)
	edit := func(body string) *answer {
		return w.call(t, "GB", "POST", collaborations+"202405/open_collaboration_settings", "", body)
	}
	settings := func() object {
		got := object{}
		w.call(t, "GB", "GET", collaborations+"202409/open_collaboration_settings", "", "").into(t, &got)
		return got["open_collaboration_settings"].(object)["auto_add_product"].(object)
	}
	if got := settings(); got["enable"] != false {
		t.Errorf("a fresh shop: %v", got)
	}
	if got := edit(`{"auto_add_product":{"enable":true,"commission_rate":99}}`); got.Code != 36009004 || settings()["enable"] != false {
		t.Errorf("rate too low: %d", got.Code)
	}
	removed := w.openCollaborations(t, "GB", `{}`)[0]["product"].(object)["id"].(string)
	w.call(t, "GB", "DELETE", collaborations+"202409/open_collaborations/products/"+removed, "", "").into(t, &object{})
	w.advance(t, "24h")
	edit(`{"auto_add_product":{"enable":true,"commission_rate":700}}`).into(t, &object{})
	if got := settings(); got["enable"] != true || got["commission_rate"] != 700.0 {
		t.Errorf("%v", got)
	}
	live := w.products(t, "GB", "/product/202502/products/search", "page_size=100", `{"status":"ACTIVATE"}`)
	// One is gone, and the seed has one that was about to end.
	if list := w.openCollaborations(t, "GB", `{}`); len(list) != len(live)-2 {
		t.Errorf("%d of %d products are promoted", len(list), len(live))
	}
	off := w.withStatus(t, "GB", "SELLER_DEACTIVATED").ID
	w.call(t, "GB", "POST", productsPath+"/activate", "", `{"product_ids":["`+off+`"]}`).into(t, &object{})
	joined := w.openCollaborations(t, "GB", `{"keyword":"`+off+`","keyword_type":"PRODUCT_ID"}`)
	if len(joined) != 1 || joined[0]["current_commission"].(object)["rate"] != 700.0 {
		t.Errorf("a product that went live: %v", joined)
	}
	edit(`{"auto_add_product":{"enable":false,"commission_rate":0}}`).into(t, &object{})
	if got := settings(); got["enable"] != false {
		t.Errorf("%v", got)
	}
}

// A product has one sample rule, which follows the clock and the product.
func TestSampleRules(t *testing.T) {
	t.Parallel()
	w := newTradeWorld(t)
	w.steer(t, "POST", "clock", `{"freeze":true}`, http.StatusOK)
	product := w.openCollaborations(t, "VN", `{}`)[0]["product"].(object)["id"].(string)
	path := collaborations + "202410/open_collaborations/sample_rules"
	edit := func(id, rule string) *answer {
		return w.call(t, "VN", "POST", path, "", fmt.Sprintf(`{"product_id":%q,"sample_rule":{"activate_status":%s}}`, id, rule))
	}
	rules := func() []any {
		got := object{}
		w.call(t, "", "GET", path, "product_ids="+product, "").into(t, &got)
		return got["sample_rules"].([]any)
	}
	status := func(want string) {
		t.Helper()
		if got := rules()[0].(object); got["status"] != want {
			t.Errorf("%v, want %s", got, want)
		}
	}
	window := func(from, to int64) string {
		return fmt.Sprintf(`"ACTIVATE","sample_quota":5,"start_time":%d,"end_time":%d,"thresholds":{"minimum_follower_count":100}`, w.now.Unix()+from, w.now.Unix()+to)
	}
	for name, tt := range map[string]struct{ product, rule string }{
		"not promoted":          {w.unpromoted(t, "VN"), window(0, 3600)},
		"ends before it starts": {product, window(3600, 60)},
		"is over":               {product, window(-3600, -60)},
		"negative quota":        {product, `"ACTIVATE","is_sample_time_unlimited":true,"sample_quota":-1`},
	} {
		if got := edit(tt.product, tt.rule); got.Code != 36009004 {
			t.Errorf("%s: %d", name, got.Code)
		}
	}
	if len(rules()) != 0 {
		t.Errorf("refused rules are there: %v", rules())
	}
	for range 2 {
		edit(product, window(3600, 7200)).into(t, &object{})
	}
	if got := rules(); len(got) != 1 || got[0].(object)["available_quantity"] != 5.0 || got[0].(object)["thresholds"].(object)["minimum_follower_count"] != 100.0 {
		t.Errorf("%v", got)
	}
	status("NOT_STARTED")
	w.advance(t, "1h")
	status("ONGOING")
	w.advance(t, "1h")
	status("EXPIRED")
	edit(product, `"ACTIVATE","is_sample_time_unlimited":true,"sample_quota":5`).into(t, &object{})
	status("ONGOING")
	w.call(t, "VN", "POST", productsPath+"/deactivate", "", `{"product_ids":["`+product+`"]}`).into(t, &object{})
	status("PLAN_EXCEPTION")
	edit(product, `"DEACTIVATE"`).into(t, &object{})
	if len(rules()) != 0 {
		t.Errorf("switched off: %v", rules())
	}
}

// Collaborations survive a snapshot to the byte, and what follows from them is
// the same.
func TestAffiliateSnapshot(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var made object
	product := w.unpromoted(t, "US")
	w.open(t, "US", product, 900).into(t, &made)
	w.call(t, "GB", "POST", collaborations+"202405/open_collaboration_settings", "", `{"auto_add_product":{"enable":true,"commission_rate":700}}`).into(t, &object{})
	id := w.invite(t, "US", `"name":"Kept"`)
	w.call(t, "US", "DELETE", collaborations+"202409/target_collaborations/"+w.targets(t, "US", "ONGOING")[0]["id"].(string), "", "").into(t, &object{})
	looks := func(w *world) (all []object) {
		all = append(all, w.openCollaborations(t, "US", `{}`)...)
		all = append(all, w.openCollaborations(t, "GB", `{}`)...)
		all = append(all, w.targets(t, "US", "VALID")...)
		all = append(all, w.target(t, "US", id))
		all = append(all, w.affiliateOrders(t, "US", `{}`)...)
		return append(all, w.samples(t, "US", `{}`)...)
	}
	before := fmt.Sprint(looks(w))
	taken := w.steer(t, "GET", "snapshot", "", http.StatusOK)
	other := newWorld(t, func(c *sandbox.Config) { c.Seed = 99 })
	other.steer(t, "PUT", "snapshot", string(taken), http.StatusOK)
	if again := other.steer(t, "GET", "snapshot", "", http.StatusOK); !bytes.Equal(taken, again) {
		t.Error("a restored snapshot differs: ", firstDifference(taken, again))
	}
	other.credentials = w.credentials
	if after := fmt.Sprint(looks(other)); after != before {
		t.Error("the restored collaborations differ: ", firstDifference([]byte(before), []byte(after)))
	}
}
