package gate

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/ttshop-go/ttshop/sandbox/control"
	"github.com/ttshop-go/ttshop/sandbox/internal/invent"
	"github.com/ttshop-go/ttshop/sandbox/internal/keep"
	"github.com/ttshop-go/ttshop/sandbox/internal/wire"
)

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
func ReadFaults(r io.Reader) ([]control.Fault, error) {
	raw, err := io.ReadAll(r)
	if err != nil {
		return nil, fmt.Errorf("reading faults: %w", err)
	}
	var entries []json.RawMessage
	if err := keep.Decode(raw, &entries); err != nil {
		return nil, fmt.Errorf(`decoding faults: want a JSON list such as [{"match":{"operation":"order.*"},"then":{"status":429}}]: %w`, err)
	}
	list := make([]control.Fault, len(entries))
	for i, entry := range entries {
		var given givenFault
		err := keep.Decode(entry, &given)
		if err == nil {
			list[i], err = given.fault()
		}
		if err != nil {
			return nil, fmt.Errorf("fault %d of %d: %w", i+1, len(entries), err)
		}
	}
	return list, nil
}

// givenFault is a fault as it arrives: a zero that was sent is a mistake,
// nothing is not.
type givenFault struct {
	Match       control.Match  `json:"match"`
	Next        *int           `json:"next"`
	Probability *float64       `json:"probability"`
	Then        control.Effect `json:"then"`
}

func (g *givenFault) fault() (control.Fault, error) {
	f := control.Fault{Match: g.Match, Then: g.Then}
	if g.Next != nil {
		if f.Next = *g.Next; f.Next < 1 {
			return f, errNext
		}
	}
	if g.Probability != nil {
		if f.Probability = *g.Probability; !(f.Probability > 0 && f.Probability <= 1) {
			return f, errProbability
		}
	}
	return f, ValidateFault(&f)
}

var (
	errNext        = errors.New("next must be at least 1")
	errProbability = errors.New("probability must be above 0 and at most 1")
)

// ValidateFault refuses a fault that would do nothing or could not be done.
func ValidateFault(f *control.Fault) error {
	then := f.Then
	if then.Webhook != "" || f.Match.Webhook != 0 {
		if err := validateWebhookFault(f); err != nil {
			return err
		}
	}
	switch {
	case f.Next < 0:
		return errNext
	case !(f.Probability >= 0 && f.Probability <= 1):
		return errProbability
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
	case then == control.Effect{}:
		return errors.New("then needs status, code, token, delay or cut")
	}
	return nil
}

// AnswerOf returns the status and the code that the fault answers with, 0 where
// it answers nothing.
func AnswerOf(e *control.Effect) (status, code int) {
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

func matches(m *control.Match, t target) bool {
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
	control.Fault
}

func (s *Gate) getFaults(w http.ResponseWriter, _ *http.Request) {
	ControlAnswer(w, http.StatusOK, struct {
		Faults []FaultView `json:"faults"`
	}{s.Faults.Views()})
}

func (s *Gate) postFault(w http.ResponseWriter, r *http.Request) {
	var given givenFault
	if !ControlBody(w, r, &given) {
		return
	}
	rule, err := given.fault()
	if err != nil {
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

// validateWebhookFault checks what only faults of webhooks have.
func validateWebhookFault(f *control.Fault) error {
	then, delay := f.Then, f.Then.Delay
	switch {
	case then.Webhook != WebhookDuplicate && then.Webhook != WebhookLate && then.Webhook != WebhookForged:
		return fmt.Errorf("webhook must be %s, %s or %s", WebhookDuplicate, WebhookLate, WebhookForged)
	case f.Match != control.Match{Webhook: f.Match.Webhook} || then != control.Effect{Webhook: then.Webhook, Delay: then.Delay}:
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
