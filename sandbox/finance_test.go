package sandbox_test

import (
	"encoding/json"
	"fmt"
	"math"
	"net/http"
	"net/url"
	"strconv"
	"testing"
	"time"
)

type object = map[string]any

// all walks a list of finance to its end and returns its entries and the last
// page.
func (w *world) all(t *testing.T, region, path, query, items string) (entries []object, last object) {
	t.Helper()
	token := ""
	for range 100 {
		last = object{}
		w.call(t, region, "GET", path, query+"&page_token="+url.QueryEscape(token), "").into(t, &last)
		list, ok := last[items].([]any)
		if !ok {
			t.Fatalf("%s: no %s in %v", path, items, last)
		}
		for _, entry := range list {
			entries = append(entries, entry.(object))
		}
		if token, _ = last["next_page_token"].(string); token == "" {
			return entries, last
		}
	}
	t.Fatalf("%s: no end", path)
	panic("not reached")
}

// centsOf reads an amount.
func centsOf(t *testing.T, o object, name string) int64 {
	t.Helper()
	text, ok := o[name].(string)
	if !ok {
		t.Fatalf("no %s in %v", name, o)
	}
	amount, err := strconv.ParseFloat(text, 64)
	if err != nil {
		t.Fatal(err)
	}
	return int64(math.Round(amount * 100))
}

func total(t *testing.T, list []object, name string) (sum int64) {
	t.Helper()
	for _, o := range list {
		sum += centsOf(t, o, name)
	}
	return sum
}

// Statements, their transactions in both versions, the orders, the payments and
// the balance tell the same story, to the cent.
func TestFinanceReconciles(t *testing.T) {
	t.Parallel()
	for _, region := range regions {
		t.Run(region, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			statements, _ := w.all(t, region, "/finance/202309/statements", "sort_field=statement_time&page_size=7", "statements")
			if len(statements) < 5 {
				t.Fatalf("%d statements", len(statements))
			}
			seen := map[string]bool{}
			before := 0.0
			for i, st := range statements {
				id := st["id"].(string)
				if at := st["statement_time"].(float64); at <= before || math.Mod(at, 86400) != 0 || at > float64(start.Unix()) {
					t.Errorf("statement %s at %v", id, at)
				} else {
					before = at
				}
				settlement := centsOf(t, st, "settlement_amount")
				if region == "VN" || region == "BR" {
					if centsOf(t, st, "revenue_amount")+centsOf(t, st, "fee_amount") != settlement {
						t.Errorf("statement %v does not add up", st)
					}
				} else if centsOf(t, st, "net_sales_amount")+centsOf(t, st, "shipping_cost_amount")+centsOf(t, st, "fee_amount") != settlement {
					t.Errorf("statement %v does not add up", st)
				}
				if i > 3 {
					continue
				}
				old, _ := w.all(t, region, "/finance/202309/statements/"+id+"/statement_transactions", "sort_field=order_create_time&page_size=2", "statement_transactions")
				later, whole := w.all(t, region, "/finance/202501/statements/"+id+"/statement_transactions", "sort_field=order_create_time&page_size=2", "transactions")
				if len(old) == 0 || len(old) != len(later) || total(t, old, "settlement_amount") != settlement || total(t, later, "settlement_amount") != settlement ||
					centsOf(t, whole, "payable_amount") != settlement || total(t, old, "fee_amount") != centsOf(t, st, "fee_amount") {
					t.Errorf("statement %s: %d and %d transactions of %d", id, len(old), len(later), settlement)
				}
				for j, tx := range later {
					if centsOf(t, tx, "revenue_amount")+centsOf(t, tx, "shipping_cost_amount")+centsOf(t, tx, "fee_tax_amount") != centsOf(t, tx, "settlement_amount") {
						t.Errorf("transaction %v does not add up", tx)
					}
					order := tx["order_id"].(string)
					if seen[order] || old[j]["order_id"] != order || tx["id"] != old[j]["id"] {
						t.Errorf("order %s twice", order)
					}
					seen[order] = true
					var one, two object
					w.call(t, region, "GET", "/finance/202501/orders/"+order+"/statement_transactions", "", "").into(t, &one)
					w.call(t, region, "GET", "/finance/202309/orders/"+order+"/statement_transactions", "", "").into(t, &two)
					skus := int64(0)
					for _, sku := range one["sku_transactions"].([]any) {
						skus += centsOf(t, sku.(object), "settlement_amount")
						if sku.(object)["statement_id"] != id {
							t.Errorf("order %s: SKU on the statement %v", order, sku.(object)["statement_id"])
						}
					}
					first := two["statement_transactions"].([]any)[0].(object)
					if want := centsOf(t, tx, "settlement_amount"); centsOf(t, one, "settlement_amount") != want || skus != want || centsOf(t, first, "settlement_amount") != want || first["statement_id"] != id {
						t.Errorf("order %s: %d, by SKU %d, expected %d", order, centsOf(t, one, "settlement_amount"), skus, want)
					}
				}
			}

			moves, _ := w.all(t, region, "/finance/202309/withdrawals", "types=SETTLE,WITHDRAW&page_size=100", "withdrawals")
			balance := int64(0)
			for _, m := range moves {
				switch m["type"] {
				case "SETTLE":
					balance += centsOf(t, m, "amount")
				case "WITHDRAW":
					balance -= centsOf(t, m, "amount")
				}
			}
			payments, _ := w.all(t, region, "/finance/202309/payments", "sort_field=create_time&page_size=100&sort_order=DESC", "payments")
			paid := int64(0)
			for _, p := range payments {
				amount, err := json.Marshal(p["amount"])
				if err != nil {
					t.Fatal(err)
				}
				var o object
				if err := json.Unmarshal(amount, &o); err != nil {
					t.Fatal(err)
				}
				paid += centsOf(t, o, "value")
			}
			settled := total(t, statements, "settlement_amount")
			if region == "VN" {
				if len(payments) != 0 {
					t.Errorf("%d payments in a market without them", len(payments))
				}
			} else if paid != settled-balance {
				t.Errorf("%d settled, %d paid, a balance of %d", settled, paid, balance)
			}
			if balance > 0 {
				t.Errorf("a balance of %d was not paid out", balance)
			}

			// In time everything is settled.
			open, sums := w.all(t, region, "/finance/202507/orders/unsettled", "sort_field=order_create_time&page_size=100", "transactions")
			if len(open) == 0 || total(t, open, "est_settlement_amount") != centsOf(t, sums, "sum_est_settlement_amount") {
				t.Errorf("%d unsettled", len(open))
			}
			expected := settled + centsOf(t, sums, "sum_est_settlement_amount")
			w.steer(t, "POST", "clock", `{"advance":"480h"}`, http.StatusOK)
			w.now = start.Add(480 * time.Hour)
			w.credentials = w.Credentials()
			open, _ = w.all(t, region, "/finance/202507/orders/unsettled", "sort_field=order_create_time&page_size=100", "transactions")
			for _, tx := range open {
				if tx["unsettled_reason"] != "WAITING_FOR_PACKAGE_DELIVERY" {
					t.Errorf("not settled in time: %v", tx)
				}
			}
			later, _ := w.all(t, region, "/finance/202309/statements", "sort_field=statement_time&page_size=100", "statements")
			// Returns that nobody answered were refunded meanwhile.
			if got := total(t, later, "settlement_amount"); got <= settled || got >= expected {
				t.Errorf("%d unsettled, %d settled, expected less than %d", len(open), got, expected)
			}
			for i, st := range statements {
				if later[i]["id"] != st["id"] || later[i]["settlement_amount"] != st["settlement_amount"] {
					t.Errorf("a statement became %v, it was %v", later[i], st)
				}
			}
		})
	}
}

