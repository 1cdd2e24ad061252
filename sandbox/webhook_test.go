package sandbox_test

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ttshop-go/ttshop/sandbox"
	"github.com/ttshop-go/ttshop/webhook/event"
)

// patience is how long a test waits for what comes at once on an idle machine.
const patience = 30 * time.Second

// receiver takes webhooks in, as many of them as the test wants.
type receiver struct {
	*httptest.Server
	key, secret string
	arrived     chan received

	mu     sync.Mutex
	status int
}

type received struct {
	body    []byte
	genuine bool

	Type           int            `json:"type"`
	NotificationID string         `json:"tts_notification_id"`
	ShopID         string         `json:"shop_id"`
	SellerOpenID   string         `json:"seller_open_id"`
	CreatorOpenID  string         `json:"creator_open_id"`
	Timestamp      int64          `json:"timestamp"`
	Data           map[string]any `json:"data"`
}

func newReceiver(t *testing.T, w *world) *receiver {
	t.Helper()
	r := &receiver{key: w.credentials.AppKey, secret: w.credentials.AppSecret, arrived: make(chan received, 100), status: 200}
	r.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, request *http.Request) {
		body, err := io.ReadAll(request.Body)
		if err != nil {
			t.Error(err)
		}
		mac := hmac.New(sha256.New, []byte(r.secret))
		mac.Write([]byte(r.key))
		mac.Write(body)
		got := received{body: body, genuine: request.Header.Get("Authorization") == hex.EncodeToString(mac.Sum(nil))}
		decoder := json.NewDecoder(bytes.NewReader(body))
		decoder.UseNumber()
		if err := decoder.Decode(&got); err != nil {
			t.Errorf("the body is not JSON: %v\n%s", err, body)
		}
		r.mu.Lock()
		defer r.mu.Unlock()
		w.WriteHeader(r.status)
		r.arrived <- got
	}))
	t.Cleanup(r.Close)
	t.Cleanup(func() {
		if err := w.Close(); err != nil {
			t.Error(err)
		}
	})
	return r
}

func (r *receiver) answer(status int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.status = status
}

// next returns the next delivery, which is on its way.
func (r *receiver) next(t *testing.T) received {
	t.Helper()
	select {
	case got := <-r.arrived:
		return got
	case <-time.After(patience):
		t.Fatal("no webhook came")
	}
	panic("not reached")
}

// delivery is an entry of the log.
type delivery struct {
	ID       string `json:"id"`
	Type     int    `json:"type"`
	Status   string `json:"status"`
	Forged   bool   `json:"forged"`
	Due      int64  `json:"due"`
	Attempts []struct {
		Time   int64  `json:"time"`
		Status int    `json:"status"`
		Error  string `json:"error"`
	} `json:"attempts"`
}

func (w *world) deliveries(t *testing.T, query string) []delivery {
	t.Helper()
	var answer struct {
		Deliveries []delivery `json:"deliveries"`
	}
	if err := json.Unmarshal(w.steer(t, "GET", "webhooks/deliveries"+query, "", http.StatusOK), &answer); err != nil {
		t.Fatal(err)
	}
	return answer.Deliveries
}

// settled waits until the newest delivery has been tried so often.
func (w *world) settled(t *testing.T, attempts int) delivery {
	t.Helper()
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(time.Millisecond) {
		if list := w.deliveries(t, "?limit=1"); len(list) == 1 && len(list[0].Attempts) >= attempts {
			return list[0]
		}
	}
	t.Fatalf("the newest delivery was not tried %d times: %+v", attempts, w.deliveries(t, "?limit=1"))
	panic("not reached")
}

// calm waits until every delivery is answered and noted. A receiver knows of an
// answer before the sandbox does.
func (w *world) calm(t *testing.T) {
	t.Helper()
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(time.Millisecond) {
		if len(w.deliveries(t, "?status=PENDING")) == 0 {
			return
		}
	}
	t.Fatalf("deliveries are still on their way: %+v", w.deliveries(t, "?status=PENDING"))
}

