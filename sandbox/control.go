package sandbox

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
	"github.com/ttshop-go/ttshop/sandbox/internal/pages"
	"github.com/ttshop-go/ttshop/sandbox/internal/world"
)

const (
	startHelp = `GET    /_sandbox/                for browsers: the page for people
`
	healthHelp = `GET    /_sandbox/health          is it up
`
	requestsHelp = `GET    /_sandbox/requests        last requests, newest first; ?limit=N&path=PREFIX&q=TEXT&failed=1
`
	clockHelp = `POST   /_sandbox/clock           {"advance":"72h"}, {"set":UNIX}, {"freeze":true}
`
	requestHelp = `GET    /_sandbox/requests/{id}   one of them: query, headers, what was signed, bodies
`
	replayHelp = `POST   /_sandbox/requests/{id}/replay  signs and sends it again; {"query":{…},"body":TEXT,"grant":ID} change it
`
	harHelp = `GET    /_sandbox/har             the last requests as an HTTP archive (HAR 1.2); takes what requests takes
`
	resetHelp = `POST   /_sandbox/reset           the world as it was made from the seed; {"seed":N} for another one
`
	snapshotHelp = `GET    /_sandbox/snapshot        the whole state
`
	restoreHelp = `PUT    /_sandbox/snapshot        the state of a snapshot instead of this one
`
	credentialsHelp = `GET    /_sandbox/credentials     what a client needs; the code in it is new
`
)

// endpoints returns all control endpoints in the order of the overview. It is
// the only list of them: the overview is made from it.
func (s *Sandbox) endpoints(r *gate.Registry) []gate.ControlEndpoint {
	bind := func(h http.HandlerFunc) func(*gate.Gate, http.ResponseWriter, *http.Request) {
		return func(_ *gate.Gate, w http.ResponseWriter, r *http.Request) { h(w, r) }
	}
	var list []gate.ControlEndpoint
	list = append(list,
		gate.ControlEndpoint{Pattern: "GET /_sandbox/{$}", Help: startHelp, Handle: bind(s.getStart)},
		gate.ControlEndpoint{Pattern: "GET /_sandbox/health", Help: healthHelp, Handle: bind(s.getHealth)},
		gate.ControlEndpoint{Pattern: "GET /_sandbox/requests", Help: requestsHelp, Handle: (*gate.Gate).GetRequests},
		gate.ControlEndpoint{Pattern: "POST /_sandbox/clock", Help: clockHelp, Handle: bind(s.postClock)},
		gate.ControlEndpoint{Pattern: "GET /_sandbox/requests/{id}", Help: requestHelp, Handle: (*gate.Gate).GetRequest},
		// A replay goes through the gate, which takes the lock.
		gate.ControlEndpoint{Pattern: "POST /_sandbox/requests/{id}/replay", Help: replayHelp, Handle: (*gate.Gate).PostReplay, Alone: true},
		gate.ControlEndpoint{Pattern: "GET /_sandbox/har", Help: harHelp, Handle: (*gate.Gate).GetHAR},
		// Whatever replaces the whole state takes the lock of changes itself.
		gate.ControlEndpoint{Pattern: "POST /_sandbox/reset", Help: resetHelp, Handle: bind(s.postReset), Alone: true},
		gate.ControlEndpoint{Pattern: "GET /_sandbox/snapshot", Help: snapshotHelp, Handle: bind(s.getSnapshot), Alone: true},
		gate.ControlEndpoint{Pattern: "PUT /_sandbox/snapshot", Help: restoreHelp, Handle: bind(s.putSnapshot), Alone: true},
	)
	domains := r.Endpoints
	credentials := gate.ControlEndpoint{Pattern: "GET /_sandbox/credentials", Help: credentialsHelp, Handle: bind(s.getCredentials)}
	// They stand before the apps, whose credentials they are.
	at := slices.IndexFunc(domains, func(e gate.ControlEndpoint) bool { return e.Pattern == "GET /_sandbox/apps" })
	return append(list, slices.Insert(slices.Clone(domains), at, credentials)...)
}

