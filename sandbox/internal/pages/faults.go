package pages

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/ttshop-go/ttshop/sandbox/control"
	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
	"github.com/ttshop-go/ttshop/sandbox/internal/world"
	"github.com/ttshop-go/ttshop/webhook/event"
)

// faultKind is a fault that the form offers.
type faultKind struct {
	Key, Label string
	then       control.Effect
	delayed    bool // needs a delay
}

func faultKinds() []faultKind {
	return []faultKind{
		{"throttle", "Throttled: 429, code 36009002", control.Effect{Code: gate.CodeThrottled}, false},
		{"internal", "Internal error: 500, code 36009003", control.Effect{Status: http.StatusInternalServerError, Code: gate.CodeInternal}, false},
		{"bad-gateway", "Bad gateway: 502, plain text", control.Effect{Status: http.StatusBadGateway}, false},
		{"unavailable", "Unavailable: 503, plain text", control.Effect{Status: http.StatusServiceUnavailable}, false},
		{"delay", "Delay only", control.Effect{}, true},
		{"cut-before", "Cut before the work", control.Effect{Cut: gate.CutBefore}, false},
		{"cut-body", "Cut in the middle of the answer", control.Effect{Cut: gate.CutBody}, false},
		{"cut-after", "Cut after the work: the outcome is unknown", control.Effect{Cut: gate.CutAfterWork}, false},
		{"expired", "Access token expired: 105002", control.Effect{Token: "expired"}, false},
		{"invalid", "Access token invalid: 105001", control.Effect{Token: "invalid"}, false},
	}
}

// webhookFaultKinds are the faults of webhooks that the form offers.
func webhookFaultKinds() []faultKind {
	return []faultKind{
		{"webhook-duplicate", "Delivered twice", control.Effect{Webhook: gate.WebhookDuplicate}, false},
		{"webhook-late", "Delivered late", control.Effect{Webhook: gate.WebhookLate}, true},
		{"webhook-forged", "A forged copy comes first", control.Effect{Webhook: gate.WebhookForged}, false},
	}
}

type faultsData struct {
	Rows         []faultRow
	Kinds        []faultKind
	Operations   []string
	Shops        []world.Identity
	WebhookKinds []faultKind
	Types        []event.Type
}

type faultRow struct {
	ID, Whom, What, Often string
	Hits                  int
}

func (s *Site) faultsView(*http.Request) view {
	data := faultsData{Kinds: faultKinds(), WebhookKinds: webhookFaultKinds(), Types: event.Types(), Operations: []string{
		"order.*", "product.*", "fulfillment.*", "return_refund.*", "finance.*", "order.GetOrderList", "order.GetOrderDetail",
		"product.UpdateInventory", "fulfillment.ShipPackage",
	}}
	for _, shop := range s.State.Load().World.Shops {
		data.Shops = append(data.Shops, shop.Identity)
	}
	for _, f := range s.Faults.Views() {
		data.Rows = append(data.Rows, faultRow{f.ID, whom(&f), effectWords(&f.Then), often(&f), f.Hits})
	}
	return view{template: "faults", title: "Faults", data: data}
}

// whom says whom a fault hits.
func whom(f *gate.FaultView) string {
	switch m := f.Match; {
	case m.Webhook != 0:
		return "webhooks of " + event.Type(m.Webhook).String()
	case f.Then.Webhook != "":
		return "all webhooks"
	default:
		return matchWords(&m)
	}
}

// matchWords says which requests fit.
func matchWords(m *control.Match) string {
	var parts []string
	for _, p := range []pair{{"", m.Method}, {"", m.Path}, {"", m.Operation}, {"shop ", m.ShopID}, {"app ", m.AppKey}} {
		if p.Value != "" {
			parts = append(parts, p.Name+p.Value)
		}
	}
	if parts == nil {
		return "all requests"
	}
	return strings.Join(parts, ", ")
}

// effectWords says what a fault does.
func effectWords(e *control.Effect) string {
	var parts []string
	if e.Webhook != "" {
		parts = append(parts, "webhook "+e.Webhook)
	}
	if e.Token != "" {
		parts = append(parts, "access token "+e.Token)
	}
	if status, code := gate.AnswerOf(e); status != 0 {
		text := "answers " + strconv.Itoa(status)
		if code != 0 {
			text += ", code " + strconv.Itoa(code)
		}
		parts = append(parts, text)
	}
	switch e.Cut {
	case gate.CutBefore:
		parts = append(parts, "cuts before the work")
	case gate.CutBody:
		parts = append(parts, "cuts in the middle of the answer")
	case gate.CutAfterWork:
		parts = append(parts, "cuts after the work")
	}
	if e.Delay != 0 {
		parts = append(parts, "delay of "+brief(e.Delay))
	}
	return strings.Join(parts, ", ")
}

// often says how often a fault hits.
func often(f *gate.FaultView) string {
	switch {
	case f.Left != nil:
		return "the next " + strconv.Itoa(*f.Left)
	case f.Probability != 0:
		return strconv.FormatFloat(100*f.Probability, 'g', 3, 64) + " %"
	}
	return "every one"
}

// changeFaults adds or removes a fault.
func (s *Site) changeFaults(r *http.Request) (string, error) {
	if r.PostFormValue("action") == "remove" {
		_, err := s.steer(r, http.MethodDelete, "faults/"+pathSegment(r.PostFormValue("id")), struct{}{})
		return webLink("faults", "done", "removed"), err
	}
	rule, err := faultOf(r)
	if err != nil {
		return "", err
	}
	_, err = s.steer(r, http.MethodPost, "faults", rule)
	return webLink("faults", "done", "fault"), err
}

// faultOf reads the form for a new fault.
func faultOf(r *http.Request) (control.Fault, error) {
	var rule control.Fault
	found := false
	delayed := false
	for _, kind := range slices.Concat(faultKinds(), webhookFaultKinds()) {
		if kind.Key == r.PostFormValue("kind") {
			rule.Then, delayed, found = kind.then, kind.delayed, true
		}
	}
	if !found {
		return rule, errors.New("choose what the fault does")
	}
	if target := strings.TrimSpace(r.PostFormValue("target")); strings.HasPrefix(target, "/") {
		rule.Match.Path = target
	} else {
		rule.Match.Operation = target
	}
	rule.Match.ShopID = r.PostFormValue("shop")
	if number := r.PostFormValue("type"); number != "" {
		var err error
		if rule.Match.Webhook, err = strconv.Atoi(number); err != nil {
			return rule, fmt.Errorf("%q is not a type of webhook", number)
		}
	}
	if text := strings.TrimSpace(r.PostFormValue("next")); text != "" {
		next, err := strconv.Atoi(text)
		if err != nil {
			return rule, fmt.Errorf("%q is not a number", text)
		}
		if rule.Next = next; next < 1 {
			return rule, errors.New("next must be at least 1")
		}
	}
	if text := strings.TrimSpace(r.PostFormValue("delay")); text != "" {
		delay, err := readDuration(text)
		if err != nil {
			return rule, err
		}
		rule.Then.Delay = delay
	}
	if delayed && rule.Then.Delay == 0 {
		return rule, errors.New("say how long the delay is, such as 2s")
	}
	return rule, nil
}
