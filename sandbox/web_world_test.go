package sandbox_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"
)

// The days on the page are those with which the operation answers.
func TestAnalyticsPageAgrees(t *testing.T) {
	t.Parallel()
	w := newTradeWorld(t)
	for _, region := range []string{"US", "GB", "VN"} {
		page := w.page(t, "ui/analytics?days=30&shop="+w.shop(region).ID)
		rows := regexp.MustCompile(`<tr><td class="num">([0-9-]+)</td><td class="right num">(\d+)</td><td class="right num">(\d+)</td><td class="right num">(\d+)</td><td class="right num">([0-9.]+)</td><td class="right num">([0-9.]+)</td></tr>`).FindAllStringSubmatch(page, -1)
		if len(rows) == 0 {
			t.Fatalf("%s: no days", region)
		}
		last, err := time.Parse(time.DateOnly, rows[len(rows)-1][1])
		if err != nil {
			t.Fatal(err)
		}
		var got struct {
			Performance struct {
				Intervals []struct {
					Start   string `json:"start_date"`
					GMV     struct{ Amount string }
					Refunds struct{ Amount string }
					Orders  int
					Units   int `json:"units_sold"`
					Buyers  int
				}
			}
		}
		w.call(t, region, "GET", "/analytics/202405/shop/performance",
			"granularity=1D&start_date_ge="+rows[0][1]+"&end_date_lt="+last.AddDate(0, 0, 1).Format(time.DateOnly), "").into(t, &got)
		if len(got.Performance.Intervals) != len(rows) {
			t.Fatalf("%s: %d days on the page, the operation answers %d", region, len(rows), len(got.Performance.Intervals))
		}
		sold := 0
		for i, day := range got.Performance.Intervals {
			want := []string{day.Start, fmt.Sprint(day.Orders), fmt.Sprint(day.Units), fmt.Sprint(day.Buyers), day.GMV.Amount, day.Refunds.Amount}
			if strings.Join(rows[i][1:], " ") != strings.Join(want, " ") {
				t.Errorf("%s: the page says %v, the operation %v", region, rows[i][1:], want)
			}
			sold += day.Orders
		}
		if sold == 0 {
			t.Errorf("%s: nothing was sold, so nothing was compared", region)
		}
		if bars := strings.Count(page, `class="value"`); bars != 2*len(rows) {
			t.Errorf("%s: %d bars for %d days in two plots", region, bars, len(rows))
		}
	}
}

// Statements and their transactions add up to what the operations answer.
func TestFinancePageAgrees(t *testing.T) {
	t.Parallel()
	w := newTradeWorld(t)
	var got struct {
		Statements []struct {
			ID         string
			Revenue    string `json:"revenue_amount"`
			Fee        string `json:"fee_amount"`
			Settlement string `json:"settlement_amount"`
		}
	}
	w.call(t, "GB", "GET", "/finance/202309/statements", "sort_field=statement_time&sort_order=DESC&page_size=20", "").into(t, &got)
	if len(got.Statements) < 3 {
		t.Fatalf("%d statements", len(got.Statements))
	}
	list := w.page(t, "ui/finance?shop="+w.shop("GB").ID)
	for _, st := range got.Statements {
		path := "ui/finance/" + w.shop("GB").ID + "/" + st.ID
		page := w.page(t, path)
		for _, want := range []string{st.Revenue + " GBP", st.Fee + " GBP", st.Settlement + " GBP"} {
			if !strings.Contains(page, ">"+want) {
				t.Errorf("the page of statement %s lacks %q", st.ID, want)
			}
		}
		if !strings.Contains(list, "/_sandbox/"+path) {
			t.Errorf("the list lacks statement %s", st.ID)
		}
		var lines struct {
			Transactions []struct{ ID string } `json:"statement_transactions"`
		}
		w.call(t, "GB", "GET", "/finance/202309/statements/"+st.ID+"/statement_transactions", "sort_field=order_create_time&page_size=50", "").into(t, &lines)
		if len(lines.Transactions) == 0 {
			t.Errorf("statement %s has no transactions", st.ID)
		}
		for _, line := range lines.Transactions {
			if !strings.Contains(page, line.ID) {
				t.Errorf("the page of statement %s lacks the transaction %s", st.ID, line.ID)
			}
		}
	}
	if open := w.page(t, "ui/finance/"+w.shop("GB").ID+"/open"); !strings.Contains(open, "Not settled yet") || !strings.Contains(open, "Sale <code>") {
		t.Error("the page of what is not settled is empty")
	}
	for _, path := range []string{"ui/finance/1/2", "ui/finance/" + w.shop("GB").ID + "/2"} {
		if a := w.browse(path, nil); a.Code != http.StatusNotFound {
			t.Errorf("%s: status %d", path, a.Code)
		}
	}
}

