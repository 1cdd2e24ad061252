// Package sandbox is a local emulator of the TikTok Shop Open API and of its
// authorization host: one [net/http.Handler] that checks requests as strictly
// as the platform does and answers from a small world of shops, products and
// orders that reacts to writes.
//
//	sb, err := sandbox.New(sandbox.Config{})
//	…
//	server := httptest.NewServer(sb)
//	credentials := sb.Credentials() // app key and secret, tokens, shops
//
// Every request runs through the same checks in the same order: path, method,
// content type, app key, timestamp, signature, access token, scope, shop
// cipher, throttle, fields, business rules. The first check that fails decides
// the answer.
//
// The world is made from a seed. Two sandboxes with equal seeds whose clocks
// start at the same second answer the same requests with the same bytes.
//
// The paths under /_sandbox/ do not belong to the platform: there a test can
// move the clock, inject faults, read the request log and start over, and there
// people find a page that does the same.
//
// The package shares no code with the client: it has its own verifier, so that
// a mistake in one of the two shows.
package sandbox
