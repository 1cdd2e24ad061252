// Package synctest holds the tests that every destination must pass.
//
//	func TestDestination(t *testing.T) {
//		synctest.Run(t, synctest.Place{
//			Open: func(t *testing.T) sync.Destination { return newEmpty(t) },
//			Look: func(t *testing.T, d sync.Destination, table string) []map[string]string { return rowsOf(t, d, table) },
//		})
//	}
package synctest

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ttshop-go/ttshop/sync"
)

// A Place is where a kind of destination is made for tests.
type Place struct {
	// Open returns an empty destination, another one on each call. The test closes it.
	Open func(t *testing.T) sync.Destination
	// Look returns all rows of a table as text by column, in any order; NULL is left
	// out.
	Look func(t *testing.T, d sync.Destination, table string) []map[string]string
}

// Run tests a kind of destination.
func Run(t *testing.T, place Place) {
	for _, tt := range []struct {
		name string
		run  func(*bench)
	}{
		{"RoundTrip", testRoundTrip},
		{"MergeInAnyOrder", testMerge},
		{"SeenAgain", testSeenAgain},
		{"Force", testForce},
		{"Children", testChildren},
		{"GroupsThatAreLeft", testGroups},
		{"Fence", testFence},
		{"Lease", testLease},
		{"Renew", testRenew},
		{"Generations", testGenerations},
		{"Todo", testTodo},
		{"FollowUp", testFollowUp},
		{"FollowBy", testFollowBy},
		{"State", testState},
		{"Issues", testIssues},
		{"AllOrNothing", testAllOrNothing},
		{"ManyRows", testManyRows},
		{"Types", testTypes},
		{"PrepareAgain", testPrepareAgain},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, schema, err := sync.Streams()
			if err != nil {
				t.Fatal(err)
			}
			d := place.Open(t)
			t.Cleanup(func() {
				if err := d.Close(); err != nil {
					t.Errorf("close: %v", err)
				}
			})
			b := &bench{T: t, place: place, d: d, schema: schema, orders: schema.Table("orders"), stock: schema.Table("inventory")}
			if err := d.Prepare(t.Context(), schema, noFill); err != nil {
				t.Fatal(err)
			}
			b.epoch = b.acquire("one")
			tt.run(b)
		})
	}
}

func noFill(*sync.Table, string, []byte) (sync.Row, bool) { return sync.Row{}, false }

// bench is a destination under test.
type bench struct {
	*testing.T
	place  Place
	d      sync.Destination
	schema *sync.Schema
	orders *sync.Table
	stock  *sync.Table
	epoch  int64
}

var shop = sync.Shop{ID: "7", Name: "A shop", Region: "GB"}

// at is when batches are committed.
var at = time.Date(2026, 5, 6, 7, 8, 9, 0, time.UTC)

func (b *bench) acquire(owner string) int64 {
	b.Helper()
	epoch, err := b.d.Acquire(b.Context(), shop, owner, time.Minute)
	if err != nil {
		b.Fatal(err)
	}
	return epoch
}

// row makes a row of a table; what is not named is nil.
func row(table *sync.Table, version, seq int64, hash string, values map[string]any) sync.Row {
	r := sync.Row{Version: version, Seq: seq, Hash: hash, Raw: []byte(`{"hash":"` + hash + `"}`)}
	r.Values = make([]any, len(table.Columns))
	for i, c := range table.Columns {
		r.Values[i] = values[c.Name]
	}
	r.Children = make([][]sync.Row, len(table.Children))
	return r
}

func (b *bench) order(id string, version, seq int64, status string) sync.Row {
	return row(b.orders, version, seq, "hash of "+status, map[string]any{"id": id, "status": status})
}

func (b *bench) batch(table *sync.Table, rows ...sync.Row) *sync.Batch {
	return &sync.Batch{Shop: shop.ID, Epoch: b.epoch, Stream: table.Name, Table: table, Rows: rows, Day: "2026-05-06", Requests: 1, At: at}
}

func (b *bench) commit(batch *sync.Batch) sync.Tally {
	b.Helper()
	tally, err := b.d.Commit(b.Context(), batch)
	if err != nil {
		b.Fatal(err)
	}
	if tally.Stored() != len(batch.Rows) {
		b.Fatalf("%d rows, tally %+v", len(batch.Rows), tally)
	}
	return tally
}

