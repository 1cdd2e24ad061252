package sandbox

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/ttshop-go/ttshop/webhook/event"

	operations "github.com/ttshop-go/ttshop/catalog"
)

// registry is what the domains introduce themselves to. Operations go by their
// names in the catalogue, which tells method, path, scopes, cipher and fields;
// a name that it does not know panics.
type registry struct {
	known  *operations.Catalog
	routes map[string]*route // by name

	fallback  handler // answers operations that no domain binds
	unsigned  map[string]*endpoint
	pages     map[string]func(w http.ResponseWriter, c *call)
	endpoints []controlEndpoint
	public    []controlEndpoint

	worldParts []func(w *world) part
	shopParts  []func(s *shop) part
	deadlines  map[string]func(s *shop, d deadline)
	reviews    []func(s *shop, now time.Time) time.Time
	samples    []func(s *shop, t event.Type) map[string][]string
	bare       map[event.Type]func(data json.RawMessage) any
}

// endpoint is an unsigned operation of the authorization host.
type endpoint struct {
	name   string
	handle handler
}

// controlEndpoint is an endpoint that steers the sandbox.
type controlEndpoint struct {
	pattern string // of a [http.ServeMux]
	help    string // lines of the overview; "" where another endpoint's say it
	handle  func(s *gatehouse, w http.ResponseWriter, r *http.Request)
	alone   bool // takes the lock of changes itself, and reads its body
}

// newRegistry returns a registry without state: a fallback answers everything.
func newRegistry(fallback handler) *registry {
	known := new(operations.Catalog)
	entries := known.Operations("")
	r := &registry{
		known: known, routes: make(map[string]*route, len(entries)), fallback: fallback,
		unsigned: map[string]*endpoint{}, pages: map[string]func(http.ResponseWriter, *call){},
		deadlines: map[string]func(*shop, deadline){}, bare: map[event.Type]func(json.RawMessage) any{},
	}
	for i, e := range entries {
		added := &route{entry: e, method: e.Method, path: e.Path, name: e.FullName(), index: i, handle: fallback, shape: true}
		added.spec = sync.OnceValue(func() *spec { return newSpec(known, added) })
		r.routes[added.name] = added
	}
	return r
}

func (r *registry) route(operation string) *route {
	found := r.routes[operation]
	if found == nil {
		panic("sandbox: the catalogue knows no operation " + operation)
	}
	return found
}

// handle binds an operation to its handler.
func (r *registry) handle(operation string, h handler) {
	bound := r.route(operation)
	if !bound.shape {
		panic("sandbox: " + operation + " is bound twice")
	}
	bound.handle, bound.shape = h, false
}

// scope replaces the scopes of an operation, where the catalogue has none or
// too many.
func (r *registry) scope(operation, scope string) { r.route(operation).scope = scope }

// needsCipher makes shop_cipher mandatory where the catalogue leaves it open.
func (r *registry) needsCipher(operation string) { r.route(operation).needsCipher = true }

// maxBody bounds the form of an operation in bytes.
func (r *registry) maxBody(operation string, bytes int64) { r.route(operation).maxBody = bytes }

// limit says what is special about the limit of a field of some operations. The
// path of the field is dotted, without brackets.
func (r *registry) limit(field string, l limit, operations ...string) {
	for _, operation := range operations {
		limited := r.route(operation)
		if _, twice := limited.limits[field]; twice {
			panic("sandbox: the limit of " + field + " of " + operation + " is set twice")
		}
		if limited.limits == nil {
			limited.limits = map[string]limit{}
		}
		limited.limits[field] = l
	}
}

// endpoint binds an unsigned operation of the authorization host to its path.
// Only the plain query form is served: nothing official knows a JSON form.
func (r *registry) endpoint(path, name string, h handler) { r.unsigned[path] = &endpoint{name, h} }

// page binds a page for people of the authorization host to its path.
func (r *registry) page(path string, show func(w http.ResponseWriter, c *call)) { r.pages[path] = show }

// steer adds control endpoints, in the order of the overview.
func (r *registry) steer(list ...controlEndpoint) { r.endpoints = append(r.endpoints, list...) }

// serve adds a path that everyone may read, such as what links in answers lead
// to.
func (r *registry) serve(pattern string, h func(s *gatehouse, w http.ResponseWriter, r *http.Request)) {
	r.public = append(r.public, controlEndpoint{pattern: pattern, handle: h})
}

// worldPart adds pieces of what shops share to the snapshots.
func (r *registry) worldPart(of ...func(w *world) part) { r.worldParts = append(r.worldParts, of...) }

// shopPart adds pieces of every shop to the snapshots.
func (r *registry) shopPart(of ...func(s *shop) part) { r.shopParts = append(r.shopParts, of...) }

// deadline says what happens when a deadline of a kind has come. The shop's
// lock is held.
func (r *registry) deadline(kind string, come func(s *shop, d deadline)) {
	if r.deadlines[kind] != nil {
		panic("sandbox: deadlines of the kind " + kind + " are bound twice")
	}
	r.deadlines[kind] = come
}

// review adds something that looks at a shop when the clock has moved, and
// tells when it wants to look again; zero for never. The shop's lock is held.
func (r *registry) review(look func(s *shop, now time.Time) time.Time) {
	r.reviews = append(r.reviews, look)
}

// sample adds what names things of a shop in the samples of webhooks, by the
// names of fields. The shop's lock is held for reading.
func (r *registry) sample(ids func(s *shop, t event.Type) map[string][]string) {
	r.samples = append(r.samples, ids)
}

// bareBody gives a type of webhook a form without the envelope.
func (r *registry) bareBody(t event.Type, of func(data json.RawMessage) any) { r.bare[t] = of }

// all returns the operations in the order of the catalogue.
func (r *registry) all() []*route {
	list := make([]*route, len(r.routes))
	for _, bound := range r.routes {
		list[bound.index] = bound
	}
	return list
}

// checkLimits panics where a limit is set for a field that the operation does
// not take.
func (s *spec) checkLimits(name string) {
	for field := range s.limits {
		path := strings.Split(field, ".")
		if !takes(s.query, path) && !takes(s.Body, path) {
			panic(fmt.Sprintf("sandbox: %s has no field %s to limit", name, field))
		}
	}
}

// takes tells whether there is a field at a path.
func takes(fields []operations.Field, path []string) bool {
	i := slices.IndexFunc(fields, func(f operations.Field) bool { return f.Name == path[0] })
	if i < 0 || len(path) == 1 {
		return i >= 0
	}
	at := &fields[i]
	for at.Items != nil {
		at = at.Items
	}
	return takes(at.Fields, path[1:])
}
