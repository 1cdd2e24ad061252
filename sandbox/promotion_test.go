package sandbox_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"
)

const activitiesPath = "/promotion/202309/activities"

// promotion is a promotion as the tests look at it.
type promotion struct {
	ID         string `json:"activity_id"`
	Title      string `json:"title"`
	Status     string `json:"status"`
	Begin      int64  `json:"begin_time"`
	TotalCount int    `json:"total_count"`
	Products   []struct {
		ID   string `json:"id"`
		SKUs []struct {
			ID    string                            `json:"id"`
			Price struct{ Amount, Currency string } `json:"activity_price"`
		} `json:"skus"`
	} `json:"products"`
}

// promote creates a promotion that begins in an hour and lasts a day.
func (w *world) promote(t *testing.T, region, kind, level, title string) promotion {
	t.Helper()
	var p promotion
	w.call(t, region, "POST", activitiesPath, "", fmt.Sprintf(`{"activity_type":%q,"product_level":%q,"title":%q,"begin_time":%d,"end_time":%d,"participation_limit":[{"type":"BUYER_NO_LIMIT"}]}`,
		kind, level, title, w.now.Unix()+3600, w.now.Unix()+90000)).into(t, &p)
	return p
}

func (w *world) promotion(t *testing.T, region, id string) (p promotion) {
	t.Helper()
	w.call(t, region, "GET", activitiesPath+"/"+id, "", "").into(t, &p)
	return p
}

// A promotion is a draft, is planned, runs and ends by the clock, and what
// starts and ends is announced.
func TestActivityStates(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r := newReceiver(t, w)
	w.steer(t, "PUT", "webhooks", fmt.Sprintf(`{"address":%q,"types":[39]}`, r.URL), http.StatusOK)
	w.steer(t, "POST", "clock", `{"freeze":true}`, http.StatusOK)
	item := w.withStatus(t, "GB", "ACTIVATE")
	put := func(id, products string) *answer {
		return w.call(t, "GB", "PUT", activitiesPath+"/"+id+"/products", "", fmt.Sprintf(`{"activity_id":%q,"products":[%s]}`, id, products))
	}
	offer := fmt.Sprintf(`{"id":%q,"quantity_limit":-1,"quantity_per_user":-1,"discount":"12.5"}`, item.ID)
	state := func(id, want string) {
		t.Helper()
		if got := w.promotion(t, "GB", id).Status; got != want {
			t.Errorf("status %s, want %s", got, want)
		}
	}
	announced := func(id, want string) {
		t.Helper()
		if got := r.next(t); got.Type != 39 || got.Data["status"] != want || got.Data["activity_id"] != id {
			t.Errorf("announced %v, want %s", got.Data, want)
		}
	}
	p := w.promote(t, "GB", "DIRECT_DISCOUNT", "PRODUCT", "Spring sale")
	if p.Status != "DRAFT" {
		t.Errorf("a new one is %s", p.Status)
	}
	if a := w.call(t, "GB", "POST", activitiesPath+"/"+p.ID+"/deactivate", "", ""); a.Code != 17029001 {
		t.Errorf("a draft was stopped: %d", a.Code)
	}
	put(p.ID, offer).into(t, &struct{}{})
	state(p.ID, "NOT_START")
	w.steer(t, "POST", "clock", `{"advance":"1h"}`, http.StatusOK)
	w.now = w.now.Add(time.Hour)
	announced(p.ID, "ONGOING")
	state(p.ID, "ONGOING")

	other := w.promote(t, "GB", "FIXED_PRICE", "PRODUCT", "Second sale")
	if a := put(other.ID, fmt.Sprintf(`{"id":%q,"quantity_limit":-1,"quantity_per_user":-1,"activity_price_amount":"1.50"}`, item.ID)); a.Code != 17029022 {
		t.Errorf("a product in two promotions: %d", a.Code)
	}
	body := fmt.Sprintf(`{"title":"Spring sale","begin_time":%d,"end_time":%d}`, w.now.Unix()+7200, w.now.Unix()+90000)
	if a := w.call(t, "GB", "PUT", activitiesPath+"/"+p.ID, "", body); a.Code != 17029011 {
		t.Errorf("the start of a running one was moved: %d", a.Code)
	}
	var changed promotion
	w.call(t, "GB", "PUT", activitiesPath+"/"+p.ID, "", fmt.Sprintf(`{"title":"Summer sale","begin_time":%d,"end_time":%d}`, w.now.Unix(), w.now.Unix()+7200)).into(t, &changed)
	if changed.Title != "Summer sale" {
		t.Errorf("%+v", changed)
	}
	w.steer(t, "POST", "clock", `{"advance":"2h"}`, http.StatusOK)
	w.now = w.now.Add(2 * time.Hour)
	announced(p.ID, "EXPIRED")
	state(p.ID, "EXPIRED")
	for name, a := range map[string]*answer{
		"products": put(p.ID, offer),
		"stop":     w.call(t, "GB", "POST", activitiesPath+"/"+p.ID+"/deactivate", "", ""),
		"edit":     w.call(t, "GB", "PUT", activitiesPath+"/"+p.ID, "", body),
		"remove":   w.call(t, "GB", "DELETE", activitiesPath+"/"+p.ID+"/products", "", `{"product_ids":["1"]}`),
	} {
		if a.Code != 17029012 {
			t.Errorf("%s of an ended one: %d", name, a.Code)
		}
	}

	put(other.ID, fmt.Sprintf(`{"id":%q,"quantity_limit":-1,"quantity_per_user":-1,"activity_price_amount":"1.50"}`, item.ID)).into(t, &struct{}{})
	var stopped promotion
	announced(other.ID, "ONGOING") // its begin has passed meanwhile
	w.call(t, "GB", "POST", activitiesPath+"/"+other.ID+"/deactivate", "", "").into(t, &stopped)
	announced(other.ID, "DEACTIVATED")
	if a := put(other.ID, offer); stopped.Status != "DEACTIVATED" || a.Code != 17029010 {
		t.Errorf("%+v, then %d", stopped, a.Code)
	}
	for region, code := range map[string]int{"US": 17029028, "GB": 0} {
		if a := w.call(t, region, "GET", activitiesPath+"/"+p.ID, "", ""); a.Code != code {
			t.Errorf("%s: %d", region, a.Code)
		}
	}
	if a := w.call(t, "GB", "GET", activitiesPath+"/77", "", ""); a.Code != 17029009 {
		t.Errorf("unknown: %d", a.Code)
	}
}