// Tokens expire with a click, and a grant ends with another.
func TestAccessPage(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	shops := func() int {
		t.Helper()
		return w.send(t, w.request("GET", "/authorization/202309/shops", "", "")).Code
	}
	if code := shops(); code != 0 {
		t.Fatalf("before: code %d", code)
	}
	if page := w.submit(t, "ui/access", url.Values{"action": {"expire"}, "grant": {"1"}}); !strings.Contains(page, "The tokens have expired") {
		t.Error("the page does not say so")
	}
	if code := shops(); code != 105002 {
		t.Errorf("expired: code %d, want 105002", code)
	}
	w.refresh(t, w.credentials.RefreshToken).into(t, new(tokens)) // still good
	w.submit(t, "ui/access", url.Values{"action": {"expire-all"}, "grant": {"1"}})
	if a := w.refresh(t, w.credentials.RefreshToken); a.Code == 0 {
		t.Error("the refresh token is still good")
	}
	w.credentials = w.Credentials()
	if code := shops(); code != 0 {
		t.Fatalf("new credentials: code %d", code)
	}
	if page := w.submit(t, "ui/access", url.Values{"action": {"revoke"}, "grant": {"1"}}); !strings.Contains(page, "REVOKED") {
		t.Error("the page does not show that the grant is revoked")
	}
	if code := shops(); code != 105001 {
		t.Errorf("revoked: code %d, want 105001", code)
	}
	for _, form := range []url.Values{{"action": {"revoke"}, "grant": {"1"}}, {"action": {"expire"}, "grant": {"9"}}, {"action": {"x"}}} {
		if a := w.browse("ui/access", form); a.Code != http.StatusConflict || alert(a.Body.String()) == "" {
			t.Errorf("%v: status %d", form, a.Code)
		}
	}
}

// A buyer writes on the page, and the shop finds the message.
func TestConversationPages(t *testing.T) {
	t.Parallel()
	w := newTradeWorld(t)
	page := w.submit(t, "ui/conversations", url.Values{"shop": {w.shop("GB").ID}, "text": {"Is the <blue> one in stock?"}})
	found := regexp.MustCompile(`action="/_sandbox/ui/conversations/([0-9]+)"`).FindStringSubmatch(page)
	if found == nil || !strings.Contains(page, "Is the &lt;blue&gt; one in stock?") {
		t.Fatal("the page does not show the conversation")
	}
	w.submit(t, "ui/conversations/"+found[1], url.Values{"action": {"say"}, "text": {"And the red one?"}})
	var messages struct{ Messages []struct{ Content string } }
	w.call(t, "GB", "GET", "/customer_service/202309/conversations/"+found[1]+"/messages", "page_size=5", "").into(t, &messages)
	raw, err := json.Marshal(messages)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(raw), "And the red one?") {
		t.Errorf("the shop reads %s", raw)
	}
	if page := w.submit(t, "ui/conversations/"+found[1], url.Values{"action": {"end"}}); !strings.Contains(page, "ended") {
		t.Error("the conversation has not ended")
	}
	if a := w.browse("ui/conversations", url.Values{"shop": {w.shop("GB").ID}, "text": {" "}}); a.Code != http.StatusConflict || !strings.Contains(alert(a.Body.String()), "write what the buyer says") {
		t.Errorf("an empty message: status %d", a.Code)
	}
}

// The lists show what the shop has.
func TestWorldPages(t *testing.T) {
	t.Parallel()
	w := newTradeWorld(t)
	order := w.placed(t, "GB", "", "DELIVERED", 1)
	back := w.ask(t, order, "return")
	shop := "?shop=" + w.shop("GB").ID
	for path, want := range map[string][]string{
		"ui/returns" + shop:    {order, back, "RETURN_OR_REFUND_REQUEST_PENDING"},
		"ui/warehouses" + shop: {"SALES_WAREHOUSE", "RETURN_WAREHOUSE", "reserved"},
		"ui/promotions" + shop: {"Coupons", "off"},
		"ui/creators" + shop:   {"Offered to creators", "Creators of the market", "%"},
		"":                     {"Requests of the last 30 minutes", "orders to ship", `class="value"`},
	} {
		page := w.page(t, path)
		for _, text := range want {
			if !strings.Contains(page, text) {
				t.Errorf("%q lacks %q", path, text)
			}
		}
	}
	for _, name := range []string{"returns", "warehouses", "promotions", "creators", "conversations", "finance", "analytics"} {
		if a := w.browse("ui/"+name+"?shop=1", nil); a.Code != http.StatusNotFound {
			t.Errorf("%s of an unknown shop: status %d", name, a.Code)
		}
	}
}

// The overview counts what was refused.
func TestPulse(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.call(t, "GB", "POST", searchPath, "page_size=1", "")
	w.now = w.now.Add(7 * time.Minute)
	w.steer(t, "POST", "clock", `{"advance":"7m"}`, http.StatusOK)
	w.call(t, "", "GET", "/nowhere", "", "")
	w.call(t, "GB", "POST", searchPath, "page_size=1", "")
	page := w.page(t, "")
	for _, want := range []string{`<b class="num">3</b> in all`, `<b class="num failed">1</b> failed (33.3%)`, "2 in the last minute", "09:37: 2 requests, 1 failed", "09:30: 1 request, 0 failed"} {
		if !strings.Contains(page, want) {
			t.Errorf("the overview lacks %q", want)
		}
	}
	w.steer(t, "POST", "clock", `{"advance":"1h"}`, http.StatusOK)
	if page := w.page(t, ""); strings.Contains(page, "in all") {
		t.Error("an hour later the requests still count")
	}
}
