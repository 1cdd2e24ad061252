package prooftest_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"testing"
	"time"

	"github.com/ttshop-go/ttshop"
	"github.com/ttshop-go/ttshop/sandbox/control"
	"github.com/ttshop-go/ttshop/sync"
)

// onRequest are streams that are not copied by default.
var onRequest = []string{
	"product_details", "global_products", "order_transactions", "target_collaborations", "fbt_inventory", "fbt_inventory_records",
	"shop_performance", "product_performance", "sku_performance", "live_performance", "video_performance",
}

// few days are copied, since each has hundreds of rows. It is not whole days: what the
// sandbox makes up is some days old to the second.
const few = 60 * time.Hour

// call calls the sandbox and decodes the answer.
func (w *world) call(t *testing.T, caller sync.Caller, method, path string, query url.Values, body, into any) {
	t.Helper()
	response, err := caller.Call(t.Context(), method, path, query, body)
	if err == nil {
		err = json.Unmarshal(response.Data, into)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// makeGlobalProduct makes a product for several markets.
func (w *world) makeGlobalProduct(t *testing.T) (id string) {
	t.Helper()
	seller := w.NewClient(w.Credentials.AccessToken)
	var products struct {
		List []struct {
			ID string `json:"id"`
		} `json:"products"`
	}
	w.call(t, w.Shop("US"), "POST", "/product/202502/products/search", url.Values{"page_size": {"1"}}, map[string]any{}, &products)
	var product struct {
		Images []struct {
			URI string `json:"uri"`
		} `json:"main_images"`
	}
	w.call(t, w.Shop("US"), "GET", "/product/202309/products/"+products.List[0].ID, nil, nil, &product)
	var warehouses struct {
		List []struct {
			ID string `json:"id"`
		} `json:"global_warehouses"`
	}
	w.call(t, seller, "GET", "/logistics/202309/global_warehouses", nil, nil, &warehouses)
	var stock []any
	for _, wh := range warehouses.List {
		stock = append(stock, map[string]any{"global_warehouse_id": wh.ID, "quantity": 7})
	}
	var made struct {
		ID string `json:"global_product_id"`
	}
	w.call(t, seller, "POST", "/product/202309/global_products", nil, map[string]any{
		"title": "Stoneware mug with a very long handle", "description": "<p>A mug</p>", "category_id": "600011",
		"main_images": []any{map[string]any{"uri": product.Images[0].URI}}, "package_weight": map[string]any{"value": "0.5", "unit": "KILOGRAM"},
		"skus": []any{map[string]any{
			"sales_attributes": []any{map[string]any{"id": "100000", "value_name": "Moss"}}, "seller_sku": "T-Moss",
			"price": map[string]any{"amount": "19", "currency": "USD"}, "inventory": stock,
		}},
	}, &made)
	return made.ID
}

// TestOnRequest copies what is not copied by default: figures of days, settled orders,
// details, what has no id of its own. The copy equals the source, differences that are
// planted are found parent by parent and repaired, and nothing is asked for twice.
func TestOnRequest(t *testing.T) {
	t.Parallel()
	for _, p := range places() {
		t.Run(p.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, 1, "US", control.Lists{})
			w.Client = w.NewClient(w.Credentials.AccessToken, ttshop.WithLimiter(nil)) // figures are paced at one call a second
			w.tables = onRequest
			global := w.makeGlobalProduct(t)
			w.advance(t, time.Second)
			c := p.open(t)
			e := w.engine(t, c.to, settled, func(c *sync.Config) { c.Since = few })
			shop, caller := w.shop(), w.Shop("US")
			turn := func() *sync.Report {
				t.Helper()
				report, err := e.Sync(t.Context(), shop, caller)
				if err == nil {
					err = report.Err()
				}
				if err != nil {
					t.Fatal(err)
				}
				return report
			}
			turn()
			w.advance(t, time.Second)
			if again := turn(); again.Tally.Inserted+again.Tally.Changed > 0 || again.Streams["product_details"].Requests > 0 {
				t.Errorf("nothing has changed, and it brought %+v", again.Tally)
			}
			w.onRequestEquals(t, c, global)

			exec := func(query string) {
				t.Helper()
				if _, err := c.db.ExecContext(t.Context(), query); err != nil {
					t.Fatal(err)
				}
			}
			statement := w.text(t, c, `select min(statement_id) from statement_transactions`)
			// An order is asked about because a statement has it: one that stays.
			order := w.text(t, c, `select min(order_id) from order_transactions where order_id not in (
				select coalesce(order_id, '') from statement_transactions where statement_id = '`+statement+`')`)
			exec(`update order_transactions set settlement_amount = '0.01', _hash = 'planted' where order_id = '` + order + `'`)
			exec(`delete from statement_transactions where statement_id = '` + statement + `'`)
			product := w.text(t, c, `select max(id) from product_details`)
			exec(`update product_details set id = 'extra' where id = '` + product + `'`) // its parent does not exist
			day := w.text(t, c, `select max(day) from shop_performance`)
			exec(`update shop_performance set _hash = 'planted' where day = '` + day + `'`)
			record := w.text(t, c, `select min(id) from fbt_inventory_records`)
			exec(`update fbt_inventory_records set id = 'extra' where id = '` + record + `'`)
			for round := range 3 {
				comparisons, err := e.Verify(t.Context(), shop, caller, sync.Audit{Repair: round == 1})
				if err != nil {
					t.Fatal(err)
				}
				for _, found := range comparisons {
					if found.Error != "" || found.Source == 0 {
						t.Errorf("%s: %d rows, %s", found.Stream, found.Source, found.Error)
					}
					switch {
					case round == 2:
						if !found.Equal() || found.Source != found.Here {
							t.Errorf("after the repair: %+v", found)
						}
					case found.Stream == "order_transactions" && slices.Equal(found.Differ, []string{order}) && len(found.Missing) == 0,
						found.Stream == "statement_transactions" && len(found.Missing) > 0 && len(found.Differ) == 0,
						found.Stream == "product_details" && slices.Equal(found.Missing, []string{product}),
						found.Stream == "shop_performance" && slices.Equal(found.Differ, []string{day}),
						found.Stream == "fbt_inventory_records" && slices.Equal(found.Missing, []string{record}) && slices.Equal(found.Surplus, []string{"extra"}):
					case !found.Equal():
						t.Errorf("round %d: %+v", round, found)
					case slices.Contains([]string{"order_transactions", "statement_transactions", "product_details", "shop_performance", "fbt_inventory_records"}, found.Stream):
						t.Errorf("round %d: what was planted in %s was not found", round, found.Stream)
					}
				}
			}
			exec(`delete from product_details where id = 'extra'`)
			all, err := e.Cost(t.Context(), shop, sync.Audit{})
			if err != nil {
				t.Fatal(err)
			}
			some, err := e.Cost(t.Context(), shop, sync.Audit{Since: few / 2})
			if err != nil {
				t.Fatal(err)
			}
			for _, stream := range []string{"order_transactions", "shop_performance"} {
				if some[stream] >= all[stream] || all[stream] != w.number(t, c, `select count(*) from `+stream) {
					t.Errorf("%s: %d requests for half of it, %d for all", stream, some[stream], all[stream])
				}
			}

			// A day later there is another day of figures, and more orders are settled: each is
			// asked about once.
			before := w.number(t, c, `select count(*) from order_transactions`)
			w.advance(t, 25*time.Hour)
			later := turn()
			if n := w.number(t, c, `select count(*) from shop_performance`); n < 3 || w.text(t, c, `select max(day) from shop_performance`) <= day {
				t.Errorf("%d days a day later", n)
			} else if asked := later.Streams["shop_performance"].Requests; asked != 1+n { // for the latest day, and for each that may still change
				t.Errorf("%d requests for %d days, all of which may have changed", asked, n)
			}
			fresh := w.number(t, c, `select count(*) from order_transactions`) - before
			if asked := later.Streams["order_transactions"].Requests; fresh == 0 || asked > fresh+len(later.Streams)/2 {
				t.Errorf("%d orders were settled, and %d requests made", fresh, asked)
			}
			w.onRequestEquals(t, c, global)
		})
	}
}