func TestActivityProducts(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	foreign := w.withStatus(t, "US", "ACTIVATE")
	draft := w.withStatus(t, "GB", "DRAFT")
	list := w.products(t, "GB", "/product/202502/products/search", "page_size=100", `{"status":"ACTIVATE"}`)
	one, two := list[0], list[1]
	direct := w.promote(t, "GB", "DIRECT_DISCOUNT", "PRODUCT", "A")
	fixed := w.promote(t, "GB", "FIXED_PRICE", "VARIATION", "B")
	shop := w.promote(t, "GB", "SHIPPING_DISCOUNT", "SHOP", "C")
	if shop.Status != "NOT_START" {
		t.Errorf("one that needs no products is %s", shop.Status)
	}
	item := func(id, more string) string {
		return fmt.Sprintf(`{"id":%q,"quantity_limit":-1,"quantity_per_user":-1%s}`, id, more)
	}
	sku := func(id, more string) string { return `,"skus":[` + item(id, more) + `]` }
	good := `,"discount":"10"`
	for name, test := range map[string]struct {
		to       promotion
		products string
		code     int
	}{
		"nothing":              {direct, ``, 17029033},
		"twice":                {direct, item(one.ID, good) + "," + item(one.ID, good), 17029039},
		"unknown":              {direct, item("7", good), 17029051},
		"other shop's":         {direct, item(foreign.ID, good), 17029017},
		"draft":                {direct, item(draft.ID, good), 17029056},
		"SKUs":                 {direct, item(one.ID, good+sku(one.SKUs[0].ID, "")), 17029013},
		"price for discount":   {direct, item(one.ID, `,"activity_price_amount":"1"`), 17029029},
		"no discount":          {direct, item(one.ID, ""), 17029041},
		"discount of 0":        {direct, item(one.ID, `,"discount":"0"`), 17029062},
		"discount of 100":      {direct, item(one.ID, `,"discount":"100"`), 17029020},
		"quantity":             {direct, fmt.Sprintf(`{"id":%q,"quantity_limit":100,"quantity_per_user":-1,"discount":"5"}`, one.ID), 17029050},
		"shop level":           {shop, item(one.ID, ""), 17029001},
		"no SKUs":              {fixed, item(one.ID, ""), 17029037},
		"price on product":     {fixed, item(one.ID, `,"activity_price_amount":"1"`+sku(one.SKUs[0].ID, `,"activity_price_amount":"1"`)), 17029038},
		"limit on product":     {fixed, fmt.Sprintf(`{"id":%q,"quantity_limit":5,"quantity_per_user":-1%s}`, one.ID, sku(one.SKUs[0].ID, `,"activity_price_amount":"1"`)), 17029015},
		"SKU of another":       {fixed, item(one.ID, sku(two.SKUs[0].ID, `,"activity_price_amount":"1"`)), 17029053},
		"unknown SKU":          {fixed, item(one.ID, sku("7", `,"activity_price_amount":"1"`)), 17029016},
		"discount for a price": {fixed, item(one.ID, sku(one.SKUs[0].ID, good)), 17029032},
		"SKU without a price":  {fixed, item(one.ID, sku(one.SKUs[0].ID, "")), 17029044},
		"price of a SKU":       {fixed, item(one.ID, sku(one.SKUs[0].ID, `,"activity_price_amount":"0.001"`)), 17029034},
	} {
		a := w.call(t, "GB", "PUT", activitiesPath+"/"+test.to.ID+"/products", "", fmt.Sprintf(`{"activity_id":%q,"products":[%s]}`, test.to.ID, test.products))
		if a.Code != test.code {
			t.Errorf("%s: code %d (%s), want %d", name, a.Code, a.Message, test.code)
		}
	}
	if p := w.promotion(t, "GB", direct.ID); len(p.Products) != 0 {
		t.Errorf("refused products went in: %+v", p)
	}
	path := activitiesPath + "/" + fixed.ID + "/products"
	var answer promotion
	w.call(t, "GB", "PUT", path, "", fmt.Sprintf(`{"activity_id":%q,"products":[%s]}`, fixed.ID, item(one.ID, sku(one.SKUs[0].ID, `,"activity_price_amount":"3.50"`)))).into(t, &answer)
	p := w.promotion(t, "GB", fixed.ID)
	if answer.TotalCount != 1 || len(p.Products) != 1 || p.Products[0].SKUs[0].Price.Amount != "3.50" || p.Products[0].SKUs[0].Price.Currency != "GBP" {
		t.Errorf("%+v, then %+v", answer, p)
	}
	for body, code := range map[string]int{`{}`: 17029033, `{"product_ids":["7"]}`: 17029023, `{"sku_ids":["7"]}`: 17029024} {
		if a := w.call(t, "GB", "DELETE", path, "", body); a.Code != code {
			t.Errorf("remove %s: %d, want %d", body, a.Code, code)
		}
	}
	w.call(t, "GB", "DELETE", path, "", fmt.Sprintf(`{"sku_ids":[%q]}`, one.SKUs[0].ID)).into(t, &answer)
	if p := w.promotion(t, "GB", fixed.ID); len(p.Products) != 0 || p.Status != "DRAFT" {
		t.Errorf("%+v", p)
	}

	// What was created is found, is kept by a snapshot, and is refused twice.
	var found struct {
		Activities []struct{ ID, Title string }
		TotalCount int    `json:"total_count"`
		Next       string `json:"next_page_token"`
	}
	w.call(t, "GB", "POST", activitiesPath+"/search", "", `{"page_size":2}`).into(t, &found)
	if found.TotalCount != 3 || len(found.Activities) != 2 || found.Activities[0].Title != "C" || found.Next == "" {
		t.Errorf("found %+v", found)
	}
	next, err := json.Marshal(found.Next)
	if err != nil {
		t.Fatal(err)
	}
	w.call(t, "GB", "POST", activitiesPath+"/search", "", `{"page_size":2,"page_token":`+string(next)+`}`).into(t, &found)
	if len(found.Activities) != 1 || found.Activities[0].ID != direct.ID {
		t.Errorf("then %+v", found)
	}
	taken := w.steer(t, "GET", "snapshot", "", http.StatusOK)
	w.steer(t, "PUT", "snapshot", string(taken), http.StatusOK)
	if p := w.promotion(t, "GB", shop.ID); p.Title != "C" {
		t.Errorf("restored %+v", p)
	}
	for name, test := range map[string]struct {
		body string
		code int
	}{
		"title used":  {`"title":"A","begin_time":%[4]d,"end_time":%[2]d`, 17029004},
		"title long":  {`"title":"` + strings.Repeat("ä", 51) + `","begin_time":%[4]d,"end_time":%[2]d`, 17029002},
		"title empty": {`"title":" ","begin_time":%[4]d,"end_time":%[2]d`, 17029003},
		"past":        {`"title":"D","begin_time":%[1]d,"end_time":%[2]d`, 17029005},
		"period":      {`"title":"D","begin_time":%[2]d,"end_time":%[2]d`, 17029006},
		"tiers":       {`"title":"D","begin_time":%[4]d,"end_time":%[2]d,"discount":{"bmsm_discount":{"details":[%[3]s,%[3]s,%[3]s]}}`, 17029001},
	} {
		const tier = `{"threshold_type":"MINIMAL_ITEM_QUANTITY","threshold_value":"1","tier":1,"type":"AMOUNT_OFF","value":"1"}`
		body := strings.NewReplacer("%[1]d", fmt.Sprint(start.Unix()-60), "%[2]d", fmt.Sprint(start.Unix()+900), "%[3]s", tier, "%[4]d", fmt.Sprint(start.Unix()+60)).Replace(test.body)
		a := w.call(t, "GB", "POST", activitiesPath, "", `{"activity_type":"DIRECT_DISCOUNT","product_level":"PRODUCT","participation_limit":[{"type":"BUYER_NO_LIMIT"}],`+body+`}`)
		if a.Code != test.code {
			t.Errorf("%s: code %d (%s), want %d", name, a.Code, a.Message, test.code)
		}
	}
}

