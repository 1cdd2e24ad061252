package gateway

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// Metrics counts what a gateway does. It is safe for concurrent use.
type Metrics struct {
	inFlight atomic.Int64
	audits   atomic.Int64 // records that could not be written
	recent   recent

	mu       sync.Mutex
	calls    map[callLabels]*callCounts
	refusals map[refusalLabels]int64
}

type callLabels struct{ key, operation, outcome string }

type callCounts struct {
	n       int64
	buckets [len(bounds) + 1]int64
	seconds float64
	waited  float64
	tries   int64
	in, out int64
}

type refusalLabels struct{ key, reason, rule string }

// bounds are the upper ends of the buckets of durations, in seconds.
var bounds = [...]float64{.01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30, 60, 120}

func newMetrics() *Metrics {
	return &Metrics{calls: map[callLabels]*callCounts{}, refusals: map[refusalLabels]int64{}}
}

func (m *Metrics) begin()       { m.inFlight.Add(1) }
func (m *Metrics) auditFailed() { m.audits.Add(1) }

// end counts a call that has ended.
func (m *Metrics) end(r Record, took time.Duration) {
	m.inFlight.Add(-1)
	m.recent.add(r, took)
	m.mu.Lock()
	defer m.mu.Unlock()
	if r.Reason != "" {
		m.refusals[refusalLabels{r.Key, r.Reason, r.Rule}]++
		if r.Tries == 0 {
			return
		}
	}
	labels := callLabels{r.Key, r.Operation, r.outcome()}
	c := m.calls[labels]
	if c == nil {
		c = &callCounts{}
		m.calls[labels] = c
	}
	c.n++
	at, _ := slices.BinarySearch(bounds[:], took.Seconds())
	c.buckets[at]++
	c.seconds += took.Seconds()
	c.waited += float64(r.Wait) / 1000
	c.tries += int64(r.Tries)
	c.in += r.In
	c.out += r.Out
}

// outcome is a word for how a call went.
func (r Record) outcome() string {
	switch {
	case r.Unknown:
		return "unknown"
	case r.Reason != "":
		return "failed"
	case r.Code != 0 || r.Status >= 400:
		return "refused"
	}
	return "ok"
}

// WriteTo writes the metrics in the text format of Prometheus.
func (m *Metrics) WriteTo(w io.Writer) (int64, error) {
	var b strings.Builder
	head := func(name, kind, help string) { fmt.Fprintf(&b, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, kind) }
	m.mu.Lock()
	labels := slices.SortedFunc(maps.Keys(m.calls), func(a, b callLabels) int {
		return strings.Compare(a.key+"\x00"+a.operation+"\x00"+a.outcome, b.key+"\x00"+b.operation+"\x00"+b.outcome)
	})
	head("ttshop_gateway_call_duration_seconds", "histogram", "Duration of calls that were sent, waits included.")
	for _, l := range labels {
		c, total := m.calls[l], int64(0)
		text := fmt.Sprintf("key=%s,operation=%s,outcome=%s", quote(l.key), quote(l.operation), quote(l.outcome))
		for i, bound := range bounds {
			total += c.buckets[i]
			fmt.Fprintf(&b, "ttshop_gateway_call_duration_seconds_bucket{%s,le=\"%v\"} %d\n", text, bound, total)
		}
		fmt.Fprintf(&b, "ttshop_gateway_call_duration_seconds_bucket{%s,le=\"+Inf\"} %d\n", text, c.n)
		fmt.Fprintf(&b, "ttshop_gateway_call_duration_seconds_sum{%s} %g\n", text, c.seconds)
		fmt.Fprintf(&b, "ttshop_gateway_call_duration_seconds_count{%s} %d\n", text, c.n)
	}
	for _, counter := range []struct {
		name, help string
		value      func(*callCounts) float64
	}{
		{"ttshop_gateway_wait_seconds_total", "Time that calls spent on pacing and backoff.", func(c *callCounts) float64 { return c.waited }},
		{"ttshop_gateway_tries_total", "How often calls were sent to the platform.", func(c *callCounts) float64 { return float64(c.tries) }},
		{"ttshop_gateway_request_bytes_total", "Bytes of the bodies of requests.", func(c *callCounts) float64 { return float64(c.in) }},
		{"ttshop_gateway_response_bytes_total", "Bytes of the bodies of answers.", func(c *callCounts) float64 { return float64(c.out) }},
	} {
		head(counter.name, "counter", counter.help)
		for _, l := range labels {
			fmt.Fprintf(&b, "%s{key=%s,operation=%s,outcome=%s} %g\n", counter.name, quote(l.key), quote(l.operation), quote(l.outcome), counter.value(m.calls[l]))
		}
	}
	head("ttshop_gateway_refusals_total", "counter", "Answers of the gateway's own, by reason and by rule of the policy.")
	for _, l := range slices.SortedFunc(maps.Keys(m.refusals), func(a, b refusalLabels) int {
		return strings.Compare(a.key+"\x00"+a.reason+"\x00"+a.rule, b.key+"\x00"+b.reason+"\x00"+b.rule)
	}) {
		fmt.Fprintf(&b, "ttshop_gateway_refusals_total{key=%s,reason=%s,rule=%s} %d\n", quote(l.key), quote(l.reason), quote(l.rule), m.refusals[l])
	}
	m.mu.Unlock()
	head("ttshop_gateway_in_flight", "gauge", "Requests under way.")
	fmt.Fprintf(&b, "ttshop_gateway_in_flight %d\n", m.inFlight.Load())
	head("ttshop_gateway_audit_failures_total", "counter", "Records that could not be written.")
	fmt.Fprintf(&b, "ttshop_gateway_audit_failures_total %d\n", m.audits.Load())
	n, err := io.WriteString(w, b.String())
	return int64(n), err
}

// quote quotes the value of a label.
func quote(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`).Replace(s) + `"`
}