func TestFinanceFilters(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	const path = "/finance/202309/statements"
	all, _ := w.all(t, "GB", path, "sort_field=statement_time&page_size=100", "statements")
	paid, _ := w.all(t, "GB", path, "sort_field=statement_time&payment_status=PAID&page_size=100&sort_order=DESC", "statements")
	under, _ := w.all(t, "GB", path, "sort_field=statement_time&payment_status=PROCESSING&page_size=100", "statements")
	if len(paid) == 0 || len(paid)+len(under) != len(all) || paid[0]["statement_time"].(float64) < paid[1]["statement_time"].(float64) {
		t.Errorf("%d paid, %d processing, %d in all", len(paid), len(under), len(all))
	}
	at := int64(all[1]["statement_time"].(float64))
	one, _ := w.all(t, "GB", path, fmt.Sprintf("sort_field=statement_time&statement_time_ge=%d&statement_time_lt=%d", at, at+86400), "statements")
	if len(one) != 1 || one[0]["id"] != all[1]["id"] {
		t.Errorf("one day has %v", one)
	}
	for name, a := range map[string]*answer{
		"no sort field":  w.call(t, "GB", "GET", path, "", ""),
		"sort field":     w.call(t, "GB", "GET", path, "sort_field=amount", ""),
		"page size":      w.call(t, "GB", "GET", path, "sort_field=statement_time&page_size=101", ""),
		"foreign token":  w.call(t, "GB", "GET", path, "sort_field=statement_time&page_token=AAAA", ""),
		"no types":       w.call(t, "GB", "GET", "/finance/202309/withdrawals", "", ""),
		"no statement":   w.call(t, "GB", "GET", path+"/7/statement_transactions", "sort_field=order_create_time", ""),
		"other shop's":   w.call(t, "US", "GET", path+"/"+all[0]["id"].(string)+"/statement_transactions", "sort_field=order_create_time", ""),
		"no such order":  w.call(t, "GB", "GET", "/finance/202501/orders/7/statement_transactions", "", ""),
		"without cipher": w.call(t, "", "GET", path, "sort_field=statement_time", ""),
	} {
		if a.Code != 36009004 && (name != "without cipher" || a.Code != 106013) {
			t.Errorf("%s: code %d: %s", name, a.Code, a.Message)
		}
	}
}

