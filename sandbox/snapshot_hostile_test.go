package sandbox_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"regexp"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ttshop-go/ttshop/sandbox"
)

// everything is a world that has objects of all kinds, as a small snapshot.
func everything(t *testing.T) (document []byte, credentials sandbox.Credentials, regions []string) {
	t.Helper()
	w := newWorld(t)
	w.change(t)
	region := w.credentials.Shops[0].Region
	w.promote(t, region, "DIRECT_DISCOUNT", "PRODUCT", "Spring sale")
	item := w.withStatus(t, region, "ACTIVATE")
	w.call(t, region, "PUT", activitiesPath+"/"+w.promote(t, region, "DIRECT_DISCOUNT", "PRODUCT", "Summer sale").ID+"/products", "",
		fmt.Sprintf(`{"products":[{"id":%q,"quantity_limit":-1,"quantity_per_user":-1,"discount":"12.5"}]}`, item.ID))
	w.invite(t, region)
	w.createGlobal(t, w.newGlobal(t))
	w.upload(t, pngImage(t, 600, 600), "MAIN_IMAGE")
	d := &driver{world: w, region: region, operations: stateful(t), ids: map[string][]string{}, answers: map[int]int{}}
	d.look()
	for _, op := range d.operations {
		if !reads(op) {
			d.call(op, 0, true)
			d.call(op, 1, false)
		}
	}
	for _, shop := range w.credentials.Shops {
		regions = append(regions, shop.Region)
	}
	return trim(t, w.Snapshot()), w.credentials, regions
}

// Changes that have made the sandbox panic are refused with the place.
func TestSnapshotMutatedKnown(t *testing.T) {
	t.Parallel()
	document, _, _ := everything(t)
	places := spots(t, document)
	sb := newWorld(t)
	for _, test := range []struct{ path, to, want string }{
		{`^\.shops\[0\]\.orders\[0\]\.data\.line_items$`, `[null]`, `shops[0].orders[0].data.line_items[0].id: id "" is not a number`},
		{`^\.shops\[0\]\.orders\[0\]\.data\.line_items$`, `[]`, `shops[0].orders[0].data.line_items: is empty`},
		{`^\.shops\[0\]\.orders\[0\]\.data\.line_items\[0\]\.sku_id$`, `"x"`, `shops[0].orders[0].data.line_items[0].sku_id: id "x" is not a number`},
		{`^\.shops\[0\]\.orders\[0\]\.data\.payment\.original_total_product_price$`, `"x"`, `shops[0].orders[0].data.payment.original_total_product_price: is "x"`},
		{`^\.shops\[0\]\.shop\.region$`, `"XX"`, `shops[0].shop: is `},
		{`^\.shops\[0\]\.products\.list\[0\]\.live$`, `{}`, `shops[0].products.list[0].live.category_id: there is no leaf category ""`},
		{`^\.shops\[0\]\.products\.list\[0\]\.live\.category_id$`, `"7999999999999999999"`, `shops[0].products.list[0].live.category_id: there is no leaf category "7999999999999999999"`},
		{`^\.shops\[0\]\.products\.list\[0\]\.live\.skus$`, `[]`, `shops[0].products.list[0].live: has no SKU or no image`},
		{`^\.shops\[0\]\.trade\.random$`, `null`, `shops[0].trade.random: is missing`},
		{`^\.shops\[0\]\.trade\.buyers$`, `[]`, `shops[0].trade.buyers: is empty`},
		{`^\.shops\[0\]\.trade\.packages\.[0-9]+\.parts$`, `[]`, `.parts: is empty`},
		{`^\.shops\[0\]\.affiliate\.targets\[0\]\.creators\[0\]$`, `{}`, `shops[0].affiliate.targets[0].creators[0].creator: the market has no creator ""`},
		{`^\.shops\[0\]\.affiliate\.targets\[0\]\.products\[0\]\.rates$`, `[]`, `shops[0].affiliate.targets[0].products[0].rates: is empty`},
		{`^\.world\.registers\.[^.]*\.responsible_persons\[0\]\.regional_profiles$`, `[]`, `.responsible_persons[0].regional_profiles: is empty`},
		{`^\.world\.images\.random$`, `null`, `world.images.random: is missing`},
	} {
		at := slices.IndexFunc(places, func(s spot) bool { return regexp.MustCompile(test.path).MatchString(s.path) })
		if at < 0 {
			t.Errorf("no place fits %s", test.path)
			continue
		}
		err := sb.Restore(mutation{places[at], "", test.to}.apply(document))
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s to %s: error %v, want %s", test.path, test.to, err, test.want)
		}
	}
	if err := sb.Restore(document); err != nil {
		t.Errorf("unchanged: %v", err)
	}
}

