package reconcile_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ttshop-go/ttshop"
	"github.com/ttshop-go/ttshop/internal/testdiff"
	"github.com/ttshop-go/ttshop/sandbox/sandboxtest"
	"github.com/ttshop-go/ttshop/webhook"
	"github.com/ttshop-go/ttshop/webhook/event"
	"github.com/ttshop-go/ttshop/webhook/reconcile"
	"github.com/ttshop-go/ttshop/webhook/webhooktest"
)

// memory is an inbox in memory.
type memory struct {
	mu     sync.Mutex
	events []*webhook.Event
	err    error
	since  time.Time
}

func (m *memory) Put(_ context.Context, e *webhook.Event) (bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if slices.ContainsFunc(m.events, func(old *webhook.Event) bool { return old.Meta.Key == e.Meta.Key }) {
		return false, m.err
	}
	m.events = append(m.events, e)
	return true, m.err
}

func (m *memory) Received(_ context.Context, since time.Time) iter.Seq2[*webhook.Event, error] {
	m.since = since
	return func(yield func(*webhook.Event, error) bool) {
		for _, e := range slices.Clone(m.events) {
			if !yield(e, nil) {
				return
			}
		}
		if m.err != nil {
			yield(nil, m.err)
		}
	}
}

func received(t *testing.T, appKey, shop string, typed event.Typed, sent int64) *webhook.Event {
	t.Helper()
	typed.Head().ShopID, typed.Head().Timestamp = shop, event.UnixTime(sent)
	e, err := webhook.Parse(webhooktest.Body(typed))
	if err != nil {
		t.Fatal(err)
	}
	e.SetApp(appKey)
	return e
}

const (
	appKey = "app"
	shopID = "7495318862047715309"
)

// platform answers the three searches, one row a page, and refuses the returns
// where it is told to.
func platform(t *testing.T, rows map[string][]string, refuse string) *ttshop.Client {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == refuse {
			w.WriteHeader(http.StatusForbidden)
			io.WriteString(w, `{"code":105005,"message":"no scope","request_id":"1"}`)
			return
		}
		list := map[string]string{
			"/order/202309/orders/search":                "orders",
			"/return_refund/202309/returns/search":       "return_orders",
			"/return_refund/202309/cancellations/search": "cancellations",
		}[r.URL.Path]
		var body map[string]int64
		if err := json.NewDecoder(r.Body).Decode(&body); err != nil || body["update_time_ge"] != 1000 || body["update_time_lt"] != 2000 {
			t.Errorf("body %v, %v", body, err)
		}
		if q := r.URL.Query(); list == "" || q.Get("shop_cipher") != "cipher" || q.Get("page_size") != "50" || q.Get("sort_field") != "update_time" || q.Get("sort_order") != "ASC" {
			t.Errorf("request %s", r.URL)
		}
		page := 0
		if token := r.URL.Query().Get("page_token"); token != "" {
			fmt.Sscan(token, &page)
		}
		next := ""
		if page+1 < len(rows[list]) {
			next = fmt.Sprint(page + 1)
		}
		row := ""
		if page < len(rows[list]) {
			row = rows[list][page]
		}
		fmt.Fprintf(w, `{"code":0,"message":"Success","request_id":"1","data":{"%s":[%s],"next_page_token":"%s"}}`, list, row, next)
	}))
	t.Cleanup(server.Close)
	return ttshop.New(appKey, "secret", ttshop.WithEndpoint(server.URL), ttshop.WithTokenSource(ttshop.StaticToken("token"))).Shop("cipher")
}

func window() reconcile.Options {
	return reconcile.Options{AppKey: appKey, ShopID: shopID, From: time.Unix(1000, 0), To: time.Unix(2000, 0)}
}

func order(id string, status event.OrderStatus, updated event.UnixTime) event.Typed {
	return &event.OrderStatusChange{Data: event.OrderStatusChangeData{OrderID: id, OrderStatus: status, UpdateTime: updated}}
}

