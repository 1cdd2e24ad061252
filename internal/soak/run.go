package soak

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/ttshop-go/ttshop"
	"github.com/ttshop-go/ttshop/oauth"
)

// run is a run in progress.
type run struct {
	config    Config
	started   time.Time
	platforms []*platform
	shops     []*shop

	calls, reads, writes, tries                  atomic.Int64
	refused, expired, throttled, learned, excess atomic.Int64
	injected, calmTries, calmExcess              atomic.Int64
	unknown, lostReads, spared, exhausted        atomic.Int64
	latency                                      histogram

	mu     sync.Mutex
	errors []string
}

// Run starts sandboxes, works on them for the configured time and reports. It fails
// if a run is not possible; broken promises are in the report.
func Run(ctx context.Context, config Config) (report Report, err error) {
	r := &run{config: config.withDefaults()}
	report.Goroutines[0] = runtime.NumGoroutine()
	transport := newTransport(r.config.Workers) // one for all, closed at the end
	defer func() {
		transport.CloseIdleConnections()
		for _, p := range r.platforms {
			err = errors.Join(err, p.close())
		}
		settle(report.Goroutines[0])
		report.Goroutines[1] = runtime.NumGoroutine()
	}()
	if err := r.start(ctx, transport); err != nil {
		return report, err
	}
	if report.Heap, report.Created, err = r.work(ctx); err != nil {
		return report, err
	}
	if len(report.Heap) >= 3 {
		report.HeapEarly = report.Heap[2]
	}
	report.HeapLate = heap()
	r.fill(&report)
	for _, p := range r.platforms {
		if err := p.heal(ctx); err != nil {
			return report, err
		}
	}
	for _, s := range r.shops {
		if err := r.audit(ctx, s, &report); err != nil {
			return report, fmt.Errorf("audit shop %s: %w", s.region, err)
		}
	}
	report.Errors = r.errors
	return report, nil
}

