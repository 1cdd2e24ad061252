// Package pgpace keeps one pace for many machines: a [ttshop.Limiter] over a
// PostgreSQL database.
//
//	limiter, err := pgpace.Open(ctx, "postgres://app@db.internal/tokens", pgpace.Config{})
//	defer limiter.Close()
//	client := ttshop.New(key, secret, ttshop.WithLimiter(limiter), …)
//
// For each app, shop and operation the database has one row: the time of the next
// free slot, and the rate. A process takes a block of slots at once, for the calls
// that wait for their turn but for no more than a tenth of a second, and sends each
// call at the time of its slot, those of higher priority first. So the processes
// together keep the rate, whoever they are and however uneven their demand is, and
// nobody has to know how many there are. What a process that dies had taken is a
// tenth of a second. Only differences of the database's clock are used.
//
// When the platform says that calls come too fast, the rate of the row is halved
// once for all calls in flight, whichever process heard it; the others see it with
// their next block. It then grows back with use.
//
// # Without the database
//
// A database that cannot be reached for a second makes calls slower, and never
// opens or blocks the way: each process then paces itself at the rate that it saw
// last, divided by the number of processes that it saw last. When the database is
// back, it keeps to the smaller of both paces for some seconds, since others may
// come back later. What this cannot see is a process that alone loses the
// database while the others keep it: it sends its share on top of theirs.
//
// The tables are unlogged, so that a slot costs no write to the disk: after a crash
// of the server they are empty and rates start again.
package pgpace
