package gate

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/ttshop-go/ttshop/sandbox/internal/authority"
	"github.com/ttshop-go/ttshop/sandbox/internal/wire"
)

// tokenHeader carries the access token.
const tokenHeader = "X-Tts-Access-Token"

// sourceHeader says where an answer comes from: "state" of the shop that the
// operation works on, or the "shape" of its result. Answers of the gateway
// lack it.
const sourceHeader = "X-Sandbox-Source"

// warningHeader names a value that passed although the documents do not list it.
const warningHeader = "X-Sandbox-Warning"

// Requests are good from five minutes after they were signed back to half a
// minute before.
const (
	timestampPast   = 5 * time.Minute
	timestampFuture = 30 * time.Second
)

// serve answers a request of the API or of the authorization host.
func (s *Gate) serve(w http.ResponseWriter, c *Call) {
	if effect, id := s.Faults.take(c); effect != nil {
		c.fault, c.Operation = id, c.target().operation
		var done bool
		if w, done = disturb(effect, w, c); done {
			return
		}
	}
	if page := s.Registry.pages[c.Path]; page != nil {
		page(w, c)
		return
	}
	var f *Failure
	success := "Success"
	if exchange := s.Registry.unsigned[c.Path]; exchange != nil {
		success = "success"
		c.Operation = exchange.name
		f = s.exchange(c, exchange)
	} else {
		f = s.handle(c)
	}
	if f != nil {
		c.refuse(f, c.ID)
	} else {
		c.succeed(success, c.ID)
	}
	if c.Source != "" {
		w.Header().Set(sourceHeader, c.Source)
	}
	for _, warning := range c.warnings {
		w.Header().Add(warningHeader, warning)
	}
	WriteJSON(w, c.Status, c.Out)
}

// handle runs the checks and, where the request passes, its operation.
func (s *Gate) handle(c *Call) *Failure {
	if f := s.receive(c); f != nil {
		return f
	}
	s.Changing.RLock()
	defer s.Changing.RUnlock()
	if f := s.admit(c); f != nil {
		return f
	}
	c.Source = "state"
	if c.Route.Shape {
		c.Source = "shape"
	}
	c.State.World.Settle(c.Now)
	return c.Route.answer(c)
}

// exchange runs an operation of the authorization host.
func (s *Gate) exchange(c *Call, e *endpoint) *Failure {
	s.Changing.RLock()
	defer s.Changing.RUnlock()
	return e.handle(c)
}

// receive finds the operation of a request and reads its body. With admit it
// runs the checks of the gateway in their order: path before app key and
// app key before signature are observed, the rest is inferred.
func (s *Gate) receive(c *Call) *Failure {
	// A known path with another date is unknown too.
	methods, params := s.Router.Find(c.Path)
	if methods == nil {
		return Fail(codePathUnknown, "no such path: ", strconv.Quote(c.Path))
	}
	c.Route, c.Params = methods[c.Request.Method], params
	if c.Route == nil {
		return Fail(CodeMethodNotAllowed, "Invalid method. The HTTP method used is not supported by this endpoint.")
	}
	c.Operation = c.Route.Name
	if end := c.Route.entry.Sunset; s.Settings.RetireSunsets && end != "" && c.Now.UTC().Format(time.DateOnly) >= end {
		return Fail(codeVersionRetired, "the version ", c.Route.entry.Version(), " of this path ended on ", end)
	}
	if f := c.readBody(); f != nil {
		return f
	}
	return c.checkContentType()
}

