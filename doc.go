// Package ttshop is a client of the TikTok Shop Open API.
//
// A [Client] does all the ceremony of a call: the parameters app_key and
// timestamp, the signature, the token header, the content type, and the shop
// cipher exactly where an operation declares one. The typed operations are
// methods of the packages below api, one package per domain; [Client.Call]
// reaches any path without types.
//
//	client := ttshop.New(key, secret, ttshop.WithTokenSource(ttshop.StaticToken(token)))
//	shop := client.Shop(cipher)
//	res, err := shop.Call(ctx, "GET", "/order/202309/orders", url.Values{"ids": {id}}, nil)
//
// A nil error means that the platform carried the call out. What it refused is
// an [*Error], what never got an answer a [*TransportError]; both tell their
// class through [errors.Is].
//
// Calls are paced, so that they stay below the platform's throttle, and
// repeated where that cannot do anything twice: see [Pacer] and [RetryPolicy].
// [Prefetch] and [TimeWalk] read much data; [Hooks] tell what happens.
//
// The package reads no environment and keeps no global state. A client is
// immutable and safe for concurrent use.
package ttshop
