package notify

import (
	"encoding/json"
	"net/http"
	"strconv"
	"time"

	"github.com/ttshop-go/ttshop/sandbox/internal/authority"
	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
	"github.com/ttshop-go/ttshop/sandbox/internal/world"
	"github.com/ttshop-go/ttshop/webhook/event"
)

const (
	webhooksPath   = world.ControlPrefix + "webhooks"
	triggerPath    = webhooksPath + "/trigger"
	samplePath     = webhooksPath + "/sample"
	deliveriesPath = webhooksPath + "/deliveries"
)

// controlledApp returns the app of a key, the first one where the key is empty.
// If there is none, it answers the request and returns nil.
func (s *Notifier) controlledApp(w http.ResponseWriter, key string) *authority.App {
	a := s.State.Load().Authority
	if key == "" {
		key = a.First().Key
	}
	found := a.App(key)
	if found == nil {
		gate.ControlError(w, http.StatusNotFound, "no app has the key "+strconv.Quote(key))
	}
	return found
}

func (s *Notifier) getWebhookAddresses(w http.ResponseWriter, r *http.Request) {
	type shopView struct {
		ShopID   string        `json:"shop_id"`
		Webhooks []shopWebhook `json:"webhooks"`
	}
	of := s.controlledApp(w, r.URL.Query().Get("app_key"))
	if of == nil {
		return
	}
	st := s.State.Load()
	h := Of(st.World)
	h.Mu.Lock()
	defer h.Mu.Unlock()
	answer := struct {
		AppKey string     `json:"app_key"`
		App    AppWebhook `json:"app"`
		Shops  []shopView `json:"shops"`
	}{of.Key, h.Apps[of.Key], []shopView{}}
	if answer.App.Types == nil {
		answer.App.Types = []int{}
	}
	for _, shop := range st.World.Shops {
		answer.Shops = append(answer.Shops, shopView{shop.ID, h.OfShop(of.Key, shop.ID)})
	}
	gate.ControlAnswer(w, http.StatusOK, answer)
}

func (s *Notifier) putWebhookAddress(w http.ResponseWriter, r *http.Request) {
	var order struct {
		AppWebhook
		AppKey string `json:"app_key"`
	}
	if !gate.ControlBody(w, r, &order) {
		return
	}
	of := s.controlledApp(w, order.AppKey)
	if of == nil {
		return
	}
	if err := checkWebhookAddress(order.Address); err != nil {
		gate.ControlError(w, http.StatusBadRequest, "address cannot be used: "+err.Error())
		return
	}
	s.setAppWebhook(of, order.AppWebhook)
	gate.ControlAnswer(w, http.StatusOK, order.AppWebhook)
}

func (s *Notifier) deleteWebhookAddress(w http.ResponseWriter, r *http.Request) {
	if of := s.controlledApp(w, r.URL.Query().Get("app_key")); of != nil {
		s.setAppWebhook(of, AppWebhook{})
		gate.ControlAnswer(w, http.StatusOK, struct{}{})
	}
}

func (s *Notifier) setAppWebhook(of *authority.App, wanted AppWebhook) {
	h := Of(s.State.Load().World)
	h.Mu.Lock()
	h.Apps[of.Key] = wanted
	if wanted.Address == "" {
		delete(h.Apps, of.Key)
	}
	h.review = 0 // find out what will be announced next
	h.Mu.Unlock()
	s.DeliverDue()
}

// DeliveryOutcome answers a request that sent a webhook.
type DeliveryOutcome struct {
	ID       string            `json:"id"`
	Status   string            `json:"status"` // see deliveryPending
	Address  string            `json:"address"`
	Attempts []DeliveryAttempt `json:"attempts"`
}

// getSample answers the data that a trigger without data sends.
func (s *Notifier) getSample(w http.ResponseWriter, r *http.Request) {
	kind, err := strconv.Atoi(r.URL.Query().Get("type"))
	if err != nil || kind <= 0 {
		gate.ControlError(w, http.StatusBadRequest, "type must be the number of a webhook")
		return
	}
	world := s.State.Load().World
	shop := world.Shops[0]
	if id := r.URL.Query().Get("shop_id"); id != "" {
		if shop = world.ShopByID(id); shop == nil {
			gate.ControlError(w, http.StatusBadRequest, "no shop has the id "+strconv.Quote(id))
			return
		}
	}
	gate.ControlAnswer(w, http.StatusOK, struct {
		Data json.RawMessage `json:"data"`
	}{Of(world).sampleData(shop, event.Type(kind), s.Clock.Now().Unix())})
}

