package sandbox

import (
	"net/http"
	"sync"
	"sync/atomic"
	"time"
)

// settings are the switches of the gate and of the domains.
type settings struct {
	rejectUnexpectedCipher bool // refuse a shop_cipher on operations that take none
	strictRefreshGrant     bool // refuse grant_type=authorized_code on a refresh
	strictQuantity         bool // refuse a stock of 0
	bareInventoryEvents    bool // webhooks of type 68 without an envelope

	throttle float64 // requests per second without a rule

	explain func(refusal) string // says what made a signature wrong; nil for nobody
}

// gatehouse checks requests and hands them to the domains.
type gatehouse struct {
	settings settings
	clock    *clock
	registry *registry
	router   *router
	steering http.Handler // the part of control for programs
	news     news
	faults   faults
	log      requestLog
	limiter  limiter
	calls    sync.Pool // of *call

	// writeView sends a page for people.
	writeView func(w http.ResponseWriter, status int, name string, data any)

	// changing is held for reading by whatever changes the state, so that a
	// snapshot, which holds it for writing, sees no change half done. Nobody
	// waits for the network while holding it.
	changing sync.RWMutex

	// state is replaced as a whole by a reset.
	state atomic.Pointer[state]
}

// newGatehouse returns a gate for the operations of a registry, still without
// a state.
func newGatehouse(with settings, clock *clock, r *registry) *gatehouse {
	g := &gatehouse{settings: with, clock: clock, registry: r, router: newRouter(r.all())}
	g.calls.New = func() any { return new(call) }
	return g
}

// state is everything that requests change.
type state struct {
	born      time.Time // when it was made; what is made up for answers is dated from then
	world     *world
	authority *authority
	ids       requestIDs
}

func newState(w *world, a *authority, born time.Time) *state {
	next := &state{born: born, world: w, authority: a}
	next.ids.seed = mix(w.seed + streamRequests)
	return next
}

// ServeHTTP answers a request of the platform.
func (s *gatehouse) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	started := time.Now()
	c := s.calls.Get().(*call)
	c.begin(s, r)
	defer func() {
		s.log.add(c, time.Since(started))
		s.news.spread()
		c.end()
		s.calls.Put(c)
	}()
	s.serve(w, c)
}

// present returns the world with everything done that is due.
func (s *gatehouse) present() (*world, time.Time) {
	now := s.clock.Now()
	w := s.state.Load().world
	w.settle(now)
	return w, now
}
