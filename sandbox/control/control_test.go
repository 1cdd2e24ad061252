package control_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ttshop-go/ttshop/sandbox"
	"github.com/ttshop-go/ttshop/sandbox/control"
)

// start runs a sandbox and returns its address and a client.
func start(t *testing.T) (base string, c *control.Client) {
	t.Helper()
	sb, err := sandbox.New(sandbox.Config{Seed: 3})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(sb)
	t.Cleanup(func() {
		server.Close()
		sb.Close()
	})
	return server.URL, control.NewWithClient(server.URL, server.Client())
}

// status returns how the sandbox answers an unsigned request, 0 where it cuts
// the connection.
func status(t *testing.T, address string) (status int, body string) {
	t.Helper()
	// On a reused connection the client would retry by itself.
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	response, err := client.Get(address)
	if err != nil {
		return 0, ""
	}
	defer response.Body.Close()
	raw, err := io.ReadAll(response.Body)
	if err != nil {
		return 0, ""
	}
	return response.StatusCode, string(raw)
}

func TestClockAndState(t *testing.T) {
	t.Parallel()
	_, c := start(t)
	ctx := t.Context()
	if _, err := c.Freeze(ctx, true); err != nil {
		t.Fatal(err)
	}
	at, err := c.SetClock(ctx, time.Unix(1_800_000_000, 0))
	if err != nil || at != (control.Clock{Now: 1_800_000_000, Frozen: true}) {
		t.Fatalf("SetClock: %+v, %v", at, err)
	}
	if at, err = c.Advance(ctx, 72*time.Hour); err != nil || at.Now != 1_800_000_000+72*3600 {
		t.Fatalf("Advance: %+v, %v", at, err)
	}
	taken, err := c.Snapshot(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Reseed(ctx, 4); err != nil {
		t.Fatal(err)
	}
	if h, err := c.Health(ctx); err != nil || h.Seed != 4 || h.Frozen || h.Status != "ok" {
		t.Fatalf("Health: %+v, %v", h, err)
	}
	if err := c.Restore(ctx, taken); err != nil {
		t.Fatal(err)
	}
	if again, err := c.Snapshot(ctx); err != nil || !bytes.Equal(again, taken) {
		t.Fatalf("the restored snapshot differs (%v)", err)
	}
	if err := c.Reset(ctx); err != nil {
		t.Fatal(err)
	}
	if h, err := c.Health(ctx); err != nil || h.Seed != 3 {
		t.Fatalf("Health: %+v, %v", h, err)
	}
	refused, ok := errors.AsType[*control.Error](c.Restore(ctx, []byte("{}")))
	if !ok || refused.Status != http.StatusBadRequest || !strings.Contains(refused.Message, "format") {
		t.Errorf("Restore of nothing: %v", refused)
	}
}

func TestFaultsAndThrottle(t *testing.T) {
	t.Parallel()
	base, c := start(t)
	ctx := t.Context()
	want := []control.Fault{
		{Match: control.Match{Path: "/nowhere"}, Next: 1, Then: control.Effect{Status: 503, Delay: time.Millisecond}},
		{Match: control.Match{Path: "/nowhere"}, Next: 1, Then: control.Effect{Cut: "before"}},
		{Match: control.Match{Method: "POST", Operation: "order.*", ShopID: "1", AppKey: "k"}, Probability: 0.25, Then: control.Effect{Token: "expired"}},
	}
	var ids []string
	for _, f := range want {
		id, err := c.AddFault(ctx, f)
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, id)
	}
	list, err := c.Faults(ctx)
	if err != nil || len(list) != len(want) {
		t.Fatalf("Faults: %+v, %v", list, err)
	}
	for i, f := range list {
		if f.Fault != want[i] || f.ID != ids[i] || f.Left != want[i].Next {
			t.Errorf("fault %d: %+v, want %+v", i, f, want[i])
		}
	}
	for _, want := range []int{503, 0, 404} {
		if got, _ := status(t, base+"/nowhere"); got != want {
			t.Errorf("status %d, want %d", got, want)
		}
	}
	if err := c.RemoveFault(ctx, ids[2]); err != nil {
		t.Fatal(err)
	}
	if refused, ok := errors.AsType[*control.Error](c.RemoveFault(ctx, ids[2])); !ok || refused.Status != http.StatusNotFound {
		t.Errorf("removed twice: %v", refused)
	}
	if _, err := c.AddFault(ctx, control.Fault{}); err == nil {
		t.Error("a fault that does nothing was taken")
	}

	rates := control.Throttle{Rate: 20, Rules: []control.ThrottleRule{{Match: control.Match{Operation: "product.*"}, Rate: 0.5}}}
	if err := c.SetThrottle(ctx, rates); err != nil {
		t.Fatal(err)
	}
	if got, err := c.Throttle(ctx); err != nil || got.Rate != 20 || !slices.Equal(got.Rules, rates.Rules) {
		t.Errorf("Throttle: %+v, %v", got, err)
	}
}

