package sandbox_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ttshop-go/ttshop/sandbox"
)

// listed is a page of a list of orders.
type listed struct {
	Orders []struct {
		ID      string          `json:"id"`
		Updated int64           `json:"update_time"`
		Address json.RawMessage `json:"recipient_address"`
	} `json:"orders"`
	Next  string `json:"next_page_token"`
	Total int    `json:"total_count"`
}

func (w *world) list(t *testing.T, region, query, body string) (l listed) {
	t.Helper()
	w.call(t, region, "POST", searchPath, query, body).into(t, &l)
	return l
}

func (l listed) ids() (ids []string) {
	for _, o := range l.Orders {
		ids = append(ids, o.ID)
	}
	return ids
}

// walkOrders reads a list to its end and calls back between its pages.
func (w *world) walkOrders(t *testing.T, region, query string, between func()) (ids []string) {
	t.Helper()
	for token := ""; ; {
		page := w.list(t, region, query+"&page_token="+strings.ReplaceAll(strings.ReplaceAll(token, "+", "%2B"), "/", "%2F"), "{}")
		ids = append(ids, page.ids()...)
		if token = page.Next; token == "" {
			return ids
		}
		if between != nil {
			between()
		}
	}
}

// Pages by offset show the same as pages by key while nothing changes, with
// archived orders too.
func TestOffsetPagesAgree(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(c *sandbox.Config) { c.Orders = 250 })
	for _, sort := range []string{"create_time", "update_time"} {
		for _, order := range []string{"ASC", "DESC"} {
			for _, size := range []int{37, 100} {
				query := fmt.Sprintf("page_size=%d&sort_field=%s&sort_order=%s", size, sort, order)
				w.steer(t, "PUT", "lists", `{}`, http.StatusOK)
				keyset := w.walkOrders(t, "US", query, nil)
				w.steer(t, "PUT", "lists", `{"rules":[{"operation":"order.*","paging":"offset"}]}`, http.StatusOK)
				offset := w.walkOrders(t, "US", query, nil)
				if len(keyset) < 500 || !slices.Equal(keyset, offset) {
					t.Errorf("%s: %d entries by key, %d by offset", query, len(keyset), len(offset))
				}
			}
		}
	}
}

// A list by offset loses an entry when one that was shown leaves, a list by key
// does not.
func TestOffsetPagesLoseEntries(t *testing.T) {
	t.Parallel()
	for paging, lost := range map[string]int{"keyset": 0, "offset": 3} {
		w := newWorld(t)
		w.steer(t, "PUT", "lists", `{"rules":[{"operation":"order.GetOrderList","paging":"`+paging+`"}]}`, http.StatusOK)
		query := "page_size=20&sort_field=update_time&sort_order=ASC"
		before := w.walkOrders(t, "GB", query, nil)
		first := true
		got := w.walkOrders(t, "GB", query, func() {
			if first { // three that were shown go to the end
				w.steer(t, "POST", "orders/burst", `{"shop_id":"`+w.shop("GB").ID+`","touch":3}`, http.StatusOK)
				first = false
			}
		})
		missing := 0
		for _, id := range before {
			if !slices.Contains(got, id) {
				missing++
			}
		}
		if missing != lost {
			t.Errorf("%s: %d entries are missing, want %d", paging, missing, lost)
		}
	}
}

// A list goes on with the kind of token that it began with.
func TestPagingOfOpenLists(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	first := w.list(t, "GB", "page_size=50", "{}")
	flip := false
	got := w.walkOrders(t, "GB", "page_size=50", func() {
		flip = !flip
		w.steer(t, "PUT", "lists", fmt.Sprintf(`{"rules":[{"paging":%q}]}`, map[bool]string{true: "offset", false: "keyset"}[flip]), http.StatusOK)
	})
	if len(got) != first.Total {
		t.Errorf("%d entries of %d", len(got), first.Total)
	}
}