// Coupons are there to be read, and live by the clock.
func TestCoupons(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	type coupons struct {
		Coupons []struct {
			ID     string `json:"id"`
			Status string `json:"status"`
		} `json:"coupons"`
		TotalCount int    `json:"total_count"`
		Next       string `json:"next_page_token"`
	}
	var all, running, page coupons
	const path = "/promotion/202406/coupons/search"
	w.call(t, "VN", "POST", path, "page_size=20", `{}`).into(t, &all)
	w.call(t, "VN", "POST", path, "page_size=20", `{"status":["ONGOING"]}`).into(t, &running)
	w.call(t, "VN", "POST", path, "page_size=2", `{}`).into(t, &page)
	if all.TotalCount != 5 || running.TotalCount != 2 || len(page.Coupons) != 2 || page.Next == "" {
		t.Errorf("%+v, %+v, %+v", all, running, page)
	}
	w.steer(t, "POST", "clock", `{"advance":"240h"}`, http.StatusOK)
	w.now = start.Add(240 * time.Hour)
	w.credentials = w.Credentials()
	var one struct {
		Coupon struct{ ID, Status string }
	}
	w.call(t, "VN", "GET", "/promotion/202406/coupons/"+all.Coupons[1].ID, "", "").into(t, &one)
	if one.Coupon.ID != all.Coupons[1].ID || all.Coupons[1].Status != "ONGOING" || one.Coupon.Status != "EXPIRED" {
		t.Errorf("%+v", one)
	}
	if a := w.call(t, "US", "GET", "/promotion/202406/coupons/"+all.Coupons[0].ID, "", ""); a.Code != 36009004 {
		t.Errorf("another shop's: %d", a.Code)
	}
}