func TestRun(t *testing.T) {
	t.Parallel()
	rows := map[string][]string{
		"orders": {
			`{"id":"told","status":"DELIVERED","update_time":1500}`,
			`{"id":"noted","status":"DELIVERED","update_time":1900}`, // changed since, but not its status
			`{"id":"cancelled","status":"CANCELLED","update_time":1500}`,
			`{"id":"missed","status":"CANCELLED","is_on_hold_order":true,"update_time":"1500"}`,
			`{"id":"behind","status":"IN_TRANSIT","update_time":1600}`,
			`{"id":"ahead","status":"IN_TRANSIT","update_time":1600}`,
			`{"id":"partial","status":"PARTIALLY_SHIPPING","update_time":1600}`,
			`{"id":"partial, missed","status":"PARTIALLY_SHIPPING","update_time":1600}`,
			`{"id":"other shop","status":"UNPAID","update_time":1600}`,
			`{"id":"missed","status":"CANCELLED","is_on_hold_order":true,"update_time":1500}`, // once more
		},
		"return_orders": {
			`{"return_id":"told","return_status":"AWAITING_BUYER_SHIP","update_time":1500}`,
			`{"return_id":"missed","order_id":"5","role":"BUYER","return_type":"REFUND","return_status":"AWAITING_BUYER_RESPONSE","create_time":1,"update_time":1500}`,
		},
		"cancellations": {
			`{"cancel_id":"told","cancel_status":"CANCELLATION_REQUEST_CANCEL","update_time":1500}`,
			`{"cancel_id":"missed","order_id":"5","role":"SYSTEM","cancel_status":"CANCELLATION_REQUEST_SUCCESS","create_time":1,"update_time":1500}`,
		},
	}
	box := &memory{}
	box.events = []*webhook.Event{
		received(t, appKey, shopID, order("told", "DELIVERED", 1500), 1501),
		received(t, appKey, shopID, order("noted", "DELIVERED", 1500), 1501),
		received(t, appKey, shopID, order("cancelled", "CANCEL", 1500), 1501),
		received(t, appKey, shopID, order("behind", "IN_TRANSIT", 1100), 1101), // an older event of the same status ...
		received(t, appKey, shopID, order("behind", "AWAITING_COLLECTION", 1400), 1401),
		received(t, appKey, shopID, order("ahead", "DELIVERED", 1700), 1701), // the answer is the older one
		received(t, appKey, shopID, order("partial", "AWAITING_SHIPMENT", 1400), 1401),
		received(t, appKey, "another shop", order("other shop", "UNPAID", 1600), 1601),
		received(t, "another app", shopID, order("missed", "CANCEL", 1500), 1501),
		received(t, appKey, shopID, &event.ReturnStatusChange{Data: event.ReturnStatusChangeData{ReturnID: "told", ReturnStatus: "AWAITING_BUYER_SHIP", UpdateTime: 1500}}, 1501),
		received(t, appKey, shopID, &event.CancellationStatusChange{Data: event.CancellationStatusChangeData{CancelID: "told", CancelStatus: "CANCELLATION_REQUEST_CANCELLED"}}, 1501),
		received(t, appKey, shopID, &event.GoodsMatch{}, 1501),
	}
	before := len(box.events)
	client := platform(t, rows, "")

	dry := window()
	dry.DryRun = true
	if report, err := reconcile.Run(t.Context(), client, box, dry); err != nil || len(report.Missed) != 6 || len(box.events) != before {
		t.Errorf("dry run: %d missed, %d raised, %v", len(report.Missed), len(box.events)-before, err)
	}
	report, err := reconcile.Run(t.Context(), client, box, window())
	if err != nil {
		t.Fatal(err)
	}
	if report.Orders != 10 || report.Returns != 2 || report.Cancellations != 2 {
		t.Errorf("compared %d, %d, %d", report.Orders, report.Returns, report.Cancellations)
	}
	if want := time.Unix(1000, 0).Add(-7 * 24 * time.Hour); !box.since.Equal(want) {
		t.Errorf("looked back to %s, want %s", box.since, want)
	}
	var got []string
	for _, e := range box.events[before:] {
		got = append(got, string(e.Meta.Raw))
		if !e.Meta.Reconciled || !strings.HasPrefix(e.Meta.Key, appKey+":reconciled:") || e.Meta.AppKey != appKey || e.Meta.Received.IsZero() {
			t.Errorf("raised %+v", e.Meta)
		}
	}
	envelope := func(typ int, updated int64, data string) string {
		return fmt.Sprintf(`{"type":%d,"shop_id":"%s","timestamp":%d,"data":%s}`, typ, shopID, updated, data)
	}
	want := []string{
		envelope(1, 1500, `{"order_id":"missed","order_status":"CANCEL","is_on_hold_order":true,"update_time":1500}`),
		envelope(1, 1600, `{"order_id":"behind","order_status":"IN_TRANSIT","is_on_hold_order":false,"update_time":1600}`),
		envelope(1, 1600, `{"order_id":"partial, missed","order_status":"PARTIALLY_SHIPPING","is_on_hold_order":false,"update_time":1600}`),
		envelope(1, 1600, `{"order_id":"other shop","order_status":"UNPAID","is_on_hold_order":false,"update_time":1600}`),
		envelope(12, 1500, `{"order_id":"5","return_role":"BUYER","return_type":"REFUND","return_status":"AWAITING_BUYER_RESPONSE","return_id":"missed","create_time":1,"update_time":1500}`),
		envelope(11, 1500, `{"order_id":"5","cancellations_role":"SYSTEM","cancel_status":"CANCELLATION_REQUEST_SUCCESS","cancel_id":"missed","create_time":1}`),
	}
	if diff := testdiff.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	again, err := reconcile.Run(t.Context(), client, box, window())
	if err != nil || len(again.Missed) != 0 || len(box.events) != before+6 {
		t.Errorf("a second run: %d missed, %d raised, %v", len(again.Missed), len(box.events)-before, err)
	}
}

