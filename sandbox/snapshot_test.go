package sandbox_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/ttshop-go/ttshop/sandbox"
)

// steer sends a request to the control API from this machine and fails where
// the status is not the wanted one.
func (w *world) steer(t testing.TB, method, path, body string, status int) []byte {
	t.Helper()
	var sent io.Reader
	if body != "" {
		sent = strings.NewReader(body)
	}
	r := httptest.NewRequest(method, "http://localhost/_sandbox/"+path, sent)
	r.RemoteAddr = "127.0.0.1:1"
	recorder := httptest.NewRecorder()
	w.ServeHTTP(recorder, r)
	if recorder.Code != status {
		t.Fatalf("%s %s: status %d, want %d: %.300s", method, path, recorder.Code, status, recorder.Body)
	}
	return recorder.Body.Bytes()
}

// change does a bit of everything that a snapshot has to keep.
func (w *world) change(t *testing.T) {
	t.Helper()
	w.call(t, "", "POST", "/product/202309/brands", "", `{"name":"Larkspur"}`).into(t, &struct{}{})
	var search struct {
		Products []struct {
			ID   string `json:"id"`
			SKUs []struct {
				ID string `json:"id"`
			} `json:"skus"`
		} `json:"products"`
	}
	w.call(t, "GB", "POST", "/product/202502/products/search", "page_size=5", `{"status":"ACTIVATE"}`).into(t, &search)
	ids, err := json.Marshal(map[string]any{"product_ids": []string{search.Products[0].ID, search.Products[1].ID}})
	if err != nil {
		t.Fatal(err)
	}
	w.call(t, "GB", "POST", "/product/202309/products/deactivate", "", string(ids)).into(t, &struct{}{})
	w.ask(t, w.placed(t, "GB", "", "DELIVERED", 1, 2), "return")
	w.ask(t, w.placed(t, "US", "", "AWAITING_SHIPMENT", 1), "cancel")
	w.steer(t, "POST", "clock", `{"freeze":true}`, http.StatusOK)
	w.advance(t, "36h")
	for _, region := range regions {
		w.placed(t, region, "", "PARTIALLY_SHIPPING", 1, 1)
		w.ask(t, w.placed(t, region, "", "AWAITING_SHIPMENT", 1), "cancel")
		w.ask(t, w.placed(t, region, "", "DELIVERED", 1), "replace")
		w.place(t, region, "SELLER", 2)
	}
	w.steer(t, "POST", "faults", `{"match":{"path":"/nowhere"},"probability":0.5,"then":{"delay":"1s"}}`, http.StatusCreated)
	w.steer(t, "POST", "apps", `{"app_key":"another","app_secret":"secret"}`, http.StatusCreated)
	w.steer(t, "POST", "grants", `{"app_key":"another","scopes":["seller.order.info"]}`, http.StatusCreated)
	w.steer(t, "DELETE", "grants/2", "", http.StatusOK)
	w.Credentials()
	w.call(t, "VN", "PUT", "/event/202309/webhooks", "", `{"event_type":"NEW_MESSAGE","address":"https://example.com/"}`)
	w.steer(t, "PUT", "webhooks", `{"address":"http://127.0.0.1:1/","types":[38]}`, http.StatusOK)
}

// A snapshot that is restored is equal to the byte, in the same sandbox and in
// another one, and both go on alike.
func TestSnapshot(t *testing.T) {
	t.Parallel()
	original := newWorld(t)
	original.change(t)
	taken := original.steer(t, "GET", "snapshot", "", http.StatusOK)
	other := newWorld(t, func(c *sandbox.Config) { c.Seed = 99 })
	for _, w := range []*world{original, other} {
		w.call(t, "", "POST", "/product/202309/brands", "", `{"name":"Gone again"}`)
		w.steer(t, "PUT", "snapshot", string(taken), http.StatusOK)
		if after := w.steer(t, "GET", "snapshot", "", http.StatusOK); !bytes.Equal(taken, after) {
			t.Fatalf("a restored snapshot differs: %s", firstDifference(taken, after))
		}
	}

	for _, w := range []*world{original, other} {
		w.Credentials() // draws a code
		w.credentials = original.credentials
		w.advance(t, "49h") // deadlines act
		w.move(t, w.place(t, "VN", "", 1, 1), "DELIVERED")
	}
	one, two := original.steer(t, "GET", "snapshot", "", http.StatusOK), other.steer(t, "GET", "snapshot", "", http.StatusOK)
	if bytes.Equal(one, taken) || !bytes.Equal(one, two) {
		t.Errorf("the sandboxes do not go on alike: %s", firstDifference(one, two))
	}
}

func firstDifference(a, b []byte) string {
	n := 0
	for n < min(len(a), len(b)) && a[n] == b[n] {
		n++
	}
	around := func(s []byte) string { return string(s[max(0, n-80):min(len(s), n+80)]) }
	return around(a) + "\n" + around(b)
}

// What is not a snapshot changes nothing.
func TestSnapshotRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	taken := string(w.steer(t, "GET", "snapshot", "", http.StatusOK))
	for name, body := range map[string]string{
		"no JSON":        "snapshot",
		"other format":   strings.Replace(taken, `"format":1`, `"format":2`, 1),
		"unknown field":  strings.Replace(taken, `"format":1`, `"format":1,"more":true`, 1),
		"missing part":   strings.Replace(taken, `"faults":{`, `"misfortunes":{`, 1),
		"fewer shops":    taken[:strings.Index(taken, `"shops":[`)] + `"shops":[]}`,
		"broken authors": strings.Replace(taken, `"grant":0`, `"grant":77`, 1),
	} {
		t.Log(name)
		w.steer(t, "PUT", "snapshot", body, http.StatusBadRequest)
	}
	if after := string(w.steer(t, "GET", "snapshot", "", http.StatusOK)); after != taken {
		t.Error("a refused snapshot left its mark")
	}
}

// Snapshots, restorations and resets under load: no change is seen half done,
// and every request is answered.
func TestSnapshotUnderLoad(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	taken := string(w.steer(t, "GET", "snapshot", "", http.StatusOK))
	var group sync.WaitGroup
	done := make(chan struct{})
	for i := range 2 {
		group.Go(func() {
			for n := 0; ; n++ {
				select {
				case <-done:
					return
				default:
				}
				if a := w.call(t, "US", "POST", searchPath, "page_size=3", ""); a.Code != 0 {
					t.Errorf("code %d: %s", a.Code, a.Message)
					return
				}
				w.call(t, "", "POST", "/product/202309/brands", "", fmt.Sprintf(`{"name":"Brand %c%d"}`, 'A'+i, n%900))
				w.call(t, "GB", "GET", "/analytics/202509/shop/performance", "start_date_ge=2026-03-01&end_date_lt=2026-03-04", "")
			}
		})
	}
	if !json.Valid(w.steer(t, "GET", "snapshot", "", http.StatusOK)) {
		t.Error("the snapshot is broken")
	}
	w.steer(t, "PUT", "snapshot", taken, http.StatusOK)
	w.steer(t, "POST", "reset", "", http.StatusOK)
	close(done)
	group.Wait()
}