// onRequestEquals holds rows against what the operations answer, without the code that
// copied them.
func (w *world) onRequestEquals(t *testing.T, c *copied, global string) {
	t.Helper()
	shop, caller := w.shop().ID, w.Shop("US")
	for day, raw := range c.kept(t, "shop_performance", "day", shop) {
		at, err := time.Parse(time.DateOnly, day)
		if err != nil {
			t.Fatal(err)
		}
		var answer struct {
			Performance struct {
				Intervals []json.RawMessage `json:"intervals"`
			} `json:"performance"`
		}
		w.call(t, caller, "GET", "/analytics/202509/shop/performance", url.Values{
			"start_date_ge": {day}, "end_date_lt": {at.AddDate(0, 0, 1).Format(time.DateOnly)}, "granularity": {"1D"}, "currency": {"LOCAL"},
		}, nil, &answer)
		if len(answer.Performance.Intervals) != 1 || string(answer.Performance.Intervals[0]) != string(raw) {
			t.Errorf("%s is\n%s, not\n%s", day, raw, answer.Performance.Intervals)
		}
	}
	settled := c.kept(t, "order_transactions", "order_id", shop)
	for _, id := range []string{slices.Min(slices.Collect(maps.Keys(settled))), slices.Max(slices.Collect(maps.Keys(settled)))} {
		response, err := caller.Call(t.Context(), "GET", "/finance/202501/orders/"+id+"/statement_transactions", nil, nil, ttshop.AsRead())
		if err != nil || string(response.Data) != string(settled[id]) {
			t.Errorf("order %s is\n%s, not\n%s", id, settled[id], response.Data)
		}
	}
	var records struct {
		Total int `json:"total_count"`
	}
	w.call(t, caller, "POST", "/fbt/202410/inventory_records/search", url.Values{"page_size": {"1"}}, map[string]any{"create_time_ge": time.Now().Add(-few).Unix()}, &records)
	for query, want := range map[string]int{
		`select count(*) from fbt_inventory_records where goods_id is not null and create_time is not null and _deleted_at is null`:                                  records.Total,
		fmt.Sprintf(`select count(*) from global_products p join global_skus s on s.global_product_id = p.id where p.id = '%s' and s.seller_sku = 'T-Moss'`, global): 1,
		`select count(*) from target_collaborations where _deleted_at is null`:                                                                                       4,
		`select count(*) from products p where not exists (select 1 from product_details d where d.id = p.id and d.description <> '')`:                               0,
		`select count(*) from product_details d where not exists (select 1 from product_detail_skus s where s.product_id = d.id)`:                                    0,
		`select count(*) from shop_performance where sales_gmv_amount is null or sales_gmv_currency <> 'USD'`:                                                        0,
		`select count(*) from order_transactions t where not exists (select 1 from order_transaction_skus s where s.order_id = t.order_id and s.ordinal = 0)`:        0,
		`select count(*) from _ttshop_issues where problem not like '%was repaired'`:                                                                                 0,
	} {
		if got := w.number(t, c, query); got != want {
			t.Errorf("%s: %d, want %d", query, got, want)
		}
	}
	for _, table := range []string{"fbt_inventory", "fbt_inventory_skus", "product_performance", "sku_performance", "video_performance", "order_transactions", "performance_by_day"} {
		if w.number(t, c, `select count(*) from `+table) == 0 {
			t.Errorf("%s is empty", table)
		}
	}
}
