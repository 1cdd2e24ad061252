package sandbox

import (
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/ttshop-go/ttshop/sandbox/control"
	"github.com/ttshop-go/ttshop/sandbox/internal/authority"
	"github.com/ttshop-go/ttshop/sandbox/internal/domain/trade"
	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
	"github.com/ttshop-go/ttshop/sandbox/internal/notify"
	"github.com/ttshop-go/ttshop/sandbox/internal/pages"
	"github.com/ttshop-go/ttshop/sandbox/internal/wiring"
	"github.com/ttshop-go/ttshop/sandbox/internal/world"
)

// Sandbox is the emulator. It is safe for concurrent use.
type Sandbox struct {
	config   Config
	gate     *gate.Gate
	notifier *notify.Notifier
	site     *pages.Site
	control  http.Handler
	help     string // the overview of the control endpoints
}

// New returns a sandbox with a world made from config.Seed.
func New(config Config) (*Sandbox, error) {
	config, err := config.withDefaults()
	if err != nil {
		return nil, err
	}
	r := wiring.NewRegistry()
	s := &Sandbox{config: config, gate: gate.New(config.settings(), world.NewClock(config.Now), r)}
	s.notifier = notify.New(s.gate)
	s.notifier.Steer(r)
	s.site = pages.New(s.gate, s.notifier)
	s.control = s.newControl(r)
	if err := s.reset(nil); err != nil {
		return nil, fmt.Errorf("sandbox: fixtures: %w", err)
	}
	return s, nil
}

// reset makes the world again, from another seed where one is given. The same
// seed and the same time give the same world, the same tokens and the same ids.
// The credentials of the apps stay, so that clients need not be reconfigured.
// Where the fixtures do not fit that world, nothing is changed.
func (s *Sandbox) reset(seed *uint64) error {
	s.gate.Changing.Lock()
	defer s.gate.Changing.Unlock()
	if seed == nil {
		seed = &s.config.Seed
	}
	now := s.config.Now()
	next := s.newState(*seed, now)
	if s.config.Fixtures != nil {
		silent := next.World.Ports.Announce
		next.World.Ports.Announce = nil // nobody has an address yet
		if err := s.config.Fixtures.set.Apply(next.World, now); err != nil {
			return err
		}
		next.World.Ports.Announce = silent
	}
	s.gate.Clock.Reset()
	s.gate.Faults.Reset(*seed, s.config.Faults)
	s.gate.Limiter.Reset(control.Throttle{Rate: *s.config.Throttle})
	s.gate.Lists.Reset(s.config.lists())
	s.gate.Log.Reset()
	s.gate.State.Store(next)
	return nil
}

// newState makes the state that a seed gives at a time.
func (s *Sandbox) newState(seed uint64, now time.Time) *gate.State {
	w := wiring.NewWorld(s.gate.Registry, seed, now, s.config.AuditDelay)
	for _, shop := range w.Shops {
		trade.SetArchive(shop, s.config.Orders)
	}
	next := gate.NewState(w, authority.New(s.config.terms(), seed, w, now), now)
	s.notifier.Adopt(w, next.Authority)
	return next
}

// Close ends the delivery of webhooks and waits for those under way. Pages that
// are open are no longer told of news, so that a server can end. The sandbox
// answers requests as before. It returns nil.
func (s *Sandbox) Close() error {
	s.notifier.Close()
	return nil
}

// ServeHTTP answers a request. The API serves any host name and the absolute
// form of request targets that a proxy receives alike; /_sandbox/ serves those
// of [Config.Hosts].
func (s *Sandbox) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	// Clients that correct their clock by the Date header follow this one.
	w.Header().Set("Date", s.gate.Clock.Now().UTC().Format(http.TimeFormat))
	if strings.HasPrefix(r.URL.Path, world.ControlPrefix) {
		s.control.ServeHTTP(w, r)
		return
	}
	if askedByBrowser[r.URL.Path] {
		http.Redirect(w, r, pages.AssetPrefix+"icon.svg", http.StatusFound)
		return
	}
	s.gate.ServeHTTP(w, r)
}

// askedByBrowser are the paths that browsers ask for on their own. They are not
// requests to the API, and the log does not show them.
var askedByBrowser = map[string]bool{
	"/favicon.ico": true, "/apple-touch-icon.png": true, "/apple-touch-icon-precomposed.png": true,
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
	s.gate.Changing.RLock()
	defer s.gate.Changing.RUnlock()
	st := s.gate.State.Load()
	standing := st.Authority.Credentials(s.gate.Clock.Now())
	first := st.Authority.First()
	c := Credentials{
		AppKey:              first.Key,
		AppSecret:           first.Secret,
		ServiceID:           st.Authority.ServiceID,
		AuthCode:            standing.Code,
		AccessToken:         standing.Access,
		RefreshToken:        standing.Refresh,
		CategoryAssetCipher: st.World.Seller.AssetCipher,
	}
	for _, shop := range standing.Shops {
		c.Shops = append(c.Shops, Shop(shop.Identity))
	}
	return c
}
