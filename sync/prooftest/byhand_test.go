package prooftest_test

import (
	"encoding/json"
	"fmt"
	"math/big"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/ttshop-go/ttshop"

	"github.com/ttshop-go/ttshop/sync"
)

// settled takes everything as visible.
func settled(c *sync.Config) { c.Settle = -1 }

// list reads all pages of an operation.
func list[T any](t *testing.T, w *world, method, path, items, query, body string) []T {
	t.Helper()
	var all []T
	for token := ""; ; {
		q, err := url.ParseQuery(query)
		if err != nil {
			t.Fatal(err)
		}
		if token != "" {
			q.Set("page_token", token)
		}
		var sent any
		if method == "POST" {
			var m map[string]any
			if err := json.Unmarshal([]byte(body), &m); err != nil {
				t.Fatal(err)
			}
			if _, there := m["page_size"]; there && token != "" { // promotions have their page in the body
				q.Del("page_token")
				m["page_token"] = token
			}
			sent = m
		}
		response, err := w.Shop(w.region).Call(t.Context(), method, path, q, sent, ttshop.AsRead())
		if err != nil {
			t.Fatal(err)
		}
		var data map[string]json.RawMessage
		if err := json.Unmarshal(response.Data, &data); err != nil {
			t.Fatal(err)
		}
		var page []T
		if data[items] != nil {
			if err := json.Unmarshal(data[items], &page); err != nil {
				t.Fatal(err)
			}
		}
		all, token = append(all, page...), ""
		if raw := data["next_page_token"]; raw != nil {
			if err := json.Unmarshal(raw, &token); err != nil {
				t.Fatal(err)
			}
		}
		if token == "" {
			return all
		}
	}
}

type amount struct {
	Amount   string `json:"amount"`
	Currency string `json:"currency"`
}

// piece is a piece that was paid for.
type piece struct {
	order         *order
	line          int
	day           string
	amount, taken *big.Rat
}

func (p *piece) net() *big.Rat { return new(big.Rat).Sub(p.amount, p.taken) }

// percent is a share with some decimals.
func percent(part, whole *big.Rat, decimals int) string {
	if whole.Sign() == 0 {
		return ""
	}
	share := new(big.Rat).Quo(part, whole)
	return plain(share.Mul(share, count(100)).FloatString(decimals))
}