// admit checks who calls and whether they may.
func (s *Gate) admit(c *Call) *Failure {
	key, _ := wire.Lookup(c.Query, "app_key")
	if c.App = c.State.Authority.App(key); c.App == nil {
		return Fail(CodeInvalidParameter, "Invalid credentials. Invalid 'app_key' query parameter.", c.details())
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
	if !s.Limiter.allow(c) {
		return Fail(CodeThrottled, gatewayMessage(CodeThrottled))
	}
	return c.checkFields(&c.Verdict, s.Settings.StrictBodies)
}

func (c *Call) checkTimestamp() *Failure {
	value, _ := wire.Lookup(c.Query, "timestamp")
	if value == "" {
		return Missing("timestamp")
	}
	seconds, err := strconv.ParseInt(value, 10, 64)
	switch now := c.Now.Unix(); {
	case err != nil:
		return Fail(CodeInvalidParameter, "'timestamp' is not a number of Unix seconds")
	case seconds < 0:
		return Fail(CodeInvalidParameter, "'timestamp' is negative, it takes Unix seconds")
	case seconds < now-int64(timestampPast/time.Second):
		return Fail(CodeInvalidParameter, "'timestamp' is more than 5 minutes old, the request has expired")
	case seconds > now+int64(timestampFuture/time.Second):
		return Fail(CodeInvalidParameter, "'timestamp' is more than 30 seconds in the future, it takes seconds of the current time")
	}
	return nil
}

func (c *Call) checkSignature() *Failure {
	sign, _ := wire.Lookup(c.Query, "sign")
	if sign == "" {
		return Fail(CodeInvalidParameter, "missing credentials: 'sign' is required")
	}
	signed := wire.Message{
		Method:    c.Request.Method,
		Path:      c.Path,
		Query:     c.Query,
		Multipart: c.MediaType() == "multipart/form-data",
		Body:      c.Body,
	}
	ok := c.App.Verifier.Verify(signed, sign)
	if decoded := c.Request.URL.Path; !ok && decoded != c.Path {
		// Official samples disagree on whether the path is signed as it is sent.
		signed.Path = decoded
		ok = c.App.Verifier.Verify(signed, sign)
	}
	c.signed = &ok
	if !ok {
		c.explanation = c.explain()
		return Fail(codeSignature, gatewayMessage(codeSignature), c.details())
	}
	return nil
}

func (c *Call) checkToken() *Failure {
	// The place of the token in older versions, the query, is not looked at.
	value := c.Request.Header.Get(tokenHeader)
	token := c.State.Authority.Access(value, c.App)
	switch {
	case value == "":
		return Fail(CodeInvalidParameter, "header 'x-tts-access-token' is missing")
	case token == nil:
		return Fail(CodeInvalidParameter, "header 'x-tts-access-token' is not an access token of this app")
	case token.Revoked:
		return Fail(codeTokenInvalid, gatewayMessage(codeTokenInvalid))
	case c.Now.Unix() >= token.Expires:
		return Fail(codeTokenExpired, gatewayMessage(codeTokenExpired))
	}
	if scopes := c.Route.Spec().AnyScope; len(scopes) > 0 && !slices.ContainsFunc(scopes, func(scope string) bool {
		return slices.Contains(token.Scopes, scope)
	}) {
		return Fail(codeScopeMissing, gatewayMessage(codeScopeMissing), " '", strings.Join(scopes, "' or '"), "'.")
	}
	if c.Gate.Settings.StrictUserType && token.UserType == authority.UserSeller && c.Route.Spec().forOthers() {
		return Fail(codeTokenInvalid, "access token is invalid; detail:your user type can not access this interface")
	}
	c.Grant = &token.Grant
	return nil
}

// details ends a refusal as the platform does, which links to a guide there. The
// page here shows what is wrong with the request.
func (c *Call) details() string { return " For more details: " + c.BaseURL() + "/_sandbox/" }

func (c *Call) checkCipher() *Failure {
	cipher, _ := wire.Lookup(c.Query, "shop_cipher")
	switch c.Route.Spec().Cipher {
	case cipherNone:
		if cipher != "" && !c.Gate.Settings.LenientCipher {
			return unneeded("shop_cipher")
		}
		return nil
	case cipherRequired:
		if cipher == "" {
			return Fail(codeCipherMissing, "Missing identifier. The 'shop_cipher' query parameter is required to identify the target shop.")
		}
	}
	if cipher == "" {
		return nil
	}
	for _, shop := range c.Grant.Shops {
		if shop.Cipher == cipher {
			c.Shop = shop
			return nil
		}
	}
	return Fail(codeIdentity, "'shop_cipher' is not that of a shop that the access token may act for")
}

// unneeded refuses a cipher that the operation does not take, in the words that
// were recorded. Clients send an empty one everywhere, and no refusal of that is
// recorded.
func unneeded(name string) *Failure {
	return Fail(CodeInvalidParameter, "The '", name, "' query parameter is not required for this request")
}

// checkAssetCipher checks category_asset_cipher. What a missing one answers is
// not documented; it is a mandatory parameter like others here.
func (c *Call) checkAssetCipher() *Failure {
	const name = "category_asset_cipher"
	cipher, _ := wire.Lookup(c.Query, name)
	rule := c.Route.Spec().asset
	switch {
	case rule == cipherNone && cipher != "" && !c.Gate.Settings.LenientCipher:
		return unneeded(name)
	case rule == cipherNone || rule == cipherOptional && cipher == "":
		return nil
	case cipher == "":
		return Missing(name)
	case cipher != c.Grant.AssetCipher:
		return Fail(codeIdentity, "'", name, "' is not that of an asset that the access token may act for")
	}
	return nil
}
