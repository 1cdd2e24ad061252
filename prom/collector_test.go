package ttshopprom_test

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"
	"github.com/prometheus/common/expfmt"

	"github.com/ttshop-go/ttshop"
	ttshopprom "github.com/ttshop-go/ttshop/prom"
)

type source struct{}

func (source) Token(context.Context) (ttshop.Token, error) {
	return ttshop.Token{AccessToken: "planted-token", AccessTokenExpiresAt: time.Now().Add(time.Hour)}, nil
}

func TestCollector(t *testing.T) {
	t.Parallel()
	for _, shops := range []bool{false, true} {
		calls := 0
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if calls++; calls == 1 {
				w.WriteHeader(http.StatusBadGateway)
				return
			}
			code := "0"
			if r.Method == http.MethodPost {
				code = "12052901"
			}
			_, _ = io.WriteString(w, `{"code":`+code+`,"message":"m","request_id":"R1","data":{}}`)
		}))
		defer server.Close()
		pacer := new(ttshop.Pacer)
		collector := ttshopprom.New(ttshopprom.Config{Pacer: pacer, Shops: shops})
		registry := prometheus.NewPedanticRegistry()
		if err := registry.Register(collector); err != nil {
			t.Fatal(err)
		}
		shop := ttshop.New("key", "planted-secret", ttshop.WithEndpoint(server.URL), ttshop.WithTokenSource(source{}), ttshop.WithHooks(collector.Hooks()),
			ttshop.WithLimiter(pacer), ttshop.WithRetry(ttshop.RetryPolicy{MinWait: time.Millisecond, MaxWait: time.Millisecond})).Shop("cipher").WithShopID("749")
		if _, err := shop.Call(t.Context(), "GET", "/order/202309/orders/5760001", nil, nil); err != nil {
			t.Fatal(err)
		}
		if _, err := shop.Call(t.Context(), "POST", "/order/202309/orders/5760001", nil, nil); err == nil {
			t.Fatal("no error")
		}
		by := `operation="GET /order/202309/orders/{}"`
		also := strings.Replace(by, "GET", "POST", 1)
		if shops {
			by, also = by+`,shop="749"`, also+`,shop="749"`
		}
		tries := "# HELP ttshop_tries_total Tries by HTTP status, 0 if there was no answer, and the platform's code.\n# TYPE ttshop_tries_total counter\n"
		for _, line := range []string{by + `,status="200"`, by + `,status="502"`} {
			tries += "ttshop_tries_total{code=\"0\"," + line + "} 1\n"
		}
		tries += "ttshop_tries_total{code=\"12052901\"," + also + `,status="200"} 1` + "\n"
		if err := testutil.GatherAndCompare(registry, strings.NewReader(tries), "ttshop_tries_total"); err != nil {
			t.Error(err)
		}
		families, err := registry.Gather()
		if err != nil {
			t.Fatal(err)
		}
		var text bytes.Buffer
		for _, f := range families {
			if _, err := expfmt.MetricFamilyToText(&text, f); err != nil {
				t.Fatal(err)
			}
		}
		for _, want := range []string{
			`ttshop_call_duration_seconds_count{` + strings.Replace(by, `}"`, `}",outcome="ok"`, 1) + `} 1`,
			`outcome="invalid_request"`, `ttshop_token_remaining_seconds{shop="749"} 35`,
			`ttshop_pace_rate{operation="GET /order/202309/orders/{}",shop="749"} 50`,
			`ttshop_pace_waiting{operation="GET /order/202309/orders/{}",shop="749"} 0`,
			`ttshop_wait_seconds_count{` + by + `} 2`,
		} {
			if !strings.Contains(text.String(), want) {
				t.Errorf("no %s in:\n%s", want, text.String())
			}
		}
		for _, secret := range []string{"planted", "cipher", "sign=", "app_key"} {
			if strings.Contains(text.String(), secret) {
				t.Errorf("%q is shown", secret)
			}
		}
	}
}
