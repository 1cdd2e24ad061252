package ttshopprom

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"strconv"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/ttshop-go/ttshop"
)

// Config configures a [Collector]. The zero value works.
type Config struct {
	// Pacer is the one given to the client; nil leaves its metrics out.
	Pacer *ttshop.Pacer
	// Shops adds the shop to the metrics of calls and tries too, by its id where
	// the client knows it, as those of a fleet do, and otherwise by its cipher. It is
	// off by default, since an app may serve thousands.
	Shops bool
}

// Collector is a prometheus.Collector that the hooks of clients feed. It serves
// any number of clients.
type Collector struct {
	config Config
	calls  *prometheus.HistogramVec
	tries  *prometheus.CounterVec
	waits  *prometheus.HistogramVec

	mu     sync.Mutex
	tokens map[string]time.Time // expiry of the access token by shop
	ids    map[string]string    // of shops, by cipher, as calls have named them

	remaining, rate, limit, waiting, closed *prometheus.Desc
}

// New returns a collector, to be registered.
func New(config Config) *Collector {
	labels := func(more ...string) []string {
		names := []string{"operation"}
		if config.Shops {
			names = append(names, "shop")
		}
		return append(names, more...)
	}
	duration := []float64{.05, .1, .25, .5, 1, 2.5, 5, 10, 30, 60, 120}
	desc := func(name, help string, labels ...string) *prometheus.Desc {
		return prometheus.NewDesc(name, help, labels, nil)
	}
	return &Collector{
		config: config,
		calls: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "ttshop_call_duration_seconds", Help: "Duration of calls, waits included.", Buckets: duration,
		}, labels("outcome")),
		tries: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "ttshop_tries_total", Help: "Tries by HTTP status, 0 if there was no answer, and the platform's code.",
		}, labels("status", "code")),
		waits: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "ttshop_wait_seconds", Help: "Time that tries waited for backoff and pacing.", Buckets: duration,
		}, labels()),
		tokens:    map[string]time.Time{},
		ids:       map[string]string{},
		remaining: desc("ttshop_token_remaining_seconds", "Time until the access token expires.", "shop"),
		rate:      desc("ttshop_pace_rate", "Calls per second at present.", "operation", "shop"),
		limit:     desc("ttshop_pace_limit", "Calls per second at most.", "operation", "shop"),
		waiting:   desc("ttshop_pace_waiting", "Calls waiting for their turn.", "operation", "shop"),
		closed:    desc("ttshop_pace_closed", "1 while no call may be sent.", "operation", "shop"),
	}
}

// Hooks returns the hooks that feed the collector, for [ttshop.WithHooks].
func (c *Collector) Hooks() ttshop.Hooks {
	return ttshop.Hooks{
		TryStart: func(ctx context.Context, t ttshop.TryInfo) context.Context {
			c.waits.WithLabelValues(c.labels(t.CallInfo)...).Observe(t.Wait.Seconds())
			c.mu.Lock()
			if !t.TokenExpires.IsZero() {
				c.tokens[t.ShopName()] = t.TokenExpires
			}
			if t.ShopID != "" {
				c.ids[t.Shop] = t.ShopID
			}
			c.mu.Unlock()
			return ctx
		},
		TryEnd: func(_ context.Context, r ttshop.TryResult) {
			c.tries.WithLabelValues(c.labels(r.CallInfo, strconv.Itoa(r.HTTPStatus), strconv.Itoa(r.Code))...).Inc()
		},
		CallEnd: func(_ context.Context, r ttshop.CallResult) {
			c.calls.WithLabelValues(c.labels(r.CallInfo, outcome(r.Err))...).Observe(r.Duration.Seconds())
		},
	}
}

func (c *Collector) labels(info ttshop.CallInfo, more ...string) []string {
	values := []string{info.Operation}
	if c.config.Shops {
		values = append(values, info.ShopName())
	}
	return append(values, more...)
}

// outcome is a word for the class of an error. Whether a write was carried out
// matters most.
func outcome(err error) string {
	for _, class := range []struct {
		err  error
		word string
	}{
		{ttshop.ErrOutcomeUnknown, "outcome_unknown"},
		{ttshop.ErrRateLimited, "rate_limited"},
		{context.Canceled, "cancelled"},
		{ttshop.ErrUnavailable, "unavailable"},
		{ttshop.ErrSignature, "signature"},
		{ttshop.ErrScope, "scope"},
		{ttshop.ErrUnauthorized, "unauthorized"},
		{ttshop.ErrNotFound, "not_found"},
		{ttshop.ErrInvalidRequest, "invalid_request"},
	} {
		if errors.Is(err, class.err) {
			return class.word
		}
	}
	if err != nil {
		return "failed"
	}
	return "ok"
}

// Describe implements prometheus.Collector.
func (c *Collector) Describe(to chan<- *prometheus.Desc) {
	c.calls.Describe(to)
	c.tries.Describe(to)
	c.waits.Describe(to)
	for _, d := range []*prometheus.Desc{c.remaining, c.rate, c.limit, c.waiting, c.closed} {
		to <- d
	}
}

// Collect implements prometheus.Collector.
func (c *Collector) Collect(to chan<- prometheus.Metric) {
	c.calls.Collect(to)
	c.tries.Collect(to)
	c.waits.Collect(to)
	gauge := func(d *prometheus.Desc, value float64, labels ...string) {
		to <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, value, labels...)
	}
	c.mu.Lock()
	for shop, ends := range c.tokens {
		gauge(c.remaining, time.Until(ends).Seconds(), shop)
	}
	ids := maps.Clone(c.ids)
	c.mu.Unlock()
	if c.config.Pacer == nil {
		return
	}
	states := c.config.Pacer.States()
	// One pacer may serve several apps; the one that waits most is shown.
	shown := map[[2]string]ttshop.PaceState{}
	for _, s := range states {
		key := [2]string{s.Operation, s.Shop}
		if old, ok := shown[key]; !ok || s.Waiting > old.Waiting {
			shown[key] = s
		}
	}
	for _, s := range shown {
		s.Shop = cmp.Or(ids[s.Shop], s.Shop)
		gauge(c.rate, s.Rate, s.Operation, s.Shop)
		gauge(c.limit, s.Limit, s.Operation, s.Shop)
		gauge(c.waiting, float64(s.Waiting), s.Operation, s.Shop)
		closed := 0.0
		if !s.Closed.IsZero() {
			closed = 1
		}
		gauge(c.closed, closed, s.Operation, s.Shop)
	}
}
