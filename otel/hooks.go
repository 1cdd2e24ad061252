package ttshopotel

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"sync"
	"time"

	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/metric"
	"go.opentelemetry.io/otel/trace"

	"github.com/ttshop-go/ttshop"
)

const scope = "github.com/ttshop-go/ttshop/otel"

type config struct {
	tracers trace.TracerProvider
	meters  metric.MeterProvider
	pacer   *ttshop.Pacer
	perShop bool
}

// Option configures [New].
type Option func(*config)

// WithTracerProvider sets where spans go; the default is the global provider.
func WithTracerProvider(p trace.TracerProvider) Option { return func(c *config) { c.tracers = p } }

// WithMeterProvider sets where metrics go; the default is the global provider.
func WithMeterProvider(p metric.MeterProvider) Option { return func(c *config) { c.meters = p } }

// WithPacer adds the metrics of a pacer; pass the one given to the client.
func WithPacer(p *ttshop.Pacer) Option { return func(c *config) { c.pacer = p } }

// WithShops adds the shop to the metrics of calls and tries too. By default only
// spans, the pace and the tokens carry it, since an app may serve thousands.
func WithShops() Option { return func(c *config) { c.perShop = true } }

// observer holds what the hooks write to.
type observer struct {
	config    config
	tracer    trace.Tracer
	calls     metric.Float64Histogram
	tries     metric.Int64Histogram
	waits     metric.Float64Histogram
	requests  metric.Float64Histogram
	remaining metric.Float64Gauge
	ids       sync.Map // ids of shops by cipher, as calls have named them
}

// shopName returns the id of a shop if a call has named it, and its cipher
// otherwise.
func (o *observer) shopName(cipher string) string {
	if id, ok := o.ids.Load(cipher); ok {
		return id.(string)
	}
	return cipher
}

// New returns hooks for [ttshop.WithHooks]. It fails if the meter provider rejects
// an instrument.
func New(options ...Option) (ttshop.Hooks, error) {
	c := config{tracers: otel.GetTracerProvider(), meters: otel.GetMeterProvider()}
	for _, option := range options {
		option(&c)
	}
	o := &observer{config: c, tracer: c.tracers.Tracer(scope, trace.WithInstrumentationVersion(ttshop.Version))}
	if err := o.instruments(c.meters.Meter(scope, metric.WithInstrumentationVersion(ttshop.Version))); err != nil {
		return ttshop.Hooks{}, fmt.Errorf("ttshopotel: create instruments: %w", err)
	}
	return ttshop.Hooks{CallStart: o.callStart, TryStart: o.tryStart, TryEnd: o.tryEnd, CallEnd: o.callEnd}, nil
}

func (o *observer) instruments(m metric.Meter) error {
	var errs [5]error
	o.calls, errs[0] = m.Float64Histogram("ttshop.call.duration", metric.WithUnit("s"), metric.WithDescription("Duration of calls, waits included"))
	o.tries, errs[1] = m.Int64Histogram("ttshop.call.tries", metric.WithUnit("{try}"), metric.WithDescription("Tries per call"), metric.WithExplicitBucketBoundaries(1, 2, 3, 4, 5))
	o.waits, errs[2] = m.Float64Histogram("ttshop.wait.duration", metric.WithUnit("s"), metric.WithDescription("Time that tries waited for backoff and pacing"))
	o.requests, errs[3] = m.Float64Histogram("http.client.request.duration", metric.WithUnit("s"), metric.WithDescription("Duration of tries"))
	o.remaining, errs[4] = m.Float64Gauge("ttshop.token.remaining", metric.WithUnit("s"), metric.WithDescription("Time until the access token expires"))
	if err := errors.Join(errs[:]...); err != nil || o.config.pacer == nil {
		return err
	}
	return o.pace(m)
}

// pace reports the state of the pacer whenever metrics are collected.
func (o *observer) pace(m metric.Meter) error {
	rate, err1 := m.Float64ObservableGauge("ttshop.pace.rate", metric.WithUnit("{call}/s"), metric.WithDescription("Calls per second at present"))
	limit, err2 := m.Float64ObservableGauge("ttshop.pace.limit", metric.WithUnit("{call}/s"), metric.WithDescription("Calls per second at most"))
	waiting, err3 := m.Int64ObservableGauge("ttshop.pace.waiting", metric.WithUnit("{call}"), metric.WithDescription("Calls waiting for their turn"))
	if err := errors.Join(err1, err2, err3); err != nil {
		return err
	}
	_, err := m.RegisterCallback(func(_ context.Context, to metric.Observer) error {
		for _, s := range o.config.pacer.States() {
			by := metric.WithAttributes(attribute.String("ttshop.operation", s.Operation), attribute.String("ttshop.shop", o.shopName(s.Shop)))
			to.ObserveFloat64(rate, s.Rate, by)
			to.ObserveFloat64(limit, s.Limit, by)
			to.ObserveInt64(waiting, int64(s.Waiting), by)
		}
		return nil
	}, rate, limit, waiting)
	return err
}

