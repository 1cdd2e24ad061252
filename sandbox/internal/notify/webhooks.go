package notify

import (
	"cmp"
	"container/heap"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/ttshop-go/ttshop/sandbox/internal/authority"
	"github.com/ttshop-go/ttshop/sandbox/internal/invent"
	"github.com/ttshop-go/ttshop/sandbox/internal/keep"
	"github.com/ttshop-go/ttshop/sandbox/internal/world"
)

// idNotifications is where the ids of notifications begin.
const idNotifications = 7601_000_000_000_000_000

// keptDeliveries is the number of finished deliveries that the log remembers.
// Those that wait for an attempt are never forgotten.
const keptDeliveries = 4000

// The states of a delivery.
const (
	DeliveryPending   = "PENDING"   // no attempt was made yet
	DeliveryRetrying  = "RETRYING"  // the last attempt failed, another one follows
	DeliveryDelivered = "DELIVERED" // answered with 200
	DeliveryDropped   = "DROPPED"   // the retries are used up
)

// retryPlan is when the platform tries again, each counted from the failure
// before it.
var retryPlan = [...]time.Duration{2 * time.Minute, 30 * time.Minute, 3 * time.Hour, 12 * time.Hour}

// Delivery is one notification on its way to one address.
type Delivery struct {
	ID             string            `json:"id"` // counts up from 1
	NotificationID string            `json:"notification_id"`
	Type           int               `json:"type"`
	Topic          string            `json:"topic"`
	ShopID         string            `json:"shop_id"` // "" for what is about no shop
	AppKey         string            `json:"app_key"` // of the app that is told, whose secret signs
	Address        string            `json:"address"`
	Status         string            `json:"status"`
	Forged         bool              `json:"forged,omitempty"` // signed with a wrong secret, not repeated
	CreateTime     int64             `json:"create_time"`
	Due            int64             `json:"due,omitempty"` // Unix seconds of the next attempt
	Retries        int               `json:"retries"`       // attempts of the plan that were used
	Attempts       []DeliveryAttempt `json:"attempts"`
	Body           string            `json:"body"` // of the latest attempt; each has its own timestamp

	number  int64
	sending bool
	tried   chan struct{} // closed after the next attempt; nil where nobody waits
}

// DeliveryAttempt is what came of one request.
type DeliveryAttempt struct {
	Time       int64   `json:"time"`   // Unix seconds on the sandbox's clock
	Status     int     `json:"status"` // 0 where no answer came
	Error      string  `json:"error,omitempty"`
	DurationMS float64 `json:"duration_ms"`
}

// webhookAddress is where a shop wants a topic, as the Event API shows it.
type webhookAddress struct {
	Address    string `json:"address"`
	CreateTime int64  `json:"create_time"`
	UpdateTime int64  `json:"update_time"`
}

// AppWebhook is what the platform's console keeps for a whole app.
type AppWebhook struct {
	Address string `json:"address"` // "" for none
	Types   []int  `json:"types"`   // empty for all
}

// webhooks are the addresses of webhooks and the deliveries to them.
type webhooks struct {
	sandbox   *Notifier
	world     *world.World
	authority *authority.Authority // tells which apps may hear of a shop

	Mu         sync.Mutex
	ids        invent.IDs
	last       int64                   // number of the newest delivery
	Apps       map[string]AppWebhook   // by app key; those that have an address
	Shops      map[string]shopWebhooks // by app key; those that have an address
	Deliveries []*Delivery             // in the order of their numbers
	queue      deliveryQueue
	review     int64 // Unix seconds at which a review may end; math.MaxInt64 for never
}

// NewWebhooks returns the webhooks of a world, without addresses and
// deliveries.
func NewWebhooks(w *world.World) *webhooks {
	rng := invent.NewRandom(w.Seed, invent.StreamWebhooks)
	return &webhooks{
		world: w, ids: invent.IDs{Next: idNotifications + rng.Uint64N(world.IDStride), Random: rng},
		Apps: map[string]AppWebhook{}, Shops: map[string]shopWebhooks{}, review: math.MaxInt64,
	}
}

// deliveryQueue holds the deliveries that wait for an attempt, the next one
// first.
type deliveryQueue []*Delivery

func (q deliveryQueue) Len() int { return len(q) }
func (q deliveryQueue) Less(i, j int) bool {
	return cmp.Or(cmp.Compare(q[i].Due, q[j].Due), cmp.Compare(q[i].number, q[j].number)) < 0
}
func (q deliveryQueue) Swap(i, j int) { q[i], q[j] = q[j], q[i] }
func (q *deliveryQueue) Push(x any)   { *q = append(*q, x.(*Delivery)) }
func (q *deliveryQueue) Pop() any {
	old := *q
	last := old[len(old)-1]
	old[len(old)-1] = nil
	*q = old[:len(old)-1]
	return last
}

// push numbers a delivery and queues it.
func (h *webhooks) push(d Delivery) *Delivery {
	h.last++
	d.number, d.ID = h.last, strconv.FormatInt(h.last, 10)
	d.Attempts = []DeliveryAttempt{}
	kept := &d
	h.Deliveries = append(h.Deliveries, kept)
	heap.Push(&h.queue, kept)
	h.forget()
	h.sandbox.News.Spread()
	return kept
}

