package webhook_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/ttshop-go/ttshop/internal/testdiff"
	"github.com/ttshop-go/ttshop/webhook"
	"github.com/ttshop-go/ttshop/webhook/event"
	"github.com/ttshop-go/ttshop/webhook/webhooktest"
)

// encode is json.Marshal without escapes for HTML.
func encode(t testing.TB, v any) string {
	t.Helper()
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		t.Fatal(err)
	}
	return strings.TrimSuffix(b.String(), "\n")
}

func parse(t testing.TB, body string) *webhook.Event {
	t.Helper()
	e, err := webhook.Parse([]byte(body))
	if err != nil {
		t.Fatalf("Parse(%s): %v", body, err)
	}
	return e
}

func typed(t testing.TB, body string) event.Typed {
	t.Helper()
	v, err := parse(t, body).Typed()
	if err != nil {
		t.Fatalf("Typed of %s: %v", body, err)
	}
	return v
}

// Sample in, typed value out, back to the same bytes; and no member of the
// sample is one that the type does not know.
func TestRoundTripOfEveryType(t *testing.T) {
	t.Parallel()
	types := event.Types()
	if len(types) != 46 {
		t.Errorf("%d types, want 46", len(types))
	}
	for _, typ := range types {
		t.Run(typ.String(), func(t *testing.T) {
			t.Parallel()
			sample := string(event.Sample(typ))
			e := parse(t, sample)
			if e.Type != typ || e.Account() == "" || e.Timestamp == 0 {
				t.Errorf("envelope %+v", e.Envelope)
			}
			v, err := e.Typed()
			if err != nil {
				t.Fatal(err)
			}
			if got := encode(t, v); got != sample {
				t.Errorf("got  %s\nwant %s", got, sample)
			}
			if v.Topic() != typ || reflect.TypeOf(v) != reflect.TypeOf(event.New(typ)) {
				t.Errorf("typed as %T", v)
			}
			strict := json.NewDecoder(strings.NewReader(sample))
			strict.DisallowUnknownFields()
			if err := strict.Decode(event.New(typ)); err != nil {
				t.Errorf("a member of the sample is in no type: %v", err)
			}
			if name, ok := event.TypeByName(typ.String()); !ok || name != typ || typ.Summary() == "" || typ.Domain() == "" || typ.Owner() == "" {
				t.Errorf("%d: name, summary, domain or owner is missing", typ)
			}
		})
	}
	if typ := event.Type(99); typ.String() != "TYPE_99" || typ.Known() || typ.Subscribable() || event.New(typ) != nil || event.Sample(typ) != nil {
		t.Error("type 99 is known")
	}
	if _, ok := event.TypeByName("TYPE_99"); ok {
		t.Error("TYPE_99 is known")
	}
}