// byHand works out the answers to the questions of the guide.
func (w *world) byHand(t *testing.T) map[string][]string {
	t.Helper()
	today := time.Now().UTC().Truncate(24 * time.Hour)
	ago := func(at int64) int {
		return int(today.Sub(time.Unix(at, 0).UTC().Truncate(24*time.Hour)) / (24 * time.Hour))
	}
	orders := decode[*order](t, w, sourceOf("orders"))
	type returned struct {
		Status string `json:"return_status"`
		Reason string `json:"return_reason_text"`
		Lines  []struct {
			Line   string `json:"order_line_item_id"`
			Refund struct {
				Goods string `json:"refund_subtotal"`
			} `json:"refund_amount"`
		} `json:"return_line_items"`
	}
	refunds, reasons := map[string]*big.Rat{}, table{}
	for _, r := range decode[returned](t, w, sourceOf("returns")) {
		for _, l := range r.Lines {
			if strings.HasSuffix(r.Status, "_SUCCESS") || r.Status == "RETURN_OR_REFUND_REQUEST_COMPLETE" {
				if refunds[l.Line] == nil {
					refunds[l.Line] = new(big.Rat)
				}
				refunds[l.Line].Add(refunds[l.Line], rat(l.Refund.Goods))
			}
			if !strings.HasSuffix(r.Status, "CANCEL") && !strings.Contains(r.Status, "REJECT") {
				reasons.add(r.Reason, count(1))
			}
		}
	}
	var sold []*piece
	for _, o := range orders {
		for i, l := range o.Lines {
			if o.Paid == 0 || o.Sample {
				continue
			}
			p := &piece{order: o, line: i, day: day(o.Paid), amount: rat(l.Price), taken: new(big.Rat)}
			if l.Status == "CANCELLED" {
				p.taken = p.amount
			} else if r := refunds[l.ID]; r != nil {
				p.taken = r
			}
			sold = append(sold, p)
		}
	}
	answers := map[string][]string{}
	say := func(title, format string, values ...any) {
		answers[title] = append(answers[title], fmt.Sprintf(format, values...))
	}

	// What did each product bring in?
	byDay, names := table{}, map[string]string{}
	for _, p := range sold {
		l := p.order.Lines[p.line]
		if ago(p.order.Paid) < 30 {
			key := p.day + "/" + l.Product
			byDay.add(key, count(1), p.amount, p.taken, p.net())
			if n, ok := names[key]; !ok || l.Name < n {
				names[key] = l.Name
			}
		}
	}
	keys := sortedBy(byDay, func(a, b string) int {
		if a[:10] != b[:10] {
			return strings.Compare(b[:10], a[:10])
		}
		return strings.Compare(a, b)
	})
	for _, k := range keys {
		v := byDay[k]
		say("What did each product bring in, day by day, after refunds?", "%s | %s | %s | %s | %s | %s | %s", k[:10], k[11:], names[k], money(v[0]), money(v[1]), money(v[2]), money(v[3]))
	}

	// Which orders must ship today?
	var due []*order
	for _, o := range orders {
		if (o.Status == "AWAITING_SHIPMENT" || o.Status == "PARTIALLY_SHIPPING") && !o.Asked && o.ShipBy > 0 && ago(o.ShipBy) >= 0 {
			due = append(due, o)
		}
	}
	slices.SortFunc(due, func(a, b *order) int {
		if a.ShipBy != b.ShipBy {
			return int(a.ShipBy - b.ShipBy)
		}
		return strings.Compare(a.ID, b.ID)
	})
	for _, o := range due {
		pieces := 0
		for _, l := range o.Lines {
			if l.Status == "AWAITING_SHIPMENT" {
				pieces++
			}
		}
		say("Which orders must ship today?", "%s | %s | %d | %s", o.ID, clock(o.ShipBy), pieces, o.Warehouse)
	}

	// How long does the stock last?
	type stocked struct {
		SKUs []struct {
			ID         string `json:"id"`
			Seller     string `json:"seller_sku"`
			Warehouses []struct {
				Available int64 `json:"available_quantity"`
			} `json:"warehouse_inventory"`
		} `json:"skus"`
	}
	recent := table{}
	for _, p := range sold {
		if ago(p.order.Paid) < 30 {
			recent.add(p.order.Lines[p.line].SKU, count(1))
		}
	}
	type cover struct {
		days *big.Rat
		sku  string
		text string
	}
	var covers []cover
	products := decode[struct {
		SKUs []struct {
			ID string `json:"id"`
		} `json:"skus"`
	}](t, w, sourceOf("products"))
	var skus []string
	for _, p := range products {
		for _, s := range p.SKUs {
			skus = append(skus, strconv.Quote(s.ID))
		}
	}
	for _, product := range list[stocked](t, w, "POST", "/product/202309/inventory/search", "inventory", "", `{"sku_ids":[`+strings.Join(skus, ",")+`]}`) {
		for _, s := range product.SKUs {
			available := int64(0)
			for _, at := range s.Warehouses {
				available += at.Available
			}
			if n := recent[s.ID]; n != nil {
				days := new(big.Rat).Quo(count(30*available), n[0])
				shown := days.FloatString(1)
				if rat(shown).Cmp(count(14)) < 0 {
					covers = append(covers, cover{rat(shown), s.ID, fmt.Sprintf("%s | %s | %d | %s | %s", s.ID, plain(s.Seller), available, money(n[0]), plain(shown))})
				}
			}
		}
	}
	slices.SortFunc(covers, func(a, b cover) int {
		if c := a.days.Cmp(b.days); c != 0 {
			return c
		}
		return strings.Compare(a.sku, b.sku)
	})
	for _, c := range covers {
		say("How long does the stock last?", "%s", c.text)
	}

	// What did a statement pay for?
	type statement struct {
		ID         string `json:"id"`
		At         int64  `json:"statement_time"`
		Settlement string `json:"settlement_amount"`
	}
	type transaction struct {
		Order      string `json:"order_id"`
		Revenue    string `json:"revenue_amount"`
		Shipping   string `json:"shipping_cost_amount"`
		Fees       string `json:"fee_tax_amount"`
		Settlement string `json:"settlement_amount"`
	}
	statements := list[statement](t, w, "GET", "/finance/202309/statements", "statements", "page_size=100&sort_field=statement_time&sort_order=DESC", "")
	slices.SortStableFunc(statements, func(a, b statement) int {
		if a.At != b.At {
			return int(b.At - a.At)
		}
		return strings.Compare(a.ID, b.ID)
	})
	for _, s := range statements {
		sums := table{}
		in := map[string]bool{}
		for _, x := range list[transaction](t, w, "GET", "/finance/202501/statements/"+s.ID+"/statement_transactions", "transactions", "page_size=100&sort_field=order_create_time", "") {
			sums.add("", rat(x.Revenue), rat(x.Shipping), rat(x.Fees), rat(x.Settlement))
			if x.Order != "" {
				in[x.Order] = true
			}
		}
		if v := sums[""]; v != nil {
			say("What did a statement pay for?", "%s | %s | %d | %s | %s | %s | %s | %s", s.ID, clock(s.At), len(in), money(v[0]), money(v[1]), money(v[2]), money(rat(s.Settlement)), money(new(big.Rat).Sub(rat(s.Settlement), v[3])))
		} else {
			say("What did a statement pay for?", "%s | %s | 0 |  |  |  | %s | ", s.ID, clock(s.At), money(rat(s.Settlement)))
		}
	}

	// Why are goods returned?
	for _, r := range sortedBy(reasons, func(a, b string) int {
		if c := reasons[b][0].Cmp(reasons[a][0]); c != 0 {
			return c
		}
		return strings.Compare(a, b)
	}) {
		say("Why are goods returned, and how often?", "%s | %s | %s", r, money(reasons[r][0]), percent(reasons[r][0], count(int64(len(sold))), 2))
	}

	// Did a promotion sell more?
	type activity struct {
		ID     string `json:"id"`
		Title  string `json:"title"`
		Status string `json:"status"`
		Begin  int64  `json:"begin_time"`
		End    int64  `json:"end_time"`
	}
	activities := list[activity](t, w, "POST", "/promotion/202309/activities/search", "activities", "", `{"page_size":100}`)
	slices.SortStableFunc(activities, func(a, b activity) int {
		if a.Begin != b.Begin {
			return int(b.Begin - a.Begin)
		}
		return strings.Compare(a.Title, b.Title)
	})
	for _, a := range activities {
		of := list[struct {
			ID string `json:"id"`
		}](t, w, "GET", "/promotion/202309/activities/"+a.ID, "products", "", "")
		var ids []string
		for _, p := range of {
			ids = append(ids, p.ID)
		}
		slices.Sort(ids)
		for _, id := range ids {
			sums := table{}
			sums.add("", new(big.Rat), new(big.Rat), new(big.Rat), new(big.Rat))
			for _, p := range sold {
				switch at := p.order.Paid; {
				case p.order.Lines[p.line].Product != id:
				case at >= a.Begin && at < a.End:
					sums.add("", count(1), new(big.Rat), p.net(), new(big.Rat))
				case at >= 2*a.Begin-a.End && at < a.Begin:
					sums.add("", new(big.Rat), count(1), new(big.Rat), p.net())
				}
			}
			if v := sums[""]; a.Status != "DRAFT" {
				say("Did a promotion sell more?", "%s | %s | %s | %s | %s | %s", a.Title, id, money(v[0]), money(v[1]), money(v[2]), money(v[3]))
			}
		}
	}

	// What do creators sell?
	type affiliate struct {
		SKUs []struct {
			Creator       string `json:"creator_username"`
			Quantity      int64  `json:"quantity"`
			ActualBase    amount `json:"actual_commission_base"`
			EstimatedBase amount `json:"estimated_commission_base"`
			ActualPaid    amount `json:"actual_paid_commission"`
			EstimatedPaid amount `json:"estimated_paid_commission"`
		} `json:"skus"`
	}
	creators := table{}
	for _, o := range list[affiliate](t, w, "POST", "/affiliate_seller/202410/orders/search", "orders", "page_size=100", `{}`) {
		for _, s := range o.SKUs {
			base, paid := s.ActualBase, s.ActualPaid
			if base.Amount == "" {
				base = s.EstimatedBase
			}
			if paid.Amount == "" {
				paid = s.EstimatedPaid
			}
			creators.add(s.Creator+" | "+base.Currency, count(s.Quantity), rat(base.Amount), rat(paid.Amount))
		}
	}
	for _, c := range sortedBy(creators, func(a, b string) int {
		if c := creators[b][2].Cmp(creators[a][2]); c != 0 {
			return c
		}
		return strings.Compare(a, b)
	}) {
		if v := creators[c]; v[1].Sign() > 0 {
			say("What do creators sell, and what do they get?", "%s | %s | %s | %s | %s", c, money(v[0]), money(v[1]), money(v[2]), percent(v[2], v[1], 2))
		}
	}

	// How many buyers come back?
	buyers := map[string]map[string]bool{}
	for _, p := range sold {
		if buyers[p.order.User] == nil {
			buyers[p.order.User] = map[string]bool{}
		}
		buyers[p.order.User][p.order.ID] = true
	}
	again := int64(0)
	for _, of := range buyers {
		if len(of) > 1 {
			again++
		}
	}
	say("How many buyers come back?", "%d | %d | %s", len(buyers), again, percent(count(again), count(int64(len(buyers))), 1))

	// How fast do we ship?
	times := table{}
	for _, o := range orders {
		if o.Paid == 0 || o.Shipped == 0 || o.Cash {
			continue
		}
		hours := func(from, to int64) *big.Rat { return rat(new(big.Rat).SetFrac64(to-from, 3600).FloatString(2)) }
		onWay, n, late := new(big.Rat), int64(0), int64(0)
		if o.Collected > 0 && o.Delivered > 0 {
			onWay, n = hours(o.Collected, o.Delivered), 1
		}
		if o.Shipped > o.ShipBy {
			late = 1
		}
		times.add(o.Provider, count(1), hours(o.Paid, o.Shipped), onWay, count(n), count(late))
	}
	for _, p := range sortedBy(times, func(a, b string) int {
		if c := times[b][0].Cmp(times[a][0]); c != 0 {
			return c
		}
		return strings.Compare(a, b)
	}) {
		v := times[p]
		way := ""
		if v[3].Sign() > 0 {
			way = plain(new(big.Rat).Quo(v[2], v[3]).FloatString(1))
		}
		say("How fast do we ship, and who delivers late?", "%s | %s | %s | %s | %s", p, money(v[0]), plain(new(big.Rat).Quo(v[1], v[0]).FloatString(1)), way, money(v[4]))
	}

	// What is still to be paid out?
	type unsettled struct {
		Currency string `json:"currency"`
		Reason   string `json:"unsettled_reason"`
		Amount   string `json:"est_settlement_amount"`
	}
	open := table{}
	for _, u := range list[unsettled](t, w, "GET", "/finance/202507/orders/unsettled", "transactions", "page_size=100&sort_field=order_create_time", "") {
		open.add(u.Currency+" | "+u.Reason, count(1), rat(u.Amount))
	}
	for _, k := range sortedBy(open, strings.Compare) {
		say("What is still to be paid out?", "%s | %s | %s", k, money(open[k][0]), money(open[k][1]))
	}
	return answers
}

func sortedBy(a table, compare func(a, b string) int) []string {
	var keys []string
	for k := range a {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, compare)
	return keys
}
