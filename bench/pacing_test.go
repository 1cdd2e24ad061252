package bench

import (
	"bytes"
	"io"
	"net/http"
	"testing"

	"github.com/ttshop-go/ttshop"
)

// canned answers every request at once, so that little but the client's own
// work is measured.
type canned struct{ body []byte }

func (c canned) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Body != nil {
		_, _ = io.Copy(io.Discard, r.Body)
	}
	return &http.Response{StatusCode: 200, Header: http.Header{}, Body: io.NopCloser(bytes.NewReader(c.body)), ContentLength: int64(len(c.body)), Request: r}, nil
}

// pacedAndBare returns a call of a client as it comes and one of a client that
// neither paces nor repeats. The rate is so high that no call waits.
func pacedAndBare(tb testing.TB) (paced, bare func()) {
	operation := &ttshop.Operation{Name: "order.GetOrderList", Method: "POST", Path: "/order/202309/orders/search", ShopCipher: ttshop.CipherRequired, Body: ttshop.BodyJSON, Read: true}
	transport := canned{[]byte(`{"code":0,"message":"Success","request_id":"20231114221320","data":{"next_page_token":"","orders":[]}}`)}
	call := func(options ...ttshop.Option) func() {
		client := ttshop.New("68xu9ks5p4i8", secret, append(options,
			ttshop.WithTokenSource(ttshop.StaticToken("ROW_token")), ttshop.WithHTTPClient(&http.Client{Transport: transport}))...).Shop("ROW_xkMbgAAAeVAQra0eZWebFQq5aIK")
		return func() {
			var p page
			if err := client.Do(tb.Context(), operation, nil, &p); err != nil {
				tb.Fatal(err)
			}
		}
	}
	fast := ttshop.NewPacer(ttshop.PacerConfig{Rate: func(string) float64 { return 1e9 }})
	return call(ttshop.WithLimiter(fast)), call(ttshop.WithLimiter(nil), ttshop.WithoutRetry())
}

// BenchmarkPacing holds a call that is paced and would be repeated against one
// that is neither, with an answer that takes no time.
func BenchmarkPacing(b *testing.B) {
	paced, bare := pacedAndBare(b)
	b.Run("call", func(b *testing.B) { compare(b, 500, paced, bare) })
	b.Run("Pacer", func(b *testing.B) {
		pacer := ttshop.NewPacer(ttshop.PacerConfig{Rate: func(string) float64 { return 1e9 }})
		key := ttshop.LimitKey{App: "68xu9ks5p4i8", Shop: "ROW_xkMbgAAAeVAQra0eZWebFQq5aIK", Operation: "order.GetOrderList"}
		b.ReportAllocs()
		for b.Loop() {
			permit, err := pacer.Acquire(b.Context(), key, ttshop.Interactive)
			if err != nil {
				b.Fatal(err)
			}
			pacer.Done(key, permit, ttshop.Outcome{Result: ttshop.ResultOK})
		}
	})
}

// Pacing and retries allocate at most twice per call while nothing fails.
func TestPacingAllocates(t *testing.T) {
	paced, bare := pacedAndBare(t)
	with, without := testing.AllocsPerRun(500, paced), testing.AllocsPerRun(500, bare)
	if with-without > 2 {
		t.Errorf("%.0f allocations with pacing and retries, %.0f without", with, without)
	}
	t.Logf("%.0f allocations with pacing and retries, %.0f without", with, without)
}