// The odd ones: what the sources disagree about is read both ways.
func TestOddities(t *testing.T) {
	t.Parallel()
	const bare = `{"event_id":"e1","occurred_at":"2026-10-29T12:40:07.315204870Z","seller_id":"1","product_id":"1731905527740182611","sku_id":"2",` +
		`"quantity_snapshot_after_change":{"total_quantity":0,"total_available_quantity":0,"total_committed_quantity":0,"in_shop_quantity":0,"campaign_locked_quantity":0,"creator_locked_quantity":0},"change_detail":[]}`
	tests := []struct {
		name string
		body string
		get  func(v event.Typed) any
		want any
	}{
		{"numeric product id", `{"type":5,"data":{"product_id":1731905527740182611}}`,
			func(v event.Typed) any { return v.(*event.ProductStatusChange).Data.ProductID }, event.NumberID("1731905527740182611")},
		{"product id as text", `{"type":16,"data":{"product_id":"1731905527740182611"}}`,
			func(v event.Typed) any { return v.(*event.ProductCreation).Data.ProductID }, event.NumberID("1731905527740182611")},
		{"id of 21 digits as a number", `{"type":27,"data":{"product_id":173190552774018261112}}`,
			func(v event.Typed) any { return v.(*event.InventoryStatusChange).Data.ProductID }, "173190552774018261112"},
		{"CANCEL", `{"type":1,"data":{"order_status":"CANCEL"}}`,
			func(v event.Typed) any { return v.(*event.OrderStatusChange).Data.OrderStatus }, event.OrderStatusCancel},
		{"CANCELLED passes", `{"type":1,"data":{"order_status":"CANCELLED"}}`,
			func(v event.Typed) any { return v.(*event.OrderStatusChange).Data.OrderStatus }, event.OrderStatus("CANCELLED")},
		{"time as text", `{"type":7,"data":{"expiration_time":"1794287400"}}`,
			func(v event.Typed) any {
				return v.(*event.UpcomingAuthorizationExpiration).Data.ExpirationTime.Time().Unix()
			}, int64(1794287400)},
		{"time as a number where text is usual", `{"type":33,"data":{"create_time":1793266198}}`,
			func(v event.Typed) any { return v.(*event.NewMessageListener).Data.CreateTime }, event.QuotedTime(1793266198)},
		{"cancel_time as text", `{"type":20,"data":{"cancel_time":"1793258400"}}`,
			func(v event.Typed) any { return v.(*event.CreatorDeauthorization).Data.CancelTime }, event.UnixTime(1793258400)},
		{"both spellings of the reasons", `{"type":37,"data":{"audit":{"pre_approved_reason":"KYC_PENDING"}}}`,
			func(v event.Typed) any {
				return v.(*event.ProductAuditStatusChange).Data.Audit.PreApprovedReason
			}, event.PreApprovedReasonKycPending},
		{"platform status as an object", `{"type":37,"data":{"integrated_platform_statuses":{"platform":"TOKOPEDIA","status":"FAILED"}}}`,
			func(v event.Typed) any {
				return v.(*event.ProductAuditStatusChange).Data.IntegratedPlatformStatuses[0].Status
			}, event.PlatformAuditStatusFailed},
		{"platform status as a list", `{"type":37,"data":{"integrated_platform_statuses":[{"status":"NONE"},{"status":"FAILED"}]}}`,
			func(v event.Typed) any {
				return v.(*event.ProductAuditStatusChange).Data.IntegratedPlatformStatuses[1].Status
			}, event.PlatformAuditStatusFailed},
		{"sample's language", `{"type":46,"data":{"translation_task":{"target_lang":"de-DE"}}}`,
			func(v event.Typed) any {
				return v.(*event.ImageTranslationCompleted).Data.TranslationTask.TargetLang
			}, "de-DE"},
		{"fail_reasons as an object", `{"type":51,"data":{"replicated_product":{"fail_reasons":{"message":"no"}}}}`,
			func(v event.Typed) any {
				return v.(*event.GlobalReplicationStatusChange).Data.ReplicatedProduct.FailReasons
			}, []event.FailReason{{Message: "no"}}},
		{"creator as a list", `{"type":56,"data":{"creator":[{"creator_open_id":"c"}]}}`,
			func(v event.Typed) any {
				return v.(*event.SampleApplicationStatusChange).Data.Creator[0].CreatorOpenID
			}, "c"},
		{"suggestion as text", `{"type":59,"data":{"violation_check_result":{"issues":[{"suggestions":"crop"}]}}}`,
			func(v event.Typed) any {
				return v.(*event.ShoppableVideoPrecheckTasksResult).Data.ViolationCheckResult.Issues[0].Suggestions
			}, []string{"crop"}},
		{"zero threshold", `{"type":27,"data":{"trigger_reason":{"low_stock_threshold":0}}}`,
			func(v event.Typed) any {
				return *v.(*event.InventoryStatusChange).Data.TriggerReason.LowStockThreshold
			}, 0},
		{"live ids of type 68", `{"type":68,"data":{"seller_id":7495318860992454446,"product_id":1731905527740182611}}`,
			func(v event.Typed) any { return v.(*event.InventoryChanged).Data.SellerID }, "7495318860992454446"},
		{"bare type 68", bare, func(v event.Typed) any { return v.(*event.InventoryChanged).Data.ProductID }, event.NumberID("1731905527740182611")},
		{"nanoseconds are kept", bare, func(v event.Typed) any { return v.(*event.InventoryChanged).Data.OccurredAt }, event.ISOTime("2026-10-29T12:40:07.315204870Z")},
		{"null is nothing", `{"type":1,"shop_id":null,"data":{"order_id":null,"update_time":null,"order_status":null}}`,
			func(v event.Typed) any { return v.(*event.OrderStatusChange).Data }, event.OrderStatusChangeData{}},
		{"undocumented payload", `{"type":50,"data":{"sku_id": 1}}`,
			func(v event.Typed) any { return string(v.(*event.SKUStatusChange).Data) }, `{"sku_id": 1}`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if diff := testdiff.Diff(tt.want, tt.get(typed(t, tt.body))); diff != "" {
				t.Error(diff)
			}
		})
	}
	e := parse(t, bare)
	if !e.Meta.Bare || e.Type != event.TypeInventoryChanged || e.Timestamp.Time().Format(time.RFC3339) != "2026-10-29T12:40:07Z" {
		t.Errorf("bare delivery read as %+v", e.Envelope)
	}
	// The ids come back as numbers, the form of live deliveries; all else is the same.
	want := strings.NewReplacer(`"product_id":"1731905527740182611"`, `"product_id":1731905527740182611`, `"sku_id":"2"`, `"sku_id":2`).Replace(bare)
	if got := encode(t, typed(t, bare)); got != want {
		t.Errorf("bare delivery written as %s", got)
	}
}