// leastSuccesses is how many calls of a drive over an unchanged snapshot
// succeed at least. Fewer, and the drive has lost what it drives.
const leastSuccesses = 400

// Snapshots with one place changed are refused or do no harm: whatever is taken
// can be worked with.
func TestSnapshotMutated(t *testing.T) {
	t.Parallel()
	document, credentials, regions := everything(t)
	operations, places := stateful(t), spots(t, document)
	whole := attempt(document, regions[0], operations, credentials)
	if whole.refusal != nil || whole.fault != "" || whole.succeeded() < leastSuccesses {
		t.Fatalf("refusal %v, fault %q, %d calls succeeded, want at least %d", whole.refusal, whole.fault, whole.succeeded(), leastSuccesses)
	}
	tries, seed := 4, uint64(2)
	if os.Getenv("TTSHOP_LONG_TESTS") != "" {
		tries, seed = 4000, rand.Uint64()
	}
	list := draw(t, document, tries, seed)
	var mu sync.Mutex
	faults, where, kinds := map[string]int{}, map[string][]string{}, map[string]int{}
	tried, refused, started := 0, 0, time.Now()
	work := make(chan mutation)
	var workers sync.WaitGroup
	for range 2 {
		workers.Go(func() {
			for m := range work {
				region := regions[0]
				if n := strings.TrimPrefix(m.path, ".shops["); n != m.path {
					if i := int(n[0] - '0'); i < len(regions) {
						region = regions[i]
					}
				}
				o := attempt(m.apply(document), region, operations, credentials)
				mu.Lock()
				tried++
				if o.refusal != nil {
					refused++
				}
				if o.fault != "" {
					faults[o.fault]++
					kinds[m.kind]++
					where[o.fault] = append(where[o.fault], m.String())
				}
				mu.Unlock()
			}
		})
	}
	for _, m := range list {
		if end, ok := t.Deadline(); ok && time.Until(end) < 90*time.Second {
			break // the long form tries as much as there is time for
		}
		work <- m
	}
	close(work)
	workers.Wait()
	for fault, list := range where {
		t.Errorf("%s\n\t%d times: %.900s", fault, len(list), strings.Join(list, "; "))
	}
	if tried == 0 {
		t.Error("nothing was tried")
	}
	t.Logf("seed %d, %d bytes, %d places, %d of %d mutations tried, %d refused, %v; unchanged, %d calls succeeded\n%s%s",
		seed, len(document), len(places), tried, len(list), refused, time.Since(started), whole.succeeded(), kindsOf(faults), kindsOf(kinds))
}

// panicked tells what panicked and in which function.
func panicked(p any) string {
	return strings.TrimSpace(regexp.MustCompile(`[0-9]{6,}`).ReplaceAllString(fmt.Sprintf("%.200v", p), "N")) + " in " + caller(debug.Stack())
}

// caller names the function that panicked.
func caller(stack []byte) string {
	_, rest, _ := strings.Cut(string(stack), "panic(")
	for line := range strings.Lines(rest) {
		if strings.Contains(line, "ttshop/sandbox") && !strings.Contains(line, "sandbox_test.") && !strings.Contains(line, "invent.Number(") && strings.Contains(line, "(") {
			return strings.TrimSpace(line[strings.LastIndex(line[:strings.LastIndex(line, "(")], "/")+1 : strings.LastIndex(line, "(")])
		}
	}
	return ""
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
