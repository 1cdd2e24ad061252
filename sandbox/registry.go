package sandbox

import (
	"fmt"
	"slices"
	"strings"
	"sync"

	operations "github.com/ttshop-go/ttshop/catalog"
)

// registry is what the domains introduce themselves to. Operations go by their
// names in the catalogue, which tells method, path, scopes, cipher and fields;
// a name that it does not know panics.
type registry struct {
	known  *operations.Catalog
	routes map[string]*route // by name
}

func newRegistry() *registry {
	known := new(operations.Catalog)
	entries := known.Operations("")
	r := &registry{known, make(map[string]*route, len(entries))}
	for i, e := range entries {
		added := &route{entry: e, method: e.Method, path: e.Path, name: e.FullName(), index: i, handle: answerFromShape, shape: true}
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