// What changes shows in lists after lag and jitter, in its details at once.
func TestVisibilityLag(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	shop := w.shop("GB")
	total := w.list(t, "GB", "page_size=1", "{}").Total
	w.steer(t, "PUT", "lists", `{"rules":[{"operation":"order.GetOrderList","lag":"30s","jitter":"1m"}]}`, http.StatusOK)
	hidden := w.list(t, "GB", "page_size=1", "{}").Total
	var burst struct {
		Time int64 `json:"time"`
	}
	raw := w.steer(t, "POST", "orders/burst", `{"shop_id":"`+shop.ID+`","place":200}`, http.StatusOK)
	if err := json.Unmarshal(raw, &burst); err != nil {
		t.Fatal(err)
	}
	body := fmt.Sprintf(`{"update_time_ge":%d}`, burst.Time)
	counts := []int{w.list(t, "GB", "page_size=100", body).Total}
	for range 9 {
		w.steer(t, "POST", "clock", `{"advance":"10s"}`, http.StatusOK)
		counts = append(counts, w.list(t, "GB", "page_size=100", body).Total)
	}
	if !slices.IsSorted(counts) || counts[2] != 0 || counts[5] <= 20 || counts[5] >= 180 || counts[9] < 200 {
		t.Errorf("after each ten seconds %v are shown", counts)
	}
	if all := w.list(t, "GB", "page_size=1", "{}").Total; hidden > total || all < total+200 {
		t.Errorf("%d, with lag %d, later %d", total, hidden, all)
	}
	// The same seed hides the same.
	again := newWorld(t)
	again.steer(t, "PUT", "lists", `{"rules":[{"operation":"order.GetOrderList","lag":"30s","jitter":"1m"}]}`, http.StatusOK)
	again.steer(t, "POST", "orders/burst", `{"shop_id":"`+shop.ID+`","place":200}`, http.StatusOK)
	again.steer(t, "POST", "clock", `{"advance":"50s"}`, http.StatusOK)
	if n := again.list(t, "GB", "page_size=100", body).Total; n != counts[5] {
		t.Errorf("%d are shown after 50 s, then %d", counts[5], n)
	}
	// Details come at once, and other operations are not meant.
	w.steer(t, "POST", "orders/burst", `{"shop_id":"`+shop.ID+`","touch":1}`, http.StatusOK)
	w.steer(t, "PUT", "lists", `{"rules":[{"operation":"order.GetOrderList","lag":"1h"},{"shop_id":"`+w.shop("US").ID+`","lag":"0s"}]}`, http.StatusOK)
	late := w.list(t, "GB", "page_size=100&sort_field=update_time", "{}")
	w.steer(t, "PUT", "lists", `{}`, http.StatusOK)
	now := w.list(t, "GB", "page_size=100&sort_field=update_time", "{}")
	if now.Orders[0].Updated <= late.Orders[0].Updated {
		t.Errorf("the newest change is %d, with lag %d", now.Orders[0].Updated, late.Orders[0].Updated)
	}
	var detail listed
	w.steer(t, "PUT", "lists", `{"rules":[{"operation":"order.*","lag":"1h"}]}`, http.StatusOK)
	w.call(t, "GB", "GET", "/order/202507/orders", "ids="+now.Orders[0].ID, "").into(t, &detail)
	if len(detail.Orders) != 1 || detail.Orders[0].Updated != now.Orders[0].Updated {
		t.Errorf("the detail shows %+v", detail.Orders)
	}
}