func TestUnknownIsKept(t *testing.T) {
	t.Parallel()
	body := `{"type":99,"tts_notification_id":7601482930157765379,"shop_id":"1","timestamp":"1793247007","data":{"a": 1},"new":true}`
	e := parse(t, body)
	if e.Type != 99 || e.NotificationID != "7601482930157765379" || e.Timestamp != 1793247007 || string(e.Data) != `{"a": 1}` || string(e.Meta.Raw) != body {
		t.Errorf("got %+v with data %s", e.Envelope, e.Data)
	}
	if v, err := e.Typed(); v != nil || err != nil {
		t.Errorf("Typed = %v, %v; want nothing", v, err)
	}
	for _, body := range []string{"", " ", "null", "[]", "1", `"x"`, "{", `{"type":"one"}`, `{"type":{}}`, `{"type":1e99}`} {
		if e, err := webhook.Parse([]byte(body)); err == nil {
			t.Errorf("Parse(%q) = %+v, want an error", body, e.Envelope)
		}
	}
	if _, err := parse(t, `{"type":1,"data":{"order_id":{"a":1}}}`).Typed(); err == nil {
		t.Error("an object where an id belongs is taken")
	}
}

func TestKey(t *testing.T) {
	t.Parallel()
	key := func(app, body string) string {
		e := parse(t, body)
		e.SetApp(app)
		return e.Meta.Key
	}
	if got := key("a", `{"type":1,"tts_notification_id":"7"}`); got != "a:7" {
		t.Errorf("key %s", got)
	}
	first := key("a", `{"type":3,"shop_id":"1","data":{}}`)
	if !strings.HasPrefix(first, "a:sha256:") || first != key("a", `{"type":3,"shop_id":"1","data":{}}`) {
		t.Errorf("the key of the same content differs: %s", first)
	}
	seen := map[string]bool{first: true}
	for _, other := range []string{
		key("b", `{"type":3,"shop_id":"1","data":{}}`), key("a", `{"type":3,"shop_id":"2","data":{}}`),
		key("a", `{"type":1,"tts_notification_id":"a b"}`), key("a", `{"type":1,"tts_notification_id":"a\nb"}`),
	} {
		if seen[other] || strings.ContainsAny(other, " \n") {
			t.Errorf("key %q is not of its own or not plain", other)
		}
		seen[other] = true
	}
}

// A repeated attempt is stamped again, so its bytes differ; its key does not.
func TestKeyOfRepeatedAttempt(t *testing.T) {
	t.Parallel()
	key := func(body string) string {
		e := parse(t, body)
		e.SetApp("a")
		return e.Meta.Key
	}
	address := func(shop, order string, updated, stamp int) string {
		return fmt.Sprintf(`{"type":3,"shop_id":%q,"timestamp":%d,"data":{"order_id":%q,"update_time":%d}}`, shop, stamp, order, updated)
	}
	for name, tt := range map[string]struct {
		first, second string
		same          bool
	}{
		"with an id":                 {`{"type":1,"tts_notification_id":"7","timestamp":100,"data":{}}`, `{"type":1,"tts_notification_id":"7","timestamp":220,"data":{}}`, true},
		"another id":                 {`{"type":1,"tts_notification_id":"7","timestamp":100,"data":{}}`, `{"type":1,"tts_notification_id":"8","timestamp":100,"data":{}}`, false},
		"address without an id":      {address("1", "5", 90, 100), address("1", "5", 90, 220), true},
		"address changed later":      {address("1", "5", 90, 100), address("1", "5", 91, 100), false},
		"address of another order":   {address("1", "5", 90, 100), address("1", "6", 90, 100), false},
		"address of another shop":    {address("1", "5", 90, 100), address("2", "5", 90, 100), false},
		"unknown type without an id": {`{"type":900,"timestamp":100,"data":{}}`, `{"type":900,"timestamp":220,"data":{}}`, false},
	} {
		if same := key(tt.first) == key(tt.second); same != tt.same {
			t.Errorf("%s: same key %t, want %t", name, same, tt.same)
		}
	}
}

