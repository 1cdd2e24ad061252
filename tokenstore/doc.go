// Package tokenstore keeps the grants of sellers, creators and partners, and
// keeps their tokens fresh, for any number of processes at once.
//
// A [Store] holds grants: [Memory], a [File] that is encrypted, or SQLite and
// PostgreSQL from package sqlstore. A [Fleet] is the grants of one app over a
// store: it fetches the shops of each grant, refreshes tokens, and gives a
// client for any shop.
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
// reads the grant again, uses the token that another process put there, and only
// otherwise asks the platform. Before that it stores its [Intent], which takes
// the room of the result; where the store does not take it, the refresh token is
// not spent, and the old access token serves as long as it lives. What the
// platform answers is stored before anyone uses it. So one process refreshes and
// all have the result, and who finds an intent without a result tries the old
// refresh token once before the grant counts as lost.
//
// One window stays open. The platform does not say whether it ends the old
// refresh token when it gives a new one; if it does, then a process that is
// killed, or a machine that loses its power or its network, after the platform
// issued the new token and before the store has it, takes the only copy along,
// and the user must authorize the app again. Nothing on this side can close
// that window, since the token endpoint knows no idempotency key and no second
// phase. It is as short as the answer's way and one save. A store that is away
// at that moment does not lose the token while the process lives: it is kept in
// memory with the lock, used, and saved as soon as the store is back;
// [Fleet.Close] tries a last time and says what it could not save.
package tokenstore
