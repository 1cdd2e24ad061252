package prooftest_test

import (
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	gosync "sync"
	"testing"
	"time"

	"github.com/ttshop-go/ttshop"
	"github.com/ttshop-go/ttshop/sandbox/control"
	"github.com/ttshop-go/ttshop/sync"
	"github.com/ttshop-go/ttshop/webhook/event"
)

// heard are the webhooks that the sandbox has sent.
type heard struct {
	mu   gosync.Mutex
	list []sync.Hint
}

func (h *heard) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	var told struct {
		Type event.Type      `json:"type"`
		Shop string          `json:"shop_id"`
		Data json.RawMessage `json:"data"`
	}
	if err == nil {
		err = json.Unmarshal(body, &told)
	}
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.list = append(h.list, sync.Hint{Shop: told.Shop, Type: told.Type, Data: told.Data})
}

// take returns what was heard since the last time.
func (h *heard) take() []sync.Hint {
	h.mu.Lock()
	defer h.mu.Unlock()
	list := h.list
	h.list = nil
	return list
}

// TestProofFHints proves that webhooks may be lost, doubled and shuffled: what one of
// them tells of is here at once, what none tells of a while later, and columns that only
// details have are not taken away by a list.
func TestProofFHints(t *testing.T) {
	t.Parallel()
	proveOnce(t, func(t *testing.T, p place, seed uint64) {
		w := newWorld(t, seed, "BR", control.Lists{OrderDetailFields: true})
		w.tables = []string{"orders", "packages", "returns", "cancellations"}
		ear := &heard{}
		server := httptest.NewServer(ear)
		defer server.Close()
		if err := w.Control.SetWebhook(t.Context(), control.AppWebhook{Address: server.URL}); err != nil {
			t.Fatal(err)
		}
		c := p.open(t)
		c.hinted = true
		e := w.engine(t, c.to)
		copyOnce(t, e, w.shop(), w.Shop("BR"))
		told, details := 0, map[string]string{}
		for range 5 {
			for range 12 {
				w.change(t)
			}
			w.heardAll(t)
			var hints []sync.Hint
			for _, h := range ear.take() {
				if h.Shop != w.shop().ID {
					continue
				}
				for range w.dice.IntN(4) { // none of them is a lost one
					hints = append(hints, h)
				}
			}
			w.dice.Shuffle(len(hints), func(i, j int) { hints[i], hints[j] = hints[j], hints[i] })
			if _, err := e.Note(t.Context(), w.shop().ID, hints); err != nil {
				t.Fatal(err)
			}
			copyOnce(t, e, w.shop(), w.Shop("BR"))
			here, there := c.kept(t, "orders", "id", w.shop().ID), w.source(t, sources[0])
			for _, h := range hints {
				for _, mark := range e.Marks(h) {
					if mark.Stream != "orders" {
						continue
					}
					told++
					if !agrees(here[mark.ID], there[mark.ID]) {
						t.Fatalf("a webhook told of order %s, which is\n%s, not\n%s", mark.ID, here[mark.ID], there[mark.ID])
					}
				}
			}
			maps.Copy(details, c.details(t))
			w.upToCursor(t, c)
			w.advance(t, 4*time.Minute)
		}
		if told == 0 {
			t.Fatal("no webhook told of an order, so nothing was proven")
		}
		w.quiet(t, c)
		// Lists have read the orders since, and what the details told is still there.
		now := c.details(t)
		for id, was := range details {
			if now := now[id]; now != was {
				t.Fatalf("the details of order %s are %q, and were %q", id, now, was)
			}
		}
		if len(details) == 0 {
			t.Error("no order had what only details tell")
		}
	})
}

// details returns what only details tell, by order.
func (c *copied) details(t *testing.T) map[string]string {
	t.Helper()
	all := map[string]string{}
	c.each(t, `select id, payment_method_code, payment_auth_code, channel_entity_national_registry_id from orders where payment_method_code <> ''`, func(v []string) {
		all[v[0]] = strings.Join(v[1:], " ")
	})
	return all
}

// heardAll waits until no delivery is under way.
func (w *world) heardAll(t *testing.T) {
	t.Helper()
	for until := time.Now().Add(20 * time.Second); ; time.Sleep(2 * time.Millisecond) {
		list, err := w.Control.Deliveries(t.Context(), 200, 0)
		if err != nil {
			t.Fatal(err)
		}
		waiting := 0
		for _, d := range list {
			if len(d.Attempts) == 0 {
				waiting++
			}
		}
		if waiting == 0 {
			return
		}
		if time.Now().After(until) {
			t.Fatalf("%d webhooks are still under way", waiting)
		}
	}
}

// TestHintTurns has a hint come long before the next turn: it costs one request, and
// what it does not tell of is read when its time has come.
func TestHintTurns(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1, "GB", control.Lists{})
	w.tables = changing
	c := places()[0].open(t)
	e := w.engine(t, c.to, func(c *sync.Config) { c.Interval = 300 * time.Second })
	now := w.tick(t, time.Second)
	shop, caller := w.shop(), w.caller(ttshop.WithClock(func() time.Time { return now }))
	copyOnce(t, e, shop, caller)
	var order string
	for order = range w.source(t, sources[0]) {
		break
	}
	data, err := json.Marshal(map[string]string{"order_id": order})
	if err != nil {
		t.Fatal(err)
	}
	requests := func() int {
		t.Helper()
		if _, err := e.Note(t.Context(), shop.ID, []sync.Hint{{Shop: shop.ID, Type: event.TypeOrderStatusChange, Data: data}}); err != nil {
			t.Fatal(err)
		}
		report, err := e.Sync(t.Context(), shop, caller)
		if err != nil || report.Err() != nil {
			t.Fatal(err, report.Err())
		}
		return report.Requests
	}
	if n := requests(); n != 1 {
		t.Errorf("%d requests for a hint", n)
	}
	now = w.tick(t, 300*time.Second)
	if n := requests(); n != 1+len(changing) {
		t.Errorf("%d requests for a hint and a turn that is due", n)
	}
}
