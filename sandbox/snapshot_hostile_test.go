package sandbox_test

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
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

// lively is a world that has objects of all kinds, some of which were worked on.
func lively(t *testing.T, change ...func(*sandbox.Config)) *driver {
	t.Helper()
	w := newWorld(t, change...)
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
	return d
}

// gifOf is the header of a GIF, which is all that is read of it.
func gifOf(width, height uint16) []byte {
	file := binary.LittleEndian.AppendUint16([]byte("GIF89a"), width)
	return append(binary.LittleEndian.AppendUint16(file, height), 0, 0, 0)
}

// A picture without pixels cannot be drawn once its bytes are dropped.
func TestChatImageEmpty(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for size, want := range map[uint16]int{0: 36009004, 1: 0} {
		if a := w.uploadChat(t, "US", "data", gifOf(size, 1)); a.Code != want {
			t.Errorf("width %d: code %d, want %d: %s", size, a.Code, want, a.Message)
		}
	}
}

// everything is a lively world as a small snapshot.
func everything(t *testing.T) (document []byte, credentials sandbox.Credentials, regions []string) {
	t.Helper()
	w := lively(t)
	for _, shop := range w.credentials.Shops {
		regions = append(regions, shop.Region)
	}
	return trim(t, w.Snapshot()), w.credentials, regions
}

// What a sandbox writes it takes, whatever the seed and whatever was done.
func TestSnapshotTaken(t *testing.T) {
	t.Parallel()
	for i, seed := range []uint64{1, 2, 3, 42, 1 << 63} {
		if i%sandbox.EachCase != 0 {
			continue
		}
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			of := func(c *sandbox.Config) { c.Seed = seed }
			other := newWorld(t)
			take := func(when string, w *world) {
				t.Helper()
				taken := w.Snapshot()
				if err := other.Restore(taken); err != nil {
					t.Fatalf("%s: %v", when, err)
				}
				if again := other.Snapshot(); !bytes.Equal(taken, again) {
					t.Fatalf("%s, a restored snapshot differs: %s", when, firstDifference(taken, again))
				}
			}
			fresh := newWorld(t, of)
			fresh.steer(t, "POST", "clock", `{"advance":"1h"}`, http.StatusOK)
			take("with a clock that was moved and runs", fresh)
			d := lively(t, of)
			region := d.region
			draft := d.newDraft(t, region)
			draft["save_mode"] = "AS_DRAFT"
			d.create(t, region, draft)
			// Images of chats have no limits but those of their format.
			if a := d.uploadChat(t, region, "data", gifOf(30_000, 1)); a.Code != 0 {
				t.Errorf("code %d: %s", a.Code, a.Message)
			}
			d.turn(t, fmt.Sprintf(`{"shop_id":%q,"text":"Is it blue?"}`, d.shop(region).ID))
			if len(d.samples(t, region, "{}")) == 0 || len(d.conversations(t, region)) == 0 {
				t.Error("there is no sample or no conversation")
			}
			take("after much was done", d.world)
			d.advance(t, "960h")
			take("40 days later", d.world)
			if seed == 1 {
				d.drive()
				take("after a drive", d.world)
			}
		})
	}
}

