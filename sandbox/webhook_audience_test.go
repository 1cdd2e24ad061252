package sandbox_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ttshop-go/ttshop/sandbox"
)

// second is a further app whose seller has authorized it.
const second = "second"

func twoApps(c *sandbox.Config) {
	c.Apps = []sandbox.App{{Key: second, Secret: "second-secret"}}
}

// receiverOf returns a receiver that checks signatures with the secret of the
// second app.
func receiverOf(t *testing.T, w *world) *receiver {
	t.Helper()
	r := newReceiver(t, w)
	r.key, r.secret = second, "second-secret"
	return r
}

func (w *world) listenAt(t *testing.T, r *receiver, appKey, types string) {
	t.Helper()
	w.steer(t, "PUT", "webhooks", fmt.Sprintf(`{"address":%q,"app_key":%q,"types":[%s]}`, r.URL, appKey, types), http.StatusOK)
}

// Every app is told of the shops that somebody opened to it, signed with its own
// secret, and of no others.
func TestWebhooksOfTwoApps(t *testing.T) {
	t.Parallel()
	w := newWorld(t, twoApps)
	sellers := w.users(t, "seller")
	one, two := newReceiver(t, w), receiverOf(t, w)
	w.listenAt(t, one, "", "1")
	w.listenAt(t, two, second, "1")

	// Nobody has authorized the second app yet.
	w.place(t, "GB", "", 1)
	if got := one.next(t); !got.genuine || got.ShopID != w.shop("GB").ID {
		t.Errorf("%+v", got)
	}
	neighbour := sellers[1].Shops[0].ID
	w.steer(t, "POST", "webhooks/trigger", `{"type":1,"shop_id":"`+neighbour+`"}`, http.StatusBadRequest)

	// The neighbour's shop is the second app's business only.
	w.give(t, map[string]any{"app_key": second, "user": sellers[1].Name})
	if o := w.trigger(t, `{"type":1,"shop_id":"`+neighbour+`"}`); o.Status != "DELIVERED" {
		t.Errorf("%+v", o)
	}
	if got := two.next(t); !got.genuine || got.ShopID != neighbour {
		t.Errorf("%+v", got)
	}

	// Both may hear of the shops of the first seller.
	g := w.give(t, map[string]any{"app_key": second, "user": sellers[0].Name})
	w.place(t, "GB", "", 1)
	for name, r := range map[string]*receiver{"first": one, "second": two} {
		if got := r.next(t); !got.genuine || got.ShopID != w.shop("GB").ID {
			t.Errorf("%s app: %+v", name, got)
		}
	}
	keys := map[string]int{}
	for _, d := range w.logged(t, "?type=1") {
		keys[d.AppKey]++
	}
	if keys[second] != 2 || keys[w.credentials.AppKey] != 2 {
		t.Errorf("deliveries by app: %v", keys)
	}

	// The address that the second app sets for a shop is its own affair.
	special := receiverOf(t, w)
	e := w.request("PUT", "/event/202309/webhooks", "shop_cipher="+w.shop("GB").Cipher, fmt.Sprintf(`{"event_type":"ORDER_STATUS_CHANGE","address":%q}`, special.URL))
	e.query.Set("app_key", second)
	e.secret = "second-secret"
	e.header.Set("x-tts-access-token", g.AccessToken)
	w.send(t, e).into(t, &struct{}{})
	w.place(t, "GB", "", 1)
	if a, b := one.next(t), special.next(t); !a.genuine || !b.genuine || a.NotificationID == b.NotificationID {
		t.Errorf("%+v and %+v", a, b)
	}
	var listed struct {
		TotalCount int `json:"total_count"`
	}
	w.call(t, "GB", "GET", "/event/202309/webhooks", "", "").into(t, &listed)
	if listed.TotalCount != 0 {
		t.Errorf("the first app sees %d addresses", listed.TotalCount)
	}

	// A snapshot keeps whose address is whose. What is on its way in it would
	// come again.
	w.calm(t)
	taken := w.steer(t, "GET", "snapshot", "", http.StatusOK)
	w.steer(t, "DELETE", "webhooks?app_key="+second, "", http.StatusOK)
	w.steer(t, "PUT", "snapshot", string(taken), http.StatusOK)
	if after := w.steer(t, "GET", "snapshot", "", http.StatusOK); string(after) != string(taken) {
		t.Errorf("the snapshot differs: %s", firstDifference(taken, after))
	}

	// Without the grant nothing more comes but the farewell.
	w.steer(t, "PUT", "webhooks", fmt.Sprintf(`{"address":%q,"app_key":%q}`, two.URL, second), http.StatusOK)
	w.steer(t, "DELETE", "grants/"+g.ID, "", http.StatusOK)
	var gone []string
	for range 3 {
		got := two.next(t)
		if got.Type != 6 || !got.genuine {
			t.Errorf("%+v", got)
		}
		gone = append(gone, got.ShopID)
	}
	slices.Sort(gone)
	if len(slices.Compact(gone)) != 3 {
		t.Errorf("shops %v", gone)
	}
	w.place(t, "GB", "", 1)
	one.next(t)
	for _, d := range w.logged(t, "?type=1&limit=1") {
		if d.AppKey != w.credentials.AppKey {
			t.Errorf("told after the farewell: %+v", d)
		}
	}
	w.steer(t, "GET", "webhooks?app_key=nobody", "", http.StatusNotFound)
	w.steer(t, "PUT", "webhooks", `{"address":"http://127.0.0.1:1/","app_key":"nobody"}`, http.StatusNotFound)
	w.steer(t, "POST", "webhooks/trigger", `{"type":1,"app_key":"nobody"}`, http.StatusBadRequest)
}

