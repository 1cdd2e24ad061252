package sandbox

import (
	"bytes"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// controlPrefix is where the sandbox itself is steered; the platform has
// nothing there.
const controlPrefix = "/_sandbox/"

// The paths that replace or show the whole state.
const (
	resetPath    = controlPrefix + "reset"
	snapshotPath = controlPrefix + "snapshot"
)

// maxControlBody bounds the bodies that the control endpoints read.
const maxControlBody = 1 << 20

const controlHelp = `GET    /_sandbox/                for browsers: the page for people
GET    /_sandbox/health          is it up
GET    /_sandbox/requests        last requests, newest first; ?limit=N&path=PREFIX
POST   /_sandbox/clock           {"advance":"72h"}, {"set":UNIX}, {"freeze":true}
GET    /_sandbox/requests/{id}   one of them: query, headers, what was signed, bodies
POST   /_sandbox/reset           the world as it was made from the seed; {"seed":N} for another one
GET    /_sandbox/snapshot        the whole state
PUT    /_sandbox/snapshot        the state of a snapshot instead of this one
GET    /_sandbox/throttle        what is granted per second; PUT {"rate":50,"rules":[{"shop_id":…,"rate":1}]}
GET    /_sandbox/faults          the faults in force
POST   /_sandbox/faults          {"match":{"method":…,"path":…},"next":3,"then":{"status":429,"code":36009002}}
                                 match also operation, shop_id, app_key; "probability":0.1 instead of next;
                                 then also {"token":"expired"}, {"delay":"2s"}, {"cut":"before|body|after_work"}
DELETE /_sandbox/faults/{id}     ends a fault
GET    /_sandbox/credentials     what a client needs; the code in it is new
GET    /_sandbox/apps            the apps; POST {"app_key":…,"app_secret":…,"redirect_url":…,"scopes":[…]} adds one
GET    /_sandbox/users           who can authorize an app: sellers, creators, a partner
GET    /_sandbox/grants          who allowed which app what
POST   /_sandbox/grants          {"app_key":…,"user":…,"scopes":[…]} authorizes without a browser, answers tokens
DELETE /_sandbox/grants/{id}     revokes
` + controlOrdersHelp + controlChatsHelp + webhookHelp

// newControl returns the handler of the paths under controlPrefix.
func (s *Sandbox) newControl() http.Handler {
	local := http.NewServeMux()
	local.HandleFunc("GET /_sandbox/{$}", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Vary", "Accept")
		if strings.Contains(r.Header.Get("Accept"), "text/html") {
			s.serveView(w, r, s.startView)
			return
		}
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		_, _ = io.WriteString(w, controlHelp) // fails only where nobody reads
	})
	s.accessControl(local)
	local.HandleFunc("GET /_sandbox/health", s.getHealth)
	local.HandleFunc("GET /_sandbox/requests", s.getRequests)
	local.HandleFunc("POST /_sandbox/clock", s.postClock)
	local.HandleFunc("POST "+resetPath, s.postReset)
	local.HandleFunc("GET "+snapshotPath, s.getSnapshot)
	local.HandleFunc("PUT "+snapshotPath, s.putSnapshot)
	local.HandleFunc("GET /_sandbox/requests/{id}", s.getRequest)
	local.HandleFunc("GET /_sandbox/throttle", s.getThrottle)
	local.HandleFunc("PUT /_sandbox/throttle", s.putThrottle)
	local.HandleFunc("GET /_sandbox/faults", s.getFaults)
	local.HandleFunc("POST /_sandbox/faults", s.postFault)
	local.HandleFunc("DELETE /_sandbox/faults/{id}", s.deleteFault)
	s.controlOrders(local)
	s.controlChats(local)
	s.webhookControl(local)

	s.steering = s.gated(local)
	web := s.newWeb()

	mux := http.NewServeMux()
	// Images are what the links in answers lead to, so everyone may see them.
	mux.HandleFunc("GET "+imagePrefix+"{name}", s.serveImage)
	mux.HandleFunc("GET "+filePrefix+"{name}", s.serveFile)
	mux.HandleFunc("GET "+documentPrefix+"{name}", s.serveDocument)
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
		s.steering.ServeHTTP(w, r)
	})
	return mux
}

// gated returns a handler of control endpoints that holds the gate for those
// that change the state.
func (s *Sandbox) gated(local http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			defer s.news.spread() // after the gate is open again
		}
		// Whatever replaces the whole state closes the gate itself.
		// So does whatever waits for a webhook to be answered.
		whole := r.URL.Path == resetPath || r.URL.Path == snapshotPath || awaitsWebhook(r.URL.Path)
		if !whole && r.Method != http.MethodGet && r.Method != http.MethodHead {
			// The body is read before the gate is taken.
			body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxControlBody))
			if err != nil {
				controlError(w, http.StatusBadRequest, "the body cannot be read: "+err.Error())
				return
			}
			r.Body = io.NopCloser(bytes.NewReader(body))
			s.gate.RLock()
			defer s.gate.RUnlock()
		}
		local.ServeHTTP(w, r)
	})
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
	}{"ok", s.state.Load().world.seed, s.clock.Now().UTC(), s.clock.frozen()})
}

func (s *Sandbox) getRequests(w http.ResponseWriter, r *http.Request) {
	limit := logCapacity
	if value := r.URL.Query().Get("limit"); value != "" {
		n, err := strconv.Atoi(value)
		if err != nil || n < 0 {
			controlError(w, http.StatusBadRequest, "limit is not a count")
			return
		}
		limit = n
	}
	controlAnswer(w, http.StatusOK, struct {
		Requests []logRecord `json:"requests"`
	}{s.log.last(limit, r.URL.Query().Get("path"))})
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
		s.clock.freeze(*change.Freeze)
	}
	if change.Set != nil {
		s.clock.set(time.Unix(*change.Set, 0))
	}
	if change.Advance != nil {
		s.clock.advance(time.Duration(*change.Advance))
	}
	s.clockMoved() // deadlines that have passed act
	now := s.clock.Now()
	controlAnswer(w, http.StatusOK, struct {
		Now    int64 `json:"now"` // Unix seconds
		Frozen bool  `json:"frozen"`
	}{now.Unix(), s.clock.frozen()})
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
	}{s.state.Load().world.seed})
}

func controlBody(w http.ResponseWriter, r *http.Request, v any) bool {
	decoder := json.NewDecoder(r.Body)
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(v); err != nil {
		controlError(w, http.StatusBadRequest, "the body is not understood: "+err.Error())
		return false
	}
	return true
}

func controlAnswer(w http.ResponseWriter, status int, v any) {
	writeJSON(w, status, appendJSON(nil, v))
}

func controlError(w http.ResponseWriter, status int, message string) {
	controlAnswer(w, status, struct {
		Error string `json:"error"`
	}{message})
}