// look returns the rows of a table by a column.
func (b *bench) look(table, by string) map[string]map[string]string {
	b.Helper()
	all := map[string]map[string]string{}
	for _, r := range b.place.Look(b.T, b.d, table) {
		if _, twice := all[r[by]]; twice {
			b.Errorf("%s %s is there twice", table, r[by])
		}
		all[r[by]] = r
	}
	return all
}

func (b *bench) known(table *sync.Table) []sync.Known {
	b.Helper()
	var all []sync.Known
	for k, err := range b.d.Rows(b.Context(), shop.ID, table, "", time.Time{}, time.Time{}) {
		if err != nil {
			b.Fatal(err)
		}
		all = append(all, k)
	}
	return all
}

func testRoundTrip(b *bench) {
	if got := b.commit(b.batch(b.orders, b.order("1", 5, 1, "UNPAID"), b.order("2", 5, 1, "PAID"))); got != (sync.Tally{Inserted: 2}) {
		b.Errorf("tally %+v", got)
	}
	if got := b.commit(b.batch(b.orders, b.order("1", 5, 2, "UNPAID"), b.order("2", 6, 2, "SENT"))); got != (sync.Tally{Changed: 1, Unchanged: 1}) {
		b.Errorf("tally %+v", got)
	}
	rows := b.look("orders", "id")
	if len(rows) != 2 || rows["1"]["status"] != "UNPAID" || rows["2"]["status"] != "SENT" || rows["1"]["shop_id"] != shop.ID {
		b.Errorf("%v", rows)
	}
	if rows["2"]["_raw"] != `{"hash":"hash of SENT"}` {
		b.Errorf("_raw is %s", rows["2"]["_raw"])
	}
	want := []sync.Known{{ID: "1", Hash: "hash of UNPAID", Version: 5}, {ID: "2", Hash: "hash of SENT", Version: 6}}
	got := b.known(b.orders)
	for i := range got {
		if !slices.Equal(got[i].Key, []string{got[i].ID}) {
			b.Errorf("key %q of %s", got[i].Key, got[i].ID)
		}
		got[i].Key = nil
	}
	if !reflect.DeepEqual(got, want) {
		b.Errorf("%+v", got)
	}
	batch := b.batch(b.orders)
	batch.Gone = [][]string{{"1"}, {"none"}}
	if got := b.commit(batch); got.Deleted != 1 || b.look("orders", "id")["1"]["_deleted_at"] == "" {
		b.Errorf("%+v", got)
	}
}

// testMerge delivers versions of a row in every order, some twice: the end is the same.
func testMerge(b *bench) {
	for seed := range uint64(20) {
		g := rand.New(rand.NewPCG(seed, 2))
		id := fmt.Sprint("order ", seed)
		var versions []sync.Row
		best := sync.Row{Version: -1}
		for seq := range int64(6) {
			r := b.order(id, g.Int64N(3), seq+1, fmt.Sprint("status ", g.IntN(3)))
			versions = append(versions, r)
			if r.Version > best.Version || r.Version == best.Version && r.Seq > best.Seq {
				best = r
			}
		}
		for range 2 {
			g.Shuffle(len(versions), func(i, j int) { versions[i], versions[j] = versions[j], versions[i] })
			for _, r := range versions {
				b.commit(b.batch(b.orders, r))
			}
		}
		got := b.look("orders", "id")[id]
		if "hash of "+got["status"] != best.Hash || got["_version"] != fmt.Sprint(best.Version) {
			b.Fatalf("seed %d: %v, want %+v", seed, got, best)
		}
		// The sequence is that of the best, too, though others told the same before it.
		if tally := b.commit(b.batch(b.orders, b.order(id, best.Version, best.Seq, "another"))); tally.Stale != 1 {
			b.Fatalf("seed %d: what was asked for no later than the row is taken: %+v", seed, tally)
		}
	}
}