// What is not settled is listed from the payment on, with what it waits for:
// before the delivery it tells in words when it will be settled and knows no
// shipping costs, after it names the time.
func TestUnsettledSaysWhy(t *testing.T) {
	t.Parallel()
	for _, region := range regions {
		t.Run(region, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			open, sums := w.all(t, region, "/finance/202507/orders/unsettled", "sort_field=order_create_time&page_size=100", "transactions")
			waiting, under := 0, 0
			for _, tx := range open {
				if centsOf(t, tx, "est_revenue_amount")+centsOf(t, tx, "est_shipping_cost_amount")+centsOf(t, tx, "est_fee_tax_amount") != centsOf(t, tx, "est_settlement_amount") ||
					centsOf(t, tx, "est_fee_tax_amount") > 0 || tx["type"] != "ORDER" || tx["status"] != "UNSETTLED" {
					t.Errorf("transaction %v", tx)
				}
				var list struct {
					Orders []struct {
						Status   string  `json:"status"`
						Delivery float64 `json:"delivery_time"`
						IsSample bool    `json:"is_sample_order"`
					} `json:"orders"`
				}
				w.call(t, region, "GET", "/order/202309/orders", "ids="+tx["order_id"].(string), "").into(t, &list)
				o := list.Orders[0]
				if o.Status == "UNPAID" || o.Status == "CANCELLED" || o.IsSample {
					t.Errorf("an order in the state %s is unsettled", o.Status)
				}
				at, shown := tx["order_delivery_time"]
				switch tx["unsettled_reason"] {
				case "WAITING_FOR_PACKAGE_DELIVERY":
					waiting++
					if o.Delivery != 0 || shown || tx["estimated_settlement"] != "Delivered + 7 days" || tx["est_shipping_cost_amount"] != "0" {
						t.Errorf("an order that is %s: %v", o.Status, tx)
					}
				case "DELIVERED_AWAITING_SETTLEMENT":
					under++
					expected, err := strconv.ParseInt(tx["estimated_settlement"].(string), 10, 64)
					if err != nil || at != o.Delivery || expected <= start.Unix() || expected < int64(o.Delivery)+7*86400 {
						t.Errorf("an order that is %s: %v", o.Status, tx)
					}
				default:
					t.Errorf("waits for %v", tx["unsettled_reason"])
				}
			}
			if waiting < 20 || under < 5 {
				t.Errorf("%d wait for the delivery, %d for their time", waiting, under)
			}
			for sum, part := range map[string]string{"sum_est_revenue_amount": "est_revenue_amount", "sum_est_fee_amount": "est_fee_tax_amount", "sum_est_settlement_amount": "est_settlement_amount"} {
				if total(t, open, part) != centsOf(t, sums, sum) {
					t.Errorf("%s is %v, the parts make %d", sum, sums[sum], total(t, open, part))
				}
			}
		})
	}
}

// A sample costs its creator nothing, tells what others pay, and is not a sale.
func TestSamplesAreNoSales(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	samples := 0
	for _, region := range regions {
		token := ""
		for range 100 {
			var page struct {
				Orders []struct {
					ID       string            `json:"id"`
					IsSample bool              `json:"is_sample_order"`
					Payment  map[string]string `json:"payment"`
					Lines    []object          `json:"line_items"`
				} `json:"orders"`
				Token string `json:"next_page_token"`
			}
			w.call(t, region, "POST", "/order/202309/orders/search", "page_size=100&page_token="+url.QueryEscape(token), "{}").into(t, &page)
			for _, o := range page.Orders {
				if !o.IsSample {
					continue
				}
				samples++
				var settled object
				w.call(t, region, "GET", "/finance/202501/orders/"+o.ID+"/statement_transactions", "", "").into(t, &settled)
				if o.Payment["total_amount"] != "0" || settled["total_count"] != 0.0 {
					t.Errorf("sample order %s costs %v and has the settlement %v", o.ID, o.Payment, settled)
				}
				for _, line := range o.Lines {
					if line["sale_price"] != "0" || centsOf(t, line, "gift_retail_price") == 0 {
						t.Errorf("sample order %s has the line %v", o.ID, line)
					}
				}
			}
			if token = page.Token; token == "" {
				break
			}
		}
	}
	if samples < 5 {
		t.Errorf("%d samples", samples)
	}
}
