package sandbox_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ttshop-go/ttshop/catalog"
	"github.com/ttshop-go/ttshop/sandbox"
)

// driver works with a sandbox as hard as it can: every operation that has
// state, the control API and the pages, over whatever objects it finds.
type driver struct {
	*world
	region     string
	operations []*catalog.Operation
	ids        map[string][]string // found so far, by the names of fields
	sent       int
	answers    map[int]int // by code
}

// stateful returns the operations that are answered from state, without the one
// that takes the shop away from all others.
func stateful(t testing.TB) []*catalog.Operation {
	t.Helper()
	var list []*catalog.Operation
	for _, op := range describeAll(t) {
		if !op.shape && op.FullName() != leaving {
			list = append(list, op.Operation)
		}
	}
	return list
}

func (d *driver) serve(r *http.Request) []byte {
	recorder := httptest.NewRecorder()
	d.ServeHTTP(recorder, r)
	d.sent++
	if d.heard != nil {
		d.heard(r, recorder.Body.Bytes())
	}
	return recorder.Body.Bytes()
}

// control sends a request to the control API.
func (d *driver) control(method, path, body string) []byte {
	r := httptest.NewRequest(method, "http://localhost/_sandbox/"+path, strings.NewReader(body))
	r.RemoteAddr = "127.0.0.1:1"
	r.Header.Set("Accept", "text/html")
	r.Header.Set("Content-Type", "application/json")
	return d.serve(r)
}

// harvest notes the ids in an answer: an object's id counts as that of the list
// that it is in.
func (d *driver) harvest(name string, value any) {
	switch v := value.(type) {
	case map[string]any:
		for key, member := range v {
			if key == "id" && name != "" {
				key = name + "_id"
			}
			d.harvest(key, member)
		}
	case []any:
		for _, member := range v {
			d.harvest(strings.TrimSuffix(name, "s"), member)
		}
	case string:
		for _, name := range []string{name, strings.Replace(strings.Replace(name, "line_item_id", "order_line_item_id", 1), "cancel_id", "cancellation_id", 1)} {
			if strings.HasSuffix(name, "id") && v != "" && !strings.ContainsAny(v, " /?%#") && !slices.Contains(d.ids[name], v) && len(d.ids[name]) < 40 {
				d.ids[name] = append(d.ids[name], v)
			}
		}
	}
}

// call sends an operation a request made from the catalogue: with all of its
// fields, or with those only that it must have.
func (d *driver) call(op *catalog.Operation, variant int, full bool) {
	s := &sampler{world: d.world, region: d.region, ids: map[string]string{"category_id": "601755"}}
	for name, list := range d.ids {
		s.ids[name] = list[variant%len(list)]
	}
	r := s.sample(op)
	if !full {
		for _, f := range op.Params {
			if !f.Required && f.In == "query" {
				delete(r.query, f.Name)
			}
		}
		for _, f := range op.Body {
			if !f.Required {
				delete(r.body, f.Name)
			}
		}
		if _, ok := r.query["page_size"]; ok {
			r.query["page_size"] = "20"
		}
	}
	var answer struct {
		Code int
		Data any
	}
	if json.Unmarshal(d.serve(s.http(r)), &answer) == nil {
		d.answers[answer.Code]++
		if answer.Code == 0 {
			d.harvest("", answer.Data)
		}
	}
}

// tell reads the sandbox's time, by which requests are signed.
func (d *driver) tell(answer []byte) {
	var clock struct{ Now int64 }
	if json.Unmarshal(answer, &clock) == nil && clock.Now != 0 {
		d.now = time.Unix(clock.Now, 0)
	}
}

func reads(op *catalog.Operation) bool {
	return op.Method == "GET" || strings.HasSuffix(op.Path, "/search") || strings.HasSuffix(op.Path, "/query") || strings.Contains(op.Path, "/calculate")
}

// look reads everything.
func (d *driver) look() {
	for range 2 { // the second round knows the ids of the first
		for _, op := range d.operations {
			if !reads(op) {
				continue
			}
			variants := 1
			if strings.Contains(op.Path, "{") || slices.ContainsFunc(op.Params, func(f catalog.Field) bool { return strings.Contains(f.Name, "id") && f.In == "query" }) {
				variants = 3
			}
			for variant := range variants {
				d.call(op, variant, false)
			}
			d.call(op, 0, true)
		}
	}
	for _, page := range []string{"", "orders", "products", "clock", "webhooks", "faults", "requests"} {
		d.control("GET", "ui/"+page, "")
	}
	for _, id := range d.ids["order_id"] {
		d.control("GET", "ui/orders/"+id, "")
	}
	for _, path := range []string{"orders", "users", "grants", "apps", "throttle", "faults", "webhooks", "requests", "credentials", "deliveries", "health"} {
		d.control("GET", path, "")
	}
}

