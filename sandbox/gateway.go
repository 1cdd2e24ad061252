package sandbox

import (
	"cmp"
	"errors"
	"io"
	"mime"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// tokenHeader carries the access token.
const tokenHeader = "X-Tts-Access-Token"

// sourceHeader says where an answer comes from: "state" of the shop that the
// operation works on, or the "shape" of its result. Answers of the gateway
// lack it.
const sourceHeader = "X-Sandbox-Source"

// Requests are good from five minutes after they were signed back to half a
// minute before.
const (
	timestampPast   = 5 * time.Minute
	timestampFuture = 30 * time.Second
)

// The bodies that the gateway takes. Above an operation's own limit and below
// the gateway's, the operation answers.
const (
	maxJSONBody      = 10 << 20
	maxMultipartBody = 20 << 20
	maxAhead         = 64 << 10 // room that is made for a body before it comes
)

// call is one request on its way through the checks. Calls are reused.
type call struct {
	sb      *Sandbox
	state   *state
	request *http.Request
	now     time.Time
	id      string // the request id
	path    string // as on the wire

	route  *route
	params pathParams
	query  []param
	body   []byte
	app    *app
	grant  *grant
	shop   *shop // nil where the request names none

	out []byte // the answer so far, see envelopeStart

	signed      *bool  // the verdict on the signature, nil where none was checked
	explanation string // of a wrong one
	operation   string
	source      string // see sourceHeader
	fault       string // id of the one that hit
	status      int
	code        int
	base        string
}

func (c *call) begin(s *Sandbox, r *http.Request) {
	st := s.state.Load()
	now := s.clock.Now()
	*c = call{
		sb: s, state: st, request: r, now: now,
		id:    st.ids.new(now),
		path:  r.URL.EscapedPath(),
		query: parseQuery(c.query[:0], r.URL.RawQuery),
		body:  c.body[:0],
		out:   append(c.out[:0], envelopeStart...),
	}
}

// end drops what a reused call must not keep.
func (c *call) end() {
	const keep = 1 << 20
	if cap(c.body) > keep {
		c.body = nil
	}
	if cap(c.out) > keep {
		c.out = nil
	}
	clear(c.query)
	*c = call{query: c.query[:0], body: c.body[:0], out: c.out[:0]}
}

// serve answers a request of the API or of the authorization host.
func (s *Sandbox) serve(w http.ResponseWriter, c *call) {
	if effect, id := s.faults.take(c); effect != nil {
		c.fault = id
		var done bool
		if w, done = effect.disturb(w, c); done {
			return
		}
	}
	if page := authorizePage(c.path); page != nil {
		page(w, c)
		return
	}
	var f *failure
	success := "Success"
	if exchange := tokenEndpoint(c.path); exchange != nil {
		success = "success"
		c.operation = exchange.name
		f = s.exchange(c, exchange)
	} else {
		f = s.handle(c)
	}
	c.status = http.StatusOK
	if f != nil {
		c.status, c.code = f.status, f.code
		c.out = appendFailure(c.out[:0], f, c.id)
	} else {
		c.out = closeEnvelope(c.out, success, c.id)
	}
	if c.source != "" {
		w.Header().Set(sourceHeader, c.source)
	}
	writeJSON(w, c.status, c.out)
}

// handle runs the checks and, where the request passes, its operation.
func (s *Sandbox) handle(c *call) *failure {
	if f := s.receive(c); f != nil {
		return f
	}
	s.gate.RLock()
	defer s.gate.RUnlock()
	if f := s.admit(c); f != nil {
		return f
	}
	c.source = "state"
	if c.route.shape {
		c.source = "shape"
	}
	c.state.world.settle(c.now)
	return c.route.handle(c)
}

// exchange runs an operation of the authorization host.
func (s *Sandbox) exchange(c *call, e *endpoint) *failure {
	s.gate.RLock()
	defer s.gate.RUnlock()
	return e.handle(c)
}

// receive finds the operation of a request and reads its body. With admit it
// makes up the checks of the gateway in their order: path before app key and
// app key before signature are observed, the rest is inferred.
func (s *Sandbox) receive(c *call) *failure {
	// A known path with another date is unknown too. 36009014, for a version
	// that is not valid, is documented but was never seen.
	methods, params := s.router.find(c.path)
	if methods == nil {
		return fail(codePathUnknown, "no such path: ", strconv.Quote(c.path))
	}
	c.route, c.params = methods[c.request.Method], params
	if c.route == nil {
		return fail(codeMethodNotAllowed, "method ", c.request.Method, " is not allowed on this path")
	}
	c.operation = c.route.name
	if f := c.readBody(); f != nil {
		return f
	}
	return c.checkContentType()
}

// admit checks who calls and whether they may.
func (s *Sandbox) admit(c *call) *failure {
	key, _ := lookup(c.query, "app_key")
	if c.app = c.state.authority.app(key); c.app == nil {
		return fail(codeInvalidParameter, "'app_key' is missing or does not belong to an app")
	}
	if f := c.checkTimestamp(); f != nil {
		return f
	}
	if f := c.checkSignature(); f != nil {
		return f
	}
	if f := c.checkToken(); f != nil {
		return f
	}
	if f := c.checkCipher(); f != nil {
		return f
	}
	if f := c.checkAssetCipher(); f != nil {
		return f
	}
	if !s.limiter.allow(c) {
		return fail(codeThrottled, gatewayMessage(codeThrottled))
	}
	return c.checkFields()
}

// readBody reads the body, which the signature covers.
func (c *call) readBody() *failure {
	limit := int64(maxJSONBody)
	if c.route.spec().multipart {
		limit = cmp.Or(c.route.maxBody, maxMultipartBody)
	}
	tooLarge := func() *failure {
		return fail(codeTooLarge, "the body is larger than ", strconv.FormatInt(limit, 10), " bytes")
	}
	r := c.request
	if r.ContentLength > limit {
		return tooLarge()
	}
	if r.Body == nil || r.ContentLength == 0 {
		return nil
	}
	if r.ContentLength > 0 {
		// What is announced has not come yet.
		c.body = slices.Grow(c.body, int(min(r.ContentLength+1, maxAhead)))
	}
	for body := io.LimitReader(r.Body, limit+1); ; {
		if len(c.body) == cap(c.body) {
			c.body = slices.Grow(c.body, 4096)
		}
		n, err := body.Read(c.body[len(c.body):cap(c.body)])
		c.body = c.body[:len(c.body)+n]
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return fail(codeInvalidParameter, "the body ended early")
		}
	}
	if int64(len(c.body)) > limit {
		return tooLarge()
	}
	return nil
}