type outcome struct{ ID, Status string }

func (w *world) trigger(t *testing.T, body string) outcome {
	t.Helper()
	var o outcome
	if err := json.Unmarshal(w.steer(t, "POST", "webhooks/trigger", body, http.StatusOK), &o); err != nil {
		t.Fatal(err)
	}
	return o
}

// Every type can be raised, is signed and names its owner.
func TestTriggerEveryType(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r := newReceiver(t, w)
	shop := w.shop("GB")
	seen := map[string]bool{}
	for _, kind := range append(event.Types(), 4711) {
		o := w.trigger(t, fmt.Sprintf(`{"type":%d,"shop_id":%q,"to":%q}`, kind, shop.ID, r.URL))
		if o.Status != "DELIVERED" || o.ID == "" {
			t.Fatalf("type %d: %+v", kind, o)
		}
		got := r.next(t)
		owners := map[event.Owner]string{event.OwnerShop: got.ShopID, event.OwnerSeller: got.SellerOpenID, event.OwnerCreator: got.CreatorOpenID}
		owner := kind.Owner()
		if owner == "" {
			owner = event.OwnerShop
		}
		for name, id := range owners {
			if (id != "") != (name == owner) {
				t.Errorf("type %d: owner %s is %q", kind, name, id)
			}
		}
		if (got.NotificationID == "") != (kind == event.TypeRecipientAddressUpdate) || got.NotificationID != "" && seen[got.NotificationID] {
			t.Errorf("type %d: notification id %q", kind, got.NotificationID)
		}
		seen[got.NotificationID] = true
		if !got.genuine || got.Type != int(kind) || got.Timestamp != start.Unix() || got.Data == nil {
			t.Errorf("type %d: %+v", kind, got)
		}
		var sample struct{ Data map[string]any }
		if raw := event.Sample(kind); raw != nil {
			if err := json.Unmarshal(raw, &sample); err != nil {
				t.Fatal(err)
			}
		}
		if len(sample.Data) != len(got.Data) {
			t.Errorf("type %d: data has %d fields, its sample %d", kind, len(got.Data), len(sample.Data))
		}
	}
	// What the sample is about is the shop's.
	w.trigger(t, fmt.Sprintf(`{"type":1,"shop_id":%q,"to":%q}`, shop.ID, r.URL))
	order, _ := r.next(t).Data["order_id"].(string)
	var found struct{ Orders []any }
	w.call(t, "GB", "GET", "/order/202507/orders", "ids="+order, "").into(t, &found)
	if len(found.Orders) != 1 {
		t.Errorf("the shop has no order %q", order)
	}
	w.trigger(t, fmt.Sprintf(`{"type":14,"shop_id":%q,"to":%q}`, shop.ID, r.URL))
	if id := fmt.Sprint(r.next(t).Data["conversation_id"]); w.conversation(t, "GB", id).ID != id {
		t.Errorf("the shop has no conversation %q", id)
	}
	// Data of the caller's own goes out as it is.
	w.trigger(t, fmt.Sprintf(`{"type":1,"data":{"b":1,"a":"<é>"},"to":%q}`, r.URL))
	if got := r.next(t); !bytes.Contains(got.body, []byte(`"data":{"b":1,"a":"<é>"}`)) || got.ShopID != w.credentials.Shops[0].ID {
		t.Errorf("body %s", got.body)
	}
}

