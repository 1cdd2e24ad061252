package pages

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

	"github.com/ttshop-go/ttshop/sandbox/internal/notify"
	"github.com/ttshop-go/ttshop/sandbox/internal/world"
	"github.com/ttshop-go/ttshop/webhook/event"
)

type webhooksData struct {
	App      notify.AppWebhook // of the first app, which the form is about
	Types    string            // as the form takes them
	Own      []ownAddress
	Shops    []world.Identity
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
	notify.Delivery
	Shop   string // name
	Now    time.Time
	Things []thing // that it is about, where it is shown alone
}

// Last is the outcome of the last attempt.
func (d deliveryRow) Last() *notify.DeliveryAttempt {
	if len(d.Attempts) == 0 {
		return nil
	}
	return &d.Attempts[len(d.Attempts)-1]
}

func (s *Site) webhooksView(r *http.Request) view {
	query := r.URL.Query()
	st := s.State.Load()
	h := notify.Of(st.World)
	data := webhooksData{Kinds: event.Types(), Status: query.Get("status"), Now: s.Clock.Now()}
	names := map[string]string{}
	for _, shop := range st.World.Shops {
		data.Shops = append(data.Shops, shop.Identity)
		names[shop.ID] = shop.Name
	}
	first := st.Authority.First().Key
	h.Mu.Lock()
	defer h.Mu.Unlock()
	data.App = h.Apps[first]
	var types []string
	for _, t := range data.App.Types {
		types = append(types, strconv.Itoa(t))
	}
	data.Types = strings.Join(types, ", ")
	for _, key := range slices.Sorted(maps.Keys(h.Apps)) {
		if key != first {
			data.Own = append(data.Own, ownAddress{App: key, Address: h.Apps[key].Address})
		}
	}
	for _, key := range slices.Sorted(maps.Keys(h.Shops)) {
		of := key
		if key == first {
			of = ""
		}
		for _, shop := range st.World.Shops {
			for _, own := range h.OfShop(key, shop.ID) {
				data.Own = append(data.Own, ownAddress{of, shop.Name, own.Topic, own.Address})
			}
		}
	}
	counts := map[string]int{}
	var found []*notify.Delivery
	for _, d := range slices.Backward(h.Deliveries) {
		counts[d.Status]++
		if data.Status == "" || d.Status == data.Status {
			found = append(found, d)
		}
	}
	data.Statuses = append(data.Statuses, statusCount{"", len(h.Deliveries)})
	for _, status := range []string{notify.DeliveryPending, notify.DeliveryRetrying, notify.DeliveryDelivered, notify.DeliveryDropped} {
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
func showDelivery(d *notify.Delivery, shop string, now time.Time) deliveryRow {
	row := deliveryRow{Delivery: *d, Shop: shop, Now: now}
	row.Attempts = slices.Clone(d.Attempts)
	return row
}

// findDelivery copies a delivery of the log, if it has it.
func findDelivery(w *world.World, id string, now time.Time) (deliveryRow, bool) {
	h := notify.Of(w)
	h.Mu.Lock()
	defer h.Mu.Unlock()
	d := h.Find(id)
	if d == nil {
		return deliveryRow{}, false
	}
	return showDelivery(d, "", now), true
}

func (s *Site) deliveryView(r *http.Request) view {
	st := s.State.Load()
	row, ok := findDelivery(st.World, r.PathValue("id"), s.Clock.Now())
	if !ok {
		return notFound("The log does not have this delivery, or not any more.")
	}
	if shop := st.World.ShopByID(row.ShopID); shop != nil {
		row.Shop = shop.Name
	}
	row.Things = s.thingsIn(row.Body)
	return view{template: "delivery", title: "Webhook " + row.ID, data: row}
}

// resendDelivery sends a webhook once more and waits for the outcome.
func (s *Site) resendDelivery(r *http.Request) (string, error) {
	id := pathSegment(r.PathValue("id"))
	_, err := s.steer(r, http.MethodPost, "webhooks/deliveries/"+id+"/resend", struct{}{})
	return webLink("webhooks/"+id, "done", "resent"), err
}

// changeWebhooks sets or takes away the address of the app, or sends a webhook.
func (s *Site) changeWebhooks(r *http.Request) (string, error) {
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

func (s *Site) setAddress(r *http.Request) (string, error) {
	wanted := notify.AppWebhook{Address: strings.TrimSpace(r.PostFormValue("address")), Types: []int{}}
	if wanted.Address == "" {
		return "", errors.New("give the address that webhooks go to, such as http://127.0.0.1:9000/webhooks")
	}
	for text := range strings.FieldsFuncSeq(r.PostFormValue("types"), func(c rune) bool { return c == ',' || c == ' ' }) {
		number, err := strconv.Atoi(text)
		if err != nil || number < 1 {
			return "", fmt.Errorf("the type %q is not a number; give numbers such as 1, 5, or leave it empty for all types", text)
		}
		wanted.Types = append(wanted.Types, number)
	}
	_, err := s.steer(r, http.MethodPut, "webhooks", wanted)
	return webLink("webhooks", "done", "address"), err
}

func (s *Site) triggerWebhook(r *http.Request) (string, error) {
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
	var outcome notify.DeliveryOutcome
	if err := json.Unmarshal(answer, &outcome); err != nil {
		return "", err
	}
	return webLink("webhooks/"+outcome.ID, "done", "triggered"), nil
}
