package sandbox

import (
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"time"
)

const (
	startHelp = `GET    /_sandbox/                for browsers: the page for people
`
	healthHelp = `GET    /_sandbox/health          is it up
`
	requestsHelp = `GET    /_sandbox/requests        last requests, newest first; ?limit=N&path=PREFIX
`
	clockHelp = `POST   /_sandbox/clock           {"advance":"72h"}, {"set":UNIX}, {"freeze":true}
`
	requestHelp = `GET    /_sandbox/requests/{id}   one of them: query, headers, what was signed, bodies
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
func (s *Sandbox) endpoints(r *registry) []controlEndpoint {
	bind := func(h http.HandlerFunc) func(*gatehouse, http.ResponseWriter, *http.Request) {
		return func(_ *gatehouse, w http.ResponseWriter, r *http.Request) { h(w, r) }
	}
	var list []controlEndpoint
	list = append(list,
		controlEndpoint{pattern: "GET /_sandbox/{$}", help: startHelp, handle: bind(s.getStart)},
		controlEndpoint{pattern: "GET /_sandbox/health", help: healthHelp, handle: bind(s.getHealth)},
		controlEndpoint{pattern: "GET /_sandbox/requests", help: requestsHelp, handle: (*gatehouse).getRequests},
		controlEndpoint{pattern: "POST /_sandbox/clock", help: clockHelp, handle: bind(s.postClock)},
		controlEndpoint{pattern: "GET /_sandbox/requests/{id}", help: requestHelp, handle: (*gatehouse).getRequest},
		// Whatever replaces the whole state takes the lock of changes itself.
		controlEndpoint{pattern: "POST /_sandbox/reset", help: resetHelp, handle: bind(s.postReset), alone: true},
		controlEndpoint{pattern: "GET /_sandbox/snapshot", help: snapshotHelp, handle: bind(s.getSnapshot), alone: true},
		controlEndpoint{pattern: "PUT /_sandbox/snapshot", help: restoreHelp, handle: bind(s.putSnapshot), alone: true},
	)
	domains := r.endpoints
	credentials := controlEndpoint{pattern: "GET /_sandbox/credentials", help: credentialsHelp, handle: bind(s.getCredentials)}
	// They stand before the apps, whose credentials they are.
	at := slices.IndexFunc(domains, func(e controlEndpoint) bool { return e.pattern == "GET /_sandbox/apps" })
	return append(list, slices.Insert(slices.Clone(domains), at, credentials)...)
}

// newControl returns the handler of the paths under controlPrefix.
func (s *Sandbox) newControl(r *registry) http.Handler {
	local := http.NewServeMux()
	for _, e := range s.endpoints(r) {
		s.help += e.help
		local.HandleFunc(e.pattern, s.gate.steered(e))
	}
	s.gate.steering = local
	web := s.site.newWeb()

	mux := http.NewServeMux()
	// Images and files are what the links in answers lead to, so everyone may
	// see them.
	for _, e := range r.public {
		mux.HandleFunc(e.pattern, func(w http.ResponseWriter, r *http.Request) { e.handle(s.gate, w, r) })
	}
	mux.HandleFunc("GET "+webPrefix+"{$}", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, controlPrefix, http.StatusFound)
	})
	// The consent page, which everyone may see, looks like the others.
	mux.HandleFunc("GET "+assetPrefix+"{name}", serveAsset)
	foreign := http.NewCrossOriginProtection()
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		if !s.config.RemoteControl && !fromLoopback(r) {
			controlError(w, http.StatusForbidden, "the control endpoints serve callers on the same machine only")
			return
		}
		if err := s.checkHost(r); err != nil {
			controlError(w, http.StatusForbidden, err.Error())
			return
		}
		// A page of another site that a browser on this machine shows is no
		// caller on this machine.
		if err := foreign.Check(r); err != nil {
			controlError(w, http.StatusForbidden, "the control endpoints do not serve other sites: "+err.Error())
			return
		}
		if strings.HasPrefix(r.URL.Path, webPrefix) {
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
		s.site.serveView(w, r, s.site.startView)
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
	controlAnswer(w, http.StatusOK, credentials)
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
	controlAnswer(w, http.StatusOK, struct {
		Status string    `json:"status"`
		Seed   uint64    `json:"seed"`
		Now    time.Time `json:"now"`
		Frozen bool      `json:"frozen"`
	}{"ok", s.gate.state.Load().world.seed, s.gate.clock.Now().UTC(), s.gate.clock.frozen()})
}

func (s *Sandbox) postClock(w http.ResponseWriter, r *http.Request) {
	var change struct {
		Advance *Duration `json:"advance"`
		Set     *int64    `json:"set"`
		Freeze  *bool     `json:"freeze"`
	}
	if !controlBody(w, r, &change) {
		return
	}
	if change.Advance == nil && change.Set == nil && change.Freeze == nil {
		controlError(w, http.StatusBadRequest, "the body needs advance, set or freeze")
		return
	}
	if change.Freeze != nil {
		s.gate.clock.freeze(*change.Freeze)
	}
	if change.Set != nil {
		s.gate.clock.set(time.Unix(*change.Set, 0))
	}
	if change.Advance != nil {
		s.gate.clock.advance(time.Duration(*change.Advance))
	}
	s.notifier.clockMoved() // deadlines that have passed act
	now := s.gate.clock.Now()
	controlAnswer(w, http.StatusOK, struct {
		Now    int64 `json:"now"` // Unix seconds
		Frozen bool  `json:"frozen"`
	}{now.Unix(), s.gate.clock.frozen()})
}

// postReset makes the world anew, from another seed where the body names one.
func (s *Sandbox) postReset(w http.ResponseWriter, r *http.Request) {
	var order struct {
		Seed *uint64 `json:"seed"`
	}
	r.Body = http.MaxBytesReader(w, r.Body, maxControlBody)
	if r.ContentLength != 0 && !controlBody(w, r, &order) {
		return
	}
	s.reset(order.Seed)
	controlAnswer(w, http.StatusOK, struct {
		Seed uint64 `json:"seed"`
	}{s.gate.state.Load().world.seed})
}
