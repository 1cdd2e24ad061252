package sandbox

import (
	"encoding/json"
	"net/http"
	"strconv"
	"time"

	"github.com/ttshop-go/ttshop/webhook/event"
)

const (
	webhooksPath   = controlPrefix + "webhooks"
	triggerPath    = webhooksPath + "/trigger"
	samplePath     = webhooksPath + "/sample"
	deliveriesPath = webhooksPath + "/deliveries"
)

// controlledApp returns the app of a key, the first one where the key is empty.
// It answers where there is none.
func (s *notifier) controlledApp(w http.ResponseWriter, key string) *app {
	a := s.state.Load().authority
	if key == "" {
		key = a.first().Key
	}
	found := a.app(key)
	if found == nil {
		controlError(w, http.StatusNotFound, "no app has the key "+strconv.Quote(key))
	}
	return found
}

func (s *notifier) getWebhookAddresses(w http.ResponseWriter, r *http.Request) {
	type shopView struct {
		ShopID   string        `json:"shop_id"`
		Webhooks []shopWebhook `json:"webhooks"`
	}
	of := s.controlledApp(w, r.URL.Query().Get("app_key"))
	if of == nil {
		return
	}
	st := s.state.Load()
	h := webhooksOf(st.world)
	h.mu.Lock()
	defer h.mu.Unlock()
	answer := struct {
		AppKey string     `json:"app_key"`
		App    appWebhook `json:"app"`
		Shops  []shopView `json:"shops"`
	}{of.Key, h.apps[of.Key], []shopView{}}
	if answer.App.Types == nil {
		answer.App.Types = []int{}
	}
	for _, shop := range st.world.shops {
		answer.Shops = append(answer.Shops, shopView{shop.ID, h.ofShop(of.Key, shop.ID)})
	}
	controlAnswer(w, http.StatusOK, answer)
}

func (s *notifier) putWebhookAddress(w http.ResponseWriter, r *http.Request) {
	var order struct {
		appWebhook
		AppKey string `json:"app_key"`
	}
	if !controlBody(w, r, &order) {
		return
	}
	of := s.controlledApp(w, order.AppKey)
	if of == nil {
		return
	}
	if err := checkWebhookAddress(order.Address); err != nil {
		controlError(w, http.StatusBadRequest, "address cannot be used: "+err.Error())
		return
	}
	s.setAppWebhook(of, order.appWebhook)
	controlAnswer(w, http.StatusOK, order.appWebhook)
}

func (s *notifier) deleteWebhookAddress(w http.ResponseWriter, r *http.Request) {
	if of := s.controlledApp(w, r.URL.Query().Get("app_key")); of != nil {
		s.setAppWebhook(of, appWebhook{})
		controlAnswer(w, http.StatusOK, struct{}{})
	}
}

func (s *notifier) setAppWebhook(of *app, wanted appWebhook) {
	h := webhooksOf(s.state.Load().world)
	h.mu.Lock()
	h.apps[of.Key] = wanted
	if wanted.Address == "" {
		delete(h.apps, of.Key)
	}
	h.review = 0 // find out what will be announced next
	h.mu.Unlock()
	s.deliverDue()
}

// deliveryOutcome answers a request that sent a webhook.
type deliveryOutcome struct {
	ID       string            `json:"id"`
	Status   string            `json:"status"` // see deliveryPending
	Address  string            `json:"address"`
	Attempts []deliveryAttempt `json:"attempts"`
}

// getSample answers the data that a trigger without data sends.
func (s *notifier) getSample(w http.ResponseWriter, r *http.Request) {
	kind, err := strconv.Atoi(r.URL.Query().Get("type"))
	if err != nil || kind <= 0 {
		controlError(w, http.StatusBadRequest, "type must be the number of a webhook")
		return
	}
	world := s.state.Load().world
	shop := world.shops[0]
	if id := r.URL.Query().Get("shop_id"); id != "" {
		if shop = world.shopByID(id); shop == nil {
			controlError(w, http.StatusBadRequest, "no shop has the id "+strconv.Quote(id))
			return
		}
	}
	controlAnswer(w, http.StatusOK, struct {
		Data json.RawMessage `json:"data"`
	}{webhooksOf(world).sampleData(shop, event.Type(kind), s.clock.Now().Unix())})
}

