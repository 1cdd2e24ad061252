package sandbox_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http/httptest"
	"os"
	"regexp"
	"runtime/debug"
	"slices"
	"strings"
	"testing"

	"github.com/ttshop-go/ttshop/sandbox"
)

// spot is a place in a decoded snapshot whose value can be replaced.
type spot struct {
	path string
	get  any
	set  func(any)
}

// spots lists the places of a document in a fixed order. Of lists the first
// elements stand for all.
func spots(path string, v any, all *[]spot) {
	switch v := v.(type) {
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(v)) {
			value := v[key]
			*all = append(*all, spot{path + "." + key, value, func(to any) { v[key] = to }})
			spots(path+"."+key, value, all)
		}
	case []any:
		for i, value := range v[:min(len(v), 3)] {
			*all = append(*all, spot{fmt.Sprintf("%s[%d]", path, i), value, func(to any) { v[i] = to }})
			spots(fmt.Sprintf("%s[%d]", path, i), value, all)
		}
	}
}

// mutations are the wrong values that stand in for one.
func mutations(v any) []any {
	wrong := []any{nil}
	switch v := v.(type) {
	case string:
		return append(wrong, "", "x", "-1", "99999999999999999999999", strings.Repeat("9", 40), v+"0", json.Number("1"))
	case json.Number:
		return append(wrong, json.Number("-1"), json.Number("0"), json.Number("9223372036854775807"), json.Number("-9223372036854775808"), json.Number("1e400"), "x")
	case bool:
		return append(wrong, !v, "x")
	case []any:
		return append(wrong, []any{}, []any{nil}, append([]any{nil}, v...), append(append([]any{}, v...), v...), map[string]any{})
	case map[string]any:
		return append(wrong, map[string]any{}, map[string]any{"": nil}, []any{})
	}
	return []any{"x", json.Number("7"), map[string]any{}, []any{}}
}

// Snapshots with one value replaced are refused or do no harm: whatever is
// taken can be worked with.
func TestSnapshotMutated(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.change(t)
	taken := w.Snapshot()
	tries := 30
	if os.Getenv("TTSHOP_LONG_TESTS") != "" {
		tries = 4000
	}
	decoder := json.NewDecoder(bytes.NewReader(taken))
	decoder.UseNumber()
	var document any
	if err := decoder.Decode(&document); err != nil {
		t.Fatal(err)
	}
	var all []spot
	spots("", document, &all)
	// Places that differ by position and id alone are of one shape.
	digits, seen := regexp.MustCompile(`[0-9]+`), map[string]int{}
	all = slices.DeleteFunc(all, func(s spot) bool {
		shape := digits.ReplaceAllString(s.path, "N")
		seen[shape]++
		return seen[shape] > 1
	})
	rng := rand.New(rand.NewPCG(1, 2))
	panics, refused := map[string][]string{}, 0
	for range tries {
		at := all[rng.IntN(len(all))]
		list := mutations(at.get)
		to := list[rng.IntN(len(list))]
		at.set(to)
		raw, err := json.Marshal(document)
		at.set(at.get)
		if err != nil {
			t.Fatal(err)
		}
		func() {
			defer func() {
				if p := recover(); p != nil {
					key := fmt.Sprint(p, " ", caller(debug.Stack()))
					panics[key] = append(panics[key], fmt.Sprintf("%s = %.60v", at.path, to))
				}
			}()
			if err := w.Restore(raw); err != nil {
				refused++
				return
			}
			drive(w)
		}()
		// A lock may be held where something panicked.
		if len(panics) > 0 {
			w.Sandbox = fresh(t)
		}
	}
	for what, where := range panics {
		t.Errorf("%s\n\t%d times: %.300s", what, len(where), strings.Join(where, "; "))
	}
	t.Logf("%d places, %d mutations, %d refused", len(all), tries, refused)
}

func fresh(t *testing.T) *sandbox.Sandbox {
	sb, err := sandbox.New(sandbox.Config{Seed: 3})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { sb.Close() })
	return sb
}

