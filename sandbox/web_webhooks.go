package sandbox

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/ttshop-go/ttshop/webhook/event"
)

type webhooksData struct {
	App      appWebhook // of the first app, which the form is about
	Types    string     // as the form takes them
	Own      []ownAddress
	Shops    []identity
	Kinds    []event.Type
	Status   string
	Statuses []statusCount
	Page     webPage
	Rows     []deliveryRow
	Now      time.Time
}

// ownAddress is an address besides that of the form: of a topic of one shop, or
// for all shops of another app.
type ownAddress struct {
	App         string // its key, unless it is the first
	Shop, Topic string // empty for all
	Address     string
}

type deliveryRow struct {
	delivery
	Shop string // name
	Now  time.Time
}

// Last is the outcome of the last attempt.
func (d deliveryRow) Last() *deliveryAttempt {
	if len(d.Attempts) == 0 {
		return nil
	}
	return &d.Attempts[len(d.Attempts)-1]
}

func (s *site) webhooksView(r *http.Request) view {
	query := r.URL.Query()
	st := s.state.Load()
	h := webhooksOf(st.world)
	data := webhooksData{Kinds: event.Types(), Status: query.Get("status"), Now: s.clock.Now()}
	names := map[string]string{}
	for _, shop := range st.world.shops {
		data.Shops = append(data.Shops, shop.identity)
		names[shop.ID] = shop.Name
	}
	first := st.authority.first().Key
	h.mu.Lock()
	defer h.mu.Unlock()
	data.App = h.apps[first]
	var types []string
	for _, t := range data.App.Types {
		types = append(types, strconv.Itoa(t))
	}
	data.Types = strings.Join(types, ", ")
	for _, key := range slices.Sorted(maps.Keys(h.apps)) {
		if key != first {
			data.Own = append(data.Own, ownAddress{App: key, Address: h.apps[key].Address})
		}
	}
	for _, key := range slices.Sorted(maps.Keys(h.shops)) {
		of := key
		if key == first {
			of = ""
		}
		for _, shop := range st.world.shops {
			for _, own := range h.ofShop(key, shop.ID) {
				data.Own = append(data.Own, ownAddress{of, shop.Name, own.Topic, own.Address})
			}
		}
	}
	counts := map[string]int{}
	var found []*delivery
	for _, d := range slices.Backward(h.deliveries) {
		counts[d.Status]++
		if data.Status == "" || d.Status == data.Status {
			found = append(found, d)
		}
	}
	data.Statuses = append(data.Statuses, statusCount{"", len(h.deliveries)})
	for _, status := range []string{deliveryPending, deliveryRetrying, deliveryDelivered, deliveryDropped} {
		if counts[status] > 0 || status == data.Status {
			data.Statuses = append(data.Statuses, statusCount{status, counts[status]})
		}
	}
	var from, to int
	from, to, data.Page = pageOf(len(found), query.Get("page"), func(page string) string {
		return webLink("webhooks", "status", data.Status, "page", page)
	})
	for _, d := range found[from:to] {
		data.Rows = append(data.Rows, showDelivery(d, names[d.ShopID], data.Now))
	}
	return view{template: "webhooks", title: "Webhooks", data: data}
}

// showDelivery copies a delivery. The lock is held.
func showDelivery(d *delivery, shop string, now time.Time) deliveryRow {
	row := deliveryRow{*d, shop, now}
	row.Attempts = slices.Clone(d.Attempts)
	return row
}

func (s *site) deliveryView(r *http.Request) view {
	st := s.state.Load()
	h := webhooksOf(st.world)
	h.mu.Lock()
	defer h.mu.Unlock()
	d := h.find(r.PathValue("id"))
	if d == nil {
		return notFound("The log does not have this delivery, or not any more.")
	}
	name := ""
	if shop := st.world.shopByID(d.ShopID); shop != nil {
		name = shop.Name
	}
	return view{template: "delivery", title: "Webhook " + d.ID, data: showDelivery(d, name, s.clock.Now())}
}

// resendDelivery sends a webhook once more and waits for the outcome.
func (s *site) resendDelivery(r *http.Request) (string, error) {
	id := pathSegment(r.PathValue("id"))
	_, err := s.steer(r, http.MethodPost, "webhooks/deliveries/"+id+"/resend", struct{}{})
	return webLink("webhooks/"+id, "done", "resent"), err
}

// changeWebhooks sets or takes away the address of the app, or sends a webhook.
func (s *site) changeWebhooks(r *http.Request) (string, error) {
	switch r.PostFormValue("action") {
	case "address":
		return s.setAddress(r)
	case "clear":
		_, err := s.steer(r, http.MethodDelete, "webhooks", struct{}{})
		return webLink("webhooks", "done", "cleared"), err
	case "trigger":
		return s.triggerWebhook(r)
	}
	return "", errors.New("the form says nothing to do")
}

func (s *site) setAddress(r *http.Request) (string, error) {
	wanted := appWebhook{Address: strings.TrimSpace(r.PostFormValue("address")), Types: []int{}}
	if wanted.Address == "" {
		return "", errors.New("give the address that webhooks go to, such as http://127.0.0.1:9000/webhooks")
	}
	for text := range strings.FieldsFuncSeq(r.PostFormValue("types"), func(c rune) bool { return c == ',' || c == ' ' }) {
		number, err := strconv.Atoi(text)
		if err != nil || number < 1 {
			return "", fmt.Errorf("the type %q is no number; give numbers such as 1, 5, or none for all types", text)
		}
		wanted.Types = append(wanted.Types, number)
	}
	_, err := s.steer(r, http.MethodPut, "webhooks", wanted)
	return webLink("webhooks", "done", "address"), err
}

func (s *site) triggerWebhook(r *http.Request) (string, error) {
	kind, err := strconv.Atoi(r.PostFormValue("type"))
	if err != nil {
		return "", errors.New("choose the type of the webhook")
	}
	answer, err := s.steer(r, http.MethodPost, "webhooks/trigger", struct {
		Type   int    `json:"type"`
		ShopID string `json:"shop_id"`
		To     string `json:"to"`
	}{kind, r.PostFormValue("shop"), strings.TrimSpace(r.PostFormValue("to"))})
	if err != nil {
		return "", err
	}
	var outcome deliveryOutcome
	if err := json.Unmarshal(answer, &outcome); err != nil {
		return "", err
	}
	return webLink("webhooks/"+outcome.ID, "done", "triggered"), nil
}