func TestAccess(t *testing.T) {
	t.Parallel()
	base, c := start(t)
	ctx := t.Context()
	credentials, err := c.Credentials(ctx)
	if err != nil || credentials.BaseURL != base || len(credentials.Shops) != 4 {
		t.Fatalf("Credentials: %v, %v", credentials, err)
	}
	if strings.Contains(credentials.String(), credentials.AppSecret) {
		t.Error("the secret is printed")
	}
	app, err := c.AddApp(ctx, control.App{Key: "second", Secret: "s", Scopes: []string{"seller.order.info", "seller.shop.info"}})
	if err != nil || app.ServiceID == "" || app.RedirectURL == "" {
		t.Fatalf("AddApp: %+v, %v", app, err)
	}
	if apps, err := c.Apps(ctx); err != nil || len(apps) != 2 || apps[0].Key != credentials.AppKey {
		t.Fatalf("Apps: %v, %v", apps, err)
	}
	users, err := c.Users(ctx)
	if err != nil || len(users) < 4 {
		t.Fatalf("Users: %+v, %v", users, err)
	}
	g, err := c.Authorize(ctx, control.NewGrant{AppKey: "second", User: users[1].OpenID, Scopes: []string{"seller.order.info"}})
	if err != nil || g.Name != users[1].Name || !slices.Equal(g.Scopes, []string{"seller.order.info"}) || g.AccessToken == "" {
		t.Fatalf("Authorize: %+v, %v", g, err)
	}
	query := url.Values{"app_key": {"second"}, "app_secret": {"s"}, "auth_code": {g.AuthCode}, "grant_type": {"authorized_code"}}
	if _, body := status(t, base+"/api/v2/token/get?"+query.Encode()); !strings.Contains(body, `"code":0`) {
		t.Errorf("the code does not work: %s", body)
	}
	if err := c.Revoke(ctx, g.ID); err != nil {
		t.Fatal(err)
	}
	if grants, err := c.Grants(ctx); err != nil || len(grants) != 2 || !grants[1].Revoked {
		t.Errorf("Grants: %+v, %v", grants, err)
	}

	// What the log shows of the exchange keeps its secrets.
	last, err := c.Requests(ctx, 1, "/api/")
	if err != nil || len(last) != 1 || last[0].Operation != "oauth.GetAccessToken" {
		t.Fatalf("Requests: %+v, %v", last, err)
	}
	detail, err := c.Request(ctx, last[0].ID)
	if err != nil || detail.Query["grant_type"] != "authorized_code" || !strings.Contains(detail.ResponseBody, "open_id") {
		t.Fatalf("Request: %+v, %v", detail, err)
	}
	raw, err := json.Marshal(detail)
	if err != nil || strings.Contains(string(raw), g.AuthCode) || strings.Contains(string(raw), "TTP_") || strings.Contains(string(raw), "GCP_") {
		t.Errorf("the log shows a secret: %s", raw)
	}
	if _, err := c.Request(ctx, 99999); err == nil {
		t.Error("a request that never was is found")
	}
}