// What the API refuses does not keep the rest from being compared.
func TestRunRefused(t *testing.T) {
	t.Parallel()
	rows := map[string][]string{"orders": {`{"id":"1","status":"UNPAID","update_time":1500}`}, "cancellations": {`{"cancel_id":"1","cancel_status":"CANCELLATION_REQUEST_SUCCESS","update_time":1500}`}}
	box := &memory{}
	report, err := reconcile.Run(t.Context(), platform(t, rows, "/return_refund/202309/returns/search"), box, window())
	if !errors.Is(err, ttshop.ErrScope) || len(report.Missed) != 2 || len(box.events) != 2 {
		t.Errorf("%d missed, error %v", len(report.Missed), err)
	}
	box.err = errors.New("disk full")
	if _, err := reconcile.Run(t.Context(), platform(t, rows, ""), box, window()); !errors.Is(err, box.err) {
		t.Errorf("the inbox fails: %v", err)
	}
	for _, options := range []reconcile.Options{{}, {AppKey: "a"}, {AppKey: "a", ShopID: "1", From: time.Unix(2, 0), To: time.Unix(1, 0)}} {
		if _, err := reconcile.Run(t.Context(), nil, box, options); err == nil {
			t.Errorf("%+v: no error", options)
		}
	}
}

// Against the sandbox: every order counts as missed until its event is there.
func TestSandbox(t *testing.T) {
	t.Parallel()
	server := sandboxtest.Start(t)
	shop := server.Credentials.Shops[0]
	client := server.Client.Shop(shop.Cipher)
	box := &memory{}
	options := reconcile.Options{AppKey: server.Credentials.AppKey, ShopID: shop.ID, From: time.Now().Add(-365 * 24 * time.Hour)}
	report, err := reconcile.Run(t.Context(), client, box, options)
	if err != nil {
		t.Fatal(err)
	}
	if report.Orders == 0 || len(report.Missed) < report.Orders || len(box.events) != len(report.Missed) {
		t.Errorf("%d orders, %d missed, %d raised", report.Orders, len(report.Missed), len(box.events))
	}
	// The events of the first half are received, those of the rest are not.
	half := &memory{events: box.events[:len(box.events)/2]}
	again, err := reconcile.Run(t.Context(), client, half, options)
	if err != nil || len(again.Missed) != len(box.events)-len(box.events)/2 {
		t.Errorf("with half of the events %d are missed of %d, %v", len(again.Missed), len(box.events), err)
	}
}