// testSeenAgain: what was asked for later counts among answers of one version only, also
// where a row came again as it was.
func testSeenAgain(b *bench) {
	b.commit(b.batch(b.orders, b.order("1", 5, 1, "PAID")))
	for _, step := range []struct {
		version, seq int64
		status       string
		want         sync.Tally
	}{
		{5, 9, "PAID", sync.Tally{Unchanged: 1}},
		{5, 8, "LATE", sync.Tally{Stale: 1}},
		{6, 4, "SENT", sync.Tally{Changed: 1}},
		{6, 6, "DONE", sync.Tally{Changed: 1}},
		{6, 7, "DONE", sync.Tally{Unchanged: 1}},
		{7, 2, "DONE", sync.Tally{Unchanged: 1}},
		{7, 3, "OVER", sync.Tally{Changed: 1}},
	} {
		if got := b.commit(b.batch(b.orders, b.order("1", step.version, step.seq, step.status))); got != step.want {
			b.Errorf("%+v: %+v", step, got)
		}
	}
	if got := b.look("orders", "id")["1"]["status"]; got != "OVER" {
		b.Errorf("it ends as %s", got)
	}
}

func testForce(b *bench) {
	b.commit(b.batch(b.orders, b.order("1", 9, 5, "SENT")))
	batch := b.batch(b.orders, b.order("1", 4, 6, "PAID"))
	if got := b.commit(batch); got.Stale != 1 {
		b.Errorf("tally %+v", got)
	}
	batch.Force = true
	if got := b.commit(batch); got.Changed != 1 || b.look("orders", "id")["1"]["status"] != "PAID" {
		b.Errorf("tally %+v, %v", got, b.look("orders", "id"))
	}
	old := b.batch(b.orders, b.order("1", 9, 3, "SENT"))
	old.Force = true
	if got := b.commit(old); got.Stale != 1 {
		b.Errorf("an older answer was forced: %+v", got)
	}
}

func (b *bench) withItems(order sync.Row, ids ...string) sync.Row {
	items := b.schema.Table("order_line_items")
	for _, id := range ids {
		order.Children[0] = append(order.Children[0], row(items, 0, order.Seq, "", map[string]any{"order_id": order.Values[b.orders.Column("id")], "id": id, "sale_price": "1.50"}))
	}
	return order
}

func testChildren(b *bench) {
	b.commit(b.batch(b.orders, b.withItems(b.order("1", 1, 1, "A"), "x", "y"), b.withItems(b.order("2", 1, 1, "A"), "x")))
	b.commit(b.batch(b.orders, b.withItems(b.order("1", 2, 2, "B"), "y", "z")))
	b.commit(b.batch(b.orders, b.withItems(b.order("1", 1, 3, "A"), "late")))
	var got []string
	for _, r := range b.place.Look(b.T, b.d, "order_line_items") {
		got = append(got, r["order_id"]+"/"+r["id"]+"/"+r["sale_price"])
	}
	slices.Sort(got)
	if want := []string{"1/y/1.50", "1/z/1.50", "2/x/1.50"}; !slices.Equal(got, want) {
		b.Errorf("%v, want %v", got, want)
	}
}

// testGroups sees to it that a list does not take away what only the detail tells, nor
// a known address.
func testGroups(b *bench) {
	full := row(b.orders, 1, 1, "a", map[string]any{"id": "1", "payment_auth_code": "secret", "recipient_address_name": "Ann", "status": "A"})
	full.Detail = "d1"
	b.commit(b.batch(b.orders, full))
	list := row(b.orders, 2, 2, "b", map[string]any{"id": "1", "status": "B"})
	list.Leave = sync.GroupDetail | sync.GroupAddress
	b.commit(b.batch(b.orders, list))
	got := b.look("orders", "id")["1"]
	if got["payment_auth_code"] != "secret" || got["recipient_address_name"] != "Ann" || got["status"] != "B" {
		b.Errorf("%v", got)
	}
	detail := row(b.orders, 2, 3, "b", map[string]any{"id": "1", "status": "B", "payment_auth_code": "other"})
	detail.Detail, detail.Leave = "d2", sync.GroupAddress
	b.commit(b.batch(b.orders, detail))
	if got := b.look("orders", "id")["1"]; got["payment_auth_code"] != "other" || got["recipient_address_name"] != "Ann" {
		b.Errorf("the detail changed alone: %v", got)
	}
}