// settle waits briefly for the goroutines of connections to end.
func settle(before int) {
	for range 50 {
		if runtime.NumGoroutine() <= before {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// start starts sandboxes until there are enough shops, and a client for each.
func (r *run) start(ctx context.Context, transport *http.Transport) error {
	pacer := new(ttshop.Pacer)
	httpClient := &http.Client{Transport: transport}
	for seed := r.config.Seed; len(r.shops) < r.config.Shops; seed++ {
		p, err := startPlatform(r.config, seed, httpClient)
		if err != nil {
			return err
		}
		r.platforms = append(r.platforms, p)
		credentials := p.sandbox.Credentials()
		app := &oauth.App{Key: credentials.AppKey, Secret: ttshop.Secret(credentials.AppSecret), Endpoint: p.url, HTTPClient: httpClient}
		token, err := app.Exchange(ctx, credentials.AuthCode)
		if err != nil {
			return err
		}
		client := ttshop.New(credentials.AppKey, credentials.AppSecret,
			ttshop.WithEndpoint(p.url), ttshop.WithHTTPClient(httpClient), ttshop.WithTokenSource(app.Source(token, oauth.SourceConfig{})),
			ttshop.WithLimiter(pacer), ttshop.WithRetry(r.config.Retry), ttshop.WithTimeout(r.config.Timeout), ttshop.WithHooks(r.hooks(p)))
		for _, c := range credentials.Shops {
			if len(r.shops) == r.config.Shops {
				break
			}
			s := &shop{client: client.Shop(c.Cipher), region: c.Region}
			if err := s.prepare(ctx); err != nil {
				return fmt.Errorf("prepare shop %s: %w", s.region, err)
			}
			r.shops = append(r.shops, s)
		}
	}
	if last := len(r.platforms) - 1; last > 0 {
		r.platforms[last].calm = r.config.Calm
	}
	return nil
}

// hooks count what the client of a platform does.
func (r *run) hooks(p *platform) ttshop.Hooks {
	const throttled = 36009002 // as an envelope: by the sandbox itself
	return ttshop.Hooks{
		TryEnd: func(_ context.Context, t ttshop.TryResult) {
			if r.started.IsZero() {
				return // still preparing
			}
			r.tries.Add(1)
			late := time.Since(r.started) > r.config.Learning
			if late {
				r.learned.Add(1)
				if p.calm {
					r.calmTries.Add(1)
				}
			}
			switch {
			case t.Code == throttled:
				r.throttled.Add(1)
				if late {
					r.excess.Add(1)
					if p.calm {
						r.calmExcess.Add(1)
					}
				}
			case t.HTTPStatus == http.StatusTooManyRequests: // without an envelope
				r.injected.Add(1)
			case errors.Is(t.Err, ttshop.ErrTokenExpired):
				r.expired.Add(1)
			case errors.Is(t.Err, ttshop.ErrSignature):
				r.refused.Add(1)
			}
		},
		CallEnd: func(_ context.Context, c ttshop.CallResult) {
			if !r.started.IsZero() {
				r.latency.add(c.Duration)
			}
		},
	}
}

// work lets the workers loose and returns the heap and the number of products
// created after each tenth of the time.
func (r *run) work(ctx context.Context) (samples []uint64, created []int64, err error) {
	for _, p := range r.platforms {
		if err := p.inject(ctx, r.config.Faults, r.config.Timeout); err != nil {
			return nil, nil, err
		}
	}
	r.started = time.Now()
	end := r.started.Add(r.config.Duration)
	aside, stop := context.WithCancel(ctx)
	var group, others sync.WaitGroup
	for _, p := range r.platforms {
		others.Go(func() { p.swing(aside, r.config.Faults) })
	}
	others.Go(func() { samples, created = r.watch(aside) })
	for i := range r.config.Workers {
		group.Go(func() {
			random := rand.New(rand.NewPCG(r.config.Seed, uint64(i)))
			s := r.shops[i%len(r.shops)]
			for n := 0; s.turn(ctx, r.config.Rate, end) && r.begin(); n++ {
				r.step(ctx, s, random, fmt.Sprintf("Stoneware mug, worker %d, write %d", i, n))
			}
		})
	}
	group.Wait()
	stop()
	others.Wait()
	return samples, created, ctx.Err()
}

// watch measures the heap after each tenth of the run and reports progress.
func (r *run) watch(ctx context.Context) (samples []uint64, created []int64) {
	ticker := time.NewTicker(min(time.Second, r.config.Duration/20))
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return samples, created
		case <-ticker.C:
		}
		elapsed := time.Since(r.started)
		if next := time.Duration(len(samples) + 1); next <= 10 && elapsed >= next*r.config.Duration/10 {
			samples, created = append(samples, heap()), append(created, r.created())
		}
		if r.config.OnTick != nil {
			r.config.OnTick(elapsed, r.calls.Load())
		}
	}
}

// created is how many products the workers have created.
func (r *run) created() (n int64) {
	for _, s := range r.shops {
		s.mu.Lock()
		n += int64(len(s.fates))
		s.mu.Unlock()
	}
	return n
}

func heap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// begin counts a call and reports whether it may be made.
func (r *run) begin() bool {
	if n := r.calls.Add(1); r.config.Calls > 0 && n > r.config.Calls {
		r.calls.Add(-1)
		return false
	}
	return true
}

// step makes one call: six in ten read, two set a stock, one creates with an
// idempotency key, one without.
func (r *run) step(ctx context.Context, s *shop, random *rand.Rand, title string) {
	switch n := random.IntN(10); {
	case n < 3:
		r.read(func() error {
			return s.call(ctx, "POST", searchOrders, url.Values{"page_size": {"20"}}, nil, nil, ttshop.AsRead())
		})
	case n < 5:
		id := s.orders[random.IntN(len(s.orders))]
		r.read(func() error { return s.call(ctx, "GET", orderDetail, url.Values{"ids": {id}}, nil, nil) })
	case n < 6:
		r.read(func() error { return s.call(ctx, "GET", products+"/"+s.product, nil, nil, nil) })
	case n < 8:
		stock := map[string]any{"skus": []any{map[string]any{
			"id": s.sku, "inventory": []any{map[string]any{"warehouse_id": s.warehouse, "quantity": 1 + random.IntN(1000)}},
		}}}
		r.write(false, func() error {
			return s.call(ctx, "POST", products+"/"+s.product+"/inventory/update", nil, stock, nil)
		})
	case n < 9:
		draft := s.draft(title)
		draft["idempotency_key"] = title // the same one if the call is made again
		s.tell(title, r.write(true, func() error {
			return s.call(ctx, "POST", products, nil, draft, nil, ttshop.AsOperation(&create))
		}))
	default:
		draft := s.draft(title)
		s.tell(title, r.write(false, func() error { return s.call(ctx, "POST", products, nil, draft, nil) }))
	}
}

// read makes a read and counts it; none may fail.
func (r *run) read(call func() error) {
	r.reads.Add(1)
	if _, err := r.insist(true, call); err != nil {
		r.lostReads.Add(1)
		r.note("read: %v", err)
	}
}

// write makes a write, counts it and returns what is known about it. One with a
// key may not fail; one without may end with its outcome unknown, and in no
// other way.
func (r *run) write(keyed bool, call func() error) fate {
	r.writes.Add(1)
	uncertain, err := r.insist(keyed, call)
	switch {
	case err == nil:
		return fateDone
	case errors.Is(err, ttshop.ErrOutcomeUnknown):
		r.unknown.Add(1)
		if r.config.Faults == (Faults{}) { // nothing that was injected explains it
			r.note("outcome unknown without a fault: %v", err)
		}
		if keyed {
			r.spared.Add(1)
			r.note("write with a key: %v", err)
		}
		return fateUnknown
	}
	r.spared.Add(1)
	r.note("write: %v", err)
	if uncertain {
		return fateUnknown
	}
	return fateNot
}

// insist makes a call, and makes it again if it failed in as many tries as a client
// promises: only chance is to blame then, and a program would call again later.
// With safe the call may be made again whatever its outcome. uncertain reports that
// one before the last may have been carried out.
func (r *run) insist(safe bool, call func() error) (uncertain bool, err error) {
	const calls = 4
	for n := 1; ; n++ {
		err = call()
		unknown := errors.Is(err, ttshop.ErrOutcomeUnknown)
		if n == calls || !r.tried(err) || unknown && !safe {
			return uncertain, err
		}
		uncertain = uncertain || unknown
		r.exhausted.Add(1)
	}
}

// tried reports whether a call that failed had all its tries, and as many as a
// client makes by default.
func (r *run) tried(err error) bool {
	var refused *ttshop.Error
	var transport *ttshop.TransportError
	tries := 0
	switch {
	case errors.As(err, &refused):
		tries = refused.Tries
	case errors.As(err, &transport):
		tries = transport.Tries
	}
	again := errors.Is(err, ttshop.ErrRateLimited) || errors.Is(err, ttshop.ErrUnavailable) || errors.Is(err, ttshop.ErrOutcomeUnknown)
	return again && tries >= max(defaultTries, r.config.Retry.Tries)
}

// note keeps the first errors.
func (r *run) note(format string, args ...any) {
	const most = 20
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.errors) < most {
		r.errors = append(r.errors, fmt.Sprintf(format, args...))
	}
}