func (s *Notifier) postTrigger(w http.ResponseWriter, r *http.Request) {
	var order struct {
		Type   int             `json:"type"`
		ShopID string          `json:"shop_id"`
		Data   json.RawMessage `json:"data"`
		To     string          `json:"to"`
		AppKey string          `json:"app_key"`
		Age    gate.Duration   `json:"age"`
		Forged bool            `json:"forged"`
	}
	r.Body = http.MaxBytesReader(w, r.Body, gate.MaxControlBody)
	if !gate.ControlBody(w, r, &order) {
		return
	}
	if order.Type <= 0 {
		gate.ControlError(w, http.StatusBadRequest, "type must be the number of a webhook")
		return
	}
	if order.Age < 0 {
		gate.ControlError(w, http.StatusBadRequest, "age must not be negative")
		return
	}
	if order.To != "" {
		if err := checkWebhookAddress(order.To); err != nil {
			gate.ControlError(w, http.StatusBadRequest, "to cannot be used: "+err.Error())
			return
		}
	}
	s.Changing.RLock()
	st := s.State.Load()
	h := Of(st.World)
	d, tried, problem := h.trigger(triggerOrder{
		eventType: order.Type, shopID: order.ShopID, appKey: order.AppKey, address: order.To, data: order.Data,
		age: time.Duration(order.Age), forged: order.Forged,
	})
	s.Changing.RUnlock()
	if problem != "" {
		gate.ControlError(w, http.StatusBadRequest, problem)
		return
	}
	s.answerTried(w, r, h, d, tried)
}

func (s *Notifier) postResend(w http.ResponseWriter, r *http.Request) {
	s.Changing.RLock()
	h := Of(s.State.Load().World)
	h.Mu.Lock()
	d := h.Find(r.PathValue("id"))
	var tried chan struct{}
	if d != nil {
		h.again(d, s.Clock.Now().Unix())
		tried = h.watch(d)
	}
	h.Mu.Unlock()
	s.Changing.RUnlock()
	if d == nil {
		gate.ControlError(w, http.StatusNotFound, "no such delivery")
		return
	}
	s.answerTried(w, r, h, d, tried)
}

// watch returns a channel that is closed after the next attempt, nil where that
// is not yet due. The lock is held.
func (h *webhooks) watch(d *Delivery) chan struct{} {
	if d.Due > h.sandbox.Clock.Now().Unix() {
		return nil
	}
	if d.tried == nil {
		d.tried = make(chan struct{})
	}
	return d.tried
}

// answerTried waits for an attempt and tells what came of it. No lock is held.
func (s *Notifier) answerTried(w http.ResponseWriter, r *http.Request, h *webhooks, d *Delivery, tried chan struct{}) {
	s.DeliverDue()
	if tried != nil {
		// Others may be in front of it in the queue.
		patience := time.NewTimer(2 * deliveryTimeout)
		defer patience.Stop()
		select {
		case <-tried:
		case <-patience.C:
		case <-r.Context().Done():
		case <-s.Dispatch.Context.Done():
		}
	}
	h.Mu.Lock()
	defer h.Mu.Unlock()
	gate.ControlAnswer(w, http.StatusOK, DeliveryOutcome{d.ID, d.Status, d.Address, d.Attempts})
}

func (s *Notifier) getDeliveries(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	limit, kind := keptDeliveries, 0
	for name, value := range map[string]*int{"limit": &limit, "type": &kind} {
		if text := query.Get(name); text != "" {
			n, err := strconv.Atoi(text)
			if err != nil || n < 0 {
				gate.ControlError(w, http.StatusBadRequest, name+" is not a number")
				return
			}
			*value = n
		}
	}
	status, shop := query.Get("status"), query.Get("shop_id")
	h := Of(s.State.Load().World)
	list := []Delivery{}
	h.Mu.Lock()
	for i := len(h.Deliveries) - 1; i >= 0 && len(list) < limit; i-- {
		d := h.Deliveries[i]
		if (kind == 0 || d.Type == kind) && (status == "" || d.Status == status) && (shop == "" || d.ShopID == shop) {
			list = append(list, *d)
		}
	}
	h.Mu.Unlock()
	gate.ControlAnswer(w, http.StatusOK, struct {
		Deliveries []Delivery `json:"deliveries"`
	}{list})
}