// mediaType returns the media type of the body in lower case, or "".
func (c *call) mediaType() string {
	value := c.request.Header.Get("Content-Type")
	if value == "application/json" {
		return value
	}
	// Parameters are not the gateway's business, so a broken one does not
	// matter here.
	mediaType, _, err := mime.ParseMediaType(value)
	if err != nil && !errors.Is(err, mime.ErrInvalidMediaParameter) {
		return ""
	}
	return mediaType
}

// checkContentType looks at requests with a body only: a type without a body
// means nothing.
func (c *call) checkContentType() *failure {
	if len(c.body) == 0 {
		return nil
	}
	switch mediaType := c.mediaType(); {
	case c.route.spec().multipart && mediaType != "multipart/form-data":
		return fail(codeMultipartOnly, "'content-type' must be multipart/form-data")
	case !c.route.spec().multipart && mediaType != "application/json":
		return fail(codeContentType, "'content-type' must be application/json")
	}
	return nil
}

func (c *call) checkTimestamp() *failure {
	value, _ := lookup(c.query, "timestamp")
	if value == "" {
		return missing("timestamp")
	}
	seconds, err := strconv.ParseInt(value, 10, 64)
	switch now := c.now.Unix(); {
	case err != nil:
		return fail(codeInvalidParameter, "'timestamp' is not a number of Unix seconds")
	case seconds < 0:
		return fail(codeInvalidParameter, "'timestamp' is negative, it takes Unix seconds")
	case seconds < now-int64(timestampPast/time.Second):
		return fail(codeInvalidParameter, "'timestamp' is more than 5 minutes old, the request has expired")
	case seconds > now+int64(timestampFuture/time.Second):
		return fail(codeInvalidParameter, "'timestamp' is more than 30 seconds in the future, it takes seconds of the current time")
	}
	return nil
}

