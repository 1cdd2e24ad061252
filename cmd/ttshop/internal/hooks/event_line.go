package hooks

import (
	"encoding/json"
	"strings"
	"time"

	"github.com/ttshop-go/ttshop/webhook"
)

// EventLine is an event as the commands show it.
type EventLine struct {
	ID         uint64          `json:"id,omitempty"` // in the inbox; 0 when it is handed out again
	Received   time.Time       `json:"received"`
	Type       int             `json:"type"`
	Topic      string          `json:"topic"`
	Account    string          `json:"account"` // id of the shop, seller or creator
	Object     string          `json:"object"`  // id of what it is about, such as the order
	State      string          `json:"state"`   // what it became, such as the order's status
	Summary    string          `json:"summary"` // the state and the rest, with the names of the fields
	Key        string          `json:"key"`     // identifies the event across all deliveries
	Reconciled bool            `json:"reconciled,omitempty"`
	Replayed   bool            `json:"replayed,omitempty"`
	Event      json.RawMessage `json:"event,omitempty"` // the body as it came
	Body       string          `json:"body,omitempty"`  // of a delivery that is not a JSON object

	short string // name of the type
	rest  string // of the summary, after the state
}

func newEventLine(id uint64, e *webhook.Event) EventLine {
	told := eventTexts().told(e.Type.String(), e.Data)
	l := EventLine{
		ID: id, Received: e.Meta.Received.UTC(), Type: int(e.Type), Topic: e.Type.String(), Account: e.Account(), Object: e.Object(),
		State: told.state, Summary: told.summary, Key: e.Meta.Key, Reconciled: e.Meta.Reconciled, Replayed: e.Meta.Replayed,
		short: told.short, rest: told.rest,
	}
	if json.Valid(e.Meta.Raw) {
		l.Event = e.Meta.Raw
	} else {
		l.Body = string(e.Meta.Raw)
	}
	if e.Data == nil {
		const why = "the body is not a JSON object"
		l.Topic, l.short, l.State, l.Summary = "UNREADABLE", "unreadable", why, why
	}
	return l
}

// mark says why an event came that no delivery brought, or nothing.
func (l EventLine) mark() string {
	switch {
	case l.Replayed:
		return "(replayed)"
	case l.Reconciled:
		return "(reconciled)"
	}
	return ""
}

// what returns what the event says, the state first.
func (l EventLine) what() string {
	return strings.Join(strings.Fields(l.State+" "+l.mark()+" "+l.rest), " ")
}
