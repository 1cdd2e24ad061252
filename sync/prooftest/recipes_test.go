package prooftest_test

import (
	"cmp"
	"encoding/json"
	"maps"
	"math/big"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ttshop-go/ttshop/sandbox/control"
)

// recipes returns the questions of the guide with their SQL.
func recipes(t *testing.T) map[string]string {
	t.Helper()
	guide, err := os.ReadFile(filepath.Join("..", "..", "docs", "sync.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, questions, found := strings.Cut(string(guide), "\n## Ten questions\n")
	if !found {
		t.Fatal("docs/sync.md asks no questions")
	}
	all := map[string]string{}
	for part := range strings.SplitSeq(questions, "\n### ") {
		title, text, _ := strings.Cut(part, "\n")
		if sql := regexp.MustCompile("(?s)```sql\n(.*?)```").FindStringSubmatch(text); sql != nil {
			all[title] = sql[1]
		}
	}
	if len(all) != 10 {
		t.Fatalf("docs/sync.md has %d questions", len(all))
	}
	return all
}

// plain is a value as both databases tell it: without zeros at the end of a number, and
// times as one of them writes them.
func plain(text string) string {
	if n, ok := new(big.Rat).SetString(text); ok {
		return strings.TrimSuffix(strings.TrimRight(n.FloatString(4), "0"), ".")
	}
	for _, layout := range []string{time.RFC3339, time.DateTime} {
		if at, err := time.Parse(layout, text); err == nil {
			if at.Equal(at.Truncate(24 * time.Hour)) {
				return at.UTC().Format(time.DateOnly)
			}
			return at.UTC().Format(time.DateTime)
		}
	}
	return text
}

// ask returns the answer to a question.
func (c *copied) ask(t *testing.T, sql string) []string {
	t.Helper()
	answer := []string{}
	c.each(t, sql, func(values []string) {
		row := make([]string, len(values))
		for i, v := range values {
			row[i] = plain(v)
		}
		answer = append(answer, strings.Join(row, " | "))
	})
	return answer
}

// TestRecipes asks the questions of the guide of both databases, and works the answers
// out again from what the sandbox says, without SQL.
func TestRecipes(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 3, "GB", control.Lists{})
	for range 60 {
		w.change(t)
	}
	w.promote(t)
	w.tables = []string{"orders", "packages", "returns", "cancellations", "products", "inventory", "statement_transactions", "unsettled_transactions", "activity_products", "affiliate_orders"}
	all := recipes(t)
	var copies []*copied
	for _, p := range places() {
		c := p.open(t)
		copyOnce(t, w.engine(t, c.to), w.shop(), w.Shop("GB"))
		w.calm(t, c)
		copies = append(copies, c)
	}
	for _, c := range copies { // at one time, without what waits for a second scan to be gone
		last := w.engine(t, c.to, settled)
		copyOnce(t, last, w.shop(), w.Shop("GB"))
		w.verify(t, last, true)
	}
	want := w.byHand(t)
	for title, sql := range all {
		answers := make([][]string, len(copies))
		for i, c := range copies {
			answers[i] = c.ask(t, sql)
		}
		if len(answers[0]) == 0 {
			t.Errorf("%s: there is no answer", title)
		}
		if !slices.Equal(answers[0], answers[1]) {
			t.Errorf("%s: SQLite says\n%s\nPostgreSQL says\n%s", title, strings.Join(answers[0], "\n"), strings.Join(answers[1], "\n"))
		}
		by, ok := want[title]
		if !ok {
			t.Errorf("%s: nobody has worked it out by hand", title)
			continue
		}
		if !slices.Equal(answers[0], by) {
			t.Errorf("%s: the answer is\n%s\nby hand it is\n%s", title, strings.Join(answers[0], "\n"), strings.Join(by, "\n"))
		}
	}
}

// order is what the answers need of an order.
type order struct {
	ID        string `json:"id"`
	Status    string `json:"status"`
	User      string `json:"user_id"`
	Paid      int64  `json:"paid_time"`
	Shipped   int64  `json:"rts_time"`
	Collected int64  `json:"collection_time"`
	Delivered int64  `json:"delivery_time"`
	ShipBy    int64  `json:"rts_sla_time"`
	Warehouse string `json:"warehouse_id"`
	Provider  string `json:"shipping_provider"`
	Sample    bool   `json:"is_sample_order"`
	Cash      bool   `json:"is_cod"`
	Asked     bool   `json:"is_buyer_request_cancel"`
	Lines     []struct {
		ID      string `json:"id"`
		Product string `json:"product_id"`
		Name    string `json:"product_name"`
		SKU     string `json:"sku_id"`
		Status  string `json:"display_status"`
		Price   string `json:"sale_price"`
	} `json:"line_items"`
}

func rat(text string) *big.Rat {
	n, ok := new(big.Rat).SetString(cmp.Or(text, "0"))
	if !ok {
		panic(text + " is not a number")
	}
	return n
}

// money writes a sum with two decimals, as the answers are compared.
func money(n *big.Rat) string { return plain(n.FloatString(2)) }

// table adds up by keys.
type table map[string][]*big.Rat

func (a table) add(key string, values ...*big.Rat) {
	if a[key] == nil {
		for range values {
			a[key] = append(a[key], new(big.Rat))
		}
	}
	for i, v := range values {
		a[key][i].Add(a[key][i], v)
	}
}

func count(n int64) *big.Rat { return new(big.Rat).SetInt64(n) }

func day(at int64) string { return time.Unix(at, 0).UTC().Format(time.DateOnly) }

func clock(at int64) string { return plain(time.Unix(at, 0).UTC().Format(time.DateTime)) }

// decode reads all rows of a list.
func decode[T any](t *testing.T, w *world, l sourceList) map[string]T {
	t.Helper()
	all := map[string]T{}
	for id, raw := range w.source(t, l) {
		var v T
		if err := json.Unmarshal(raw, &v); err != nil {
			t.Fatal(err)
		}
		all[id] = v
	}
	return all
}

func sourceOf(table string) sourceList {
	return sources[slices.IndexFunc(sources, func(l sourceList) bool { return l.table == table })]
}

// promote gives a discount on a product for twelve hours, in which some is sold, and
// sells some before.
func (w *world) promote(t *testing.T) {
	t.Helper()
	type product struct {
		ID     string `json:"id"`
		Status string `json:"status"`
		SKUs   []struct {
			ID        string `json:"id"`
			Inventory []struct {
				Quantity int `json:"quantity"`
			} `json:"inventory"`
		} `json:"skus"`
	}
	all := decode[product](t, w, sourceOf("products"))
	var sold product
	for _, id := range slices.Sorted(maps.Keys(all)) {
		if p := all[id]; p.Status == "ACTIVATE" && len(p.SKUs[0].Inventory) > 0 && p.SKUs[0].Inventory[0].Quantity > 20 {
			sold = p
		}
	}
	sell := func(quantity int) {
		order, err := w.Control.PlaceOrder(t.Context(), control.Order{ShopID: w.ShopID(w.region), Lines: []control.Line{{SKUID: sold.SKUs[0].ID, Quantity: quantity}}})
		if err == nil {
			_, err = w.Control.MoveOrder(t.Context(), order, "AWAITING_SHIPMENT")
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	call := func(method, path string, body map[string]any, into any) {
		response, err := w.Shop(w.region).Call(t.Context(), method, path, nil, body)
		if err == nil && into != nil {
			err = json.Unmarshal(response.Data, into)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	sell(2)
	health, err := w.Control.Health(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	begin := health.Now.Add(time.Hour).Unix()
	var made struct {
		ID string `json:"activity_id"`
	}
	call("POST", "/promotion/202309/activities", map[string]any{
		"activity_type": "DIRECT_DISCOUNT", "product_level": "PRODUCT", "title": "Half a day", "begin_time": begin, "end_time": begin + 12*3600,
		"participation_limit": []any{map[string]any{"type": "BUYER_NO_LIMIT"}},
	}, &made)
	call("PUT", "/promotion/202309/activities/"+made.ID+"/products", map[string]any{
		"activity_id": made.ID,
		"products":    []any{map[string]any{"id": sold.ID, "discount": "20", "quantity_limit": -1, "quantity_per_user": -1}},
	}, nil)
	w.advance(t, 2*time.Hour)
	sell(3)
	sell(1)
}