// newControl returns the handler of the paths under ControlPrefix.
func (s *Sandbox) newControl(r *gate.Registry) http.Handler {
	local := http.NewServeMux()
	for _, e := range s.endpoints(r) {
		s.help += e.Help
		local.HandleFunc(e.Pattern, s.gate.Steered(e))
	}
	s.gate.Steering = local
	web := s.site.NewWeb()

	mux := http.NewServeMux()
	// Images and files are what the links in answers lead to, so everyone may
	// see them.
	for _, e := range r.Public {
		mux.HandleFunc(e.Pattern, func(w http.ResponseWriter, r *http.Request) { e.Handle(s.gate, w, r) })
	}
	mux.HandleFunc("GET "+pages.WebPrefix+"{$}", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, world.ControlPrefix, http.StatusFound)
	})
	// The consent page, which everyone may see, looks like the others.
	mux.HandleFunc("GET "+pages.AssetPrefix+"{name}", pages.ServeAsset)
	foreign := http.NewCrossOriginProtection()
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		if !s.config.RemoteControl && !fromLoopback(r) {
			gate.ControlError(w, http.StatusForbidden, "the control endpoints serve callers on the same machine only")
			return
		}
		if err := s.checkHost(r); err != nil {
			gate.ControlError(w, http.StatusForbidden, err.Error())
			return
		}
		// A page of another site that a browser on this machine shows is not a
		// caller on this machine.
		if err := foreign.Check(r); err != nil {
			gate.ControlError(w, http.StatusForbidden, "the control endpoints do not serve other sites: "+err.Error())
			return
		}
		if strings.HasPrefix(r.URL.Path, pages.WebPrefix) {
			web.ServeHTTP(w, r)
			return
		}
		local.ServeHTTP(w, r)
	})
	return mux
}

// getStart shows people the first page and programs the overview.
func (s *Sandbox) getStart(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Vary", "Accept")
	if strings.Contains(r.Header.Get("Accept"), "text/html") {
		s.site.ServeView(w, r, s.site.StartView)
		return
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = io.WriteString(w, s.help) // fails only where nobody reads
}

func (s *Sandbox) getCredentials(w http.ResponseWriter, r *http.Request) {
	credentials := s.Credentials()
	credentials.BaseURL = "http://" + r.Host
	if r.TLS != nil {
		credentials.BaseURL = "https://" + r.Host
	}
	gate.ControlAnswer(w, http.StatusOK, credentials)
}

func fromLoopback(r *http.Request) bool {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return false
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}

func (s *Sandbox) getHealth(w http.ResponseWriter, _ *http.Request) {
	gate.ControlAnswer(w, http.StatusOK, struct {
		Status string    `json:"status"`
		Seed   uint64    `json:"seed"`
		Now    time.Time `json:"now"`
		Frozen bool      `json:"frozen"`
	}{"ok", s.gate.State.Load().World.Seed, s.gate.Clock.Now().UTC(), s.gate.Clock.Frozen()})
}

// clockEnd is the Unix time in seconds that the clock does not reach: the
// beginning of the year 2200. The distance to the real time is a
// [time.Duration], which does not span three centuries.
const clockEnd int64 = 7_258_118_400

func (s *Sandbox) postClock(w http.ResponseWriter, r *http.Request) {
	var change struct {
		Advance *gate.Duration `json:"advance"`
		Set     *int64         `json:"set"`
		Freeze  *bool          `json:"freeze"`
	}
	if !gate.ControlBody(w, r, &change) {
		return
	}
	if change.Advance == nil && change.Set == nil && change.Freeze == nil {
		gate.ControlError(w, http.StatusBadRequest, "the body needs advance, set or freeze")
		return
	}
	to := s.gate.Clock.Now().Unix()
	if change.Set != nil {
		to = *change.Set
	}
	if change.Advance != nil && to >= 0 && to < clockEnd { // what is beyond could overflow
		to += int64(time.Duration(*change.Advance) / time.Second)
	}
	if to < 0 || to >= clockEnd {
		gate.ControlError(w, http.StatusBadRequest, fmt.Sprintf("the clock would show %d, want a Unix time in seconds from 0 to below %d", to, clockEnd))
		return
	}
	if change.Freeze != nil {
		s.gate.Clock.Freeze(*change.Freeze)
	}
	if change.Set != nil {
		s.gate.Clock.Set(time.Unix(*change.Set, 0))
	}
	if change.Advance != nil {
		s.gate.Clock.Advance(time.Duration(*change.Advance))
	}
	s.notifier.ClockMoved() // deadlines that have passed act
	now := s.gate.Clock.Now()
	gate.ControlAnswer(w, http.StatusOK, struct {
		Now    int64 `json:"now"` // Unix seconds
		Frozen bool  `json:"frozen"`
	}{now.Unix(), s.gate.Clock.Frozen()})
}

// postReset makes the world again, from another seed where the body has one.
func (s *Sandbox) postReset(w http.ResponseWriter, r *http.Request) {
	var order struct {
		Seed *uint64 `json:"seed"`
	}
	r.Body = http.MaxBytesReader(w, r.Body, gate.MaxControlBody)
	if r.ContentLength != 0 && !gate.ControlBody(w, r, &order) {
		return
	}
	if err := s.reset(order.Seed); err != nil {
		gate.ControlError(w, http.StatusConflict, "the fixtures do not fit the world of this seed: "+err.Error())
		return
	}
	gate.ControlAnswer(w, http.StatusOK, struct {
		Seed uint64 `json:"seed"`
	}{s.gate.State.Load().World.Seed})
}