// A list that shows changes late may show what was there before, in its old place.
func TestLateIsOld(t *testing.T) {
	t.Parallel()
	const region = "US"
	w := newWorld(t)
	w.steer(t, "POST", "clock", `{"advance":"2m"}`, http.StatusOK)
	rule := func(late string) {
		w.steer(t, "PUT", "lists", `{"rules":[{"lag":"30s","jitter":"40s","late":"`+late+`"}]}`, http.StatusOK)
	}
	rule("old")
	const query = "page_size=100&sort_field=update_time&sort_order=ASC"
	all := func() string { return string(w.call(t, region, "POST", searchPath, query, "{}").Data) }
	before := all()
	var first listed
	if err := json.Unmarshal([]byte(before), &first); err != nil {
		t.Fatal(err)
	}
	w.steer(t, "POST", "orders/burst", `{"shop_id":"`+w.shop(region).ID+`","touch":40}`, http.StatusOK)
	if all() != before {
		t.Error("at once the list is another")
	}
	rule("missing")
	if got := w.list(t, region, query, "{}"); got.Total != first.Total-40 {
		t.Errorf("%d of %d entries are left out", first.Total-got.Total, first.Total)
	}
	rule("old")
	w.steer(t, "POST", "clock", `{"advance":"50s"}`, http.StatusOK)
	body := fmt.Sprintf(`{"update_time_lt":%d}`, first.Orders[len(first.Orders)-1].Updated)
	half := w.list(t, region, query, body).Total
	w.steer(t, "POST", "clock", `{"advance":"20s"}`, http.StatusOK)
	late := all()
	end := w.list(t, region, query, body).Total
	w.steer(t, "PUT", "lists", `{}`, http.StatusOK)
	if now := all(); late != now || now == before {
		t.Error("after 70 s the list is not as it is without the rule")
	}
	if half <= end || half >= end+40 {
		t.Errorf("of 40 changes %d are late after 50 s", half-end)
	}
}

// The other lists that know when their entries were changed show them as they were, too.
func TestLateIsOldInOtherLists(t *testing.T) {
	t.Parallel()
	const region = "US"
	w := newWorld(t)
	ask := func(from, what string) string {
		id := w.list(t, region, "page_size=1", `{"order_status":"`+from+`"}`).Orders[0].ID
		var asked struct {
			ID string `json:"id"`
		}
		if err := json.Unmarshal(w.steer(t, "POST", "orders/"+id+"/buyer", `{"ask":"`+what+`"}`, http.StatusCreated), &asked); err != nil {
			t.Fatal(err)
		}
		return asked.ID
	}
	asked := []string{ask("AWAITING_SHIPMENT", "cancel"), ask("DELIVERED", "refund")}
	moving := w.list(t, region, "page_size=1", `{"order_status":"IN_TRANSIT"}`).Orders[0].ID
	var products struct {
		Products []struct {
			ID string `json:"id"`
		} `json:"products"`
	}
	w.call(t, region, "POST", "/product/202502/products/search", "page_size=1", `{"status":"ACTIVATE"}`).into(t, &products)
	lists := map[string]string{
		"/fulfillment/202309/packages/search":        "page_size=50&sort_field=update_time",
		"/return_refund/202309/returns/search":       "page_size=50&sort_field=update_time",
		"/return_refund/202309/cancellations/search": "page_size=50&sort_field=update_time",
		"/product/202502/products/search":            "page_size=100",
	}
	read := func() map[string]string {
		all := map[string]string{}
		for path, query := range lists {
			all[path] = string(w.call(t, region, "POST", path, query, "{}").Data)
		}
		return all
	}
	w.steer(t, "POST", "clock", `{"advance":"2m"}`, http.StatusOK)
	w.steer(t, "PUT", "lists", `{"rules":[{"lag":"1m","late":"old"}]}`, http.StatusOK)
	before := read()
	for _, id := range asked {
		w.steer(t, "POST", "aftersales/"+id, `{"do":"withdraw"}`, http.StatusOK)
	}
	w.steer(t, "POST", "orders/"+moving+"/move", `{"to":"DELIVERED"}`, http.StatusOK)
	w.call(t, region, "POST", "/product/202309/products/deactivate", "", `{"product_ids":["`+products.Products[0].ID+`"]}`)
	for path, now := range read() {
		if now != before[path] {
			t.Errorf("%s is at once\n%s, not\n%s", path, now, before[path])
		}
	}
	w.steer(t, "POST", "clock", `{"advance":"1m"}`, http.StatusOK)
	late := read()
	w.steer(t, "PUT", "lists", `{}`, http.StatusOK)
	for path, now := range read() {
		if late[path] != now || now == before[path] {
			t.Errorf("%s is a minute later\n%s, without the rule\n%s, and was\n%s", path, late[path], now, before[path])
		}
	}
}