// offer returns a shop and a SKU of it that can be ordered.
func offer(t *testing.T, c *control.Client) (shopID, skuID string) {
	t.Helper()
	raw, err := c.Snapshot(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var state struct {
		Shops []struct {
			Shop     control.Shop
			Products struct {
				List []struct {
					Status string
					Stock  map[string][]struct{ Available int }
				}
			}
		}
	}
	if err := json.Unmarshal(raw, &state); err != nil {
		t.Fatal(err)
	}
	for _, p := range state.Shops[0].Products.List {
		for sku, places := range p.Stock {
			if p.Status == "ACTIVATE" && len(places) > 0 && places[0].Available > 5 {
				return state.Shops[0].Shop.ID, sku
			}
		}
	}
	t.Fatal("nothing can be ordered")
	return "", ""
}

func TestOrders(t *testing.T) {
	t.Parallel()
	_, c := start(t)
	ctx := t.Context()
	shop, sku := offer(t, c)
	id, err := c.PlaceOrder(ctx, control.Order{ShopID: shop, Lines: []control.Line{{SKUID: sku, Quantity: 2}}, ShippingType: "SELLER"})
	if err != nil || id == "" {
		t.Fatalf("PlaceOrder: %s, %v", id, err)
	}
	if status, err := c.MoveOrder(ctx, id, "DELIVERED"); err != nil || status != "DELIVERED" {
		t.Fatalf("MoveOrder: %s, %v", status, err)
	}
	refused, ok := errors.AsType[*control.Error](func() error { _, err := c.MoveOrder(ctx, id, "UNPAID"); return err }())
	if !ok || refused.Status != http.StatusConflict {
		t.Errorf("back to the beginning: %v", refused)
	}
	back, err := c.AskAsBuyer(ctx, id, control.Ask{Ask: "return"})
	if err != nil || back.ID == "" {
		t.Fatalf("AskAsBuyer: %+v, %v", back, err)
	}
	if status, err := c.StepAfterSale(ctx, back.ID, "withdraw"); err != nil || status == back.Status {
		t.Errorf("StepAfterSale: %s, %v", status, err)
	}
	if _, err := c.AskAsBuyer(ctx, id, control.Ask{Ask: "cancel"}); err == nil {
		t.Error("a delivered order can be cancelled")
	} else if refused, ok := errors.AsType[*control.Error](err); !ok || refused.Code == 0 {
		t.Errorf("a delivered order is cancelled: %+v", refused)
	}
}

func TestWebhooks(t *testing.T) {
	t.Parallel()
	_, c := start(t)
	ctx := t.Context()
	var mu sync.Mutex
	var seen []string
	receiver := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		mu.Lock()
		defer mu.Unlock()
		seen = append(seen, string(body))
	}))
	defer receiver.Close()
	if _, err := c.TriggerWebhook(ctx, control.Trigger{Type: 1}); err == nil {
		t.Error("a webhook without an address is raised")
	}
	if err := c.SetWebhook(ctx, control.AppWebhook{Address: receiver.URL}); err != nil {
		t.Fatal(err)
	}
	if app, err := c.Webhook(ctx); err != nil || app.Address != receiver.URL {
		t.Errorf("Webhook: %+v, %v", app, err)
	}
	if sample, err := c.SampleWebhook(ctx, 1, ""); err != nil || !strings.Contains(string(sample), `"order_status"`) {
		t.Errorf("SampleWebhook: %s, %v", sample, err)
	}
	sent, err := c.TriggerWebhook(ctx, control.Trigger{Type: 1, Data: map[string]string{"order_id": "576"}})
	if err != nil || sent.ID == "" {
		t.Fatalf("%+v, %v", sent, err)
	}
	if len(sent.Attempts) != 1 || sent.Attempts[0].Status != 200 || sent.Address != receiver.URL {
		t.Errorf("TriggerWebhook tells %+v", sent)
	}
	if again, err := c.Resend(ctx, sent.ID); err != nil || again.ID != sent.ID {
		t.Errorf("Resend: %+v, %v", again, err)
	}
	mu.Lock()
	if len(seen) != 2 || unstamped(seen[0]) != unstamped(seen[1]) || !strings.Contains(seen[0], `"order_id":"576"`) {
		t.Errorf("received %v", seen)
	}
	mu.Unlock()
	list, err := c.Deliveries(ctx, 1, 1)
	if err != nil || len(list) != 1 || list[0].ID != sent.ID || len(list[0].Attempts) != 2 || list[0].Attempts[0].Status != 200 {
		t.Errorf("Deliveries: %+v, %v", list, err)
	}

	// Revoking a grant tells the app, for each shop.
	grants, err := c.Grants(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Revoke(ctx, grants[0].ID); err != nil {
		t.Fatal(err)
	}
	if list, err := c.Deliveries(ctx, 0, 6); err != nil || len(list) != 4 || !strings.Contains(list[0].Body, "ended the authorization") {
		t.Errorf("after a revocation: %+v, %v", list, err)
	}
	if err := c.RemoveWebhook(ctx); err != nil {
		t.Error(err)
	}

	// Another app has an address of its own.
	if _, err := c.AddApp(ctx, control.App{Key: "second", Secret: "s"}); err != nil {
		t.Fatal(err)
	}
	if err := c.SetWebhook(ctx, control.AppWebhook{Address: receiver.URL, AppKey: "second"}); err != nil {
		t.Fatal(err)
	}
	if _, err := c.TriggerWebhook(ctx, control.Trigger{Type: 1, AppKey: "second"}); err != nil {
		t.Error(err)
	}
	if list, err := c.Deliveries(ctx, 1, 1); err != nil || len(list) != 1 || list[0].AppKey != "second" {
		t.Errorf("Deliveries: %+v, %v", list, err)
	}
	if err := c.RemoveWebhookOf(ctx, "second"); err != nil {
		t.Error(err)
	}
	if err := c.RemoveWebhookOf(ctx, "nobody"); err == nil {
		t.Error("the address of no app was removed")
	}
	late := control.Fault{Match: control.Match{Webhook: 1}, Next: 1, Then: control.Effect{Webhook: "late", Delay: time.Minute}}
	if _, err := c.AddFault(ctx, late); err != nil {
		t.Fatal(err)
	}
	if got, err := c.Faults(ctx); err != nil || len(got) != 1 || got[0].Fault != late {
		t.Errorf("Faults: %+v, %v", got, err)
	}
}