// testFence has a worker whose time is over try to write.
func testFence(b *bench) {
	zombie := b.epoch
	b.commit(b.batch(b.orders, b.order("1", 1, 1, "A")))
	if err := b.d.Release(b.Context(), shop.ID, zombie); err != nil {
		b.Fatal(err)
	}
	b.epoch = b.acquire("two")
	if b.epoch <= zombie {
		b.Fatalf("epoch %d after %d", b.epoch, zombie)
	}
	before := b.look("orders", "id")
	late := b.batch(b.orders, b.order("1", 9, 9, "Z"), b.order("2", 9, 9, "Z"))
	late.Epoch = zombie
	late.State = &sync.State{Cursor: 99}
	late.Todo = []sync.Todo{{Stream: "orders", ID: "9", Mark: 1}}
	late.Issues = []sync.Issue{{Table: "orders", ID: "9", Problem: "late"}}
	if _, err := b.d.Commit(b.Context(), late); !errors.Is(err, sync.ErrFenced) {
		b.Errorf("error %v", err)
	}
	if after := b.look("orders", "id"); !reflect.DeepEqual(before, after) {
		b.Errorf("the zombie wrote: %v", after)
	}
	if state, err := b.d.State(b.Context(), shop.ID); err != nil || state.Streams["orders"].Cursor != 0 {
		b.Errorf("%+v, %v", state, err)
	}
	if err := b.d.Release(b.Context(), shop.ID, zombie); err != nil {
		b.Errorf("release of a former epoch: %v", err)
	}
	if _, err := b.d.Acquire(b.Context(), shop, "three", time.Minute); !errors.Is(err, sync.ErrHeld) {
		b.Errorf("the zombie released another's time: %v", err)
	}
}

func testLease(b *bench) {
	if _, err := b.d.Acquire(b.Context(), shop, "two", time.Minute); !errors.Is(err, sync.ErrHeld) || !strings.Contains(err.Error(), "one") {
		b.Errorf("error %v", err)
	}
	if again := b.acquire("one"); again <= b.epoch {
		b.Errorf("epoch %d after %d", again, b.epoch)
	}
	other := sync.Shop{ID: "8"}
	if _, err := b.d.Acquire(b.Context(), other, "two", time.Millisecond); err != nil {
		b.Fatal(err)
	}
	deadline := time.Now().Add(10 * time.Second)
	for { // until the time of the other is over
		_, err := b.d.Acquire(b.Context(), other, "three", time.Minute)
		if err == nil {
			return
		}
		if !errors.Is(err, sync.ErrHeld) || time.Now().After(deadline) {
			b.Fatal(err)
		}
	}
}

// testRenew lets times end at once, so that only renewing them holds a shop.
func testRenew(b *bench) {
	other := sync.Shop{ID: "8"}
	take := func(owner string) int64 {
		b.Helper()
		epoch, err := b.d.Acquire(b.Context(), other, owner, 0)
		if err != nil {
			b.Fatal(err)
		}
		return epoch
	}
	former := take("two")
	epoch := take("three")
	if err := b.d.Renew(b.Context(), other.ID, former, time.Minute); !errors.Is(err, sync.ErrFenced) {
		b.Errorf("a former epoch is renewed: error %v", err)
	}
	epoch2 := take("four")
	if epoch2 <= epoch {
		b.Errorf("epoch %d after %d", epoch2, epoch)
	}
	if err := b.d.Renew(b.Context(), other.ID, epoch2, time.Minute); err != nil {
		b.Fatal(err)
	}
	if _, err := b.d.Acquire(b.Context(), other, "five", time.Minute); !errors.Is(err, sync.ErrHeld) || !strings.Contains(err.Error(), "four") {
		b.Errorf("a renewed time is over: error %v", err)
	}
	if err := b.d.Release(b.Context(), other.ID, epoch2); err != nil {
		b.Fatal(err)
	}
	take("five")
	if err := b.d.Renew(b.Context(), "nobody", 1, time.Minute); !errors.Is(err, sync.ErrFenced) {
		b.Errorf("a shop that is not there: error %v", err)
	}
}

