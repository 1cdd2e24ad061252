package sync

import (
	"encoding/json"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

func ordersTable(t testing.TB) *Table {
	t.Helper()
	_, schema, err := Streams()
	if err != nil {
		t.Fatal(err)
	}
	return schema.Table("orders")
}

func makeRow(t testing.TB, table *Table, people People, text string) (Row, []Issue) {
	t.Helper()
	item, err := parseJSON([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	m := rowMaker{table: table, people: newMasker(people)}
	row, ok := m.make(item, "", 1)
	if !ok && len(m.issues) == 0 {
		t.Error("a row was dropped without an issue")
	}
	return row, m.issues
}

const anOrder = `{"id": 576, "update_time":1700000001,"create_time":1700000000 ,"buyer_email":"a@b.example","user_id":"7",
 "recipient_address":{"name":"Ann","phone_number":"+44 7","region_code":"GB","district_info":[{"address_name":"Kent"}]},
 "payment":{"total_amount":"10.10","currency":"GBP"},"line_items":[{"id":"1","sale_price":"5.05","sku_image":"https://x/1"},{"id":"2","sale_price":"five"}],"packages":[],"new_field":{"a":1}}`

func TestRowKeepsBytes(t *testing.T) {
	t.Parallel()
	table := ordersTable(t)
	row, issues := makeRow(t, table, People{Keep: true}, anOrder)
	if string(row.Raw) != anOrder {
		t.Errorf("_raw is not what came:\n%s", row.Raw)
	}
	get := func(name string) any { return row.Values[table.Column(name)] }
	if get("id") != "576" || get("payment_total_amount") != "10.10" || get("recipient_address_name") != "Ann" || row.Version != 1700000001 {
		t.Errorf("%v", row.Values)
	}
	if len(row.Children[0]) != 2 || len(issues) != 1 || issues[0].Column != "sale_price" || issues[0].ID != "576/2" || issues[0].Raw != `"five"` {
		t.Errorf("children %v, issues %+v", row.Children, issues)
	}
}

// TestPeopleAreHashed finds none of a person's data in anything that is stored.
func TestPeopleAreHashed(t *testing.T) {
	t.Parallel()
	table := ordersTable(t)
	row, _ := makeRow(t, table, People{Key: []byte("k")}, anOrder)
	stored, err := json.Marshal(row)
	if err != nil {
		t.Fatal(err)
	}
	for _, secret := range []string{"Ann", "+44 7", "a@b.example"} {
		if strings.Contains(string(stored), secret) || strings.Contains(string(row.Raw), secret) {
			t.Errorf("%q is stored", secret)
		}
	}
	for _, kept := range []string{`"region_code":"GB"`, "Kent", `"user_id":"7"`, `"create_time":1700000000 ,`} {
		if !strings.Contains(string(row.Raw), kept) {
			t.Errorf("%q is gone from %s", kept, row.Raw)
		}
	}
	again, _ := makeRow(t, table, People{Key: []byte("k")}, anOrder)
	other, _ := makeRow(t, table, People{Key: []byte("l")}, anOrder)
	if again.Hash != row.Hash || string(again.Raw) != string(row.Raw) || string(other.Raw) == string(row.Raw) {
		t.Error("the same key must give the same hashes, and another one others")
	}
}

func TestHash(t *testing.T) {
	t.Parallel()
	table := ordersTable(t)
	hash := func(text string) string {
		row, _ := makeRow(t, table, People{Keep: true}, text)
		return row.Hash
	}
	base := hash(`{"id":"1","status":"UNPAID","line_items":[{"id":"a","sku_name":"x"}]}`)
	for _, same := range []string{
		`{"status":"UNPAID", "id":"1", "line_items":[{"sku_name":"x","id":"a"}]}`,
		`{"id":"1","status":"UNPAID","buyer_message":"","cpf":null,"packages":[],"payment":{},"line_items":[{"id":"a","sku_name":"x"}]}`,
		`{"id":"1","status":"UNPAID","payment_method_code":"VISA","buyer_avatar":"https://x/?expires=1","line_items":[{"id":"a","sku_name":"x"}]}`,
	} {
		if hash(same) != base {
			t.Errorf("another hash for %s", same)
		}
	}
	for _, other := range []string{
		`{"id":"1","status":"PAID","line_items":[{"id":"a","sku_name":"x"}]}`,
		`{"id":"1","status":"UNPAID","line_items":[{"id":"a","sku_name":"y"}]}`,
		`{"id":"1","status":"UNPAID"}`,
	} {
		if hash(other) == base {
			t.Errorf("the same hash for %s", other)
		}
	}
}

func TestBlankAddressIsLeft(t *testing.T) {
	t.Parallel()
	table := ordersTable(t)
	for text, want := range map[string]Group{
		`{"id":"1"}`: GroupAddress | GroupDetail,
		`{"id":"1","recipient_address":{"name":"","region_code":"GB"},"payment_auth_code":"x"}`: GroupAddress,
		`{"id":"1","recipient_address":{"name":"***","phone_number":"****"}}`:                   GroupAddress | GroupDetail,
		`{"id":"1","recipient_address":{"name":"Ann"},"payment_card_type":"VISA"}`:              0,
	} {
		if row, _ := makeRow(t, table, People{Keep: true}, text); row.Leave != want {
			t.Errorf("%s leaves %d, want %d", text, row.Leave, want)
		}
	}
}

func TestPoison(t *testing.T) {
	t.Parallel()
	table := ordersTable(t)
	for _, text := range []string{`{}`, `{"id":""}`, `{"id":null,"status":"UNPAID"}`, `{"id":{}}`, `{"id":[1]}`, `7`, `"x"`, `[]`} {
		if _, issues := makeRow(t, table, People{}, text); len(issues) == 0 || issues[0].Raw == "" {
			t.Errorf("%s: issues %+v", text, issues)
		}
	}
	row, issues := makeRow(t, table, People{Keep: true}, `{"id":"1","create_time":"soon","is_cod":"perhaps","fulfillment_priority_level":1.5,"status":{"x":1},"update_time":99999999999999}`)
	if len(issues) != 5 || row.ID(table) != "1" {
		t.Errorf("%d issues: %+v", len(issues), issues)
	}
}

// TestSpans compares spans with a set of seconds.
func TestSpans(t *testing.T) {
	t.Parallel()
	for seed := range uint64(200) {
		g := rand.New(rand.NewPCG(seed, 1))
		const n = 60
		var have [n]bool
		var spans []Span
		for range g.IntN(8) {
			from := g.Int64N(n)
			to := min(from+g.Int64N(20), n)
			spans = add(spans, Span{from, to})
			for i := from; i < to; i++ {
				have[i] = true
			}
		}
		for i := 1; i < len(spans); i++ {
			if spans[i].From <= spans[i-1].To {
				t.Fatalf("seed %d: spans %v touch", seed, spans)
			}
		}
		want := Span{g.Int64N(n / 2), n/2 + g.Int64N(n/2)}
		left := int64(0)
		for i := want.From; i < want.To; i++ {
			if !have[i] {
				left++
			}
		}
		if got := covered(spans, want); got != want.To-want.From-left {
			t.Fatalf("seed %d: %v cover %d of %v, want %d", seed, spans, got, want, want.To-want.From-left)
		}
		// Filling the gaps one by one ends, and leaves nothing out.
		for rounds := 0; ; rounds++ {
			gap, ok := missing(spans, want)
			if !ok {
				break
			}
			if rounds > n || gap.From >= gap.To || slices.Contains(have[gap.From:gap.To], true) {
				t.Fatalf("seed %d: gap %v of %v in %v", seed, gap, want, spans)
			}
			spans = add(spans, gap)
			left -= gap.To - gap.From
		}
		if left != 0 {
			t.Fatalf("seed %d: %d seconds were left out", seed, left)
		}
	}
}

func FuzzParseJSON(f *testing.F) {
	for _, seed := range []string{anOrder, `{"a":[1,2,{"b":null}],"a":"é"}`, `[]`, `-0.5e+7`, `"x\\\"y"`, `{"":{"":[]}}`, ` true `} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		n, err := parseJSON(data)
		if err != nil {
			return
		}
		if !json.Valid(n.raw) {
			t.Errorf("%q is not JSON", n.raw)
		}
		m := newMasker(People{Key: []byte("k")})
		masked, err := m.mask(n)
		if err != nil || !json.Valid(masked.raw) {
			t.Errorf("masked %q: %v", masked.raw, err)
		}
		again, err := m.mask(masked)
		if err != nil || len(again.raw) < len(masked.raw)/2 {
			t.Errorf("masked again %q: %v", again.raw, err)
		}
	})
}