// drive looks at everything, moves what can be moved, lets days pass and looks
// again.
func (d *driver) drive() {
	d.tell(d.control("POST", "clock", `{"freeze":true}`))
	d.Credentials()
	var faults any
	if json.Unmarshal(d.control("GET", "faults", ""), &faults) == nil {
		d.harvest("fault", faults)
	}
	for _, id := range d.ids["fault_id"] { // a changed one may delay every answer, as it should
		d.control("DELETE", "faults/"+id, "")
	}
	d.look()
	d.control("POST", "orders", `{"region":"`+d.region+`"}`)
	for i, id := range d.ids["order_id"] {
		for _, what := range []string{"cancel", "return", "refund", "replace"} {
			if i%4 < 2 {
				d.control("POST", "orders/"+id+"/buyer", `{"ask":"`+what+`"}`)
			}
		}
		for _, state := range []string{"AWAITING_SHIPMENT", "AWAITING_COLLECTION", "IN_TRANSIT", "DELIVERED", "COMPLETED"} {
			if i%2 == 0 {
				d.control("POST", "orders/"+id+"/move", `{"to":"`+state+`"}`)
			}
		}
	}
	for _, id := range slices.Concat(d.ids["return_id"], d.ids["cancellation_id"]) {
		for _, step := range []string{"ship", "arrive", "reject_offer", "accept_offer", "dispute", "withdraw"} {
			d.control("POST", "aftersales/"+id, `{"do":"`+step+`"}`)
		}
	}
	for _, id := range d.ids["conversation_id"] {
		d.control("POST", "conversations/"+id+"/messages", `{"text":"Hello"}`)
	}
	for _, op := range d.operations {
		if !reads(op) && op.BodyType != catalog.BodyMultipart {
			for variant := range 2 {
				d.call(op, variant, true)
				d.call(op, variant, false)
			}
		}
	}
	for _, step := range []string{"50h", "300h", "2000h"} {
		d.tell(d.control("POST", "clock", `{"advance":"`+step+`"}`))
		d.control("GET", "ui/orders", "")
	}
	d.look()
}

// driven is what came of a snapshot.
type driven struct {
	refusal error       // why it was not taken
	fault   string      // what went wrong; "" for nothing
	answers map[int]int // to calls of operations, by code
}

// succeeded is the number of calls that were answered with success.
func (o *driven) succeeded() int { return o.answers[0] }

// attempt restores a snapshot into a sandbox of its own and drives it.
func attempt(raw []byte, region string, operations []*catalog.Operation, credentials sandbox.Credentials) driven {
	done := make(chan driven, 1)
	go func() {
		var o driven
		defer func() {
			if p := recover(); p != nil {
				o.fault = panicked(p)
			}
			done <- o
		}()
		sb, err := sandbox.New(sandbox.Config{Seed: 3, Throttle: new(0.0), Now: func() time.Time { return start }})
		if err != nil {
			panic(err)
		}
		if o.refusal = sb.Restore(raw); o.refusal != nil {
			sb.Close()
			return
		}
		d := &driver{world: &world{Sandbox: sb, credentials: credentials, now: start}, region: region, operations: operations, ids: map[string][]string{}, answers: map[int]int{}}
		o.answers = d.answers
		d.drive()
		if err := sb.Restore(sb.Snapshot()); err != nil {
			o.fault = "its own snapshot is refused: " + err.Error()
		}
		sb.Close()
	}()
	select {
	case o := <-done:
		return o
	case <-time.After(2 * time.Minute):
		return driven{fault: "it hangs"}
	}
}

// kindsOf makes a line of counts.
func kindsOf(counts map[string]int) string {
	var b strings.Builder
	for _, key := range slices.SortedFunc(maps.Keys(counts), func(a, b string) int { return counts[b] - counts[a] }) {
		fmt.Fprintf(&b, "%6d  %s\n", counts[key], key)
	}
	return b.String()
}
