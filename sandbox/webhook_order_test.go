package sandbox_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ttshop-go/ttshop/sandbox"
)

// Where webhooks are shuffled all of them arrive, each once, in another order.
func TestShuffledWebhooks(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(c *sandbox.Config) { c.WebhookOrder = sandbox.WebhooksShuffled })
	r := newReceiver(t, w)
	w.steer(t, "POST", "clock", `{"freeze":true}`, http.StatusOK)
	w.steer(t, "PUT", "webhooks", fmt.Sprintf(`{"address":%q,"types":[1]}`, r.URL), http.StatusOK)
	id := w.placed(t, "GB", "TIKTOK", "DELIVERED", 1)
	for range 6 { // seconds; the longest wait is 5
		for deadline := time.Now().Add(patience); ; time.Sleep(time.Millisecond) {
			list := w.deliveries(t, "?status=PENDING")
			if !slices.ContainsFunc(list, func(d delivery) bool { return d.Due <= w.now.Unix() }) {
				break
			}
			if time.Now().After(deadline) {
				t.Fatalf("deliveries are due and not made: %+v", list)
			}
		}
		w.advance(t, "1s")
	}
	w.calm(t)
	usual := []string{"UNPAID", "ON_HOLD", "AWAITING_SHIPMENT", "AWAITING_COLLECTION", "IN_TRANSIT", "DELIVERED"}
	var arrived []string
	for range usual {
		got := r.next(t)
		if got.Data["order_id"] != id || !got.genuine {
			t.Errorf("arrived: %s", got.body)
		}
		arrived = append(arrived, got.Data["order_status"].(string))
	}
	if slices.Equal(arrived, usual) || !slices.Equal(slices.Sorted(slices.Values(arrived)), slices.Sorted(slices.Values(usual))) {
		t.Errorf("arrived: %v", arrived)
	}
	if _, err := sandbox.New(sandbox.Config{WebhookOrder: "any"}); err == nil || !strings.Contains(err.Error(), `"any", want in_order or shuffled`) {
		t.Errorf("an unknown order: %v", err)
	}
}
