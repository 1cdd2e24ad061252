// Package gateway lets programs in any language call the platform without its
// secrets. A [Gateway] is an http.Handler: it takes a request with a key of package
// policy, or one signed with a secret of its own, decides whether the key may make
// the call, and sends the request on with the app's signature and the seller's
// token, at the pace that the platform allows. Body and answer go through as they
// are.
//
//	book, err := policy.Open(ctx, policy.File("keys.json"), new(catalog.Catalog))
//	gate, err := gateway.New(gateway.Config{Fleet: fleet, Book: book})
//	server := gateway.NewServer(gate)
//
// A client names the shop in the header X-Ttshop-Shop, by id, code, cipher or name,
// or in the parameter shop_cipher; one whose key is for a single shop needs
// neither. X-Ttshop-Grant names a creator or a partner by open id.
//
// Answers of the gateway's own have the platform's envelope with codes that the
// platform does not have, see [Reason], and a header X-Ttshop-Gateway with the
// reason. A write whose outcome is not known carries X-Ttshop-Outcome: unknown.
package gateway
