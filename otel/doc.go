// Package ttshopotel reports the calls of a ttshop client to OpenTelemetry.
//
//	hooks, err := ttshopotel.New()
//	…
//	client := ttshop.New(key, secret, ttshop.WithHooks(hooks), …)
//
// A call is a span named after the operation; every try within it is a client span
// with the same name with the attributes of the HTTP conventions. The attribute
// url.full is left out: the URL carries the signature.
//
// The metrics are
//
//	ttshop.call.duration           seconds of a call, waits included
//	ttshop.call.tries              tries of a call
//	ttshop.wait.duration           seconds that a try waited for backoff and pacing
//	http.client.request.duration   seconds of a try
//	ttshop.token.remaining         seconds until the access token expires, by shop
//	ttshop.pace.rate, .limit       calls per second at present and at most, with WithPacer
//	ttshop.pace.waiting            calls waiting for their turn, with WithPacer
package ttshopotel
