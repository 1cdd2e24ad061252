package gate

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/ttshop-go/ttshop/sandbox/internal/invent"
	"github.com/ttshop-go/ttshop/sandbox/internal/keep"
	"github.com/ttshop-go/ttshop/sandbox/internal/wire"
)

// Fault is a rule that disturbs requests: whom it hits, how often, and what
// happens then.
type Fault struct {
	Match FaultMatch `json:"match"`

	// Next is how many requests are hit before the rule ends. Nil means all.
	Next *int `json:"next,omitempty"`
	// Probability of a hit per request that matches, above 0 and at most 1. Nil
	// means 1. The dice follow the seed.
	Probability *float64 `json:"probability,omitempty"`

	Then FaultEffect `json:"then"`
}

// FaultMatch says which requests a fault is for. Empty fields match all.
type FaultMatch struct {
	Method    string `json:"method,omitempty"`
	Path      string `json:"path,omitempty"`      // exact, with parameters in braces, or a prefix that ends in *
	Operation string `json:"operation,omitempty"` // such as order.GetOrderList, or a prefix that ends in *
	ShopID    string `json:"shop_id,omitempty"`
	AppKey    string `json:"app_key,omitempty"`

	// Webhook is the number of a webhook's type, for effects on webhooks.
	Webhook int `json:"webhook,omitempty"`
}

// FaultEffect is what a fault does. A fault answers instead of the operation,
// cuts the connection, or only delays.
type FaultEffect struct {
	Status int `json:"status,omitempty"` // HTTP status; 0 with a code means the code's own
	Code   int `json:"code,omitempty"`   // of the envelope; 0 with a status answers plain text

	// Token makes the access token be taken for "expired" or "invalid".
	Token string `json:"token,omitempty"`

	// Delay holds the answer up.
	Delay Duration `json:"delay,omitempty"`

	// Cut ends the connection: "before" the work is done, in the middle of the
	// "body", or "after_work" without any answer. With after_work a delay comes
	// after the work too: a timeout whose outcome the client cannot know.
	Cut string `json:"cut,omitempty"`

	// Webhook makes the fault one of webhooks instead of requests: a webhook is
	// a "duplicate", is "late" by the delay, or comes after a "forged" copy.
	Webhook string `json:"webhook,omitempty"`
}

// Duration is a time.Duration that JSON has in the notation of Go, such as
// "1m30s".
type Duration time.Duration

// MarshalText writes the notation of [time.Duration.String].
func (d Duration) MarshalText() ([]byte, error) { return []byte(time.Duration(d).String()), nil }

// UnmarshalText reads the notation of [time.ParseDuration].
func (d *Duration) UnmarshalText(text []byte) error {
	parsed, err := time.ParseDuration(string(text))
	*d = Duration(parsed)
	return err
}

// ReadFaults reads a file of faults: a JSON list of what POST
// /_sandbox/faults takes.
func ReadFaults(r io.Reader) ([]Fault, error) {
	raw, err := io.ReadAll(r)
	if err != nil {
		return nil, fmt.Errorf("reading faults: %w", err)
	}
	var entries []json.RawMessage
	if err := keep.Decode(raw, &entries); err != nil {
		return nil, fmt.Errorf(`decoding faults: want a JSON list such as [{"match":{"operation":"order.*"},"then":{"status":429}}]: %w`, err)
	}
	list := make([]Fault, len(entries))
	for i, entry := range entries {
		err := keep.Decode(entry, &list[i])
		if err == nil {
			err = list[i].Validate()
		}
		if err != nil {
			return nil, fmt.Errorf("fault %d of %d: %w", i+1, len(entries), err)
		}
	}
	return list, nil
}

// Validate refuses a fault that would do nothing or could not be done.
func (f *Fault) Validate() error {
	then := f.Then
	if then.Webhook != "" || f.Match.Webhook != 0 {
		if err := f.validateWebhook(); err != nil {
			return err
		}
	}
	switch {
	case f.Next != nil && *f.Next < 1:
		return errors.New("next must be at least 1")
	case f.Probability != nil && !(*f.Probability > 0 && *f.Probability <= 1):
		return errors.New("probability must be above 0 and at most 1")
	case then.Status != 0 && (then.Status < 200 || then.Status > 599):
		return errors.New("status must be from 200 to 599")
	case then.Delay < 0:
		return errors.New("delay must not be negative")
	case then.Cut != "" && then.Cut != CutBefore && then.Cut != CutBody && then.Cut != CutAfterWork:
		return fmt.Errorf("cut must be %s, %s or %s", CutBefore, CutBody, CutAfterWork)
	case then.Token != "" && then.Token != "expired" && then.Token != "invalid":
		return errors.New("token must be expired or invalid")
	case then.Token != "" && (then.Status != 0 || then.Code != 0):
		return errors.New("token stands for a status and a code of its own")
	case then.Cut != "" && (then.Status != 0 || then.Code != 0 || then.Token != ""):
		return errors.New("a fault either answers or cuts")
	case then == FaultEffect{}:
		return errors.New("then needs status, code, token, delay or cut")
	}
	return nil
}

