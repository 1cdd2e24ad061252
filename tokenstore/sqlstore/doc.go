// Package sqlstore keeps grants in a database: package sqlstore/sqlite in SQLite, for
// the processes of one machine, and package sqlstore/postgres in PostgreSQL, for any
// number of machines.
//
//	keys, err := tokenstore.ParseKeys(os.Getenv("TOKEN_KEY"))
//	store, err := postgres.Open(ctx, "postgres://app@db.internal/tokens", keys)
//
// A program links the driver of the database that it opens, and no other one. Where
// its users choose, package sqlstore/byurl opens either by a URL.
//
// Everything secret is encrypted before it reaches the database; app keys, open ids
// and versions are not. Opening a store creates its tables or brings them up to
// date.
package sqlstore