func testGenerations(b *bench) {
	stock := func(sku string, generation int64) {
		batch := b.batch(b.stock, row(b.stock, 0, generation*10, "h", map[string]any{"sku_id": sku, "warehouse_id": "w", "available_quantity": int64(3)}))
		batch.Generation = generation
		b.commit(batch)
	}
	end := func(generation int64) sync.Tally {
		batch := b.batch(b.stock)
		batch.Before = generation - 1
		return b.commit(batch)
	}
	stock("a", 1)
	stock("b", 1)
	end(1)
	stock("a", 2)
	if got := end(2); got.Deleted != 0 {
		b.Errorf("deleted after one scan: %+v", got)
	}
	stock("a", 3)
	if got := end(3); got.Deleted != 1 {
		b.Errorf("not deleted after two scans: %+v", got)
	}
	rows := b.look("inventory", "sku_id")
	if rows["b"]["_deleted_at"] == "" || rows["a"]["_deleted_at"] != "" {
		b.Errorf("%v", rows)
	}
	if keys, err := b.d.Keys(b.Context(), shop.ID, b.stock, "warehouse_id", "", time.Time{}, time.Time{}); err != nil || !slices.Equal(keys, []string{"w"}) {
		b.Errorf("keys %v, %v", keys, err)
	}
	stock("b", 4)
	if rows := b.look("inventory", "sku_id"); rows["b"]["_deleted_at"] != "" {
		b.Errorf("a row that is back is still deleted: %v", rows["b"])
	}
	// Limited to one parent.
	transactions := b.schema.Table("statement_transactions")
	for _, statement := range []string{"s1", "s2"} {
		batch := b.batch(transactions, row(transactions, 0, 1, "h", map[string]any{"statement_id": statement, "type": "ORDER", "transaction_id": "1"}))
		batch.Generation = 1
		b.commit(batch)
	}
	activities := b.schema.Table("activity_products")
	for generation := range int64(2) {
		batch := b.batch(activities, row(activities, 0, generation, "h", map[string]any{"activity_id": "a1", "id": "7"}))
		batch.Generation = generation + 1
		b.commit(batch)
	}
	batch := b.batch(activities)
	batch.Before, batch.Parent = 2, "a1"
	if got := b.commit(batch); got.Deleted != 0 {
		b.Errorf("a row that the scan had is deleted: %+v", got)
	}
	batch = b.batch(transactions)
	batch.Before, batch.Parent = 2, "s1"
	if got := b.commit(batch); got.Deleted != 1 {
		b.Errorf("%+v", got)
	}
}

func testTodo(b *bench) {
	batch := b.batch(b.orders)
	batch.Todo = []sync.Todo{{Stream: "orders", ID: "2", Reason: "hint", Mark: 2}, {Stream: "orders", ID: "1", Reason: "hint", Mark: 1}, {Stream: "returns", ID: "1", Reason: "hint", Mark: 1}}
	b.commit(batch)
	todo := func() []sync.Todo {
		all, err := b.d.Todo(b.Context(), shop.ID, "orders", 10)
		if err != nil {
			b.Fatal(err)
		}
		return all
	}
	first := todo()
	if len(first) != 2 || first[0].ID != "1" || first[1].Mark != 2 {
		b.Fatalf("%+v", first)
	}
	// While 1 and 2 are fetched, somebody whose clock is behind hears of 2 once more.
	if err := b.d.Mark(b.Context(), shop.ID, []sync.Todo{{Stream: "orders", ID: "2", Reason: "hint", Mark: 1}}); err != nil {
		b.Fatal(err)
	}
	done := b.batch(b.orders)
	done.Done = first
	b.commit(done)
	if left := todo(); len(left) != 1 || left[0].ID != "2" || left[0].Mark <= 2 {
		b.Errorf("%+v", left)
	}
	if one, err := b.d.Todo(b.Context(), shop.ID, "returns", 1); err != nil || len(one) != 1 {
		b.Errorf("%+v, %v", one, err)
	}
}

func testFollowUp(b *bench) {
	statements := b.schema.Table("statements")
	statement := func(id string, seq int64, hash string) *sync.Batch {
		batch := b.batch(statements, row(statements, 0, seq, hash, map[string]any{"id": id}))
		batch.FollowUp = "statement_transactions"
		return batch
	}
	b.commit(statement("a", 1, "h1"))
	todo, err := b.d.Todo(b.Context(), shop.ID, "statement_transactions", 10)
	if err != nil || len(todo) != 1 || todo[0].ID != "a" {
		b.Fatalf("%+v, %v", todo, err)
	}
	done := b.batch(statements)
	done.Done = todo
	b.commit(done)
	b.commit(statement("a", 2, "h1"))
	if todo, err := b.d.Todo(b.Context(), shop.ID, "statement_transactions", 10); err != nil || len(todo) != 0 {
		b.Errorf("nothing changed: %+v, %v", todo, err)
	}
	b.commit(statement("a", 3, "h2"))
	if todo, err := b.d.Todo(b.Context(), shop.ID, "statement_transactions", 10); err != nil || len(todo) != 1 {
		b.Errorf("%+v, %v", todo, err)
	}
}