// What a receiver has to live with: a wrong signature, and an event that was
// sent long ago. The answer tells what the receiver said.
func TestTriggerForgedAndOld(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r := newReceiver(t, w)
	var forged struct {
		Address  string
		Status   string
		Attempts []struct{ Status int }
	}
	answer := w.steer(t, "POST", "webhooks/trigger", fmt.Sprintf(`{"type":1,"forged":true,"to":%q}`, r.URL), http.StatusOK)
	if err := json.Unmarshal(answer, &forged); err != nil || forged.Address != r.URL || len(forged.Attempts) != 1 {
		t.Fatalf("%s, %v", answer, err)
	}
	if list := w.deliveries(t, ""); len(list) != 1 {
		t.Errorf("a forged webhook makes %d deliveries", len(list))
	}
	now := r.next(t)
	w.trigger(t, fmt.Sprintf(`{"type":1,"age":"13h","to":%q}`, r.URL))
	old := r.next(t)
	if now.genuine || !old.genuine {
		t.Errorf("the forged one is genuine: %t, the old one: %t", now.genuine, old.genuine)
	}
	const age = 13 * 60 * 60
	if d := now.Timestamp - old.Timestamp; d > age || d < age-60 {
		t.Errorf("it was sent %d s ago", d)
	}
	if changed, err := old.Data["update_time"].(json.Number).Int64(); err != nil || changed > old.Timestamp {
		t.Errorf("it tells of %v, after it was sent: %v", old.Data, err)
	}
	sample := string(w.steer(t, "GET", "webhooks/sample?type=1&shop_id="+w.shop("GB").ID, "", http.StatusOK))
	if !strings.HasPrefix(sample, `{"data":{"order_id":"`) {
		t.Errorf("sample %s", sample)
	}
	for _, query := range []string{"", "?type=x", "?type=1&shop_id=7"} {
		w.steer(t, "GET", "webhooks/sample"+query, "", http.StatusBadRequest)
	}
}

func TestTriggerRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, body := range []string{
		`{"type":1}`, `{"type":0,"to":"http://127.0.0.1:1/"}`, `{"type":1,"shop_id":"7","to":"http://127.0.0.1:1/"}`,
		`{"type":1,"to":"ftp://127.0.0.1/"}`, `{"type":1,"to":"nowhere"}`, `{"typ":1}`,
		`{"type":1,"to":"http://127.0.0.1:1/","age":"-1h"}`, `{"type":1,"to":"http://127.0.0.1:1/","age":"old"}`,
	} {
		w.steer(t, "POST", "webhooks/trigger", body, http.StatusBadRequest)
	}
	w.steer(t, "POST", "webhooks/deliveries/1/resend", "", http.StatusNotFound)
	w.steer(t, "PUT", "webhooks", `{"address":"http://user@host/"}`, http.StatusBadRequest)
	if list := w.deliveries(t, ""); len(list) != 0 {
		t.Errorf("refused requests left %+v", list)
	}
}

