// Package sqlstore keeps grants in SQLite, for the processes of one machine,
// and in PostgreSQL, for any number of machines.
//
//	keys, err := tokenstore.ParseKeys(os.Getenv("TOKEN_KEY"))
//	store, err := sqlstore.Open(ctx, "postgres://app@db.internal/tokens", keys)
//
// Everything secret is encrypted before it reaches the database; app keys, open ids
// and versions are not. Opening a store creates its tables or brings them up to
// date.
package sqlstore