// caller names the function that panicked.
func caller(stack []byte) string {
	_, rest, _ := strings.Cut(string(stack), "panic(")
	for line := range strings.Lines(rest) {
		if strings.Contains(line, "ttshop/sandbox.") {
			return strings.TrimSpace(line[:strings.LastIndex(line, "(")])
		}
	}
	return ""
}

// drive works with a sandbox a little: reads, searches, pages, the clock.
func drive(w *world) {
	ask := func(method, path, body string) {
		r := httptest.NewRequest(method, "http://localhost/_sandbox/"+path, strings.NewReader(body))
		r.RemoteAddr = "127.0.0.1:1"
		r.Header.Set("Accept", "text/html")
		w.ServeHTTP(httptest.NewRecorder(), r)
	}
	w.Credentials()
	ask("GET", "", "")
	for _, page := range []string{"orders", "products", "clock", "webhooks", "faults"} {
		ask("GET", "ui/"+page, "")
	}
	ask("GET", "orders", "")
	ask("GET", "users", "")
	ask("GET", "grants", "")
	ask("POST", "orders", `{"region":"GB"}`)
	ask("POST", "clock", `{"advance":"50h"}`)
	ask("GET", "ui/orders", "")
	ask("GET", "grants", "")
	w.Snapshot()
}

// A refusal names the place and leaves the sandbox as it was.
func TestSnapshotRefusedPlace(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.change(t)
	taken := w.Snapshot()
	var document map[string]any
	decoder := json.NewDecoder(bytes.NewReader(taken))
	decoder.UseNumber()
	if err := decoder.Decode(&document); err != nil {
		t.Fatal(err)
	}
	shop := document["shops"].([]any)[0].(map[string]any)
	trade := shop["trade"].(map[string]any)
	orders := shop["orders"].([]any)
	line := orders[2].(map[string]any)["data"].(map[string]any)["line_items"].([]any)[0].(map[string]any)
	cancellations := trade["cancellations"].(map[string]any)
	cancellation := slices.Sorted(maps.Keys(cancellations))[0]
	for _, test := range []struct {
		in   map[string]any
		key  string
		to   any
		want string
	}{
		{line, "sku_id", "x", `shops[0].orders[2].data.line_items[0].sku_id: id "x" is not a number`},
		{line, "sku_id", 7, `shops[0].orders.data.line_items.sku_id: is a JSON number, want string`},
		{cancellations, cancellation, nil, fmt.Sprintf(`shops[0].trade.cancellations["%s"]: is null`, cancellation)},
		{cancellations[cancellation].(map[string]any), "id", "7", fmt.Sprintf(`shops[0].trade.cancellations["%s"].id: is "7"`, cancellation)},
		{trade, "random", nil, "shops[0].trade.random: is missing"},
		{trade, "order_ids", nil, "shops[0].trade.order_ids.random: is missing"},
		{trade["order_ids"].(map[string]any), "next", json.Number("9223372036854775807"), "shops[0].trade.order_ids.next: is 9223372036854775807"},
		{document["world"].(map[string]any)["webhooks"].(map[string]any), "ids", nil, "world.webhooks.ids.random: is missing"},
		{shop, "orders", append([]any{orders[0]}, orders...), "shops[0].orders[1].data.id: "},
	} {
		was := test.in[test.key]
		test.in[test.key] = test.to
		raw, err := json.Marshal(document)
		test.in[test.key] = was
		if err != nil {
			t.Fatal(err)
		}
		if err := w.Restore(raw); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s = %v: error %v, want %s", test.key, test.to, err, test.want)
		}
		if !bytes.Equal(w.Snapshot(), taken) {
			t.Fatalf("%s: a refused snapshot has changed the sandbox", test.key)
		}
	}
	if err := w.Restore(append(bytes.Clone(taken), "{}"...)); err == nil {
		t.Error("what follows a snapshot is taken")
	}
}
