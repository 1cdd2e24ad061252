package gate

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"

	operations "github.com/ttshop-go/ttshop/catalog"
	"github.com/ttshop-go/ttshop/sandbox/internal/keep"
	"github.com/ttshop-go/ttshop/sandbox/internal/world"
	"github.com/ttshop-go/ttshop/webhook/event"
)

// Registry is what the domains introduce themselves to. Operations go by their
// names in the catalogue, which tells method, path, scopes, cipher and fields;
// a name that it does not know panics.
type Registry struct {
	known  *operations.Catalog
	routes map[string]*Route // by name

	Fallback  Handler // answers operations that no domain binds
	unsigned  map[string]*endpoint
	pages     map[string]func(w http.ResponseWriter, c *Call)
	Endpoints []ControlEndpoint
	Public    []ControlEndpoint

	WorldParts []func(w *world.World) keep.Part
	ShopParts  []func(s *world.Shop) keep.Part
	Deadlines  map[string]func(s *world.Shop, d world.Deadline)
	Restores   []func(s *world.Shop)

	WorldChecks []func(w *world.World) error
	ShopChecks  []func(s *world.Shop) error

	Samples []func(s *world.Shop, t event.Type) map[string][]string
	Bare    map[event.Type]func(data json.RawMessage) any
}

// endpoint is an unsigned operation of the authorization host.
type endpoint struct {
	name   string
	handle Handler
}

// ControlEndpoint is an endpoint that steers the sandbox.
type ControlEndpoint struct {
	Pattern string // of a [http.ServeMux]
	Help    string // lines of the overview; "" where another endpoint's say it
	Handle  func(s *Gate, w http.ResponseWriter, r *http.Request)
	Alone   bool // takes the lock of changes itself, and reads its body
}

// NewRegistry returns a registry without state: a fallback answers everything.
func NewRegistry(fallback Handler) *Registry {
	known := new(operations.Catalog)
	entries := known.Operations("")
	r := &Registry{
		known: known, routes: make(map[string]*Route, len(entries)), Fallback: fallback,
		unsigned: map[string]*endpoint{}, pages: map[string]func(http.ResponseWriter, *Call){},
		Deadlines: map[string]func(*world.Shop, world.Deadline){}, Bare: map[event.Type]func(json.RawMessage) any{},
	}
	for i, e := range entries {
		added := &Route{entry: e, Method: e.Method, Path: e.Path, Name: e.FullName(), index: i, Handle: fallback, Shape: true}
		added.Spec = sync.OnceValue(func() *Spec { return newSpec(known, added) })
		r.routes[added.Name] = added
	}
	return r
}

func (r *Registry) route(operation string) *Route {
	found := r.routes[operation]
	if found == nil {
		panic("sandbox: the catalogue has no operation " + operation)
	}
	return found
}

// Read binds an operation that looks at the shop that it names. The gate holds
// the shop's lock for reading while the handler runs.
func (r *Registry) Read(operation string, h Handler) { r.bind(operation, h, holdForReading) }

// Write binds an operation that changes the shop that it names. The gate holds
// the shop's lock while the handler runs.
func (r *Registry) Write(operation string, h Handler) { r.bind(operation, h, holdForWriting) }

// Handle binds an operation that touches no shop, or whose handler takes the
// locks itself: it finds the shop by an id, or works on several.
func (r *Registry) Handle(operation string, h Handler) { r.bind(operation, h, holdNothing) }

func (r *Registry) bind(operation string, h Handler, lock hold) {
	bound := r.route(operation)
	if !bound.Shape {
		panic("sandbox: " + operation + " is bound twice")
	}
	bound.Handle, bound.hold, bound.Shape = h, lock, false
}

// Limit says what is special about the limit of a field of some operations. The
// path of the field is dotted, without brackets.
func (r *Registry) Limit(field string, l Limit, operations ...string) {
	for _, operation := range operations {
		limited := r.route(operation)
		if _, twice := limited.limits[field]; twice {
			panic("sandbox: the limit of " + field + " of " + operation + " is set twice")
		}
		if limited.limits == nil {
			limited.limits = map[string]Limit{}
		}
		limited.limits[field] = l
	}
}

// Endpoint binds an unsigned operation of the authorization host to its path.
// Only the plain query form is served: nothing official knows a JSON form.
func (r *Registry) Endpoint(path, name string, h Handler) { r.unsigned[path] = &endpoint{name, h} }

// Page binds a page for people of the authorization host to its path.
func (r *Registry) Page(path string, show func(w http.ResponseWriter, c *Call)) { r.pages[path] = show }

// Steer adds control endpoints, in the order of the overview.
func (r *Registry) Steer(list ...ControlEndpoint) { r.Endpoints = append(r.Endpoints, list...) }

// Serve adds a path that everyone may read, such as what links in answers lead
// to.
func (r *Registry) Serve(pattern string, h func(s *Gate, w http.ResponseWriter, r *http.Request)) {
	r.Public = append(r.Public, ControlEndpoint{Pattern: pattern, Handle: h})
}

// WorldPart adds pieces of what shops share to the snapshots.
func (r *Registry) WorldPart(of ...func(w *world.World) keep.Part) {
	r.WorldParts = append(r.WorldParts, of...)
}

// ShopPart adds pieces of every shop to the snapshots.
func (r *Registry) ShopPart(of ...func(s *world.Shop) keep.Part) {
	r.ShopParts = append(r.ShopParts, of...)
}

// Deadline says what happens when a deadline of a kind has come. The shop's
// lock is held.
func (r *Registry) Deadline(kind string, come func(s *world.Shop, d world.Deadline)) {
	if r.Deadlines[kind] != nil {
		panic("sandbox: deadlines of the kind " + kind + " are bound twice")
	}
	r.Deadlines[kind] = come
}

// WorldCheck adds what must hold of what shops share once all parts of a snapshot
// are read, such as that what one names another has. An error has the place that
// is wrong, from the name of the part on. Nothing is replaced until all is
// checked.
func (r *Registry) WorldCheck(check func(w *world.World) error) {
	r.WorldChecks = append(r.WorldChecks, check)
}

// ShopCheck adds what must hold of every shop, like [Registry.WorldCheck].
func (r *Registry) ShopCheck(check func(s *world.Shop) error) {
	r.ShopChecks = append(r.ShopChecks, check)
}

// Restored adds what follows from the parts of a shop and is not kept itself. It
// runs once all parts of the shop are read.
func (r *Registry) Restored(follow func(s *world.Shop)) { r.Restores = append(r.Restores, follow) }

// Sample adds what names things of a shop in the samples of webhooks, by the
// names of fields. The shop's lock is held for reading.
func (r *Registry) Sample(ids func(s *world.Shop, t event.Type) map[string][]string) {
	r.Samples = append(r.Samples, ids)
}

// BareBody gives a type of webhook a form without the envelope.
func (r *Registry) BareBody(t event.Type, of func(data json.RawMessage) any) { r.Bare[t] = of }

// All returns the operations in the order of the catalogue.
func (r *Registry) All() []*Route {
	list := make([]*Route, len(r.routes))
	for _, bound := range r.routes {
		list[bound.index] = bound
	}
	return list
}

// checkLimits panics where a limit is set for a field that the operation does
// not take.
func (s *Spec) checkLimits(name string) {
	for field := range s.limits {
		path := strings.Split(field, ".")
		if !takes(s.Query, path) && !takes(s.Body, path) {
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