// The Event API keeps one address per topic and shop; the app's counts where a
// shop has none.
func TestWebhookAddresses(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	app, own := newReceiver(t, w), newReceiver(t, w)
	type listing struct {
		TotalCount int `json:"total_count"`
		Webhooks   []struct {
			Topic   string `json:"event_type"`
			Address string `json:"address"`
			Created int64  `json:"create_time"`
			Updated int64  `json:"update_time"`
		} `json:"webhooks"`
	}
	const path = "/event/202309/webhooks"
	set := func(topic, address string) *answer {
		return w.call(t, "GB", "PUT", path, "", fmt.Sprintf(`{"event_type":%q,"address":%q}`, topic, address))
	}
	set("ORDER_STATUS_CHANGE", "http://127.0.0.1:1/old").into(t, &struct{}{})
	w.steer(t, "POST", "clock", `{"freeze":true}`, http.StatusOK)
	w.steer(t, "POST", "clock", `{"advance":"60s"}`, http.StatusOK)
	w.now = start.Add(time.Minute)
	set("ORDER_STATUS_CHANGE", own.URL).into(t, &struct{}{})
	set("NEW_MESSAGE", own.URL).into(t, &struct{}{})
	var got listing
	w.call(t, "GB", "GET", path, "", "").into(t, &got)
	if got.TotalCount != 2 || got.Webhooks[1].Topic != "ORDER_STATUS_CHANGE" || got.Webhooks[1].Address != own.URL ||
		got.Webhooks[1].Created != start.Unix() || got.Webhooks[1].Updated != start.Unix()+60 {
		t.Errorf("addresses %+v", got)
	}
	var other listing
	w.call(t, "US", "GET", path, "", "").into(t, &other)
	if other.TotalCount != 0 || other.Webhooks == nil {
		t.Errorf("another shop has %+v", other)
	}

	gb, us := w.shop("GB").ID, w.shop("US").ID
	w.steer(t, "PUT", "webhooks", fmt.Sprintf(`{"address":%q,"types":[1,13]}`, app.URL), http.StatusOK)
	w.trigger(t, `{"type":1,"shop_id":"`+gb+`"}`)
	w.trigger(t, `{"type":1,"shop_id":"`+us+`"}`)
	if a, b := own.next(t), app.next(t); a.ShopID != gb || b.ShopID != us {
		t.Errorf("shops %s and %s", a.ShopID, b.ShopID)
	}
	w.steer(t, "POST", "webhooks/trigger", `{"type":14,"shop_id":"`+us+`"}`, http.StatusBadRequest)

	for range 2 { // deleting a missing one is not an error
		w.call(t, "GB", "DELETE", path, "", `{"event_type":"ORDER_STATUS_CHANGE"}`).into(t, &struct{}{})
	}
	w.trigger(t, `{"type":1,"shop_id":"`+gb+`"}`)
	if got := app.next(t); got.ShopID != gb {
		t.Errorf("%+v", got)
	}
	w.steer(t, "DELETE", "webhooks", "", http.StatusOK)
	w.steer(t, "POST", "webhooks/trigger", `{"type":13,"shop_id":"`+gb+`"}`, http.StatusBadRequest)

	for name, a := range map[string]*answer{
		"topic":   set("ORDER_STATUS", own.URL),
		"scheme":  set("NEW_MESSAGE", "gopher://example.com/"),
		"length":  set("NEW_MESSAGE", "https://example.com/"+strings.Repeat("a", 236)),
		"missing": w.call(t, "GB", "PUT", path, "", `{"event_type":"NEW_MESSAGE"}`),
	} {
		if a.Code != 36009004 {
			t.Errorf("%s: code %d: %s", name, a.Code, a.Message)
		}
	}
}

// A failure is repeated after 2 min, 30 min, 3 h and 12 h on the sandbox's
// clock, and then no more; any delivery can be sent again by hand.
func TestWebhookRetries(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r := newReceiver(t, w)
	w.steer(t, "POST", "clock", `{"freeze":true}`, http.StatusOK)
	r.answer(500)
	o := w.trigger(t, fmt.Sprintf(`{"type":1,"to":%q}`, r.URL))
	if o.Status != "RETRYING" {
		t.Fatalf("status %s", o.Status)
	}
	first := r.next(t)
	at := start.Unix()
	for i, step := range []int64{120, 1800, 10800, 43200} {
		w.steer(t, "POST", "clock", fmt.Sprintf(`{"advance":"%ds"}`, step-1), http.StatusOK)
		if list := w.deliveries(t, ""); len(list[0].Attempts) != i+1 || list[0].Due != at+step {
			t.Fatalf("a second early: %+v", list[0])
		}
		w.steer(t, "POST", "clock", `{"advance":"1s"}`, http.StatusOK)
		at += step
		again := r.next(t)
		if again.NotificationID != first.NotificationID || !reflect.DeepEqual(again.Data, first.Data) || !again.genuine {
			t.Errorf("attempt %d differs: %s", i+2, again.body)
		}
		if first.Timestamp != start.Unix() || again.Timestamp != at {
			t.Errorf("attempt %d is stamped %d, the first %d; the clock says %d", i+2, again.Timestamp, first.Timestamp, at)
		}
		d := w.settled(t, i+2)
		if last := d.Attempts[i+1]; last.Time != at || last.Status != 500 {
			t.Errorf("attempt %d: %+v", i+2, last)
		}
	}
	if d := w.settled(t, 5); d.Status != "DROPPED" || d.Due != 0 {
		t.Errorf("in the end %+v", d)
	}
	w.steer(t, "POST", "clock", `{"advance":"720h"}`, http.StatusOK)
	if d := w.settled(t, 5); len(d.Attempts) != 5 {
		t.Errorf("%d attempts", len(d.Attempts))
	}
	r.answer(200)
	w.steer(t, "POST", "webhooks/deliveries/"+o.ID+"/resend", "", http.StatusOK)
	if again := r.next(t); again.NotificationID != first.NotificationID || again.Timestamp != at+720*3600 || !again.genuine {
		t.Errorf("resent %s", again.body)
	}
	if d := w.settled(t, 6); d.Status != "DELIVERED" {
		t.Errorf("after all %+v", d)
	}
}