func TestObjectAndTime(t *testing.T) {
	t.Parallel()
	tests := []struct {
		body, object string
		time         int64
	}{
		{`{"type":1,"timestamp":9,"data":{"order_id":"5","update_time":8}}`, "5", 8},
		{`{"type":12,"timestamp":9,"data":{"return_id":"6","order_id":"5","create_time":1,"update_time":"8"}}`, "5", 8},
		{`{"type":11,"timestamp":9,"data":{"cancel_id":"6","order_id":"5","create_time":1}}`, "5", 9},
		{`{"type":5,"timestamp":9,"data":{"product_id":1731905527740182611}}`, "1731905527740182611", 9},
		{`{"type":58,"timestamp":9,"data":{"mcf_order":{"mcf_order_id":"3"}}}`, "3", 9},
		{`{"type":64,"timestamp":9,"data":{"aftersales_request_id":"4","aftersales_request_update_time":7}}`, "4", 7},
		{`{"type":6,"timestamp":9,"data":{"message":"m"}}`, "", 9},
		{`{"type":99}`, "", -62135596800},
	}
	for _, tt := range tests {
		e := parse(t, tt.body)
		if e.Object() != tt.object || e.Time().Unix() != tt.time {
			t.Errorf("%s: object %q, time %d; want %q, %d", tt.body, e.Object(), e.Time().Unix(), tt.object, tt.time)
		}
	}
	// Every topic that names something in its sample has an object.
	without := []string{"REVERSE_STATUS_UPDATE", "PACKAGE_UPDATE", "SELLER_DEAUTHORIZATION", "UPCOMING_AUTHORIZATION_EXPIRATION",
		"CREATOR_DEAUTHORIZATION", "FBT_MERCHANT_ONBOARDING", "TOKOPEDIA_MIRROR_STATUS_CHANGE", "SKU_STATUS_CHANGE",
		"PRODUCT_PACKAGE_RECOMMENDED", "ACTIVITY_CHANGE", "INVENTORY_CHANGED_BY_SHOP"}
	var got []string
	for _, typ := range event.Types() {
		if parse(t, string(event.Sample(typ))).Object() == "" {
			got = append(got, typ.String())
		}
	}
	if diff := testdiff.Diff(without, got); diff != "" {
		t.Errorf("topics without an object: %s", diff)
	}
}

func TestWebhooktest(t *testing.T) {
	t.Parallel()
	at := time.Unix(1800000000, 0)
	for _, typ := range event.Types() {
		a, b := parse(t, string(webhooktest.Sample(typ, at))), parse(t, string(webhooktest.Sample(typ, at)))
		if a.Type != typ || a.Timestamp.Time().Unix() != at.Unix() || a.NotificationID != "" && a.NotificationID == b.NotificationID {
			t.Errorf("%s: sample %+v", typ, a.Envelope)
		}
	}
	if webhooktest.Sample(99, at) != nil {
		t.Error("a sample of an unknown type")
	}
	body, err := webhooktest.Set(webhooktest.Sample(event.TypePackageUpdate, at), map[string]string{
		"package_list.0.order_id_list.0": "42", "shop_id": "77", "update_time": "5", "sc_type": "COMBINE", "new_field": "8",
	})
	if err != nil {
		t.Fatal(err)
	}
	v := typed(t, string(body)).(*event.PackageUpdate)
	if v.ShopID != "77" || v.Data.UpdateTime != 5 || v.Data.ScType != event.PackageChangeCombine || v.Data.PackageList[0].OrderIDList[0] != "42" {
		t.Errorf("Set made %s", body)
	}
	if _, err := webhooktest.Set(body, map[string]string{"package_list.9.package_id": "1"}); err == nil {
		t.Error("an index out of range is taken")
	}
	own := webhooktest.Complete(&event.OrderStatusChange{Data: event.OrderStatusChangeData{OrderID: "1"}})
	if own.Type != event.TypeOrderStatusChange || own.ShopID == "" || own.NotificationID == "" || own.Timestamp == 0 {
		t.Errorf("Complete made %+v", own)
	}
}