// Packages, after-sales and products know when they were changed.
func TestVisibilityLagOfOthers(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	const region = "US"
	var products struct {
		Products []struct {
			ID string `json:"id"`
		} `json:"products"`
	}
	w.call(t, region, "POST", "/product/202502/products/search", "page_size=10", `{"status":"ACTIVATE"}`).into(t, &products)
	w.call(t, region, "POST", "/product/202309/products/deactivate", "", `{"product_ids":["`+products.Products[0].ID+`"]}`)
	for path, query := range map[string]string{
		"/fulfillment/202309/packages/search":        "page_size=10",
		"/return_refund/202309/returns/search":       "page_size=10",
		"/return_refund/202309/cancellations/search": "page_size=10",
		"/product/202502/products/search":            "page_size=10",
	} {
		total := func() (n int) {
			var end struct {
				Total int `json:"total_count"`
			}
			w.call(t, region, "POST", path, query, "{}").into(t, &end)
			return end.Total
		}
		w.steer(t, "PUT", "lists", `{}`, http.StatusOK)
		all := total()
		w.steer(t, "PUT", "lists", `{"rules":[{"lag":"72h"}]}`, http.StatusOK)
		if shown := total(); all == 0 || shown >= all {
			t.Errorf("%s: %d entries, %d of them older than three days", path, all, shown)
		}
	}
}

// Totals may lie, but not below zero.
func TestTotalsLie(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	honest := w.list(t, "GB", "page_size=20", "{}")
	for off, want := range map[int]int{-2: honest.Total - 2, 5: honest.Total + 5, -100000: 0} {
		w.steer(t, "PUT", "lists", fmt.Sprintf(`{"rules":[{"total_error":%d}]}`, off), http.StatusOK)
		got := w.list(t, "GB", "page_size=20", "{}")
		if got.Total != want || !slices.Equal(got.ids(), honest.ids()) || got.Next == "" {
			t.Errorf("off by %d: %d of %d", off, got.Total, honest.Total)
		}
	}
}

// Thousands of orders change within one second.
func TestBurst(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	shop := w.shop("VN")
	w.steer(t, "POST", "orders/burst", `{"shop_id":"`+shop.ID+`","place":3000}`, http.StatusOK)
	w.steer(t, "POST", "clock", `{"advance":"1m"}`, http.StatusOK)
	var did struct{ Time, Placed, Touched int64 }
	if err := json.Unmarshal(w.steer(t, "POST", "orders/burst", `{"shop_id":"`+shop.ID+`","place":500,"touch":2500}`, http.StatusOK), &did); err != nil {
		t.Fatal(err)
	}
	second := w.list(t, "VN", "page_size=100&sort_field=update_time", fmt.Sprintf(`{"update_time_ge":%d,"update_time_lt":%d}`, did.Time, did.Time+1))
	if did.Placed != 500 || did.Touched != 2500 || second.Total != 3000 || len(second.Orders) != 100 {
		t.Errorf("%+v, %d in that second", did, second.Total)
	}
	state := w.Snapshot()
	if err := w.Restore(state); err != nil || !bytes.Equal(w.Snapshot(), state) {
		t.Errorf("restored: %v", err)
	}
	for body, status := range map[string]int{
		`{"shop_id":"1","touch":1}`:                               http.StatusNotFound,
		`{"shop_id":"` + shop.ID + `"}`:                           http.StatusBadRequest,
		`{"shop_id":"` + shop.ID + `","place":-1}`:                http.StatusBadRequest,
		`{"shop_id":"` + shop.ID + `","touch":20000}`:             http.StatusConflict,
		`{"shop_id":"` + shop.ID + `","touch":1,"change":"lots"}`: http.StatusBadRequest,
	} {
		w.steer(t, "POST", "orders/burst", body, status)
	}
}