// logged is an entry of the log with the app that is told.
type logged struct {
	AppKey string `json:"app_key"`
	Body   string `json:"body"`
}

func (w *world) logged(t *testing.T, query string) []logged {
	t.Helper()
	var answer struct {
		Deliveries []logged `json:"deliveries"`
	}
	if err := json.Unmarshal(w.steer(t, "GET", "webhooks/deliveries"+query, "", http.StatusOK), &answer); err != nil {
		t.Fatal(err)
	}
	return answer.Deliveries
}

// A creator who takes the access back is told of by type 20; a partner by
// nothing.
func TestCreatorDeauthorization(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r := newReceiver(t, w)
	w.listenAt(t, r, "", "6,20")
	creator, partner := w.users(t, "creator")[1], w.users(t, "partner")[0]
	revoke := func(u user) {
		w.steer(t, "DELETE", "grants/"+w.give(t, map[string]any{"user": u.OpenID}).ID, "", http.StatusOK)
	}
	revoke(partner)
	revoke(creator)
	got := r.next(t)
	if got.Type != 20 || got.CreatorOpenID != creator.OpenID || got.ShopID != "" || fmt.Sprint(got.Data["cancel_time"]) != fmt.Sprint(start.Unix()) {
		t.Errorf("%+v", got)
	}
	if list := w.deliveries(t, ""); len(list) != 1 {
		t.Errorf("deliveries %+v", list)
	}
}

// During the last thirty days of a grant the app is reminded at midnight, and
// not thereafter.
func TestExpirationReminder(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r := newReceiver(t, w)
	w.listenAt(t, r, "", "7")
	w.steer(t, "POST", "clock", `{"freeze":true}`, http.StatusOK)
	const day = 24 * time.Hour
	ends := start.Add(3_122_000_000 * time.Second) // in the year 2125
	at := func(now time.Time) int {
		w.steer(t, "POST", "clock", fmt.Sprintf(`{"set":%d}`, now.Unix()), http.StatusOK)
		return len(w.deliveries(t, ""))
	}
	first := ends.Add(-30 * day).Truncate(day).Add(day) // the first midnight within
	if n := at(first.Add(-time.Second)); n != 0 {
		t.Errorf("%d early", n)
	}
	if n := at(first); n != 4 {
		t.Errorf("%d at the first midnight, want one for each shop", n)
	}
	got := r.next(t)
	if got.Type != 7 || got.Data["expiration_time"] != fmt.Sprint(ends.Unix()) || !strings.Contains(fmt.Sprint(got.Data["message"]), got.ShopID) {
		t.Errorf("%+v", got)
	}
	for _, step := range []struct {
		at   time.Time
		want int
	}{{first.Add(day - time.Second), 4}, {first.Add(day), 8}, {first.Add(10 * day), 12}, {ends.Add(-time.Second), 16}, {ends.Add(day), 16}} {
		if n := at(step.at); n != step.want {
			t.Errorf("%v: %d reminders, want %d", step.at, n, step.want)
		}
	}
	taken := w.steer(t, "GET", "snapshot", "", http.StatusOK)
	if !strings.Contains(string(taken), `"reminded":`) {
		t.Error("the snapshot does not know of reminders")
	}
}