func (s *notifier) postTrigger(w http.ResponseWriter, r *http.Request) {
	var order struct {
		Type   int             `json:"type"`
		ShopID string          `json:"shop_id"`
		Data   json.RawMessage `json:"data"`
		To     string          `json:"to"`
		AppKey string          `json:"app_key"`
		Age    Duration        `json:"age"`
		Forged bool            `json:"forged"`
	}
	r.Body = http.MaxBytesReader(w, r.Body, maxControlBody)
	if !controlBody(w, r, &order) {
		return
	}
	if order.Type <= 0 {
		controlError(w, http.StatusBadRequest, "type must be the number of a webhook")
		return
	}
	if order.Age < 0 {
		controlError(w, http.StatusBadRequest, "age must not be negative")
		return
	}
	if order.To != "" {
		if err := checkWebhookAddress(order.To); err != nil {
			controlError(w, http.StatusBadRequest, "to cannot be used: "+err.Error())
			return
		}
	}
	s.changing.RLock()
	st := s.state.Load()
	h := webhooksOf(st.world)
	d, tried, problem := h.trigger(triggerOrder{
		eventType: order.Type, shopID: order.ShopID, appKey: order.AppKey, address: order.To, data: order.Data,
		age: time.Duration(order.Age), forged: order.Forged,
	})
	s.changing.RUnlock()
	if problem != "" {
		controlError(w, http.StatusBadRequest, problem)
		return
	}
	s.answerTried(w, r, h, d, tried)
}

func (s *notifier) postResend(w http.ResponseWriter, r *http.Request) {
	s.changing.RLock()
	h := webhooksOf(s.state.Load().world)
	h.mu.Lock()
	d := h.find(r.PathValue("id"))
	var tried chan struct{}
	if d != nil {
		h.again(d, s.clock.Now().Unix())
		tried = h.watch(d)
	}
	h.mu.Unlock()
	s.changing.RUnlock()
	if d == nil {
		controlError(w, http.StatusNotFound, "no such delivery")
		return
	}
	s.answerTried(w, r, h, d, tried)
}

// watch returns a channel that is closed after the next attempt, nil where that
// is not yet due. The lock is held.
func (h *webhooks) watch(d *delivery) chan struct{} {
	if d.Due > h.sandbox.clock.Now().Unix() {
		return nil
	}
	if d.tried == nil {
		d.tried = make(chan struct{})
	}
	return d.tried
}

// answerTried waits for an attempt and tells what came of it. No lock is held.
func (s *notifier) answerTried(w http.ResponseWriter, r *http.Request, h *webhooks, d *delivery, tried chan struct{}) {
	s.deliverDue()
	if tried != nil {
		// Others may be in front of it in the queue.
		patience := time.NewTimer(2 * deliveryTimeout)
		defer patience.Stop()
		select {
		case <-tried:
		case <-patience.C:
		case <-r.Context().Done():
		case <-s.dispatch.context.Done():
		}
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	controlAnswer(w, http.StatusOK, deliveryOutcome{d.ID, d.Status, d.Address, d.Attempts})
}

func (s *notifier) getDeliveries(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	limit, kind := keptDeliveries, 0
	for name, value := range map[string]*int{"limit": &limit, "type": &kind} {
		if text := query.Get(name); text != "" {
			n, err := strconv.Atoi(text)
			if err != nil || n < 0 {
				controlError(w, http.StatusBadRequest, name+" is not a number")
				return
			}
			*value = n
		}
	}
	status, shop := query.Get("status"), query.Get("shop_id")
	h := webhooksOf(s.state.Load().world)
	list := []delivery{}
	h.mu.Lock()
	for i := len(h.deliveries) - 1; i >= 0 && len(list) < limit; i-- {
		d := h.deliveries[i]
		if (kind == 0 || d.Type == kind) && (status == "" || d.Status == status) && (shop == "" || d.ShopID == shop) {
			list = append(list, *d)
		}
	}
	h.mu.Unlock()
	controlAnswer(w, http.StatusOK, struct {
		Deliveries []delivery `json:"deliveries"`
	}{list})
}
