package gate

import (
	"net/url"
	"strings"

	operations "github.com/ttshop-go/ttshop/catalog"
)

// cipherRule says what an operation wants with the parameter shop_cipher.
type cipherRule uint8

const (
	cipherNone cipherRule = iota
	cipherOptional
	cipherRequired
)

// Handler answers one operation: it appends the data of the answer to c.out,
// or nothing where the answer carries none.
type Handler func(c *Call) *Failure

// hold says which lock of the shop an operation runs under.
type hold uint8

const (
	holdNothing hold = iota
	holdForReading
	holdForWriting
)

// Route is one operation of the API.
type Route struct {
	entry  operations.Entry
	Method string
	Path   string // with parameters in braces
	Name   string // domain and operation, in the words of the SDK
	Handle Handler
	hold   hold
	limits map[string]Limit // by dotted path of the field

	index int          // position in the catalogue
	Shape bool         // answered from the shape of its result, see shape.go
	Spec  func() *Spec // what the catalogue says; read when it is first needed
}

// answer runs the operation under the lock that it asks for.
func (r *Route) answer(c *Call) *Failure {
	switch r.hold {
	case holdForReading:
		c.Shop.Mu.RLock()
		defer c.Shop.Mu.RUnlock()
	case holdForWriting:
		c.Shop.Mu.Lock()
		defer c.Shop.Mu.Unlock()
	}
	return r.Handle(c)
}

// router finds the route of a request by walking the segments of its path.
type router struct {
	fixed   map[string]*router
	param   *router
	methods map[string]*Route
}

// maxPathParams is the largest number of parameters in a path of the API.
const maxPathParams = 4

// pathParams are the values of the parameters of a path, in order.
type pathParams struct {
	Values [maxPathParams]string
	Count  int
}

func newRouter(table []*Route) *router {
	root := new(router)
	for _, r := range table {
		at := root
		for segment := range strings.SplitSeq(r.Path[1:], "/") {
			if strings.HasPrefix(segment, "{") {
				if at.param == nil {
					at.param = new(router)
				}
				at = at.param
				continue
			}
			if at.fixed == nil {
				at.fixed = map[string]*router{}
			}
			if at.fixed[segment] == nil {
				at.fixed[segment] = new(router)
			}
			at = at.fixed[segment]
		}
		if at.methods == nil {
			at.methods = map[string]*Route{}
		}
		at.methods[r.Method] = r
	}
	return root
}

// Find returns the routes of an escaped path by method, nil where the API has
// no such path, and the path's parameters. A trailing slash makes another
// path.
func (rt *router) Find(path string) (map[string]*Route, pathParams) {
	var params pathParams
	rest, ok := strings.CutPrefix(path, "/")
	if !ok {
		return nil, params
	}
	for at := rt; ; {
		segment, tail, more := strings.Cut(rest, "/")
		if next := at.fixed[segment]; next != nil {
			at = next
		} else if at.param != nil && segment != "" && params.Count < maxPathParams {
			value, err := url.PathUnescape(segment)
			if err != nil {
				return nil, params
			}
			params.Values[params.Count] = value
			params.Count++
			at = at.param
		} else {
			return nil, params
		}
		if !more {
			return at.methods, params
		}
		rest = tail
	}
}
