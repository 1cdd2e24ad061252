package gate

import (
	"context"
	"embed"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/consolepage"
	"github.com/ttshop-go/ttshop/gateway"
)

// statusOf gives the status of a gateway.
type statusOf func(ctx context.Context) (gateway.Status, error)

//go:embed panels/*.html
var panelFiles embed.FS

// panelText is the template of a panel.
func panelText(name string) string {
	text, err := panelFiles.ReadFile("panels/" + name + ".html")
	if err != nil {
		panic("gate: " + err.Error()) // it is in the program
	}
	return string(text)
}

// gatewayPanels are the panels about a gateway. Their ids begin with a prefix, and
// their titles name the gateway where there are several.
func gatewayPanels(prefix, name string, load statusOf) []consolepage.Panel {
	load = once(load)
	title := func(text string) string {
		if name != "" {
			return text + ", " + name
		}
		return text
	}
	panel := func(id, text string, data func(gateway.Status, consolepage.Query) any) consolepage.Panel {
		return consolepage.Panel{
			ID: prefix + id, Title: title(text), Body: consolepage.Parse(panelText(id)),
			Load: func(ctx context.Context, q consolepage.Query) (any, error) {
				s, err := load(ctx)
				if err != nil {
					return nil, err
				}
				return data(s, q), nil
			},
		}
	}
	return []consolepage.Panel{
		panel("now", "Now", func(s gateway.Status, _ consolepage.Query) any { return nowOf(s) }),
		panel("traffic", "Last ten minutes", func(s gateway.Status, _ consolepage.Query) any { return trafficOf(s) }),
		panel("failures", "Last failures", failuresOf),
		panel("keys", "Keys and their quota", keysOf),
		panel("pace", "Pace", paceOf),
		panel("grants", "Tokens and authorizations", grantsOf),
	}
}

// once lets the panels of one look share a status: they load at the same time.
func once(load statusOf) statusOf {
	const fresh = 500 * time.Millisecond
	var mu sync.Mutex
	var last gateway.Status
	var failed error
	var at time.Time
	return func(ctx context.Context) (gateway.Status, error) {
		mu.Lock()
		defer mu.Unlock()
		if time.Since(at) > fresh {
			last, failed = load(ctx)
			at = time.Now()
		}
		return last, failed
	}
}

// tile is a value with its name.
type tile struct{ Name, Value, Class string }

func nowOf(s gateway.Status) any {
	calls, refused, failed, seconds := 0, 0, 0, 0.0
	if n := len(s.Spans); n > 0 {
		for _, span := range s.Spans[max(0, n-13):max(0, n-1)] { // the last minute that is over
			calls, refused, failed = calls+span.Calls, refused+span.Refused, failed+span.Failed
			if calls > 0 { // before the first, there may have been no gateway
				seconds += s.SpanTime.Seconds()
			}
		}
	}
	rate, share, class := 0.0, 0.0, ""
	if calls > 0 {
		rate, share = float64(calls)/seconds, 100*float64(refused)/float64(calls)
	}
	if failed > 0 {
		class = "bad"
	}
	tiles := []tile{
		{"State", "ready", "good"},
		{"Calls per second", strconv.FormatFloat(rate, 'f', 1, 64), ""},
		{"Latency, half below", latencyText(s.P50), ""},
		{"Latency, 95 % below", latencyText(s.P95), ""},
		{"Refused", strconv.FormatFloat(share, 'f', 1, 64) + " %", ""},
		{"Failed", strconv.Itoa(failed), class},
		{"Under way", strconv.FormatInt(s.InFlight, 10), ""},
	}
	if !s.Ready.Ready {
		tiles[0].Value, tiles[0].Class = "not ready", "bad"
	}
	var problems []string
	for _, text := range []string{s.Ready.Policy.Error, s.Ready.Pace, s.Missing} {
		if text != "" {
			problems = append(problems, text)
		}
	}
	if s.Unkept > 0 {
		problems = append(problems, fmt.Sprintf("%d records could not be written to the audit.", s.Unkept))
	}
	return struct {
		Node     string
		Tiles    []tile
		Problems []string
	}{s.Node, tiles, problems}
}

func latencyText(d time.Duration) string {
	if d == 0 {
		return "–"
	}
	if d < 10*time.Millisecond {
		return strconv.FormatFloat(float64(d)/float64(time.Millisecond), 'f', 1, 64) + " ms"
	}
	return d.Round(time.Millisecond).String()
}

