package hooks

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/answer"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/field"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/screentest"
	"github.com/ttshop-go/ttshop/webhook"
	"github.com/ttshop-go/ttshop/webhook/event"
)

// samples returns the sample of every topic as an event that was received.
func samples(t *testing.T) []*webhook.Event {
	t.Helper()
	var events []*webhook.Event
	for i, topic := range event.Types() {
		e := new(webhook.Event)
		if err := json.Unmarshal(event.Sample(topic), e); err != nil {
			t.Fatal(err)
		}
		e.Meta.Raw = event.Sample(topic)
		e.Meta.Received = time.Date(2026, 11, 28, 9, 41, i%60, 0, time.UTC)
		events = append(events, e)
	}
	return events
}

func TestEventWords(t *testing.T) {
	t.Parallel()
	short := make(map[string]string)
	for _, e := range samples(t) {
		words, known := eventTexts()[e.Type.String()]
		if !known {
			t.Errorf("event_words.json lacks %s", e.Type)
			continue
		}
		if other, taken := short[words.Short]; taken || words.Short == "" || answer.CellWidth(words.Short) > shortWidth {
			t.Errorf("%s: the short name %q is empty, too long or that of %q", e.Type, words.Short, other)
		}
		short[words.Short] = e.Type.String()
		data, err := field.DecodeJSON(e.Data)
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range words.Fields {
			steps, err := field.ParsePath(path)
			if err != nil || len(field.ValuesAt(data, steps)) == 0 && !strings.Contains(path, "removed_product_ids") {
				t.Errorf("%s: %s is not in the sample: %v", e.Type, path, err)
			}
		}
	}
	if len(eventTexts()) != len(short) {
		t.Errorf("event_words.json has %d topics, there are %d", len(eventTexts()), len(short))
	}
}

func TestTold(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ topic, data, state, summary string }{
		{"ORDER_STATUS_CHANGE", `{"order_id":"5","is_on_hold_order":true,"order_status":"UNPAID","update_time":1}`, "UNPAID", "order_status=UNPAID is_on_hold_order=true"},
		{"PRODUCT_AUDIT_STATUS_CHANGE", `{"audit":{"status":"FAILED"},"product_id":1}`, "FAILED", "audit=FAILED"},
		{"ORDER_STATUS_CHANGE", `{"new_field":"x"}`, "x", "new_field=x"},
		{"TYPE_99", `{"a":"1","list":[1],"some_status":"DONE","object":{"a":1},"z":"two\nlines \u001b[31m","empty":""}`, "DONE", `some_status=DONE a=1 z=two lines \x1b[31m`},
		{"TYPE_99", `{}`, "", ""}, {"TYPE_99", `[]`, "", ""}, {"TYPE_99", ``, "", ""}, {"TYPE_99", `null`, "", ""},
	} {
		got := eventTexts().told(tt.topic, json.RawMessage(tt.data))
		if got.state != tt.state || got.summary != tt.summary {
			t.Errorf("%s: %+v, want %q, %q", tt.data, got, tt.state, tt.summary)
		}
	}
}

func TestListenScreens(t *testing.T) {
	t.Parallel()
	for _, columns := range screentest.Widths {
		s := eventScreen{columns: columns}
		var b strings.Builder
		fmt.Fprintln(&b, s.head())
		for i, e := range samples(t) {
			e.Meta.Replayed = i == 0
			l := newEventLine(uint64(i+1), e)
			fmt.Fprintln(&b, s.event(l))
			if !strings.Contains(b.String(), answer.CutCell(l.State, s.whatWidth())) {
				t.Errorf("%d columns: the state of %s is cut", columns, l.Topic)
			}
			at := e.Meta.Received.Add(4 * time.Millisecond)
			switch i {
			case 0:
				fmt.Fprintln(&b, s.handed(at, handOver{status: 200, took: 4 * time.Millisecond}.ended(false), true, l))
			case 1:
				fmt.Fprintln(&b, s.handed(at, handOver{status: 500, took: 1230 * time.Millisecond}.ended(false)+"; try 2 of 30 in 1.0 s", false, l))
			}
		}
		screentest.Golden(t, fmt.Sprintf("listen_%d.txt", columns), columns, b.String())
	}
}

func TestEventsListScreens(t *testing.T) {
	t.Parallel()
	for _, columns := range screentest.Widths {
		var out, stderr bytes.Buffer
		sys := &console.System{Out: &out, Err: &stderr, Terminal: console.Terminal{Columns: columns}}
		var rows []json.RawMessage
		for i, e := range samples(t) {
			row, err := eventRow(newEventLine(uint64(1000+i), e), "")
			if err != nil {
				t.Fatal(err)
			}
			rows = append(rows, row)
		}
		if err := eventView("ID").Write(sys, rows); err != nil {
			t.Fatal(err)
		}
		screentest.Golden(t, fmt.Sprintf("events_list_%d.txt", columns), columns, out.String())
	}
}

// TestOrderStatusIsShown is about the field that decides what a program does.
func TestOrderStatusIsShown(t *testing.T) {
	t.Parallel()
	e := samples(t)[0]
	for _, columns := range screentest.Widths {
		shown := eventScreen{columns: columns}.event(newEventLine(1, e))
		if !strings.Contains(shown, "AWAITING_SHIPMENT") || !strings.Contains(shown, e.Object()) {
			t.Errorf("%d columns: %s", columns, shown)
		}
	}
}
