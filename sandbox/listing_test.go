package sandbox_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/ttshop-go/ttshop/sandbox"
)

// A listing check says what a creation would, and leaves nothing behind.
func TestListingCheck(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	const path = "/product/202309/products/listing_check"
	type outcome struct {
		Result  string `json:"check_result"`
		Reasons []struct {
			Code    int
			Message string
		} `json:"fail_reasons"`
		Diagnoses []struct{ Field string }
		Quality   struct {
			Tier      string `json:"current_tier"`
			Remaining int    `json:"remaining_recommendations"`
		} `json:"listing_quality"`
	}
	before := string(w.steer(t, "GET", "snapshot", "", http.StatusOK))
	d := w.newDraft(t, "GB")
	var good, plain, bad outcome
	w.call(t, "GB", "POST", path, "", d.json()).into(t, &good)
	if good.Result != "PASS" || good.Quality.Tier != "POOR" || len(good.Diagnoses) != good.Quality.Remaining || good.Diagnoses[0].Field != "TITLE" {
		t.Errorf("%+v", good)
	}
	w.call(t, "GB", "POST", path, "is_diagnosis_required=false", d.json()).into(t, &plain)
	if plain.Result != "PASS" || plain.Diagnoses != nil {
		t.Errorf("%+v", plain)
	}
	d["brand_id"] = "1"
	w.call(t, "GB", "POST", path, "", d.json()).into(t, &bad)
	if bad.Result != "FAILED" || len(bad.Reasons) != 1 || bad.Reasons[0].Code != 12052026 {
		t.Errorf("%+v", bad)
	}
	d["category_id"] = "1"
	if a := w.call(t, "GB", "POST", path, "", d.json()); a.Code != 12052023 {
		t.Errorf("unknown category: %d", a.Code)
	}
	after := string(w.steer(t, "GET", "snapshot", "", http.StatusOK))
	numbered := func(s string) string { return s[strings.Index(s, `"sandbox":`):] } // the number of requests comes before
	if numbered(before) != numbered(after) {
		t.Errorf("the checks left something: %s", firstDifference([]byte(numbered(before)), []byte(numbered(after))))
	}
	var ready struct {
		Results []struct {
			Item   string `json:"check_item"`
			Failed bool   `json:"is_failed"`
		} `json:"check_results"`
	}
	w.call(t, "VN", "GET", "/product/202312/prerequisites", "", "").into(t, &ready)
	if len(ready.Results) != 10 || ready.Results[2].Item != "PICKUP_WAREHOUSE" || ready.Results[2].Failed {
		t.Errorf("%+v", ready)
	}
}

func TestDiagnoses(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	mine, other := w.withStatus(t, "GB", "ACTIVATE").ID, w.withStatus(t, "US", "ACTIVATE").ID
	type advice struct {
		Products []struct {
			ID      string
			Quality struct{ Remaining int } `json:"listing_quality"`
			Words   []struct{ Text string } `json:"seo_words"`
		}
	}
	for path, most := range map[string]int{"diagnoses": 200, "seo_words": 20, "suggestions": 20} {
		path = "/product/202405/products/" + path
		var a advice
		w.call(t, "GB", "GET", path, "product_ids="+mine, "").into(t, &a)
		if len(a.Products) != 1 || a.Products[0].ID != mine || strings.HasSuffix(path, "words") && len(a.Products[0].Words) == 0 {
			t.Errorf("%s: %+v", path, a)
		}
		for ids, code := range map[string]int{
			mine + "," + other: 12009014, "1": 12052260, strings.Repeat(mine+",", most+1): 12019120, "": invalid,
		} {
			if a := w.call(t, "GB", "GET", path, "product_ids="+ids, ""); a.Code != code {
				t.Errorf("%s of %.30s: %d, want %d", path, ids, a.Code, code)
			}
		}
	}
	var d struct{ Diagnoses []struct{ Field string } }
	body := fmt.Sprintf(`{"product_id":%q,"category_id":"600011","title":%q,"description":%q}`, mine, strings.Repeat("mug ", 12), strings.Repeat("mug ", 90))
	w.call(t, "GB", "POST", "/product/202411/products/diagnose_optimize", "", body).into(t, &d)
	for _, found := range d.Diagnoses {
		if found.Field == "TITLE" || found.Field == "DESCRIPTION" {
			t.Errorf("%+v", d)
		}
	}
	for body, code := range map[string]int{`{"category_id":"1"}`: 12052023, `{"category_id":"600011","product_id":"1"}`: 12052032} {
		if a := w.call(t, "GB", "POST", "/product/202411/products/diagnose_optimize", "", body); a.Code != code {
			t.Errorf("%s: %d", body, a.Code)
		}
	}
	var b struct {
		Brand struct{ Name string }
	}
	w.call(t, "", "POST", "/product/202309/brands/recommend", "", `{"product_title":"lumora mug"}`).into(t, &b)
	if b.Brand.Name != "Lumora" {
		t.Errorf("%+v", b)
	}
}

