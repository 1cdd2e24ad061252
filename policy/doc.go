// Package policy says who may call what. A [Key] belongs to one client, such as
// an ERP or an assistant, and names the operations and the shops that it may
// use; [Rules] decide about one call and say which rule decided. The gateway
// and whatever else calls the platform for somebody use the same rules.
//
//	book, err := policy.Open(ctx, policy.File("/etc/ttshop/keys.json"), new(catalog.Catalog))
//	client, decision := book.Rules().Authenticate(presented, time.Now())
//	if client != nil {
//		decision = client.Decide(policy.Request{Operation: "order.GetOrderList", Shop: shop})
//	}
//
// The default is deny, and a deny wins over an allow. What only reads is the
// catalogue's judgement, not that of the HTTP method.
//
// A key is shown once, when it is made; what is kept is its SHA-256. A key is 256
// random bits, so that nothing slower is needed. A secret that signatures are
// verified with has to be recoverable: it is kept sealed, see [Sealer].
package policy
