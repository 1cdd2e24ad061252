package sandbox

import (
	"html/template"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// Sandbox is the emulator. It is safe for concurrent use.
type Sandbox struct {
	config   Config
	clock    *clock
	router   *router
	control  http.Handler
	steering http.Handler                                  // the part of control for programs
	views    func() (map[string]*template.Template, error) // of the pages for people, parsed when first needed
	news     news
	faults   faults
	log      requestLog
	limiter  limiter
	dispatch dispatcher
	calls    sync.Pool // of *call

	// gate is held for reading by whatever changes the state, so that a
	// snapshot, which holds it for writing, sees no change half done. Nobody
	// waits for the network while holding it.
	gate sync.RWMutex

	// state is replaced as a whole by a reset.
	state atomic.Pointer[state]
}

// state is everything that requests change.
type state struct {
	born      time.Time // when it was made; what is made up for answers is dated from then
	world     *world
	authority *authority
	ids       requestIDs
}

// New returns a sandbox with a world made from config.Seed.
func New(config Config) (*Sandbox, error) {
	config, err := config.withDefaults()
	if err != nil {
		return nil, err
	}
	s := &Sandbox{
		config: config,
		clock:  newClock(config.Now),
		router: newRouter(routes()),
	}
	s.calls.New = func() any { return new(call) }
	s.views = sync.OnceValues(parseViews)
	s.control = s.newControl()
	s.dispatch.init()
	s.reset(nil)
	return s, nil
}

// reset makes the world anew, from another seed where one is given. The same
// seed and the same time give the same world, the same tokens and the same ids.
// The credentials of the apps stay, so that clients need not be set up anew.
func (s *Sandbox) reset(seed *uint64) {
	s.gate.Lock()
	defer s.gate.Unlock()
	if seed == nil {
		seed = &s.config.Seed
	}
	s.clock.reset()
	next := s.newState(*seed, s.clock.Now())
	s.faults.reset(*seed, s.config.Faults)
	s.limiter.reset(Throttle{Rate: *s.config.Throttle})
	s.log.reset()
	s.state.Store(next)
}

// newState makes the state that a seed gives at a time.
func (s *Sandbox) newState(seed uint64, now time.Time) *state {
	world := newWorld(seed, now, s.config.AuditDelay)
	for _, shop := range world.shops {
		shop.archive.count = s.config.Orders
	}
	next := &state{born: now, world: world, authority: newAuthority(s.config, seed, world, now)}
	next.ids.seed = mix(seed + streamRequests)
	world.webhooks.sandbox, world.webhooks.authority = s, next.authority
	return next
}

// ServeHTTP answers a request. The API serves any host name and the absolute
// form of request targets that a proxy receives alike; /_sandbox/ serves those
// of [Config.Hosts].
func (s *Sandbox) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	// Clients that correct their clock by the Date header follow this one.
	w.Header().Set("Date", s.clock.Now().UTC().Format(http.TimeFormat))
	if strings.HasPrefix(r.URL.Path, controlPrefix) {
		s.control.ServeHTTP(w, r)
		return
	}
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

// Credentials are what a client needs to talk to the sandbox. They are secret
// only in form; nothing outside the sandbox accepts them.
type Credentials struct {
	BaseURL             string `json:"base_url"` // left to whoever listens
	AppKey              string `json:"app_key"`
	AppSecret           string `json:"app_secret"`
	ServiceID           string `json:"service_id"`
	AuthCode            string `json:"auth_code"` // unused, good for half an hour
	AccessToken         string `json:"access_token"`
	RefreshToken        string `json:"refresh_token"`
	CategoryAssetCipher string `json:"category_asset_cipher"`
	Shops               []Shop `json:"shops"`
}

// String names the app and hides the rest.
func (c Credentials) String() string { return "sandbox.Credentials{AppKey:" + c.AppKey + "}" }

// GoString names the app and hides the rest.
func (c Credentials) GoString() string { return c.String() }

// Shop is one of the seller's shops.
type Shop struct {
	ID         string `json:"id"`
	Cipher     string `json:"cipher"`
	Name       string `json:"name"`
	Region     string `json:"region"`      // two letters, such as GB
	Code       string `json:"code"`        // as displayed in Seller Center
	SellerType string `json:"seller_type"` // LOCAL or CROSS_BORDER
}

// Credentials returns the app's credentials, valid tokens of the seller who
// owns all shops, and an authorization code that is new on every call.
func (s *Sandbox) Credentials() Credentials {
	s.gate.RLock()
	defer s.gate.RUnlock()
	st := s.state.Load()
	code, access, refresh := st.authority.credentials(s.clock.Now())
	first := st.authority.first()
	c := Credentials{
		AppKey:              first.Key,
		AppSecret:           first.Secret,
		ServiceID:           st.authority.serviceID,
		AuthCode:            code,
		AccessToken:         access,
		RefreshToken:        refresh,
		CategoryAssetCipher: st.world.seller.assetCipher,
	}
	for _, shop := range st.authority.users[0].shops {
		c.Shops = append(c.Shops, shop.Shop)
	}
	return c
}