func (c *call) checkSignature() *failure {
	sign, _ := lookup(c.query, "sign")
	if sign == "" {
		return fail(codeInvalidParameter, "missing credentials: 'sign' is required")
	}
	ok := c.app.verifier.verify(message{
		method:    c.request.Method,
		path:      c.path,
		query:     c.query,
		multipart: c.mediaType() == "multipart/form-data",
		body:      c.body,
	}, sign)
	c.signed = &ok
	if !ok {
		c.explanation = c.explain()
		return fail(codeSignature, gatewayMessage(codeSignature))
	}
	return nil
}

func (c *call) checkToken() *failure {
	// The place of the token in older versions, the query, is not looked at.
	value := c.request.Header.Get(tokenHeader)
	token := c.state.authority.access(value, c.app)
	switch {
	case value == "":
		return fail(codeInvalidParameter, "header 'x-tts-access-token' is missing")
	case token == nil:
		return fail(codeInvalidParameter, "header 'x-tts-access-token' holds no access token of this app")
	case token.revoked:
		return fail(codeTokenInvalid, gatewayMessage(codeTokenInvalid))
	case c.now.Unix() >= token.expires:
		return fail(codeTokenExpired, gatewayMessage(codeTokenExpired))
	}
	if scopes := c.route.spec().scopes; len(scopes) > 0 && !slices.ContainsFunc(scopes, func(scope string) bool {
		return slices.Contains(token.scopes, scope)
	}) {
		return fail(codeScopeMissing, "the access token lacks the scope '", strings.Join(scopes, "' or '"), "'")
	}
	c.grant = token.grant
	return nil
}

func (c *call) checkCipher() *failure {
	cipher, sent := lookup(c.query, "shop_cipher")
	switch c.route.spec().cipher {
	case cipherNone:
		if sent && c.sb.config.RejectUnexpectedCipher {
			return fail(codeInvalidParameter, "unexpected identifier 'shop_cipher'")
		}
		return nil
	case cipherRequired:
		if cipher == "" {
			return fail(codeCipherMissing, "'shop_cipher' is required")
		}
	}
	if cipher == "" {
		return nil
	}
	for _, shop := range c.grant.shops {
		if shop.Cipher == cipher {
			c.shop = shop
			return nil
		}
	}
	return fail(codeIdentity, "'shop_cipher' names no shop that the access token may act for")
}

// checkAssetCipher checks category_asset_cipher. What a missing one answers is
// not documented; it is a mandatory parameter like others here.
func (c *call) checkAssetCipher() *failure {
	const name = "category_asset_cipher"
	cipher, sent := lookup(c.query, name)
	rule := c.route.spec().asset
	switch {
	case rule == cipherNone && sent && c.sb.config.RejectUnexpectedCipher:
		return fail(codeInvalidParameter, "unexpected identifier '", name, "'")
	case rule == cipherNone || rule == cipherOptional && cipher == "":
		return nil
	case cipher == "":
		return missing(name)
	case cipher != c.grant.assetCipher:
		return fail(codeIdentity, "'", name, "' names no asset that the access token may act for")
	}
	return nil
}

// param returns a parameter of the path by position.
func (c *call) param(i int) string { return c.params.values[i] }

// baseURL is the address under which the caller reached the sandbox, for
// links in answers.
func (c *call) baseURL() string {
	if c.base == "" {
		scheme := "http://"
		if c.request.TLS != nil {
			scheme = "https://"
		}
		c.base = scheme + c.request.Host
	}
	return c.base
}

// record describes the request for the log.
func (c *call) record(duration time.Duration) logRecord {
	const longest = 512 // keeps the log small whatever is sent
	path := c.path
	if len(path) > longest {
		path = strings.ToValidUTF8(path[:longest], "")
	}
	return logRecord{
		Time: c.now.UTC(),
		// Parts of the request line would keep all of it, query included.
		Method:      strings.Clone(c.request.Method),
		Path:        strings.Clone(path),
		Operation:   c.operation,
		Status:      c.status,
		Code:        c.code,
		RequestID:   c.id,
		SignatureOK: c.signed,
		DurationMS:  float64(duration) / float64(time.Millisecond),
	}
}
