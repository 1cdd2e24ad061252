package hooks

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/answer"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
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
	Summary    string          `json:"summary"`
	Key        string          `json:"key"` // identifies the event across all deliveries
	Reconciled bool            `json:"reconciled,omitempty"`
	Replayed   bool            `json:"replayed,omitempty"`
	Event      json.RawMessage `json:"event,omitempty"` // the body as it came
	Body       string          `json:"body,omitempty"`  // of a delivery that is not a JSON object
}

func newEventLine(id uint64, e *webhook.Event) EventLine {
	l := EventLine{
		ID: id, Received: e.Meta.Received.UTC(), Type: int(e.Type), Topic: e.Type.String(), Account: e.Account(), Object: e.Object(),
		Summary: summary(e.Data), Key: e.Meta.Key, Reconciled: e.Meta.Reconciled, Replayed: e.Meta.Replayed,
	}
	if json.Valid(e.Meta.Raw) {
		l.Event = e.Meta.Raw
	} else {
		l.Body = string(e.Meta.Raw)
	}
	if e.Data == nil {
		l.Topic, l.Summary = "UNREADABLE", "the body is not a JSON object"
	}
	return l
}

// eventColumns are the columns of the lines that ttshop listen prints.
const eventColumns = "%-8s  %-34s  %-19s  %-19s  %s"

// eventHead is the line above them.
func eventHead(paint console.Painter) string {
	return paint.Bold(fmt.Sprintf(eventColumns, "UTC", "EVENT", "SHOP", "ABOUT", "WHAT"))
}

// String returns the event on one line.
func (l EventLine) String() string {
	what := l.Summary
	switch {
	case l.Replayed:
		what += " (replayed)"
	case l.Reconciled:
		what += " (reconciled)"
	}
	topic := fmt.Sprintf("%s (%d)", l.Topic, l.Type)
	return fmt.Sprintf(eventColumns, l.Received.Format("15:04:05"), topic, console.Printable(l.Account), console.Printable(l.Object), what)
}

// summary returns what an event's data says apart from ids and times, that is,
// what changed.
func summary(data json.RawMessage) string {
	const most = 60
	decoder := json.NewDecoder(bytes.NewReader(data))
	if token, err := decoder.Token(); err != nil || token != json.Delim('{') {
		return ""
	}
	var parts []string
	for decoder.More() {
		name, err := decoder.Token()
		if err != nil {
			break
		}
		var value json.RawMessage
		if err := decoder.Decode(&value); err != nil {
			break
		}
		field := fmt.Sprint(name)
		if strings.HasSuffix(field, "_id") || strings.HasSuffix(field, "_time") || len(value) == 0 || value[0] == '{' || value[0] == '[' {
			continue
		}
		var text string
		if json.Unmarshal(value, &text) != nil {
			text = string(value)
		}
		if text != "" {
			parts = append(parts, field+"="+answer.OneLine(text))
		}
	}
	return answer.CutCell(strings.Join(parts, " "), most)
}
