package sandbox

import (
	"slices"

	"net/http"
	"time"

	"github.com/ttshop-go/ttshop/sandbox/internal/domain/media"
	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
	"github.com/ttshop-go/ttshop/sandbox/internal/wire"
	"github.com/ttshop-go/ttshop/sandbox/internal/wiring"
)

// VerifyRequest lets the tests hold the verifier against the client's signer.
// It reads the request as the gateway does.
func VerifyRequest(secret string, legacy bool, r *http.Request, body []byte) bool {
	c := gate.Wire{Request: r, Body: body, Query: wire.ParseQuery(nil, r.URL.RawQuery)}
	sign, _ := wire.Lookup(c.Query, "sign")
	return wire.NewVerifier(secret, legacy).Verify(wire.Message{
		Method:    r.Method,
		Path:      r.URL.EscapedPath(),
		Query:     c.Query,
		Multipart: c.MediaType() == "multipart/form-data",
		Body:      body,
	}, sign)
}

// ImageSize lets the tests feed the header parsers.
func ImageSize(data []byte) (width, height int, mediaType string, code int) {
	width, height, mediaType, f := media.Inspect(data)
	if f != nil {
		return 0, 0, "", f.Code
	}
	return width, height, mediaType, 0
}

// Operation is a route as the tests see it.
type Operation struct {
	Method, Path, Name string
	Scopes             []string
	Cipher             string // as in the catalogue: "", "optional" or "required"
	Shape              bool   // answered from the shape of its result
}

// Operations lists the routes. The one that gives a shop up comes last: whoever
// calls all of them needs the shop for the others.
func Operations() (list []Operation) {
	routes := wiring.NewRegistry().All()
	gives := slices.IndexFunc(routes, func(r *gate.Route) bool { return r.Name == "authorization.DeauthorizeShop" })
	routes = append(slices.Delete(slices.Clone(routes), gives, gives+1), routes[gives])
	for _, r := range routes {
		spec := r.Spec()
		list = append(list, Operation{r.Method, r.Path, r.Name, spec.AnyScope, string(spec.ShopCipher), r.Shape})
	}
	return list
}

// LogCapacity is the size of the request log.
const LogCapacity = gate.LogCapacity

// DeliveryTimeout sets how long a webhook's receiver may take to answer. It is
// for sandboxes that have delivered nothing yet.
func (s *Sandbox) DeliveryTimeout(d time.Duration) { s.notifier.Dispatch.Client.Timeout = d }
