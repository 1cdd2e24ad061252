// Package pgaudit keeps the audit of gateways in PostgreSQL, one for all gateways
// over a database:
//
//	audit, err := pgaudit.Open(ctx, "postgres://app@db.internal/tokens", pgaudit.Config{})
//	gate, err := gateway.New(gateway.Config{Audit: audit, …})
//
// A call is one row, which is written before the call is sent and completed after
// it. Its id is the primary key, so no call is there twice. The records of calls
// that are under way at one time are written together, in one transaction.
//
// While the database is gone, a call that is about to be sent cannot be recorded,
// and the gateway refuses it if it writes. The end of a call that was recorded
// before waits in memory for the database to come back. A gateway that is killed
// between the platform's answer and the record of it leaves the call as one that is
// being sent: platform and audit share no transaction, so nothing closes this window.
package pgaudit