func TestConversations(t *testing.T) {
	t.Parallel()
	_, c := start(t)
	ctx := t.Context()
	credentials, err := c.Credentials(ctx)
	if err != nil {
		t.Fatal(err)
	}
	id, err := c.StartConversation(ctx, control.Conversation{ShopID: credentials.Shops[0].ID, Text: "Hello?"})
	if err != nil || id == "" {
		t.Fatalf("%q, %v", id, err)
	}
	for _, m := range []control.Message{{Text: "Anybody?"}, {Type: "PRODUCT_CARD", Content: map[string]string{"product_id": "1"}}} {
		if written, err := c.WriteAsBuyer(ctx, id, m); err != nil || written == "" {
			t.Errorf("%+v: %q, %v", m, written, err)
		}
	}
	if _, err := c.WriteAsBuyer(ctx, id, control.Message{}); err == nil {
		t.Error("an empty message was written")
	}
	if err := c.EndConversation(ctx, id, 5); err != nil {
		t.Error(err)
	}
	if refused, ok := errors.AsType[*control.Error](c.EndConversation(ctx, id, 0)); !ok || refused.Status != http.StatusConflict {
		t.Errorf("ended twice: %v", refused)
	}
	if _, err := c.StartConversation(ctx, control.Conversation{ShopID: "7"}); err == nil {
		t.Error("a conversation with no shop began")
	}
}

// unstamped is a delivery without the time of its attempt.
func unstamped(body string) string {
	return regexp.MustCompile(`"timestamp":\d+`).ReplaceAllString(body, "")
}
