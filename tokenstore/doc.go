// Package tokenstore keeps the grants of sellers, creators and partners, and
// keeps their tokens fresh, for any number of processes at once.
//
// A [Store] holds grants: [Memory], an encrypted [File], or SQLite and PostgreSQL
// from package sqlstore. A [Fleet] is the grants of one app in a store: it fetches
// the shops of each grant, refreshes tokens, and gives a client for any shop.
//
//	keys, err := tokenstore.ParseKeys(os.Getenv("TOKEN_KEY"))
//	store, err := tokenstore.Open(ctx, "file:/var/lib/app/tokens", keys)
//	fleet := tokenstore.NewFleet(app, store, tokenstore.FleetConfig{})
//	grant, err := fleet.Authorize(ctx, callback.Code)     // once per seller
//	shop, err := fleet.Shop(ctx, "7494049642642441621")   // by id, cipher or code
//	orders := order.New(shop)
//
// A [Keeper] beside the fleet refreshes grants that nobody uses and answers
// health checks. Several on one store share the work.
//
// # What is safe, and what cannot be
//
// A refresh runs under the store's lock for that grant. Whoever gets the lock
// reads the grant again and uses the token if another process has stored a new
// one; only otherwise does it ask the platform. Before that it stores its
// [Intent], which reserves space for the result; if the store does not accept it,
// the refresh token is not spent, and the old access token is used for as long as
// it lives. The platform's answer is stored before anyone uses it. So one process
// refreshes and all have the result, and a process that finds an intent without a
// result tries the old refresh token once before the grant counts as lost.
//
// One window stays open. The platform does not say whether it ends the old
// refresh token when it issues a new one. If it does, and a process is killed or
// its machine loses power or network after the platform has issued the new token
// but before the store has it, the only copy is lost, and the user must authorize
// the app again. Nothing on this side can close that window, since the token
// endpoint has no idempotency key and no second phase. It lasts one response and
// one save. If the store is unavailable at that moment, the token is not lost
// while the process lives: it is kept in memory with the lock, used, and saved as
// soon as the store is back; [Fleet.Close] tries one last time and reports what it
// could not save.
package tokenstore