func (r *run) fill(report *Report) {
	report.Elapsed = time.Since(r.started)
	report.Calls, report.Reads, report.Writes, report.Tries = r.calls.Load(), r.reads.Load(), r.writes.Load(), r.tries.Load()
	report.PerSecond = float64(report.Calls) / report.Elapsed.Seconds()
	report.Latency = r.latency.latency()
	report.Refused, report.Expired, report.Throttled = r.refused.Load(), r.expired.Load(), r.throttled.Load()
	report.Learned, report.Excess = r.learned.Load(), r.excess.Load()
	report.Injected, report.CalmTries, report.CalmExcess = r.injected.Load(), r.calmTries.Load(), r.calmExcess.Load()
	report.Unknown, report.LostReads, report.Spared = r.unknown.Load(), r.lostReads.Load(), r.spared.Load()
	report.Exhausted, report.Chance = r.exhausted.Load(), r.config.chance(report.Calls)
}

// audit compares what the client was told with what is in the shop.
func (r *run) audit(ctx context.Context, s *shop, report *Report) error {
	counts, err := s.titles(ctx)
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for title, f := range s.fates {
		switch n := counts[title]; {
		case n > 1:
			report.Doubled++
			r.note("%q is there %d times", title, n)
		case n == 0 && f == fateDone:
			report.LostWrites++
			r.note("%q was told as done and is not there", title)
		case n == 1 && f == fateNot:
			report.Phantoms++
			r.note("%q was told as not done and is there", title)
		}
		delete(counts, title)
	}
	for title := range counts {
		if strings.HasPrefix(title, "Stoneware mug, worker") {
			report.Phantoms++
			r.note("%q is there, and nobody wrote it", title)
		}
	}
	return nil
}