func TestOptimizeImages(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	uri := w.product(t, "GB", w.withStatus(t, "GB", "ACTIVATE").ID, "").MainImages[0].URI
	const path = "/product/202404/images/optimize"
	optimize := func(uri string) (status, made string) {
		t.Helper()
		var answer struct {
			Images []struct {
				Status string `json:"optimize_status"`
				URI    string `json:"optimized_uri"`
			}
		}
		w.call(t, "GB", "POST", path, "", fmt.Sprintf(`{"images":[{"uri":%q,"optimization_mode":["WHITE_BACKGROUND"]}]}`, uri)).into(t, &answer)
		return answer.Images[0].Status, answer.Images[0].URI
	}
	if status, made := optimize(uri); status != "PROCESSING" || made != "" {
		t.Errorf("first %s %s", status, made)
	}
	taken := w.steer(t, "GET", "snapshot", "", http.StatusOK)
	w.steer(t, "PUT", "snapshot", string(taken), http.StatusOK)
	status, made := optimize(uri)
	if again, _ := optimize(made); status != "SUCCESS" || again != "IGNORE" {
		t.Errorf("then %s, and of the result %s", status, again)
	}
	for body, code := range map[string]int{
		`{"images":[{"uri":"nowhere"}]}`:                                          12052722,
		fmt.Sprintf(`{"images":[{"uri":%q,"optimization_mode":["BLACK"]}]}`, uri): invalid,
	} {
		if a := w.call(t, "GB", "POST", path, "", body); a.Code != code {
			t.Errorf("%s: %d", body, a.Code)
		}
	}
}

// One upgrade of the categories runs at a time, as long as a review.
func TestCategoryUpgrade(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(c *sandbox.Config) { c.AuditDelay = time.Hour })
	const path = "/product/202407/products/category_upgrade_task"
	w.steer(t, "POST", "clock", `{"freeze":true}`, http.StatusOK)
	upgrade := func(region string, code int) {
		t.Helper()
		if a := w.call(t, region, "POST", path, "", ""); a.Code != code {
			t.Errorf("%s: %d, want %d", region, a.Code, code)
		}
	}
	upgrade("VN", 0)
	upgrade("VN", 12052234)
	upgrade("GB", 0)
	upgrade("US", 12052265)
	w.advance(t, "1h")
	upgrade("VN", 0)
}

// A shop with a limit lists so many products on a day, and more on the next.
func TestListingsPerDay(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(c *sandbox.Config) { c.ListingsPerDay = 2 })
	d := w.newDraft(t, "US")
	w.create(t, "US", d)
	w.create(t, "US", d)
	const quota = 12052093
	if a := w.call(t, "US", "POST", productsPath, "", d.json()); a.Code != quota {
		t.Errorf("a third one: code %d: %s", a.Code, a.Message)
	}
	if a := w.call(t, "GB", "POST", productsPath, "", w.newDraft(t, "GB").json()); a.Code != 0 {
		t.Errorf("one of another shop: code %d: %s", a.Code, a.Message)
	}
	w.advance(t, "24h")
	w.create(t, "US", d)
}
