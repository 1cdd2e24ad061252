package sync

import (
	"context"
	"errors"
	"iter"
	"time"
)

// Errors of destinations.
var (
	// ErrFenced means that another worker has taken the shop over. Nothing was written.
	ErrFenced = errors.New("another worker has taken the shop over")
	// ErrHeld means that another worker holds the shop.
	ErrHeld = errors.New("another worker holds the shop")
	// ErrNewer means that a newer version has made the database.
	ErrNewer = errors.New("a newer version has made the database")
	// ErrForeign means that the database has tables of the same names that are not ours.
	ErrForeign = errors.New("the tables are not those of a copy")
	// ErrFull means that there is no room left. Nothing was written.
	ErrFull = errors.New("there is no room left")
)

// A Destination stores rows and state. Its methods are safe for concurrent use.
type Destination interface {
	// Prepare makes the tables of a schema, or adds what they lack. New columns are
	// filled from _raw with fill. It fails with [ErrNewer] or [ErrForeign] where the
	// database is not ours to change.
	Prepare(ctx context.Context, schema *Schema, fill Filler) error

	// Acquire takes a shop over for a time and returns its new epoch, greater than all
	// before. It fails with [ErrHeld] while another owner's time is not over.
	Acquire(ctx context.Context, shop Shop, owner string, lease time.Duration) (epoch int64, err error)
	// Renew lets the time of an epoch begin once more. It fails with [ErrFenced] where
	// another epoch has begun.
	Renew(ctx context.Context, shop string, epoch int64, lease time.Duration) error
	// Release ends the time of an epoch. It is not an error if that is over.
	Release(ctx context.Context, shop string, epoch int64) error

	// State returns the state of each stream of a shop, and what it has used.
	State(ctx context.Context, shop string) (ShopState, error)
	// Todo returns ids that wait for a stream, the oldest first.
	Todo(ctx context.Context, shop, stream string, limit int) ([]Todo, error)
	// Mark notes ids that wait. It needs no epoch: whoever hears of a change may note it.
	Mark(ctx context.Context, shop string, todo []Todo) error
	// Keys returns the different values of a column of texts, in order and without NULL:
	// of the rows of a table that are not deleted and whose time is in [from, to), or of
	// all that are not deleted where time is empty.
	Keys(ctx context.Context, shop string, table *Table, column, time string, from, to time.Time) ([]string, error)
	// Rows returns key, hash and version of the rows of a table whose time column is in
	// [from, to), in order of the key; all of them where column is empty.
	Rows(ctx context.Context, shop string, table *Table, column string, from, to time.Time) iter.Seq2[Known, error]

	// Commit carries out a batch in one transaction, or nothing of it. It fails with
	// [ErrFenced] unless the batch's epoch is the shop's.
	Commit(ctx context.Context, batch *Batch) (Tally, error)

	Close() error
}

// A Filler returns the row that its JSON makes, with its children, of a table without a
// parent. First is the value of the first column of the row's key.
type Filler func(table *Table, first string, raw []byte) (Row, bool)

// A Shop is a shop that is copied, or a creator or partner who has none.
type Shop struct {
	ID     string // of a creator the open id
	Name   string
	Region string
	Kind   Kind
}

// A Todo is an id that a stream has to ask about.
type Todo struct {
	Stream string
	ID     string
	Reason string // hint, changed, verify
	Mark   int64  // grows when the id is put there again; only what was read is taken away
}

// A Known is what a destination knows of a row.
type Known struct {
	ID      string   // as of [Row.ID]
	Key     []string // its parts, after shop_id
	Hash    string
	Version int64
	Deleted bool
}

// ShopState is what a destination keeps about a shop beside its rows.
type ShopState struct {
	Streams map[string]State
	Day     string // of UTC, of which Used tells
	Used    int    // requests on that day
}

// A Batch is what one answer changes.
type Batch struct {
	Shop   string
	Epoch  int64
	Stream string
	Table  *Table // of Rows

	Rows       []Row
	Generation int64      // for rows of a scan; 0: they keep theirs
	Before     int64      // rows of an older generation than that are deleted; 0: none
	Parent     string     // value of the first key column that Before is limited to; empty: all
	Gone       [][]string // keys, after shop_id, of rows that are deleted
	Force      bool       // rows replace others of a later version, see [Engine.Verify]
	FollowUp   string     // stream that is to ask about each row that is new or has changed
	FollowBy   string     // column that it asks by; empty: the key

	State  *State // nil: it stays
	Todo   []Todo
	Done   []Todo
	Issues []Issue

	Day      string // of UTC
	Requests int    // made for this batch
	At       time.Time
}

// A Tally says what became of the rows of a batch.
type Tally struct {
	Inserted  int `json:"inserted"`
	Changed   int `json:"changed"`
	Unchanged int `json:"unchanged"`
	Stale     int `json:"stale"` // an older version than the one that is there
	Deleted   int `json:"deleted"`
}

// Add adds the counts of another tally.
func (t *Tally) Add(other Tally) {
	t.Inserted += other.Inserted
	t.Changed += other.Changed
	t.Unchanged += other.Unchanged
	t.Stale += other.Stale
	t.Deleted += other.Deleted
}

// Stored is the number of rows that are accounted for.
func (t Tally) Stored() int { return t.Inserted + t.Changed + t.Unchanged + t.Stale }

// Follow returns the id that the stream of [Batch.FollowUp] is to ask about since a row
// is new or has changed, and false if it need not ask.
func (b *Batch) Follow(row *Row) (string, bool) {
	if b.FollowUp == "" {
		return "", false
	}
	if b.FollowBy == "" {
		return row.ID(b.Table), true
	}
	id, ok := row.Values[b.Table.Column(b.FollowBy)].(string)
	return id, ok && id != ""
}