// testFollowBy: rows may be asked about by a column that is not their key, that several
// of them share, and that some do not have.
func testFollowBy(b *bench) {
	transactions := b.schema.Table("statement_transactions")
	transaction := func(id string, order any) sync.Row {
		return row(transactions, 0, 1, "h", map[string]any{"statement_id": "s", "type": "ORDER", "transaction_id": id, "order_id": order})
	}
	batch := b.batch(transactions, transaction("1", "o1"), transaction("2", "o1"), transaction("3", nil), transaction("4", "o2"), transaction("5", ""))
	batch.FollowUp, batch.FollowBy = "order_transactions", "order_id"
	b.commit(batch)
	todo, err := b.d.Todo(b.Context(), shop.ID, "order_transactions", 10)
	var ids []string
	for _, t := range todo {
		ids = append(ids, t.ID)
	}
	slices.Sort(ids)
	if err != nil || !slices.Equal(ids, []string{"o1", "o2"}) {
		b.Errorf("%q, %v", ids, err)
	}
}

func testState(b *bench) {
	state := sync.State{Cursor: 100, Start: 50, Done: []sync.Span{{From: 1, To: 9}}, Rescans: []int64{1, 2, 3}, Error: "it's", Rows: 7}
	batch := b.batch(b.orders)
	batch.State = &state
	b.commit(batch)
	b.commit(b.batch(b.orders))
	next := b.batch(b.orders)
	next.Day = "2026-05-07"
	next.Requests = 4
	b.commit(next)
	got, err := b.d.State(b.Context(), shop.ID)
	if err != nil || !reflect.DeepEqual(got, sync.ShopState{Streams: map[string]sync.State{"orders": state}, Day: "2026-05-07", Used: 4}) {
		b.Errorf("%+v, %v", got, err)
	}
	if other, err := b.d.State(b.Context(), "nobody"); err != nil || len(other.Streams) != 0 {
		b.Errorf("%+v, %v", other, err)
	}
}

func testIssues(b *bench) {
	batch := b.batch(b.orders)
	batch.Issues = []sync.Issue{{Table: "orders", ID: "1", Column: "status", Problem: "not a text", Raw: `{"a":1}`}}
	b.commit(batch)
	b.commit(batch)
	rows := b.place.Look(b.T, b.d, "_ttshop_issues")
	if len(rows) != 1 || rows[0]["raw"] != `{"a":1}` || rows[0]["problem"] != "not a text" {
		b.Errorf("%v", rows)
	}
}

// testAllOrNothing ends the context in the middle, and gives a row that no table takes.
func testAllOrNothing(b *bench) {
	b.commit(b.batch(b.orders, b.order("1", 1, 1, "A")))
	bad := b.withItems(b.order("3", 1, 2, "C"), "x", "x") // the key of a child twice
	batch := b.batch(b.orders, b.order("1", 2, 2, "B"), b.order("2", 1, 2, "B"), bad)
	batch.State = &sync.State{Cursor: 5}
	if _, err := b.d.Commit(b.Context(), batch); err == nil {
		b.Fatal("a key that is there twice was stored")
	}
	if rows := b.look("orders", "id"); len(rows) != 1 || rows["1"]["status"] != "A" {
		b.Errorf("part of a batch was stored: %v", rows)
	}
	ended, end := context.WithCancel(b.Context())
	end()
	if _, err := b.d.Commit(ended, b.batch(b.orders, b.order("2", 1, 1, "B"))); !errors.Is(err, context.Canceled) {
		b.Errorf("error %v", err)
	}
	if state, err := b.d.State(b.Context(), shop.ID); err != nil || len(state.Streams) != 0 {
		b.Errorf("the cursor moved: %+v, %v", state, err)
	}
	b.commit(b.batch(b.orders, b.order("2", 1, 3, "B"))) // it goes on
}

