// Package sync keeps the data of shops in a database: orders, packages, returns,
// products, stock, statements. The copy is exact, and can be compared with the
// source at any time.
//
// # How it works
//
// What there is to copy is data: [Streams] lists the streams, each with an operation
// of the catalogue, the tables that its answers become, and its class.
//
//   - Class [Updates] has a filter by update_time. Its live cursor moves by windows
//     that fit on one page of an answer: such a window has no second page that
//     changes below the reader. Older rows come by create_time, newest first.
//   - Class [Creations] has a filter by the time of creation only. What can still
//     change is read again, the older the more rarely.
//   - Class [Scans] has no filter by time and is read as a whole. A row is marked as
//     deleted once two complete scans in a row did not have it.
//   - Class [Details] has a request for each parent, made when the parent changed.
//   - Class [Days] has figures of days, in the shop's own zone, and a request for each
//     day up to the latest that the platform has. The last days are read again, since
//     their figures may still change.
//
// A window ends [Config.Settle] before the platform's present, which the header Date
// of its answers tells, since rows may become visible late. Each turn begins one interval
// before the cursor, every ten minutes ten minutes before it. What becomes visible
// later than that, no cursor can find: [Engine.Verify] does.
//
// A webhook is a hint: it marks an id, which is then fetched. Payloads never become
// rows.
//
// # Rows
//
// A row replaces another where (update_time, sequence) is greater. The sequence is
// taken before the request is sent and has the epoch of the worker in its upper half,
// so that the clocks of machines decide nothing. Rows, their children, and the
// cursor that they moved are one transaction, which fails if the epoch is no longer
// the worker's own.
//
// A row keeps the JSON that it was made of, byte for byte, in _raw. Amounts are
// decimals and never pass through a float. A value that does not fit its column is
// NULL, and an issue is recorded.
//
// People's names, addresses, phone numbers and mail addresses are replaced by keyed
// hashes, in the columns and in _raw, unless [Config.People] says otherwise.
//
// # Destinations
//
// A [Destination] stores rows and state. Packages sqlite and postgres have one each;
// package synctest has the tests that another one has to pass.
package sync
