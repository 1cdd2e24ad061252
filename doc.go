// Package ttshop is a client of the TikTok Shop Open API.
//
// A [Client] takes care of the ceremony of a call: the parameters app_key and
// timestamp, the signature, the token header, the content type, and the shop
// cipher exactly where an operation declares one. The typed operations are
// methods of the packages below api, one package per domain; [Client.Call]
// reaches any path without types.
//
//	client := ttshop.New(key, secret, ttshop.WithTokenSource(ttshop.StaticToken(token)))
//	shop := client.Shop(cipher)
//	res, err := shop.Call(ctx, "GET", "/order/202309/orders", url.Values{"ids": {id}}, nil)
//
// A nil error means that the platform carried out the call. A refusal is an
// [*Error], a call without an answer a [*TransportError]; both have classes that
// [errors.Is] matches. Single items of a call may fail although it succeeds: see
// [ItemErrors] and [ItemsAsErrors].
//
// Calls are paced to stay below the platform's throttle, and repeated when that
// cannot do anything twice: see [Pacer] and [RetryPolicy]. [Prefetch] and
// [TimeWalk] read large amounts of data; [Hooks] report what happens.
//
// The package reads no environment variables and keeps no global state. A client is
// immutable and safe for concurrent use.
package ttshop
