package sandbox

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

// handler answers one operation: it appends the data of the answer to c.out,
// or nothing where the answer carries none.
type handler func(c *call) *failure

// route is one operation of the API.
type route struct {
	entry       operations.Entry
	method      string
	path        string // with parameters in braces
	name        string // domain and operation, in the words of the SDK
	scope       string // "" where the catalogue tells it
	needsCipher bool   // shop_cipher, whatever the catalogue says
	maxBody     int64  // of a form; 0 for what the gateway takes
	handle      handler
	limits      map[string]limit // by dotted path of the field

	index int          // position in the catalogue
	shape bool         // answered from the shape of its result, see shape.go
	spec  func() *spec // what the catalogue says; read when it is first needed
}

// router finds the route of a request by walking the segments of its path.
type router struct {
	fixed   map[string]*router
	param   *router
	methods map[string]*route
}

// maxPathParams is the largest number of parameters in a path of the API.
const maxPathParams = 4

// pathParams are the values of the parameters of a path, in order.
type pathParams struct {
	values [maxPathParams]string
	count  int
}

func newRouter(table []*route) *router {
	root := new(router)
	for _, r := range table {
		at := root
		for segment := range strings.SplitSeq(r.path[1:], "/") {
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
			at.methods = map[string]*route{}
		}
		at.methods[r.method] = r
	}
	return root
}

// find returns the routes of an escaped path by method, nil where the API has
// no such path, and the path's parameters. A trailing slash makes another
// path.
func (rt *router) find(path string) (map[string]*route, pathParams) {
	var params pathParams
	rest, ok := strings.CutPrefix(path, "/")
	if !ok {
		return nil, params
	}
	for at := rt; ; {
		segment, tail, more := strings.Cut(rest, "/")
		if next := at.fixed[segment]; next != nil {
			at = next
		} else if at.param != nil && segment != "" && params.count < maxPathParams {
			value, err := url.PathUnescape(segment)
			if err != nil {
				return nil, params
			}
			params.values[params.count] = value
			params.count++
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
