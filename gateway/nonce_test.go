package gateway_test

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ttshop-go/ttshop/gateway"
	"github.com/ttshop-go/ttshop/policy"
	"github.com/ttshop-go/ttshop/sign"
)

// A signed request with a nonce works once; one without may be repeated.
func TestNonce(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	at := time.Now()
	now := func() time.Time {
		mu.Lock()
		defer mu.Unlock()
		return at
	}
	w := newWorld(t, func(c *gateway.Config) { c.Now = now })
	gb := w.shop("GB")
	issued := w.key(policy.Key{Name: "sdk", Allow: []string{"*"}, Shops: []string{"*"}}, w.sealer)
	other := w.key(policy.Key{Name: "other", Allow: []string{"*"}, Shops: []string{"*"}}, w.sealer)
	const path = "/order/202309/orders/search"
	signed := func(who policy.Issued, nonces ...string) string {
		query := url.Values{"app_key": {who.ID()}, "timestamp": {strconv.FormatInt(now().Unix(), 10)}, "shop_cipher": {gb.ID}, "page_size": {"1"}}
		if len(nonces) > 0 {
			query["nonce"] = nonces
		}
		query.Set("sign", sign.New(who.RevealSecret()).Sign(sign.Request{Path: path, Query: query}))
		return path + "?" + query.Encode()
	}
	send := func(target string) answer {
		return w.send("POST", target, http.Header{"Content-Type": {"application/json"}}, nil)
	}
	once, free, late := signed(issued, "one"), signed(issued), signed(issued, "late")
	for i, test := range []struct {
		target string
		status int
		reason gateway.Reason
	}{
		{once, 200, ""},
		{once, 401, gateway.ReasonSignature},
		{signed(issued, "one"), 401, gateway.ReasonSignature},
		{signed(other, "one"), 200, ""}, // another client's
		{signed(issued, "two"), 200, ""},
		{strings.Replace(once, "nonce=one", "nonce=three", 1), 401, gateway.ReasonSignature}, // it is signed
		{strings.Replace(once, "&nonce=one", "", 1), 401, gateway.ReasonSignature},
		{signed(issued, "three"), 200, ""}, // the forged one did not use it up
		{free, 200, ""},
		{free, 200, ""},
		{signed(issued, ""), 400, gateway.ReasonRequest},
		{signed(issued, strings.Repeat("x", 129)), 400, gateway.ReasonRequest},
		{signed(issued, "a", "b"), 400, gateway.ReasonRequest},
	} {
		if got := send(test.target); got.status != test.status || got.header.Get(gateway.HeaderReason) != string(test.reason) {
			t.Errorf("case %d: HTTP %d %v %s", i, got.status, got.header, got.body)
		}
		if _, there := w.tap.query["nonce"]; there {
			t.Errorf("case %d: the platform got the nonce", i)
		}
	}

	// To the end of its five minutes, and after it.
	mu.Lock()
	at = at.Add(4*time.Minute + 50*time.Second)
	mu.Unlock()
	if got := send(once); got.status != 401 {
		t.Errorf("a replay within five minutes: HTTP %d", got.status)
	}
	if got := send(late); got.status != 200 {
		t.Errorf("a first use within five minutes: HTTP %d %s", got.status, got.body)
	}
	mu.Lock()
	at = at.Add(20 * time.Second)
	mu.Unlock()
	if got := send(late); got.status != 401 || !strings.Contains(string(got.body), "5 minutes") {
		t.Errorf("after five minutes: HTTP %d %s", got.status, got.body)
	}

	// Of many at once, one.
	target := signed(issued, "race")
	var through atomic.Int64
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			if send(target).status == 200 {
				through.Add(1)
			}
		})
	}
	group.Wait()
	if through.Load() != 1 {
		t.Errorf("%d of 8 equal requests went through", through.Load())
	}
}