func trafficOf(s gateway.Status) any {
	var rate, refused, failed, p50, p95 []float64
	spans := s.Spans
	if len(spans) > 0 {
		spans = spans[:len(spans)-1] // the last is under way
	}
	total, most := 0, 0.0
	for _, span := range spans {
		per := s.SpanTime.Seconds()
		rate, refused = append(rate, float64(span.Calls)/per), append(refused, float64(span.Refused)/per)
		failed = append(failed, float64(span.Failed)/per)
		p50, p95 = append(p50, float64(span.P50)/float64(time.Millisecond)), append(p95, float64(span.P95)/float64(time.Millisecond))
		total, most = total+span.Calls, max(most, float64(span.Calls)/per)
	}
	const from, to = "10 min ago", "now"
	return struct {
		Total                    int64
		Rate, Latency, Refusals  consolepage.Plot
		Highest                  string
		HighestRefused, HighestP string
	}{
		Total:    int64(total),
		Highest:  strconv.FormatFloat(most, 'f', 1, 64),
		Rate:     consolepage.Plot{Title: fmt.Sprintf("Calls per second of the last ten minutes, at most %.1f", most), First: rate, From: from, To: to},
		Latency:  consolepage.Plot{Title: "Latency of the last ten minutes in milliseconds: half of the calls, and 95 percent, took less", First: p50, Second: p95, From: from, To: to, Unit: " ms"},
		Refusals: consolepage.Plot{Title: "Calls per second that were refused, and that failed, in the last ten minutes", First: refused, Second: failed, From: from, To: to},
	}
}

// failureRow is a call that did not succeed.
type failureRow struct {
	Record gateway.Record
	Why    string
}

func failuresOf(s gateway.Status, q consolepage.Query) any {
	const most = 100
	var rows []failureRow
	more := 0
	for _, r := range s.Failures {
		row := failureRow{r, why(r)}
		if !q.Match(r.Key, r.Operation, r.Shop, r.Grant, strconv.Itoa(r.Status), strconv.Itoa(r.Code), row.Why, r.RequestID, r.ID) {
			continue
		}
		if len(rows) == most {
			more++
			continue
		}
		rows = append(rows, row)
	}
	return struct {
		Rows   []failureRow
		More   int
		Sought string
	}{rows, more, q.Text}
}

// why says why a call did not succeed.
func why(r gateway.Record) string {
	switch {
	case r.Unknown:
		return "the outcome is unknown"
	case r.Rule != "":
		return r.Reason + ", rule " + r.Rule
	case r.Reason != "":
		return r.Reason
	case r.Code != 0:
		return "refused by the platform"
	}
	return http.StatusText(r.Status)
}

func keysOf(s gateway.Status, q consolepage.Query) any {
	var rows []gateway.KeyStatus
	for _, k := range s.Keys {
		name := k.Name
		if name == "" {
			name = "no key"
		}
		if q.Match(name, k.State) {
			rows = append(rows, k)
		}
	}
	return struct {
		Rows   []gateway.KeyStatus
		Sought string
	}{rows, q.Text}
}

func paceOf(s gateway.Status, q consolepage.Query) any {
	const most = 100
	type row struct {
		gateway.PaceStatus
		Text, LimitText string
	}
	var rows []row
	more := 0
	for _, p := range s.Pace {
		if !q.Match(p.Operation, p.Shop) {
			continue
		}
		if len(rows) == most {
			more++
			continue
		}
		rows = append(rows, row{p, trim(p.Rate), trim(p.Limit)})
	}
	return struct {
		Rows   []row
		More   int
		Now    time.Time
		Sought string
	}{rows, more, s.Time, q.Text}
}

// trim writes a rate.
func trim(v float64) string {
	return strings.TrimSuffix(strings.TrimRight(strconv.FormatFloat(v, 'f', 2, 64), "0"), ".")
}

func grantsOf(s gateway.Status, q consolepage.Query) any {
	const most = 100
	type row struct {
		gateway.GrantStatus
		Class, ShopText string
	}
	classes := map[string]string{gateway.GrantOK: "good", gateway.GrantEnding: "warn", gateway.GrantEnded: "bad", gateway.GrantLost: "bad"}
	var rows []row
	more, troubled := 0, 0
	for _, g := range s.Grants {
		if g.State != gateway.GrantOK {
			troubled++
		}
		if !q.Match(g.Name, g.OpenID, g.Kind, g.State, g.Reason, strings.Join(g.Shops, " ")) {
			continue
		}
		if len(rows) == most {
			more++
			continue
		}
		rows = append(rows, row{g, classes[g.State], strings.Join(g.Shops, ", ")})
	}
	return struct {
		Rows     []row
		More     int
		Troubled int
		Now      time.Time
		Sought   string
	}{rows, more, troubled, s.Time, q.Text}
}
