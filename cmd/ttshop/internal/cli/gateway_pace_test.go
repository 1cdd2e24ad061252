package cli

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/platform"
	"github.com/ttshop-go/ttshop/gateway"
	"github.com/ttshop-go/ttshop/internal/faultkit/proxy"
	"github.com/ttshop-go/ttshop/sandbox"
	"github.com/ttshop-go/ttshop/tokenstore"
)

// arrivals is what reaches a platform, and what it refuses for the pace.
type arrivals struct {
	next http.Handler
	path string

	mu       sync.Mutex
	at       []time.Time
	tooMany  []time.Time
	statuses map[int]int // of the gateways' answers
}

func (a *arrivals) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path != a.path {
		a.next.ServeHTTP(w, r)
		return
	}
	now := time.Now()
	answer := &statusWriter{ResponseWriter: w}
	a.next.ServeHTTP(answer, r)
	a.mu.Lock()
	defer a.mu.Unlock()
	a.at = append(a.at, now)
	if answer.status == http.StatusTooManyRequests {
		a.tooMany = append(a.tooMany, now)
	}
}

type statusWriter struct {
	http.ResponseWriter
	status int
}

func (w *statusWriter) WriteHeader(status int) {
	w.status = status
	w.ResponseWriter.WriteHeader(status)
}

// between counts what arrived in a time, what of it was refused, and what arrived in
// the fullest second of it.
func (a *arrivals) between(from, to time.Time) (n, refused, fullest int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	within := func(at time.Time) bool { return !at.Before(from) && at.Before(to) }
	var times []time.Time
	for _, at := range a.at {
		if within(at) {
			times = append(times, at)
		}
	}
	for _, at := range a.tooMany {
		if within(at) {
			refused++
		}
	}
	slices.SortFunc(times, time.Time.Compare)
	first := 0
	for i, at := range times {
		for at.Sub(times[first]) >= time.Second {
			first++
		}
		fullest = max(fullest, i-first+1)
	}
	return len(times), refused, fullest
}

// paceSeconds is how long each part of [TestGatewaysKeepThePace] takes, and whether
// its lower bounds count: on a busy machine they say nothing.
func paceSeconds() (time.Duration, bool) {
	if n, err := strconv.Atoi(os.Getenv("TTSHOP_PACE_SECONDS")); err == nil && n > 0 {
		return time.Duration(n) * time.Second, true
	}
	return 2 * time.Second, false
}

