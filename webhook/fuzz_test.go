package webhook_test

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"testing"

	"github.com/ttshop-go/ttshop/webhook"
	"github.com/ttshop-go/ttshop/webhook/event"
)

// FuzzHandler holds the handler against a plain reading of the rule: a delivery
// is taken if and only if its signature is the digest of key and body.
func FuzzHandler(f *testing.F) {
	app, err := webhook.NewApp("k", "new", "old")
	if err != nil {
		f.Fatal(err)
	}
	other, err := webhook.NewApp("key2", "other")
	if err != nil {
		f.Fatal(err)
	}
	for _, typ := range event.Types() {
		body := event.Sample(typ)
		f.Add(app.Sign(body), body)
	}
	f.Add("", []byte(nil))
	f.Add(other.Sign([]byte(`{"type":`)), []byte(`{"type":`))
	digest := func(key, secret string, body []byte) string {
		mac := hmac.New(sha256.New, []byte(secret))
		mac.Write([]byte(key))
		mac.Write(body)
		return hex.EncodeToString(mac.Sum(nil))
	}
	f.Fuzz(func(t *testing.T, authorization string, body []byte) {
		taken := 0
		h := webhook.NewHandler(app, webhook.WithApps(other), webhook.WithReplayWindow(0), quiet())
		h.OnOther(func(context.Context, *webhook.Event) error { taken++; return nil })
		genuine := authorization == digest("k", "new", body) || authorization == digest("k", "old", body) || authorization == digest("key2", "other", body)
		e, err := h.Verify(authorization, body)
		if (err == nil) != genuine {
			t.Fatalf("genuine is %t, error %v", genuine, err)
		}
		if err == nil && (string(e.Meta.Raw) != string(body) || e.Meta.Key == "") {
			t.Fatal("the body or the key is lost")
		}
		// The right signature is always taken, whatever the body is.
		h.OnOther(func(context.Context, *webhook.Event) error { taken++; return nil })
		if w := post(h, app.Sign(body), body); w.Code != 200 || taken != 1 {
			t.Fatalf("a signed delivery is answered %d and handled %d times", w.Code, taken)
		}
		if w := post(h, authorization, append(body, 0)); w.Code != 401 && authorization != digest("k", "new", append(body, 0)) {
			t.Fatalf("a changed delivery is answered %d", w.Code)
		}
	})
}

// FuzzDecode: what can be read can be written, and is read the same again.
func FuzzDecode(f *testing.F) {
	for _, typ := range event.Types() {
		f.Add(event.Sample(typ))
	}
	f.Add([]byte(`{"type":"5","data":{"product_id":"1","update_time":"7"}}`))
	f.Add([]byte(`{"type":59,"data":{"violation_check_result":[{"issues":{"suggestions":1}}]}}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		e, err := webhook.Parse(body)
		if err != nil {
			return
		}
		if !json.Valid(body) {
			t.Fatal("read what is not JSON")
		}
		e.Object()
		e.Time()
		e.SetApp("k")
		for i := range len(e.Meta.Key) {
			if c := e.Meta.Key[i]; c <= ' ' || c > '~' {
				t.Fatalf("key %q is not plain", e.Meta.Key)
			}
		}
		v, err := e.Typed()
		if err != nil || v == nil {
			return
		}
		first, err := json.Marshal(v)
		if err != nil {
			t.Fatalf("writing %+v: %v", v, err)
		}
		again, err := webhook.Parse(first)
		if err != nil {
			t.Fatalf("reading %s: %v", first, err)
		}
		if again.Type != e.Type {
			if e.Meta.Bare { // an empty one lacks what bare deliveries are known by
				return
			}
			t.Fatalf("type %d became %d", e.Type, again.Type)
		}
		w, err := again.Typed()
		if err != nil {
			t.Fatalf("typing %s: %v", first, err)
		}
		second, err := json.Marshal(w)
		if err != nil || string(second) != string(first) {
			t.Fatalf("first  %s\nsecond %s, %v", first, second, err)
		}
	})
}
