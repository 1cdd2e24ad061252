package bench

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"

	"github.com/ttshop-go/ttshop"
	"github.com/ttshop-go/ttshop/sandbox/sandboxtest"
)

// page is what both sides decode: a page of orders as the sandbox answers it.
type page struct {
	NextPageToken string `json:"next_page_token"`
	TotalCount    int    `json:"total_count"`
	Orders        []struct {
		ID         string `json:"id"`
		Status     string `json:"status"`
		CreateTime int64  `json:"create_time"`
		LineItems  []struct {
			ID        string `json:"id"`
			SKUID     string `json:"sku_id"`
			SalePrice string `json:"sale_price"`
		} `json:"line_items"`
		Payment struct {
			Currency    string `json:"currency"`
			TotalAmount string `json:"total_amount"`
		} `json:"payment"`
	} `json:"orders"`
}

var searchBody = []byte(`{"order_status":"AWAITING_SHIPMENT"}`)

// BenchmarkCall holds a signed call against a bare net/http request with the
// same body and decoding, both to a server that answers a page of 20 orders.
func BenchmarkCall(b *testing.B) {
	answer := orderPage(b)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write(answer)
	}))
	defer server.Close()
	client := ttshop.New("68xu9ks5p4i8", secret, ttshop.WithEndpoint(server.URL), ttshop.WithTokenSource(ttshop.StaticToken("ROW_token")), ttshop.WithLimiter(nil)). // its pace is not the subject
																						Shop("ROW_xkMbgAAAeVAQra0eZWebFQq5aIK")
	operation := &ttshop.Operation{Name: "order.GetOrderList", Method: "POST", Path: "/order/202309/orders/search", ShopCipher: ttshop.CipherRequired, Body: ttshop.BodyJSON, Read: true}
	params := &struct {
		PageSize    int    `query:"page_size" json:"-"`
		OrderStatus string `json:"order_status,omitempty"`
	}{20, "AWAITING_SHIPMENT"}
	typed := func() {
		var p page
		if err := client.Do(b.Context(), operation, params, &p); err != nil || len(p.Orders) == 0 {
			b.Fatal(err)
		}
	}
	query := url.Values{"page_size": {"20"}}
	raw := func() {
		res, err := client.Call(b.Context(), "POST", operation.Path, query, searchBody)
		if err != nil {
			b.Fatal(err)
		}
		var p page
		if err := res.Decode(&p); err != nil || len(p.Orders) == 0 {
			b.Fatal(err)
		}
	}
	plain := bareRequest(b, server.Client(), server.URL+operation.Path+"?page_size=20&shop_cipher=ROW_xkMbgAAAeVAQra0eZWebFQq5aIK&app_key=68xu9ks5p4i8&timestamp=1700000000&sign=0")
	b.Run("Do", func(b *testing.B) { compare(b, 50, typed, plain) })
	b.Run("Call", func(b *testing.B) { compare(b, 50, raw, plain) })
}

// bareRequest sends a POST with the search body and decodes its answer.
func bareRequest(b *testing.B, client *http.Client, rawURL string) func() {
	return func() {
		req, err := http.NewRequestWithContext(b.Context(), "POST", rawURL, bytes.NewReader(searchBody))
		if err != nil {
			b.Fatal(err)
		}
		req.Header.Set("Content-Type", "application/json")
		req.Header.Set("X-Tts-Access-Token", "ROW_token")
		resp, err := client.Do(req)
		if err != nil {
			b.Fatal(err)
		}
		defer resp.Body.Close()
		answer, err := io.ReadAll(resp.Body)
		if err != nil {
			b.Fatal(err)
		}
		var envelope struct {
			Code      int    `json:"code"`
			Message   string `json:"message"`
			RequestID string `json:"request_id"`
			Data      page   `json:"data"`
		}
		if err := json.Unmarshal(answer, &envelope); err != nil || len(envelope.Data.Orders) == 0 {
			b.Fatal(err)
		}
	}
}

// orderPage returns what the sandbox answers to a search for 20 orders.
func orderPage(b *testing.B) []byte {
	b.Helper()
	res, err := sandboxtest.Start(b).Shop("GB").Call(b.Context(), "POST", "/order/202309/orders/search", url.Values{"page_size": {"20"}}, nil)
	if err != nil {
		b.Fatal(err)
	}
	return res.Raw
}
