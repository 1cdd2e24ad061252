package prooftest_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/url"
	"os"
	"strconv"
	"testing"
	"time"

	"github.com/ttshop-go/ttshop"
	"github.com/ttshop-go/ttshop/sandbox"
	"github.com/ttshop-go/ttshop/sandbox/control"
	"github.com/ttshop-go/ttshop/sandbox/sandboxtest"
	"github.com/ttshop-go/ttshop/sync"
)

// number returns a number of the environment, or what stands for a missing one.
func number(t testing.TB, name string, otherwise int) int {
	t.Helper()
	text := os.Getenv(name)
	if text == "" {
		return otherwise
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 {
		t.Fatalf("%s=%q, want a number from 1", name, text)
	}
	return n
}

// prove runs a proof of what destinations do, for each of them with each seed.
func prove(t *testing.T, proof func(t *testing.T, p place, seed uint64)) {
	t.Helper()
	proveIn(t, places(), proof)
}

// proveOnce runs a proof of what the engine does, whatever the destination: with one of
// them, unless the environment asks for more.
func proveOnce(t *testing.T, proof func(t *testing.T, p place, seed uint64)) {
	t.Helper()
	in := places()
	if os.Getenv("TTSHOP_PROOF_SEEDS") == "" {
		in = in[:1]
	}
	proveIn(t, in, proof)
}

func proveIn(t *testing.T, in []place, proof func(t *testing.T, p place, seed uint64)) {
	t.Helper()
	first := uint64(number(t, "TTSHOP_PROOF_FROM", 1))
	end := first + uint64(number(t, "TTSHOP_PROOF_SEEDS", 1))
	for _, p := range in {
		t.Run(p.name, func(t *testing.T) {
			t.Parallel()
			for seed := first; seed < end; seed++ {
				if !t.Run("seed "+strconv.FormatUint(seed, 10), func(t *testing.T) { proof(t, p, seed) }) {
					return // the first counterexample is enough
				}
			}
		})
	}
}

// world is a sandbox that changes as its dice decide.
type world struct {
	*sandboxtest.Server
	dice   *rand.Rand
	region string
	lists  control.Lists
	orders []string // that can change
	tables []string // that are copied; nil: all
}

// newWorld starts a sandbox whose clock moves only when it is told to.
func newWorld(t *testing.T, seed uint64, region string, lists control.Lists, config ...func(*sandbox.Config)) *world {
	t.Helper()
	c := sandbox.Config{Seed: seed, Throttle: new(0.0)}
	for _, f := range config {
		f(&c)
	}
	w := &world{
		Server: sandboxtest.StartWith(t, c),
		dice:   rand.New(rand.NewPCG(seed, 0x70726f6f66)), region: region, lists: lists,
	}
	if _, err := w.Control.Freeze(t.Context(), true); err != nil {
		t.Fatal(err)
	}
	w.advance(t, time.Minute)
	w.behave(t, lists)
	return w
}

func (w *world) shop() sync.Shop { return sync.Shop{ID: w.ShopID(w.region), Region: w.region} }

func (w *world) advance(t testing.TB, d time.Duration) {
	t.Helper()
	if _, err := w.Control.Advance(context.WithoutCancel(t.Context()), d); err != nil {
		t.Fatal(err)
	}
}

func (w *world) behave(t testing.TB, lists control.Lists) {
	t.Helper()
	if err := w.Control.SetLists(context.WithoutCancel(t.Context()), lists); err != nil {
		t.Fatal(err)
	}
}

// honest runs f while the sandbox tells the truth.
func (w *world) honest(t testing.TB, f func()) {
	t.Helper()
	w.behave(t, control.Lists{OrderDetailFields: w.lists.OrderDetailFields})
	defer w.behave(t, w.lists)
	f()
}

// change lets something happen. What the rules of the platform forbid does not
// happen.
func (w *world) change(t testing.TB) {
	t.Helper()
	ctx := context.WithoutCancel(t.Context())
	if len(w.orders) == 0 {
		w.honest(t, func() {
			for id := range w.source(t, sources[0]) {
				w.orders = append(w.orders, id)
			}
		})
		sortStrings(w.orders)
	}
	var err error
	order := w.orders[w.dice.IntN(len(w.orders))]
	switch dice := w.dice.IntN(100); {
	case dice < 45:
		states := []string{"AWAITING_COLLECTION", "IN_TRANSIT", "DELIVERED", "COMPLETED", "CANCELLED"}
		_, err = w.Control.MoveOrder(ctx, order, states[w.dice.IntN(len(states))])
	case dice < 60:
		_, err = w.Control.BurstOrders(ctx, control.Burst{ShopID: w.ShopID(w.region), Touch: 1 + w.dice.IntN(40)})
	case dice < 70:
		_, err = w.Control.BurstOrders(ctx, control.Burst{ShopID: w.ShopID(w.region), Place: 1 + w.dice.IntN(20)})
	case dice < 85:
		asks := []string{"cancel", "refund", "return", "address"}
		_, err = w.Control.AskAsBuyer(ctx, order, control.Ask{Ask: asks[w.dice.IntN(len(asks))]})
	default:
		w.advance(t, time.Duration(1+w.dice.IntN(20))*time.Second)
	}
	if _, refused := errors.AsType[*control.Error](err); err != nil && !refused {
		t.Fatal(err)
	}
}

// meddler is a caller who lets things happen before requests.
type meddler struct {
	sync.Caller
	before func(path string, query url.Values, body any)
	after  func(path string, query url.Values, body any, err error)
}

func (m *meddler) Call(ctx context.Context, method, path string, query url.Values, body any, options ...ttshop.CallOption) (*ttshop.Response, error) {
	if m.before != nil {
		m.before(path, query, body)
	}
	response, err := m.Caller.Call(ctx, method, path, query, body, options...)
	if m.after != nil {
		m.after(path, query, body, err)
	}
	return response, err
}

// tap is a destination that can be told to fail.
type tap struct {
	sync.Destination
	before func(*sync.Batch) error
	after  func(*sync.Batch, sync.Tally) error
}

func (d *tap) Commit(ctx context.Context, b *sync.Batch) (sync.Tally, error) {
	if d.before != nil {
		if err := d.before(b); err != nil {
			return sync.Tally{}, err
		}
	}
	tally, err := d.Destination.Commit(ctx, b)
	if err == nil && d.after != nil {
		err = d.after(b, tally)
	}
	return tally, err
}

// changing are the tables that have a cursor. The others take most of the requests, and
// the long forms have them.
var changing = []string{"orders", "packages", "returns", "cancellations", "products"}

// since is how far back copies go here: further than the sandbox.
const since = 1000 * 24 * time.Hour

func (w *world) engine(t testing.TB, to sync.Destination, change ...func(*sync.Config)) *sync.Engine {
	t.Helper()
	config := sync.Config{Streams: w.tables, Since: since, Budget: -1, People: sync.People{Keep: true}}
	for _, f := range change {
		f(&config)
	}
	e, err := sync.New(t.Context(), to, config)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// copyOnce makes a turn that has to end well.
// caller calls the sandbox without long waits between tries.
func (w *world) caller(options ...ttshop.Option) *ttshop.Client {
	options = append(options, ttshop.WithRetry(ttshop.RetryPolicy{Tries: 2, MinWait: time.Millisecond, MaxWait: 5 * time.Millisecond}))
	client := w.NewClient(w.Credentials.AccessToken, options...)
	for _, s := range w.Credentials.Shops {
		if s.Region == w.region {
			return client.Shop(s.Cipher).WithShopID(s.ID)
		}
	}
	panic("the sandbox has no shop in " + w.region)
}

func copyOnce(t testing.TB, e *sync.Engine, shop sync.Shop, caller sync.Caller) {
	t.Helper()
	report, err := e.Sync(t.Context(), shop, caller)
	if err == nil {
		err = report.Err()
	}
	if err != nil {
		t.Fatal(err)
	}
}

// quiet ends all change, copies once more, and compares.
func (w *world) quiet(t testing.TB, c *copied) {
	t.Helper()
	last := w.calm(t, c)
	w.equal(t, c, last)
}

// calm ends all change and copies what is left, without waiting for anything to settle.
func (w *world) calm(t testing.TB, c *copied) *sync.Engine {
	t.Helper()
	w.lists = control.Lists{OrderDetailFields: w.lists.OrderDetailFields}
	w.behave(t, w.lists)
	last := w.engine(t, c.to, func(c *sync.Config) { c.Settle = -1 })
	for range 2 { // what is read again every few hours is due, and gone once two scans lack it
		w.advance(t, 7*time.Hour)
		copyOnce(t, last, w.shop(), w.Shop(w.region))
	}
	return last
}

// equal fails unless a copy is the source. Deadlines that pass in the last second are
// given another chance.
func (w *world) equal(t testing.TB, c *copied, last *sync.Engine) {
	t.Helper()
	var err error
	for range 4 {
		w.advance(t, time.Second)
		copyOnce(t, last, w.shop(), w.Shop(w.region))
		if err = w.compare(t, c); err == nil {
			return
		}
	}
	t.Fatal(fmt.Errorf("after quiet: %w", err))
}