// Every change of a stock is announced with its cause, with and without the
// envelope.
func TestInventoryChanged(t *testing.T) {
	t.Parallel()
	for _, bare := range []bool{false, true} {
		w := newWorld(t, func(c *sandbox.Config) { c.BareInventoryEvents = bare })
		r := newReceiver(t, w)
		w.listenAt(t, r, "", "68")
		sku := w.offers(t, "GB", 1)[0].ID
		have := w.inventory(t, "GB", `{"sku_ids":["`+sku+`"]}`)[sku].Available
		type change struct {
			Type     int              `json:"type"`
			Seller   string           `json:"seller_open_id"`
			Data     json.RawMessage  `json:"data"`
			EventID  string           `json:"event_id"`
			SKUID    any              `json:"sku_id"`
			Occurred string           `json:"occurred_at"`
			Snapshot map[string]int   `json:"quantity_snapshot_after_change"`
			Detail   []map[string]any `json:"change_detail"`
		}
		expect := func(source string, available, committed, total any) change {
			t.Helper()
			got := r.next(t)
			var c change
			if err := json.Unmarshal(got.body, &c); err != nil {
				t.Fatal(err)
			}
			if (c.Type == 0) != bare || (c.Seller == "") != bare || !got.genuine {
				t.Errorf("bare %t: %s", bare, got.body)
			}
			if !bare {
				if err := json.Unmarshal(c.Data, &c); err != nil {
					t.Fatal(err)
				}
			}
			if _, text := c.SKUID.(string); text != bare || !regexp.MustCompile(`T\d\d:\d\d:\d\d\.\d{9}Z$`).MatchString(c.Occurred) {
				t.Errorf("bare %t: %s", bare, got.body)
			}
			d := c.Detail[0]
			if d["trigger_source"] != source || d["total_available_quantity_delta"] != available || d["total_committed_quantity_delta"] != committed ||
				d["total_quantity_delta"] != total || d["in_shop_quantity_delta"] != total || d["idempotency_key"] == "" || c.EventID == "" {
				t.Errorf("want %s %v %v %v: %s", source, available, committed, total, got.body)
			}
			return c
		}
		var placed struct {
			ID string `json:"order_id"`
		}
		body := fmt.Sprintf(`{"shop_id":%q,"lines":[{"sku_id":%q,"quantity":2}]}`, w.shop("GB").ID, sku)
		if status := w.control(t, "POST", "orders", body, &placed); status != http.StatusCreated {
			t.Fatalf("status %d", status)
		}
		c := expect("order_created", -2.0, 2.0, nil)
		if c.Snapshot["total_available_quantity"] != int(have)-2 || c.Snapshot["total_quantity"] != c.Snapshot["total_available_quantity"]+c.Snapshot["total_committed_quantity"] {
			t.Errorf("%+v", c.Snapshot)
		}
		w.move(t, placed.ID, "AWAITING_COLLECTION")
		expect("order_shipped", nil, -2.0, -2.0)
		w.move(t, placed.ID, "CANCELLED")
		expect("order_cancelled", 2.0, nil, 2.0)

		p := ""
		for _, product := range w.products(t, "GB", "/product/202502/products/search", "page_size=100", `{}`) {
			if slices.ContainsFunc(product.SKUs, func(s skuView) bool { return s.ID == sku }) {
				p = product.ID
			}
		}
		for range 2 { // what stays as it was is not a change
			w.call(t, "GB", "POST", "/product/202309/products/"+p+"/inventory/update", "", fmt.Sprintf(`{"skus":[{"id":%q,"inventory":[{"quantity":%d}]}]}`, sku, have+5)).into(t, &struct{}{})
		}
		expect("manual_adjustment", 5.0, nil, 5.0)
		if list := w.deliveries(t, "?type=68"); len(list) != 4 {
			t.Errorf("%d deliveries", len(list))
		}
	}
}