// Details have fields that lists lack, and old orders no address.
func TestOrderViews(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	const region = "BR"
	const fields = "payment_method_code payment_card_type payment_auth_code channel_entity_national_registry_id"
	has := func(raw []byte) (n int) {
		for field := range strings.FieldsSeq(fields) {
			if bytes.Contains(raw, []byte(`"`+field+`":"`)) {
				n++
			}
		}
		return n
	}
	paid := w.list(t, "BR", "page_size=20", `{"order_status":"COMPLETED"}`)
	detail := func() []byte {
		return w.call(t, region, "GET", "/order/202507/orders", "ids="+strings.Join(paid.ids(), ","), "").Data
	}
	if n := has(detail()); n != 0 {
		t.Errorf("%d fields without the switch", n)
	}
	w.steer(t, "PUT", "lists", `{"order_detail_fields":true}`, http.StatusOK)
	first := detail()
	if n := has(first); n != 4 || !bytes.Equal(first, detail()) {
		t.Errorf("%d fields in the details", n)
	}
	if raw := w.call(t, region, "POST", searchPath, "page_size=20", `{"order_status":"COMPLETED"}`).Data; has(raw) != 0 {
		t.Errorf("the list has them too: %s", raw)
	}
	w.steer(t, "PUT", "lists", `{"blank_address_days":60}`, http.StatusOK)
	blank, kept := 0, 0
	for _, o := range w.list(t, "BR", "page_size=100", `{"order_status":"COMPLETED"}`).Orders {
		var a struct{ Name, Postcode string }
		if err := json.Unmarshal(o.Address, &a); err != nil {
			t.Fatal(err)
		}
		if a.Name == "" {
			blank++
		} else {
			kept++
		}
	}
	if blank == 0 || kept == 0 {
		t.Errorf("%d addresses are blank, %d are not", blank, kept)
	}
}

// The switches of the configuration come back with a reset, those of the control
// API outlive a snapshot.
func TestListSwitches(t *testing.T) {
	t.Parallel()
	rule, err := sandbox.ParseListRule("order.*:paging=offset,lag=30s,jitter=1m,late=old,total=-2")
	if err != nil {
		t.Fatal(err)
	}
	w := newWorld(t, func(c *sandbox.Config) {
		c.Lists, c.OrderDetailFields, c.BlankAddressDays = []sandbox.ListRule{rule}, true, 90
	})
	given := w.steer(t, "GET", "lists", "", http.StatusOK)
	if want := `{"rules":[{"operation":"order.*","paging":"offset","lag":"30s","jitter":"1m0s","late":"old","total_error":-2}],"order_detail_fields":true,"blank_address_days":90}`; string(bytes.TrimSpace(given)) != want {
		t.Errorf("%s", given)
	}
	other := w.steer(t, "PUT", "lists", `{"rules":[{"lag":"1s"}]}`, http.StatusOK)
	state := w.Snapshot()
	w.steer(t, "POST", "reset", "", http.StatusOK)
	if again := w.steer(t, "GET", "lists", "", http.StatusOK); !bytes.Equal(again, given) {
		t.Errorf("after a reset %s", again)
	}
	if err := w.Restore(state); err != nil {
		t.Fatal(err)
	}
	if again := w.steer(t, "GET", "lists", "", http.StatusOK); !bytes.Equal(again, other) {
		t.Errorf("after restoring %s", again)
	}
	for _, body := range []string{
		`{"rules":[{"paging":"cursor"}]}`, `{"rules":[{"operation":"order.*"}]}`, `{"rules":[{"lag":"-1s"}]}`,
		`{"rules":[{"jitter":"200h"}]}`, `{"rules":[{"lag":"1s","late":"never"}]}`, `{"rules":[{"delay":"1s"}]}`, `{"blank_address_days":-1}`,
	} {
		w.steer(t, "PUT", "lists", body, http.StatusBadRequest)
	}
	if _, err := sandbox.New(sandbox.Config{BlankAddressDays: -1}); err == nil {
		t.Error("a negative age is taken")
	}
}

func TestParseListRule(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"paging=offset":        "",
		"order.*:lag=90s":      "",
		"order.*":              `"order.*": want paging`,
		"order.*:lag=soon":     `"lag=soon"`,
		"order.*:total=many":   `"total=many"`,
		"order.*:paging=cards": `paging is "cards"`,
		"order.*:late=lost":    `late is "lost"`,
		"order.*:lag=-1s":      "negative",
	} {
		_, err := sandbox.ParseListRule(text)
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", text, err)
		}
	}
	rule, err := sandbox.ParseListRule("order.*:lag=90s")
	if err != nil || *rule.Lag != 90*time.Second || rule.Jitter != nil {
		t.Errorf("%+v, %v", rule, err)
	}
}
