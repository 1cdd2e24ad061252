package ttshopotel_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	sdkmetric "go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
	"go.opentelemetry.io/otel/trace"

	"context"

	"github.com/ttshop-go/ttshop"
	ttshopotel "github.com/ttshop-go/ttshop/otel"
)

type source struct{}

func (source) Token(context.Context) (ttshop.Token, error) {
	return ttshop.Token{AccessToken: "planted-token", AccessTokenExpiresAt: time.Now().Add(time.Hour)}, nil
}

func TestHooks(t *testing.T) {
	t.Parallel()
	calls := 0
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if calls++; calls == 1 {
			w.WriteHeader(http.StatusBadGateway)
			return
		}
		if r.URL.Path == "/order/202309/bad" {
			_, _ = io.WriteString(w, `{"code":12052901,"message":"no","request_id":"R2"}`)
			return
		}
		_, _ = io.WriteString(w, `{"code":0,"message":"Success","request_id":"R1","data":{}}`)
	}))
	defer server.Close()
	spans, reader, pacer := tracetest.NewSpanRecorder(), sdkmetric.NewManualReader(), new(ttshop.Pacer)
	hooks, err := ttshopotel.New(
		ttshopotel.WithTracerProvider(sdktrace.NewTracerProvider(sdktrace.WithSpanProcessor(spans))),
		ttshopotel.WithMeterProvider(sdkmetric.NewMeterProvider(sdkmetric.WithReader(reader))),
		ttshopotel.WithPacer(pacer))
	if err != nil {
		t.Fatal(err)
	}
	shop := ttshop.New("key", "planted-secret", ttshop.WithEndpoint(server.URL), ttshop.WithTokenSource(source{}), ttshop.WithHooks(hooks),
		ttshop.WithLimiter(pacer), ttshop.WithRetry(ttshop.RetryPolicy{MinWait: time.Millisecond, MaxWait: time.Millisecond})).Shop("cipher").WithShopID("749")
	if _, err := shop.Call(t.Context(), "GET", "/order/202309/orders/5760001", nil, nil); err != nil {
		t.Fatal(err)
	}
	if _, err := shop.Call(t.Context(), "POST", "/order/202309/bad", nil, nil); err == nil {
		t.Fatal("no error")
	}

	type span struct {
		name   string
		kind   trace.SpanKind
		status codes.Code
	}
	const get, post = "GET /order/202309/orders/{}", "POST /order/202309/bad"
	var got []span
	ended := spans.Ended()
	for _, s := range ended {
		got = append(got, span{s.Name(), s.SpanKind(), s.Status().Code})
	}
	want := []span{
		{get, trace.SpanKindClient, codes.Error}, {get, trace.SpanKindClient, codes.Unset}, {get, trace.SpanKindInternal, codes.Unset},
		{post, trace.SpanKindClient, codes.Error}, {post, trace.SpanKindInternal, codes.Error},
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Fatalf("spans %v, want %v", got, want)
	}
	for _, child := range ended[:2] {
		if child.Parent().SpanID() != ended[2].SpanContext().SpanID() {
			t.Errorf("try %v is not a child of its call", child.Name())
		}
	}
	second := attribute.NewSet(ended[1].Attributes()...)
	for key, want := range map[attribute.Key]string{
		"http.request.method": "GET", "url.template": "/order/202309/orders/{}", "server.address": "127.0.0.1", "url.scheme": "http",
		"http.response.status_code": "200", "http.request.resend_count": "1", "ttshop.request_id": "R1", "ttshop.shop": "749",
	} {
		if v, _ := second.Value(key); v.String() != want {
			t.Errorf("%s = %q, want %q", key, v.String(), want)
		}
	}
	failed := attribute.NewSet(ended[4].Attributes()...)
	if v, _ := failed.Value("error.type"); v.String() != "12052901" {
		t.Errorf("error.type = %q", v.String())
	}

	var metrics metricdata.ResourceMetrics
	if err := reader.Collect(t.Context(), &metrics); err != nil {
		t.Fatal(err)
	}
	counts := map[string]int{}
	for _, m := range metrics.ScopeMetrics[0].Metrics {
		switch data := m.Data.(type) {
		case metricdata.Histogram[float64]:
			for _, p := range data.DataPoints {
				counts[m.Name] += int(p.Count)
			}
		case metricdata.Histogram[int64]:
			for _, p := range data.DataPoints {
				counts[m.Name] += int(p.Count)
			}
		case metricdata.Gauge[float64]:
			counts[m.Name] += len(data.DataPoints)
			if v := data.DataPoints[0].Value; m.Name == "ttshop.token.remaining" && (v < 3500 || v > 3600) {
				t.Errorf("token remaining %v", v)
			}
		case metricdata.Gauge[int64]:
			counts[m.Name] += len(data.DataPoints)
		}
	}
	for name, want := range map[string]int{
		"ttshop.call.duration": 2, "ttshop.call.tries": 2, "ttshop.wait.duration": 3, "http.client.request.duration": 3,
		"ttshop.token.remaining": 1, "ttshop.pace.rate": 2, "ttshop.pace.limit": 2, "ttshop.pace.waiting": 2,
	} {
		if counts[name] != want {
			t.Errorf("%s has %d, want %d", name, counts[name], want)
		}
	}
	var shown strings.Builder
	for _, s := range ended {
		fmt.Fprintln(&shown, s.Name(), s.Attributes(), s.Status(), s.Events())
	}
	fmt.Fprintf(&shown, "%+v", metrics)
	for _, secret := range []string{"planted", "sign=", "app_key"} {
		if strings.Contains(shown.String(), secret) {
			t.Errorf("%q is shown in:\n%s", secret, shown.String())
		}
	}
}