func testManyRows(b *bench) {
	const n = 4500
	want := map[string]bool{}
	for start := 0; start < n; start += 1500 {
		var rows []sync.Row
		for i := range 1500 {
			id := fmt.Sprint(start + i)
			want[id] = true
			r := row(b.orders, int64(i), 1, "h", map[string]any{"id": id, "create_time": at.Add(time.Duration(start+i) * time.Second)})
			rows = append(rows, r)
		}
		b.commit(b.batch(b.orders, rows...))
	}
	got := map[string]bool{}
	for _, k := range b.known(b.orders) {
		got[k.ID] = true
	}
	if !maps.Equal(got, want) {
		b.Errorf("%d rows, want %d", len(got), n)
	}
	some := 0
	for _, err := range b.d.Rows(b.Context(), shop.ID, b.orders, "create_time", at.Add(10*time.Second), at.Add(30*time.Second)) {
		if err != nil {
			b.Fatal(err)
		}
		some++
	}
	if some != 20 {
		b.Errorf("%d rows of 20 seconds", some)
	}
	keys, err := b.d.Keys(b.Context(), shop.ID, b.orders, "id", "", time.Time{}, time.Time{})
	if err != nil || len(keys) != n || !slices.IsSorted(keys) {
		b.Errorf("%d keys, %v", len(keys), err)
	}
	keys, err = b.d.Keys(b.Context(), shop.ID, b.orders, "id", "create_time", at.Add(10*time.Second), at.Add(30*time.Second))
	if err != nil || len(keys) != some {
		b.Errorf("%d keys of 20 seconds, %v", len(keys), err)
	}
	if keys, err = b.d.Keys(b.Context(), shop.ID, b.orders, "user_id", "", time.Time{}, time.Time{}); err != nil || len(keys) != 0 {
		b.Errorf("keys %q of a column that is NULL, %v", keys, err)
	}
}

func testTypes(b *bench) {
	b.commit(b.batch(b.orders, row(b.orders, 1, 1, "h", map[string]any{
		"id": "1", "payment_total_amount": "123456789012345678.1234567890", "is_cod": true, "is_sample_order": false, "create_time": at,
		"fulfillment_priority_level": int64(-3), "recipient_address_district_info": `[{"a": "ö"}]`, "buyer_message": "a 'quoted' \"text\"\n\t\\ ☃",
	})))
	got := b.look("orders", "id")["1"]
	for column, want := range map[string]string{
		"payment_total_amount": "123456789012345678.1234567890", "fulfillment_priority_level": "-3",
		"recipient_address_district_info": `[{"a": "ö"}]`, "buyer_message": "a 'quoted' \"text\"\n\t\\ ☃",
	} {
		if got[column] != want {
			b.Errorf("%s is %q, want %q", column, got[column], want)
		}
	}
	if got["is_cod"] == got["is_sample_order"] || !strings.HasPrefix(got["create_time"], "2026-05-06") || !strings.Contains(got["create_time"], "07:08:09") {
		b.Errorf("%v", got)
	}
	if _, set := got["paid_time"]; set {
		b.Errorf("paid_time is %q, want NULL", got["paid_time"])
	}
}

// testPrepareAgain prepares what is there, then a schema of a later version.
func testPrepareAgain(b *bench) {
	b.commit(b.batch(b.orders, b.order("1", 1, 1, "A")))
	if err := b.d.Prepare(b.Context(), b.schema, noFill); err != nil {
		b.Fatal(err)
	}
	more := *b.orders
	more.Columns = append(slices.Clone(more.Columns), sync.Column{Name: "of_later", Type: sync.Text})
	later := &sync.Schema{Version: b.schema.Version + 1, Tables: append([]*sync.Table{&more}, b.schema.Tables[1:]...)}
	filled := 0
	err := b.d.Prepare(b.Context(), later, func(table *sync.Table, first string, raw []byte) (sync.Row, bool) {
		filled++
		if table.Name != "orders" || first != "1" || string(raw) != `{"hash":"hash of A"}` {
			b.Errorf("asked for %s of %s %s", raw, table.Name, first)
		}
		r := row(&more, 1, 1, "", map[string]any{"id": "1", "of_later": "new"})
		return r, true
	})
	if err != nil || filled != 1 || b.look("orders", "id")["1"]["of_later"] != "new" {
		b.Errorf("%v, filled %d times: %v", err, filled, b.look("orders", "id"))
	}
	if err := b.d.Prepare(b.Context(), b.schema, noFill); !errors.Is(err, sync.ErrNewer) {
		b.Errorf("a newer schema: error %v", err)
	}
}
