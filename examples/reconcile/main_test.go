package main

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/ttshop-go/ttshop"
	"github.com/ttshop-go/ttshop/api/finance"
	"github.com/ttshop-go/ttshop/api/order"
	"github.com/ttshop-go/ttshop/api/returnrefund"
	"github.com/ttshop-go/ttshop/sandbox/control"
	"github.com/ttshop-go/ttshop/sandbox/sandboxtest"
	"github.com/ttshop-go/ttshop/tokenstore"
)

// The total is what the payouts come to, and every statement agrees.
func TestReconcile(t *testing.T) {
	t.Parallel()
	server := sandboxtest.Start(t)
	for _, region := range []string{"GB", "US"} { // South-East Asia has no payouts
		check(t, server.Shop(region), region)
	}
}

func check(t *testing.T, shop *ttshop.Client, region string) {
	t.Helper()
	var out strings.Builder
	if err := reconcile(t.Context(), shop, time.Now().AddDate(-1, 0, 0), &out); err != nil {
		t.Fatalf("%s: %v: %s", region, err, &out)
	}
	var paid ttshop.Money
	for p, err := range finance.New(shop).GetPaymentsAll(t.Context(), &finance.GetPaymentsParams{PageSize: 100}) {
		if err != nil {
			t.Fatal(err)
		}
		if paid, err = paid.Add(ttshop.Money{Amount: p.SettlementAmount.Value, Currency: p.SettlementAmount.Currency}); err != nil {
			t.Fatal(err)
		}
	}
	if !strings.HasSuffix(out.String(), " orders, "+paid.String()+"\n") || paid.IsZero() {
		t.Errorf("%s: the payouts come to %s; the report is %s", region, paid, &out)
	}
}

// A refund after the settlement is in a later statement, and agrees as well.
func TestReconcileRefund(t *testing.T) {
	t.Parallel()
	server := sandboxtest.Start(t)
	shop := server.Shop("GB")
	returns := 0
	for o, err := range order.New(shop).SearchAll(t.Context(), &order.SearchParams{OrderStatus: order.StatusDelivered}) {
		if err != nil {
			t.Fatal(err)
		}
		asked, err := server.Control.AskAsBuyer(t.Context(), o.ID, control.Ask{Ask: "refund", LineItemIDs: []string{o.LineItems[0].ID}})
		if err != nil {
			continue // such as where a request is open already
		}
		if _, err := returnrefund.New(shop).ApproveReturn(t.Context(), &returnrefund.ApproveReturnParams{
			ReturnID: asked.ID, Decision: returnrefund.DecisionApproveRefund,
		}); err != nil {
			t.Fatal(err)
		}
		if returns++; returns == 5 {
			break
		}
	}
	if returns == 0 {
		t.Fatal("no order can be refunded")
	}
	if _, err := server.Control.Advance(t.Context(), 30*24*time.Hour); err != nil {
		t.Fatal(err)
	}
	fleet, err := server.Fleet(tokenstore.FleetConfig{}) // the token of before has expired
	if err != nil {
		t.Fatal(err)
	}
	if shop, err = fleet.Shop(t.Context(), server.ShopID("GB")); err != nil {
		t.Fatal(err)
	}
	check(t, shop, "GB")
}

// In South-East Asia statements have other amounts, and they agree as well.
func TestReconcileVN(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	if err := reconcile(t.Context(), sandboxtest.Start(t).Shop("VN"), time.Now().AddDate(-1, 0, 0), &out); err != nil || !strings.HasSuffix(out.String(), " VND\n") {
		t.Errorf("error %v, report %s", err, &out)
	}
}

// edit replaces text in answers, as if the platform were wrong.
type edit struct{ path, old, new string }

func (e edit) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := http.DefaultTransport.RoundTrip(r)
	if err != nil || !strings.HasSuffix(r.URL.Path, e.path) {
		return resp, err
	}
	body, err := io.ReadAll(resp.Body)
	if err := errors.Join(err, resp.Body.Close()); err != nil {
		return nil, err
	}
	body = bytes.Replace(body, []byte(e.old), []byte(e.new), 1)
	resp.Body, resp.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	resp.Header.Del("Content-Length")
	return resp, nil
}

func TestReconcileFindsDifferences(t *testing.T) {
	t.Parallel()
	server := sandboxtest.Start(t)
	var cipher string
	for _, shop := range server.Credentials.Shops {
		if shop.ID == server.ShopID("GB") {
			cipher = shop.Cipher
		}
	}
	for _, test := range []struct {
		edit
		want string
	}{
		{edit{"/finance/202309/statements", `"settlement_amount":"`, `"settlement_amount":"1`}, "statement "},
		{edit{"/statement_transactions", `"settlement_amount":"`, `"settlement_amount":"1`}, "transaction "},
		{edit{"/order/202507/orders", `"original_total_product_price":"`, `"original_total_product_price":"1`}, "subtotal of order "},
		{edit{"/order/202507/orders", `"seller_discount":"`, `"seller_discount":"1`}, "seller discount of order "},
	} {
		client := server.NewClient(server.Credentials.AccessToken, ttshop.WithHTTPClient(&http.Client{Transport: test.edit}))
		var out strings.Builder
		err := reconcile(t.Context(), client.Shop(cipher), time.Now().AddDate(-1, 0, 0), &out)
		if !errors.Is(err, errDiffers) || !strings.Contains(out.String(), test.want) {
			t.Errorf("%s: error %v, report %s", test.path, err, &out)
		}
	}
}