// Changes that have made the sandbox panic are refused with the place.
func TestSnapshotMutatedKnown(t *testing.T) {
	t.Parallel()
	document, _, _ := everything(t)
	places := spots(t, document)
	sb := newWorld(t)
	for i, test := range []struct{ path, to, want string }{
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
		if i%sandbox.EachCase != 0 {
			continue
		}
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
	tries, seed := max(1, 4/sandbox.EachCase), uint64(2)
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

// in returns the object at a path of names and positions.
func in(object map[string]any, path ...any) map[string]any {
	var at any = object
	for _, step := range path {
		switch step := step.(type) {
		case string:
			at = at.(map[string]any)[step]
		case int:
			at = at.([]any)[step]
		}
	}
	return at.(map[string]any)
}

// A refusal names the place and leaves the sandbox as it was.
func TestSnapshotRefusedPlace(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.change(t)
	taken := w.Snapshot()
	var document map[string]any
	decoder := json.NewDecoder(bytes.NewReader(trim(t, taken)))
	decoder.UseNumber()
	if err := decoder.Decode(&document); err != nil {
		t.Fatal(err)
	}
	shop, world := in(document, "shops", 0), in(document, "world")
	trade, orders, line := in(shop, "trade"), shop["orders"].([]any), in(shop, "orders", 2, "data", "line_items", 0)
	cancellations := in(trade, "cancellations")
	cancellation := slices.Sorted(maps.Keys(cancellations))[0]
	for i, test := range []struct {
		at   map[string]any
		key  string
		to   any
		want string
	}{
		{line, "sku_id", "x", `shops[0].orders[2].data.line_items[0].sku_id: id "x" is not a number`},
		{line, "sku_id", 7, `shops[0].orders[2].data.line_items[0].sku_id: is a JSON number, want string`},
		{cancellations, cancellation, nil, fmt.Sprintf(`shops[0].trade.cancellations["%s"]: is null`, cancellation)},
		{in(cancellations, cancellation), "id", "7", fmt.Sprintf(`shops[0].trade.cancellations["%s"].id: is "7"`, cancellation)},
		{in(document, "clock"), "at", "0044-03-15T12:00:00Z", "clock.at: lies in the year 44"},
		{trade, "random", nil, "shops[0].trade.random: is missing"},
		{trade, "order_ids", nil, "shops[0].trade.order_ids.random: is missing"},
		{trade["order_ids"].(map[string]any), "next", json.Number("9223372036854775807"), "shops[0].trade.order_ids.next: is 9223372036854775807"},
		{in(world, "webhooks"), "ids", nil, "world.webhooks.ids.random: is missing"},
		{shop, "orders", append([]any{orders[0]}, orders...), "shops[0].orders[1].data.id: "},
		{shop, "custom_ids", nil, "shops[0].custom_ids: is missing"},
		{in(shop, "warehouses"), "list", []any{}, "shops[0].warehouses.list: no warehouse that is enabled"},
		{in(shop, "products", "list", 0), "status", "SOLD", `shops[0].products.list[0].status: is "SOLD", want one of`},
		{in(shop, "products", "list", 0, "live"), "images", []any{}, "shops[0].products.list[0].live: has no SKU or no image"},
		{in(shop, "orders", 2, "data"), "status", "SOLD", `shops[0].orders[2].data.status: is "SOLD", want one of`},
		{in(shop, "orders", 2, "data"), "create_time", json.Number("9007199254740993"), "shops[0].orders[2].data.create_time: is 9007199254740993, want a number from"},
		{line, "display_status", "SOLD", `shops[0].orders[2].data.line_items[0].display_status: is "SOLD", want one of`},
		{line, "sale_price", "12,50", `shops[0].orders[2].data.line_items[0].sale_price: is "12,50", want an amount of USD`},
		{in(cancellations, cancellation), "order_id", "7", fmt.Sprintf(`shops[0].trade.cancellations["%s"].order_id: the shop has no order "7"`, cancellation)},
		{in(cancellations, cancellation, "lines", 0), "line", "7", fmt.Sprintf(`shops[0].trade.cancellations["%s"].lines[0]: order`, cancellation)},
		{in(trade, "deadlines", "queue", 0), "kind", "doom", `shops[0].trade.deadlines.queue[0].kind: is "doom", want one of`},
		{in(trade, "deadlines", "queue", 0), "at", json.Number("9000000000"), "shops[0].trade.deadlines.queue[1]: is due before queue[0]"},
		{trade, "repeats", nil, "shops[0].trade.repeats: is missing"},
		{in(shop, "promotions", "coupons", 0), "percent", json.Number("101"), "shops[0].promotions.coupons[0]: takes"},
		{in(shop, "desk", "conversations", 0), "buyer", "7", `shops[0].desk.conversations[0].buyer: the shop has no buyer "7"`},
		{in(shop, "desk", "conversations", 0, "messages", 0), "content", "Hello", "shops[0].desk.conversations[0].messages[0].content: is not JSON"},
		{in(shop, "affiliate", "open", 0), "product", "7", `shops[0].affiliate.open[0].product: the shop has no product "7"`},
		{in(shop, "affiliate", "applications", 0), "open", "7", `shops[0].affiliate.applications[0].open: the shop has no open collaboration "7"`},
		{world, "registers", map[string]any{}, "world.registers: seller "},
		{in(world, "images", "drawn", 0), "width", json.Number("0"), "world.images: image "},
		{world, "global_products", map[string]any{}, "world.global_products: seller "},
		{shop, "owner", "nobody", `shops[0].owner: there is no seller "nobody"`},
		{in(document, "sandbox", "authority", "users", 0), "region", "XX", `sandbox.authority.users[0].region: there is no market "XX"`},
		{in(document, "sandbox", "authority", "users", 0), "open_id", "nobody", `sandbox.authority.users[0].open_id: there is no seller "nobody"`},
		{in(world, "images"), "optimized", map[string]any{"x": "y"}, `world.images.optimized["x"]: there is no image "y"`},
	} {
		if i%sandbox.EachCase != 0 {
			continue
		}
		was := test.at[test.key]
		test.at[test.key] = test.to
		raw, err := json.Marshal(document)
		test.at[test.key] = was
		if err != nil {
			t.Fatal(err)
		}
		if err := w.Restore(raw); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s = %v: error %v, want %s", test.key, test.to, err, test.want)
		}
	}
	if !bytes.Equal(w.Snapshot(), taken) {
		t.Error("a refused snapshot has changed the sandbox")
	}
	if err := w.Restore(append(bytes.Clone(taken), "{}"...)); err == nil {
		t.Error("what follows a snapshot is taken")
	}
}