func (o *observer) callStart(ctx context.Context, c ttshop.CallInfo) context.Context {
	ctx, _ = o.tracer.Start(ctx, c.Operation, trace.WithAttributes(
		attribute.String("ttshop.operation", c.Operation), attribute.String("ttshop.shop", c.ShopName()), attribute.Bool("ttshop.write", c.Write)))
	return ctx
}

// tryKey distinguishes the span of a try from one that others put into the
// context.
type tryKey struct{}

func (o *observer) tryStart(ctx context.Context, t ttshop.TryInfo) context.Context {
	if t.ShopID != "" {
		o.ids.Store(t.Shop, t.ShopID)
	}
	attributes := append(httpAttributes(t.CallInfo),
		attribute.String("ttshop.operation", t.Operation), attribute.String("ttshop.shop", t.ShopName()), attribute.Float64("ttshop.wait", t.Wait.Seconds()))
	if t.Try > 1 {
		attributes = append(attributes, attribute.Int("http.request.resend_count", t.Try-1))
	}
	if t.RequestBytes >= 0 {
		attributes = append(attributes, attribute.Int64("http.request.body.size", t.RequestBytes))
	}
	ctx, span := o.tracer.Start(ctx, t.Operation, trace.WithSpanKind(trace.SpanKindClient), trace.WithAttributes(attributes...))
	o.waits.Record(ctx, t.Wait.Seconds(), metric.WithAttributes(o.labels(t.CallInfo)...))
	if !t.TokenExpires.IsZero() {
		o.remaining.Record(ctx, time.Until(t.TokenExpires).Seconds(), metric.WithAttributes(attribute.String("ttshop.shop", t.ShopName())))
	}
	return context.WithValue(ctx, tryKey{}, span)
}

func (o *observer) tryEnd(ctx context.Context, r ttshop.TryResult) {
	outcome := outcomeAttributes(r.HTTPStatus, r.Code, r.Err)
	o.requests.Record(ctx, r.Duration.Seconds(), metric.WithAttributes(append(append(httpAttributes(r.CallInfo), o.labels(r.CallInfo)...), outcome...)...))
	span, ok := ctx.Value(tryKey{}).(trace.Span)
	if !ok {
		return
	}
	span.SetAttributes(outcome...)
	span.SetAttributes(attribute.String("ttshop.request_id", r.RequestID), attribute.Int64("http.response.body.size", r.ResponseBytes))
	finish(span, r.Err)
}

func (o *observer) callEnd(ctx context.Context, r ttshop.CallResult) {
	outcome := outcomeAttributes(r.HTTPStatus, r.Code, r.Err)
	labels := metric.WithAttributes(append(o.labels(r.CallInfo), outcome...)...)
	o.calls.Record(ctx, r.Duration.Seconds(), labels)
	o.tries.Record(ctx, int64(r.Tries), labels)
	span := trace.SpanFromContext(ctx)
	span.SetAttributes(outcome...)
	span.SetAttributes(attribute.String("ttshop.request_id", r.RequestID), attribute.Int("ttshop.tries", r.Tries), attribute.Float64("ttshop.wait", r.Wait.Seconds()))
	finish(span, r.Err)
}

func finish(span trace.Span, err error) {
	if err != nil {
		span.SetStatus(codes.Error, err.Error())
	}
	span.End()
}

// labels are our own attributes on metrics.
func (o *observer) labels(c ttshop.CallInfo) []attribute.KeyValue {
	labels := []attribute.KeyValue{attribute.String("ttshop.operation", c.Operation)}
	if o.config.perShop {
		labels = append(labels, attribute.String("ttshop.shop", c.ShopName()))
	}
	return labels
}

// httpAttributes are those of the HTTP conventions that are known in advance.
func httpAttributes(c ttshop.CallInfo) []attribute.KeyValue {
	attributes := []attribute.KeyValue{attribute.String("http.request.method", c.Method), attribute.String("url.template", c.Path)}
	u, err := url.Parse(c.Host)
	if err != nil {
		return attributes
	}
	attributes = append(attributes, attribute.String("url.scheme", u.Scheme), attribute.String("server.address", u.Hostname()))
	port := map[string]int{"http": 80, "https": 443}[u.Scheme]
	if n, err := strconv.Atoi(u.Port()); err == nil {
		port = n
	}
	return append(attributes, attribute.Int("server.port", port))
}

// outcomeAttributes describe how a try or a call went. The type of an error is the
// platform's code, otherwise the HTTP status, otherwise a word for what happened.
func outcomeAttributes(status, code int, err error) []attribute.KeyValue {
	var attributes []attribute.KeyValue
	if status != 0 {
		attributes = append(attributes, attribute.Int("http.response.status_code", status))
	}
	if code != 0 {
		attributes = append(attributes, attribute.Int("ttshop.code", code))
	}
	if err == nil {
		return attributes
	}
	kind := "no_answer"
	var limit *ttshop.LimitError
	switch {
	case code != 0:
		kind = strconv.Itoa(code)
	case status >= 300:
		kind = strconv.Itoa(status)
	case errors.As(err, &limit):
		kind = "not_sent"
	case errors.Is(err, context.Canceled):
		kind = "cancelled"
	case errors.Is(err, context.DeadlineExceeded):
		kind = "timeout"
	}
	return append(attributes, attribute.String("error.type", kind))
}