// forget drops the oldest finished deliveries once there are many more than the
// log keeps.
func (h *webhooks) forget() {
	excess := len(h.Deliveries) - keptDeliveries
	if excess < keptDeliveries/4 {
		return
	}
	h.Deliveries = slices.DeleteFunc(h.Deliveries, func(d *Delivery) bool {
		if excess > 0 && d.finished() {
			excess--
			return true
		}
		return false
	})
}

func (d *Delivery) finished() bool {
	return d.Status == DeliveryDelivered || d.Status == DeliveryDropped
}

// Find returns a delivery by its id, or nil. The lock is held.
func (h *webhooks) Find(id string) *Delivery {
	n, err := invent.ParseID(id)
	if err != nil {
		return nil
	}
	i, ok := slices.BinarySearchFunc(h.Deliveries, n, func(d *Delivery, n int64) int { return cmp.Compare(d.number, n) })
	if !ok {
		return nil
	}
	return h.Deliveries[i]
}

// again queues a delivery once more, outside of the plan. The lock is held.
func (h *webhooks) again(d *Delivery, now int64) {
	waiting := slices.Index(h.queue, d)
	d.Due = now
	switch {
	case waiting >= 0:
		heap.Fix(&h.queue, waiting)
	case !d.sending:
		heap.Push(&h.queue, d)
	}
}

// take hands out the next delivery whose time has come, or nil.
func (h *webhooks) take(now int64) *Delivery {
	h.Mu.Lock()
	defer h.Mu.Unlock()
	if len(h.queue) == 0 || h.queue[0].Due > now {
		return nil
	}
	d := heap.Pop(&h.queue).(*Delivery)
	if err := d.restamp(now); err != nil {
		panic("sandbox: " + err.Error()) // build wrote it, or Load checked it
	}
	d.sending = true
	return d
}

// next returns when something is to be done, math.MaxInt64 for never.
func (h *webhooks) next() int64 {
	h.Mu.Lock()
	defer h.Mu.Unlock()
	next := h.review
	if len(h.queue) > 0 {
		next = min(next, h.queue[0].Due)
	}
	return next
}

// finish notes the outcome of an attempt and plans the next one.
func (h *webhooks) finish(d *Delivery, a DeliveryAttempt) {
	defer h.sandbox.News.Spread()
	h.Mu.Lock()
	defer h.Mu.Unlock()
	d.sending = false
	d.Attempts = append(d.Attempts, a)
	if len(d.Attempts) > 4*len(retryPlan) { // resent over and over
		d.Attempts = slices.Delete(d.Attempts, 0, len(d.Attempts)-4*len(retryPlan))
	}
	switch {
	case a.Status == 200: // the only answer that the documents call a success
		d.Status, d.Due = DeliveryDelivered, 0
	case d.finished():
		d.Due = 0 // resent by hand: the plan is over
	case d.Forged || d.Retries == len(retryPlan):
		d.Status, d.Due = DeliveryDropped, 0
	default:
		// The plan counts from when the attempt was due: a clock that is moved
		// by hours passes all attempts on the way. A 401 may or may not be
		// repeated by the platform; here it is a failure like the others.
		d.Status = DeliveryRetrying
		d.Due += int64(retryPlan[d.Retries] / time.Second)
		d.Retries++
		heap.Push(&h.queue, d)
	}
	if d.tried != nil {
		close(d.tried)
		d.tried = nil
	}
}

// signWebhook signs a body as the platform does: with the app's secret over the
// key and the body.
func signWebhook(key, secret, body string) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(key + body))
	return hex.EncodeToString(mac.Sum(nil))
}

// part holds the addresses and the deliveries. One that is under way is kept as
// waiting: after a restore it is made again.
func (h *webhooks) part() keep.Part {
	type saved struct {
		IDs        invent.IDs              `json:"ids"`
		Last       int64                   `json:"last"`
		Apps       map[string]AppWebhook   `json:"apps"`
		Shops      map[string]shopWebhooks `json:"shops"`
		Deliveries []*Delivery             `json:"deliveries"`
	}
	return keep.Part{Name: "webhooks",
		Save: func() any {
			h.Mu.Lock()
			defer h.Mu.Unlock()
			list := make([]*Delivery, len(h.Deliveries))
			for i, d := range h.Deliveries {
				list[i] = new(*d)
			}
			return saved{h.ids, h.last, h.Apps, h.Shops, list}
		},
		Load: func(raw json.RawMessage) error {
			var s saved
			if err := keep.Decode(raw, &s); err != nil {
				return err
			}
			h.Mu.Lock()
			defer h.Mu.Unlock()
			h.ids, h.last, h.Deliveries, h.queue = s.IDs, s.Last, s.Deliveries, nil
			h.Apps, h.Shops = map[string]AppWebhook{}, map[string]shopWebhooks{}
			maps.Copy(h.Apps, s.Apps)
			maps.Copy(h.Shops, s.Shops)
			for _, d := range h.Deliveries {
				n, err := invent.ParseID(d.ID)
				if err != nil {
					return err
				}
				if err := json.Unmarshal([]byte(d.Body), new(envelope)); err != nil {
					return fmt.Errorf("the body of delivery %s: %w", d.ID, err)
				}
				d.number = n
				if d.Due > 0 {
					h.queue = append(h.queue, d)
				}
			}
			heap.Init(&h.queue)
			h.review = 0 // look at all products once
			return nil
		}}
}

// Of returns the webhooks of a world.
func Of(w *world.World) *webhooks { return world.RoomIn[webhooks](w.Rooms) }