// Answer returns the status and the code that the fault answers with, 0 where
// it answers nothing.
func (e *FaultEffect) Answer() (status, code int) {
	status, code = e.Status, e.Code
	switch e.Token {
	case "expired":
		code = codeTokenExpired
	case "invalid":
		code = codeTokenInvalid
	}
	if status == 0 && code != 0 {
		status = statusOf(code)
	}
	return status, code
}

// target is what faults and throttle rules look at of a request.
type target struct {
	method, path        string
	template, operation string // "" where the API has no such operation
	shopID, appKey      string
}

// target looks at a request before any check.
func (c *Call) target() target {
	t := target{method: c.Request.Method, path: c.Path}
	t.appKey, _ = wire.Lookup(c.Query, "app_key")
	if methods, _ := c.Gate.Router.Find(c.Path); methods != nil {
		if r := methods[t.method]; r != nil {
			t.template, t.operation = r.Path, r.Name
		}
	} else if e := c.Gate.Registry.unsigned[c.Path]; e != nil {
		t.operation = e.name
	}
	if cipher, _ := wire.Lookup(c.Query, "shop_cipher"); cipher != "" {
		for _, s := range c.State.World.Shops {
			if s.Cipher == cipher {
				t.shopID = s.ID
			}
		}
	}
	return t
}

func (m *FaultMatch) matches(t target) bool {
	return (m.Method == "" || strings.EqualFold(m.Method, t.method)) &&
		(matchesName(m.Path, t.path) || matchesName(m.Path, t.template)) &&
		matchesName(m.Operation, t.operation) &&
		(m.ShopID == "" || m.ShopID == t.shopID) &&
		(m.AppKey == "" || m.AppKey == t.appKey)
}

// matchesName compares a name to a pattern: nothing for all, a prefix that
// ends in *, or the name itself.
func matchesName(pattern, name string) bool {
	if prefix, ok := strings.CutSuffix(pattern, "*"); ok {
		return strings.HasPrefix(name, prefix)
	}
	return pattern == "" || pattern == name
}

// FaultView is a fault as the control shows it.
type FaultView struct {
	ID   string `json:"id"`
	Left *int   `json:"left,omitempty"` // hits that are left, where they are counted
	Hits int    `json:"hits"`
	Fault
}

func (s *Gate) getFaults(w http.ResponseWriter, _ *http.Request) {
	ControlAnswer(w, http.StatusOK, struct {
		Faults []FaultView `json:"faults"`
	}{s.Faults.Views()})
}

func (s *Gate) postFault(w http.ResponseWriter, r *http.Request) {
	var rule Fault
	if !ControlBody(w, r, &rule) {
		return
	}
	if err := rule.Validate(); err != nil {
		ControlError(w, http.StatusBadRequest, err.Error())
		return
	}
	ControlAnswer(w, http.StatusCreated, struct {
		ID string `json:"id"`
	}{s.Faults.add(rule)})
}

func (s *Gate) deleteFault(w http.ResponseWriter, r *http.Request) {
	if !s.Faults.remove(r.PathValue("id")) {
		ControlError(w, http.StatusNotFound, "no such fault")
		return
	}
	ControlAnswer(w, http.StatusOK, struct{}{})
}

// Part holds the faults and the dice that decide on them.
func (s *Faults) Part() keep.Part {
	type kept struct {
		Random invent.Random `json:"random"`
		Last   int           `json:"last"`
		List   []FaultView   `json:"list"`
	}
	return keep.Part{Name: "faults",
		Save: func() any { return kept{s.rng, s.last, s.Views()} },
		Load: func(raw json.RawMessage) error {
			var k kept
			if err := keep.Decode(raw, &k); err != nil {
				return err
			}
			s.mu.Lock()
			defer s.mu.Unlock()
			s.rng, s.last, s.list = k.Random, k.Last, nil
			for _, f := range k.List {
				restored := &fault{id: f.ID, rule: f.Fault, hits: f.Hits}
				if f.Left != nil {
					restored.left = *f.Left
				}
				s.list = append(s.list, restored)
			}
			s.Count.Store(int32(len(s.list)))
			return nil
		}}
}

// validateWebhook checks what only faults of webhooks have.
func (f *Fault) validateWebhook() error {
	then, delay := f.Then, time.Duration(f.Then.Delay)
	switch {
	case then.Webhook != WebhookDuplicate && then.Webhook != WebhookLate && then.Webhook != WebhookForged:
		return fmt.Errorf("webhook must be %s, %s or %s", WebhookDuplicate, WebhookLate, WebhookForged)
	case f.Match != FaultMatch{Webhook: f.Match.Webhook} || then != FaultEffect{Webhook: then.Webhook, Delay: then.Delay}:
		return errors.New("a fault is about requests or about webhooks")
	case f.Match.Webhook < 0:
		return errors.New("match.webhook is the number of a webhook")
	case then.Webhook != WebhookLate && delay != 0:
		return errors.New("only late webhooks have a delay")
	case then.Webhook == WebhookLate && delay < time.Second:
		return errors.New("late webhooks need a delay of a second or more")
	}
	return nil
}