// A clock that is moved far passes all attempts on the way, a receiver that
// cannot be reached is told by the log, and what waits survives a snapshot.
func TestWebhookUnreachable(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	t.Cleanup(func() { _ = w.Close() })
	w.steer(t, "POST", "clock", `{"freeze":true}`, http.StatusOK)
	if o := w.trigger(t, `{"type":1,"to":"http://127.0.0.1:1/"}`); o.Status != "RETRYING" {
		t.Fatalf("status %s", o.Status)
	}
	taken := w.steer(t, "GET", "snapshot", "", http.StatusOK)
	w.steer(t, "POST", "clock", `{"advance":"72h"}`, http.StatusOK)
	if d := w.settled(t, 5); d.Status != "DROPPED" || d.Attempts[4].Status != 0 || d.Attempts[4].Error == "" {
		t.Errorf("%+v", d)
	}
	w.steer(t, "PUT", "snapshot", string(taken), http.StatusOK)
	if d := w.deliveries(t, ""); len(d) != 1 || d[0].Status != "RETRYING" || d[0].Due != start.Unix()+120 {
		t.Errorf("restored %+v", d)
	}
	w.steer(t, "POST", "clock", `{"advance":"72h"}`, http.StatusOK)
	w.settled(t, 5)
	w.steer(t, "POST", "reset", "", http.StatusOK)
	if d := w.deliveries(t, ""); len(d) != 0 {
		t.Errorf("after a reset %+v", d)
	}
}

// An answer that does not come within three seconds is a failure, and Close
// waits for nobody.
func TestWebhookClose(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.Sandbox.DeliveryTimeout(time.Hour)
	held, reached := make(chan struct{}), make(chan struct{}, 100)
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, _ *http.Request) {
		reached <- struct{}{}
		<-held
	}))
	defer server.Close()
	defer close(held)
	w.steer(t, "PUT", "webhooks", fmt.Sprintf(`{"address":%q}`, server.URL), http.StatusOK)
	w.change(t)
	<-reached
	closed := make(chan error, 1)
	go func() { closed <- w.Close() }()
	select {
	case err := <-closed:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(time.Minute):
		t.Fatal("Close waits for the receiver")
	}
	w.now = start.Add(36 * time.Hour)
	w.create(t, "GB", w.newDraft(t, "GB")) // nothing is delivered, nothing breaks
}