// TestGatewaysKeepThePace has three gateways, processes over one database, call one
// operation of one shop, which the platform lets through 50 times a second: while all
// is well, after one was killed, and without the database. The last must never be
// faster than the platform allows. With TTSHOP_PACE_SECONDS=20 it measures each part
// for so long, and its lower bounds count.
func TestGatewaysKeepThePace(t *testing.T) {
	t.Parallel()
	part, strict := paceSeconds()
	schema, err := url.Parse(newSchema(t))
	if err != nil {
		t.Fatal(err)
	}
	database := proxy.New(t, schema.Host)
	schema.Host = database.Addr()
	sb, err := sandbox.New(sandbox.Config{Seed: 5, AppSecret: plantedSecret})
	if err != nil {
		t.Fatal(err)
	}
	counted := &arrivals{next: sb, path: "/order/202309/orders/search", statuses: map[int]int{}}
	server := httptest.NewServer(counted)
	t.Cleanup(server.Close)
	c := sb.Credentials()
	w := &gatewayWorld{t: t, shops: c.Shops, audit: t.TempDir() + "/audit.jsonl", env: append(hookEnv(t),
		platform.EnvEndpoint+"="+server.URL, platform.EnvAppKey+"="+c.AppKey, platform.EnvAppSecret+"="+c.AppSecret,
		platform.EnvStore+"="+schema.String(), platform.EnvStoreKey+"="+tokenstore.GenerateKey())}
	w.command("login", "--sandbox="+server.URL)
	key := w.key("crowd", "--shops", w.shops[0].ID, "--allow", "order.*")
	gates := []*running{w.start(), w.start(), w.start()}

	ctx, cancel := context.WithCancel(t.Context())
	var group sync.WaitGroup
	for i, workers := range []int{4, 12, 16} { // demand is uneven, and each has more than its share
		for range workers {
			group.Go(func() { counted.crowd(ctx, gates[i].URL, key) })
		}
	}
	defer func() { cancel(); group.Wait() }()
	wait := func(d time.Duration) (from, to time.Time) {
		from = time.Now()
		timer := time.NewTimer(d)
		defer timer.Stop()
		<-timer.C
		return from, time.Now()
	}
	report := func(name string, from, to time.Time) (rate, share float64, fullest int) {
		n, refused, fullest := counted.between(from, to)
		rate = float64(n) / to.Sub(from).Seconds()
		share = 100 * float64(refused) / float64(max(1, n))
		t.Logf("%s: %.1f calls a second over %v, %d of %d refused (%.2f %%), at most %d in a second", name, rate, to.Sub(from).Round(time.Millisecond), refused, n, share, fullest)
		return rate, share, fullest
	}
	if !within(func() bool { n, _, _ := counted.between(time.Time{}, time.Now()); return n >= 50 }) {
		t.Fatal(gates[0].text())
	}
	from, to := wait(part)
	rate, share, _ := report("three gateways", from, to)
	if strict && (rate < 47 || share > .5) || rate > 53 {
		t.Errorf("three gateways: %.1f calls a second, %.2f %% refused", rate, share)
	}

	gates[0].kill()
	wait(2 * time.Second)
	from, to = wait(part)
	rate, share, _ = report("two seconds after one was killed", from, to)
	if strict && (rate < 47 || share > .5) || rate > 53 {
		t.Errorf("two gateways: %.1f calls a second, %.2f %% refused", rate, share)
	}

	database.Refuse()
	database.Cut()
	from, to = wait(part + 2*time.Second)
	rate, share, fullest := report("without the database", from, to)
	// A machine that stands still for a moment lets what was due go at once.
	// What is above 50 the platform would refuse.
	if fullest > 55 || rate > 50 || share > .5 || strict && rate < 10 {
		t.Errorf("without the database: %.1f calls a second, %d in a second, %.2f %% refused", rate, fullest, share)
	}
	database.Pass()
	_, _ = wait(2 * time.Second)
	from, to = wait(part)
	rate, share, _ = report("two seconds after it came back", from, to)
	if strict && rate < 47 || rate > 53 {
		t.Errorf("with the database again: %.1f calls a second, %.2f %% refused", rate, share)
	}
	cancel()
	group.Wait()

	w.command("gateway", "keys", "revoke", "crowd")
	revoked := time.Now()
	for _, g := range gates[1:] {
		if !within(func() bool { status, _ := w.call(http.DefaultClient, g.URL, key); return status == 401 }) {
			t.Error("a revoked key works")
		}
	}
	if took := time.Since(revoked); took > 5*time.Second {
		t.Errorf("a revoked key worked for %v", took)
	} else {
		t.Logf("a revoked key worked nowhere after %v", took)
	}
	counted.mu.Lock()
	defer counted.mu.Unlock()
	t.Logf("the gateways answered with %v", counted.statuses)
	for status := range counted.statuses {
		if status != 200 && status != 429 && status != 503 {
			t.Errorf("a gateway answered with HTTP %d", status)
		}
	}
}

// crowd calls until the context ends or the gateway is gone.
func (a *arrivals) crowd(ctx context.Context, address, key string) {
	for ctx.Err() == nil {
		req, err := http.NewRequestWithContext(ctx, "POST", address+ordersPath, strings.NewReader("{}"))
		if err != nil {
			return
		}
		req.Header = http.Header{"Authorization": {"Bearer " + key}, "Content-Type": {"application/json"}}
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			return
		}
		_, _ = io.Copy(io.Discard, resp.Body) // a gateway that was killed
		resp.Body.Close()
		a.mu.Lock()
		a.statuses[resp.StatusCode]++
		a.mu.Unlock()
		if resp.Header.Get(gateway.HeaderReason) != "" { // it says to wait
			select {
			case <-ctx.Done():
			case <-time.After(100 * time.Millisecond):
			}
		}
	}
}
