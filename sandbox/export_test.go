package sandbox

import (
	"net/http"
	"time"
)

// VerifyRequest lets the tests hold the verifier against the client's signer.
// It reads the request as the gateway does.
func VerifyRequest(secret string, legacy bool, r *http.Request, body []byte) bool {
	c := &call{request: r, body: body, query: parseQuery(nil, r.URL.RawQuery)}
	sign, _ := lookup(c.query, "sign")
	return newVerifier(secret, legacy).verify(message{
		method:    r.Method,
		path:      r.URL.EscapedPath(),
		query:     c.query,
		multipart: c.mediaType() == "multipart/form-data",
		body:      body,
	}, sign)
}

// ImageSize lets the tests feed the header parsers.
func ImageSize(data []byte) (width, height int, mediaType string, code int) {
	width, height, mediaType, f := inspect(data)
	if f != nil {
		return 0, 0, "", f.code
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

// Operations lists the routes.
func Operations() (list []Operation) {
	for _, r := range newWiring().all() {
		spec := r.spec()
		cipher := map[cipherRule]string{cipherOptional: "optional", cipherRequired: "required"}[spec.cipher]
		list = append(list, Operation{r.method, r.path, r.name, spec.scopes, cipher, r.shape})
	}
	return list
}

// LogCapacity is the size of the request log.
const LogCapacity = logCapacity

// Code128 lets the tests measure barcodes.
func Code128(text string) []int { return code128(text) }

// DeliveryTimeout sets how long a webhook's receiver may take to answer. It is
// for sandboxes that have delivered nothing yet.
func (s *Sandbox) DeliveryTimeout(d time.Duration) { s.notifier.dispatch.client.Timeout = d }

// PrettyJSON lets the tests feed the printer of the pages.
func PrettyJSON(text string) string { return string(prettyJSON(text)) }

// Distance lets the tests read how pages write how far off a moment is.
func Distance(d time.Duration) string { return distance(d) }