func TestWebhookFaults(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r := newReceiver(t, w)
	w.steer(t, "POST", "clock", `{"freeze":true}`, http.StatusOK)
	raise := func(kind int) outcome { return w.trigger(t, fmt.Sprintf(`{"type":%d,"to":%q}`, kind, r.URL)) }

	w.steer(t, "POST", "faults", `{"match":{"webhook":1},"next":1,"then":{"webhook":"duplicate"}}`, http.StatusCreated)
	raise(13)
	r.next(t)
	raise(1)
	if a, b := r.next(t), r.next(t); !bytes.Equal(a.body, b.body) || !a.genuine || !b.genuine {
		t.Errorf("no duplicate: %s and %s", a.body, b.body)
	}

	w.steer(t, "POST", "faults", `{"next":1,"then":{"webhook":"late","delay":"2h"}}`, http.StatusCreated)
	if o := raise(1); o.Status != "PENDING" {
		t.Errorf("a late one is %s", o.Status)
	}
	w.steer(t, "POST", "clock", `{"advance":"2h"}`, http.StatusOK)
	if got := r.next(t); got.Timestamp != start.Unix() {
		t.Errorf("late one: %+v", got)
	}

	w.steer(t, "POST", "faults", `{"next":1,"then":{"webhook":"forged"}}`, http.StatusCreated)
	raise(1)
	if a, b := r.next(t), r.next(t); a.genuine == b.genuine {
		t.Errorf("genuine: %v and %v", a.genuine, b.genuine)
	}
	for _, body := range []string{
		`{"then":{"webhook":"lost"}}`, `{"match":{"webhook":1},"then":{"status":500}}`, `{"match":{"path":"/x"},"then":{"webhook":"duplicate"}}`,
		`{"then":{"webhook":"late"}}`, `{"then":{"webhook":"forged","delay":"1s"}}`, `{"match":{"webhook":-1},"then":{"webhook":"forged"}}`,
	} {
		w.steer(t, "POST", "faults", body, http.StatusBadRequest)
	}
}

// What happens to products is announced, also the end of a review at which
// nobody looks.
func TestProductWebhooks(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(c *sandbox.Config) { c.AuditDelay = time.Hour })
	r := newReceiver(t, w)
	w.steer(t, "PUT", "webhooks", fmt.Sprintf(`{"address":%q}`, r.URL), http.StatusOK)
	w.steer(t, "POST", "clock", `{"freeze":true}`, http.StatusOK)
	p := ""
	expect := func(what string, data ...string) {
		t.Helper()
		want := map[string]bool{}
		for _, d := range data {
			want[d] = true
		}
		for range data {
			got := r.next(t)
			for p != "" && fmt.Sprint(got.Data["product_id"]) != p { // one of the seed
				got = r.next(t)
			}
			delete(got.Data, "product_id")
			delete(got.Data, "update_time")
			text, err := json.Marshal(got.Data)
			if err != nil {
				t.Fatal(err)
			}
			if key := fmt.Sprintf("%d %s", got.Type, text); !want[key] {
				t.Errorf("%s: unexpected %s", what, key)
			} else {
				delete(want, key)
			}
		}
	}
	p = w.create(t, "GB", w.newDraft(t, "GB"))
	expect("creation", `16 {"product_types":[]}`, `37 {"audit":{"pre_approved_reasons":[],"status":"AUDITING"}}`)
	w.steer(t, "POST", "clock", `{"advance":"1h"}`, http.StatusOK)
	w.now = start.Add(time.Hour)
	expect("review", `37 {"audit":{"pre_approved_reasons":[],"status":"APPROVED"}}`, `5 {"status":"PRODUCT_FIRST_PASS_REVIEW","suspended_reason":""}`)
	w.call(t, "GB", "POST", "/product/202309/products/"+p+"/partial_edit", "", `{"title":"A title that is long enough for every market"}`).into(t, &struct{}{})
	expect("edit", `37 {"audit":{"pre_approved_reasons":[],"status":"AUDITING"}}`)
	w.steer(t, "POST", "clock", `{"advance":"1h"}`, http.StatusOK)
	expect("review of the edit", `37 {"audit":{"pre_approved_reasons":[],"status":"APPROVED"}}`, `15 {"change_source":"OPEN_API","changed_fields":["title"]}`)
}
