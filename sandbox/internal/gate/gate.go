// Package gate takes a request from its path to the fields of an operation, in
// the order of the platform's checks, and hands it to the domain that registered
// for it. It keeps the switches that tests turn: faults, throttle and the log of
// requests.
package gate

import (
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/ttshop-go/ttshop/sandbox/internal/authority"
	"github.com/ttshop-go/ttshop/sandbox/internal/invent"
	"github.com/ttshop-go/ttshop/sandbox/internal/world"
)

// Settings are the switches of the gate and of the domains.
type Settings struct {
	LenientCipher       bool // take a cipher on operations that need none
	StrictUserType      bool // refuse sellers what is for partners or creators only
	StrictBodies        bool // no null, [] or lists in the place of objects
	StrictRefreshGrant  bool // refuse grant_type=authorized_code on a refresh
	StrictQuantity      bool // refuse a stock of 0
	RetireSunsets       bool // refuse operations whose announced end has passed
	OldestOrdersFirst   bool // without sort_order
	ListingsPerDay      int  // of a shop; 0 for any number
	BareInventoryEvents bool // webhooks of type 68 without an envelope
	ShuffledWebhooks    bool // deliveries overtake each other

	Throttle float64 // requests per second without a rule

	Explain func(Refusal) string // says what made a signature wrong; nil for nobody
	Tell    func(Answered)       // is told of each request that is over; may be nil
}

// Gate checks requests and hands them to the domains.
type Gate struct {
	Settings Settings
	Clock    *world.Clock
	Registry *Registry
	Router   *router
	Steering http.Handler // the part of control for programs
	News     news
	Faults   Faults
	Log      RequestLog
	Limiter  Limiter
	Lists    ListKeeper
	calls    sync.Pool // of *call

	// WriteView sends a page for people.
	WriteView func(w http.ResponseWriter, status int, name string, data any)

	// changing is held for reading by whatever changes the state, so that a
	// snapshot, which holds it for writing, sees no change half done. Nobody
	// waits for the network while holding it.
	Changing sync.RWMutex

	// state is replaced as a whole by a reset.
	State atomic.Pointer[State]
}

// New returns a gate for the operations of a registry, still without
// a state.
func New(with Settings, clock *world.Clock, r *Registry) *Gate {
	g := &Gate{Settings: with, Clock: clock, Registry: r, Router: newRouter(r.All())}
	g.calls.New = func() any { return new(Call) }
	return g
}

// State is everything that requests change.
type State struct {
	Born      time.Time // when it was made; what is made up for answers is dated from then
	World     *world.World
	Authority *authority.Authority
	IDs       requestIDs
}

// NewState returns the state of a world that was made at a time.
func NewState(w *world.World, a *authority.Authority, born time.Time) *State {
	next := &State{Born: born, World: w, Authority: a}
	next.IDs.seed = invent.Mix(w.Seed + invent.StreamRequests)
	return next
}

// ServeHTTP answers a request of the platform.
func (s *Gate) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	started := time.Now()
	c := s.calls.Get().(*Call)
	c.Begin(s, r)
	defer func() {
		took := time.Since(started)
		id := s.Log.add(c, took)
		if c.logged != nil {
			*c.logged = id
		}
		if s.Settings.Tell != nil {
			s.Settings.Tell(c.answered(took))
		}
		s.News.Spread()
		c.end()
		s.calls.Put(c)
	}()
	s.serve(w, c)
}

// Present returns the world with everything done that is due.
func (s *Gate) Present() (*world.World, time.Time) {
	now := s.Clock.Now()
	w := s.State.Load().World
	w.Settle(now)
	return w, now
}
